-- Whose case it is, when that is certain: a keyed hash of the number of the applicant (`owners.rs`). The program fills it in.
ALTER TABLE cases ADD COLUMN owner TEXT;
CREATE INDEX cases_by_owner ON cases (owner) WHERE owner IS NOT NULL;
