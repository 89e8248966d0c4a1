-- What people corrected: a layer of its own over everything that is read or imported. Rows are only ever added.

-- `number` counts the corrections of a case, from 1. `kind` is `field`, `line` or `checked`; of the columns below it
-- those that belong to the kind are filled. `value` is what the person said; `old_value` what stood there then.
-- A line is known by the content and page it stands on, its box there, and what the machine had read (`as_read`);
-- `follows` is the earlier correction of the same line, if there is one.
CREATE TABLE corrections (
    case_key    INTEGER NOT NULL REFERENCES cases (case_key),
    number      INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    field       TEXT,
    source_name TEXT,
    occurrence  INTEGER,
    content_id  TEXT,
    page        INTEGER,
    line        INTEGER,
    area        TEXT,
    page_width  INTEGER,
    page_height INTEGER,
    as_read     TEXT,
    follows     INTEGER,
    subject     TEXT,
    review      TEXT,
    old_value   TEXT,
    value       TEXT,
    reason      TEXT,
    author      TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    PRIMARY KEY (case_key, number)
) STRICT, WITHOUT ROWID;

-- One row for each correction that was undone.
CREATE TABLE correction_undos (
    case_key  INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    reason    TEXT,
    author    TEXT NOT NULL,
    undone_at TEXT NOT NULL,
    PRIMARY KEY (case_key, number),
    FOREIGN KEY (case_key, number) REFERENCES corrections (case_key, number)
) STRICT, WITHOUT ROWID;

INSERT INTO corrections (case_key, number, kind, field, value, author, made_at)
    SELECT case_key, ordinal + 1, 'field', field, value, origin, recorded_at FROM facts WHERE source = 'correction';
DELETE FROM facts WHERE source = 'correction';

CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never deleted'); END;
CREATE TRIGGER corrections_stand BEFORE UPDATE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;
CREATE TRIGGER correction_undos_stay BEFORE DELETE ON correction_undos
    BEGIN SELECT RAISE(ABORT, 'an undo is never deleted'); END;
CREATE TRIGGER correction_undos_stand BEFORE UPDATE ON correction_undos
    BEGIN SELECT RAISE(ABORT, 'an undo is never changed'); END;

-- What needs eyes, computed anew each time a case changes. `subject` tells the same doubt again; `evidence` is JSON.
CREATE TABLE reviews (
    case_key    INTEGER NOT NULL REFERENCES cases (case_key),
    subject     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    field       TEXT,
    probability REAL NOT NULL,
    score       REAL NOT NULL,
    evidence    TEXT NOT NULL,
    year        INTEGER,
    agency      TEXT,
    withdrawn   INTEGER NOT NULL,
    PRIMARY KEY (case_key, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX reviews_by_score ON reviews (withdrawn, score DESC, case_key, subject);
