-- Room for what is kept sealed: see `sealed.rs`. The program fills it batch by batch from the tables in clear, which
-- migration 158 then drops.

-- Title, name and number of the applicant.
ALTER TABLE cases ADD COLUMN sealed BLOB;

-- All facts of one source in one piece.
CREATE TABLE case_facts (
    facts_key   INTEGER PRIMARY KEY,
    case_key    INTEGER NOT NULL REFERENCES cases (case_key),
    source      TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    UNIQUE (case_key, source)
) STRICT;

-- Sealed are title, source name and failure.
CREATE TABLE sealed_documents (
    document_key INTEGER PRIMARY KEY,
    case_key     INTEGER NOT NULL REFERENCES cases (case_key),
    ordinal      INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    occurrence   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    file_sha256  TEXT REFERENCES files (sha256),
    content_id   TEXT,
    first_page   INTEGER NOT NULL,
    page_count   INTEGER NOT NULL,
    is_part      INTEGER NOT NULL,
    sealed       BLOB NOT NULL,
    UNIQUE (case_key, ordinal)
) STRICT;

-- Sealed are source name and title.
CREATE TABLE sealed_versions (
    version_key   INTEGER PRIMARY KEY,
    case_key      INTEGER NOT NULL REFERENCES cases (case_key),
    occurrence    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    file_sha256   TEXT REFERENCES files (sha256),
    content_id    TEXT,
    first_page    INTEGER NOT NULL,
    page_count    INTEGER NOT NULL,
    superseded_by TEXT,
    superseded_at TEXT NOT NULL,
    sealed        BLOB NOT NULL
) STRICT;

CREATE INDEX sealed_versions_by_case ON sealed_versions (case_key);

-- Sealed are source name, what the machine had read, the value before, the value, and the reason.
CREATE TABLE sealed_corrections (
    correction_key INTEGER PRIMARY KEY,
    case_key       INTEGER NOT NULL REFERENCES cases (case_key),
    number         INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    field          TEXT,
    occurrence     INTEGER,
    content_id     TEXT,
    page           INTEGER,
    line           INTEGER,
    area           TEXT,
    page_width     INTEGER,
    page_height    INTEGER,
    follows        INTEGER,
    subject        TEXT,
    review         TEXT,
    author         TEXT NOT NULL,
    made_at        TEXT NOT NULL,
    sealed         BLOB NOT NULL,
    UNIQUE (case_key, number)
) STRICT;

-- Sealed is the reason.
CREATE TABLE sealed_undos (
    undo_key  INTEGER PRIMARY KEY,
    case_key  INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    author    TEXT NOT NULL,
    undone_at TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    UNIQUE (case_key, number),
    FOREIGN KEY (case_key, number) REFERENCES sealed_corrections (case_key, number)
) STRICT;

-- Sealed are the source, which a keyed hash stands for where jobs are looked up, and why it failed.
CREATE TABLE sealed_jobs (
    job_key       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    source        BLOB NOT NULL,
    content       TEXT,
    state         TEXT NOT NULL,
    reason_code   TEXT,
    reason        BLOB,
    attempts      INTEGER NOT NULL DEFAULT 0,
    enqueued_at   TEXT NOT NULL,
    started_at    TEXT,
    finished_at   TEXT,
    UNIQUE (kind, source_id)
) STRICT;

-- What is moved is deleted where it was.
DROP TRIGGER corrections_stay;
DROP TRIGGER correction_undos_stay;
