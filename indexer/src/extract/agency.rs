//! 审批机关: in the header of a document and in its signature.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::reading::{Found, Line, Reading, compact, length};

const ENDINGS: &[&str] = &["局", "委员会", "厅", "人民政府", "办公室"];
const CHARACTERS: std::ops::RangeInclusive<usize> = 4..=30;

/// The header line (`…局` or `…局文件`) and the signature, the line before the date at the end.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let weight = match kind {
        DocumentKind::Decision => 0.95,
        DocumentKind::AcceptanceNotice | DocumentKind::Licence => 0.85,
        DocumentKind::ServiceReceipt => 0.75,
        _ => return,
    };
    let header = reading
        .first_page()
        .iter()
        .take(4)
        .find_map(|line| named(line).map(|name| (*line, name)));
    let signature = reading
        .lines
        .iter()
        .rev()
        .take(8)
        .find_map(|line| named(line).map(|name| (*line, name)));
    let both_agree = matches!((&header, &signature), (Some((_, a)), Some((_, b))) if a == b);
    for (found, rule) in [(header, "agency.header"), (signature, "agency.signature")] {
        if let Some((line, name)) = found {
            let weight = if both_agree { weight + 0.03 } else { weight - 0.05 };
            let span = 0..length(&line.line.text);
            facts.push(reading.fact(
                FieldName::Agency,
                name,
                Found {
                    line,
                    span,
                    rule,
                    weight,
                },
            ));
        }
    }
}

/// The agency that a line consists of, without the 文件 of a red header.
fn named(line: &Line<'_>) -> Option<String> {
    let text = compact(&line.line.text);
    let name = text.strip_suffix("文件").unwrap_or(&text);
    let han = name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let fits = han && CHARACTERS.contains(&length(name)) && ENDINGS.iter().any(|e| name.ends_with(e));
    fits.then(|| name.to_owned())
}
