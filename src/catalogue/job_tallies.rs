//! How many jobs there are, by what they are and how they stand. What they work on is not told: paths may name people.

use serde::Serialize;
use sqlx::Row;

use super::database::{Catalogue, from_db};
use super::error::Result;

/// Jobs of one kind in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct JobTally {
    /// What is to be done, e.g. `ingest`.
    pub kind: String,
    /// `queued`, `running`, `done` or `failed`.
    pub state: String,
    /// Stable code of the reason, for jobs that failed.
    pub reason: Option<String>,
    /// How many.
    pub jobs: u64,
}

impl Catalogue {
    /// All jobs, counted by kind, state and reason.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_tallies(&self) -> Result<Vec<JobTally>> {
        let counted = async {
            let mut transaction = self.read().await?;
            let rows = sqlx::query(
                "SELECT kind, state, reason_code, COUNT(*) AS jobs FROM jobs GROUP BY kind, state, reason_code \
                 ORDER BY kind, state, reason_code",
            )
            .fetch_all(&mut *transaction)
            .await?;
            let mut tallies = Vec::with_capacity(rows.len());
            for row in &rows {
                tallies.push(JobTally {
                    kind: row.try_get("kind")?,
                    state: row.try_get("state")?,
                    reason: row.try_get("reason_code")?,
                    jobs: from_db(row.try_get("jobs")?, "number of jobs")?,
                });
            }
            Ok(tallies)
        };
        counted.await.map_err(self.fault("counting jobs"))
    }
}
