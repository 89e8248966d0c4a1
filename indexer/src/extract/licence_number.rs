//! 证照编号.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::glyphs::{begins_with, text};
use super::labels::{Label, label, labelled};
use super::limits;
use super::reading::{Reading, by};

const LABELS: &[Label] = &[
    label("许可证编号"),
    label("许可证号"),
    label("证书编号"),
    label("证照编号"),
    label("登记证编号"),
    label("执照编号"),
    label("证号"),
    label("登记号"),
    label("备案编号"),
    label("备案号"),
    label("资质证书编号"),
];
/// The word for any number; on a licence it is the licence's.
const OF_LICENCE: &[Label] = &[label("编号")];

/// What may stand in the brackets in front of the number.
const IN_BRACKETS: &[&str] = &[
    "编号：",
    "证号：",
    "编号",
    "证号",
    "证书编号：",
    "许可证编号：",
    "NO.",
    "No.",
];
/// Fewest and most characters of a number.
const SHORTEST: usize = 5;
const LONGEST: usize = 30;

/// Letters and digits behind a label, or in brackets behind the name of a licence.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let mut found = labelled(reading, LABELS);
    match kind {
        DocumentKind::Licence => found.extend(labelled(reading, OF_LICENCE)),
        DocumentKind::Contents => return,
        _ => {}
    }
    for labelled in found {
        let line = labelled.value.first().map(|g| g.line);
        let end = labelled
            .value
            .iter()
            .position(|g| Some(g.line) != line || !(g.c.is_ascii_alphanumeric() || g.c == '-'))
            .unwrap_or(labelled.value.len());
        let run = &labelled.value[..end];
        let digits = run.iter().filter(|g| g.c.is_ascii_digit()).count();
        if (SHORTEST..=LONGEST).contains(&run.len()) && digits >= 4 {
            let by = by("licence_number.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::LicenceNumber, text(run), run, by));
        }
    }
    in_brackets(reading, facts);
}

/// `食品经营许可证（JY11402240012345）`, `证书（编号：…）`.
fn in_brackets(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    const DIGITS_LEAST: usize = 6;
    let start = facts.len();
    for flow in &reading.flows {
        for at in 1..flow.len() {
            if flow[at].c != '（' || !matches!(flow[at - 1].c, '证' | '照' | '书') {
                continue;
            }
            let label = IN_BRACKETS.iter().find(|label| begins_with(&flow[at + 1..], label));
            let from = at + 1 + label.map_or(0, |label| label.chars().count());
            let run = flow[from..].iter().take(LONGEST + 1);
            let length = run.take_while(|g| g.c.is_ascii_alphanumeric() || g.c == '-').count();
            let number = &flow[from..from + length];
            let closed = flow.get(from + length).is_some_and(|g| g.c == '）');
            let digits = number.iter().filter(|g| g.c.is_ascii_digit()).count();
            let value = text(number);
            // The numbers of a company and of a person stand in brackets, too; one that was misread is none of a licence.
            let other = length == 18 && number[0].c.is_ascii_digit();
            let known = facts
                .iter()
                .any(|f| f.field == FieldName::LicenceNumber && f.value == value);
            let fits = (SHORTEST..=LONGEST).contains(&length) && digits >= DIGITS_LEAST && closed;
            if fits && !other && !known && facts.len() - start < limits::FACTS_OF_FIELD {
                let by = by("licence_number.in_brackets", 0.88);
                facts.push(reading.fact(FieldName::LicenceNumber, value, number, by));
            }
        }
    }
}
