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

/// SHA-256 over all of it, as it stands in the record and, for pages of files, in the catalogue.
pub(super) async fn fingerprint(
    connection: &mut Connection,
    case: &CaseRecord,
    placed: &[Placed<'_>],
) -> Tried<String> {
    let mut pages = Vec::with_capacity(placed.len());
    for place in placed {
        pages.push(match &place.document.file_sha256 {
            None => came_with(place),
            Some(sha256) => {
                sqlx::query_as(
                    "SELECT number, width, height, confidence, source, text_hash, failure_code FROM pages \
                     WHERE content_id = $1 AND number >= $2 AND number < $3 ORDER BY number",
                )
                .bind(sha256)
                .bind(i64::from(place.first_page))
                .bind(i64::from(place.first_page) + i64::from(place.page_count))
                .fetch_all(&mut *connection)
                .await?
            }
        });
    }
    print(case, placed, pages)
}

/// As [`fingerprint`], of a case without files.
pub(super) fn fingerprint_of_texts(case: &CaseRecord, placed: &[Placed<'_>]) -> Tried<String> {
    print(case, placed, placed.iter().map(came_with).collect())
}

/// The pages that came with a document, as the catalogue gives them back.
fn came_with(place: &Placed<'_>) -> Vec<PagePrint> {
    let texts = place.document.pages.iter().zip(&place.packed.texts);
    let mut pages: Vec<PagePrint> = texts
        .map(|(page, text)| {
            (
                i64::from(page.number),
                i64::from(page.width),
                i64::from(page.height),
                page.confidence.map(f64::from),
                page.source.code().to_owned(),
                text.hash.clone(),
                page.failure.as_ref().map(|(code, _)| code.clone()),
            )
        })
        .collect();
    pages.sort_by_key(|page| page.0);
    pages
}

fn print(case: &CaseRecord, placed: &[Placed<'_>], pages: Vec<Vec<PagePrint>>) -> Tried<String> {
    let documents = placed.iter().zip(pages);
    let documents = documents.map(|(place, pages)| DocumentPrint {
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
    let print = Print {
        facts: facts::given(&case.facts).collect(),
        documents: documents.collect(),
    };
    let json = serde_json::to_vec(&print).map_err(|_| Fault::damaged("fingerprint of a case"))?;
    Ok(hex::encode(Sha256::digest(json)))
}
