//! Generations: `index/<number>/` folders and the pointer file `index/current`.
//!
//! A generation is built in a folder with a number above all others and becomes the current one by an atomic
//! rename of the pointer. A folder above the current one was never finished; the one below it is kept for readers
//! that still have it open.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Error;

const POINTER: &str = "current";

/// A generation as it lies on disk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Generation {
    /// Its name.
    pub name: String,
    /// Whether it is the one that the pointer names.
    pub current: bool,
    /// Whether it is being built, or was never finished.
    pub unfinished: bool,
    /// Size of its files in bytes.
    pub bytes: u64,
}

/// The folder that holds the generations.
#[derive(Clone, Debug)]
pub(super) struct Generations {
    root: PathBuf,
}

impl Generations {
    pub(super) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Creates the folder if it is missing.
    pub(super) fn create_root(&self) -> Result<(), Error> {
        fs::create_dir_all(&self.root).map_err(|e| Error::io("create", &self.root, e))?;
        match self.root.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
            _ => Ok(()),
        }
    }

    pub(super) fn path(&self, number: u64) -> PathBuf {
        self.root.join(name(number))
    }

    /// The current generation; `None` before the first one is finished.
    pub(super) fn current(&self) -> Result<Option<u64>, Error> {
        let path = self.root.join(POINTER);
        match fs::read_to_string(&path) {
            Ok(text) => number(text.trim()).map(Some).ok_or(Error::BadPointer { path }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("read", &path, e)),
        }
    }

    /// Creates the folder of a new generation, above all others.
    pub(super) fn create(&self) -> Result<u64, Error> {
        let highest = self.all()?.into_iter().chain(self.current()?).max().unwrap_or(0);
        let path = self.path(highest + 1);
        fs::create_dir(&path).map_err(|e| Error::io("create", &path, e))?;
        sync_folder(&self.root)?;
        Ok(highest + 1)
    }

    /// Makes a finished generation the current one; after a crash the pointer names either the old or the new one.
    pub(super) fn switch_to(&self, number: u64) -> Result<(), Error> {
        let target = self.root.join(POINTER);
        let draft = self.root.join("current.tmp");
        let write = || -> io::Result<()> {
            let mut file = File::create(&draft)?;
            writeln!(file, "{}", name(number))?;
            file.sync_all()?;
            fs::rename(&draft, &target)
        };
        write().map_err(|e| Error::io("write", &target, e))?;
        sync_folder(&self.root)
    }

    /// The newest generation that was begun and not finished.
    pub(super) fn unfinished(&self) -> Result<Option<u64>, Error> {
        let current = self.current()?.unwrap_or(0);
        Ok(self.all()?.into_iter().filter(|number| *number > current).max())
    }

    /// Removes generations that were never finished.
    pub(super) fn remove_unfinished(&self) -> Result<(), Error> {
        let current = self.current()?.unwrap_or(0);
        self.remove(|number| number > current)
    }

    /// Removes all generations older than the one before the current one.
    pub(super) fn remove_old(&self) -> Result<(), Error> {
        let Some(current) = self.current()? else {
            return Ok(());
        };
        let previous = self.all()?.into_iter().filter(|number| *number < current).max();
        self.remove(|number| number < current && Some(number) != previous)
    }

    /// All generations, the oldest first.
    pub(super) fn list(&self) -> Result<Vec<Generation>, Error> {
        let current = self.current()?;
        let mut numbers = self.all()?;
        numbers.sort_unstable();
        let listed = |number: u64| Generation {
            name: name(number),
            current: Some(number) == current,
            unfinished: current.is_none_or(|current| number > current),
            bytes: size_of_files(&self.path(number)),
        };
        Ok(numbers.into_iter().map(listed).collect())
    }

    fn remove(&self, doomed: impl Fn(u64) -> bool) -> Result<(), Error> {
        for number in self.all()?.into_iter().filter(|number| doomed(*number)) {
            let path = self.path(number);
            fs::remove_dir_all(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
        Ok(())
    }

    fn all(&self) -> Result<Vec<u64>, Error> {
        let wrap = |e| Error::io("list", &self.root, e);
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(wrap)? {
            let entry = entry.map_err(wrap)?;
            numbers.extend(entry.file_name().to_str().and_then(number));
        }
        Ok(numbers)
    }
}

/// The name of a generation's folder.
pub(super) fn name(number: u64) -> String {
    format!("{number:06}")
}

fn number(text: &str) -> Option<u64> {
    let digits = text.len() >= 6 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|n| *n > 0)
}

/// Size of the files below a folder. What goes away meanwhile counts nothing: merges remove files at any time.
fn size_of_files(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of_files(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}

fn sync_folder(path: &Path) -> Result<(), Error> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| Error::io("sync", path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_counts_only_after_the_switch() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::at(&folder.path().join("index"));
        generations.create_root().unwrap();
        assert_eq!(generations.current().unwrap(), None);
        let first = generations.create().unwrap();
        generations.remove_unfinished().unwrap();
        assert!(!generations.path(first).try_exists().unwrap());

        let mut made = Vec::new();
        for _ in 0..3 {
            let number = generations.create().unwrap();
            generations.switch_to(number).unwrap();
            made.push(number);
        }
        generations.remove_old().unwrap();
        assert_eq!(generations.current().unwrap(), Some(made[2]));
        assert_eq!(
            made.iter()
                .map(|n| generations.path(*n).try_exists().unwrap())
                .collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    #[test]
    fn generations_are_listed_with_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::at(&folder.path().join("index"));
        generations.create_root().unwrap();
        assert_eq!(generations.list().unwrap(), []);
        for _ in 0..2 {
            let number = generations.create().unwrap();
            generations.switch_to(number).unwrap();
        }
        let building = generations.create().unwrap();
        fs::create_dir(generations.path(building).join("dictionaries")).unwrap();
        fs::write(generations.path(building).join("dictionaries/words.tsv"), "12345").unwrap();
        fs::write(generations.path(building).join("meta.json"), "12").unwrap();
        let told: Vec<_> = generations.list().unwrap();
        let told = told
            .iter()
            .map(|one| (one.name.as_str(), one.current, one.unfinished, one.bytes));
        let told: Vec<_> = told.collect();
        assert_eq!(
            told,
            [
                ("000001", false, false, 0),
                ("000002", true, false, 0),
                ("000003", false, true, 7)
            ]
        );
    }

    #[test]
    fn a_pointer_to_nowhere_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::at(folder.path());
        for text in ["", "../000001", "000000", "00001", "000001x"] {
            fs::write(folder.path().join(POINTER), text).unwrap();
            assert!(matches!(generations.current(), Err(Error::BadPointer { .. })), "{text}");
        }
    }
}
