//! 文号: the number of the decision, and numbers that other papers name.

use std::ops::Range;

use juanzong::record::{DocumentKind, DocumentNumber, Fact, FieldName};

use super::glyphs::{Glyph, text};
use super::limits;
use super::reading::{Reading, by};

/// Words before a number in running text that are not part of it.
const LEAD_INS: &[&str] = &[
    "作为", "根据", "依据", "依照", "按照", "参照", "文号", "批准文号", "发文字号", "编号", "字号", "案号", "详见", "收到", "送达",
    "关于", "以及", "和", "与", "及", "由", "见", "以", "按", "对", "的", "即", "将", "第", "为", "号", "许可文书", "决定书",
    "通知书", "文书",
];
/// Endings of numbers that other papers than decisions bear (受理、补正、送达 …).
const OTHER_PAPERS: &[&str] = &["受", "受理", "补", "补告", "补告字", "补正", "送", "送达", "送字", "听", "听告", "听证", "告", "函", "勘"];

/// Most lines from the top in which a paper's own number stands.
const HEAD_LINES: usize = 9;

/// The number in the head of a decision is the case's number; elsewhere it is a mention.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        // It names those of all documents.
        return;
    }
    let mut given = 0;
    for (at, line) in reading.lines.iter().enumerate() {
        // A number may be broken between two lines; the second line's own numbers come with its turn.
        let own = line.glyphs.len();
        let mut glyphs = line.glyphs.clone();
        if let Some(next) = reading.lines.get(at + 1).filter(|next| next.page == line.page) {
            glyphs.extend(next.glyphs.iter().take(24));
        }
        for (span, number) in numbers(&glyphs) {
            if span.start >= own || given == limits::FACTS_OF_FIELD {
                continue;
            }
            let alone = span.len() + 4 >= own && span.end <= own;
            let labelled = labelled(&glyphs[..span.start]);
            let other = OTHER_PAPERS.iter().any(|ending| number.agency_code().ends_with(ending));
            let by = match kind {
                _ if other => by("document_number.of_other_paper", 0.3),
                DocumentKind::Decision if at < HEAD_LINES && alone => by("document_number.decision_head", 0.985),
                DocumentKind::Decision if at < HEAD_LINES => by("document_number.decision_head_line", 0.9),
                DocumentKind::Licence if labelled => by("document_number.licence_label", 0.93),
                DocumentKind::Application if at < HEAD_LINES && labelled => by("document_number.form_label", 0.8),
                DocumentKind::ServiceReceipt if at >= HEAD_LINES / 2 => by("document_number.served", 0.86),
                DocumentKind::Review if at < HEAD_LINES => by("document_number.review_title", 0.8),
                DocumentKind::AcceptanceNotice | DocumentKind::SupplementNotice => {
                    by("document_number.of_other_paper", 0.3)
                }
                _ => by("document_number.mention", 0.45),
            };
            let value = number.to_string();
            facts.push(reading.fact(FieldName::DocumentNumber, value, &glyphs[span], by));
            given += 1;
        }
    }
}

fn labelled(before: &[Glyph]) -> bool {
    let before = text(before);
    let before = before.trim_end_matches(['：', '（']);
    ["文号", "编号", "字号"].iter().any(|label| before.ends_with(label))
}

/// The numbers in some characters, lead-ins cut off. Linear but for the ten characters before each year.
pub(super) fn numbers(glyphs: &[Glyph]) -> Vec<(Range<usize>, DocumentNumber)> {
    let mut found = Vec::new();
    for hit in DocumentNumber::find_all(&text(glyphs)) {
        let code = hit.number.agency_code();
        let mut cut = 0;
        // `根据灵食许〔2019〕1号`: the code is what follows the last lead-in, if something does.
        for (at, _) in code.char_indices() {
            let Some(rest) = code.get(at..) else { continue };
            if let Some(lead) = LEAD_INS.iter().filter(|lead| rest.starts_with(**lead)).max_by_key(|lead| lead.len()) {
                let end = code.get(..at).map_or(0, |head| head.chars().count()) + lead.chars().count();
                if end < code.chars().count() {
                    cut = cut.max(end);
                }
            }
        }
        let code: String = code.chars().skip(cut).collect();
        if let Some(number) = DocumentNumber::new(&code, hit.number.year(), hit.number.serial()) {
            // Spaces are no glyphs, so the span begins with the code.
            found.push((hit.span.start + cut..hit.span.end, number));
        }
    }
    found
}
