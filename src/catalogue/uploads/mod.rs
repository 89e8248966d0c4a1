//! Uploads: files that people send over HTTP, until they are cases.
//!
//! An upload is open while its files are named and sent, each under a number; names are sealed and never in an address. A
//! check (job [`CHECK_JOB`]) tells what would become of it, and once it is given to the indexer (job [`UPLOAD_JOB`]) nothing
//! of it changes any more but how far it is. What is written down about a file, and the number by which onlookers see that
//! there is something new, are one transaction.

mod give;
mod path;
mod report;
mod room;
mod work;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use thiserror::Error;

use super::database::{Catalogue, Connection, from_db, from_db_u32, now, to_db};
use super::error::{Fault, Tried};
use super::jobs::{Job, JobState};
use super::sealed::{Place, Secrets};

pub use give::UploadLimits;
pub use path::{PathFault, UploadPath};
pub use report::{MOST_FINDINGS, UploadCase, UploadColumn, UploadFinding, UploadManifest, UploadReport};
pub use room::IncomingFile;
pub use work::{FileNews, UploadWork};

/// Kind of the jobs that tell what would become of an upload; their source is its identifier.
pub const CHECK_JOB: &str = "upload_check";
/// Kind of the jobs that make cases of an upload; their source is its identifier.
pub const UPLOAD_JOB: &str = "upload";

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$state:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$state])* $variant,)+ }

        impl $name {
            /// The stable code stored in the catalogue and shown in answers.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

states! {
    /// How far an upload is.
    UploadState {
        /// Files are named and sent.
        Open = "open",
        /// It was given to the indexer.
        Given = "given",
        /// The indexer is done with it, for now: what failed can be tried again.
        Ended = "ended",
        /// Nothing will come of it, or of the rest of it, any more; its files are gone.
        Closed = "closed",
    }
}

states! {
    /// How far a file of an upload is.
    UploadFileState {
        /// Named; its bytes have not come, or not all of them.
        Named = "named",
        /// Here as a whole.
        Waiting = "waiting",
        /// Being read.
        Reading = "reading",
        /// Read.
        Read = "read",
        /// It could not be read.
        Failed = "failed",
        /// No case has it: it is no scan, or the manifest does not name it, or its row was refused.
        PassedOver = "passed_over",
    }
}

/// How an upload is to be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadOptions {
    /// Number of the file that is the manifest.
    pub manifest: Option<u32>,
    /// Whether each file is a case of its own.
    pub each_file: bool,
    /// What headings of the manifest mean that are not known, as in a mapping file.
    pub headings: BTreeMap<String, String>,
}

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub(super) upload_key: i64,
    /// Opaque identifier.
    pub upload_id: String,
    /// How far it is.
    pub state: UploadState,
    /// Goes up with every change.
    pub revision: u64,
    /// When it was begun (RFC 3339, UTC).
    pub made_at: String,
    /// How it is to be understood.
    pub options: UploadOptions,
    /// Its files by number.
    pub files: Vec<UploadFile>,
}

/// A file of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// Its number in the upload, from 1.
    pub number: u32,
    /// Its name, below the folder of the upload.
    pub path: String,
    /// Its size, as announced.
    pub bytes: u64,
    /// SHA-256, once it is here.
    pub sha256: Option<String>,
    /// How far it is.
    pub state: UploadFileState,
    /// Stable code of why it, or the first page of it that failed, could not be read.
    pub reason: Option<String>,
    /// Its pages, once they are counted.
    pub pages: Option<u32>,
    /// Pages that could not be read.
    pub pages_failed: u32,
}

/// A job of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadJob {
    /// The job.
    pub job: Job,
    /// When it was put into the queue (RFC 3339, UTC).
    pub enqueued_at: String,
}

/// Why something is not done with an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UploadRefusal {
    /// There is none, or it is somebody else's.
    #[error("no such upload")]
    Unknown,
    /// There is no such file in it.
    #[error("no such file of the upload")]
    NoFile,
    /// It is in another state than this needs.
    #[error("the upload is in another state")]
    State,
    /// The account has too many.
    #[error("too many uploads are open")]
    TooMany,
    /// It would have too many files.
    #[error("the upload has too many files")]
    TooManyFiles,
    /// It would have too many bytes.
    #[error("the upload has too many bytes")]
    TooLarge,
    /// Files are missing.
    #[error("not all files are here")]
    Incomplete,
    /// It was not checked as it is now, or nothing can be made of it.
    #[error("the upload was not checked, or nothing can be made of it")]
    Unchecked,
    /// Scans lie side by side in no folder, and nothing says what they are.
    #[error("the files are in no folder")]
    Loose,
    /// Nothing failed.
    #[error("there is nothing to try again")]
    NothingFailed,
}

