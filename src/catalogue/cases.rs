//! Reading cases.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::database::{Catalogue, Connection, from_db, from_db_u32, to_db};
use super::error::{Fault, Result, Tried};
use super::line_edits::{self, LineEdits};
use super::sealed::{Place, Secrets};
use super::{facts, pages, versions};
use crate::record::{
    AppliedEdit, ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, Fact, FieldName, PageRecord,
    PageSpan, PixelBox,
};

/// A case without its facts, documents and pages.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSummary {
    /// Key inside this archive; never shown.
    pub case_key: u64,
    /// Identifier shown in addresses.
    pub case_id: String,
    /// 档号
    pub archival_code: ArchivalCode,
    /// The best value of each field.
    pub fields: CaseFields,
    /// Sequence of the last change.
    pub sequence: u64,
    /// Whether the case is withdrawn from all answers.
    pub withdrawn: bool,
}

/// A document without its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSummary {
    /// Position in the case, from 1.
    pub ordinal: u32,
    /// Title.
    pub title: String,
    /// 文种
    pub kind: DocumentKind,
    /// File name inside the case; empty for imported text.
    pub source_name: String,
    /// Version, from 1; higher after its bytes have changed.
    pub version: u32,
    /// SHA-256 of the file; `None` for imported text.
    pub file_sha256: Option<String>,
    /// SHA-256 of the file or text: key of its pages and page images.
    pub content_id: Option<String>,
    /// Number of its first page in the file.
    pub first_page: u32,
    /// Number of its pages.
    pub page_count: u32,
    /// Whether the file holds other documents besides.
    pub is_part: bool,
    /// Why it could not be read.
    pub failure: Option<String>,
}

impl DocumentSummary {
    /// The document with its pages.
    pub(super) fn into_record(self, pages: Vec<PageRecord>) -> DocumentRecord {
        DocumentRecord {
            ordinal: self.ordinal,
            title: self.title,
            kind: self.kind,
            source_name: self.source_name,
            file_sha256: self.file_sha256,
            part: self.is_part.then_some(PageSpan {
                first_page: self.first_page,
                page_count: self.page_count,
            }),
            failure: self.failure,
            pages,
        }
    }
}

/// An earlier version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentVersion {
    /// File name inside the case.
    pub source_name: String,
    /// Version, from 1.
    pub version: u32,
    /// Title it had.
    pub title: String,
    /// SHA-256 of the file; `None` for imported text.
    pub file_sha256: Option<String>,
    /// SHA-256 of the file or text.
    pub content_id: Option<String>,
    /// Content that took its place; `None` when the document left the case.
    pub superseded_by: Option<String>,
}

/// A case that changed after some sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseChange {
    /// Key of the case.
    pub case_key: u64,
    /// Sequence of its last change.
    pub sequence: u64,
    /// Whether it is withdrawn now.
    pub withdrawn: bool,
    /// Number of its pages: how much memory it takes to look at it.
    pub pages: u64,
}

