//! Walking through all cases in the order of their archival codes, for exports.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::cases::document_from_row;
use super::database::{Catalogue, from_db, from_db_u32, to_db};
use super::error::{Fault, Result, Tried};
use crate::record::ArchivalCode;

/// How much there is of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseExtent {
    /// Documents.
    pub documents: u32,
    /// Pages.
    pub pages: u32,
    /// Documents and pages that could not be read.
    pub failures: u32,
}

impl Catalogue {
    /// Keys and codes of at most `limit` cases whose archival codes come after `after`, in their order; withdrawn ones among
    /// them.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn cases_after(&self, after: Option<&ArchivalCode>, limit: u32) -> Result<Vec<(u64, ArchivalCode)>> {
        let read = async {
            let mut transaction = self.read().await?;
            // Answered by the index on the codes alone.
            let rows = sqlx::query(
                "SELECT case_key, archival_code FROM cases WHERE archival_code > $1 ORDER BY archival_code LIMIT $2",
            )
            .bind(after.map(ArchivalCode::as_str).unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(&mut *transaction)
            .await?;
            rows.iter()
                .map(|row| {
                    let code: String = row.try_get("archival_code")?;
                    let code = ArchivalCode::parse(&code).ok_or_else(|| Fault::damaged("archival code"))?;
                    Ok((from_db(row.try_get("case_key")?, "case key")?, code))
                })
                .collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("walking through the cases"))
    }

    /// How much there is of each of some cases; those without documents are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn extents(&self, case_keys: &[u64]) -> Result<HashMap<u64, CaseExtent>> {
        if case_keys.is_empty() {
            return Ok(HashMap::new());
        }
        let read = async {
            let mut transaction = self.read().await?;
            let mut select = QueryBuilder::<Sqlite>::new(
                "SELECT d.case_key, COUNT(DISTINCT d.ordinal) AS documents, COUNT(p.number) AS pages, \
                 COUNT(p.failure_code) AS failures \
                 FROM documents d LEFT JOIN pages p ON p.content_id = d.content_id \
                 AND p.number >= d.first_page AND p.number < d.first_page + d.page_count WHERE d.case_key IN (",
            );
            let mut list = select.separated(", ");
            for key in case_keys {
                list.push_bind(to_db(*key));
            }
            select.push(") GROUP BY d.case_key");
            let rows = select.build().fetch_all(&mut *transaction).await?;
            let mut extents: HashMap<u64, CaseExtent> = rows
                .iter()
                .map(|row| {
                    let extent = CaseExtent {
                        documents: from_db_u32(row.try_get("documents")?, "count of documents")?,
                        pages: from_db_u32(row.try_get("pages")?, "count of pages")?,
                        failures: from_db_u32(row.try_get("failures")?, "count of failures")?,
                    };
                    Ok((from_db(row.try_get("case_key")?, "case key")?, extent))
                })
                .collect::<Tried<_>>()?;
            // Why a document could not be read is sealed.
            let mut select = QueryBuilder::<Sqlite>::new("SELECT * FROM documents WHERE case_key IN (");
            let mut list = select.separated(", ");
            for key in case_keys {
                list.push_bind(to_db(*key));
            }
            select.push(")");
            for row in select.build().fetch_all(&mut *transaction).await? {
                let failed = document_from_row(&row, self.secrets())?.failure.is_some();
                let case_key = from_db(row.try_get("case_key")?, "case key")?;
                if let Some(extent) = extents.get_mut(&case_key) {
                    extent.failures += u32::from(failed);
                }
            }
            Ok(extents)
        };
        read.await.map_err(self.fault("counting the pages of cases"))
    }
}
