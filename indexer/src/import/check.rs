//! Keys and values of a line → a case, or what is wrong with it.

use std::collections::BTreeSet;

use juanzong::record::{CaseLine, Correction, DocumentKind, Fact, FactSource, FieldName, catalogue_fact};

use super::{ReadLine, code_of};
use crate::manifest::{self, FieldRules};
use crate::report::{FindingCode, LineFinding};

/// What the values of a line are measured against.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// As those of a manifest.
    pub fields: FieldRules<'a>,
}

/// Checks a line; `None` when a fault was found.
pub(super) fn check(
    number: u64,
    mut line: CaseLine,
    rules: &Rules<'_>,
    findings: &mut Vec<LineFinding>,
) -> Option<ReadLine> {
    let code = code_of(line.archival_code.as_deref());
    let mut found = Found {
        number,
        findings: Vec::new(),
    };
    if code.is_none() {
        let fault = match line.archival_code.as_deref().map(str::trim) {
            None | Some("") => FindingCode::CodeMissing,
            Some(_) => FindingCode::CodeInvalid,
        };
        found.add(fault, "archival_code");
    }
    if line.masked {
        found.add(FindingCode::LineMasked, "masked");
    }
    let (own, mut masked) = found.values(&line, rules);
    let kinds_given = found.documents(&mut line);
    found.facts(&mut line, &mut masked);
    let corrections = found.corrections(&mut line);
    let faulty = found.findings.iter().any(|finding| finding.code.refuses_line());
    findings.extend(found.findings.into_iter().map(|finding| finding.of(code.as_ref())));
    let code = code.filter(|_| !faulty)?;
    let complete = !line.facts.is_empty();
    let files = line.documents.iter().filter_map(|document| document.file.clone());
    Some(ReadLine {
        number,
        kinds_given,
        complete,
        files: files.collect(),
        masked,
        corrections,
        withdrawn: line.withdrawn,
        case: line.into_case(code, own),
    })
}

struct Found {
    number: u64,
    findings: Vec<LineFinding>,
}

impl Found {
    fn add(&mut self, code: FindingCode, key: impl Into<String>) {
        self.findings.push(LineFinding::new(code, self.number).key(key.into()));
    }

    /// The facts that the values at the top become, and those that are masked.
    fn values(&mut self, line: &CaseLine, rules: &Rules<'_>) -> (Vec<Fact>, Vec<Fact>) {
        let (mut facts, mut masked) = (Vec::new(), Vec::new());
        for (field, text) in line.own_values() {
            let key = key_of(field);
            if field.is_personal() && is_masked(&text) {
                self.add(FindingCode::ValueMasked, key);
                masked.push(catalogue_fact(field, text.trim().to_owned(), None));
                continue;
            }
            match rules.fields.check(field, &text) {
                Ok(checked) => {
                    for note in checked.notes {
                        self.add(note, key);
                    }
                    facts.extend(
                        checked
                            .value
                            .map(|(value, as_read)| catalogue_fact(field, value, as_read)),
                    );
                }
                Err(fault) => self.add(fault, key),
            }
        }
        for (fault, field) in manifest::contradictions(&facts) {
            self.add(fault, key_of(field));
        }
        (facts, masked)
    }

    /// Checks the documents; tells which of them have a kind.
    fn documents(&mut self, line: &mut CaseLine) -> Vec<bool> {
        let mut given = Vec::with_capacity(line.documents.len());
        for (at, document) in line.documents.iter_mut().enumerate() {
            let kind = document.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty());
            if kind.is_some_and(|kind| DocumentKind::parse(kind).is_none()) {
                self.add(FindingCode::DocumentKindUnknown, format!("documents[{at}].kind"));
            }
            given.push(kind.is_some());
            for name in [&mut document.title, &mut document.source_name].into_iter().flatten() {
                if name.chars().any(char::is_control) {
                    *name = name.chars().filter(|c| !c.is_control()).collect();
                }
            }
            if let Some(file) = &document.file
                && !is_hash(&file.sha256)
            {
                self.add(FindingCode::FileHashInvalid, format!("documents[{at}].file.sha256"));
            }
            let mut numbers = BTreeSet::new();
            for (page, place) in document.pages.iter().zip(1..) {
                let number = page.number(place);
                if number == 0 || !numbers.insert(number) {
                    let key = format!("documents[{at}].pages[{}].number", place - 1);
                    self.add(FindingCode::PageNumberInvalid, key);
                    break;
                }
            }
        }
        given
    }

    /// Checks the facts of a line that has some; those that are masked are taken out.
    fn facts(&mut self, line: &mut CaseLine, masked: &mut Vec<Fact>) {
        for (at, fact) in line.facts.iter().enumerate() {
            let evidence = fact.evidence.as_ref();
            let sound = evidence.is_none_or(|e| e.page > 0 && (0.0..=1.0).contains(&e.confidence));
            if fact.source == FactSource::Correction || fact.value.trim().is_empty() || !sound {
                self.add(FindingCode::FactInvalid, format!("facts[{at}]"));
            }
        }
        let hidden = |fact: &Fact| fact.field.is_personal() && is_masked(&fact.value);
        if line.facts.iter().any(hidden) {
            self.add(FindingCode::ValueMasked, "facts");
            masked.extend(line.facts.extract_if(.., |fact| hidden(fact)));
        }
    }

    fn corrections(&mut self, line: &mut CaseLine) -> Vec<Correction> {
        let mut corrections = Vec::with_capacity(line.corrections.len());
        for (at, given) in line.corrections.iter().enumerate() {
            let sound = usize::try_from(given.number).is_ok_and(|number| number == at + 1)
                && !given.author.trim().is_empty()
                && !given.made_at.trim().is_empty();
            match given.clone().into_correction().filter(|_| sound) {
                Some(correction) => corrections.push(correction),
                None => self.add(FindingCode::CorrectionInvalid, format!("corrections[{at}]")),
            }
        }
        corrections
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether stars stand in the place of digits or letters.
fn is_masked(text: &str) -> bool {
    text.chars().any(is_mask)
}

/// Whether a character stands in the place of one that is not to be seen.
pub fn is_mask(c: char) -> bool {
    matches!(c, '*' | '＊' | '●' | '×')
}

/// The key under which a field stands in a line.
fn key_of(field: FieldName) -> &'static str {
    match field {
        FieldName::ApplicantName => "applicant.name",
        FieldName::ApplicantKind => "applicant.kind",
        FieldName::ApplicantIdNumber => "applicant.id_number",
        field => field.code(),
    }
}
