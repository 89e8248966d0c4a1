//! The documents of a case as they are saved: which pages each shows, and what it was before.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::document_from_row;
use super::codec::{self, EncodedText};
use super::database::{Connection, from_db_u32};
use super::error::{Error, Result, Tried};
use super::pages::{PageRow, encode_page, put_pages};
use super::sealed::{Place, Secrets};
use super::versions::{self, HeldVersion};
use crate::record::{ArchivalCode, DocumentRecord};

/// Rows of one statement.
const ROWS_AT_A_TIME: usize = 500;

/// Identifier of a text that was imported without a file: the SHA-256 of its pages in order. It stands where else the
/// SHA-256 of a file stands.
fn text_id<'a>(pages: impl Iterator<Item = (u32, &'a str)>) -> String {
    let mut hasher = Sha256::new();
    // Keeps the identifier of a text apart from the hash of a file with the same bytes.
    hasher.update(b"juanzong text 1\n");
    for (number, hash) in pages {
        hasher.update(format!("{number} {hash}\n"));
    }
    hex::encode(hasher.finalize())
}

/// What the evidence of facts calls a document by: the SHA-256 of its file, or of its text when it has none; `None` when it
/// has neither, or a text that cannot be kept.
pub fn content_id(document: &DocumentRecord) -> Option<String> {
    if document.file_sha256.is_some() || document.pages.is_empty() {
        return document.file_sha256.clone();
    }
    let hashes: Option<Vec<(u32, String)>> = document
        .pages
        .iter()
        .map(|page| Some((page.number, codec::hash(&page.text)?)))
        .collect();
    Some(text_id(hashes?.iter().map(|(number, hash)| (*number, hash.as_str()))))
}

/// The pages that came with a document, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    pub(super) texts: Vec<EncodedText>,
    /// Its file, or its text; `None` when it has neither.
    pub(super) content_id: Option<String>,
}

impl Packed {
    /// The pages as they are kept: with their content and their text.
    pub(super) fn rows<'a>(&'a self, document: &'a DocumentRecord) -> impl Iterator<Item = PageRow<'a>> {
        let content_id = self.content_id.as_deref();
        let pages = document.pages.iter().zip(&self.texts);
        content_id.into_iter().flat_map(move |content_id| {
            pages
                .clone()
                .map(move |(page, text)| PageRow { content_id, page, text })
        })
    }
}

/// Packs the pages that came with a document.
pub(super) fn pack(archival_code: &ArchivalCode, document: &DocumentRecord) -> Result<Packed> {
    let named = match &document.file_sha256 {
        Some(sha256) => Cow::Borrowed(sha256.as_str()),
        None => Cow::Owned(format!("text {} of {archival_code}", document.ordinal)),
    };
    let texts: Vec<EncodedText> = document
        .pages
        .iter()
        .map(|page| encode_page(&named, page))
        .collect::<Result<_>>()?;
    let content_id = match &document.file_sha256 {
        Some(sha256) => Some(sha256.clone()),
        None => {
            let hashes = document.pages.iter().zip(&texts);
            (!texts.is_empty()).then(|| text_id(hashes.map(|(page, text)| (page.number, text.hash.as_str()))))
        }
    };
    Ok(Packed { texts, content_id })
}

/// A document with the content it shows.
pub(super) struct Placed<'a> {
    pub(super) document: &'a DocumentRecord,
    pub(super) packed: &'a Packed,
    pub(super) first_page: u32,
    pub(super) page_count: u32,
}

impl<'a> Placed<'a> {
    /// A document that shows its part of the file, or the pages that came with it, or else `whole_file` pages.
    pub(super) fn new(document: &'a DocumentRecord, packed: &'a Packed, whole_file: u32) -> Self {
        let numbers = || document.pages.iter().map(|p| p.number);
        let (first_page, page_count) = match (document.part, numbers().min().zip(numbers().max())) {
            (Some(part), _) => (part.first_page, part.page_count),
            (None, Some((first, last))) => (first, last - first + 1),
            (None, None) => (1, whole_file),
        };
        Self {
            document,
            packed,
            first_page,
            page_count,
        }
    }

    pub(super) fn content_id(&self) -> Option<&str> {
        self.packed.content_id.as_deref()
    }
}

/// Keeps the pages that came with a document and finds out which it shows.
pub(super) async fn place<'a>(
    connection: &mut Connection,
    secrets: &Secrets,
    document: &'a DocumentRecord,
    packed: &'a Packed,
) -> Tried<Placed<'a>> {
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
    put_pages(connection, secrets, &packed.rows(document).collect::<Vec<_>>()).await?;
    Ok(Placed::new(document, packed, whole_file))
}

/// A document that the catalogue holds, as far as versions are concerned.
pub(super) struct Held {
    pub(super) ordinal: u32,
    pub(super) identity: Identity,
    pub(super) title: String,
    pub(super) version: i64,
    content_id: Option<String>,
    is_part: bool,
}

