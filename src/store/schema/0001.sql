-- Times are RFC 3339 in UTC, days YYYY-MM-DD on the debtor's calendar.

-- One call: what its record says, and what the audit made of it.
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL UNIQUE,
    -- 1 where a call record speaks of the call; the columns of the record follow, NULL where it is silent.
    has_record INTEGER NOT NULL,
    recording TEXT,
    started_at TEXT,
    duration_s REAL,
    agent_id TEXT,
    team TEXT,
    debtor_id TEXT,
    contact TEXT,
    number TEXT,
    direction TEXT,
    answered INTEGER,
    timezone TEXT,
    consent_window TEXT,
    lender TEXT,
    product TEXT,
    -- What a recording's file name is compared with: last part of `recording` in lower case.
    recording_name TEXT,
    -- Start on the debtor's clock; '' where the record gives none.
    day TEXT NOT NULL DEFAULT '',
    hour INTEGER,
    -- SHA-256 of what was heard or read; NULL for a call known by its record alone.
    content TEXT,
    -- NULL until the call is audited or its record is judged.
    verdict TEXT,
    score INTEGER,
    -- What record and policies came to when they were judged last, as a digest; NULL where they were not.
    judged TEXT,
    -- 1 where a third person asked not to be called again.
    refused INTEGER NOT NULL DEFAULT 0,
    audited_at TEXT,
    -- The run that wrote the call last.
    run INTEGER
) STRICT;
CREATE INDEX call_by_debtor ON call (debtor_id);
CREATE INDEX call_by_recording ON call (recording_name);
CREATE INDEX call_by_day ON call (day);
CREATE INDEX call_by_content ON call (content);

-- The whole report of a call, compressed: a `callaudit.report/1` line with nothing masked.
CREATE TABLE body (
    call INTEGER PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
    dictionary INTEGER NOT NULL,
    report BLOB NOT NULL,
    -- Loudness over time, compressed: what judging conduct again takes; NULL without a recording.
    sound BLOB
) STRICT;

-- A report that others of the same rules are compressed against.
CREATE TABLE dictionary (
    id INTEGER PRIMARY KEY,
    -- SHA-256 over the rules and policies of the reports.
    rules TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;

-- One finding of a call. The id is made from content: it is the same after another audit.
CREATE TABLE finding (
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    finding_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    category TEXT NOT NULL,
    -- 0 info, 1 minor, 2 major, 3 critical
    severity INTEGER NOT NULL,
    -- 0 asks for a human ear, 1 stands by itself
    tier INTEGER NOT NULL,
    grade TEXT NOT NULL,
    confidence REAL NOT NULL,
    start_s REAL,
    -- What was heard, masked.
    quote TEXT NOT NULL,
    -- 0 where the last audit no longer makes this finding.
    present INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL,
    PRIMARY KEY (call, finding_id)
) STRICT;
CREATE INDEX finding_by_id ON finding (finding_id);

-- A hit that was taken back, and by what.
CREATE TABLE suppressed (
    call INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    finding_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    category TEXT NOT NULL,
    suppressor TEXT NOT NULL,
    PRIMARY KEY (call, finding_id, suppressor)
) STRICT;

-- A file of an inbox as it was last seen: unchanged ones are not read again.
CREATE TABLE file (
    path TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) STRICT;

-- A recording or a transcript, taken in once by content.
CREATE TABLE source (
    -- SHA-256 of the recording, or of the transcript's line
    content TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    -- Line of a file of transcripts, counted from 1; NULL for a recording
    line INTEGER,
    call_id TEXT NOT NULL UNIQUE,
    -- waiting, working, done, failed, quarantined
    state TEXT NOT NULL,
    -- How often the audit was begun without coming to an end.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Why the last attempt failed, and what to do about it.
    cause TEXT,
    hint TEXT,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX source_by_state ON source (state);

-- One run of a command over the store.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    -- batch, reaudit
    kind TEXT NOT NULL,
    started_at TEXT NOT NULL,
    -- NULL while it runs, and for ever where it was killed.
    ended_at TEXT,
    -- Counts and settings, as JSON.
    summary TEXT NOT NULL
) STRICT;

-- What people and runs did, in order; each line's hash covers the line before it, so that none can be changed, taken out
-- or put in without breaking the chain.
CREATE TABLE action (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- JSON
    details TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
