//! 档号 on contents lists and covers.

use juanzong::record::{ArchivalCode, Fact, FieldName};

use super::glyphs::text;
use super::labels::{Label, label, labelled};
use super::reading::{Reading, by};

const LABELS: &[Label] = &[label("档号"), label("案卷号"), label("案卷档号")];

/// What follows a label up to the next Han character that no code holds.
pub(super) fn find(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    for labelled in labelled(reading, LABELS) {
        let first = labelled.value.first().map(|g| g.line);
        let end = labelled
            .value
            .iter()
            .position(|g| {
                Some(g.line) != first
                    || !(g.c.is_ascii_alphanumeric()
                        || matches!(g.c, '-' | '·' | '.' | '•' | '・' | '_' | '/' | '〔' | '〕'))
            })
            .unwrap_or(labelled.value.len());
        let run = &labelled.value[..end];
        if !run.iter().any(|g| g.c.is_ascii_digit()) || run.len() < 4 {
            continue;
        }
        if let Some(code) = ArchivalCode::parse(&text(run)) {
            let by = by("archival_code.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::WrittenCode, code.to_string(), run, by));
        }
    }
}
