//! 法定代表人 or 负责人.

use juanzong::record::{DocumentKind, Fact, FieldName, may_be_surname};

use super::glyphs::{Glyph, begins_with, is_han, text};
use super::labels::{Label, begins_field, label, labelled, name_of};
use super::limits;
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

/// The word with which the label of a representative begins, and what may follow it in front of the name.
const HEADS: [&str; 2] = ["法定代表人", "法人代表"];
const OR: [&str; 4] = ["或负责人", "或者负责人", "/负责人", "、负责人"];
/// Longest name without a dot, in characters.
const LONGEST: usize = 4;

/// Behind its label, or in a sentence that says who it is.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let start = facts.len();
    for labelled in labelled(reading, LABELS) {
        let name = before_bracket(name_of(reading, &labelled, 12));
        if is_name(name) {
            let by = by("legal_representative.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::LegalRepresentative, text(name), name, by));
        }
    }
    for flow in &reading.flows {
        for at in 0..flow.len() {
            if facts.len() - start >= limits::FACTS_OF_FIELD {
                return;
            }
            if let Some((name, weight)) = told(reading, flow, at) {
                let by = by("legal_representative.phrase", weight);
                facts.push(reading.fact(FieldName::LegalRepresentative, text(name), name, by));
            }
        }
    }
}

/// The name in `法定代表人（负责人）为某某。`, or in a line that is label, brackets and name (`法定代表人（负责人）某某`),
/// and what that is worth.
fn told<'f>(reading: &Reading<'_>, flow: &'f [Glyph], at: usize) -> Option<(&'f [Glyph], f32)> {
    let head = HEADS.iter().find(|head| begins_with(&flow[at..], head))?;
    let mut next = at + head.chars().count();
    if let Some(or) = OR.iter().find(|or| begins_with(&flow[next..], or)) {
        next += or.chars().count();
    }
    let mut bracketed = false;
    if flow.get(next).is_some_and(|g| g.c == '（') {
        let close = flow[next..].iter().take(10).position(|g| g.c == '）')?;
        next += close + 1;
        bracketed = true;
    }
    let says = flow.get(next).is_some_and(|g| g.c == '为' || g.c == '是');
    let name = flow.get(next + usize::from(says)..)?;
    let first = name.first()?;
    let length = if says {
        // The sentence ends or goes on with the next clause.
        name.iter()
            .take(LONGEST + 1)
            .position(|g| matches!(g.c, '，' | '。' | '；' | '）' | '、'))?
    } else {
        let begins_line = at == 0 || flow[at - 1].line != flow[at].line;
        let own = name.iter().take_while(|g| g.line == first.line).count();
        (bracketed && begins_line && flow[at].line == first.line).then_some(own)?
    };
    let name = name.get(..length)?;
    // A line that ends so is labels of a signature (`法定代表人（签字）盖章`).
    let signed = !says && reading.lines[first.line].compact.contains(['签', '章']);
    let surname = may_be_surname(first.c);
    (is_name(name) && surname && !signed && !begins_field(name)).then_some((name, if says { 0.9 } else { 0.85 }))
}

/// A name in brackets ends with them.
fn before_bracket(name: &[Glyph]) -> &[Glyph] {
    let opened = name.iter().position(|g| g.c == '（');
    let closed = name.iter().position(|g| g.c == '）');
    match (opened, closed) {
        (None, Some(closed)) => &name[..closed],
        _ => name,
    }
}

fn is_name(name: &[Glyph]) -> bool {
    let dotted = name.iter().any(|g| g.c == '·');
    name.iter().all(|g| is_han(g.c) || g.c == '·') && (dotted || (2..=LONGEST).contains(&name.len()))
}
