//! The whole content as text, to compare two archives.

use std::fmt::Write as _;

use sqlx::{Column, Row, TypeInfo, ValueRef};

use super::database::{Catalogue, Connection};
use super::error::{Result, Tried};
use super::sealed::Secrets;

/// What is compared; what is sealed follows the name of its place, which is not shown. Left out is what differs between two archives that hold the same:
/// keys, sequences, public identifiers, times, attempts, and the wording of failures.
const TABLES: &[(&str, &str)] = &[
    (
        "case",
        "SELECT archival_code, withdrawn, agency, region, matter, document_number, acceptance_number, outcome, \
         retention, security_class, applied_on, accepted_on, decided_on, served_on, valid_from, valid_until, \
         applicant_kind, 'case ' || archival_code AS sealed_place, sealed FROM cases",
    ),
    (
        "fact",
        "SELECT c.archival_code, f.source, 'facts ' || f.case_key || ' ' || f.source AS sealed_place, f.sealed \
         FROM case_facts f JOIN cases c ON c.case_key = f.case_key",
    ),
    (
        "document",
        "SELECT c.archival_code, d.ordinal, d.kind, d.occurrence, d.version, d.file_sha256, d.content_id, d.first_page, \
         d.page_count, 'document ' || d.case_key || ' ' || d.ordinal AS sealed_place, d.sealed \
         FROM documents d JOIN cases c ON c.case_key = d.case_key",
    ),
    (
        "earlier version",
        "SELECT c.archival_code, v.occurrence, v.version, v.kind, v.content_id, v.superseded_by, \
         'version ' || v.case_key || ' ' || v.occurrence || ' ' || v.version AS sealed_place, v.sealed \
         FROM document_versions v JOIN cases c ON c.case_key = v.case_key",
    ),
    (
        "file",
        "SELECT sha256, bytes, media_type, pages, state, failure_code FROM files",
    ),
    (
        "page",
        "SELECT content_id, number, width, height, dpi, rotation, skew, confidence, source, engine, text_hash, \
         failure_code FROM pages",
    ),
    (
        "correction",
        "SELECT c.archival_code, k.number, k.kind, k.field, k.content_id, k.page, k.line, k.area, k.review, k.author, \
         'correction ' || k.case_key || ' ' || k.number AS sealed_place, k.sealed, u.author AS undone_by \
         FROM corrections k JOIN cases c ON c.case_key = k.case_key \
         LEFT JOIN correction_undos u ON u.case_key = k.case_key AND u.number = k.number",
    ),
    (
        "review",
        "SELECT c.archival_code, r.reason, r.field, r.probability, r.score, r.evidence, r.year, r.agency FROM reviews r \
         JOIN cases c ON c.case_key = r.case_key",
    ),
    (
        "job",
        "SELECT kind, 'job ' || kind || ' ' || source_id AS source_place, source, content, state, reason_code FROM jobs",
    ),
    (
        "picture",
        "SELECT content_id, number, hex(bits) AS bits FROM page_pictures",
    ),
    // By rule, not by their identifiers, which differ between archives.
    (
        "decision on a finding",
        "SELECT rule, number, dismissed, author, 'finding ' || finding_id || ' ' || number AS sealed_place, sealed \
         FROM finding_decisions",
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
                write_rows(&mut transaction, self.secrets(), &mut text, (name, select)).await?;
            }
            Ok(text)
        };
        dumped.await.map_err(self.fault("dumping"))
    }
}

async fn write_rows(
    connection: &mut Connection,
    secrets: &Secrets,
    text: &mut String,
    (name, select): (&str, &'static str),
) -> Tried<()> {
    let mut lines = Vec::new();
    for row in sqlx::query(select).fetch_all(connection).await? {
        let mut line = name.to_owned();
        let mut place = String::new();
        for (index, column) in row.columns().iter().enumerate() {
            let raw = row.try_get_raw(index)?;
            if raw.is_null() {
                continue;
            }
            if column.name().ends_with("_place") {
                place = row.try_get(index)?;
                continue;
            }
            let value = match raw.type_info().name() {
                "INTEGER" => row.try_get::<i64, _>(index)?.to_string(),
                "REAL" => row.try_get::<f64, _>(index)?.to_string(),
                "BLOB" => secrets.open_at(&place, &row.try_get::<Vec<u8>, _>(index)?)?.to_string(),
                _ => format!("{:?}", row.try_get::<String, _>(index)?),
            };
            // Writing to a string cannot fail.
            let _ = write!(line, " {}={value}", column.name());
        }
        line.push('\n');
        lines.push(line);
    }
    // The order of what is sealed is not that of its rows.
    lines.sort_unstable();
    text.extend(lines);
    Ok(())
}
