//! How much is in the archive.

use serde::{Deserialize, Serialize};

use super::database::{Catalogue, Connection, from_db};
use super::error::{Result, Tried};

/// Totals of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Cases that are not withdrawn.
    pub cases: u64,
    /// Withdrawn cases.
    pub cases_withdrawn: u64,
    /// Documents of all cases.
    pub documents: u64,
    /// Pages of files and imported texts.
    pub pages: u64,
    /// Pages among them that could not be read.
    pub pages_failed: u64,
    /// Originals.
    pub files: u64,
    /// Originals that could not be read.
    pub files_failed: u64,
    /// Jobs that wait or run.
    pub jobs_open: u64,
    /// Jobs that failed.
    pub jobs_failed: u64,
}

impl Catalogue {
    /// The totals at one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts> {
        let counted = async {
            let mut transaction = self.read().await?;
            counts(&mut transaction).await
        };
        counted.await.map_err(self.fault("counting"))
    }
}

/// The totals as one connection sees them.
pub(super) async fn counts(connection: &mut Connection) -> Tried<Counts> {
    let mut values = [0; 9];
    let statements = [
        "SELECT COUNT(*) FROM cases WHERE withdrawn = 0",
        "SELECT COUNT(*) FROM cases WHERE withdrawn <> 0",
        "SELECT COUNT(*) FROM documents",
        "SELECT COUNT(*) FROM pages",
        "SELECT COUNT(*) FROM pages WHERE failure_code IS NOT NULL",
        "SELECT COUNT(*) FROM files",
        "SELECT COUNT(*) FROM files WHERE state = 'failed'",
        "SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')",
        "SELECT COUNT(*) FROM jobs WHERE state = 'failed'",
    ];
    for (value, statement) in values.iter_mut().zip(statements) {
        let count: i64 = sqlx::query_scalar(statement).fetch_one(&mut *connection).await?;
        *value = from_db(count, "count")?;
    }
    let [
        cases,
        cases_withdrawn,
        documents,
        pages,
        pages_failed,
        files,
        files_failed,
        jobs_open,
        jobs_failed,
    ] = values;
    Ok(Counts {
        cases,
        cases_withdrawn,
        documents,
        pages,
        pages_failed,
        files,
        files_failed,
        jobs_open,
        jobs_failed,
    })
}
