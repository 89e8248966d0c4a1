//! Originals and how far their reading has come.

use sqlx::Row;

use super::database::{Catalogue, Connection, from_db, from_db_u32, now, to_db};
use super::directory::check_hash;
use super::error::{Error, Fault, Result, Tried};

/// A file to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Media type found from its bytes, e.g. `application/pdf`.
    pub media_type: String,
    /// Number of pages, when known.
    pub pages: Option<u32>,
}

/// How far the reading of a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileReading {
    /// Registered; some pages may have been read.
    Reading,
    /// Every page was read, or has its own failure.
    Read,
    /// The file as a whole could not be read.
    Failed,
}

impl FileReading {
    fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Reading, Self::Read, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFailure {
    /// Stable code.
    pub code: String,
    /// What happened.
    pub detail: String,
}

/// What is known of a file and its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Its size.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
    /// Number of pages, when known.
    pub pages_expected: Option<u32>,
    /// Pages kept so far, ascending; those that failed are among them.
    pub pages_done: Vec<u32>,
    /// Pages kept with a failure, ascending.
    pub pages_failed: Vec<u32>,
    /// How far the reading has come.
    pub reading: FileReading,
    /// Why the file failed.
    pub failure: Option<FileFailure>,
}

impl FileState {
    /// Whether nothing is left to do for the file.
    pub fn finished(&self) -> bool {
        self.reading != FileReading::Reading
    }
}

impl Catalogue {
    /// Registers a file and returns what is known of it. A file that is there already keeps its state and its pages;
    /// only a page count that was unknown is filled in.
    ///
    /// # Errors
    /// [`Error::NotAHash`], or a failure of the database.
    pub async fn register_file(&self, file: &NewFile) -> Result<FileState> {
        check_hash(&file.sha256)?;
        let registered = async {
            let mut transaction = self.write().await?;
            sqlx::query(
                "INSERT INTO files (sha256, bytes, media_type, pages, state, registered_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (sha256) DO UPDATE SET pages = COALESCE(files.pages, excluded.pages)",
            )
            .bind(&file.sha256)
            .bind(to_db(file.bytes))
            .bind(&file.media_type)
            .bind(file.pages.map(i64::from))
            .bind(FileReading::Reading.code())
            .bind(now())
            .execute(&mut *transaction)
            .await?;
            let state = state(&mut transaction, &file.sha256).await?;
            transaction.commit().await?;
            state.ok_or_else(|| unknown(&file.sha256).into())
        };
        registered.await.map_err(self.fault("registering a file"))
    }

    /// What is known of a file; `None` when it was never registered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn file_state(&self, sha256: &str) -> Result<Option<FileState>> {
        let read = async {
            let mut transaction = self.read().await?;
            state(&mut transaction, sha256).await
        };
        read.await.map_err(self.fault("reading the state of a file"))
    }

    /// Ends the reading of a file: with its number of pages, or with the failure that stopped it.
    ///
    /// # Errors
    /// [`Error::UnknownFile`], or a failure of the database.
    pub async fn finish_file(&self, sha256: &str, pages: Option<u32>, failure: Option<&FileFailure>) -> Result<()> {
        let reading = if failure.is_some() {
            FileReading::Failed
        } else {
            FileReading::Read
        };
        self.set_file(sha256, reading, pages, failure).await
    }

    /// Opens a finished file for another reading. The pages already kept stay until they are read again.
    ///
    /// # Errors
    /// [`Error::UnknownFile`], or a failure of the database.
    pub async fn reopen_file(&self, sha256: &str) -> Result<()> {
        self.set_file(sha256, FileReading::Reading, None, None).await
    }

    async fn set_file(
        &self,
        sha256: &str,
        reading: FileReading,
        pages: Option<u32>,
        failure: Option<&FileFailure>,
    ) -> Result<()> {
        let set = async {
            let mut transaction = self.write().await?;
            let done = sqlx::query(
                "UPDATE files SET state = $2, pages = COALESCE($3, pages), failure_code = $4, failure_detail = $5, \
                 finished_at = $6 WHERE sha256 = $1",
            )
            .bind(sha256)
            .bind(reading.code())
            .bind(pages.map(i64::from))
            .bind(failure.map(|f| f.code.as_str()))
            .bind(failure.map(|f| f.detail.as_str()))
            .bind((reading != FileReading::Reading).then(now))
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                return Err(Fault::from(unknown(sha256)));
            }
            Ok(transaction.commit().await?)
        };
        set.await.map_err(self.fault("ending the reading of a file"))
    }
}

fn unknown(sha256: &str) -> Error {
    Error::UnknownFile {
        sha256: sha256.to_owned(),
    }
}

async fn state(connection: &mut Connection, sha256: &str) -> Tried<Option<FileState>> {
    let row = sqlx::query(
        "SELECT bytes, media_type, pages, state, failure_code, failure_detail FROM files WHERE sha256 = $1",
    )
    .bind(sha256)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let code: String = row.try_get("state")?;
    let pages: Option<i64> = row.try_get("pages")?;
    let failure_code: Option<String> = row.try_get("failure_code")?;
    let failure_detail: Option<String> = row.try_get("failure_detail")?;
    let mut state = FileState {
        bytes: from_db(row.try_get("bytes")?, "size of a file")?,
        media_type: row.try_get("media_type")?,
        pages_expected: pages.map(|n| from_db_u32(n, "page count of a file")).transpose()?,
        pages_done: Vec::new(),
        pages_failed: Vec::new(),
        reading: FileReading::from_code(&code).ok_or_else(|| Fault::damaged("state of a file"))?,
        failure: failure_code.map(|code| FileFailure {
            code,
            detail: failure_detail.unwrap_or_default(),
        }),
    };
    let rows = sqlx::query("SELECT number, failure_code FROM pages WHERE content_id = $1 ORDER BY number")
        .bind(sha256)
        .fetch_all(connection)
        .await?;
    for row in rows {
        let number = from_db_u32(row.try_get("number")?, "page number")?;
        state.pages_done.push(number);
        if row.try_get::<Option<String>, _>("failure_code")?.is_some() {
            state.pages_failed.push(number);
        }
    }
    Ok(Some(state))
}
