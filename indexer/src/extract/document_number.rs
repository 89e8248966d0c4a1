//! 文号 of the decision.

use juanzong::record::{DocumentKind, DocumentNumber, Fact, FieldName};

use super::reading::{Found, Reading};

/// The number in the head of a decision is the case's number; elsewhere it is a mention.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let (rule, weight) = match kind {
        DocumentKind::Decision => ("document_number.decision", 0.97),
        DocumentKind::Licence => ("document_number.licence", 0.85),
        DocumentKind::ServiceReceipt | DocumentKind::Review => ("document_number.mention", 0.7),
        DocumentKind::Application => ("document_number.application", 0.6),
        // An acceptance notice has a number of its own; a contents list names those of all documents.
        _ => return,
    };
    for line in &reading.lines {
        if let Some(found) = DocumentNumber::find_all(&line.line.text).into_iter().next() {
            let value = found.number.to_string();
            facts.push(reading.fact(
                FieldName::DocumentNumber,
                value,
                Found {
                    line: *line,
                    span: found.span,
                    rule,
                    weight,
                },
            ));
            return;
        }
    }
}
