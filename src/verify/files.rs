//! Originals: there, unchanged, readable, registered.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tokio::task::spawn_blocking;

use super::items::{Flaw, Item};
use super::malware::Scanned;
use super::progress::Found;
use super::{Check, Depth, Error};
use crate::access::masked_query;
use crate::catalogue::{self, FileReading, KnownFile, hash_file};

/// Files after which progress is kept.
const AT_A_TIME: u32 = 64;
/// Bytes after which it is kept in any case.
const MOST_BYTES: u64 = 256 << 20;
/// Seconds after which it is kept in any case: a scan for malware may be slow.
const MOST_SECONDS: u64 = 20;
/// Cases of one file that are named.
const CASES_NAMED: u32 = 10;
/// Files of the catalogue that are asked for at a time.
const LISTED: u32 = 10_000;

/// What the disk says of an original.
enum OnDisk {
    Whole,
    Missing,
    Size(u64),
    Changed,
    Unreadable,
}

impl Check<'_> {
    /// Looks at the next originals; the last of them, `None` when there are no more.
    pub(super) async fn some_files(&mut self) -> Result<Option<String>, Error> {
        let catalogue = self.subject.catalogue;
        let files = catalogue.files_after(self.progress.after(), AT_A_TIME).await?;
        let (begun, mut bytes, mut last) = (Instant::now(), 0_u64, None);
        for file in files {
            self.file(&file).await?;
            bytes += file.bytes;
            last = Some(file.sha256);
            if bytes >= MOST_BYTES || begun.elapsed().as_secs() >= MOST_SECONDS {
                break;
            }
        }
        Ok(last)
    }

    async fn file(&mut self, file: &KnownFile) -> Result<(), Error> {
        let path = self.subject.directory.original_path(&file.sha256)?;
        let full = self.progress.depth() == Depth::Full;
        let deep = self.progress.depth().reads_originals();
        let on_disk = self.on_disk(&path, file, deep).await?;
        self.progress.tallies.files += 1;
        self.progress.tallies.bytes += file.bytes;
        self.progress.checked(Item::OriginalsPresent);
        self.progress.checked(Item::Format);
        if !self.options.formats.contains(&file.media_type) {
            self.flawed(Item::Format, Flaw::WrongFormat, file, Some(file.media_type.clone()))
                .await?;
        }
        if let OnDisk::Missing = on_disk {
            return self.flawed(Item::OriginalsPresent, Flaw::Missing, file, None).await;
        }
        let flaw = match on_disk {
            OnDisk::Size(found) => Some((Flaw::Size, Some(format!("{found} / {} bytes", file.bytes)))),
            OnDisk::Changed => Some((Flaw::Changed, None)),
            OnDisk::Unreadable => Some((Flaw::Unreadable, None)),
            OnDisk::Whole | OnDisk::Missing => None,
        };
        match (deep, flaw) {
            (_, Some((flaw, detail))) => {
                self.progress.checked(Item::OriginalHash);
                self.flawed(Item::OriginalHash, flaw, file, detail).await?;
                // What was decoded was something else.
                self.progress.checked(Item::Opens);
                self.flawed(Item::Opens, Flaw::NotDecoded, file, Some(flaw.code().to_owned()))
                    .await?;
            }
            (true, None) => {
                self.progress.checked(Item::OriginalHash);
                if full {
                    self.reading(file).await?;
                }
            }
            (false, None) => {}
        }
        self.pages(file).await?;
        if full {
            self.malware(file, &path).await?;
        }
        Ok(())
    }

    async fn on_disk(&mut self, path: &Path, file: &KnownFile, deep: bool) -> Result<OnDisk, Error> {
        let (path, bytes, expected) = (path.to_owned(), file.bytes, file.sha256.clone());
        let mut throttle = self.throttle.clone();
        let look = move || {
            let on_disk = match fs::metadata(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => OnDisk::Missing,
                Err(_) => OnDisk::Unreadable,
                Ok(metadata) if metadata.len() != bytes => OnDisk::Size(metadata.len()),
                Ok(_) if !deep => OnDisk::Whole,
                Ok(_) => match hash_file(&path, &mut throttle) {
                    Ok((found, _)) if found == expected => OnDisk::Whole,
                    Ok(_) => OnDisk::Changed,
                    Err(_) => OnDisk::Unreadable,
                },
            };
            (on_disk, throttle)
        };
        let (on_disk, throttle) = spawn_blocking(look).await.map_err(|_| Error::Interrupted)?;
        self.throttle = throttle;
        Ok(on_disk)
    }

    /// What those who decode files said of it, whose bytes are the same still.
    async fn reading(&mut self, file: &KnownFile) -> Result<(), Error> {
        let decoding = self.subject.catalogue.decoding(&file.sha256).await?;
        if let Some(decoding) = decoding {
            self.progress.tallies.decoded_again += 1;
            self.progress.checked(Item::Opens);
            if let Some(code) = decoding.failure_code {
                let page = decoding.page.map_or(String::new(), |page| format!(" p. {page}"));
                let detail = Some(format!("{code}{page}"));
                self.flawed(Item::Opens, Flaw::NotDecoded, file, detail).await?;
            }
            return Ok(());
        }
        match file.reading {
            FileReading::Read => self.progress.checked(Item::Opens),
            FileReading::Failed => {
                self.progress.checked(Item::Opens);
                self.flawed(Item::Opens, Flaw::NotDecoded, file, file.failure_code.clone())
                    .await?;
            }
            FileReading::Reading => {
                self.progress.tallies.of(Item::Opens).unable += 1;
                self.progress.tallies.note(
                    Item::Opens,
                    "有文件尚未读取完毕，请先运行 juanzong-indexer。",
                    "files are being read still: run juanzong-indexer first",
                );
            }
        }
        Ok(())
    }

    /// The pages that are kept of a file.
    async fn pages(&mut self, file: &KnownFile) -> Result<(), Error> {
        if file.reading != FileReading::Read {
            return Ok(());
        }
        let Some(state) = self.subject.catalogue.file_state(&file.sha256).await? else {
            return Ok(());
        };
        self.progress.checked(Item::PageCounts);
        let kept = state.pages_done.len();
        if file.pages.is_some_and(|expected| usize::try_from(expected) != Ok(kept)) {
            let detail = format!("{kept} / {}", file.pages.unwrap_or_default());
            self.flawed(Item::PageCounts, Flaw::PageCount, file, Some(detail))
                .await?;
        }
        self.progress.checked(Item::Text);
        if !state.pages_failed.is_empty() {
            let pages: Vec<String> = state.pages_failed.iter().take(20).map(u32::to_string).collect();
            self.flawed(Item::Text, Flaw::PageFailed, file, Some(pages.join(", ")))
                .await?;
        }
        Ok(())
    }

    async fn malware(&mut self, file: &KnownFile, path: &Path) -> Result<(), Error> {
        let Some(scan) = &self.options.malware else {
            return Ok(());
        };
        match scan.scan(path).await {
            Scanned::Clean => self.progress.checked(Item::Malware),
            Scanned::Infected => {
                self.progress.checked(Item::Malware);
                self.flawed(Item::Malware, Flaw::Infected, file, None).await?;
            }
            Scanned::NoAnswer => {
                self.progress.tallies.of(Item::Malware).unable += 1;
                self.progress.tallies.note(
                    Item::Malware,
                    "检测程序对部分文件没有给出结果（出错或超时）。",
                    "the program gave no answer for some files: it failed, or took too long",
                );
            }
        }
        Ok(())
    }

    /// Names a file that something is wrong with, with the cases that it belongs to.
    async fn flawed(&mut self, item: Item, flaw: Flaw, file: &KnownFile, detail: Option<String>) -> Result<(), Error> {
        let path = self.subject.directory.original_path(&file.sha256)?;
        let cases = self.subject.catalogue.cases_of_file(&file.sha256, CASES_NAMED).await?;
        let mut cases: Vec<Option<u64>> = cases.into_iter().map(Some).collect();
        if cases.is_empty() {
            cases.push(None);
        }
        let place = self.below(&path);
        // One file is one failure, in however many cases it lies.
        let failures = self.progress.tallies.of(item).failed + 1;
        for case_key in cases {
            let found = Found {
                case_key,
                place: Some(place.clone()),
                detail: detail.clone(),
            };
            self.progress.failed(item, flaw, found);
        }
        self.progress.tallies.of(item).failed = failures;
        Ok(())
    }

    /// A path below the data directory. What is named by a hash is named in full, other names without numbers of people.
    fn below(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.subject.directory.root()).unwrap_or(path);
        let text = below.to_string_lossy().into_owned();
        match is_original(below) {
            true => text,
            false => masked_query(&text),
        }
    }

    /// Looks at the next folder of originals; its name, `None` when there are no more.
    pub(super) async fn some_extra(&mut self) -> Result<Option<String>, Error> {
        let root = self.subject.directory.originals();
        let after = self.progress.after().to_owned();
        let listed = spawn_blocking(move || next_folder(&root, &after)).await;
        let Some((name, files)) = listed.map_err(|_| Error::Interrupted)?? else {
            return Ok(None);
        };
        let mut known = HashSet::new();
        let mut last = name.clone();
        loop {
            let files = self.subject.catalogue.files_after(&last, LISTED).await?;
            let in_folder = files.iter().take_while(|file| file.sha256.starts_with(&name));
            let before = known.len();
            known.extend(in_folder.map(|file| file.sha256.clone()));
            match files.last() {
                Some(file) if known.len() - before == files.len() => last.clone_from(&file.sha256),
                _ => break,
            }
        }
        let begun: jiff::Timestamp = self.progress.row.started_at.parse().unwrap_or_default();
        for (path, changed) in files {
            self.progress.checked(Item::NothingExtra);
            let rest = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let direct = path.parent().is_some_and(|folder| folder.ends_with(&name));
            let registered = direct && rest.is_some_and(|rest| known.contains(&format!("{name}{rest}")));
            // What is put there meanwhile is registered a moment later.
            if !registered && changed < begun.as_second() {
                let place = Some(self.below(&path));
                self.progress.failed(
                    Item::NothingExtra,
                    Flaw::Extra,
                    Found {
                        place,
                        ..Found::default()
                    },
                );
            }
        }
        Ok(Some(name))
    }
}

