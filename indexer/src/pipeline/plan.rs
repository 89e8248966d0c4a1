//! Which files become which case: a manifest row wins, else the folder, else (`--each-file`) the file.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use juanzong::record::{ArchivalCode, Fact};

use crate::manifest::{Manifest, Row};
use crate::report::{IngestFailure, PlanProblem};
use crate::source::CaseSource;

/// A case to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCase {
    /// 档号
    pub archival_code: ArchivalCode,
    /// The files in order; each is a document.
    pub files: Vec<PathBuf>,
    /// What the manifest says.
    pub facts: Vec<Fact>,
}

/// What is to be read, and what cannot be.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The cases in order.
    pub cases: Vec<PlannedCase>,
    /// What stands in the way of the others.
    pub failures: Vec<IngestFailure>,
}

/// Makes the plan. `roots` are the paths as the user gave them, `each_file` says that every source is one file,
/// `manifest` is the table and its name.
pub fn plan(sources: Vec<CaseSource>, roots: &[PathBuf], each_file: bool, manifest: Option<(&Manifest, &str)>) -> Plan {
    let mut plan = Plan::default();
    let mut taken: BTreeSet<PathBuf> = BTreeSet::new();
    if let Some((manifest, name)) = manifest {
        for fault in &manifest.faults {
            plan.failures
                .push(IngestFailure::of_row(name, fault.number, &fault.column, fault.problem));
        }
        let lookup = Lookup::new(&sources);
        for row in &manifest.rows {
            match lookup.files_of(row) {
                Ok(files) if files.iter().any(|f| taken.contains(f)) => {
                    plan.failures
                        .push(row_failure(name, row, PlanProblem::FilesClaimedTwice));
                }
                Ok(files) => {
                    taken.extend(files.iter().cloned());
                    plan.cases.push(PlannedCase {
                        archival_code: row.archival_code.clone(),
                        files,
                        facts: row.facts.clone(),
                    });
                }
                Err(problem) => plan.failures.push(row_failure(name, row, problem)),
            }
        }
    }
    let mut codes: BTreeSet<ArchivalCode> = plan.cases.iter().map(|c| c.archival_code.clone()).collect();
    for source in sources {
        let files: Vec<PathBuf> = source.files.iter().filter(|f| !taken.contains(*f)).cloned().collect();
        if files.is_empty() {
            continue;
        }
        let place = source.folder.join(&source.name).display().to_string();
        match code_of(&source, roots, each_file) {
            None => plan
                .failures
                .push(IngestFailure::of_plan(place, PlanProblem::UnfitName)),
            Some(code) if !codes.insert(code.clone()) => {
                plan.failures
                    .push(IngestFailure::of_plan(place, PlanProblem::SameCaseTwice));
            }
            Some(archival_code) => {
                plan.cases.push(PlannedCase {
                    archival_code,
                    files,
                    facts: Vec::new(),
                });
            }
        }
    }
    plan
}

fn row_failure(manifest: &str, row: &Row, problem: PlanProblem) -> IngestFailure {
    IngestFailure::of_plan(
        format!("{manifest}, 第 {} 行, {}", row.number, row.archival_code),
        problem,
    )
}

/// A name that looks like an archival code is one. Any other name is made unique by the path from the folder the user
/// named, so that `box1/7` and `box2/7` stay two cases, and for a single file by its extension: `7.pdf` is not `7.tif`.
fn code_of(source: &CaseSource, roots: &[PathBuf], each_file: bool) -> Option<ArchivalCode> {
    let name = ArchivalCode::parse(&source.name)?;
    let separators = name.as_str().chars().filter(|c| matches!(c, '-' | '·')).count();
    if separators >= 2 && name.as_str().chars().any(|c| c.is_ascii_digit()) {
        return Some(name);
    }
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let root = roots
        .iter()
        .filter(|r| source.folder.starts_with(r))
        .max_by_key(|r| r.components().count());
    let mut parts: Vec<String> = Vec::new();
    match root {
        Some(root) => {
            parts.extend(real(root).file_name().map(|n| n.to_string_lossy().into_owned()));
            let below = source.folder.strip_prefix(root).into_iter().flat_map(Path::components);
            parts.extend(below.map(|c| c.as_os_str().to_string_lossy().into_owned()));
        }
        // A file given by name: its folder tells it apart.
        None => parts.push(file_name(&real(&source.folder), "")),
    }
    if each_file {
        parts.extend(source.files.first().map(|file| file_name(file, &source.name)));
    }
    ArchivalCode::parse(&parts.join("/"))
}

/// Finds folders and files by the names a manifest uses: the end of their path.
struct Lookup<'a> {
    sources: &'a [CaseSource],
    by_name: HashMap<String, Vec<Target>>,
}

#[derive(Clone, Copy)]
enum Target {
    Folder(usize),
    File(usize, usize),
}

impl<'a> Lookup<'a> {
    fn new(sources: &'a [CaseSource]) -> Self {
        let mut by_name: HashMap<String, Vec<Target>> = HashMap::new();
        let mut folders: HashMap<&Path, usize> = HashMap::new();
        for (at, source) in sources.iter().enumerate() {
            // With `--each-file` many sources share a folder, and then the folder is no unit.
            if *folders.entry(&source.folder).or_insert(at) == at {
                by_name
                    .entry(file_name(&source.folder, &source.name))
                    .or_default()
                    .push(Target::Folder(at));
            }
            for (file_at, file) in source.files.iter().enumerate() {
                by_name
                    .entry(file_name(file, ""))
                    .or_default()
                    .push(Target::File(at, file_at));
            }
        }
        Self { sources, by_name }
    }

