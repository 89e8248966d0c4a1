//! Files that are either there as a whole or not at all.
//!
//! A file is written under a temporary name, forced to disk and renamed; then the directory is forced to disk, so that
//! after a power loss the name is there too. Temporary files of one tree lie in its own `tmp/`, which is on the same
//! file system and can be emptied after a crash without a walk through millions of pages.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// A file under its temporary name; removed when dropped before [`Self::publish`].
pub(super) struct TemporaryFile {
    file: File,
    path: PathBuf,
    published: bool,
}

impl TemporaryFile {
    /// A new file in `tmp/` under `tree`.
    pub(super) fn new(tree: &Path) -> Result<Self> {
        let name = format!("{:016x}", rand::random::<u64>());
        let path = tree.join("tmp").join(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(Error::io("create", &path))?;
        Ok(Self {
            file,
            path,
            published: false,
        })
    }

    /// The temporary name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Forces the content to disk and gives the file its name, replacing a file that has it.
    pub(super) fn publish(mut self, target: &Path) -> Result<()> {
        self.file.sync_all().map_err(Error::io("write to disk", &self.path))?;
        let parent = target.parent().unwrap_or(Path::new("."));
        create_directory(parent)?;
        fs::rename(&self.path, target).map_err(Error::io("create", target))?;
        self.published = true;
        sync_directory(parent)
    }
}

impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if !self.published {
            // What stays behind is removed at the next start of the indexer.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a whole file.
pub(super) fn write_whole(tree: &Path, target: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = TemporaryFile::new(tree)?;
    file.write_all(bytes).map_err(Error::io("write", target))?;
    file.publish(target)
}

/// Creates a directory with its parents, and forces each new name to disk.
pub(crate) fn create_directory(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_directory(parent)?;
    }
    match make_private(path) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        Err(e) => return Err(Error::io("create", path)(e)),
    }
    sync_directory(parent.unwrap_or(Path::new(".")))
}

/// Only the user of the service may look into what we create: it holds case files.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Forces the names in a directory to disk.
pub(crate) fn sync_directory(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(Error::io("write to disk", path))
}

/// Removes the files that a crash left in `tmp/` under `tree`; returns how many.
pub(super) fn remove_leftovers(tree: &Path) -> Result<usize> {
    let folder = tree.join("tmp");
    let mut removed = 0;
    for entry in fs::read_dir(&folder).map_err(Error::io("read", &folder))? {
        let path = entry.map_err(Error::io("read", &folder))?.path();
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        removed += 1;
    }
    Ok(removed)
}
