-- Citizens have no account: a code from the counter, a session for the own history, copies that they were given.

-- `subject` is a keyed hash of number and name, `sealed` holds both, `code` what argon2id makes of the code.
CREATE TABLE access_codes (
    code_key      INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT NOT NULL UNIQUE,
    subject       TEXT NOT NULL,
    sealed        BLOB NOT NULL,
    code          TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
    failures      INTEGER NOT NULL DEFAULT 0,
    most_failures INTEGER NOT NULL CHECK (most_failures > 0),
    uses          INTEGER NOT NULL DEFAULT 0,
    most_uses     INTEGER NOT NULL CHECK (most_uses > 0),
    issued_by     TEXT NOT NULL,
    issued_at     TEXT NOT NULL,
    ends_at       INTEGER NOT NULL,
    revoked_at    TEXT,
    CHECK (failures <= most_failures AND uses <= most_uses)
) STRICT;

-- One code is good for somebody at a time.
CREATE UNIQUE INDEX one_code_of_a_subject ON access_codes (subject) WHERE revoked_at IS NULL;

-- A code only wears off: what is used up, over or revoked is never good again.
CREATE TRIGGER access_codes_wear_off BEFORE UPDATE ON access_codes
WHEN NEW.failures < OLD.failures OR NEW.uses < OLD.uses OR NEW.most_failures <> OLD.most_failures
    OR NEW.most_uses <> OLD.most_uses OR NEW.ends_at <> OLD.ends_at OR NEW.code <> OLD.code
    OR NEW.subject <> OLD.subject OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at)
BEGIN SELECT RAISE(ABORT, 'access_codes_wear_off'); END;

-- `code_key` is NULL for who was identified in another way. Sealed are name, number and pseudonym.
CREATE TABLE citizen_sessions (
    secret_hash TEXT NOT NULL PRIMARY KEY,
    code_key    INTEGER REFERENCES access_codes (code_key) ON DELETE CASCADE,
    sealed      BLOB NOT NULL,
    began_at    INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    address     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX citizen_sessions_by_code ON citizen_sessions (code_key);

-- Certified copies, by a hash of their verification code. Nothing here says whose they are; the audit log does.
CREATE TABLE certified_copies (
    code_hash TEXT NOT NULL PRIMARY KEY,
    sha256    TEXT NOT NULL,
    issued_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER certified_copies_stay BEFORE UPDATE ON certified_copies
BEGIN SELECT RAISE(ABORT, 'certified_copies_stay'); END;
CREATE TRIGGER certified_copies_keep BEFORE DELETE ON certified_copies
BEGIN SELECT RAISE(ABORT, 'certified_copies_keep'); END;
