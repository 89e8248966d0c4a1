//! 金额 and 面积 where the matter has them.

use juanzong::record::{DocumentKind, Fact, FieldName, FloorArea, Money};

use super::glyphs::text;
use super::limits;
use super::reading::{Reading, by};

/// Amounts and areas of applications, decisions and licences, each once.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let weight = match kind {
        DocumentKind::Decision | DocumentKind::Application | DocumentKind::Licence => 0.9,
        DocumentKind::Review | DocumentKind::Inspection => 0.8,
        DocumentKind::Hearing => 0.7,
        _ => return,
    };
    let start = facts.len();
    for flow in &reading.flows {
        let written = text(flow);
        let amounts = Money::find_all(&written)
            .into_iter()
            .map(|f| (FieldName::Amount, f.value.to_string(), f.span));
        let areas = FloorArea::find_all(&written)
            .into_iter()
            .map(|f| (FieldName::Area, f.value.to_string(), f.span));
        for (field, value, span) in amounts.chain(areas) {
            let own = facts.get(start..).unwrap_or_default();
            let known = own.iter().any(|f| f.field == field && f.value == value);
            let many = own.iter().filter(|f| f.field == field).count() >= limits::FACTS_OF_FIELD;
            // A number that runs over a line end may be two numbers.
            let glyphs = &flow[span];
            let whole = glyphs.first().zip(glyphs.last()).is_some_and(|(a, b)| a.line == b.line);
            if !known && !many {
                let weight = if whole { weight } else { weight * 0.7 };
                facts.push(reading.fact(field, value, glyphs, by("quantity.unit", weight)));
            }
        }
    }
}
