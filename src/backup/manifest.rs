//! The list of everything in a backup, with the SHA-256 of every file: one JSON object a line, in an order that two backups
//! share, so that both can be read beside each other without keeping them in memory.
//!
//! ```text
//! manifest.jsonl     head, files, end
//! manifest.sha256    SHA-256 of it, as `sha256sum -c` reads it
//! ```

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{Error, Result};
use super::layout::{BackupDirectory, VERSION, io_error};
use crate::catalogue::{Counts, hash_file};

const LIST: &str = "manifest.jsonl";
const HASH: &str = "manifest.sha256";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// Version of the list.
    pub(super) version: u32,
    /// The archive.
    pub(super) archive: String,
    /// When the backup was begun (RFC 3339, UTC).
    pub(super) made_at: String,
    /// Program and version that made it.
    pub(super) program: String,
    /// What the catalogue held.
    pub(super) counts: Counts,
    /// Place of the last entry of the audit log.
    pub(super) audit_sequence: u64,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Path in the data directory.
    pub(super) path: String,
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
    /// Its size.
    pub(super) bytes: u64,
    /// When it was last changed in the data directory, in nanoseconds since 1970: what has not changed since need not be read
    /// again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changed: Option<i64>,
    /// Why it is not in the backup: it was missing or damaged in the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lost: Option<String>,
}

/// The last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    /// Files.
    pub(super) files: u64,
    /// Their sizes together.
    pub(super) bytes: u64,
    /// Originals that are not in the backup, for the archive had lost them.
    pub(super) lost: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Head(Head),
    File(Entry),
    End(End),
}

/// A manifest as it is written.
pub(super) struct ManifestWriter {
    out: BufWriter<File>,
    folder: PathBuf,
    hasher: Sha256,
    end: End,
}

impl ManifestWriter {
    /// Begins the manifest of a backup.
    pub(super) fn begin(folder: &Path, head: &Head) -> Result<Self> {
        let path = folder.join(LIST);
        let out = BufWriter::new(File::create(&path).map_err(io_error("create", &path))?);
        let mut writer = Self {
            out,
            folder: folder.to_owned(),
            hasher: Sha256::new(),
            end: End::default(),
        };
        writer.line(&Line::Head(head.clone()))?;
        Ok(writer)
    }

    /// Adds a file.
    pub(super) fn add(&mut self, entry: Entry) -> Result<()> {
        match entry.lost.is_some() {
            true => self.end.lost += 1,
            false => {
                self.end.files += 1;
                self.end.bytes += entry.bytes;
            }
        }
        self.line(&Line::File(entry))
    }

    fn line(&mut self, line: &Line) -> Result<()> {
        let path = self.folder.join(LIST);
        let written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            self.hasher.update(&text);
            self.out.write_all(&text)
        });
        written.map_err(io_error("write", &path))
    }

    /// Ends the manifest; gives its SHA-256. It is on disk then.
    pub(super) fn finish(mut self) -> Result<(End, String)> {
        self.line(&Line::End(self.end))?;
        let path = self.folder.join(LIST);
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all())
            .map_err(io_error("write", &path))?;
        let sha256 = hex::encode(self.hasher.finalize());
        let path = self.folder.join(HASH);
        let written = File::create(&path).and_then(|mut file| {
            writeln!(file, "{sha256}  {LIST}")?;
            file.sync_all()
        });
        written.map_err(io_error("write", &path))?;
        Ok((self.end, sha256))
    }
}

/// A manifest as it is read.
pub(super) struct ManifestReader {
    lines: io::Lines<BufReader<File>>,
    path: PathBuf,
    /// What the first line says.
    pub(super) head: Head,
    end: Option<End>,
    read: End,
    next: Option<Entry>,
}

impl ManifestReader {
    /// Opens the manifest of a backup after comparing it with its hash.
    pub(super) fn open_checked(directory: &BackupDirectory, name: &str) -> Result<Self> {
        let folder = directory.generation(name);
        let (list, hash) = (folder.join(LIST), folder.join(HASH));
        let text = match fs::read_to_string(&hash) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_there(&folder) => {
                let path = directory.root().to_owned();
                return Err(Error::NoGeneration { path });
            }
            Err(error) => return Err(unreadable(&hash, &error)),
        };
        let found = hash_file(&list, &mut io::sink()).map_err(|error| damaged(&list, error.to_string()))?;
        match text.split_whitespace().next() {
            Some(expected) if expected == found.0 => Self::open(&folder),
            _ => Err(damaged(&list, format!("its SHA-256 is {}", found.0))),
        }
    }

    /// Opens the manifest of a backup, of which the hash was compared before.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(LIST);
        let file = File::open(&path).map_err(io_error("read", &path))?;
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().map_err(|error| unreadable(&path, &error))?;
        let Some(Ok(Line::Head(head))) = first.map(|text| serde_json::from_str(&text)) else {
            return Err(damaged(&path, "it has no head".to_owned()));
        };
        if head.version > VERSION {
            return Err(Error::TooNew { path });
        }
        let mut reader = Self {
            lines,
            path,
            head,
            end: None,
            read: End::default(),
            next: None,
        };
        reader.next = reader.line()?;
        Ok(reader)
    }

    /// The file that comes next, without taking it.
    pub(super) fn peek(&self) -> Option<&Entry> {
        self.next.as_ref()
    }

    /// Takes the next file.
    pub(super) fn entry(&mut self) -> Result<Option<Entry>> {
        match self.next.take() {
            None => Ok(None),
            Some(entry) => {
                self.next = self.line()?;
                Ok(Some(entry))
            }
        }
    }

    /// What the last line says, once all files were taken.
    pub(super) fn end(&self) -> End {
        self.end.unwrap_or_default()
    }

    fn line(&mut self) -> Result<Option<Entry>> {
        let text = match self.lines.next() {
            Some(Ok(text)) => text,
            Some(Err(error)) => return Err(unreadable(&self.path, &error)),
            None if self.end.is_some_and(|end| end == self.read) => return Ok(None),
            None => return Err(damaged(&self.path, "it has no end".to_owned())),
        };
        match serde_json::from_str(&text) {
            Ok(Line::File(entry)) if self.end.is_none() && entry.is_plausible() => {
                match entry.lost.is_some() {
                    true => self.read.lost += 1,
                    false => {
                        self.read.files += 1;
                        self.read.bytes += entry.bytes;
                    }
                }
                Ok(Some(entry))
            }
            Ok(Line::End(end)) if self.end.is_none() => {
                self.end = Some(end);
                self.line()
            }
            _ => Err(damaged(&self.path, "a line of it is no file".to_owned())),
        }
    }
}

