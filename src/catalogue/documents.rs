//! The documents of a case as they are saved: which pages each shows, and what it was before.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::codec::EncodedText;
use super::database::{Connection, from_db_u32, now};
use super::error::{Error, Result, Tried};
use super::pages::{encode_page, put_page};
use crate::record::{CaseRecord, DocumentRecord, PageRecord};

/// Identifier of a text that was imported without a file: the SHA-256 of its pages in order. It stands where else the
/// SHA-256 of a file stands.
fn text_id(pages: &[PageRecord], texts: &[EncodedText]) -> String {
    let mut hasher = Sha256::new();
    // Keeps the identifier of a text apart from the hash of a file with the same bytes.
    hasher.update(b"juanzong text 1\n");
    for (page, text) in pages.iter().zip(texts) {
        hasher.update(format!("{} {}\n", page.number, text.hash));
    }
    hex::encode(hasher.finalize())
}

/// A document with the content it shows.
pub(super) struct Placed<'a> {
    pub(super) document: &'a DocumentRecord,
    pub(super) content_id: Option<String>,
    pub(super) first_page: u32,
    pub(super) page_count: u32,
}

/// Keeps the pages that came with a document and finds out which it shows.
pub(super) async fn place<'a>(
    connection: &mut Connection,
    case: &CaseRecord,
    document: &'a DocumentRecord,
) -> Tried<Placed<'a>> {
    let numbers = || document.pages.iter().map(|p| p.number);
    let span = numbers().min().zip(numbers().max());
    let named = || match &document.file_sha256 {
        Some(sha256) => sha256.clone(),
        None => format!("text {} of {}", document.ordinal, case.archival_code),
    };
    let texts: Vec<EncodedText> = document
        .pages
        .iter()
        .map(|page| encode_page(&named(), page))
        .collect::<Result<_>>()?;
    let content_id = match (&document.file_sha256, span) {
        (Some(sha256), _) => Some(sha256.clone()),
        (None, Some(_)) => Some(text_id(&document.pages, &texts)),
        (None, None) => None,
    };
    let mut whole_file = 0;
    if let Some(sha256) = &document.file_sha256 {
        let row = sqlx::query(
            "SELECT f.pages, (SELECT MAX(p.number) FROM pages p WHERE p.content_id = f.sha256) AS kept \
             FROM files f WHERE f.sha256 = $1",
        )
        .bind(sha256)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or_else(|| Error::UnknownFile { sha256: sha256.clone() })?;
        let pages: Option<i64> = row.try_get("pages")?;
        let kept: Option<i64> = row.try_get("kept")?;
        whole_file = from_db_u32(pages.max(kept).unwrap_or(0), "page count of a file")?;
    }
    if let Some(content_id) = &content_id {
        for (page, text) in document.pages.iter().zip(texts) {
            put_page(connection, content_id, page, text).await?;
        }
    }
    let (first_page, page_count) = match (document.part, span) {
        (Some(part), _) => (part.first_page, part.page_count),
        (None, Some((first, last))) => (first, last - first + 1),
        (None, None) => (1, whole_file),
    };
    Ok(Placed {
        document,
        content_id,
        first_page,
        page_count,
    })
}

/// A document that the catalogue holds, as far as versions are concerned.
struct Held {
    identity: Identity,
    version: i64,
    content_id: Option<String>,
    is_part: bool,
}

impl Held {
    /// Whether the document is still there: under its name with its bytes; of a file that is divided, any part of them.
    fn stays_as(&self, identity: &Identity, place: &Placed<'_>) -> bool {
        let divided = self.is_part || place.document.part.is_some();
        self.content_id == place.content_id
            && if divided {
                self.identity.0 == identity.0
            } else {
                self.identity == *identity
            }
    }
}

/// Source name and how many documents with that name came before it: what makes a document the same one.
type Identity = (String, i64);

