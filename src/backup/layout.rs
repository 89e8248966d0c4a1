//! The directory of backups.
//!
//! ```text
//! juanzong-backup.json          whose backups these are
//! backup.lock                   held by the one that writes
//! generations/20261126T180000Z/ one backup: databases, configuration, dictionaries, and last the manifest
//! originals/ab/cdef…            originals by SHA-256, shared by all backups
//! pages/ab/cdef…                page images by the SHA-256 of the image, shared by all backups
//! tmp/                          what is being written
//! ```
//!
//! A backup is written under a name that begins with a point and gets its own when everything in it is on disk, so that an
//! interrupted one is never taken for a whole one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use crate::catalogue::{self, create_directory, sync_directory};

/// The file that makes a directory one of backups.
const MARK: &str = "juanzong-backup.json";
/// What it says.
const FORMAT: &str = "juanzong-backup";
/// The databases of an archive, in each backup.
pub(super) const DATABASES: [&str; 2] = ["access.db", "catalogue.db"];
/// Version of everything in the directory.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Mark {
    format: String,
    version: u32,
    archive: String,
}

/// A directory of backups of one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupDirectory {
    root: PathBuf,
    archive: String,
}

/// Proof that nobody else writes or reads the directory.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

/// Which of the two stores that all backups share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Store {
    /// Originals.
    Originals,
    /// Page images.
    Pages,
}

impl Store {
    /// The store of a file of the data directory, by its path there; `None` for what each backup has of its own.
    pub(super) fn of(path: &str) -> Option<Self> {
        match path.split('/').next() {
            Some("originals") => Some(Self::Originals),
            Some("pages") => Some(Self::Pages),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Originals => "originals",
            Self::Pages => "pages",
        }
    }
}

impl BackupDirectory {
    /// Opens a directory of backups, and makes one of an empty or missing directory.
    ///
    /// # Errors
    /// When it holds something else, or backups of another archive.
    pub fn open_or_make(root: &Path, archive: &str) -> Result<Self> {
        create_directory(root)?;
        if read_directory(root)?.is_empty() {
            let mark = Mark {
                format: FORMAT.to_owned(),
                version: VERSION,
                archive: archive.to_owned(),
            };
            let text = serde_json::to_vec(&mark).map_err(io::Error::from);
            let path = root.join(MARK);
            // Whole or not there: a directory with a part of it could not be used any more.
            let unfinished = root.join(format!("{MARK}.part"));
            let written = text.and_then(|text| {
                fs::write(&unfinished, text)?;
                File::open(&unfinished)?.sync_all()?;
                fs::rename(&unfinished, &path)
            });
            written.map_err(io_error("create", &path))?;
            sync_directory(root)?;
        }
        let directory = Self::open(root)?;
        if directory.archive != archive {
            let path = root.to_owned();
            return Err(Error::OtherArchive { path });
        }
        for folder in ["generations", "originals", "pages", "tmp"] {
            create_directory(&root.join(folder))?;
        }
        Ok(directory)
    }

    /// Opens a directory of backups.
    ///
    /// # Errors
    /// [`Error::NotABackup`] when it is none.
    pub fn open(root: &Path) -> Result<Self> {
        let path = root.join(MARK);
        let not_one = || Error::NotABackup { path: root.to_owned() };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(not_one()),
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        let mark: Mark = serde_json::from_slice(&text).map_err(|_| not_one())?;
        match (mark.format == FORMAT, mark.version) {
            (true, ..=VERSION) => {}
            (true, _) => return Err(Error::TooNew { path }),
            (false, _) => return Err(not_one()),
        }
        // A link is followed once and for all.
        let root = fs::canonicalize(root).map_err(io_error("read", root))?;
        Ok(Self {
            root,
            archive: mark.archive,
        })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The archive whose backups these are.
    pub fn archive(&self) -> &str {
        &self.archive
    }

    /// Keeps all others away until it is dropped or the process ends.
    pub(super) fn hold(&self) -> Result<Held> {
        let path = self.root.join("backup.lock");
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(io_error("open", &path))?;
        self.held(&path, file.try_lock(), file)
    }

    /// Keeps those away who write. A directory that cannot be written needs no lock.
    pub(super) fn hold_to_read(&self) -> Result<Option<Held>> {
        let path = self.root.join("backup.lock");
        match File::open(&path) {
            Ok(file) => Ok(Some(self.held(&path, file.try_lock_shared(), file)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    fn held(&self, path: &Path, locked: std::result::Result<(), TryLockError>, file: File) -> Result<Held> {
        match locked {
            Ok(()) => Ok(Held { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy {
                path: self.root.clone(),
            }),
            Err(TryLockError::Error(error)) => Err(io_error("lock", path)(error)),
        }
    }

    /// Where an object lies, by the SHA-256 of its bytes, whether or not it is there.
    pub(super) fn object(&self, store: Store, sha256: &str) -> PathBuf {
        let (folder, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
        self.root.join(store.name()).join(folder).join(rest)
    }

    /// Where things are written before they get their names.
    pub(super) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    fn generations_folder(&self) -> PathBuf {
        self.root.join("generations")
    }

    /// Where a whole backup lies.
    pub(super) fn generation(&self, name: &str) -> PathBuf {
        self.generations_folder().join(name)
    }

    /// Where a backup is written; what interrupted ones left is removed.
    pub(super) fn begin(&self, name: &str) -> Result<PathBuf> {
        let folder = self.generations_folder();
        for entry in read_directory(&folder)? {
            if entry.starts_with('.') {
                let path = folder.join(entry);
                fs::remove_dir_all(&path).map_err(io_error("remove", &path))?;
            }
        }
        for entry in read_directory(&self.temporary())? {
            let path = self.temporary().join(entry);
            fs::remove_file(&path).map_err(io_error("remove", &path))?;
        }
        let unfinished = folder.join(format!(".{name}"));
        create_directory(&unfinished)?;
        Ok(unfinished)
    }

    /// Gives a backup its name.
    pub(super) fn publish(&self, unfinished: &Path, name: &str) -> Result<()> {
        let target = self.generation(name);
        fs::rename(unfinished, &target).map_err(io_error("create", &target))?;
        Ok(sync_directory(&self.generations_folder())?)
    }

    /// Takes the name from a backup, which is none from then on; what is left of it.
    pub(super) fn unpublish(&self, name: &str) -> Result<PathBuf> {
        let (path, removed) = (self.generation(name), self.generation(&format!(".removed-{name}")));
        fs::rename(&path, &removed).map_err(io_error("remove", &path))?;
        sync_directory(&self.generations_folder())?;
        Ok(removed)
    }

    /// Names of all whole backups, the earliest first.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn generations(&self) -> Result<Vec<String>> {
        let mut names = read_directory(&self.generations_folder())?;
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        Ok(names)
    }

    /// The name for a backup that is made now.
    pub(super) fn name_at(&self, at: Timestamp) -> Result<String> {
        let base = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let taken = self.generations()?;
        let later = (2..).map(|n| format!("{base}-{n:02}"));
        let mut names = std::iter::once(base.clone()).chain(later);
        let free = names.find(|name| !taken.contains(name));
        free.ok_or(Error::Interrupted)
    }
}

/// Names of what is in a directory.
pub(super) fn read_directory(path: &Path) -> Result<Vec<String>> {
    let read = || -> io::Result<Vec<String>> {
        fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    };
    read().map_err(io_error("read", path))
}

/// For `map_err`: a failure of the file system.
pub(super) fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let named = catalogue::Error::io(doing, path);
    move |error| named(error).into()
}
