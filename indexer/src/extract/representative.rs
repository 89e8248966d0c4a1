//! 法定代表人 or 负责人.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::glyphs::{is_han, text};
use super::labels::{Label, label, labelled, name_of};
use super::reading::{Reading, by};

const LABELS: &[Label] = &[
    label("法定代表人"),
    label("法定代表人或负责人"),
    label("法定代表人或者负责人"),
    label("法定代表人姓名"),
    label("法定代表人/负责人"),
    label("主要负责人"),
    label("企业负责人"),
    label("负责人姓名"),
    label("经营者姓名"),
    label("经营者"),
    label("校长"),
    label("法人代表"),
    label("负责人"),
    label("投资人"),
    label("执行事务合伙人"),
];

/// Behind its label.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    for labelled in labelled(reading, LABELS) {
        let name = name_of(reading, &labelled, 12);
        let written = text(name);
        let count = name.len();
        let fits =
            name.iter().all(|g| is_han(g.c) || g.c == '·') && ((2..=4).contains(&count) || written.contains('·'));
        if fits {
            let by = by("legal_representative.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::LegalRepresentative, written, name, by));
        }
    }
}