impl Upload {
    /// Whether a file failed, or pages of one.
    pub fn has_failures(&self) -> bool {
        let failed = |file: &UploadFile| file.state == UploadFileState::Failed || file.pages_failed > 0;
        self.files.iter().any(failed)
    }

    /// What stands for its files and options together: a check that was made of another content says nothing of this one.
    fn content(&self) -> Tried<String> {
        let files: Vec<(u32, &str, Option<&str>)> = self
            .files
            .iter()
            .map(|file| (file.number, file.path.as_str(), file.sha256.as_deref()))
            .collect();
        let json = serde_json::to_vec(&(&self.options, files)).map_err(|_| Fault::damaged("upload"))?;
        Ok(hex::encode(Sha256::digest(json)))
    }
}

impl Catalogue {
    /// An upload of an account; `None` when there is none, or it is somebody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload(&self, account_key: u64, upload_id: &str) -> super::Result<Option<Upload>> {
        let read = async {
            let mut transaction = self.read().await?;
            let found = find(&mut transaction, self.secrets(), upload_id, Some(account_key)).await;
            match found {
                Err(Fault::Named(super::Error::Upload(UploadRefusal::Unknown))) => Ok(None),
                found => Ok(Some(found?)),
            }
        };
        read.await.map_err(self.fault("reading an upload"))
    }

    /// The revision of an upload that somebody may look on; `None` as of [`Self::upload`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload_revision(&self, account_key: u64, upload_id: &str) -> super::Result<Option<u64>> {
        let read = async {
            let revision: Option<i64> =
                sqlx::query_scalar("SELECT revision FROM uploads WHERE upload_id = $1 AND account_key = $2")
                    .bind(upload_id)
                    .bind(to_db(account_key))
                    .fetch_optional(self.readers())
                    .await?;
            revision.map(|revision| from_db(revision, "revision")).transpose()
        };
        read.await.map_err(self.fault("reading an upload"))
    }

    /// The uploads of an account that are not closed, and the latest of the others, at most `limit`, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn uploads(&self, account_key: u64, limit: u32) -> super::Result<Vec<Upload>> {
        let read = async {
            let mut transaction = self.read().await?;
            let ids: Vec<String> = sqlx::query_scalar(
                "SELECT upload_id FROM uploads WHERE account_key = $1 \
                 ORDER BY CASE state WHEN 'closed' THEN 1 ELSE 0 END, upload_key DESC LIMIT $2",
            )
            .bind(to_db(account_key))
            .bind(i64::from(limit))
            .fetch_all(&mut *transaction)
            .await?;
            let mut uploads = Vec::with_capacity(ids.len());
            for id in ids {
                uploads.push(find(&mut transaction, self.secrets(), &id, Some(account_key)).await?);
            }
            Ok(uploads)
        };
        read.await.map_err(self.fault("listing uploads"))
    }

    /// The job of this kind for an upload.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload_job(&self, upload_id: &str, kind: &str) -> super::Result<Option<UploadJob>> {
        let read = async {
            let mut transaction = self.read().await?;
            let found = super::jobs::find(&mut transaction, self.secrets(), kind, upload_id).await?;
            Ok(found.map(|(job, enqueued_at)| UploadJob { job, enqueued_at }))
        };
        read.await.map_err(self.fault("reading a job"))
    }

    /// What the check of an upload found, and whether the upload is still what was checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload_report(&self, upload: &Upload) -> super::Result<Option<(UploadReport, bool)>> {
        let read = async {
            let mut transaction = self.read().await?;
            report_of(&mut transaction, self.secrets(), upload).await
        };
        read.await.map_err(self.fault("reading what a check found"))
    }

    /// Archival codes of the cases that came of an upload, and what became of each: `created`, `changed`, `unchanged`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upload_cases(&self, upload: &Upload) -> super::Result<Vec<(String, String)>> {
        let read = async {
            let rows = sqlx::query(
                "SELECT archival_code, outcome FROM upload_cases WHERE upload_key = $1 ORDER BY archival_code",
            )
            .bind(upload.upload_key)
            .fetch_all(self.readers())
            .await?;
            let case = |row: &SqliteRow| Ok((row.try_get("archival_code")?, row.try_get("outcome")?));
            rows.iter().map(case).collect::<Tried<Vec<_>>>()
        };
        read.await.map_err(self.fault("listing the cases of an upload"))
    }
}

