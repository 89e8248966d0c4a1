//! What can go wrong in the index.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::directory::error::LockError;

/// Whose fault an error is; the API maps it to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// What was asked for does not exist.
    NotFound,
    /// The request is wrong; asking again does not help.
    Invalid,
    /// Not now: too busy, too slow, or not ready yet.
    Busy,
    /// Data on disk is damaged or was written by another version.
    Corrupt,
    /// Anything else.
    Internal,
}

/// An error of the index, with the place where it happened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder of the index cannot be read or written.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried, e.g. `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// tantivy refused.
    #[error("cannot {action} index generation `{generation}`")]
    Tantivy {
        /// What was tried, e.g. `commit`.
        action: &'static str,
        /// Name of the generation.
        generation: String,
        /// Why not.
        #[source]
        source: tantivy::TantivyError,
    },
    /// The pointer file `current` does not name a generation.
    #[error("`{path}` does not name an index generation")]
    BadPointer {
        /// The pointer file.
        path: PathBuf,
    },
    /// The last commit carries no payload of ours, so nobody knows what it holds.
    #[error("the last commit of index generation `{generation}` has no readable payload")]
    BadPayload {
        /// Name of the generation.
        generation: String,
    },
    /// The generation was written with another schema, analysis or dictionary: run `juanzong-indexer reindex`.
    #[error("index generation `{generation}` was built as `{found}`, this program builds `{expected}`")]
    NeedsReindex {
        /// Name of the generation.
        generation: String,
        /// Fingerprint in the index.
        found: String,
        /// Fingerprint of this program.
        expected: String,
    },
    /// There is no index yet.
    #[error("there is no index yet")]
    NotReady,
    /// Changes must come in the order of the catalogue, or a crash between two of them would lose one.
    #[error("change {sequence} came after change {last}")]
    OutOfOrder {
        /// Sequence of the change that came too late.
        sequence: u64,
        /// The last one applied.
        last: u64,
    },
    /// The schema of tantivy lacks a field of ours, or has it in another type.
    #[error("the index has no usable field `{field}`")]
    MissingField {
        /// Name of the field.
        field: &'static str,
    },
}

impl Error {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Io { .. } | Self::OutOfOrder { .. } => ErrorKind::Internal,
            Self::Tantivy { source, .. } => match source {
                // Without write permission the lock fails too, but waiting does not help.
                tantivy::TantivyError::LockFailure(LockError::LockBusy, _) => ErrorKind::Busy,
                tantivy::TantivyError::DataCorruption(_) | tantivy::TantivyError::IncompatibleIndex(_) => {
                    ErrorKind::Corrupt
                }
                _ => ErrorKind::Internal,
            },
            Self::BadPointer { .. } | Self::BadPayload { .. } | Self::MissingField { .. } => ErrorKind::Corrupt,
            Self::NeedsReindex { .. } | Self::NotReady => ErrorKind::Busy,
        }
    }

    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeedsReindex { .. } => "index_needs_reindex",
            Self::NotReady => "index_not_ready",
            _ => match self.kind() {
                ErrorKind::Busy => "index_busy",
                ErrorKind::Corrupt => "index_corrupt",
                _ => "index_failed",
            },
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
