//! The keys of an archive: files of their own, best outside the data directory, so that who steals that can neither read
//! personal numbers nor sign a log.
//!
//! ```text
//! archive.key        seals what is kept of people; one seed a line in hexadecimal digits, the last is in use
//! audit.key          signs the checkpoints of the audit log; in the same form
//! checkpoints.jsonl  a copy of every checkpoint, so that cutting off the log together with its checkpoints is found
//! ```

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Checkpoint, CheckpointKey, KeyId};

/// The file of the keys that seal.
const ARCHIVE_KEY: &str = "archive.key";
/// The file of the keys that sign.
const AUDIT_KEY: &str = "audit.key";

/// Why keys cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// A file or the directory cannot be used.
    #[error("cannot {doing} `{path}`")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A file holds something else than keys.
    #[error("`{path}` line {line} is no key or checkpoint")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// Others than its owner may read or change a file with keys.
    #[error("others than its owner may read `{path}`: it must have the mode 0600")]
    TooOpen {
        /// The file.
        path: PathBuf,
    },
    /// The archive is sealed under a key that is not to be had.
    #[error(
        "the archive is sealed with the key `{id}`, which is not in `{path}`: bring back the key file, or name its directory in [keys] of juanzong.toml"
    )]
    Lost {
        /// Name of the key.
        id: KeyId,
        /// Where it should be.
        path: PathBuf,
    },
}

/// What a file looks like from outside: when it differs, the content may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    inode: u64,
    length: u64,
    seconds: i64,
    nanoseconds: i64,
}

/// The directory of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDirectory(PathBuf);

impl KeyDirectory {
    /// Opens the directory and makes it, for its owner only, when it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, KeyError> {
        let path = path.into();
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|source| io_error("create", &path, source))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The keys that signed checkpoints, the one in use last; one is made when there is none.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn checkpoint_keys(&self) -> Result<Vec<CheckpointKey>, KeyError> {
        self.make(AUDIT_KEY)?;
        let keys = self.seeds(AUDIT_KEY)?;
        Ok(keys.iter().map(CheckpointKey::from_bytes).collect())
    }

    /// The file of the keys that seal.
    pub fn archive_key_path(&self) -> PathBuf {
        self.0.join(ARCHIVE_KEY)
    }

    /// Whether there is a file of the keys that seal, be it readable or not.
    pub fn has_archive_key(&self) -> bool {
        !matches!(fs::metadata(self.archive_key_path()), Err(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Makes the first key that seals, when there is none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn make_archive_key(&self) -> Result<(), KeyError> {
        self.make(ARCHIVE_KEY)
    }

    /// Adds a key that seals, which is the one in use from now on; the others stay, for what is sealed under them.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn add_archive_key(&self) -> Result<KeyId, KeyError> {
        let path = self.archive_key_path();
        let mut seeds = self.seeds(ARCHIVE_KEY)?;
        let fresh: [u8; 32] = rand::random();
        seeds.push(fresh);
        let temporary = self.temporary(ARCHIVE_KEY, &seeds)?;
        let replaced = fs::rename(&temporary, &path).and_then(|()| sync_directory(&self.0));
        replaced.map_err(|source| io_error("write", &path, source))?;
        Ok(KeyId::of_seed(&fresh))
    }

    /// The seeds of the keys that seal, the one in use last.
    ///
    /// # Errors
    /// When the file is missing or cannot be used.
    pub(super) fn archive_seeds(&self) -> Result<Vec<[u8; 32]>, KeyError> {
        self.seeds(ARCHIVE_KEY)
    }

    /// What the file of the keys that seal looks like now.
    pub(super) fn archive_key_file(&self) -> Result<FileState, KeyError> {
        let path = self.archive_key_path();
        let file = fs::metadata(&path).map_err(|source| io_error("read", &path, source))?;
        Ok(FileState {
            inode: file.ino(),
            length: file.len(),
            seconds: file.mtime(),
            nanoseconds: file.mtime_nsec(),
        })
    }

    /// A key that should be there and is not.
    pub fn lost(&self, id: KeyId) -> KeyError {
        let path = self.archive_key_path();
        KeyError::Lost { id, path }
    }

    /// Keeps a copy of a checkpoint.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), KeyError> {
        let path = self.0.join("checkpoints.jsonl");
        let written = || -> io::Result<()> {
            let mut line = serde_json::to_vec(checkpoint)?;
            line.push(b'\n');
            let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
            file.write_all(&line)?;
            file.sync_data()
        };
        written().map_err(|source| io_error("write", &path, source))
    }

    /// The copies of the checkpoints.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, KeyError> {
        let path = self.0.join("checkpoints.jsonl");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(io_error("read", &path, source)),
        };
        let read = |(line, text): (usize, &str)| {
            let path = path.clone();
            serde_json::from_str(text).map_err(|_| KeyError::Malformed { path, line: line + 1 })
        };
        text.lines().enumerate().map(read).collect()
    }

    /// Makes a file with one new seed, when there is none; the file is there as a whole or not at all.
    fn make(&self, name: &str) -> Result<(), KeyError> {
        let path = self.0.join(name);
        match fs::metadata(&path) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(io_error("read", &path, source)),
        }
        let temporary = self.temporary(name, &[rand::random()])?;
        // Unlike a renaming this does not replace what another process has made meanwhile.
        let made = match fs::hard_link(&temporary, &path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => sync_directory(&self.0),
        };
        let removed = fs::remove_file(&temporary);
        made.and(removed).map_err(|source| io_error("create", &path, source))
    }

    /// Writes seeds into a new file beside those in use.
    fn temporary(&self, name: &str, seeds: &[[u8; 32]]) -> Result<PathBuf, KeyError> {
        let path = self.0.join(format!("{name}.{:016x}.tmp", rand::random::<u64>()));
        let written = || -> io::Result<()> {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            for seed in seeds {
                writeln!(file, "{}", hex::encode(seed))?;
            }
            file.sync_all()
        };
        written().map_err(|source| io_error("write", &path, source))?;
        Ok(path)
    }

    /// The seeds of a file, which nobody else may read.
    fn seeds(&self, name: &str) -> Result<Vec<[u8; 32]>, KeyError> {
        let path = self.0.join(name);
        let read = fs::metadata(&path).and_then(|file| Ok((file.mode(), fs::read_to_string(&path)?)));
        let (mode, text) = read.map_err(|source| io_error("read", &path, source))?;
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen { path });
        }
        let seed = |(line, text): (usize, &str)| {
            let bytes = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
            let path = path.clone();
            bytes.ok_or(KeyError::Malformed { path, line: line + 1 })
        };
        let seeds: Vec<[u8; 32]> = text.lines().enumerate().map(seed).collect::<Result<_, _>>()?;
        match seeds.is_empty() {
            true => Err(KeyError::Malformed { path, line: 1 }),
            false => Ok(seeds),
        }
    }
}

