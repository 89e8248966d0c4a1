//! 审批事项, against the names of the matters dictionary.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::Vocabulary;
use super::glyphs::{Glyph, begins, is_han, text};
use super::labels::{Label, label, labelled, name_of};
use super::reading::{Reading, by};

const LABELS: &[Label] = &[
    label("申请事项"),
    label("审批事项"),
    label("许可事项"),
    label("许可事项名称"),
    label("事项名称"),
    label("办理事项"),
    label("申请许可事项"),
    label("许可项目"),
    label("申办事项"),
    label("业务事项"),
    label("案由"),
    label("核查事项"),
    label("听证事项"),
];
/// What follows the name of a matter in the phrase of a letter.
const AFTER: &[&str] = &["延续申请", "变更申请", "注销申请", "的申请", "申请"];
/// What stands before it.
const BEFORE: &[&str] = &["提出的", "提交的", "提出", "提交了", "提交", "申请办理", "申请的"];
/// Longest name of a matter that no dictionary holds.
const LONGEST: usize = 24;

/// Labels first; then the phrase of a letter, then any name of the dictionary.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, vocabulary: &Vocabulary, facts: &mut Vec<Fact>) {
    let weight = match kind {
        DocumentKind::Decision => 0.96,
        DocumentKind::AcceptanceNotice | DocumentKind::Application => 0.95,
        DocumentKind::Licence => 0.93,
        DocumentKind::Contents | DocumentKind::Other => 0.5,
        _ => 0.9,
    };
    let before = facts.len();
    for labelled in labelled(reading, LABELS) {
        let name = name_of(reading, &labelled, LONGEST);
        let name = without_act(name);
        let written = text(name);
        if let Some((matter, repaired)) = vocabulary.matter_named(&written) {
            let by = if repaired {
                by("matter.label_repaired", weight * 0.93)
            } else {
                by("matter.label", weight * labelled.worth())
            };
            facts.push(reading.fact(FieldName::Matter, matter.to_owned(), name, by));
        } else if let Some((span, matter)) = first_known(name, vocabulary) {
            let by = by("matter.label_holds", weight * 0.9);
            facts.push(reading.fact(FieldName::Matter, matter, &name[span], by));
        } else if (4..=LONGEST).contains(&name.len()) && name.iter().all(|g| is_han(g.c) || "（）、".contains(g.c)) {
            facts.push(reading.fact(FieldName::Matter, written, name, by("matter.label_unknown", 0.6)));
        }
    }
    for flow in &reading.flows {
        if let Some((name, matter, known)) = phrase(flow, vocabulary) {
            let by = match known {
                Known::Exactly => by("matter.phrase", weight),
                Known::Repaired => by("matter.phrase_repaired", weight * 0.9),
                Known::Not => by("matter.phrase_unknown", 0.55),
            };
            facts.push(reading.fact(FieldName::Matter, matter, name, by));
            break;
        }
    }
    if facts.len() > before || kind == DocumentKind::Contents {
        return;
    }
    for flow in &reading.flows {
        if let Some((span, matter)) = first_known(flow, vocabulary) {
            let by = by("matter.dictionary", weight.min(0.7));
            facts.push(reading.fact(FieldName::Matter, matter, &flow[span], by));
            return;
        }
    }
}

enum Known {
    Exactly,
    Repaired,
    Not,
}

/// The name between `提出的` and `申请`.
fn phrase<'g>(flow: &'g [Glyph], vocabulary: &Vocabulary) -> Option<(&'g [Glyph], String, Known)> {
    let after: Vec<Vec<char>> = AFTER.iter().map(|word| word.chars().collect()).collect();
    let before: Vec<Vec<char>> = BEFORE.iter().map(|word| word.chars().collect()).collect();
    let mut unknown = None;
    for at in 0..flow.len() {
        let Some(lead) = before.iter().find(|word| begins(&flow[at..], word)) else {
            continue;
        };
        let start = at + lead.len();
        let Some(length) = (4..=LONGEST).find(|length| {
            let rest = flow.get(start + length..).unwrap_or_default();
            after.iter().any(|word| begins(rest, word))
        }) else {
            continue;
        };
        let name = &flow[start..start + length];
        if !name.iter().all(|g| is_han(g.c) || "（）、".contains(g.c)) {
            continue;
        }
        let written = text(name);
        match vocabulary.matter_named(&written) {
            Some((matter, false)) => return Some((name, matter.to_owned(), Known::Exactly)),
            Some((matter, true)) => return Some((name, matter.to_owned(), Known::Repaired)),
            None => {
                if let Some((span, matter)) = first_known(name, vocabulary) {
                    return Some((&name[span], matter, Known::Exactly));
                }
                unknown = unknown.or(Some((name, written, Known::Not)));
            }
        }
    }
    unknown
}

/// The longest of the dictionary's names among these characters, the first of several.
fn first_known(glyphs: &[Glyph], vocabulary: &Vocabulary) -> Option<(std::ops::Range<usize>, String)> {
    let characters: Vec<char> = glyphs.iter().map(|g| g.c).collect();
    (0..characters.len()).find_map(|at| {
        let (length, matter) = vocabulary.matter_at(&characters[at..])?;
        Some((at..at + length, matter.to_owned()))
    })
}

/// A name without the act that is applied for: `食品经营许可延续申请` is about `食品经营许可`.
fn without_act(name: &[Glyph]) -> &[Glyph] {
    let written = text(name);
    let act = ["延续申请", "变更申请", "申请"]
        .iter()
        .find(|act| written.ends_with(**act));
    let cut = act.map_or(0, |act| act.chars().count());
    &name[..name.len().saturating_sub(cut)]
}
