//! Finds folders and files by the names a manifest uses: the end of their path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use juanzong::record::ArchivalCode;

use crate::manifest::Row;
use crate::report::FindingCode;
use crate::source::CaseSource;

pub(super) struct Lookup<'a> {
    sources: &'a [CaseSource],
    by_name: HashMap<String, Vec<Target>>,
    /// Folders, and files without their extension, whose name is an archival code.
    by_code: HashMap<ArchivalCode, Vec<Target>>,
    /// Sources of each folder: several with `--each-file`.
    of_folder: HashMap<&'a Path, Vec<usize>>,
    /// Where names may stand that are no scans.
    roots: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Folder(usize),
    File(usize, usize),
}

impl<'a> Lookup<'a> {
    pub(super) fn new(sources: &'a [CaseSource], roots: &[PathBuf], manifest: &Path) -> Self {
        let mut lookup = Self {
            sources,
            by_name: HashMap::new(),
            by_code: HashMap::new(),
            of_folder: HashMap::new(),
            roots: roots.to_vec(),
        };
        lookup.roots.extend(manifest.parent().map(Path::to_owned));
        for (at, source) in sources.iter().enumerate() {
            let of_folder = lookup.of_folder.entry(&source.folder).or_default();
            of_folder.push(at);
            if of_folder.len() == 1 {
                let name = file_name(&source.folder, &source.name);
                lookup.add(&name, &name, Target::Folder(at));
            }
            for (file_at, file) in source.files.iter().enumerate() {
                let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned());
                let target = Target::File(at, file_at);
                lookup.add(&file_name(file, ""), &stem.unwrap_or_default(), target);
            }
        }
        lookup
    }

    fn add(&mut self, name: &str, code: &str, target: Target) {
        self.by_name.entry(name.to_owned()).or_default().push(target);
        if let Some(code) = ArchivalCode::parse(code) {
            self.by_code.entry(code).or_default().push(target);
        }
    }

    /// The files of a row in order, and what is wrong with the names it gives.
    pub(super) fn files_of(&self, row: &Row) -> (Vec<PathBuf>, Vec<FindingCode>) {
        let mut files = Vec::new();
        let mut faults = Vec::new();
        let mut add = |targets: &[Target], otherwise: FindingCode| {
            match targets {
                [] => faults.push(otherwise),
                [only] => {
                    let found = self.files(*only);
                    let named = matches!(only, Target::File(..));
                    if named && found.iter().any(|f| is_empty(f)) {
                        faults.push(FindingCode::FileEmpty);
                    }
                    for file in found {
                        if !files.contains(&file) {
                            files.push(file);
                        }
                    }
                }
                _ => faults.push(FindingCode::FileAmbiguous),
            };
        };
        if row.files.is_empty() {
            let targets = self.of_code(&row.archival_code);
            let otherwise = self.on_disk(row.archival_code.as_str());
            add(&targets, otherwise.unwrap_or(FindingCode::FileMissing));
        }
        for name in &row.files {
            let targets = self.named(name);
            let otherwise = if targets.is_empty() { self.on_disk(name) } else { None };
            add(&targets, otherwise.unwrap_or(FindingCode::FileMissing));
        }
        faults.dedup();
        (files, faults)
    }

    /// All files that a refused row may mean: those it names, and those that carry its archival code.
    pub(super) fn possible(&self, code: Option<&ArchivalCode>, names: &[String]) -> Vec<PathBuf> {
        let by_code = code.map(|code| self.of_code(code)).unwrap_or_default();
        let by_name = names.iter().flat_map(|name| self.named(name));
        let mut files: Vec<PathBuf> = by_code
            .into_iter()
            .chain(by_name)
            .flat_map(|target| self.files(target))
            .collect();
        files.sort();
        files.dedup();
        files
    }

    /// Folders with this archival code; files only where there is no such folder.
    fn of_code(&self, code: &ArchivalCode) -> Vec<Target> {
        let targets = self.by_code.get(code).map(Vec::as_slice).unwrap_or_default();
        let folders: Vec<Target> = targets
            .iter()
            .filter(|t| matches!(t, Target::Folder(_)))
            .copied()
            .collect();
        if folders.is_empty() { targets.to_vec() } else { folders }
    }

    fn named(&self, name: &str) -> Vec<Target> {
        let wanted = PathBuf::from(name);
        let targets = self.by_name.get(&file_name(&wanted, name)).map(Vec::as_slice);
        let fitting = targets.unwrap_or_default().iter();
        fitting
            .filter(|t| wanted.components().count() == 1 || self.path(**t).ends_with(&wanted))
            .copied()
            .collect()
    }

    fn files(&self, target: Target) -> Vec<PathBuf> {
        match target {
            Target::Folder(at) => {
                let sources = self.of_folder.get(self.sources[at].folder.as_path());
                let sources = sources.map(Vec::as_slice).unwrap_or_default();
                sources.iter().flat_map(|at| self.sources[*at].files.clone()).collect()
            }
            Target::File(at, file) => vec![self.sources[at].files[file].clone()],
        }
    }

    fn path(&self, target: Target) -> &Path {
        match target {
            Target::Folder(at) => &self.sources[at].folder,
            Target::File(at, file) => &self.sources[at].files[file],
        }
    }

    /// What there is under a name that no scan has. Names come without `..`, so nothing outside of the roots is looked at.
    fn on_disk(&self, name: &str) -> Option<FindingCode> {
        let metadata = self
            .roots
            .iter()
            .find_map(|root| std::fs::metadata(root.join(name)).ok())?;
        Some(if metadata.is_dir() {
            FindingCode::FolderWithoutScans
        } else if metadata.len() == 0 {
            FindingCode::FileEmpty
        } else {
            FindingCode::FileUnsupported
        })
    }
}

/// Whether a file has no bytes; one that cannot be looked at fails when it is read.
pub(super) fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|m| m.len() == 0)
}

pub(super) fn file_name(path: &Path, otherwise: &str) -> String {
    path.file_name()
        .map_or_else(|| otherwise.to_owned(), |n| n.to_string_lossy().into_owned())
}