async fn report_of(
    connection: &mut Connection,
    secrets: &Secrets,
    upload: &Upload,
) -> Tried<Option<(UploadReport, bool)>> {
    let row = sqlx::query("SELECT content, sealed FROM upload_reports WHERE upload_key = $1")
        .bind(upload.upload_key)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let content: String = row.try_get("content")?;
    let place = Place::UploadReport {
        upload_key: upload.upload_key,
    };
    Ok(Some((secrets.open(place, &sealed)?, content == upload.content()?)))
}

/// An upload with its files; of this account, when one is given.
async fn find(
    connection: &mut Connection,
    secrets: &Secrets,
    upload_id: &str,
    account_key: Option<u64>,
) -> Tried<Upload> {
    let row = sqlx::query("SELECT * FROM uploads WHERE upload_id = $1")
        .bind(upload_id)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(UploadRefusal::Unknown)?;
    let owner = from_db(row.try_get("account_key")?, "account of an upload")?;
    if account_key.is_some_and(|asked| asked != owner) {
        return Err(UploadRefusal::Unknown.into());
    }
    let upload_key: i64 = row.try_get("upload_key")?;
    let state: String = row.try_get("state")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let rows = sqlx::query("SELECT * FROM upload_files WHERE upload_key = $1 ORDER BY number")
        .bind(upload_key)
        .fetch_all(connection)
        .await?;
    Ok(Upload {
        upload_key,
        state: UploadState::from_code(&state).ok_or_else(|| Fault::damaged("state of an upload"))?,
        revision: from_db(row.try_get("revision")?, "revision")?,
        made_at: row.try_get("made_at")?,
        options: secrets.open(Place::Upload { upload_id }, &sealed)?,
        files: rows
            .iter()
            .map(|row| file_from_row(row, secrets))
            .collect::<Tried<Vec<_>>>()?,
        upload_id: upload_id.to_owned(),
    })
}

fn file_from_row(row: &SqliteRow, secrets: &Secrets) -> Tried<UploadFile> {
    let (upload_key, number): (i64, i64) = (row.try_get("upload_key")?, row.try_get("number")?);
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let state: String = row.try_get("state")?;
    let pages: Option<i64> = row.try_get("pages")?;
    Ok(UploadFile {
        number: from_db_u32(number, "number of a file")?,
        path: secrets.open(Place::UploadFile { upload_key, number }, &sealed)?,
        bytes: from_db(row.try_get("bytes")?, "size of a file")?,
        sha256: row.try_get("sha256")?,
        state: UploadFileState::from_code(&state).ok_or_else(|| Fault::damaged("state of a file"))?,
        reason: row.try_get("reason_code")?,
        pages: pages.map(|pages| from_db_u32(pages, "number of pages")).transpose()?,
        pages_failed: from_db_u32(row.try_get("pages_failed")?, "number of pages")?,
    })
}

/// Says that there is something new to see of an upload.
async fn touch(connection: &mut Connection, upload_key: i64) -> Tried<()> {
    sqlx::query("UPDATE uploads SET revision = revision + 1, touched_at = $2 WHERE upload_key = $1")
        .bind(upload_key)
        .bind(now())
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_state(connection: &mut Connection, upload_key: i64, state: UploadState) -> Tried<()> {
    sqlx::query("UPDATE uploads SET state = $2 WHERE upload_key = $1")
        .bind(upload_key)
        .bind(state.code())
        .execute(&mut *connection)
        .await?;
    touch(connection, upload_key).await
}

/// Whether a job is in the way of a change.
fn is_open(job: &Job) -> bool {
    matches!(job.state, JobState::Queued | JobState::Running)
}
