//! The inbox: what lies in it, and what of that is complete.
//!
//! What lies directly in the inbox is taken in as one: a folder as `ingest` takes a folder, a single file as a case of its
//! own. It is complete when two looks in a row find the same names, sizes and times, and nothing that bears the name of an
//! unfinished copy. It stays where it is; when it changes it is taken in again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 64;

/// Size and time of every file, by path.
type Snapshot = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// What is ready to be taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ready {
    /// Folders directly in the inbox.
    pub(super) folders: Vec<PathBuf>,
    /// Files directly in the inbox.
    pub(super) files: Vec<PathBuf>,
}

impl Ready {
    pub(super) fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.files.is_empty()
    }
}

/// An inbox and what was seen in it.
#[derive(Debug)]
pub(super) struct Inbox {
    root: PathBuf,
    seen: BTreeMap<PathBuf, Snapshot>,
    taken: BTreeMap<PathBuf, Snapshot>,
}

impl Inbox {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            seen: BTreeMap::new(),
            taken: BTreeMap::new(),
        }
    }

    /// Looks once; tells what is complete and was not taken in before in this form. Blocking.
    ///
    /// # Errors
    /// When the inbox itself cannot be read. What cannot be read inside it is taken for unfinished.
    pub(super) fn look(&mut self) -> io::Result<Ready> {
        let mut ready = Ready::default();
        let mut now = BTreeMap::new();
        let mut entries: Vec<PathBuf> = fs::read_dir(&self.root)?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<io::Result<_>>()?;
        entries.sort();
        for path in entries {
            if is_hidden(&path) {
                continue;
            }
            let mut snapshot = Snapshot::new();
            if !matches!(add(&path, 0, &mut snapshot), Ok(true)) || snapshot.is_empty() {
                continue;
            }
            let settled = self.seen.get(&path) == Some(&snapshot);
            if settled && self.taken.get(&path) != Some(&snapshot) {
                self.taken.insert(path.clone(), snapshot.clone());
                if path.is_dir() {
                    ready.folders.push(path.clone());
                } else {
                    ready.files.push(path.clone());
                }
            }
            now.insert(path, snapshot);
        }
        self.taken.retain(|path, _| now.contains_key(path));
        self.seen = now;
        Ok(ready)
    }

    /// Takes something in again at the next look.
    pub(super) fn forget(&mut self, ready: &Ready) {
        for path in ready.folders.iter().chain(&ready.files) {
            self.taken.remove(path);
        }
    }

    /// Whether something lies there that was not taken in yet, complete or not.
    pub(super) fn expects_more(&self) -> bool {
        self.seen
            .iter()
            .any(|(path, snapshot)| self.taken.get(path) != Some(snapshot))
    }
}

/// Adds the files of a path; `false` when one of them is unfinished.
fn add(path: &Path, depth: usize, snapshot: &mut Snapshot) -> io::Result<bool> {
    if is_hidden(path) {
        return Ok(true);
    }
    if is_unfinished(path) || depth > MAX_DEPTH {
        return Ok(false);
    }
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            if !add(&entry?.path(), depth + 1, snapshot)? {
                return Ok(false);
            }
        }
    } else {
        snapshot.insert(path.to_owned(), (metadata.len(), metadata.modified().ok()));
    }
    Ok(true)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Names that copying programs and offices give to what is not complete.
fn is_unfinished(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    name.starts_with('~')
        || name.ends_with('~')
        || [".part", ".partial", ".tmp", ".crdownload", ".filepart"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        paths
            .iter()
            .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn what_stays_the_same_over_two_looks_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut inbox = Inbox::new(root.to_owned());
        assert!(inbox.look().unwrap().is_empty());
        fs::create_dir(root.join("甲")).unwrap();
        fs::write(root.join("甲/1.pdf"), "1").unwrap();
        fs::write(root.join("乙.pdf"), "1").unwrap();
        fs::write(root.join(".hidden"), "1").unwrap();
        assert!(inbox.look().unwrap().is_empty());
        assert!(inbox.expects_more());
        fs::write(root.join("甲/1.pdf"), "12").unwrap();
        let ready = inbox.look().unwrap();
        assert_eq!(
            (names(&ready.folders), names(&ready.files)),
            (vec![], vec!["乙.pdf".to_owned()])
        );
        assert_eq!(names(&inbox.look().unwrap().folders), ["甲"]);
        assert!(inbox.look().unwrap().is_empty() && !inbox.expects_more());
        // Something new in the folder: all of it again, when it is complete.
        fs::write(root.join("甲/2.pdf.part"), "1").unwrap();
        for _ in 0..3 {
            assert!(inbox.look().unwrap().is_empty());
        }
        fs::rename(root.join("甲/2.pdf.part"), root.join("甲/2.pdf")).unwrap();
        assert!(inbox.look().unwrap().is_empty());
        let again = inbox.look().unwrap();
        assert_eq!(names(&again.folders), ["甲"]);
        inbox.forget(&again);
        assert_eq!(inbox.look().unwrap(), again);
    }

    #[test]
    fn unfinished_names_are_known() {
        for name in ["1.pdf.part", "~$1.docx", "1.pdf~", "1.PDF.CRDOWNLOAD", "1.tmp"] {
            assert!(is_unfinished(Path::new(name)), "{name}");
        }
        for name in ["1.pdf", "甲.part.pdf", "1.tif"] {
            assert!(!is_unfinished(Path::new(name)), "{name}");
        }
    }
}
