//! What an import reports: counts, each fault with its place, and how often what else was noticed.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::{FindingCode, IngestFailure, LineFinding};

/// Faults that are listed one by one; the others are counted, so that a file of nothing but faults does not fill the memory.
const MOST_LISTED: usize = 1_000;
/// Different things that are counted apart.
const MOST_NOTED: usize = 1_000;

/// What an import did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportSummary {
    /// The file, as it was given.
    pub file: String,
    /// Lines read, without blank ones.
    pub lines: u64,
    /// Cases taken in.
    pub cases: u64,
    /// Of these, new in the catalogue.
    pub created: u64,
    /// Of these, different from before.
    pub changed: u64,
    /// Of these, as they were.
    pub unchanged: u64,
    /// Pages of these cases.
    pub pages: u64,
    /// Lines that were not taken in.
    pub refused: u64,
    /// Why, the first thousand in their order.
    pub failures: Vec<IngestFailure>,
    /// What was noticed, how often, and where first.
    pub noted: Vec<Noted>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// Wall time; in seconds in JSON.
    #[serde(rename = "elapsed_seconds", serialize_with = "super::seconds")]
    pub elapsed: Duration,
    #[serde(skip)]
    counts: BTreeMap<(FindingCode, Option<String>), (u64, u64)>,
}

/// Something that was noticed, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// What.
    pub code: FindingCode,
    /// The key it is about.
    pub key: Option<String>,
    /// How often.
    pub count: u64,
    /// Line where it was noticed first.
    pub first_line: u64,
    /// In Chinese.
    pub message_zh: &'static str,
    /// In English.
    pub message_en: &'static str,
}

impl ImportSummary {
    /// Nothing yet of this file.
    pub fn of(file: String) -> Self {
        Self {
            file,
            ..Self::default()
        }
    }

    /// Takes in the findings about one line; gives those that refuse it as they are to be shown.
    pub fn take(&mut self, findings: &[LineFinding]) -> Vec<IngestFailure> {
        let mut shown = Vec::new();
        for finding in findings {
            if finding.code.refuses_line() {
                let failure = finding.as_failure(&self.file);
                if self.failures.len() < MOST_LISTED {
                    self.failures.push(failure.clone());
                    shown.push(failure);
                }
            }
            let key = finding.key.as_deref().map(without_indices);
            let room = self.counts.len() < MOST_NOTED;
            match self.counts.get_mut(&(finding.code, key.clone())) {
                Some((count, _)) => *count += 1,
                None if room => {
                    self.counts.insert((finding.code, key), (1, finding.line));
                }
                None => {}
            }
        }
        shown
    }

    /// Brings the counts into their form: what refuses lines only where not all of it is listed.
    pub fn finish(&mut self) {
        let all_listed = self.failures.len() < MOST_LISTED;
        let counts = std::mem::take(&mut self.counts).into_iter();
        let wanted = counts.filter(|((code, _), _)| !(all_listed && code.refuses_line()));
        self.noted = wanted
            .map(|((code, key), (count, first_line))| Noted {
                code,
                key,
                count,
                first_line,
                message_zh: code.message_zh(),
                message_en: code.message_en(),
            })
            .collect();
    }
}

/// `documents[3].kind` → `documents[].kind`: the same for all documents.
fn without_indices(key: &str) -> String {
    key.chars()
        .filter(|c| !c.is_ascii_digit() || !key.contains('['))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_faults_are_counted_and_the_first_of_them_listed() {
        let mut summary = ImportSummary::default();
        for line in 1..=2_000 {
            let fault = LineFinding::new(FindingCode::DocumentKindUnknown, line).key(format!("documents[{line}].kind"));
            let note = LineFinding::new(FindingCode::AgencyUnknown, line).key("agency".into());
            summary.take(&[fault, note]);
        }
        summary.finish();
        assert_eq!(summary.failures.len(), 1_000);
        let counts: Vec<_> = summary
            .noted
            .iter()
            .map(|n| (n.code.code(), n.count, n.first_line))
            .collect();
        assert_eq!(
            counts,
            [("agency_unknown", 2_000, 1), ("document_kind_unknown", 2_000, 1)]
        );
    }

    #[test]
    fn faults_that_are_listed_are_not_counted_once_more() {
        let mut summary = ImportSummary::default();
        summary.take(&[LineFinding::new(FindingCode::JsonSyntax, 3)]);
        summary.finish();
        assert_eq!((summary.failures.len(), summary.noted.len()), (1, 0));
    }
}
