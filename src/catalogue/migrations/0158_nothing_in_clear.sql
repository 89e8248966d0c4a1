-- Everything is sealed: the tables and columns in clear go.

ALTER TABLE cases DROP COLUMN title;
ALTER TABLE cases DROP COLUMN applicant_name;
ALTER TABLE cases DROP COLUMN applicant_id_number;
DROP TABLE facts;
DROP TABLE documents;
DROP TABLE document_versions;
DROP TABLE correction_undos;
DROP TABLE corrections;
DROP TABLE jobs;

ALTER TABLE sealed_documents RENAME TO documents;
ALTER TABLE sealed_versions RENAME TO document_versions;
ALTER TABLE sealed_corrections RENAME TO corrections;
ALTER TABLE sealed_undos RENAME TO correction_undos;
ALTER TABLE sealed_jobs RENAME TO jobs;
CREATE INDEX documents_by_content ON documents (content_id);
CREATE INDEX jobs_by_state ON jobs (state, job_key);

-- A change of the key seals anew what stands there; everything else of a correction stands for ever.
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never deleted'); END;
CREATE TRIGGER corrections_stand BEFORE UPDATE OF case_key, number, kind, field, occurrence, content_id, page, line, area,
    page_width, page_height, follows, subject, review, author, made_at ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;
CREATE TRIGGER correction_undos_stay BEFORE DELETE ON correction_undos
    BEGIN SELECT RAISE(ABORT, 'an undo is never deleted'); END;
CREATE TRIGGER correction_undos_stand BEFORE UPDATE OF case_key, number, author, undone_at ON correction_undos
    BEGIN SELECT RAISE(ABORT, 'an undo is never changed'); END;
