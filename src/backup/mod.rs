//! Backups of an archive, and restoring them.
//!
//! A backup holds the databases, the configuration, the dictionaries, every original and every page image, with the SHA-256
//! of each. Originals and images lie in stores that all backups share, so that only what is new is copied. Keys are kept
//! apart, or who steals a backup can read it. The index is not in it: it is made anew from the catalogue.

mod error;
mod keys;
mod layout;
mod manifest;
mod objects;
mod prove;
mod restore;
mod retain;
mod take;

use std::path::Path;

use serde::Serialize;

pub use error::{Error, Result};
pub use layout::BackupDirectory;
use manifest::ManifestReader;
pub use restore::{RestoreOptions, RestoreReport, rehearse, restore};
pub use take::{BackupOptions, BackupReport, LOST_NAMED, Source, back_up};

/// One backup of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its name.
    pub generation: String,
    /// When it was begun (RFC 3339, UTC).
    pub made_at: Option<String>,
    /// Files in it.
    pub files: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Originals that the archive had lost.
    pub lost: u64,
    /// Cases.
    pub cases: u64,
    /// Whether its manifest is what was written; the files are compared by a rehearsal.
    pub intact: bool,
}

/// The backups of a directory, the earliest first.
///
/// # Errors
/// When it is no directory of backups, or cannot be read.
pub fn list(path: &Path) -> Result<Vec<Listed>> {
    let directory = BackupDirectory::open(path)?;
    let listed = |name: String| {
        let read = ManifestReader::open_checked(&directory, &name)
            .and_then(|manifest| Ok((manifest.head, manifest::end_of(&directory.generation(&name))?)));
        match read {
            Ok((head, end)) => Listed {
                generation: name,
                made_at: Some(head.made_at),
                files: end.files,
                bytes: end.bytes,
                lost: end.lost,
                cases: head.counts.cases,
                intact: true,
            },
            Err(_) => Listed {
                generation: name,
                made_at: None,
                files: 0,
                bytes: 0,
                lost: 0,
                cases: 0,
                intact: false,
            },
        }
    };
    Ok(directory.generations()?.into_iter().map(listed).collect())
}
