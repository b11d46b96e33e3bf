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
