//! 审批事项, against the names of the matters dictionary.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::Vocabulary;
use super::reading::{Found, Reading, find_characters};

/// The longest dictionary name in the first line that holds one.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, vocabulary: &Vocabulary, facts: &mut Vec<Fact>) {
    let weight = match kind {
        DocumentKind::Decision => 0.85,
        DocumentKind::AcceptanceNotice => 0.83,
        DocumentKind::Application => 0.8,
        DocumentKind::Review | DocumentKind::ServiceReceipt => 0.7,
        _ => return,
    };
    for line in &reading.lines {
        let hit = vocabulary
            .matters
            .iter()
            .find_map(|name| find_characters(&line.line.text, name).map(|span| (name, span)));
        if let Some((name, span)) = hit {
            let found = Found {
                line: *line,
                span,
                rule: "matter.dictionary",
                weight,
            };
            facts.push(reading.fact(FieldName::Matter, name.clone(), found));
            return;
        }
    }
}
