//! 决定结果 of a decision.

use juanzong::record::{DocumentKind, Fact, FieldName, Outcome};

use super::reading::{Found, Reading, compact, length};

/// Wordings in the order in which they decide: a refusal mentions the licence as well.
const WORDINGS: &[(&str, Outcome, f32)] = &[
    ("不予行政许可决定书", Outcome::Refused, 0.97),
    ("不予许可决定书", Outcome::Refused, 0.97),
    ("决定不予", Outcome::Refused, 0.95),
    ("不予许可", Outcome::Refused, 0.9),
    ("终止审查", Outcome::Terminated, 0.9),
    ("撤回申请", Outcome::Withdrawn, 0.9),
    ("予以撤销", Outcome::Revoked, 0.85),
    ("予以注销", Outcome::Cancelled, 0.85),
    ("准予延续", Outcome::Renewed, 0.93),
    ("准予变更", Outcome::Changed, 0.93),
    ("决定准予", Outcome::Granted, 0.95),
    ("准予行政许可", Outcome::Granted, 0.93),
    ("准予", Outcome::Granted, 0.8),
];

/// Looks for the wordings line by line, then over the break between two lines.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind != DocumentKind::Decision {
        return;
    }
    for (wording, outcome, weight) in WORDINGS {
        for (at, line) in reading.lines.iter().enumerate() {
            let text = compact(&line.line.text);
            let next = reading
                .lines
                .get(at + 1)
                .map(|l| compact(&l.line.text))
                .unwrap_or_default();
            if text.contains(wording) || wraps(&text, &next, wording) {
                let span = 0..length(&line.line.text);
                let found = Found {
                    line: *line,
                    span,
                    rule: "outcome.wording",
                    weight: *weight,
                };
                facts.push(reading.fact(FieldName::Outcome, outcome.code().to_owned(), found));
                return;
            }
        }
    }
}

/// Whether the wording begins at the end of one line and ends at the start of the next.
fn wraps(line: &str, next: &str, wording: &str) -> bool {
    wording
        .char_indices()
        .skip(1)
        .filter_map(|(at, _)| wording.split_at_checked(at))
        .any(|(head, tail)| line.ends_with(head) && next.starts_with(tail))
}
