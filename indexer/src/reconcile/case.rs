//! What an assembled case shows: divided and suspicious files, and the contents list against the documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use juanzong::record::{CaseRecord, ContentsDifference, DocumentRecord, Fact, FieldName, contents_differences};

use crate::report::{Finding, FindingCode};

/// The findings about a case. `pages` holds position and number of pages of each document, `files` the files of this run,
/// `row` the row of the manifest.
pub fn case_findings(case: &CaseRecord, pages: &[(u32, u32)], files: &[PathBuf], row: Option<u32>) -> Vec<Finding> {
    let file_of = |sha256: &str| {
        let document = case
            .documents
            .iter()
            .find(|d| d.file_sha256.as_deref() == Some(sha256))?;
        let name = document.source_name.as_str();
        let known = files
            .iter()
            .find(|path| path.file_name().is_some_and(|file| file == name));
        Some(known.map_or_else(|| Path::new(name).to_owned(), Clone::clone))
    };
    let finding = |code: FindingCode, sha256: Option<&str>| Finding {
        row,
        path: sha256.and_then(file_of),
        ..Finding::new(code).of(Some(&case.archival_code))
    };
    let of_fact = |code, fact: &Fact| finding(code, fact.evidence.as_ref().map(|e| e.file_sha256.as_str()));
    let mut findings = Vec::new();
    let divided: BTreeSet<&str> = case
        .documents
        .iter()
        .filter(|document| document.part.is_some())
        .filter_map(|document| document.file_sha256.as_deref())
        .collect();
    for sha256 in divided {
        let parts = case
            .documents
            .iter()
            .filter(|d| d.file_sha256.as_deref() == Some(sha256));
        let note = finding(FindingCode::VolumeDivided, Some(sha256));
        findings.push(note.documents(parts.count() as u64));
    }
    for (field, code) in [
        (FieldName::BoundTitle, FindingCode::VolumeSuspected),
        (FieldName::FurtherCase, FindingCode::SeveralCases),
        (FieldName::UnreadContents, FindingCode::ContentsUnread),
    ] {
        let mut named = BTreeSet::new();
        for fact in case.facts.iter().filter(|fact| fact.field == field) {
            let found = of_fact(code, fact);
            if named.insert(found.path.clone()) {
                findings.push(found);
            }
        }
    }
    for difference in contents_differences(&case.facts, pages) {
        let fact = difference.fact();
        findings.push(match difference {
            ContentsDifference::Missing { entry, .. } => of_fact(FindingCode::ContentsMissing, fact).entry(entry),
            ContentsDifference::Undeclared { .. } => {
                let document = case.documents.iter().find(|document| holds(document, fact));
                Finding {
                    document: document.map(|document| document.ordinal),
                    ..of_fact(FindingCode::ContentsUndeclared, fact)
                }
            }
            ContentsDifference::Pages {
                entry,
                document,
                declared,
                found,
                ..
            } => of_fact(FindingCode::ContentsPages, fact)
                .entry(entry)
                .document(document)
                .pages(declared.into(), found.into()),
            ContentsDifference::FirstPage {
                entry,
                document,
                declared,
                found,
                ..
            } => of_fact(FindingCode::ContentsFirstPage, fact)
                .entry(entry)
                .document(document)
                .pages(declared.into(), found.into()),
        });
    }
    findings
}

/// Whether a fact stands in a document.
fn holds(document: &DocumentRecord, fact: &Fact) -> bool {
    fact.evidence.as_ref().is_some_and(|evidence| {
        document.file_sha256.as_deref() == Some(evidence.file_sha256.as_str())
            && document.part.is_none_or(|part| part.contains(evidence.page))
    })
}
