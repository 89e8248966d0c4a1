//! Lines of JSON → cases: what `juanzong-indexer import` takes in (`juanzong::record::CaseLine`).
//!
//! One line is one case. A line that holds a fault is passed over whole and its first fault is named with line, column and
//! key; the other lines stand. A value that contradicts another, or whose check digit fails, is kept and told
//! ([`crate::report::FindingCode::is_doubt`]). Values are measured as those of a manifest are ([`crate::manifest::FieldRules`]). What can be
//! wrong is one table: [`crate::report::FindingCode`].

mod check;
mod lines;
mod parse;
#[cfg(test)]
mod tests;

use juanzong::record::{ArchivalCode, CaseRecord, Correction, Fact, FileLine};

pub use check::{Rules, is_mask};
pub use lines::{Line, LineReader, MOST_LINE, Opened, open};

use crate::report::LineFinding;

/// A line as a case, ready to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadLine {
    /// Number of the line, from 1.
    pub number: u64,
    /// The case. Kinds of documents that the line does not give are [`juanzong::record::DocumentKind::Other`].
    pub case: CaseRecord,
    /// Whether the line gives the kind of each document.
    pub kinds_given: Vec<bool>,
    /// Whether the line says all that is known, so that nothing is to be read from its text.
    pub complete: bool,
    /// The files of its documents.
    pub files: Vec<FileLine>,
    /// Facts whose value is masked: known better by whoever wrote the line, and left out of the case.
    pub masked: Vec<Fact>,
    /// What people corrected.
    pub corrections: Vec<Correction>,
    /// Whether the case is to be withdrawn.
    pub withdrawn: bool,
}

/// What came of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The case; else the fault that refuses the line is among the findings.
    pub read: Option<Box<ReadLine>>,
    /// What is wrong or worth knowing.
    pub findings: Vec<LineFinding>,
}

/// Reads one line; what is wrong with it never ends the import.
pub fn read(line: &Line, rules: &Rules<'_>) -> Outcome {
    let mut findings = Vec::new();
    let read = match parse::parse(line, &mut findings) {
        Some(parsed) => check::check(line.number, parsed, rules, &mut findings),
        None => None,
    };
    Outcome {
        read: read.map(Box::new),
        findings,
    }
}

/// 档号 of a finding, when it can be read.
fn code_of(text: Option<&str>) -> Option<ArchivalCode> {
    ArchivalCode::parse(text?).filter(|code| code.as_str().chars().any(char::is_alphanumeric))
}
