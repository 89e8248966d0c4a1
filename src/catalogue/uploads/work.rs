//! What the indexer does with an upload: check it, make cases of it, and tell how far it is.

use super::super::database::{Catalogue, Connection, from_db, to_db};
use super::super::error::{Error, Result, Tried};
use super::super::jobs;
use super::super::sealed::Place;
use super::{Upload, UploadFileState, UploadRefusal, UploadReport, UploadState, find, set_state, touch};

/// An upload as the indexer has it, whoever sent it.
pub type UploadWork = Upload;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNews {
    /// Its number in the upload.
    pub number: u32,
    /// How far it is.
    pub state: UploadFileState,
    /// Stable code of why it, or the first page of it that failed, could not be read.
    pub reason: Option<String>,
    /// Its pages.
    pub pages: Option<u32>,
    /// Pages that could not be read.
    pub pages_failed: u32,
}

/// The one name under which a watcher says that it is there.
const WATCHER: &str = "watch";

impl Catalogue {
    /// The upload that a job is about; `None` when it is closed or was never there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload_work(&self, upload_id: &str) -> Result<Option<UploadWork>> {
        let read = async {
            let mut transaction = self.read().await?;
            Ok(find(&mut transaction, self.secrets(), upload_id, None).await)
        };
        match read.await.map_err(self.fault("reading an upload"))? {
            Ok(upload) => Ok(Some(upload).filter(|upload| upload.state != UploadState::Closed)),
            Err(super::super::error::Fault::Named(Error::Upload(UploadRefusal::Unknown))) => Ok(None),
            Err(fault) => Err(self.fault("reading an upload")(fault)),
        }
    }

    /// Marks the job of an upload as running.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_upload_job(&self, job_key: u64, upload: &UploadWork) -> Result<()> {
        let started = async {
            let mut transaction = self.write().await?;
            jobs::start(&mut transaction, job_key).await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        started.await.map_err(self.fault("starting a job"))
    }

    /// Keeps what a check found, and ends its job.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_upload_report(&self, job_key: u64, upload: &UploadWork, report: &UploadReport) -> Result<()> {
        let kept = async {
            let mut transaction = self.write().await?;
            let place = Place::UploadReport {
                upload_key: upload.upload_key,
            };
            sqlx::query(
                "INSERT INTO upload_reports (upload_key, content, sealed) VALUES ($1, $2, $3) \
                 ON CONFLICT (upload_key) DO UPDATE SET content = excluded.content, sealed = excluded.sealed",
            )
            .bind(upload.upload_key)
            .bind(upload.content()?)
            .bind(self.secrets().seal(place, report)?)
            .execute(&mut *transaction)
            .await?;
            jobs::end(&mut transaction, self.secrets(), job_key, jobs::JobState::Done, None).await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        kept.await.map_err(self.fault("keeping what a check found"))
    }

    /// Notes what became of a file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_upload_file(&self, upload: &UploadWork, news: &FileNews) -> Result<()> {
        let noted = async {
            let mut transaction = self.write().await?;
            sqlx::query(
                "UPDATE upload_files SET state = $3, reason_code = $4, pages = COALESCE($5, pages), pages_failed = $6 \
                 WHERE upload_key = $1 AND number = $2",
            )
            .bind(upload.upload_key)
            .bind(i64::from(news.number))
            .bind(news.state.code())
            .bind(&news.reason)
            .bind(news.pages.map(i64::from))
            .bind(i64::from(news.pages_failed))
            .execute(&mut *transaction)
            .await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        noted.await.map_err(self.fault("noting a file of an upload"))
    }

    /// Notes what became of a case: `created`, `changed` or `unchanged`. One that was created or changed by an earlier,
    /// interrupted try stays so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_upload_case(&self, upload: &UploadWork, archival_code: &str, outcome: &str) -> Result<()> {
        let noted = async {
            let mut transaction = self.write().await?;
            sqlx::query(
                "INSERT INTO upload_cases (upload_key, archival_code, outcome) VALUES ($1, $2, $3) \
                 ON CONFLICT (upload_key, archival_code) DO UPDATE SET outcome = \
                 CASE excluded.outcome WHEN 'unchanged' THEN upload_cases.outcome ELSE excluded.outcome END",
            )
            .bind(upload.upload_key)
            .bind(archival_code)
            .bind(outcome)
            .execute(&mut *transaction)
            .await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        noted.await.map_err(self.fault("noting a case of an upload"))
    }

    /// Ends the job that makes cases of an upload, and says whether its files may go: they stay while something of them can
    /// be tried again. Files that no case had are passed over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_upload(&self, job_key: u64, upload: &UploadWork, failure: Option<&str>) -> Result<bool> {
        let ended = async {
            let mut transaction = self.write().await?;
            if failure.is_none() {
                sqlx::query(
                    "UPDATE upload_files SET state = 'passed_over' WHERE upload_key = $1 AND state IN ('waiting', 'reading')",
                )
                .bind(upload.upload_key)
                .execute(&mut *transaction)
                .await?;
            }
            let state = match failure {
                Some(_) => jobs::JobState::Failed,
                None => jobs::JobState::Done,
            };
            let reason = failure.map(|code| (code, ""));
            jobs::end(&mut transaction, self.secrets(), job_key, state, reason).await?;
            let now = find(&mut transaction, self.secrets(), &upload.upload_id, None).await?;
            let finished = failure.is_none() && !now.has_failures();
            let state = if finished {
                UploadState::Closed
            } else {
                UploadState::Ended
            };
            set_state(&mut transaction, upload.upload_key, state).await?;
            transaction.commit().await?;
            Ok(finished)
        };
        ended.await.map_err(self.fault("ending an upload"))
    }

    /// Fails the check of an upload.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_upload_check(&self, job_key: u64, upload: &UploadWork, code: &str) -> Result<()> {
        let ended = async {
            let mut transaction = self.write().await?;
            let failed = jobs::JobState::Failed;
            jobs::end(&mut transaction, self.secrets(), job_key, failed, Some((code, ""))).await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        ended.await.map_err(self.fault("ending a check"))
    }

    /// Identifiers of the uploads that are closed, among these.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn closed_uploads(&self, among: &[String]) -> Result<Vec<String>> {
        let looked = async {
            let mut closed = Vec::new();
            for id in among {
                let state: Option<String> = sqlx::query_scalar("SELECT state FROM uploads WHERE upload_id = $1")
                    .bind(id)
                    .fetch_optional(self.readers())
                    .await?;
                if state.is_none_or(|state| state == UploadState::Closed.code()) {
                    closed.push(id.clone());
                }
            }
            Ok(closed)
        };
        looked.await.map_err(self.fault("looking for closed uploads"))
    }

    /// Says that somebody takes uploads in, at a second since 1970; `None`: not any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watcher_is_there(&self, at: Option<u64>) -> Result<()> {
        let noted = async {
            let mut transaction = self.write().await?;
            note_watcher(&mut transaction, at).await?;
            Ok(transaction.commit().await?)
        };
        noted.await.map_err(self.fault("noting the watcher"))
    }

    /// When somebody last said that they take uploads in, in seconds since 1970.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watcher_seen(&self) -> Result<Option<u64>> {
        let read = async {
            let seen: Option<i64> = sqlx::query_scalar("SELECT seen_at FROM watchers WHERE name = $1")
                .bind(WATCHER)
                .fetch_optional(self.readers())
                .await?;
            seen.map(|seen| from_db(seen, "time of a watcher")).transpose()
        };
        read.await.map_err(self.fault("looking for the watcher"))
    }
}

async fn note_watcher(connection: &mut Connection, at: Option<u64>) -> Tried<()> {
    let seen = "INSERT INTO watchers (name, seen_at) VALUES ($1, $2) \
                ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at";
    let statement = match at {
        Some(at) => sqlx::query(seen).bind(WATCHER).bind(to_db(at)),
        None => sqlx::query("DELETE FROM watchers WHERE name = $1").bind(WATCHER),
    };
    statement.execute(connection).await?;
    Ok(())
}