impl Entry {
    /// Whether the path stays below the directory that it is meant for, and the hash is one.
    fn is_plausible(&self) -> bool {
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        let hash = self.sha256.len() == 64 && self.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        hash && self.path.split('/').all(plain)
    }

    /// By what the files of two manifests are compared: an original, then its pages.
    pub(super) fn order(&self) -> (String, String) {
        order(&self.path)
    }
}

/// As [`Entry::order`]; what is neither original nor page comes first.
pub(super) fn order(path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["originals", folder, rest] => (format!("{folder}{rest}"), String::new()),
        ["pages", _, original, image] => ((*original).to_owned(), (*image).to_owned()),
        _ => (String::new(), path.to_owned()),
    }
}

/// The last line of a manifest whose hash was compared, without reading those before it.
pub(super) fn end_of(folder: &Path) -> Result<End> {
    /// Far more than the last line has.
    const TAIL: u64 = 1_024;
    let path = folder.join(LIST);
    let read = || -> io::Result<String> {
        let mut file = File::open(&path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        Ok(String::from_utf8_lossy(&tail).into_owned())
    };
    let tail = read().map_err(|error| unreadable(&path, &error))?;
    match tail.lines().next_back().map(serde_json::from_str) {
        Some(Ok(Line::End(end))) => Ok(end),
        _ => Err(damaged(&path, "it has no end".to_owned())),
    }
}

fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

pub(super) fn damaged(path: &Path, detail: String) -> Error {
    let path = path.to_owned();
    Error::Damaged { path, detail }
}

/// A file of a backup that cannot be read counts as damaged: it is of no use.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    damaged(path, format!("it cannot be read ({})", error.kind()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head() -> Head {
        Head {
            version: VERSION,
            archive: "a".into(),
            made_at: "2026-06-30T12:00:00Z".into(),
            program: "juanzong".into(),
            counts: Counts::default(),
            audit_sequence: 7,
        }
    }

    fn entry(path: &str) -> Entry {
        Entry {
            path: path.into(),
            sha256: "0f".repeat(32),
            bytes: 3,
            changed: None,
            lost: None,
        }
    }

    fn read(folder: &Path) -> Result<Vec<Entry>> {
        let mut reader = ManifestReader::open(folder)?;
        let mut entries = Vec::new();
        while let Some(entry) = reader.entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }

    #[test]
    fn what_is_written_is_read_and_a_part_of_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = ManifestWriter::begin(folder.path(), &head()).unwrap();
        let lost = Entry {
            lost: Some("missing".into()),
            ..entry("originals/0f/1")
        };
        let entries = [entry("catalogue.db"), lost, entry("pages/0f/0f0f/1.jpg")];
        for entry in &entries {
            writer.add(entry.clone()).unwrap();
        }
        let (end, sha256) = writer.finish().unwrap();
        assert_eq!((end.files, end.bytes, end.lost), (2, 6, 1));
        assert_eq!(end_of(folder.path()).unwrap(), end);
        assert_eq!(read(folder.path()).unwrap(), entries);
        let list = folder.path().join(LIST);
        assert_eq!(hash_file(&list, &mut io::sink()).unwrap().0, sha256);
        let text = fs::read_to_string(&list).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for without in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(without);
            fs::write(&list, fewer.join("\n")).unwrap();
            assert!(read(folder.path()).is_err(), "without line {without}");
        }
    }

    #[test]
    fn no_path_leads_out_of_its_directory() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "originals/../../x",
            "pages//x",
            "./x",
            "a/.",
            "a\\..\\b",
            "a\0b",
            "a/",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut writer = ManifestWriter::begin(folder.path(), &head()).unwrap();
            writer.add(entry(path)).unwrap();
            writer.finish().unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(error, Error::Damaged { .. }), "{path:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn a_plausible_path_stays_below(path in "[a./\\\\]{0,12}") {
            if entry(&path).is_plausible() {
                let joined = Path::new("/root").join(&path);
                let ordinary = |part: std::path::Component<'_>| !matches!(part, std::path::Component::ParentDir);
                prop_assert!(joined.starts_with("/root") && joined.components().all(ordinary));
            }
        }
    }
}
