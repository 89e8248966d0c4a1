//! 文号: the number of the decision, and numbers that other papers name.

use std::ops::Range;

use juanzong::record::{DocumentKind, DocumentNumber, Fact, FieldName};

use super::Vocabulary;
use super::glyphs::{Glyph, is_han, text};
use super::limits;
use super::reading::{By, Reading, by};

/// Words before a number in running text that are not part of it.
const LEAD_INS: &[&str] = &[
    "作为",
    "根据",
    "依据",
    "依照",
    "按照",
    "参照",
    "文号",
    "批准文号",
    "发文字号",
    "编号",
    "字号",
    "案号",
    "详见",
    "收到",
    "送达",
    "关于",
    "以及",
    "和",
    "与",
    "及",
    "由",
    "见",
    "以",
    "按",
    "对",
    "的",
    "即",
    "将",
    "第",
    "为",
    "号",
    "许可文书",
    "决定书",
    "通知书",
    "文书",
];
/// Endings of numbers that other papers than decisions bear (受理、补正、送达 …).
const OTHER_PAPERS: &[&str] = &[
    "受",
    "受理",
    "补",
    "补告",
    "补告字",
    "补正",
    "送",
    "送达",
    "送字",
    "听",
    "听告",
    "听证",
    "告",
    "函",
    "勘",
];

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
            // The year must begin in this line: a line above that ends in Han characters is no part of the number.
            let year = glyphs[span.clone()]
                .iter()
                .position(|g| g.c.is_ascii_digit())
                .unwrap_or(0);
            let below = span.start + year >= own;
            if below && !(at < HEAD_LINES && is_code(&line.glyphs) && span.start == 0)
                || given == limits::FACTS_OF_FIELD
            {
                continue;
            }
            let alone = span.len() + 4 >= own && (span.end <= own || broken(&glyphs, own, span.end));
            // In the middle of a sentence the code may have begun in the line above.
            let cut = span.start == 0
                && at >= HEAD_LINES
                && at
                    .checked_sub(1)
                    .and_then(|before| reading.lines.get(before))
                    .is_some_and(|l| l.full);
            let labelled = labelled(&glyphs[..span.start]);
            let other = OTHER_PAPERS.iter().any(|ending| number.agency_code().ends_with(ending));
            let by = match kind {
                _ if other => by("document_number.of_other_paper", 0.3),
                DocumentKind::Decision if at < HEAD_LINES && alone => by("document_number.decision_head", 0.985),
                DocumentKind::Decision if at < HEAD_LINES && !line.compact.contains(['，', '。', '：']) => {
                    by("document_number.decision_head_line", 0.9)
                }
                DocumentKind::Decision if at < HEAD_LINES && labelled && span.len() + 12 >= own => {
                    by("document_number.decision_label", 0.95)
                }
                DocumentKind::Licence if labelled => by("document_number.licence_label", 0.93),
                DocumentKind::Application if at < HEAD_LINES && labelled => by("document_number.form_label", 0.8),
                DocumentKind::ServiceReceipt if at >= HEAD_LINES / 2 => by("document_number.served", 0.86),
                DocumentKind::Review if at < HEAD_LINES => by("document_number.review_title", 0.8),
                DocumentKind::AcceptanceNotice | DocumentKind::SupplementNotice => {
                    by("document_number.of_other_paper", 0.3)
                }
                _ => by("document_number.mention", 0.45),
            };
            let by = By {
                weight: if cut { by.weight * 0.6 } else { by.weight },
                ..by
            };
            let value = number.to_string();
            facts.push(reading.fact(FieldName::DocumentNumber, value, &glyphs[span], by));
            given += 1;
        }
    }
}

/// Whether a line is the code of an agency (机关代字) and nothing else, so that year and number follow in the next.
fn is_code(line: &[Glyph]) -> bool {
    (2..=10).contains(&line.len())
        && line.iter().all(|g| is_han(g.c))
        && line
            .last()
            .is_some_and(|g| matches!(g.c, '许' | '字' | '审' | '批' | '决' | '准' | '可' | '发' | '函' | '告'))
}

/// Whether a number that goes on in the next line ends with that line.
fn broken(glyphs: &[Glyph], own: usize, end: usize) -> bool {
    let next = glyphs.get(own).map(|g| g.line);
    let rest = glyphs.get(end..).unwrap_or_default();
    own <= 12 && rest.iter().filter(|g| Some(g.line) == next).count() <= 2
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
            if let Some(lead) = LEAD_INS
                .iter()
                .filter(|lead| rest.starts_with(**lead))
                .max_by_key(|lead| lead.len())
            {
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

/// How rules name themselves whose number begins with a character that nothing else on the paper confirms: it is a rare
/// one, and no check digit guards it. However many papers agree, all may have misread it the same way.
pub(super) const UNCONFIRMED: &str = "_unconfirmed";

/// Checks the first character of numbers against the place of the agency (`莒南县…` numbers `莒…许`), or of the applicant
/// where no agency was read. Where the recogniser half knew the place, it is put right: the character read is none of
/// the place's, and exactly one of its alternatives is.
pub(super) fn repair_place(reading: &Reading<'_>, vocabulary: &Vocabulary, facts: &mut [Fact]) {
    let place = place_of(vocabulary, facts);
    for fact in facts.iter_mut().filter(|f| f.field == FieldName::DocumentNumber) {
        let (Some(number), Some(read)) = (DocumentNumber::parse(&fact.value), fact.value.chars().next()) else {
            continue;
        };
        if place.contains(&read) {
            continue;
        }
        let as_read = fact.as_read.clone().unwrap_or_else(|| fact.value.clone());
        let lines = reading.lines.iter().filter(|line| line.line.text.contains(&as_read));
        let firsts = lines.filter_map(|line| line.glyphs.iter().find(|g| g.c == read));
        let mut right: Vec<char> = firsts
            .flat_map(|g| reading.alternatives(*g))
            .filter(|c| place.contains(c))
            .collect();
        right.dedup();
        let repaired = match right[..] {
            [right] => {
                let code = std::iter::once(right).chain(number.agency_code().chars().skip(1));
                DocumentNumber::new(&code.collect::<String>(), number.year(), number.serial())
            }
            _ => None,
        };
        let Some(number) = repaired else {
            fact.origin.push_str(UNCONFIRMED);
            continue;
        };
        fact.as_read = Some(as_read);
        fact.value = number.to_string();
        fact.origin.push_str("_repaired");
        if let Some(evidence) = fact.evidence.as_mut().filter(|_| fact.origin.contains("decision_head")) {
            // What was half read is fully so with its second reading.
            evidence.confidence = evidence.confidence.max(0.85);
        }
    }
}

/// The characters of the place in the name of the surest agency, else in that of the surest applicant.
fn place_of(vocabulary: &Vocabulary, facts: &[Fact]) -> Vec<char> {
    let of = |field: FieldName| {
        let of_field = facts.iter().filter(|f| f.field == field);
        let surest = of_field.max_by(|a, b| a.confidence().total_cmp(&b.confidence()))?;
        let (length, _) = vocabulary.regions_at_start(&surest.value)?;
        Some(surest.value.chars().take(length).collect())
    };
    of(FieldName::Agency)
        .or_else(|| of(FieldName::ApplicantName))
        .unwrap_or_default()
}
