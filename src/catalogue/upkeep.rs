//! When the archive was last backed up, checked and reconciled, and how that ended.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::database::{Catalogue, from_db, to_db};
use super::error::{Result, Tried};

/// Runs of each task that are kept.
const KEPT: i64 = 200;

/// One run of a task of maintenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpkeepRun {
    /// Its number.
    pub run_key: u64,
    /// Code of the task.
    pub task: String,
    /// When it began, in seconds since 1970.
    pub started_at: i64,
    /// When it ended; `None` while it runs, and for one that was killed.
    pub ended_at: Option<i64>,
    /// Code of how it ended.
    pub result: Option<String>,
    /// What else there is to say, as JSON.
    pub detail: Option<String>,
}

impl Catalogue {
    /// Writes down that a task begins; gives the number of the run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_upkeep(&self, task: &str, at: i64) -> Result<u64> {
        let begun = async {
            let mut transaction = self.write().await?;
            let insert = "INSERT INTO maintenance_runs (task, started_at) VALUES ($1, $2) RETURNING run_key";
            let key: i64 = sqlx::query_scalar(insert)
                .bind(task)
                .bind(at)
                .fetch_one(&mut *transaction)
                .await?;
            sqlx::query(
                "DELETE FROM maintenance_runs WHERE task = $1 AND run_key NOT IN \
                 (SELECT run_key FROM maintenance_runs WHERE task = $1 ORDER BY run_key DESC LIMIT $2)",
            )
            .bind(task)
            .bind(KEPT)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            from_db(key, "number of a run")
        };
        begun.await.map_err(self.fault("beginning a task of maintenance"))
    }

    /// Writes down how a run ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_upkeep(&self, run_key: u64, at: i64, result: &str, detail: &str) -> Result<()> {
        let ended = async {
            let mut transaction = self.write().await?;
            sqlx::query("UPDATE maintenance_runs SET ended_at = $2, result = $3, detail = $4 WHERE run_key = $1")
                .bind(to_db(run_key))
                .bind(at)
                .bind(result)
                .bind(detail)
                .execute(&mut *transaction)
                .await?;
            Ok(transaction.commit().await?)
        };
        ended.await.map_err(self.fault("ending a task of maintenance"))
    }

    /// The last runs of a task, the latest first.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn upkeep_runs(&self, task: &str, limit: u32) -> Result<Vec<UpkeepRun>> {
        let read = async {
            let rows = sqlx::query("SELECT * FROM maintenance_runs WHERE task = $1 ORDER BY run_key DESC LIMIT $2")
                .bind(task)
                .bind(i64::from(limit))
                .fetch_all(self.readers())
                .await?;
            rows.iter().map(run_from_row).collect::<Tried<_>>()
        };
        read.await.map_err(self.fault("reading the runs of maintenance"))
    }
}

fn run_from_row(row: &SqliteRow) -> Tried<UpkeepRun> {
    Ok(UpkeepRun {
        run_key: from_db(row.try_get("run_key")?, "number of a run")?,
        task: row.try_get("task")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        result: row.try_get("result")?,
        detail: row.try_get("detail")?,
    })
}