impl Catalogue {
    /// Sequence of the last change of any case; 0 in an empty archive.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sequence(&self) -> Result<u64> {
        let read = async {
            let mut transaction = self.read().await?;
            let value: i64 = sqlx::query_scalar("SELECT value FROM counters WHERE name = 'sequence'")
                .fetch_one(&mut *transaction)
                .await?;
            from_db(value, "sequence")
        };
        read.await.map_err(self.fault("reading the sequence"))
    }

    /// The cases whose last change came after `sequence`, in the order of their changes, at most `limit`. Asking again
    /// with the sequence of the last one goes on where this left off.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_since(&self, sequence: u64, limit: u32) -> Result<Vec<CaseChange>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT case_key, sequence, withdrawn, (SELECT COALESCE(SUM(d.page_count), 0) FROM documents d \
                 WHERE d.case_key = c.case_key) AS pages FROM cases c WHERE sequence > $1 ORDER BY sequence LIMIT $2",
            )
            .bind(to_db(sequence))
            .bind(i64::from(limit))
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(CaseChange {
                        case_key: from_db(row.try_get("case_key")?, "case key")?,
                        sequence: from_db(row.try_get("sequence")?, "sequence")?,
                        withdrawn: row.try_get::<i64, _>("withdrawn")? != 0,
                        pages: from_db(row.try_get("pages")?, "number of pages")?,
                    })
                })
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing changed cases"))
    }

    /// A case with its facts, documents and all its pages, as it is at one moment; `None` when it does not exist.
    /// Its facts come with the latest correction first, so that the fields resolve from them to what they are; its pages
    /// have their corrected lines. To be read, not to be saved: see [`Self::load_as_read`].
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn load_case(&self, case_key: u64) -> Result<Option<CaseRecord>> {
        let read = async {
            let mut transaction = self.read().await?;
            let loaded = load(&mut transaction, self.secrets(), to_db(case_key)).await?;
            Ok(loaded.map(|loaded| loaded.record))
        };
        read.await.map_err(self.fault("reading a case"))
    }

    /// A case as the machine read it or as it was imported, and the corrected lines apart from it: for whoever changes
    /// the case and saves it. Were pages saved with their corrections, nothing could undo these any more.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn load_as_read(&self, case_key: u64) -> Result<Option<(CaseRecord, LineEdits)>> {
        let read = async {
            let mut transaction = self.read().await?;
            let Some(loaded) = load_raw(&mut transaction, self.secrets(), to_db(case_key)).await? else {
                return Ok(None);
            };
            let edits = line_edits::load(&mut transaction, self.secrets(), to_db(case_key)).await?;
            Ok(Some((loaded.record, edits)))
        };
        read.await.map_err(self.fault("reading a case"))
    }

    /// Where the corrected lines of a case are now, in the order of its pages.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn line_places(&self, case_key: u64) -> Result<Vec<LinePlace>> {
        let read = async {
            let mut transaction = self.read().await?;
            let loaded = load(&mut transaction, self.secrets(), to_db(case_key)).await?;
            Ok(loaded.map(|loaded| loaded.places).unwrap_or_default())
        };
        read.await.map_err(self.fault("looking for corrected lines"))
    }

    /// The case with this public identifier, withdrawn or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_by_id(&self, case_id: &str) -> Result<Option<CaseSummary>> {
        self.case_by("SELECT * FROM cases WHERE public_id = $1", case_id).await
    }

    /// The case with this archival code, withdrawn or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_by_code(&self, code: &ArchivalCode) -> Result<Option<CaseSummary>> {
        self.case_by("SELECT * FROM cases WHERE archival_code = $1", code.as_str())
            .await
    }

    async fn case_by(&self, select: &'static str, value: &str) -> Result<Option<CaseSummary>> {
        let read = async {
            let mut transaction = self.read().await?;
            let row = sqlx::query(select)
                .bind(value)
                .fetch_optional(&mut *transaction)
                .await?;
            row.as_ref()
                .map(|row| summary_from_row(row, self.secrets()))
                .transpose()
        };
        read.await.map_err(self.fault("finding a case"))
    }

    /// The summaries of several cases in the order asked for; those that do not exist are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn summaries(&self, case_keys: &[u64]) -> Result<Vec<CaseSummary>> {
        if case_keys.is_empty() {
            return Ok(Vec::new());
        }
        let read = async {
            let mut select = QueryBuilder::<Sqlite>::new("SELECT * FROM cases WHERE case_key IN (");
            let mut list = select.separated(", ");
            for key in case_keys {
                list.push_bind(to_db(*key));
            }
            select.push(")");
            let rows = select.build().fetch_all(self.readers()).await?;
            rows.iter()
                .map(|row| summary_from_row(row, self.secrets()))
                .collect::<Tried<Vec<_>>>()
        };
        let found = read.await.map_err(self.fault("reading cases"))?;
        let mut by_key: HashMap<u64, CaseSummary> = found.into_iter().map(|case| (case.case_key, case)).collect();
        Ok(case_keys.iter().filter_map(|key| by_key.remove(key)).collect())
    }

    /// The facts of a case, the latest correction first, then catalogue, then extraction; `None` when the case does
    /// not exist.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn facts(&self, case_key: u64) -> Result<Option<Vec<Fact>>> {
        let read = async {
            let mut transaction = self.read().await?;
            let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM cases WHERE case_key = $1")
                .bind(to_db(case_key))
                .fetch_one(&mut *transaction)
                .await?;
            match known {
                0 => Ok(None),
                _ => facts::load(&mut transaction, self.secrets(), to_db(case_key))
                    .await
                    .map(Some),
            }
        };
        read.await.map_err(self.fault("reading the facts of a case"))
    }

    /// The documents of a case in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn documents(&self, case_key: u64) -> Result<Vec<DocumentSummary>> {
        let read = async {
            let mut transaction = self.read().await?;
            documents_of(&mut transaction, self.secrets(), case_key).await
        };
        read.await.map_err(self.fault("listing the documents of a case"))
    }

    /// The earlier versions of a case's documents, by name and version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_versions(&self, case_key: u64) -> Result<Vec<DocumentVersion>> {
        let read = async {
            let mut transaction = self.read().await?;
            let held = versions::of_case(&mut transaction, self.secrets(), to_db(case_key)).await?;
            Ok(held.into_iter().map(|held| held.version).collect())
        };
        read.await.map_err(self.fault("listing the versions of documents"))
    }
}

