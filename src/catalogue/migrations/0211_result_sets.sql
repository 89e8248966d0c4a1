-- Searches whose result was kept, to be compared later. `owner` is who kept it: nobody else is told of it. `last_case` is the
-- highest key of a case then; `tables` a hash of the dictionaries; `rights` a hash of what the owner could see. Sealed are
-- name and parameters of the search, and the list: keys and sequences of the cases.
CREATE TABLE result_sets (
    set_key    INTEGER PRIMARY KEY,
    set_id     TEXT NOT NULL UNIQUE,
    owner      TEXT NOT NULL,
    made_at    TEXT NOT NULL,
    generation TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    last_case  INTEGER NOT NULL,
    tables     TEXT NOT NULL,
    rights     TEXT NOT NULL,
    count      INTEGER NOT NULL,
    hash       TEXT NOT NULL,
    sealed     BLOB NOT NULL
) STRICT;

CREATE INDEX result_sets_by_owner ON result_sets (owner, set_key);

CREATE TABLE result_set_lists (
    set_key INTEGER PRIMARY KEY,
    set_id  TEXT NOT NULL UNIQUE REFERENCES result_sets (set_id),
    sealed  BLOB NOT NULL
) STRICT;
