//! Lines → cases ready to be saved and indexed: everything that needs neither the catalogue nor the other lines.

use juanzong::catalogue::{LineEdits, PackedCase};
use juanzong::index::IndexDocument;
use juanzong::record::{Correction, Fact, FileLine};

use super::Importing;
use crate::import::{self, Line, ReadLine, Rules};
use crate::manifest::{self, FieldRules};
use crate::pipeline::imported::{Beside, facts_of_import, name_documents};
use crate::report::{FindingCode, LineFinding};

/// A batch of lines.
pub(super) struct PreparedBatch {
    /// Lines read.
    pub(super) lines: u64,
    pub(super) cases: Vec<Prepared>,
    pub(super) findings: Vec<LineFinding>,
}

/// A case that is ready.
pub(super) struct Prepared {
    pub(super) number: u64,
    pub(super) packed: PackedCase,
    /// The facts of the line, before its text was read.
    pub(super) own: Vec<Fact>,
    /// What the index is to hold of it, should it be new.
    pub(super) document: Option<IndexDocument>,
    /// Whether the line says all that is known.
    pub(super) complete: bool,
    pub(super) files: Vec<FileLine>,
    pub(super) masked: Vec<Fact>,
    pub(super) corrections: Vec<Correction>,
    pub(super) withdrawn: bool,
}

/// Reads and prepares lines one after the other.
pub(super) fn prepare(lines: &[Line], importing: &Importing, extract: bool) -> PreparedBatch {
    let rules = Rules {
        fields: FieldRules {
            today: manifest::today(),
            dictionaries: importing.analyser.dictionaries(),
        },
    };
    let mut batch = PreparedBatch {
        lines: lines.len() as u64,
        cases: Vec::with_capacity(lines.len()),
        findings: Vec::new(),
    };
    for line in lines {
        let outcome = import::read(line, &rules);
        batch.findings.extend(outcome.findings);
        let Some(read) = outcome.read else { continue };
        let (number, code) = (read.number, read.case.archival_code.clone());
        match prepare_case(*read, importing, extract) {
            Ok(case) => batch.cases.push(case),
            // What the catalogue says may hold a value of the line: it goes to the log of the operator.
            Err(error) => {
                tracing::debug!(line = number, %error, "a case cannot be kept");
                batch
                    .findings
                    .push(LineFinding::new(FindingCode::CaseUnfit, number).of(Some(&code)));
            }
        }
    }
    batch
}

fn prepare_case(read: ReadLine, importing: &Importing, extract: bool) -> juanzong::catalogue::Result<Prepared> {
    let mut case = read.case;
    name_documents(&mut case, &read.kinds_given);
    let own = case.facts.clone();
    let mut packed = PackedCase::new(case)?;
    if !read.complete {
        let beside = Beside {
            extract,
            edits: &LineEdits::default(),
            corrections: Vec::new(),
        };
        let facts = facts_of_import(packed.case(), packed.content_ids(), beside, &importing.vocabulary);
        packed.set_facts(facts);
    }
    let plain = read.corrections.is_empty() && read.masked.is_empty() && !read.withdrawn;
    let document = plain.then(|| IndexDocument::from_case(packed.case(), 0));
    Ok(Prepared {
        number: read.number,
        document,
        packed,
        own,
        complete: read.complete,
        files: read.files,
        masked: read.masked,
        corrections: read.corrections,
        withdrawn: read.withdrawn,
    })
}
