//! Making an archive of a backup, and proving that it could be done.
//!
//! What makes an archive of a directory, its databases, is put into `.restoring` until everything else is there. As long as
//! that exists the directory is no archive, whatever program looks at it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;
use tokio::task::spawn_blocking;

use super::error::{Error, Result};
use super::keys::{apart, are_in, copy_keys};
use super::layout::{BackupDirectory, DATABASES, Store, io_error, read_directory};
use super::manifest::{Entry, Head, ManifestReader, damaged, unreadable};
use super::objects::{Both, need_room, sync_disk_of};
use super::prove::{Proved, need_keys, of_backup};
use super::take::LOST_NAMED;
use crate::access::{Action, Actor, Outcome};
use crate::catalogue::{self, Counts, DataDirectory, create_directory, hash_file, sync_directory};
use crate::config::RawConfig;
use crate::killpoint;
use crate::throttle::Throttle;

/// Room that is needed besides the files: logs of the databases, directories.
const SPARE: u64 = 64 << 20;
/// What is restored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoreOptions {
    /// The directory of backups.
    pub from: PathBuf,
    /// Name of the backup; the latest without one.
    pub generation: Option<String>,
    /// Where the copy of the keys is. They are not needed where the restored configuration names a directory that has them.
    pub keys: Option<PathBuf>,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
}

/// What was restored, or proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    /// Name of the backup.
    pub generation: String,
    /// When it was begun (RFC 3339, UTC).
    pub made_at: String,
    /// Files whose hashes were compared.
    pub files: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Originals that are not in the backup, for the archive had lost them.
    pub lost: u64,
    /// The first of them.
    pub lost_files: Vec<String>,
    /// What the catalogue holds.
    pub counts: Counts,
    /// Entries of the audit log, whose chain was checked.
    pub audit_entries: u64,
    /// Sealed values that were opened with the keys.
    pub opened: u64,
}

/// A backup that was chosen, and is kept from being removed.
struct Chosen {
    directory: BackupDirectory,
    name: String,
    _held: Option<super::layout::Held>,
}

impl Chosen {
    fn of(options: &RestoreOptions) -> Result<Self> {
        let directory = BackupDirectory::open(&options.from)?;
        let held = directory.hold_to_read()?;
        let mut names = directory.generations()?;
        let name = match &options.generation {
            Some(name) => names.into_iter().find(|known| known == name),
            None => names.pop(),
        };
        let name = name.ok_or_else(|| Error::NoGeneration {
            path: options.from.clone(),
        })?;
        Ok(Self {
            directory,
            name,
            _held: held,
        })
    }

    fn manifest(&self) -> Result<ManifestReader> {
        ManifestReader::open_checked(&self.directory, &self.name)
    }

    /// Where a file of the backup lies.
    fn place(&self, entry: &Entry) -> PathBuf {
        match Store::of(&entry.path) {
            Some(store) => self.directory.object(store, &entry.sha256),
            None => self.directory.generation(&self.name).join(&entry.path),
        }
    }
}

/// Fails when what was read of a file is not what the manifest says of it.
fn compare(place: &Path, entry: &Entry, found: catalogue::Result<(String, u64)>) -> Result<()> {
    match found {
        Ok((sha256, _)) if sha256 == entry.sha256 => Ok(()),
        Ok((sha256, bytes)) => {
            let detail = format!("its SHA-256 is {sha256} ({bytes} instead of {} bytes)", entry.bytes);
            Err(damaged(place, detail))
        }
        Err(catalogue::Error::Io {
            doing: "read", source, ..
        }) => Err(unreadable(place, &source)),
        Err(error) => Err(error.into()),
    }
}

/// Fails when the databases of a backup are damaged, or do not open with the keys in a directory; before anything is written.
async fn databases_open(chosen: Chosen, keys: &Path, limit: Option<u32>) -> Result<Chosen> {
    let work = move || -> Result<Chosen> {
        let mut throttle = Throttle::megabytes_per_second(limit);
        let mut manifest = chosen.manifest()?;
        while let Some(entry) = manifest.entry()? {
            if DATABASES.contains(&entry.path.as_str()) {
                let place = chosen.place(&entry);
                compare(&place, &entry, hash_file(&place, &mut throttle))?;
            }
        }
        Ok(chosen)
    };
    let chosen = blocking(work).await?;
    need_keys(&chosen.directory.generation(&chosen.name), keys).await?;
    Ok(chosen)
}

