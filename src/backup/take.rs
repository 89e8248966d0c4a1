//! Making a backup while others read and write the archive.
//!
//! Databases first, files after: an original is on disk before the row that names it, and never changed or deleted, so
//! whatever the copy of the catalogue names is there to be copied afterwards. The catalogue before the accounts: the entry of
//! a correction is written before the correction, so no correction is without one. Keys last: a key is in its file before
//! anything is sealed with it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::error::{Error, Result};
use super::keys::{apart, copy_keys};
use super::layout::{BackupDirectory, Store, io_error, read_directory};
use super::manifest::{Entry, Head, ManifestReader, ManifestWriter};
use super::objects::{Copied, Objects, sync_disk_of};
use super::retain::retain;
use crate::catalogue::{AccessStore, Catalogue, DataDirectory, DatabaseCopy, KnownFile, hash_file};
use crate::killpoint;
use crate::throttle::Throttle;

/// Files of the catalogue that are copied between two turns of the disk.
const AT_A_TIME: u32 = 200;
/// What there may be in the data directory besides databases, originals, images and index.
const SMALL_FILES: [&str; 2] = ["juanzong.toml", "manifest-mappings.toml"];
/// Most lost originals that are named.
pub const LOST_NAMED: usize = 1_000;

/// The archive that is backed up.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its directory.
    pub directory: &'a DataDirectory,
    /// Its catalogue.
    pub catalogue: &'a Catalogue,
    /// Its accounts and audit log.
    pub access: &'a AccessStore,
}

/// How it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupOptions {
    /// The directory of backups.
    pub to: PathBuf,
    /// Where a copy of the keys is kept, apart from all of it.
    pub keys: Option<PathBuf>,
    /// Backups that are kept; all without a number.
    pub keep: Option<u32>,
    /// Reads again what the directory holds already, and copies anew what is damaged.
    pub recheck: bool,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// Name of the backup.
    pub generation: String,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// Files in it.
    pub files: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Files that were written, for they were in no earlier backup.
    pub copied_files: u64,
    /// Their sizes together.
    pub copied_bytes: u64,
    /// Files of earlier backups that were damaged and are whole again.
    pub mended: u64,
    /// Originals that the archive has lost and no backup holds.
    pub lost: u64,
    /// The first of them, by their places in the data directory.
    pub lost_files: Vec<String>,
    /// Earlier backups that were removed.
    pub removed: Vec<String>,
}

/// Makes a backup.
///
/// # Errors
/// When a directory lies in another, belongs to another archive, or cannot be read or written. The earlier backups stand.
pub async fn back_up(source: Source<'_>, options: &BackupOptions, at: Timestamp) -> Result<BackupReport> {
    let live_keys = source.directory.keys();
    let mut places = vec![source.directory.root(), options.to.as_path()];
    places.extend(options.keys.as_deref());
    apart(&places)?;
    apart(&[&options.to, &live_keys])?;

    let directory = BackupDirectory::open_or_make(&options.to, &source.catalogue.archive_id().await?)?;
    let _held = directory.hold()?;
    let previous = directory.generations()?.pop();
    let name = directory.name_at(at)?;
    let unfinished = directory.begin(&name)?;

    let (catalogue, access) = (unfinished.join("catalogue.db"), unfinished.join("access.db"));
    source.catalogue.copy_to(&catalogue).await?;
    killpoint::reach("backup_catalogue_copied");
    source.access.checkpoint().await?;
    source.access.copy_to(&access).await?;
    killpoint::reach("backup_databases_copied");
    let copy = DatabaseCopy::open(&catalogue).await?;
    let log = DatabaseCopy::open(&access).await?;
    let head = Head {
        version: super::layout::VERSION,
        archive: directory.archive().to_owned(),
        made_at: at.to_string(),
        program: format!("juanzong {}", env!("CARGO_PKG_VERSION")),
        counts: copy.counts().await?,
        audit_sequence: log.audit_sequence().await?,
    };
    log.close().await;

    let mut work = Work {
        data: source.directory.clone(),
        writer: ManifestWriter::begin(&unfinished, &head)?,
        objects: Objects::new(
            &directory,
            Throttle::megabytes_per_second(options.megabytes_per_second),
            options.recheck,
        ),
        // One that cannot be read is of no help, and no hindrance.
        previous: previous.and_then(|name| ManifestReader::open_checked(&directory, &name).ok()),
        lost_files: Vec::new(),
    };
    let folder = unfinished.clone();
    work = blocking(move || work.own_files(&folder)).await?;
    let mut after = String::new();
    loop {
        let files = copy.files_after(&after, AT_A_TIME).await?;
        let Some(last) = files.last() else { break };
        after.clone_from(&last.sha256);
        work = blocking(move || work.batch(&files)).await?;
    }
    copy.close().await;
    if let Some(keys) = &options.keys {
        copy_keys(&live_keys, keys, u64::MAX)?;
    }
    let keep = options.keep;
    spawn_blocking(move || work.finish(&directory, &unfinished, &name, keep))
        .await
        .map_err(|_| Error::Interrupted)?
}

async fn blocking(work: impl FnOnce() -> Result<Work> + Send + 'static) -> Result<Work> {
    spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
}

/// What goes from one batch to the next.
struct Work {
    data: DataDirectory,
    writer: ManifestWriter,
    objects: Objects,
    previous: Option<ManifestReader>,
    lost_files: Vec<String>,
}

