//! 法律依据: `《…》第…条第…款第（…）项`.

use juanzong::record::{DocumentKind, Fact, FieldName, chinese_digit};

use super::glyphs::{Glyph, begins_with, text};
use super::limits;
use super::reading::{Reading, by};

/// Last characters of the titles of laws, regulations and rules.
const ENDINGS: &[&str] = &[
    "法", "条例", "规定", "办法", "细则", "规则", "决定", "规范", "标准", "解释", "通则", "章程",
];
/// Longest title.
const LONGEST: usize = 60;

/// Every article of a law that the document names, each once.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let weight = match kind {
        DocumentKind::Decision => 0.96,
        DocumentKind::AcceptanceNotice | DocumentKind::SupplementNotice => 0.9,
        DocumentKind::Contents => return,
        _ => 0.8,
    };
    let start = facts.len();
    for flow in &reading.flows {
        let mut at = 0;
        while at < flow.len() {
            if flow[at].c != '《' {
                at += 1;
                continue;
            }
            let Some(length) = flow[at + 1..]
                .iter()
                .take(LONGEST)
                .position(|g| g.c == '》' || g.c == '《')
            else {
                at += 1;
                continue;
            };
            let close = at + 1 + length;
            let title = text(&flow[at + 1..close]);
            let law = flow[close].c == '》' && ENDINGS.iter().any(|ending| title.ends_with(ending));
            let end = if law { article(flow, close + 1) } else { None };
            if let Some(end) = end {
                let value = text(&flow[at..end]);
                let known = facts.get(start..).unwrap_or_default().iter().any(|f| f.value == value);
                if !known && facts.len() - start < limits::FACTS_OF_FIELD {
                    facts.push(reading.fact(
                        FieldName::LegalBasis,
                        value,
                        &flow[at..end],
                        by("legal_basis.article", weight),
                    ));
                }
            }
            at = end.unwrap_or(at + 1);
        }
    }
}

/// The end of `第三十八条第一款第（五）项` or `附件第三十六项` from here on; `None` when there is neither.
fn article(flow: &[Glyph], start: usize) -> Option<usize> {
    if begins_with(&flow[start..], "附件") {
        return part(flow, start + 2, '项');
    }
    let mut end = part(flow, start, '条')?;
    for unit in ['款', '项', '目'] {
        end = part(flow, end, unit).unwrap_or(end);
    }
    Some(end)
}

/// `第`, a number that may stand in brackets, and the unit.
fn part(flow: &[Glyph], start: usize, unit: char) -> Option<usize> {
    if flow.get(start)?.c != '第' {
        return None;
    }
    let numeral =
        |c: char| c.is_ascii_digit() || chinese_digit(c).is_some() || matches!(c, '十' | '百' | '千' | '（' | '）');
    let length = flow[start + 1..].iter().take(9).take_while(|g| numeral(g.c)).count();
    let end = start + 1 + length;
    (length > 0 && flow.get(end)?.c == unit).then_some(end + 1)
}
