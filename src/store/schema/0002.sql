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
UPDATE finding SET
    day = (SELECT call.day FROM call WHERE call.id = finding.call),
    agent_id = (SELECT call.agent_id FROM call WHERE call.id = finding.call),
    team = (SELECT call.team FROM call WHERE call.id = finding.call);
CREATE INDEX finding_queue ON finding (present, state, tier DESC, severity DESC, day DESC, call DESC, finding_id);
CREATE INDEX finding_queue_of_category ON finding (present, category, state, tier DESC, severity DESC, day DESC, call DESC, finding_id);
CREATE INDEX finding_queue_of_agent ON finding (present, agent_id, state, tier DESC, severity DESC, day DESC, call DESC, finding_id);
CREATE INDEX finding_queue_of_reviewer ON finding (assigned_to, present, state);

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
CREATE INDEX review_by_time ON review (at);
CREATE INDEX finding_by_doubt ON finding (present, state, confidence, call, finding_id);
CREATE INDEX finding_by_day ON finding (day);
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

-- Counts of whole days, so that a year is read in a moment. Texts are '' and hours -1 where calls do not say.
CREATE TABLE tally_call (
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    calls INTEGER NOT NULL,
    -- Those that were heard or read, not known by their record alone
    heard INTEGER NOT NULL,
    -- Those with a finding that stands by itself or was confirmed, and that nobody rejected
    flagged INTEGER NOT NULL,
    PRIMARY KEY (day, hour, team, agent_id)
) STRICT;
CREATE TABLE tally_finding (
    day TEXT NOT NULL,
    team TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    category TEXT NOT NULL,
    severity INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    state TEXT NOT NULL,
    findings INTEGER NOT NULL,
    -- Calls in which there is one
    calls INTEGER NOT NULL,
    PRIMARY KEY (day, team, agent_id, rule, category, severity, tier, state)
) STRICT;
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
