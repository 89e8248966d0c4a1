-- How page images look, in 256 bits (`page_pictures.rs`): scans of one sheet differ in few of them. Pages without a picture to
-- speak of have no row.
CREATE TABLE page_pictures (
    content_id TEXT NOT NULL,
    number     INTEGER NOT NULL,
    bits       BLOB NOT NULL,
    PRIMARY KEY (content_id, number)
) STRICT, WITHOUT ROWID;
