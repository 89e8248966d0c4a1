-- The catalogue, first form. Text keys are codes of `record`; times are RFC 3339 in UTC; booleans are 0 and 1.

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- One row for each original, by the SHA-256 of its bytes.
CREATE TABLE files (
    sha256         TEXT NOT NULL PRIMARY KEY,
    bytes          INTEGER NOT NULL,
    media_type     TEXT NOT NULL,
    pages          INTEGER,
    state          TEXT NOT NULL,
    failure_code   TEXT,
    failure_detail TEXT,
    registered_at  TEXT NOT NULL,
    finished_at    TEXT
) STRICT;

-- `content_id` is the SHA-256 of the file, or of the text itself where text was imported without a file:
-- so there is no foreign key to `files`.
CREATE TABLE pages (
    content_id     TEXT NOT NULL,
    number         INTEGER NOT NULL,
    width          INTEGER NOT NULL,
    height         INTEGER NOT NULL,
    dpi            INTEGER,
    rotation       INTEGER NOT NULL,
    skew           REAL NOT NULL,
    confidence     REAL,
    source         TEXT NOT NULL,
    engine         TEXT NOT NULL,
    text           BLOB NOT NULL,
    text_hash      TEXT NOT NULL,
    failure_code   TEXT,
    failure_detail TEXT,
    saved_at       TEXT NOT NULL,
    PRIMARY KEY (content_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    case_key            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id           TEXT NOT NULL UNIQUE,
    archival_code       TEXT NOT NULL UNIQUE,
    sequence            INTEGER NOT NULL UNIQUE,
    withdrawn           INTEGER NOT NULL DEFAULT 0,
    fingerprint         TEXT NOT NULL,
    title               TEXT,
    agency              TEXT,
    region              TEXT,
    matter              TEXT,
    document_number     TEXT,
    acceptance_number   TEXT,
    outcome             TEXT,
    retention           TEXT,
    security_class      TEXT,
    applied_on          TEXT,
    accepted_on         TEXT,
    decided_on          TEXT,
    served_on           TEXT,
    valid_from          TEXT,
    valid_until         TEXT,
    applicant_name      TEXT,
    applicant_kind      TEXT,
    applicant_id_number TEXT,
    created_at          TEXT NOT NULL,
    changed_at          TEXT NOT NULL
) STRICT;

CREATE TABLE facts (
    case_key    INTEGER NOT NULL REFERENCES cases (case_key),
    source      TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    field       TEXT NOT NULL,
    value       TEXT NOT NULL,
    as_read     TEXT,
    origin      TEXT NOT NULL,
    file_sha256 TEXT,
    page        INTEGER,
    area        TEXT,
    confidence  REAL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (case_key, source, ordinal)
) STRICT, WITHOUT ROWID;

-- `occurrence` counts the documents of the case that come from the same source name, from 1.
CREATE TABLE documents (
    case_key    INTEGER NOT NULL REFERENCES cases (case_key),
    ordinal     INTEGER NOT NULL,
    title       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    source_name TEXT NOT NULL,
    occurrence  INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    file_sha256 TEXT REFERENCES files (sha256),
    content_id  TEXT,
    first_page  INTEGER NOT NULL,
    page_count  INTEGER NOT NULL,
    failure     TEXT,
    PRIMARY KEY (case_key, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX documents_by_content ON documents (content_id);

-- What a document was before its bytes changed, or before it left the case (`superseded_by` is then NULL).
CREATE TABLE document_versions (
    case_key      INTEGER NOT NULL REFERENCES cases (case_key),
    source_name   TEXT NOT NULL,
    occurrence    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    title         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    file_sha256   TEXT REFERENCES files (sha256),
    content_id    TEXT,
    first_page    INTEGER NOT NULL,
    page_count    INTEGER NOT NULL,
    superseded_by TEXT,
    superseded_at TEXT NOT NULL,
    PRIMARY KEY (case_key, source_name, occurrence, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    job_key       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL,
    source        TEXT NOT NULL,
    content       TEXT,
    state         TEXT NOT NULL,
    reason_code   TEXT,
    reason_detail TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    enqueued_at   TEXT NOT NULL,
    started_at    TEXT,
    finished_at   TEXT,
    UNIQUE (kind, source)
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state, job_key);

INSERT INTO counters (name, value) VALUES ('sequence', 0);
