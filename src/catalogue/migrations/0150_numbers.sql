-- Cases are found by the full number of a person.
CREATE INDEX facts_by_number ON facts (value) WHERE field IN ('applicant_id_number', 'person_id_number', 'phone');
CREATE INDEX cases_by_applicant_number ON cases (applicant_id_number) WHERE applicant_id_number IS NOT NULL;
