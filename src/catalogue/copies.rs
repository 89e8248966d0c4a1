//! Copies of the databases while others read and write them, and looking into such a copy.
//!
//! `VACUUM INTO` writes one state of a database into a new file: a reader of the write-ahead log keeps nobody waiting.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{Connection as _, Row};

use super::accounts::{self, AccessStore};
use super::counts::{self, Counts};
use super::database::{Catalogue, connect_options, from_db, from_db_u32};
use super::error::{Error, Fault, Result, Tried};
use super::files::FileReading;
use super::keys;
use crate::access::KeyId;

/// A file as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Media type, by its bytes.
    pub media_type: String,
    /// Number of its pages, when known.
    pub pages: Option<u32>,
    /// How far its reading has come.
    pub reading: FileReading,
    /// Why it could not be read, by code.
    pub failure_code: Option<String>,
}

impl Catalogue {
    /// Writes one state of the catalogue into a new file, which is on disk when this returns. Others go on meanwhile.
    ///
    /// # Errors
    /// When there is a file already, or it cannot be written.
    pub async fn copy_to(&self, target: &Path) -> Result<()> {
        copy(self.path(), target).await.map_err(self.fault("copying it"))
    }

    /// Tells this archive from all others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn archive_id(&self) -> Result<String> {
        let read = async {
            let id = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'archive_id'");
            Ok(id.fetch_one(self.readers()).await?)
        };
        read.await.map_err(self.fault("reading which archive it is"))
    }

    /// Files in the order of their hashes, after one of them.
    ///
    /// # Errors
    /// When the database fails or holds something unreadable.
    pub async fn files_after(&self, after: &str, limit: u32) -> Result<Vec<KnownFile>> {
        let read = files_after(self.readers(), after, limit).await;
        read.map_err(self.fault("listing the files"))
    }

    /// Looks at the whole file with SQLite's own check; what it says, or nothing.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub async fn check_integrity(&self) -> Result<Option<String>> {
        integrity(self.readers()).await.map_err(self.fault("checking it"))
    }
}

impl AccessStore {
    /// As [`Catalogue::copy_to`], of accounts and audit log.
    ///
    /// # Errors
    /// When there is a file already, or it cannot be written.
    pub async fn copy_to(&self, target: &Path) -> Result<()> {
        copy(self.path(), target).await.map_err(self.fault("copying it"))
    }

    /// As [`Catalogue::check_integrity`].
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub async fn check_integrity(&self) -> Result<Option<String>> {
        integrity(self.readers()).await.map_err(self.fault("checking it"))
    }
}

/// A connection of its own: those that read refuse every statement that writes, be it into another file.
async fn copy(source: &Path, target: &Path) -> Tried<()> {
    let name = target
        .to_str()
        .ok_or_else(|| Fault::damaged("name of the copy: it is no UTF-8"))?;
    let options = connect_options(source).create_if_missing(false);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
    let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await;
    connection.close().await?;
    copied?;
    // What is copied is as secret as what it was copied from.
    let private = || {
        let file = std::fs::OpenOptions::new().write(true).open(target)?;
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        file.sync_all()
    };
    private().map_err(Error::io("write to disk", target))?;
    Ok(())
}

async fn files_after(pool: &SqlitePool, after: &str, limit: u32) -> Tried<Vec<KnownFile>> {
    let select = "SELECT sha256, bytes, media_type, pages, state, failure_code FROM files WHERE sha256 > $1 \
                  ORDER BY sha256 LIMIT $2";
    let rows = sqlx::query(select)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let state: String = row.try_get("state")?;
            let pages: Option<i64> = row.try_get("pages")?;
            Ok(KnownFile {
                sha256: row.try_get("sha256")?,
                bytes: from_db(row.try_get("bytes")?, "size of a file")?,
                media_type: row.try_get("media_type")?,
                pages: pages.map(|n| from_db_u32(n, "page count of a file")).transpose()?,
                reading: FileReading::from_code(&state).ok_or_else(|| Fault::damaged("state of a file"))?,
                failure_code: row.try_get("failure_code")?,
            })
        })
        .collect()
}

/// The first thing that SQLite finds wrong.
async fn integrity(pool: &SqlitePool) -> Tried<Option<String>> {
    let told: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(pool).await?;
    if told != "ok" {
        return Ok(Some(told));
    }
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_optional(pool).await?;
    Ok(broken.map(|row| {
        let table: String = row.try_get(0).unwrap_or_default();
        format!("a row of `{table}` belongs to one that is not there")
    }))
}

/// A copy of a database that is looked at where it lies: nothing is written into it or beside it.
#[derive(Debug)]
pub struct DatabaseCopy {
    path: PathBuf,
    pool: SqlitePool,
}

impl DatabaseCopy {
    /// Opens a copy, of the catalogue or of the accounts.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options);
        let pool = pool
            .await
            .map_err(|error| Fault::from(error).named(path, "opening it"))?;
        let path = path.to_owned();
        Ok(Self { path, pool })
    }

    /// As [`Catalogue::check_integrity`].
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub async fn check_integrity(&self) -> Result<Option<String>> {
        integrity(&self.pool).await.map_err(self.fault("checking it"))
    }

    /// The totals of a copy of the catalogue.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn counts(&self) -> Result<Counts> {
        let counted = async { counts::counts(&mut *self.pool.acquire().await?).await };
        counted.await.map_err(self.fault("counting"))
    }

    /// As [`Catalogue::files_after`].
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn files_after(&self, after: &str, limit: u32) -> Result<Vec<KnownFile>> {
        let read = files_after(&self.pool, after, limit).await;
        read.map_err(self.fault("listing the files"))
    }

    /// Place of the last entry of the audit log in a copy of the accounts; 0 when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn audit_sequence(&self) -> Result<u64> {
        let read = async {
            let last: Option<i64> = sqlx::query_scalar("SELECT MAX(sequence) FROM audit_log")
                .fetch_one(&self.pool)
                .await?;
            from_db(last.unwrap_or_default(), "place of an entry")
        };
        read.await.map_err(self.fault("reading the audit log"))
    }

    /// The keys without which something in a copy, of the catalogue or of the accounts, does not open.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn keys_needed(&self) -> Result<Vec<KeyId>> {
        let read = async {
            let mut needed = accounts::keys_needed(&self.pool).await?;
            let catalogue = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'");
            if catalogue.fetch_optional(&self.pool).await?.is_some() {
                needed.extend(keys::used(&mut *self.pool.acquire().await?).await?);
            }
            Ok(needed)
        };
        read.await.map_err(self.fault("reading which keys it needs"))
    }

    /// Closes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    fn fault(&self, doing: &'static str) -> impl FnOnce(Fault) -> Error {
        move |fault| fault.named(&self.path, doing)
    }
}
