//! Which files are scans, and which of them belong together.
//!
//! A folder that directly holds scans is one case (案卷) and its files in natural order are its documents (件);
//! with `each_file` every scan is a case of its own. Nothing is decoded here.

mod media_type;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use media_type::MediaType;

/// Deepest folder that is looked into, counted from the given path.
const MAX_DEPTH: usize = 64;

/// Why scans could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path given by the user does not exist.
    #[error("no such file or folder: `{path}`")]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// A folder or a file could not be looked at.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Folders are nested deeper than we follow.
    #[error("folders are nested too deeply at `{path}`")]
    TooDeep {
        /// The folder that was not entered.
        path: PathBuf,
    },
}

impl Error {
    /// A stable code for the kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "source_not_found",
            Self::Unreadable { .. } => "source_unreadable",
            Self::TooDeep { .. } => "source_too_deep",
        }
    }
}

/// The scan files that make up one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSource {
    /// The folder that directly holds the files.
    pub folder: PathBuf,
    /// Name of the case: of the folder, or with `each_file` of the file without its extension.
    pub name: String,
    /// The scans in natural order (2 before 10); never empty.
    pub files: Vec<PathBuf>,
}

/// Finds the cases under the given files and folders, in natural order of their paths.
///
/// A file given by name is always taken, even when it does not look like a scan: it will fail with a name of its own.
/// Inside folders, hidden files and files that are no scans are passed over. A symbolic link is followed,
/// but no folder is visited twice, so cycles end.
pub fn discover(paths: &[PathBuf], each_file: bool) -> Result<Vec<CaseSource>, Error> {
    let mut finder = Finder::default();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Error::NotFound { path: path.clone() },
            _ => unreadable(path)(source),
        })?;
        if metadata.is_dir() {
            finder.walk(path, 0)?;
        } else {
            finder.add(path.clone())?;
        }
    }
    let mut cases: Vec<CaseSource> = finder
        .folders
        .into_values()
        .flat_map(|(folder, files)| into_cases(&folder, files, each_file))
        .collect();
    cases.sort_by(|a, b| natural(&a.folder, &b.folder).then_with(|| natural_name(&a.name, &b.name)));
    Ok(cases)
}

/// Whether this file is taken for a scan when it is found in a folder: by its extension, else by its first bytes.
pub fn is_scan(path: &Path) -> io::Result<bool> {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    if name.starts_with('.') || name.starts_with("~$") || name.eq_ignore_ascii_case("thumbs.db") {
        return Ok(false);
    }
    if MediaType::from_extension(path).is_some() {
        return Ok(true);
    }
    Ok(MediaType::of_file(path)?.is_some())
}

/// Orders file names as people count: `页2.tif` before `页10.tif`; ties are broken by bytes, so the order is total.
pub fn natural_name(a: &str, b: &str) -> std::cmp::Ordering {
    natord::compare_ignore_case(a, b).then_with(|| a.cmp(b))
}

fn natural(a: &Path, b: &Path) -> std::cmp::Ordering {
    natural_name(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::Unreadable { path, source }
}

/// Scans by the real path of their folder, so that two ways to one folder make one case.
#[derive(Default)]
struct Finder {
    folders: BTreeMap<PathBuf, (PathBuf, BTreeMap<PathBuf, PathBuf>)>,
    visited: std::collections::BTreeSet<PathBuf>,
}

impl Finder {
    fn walk(&mut self, folder: &Path, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep {
                path: folder.to_path_buf(),
            });
        }
        let real = fs::canonicalize(folder).map_err(unreadable(folder))?;
        if !self.visited.insert(real) {
            return Ok(());
        }
        let mut entries = fs::read_dir(folder)
            .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>())
            .map_err(unreadable(folder))?;
        entries.sort_by(|a, b| natural(a, b));
        for path in entries {
            if path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            let metadata = match fs::metadata(&path) {
                Ok(metadata) => metadata,
                // A link into nowhere, or a file that went away meanwhile, is no scan.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                // Neither is a link that leads nowhere by pointing to itself.
                Err(_) if path.is_symlink() => continue,
                Err(e) => return Err(unreadable(&path)(e)),
            };
            if metadata.is_dir() {
                self.walk(&path, depth + 1)?;
            } else if metadata.is_file() {
                // When not even the first bytes can be read it is taken, so that the reader names the failure.
                if is_scan(&path).unwrap_or(true) {
                    self.add(path)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, path: PathBuf) -> Result<(), Error> {
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let real_folder = fs::canonicalize(&folder).map_err(unreadable(&folder))?;
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        let (_, files) = self
            .folders
            .entry(real_folder)
            .or_insert_with(|| (folder, BTreeMap::new()));
        files.entry(name).or_insert(path);
        Ok(())
    }
}

fn into_cases(folder: &Path, files: BTreeMap<PathBuf, PathBuf>, each_file: bool) -> Vec<CaseSource> {
    let mut files: Vec<PathBuf> = files.into_values().collect();
    files.sort_by(|a, b| natural(a, b));
    if each_file {
        return files
            .into_iter()
            .map(|file| CaseSource {
                folder: folder.to_path_buf(),
                name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                files: vec![file],
            })
            .collect();
    }
    let name = fs::canonicalize(folder)
        .ok()
        .and_then(|real| real.file_name().map(|n| n.to_string_lossy().into_owned()))
        .unwrap_or_else(|| folder.to_string_lossy().into_owned());
    vec![CaseSource {
        folder: folder.to_path_buf(),
        name,
        files,
    }]
}
