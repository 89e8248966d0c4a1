//! Which files become which case: a manifest row wins, else the folder, else (`--each-file`) the file. What a refused row
//! means stays out.

mod lookup;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use juanzong::record::{ArchivalCode, Fact};

use self::lookup::{Lookup, file_name};
use crate::manifest::{DeclaredPages, Manifest, Refused, Row};
use crate::report::{ColumnPlace, Finding, FindingCode};
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
    /// Its row of the manifest, when it has one.
    pub row: Option<u32>,
    /// How many pages the manifest declares.
    pub pages: Option<DeclaredPages>,
}

/// What is to be read, and what was found about the manifest and the files.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The cases in order.
    pub cases: Vec<PlannedCase>,
    /// What stands in the way of the others, and what is worth knowing; those of the manifest first.
    pub findings: Vec<Finding>,
}

/// Makes the plan. `roots` are the paths as the user gave them, `each_file` says that every source is one file.
pub fn plan(sources: &[CaseSource], roots: &[PathBuf], each_file: bool, manifest: Option<&Manifest>) -> Plan {
    let mut plan = Plan::default();
    // Each file that a row has, good or refused, and the row.
    let mut taken: HashMap<PathBuf, u32> = HashMap::new();
    let mut unclear = None;
    if let Some(manifest) = manifest {
        plan.findings.clone_from(&manifest.findings);
        let lookup = Lookup::new(sources, roots, &manifest.path);
        let mut refused = manifest.refused.clone();
        for row in &manifest.rows {
            refused.extend(good_row(&mut plan, &mut taken, &lookup, manifest, row).err());
        }
        refused.sort_by_key(|row| row.number);
        for row in &refused {
            let possible = lookup.possible(row.archival_code.as_ref(), &row.files);
            if possible.is_empty() && row.unclear {
                unclear = unclear.or(Some(row.number));
            }
            let held: Vec<PathBuf> = possible.into_iter().filter(|f| !taken.contains_key(f)).collect();
            for place in places(sources, &held) {
                let finding = Finding::at_path(FindingCode::RowRefused, &place).other_row(Some(row.number));
                plan.findings.push(finding.of(row.archival_code.as_ref()));
            }
            taken.extend(held.into_iter().map(|file| (file, row.number)));
        }
    }
    let mut codes: BTreeSet<ArchivalCode> = plan.cases.iter().map(|c| c.archival_code.clone()).collect();
    for source in sources {
        let files: Vec<PathBuf> = source
            .files
            .iter()
            .filter(|f| !taken.contains_key(*f))
            .cloned()
            .collect();
        if files.is_empty() {
            continue;
        }
        if manifest.is_some() {
            let code = unclear.map_or(FindingCode::FilesWithoutRow, |_| FindingCode::RowUnclear);
            for place in places(std::slice::from_ref(source), &files) {
                plan.findings.push(Finding::at_path(code, &place).other_row(unclear));
            }
            if unclear.is_some() {
                continue;
            }
        }
        let place = source.folder.join(&source.name);
        match code_of(source, roots, each_file) {
            None => plan.findings.push(Finding::at_path(FindingCode::UnfitName, &place)),
            Some(code) if !codes.insert(code.clone()) => plan
                .findings
                .push(Finding::at_path(FindingCode::SameCaseTwice, &place).of(Some(&code))),
            Some(archival_code) => {
                plan.cases.push(PlannedCase {
                    archival_code,
                    files,
                    facts: Vec::new(),
                    row: None,
                    pages: None,
                });
            }
        }
    }
    plan
}

/// Adds the case of a good row; a row whose files are at fault is refused after all.
fn good_row(
    plan: &mut Plan,
    taken: &mut HashMap<PathBuf, u32>,
    lookup: &Lookup<'_>,
    manifest: &Manifest,
    row: &Row,
) -> Result<(), Refused> {
    let column = files_column(manifest, row);
    let finding = |code| {
        Finding::in_row(code, row.number)
            .column(column.clone())
            .of(Some(&row.archival_code))
    };
    let (files, faults) = lookup.files_of(row);
    let mut findings: Vec<Finding> = faults.into_iter().map(finding).collect();
    if let Some(other) = files.iter().find_map(|f| taken.get(f)) {
        findings.push(finding(FindingCode::FileNamedTwice).other_row(Some(*other)));
    }
    if !findings.is_empty() {
        plan.findings.extend(findings);
        return Err(Refused {
            number: row.number,
            archival_code: Some(row.archival_code.clone()),
            files: row.files.clone(),
            unclear: false,
        });
    }
    let empty = files.iter().filter(|f| lookup::is_empty(f));
    for file in empty {
        let note = finding(FindingCode::EmptyFileInFolder);
        plan.findings.push(Finding {
            path: Some(file.clone()),
            ..note
        });
    }
    taken.extend(files.iter().map(|file| (file.clone(), row.number)));
    plan.cases.push(PlannedCase {
        archival_code: row.archival_code.clone(),
        files,
        facts: row.facts.clone(),
        row: Some(row.number),
        pages: row.pages.clone(),
    });
    Ok(())
}

/// The column that says which files a row means.
fn files_column(manifest: &Manifest, row: &Row) -> Option<ColumnPlace> {
    let wanted = if row.files.is_empty() { "archival_code" } else { "files" };
    let mut columns = manifest.shape.columns.iter();
    columns.find(|c| c.code == wanted).map(|c| c.place.clone())
}

/// How to name some files shortly: by their folder when they are all that it holds.
fn places(sources: &[CaseSource], files: &[PathBuf]) -> Vec<PathBuf> {
    let files: BTreeSet<&PathBuf> = files.iter().collect();
    let mut places = Vec::new();
    for source in sources {
        let of_source: Vec<&PathBuf> = source.files.iter().filter(|f| files.contains(f)).collect();
        if of_source.len() > 1 && of_source.len() == source.files.len() {
            places.push(source.folder.clone());
        } else {
            places.extend(of_source.into_iter().cloned());
        }
    }
    places
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