/// Goes through a backup, comparing every hash; `to` says where a file is copied to, if anywhere.
fn pass(
    chosen: &Chosen,
    throttle: &mut Throttle,
    report: &mut RestoreReport,
    mut to: impl FnMut(&Entry) -> Result<Option<PathBuf>>,
) -> Result<u64> {
    let mut manifest = chosen.manifest()?;
    let mut originals = 0;
    while let Some(entry) = manifest.entry()? {
        originals += u64::from(Store::of(&entry.path) == Some(Store::Originals));
        if entry.lost.is_some() {
            if report.lost_files.len() < LOST_NAMED {
                report.lost_files.push(entry.path);
            }
            continue;
        }
        let place = chosen.place(&entry);
        let found = match to(&entry)? {
            None => hash_file(&place, throttle),
            Some(target) => {
                let mut file = File::create_new(&target).map_err(io_error("create", &target))?;
                let found = hash_file(&place, &mut Both(&mut file, throttle));
                let mode = if entry.path.starts_with("originals/") {
                    0o400
                } else {
                    0o600
                };
                let protected = file.set_permissions(Permissions::from_mode(mode));
                protected.map_err(io_error("protect", &target))?;
                killpoint::reach("restore_file_copied");
                found
            }
        };
        compare(&place, &entry, found)?;
    }
    let end = manifest.end();
    (report.files, report.bytes, report.lost) = (end.files, end.bytes, end.lost);
    Ok(originals)
}

/// Proves that a backup can be restored: every hash, both databases whole and brought to this program's version, everything
/// sealed opened with the keys, the audit log, the figures. The databases are copied into `scratch` for that; nothing else is
/// written, and nothing of the archive is touched.
///
/// # Errors
/// The first thing that is wrong, with the file.
pub async fn rehearse(options: &RestoreOptions, scratch: &Path) -> Result<RestoreReport> {
    let keys = options.keys.clone().ok_or_else(|| Error::NoKeys {
        path: options.from.clone(),
    })?;
    let chosen = databases_open(Chosen::of(options)?, &keys, options.megabytes_per_second).await?;
    let folder = tempfile::Builder::new()
        .prefix("juanzong-rehearsal-")
        .tempdir_in(scratch)
        .map_err(io_error("create", scratch))?;
    let mut throttle = Throttle::megabytes_per_second(options.megabytes_per_second);
    let to = folder.path().to_owned();
    let work = move || -> Result<(Chosen, Head, RestoreReport, u64)> {
        let head = chosen.manifest()?.head;
        let databases = DATABASES.iter().map(|name| {
            let path = chosen.directory.generation(&chosen.name).join(name);
            fs::metadata(&path).map_or(0, |file| file.len())
        });
        need_room(&to, databases.sum::<u64>() + SPARE)?;
        let mut report = RestoreReport::default();
        let originals = pass(&chosen, &mut throttle, &mut report, |entry| {
            let database = DATABASES.contains(&entry.path.as_str());
            Ok(database.then(|| to.join(&entry.path)))
        })?;
        Ok((chosen, head, report, originals))
    };
    let (chosen, head, mut report, originals) = blocking(work).await?;
    let copied = DataDirectory::at(folder.path().to_owned()).with_keys(Some(keys));
    let from = chosen.directory.generation(&chosen.name);
    let proved = Proved::open(&copied, &head)
        .await
        .map_err(|error| of_backup(error, &from))?;
    let told = proved.names(originals).await;
    tell(&mut report, &chosen, &head, &proved);
    proved.close().await;
    told?;
    Ok(report)
}

/// Restores a backup into an empty directory.
///
/// # Errors
/// The first thing that is wrong, with the file; the directory is empty again then.
pub async fn restore(options: &RestoreOptions, to: &Path, actor: &Actor) -> Result<RestoreReport> {
    let mut places = vec![options.from.as_path(), to];
    places.extend(options.keys.as_deref());
    apart(&places)?;
    let chosen = Chosen::of(options)?;
    if to.try_exists().map_err(io_error("read", to))? && !read_directory(to)?.is_empty() {
        return Err(Error::NotEmpty { path: to.to_owned() });
    }
    let keys = match &options.keys {
        Some(keys) => keys.clone(),
        None => configured_keys(&chosen.directory.generation(&chosen.name), to)?,
    };
    let chosen = databases_open(chosen, &keys, options.megabytes_per_second).await?;
    create_directory(to)?;
    let done = restore_into(options, to, chosen, actor).await;
    if done.is_err() {
        // It was empty, so all of it is ours. What cannot be removed now is no archive still.
        clear(to);
    }
    done
}

