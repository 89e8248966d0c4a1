-- Accounts, sessions, tokens and the audit log: a file of its own, so that writing the log never waits for an import.
-- Times that are compared are seconds since 1970, others RFC 3339 in UTC; booleans are 0 and 1.

CREATE TABLE accounts (
    account_key INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,
    person      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    password    TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_by  TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT;

-- What accounts were granted. `granted_by` is NULL for the first administrators and for who holds the data directory.
CREATE TABLE grants (
    grant_key   INTEGER PRIMARY KEY AUTOINCREMENT,
    account_key INTEGER NOT NULL REFERENCES accounts (account_key),
    role        TEXT NOT NULL CHECK (role IN ('staff', 'auditor', 'system_admin', 'security_admin', 'log_admin')),
    scope       TEXT,
    granted_by  INTEGER REFERENCES accounts (account_key),
    granted_at  TEXT NOT NULL,
    ended_at    TEXT,
    -- Nobody grants oneself.
    CHECK (granted_by IS NULL OR granted_by <> account_key),
    -- Administrators have no cases, all others have to be told which.
    CHECK ((scope IS NULL) = (role IN ('system_admin', 'security_admin', 'log_admin')))
) STRICT;

-- 三员分立: an account holds one grant, so it cannot hold two roles …
CREATE UNIQUE INDEX one_grant ON grants (account_key) WHERE ended_at IS NULL;

-- … and who was one of the three administrators never becomes another of them, who could cover up what was done before.
CREATE TRIGGER no_second_administrator BEFORE INSERT ON grants
WHEN NEW.role IN ('system_admin', 'security_admin', 'log_admin') AND EXISTS (
    SELECT 1 FROM grants WHERE account_key = NEW.account_key AND role <> NEW.role
    AND role IN ('system_admin', 'security_admin', 'log_admin'))
BEGIN SELECT RAISE(ABORT, 'no_second_administrator'); END;

CREATE TRIGGER last_security_admin_keeps_grant BEFORE UPDATE OF ended_at ON grants
WHEN OLD.role = 'security_admin' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM grants g JOIN accounts a ON a.account_key = g.account_key
    WHERE g.role = 'security_admin' AND g.ended_at IS NULL AND a.state = 'active' AND g.account_key <> OLD.account_key)
BEGIN SELECT RAISE(ABORT, 'last_security_admin'); END;

CREATE TRIGGER last_security_admin_stays_active BEFORE UPDATE OF state ON accounts
WHEN OLD.state = 'active' AND NEW.state <> 'active'
    AND EXISTS (SELECT 1 FROM grants WHERE account_key = OLD.account_key AND role = 'security_admin' AND ended_at IS NULL)
    AND NOT EXISTS (
        SELECT 1 FROM grants g JOIN accounts a ON a.account_key = g.account_key
        WHERE g.role = 'security_admin' AND g.ended_at IS NULL AND a.state = 'active' AND g.account_key <> OLD.account_key)
BEGIN SELECT RAISE(ABORT, 'last_security_admin'); END;

-- Who was granted what stays known: a grant only ends, and accounts are disabled.
CREATE TRIGGER grants_only_end BEFORE UPDATE ON grants
WHEN OLD.ended_at IS NOT NULL OR NEW.account_key <> OLD.account_key OR NEW.role <> OLD.role
    OR NEW.scope IS NOT OLD.scope OR NEW.granted_by IS NOT OLD.granted_by OR NEW.granted_at <> OLD.granted_at
BEGIN SELECT RAISE(ABORT, 'grants_only_end'); END;
CREATE TRIGGER grants_stay BEFORE DELETE ON grants BEGIN SELECT RAISE(ABORT, 'grants_stay'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts_stay'); END;

CREATE TABLE sessions (
    secret_hash TEXT NOT NULL PRIMARY KEY,
    account_key INTEGER NOT NULL REFERENCES accounts (account_key),
    began_at    INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    purpose     TEXT,
    address     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_account ON sessions (account_key);

CREATE TABLE tokens (
    token_key   INTEGER PRIMARY KEY AUTOINCREMENT,
    account_key INTEGER NOT NULL REFERENCES accounts (account_key),
    name        TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    rights      TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    ends_at     INTEGER NOT NULL,
    revoked_at  TEXT
) STRICT;

CREATE UNIQUE INDEX one_token_of_a_name ON tokens (account_key, name) WHERE revoked_at IS NULL;

-- Failed logins, by hash of the name that was typed or by address.
CREATE TABLE attempts (
    subject      TEXT NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL,
    began_at     INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (
    sequence   INTEGER NOT NULL PRIMARY KEY,
    hash_kind  TEXT NOT NULL,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,
    role       TEXT,
    action     TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    case_id    TEXT,
    purpose    TEXT,
    request_id TEXT,
    address    TEXT,
    details    TEXT NOT NULL,
    previous   BLOB NOT NULL,
    hash       BLOB NOT NULL
) STRICT;

CREATE INDEX audit_by_case ON audit_log (case_id, sequence) WHERE case_id IS NOT NULL;
CREATE INDEX audit_by_actor ON audit_log (actor, sequence);

CREATE TRIGGER audit_log_appends BEFORE INSERT ON audit_log
WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'audit_log_appends'); END;
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log_stays'); END;
CREATE TRIGGER audit_log_keeps BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log_keeps'); END;

CREATE TABLE audit_checkpoints (
    checkpoint_key INTEGER PRIMARY KEY AUTOINCREMENT,
    sequence       INTEGER NOT NULL,
    hash           TEXT NOT NULL,
    at             TEXT NOT NULL,
    key            TEXT NOT NULL,
    signature      TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_checkpoints_stay BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints_stay'); END;
CREATE TRIGGER audit_checkpoints_keep BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints_keep'); END;