    fn files_of(&self, row: &Row) -> Result<Vec<PathBuf>, PlanProblem> {
        let named = if row.files.is_empty() {
            std::slice::from_ref(&row.archival_code)
                .iter()
                .map(|c| c.as_str())
                .collect::<Vec<_>>()
        } else {
            row.files.iter().map(String::as_str).collect()
        };
        let mut files = Vec::new();
        for name in named {
            for file in self.resolve(name)? {
                if !files.contains(&file) {
                    files.push(file);
                }
            }
        }
        Ok(files)
    }

    fn resolve(&self, name: &str) -> Result<Vec<PathBuf>, PlanProblem> {
        let wanted = PathBuf::from(name.replace('\\', "/").trim_matches('/'));
        let targets = self
            .by_name
            .get(&file_name(&wanted, name))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let fitting: Vec<Target> = targets
            .iter()
            .filter(|t| wanted.components().count() == 1 || self.path(**t).ends_with(&wanted))
            .copied()
            .collect();
        match fitting.as_slice() {
            [] => Err(PlanProblem::RowWithoutFiles),
            [Target::Folder(at)] => {
                let folder = &self.sources[*at].folder;
                Ok(self
                    .sources
                    .iter()
                    .filter(|s| s.folder == *folder)
                    .flat_map(|s| s.files.clone())
                    .collect())
            }
            [Target::File(at, file)] => Ok(vec![self.sources[*at].files[*file].clone()]),
            _ => Err(PlanProblem::AmbiguousFiles),
        }
    }

    fn path(&self, target: Target) -> &Path {
        match target {
            Target::Folder(at) => &self.sources[at].folder,
            Target::File(at, file) => &self.sources[at].files[file],
        }
    }
}

fn file_name(path: &Path, otherwise: &str) -> String {
    path.file_name()
        .map_or_else(|| otherwise.to_owned(), |n| n.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{RowFault, RowProblem};

    fn source(folder: &str, name: &str, files: &[&str]) -> CaseSource {
        CaseSource {
            folder: folder.into(),
            name: name.into(),
            files: files.iter().map(|f| Path::new(folder).join(f)).collect(),
        }
    }

    fn row(number: usize, code: &str, files: &[&str]) -> Row {
        Row {
            number,
            archival_code: ArchivalCode::parse(code).unwrap(),
            files: files.iter().map(|f| (*f).to_owned()).collect(),
            facts: Vec::new(),
        }
    }

    fn codes(plan: &Plan) -> Vec<&str> {
        plan.cases.iter().map(|c| c.archival_code.as_str()).collect()
    }

    #[test]
    fn folders_become_cases_and_plain_names_stay_unique() {
        let sources = vec![
            source("in/0123-XK·2019-1", "0123-XK·2019-1", &["1.pdf", "2.tif"]),
            source("in/box1/7", "7", &["1.pdf"]),
            source("in/box2/7", "7", &["1.pdf"]),
        ];
        let plan = plan(sources, &["in".into()], false, None);
        assert_eq!(codes(&plan), ["0123-XK·2019-1", "IN/BOX1/7", "IN/BOX2/7"]);
        assert_eq!(plan.cases[0].files.len(), 2);
        assert_eq!(plan.failures, []);
    }

    #[test]
    fn a_manifest_row_wins_over_the_folder() {
        let sources = vec![
            source("in/a", "a", &["1.pdf", "2.pdf"]),
            source("in/b", "b", &["1.pdf"]),
        ];
        let manifest = Manifest {
            rows: vec![row(2, "A-1", &["a"]), row(3, "B-1", &["b/1.pdf"])],
            faults: Vec::new(),
        };
        let plan = plan(sources, &["in".into()], false, Some((&manifest, "m.csv")));
        assert_eq!(codes(&plan), ["A-1", "B-1"]);
        assert_eq!(plan.failures, []);
    }

    #[test]
    fn every_obstacle_is_named() {
        let sources = vec![source("in/x/a", "a", &["1.pdf"]), source("in/y/a", "a", &["1.pdf"])];
        let manifest = Manifest {
            rows: vec![
                row(2, "A-1", &["missing"]),
                row(3, "A-2", &["a"]),
                row(4, "A-3", &["x/a"]),
                row(5, "A-4", &["x/a/1.pdf"]),
            ],
            faults: vec![RowFault {
                number: 6,
                column: "档号".into(),
                problem: RowProblem::NoArchivalCode,
            }],
        };
        let plan = plan(sources, &["in".into()], false, Some((&manifest, "m.csv")));
        let failed: Vec<&str> = plan.failures.iter().map(|f| f.code).collect();
        assert_eq!(
            failed,
            [
                "manifest_row",
                "row_without_files",
                "ambiguous_files",
                "files_claimed_twice"
            ]
        );
        assert_eq!(codes(&plan), ["A-3", "IN/Y/A"]);
    }

    #[test]
    fn single_files_can_be_cases_and_their_extension_tells_them_apart() {
        let sources = vec![
            source("in", "001", &["001.pdf"]),
            source("in", "001", &["001.tif"]),
            source("in", "0123-XK·2019-1", &["0123-XK·2019-1.pdf"]),
        ];
        let plan = plan(sources, &["in".into()], true, None);
        assert_eq!(codes(&plan), ["IN/001.PDF", "IN/001.TIF", "0123-XK·2019-1"]);
        assert_eq!(plan.failures, []);
    }

    #[test]
    fn two_sources_of_one_archival_code_are_named_and_not_mixed() {
        let sources = vec![source("in/a", "A-1-1", &["1.pdf"]), source("in/b", "A-1-1", &["1.pdf"])];
        let plan = plan(sources, &["in".into()], false, None);
        assert_eq!(codes(&plan), ["A-1-1"]);
        assert_eq!(plan.failures[0].code, "same_case_twice");
    }
}
