//! What can go wrong in the catalogue and the data directory.
//!
//! Messages name the file and what was being done; the text of a statement never appears in them, and neither do
//! values of fields. The cause is kept as the source for the log.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::accounts::AccessRefusal;
use super::corrections::Refusal;
use super::uploads::UploadRefusal;
use crate::access::KeyError;

/// Result of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// Whose fault an error is, for the program's exit status and the HTTP answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The caller gave something that cannot be kept.
    Invalid,
    /// Somebody else holds what is needed; trying again later can help.
    Busy,
    /// What is on disk is damaged, or not ours.
    Corrupt,
    /// The disk, its rights or the program.
    Internal,
}

/// An error of the catalogue or the data directory.
#[derive(Debug, Error)]
pub enum Error {
    /// A file or directory could not be used.
    #[error("cannot {doing} `{path}`")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A data directory without a catalogue.
    #[error("there is no archive in `{path}`")]
    NoArchive {
        /// The data directory.
        path: PathBuf,
    },
    /// A data directory that a restore was writing when it was stopped.
    #[error("a restore into `{path}` was interrupted; empty the directory and restore again")]
    HalfRestored {
        /// The data directory.
        path: PathBuf,
    },
    /// Another indexer holds the data directory.
    #[error("another indexer is running on this data directory (`{path}` is locked)")]
    IndexerRunning {
        /// The lock file.
        path: PathBuf,
    },
    /// An original in the store is not what its name says.
    #[error("the stored original `{path}` is damaged: {detail}")]
    OriginalDamaged {
        /// The original.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A SHA-256 that is not 64 lower-case hexadecimal digits.
    #[error("`{given}` is not a SHA-256 in lower-case hexadecimal digits")]
    NotAHash {
        /// What was given instead.
        given: String,
    },
    /// Another program holds the catalogue for too long.
    #[error("the catalogue `{path}` is held by another program")]
    Locked {
        /// The catalogue.
        path: PathBuf,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The file is damaged, or no SQLite database at all.
    #[error("the catalogue `{path}` is damaged or is not a catalogue")]
    Corrupt {
        /// The catalogue.
        path: PathBuf,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// No space is left.
    #[error("the disk of the catalogue `{path}` is full")]
    DiskFull {
        /// The catalogue.
        path: PathBuf,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The file cannot be opened, read or written.
    #[error("cannot read or write the catalogue `{path}` while {doing}")]
    Unusable {
        /// The catalogue.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// Any other failure of the database.
    #[error("the catalogue `{path}` failed while {doing}")]
    Database {
        /// The catalogue.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value is not what this program writes.
    #[error("the catalogue `{path}` holds an unreadable {what}")]
    Damaged {
        /// The catalogue.
        path: PathBuf,
        /// Which value.
        what: String,
    },
    /// The database was made by something else.
    #[error("`{path}` is a database of another program")]
    NotACatalogue {
        /// The file.
        path: PathBuf,
    },
    /// The catalogue was written by a later version of the program.
    #[error(
        "the catalogue `{path}` has version {found}, this program knows versions up to {known}: use a newer program"
    )]
    TooNew {
        /// The catalogue.
        path: PathBuf,
        /// Version of the file.
        found: u32,
        /// Newest version this program knows.
        known: u32,
    },
    /// A migration that was applied differs from the one in this program.
    #[error("migration {number} of the catalogue `{path}` was applied in another form than this program has")]
    MigrationChanged {
        /// The catalogue.
        path: PathBuf,
        /// Number of the migration.
        number: u32,
    },
    /// A record that cannot be kept.
    #[error("the case `{archival_code}` cannot be kept: {detail}")]
    InvalidCase {
        /// 档号
        archival_code: String,
        /// What is wrong.
        detail: String,
    },
    /// A page that cannot be kept.
    #[error("page {number} of `{content_id}` cannot be kept: {detail}")]
    InvalidPage {
        /// Hash of the file or text.
        content_id: String,
        /// Number of the page.
        number: u32,
        /// What is wrong.
        detail: String,
    },
    /// A file that was never registered.
    #[error("file `{sha256}` is not registered in the catalogue")]
    UnknownFile {
        /// Its hash.
        sha256: String,
    },
    /// A case that does not exist.
    #[error("there is no case with key {case_key}")]
    UnknownCase {
        /// Its key.
        case_key: u64,
    },
    /// A correction that cannot be made or undone.
    #[error("the correction is refused: {0}")]
    Refused(Refusal),
    /// Something that is not done with an upload.
    #[error("the upload is refused: {0}")]
    Upload(UploadRefusal),
    /// Something about accounts, sessions or tokens that is not done.
    #[error("refused: {0}")]
    Access(AccessRefusal),
    /// The keys of the archive.
    #[error("the keys of the archive cannot be used")]
    Keys(#[from] KeyError),
    /// The audit log does not take entries any more, so nothing can be answered.
    #[error("the audit log cannot be written")]
    AuditLog,
    /// A job that does not exist.
    #[error("there is no job with key {job_key}")]
    UnknownJob {
        /// Its key.
        job_key: u64,
    },
}

impl Error {
    /// Whose fault it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::IndexerRunning { .. } | Self::Locked { .. } => Kind::Busy,
            Self::OriginalDamaged { .. }
            | Self::HalfRestored { .. }
            | Self::Corrupt { .. }
            | Self::Damaged { .. }
            | Self::NotACatalogue { .. }
            | Self::TooNew { .. }
            | Self::MigrationChanged { .. } => Kind::Corrupt,
            Self::NotAHash { .. }
            | Self::InvalidCase { .. }
            | Self::InvalidPage { .. }
            | Self::NoArchive { .. }
            | Self::UnknownFile { .. }
            | Self::UnknownCase { .. }
            | Self::Refused(_)
            | Self::Upload(_)
            | Self::Access(_)
            | Self::UnknownJob { .. } => Kind::Invalid,
            Self::Io { .. }
            | Self::DiskFull { .. }
            | Self::Unusable { .. }
            | Self::Keys(_)
            | Self::AuditLog
            | Self::Database { .. } => Kind::Internal,
        }
    }

    /// For `map_err`: a failure of the file system.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}

/// Result inside the module, before the file and the deed are known.
pub(super) type Tried<T> = std::result::Result<T, Fault>;

/// A failure inside the module before the file and the deed are known.
#[derive(Debug)]
pub(super) enum Fault {
    /// The database failed.
    Sql(sqlx::Error),
    /// A stored value is unreadable.
    Damaged(String),
    /// An error that names everything already.
    Named(Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Named(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Named(Error::Refused(refusal))
    }
}

impl From<UploadRefusal> for Fault {
    fn from(refusal: UploadRefusal) -> Self {
        Self::Named(Error::Upload(refusal))
    }
}

impl From<AccessRefusal> for Fault {
    fn from(refusal: AccessRefusal) -> Self {
        Self::Named(Error::Access(refusal))
    }
}

impl Fault {
    /// A stored value that cannot be read.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Names the file and the deed.
    pub(super) fn named(self, path: &Path, doing: &'static str) -> Error {
        match self {
            Self::Sql(source) => classify(source, path, doing),
            Self::Damaged(what) => Error::Damaged {
                path: path.to_owned(),
                what,
            },
            Self::Named(error) => error,
        }
    }
}

/// Sorts by SQLite's primary result code (<https://www.sqlite.org/rescode.html>).
fn classify(source: sqlx::Error, path: &Path, doing: &'static str) -> Error {
    let path = path.to_owned();
    if let sqlx::Error::PoolTimedOut = source {
        return Error::Locked { path, source };
    }
    if let sqlx::Error::ColumnDecode { index, .. } = &source {
        let what = format!("value in column {index}");
        return Error::Damaged { path, what };
    }
    let code = source
        .as_database_error()
        .and_then(|e| e.code())
        .and_then(|code| code.parse::<u32>().ok())
        .map(|code| code & 0xff);
    match code {
        Some(5 | 6) => Error::Locked { path, source },
        Some(11 | 26) => Error::Corrupt { path, source },
        Some(13) => Error::DiskFull { path, source },
        Some(3 | 8 | 10 | 14 | 23) => Error::Unusable { path, doing, source },
        _ => Error::Database { path, doing, source },
    }
}