impl Work {
    /// Databases, configuration and dictionaries: each backup has its own.
    fn own_files(mut self, folder: &Path) -> Result<Self> {
        for name in ["catalogue.db", "access.db"] {
            self.own_file(folder, name)?;
        }
        let mut small: Vec<String> = SMALL_FILES.map(str::to_owned).to_vec();
        small.extend(self.dictionaries()?);
        for name in small {
            let (source, target) = (self.data.root().join(&name), folder.join(&name));
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(io_error("create", parent))?;
            }
            match fs::copy(&source, &target) {
                Ok(_) => self.own_file(folder, &name)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error("copy", &source)(error)),
            }
        }
        Ok(self)
    }

    /// The archive's own dictionaries, by their paths in the data directory.
    fn dictionaries(&self) -> Result<Vec<String>> {
        let folder = self.data.dictionaries();
        if !folder.try_exists().map_err(io_error("read", &folder))? {
            return Ok(Vec::new());
        }
        let mut names = read_directory(&folder)?;
        names.retain(|name| folder.join(name).is_file());
        names.sort();
        let path = |name: String| format!("{}/{name}", DataDirectory::DICTIONARIES);
        Ok(names.into_iter().map(path).collect())
    }

    fn own_file(&mut self, folder: &Path, name: &str) -> Result<()> {
        let (sha256, bytes) = hash_file(&folder.join(name), &mut io::sink())?;
        self.writer.add(Entry {
            path: name.to_owned(),
            sha256,
            bytes,
            changed: None,
            lost: None,
        })
    }

    fn batch(mut self, files: &[KnownFile]) -> Result<Self> {
        let mut entries = Vec::new();
        for file in files {
            entries.push(self.original(file)?);
            self.page_images(&file.sha256, &mut entries)?;
        }
        self.objects.commit()?;
        killpoint::reach("backup_batch_committed");
        for entry in entries {
            self.writer.add(entry)?;
        }
        Ok(self)
    }

    fn original(&mut self, file: &KnownFile) -> Result<Entry> {
        let source = self.data.original_path(&file.sha256)?;
        let mut entry = Entry {
            path: self.path_of(&source),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            changed: None,
            lost: None,
        };
        if !self.objects.has(Store::Originals, &file.sha256, file.bytes)?
            && let Copied::Lost(why) = self.objects.copy(Store::Originals, &source, Some(&file.sha256))?
        {
            if self.lost_files.len() < LOST_NAMED {
                self.lost_files.push(entry.path.clone());
            }
            entry.lost = Some(why.to_owned());
        }
        Ok(entry)
    }

    /// The images of the pages of a file, as they are now: they are made again from the original when one is missing.
    fn page_images(&mut self, sha256: &str, entries: &mut Vec<Entry>) -> Result<()> {
        let folder = self.data.page_images_of(sha256)?;
        let mut names = match fs::read_dir(&folder) {
            Ok(_) => read_directory(&folder)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io_error("read", &folder)(error)),
        };
        names.sort();
        for name in names {
            let source = folder.join(&name);
            let Ok(metadata) = fs::metadata(&source) else { continue };
            let changed = metadata
                .ctime()
                .saturating_mul(1_000_000_000)
                .saturating_add(metadata.ctime_nsec());
            let path = self.path_of(&source);
            let known = self.known(&path)?.filter(|known| {
                known.bytes == metadata.len() && known.changed == Some(changed) && known.lost.is_none()
            });
            if let Some(known) = known
                && self.objects.has(Store::Pages, &known.sha256, known.bytes)?
            {
                entries.push(known);
                continue;
            }
            if let Copied::There { sha256, bytes } = self.objects.copy(Store::Pages, &source, None)? {
                entries.push(Entry {
                    path,
                    sha256,
                    bytes,
                    changed: Some(changed),
                    lost: None,
                });
            }
        }
        Ok(())
    }

    /// The entry of a file in the backup before; asked for in the order of the manifests.
    fn known(&mut self, path: &str) -> Result<Option<Entry>> {
        let wanted = super::manifest::order(path);
        let Some(previous) = &mut self.previous else {
            return Ok(None);
        };
        while previous.peek().is_some_and(|entry| entry.order() < wanted) {
            previous.entry()?;
        }
        Ok(previous.peek().filter(|entry| entry.order() == wanted).cloned())
    }

    fn path_of(&self, file: &Path) -> String {
        let below = file.strip_prefix(self.data.root()).unwrap_or(file);
        below.to_string_lossy().into_owned()
    }

    fn finish(
        self,
        directory: &BackupDirectory,
        unfinished: &Path,
        name: &str,
        keep: Option<u32>,
    ) -> Result<BackupReport> {
        let (end, manifest_sha256) = self.writer.finish()?;
        // The names of everything, too.
        sync_disk_of(directory.root())?;
        killpoint::reach("backup_manifest_written");
        directory.publish(unfinished, name)?;
        killpoint::reach("backup_published");
        let removed = match keep {
            Some(keep) => retain(directory, keep)?,
            None => Vec::new(),
        };
        Ok(BackupReport {
            generation: name.to_owned(),
            manifest_sha256,
            files: end.files,
            bytes: end.bytes,
            copied_files: self.objects.copied.0,
            copied_bytes: self.objects.copied.1,
            mended: self.objects.mended,
            lost: end.lost,
            lost_files: self.lost_files,
            removed,
        })
    }
}
