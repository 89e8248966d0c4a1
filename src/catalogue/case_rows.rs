//! Going through all cases, a small row of each: for what is compared across a whole archive.

use std::collections::HashMap;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::database::{Catalogue, from_db, from_db_u32, to_db};
use super::error::{Fault, Result, Tried};
use super::traces::CaseTrace;
use crate::record::{
    ApplicantKind, ArchivalCode, CaseFields, CivilDate, DocumentKind, Outcome, RegionCode, Retention, SecurityClass,
};

/// A case without what is sealed of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// Key inside this archive; never shown.
    pub case_key: u64,
    /// Identifier shown in addresses.
    pub case_id: String,
    /// 档号
    pub archival_code: ArchivalCode,
    /// Whether the case is withdrawn from all answers.
    pub withdrawn: bool,
    /// Its fields, without title, name and number of the applicant.
    pub fields: CaseFields,
    /// What stands for the applicant, and what is doubtful.
    pub trace: CaseTrace,
    /// The kinds of its documents, in their order.
    pub documents: Vec<DocumentKind>,
}

/// Pages of one content that a case shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedContent {
    /// SHA-256 of the file, or of the text where it was imported without one.
    pub content_id: String,
    /// The case.
    pub case_key: u64,
    /// Position of the document in the case.
    pub document: u32,
    /// 文种
    pub kind: DocumentKind,
    /// Number of its first page in the file.
    pub first_page: u32,
    /// Number of its pages.
    pub page_count: u32,
    /// Whether there is a file.
    pub is_file: bool,
}

impl Catalogue {
    /// The rows of at most `limit` cases whose keys come after `after`, in their order, withdrawn ones among them.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn case_rows(&self, after: u64, limit: u32) -> Result<Vec<CaseRow>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT case_key, archival_code, withdrawn, agency, region, matter, document_number, outcome, retention, \
                 security_class, applied_on, accepted_on, decided_on, served_on, valid_from, valid_until, applicant_kind, \
                 trace, public_id FROM cases WHERE case_key > $1 ORDER BY case_key LIMIT $2",
            )
            .bind(to_db(after))
            .bind(i64::from(limit))
            .fetch_all(&mut *transaction)
            .await?;
            let mut cases = rows.iter().map(row).collect::<Tried<Vec<CaseRow>>>()?;
            let Some(last) = cases.last().map(|case| case.case_key) else {
                return Ok(cases);
            };
            let documents = sqlx::query(
                "SELECT case_key, kind FROM documents WHERE case_key > $1 AND case_key <= $2 ORDER BY case_key, ordinal",
            )
            .bind(to_db(after))
            .bind(to_db(last))
            .fetch_all(&mut *transaction)
            .await?;
            let mut at = 0;
            for document in &documents {
                let key = from_db(document.try_get(0)?, "case key")?;
                while cases.get(at).is_some_and(|case| case.case_key < key) {
                    at += 1;
                }
                if let Some(case) = cases.get_mut(at).filter(|case| case.case_key == key) {
                    case.documents.push(kind(document, 1)?);
                }
            }
            Ok(cases)
        };
        read.await.map_err(self.fault("going through the cases"))
    }

    /// Every document whose content several cases show, in the order of the contents: the same file, or the same text.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn shared_contents(&self) -> Result<Vec<SharedContent>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT d.content_id, d.case_key, d.ordinal, d.kind, d.first_page, d.page_count, \
                 d.file_sha256 IS NOT NULL AS is_file FROM documents d JOIN (SELECT content_id FROM documents \
                 WHERE content_id IS NOT NULL GROUP BY content_id HAVING MIN(case_key) < MAX(case_key)) s \
                 ON s.content_id = d.content_id ORDER BY d.content_id, d.case_key, d.ordinal",
            )
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(SharedContent {
                        content_id: row.try_get(0)?,
                        case_key: from_db(row.try_get(1)?, "case key")?,
                        document: from_db_u32(row.try_get(2)?, "document number")?,
                        kind: kind(row, 3)?,
                        first_page: from_db_u32(row.try_get(4)?, "first page of a document")?,
                        page_count: from_db_u32(row.try_get(5)?, "page count of a document")?,
                        is_file: row.try_get::<i64, _>(6)? != 0,
                    })
                })
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("looking for contents of several cases"))
    }

    /// An identifier for a text, such as a finding: the same for the same text in this archive, telling nothing about it.
    pub fn identifier(&self, of: &str, text: &str) -> String {
        // A line end stands in no archival code, of which identifiers are derived with the same secret.
        self.secrets().ids.derive(&format!("{of}\n{text}"))
    }

    /// The keys of the cases with these public identifiers; those that do not exist are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_of_ids(&self, case_ids: &[String]) -> Result<HashMap<String, u64>> {
        let read = async {
            let mut transaction = self.read().await?;
            let mut keys = HashMap::with_capacity(case_ids.len());
            for some in case_ids.chunks(500) {
                let mut select = sqlx::QueryBuilder::<sqlx::Sqlite>::new(
                    "SELECT public_id, case_key FROM cases WHERE public_id IN (",
                );
                let mut list = select.separated(", ");
                for id in some {
                    list.push_bind(id.clone());
                }
                select.push(")");
                for row in select.build().fetch_all(&mut *transaction).await? {
                    keys.insert(row.try_get(0)?, from_db(row.try_get(1)?, "case key")?);
                }
            }
            Ok(keys)
        };
        read.await.map_err(self.fault("finding cases"))
    }
}

