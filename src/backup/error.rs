//! What can go wrong in a backup or a restore. Everything names the file or directory.

use std::path::PathBuf;

use crate::access::{KeyError, KeyId};
use crate::catalogue;

/// Result of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a backup or a restore was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, the catalogue or the accounts.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// Keys.
    #[error("the keys cannot be used")]
    Keys(#[from] KeyError),
    /// A directory lies in another in which it may not lie.
    #[error("`{inner}` lies in `{outer}`: they must be apart")]
    Inside {
        /// The one.
        inner: PathBuf,
        /// The other.
        outer: PathBuf,
    },
    /// Another backup or restore uses the directory.
    #[error("another backup, or a restore, is using `{path}`")]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// A directory with other things in it.
    #[error("`{path}` holds something else than backups of an archive")]
    NotABackup {
        /// The directory.
        path: PathBuf,
    },
    /// Backups of another archive.
    #[error("`{path}` holds backups of another archive")]
    OtherArchive {
        /// The directory.
        path: PathBuf,
    },
    /// There is no whole backup, or none of this name.
    #[error("there is no such backup in `{path}`")]
    NoGeneration {
        /// The directory.
        path: PathBuf,
    },
    /// Made by a later version of the program.
    #[error("`{path}` was made by a newer program: use that")]
    TooNew {
        /// The manifest.
        path: PathBuf,
    },
    /// A file of a backup is not what was backed up.
    #[error("`{path}` of the backup is damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The directory to restore into is not empty.
    #[error("`{path}` is not empty: an archive is only restored into an empty directory")]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// Too little room.
    #[error("`{path}` has room for {free} bytes and {needed} are needed")]
    NoSpace {
        /// The directory.
        path: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// Keys are needed and none were given.
    #[error("the keys of the archive are not in `{path}`: name the directory of their copy with --keys")]
    NoKeys {
        /// Where they were looked for.
        path: PathBuf,
    },
    /// The directory of keys that was given lacks one with which something in the backup is sealed.
    #[error(
        "`{path}` lacks the key `{id}` with which the backup is sealed: name the directory of the right copy with --keys"
    )]
    LacksKey {
        /// The directory.
        path: PathBuf,
        /// Name of the key.
        id: KeyId,
    },
    /// A directory of keys holds those of another archive.
    #[error("`{path}` holds keys of another archive, or older ones than those that are to be put there")]
    OtherKeys {
        /// The file.
        path: PathBuf,
    },
    /// A backup holds something else than it says.
    #[error("the backup says {expected} {what} and holds {found}")]
    Differs {
        /// What was counted.
        what: &'static str,
        /// How many it says.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The audit log in a backup is not what was written.
    #[error("the audit log in the backup has {findings} faults")]
    AuditLog {
        /// How many.
        findings: usize,
    },
    /// Values that do not open with the keys at hand.
    #[error("{failed} sealed values of the backup do not open, the first of them `{first}`")]
    Sealed {
        /// How many.
        failed: u64,
        /// Where the first stands.
        first: String,
    },
    /// The work was given up.
    #[error("the work ended before its end")]
    Interrupted,
}

impl Error {
    /// Whether the command was given something that cannot be meant: a place, a name.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Inside { .. }
                | Self::NotABackup { .. }
                | Self::NoGeneration { .. }
                | Self::NotEmpty { .. }
                | Self::NoKeys { .. }
                | Self::LacksKey { .. }
        )
    }

    /// What is said about it in Chinese.
    pub fn message_zh(&self) -> &'static str {
        match self {
            Self::Catalogue(_) => "数据目录或备份目录无法读写。",
            Self::Keys(_) => "密钥文件无法使用。",
            Self::Inside { .. } => "备份目录、密钥目录与数据目录须彼此分开，不得互相包含。",
            Self::Busy { .. } => "此备份目录正被另一次备份或恢复使用。",
            Self::NotABackup { .. } => "此目录中有其他内容，不是备份目录。",
            Self::OtherArchive { .. } => "此目录中是另一档案库的备份。",
            Self::NoGeneration { .. } => "没有这样的备份。",
            Self::TooNew { .. } => "备份由更新版本的程序写成，请使用新版本。",
            Self::Damaged { .. } => "备份中的文件已损坏，未予恢复。",
            Self::NotEmpty { .. } => "目标目录不是空目录，只能恢复到空目录。",
            Self::NoSpace { .. } => "磁盘空间不足。",
            Self::NoKeys { .. } => "没有档案库的密钥，请用 --keys 指明密钥备份所在的目录。",
            Self::LacksKey { .. } => {
                "该目录中没有加密此备份所用的密钥，请用 --keys 指明正确的密钥备份；没有写入任何内容。"
            }
            Self::OtherKeys { .. } => "该目录中的密钥属于另一档案库，或比要写入的更新。",
            Self::Differs { .. } => "备份的内容与其清单所记数量不符，未予恢复。",
            Self::AuditLog { .. } => "备份中的审计日志有改动，未予恢复。",
            Self::Sealed { .. } => "备份中有内容无法用这些密钥解密，未予恢复。",
            Self::Interrupted => "工作中断，没有完成。",
        }
    }
}