/// Where the configuration of a backup has the keys of the archive that is restored into a directory.
fn configured_keys(generation: &Path, to: &Path) -> Result<PathBuf> {
    let backed_up = DataDirectory::at(generation.to_owned());
    let configured =
        RawConfig::read(&backed_up.config_path()).map_err(|error| damaged(generation, error.to_string()))?;
    let keys = backed_up.with_keys(configured.keys.directory).keys();
    // What is beside the configuration will be beside the restored one.
    Ok(keys
        .strip_prefix(generation)
        .map_or_else(|_| keys.clone(), |inside| to.join(inside)))
}

/// Removes everything from a directory; what marks it as unfinished last.
fn clear(to: &Path) {
    let unfinished = DataDirectory::at(to.to_owned()).restoring();
    for name in read_directory(to).unwrap_or_default() {
        let path = to.join(name);
        if path != unfinished && fs::remove_dir_all(&path).is_err() {
            let _ = fs::remove_file(&path);
        }
    }
    let _ = fs::remove_dir_all(unfinished);
}

async fn restore_into(options: &RestoreOptions, to: &Path, chosen: Chosen, actor: &Actor) -> Result<RestoreReport> {
    let directory = DataDirectory::at(to.to_owned());
    let unfinished = directory.restoring();
    create_directory(&unfinished)?;
    let mut throttle = Throttle::megabytes_per_second(options.megabytes_per_second);
    let (root, aside) = (to.to_owned(), unfinished.clone());
    let work = move || -> Result<(Chosen, Head, RestoreReport, u64)> {
        let mut report = RestoreReport::default();
        let head = chosen.manifest()?.head;
        need_room(
            &root,
            super::manifest::end_of(&chosen.directory.generation(&chosen.name))?.bytes + SPARE,
        )?;
        let originals = pass(&chosen, &mut throttle, &mut report, |entry| {
            let folder = if DATABASES.contains(&entry.path.as_str()) {
                &aside
            } else {
                &root
            };
            let target = folder.join(&entry.path);
            if let Some(parent) = target.parent()
                && !parent.is_dir()
            {
                create_directory(parent)?;
            }
            Ok(Some(target))
        })?;
        Ok((chosen, head, report, originals))
    };
    let (chosen, head, mut report, originals) = blocking(work).await?;

    let configured = RawConfig::read(&directory.config_path())
        .map_err(|error| damaged(&chosen.directory.generation(&chosen.name), error.to_string()))?;
    let directory = directory.with_keys(configured.keys.directory);
    match &options.keys {
        Some(keys) => {
            if !are_in(keys)? {
                return Err(Error::NoKeys { path: keys.clone() });
            }
            copy_keys(keys, &directory.keys(), head.audit_sequence)?;
        }
        None if are_in(&directory.keys())? => {}
        None => {
            let path = directory.keys();
            return Err(Error::NoKeys { path });
        }
    }
    let aside = DataDirectory::at(unfinished.clone()).with_keys(Some(directory.keys()));
    let from = chosen.directory.generation(&chosen.name);
    let proved = Proved::open(&aside, &head)
        .await
        .map_err(|error| of_backup(error, &from))?;
    let settled = settle(&proved, &chosen, originals, actor).await;
    tell(&mut report, &chosen, &head, &proved);
    proved.close().await;
    settled?;
    killpoint::reach("restore_databases_proved");

    // What a log holds that was not written into its database would stay behind.
    for name in DATABASES {
        let log = unfinished.join(format!("{name}-wal"));
        if log.try_exists().map_err(io_error("read", &log))? {
            return Err(damaged(&log, "it was not written into its database".to_owned()));
        }
    }
    sync_disk_of(to)?;
    for name in DATABASES {
        let target = to.join(name);
        fs::rename(unfinished.join(name), &target).map_err(io_error("create", &target))?;
        killpoint::reach("restore_database_named");
    }
    sync_directory(to)?;
    fs::remove_dir_all(&unfinished).map_err(io_error("remove", &unfinished))?;
    sync_directory(to)?;
    Ok(report)
}

/// What the restored archive says about itself: the first entry of its log after the last one of the backup.
async fn settle(proved: &Proved, chosen: &Chosen, originals: u64, actor: &Actor) -> Result<()> {
    proved.names(originals).await?;
    let details = json!({"did": "restore", "generation": chosen.name});
    let entry = actor.entry(Action::Backup, Outcome::Done, &details);
    proved.access.record(entry).await?;
    Ok(proved.access.checkpoint().await?)
}

fn tell(report: &mut RestoreReport, chosen: &Chosen, head: &Head, proved: &Proved) {
    report.generation.clone_from(&chosen.name);
    report.made_at.clone_from(&head.made_at);
    report.counts = proved.counts;
    report.audit_entries = proved.audit_entries;
    report.opened = proved.opened;
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
}