/// A case with what else must be known of it inside the catalogue.
pub(super) struct LoadedCase {
    pub(super) summary: CaseSummary,
    pub(super) record: CaseRecord,
    /// Content of each document.
    pub(super) content_ids: Vec<Option<String>>,
    /// Where the corrected lines are.
    pub(super) places: Vec<LinePlace>,
}

/// Where a corrected line is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePlace {
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Page of the document's file.
    pub page: u32,
    /// Which correction, and which line of the page.
    pub edit: AppliedEdit,
    /// The box of the line.
    pub area: PixelBox,
}

/// A case with its corrected lines.
pub(super) async fn load(connection: &mut Connection, secrets: &Secrets, key: i64) -> Tried<Option<LoadedCase>> {
    let Some(mut loaded) = load_raw(connection, secrets, key).await? else {
        return Ok(None);
    };
    let edits = line_edits::load(connection, secrets, key).await?;
    if !edits.is_empty() {
        for document in &mut loaded.record.documents {
            for page in &mut document.pages {
                for edit in edits.apply(document.ordinal, page) {
                    let line = page.text.lines.get(edit.line);
                    loaded.places.push(LinePlace {
                        document: document.ordinal,
                        page: page.number,
                        edit,
                        area: line.map(|line| line.area).unwrap_or_default(),
                    });
                }
            }
        }
    }
    Ok(Some(loaded))
}

async fn load_raw(connection: &mut Connection, secrets: &Secrets, key: i64) -> Tried<Option<LoadedCase>> {
    let row = sqlx::query("SELECT * FROM cases WHERE case_key = $1")
        .bind(key)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let summary = summary_from_row(&row, secrets)?;
    let facts = facts::load(connection, secrets, key).await?;
    let mut documents = Vec::new();
    let mut content_ids = Vec::new();
    for document in documents_of(connection, secrets, summary.case_key).await? {
        let pages = match &document.content_id {
            Some(id) => {
                pages::pages_in_range(connection, secrets, id, document.first_page, document.page_count).await?
            }
            None => Vec::new(),
        };
        content_ids.push(document.content_id.clone());
        documents.push(document.into_record(pages));
    }
    let record = CaseRecord {
        archival_code: summary.archival_code.clone(),
        fields: summary.fields.clone(),
        facts,
        documents,
    };
    Ok(Some(LoadedCase {
        summary,
        record,
        content_ids,
        places: Vec::new(),
    }))
}

