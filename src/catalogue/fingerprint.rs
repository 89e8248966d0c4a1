//! Whether a case differs from what is kept.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::database::Connection;
use super::documents::Placed;
use super::error::{Fault, Tried};
use super::facts;
use crate::record::{CaseRecord, Fact};

/// Everything of a case whose change must reach the index and the readers.
#[derive(Serialize)]
struct Print<'a> {
    facts: Vec<&'a Fact>,
    documents: Vec<DocumentPrint<'a>>,
}

#[derive(Serialize)]
struct DocumentPrint<'a> {
    ordinal: u32,
    title: &'a str,
    kind: &'a str,
    source_name: &'a str,
    file: Option<&'a str>,
    failure: Option<&'a str>,
    first_page: u32,
    page_count: u32,
    pages: Vec<PagePrint>,
}

/// Number, width, height, confidence, source, hash of the text, and failure of a page.
type PagePrint = (i64, i64, i64, Option<f64>, String, String, Option<String>);

/// SHA-256 over all of it, as it stands in the record and, for pages read earlier, in the catalogue.
pub(super) async fn fingerprint(
    connection: &mut Connection,
    case: &CaseRecord,
    placed: &[Placed<'_>],
) -> Tried<String> {
    let mut documents = Vec::with_capacity(placed.len());
    for place in placed {
        let pages = sqlx::query_as(
            "SELECT number, width, height, confidence, source, text_hash, failure_code FROM pages \
             WHERE content_id = $1 AND number >= $2 AND number < $3 ORDER BY number",
        )
        .bind(place.content_id.as_deref().unwrap_or_default())
        .bind(i64::from(place.first_page))
        .bind(i64::from(place.first_page) + i64::from(place.page_count))
        .fetch_all(&mut *connection)
        .await?;
        documents.push(DocumentPrint {
            ordinal: place.document.ordinal,
            title: &place.document.title,
            kind: place.document.kind.code(),
            source_name: &place.document.source_name,
            file: place.document.file_sha256.as_deref(),
            failure: place.document.failure.as_deref(),
            first_page: place.first_page,
            page_count: place.page_count,
            pages,
        });
    }
    let print = Print {
        facts: facts::given(&case.facts).collect(),
        documents,
    };
    let json = serde_json::to_vec(&print).map_err(|_| Fault::damaged("fingerprint of a case"))?;
    Ok(hex::encode(Sha256::digest(json)))
}
