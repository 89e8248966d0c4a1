//! The data directory and its rooms.
//!
//! ```text
//! catalogue.db            everything that is known
//! access.db               accounts, sessions, tokens, audit log
//! keys/                   keys of the archive, unless they are kept elsewhere
//! originals/ab/cdef…      files as they came, by SHA-256: never changed, never deleted by us
//! pages/ab/abcdef…/1.jpg  page images made by the indexer, with 1.thumb.jpg beside each
//! index/                  generations of the search index
//! inbox/                  what `watch` takes in
//! dictionaries/           the archive's own words, synonyms, agencies, matters
//! juanzong.toml           configuration
//! indexer.lock            held by the one running indexer
//! ```

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::whole_file::{create_directory, remove_leftovers};

/// The data directory of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDirectory {
    root: PathBuf,
    /// Where the keys are, when it is not the usual place.
    keys: Option<PathBuf>,
}

/// Proof that this process is the only indexer on the data directory; given back when dropped or when the process
/// ends, however it ends.
#[derive(Debug)]
pub struct IndexerLock {
    _file: File,
}

impl DataDirectory {
    /// Name of the folder with the archive's own dictionaries.
    pub const DICTIONARIES: &str = "dictionaries";

    /// Opens a data directory and makes what is missing of it.
    ///
    /// # Errors
    /// When a part cannot be created, or a restore into it was interrupted.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let directory = Self::at(root.into());
        let unfinished = directory.restoring();
        match unfinished.try_exists() {
            Ok(false) => {}
            Ok(true) => return Err(Error::HalfRestored { path: directory.root }),
            Err(e) => return Err(Error::io("read", &unfinished)(e)),
        }
        directory.make_rooms()?;
        Ok(directory)
    }

    /// Where a restore keeps what makes an archive of the directory until everything else is there. As long as it exists
    /// the directory is no archive, and none is made in it.
    pub fn restoring(&self) -> PathBuf {
        self.root.join(".restoring")
    }

    /// Names a data directory without looking at it.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root, keys: None }
    }

    fn make_rooms(&self) -> Result<()> {
        for room in [
            self.root.clone(),
            self.originals().join("tmp"),
            self.page_images().join("tmp"),
            self.index(),
            self.inbox(),
        ] {
            create_directory(&room)?;
        }
        Ok(())
    }

    /// Opens the data directory of an archive that exists; makes nothing.
    ///
    /// # Errors
    /// [`Error::NoArchive`] when there is no catalogue in it.
    pub fn existing(root: impl Into<PathBuf>) -> Result<Self> {
        let directory = Self::at(root.into());
        let catalogue = directory.catalogue_path();
        match catalogue.try_exists() {
            Ok(true) => Self::open(directory.root),
            Ok(false) => Err(Error::NoArchive { path: directory.root }),
            Err(e) => Err(Error::io("read", &catalogue)(e)),
        }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The catalogue.
    pub fn catalogue_path(&self) -> PathBuf {
        self.root.join("catalogue.db")
    }

    /// Accounts, sessions, tokens and the audit log.
    pub fn access_path(&self) -> PathBuf {
        self.root.join("access.db")
    }

    /// The same with its keys in another place, as the configuration says.
    #[must_use]
    pub fn with_keys(self, keys: Option<PathBuf>) -> Self {
        Self { keys, ..self }
    }

    /// Where the keys are: beside the configuration, unless it names another place.
    pub fn keys(&self) -> PathBuf {
        match &self.keys {
            Some(keys) => keys.clone(),
            None => self.root.join("keys"),
        }
    }

    /// The configuration.
    pub fn config_path(&self) -> PathBuf {
        self.root.join("juanzong.toml")
    }

    /// Where the generations of the index are.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Where the archive's own dictionaries are; the folder may be missing.
    pub fn dictionaries(&self) -> PathBuf {
        self.root.join(Self::DICTIONARIES)
    }

    /// Where files to be taken in are put.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    pub(crate) fn originals(&self) -> PathBuf {
        self.root.join("originals")
    }

    pub(crate) fn page_images(&self) -> PathBuf {
        self.root.join("pages")
    }

    /// Makes this process the only indexer, without waiting.
    ///
    /// # Errors
    /// [`Error::IndexerRunning`] when there is one already.
    pub fn lock_indexer(&self) -> Result<IndexerLock> {
        let path = self.root.join("indexer.lock");
        // The file stays behind after use: whether it is locked counts, not whether it is there.
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(IndexerLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::IndexerRunning { path }),
            Err(TryLockError::Error(e)) => Err(Error::io("lock", &path)(e)),
        }
    }

    /// Removes what a crashed indexer left half-written; returns how many files. Needs the lock, for another indexer's
    /// files would look the same.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove_leftovers(&self, _lock: &IndexerLock) -> Result<usize> {
        Ok(remove_leftovers(&self.originals())? + remove_leftovers(&self.page_images())?)
    }
}

/// Checks that a text is a SHA-256 as we write it, which also makes it safe as a file name.
pub(super) fn check_hash(sha256: &str) -> Result<()> {
    let valid = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if valid {
        Ok(())
    } else {
        let given = sha256.chars().take(80).collect();
        Err(Error::NotAHash { given })
    }
}

/// The first two digits of a checked hash, used as a directory, and the rest.
pub(super) fn split_hash(sha256: &str) -> Result<(&str, &str)> {
    check_hash(sha256)?;
    sha256.split_at_checked(2).ok_or_else(|| Error::NotAHash {
        given: sha256.to_owned(),
    })
}
