//! The whole content as text, to compare two archives.

use std::fmt::Write as _;

use sqlx::{Column, Row, TypeInfo, ValueRef};

use super::database::{Catalogue, Connection};
use super::error::{Result, Tried};

/// What is compared, each line by its natural key. Left out is what differs between two archives that hold the same:
/// keys, sequences, public identifiers, times, attempts, and the wording of failures.
const TABLES: &[(&str, &str)] = &[
    (
        "case",
        "SELECT archival_code, withdrawn, title, agency, region, matter, document_number, acceptance_number, outcome, \
         retention, security_class, applied_on, accepted_on, decided_on, served_on, valid_from, valid_until, \
         applicant_name, applicant_kind, applicant_id_number FROM cases ORDER BY archival_code",
    ),
    (
        "fact",
        "SELECT c.archival_code, f.source, f.ordinal, f.field, f.value, f.as_read, f.origin, f.file_sha256, f.page, \
         f.area, f.confidence FROM facts f JOIN cases c ON c.case_key = f.case_key \
         ORDER BY c.archival_code, f.source, f.ordinal",
    ),
    (
        "document",
        "SELECT c.archival_code, d.ordinal, d.title, d.kind, d.source_name, d.occurrence, d.version, d.file_sha256, \
         d.content_id, d.first_page, d.page_count, d.failure FROM documents d JOIN cases c ON c.case_key = d.case_key \
         ORDER BY c.archival_code, d.ordinal",
    ),
    (
        "earlier version",
        "SELECT c.archival_code, v.source_name, v.occurrence, v.version, v.title, v.kind, v.content_id, \
         v.superseded_by FROM document_versions v JOIN cases c ON c.case_key = v.case_key \
         ORDER BY c.archival_code, v.source_name, v.occurrence, v.version",
    ),
    (
        "file",
        "SELECT sha256, bytes, media_type, pages, state, failure_code FROM files ORDER BY sha256",
    ),
    (
        "page",
        "SELECT content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, text_hash, \
         failure_code FROM pages ORDER BY content_id, number",
    ),
    (
        "correction",
        "SELECT c.archival_code, k.number, k.kind, k.field, k.content_id, k.page, k.line, k.area, k.as_read, k.review, \
         k.old_value, k.value, k.reason, k.author, u.author AS undone_by FROM corrections k \
         JOIN cases c ON c.case_key = k.case_key \
         LEFT JOIN correction_undos u ON u.case_key = k.case_key AND u.number = k.number \
         ORDER BY c.archival_code, k.number",
    ),
    (
        "review",
        "SELECT c.archival_code, r.reason, r.field, r.probability, r.score, r.evidence, r.year, r.agency FROM reviews r \
         JOIN cases c ON c.case_key = r.case_key ORDER BY c.archival_code, r.reason, r.field, r.evidence, r.score",
    ),
    (
        "job",
        "SELECT kind, source, content, state, reason_code FROM jobs ORDER BY kind, source",
    ),
];

impl Catalogue {
    /// All content, one line for each thing, in an order that depends on the content alone. Two archives that hold the
    /// same give the same text, however they came to hold it. It holds personal data and is for tests and for
    /// comparing a restored archive, not for logs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dump(&self) -> Result<String> {
        let dumped = async {
            let mut transaction = self.read().await?;
            let mut text = String::new();
            for (name, select) in TABLES {
                write_rows(&mut transaction, &mut text, name, select).await?;
            }
            Ok(text)
        };
        dumped.await.map_err(self.fault("dumping"))
    }
}

async fn write_rows(connection: &mut Connection, text: &mut String, name: &str, select: &'static str) -> Tried<()> {
    for row in sqlx::query(select).fetch_all(connection).await? {
        text.push_str(name);
        for (index, column) in row.columns().iter().enumerate() {
            let raw = row.try_get_raw(index)?;
            if raw.is_null() {
                continue;
            }
            let value = match raw.type_info().name() {
                "INTEGER" => row.try_get::<i64, _>(index)?.to_string(),
                "REAL" => row.try_get::<f64, _>(index)?.to_string(),
                _ => format!("{:?}", row.try_get::<String, _>(index)?),
            };
            // Writing to a string cannot fail.
            let _ = write!(text, " {}={value}", column.name());
        }
        text.push('\n');
    }
    Ok(())
}
