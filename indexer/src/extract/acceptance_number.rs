//! 受理编号.

use juanzong::record::{DocumentKind, Fact, FieldName, decimal_digit};

use super::reading::{Found, Reading, find_characters};

const LABELS: &[&str] = &["受理编号", "受理号", "理编号", "申请编号"];

/// The digits that follow a label. In a contents list they may belong to anything.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let weight = if kind == DocumentKind::AcceptanceNotice {
        0.95
    } else {
        0.85
    };
    for line in &reading.lines {
        let text = &line.line.text;
        let Some(label) = LABELS.iter().find_map(|label| find_characters(text, label)) else {
            continue;
        };
        let chars: Vec<char> = text.chars().collect();
        let mut start = label.end;
        while chars
            .get(start)
            .is_some_and(|c| matches!(c, '：' | ':' | ' ' | '．' | '.'))
        {
            start += 1;
        }
        let mut end = start;
        while chars.get(end).is_some_and(|c| decimal_digit(*c).is_some()) {
            end += 1;
        }
        if (6..=20).contains(&(end - start)) {
            let value = chars[start..end]
                .iter()
                .filter_map(|c| char::from_digit(decimal_digit(*c)?, 10))
                .collect();
            let found = Found {
                line: *line,
                span: start..end,
                rule: "acceptance_number.label",
                weight,
            };
            facts.push(reading.fact(FieldName::AcceptanceNumber, value, found));
            return;
        }
    }
}
