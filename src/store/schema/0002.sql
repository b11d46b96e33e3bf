-- People who review.

-- Who may sign in.
CREATE TABLE account (
    name TEXT PRIMARY KEY,
    -- qa, supervisor, compliance, viewer
    role TEXT NOT NULL,
    -- Argon2id in its standard text form
    password TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Who is signed in.
CREATE TABLE session (
    -- SHA-256 of the token in the browser's cookie
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    -- What forms must carry
    csrf TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

-- What lists of findings are sorted and filtered by; day, agent and team are the call's.
ALTER TABLE finding ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN agent_id TEXT;
ALTER TABLE finding ADD COLUMN team TEXT;
-- open, confirmed, rejected; appealed and decided appeals: appealed, upheld, overturned
ALTER TABLE finding ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE finding ADD COLUMN assigned_to TEXT;
-- How many people judged it
ALTER TABLE finding ADD COLUMN reviewers INTEGER NOT NULL DEFAULT 0;
UPDATE finding SET
    day = (SELECT call.day FROM call WHERE call.id = finding.call),
    agent_id = (SELECT call.agent_id FROM call WHERE call.id = finding.call),
    team = (SELECT call.team FROM call WHERE call.id = finding.call);
-- Of what is found now alone, so that nobody takes them for a way to the findings of a call.
CREATE INDEX finding_queue ON finding (state, tier DESC, severity DESC, day DESC, call DESC, finding_id)
    WHERE present = 1;
CREATE INDEX finding_queue_of_category ON finding (category, state, tier DESC, severity DESC, day DESC, call DESC, finding_id)
    WHERE present = 1;
CREATE INDEX finding_queue_of_agent ON finding (agent_id, state, tier DESC, severity DESC, day DESC, call DESC, finding_id)
    WHERE present = 1;
CREATE INDEX finding_queue_of_severity ON finding (severity, state, tier DESC, day DESC, call DESC, finding_id)
    WHERE present = 1;
CREATE INDEX finding_queue_of_reviewer ON finding (assigned_to, state) WHERE present = 1;

-- What a reviewer says of a finding; the last word of each counts, the last of all decides.
CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    finding_id TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    -- confirmed, rejected
    judgement TEXT NOT NULL,
    -- Why it was rejected: not_said, not_meant, wrong_speaker, allowed, other
    reason TEXT,
    comment TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX review_of_finding ON review (call, finding_id);

-- What the agent says against a confirmed finding.
CREATE TABLE appeal (
    id INTEGER PRIMARY KEY,
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    finding_id TEXT NOT NULL,
    -- Who wrote it down
    filed_by TEXT NOT NULL,
    grounds TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    -- upheld: the finding stands; overturned: it does not. NULL until decided.
    decision TEXT,
    decided_by TEXT,
    decided_at TEXT,
    grounds_of_decision TEXT
) STRICT;
CREATE INDEX appeal_of_finding ON appeal (call, finding_id);
CREATE INDEX appeal_open ON appeal (decision, due_at);
CREATE INDEX finding_by_doubt ON finding (state, confidence, call, finding_id) WHERE present = 1;
CREATE INDEX finding_by_day ON finding (day);
CREATE INDEX finding_judged_again ON finding (day) WHERE reviewers > 1;
CREATE INDEX finding_by_run ON finding (first_run);
CREATE INDEX call_of_agent ON call (agent_id, day);

-- Complaints, from the day they come in.
CREATE TABLE complaint (
    id INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    -- debtor, third_party, regulator, platform, lender, other
    source TEXT NOT NULL,
    -- violence, leak, harassment, deception, payment, other
    kind TEXT NOT NULL,
    -- Whom it is about; NULL where that is not known yet.
    debtor_id TEXT,
    agent_id TEXT,
    team TEXT,
    statement TEXT NOT NULL,
    -- When the case has to be opened: 48 hours after a complaint of violence or a leak.
    due_at TEXT NOT NULL,
    -- registered, opened, founded, unfounded
    state TEXT NOT NULL,
    assigned_to TEXT,
    opened_at TEXT,
    closed_at TEXT,
    conclusion TEXT NOT NULL DEFAULT '',
    registered_by TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_by_due ON complaint (state, due_at);
CREATE INDEX complaint_by_time ON complaint (received_at);
CREATE INDEX complaint_of_debtor ON complaint (debtor_id);

-- The calls and findings a complaint is about.
CREATE TABLE complaint_link (
    complaint INTEGER NOT NULL REFERENCES complaint (id) ON DELETE CASCADE,
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    -- '' for the call as a whole
    finding_id TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (complaint, call, finding_id)
) STRICT;
CREATE INDEX complaint_of_call ON complaint_link (call);

-- Calls drawn to be heard though nothing was found in them: how much is missed.
CREATE TABLE draw (
    id INTEGER PRIMARY KEY,
    -- random: every call alike; doubtful: those in which most was taken back
    method TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    -- What the chance began from: the same draw can be made again.
    seed INTEGER NOT NULL,
    -- How many calls could have been drawn.
    eligible INTEGER NOT NULL,
    drawn_by TEXT NOT NULL,
    drawn_at TEXT NOT NULL
) STRICT;
CREATE TABLE sample (
    draw INTEGER NOT NULL REFERENCES draw (id) ON DELETE CASCADE,
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    -- nothing, missed; NULL until somebody listened
    result TEXT,
    -- What was missed; NULL for nothing
    category TEXT,
    comment TEXT NOT NULL DEFAULT '',
    heard_by TEXT,
    heard_at TEXT,
    PRIMARY KEY (draw, call)
) STRICT;
CREATE INDEX sample_of_call ON sample (call);

-- Counts of whole days, so that a year is read in a moment. Levels: 0 all calls, 1 those of a team, 2 those of an agent;
-- what a level does not tell apart is '', and so is what calls do not say.
CREATE TABLE tally_call (
    level INTEGER NOT NULL,
    day TEXT NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    calls INTEGER NOT NULL,
    -- Those that were heard or read, not known by their record alone
    heard INTEGER NOT NULL,
    -- Those with a finding that stands by itself or was confirmed, and that nobody rejected
    flagged INTEGER NOT NULL,
    PRIMARY KEY (level, day, team, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_call_of_agent ON tally_call (agent_id, day);
-- The same by hour of the debtor's day; -1 where it is not known.
CREATE TABLE tally_hour (
    level INTEGER NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    calls INTEGER NOT NULL,
    heard INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    PRIMARY KEY (level, day, hour, team, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_hour_of_agent ON tally_hour (agent_id, day);
CREATE TABLE tally_rule (
    level INTEGER NOT NULL,
    day TEXT NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    category TEXT NOT NULL,
    findings INTEGER NOT NULL,
    -- Those that stand by themselves
    violations INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    -- As people found: those appealed against too
    confirmed INTEGER NOT NULL,
    -- Rejected or overturned
    rejected INTEGER NOT NULL,
    -- Calls in which there is one
    calls INTEGER NOT NULL,
    PRIMARY KEY (level, day, team, agent_id, rule, category)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_rule_of_agent ON tally_rule (agent_id, day);
-- All rules together.
CREATE TABLE tally_finding (
    level INTEGER NOT NULL,
    day TEXT NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    findings INTEGER NOT NULL,
    violations INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (level, day, team, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_finding_of_agent ON tally_finding (agent_id, day);
-- Days whose counts are not true any more.
CREATE TABLE stale_day (
    day TEXT PRIMARY KEY
) STRICT;
INSERT INTO stale_day (day) SELECT DISTINCT day FROM call;

-- What is to be told to others, until it has been.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    -- What it is about: nothing is told twice
    subject TEXT NOT NULL UNIQUE,
    -- JSON, without personal data
    content TEXT NOT NULL,
    made_at TEXT NOT NULL,
    sent_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    cause TEXT
) STRICT;
CREATE INDEX notice_unsent ON notice (sent_at, id);
