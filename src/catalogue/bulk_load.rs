//! Reading many cases for the index, with few statements: their fields and their texts, not their facts.

use std::collections::HashMap;

use sqlx::Row;

use super::cases::{document_from_row, load, summary_from_row};
use super::database::{Catalogue, Connection, from_db, from_db_u32, select_of, to_db};
use super::error::{Result, Tried};
use super::pages::page_from_row;
use super::sealed::Secrets;
use crate::record::{CaseRecord, PageRecord};

impl Catalogue {
    /// Several cases with their documents and all their pages, corrected lines included, as they are at one moment. Their
    /// facts are left out. In no particular order; those that do not exist are missing.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn load_texts(&self, case_keys: &[u64]) -> Result<Vec<(u64, CaseRecord)>> {
        let read = async {
            let mut transaction = self.read().await?;
            load_texts(&mut transaction, self.secrets(), case_keys).await
        };
        read.await.map_err(self.fault("reading cases"))
    }
}

async fn load_texts(
    connection: &mut Connection,
    secrets: &Secrets,
    case_keys: &[u64],
) -> Tried<Vec<(u64, CaseRecord)>> {
    let keys: Vec<i64> = case_keys.iter().map(|key| to_db(*key)).collect();
    let keys = keys.as_slice();
    let mut cases = Vec::with_capacity(case_keys.len());
    let mut places = HashMap::with_capacity(case_keys.len());
    for row in select_of("SELECT * FROM cases WHERE case_key", "", keys, connection).await? {
        let summary = summary_from_row(&row, secrets)?;
        places.insert(summary.case_key, cases.len());
        let record = CaseRecord {
            archival_code: summary.archival_code,
            fields: summary.fields,
            facts: Vec::new(),
            documents: Vec::new(),
        };
        cases.push((summary.case_key, record));
    }
    let documents = "SELECT * FROM documents WHERE case_key";
    let order = "ORDER BY case_key, ordinal";
    for row in select_of(documents, order, keys, connection).await? {
        let key = from_db(row.try_get("case_key")?, "case key")?;
        let Some((_, case)) = places.get(&key).and_then(|at| cases.get_mut(*at)) else {
            continue;
        };
        let document = document_from_row(&row, secrets)?;
        case.documents.push(document.into_record(Vec::new()));
    }
    let pages = "SELECT d.case_key, d.ordinal, p.content_id, p.number, p.width, p.height, p.dpi, p.rotation, p.skew, p.confidence, \
                 p.source, p.engine, p.text, p.failure_code, p.failure_detail FROM documents d \
                 JOIN pages p ON p.content_id = d.content_id \
                 AND p.number >= d.first_page AND p.number < d.first_page + d.page_count \
                 WHERE d.case_key";
    let order = "ORDER BY d.case_key, d.ordinal, p.number";
    for row in select_of(pages, order, keys, connection).await? {
        let key = from_db(row.try_get("case_key")?, "case key")?;
        let ordinal = from_db_u32(row.try_get("ordinal")?, "document number")?;
        let Some((_, case)) = places.get(&key).and_then(|at| cases.get_mut(*at)) else {
            continue;
        };
        let page: PageRecord = page_from_row(&row, secrets)?;
        if let Some(document) = case.documents.iter_mut().find(|document| document.ordinal == ordinal) {
            document.pages.push(page);
        }
    }
    let corrected = "SELECT DISTINCT case_key FROM corrections WHERE kind = 'line' AND case_key";
    for row in select_of(corrected, "", keys, connection).await? {
        let key: i64 = row.try_get("case_key")?;
        let place = places.get(&from_db(key, "case key")?);
        if let Some((_, case)) = place.and_then(|at| cases.get_mut(*at))
            && let Some(loaded) = load(connection, secrets, key).await?
        {
            case.documents = loaded.record.documents;
        }
    }
    Ok(cases)
}
