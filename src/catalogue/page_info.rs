//! How the pages of a case were read, without their text.

use sqlx::Row;

use super::database::{Catalogue, from_db, from_db_u32, to_db};
use super::error::{Fault, Result, Tried};
use super::pages::narrow;
use crate::record::TextSource;

/// How a page was read.
#[derive(Clone, Debug, PartialEq)]
pub struct PageInfo {
    /// Position of its document in the case, from 1.
    pub document: u32,
    /// SHA-256 of the file or the imported text.
    pub content_id: String,
    /// Number in the file, from 1.
    pub number: u32,
    /// Where its text comes from.
    pub source: TextSource,
    /// Name and version of the reader; empty when it could not be read.
    pub engine: String,
    /// Mean confidence of its text, 0 to 1.
    pub confidence: Option<f32>,
    /// Whether it could not be read.
    pub failed: bool,
}

impl Catalogue {
    /// How the pages of a case were read, in order.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn page_infos(&self, case_key: u64) -> Result<Vec<PageInfo>> {
        let read = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT d.ordinal, p.content_id, p.number, p.source, p.engine, p.confidence, p.failure_code \
                 FROM documents d JOIN pages p ON p.content_id = d.content_id \
                 WHERE d.case_key = $1 AND p.number >= d.first_page AND p.number < d.first_page + d.page_count \
                 ORDER BY d.ordinal, p.number",
            )
            .bind(to_db(case_key))
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter()
                .map(|row| {
                    let source: String = row.try_get("source")?;
                    let source = TextSource::from_code(&source);
                    Ok(PageInfo {
                        document: from_db_u32(row.try_get("ordinal")?, "document number")?,
                        content_id: row.try_get("content_id")?,
                        number: from_db_u32(row.try_get("number")?, "page number")?,
                        source: source.ok_or_else(|| Fault::damaged("source of a page's text"))?,
                        engine: row.try_get("engine")?,
                        confidence: row.try_get::<Option<f64>, _>("confidence")?.map(narrow),
                        failed: row.try_get::<Option<String>, _>("failure_code")?.is_some(),
                    })
                })
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing the pages of a case"))
    }

    /// The cases that show a file or an imported text.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases_showing(&self, content_id: &str) -> Result<Vec<u64>> {
        let read = async {
            let mut transaction = self.read().await?;
            let select = "SELECT DISTINCT case_key FROM documents WHERE content_id = $1 ORDER BY case_key";
            let keys: Vec<i64> = sqlx::query_scalar(select)
                .bind(content_id)
                .fetch_all(&mut *transaction)
                .await?;
            keys.into_iter()
                .map(|key| from_db(key, "case key"))
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("looking for the cases of a file"))
    }
}
