//! 证照编号.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::glyphs::text;
use super::labels::{Label, label, labelled};
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

/// Letters and digits behind a label.
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
        if (5..=30).contains(&run.len()) && digits >= 4 {
            let by = by("licence_number.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::LicenceNumber, text(run), run, by));
        }
    }
}
