//! Reconciliation (对账): rows without files, files without rows, pages that differ, archival codes given twice, contents
//! lists that do not agree with the documents, in one report as table and CSV.

mod case;
mod csv;
mod pages;
mod show;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

pub use self::case::case_findings;
pub use self::csv::{ReportFile, guarded};
pub use self::pages::{PageDifference, compare};
pub use self::show::show;
use crate::manifest::{DeclaredPages, Manifest};
use crate::report::{CaseLine, Finding, FindingCode, ManifestSummary, Reconciliation, Severity};

/// Pages of each file; `None` when they cannot be counted.
pub type FilePages = HashMap<PathBuf, Option<u64>>;

/// A planned case with what is declared of it.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The case.
    pub line: CaseLine,
    /// Declared pages.
    pub pages: Option<DeclaredPages>,
}

/// What is known before the pages are counted.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    manifest: Option<ManifestSummary>,
    rows: usize,
    cases: Vec<Expected>,
    findings: Vec<Finding>,
}

impl Outline {
    /// An outline of a plan. `findings` are those of the manifest and of the plan.
    pub fn new(manifest: Option<&Manifest>, cases: Vec<Expected>, findings: Vec<Finding>) -> Self {
        Self {
            rows: manifest.map_or(0, |m| m.shape.rows),
            manifest: manifest.map(|m| ManifestSummary {
                path: m.path.clone(),
                shape: m.shape.clone(),
            }),
            cases,
            findings,
        }
    }

    /// The same with what was found while the cases were read.
    #[must_use]
    pub fn with(mut self, findings: Vec<Finding>) -> Self {
        self.findings.extend(findings);
        self
    }

    /// All files of all cases.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.cases.iter().flat_map(|case| &case.line.files)
    }

    /// Completes the reconciliation with the pages that the files have. Files that `pages` does not hold were not looked
    /// at (the run was stopped): nothing is said of them.
    pub fn finish(self, pages: &FilePages) -> Reconciliation {
        let mut findings = self.findings;
        let mut cases = Vec::with_capacity(self.cases.len());
        for case in self.cases {
            let mut line = case.line;
            let known: Option<Vec<Option<u64>>> = line.files.iter().map(|f| pages.get(f).copied()).collect();
            if let Some(real) = known {
                line.pages = real.iter().copied().sum();
                let unknown = line.files.iter().zip(&real).filter(|(_, pages)| pages.is_none());
                for (file, _) in unknown {
                    let finding = Finding::at_path(FindingCode::PagesUnknown, file);
                    findings.push(in_row(finding, &line));
                }
                let differences = case.pages.map(|declared| compare(&declared, &real)).unwrap_or_default();
                findings.extend(differences.into_iter().map(|d| difference(d, &line)));
            }
            cases.push(line);
        }
        // Stable: what was found first in a row stays first.
        findings.sort_by_key(|f| f.row.unwrap_or(u32::MAX));
        let mut reconciliation = Reconciliation {
            manifest: self.manifest,
            cases,
            findings,
            ..Reconciliation::default()
        };
        count(&mut reconciliation, self.rows);
        reconciliation
    }
}

fn in_row(finding: Finding, line: &CaseLine) -> Finding {
    Finding {
        row: line.row,
        ..finding.of(Some(&line.archival_code))
    }
}

fn difference(difference: PageDifference, line: &CaseLine) -> Finding {
    let finding = match difference {
        PageDifference::Total { declared, found } => Finding::new(FindingCode::PagesDiffer).pages(declared, found),
        PageDifference::Document { at, declared, found } => Finding {
            path: line.files.get(at).cloned(),
            ..Finding::new(FindingCode::PagesDiffer).pages(declared, found)
        },
        PageDifference::Documents { declared, found } => {
            Finding::new(FindingCode::DocumentsDiffer).pages(declared as u64, found as u64)
        }
    };
    in_row(finding, line)
}

fn count(reconciliation: &mut Reconciliation, rows: usize) {
    let of = |severity: Severity| {
        reconciliation
            .findings
            .iter()
            .filter(|f| f.code.severity() == severity)
            .count()
    };
    let counts = &mut reconciliation.counts;
    counts.rows = rows;
    counts.rows_good = reconciliation.cases.iter().filter(|c| c.row.is_some()).count();
    counts.rows_refused = rows.saturating_sub(counts.rows_good);
    counts.cases = reconciliation.cases.len();
    counts.files = reconciliation.cases.iter().map(|c| c.files.len()).sum();
    counts.pages = reconciliation.cases.iter().filter_map(|c| c.pages).sum();
    counts.refusals = of(Severity::Table) + of(Severity::Row) + of(Severity::Files);
    counts.differences = of(Severity::Difference);
    counts.notes = of(Severity::Note);
}