fn kind(row: &SqliteRow, column: usize) -> Tried<DocumentKind> {
    let code: String = row.try_get(column)?;
    DocumentKind::parse(&code).ok_or_else(|| Fault::damaged("kind of a document"))
}

/// Reads the values as they were written, without looking for other spellings of them: there are many.
fn row(row: &SqliteRow) -> Tried<CaseRow> {
    let code: String = row.try_get(1)?;
    let trace: Option<Vec<u8>> = row.try_get(17)?;
    let fields = CaseFields {
        agency: row.try_get(3)?,
        region: parsed(row, 4, "region", RegionCode::parse)?,
        matter: row.try_get(5)?,
        document_number: row.try_get(6)?,
        outcome: parsed(row, 7, "outcome", Outcome::parse)?,
        retention: parsed(row, 8, "retention", Retention::parse)?,
        security_class: parsed(row, 9, "security class", SecurityClass::parse)?,
        applied_on: date(row, 10)?,
        accepted_on: date(row, 11)?,
        decided_on: date(row, 12)?,
        served_on: date(row, 13)?,
        valid_from: date(row, 14)?,
        valid_until: date(row, 15)?,
        applicant_kind: parsed(row, 16, "kind of applicant", ApplicantKind::parse)?,
        ..CaseFields::default()
    };
    Ok(CaseRow {
        case_key: from_db(row.try_get(0)?, "case key")?,
        case_id: row.try_get(18)?,
        archival_code: ArchivalCode::parse(&code).ok_or_else(|| Fault::damaged("archival code"))?,
        withdrawn: row.try_get::<i64, _>(2)? != 0,
        fields,
        trace: trace.as_deref().map(CaseTrace::unpack).transpose()?.unwrap_or_default(),
        documents: Vec::new(),
    })
}

fn parsed<T>(row: &SqliteRow, column: usize, what: &str, read: impl Fn(&str) -> Option<T>) -> Tried<Option<T>> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| read(&text).ok_or_else(|| Fault::damaged(what)))
        .transpose()
}

fn date(row: &SqliteRow, column: usize) -> Tried<Option<CivilDate>> {
    parsed(row, column, "date", |text| {
        let mut parts = text.splitn(3, '-').map(str::parse);
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        CivilDate::new(year.ok()?, month.ok()?, day.ok()?)
    })
}
