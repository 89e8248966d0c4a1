-- The pages as an ordinary table. In a table without row numbers SQLite keeps whole rows in the nodes of its index, and moves
-- what is above a quarter of a node to a node of its own: the text of nearly every page took 4 kB for one.

CREATE TABLE page_rows (
    page_key       INTEGER PRIMARY KEY,
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
    UNIQUE (content_id, number)
) STRICT;

INSERT INTO page_rows
    (content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, text, text_hash, failure_code,
     failure_detail, saved_at)
    SELECT content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, text, text_hash,
           failure_code, failure_detail, saved_at
    FROM pages ORDER BY content_id, number;
DROP TABLE pages;
ALTER TABLE page_rows RENAME TO pages;
