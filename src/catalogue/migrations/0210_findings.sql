-- What findings compare from case to case, packed (`traces.rs`): hashes and signs, nothing in clear. The program fills it in.
ALTER TABLE cases ADD COLUMN trace BLOB;

-- Findings that somebody dismissed, and that somebody took back. Rows are only ever added. `state` is a hash of what the
-- finding said then: when it says more, it is open again. Sealed is the reason.
CREATE TABLE finding_decisions (
    decision_key INTEGER PRIMARY KEY,
    finding_id   TEXT NOT NULL,
    number       INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    dismissed    INTEGER NOT NULL,
    state        TEXT NOT NULL,
    author       TEXT NOT NULL,
    made_at      TEXT NOT NULL,
    sealed       BLOB NOT NULL,
    UNIQUE (finding_id, number)
) STRICT;

CREATE TRIGGER finding_decisions_stay BEFORE DELETE ON finding_decisions
    BEGIN SELECT RAISE(ABORT, 'a decision on a finding is never deleted'); END;
CREATE TRIGGER finding_decisions_stand BEFORE UPDATE OF finding_id, number, rule, dismissed, state, author, made_at
    ON finding_decisions
    BEGIN SELECT RAISE(ABORT, 'a decision on a finding is never changed'); END;