pub(super) fn summary_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<CaseSummary> {
    let code: String = row.try_get("archival_code")?;
    Ok(CaseSummary {
        case_key: from_db(row.try_get("case_key")?, "case key")?,
        case_id: row.try_get("public_id")?,
        archival_code: ArchivalCode::parse(&code).ok_or_else(|| Fault::damaged("archival code"))?,
        fields: fields_from_row(row, secrets)?,
        sequence: from_db(row.try_get("sequence")?, "sequence")?,
        withdrawn: row.try_get::<i64, _>("withdrawn")? != 0,
    })
}

/// The fields that are kept sealed: what they say is about a person.
pub(super) const SEALED_FIELDS: [FieldName; 3] =
    [FieldName::Title, FieldName::ApplicantName, FieldName::ApplicantIdNumber];

/// The fields with a column of their own.
pub(super) fn open_fields() -> impl Iterator<Item = FieldName> {
    let fields = FieldName::ALL.iter().copied();
    fields.filter(|field| !SEALED_FIELDS.contains(field))
}

/// The sealed fields of a case as they are written.
pub(super) fn seal_fields(secrets: &Secrets, archival_code: &str, fields: &CaseFields) -> Tried<Vec<u8>> {
    secrets.seal(
        Place::Case { archival_code },
        &SEALED_FIELDS.map(|field| fields.get(field)),
    )
}

/// The columns of the fields bear the names of the fields.
pub(super) fn fields_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<CaseFields> {
    let mut fields = CaseFields::default();
    let mut put = |name: FieldName, value: Option<String>| match value {
        Some(value) if !fields.set(name, &value) => {
            Err(Fault::damaged(format!("value of the field `{}`", name.code())))
        }
        _ => Ok(()),
    };
    for name in open_fields() {
        put(name, row.try_get(name.code())?)?;
    }
    let code: String = row.try_get("archival_code")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let values: [Option<String>; SEALED_FIELDS.len()] = secrets.open(Place::Case { archival_code: &code }, &sealed)?;
    for (name, value) in SEALED_FIELDS.into_iter().zip(values) {
        put(name, value)?;
    }
    Ok(fields)
}

pub(super) async fn documents_of(
    connection: &mut Connection,
    secrets: &Secrets,
    case_key: u64,
) -> Tried<Vec<DocumentSummary>> {
    let rows = sqlx::query("SELECT * FROM documents WHERE case_key = $1 ORDER BY ordinal")
        .bind(to_db(case_key))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| document_from_row(row, secrets)).collect()
}

/// What is sealed of a document: title, source name, failure.
pub(super) type DocumentText = (String, String, Option<String>);

pub(super) fn document_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<DocumentSummary> {
    let kind: String = row.try_get("kind")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let ordinal: i64 = row.try_get("ordinal")?;
    let place = Place::Document {
        case_key: row.try_get("case_key")?,
        ordinal,
    };
    let (title, source_name, failure): DocumentText = secrets.open(place, &sealed)?;
    Ok(DocumentSummary {
        ordinal: from_db_u32(ordinal, "document number")?,
        title,
        kind: DocumentKind::parse(&kind).ok_or_else(|| Fault::damaged("kind of a document"))?,
        source_name,
        version: from_db_u32(row.try_get("version")?, "version of a document")?,
        file_sha256: row.try_get("file_sha256")?,
        content_id: row.try_get("content_id")?,
        first_page: from_db_u32(row.try_get("first_page")?, "first page of a document")?,
        page_count: from_db_u32(row.try_get("page_count")?, "page count of a document")?,
        is_part: row.try_get::<i64, _>("is_part")? != 0,
        failure,
    })
}
