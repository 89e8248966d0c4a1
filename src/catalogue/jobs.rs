//! Work to be done and how it went. A job is known by its kind and its source, so that a second run finds the first.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::database::{Catalogue, Connection, from_db, from_db_u32, now, to_db};
use super::error::{Error, Fault, Result, Tried};
use super::sealed::{Place, Secrets};

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// An indexer is at it.
    Running,
    /// Done.
    Done,
    /// Ended with a reason.
    Failed,
}

impl JobState {
    /// The stable code stored in the catalogue and shown in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its key.
    pub job_key: u64,
    /// What is to be done, e.g. `ingest`.
    pub kind: String,
    /// What it is to be done with, e.g. a path.
    pub source: String,
    /// Hash of the source's content when it was last queued; tells whether a job that is done is still done.
    pub content: Option<String>,
    /// Its state.
    pub state: JobState,
    /// Why it failed: stable code and what happened.
    pub reason: Option<(String, String)>,
    /// How often it was started.
    pub attempts: u32,
}

const COLUMNS: &str = "job_key, kind, source_id, source, content, state, reason_code, reason, attempts";

impl Catalogue {
    /// Puts a job into the queue and returns it as it then is. A job with the same kind and source is used again: one
    /// that waits, runs or is done stays as it is when `content` is the same as then; else it is queued anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enqueue_job(&self, kind: &str, source: &str, content: Option<&str>) -> Result<Job> {
        let queued = async {
            let mut transaction = self.write().await?;
            if let Some((job, _)) = find(&mut transaction, self.secrets(), kind, source).await? {
                let same = content.is_some() && job.content.as_deref() == content;
                if same && job.state != JobState::Failed {
                    return Ok(job);
                }
            }
            let job = put(&mut transaction, self.secrets(), kind, source, content).await?;
            transaction.commit().await?;
            Ok(job)
        };
        queued.await.map_err(self.fault("queueing a job"))
    }

    /// Marks a job as running.
    ///
    /// # Errors
    /// [`Error::UnknownJob`], or a failure of the database.
    pub async fn start_job(&self, job_key: u64) -> Result<()> {
        let started = async {
            let mut transaction = self.write().await?;
            start(&mut transaction, job_key).await?;
            Ok(transaction.commit().await?)
        };
        started.await.map_err(self.fault("starting a job"))
    }

    /// Marks a job as done.
    ///
    /// # Errors
    /// [`Error::UnknownJob`], or a failure of the database.
    pub async fn finish_job(&self, job_key: u64) -> Result<()> {
        self.end_job(job_key, JobState::Done, None).await
    }

    /// Marks a job as failed, with a stable code and what happened.
    ///
    /// # Errors
    /// [`Error::UnknownJob`], or a failure of the database.
    pub async fn fail_job(&self, job_key: u64, code: &str, detail: &str) -> Result<()> {
        self.end_job(job_key, JobState::Failed, Some((code, detail))).await
    }

    async fn end_job(&self, job_key: u64, state: JobState, reason: Option<(&str, &str)>) -> Result<()> {
        let ended = async {
            let mut transaction = self.write().await?;
            end(&mut transaction, self.secrets(), job_key, state, reason).await?;
            Ok(transaction.commit().await?)
        };
        ended.await.map_err(self.fault("ending a job"))
    }

    /// Puts the jobs that a crashed indexer left running back into the queue; returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requeue_running_jobs(&self) -> Result<u64> {
        let requeued = async {
            let mut transaction = self.write().await?;
            let done = sqlx::query("UPDATE jobs SET state = $2, started_at = NULL WHERE state = $1")
                .bind(JobState::Running.code())
                .bind(JobState::Queued.code())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(done.rows_affected())
        };
        requeued.await.map_err(self.fault("putting jobs back into the queue"))
    }

    /// The waiting jobs of one kind, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queued_jobs(&self, kind: &str, limit: u32) -> Result<Vec<Job>> {
        let listed = async {
            let mut transaction = self.read().await?;
            let select = format!("SELECT {COLUMNS} FROM jobs WHERE state = $1 AND kind = $2 ORDER BY job_key LIMIT $3");
            let rows = sqlx::query(sqlx::AssertSqlSafe(select))
                .bind(JobState::Queued.code())
                .bind(kind)
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
            rows.iter()
                .map(|row| job_from_row(row, self.secrets()))
                .collect::<Tried<Vec<_>>>()
        };
        listed.await.map_err(self.fault("listing jobs"))
    }

    /// The jobs in one state, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_in_state(&self, state: JobState, limit: u32) -> Result<Vec<Job>> {
        let listed = async {
            let mut transaction = self.read().await?;
            let select = format!("SELECT {COLUMNS} FROM jobs WHERE state = $1 ORDER BY job_key LIMIT $2");
            let rows = sqlx::query(sqlx::AssertSqlSafe(select))
                .bind(state.code())
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
            rows.iter()
                .map(|row| job_from_row(row, self.secrets()))
                .collect::<Tried<Vec<_>>>()
        };
        listed.await.map_err(self.fault("listing jobs"))
    }
}