impl Held {
    /// Whether the document is still there: under its name with its bytes; of a file that is divided, any part of them.
    fn stays_as(&self, identity: &Identity, place: &Placed<'_>) -> bool {
        let divided = self.is_part || place.document.part.is_some();
        self.content_id.as_deref() == place.content_id()
            && if divided {
                self.identity.0 == identity.0
            } else {
                self.identity == *identity
            }
    }
}

/// Source name and how many documents with that name came before it: what makes a document the same one.
pub(super) type Identity = (String, i64);

/// Puts the given documents in place of those the case had, and keeps what changed as earlier versions. That a file is
/// divided in another way than before makes no version: its bytes are the same.
pub(super) async fn replace_documents(
    connection: &mut Connection,
    secrets: &Secrets,
    case_key: i64,
    placed: &[Placed<'_>],
) -> Tried<()> {
    let held = held_documents(connection, secrets, case_key).await?;
    let earlier = versions::of_case(connection, secrets, case_key).await?;
    let mut occurrences: BTreeMap<&str, i64> = BTreeMap::new();
    let mut new: Vec<(Identity, i64)> = Vec::with_capacity(placed.len());
    for place in placed {
        let name = place.document.source_name.as_str();
        let occurrence = *occurrences.entry(name).and_modify(|n| *n += 1).or_insert(1);
        let identity = (name.to_owned(), occurrence);
        // Parts of one file have one version.
        let of_file = placed.iter().zip(&new).find(|(earlier, (other, _))| {
            place.document.part.is_some() && other.0 == name && earlier.content_id() == place.content_id()
        });
        let stays = held.iter().find(|before| before.stays_as(&identity, place));
        let version = match (stays, of_file) {
            (Some(before), _) if before.identity == identity => before.version,
            (before, of_file) => {
                let free = last_version(&earlier, &identity) + 1;
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
        let superseded_by = successor.and_then(|(place, _)| place.content_id());
        versions::keep(connection, secrets, case_key, before, superseded_by).await?;
    }
    sqlx::query("DELETE FROM documents WHERE case_key = $1")
        .bind(case_key)
        .execute(&mut *connection)
        .await?;
    let rows = placed.iter().zip(new);
    let rows = rows.map(|(place, ((_, occurrence), version))| (case_key, place, occurrence, version));
    insert(connection, secrets, &rows.collect::<Vec<_>>()).await
}

/// Writes documents: key of the case, document, which of its name it is, version.
pub(super) async fn insert(
    connection: &mut Connection,
    secrets: &Secrets,
    documents: &[(i64, &Placed<'_>, i64, i64)],
) -> Tried<()> {
    for some in documents.chunks(ROWS_AT_A_TIME) {
        let mut sealed = Vec::with_capacity(some.len());
        for (case_key, place, ..) in some {
            let document = place.document;
            let text = (&document.title, &document.source_name, &document.failure);
            let place = Place::Document {
                case_key: *case_key,
                ordinal: i64::from(document.ordinal),
            };
            sealed.push(secrets.seal(place, &text)?);
        }
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO documents (case_key, ordinal, kind, occurrence, version, file_sha256, content_id, first_page, \
             page_count, is_part, sealed) ",
        );
        insert.push_values(
            some.iter().zip(sealed),
            |mut row, ((case_key, place, occurrence, version), sealed)| {
                let document = place.document;
                row.push_bind(*case_key)
                    .push_bind(i64::from(document.ordinal))
                    .push_bind(document.kind.code())
                    .push_bind(*occurrence)
                    .push_bind(*version)
                    .push_bind(document.file_sha256.clone())
                    .push_bind(place.packed.content_id.clone())
                    .push_bind(i64::from(place.first_page))
                    .push_bind(i64::from(place.page_count))
                    .push_bind(i64::from(document.part.is_some()))
                    .push_bind(sealed);
            },
        );
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn held_documents(connection: &mut Connection, secrets: &Secrets, case_key: i64) -> Tried<Vec<Held>> {
    let rows = sqlx::query("SELECT * FROM documents WHERE case_key = $1 ORDER BY ordinal")
        .bind(case_key)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let document = document_from_row(row, secrets)?;
            Ok(Held {
                ordinal: document.ordinal,
                identity: (document.source_name, row.try_get("occurrence")?),
                title: document.title,
                version: document.version.into(),
                content_id: document.content_id,
                is_part: document.is_part,
            })
        })
        .collect()
}

/// The last version of a document that is kept as an earlier one; 0 when there is none.
fn last_version(earlier: &[HeldVersion], (source_name, occurrence): &Identity) -> i64 {
    let same = earlier
        .iter()
        .filter(|held| held.version.source_name == *source_name && held.occurrence == *occurrence);
    same.map(|held| held.version.version.into()).max().unwrap_or(0)
}
