-- Documents that are bound together with others in one file: `first_page` and `page_count` are then its own pages, and not
-- those that the file happens to have.
ALTER TABLE documents ADD COLUMN is_part INTEGER NOT NULL DEFAULT 0;
