//! 申请、受理、决定、送达日期 and 有效期.

use juanzong::record::{CivilDate, DocumentKind, Fact, FieldName, FoundDate};

use super::reading::{Found, Line, Reading, compact, length};

/// Labels whose date follows on the same line or on the next.
const LABELS: &[(&str, FieldName, f32)] = &[
    ("申请日期", FieldName::AppliedOn, 0.95),
    ("申请时间", FieldName::AppliedOn, 0.95),
    ("受理日期", FieldName::AcceptedOn, 0.9),
    ("决定日期", FieldName::DecidedOn, 0.85),
    ("签发日期", FieldName::DecidedOn, 0.8),
    ("发证日期", FieldName::DecidedOn, 0.8),
    ("送达日期", FieldName::ServedOn, 0.95),
    ("送达时间", FieldName::ServedOn, 0.95),
    ("收件日期", FieldName::ServedOn, 0.8),
    ("有效期至", FieldName::ValidUntil, 0.9),
    ("有效期限", FieldName::ValidUntil, 0.85),
    ("有效期", FieldName::ValidUntil, 0.8),
];

/// Labelled dates anywhere, and the date under which a document is signed.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    for (label, field, weight) in LABELS {
        let known = facts.iter().any(|f| f.field == *field);
        if let Some((line, found)) = (!known).then(|| labelled(reading, label, *field)).flatten() {
            let found_at = Found {
                line,
                span: found.span,
                rule: "date.label",
                weight: *weight,
            };
            facts.push(reading.fact(*field, found.date.to_string(), found_at));
        }
    }
    let (field, rule) = match kind {
        DocumentKind::Decision => (FieldName::DecidedOn, "date.decision_signature"),
        DocumentKind::AcceptanceNotice => (FieldName::AcceptedOn, "date.acceptance_signature"),
        _ => return,
    };
    if let Some((line, found)) = signature(reading) {
        let found_at = Found {
            line,
            span: found.span,
            rule,
            weight: 0.96,
        };
        facts.push(reading.fact(field, found.date.to_string(), found_at));
    }
}

fn labelled<'a>(reading: &Reading<'a>, label: &str, field: FieldName) -> Option<(Line<'a>, FoundDate)> {
    for (at, line) in reading.lines.iter().enumerate() {
        let text = &line.line.text;
        let Some((_, after)) = text.split_once(label) else {
            continue;
        };
        let offset = length(text) - length(after);
        let mut dates = CivilDate::find_all(after);
        // `自…至…`: a term ends with its last date.
        let chosen = if field == FieldName::ValidUntil {
            dates.pop()
        } else {
            dates.into_iter().next()
        };
        if let Some(found) = chosen {
            let span = found.span.start + offset..found.span.end + offset;
            return Some((*line, FoundDate { span, date: found.date }));
        }
        if compact(after).trim_matches(['：', ':']).is_empty() {
            let next = reading.lines.get(at + 1)?;
            let found = CivilDate::find_all(&next.line.text).into_iter().next();
            return found.map(|found| (*next, found));
        }
    }
    None
}

/// The last line that holds a date and nothing else: the date of signature (成文日期).
fn signature<'a>(reading: &Reading<'a>) -> Option<(Line<'a>, FoundDate)> {
    reading.lines.iter().rev().find_map(|line| {
        let found = CivilDate::find_all(&line.line.text).pop()?;
        // Up to three stray characters: the seal lies over this line.
        (found.span.len() + 3 >= length(&line.line.text)).then_some((*line, found))
    })
}