/// Puts the given documents in place of those the case had, and keeps what changed as earlier versions. That a file is
/// divided in another way than before makes no version: its bytes are the same.
pub(super) async fn replace_documents(connection: &mut Connection, case_key: i64, placed: &[Placed<'_>]) -> Tried<()> {
    let held = held_documents(connection, case_key).await?;
    let mut occurrences: BTreeMap<&str, i64> = BTreeMap::new();
    let mut new: Vec<(Identity, i64)> = Vec::with_capacity(placed.len());
    for place in placed {
        let name = place.document.source_name.as_str();
        let occurrence = *occurrences.entry(name).and_modify(|n| *n += 1).or_insert(1);
        let identity = (name.to_owned(), occurrence);
        // Parts of one file have one version.
        let of_file = placed.iter().zip(&new).find(|(earlier, (other, _))| {
            place.document.part.is_some() && other.0 == name && earlier.content_id == place.content_id
        });
        let stays = held.iter().find(|before| before.stays_as(&identity, place));
        let version = match (stays, of_file) {
            (Some(before), _) if before.identity == identity => before.version,
            (before, of_file) => {
                let free = last_version(connection, case_key, &identity).await? + 1;
                let replaced = held.iter().find(|before| before.identity == identity);
                let wanted = match (before, of_file) {
                    (Some(before), _) => before.version,
                    (None, Some((_, (_, version)))) => *version,
                    (None, None) => replaced.map_or(free, |before| before.version + 1),
                };
                wanted.max(free)
            }
        };
        new.push((identity, version));
    }
    for before in &held {
        let mut now = placed.iter().zip(&new);
        if now.any(|(place, (identity, _))| before.stays_as(identity, place)) {
            continue;
        }
        let successor = placed
            .iter()
            .zip(&new)
            .find(|(_, (identity, _))| *identity == before.identity);
        let superseded_by = successor.and_then(|(place, _)| place.content_id.as_deref());
        keep_version(connection, case_key, &before.identity, superseded_by).await?;
    }
    sqlx::query("DELETE FROM documents WHERE case_key = $1")
        .bind(case_key)
        .execute(&mut *connection)
        .await?;
    for (place, ((_, occurrence), version)) in placed.iter().zip(new) {
        sqlx::query(
            "INSERT INTO documents (case_key, ordinal, title, kind, source_name, occurrence, version, file_sha256, \
             content_id, first_page, page_count, is_part, failure) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(case_key)
        .bind(i64::from(place.document.ordinal))
        .bind(&place.document.title)
        .bind(place.document.kind.code())
        .bind(&place.document.source_name)
        .bind(occurrence)
        .bind(version)
        .bind(&place.document.file_sha256)
        .bind(&place.content_id)
        .bind(i64::from(place.first_page))
        .bind(i64::from(place.page_count))
        .bind(i64::from(place.document.part.is_some()))
        .bind(&place.document.failure)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn held_documents(connection: &mut Connection, case_key: i64) -> Tried<Vec<Held>> {
    let rows = sqlx::query(
        "SELECT source_name, occurrence, version, content_id, is_part FROM documents WHERE case_key = $1 ORDER BY ordinal",
    )
    .bind(case_key)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                identity: (row.try_get("source_name")?, row.try_get("occurrence")?),
                version: row.try_get("version")?,
                content_id: row.try_get("content_id")?,
                is_part: row.try_get::<i64, _>("is_part")? != 0,
            })
        })
        .collect()
}

async fn keep_version(
    connection: &mut Connection,
    case_key: i64,
    (source_name, occurrence): &Identity,
    superseded_by: Option<&str>,
) -> Tried<()> {
    sqlx::query(
        "INSERT INTO document_versions (case_key, source_name, occurrence, version, title, kind, file_sha256, \
         content_id, first_page, page_count, superseded_by, superseded_at) \
         SELECT case_key, source_name, occurrence, version, title, kind, file_sha256, content_id, first_page, \
         page_count, $4, $5 FROM documents WHERE case_key = $1 AND source_name = $2 AND occurrence = $3",
    )
    .bind(case_key)
    .bind(source_name)
    .bind(occurrence)
    .bind(superseded_by)
    .bind(now())
    .execute(connection)
    .await?;
    Ok(())
}

async fn last_version(connection: &mut Connection, case_key: i64, (source_name, occurrence): &Identity) -> Tried<i64> {
    let last = sqlx::query_scalar(
        "SELECT COALESCE(MAX(version), 0) FROM document_versions \
         WHERE case_key = $1 AND source_name = $2 AND occurrence = $3",
    );
    Ok(last
        .bind(case_key)
        .bind(source_name)
        .bind(occurrence)
        .fetch_one(connection)
        .await?)
}