/// Queues a job, anew when it was there before.
pub(super) async fn put(
    connection: &mut Connection,
    secrets: &Secrets,
    kind: &str,
    source: &str,
    content: Option<&str>,
) -> Tried<Job> {
    let source_id = source_id(secrets, source);
    let place = Place::Job {
        kind,
        source_id: &source_id,
    };
    let sealed = secrets.seal(place, &source)?;
    let upsert = format!(
        "INSERT INTO jobs (kind, source_id, source, content, state, attempts, enqueued_at) \
         VALUES ($1, $2, $3, $4, $5, 0, $6) \
         ON CONFLICT (kind, source_id) DO UPDATE SET content = excluded.content, state = excluded.state, \
         reason_code = NULL, reason = NULL, enqueued_at = excluded.enqueued_at, started_at = NULL, \
         finished_at = NULL RETURNING {COLUMNS}"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(upsert))
        .bind(kind)
        .bind(&source_id)
        .bind(sealed)
        .bind(content)
        .bind(JobState::Queued.code())
        .bind(now())
        .fetch_one(connection)
        .await?;
    job_from_row(&row, secrets)
}

/// What stands for a source where it is looked for.
pub(super) fn source_id(secrets: &Secrets, source: &str) -> String {
    secrets.ids.derive(&format!("job\n{source}"))
}

/// The job of this kind with this source, and when it was put into the queue.
pub(super) async fn find(
    connection: &mut Connection,
    secrets: &Secrets,
    kind: &str,
    source: &str,
) -> Tried<Option<(Job, String)>> {
    let select = format!("SELECT enqueued_at, {COLUMNS} FROM jobs WHERE kind = $1 AND source_id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(select))
        .bind(kind)
        .bind(source_id(secrets, source))
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((job_from_row(&row, secrets)?, row.try_get("enqueued_at")?)))
}

/// Marks a job as running.
pub(super) async fn start(connection: &mut Connection, job_key: u64) -> Tried<()> {
    let done = sqlx::query(
        "UPDATE jobs SET state = $2, attempts = attempts + 1, started_at = $3, finished_at = NULL, \
         reason_code = NULL, reason = NULL WHERE job_key = $1",
    )
    .bind(to_db(job_key))
    .bind(JobState::Running.code())
    .bind(now())
    .execute(connection)
    .await?;
    match done.rows_affected() {
        0 => Err(Error::UnknownJob { job_key }.into()),
        _ => Ok(()),
    }
}

pub(super) async fn end(
    connection: &mut Connection,
    secrets: &Secrets,
    job_key: u64,
    state: JobState,
    reason: Option<(&str, &str)>,
) -> Tried<()> {
    let place = Place::JobReason {
        job_key: to_db(job_key),
    };
    let detail = reason.map(|(_, detail)| secrets.seal(place, &detail)).transpose()?;
    let done =
        sqlx::query("UPDATE jobs SET state = $2, reason_code = $3, reason = $4, finished_at = $5 WHERE job_key = $1")
            .bind(to_db(job_key))
            .bind(state.code())
            .bind(reason.map(|(code, _)| code))
            .bind(detail)
            .bind(now())
            .execute(connection)
            .await?;
    if done.rows_affected() == 0 {
        return Err(Error::UnknownJob { job_key }.into());
    }
    Ok(())
}

fn job_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<Job> {
    let state: String = row.try_get("state")?;
    let code: Option<String> = row.try_get("reason_code")?;
    let (job_key, kind): (i64, String) = (row.try_get("job_key")?, row.try_get("kind")?);
    let source_id: String = row.try_get("source_id")?;
    let source: Vec<u8> = row.try_get("source")?;
    let place = Place::Job {
        kind: &kind,
        source_id: &source_id,
    };
    let source = secrets.open(place, &source)?;
    let detail: Option<Vec<u8>> = row.try_get("reason")?;
    let detail = detail.map(|sealed| secrets.open(Place::JobReason { job_key }, &sealed));
    let detail: Option<String> = detail.transpose()?;
    Ok(Job {
        job_key: from_db(job_key, "job key")?,
        kind,
        source,
        content: row.try_get("content")?,
        state: JobState::from_code(&state).ok_or_else(|| Fault::damaged("state of a job"))?,
        reason: code.map(|code| (code, detail.unwrap_or_default())),
        attempts: from_db_u32(row.try_get("attempts")?, "attempts of a job")?,
    })
}
