//! The stores that all backups share. A file that is there is whole: it is written under another name, forced to disk with
//! others, and only then gets its own.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::layout::{BackupDirectory, Store, io_error};
use crate::catalogue::{self, create_directory, hash_file};
use crate::killpoint;
use crate::throttle::Throttle;

/// Files that wait to be forced to disk together.
pub(super) struct Objects {
    directory: BackupDirectory,
    throttle: Throttle,
    /// Whether what is there is read again.
    recheck: bool,
    /// Names that files get, with those that they have.
    pending: BTreeMap<PathBuf, PathBuf>,
    serial: u64,
    /// What was written so far.
    pub(super) copied: (u64, u64),
    /// Files of the stores that were damaged and are whole again.
    pub(super) mended: u64,
}

/// What came of copying a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    /// It is in the store, or will be with the next commit.
    There {
        /// SHA-256 of its bytes.
        sha256: String,
        /// Its size.
        bytes: u64,
    },
    /// It is not there, or not what it should be.
    Lost(&'static str),
}

impl Objects {
    pub(super) fn new(directory: &BackupDirectory, throttle: Throttle, recheck: bool) -> Self {
        Self {
            directory: directory.clone(),
            throttle,
            recheck,
            pending: BTreeMap::new(),
            serial: 0,
            copied: (0, 0),
            mended: 0,
        }
    }

    /// Whether a file is in a store, by its size and, when that was asked for, by its bytes.
    pub(super) fn has(&mut self, store: Store, sha256: &str, bytes: u64) -> Result<bool> {
        let path = self.directory.object(store, sha256);
        let there = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        let whole = there == bytes
            && (!self.recheck || hash_file(&path, &mut self.throttle).is_ok_and(|(found, _)| found == sha256));
        if !whole {
            self.mended += 1;
        }
        Ok(whole)
    }

    /// Copies a file into a store. With `expected` only a file with that hash is taken.
    pub(super) fn copy(&mut self, store: Store, source: &Path, expected: Option<&str>) -> Result<Copied> {
        self.serial += 1;
        let unfinished = self.directory.temporary().join(format!("{:08x}", self.serial));
        let mut file = File::create(&unfinished).map_err(io_error("create", &unfinished))?;
        let mut both = Both(&mut file, &mut self.throttle);
        let read = hash_file(source, &mut both);
        let (sha256, bytes) = match read {
            Ok(read) if expected.is_none_or(|expected| expected == read.0) => read,
            other => {
                fs::remove_file(&unfinished).map_err(io_error("remove", &unfinished))?;
                return match other {
                    Ok(_) => Ok(Copied::Lost("damaged")),
                    Err(catalogue::Error::Io {
                        doing: "read", source, ..
                    }) if source.kind() == io::ErrorKind::NotFound => Ok(Copied::Lost("missing")),
                    Err(catalogue::Error::Io { doing: "read", .. }) => Ok(Copied::Lost("unreadable")),
                    Err(error) => Err(error.into()),
                };
            }
        };
        // Two pages may look the same to the last bit.
        let target = self.directory.object(store, &sha256);
        if self.pending.contains_key(&target) || expected.is_none() && self.has(store, &sha256, bytes)? {
            fs::remove_file(&unfinished).map_err(io_error("remove", &unfinished))?;
        } else {
            let protected = file.set_permissions(Permissions::from_mode(0o400));
            protected.map_err(io_error("protect", &unfinished))?;
            self.copied.0 += 1;
            self.copied.1 += bytes;
            self.pending.insert(target, unfinished);
            killpoint::reach("backup_object_written");
        }
        Ok(Copied::There { sha256, bytes })
    }

    /// Forces to disk what was copied, and gives it its names.
    pub(super) fn commit(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        sync_disk_of(self.directory.root())?;
        for (target, unfinished) in std::mem::take(&mut self.pending) {
            if let Some(folder) = target.parent() {
                create_directory(folder)?;
            }
            fs::rename(&unfinished, &target).map_err(io_error("create", &target))?;
            killpoint::reach("backup_object_named");
        }
        Ok(())
    }
}

/// Forces everything on a disk that was written so far: one turn for thousands of files.
pub(super) fn sync_disk_of(path: &Path) -> Result<()> {
    let synced = File::open(path).and_then(|file| Ok(rustix::fs::syncfs(&file)?));
    synced.map_err(io_error("write to disk", path))
}

/// Bytes that are free for us on the disk of a directory.
pub(super) fn free_bytes(path: &Path) -> Result<u64> {
    let told = rustix::fs::statvfs(path).map_err(|error| io_error("read", path)(error.into()))?;
    Ok(told.f_bavail.saturating_mul(told.f_frsize))
}

/// Refuses a disk that has too little room.
pub(super) fn need_room(path: &Path, needed: u64) -> Result<()> {
    let free = free_bytes(path)?;
    match free >= needed {
        true => Ok(()),
        false => Err(Error::NoSpace {
            path: path.to_owned(),
            needed,
            free,
        }),
    }
}

/// Writes into two.
pub(super) struct Both<'a, A, B>(pub(super) &'a mut A, pub(super) &'a mut B);

impl<A: Write, B: Write> Write for Both<'_, A, B> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.1.flush()
    }
}
