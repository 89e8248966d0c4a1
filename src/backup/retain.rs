//! Removing earlier backups, and what only they held.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use super::error::Result;
use super::layout::{BackupDirectory, Store, io_error};
use super::manifest::{Entry, ManifestReader};
use crate::killpoint;

/// Keeps the latest `keep` backups, one at least; gives the names of those that were removed.
///
/// What a removed backup held is removed when no other holds it. Which files these can be is told by comparing it with the
/// one after it, line by line: only images that were made anew differ, so the list stays short however large the archive is.
pub(super) fn retain(directory: &BackupDirectory, keep: u32) -> Result<Vec<String>> {
    let names = directory.generations()?;
    let keep = usize::try_from(keep.max(1)).unwrap_or(usize::MAX);
    let (removed, kept) = names.split_at(names.len().saturating_sub(keep));
    if removed.is_empty() {
        return Ok(Vec::new());
    }
    let mut only = BTreeSet::new();
    for (name, next) in removed.iter().zip(names.iter().skip(1)) {
        // Of one whose manifest is damaged nothing is known: what it held stays.
        if let (Ok(old), Ok(new)) = (open(directory, name), open(directory, next)) {
            differing(old, new, &mut only)?;
        }
    }
    for name in kept {
        match open(directory, name) {
            Ok(mut manifest) => {
                while let Some(entry) = manifest.entry()? {
                    if let Some(object) = object(&entry) {
                        only.remove(&object);
                    }
                }
            }
            // What it holds cannot be told, so nothing may be removed.
            Err(_) => only.clear(),
        }
    }
    for name in removed {
        let rest = directory.unpublish(name)?;
        killpoint::reach("backup_unpublished");
        fs::remove_dir_all(&rest).map_err(io_error("remove", &rest))?;
    }
    for (store, sha256) in only {
        let path = directory.object(store, &sha256);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io_error("remove", &path)(error)),
        }
    }
    Ok(removed.to_vec())
}

fn open(directory: &BackupDirectory, name: &str) -> Result<ManifestReader> {
    ManifestReader::open_checked(directory, name)
}

/// What stands in one manifest and not at the same place in another.
fn differing(mut old: ManifestReader, mut new: ManifestReader, into: &mut BTreeSet<(Store, String)>) -> Result<()> {
    while let Some(entry) = old.entry()? {
        while new.peek().is_some_and(|other| other.order() < entry.order()) {
            new.entry()?;
        }
        let same = new
            .peek()
            .is_some_and(|other| other.path == entry.path && other.sha256 == entry.sha256);
        if !same && let Some(object) = object(&entry) {
            into.insert(object);
        }
    }
    Ok(())
}

fn object(entry: &Entry) -> Option<(Store, String)> {
    let store = Store::of(&entry.path)?;
    entry.lost.is_none().then(|| (store, entry.sha256.clone()))
}