/// Forces names in a directory to disk.
fn sync_directory(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

fn io_error(doing: &'static str, path: &Path, source: io::Error) -> KeyError {
    let path = path.to_owned();
    KeyError::Io { doing, path, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::open(folder.path().join("keys")).unwrap();
        keys.make_archive_key().unwrap();
        for mode in [0o640, 0o604, 0o620, 0o644] {
            fs::set_permissions(keys.archive_key_path(), fs::Permissions::from_mode(mode)).unwrap();
            let error = keys.archive_seeds().unwrap_err();
            assert!(matches!(error, KeyError::TooOpen { .. }), "{mode:o}: {error}");
        }
        fs::set_permissions(keys.archive_key_path(), fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(keys.archive_seeds().unwrap().len(), 1);
    }

    #[test]
    fn keys_are_added_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::open(folder.path().join("keys")).unwrap();
        keys.make_archive_key().unwrap();
        let first = keys.archive_seeds().unwrap();
        let added = keys.add_archive_key().unwrap();
        let both = keys.archive_seeds().unwrap();
        assert_eq!((&both[..1], both.len()), (&first[..], 2));
        assert_eq!(KeyId::of_seed(&both[1]), added);
        let file = fs::metadata(keys.archive_key_path()).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(keys.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::open(folder.path().join("keys")).unwrap();
        let made = keys.checkpoint_keys().unwrap();
        assert_eq!(made.len(), 1);
        let again = KeyDirectory::open(folder.path().join("keys")).unwrap();
        assert_eq!(again.checkpoint_keys().unwrap()[0].public(), made[0].public());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(keys.path()), mode(&keys.path().join("audit.key"))),
            (0o700, 0o600)
        );
        let checkpoint = made[0].sign(1, [1; 32], "2026-06-30T08:00:00Z".into());
        keys.keep_checkpoint(&checkpoint).unwrap();
        assert_eq!(keys.checkpoints().unwrap(), [checkpoint]);
        fs::write(keys.path().join("audit.key"), "nonsense\n").unwrap();
        let error = keys.checkpoint_keys().unwrap_err();
        assert!(matches!(error, KeyError::Malformed { line: 1, .. }), "{error}");
    }
}