/// Whether a path below the data directory is that of an original.
fn is_original(below: &Path) -> bool {
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
    matches!(parts.as_slice(), [_, folder, rest] if hex(folder, 2) && hex(rest, 62))
}

type Folder = (String, Vec<(PathBuf, i64)>);

/// The folder, or file, that comes next in the store of originals, with all files in it and when they were changed.
fn next_folder(root: &Path, after: &str) -> Result<Option<Folder>, catalogue::Error> {
    let error = catalogue::Error::io;
    let mut next: Option<String> = None;
    for entry in fs::read_dir(root).map_err(error("read", root))? {
        let name = entry
            .map_err(error("read", root))?
            .file_name()
            .to_string_lossy()
            .into_owned();
        let sooner = next.as_ref().is_none_or(|next| name < *next);
        if name != "tmp" && name.as_str() > after && sooner {
            next = Some(name);
        }
    }
    let Some(name) = next else { return Ok(None) };
    let mut files = Vec::new();
    collect(&root.join(&name), &mut files)?;
    Ok(Some((name, files)))
}

fn collect(path: &Path, files: &mut Vec<(PathBuf, i64)>) -> Result<(), catalogue::Error> {
    let error = catalogue::Error::io;
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        // It was being written and has its name now.
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(other) => return Err(error("read", path)(other)),
    };
    if !metadata.is_dir() {
        files.push((path.to_owned(), metadata.ctime()));
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(error("read", path))? {
        collect(&entry.map_err(error("read", path))?.path(), files)?;
    }
    Ok(())
}
