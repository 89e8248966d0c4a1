//! 受理编号.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::document_number::numbers;
use super::glyphs::{Glyph, text};
use super::labels::{Label, bare_label, labelled};
use super::reading::{By, Reading, by};

const LABELS: &[Label] = &[
    bare_label("受理编号"),
    bare_label("受理号"),
    bare_label("受理单号"),
    bare_label("受理通知书编号"),
    bare_label("办件编号"),
    bare_label("申请编号"),
    bare_label("收件编号"),
    bare_label("受理单编号"),
    bare_label("受理流水号"),
    bare_label("申请受理号"),
    bare_label("办件号"),
    bare_label("业务编号"),
    bare_label("业务流水号"),
];

/// The number that follows a label. In a contents list it may belong to anything.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let weight = if kind == DocumentKind::AcceptanceNotice {
        0.985
    } else {
        0.96
    };
    for labelled in labelled(reading, LABELS) {
        let by: By = by("acceptance_number.label", weight * labelled.worth());
        // Some offices number acceptances like documents: `莒建受〔2024〕312号`.
        if let Some((span, number)) = numbers(&labelled.value)
            .into_iter()
            .next()
            .filter(|(span, _)| span.start == 0)
        {
            let value = number.to_string();
            facts.push(reading.fact(FieldName::AcceptanceNumber, value, &labelled.value[span], by));
            continue;
        }
        let run = number_run(&labelled.value);
        let digits = run.iter().filter(|g| digit(g.c).is_some()).count();
        if (5..=30).contains(&run.len()) && digits >= 4 {
            facts.push(reading.fact(FieldName::AcceptanceNumber, canonical(run), run, by));
        }
    }
}

/// Letters, digits and dashes from the beginning on.
fn number_run(glyphs: &[Glyph]) -> &[Glyph] {
    let end = glyphs
        .iter()
        .position(|g| !(g.c.is_ascii_alphanumeric() || g.c == '-'))
        .unwrap_or(glyphs.len());
    &glyphs[..end]
}

/// In a number of digits only, letters are digits misread.
fn canonical(run: &[Glyph]) -> String {
    let letters = run.iter().filter(|g| g.c.is_ascii_alphabetic()).count();
    if letters > 0 && letters <= 2 && run.iter().all(|g| digit(g.c).is_some()) {
        return run.iter().filter_map(|g| digit(g.c)).collect();
    }
    text(run)
}

/// A digit, or the one that a letter is a misreading of.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        _ => None,
    }
}
