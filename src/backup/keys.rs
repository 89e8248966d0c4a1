//! Keys are backed up apart from what they open.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use super::error::{Error, Result};
use super::layout::io_error;
use crate::access::{Checkpoint, KeyDirectory};
use crate::catalogue::sync_directory;

/// The files of keys: seeds, one a line, to which lines are only ever added.
const KEYS: [&str; 2] = ["archive.key", "audit.key"];
/// Copies of the checkpoints of the audit log.
const CHECKPOINTS: &str = "checkpoints.jsonl";

/// Copies keys from one directory to another. Where there are some already, one file must go on where the other ends; the
/// longer one stays. Of the checkpoints those up to `last` are copied.
pub(super) fn copy_keys(from: &Path, to: &Path, last: u64) -> Result<()> {
    // For its owner only.
    let target = KeyDirectory::open(to)?;
    for name in KEYS {
        let (source, target) = (from.join(name), to.join(name));
        let fresh = fs::read_to_string(&source).map_err(io_error("read", &source))?;
        match fs::read_to_string(&target) {
            Ok(kept) if goes_on(&kept, &fresh) => {}
            Ok(kept) if goes_on(&fresh, &kept) => write_private(to, &target, &fresh)?,
            Ok(_) => return Err(Error::OtherKeys { path: target }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => write_private(to, &target, &fresh)?,
            Err(error) => return Err(io_error("read", &target)(error)),
        }
    }
    let mut checkpoints: Vec<Checkpoint> = target.checkpoints()?;
    let known = checkpoints.len();
    for checkpoint in KeyDirectory::open(from)?.checkpoints()? {
        if checkpoint.sequence <= last && !checkpoints.contains(&checkpoint) {
            checkpoints.push(checkpoint);
        }
    }
    if checkpoints.len() > known {
        let path = to.join(CHECKPOINTS);
        let lines: Vec<String> = checkpoints
            .iter()
            .map(serde_json::to_string)
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| io_error("write", &path)(error.into()))?;
        write_private(to, &path, &(lines.join("\n") + "\n"))?;
    }
    Ok(())
}

/// Whether both files of keys are in a directory.
pub(super) fn are_in(directory: &Path) -> Result<bool> {
    for name in KEYS {
        let path = directory.join(name);
        if !path.try_exists().map_err(io_error("read", &path))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a list begins with all of another.
fn goes_on(long: &str, short: &str) -> bool {
    let (mut long, mut short) = (long.lines(), short.lines());
    short.all(|line| long.next() == Some(line))
}

fn write_private(folder: &Path, target: &Path, text: &str) -> Result<()> {
    let unfinished = folder.join(format!("{:016x}.tmp", rand::random::<u64>()));
    let written = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, target)
    };
    written().map_err(io_error("write", target))?;
    Ok(sync_directory(folder)?)
}

/// Refuses directories of which one lies in another.
pub(super) fn apart(directories: &[&Path]) -> Result<()> {
    let real: Vec<PathBuf> = directories.iter().map(|path| real(path)).collect::<Result<_>>()?;
    for (at, inner) in real.iter().enumerate() {
        for (other, outer) in real.iter().enumerate() {
            if at != other && inner.starts_with(outer) {
                return Err(Error::Inside {
                    inner: inner.clone(),
                    outer: outer.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Where a path leads, whether or not its last parts are there.
fn real(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(io_error("read", path))?;
    let mut real = PathBuf::new();
    for part in absolute.components() {
        if part == Component::ParentDir {
            real.pop();
            continue;
        }
        real.push(part);
        match fs::canonicalize(&real) {
            Ok(followed) => real = followed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io_error("read", path)(error)),
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(folder: &Path) -> KeyDirectory {
        let keys = KeyDirectory::open(folder).unwrap();
        keys.make_archive_key().unwrap();
        keys.checkpoint_keys().unwrap();
        keys
    }

    #[test]
    fn keys_only_ever_grow() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let source = keys(&from);
        copy_keys(&from, &to, 0).unwrap();
        source.add_archive_key().unwrap();
        copy_keys(&from, &to, 0).unwrap();
        let read = |folder: &Path| fs::read_to_string(folder.join("archive.key")).unwrap();
        assert_eq!((read(&to), read(&to).lines().count()), (read(&from), 2));
        // An older file does not take the place of a newer one.
        fs::write(from.join("archive.key"), read(&to).lines().next().unwrap()).unwrap();
        copy_keys(&from, &to, 0).unwrap();
        assert_eq!(read(&to).lines().count(), 2);
        keys(&folder.path().join("other"));
        let error = copy_keys(&folder.path().join("other"), &to, 0).unwrap_err();
        assert!(matches!(error, Error::OtherKeys { .. }), "{error}");
        assert_eq!(read(&to).lines().count(), 2);
    }

    #[test]
    fn checkpoints_after_the_backup_stay_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let source = keys(&from);
        let signing = source.checkpoint_keys().unwrap().remove(0);
        for sequence in [1, 7, 9] {
            source
                .keep_checkpoint(&signing.sign(sequence, [1; 32], "2026-06-30T08:00:00Z".into()))
                .unwrap();
        }
        copy_keys(&from, &to, 7).unwrap();
        let kept = KeyDirectory::open(&to).unwrap().checkpoints().unwrap();
        assert_eq!(
            kept.iter().map(|checkpoint| checkpoint.sequence).collect::<Vec<_>>(),
            [1, 7]
        );
    }

    #[test]
    fn directories_must_be_apart_also_by_links_and_dots() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("data/keys")).unwrap();
        std::os::unix::fs::symlink(at("data"), at("link")).unwrap();
        apart(&[&at("data"), &at("backup"), &at("backup-keys")]).unwrap();
        for inner in ["data/keys", "link/new/er", "backup/../data", "data"] {
            let error = apart(&[&at("data"), &at(inner)]).unwrap_err();
            assert!(matches!(error, Error::Inside { .. }), "{inner}: {error}");
        }
    }
}
