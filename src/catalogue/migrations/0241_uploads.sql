-- Uploads: files that people send, until they are cases. What they are called is sealed; a keyed hash stands for it where
-- two names of one upload are compared.
CREATE TABLE uploads (
    upload_key INTEGER PRIMARY KEY,
    upload_id TEXT NOT NULL UNIQUE,
    account_key INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- Goes up with every change that somebody who looks on may want to see.
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    made_at TEXT NOT NULL,
    touched_at TEXT NOT NULL
);
CREATE INDEX uploads_of_account ON uploads (account_key, upload_key);

CREATE TABLE upload_files (
    file_key INTEGER PRIMARY KEY,
    upload_key INTEGER NOT NULL REFERENCES uploads (upload_key),
    number INTEGER NOT NULL,
    name_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT,
    state TEXT NOT NULL,
    reason_code TEXT,
    pages INTEGER,
    pages_failed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (upload_key, number),
    UNIQUE (upload_key, name_id)
);

-- What the check found.
CREATE TABLE upload_reports (
    upload_key INTEGER PRIMARY KEY REFERENCES uploads (upload_key),
    content TEXT NOT NULL,
    sealed BLOB NOT NULL
);

-- The cases that came of it.
CREATE TABLE upload_cases (
    upload_key INTEGER NOT NULL REFERENCES uploads (upload_key),
    archival_code TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (upload_key, archival_code)
);

-- Who takes uploads in, and when they last said so.
CREATE TABLE watchers (
    name TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
);
