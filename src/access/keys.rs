//! The keys of an archive: files of their own, best outside the data directory, so that who steals that can neither read
//! personal numbers nor sign a log.
//!
//! ```text
//! audit.key          signs the checkpoints of the audit log; one seed a line in hexadecimal digits, the last is in use
//! checkpoints.jsonl  a copy of every checkpoint, so that cutting off the log together with its checkpoints is found
//! ```

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Checkpoint, CheckpointKey};

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
        let keys = self.seeds("audit.key")?;
        Ok(keys.iter().map(CheckpointKey::from_bytes).collect())
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

    /// The seeds of a file; a new one is made when there is no file.
    fn seeds(&self, name: &str) -> Result<Vec<[u8; 32]>, KeyError> {
        let path = self.0.join(name);
        let fresh: [u8; 32] = rand::random();
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        match made {
            Ok(mut file) => file
                .write_all(format!("{}\n", hex::encode(fresh)).as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|source| io_error("write", &path, source))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(io_error("create", &path, source)),
        }
        let text = fs::read_to_string(&path).map_err(|source| io_error("read", &path, source))?;
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

fn io_error(doing: &'static str, path: &Path, source: io::Error) -> KeyError {
    let path = path.to_owned();
    KeyError::Io { doing, path, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

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
