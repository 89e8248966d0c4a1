-- What keeps an archive: which archive it is, checks of the four properties, files decoded again, runs of the schedule.
-- Nothing of people stands here: findings name cases by their keys, files by their hashes.

-- Tells archives apart, so that backups of two are never mixed.
INSERT INTO meta (name, value) VALUES ('archive_id', lower(hex(randomblob(16))));

-- One row for each check of the whole archive (四性检测). `phase` and `after` say how far it has come, `tallies` is JSON.
CREATE TABLE verifications (
    verification_key INTEGER PRIMARY KEY AUTOINCREMENT,
    depth            TEXT NOT NULL,
    phase            TEXT NOT NULL,
    after            TEXT NOT NULL,
    tallies          TEXT NOT NULL,
    started_at       TEXT NOT NULL,
    ended_at         TEXT
) STRICT;

CREATE TABLE verification_findings (
    finding_key      INTEGER PRIMARY KEY AUTOINCREMENT,
    verification_key INTEGER NOT NULL REFERENCES verifications (verification_key),
    item             TEXT NOT NULL,
    code             TEXT NOT NULL,
    case_key         INTEGER,
    place            TEXT,
    detail           TEXT
) STRICT;

CREATE INDEX verification_findings_by_item ON verification_findings (verification_key, item, finding_key);

-- The last time that an original was decoded page by page, without reading it anew. `page` is the one that failed.
CREATE TABLE decodings (
    sha256       TEXT NOT NULL PRIMARY KEY,
    program      TEXT NOT NULL,
    checked_at   TEXT NOT NULL,
    pages        INTEGER,
    page         INTEGER,
    failure_code TEXT
) STRICT;

-- Runs of the schedule and of the commands that it runs. Times are seconds since 1970.
CREATE TABLE maintenance_runs (
    run_key    INTEGER PRIMARY KEY AUTOINCREMENT,
    task       TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    result     TEXT,
    detail     TEXT
) STRICT;

CREATE INDEX maintenance_runs_by_task ON maintenance_runs (task, run_key);
