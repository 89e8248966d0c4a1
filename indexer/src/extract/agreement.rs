//! What all documents of a case say together: agreement makes a value surer, contradiction less sure.
//!
//! Each fact is taken as a witness that is right as often as its confidence says. The best fact of a value gets the
//! likelihood of the value given all of them; the others keep their own, and never more than that. Nothing is thrown
//! away: a contradicted value stays among the facts of the case with what is left of its confidence.

mod days;

use std::collections::BTreeMap;

use juanzong::record::{CivilDate, DocumentNumber, Fact, FactSource, FieldName, Outcome};

use super::document_number::UNCONFIRMED;

/// No number of witnesses makes a value surer than this: all of them may have copied one error.
const SUREST: f32 = 0.995;
/// The most that a value is worth of which one character is nowhere confirmed.
const NEVER_SURE: f32 = 0.89;
/// What a date that contradicts the order of a procedure keeps of its confidence.
const OUT_OF_ORDER: f32 = 0.6;

/// Weighs the facts that were read from the documents of one case. Facts of other sources stay as they are.
pub fn weigh(facts: &mut [Fact]) {
    super::spelling::agree(facts);
    days::under_seals(facts);
    for field in FieldName::ALL {
        let mut of_field: Vec<&mut Fact> = facts
            .iter_mut()
            .filter(|f| f.field == *field && f.source == FactSource::Extraction && f.evidence.is_some())
            .collect();
        weigh_field(*field, &mut of_field);
    }
    for field in [
        FieldName::Phone,
        FieldName::LegalRepresentative,
        FieldName::PersonIdNumber,
    ] {
        // Several values may be right: they only support themselves.
        let mut by_value: BTreeMap<String, Vec<&mut Fact>> = BTreeMap::new();
        for fact in facts
            .iter_mut()
            .filter(|f| f.field == field && f.source == FactSource::Extraction)
        {
            by_value.entry(fact.value.clone()).or_default().push(fact);
        }
        for witnesses in by_value.values_mut() {
            let together = together(witnesses);
            raise_best(witnesses, together);
        }
    }
    check_order(facts);
    check_year(facts);
}

fn weigh_field(field: FieldName, facts: &mut [&mut Fact]) {
    let mut beliefs: BTreeMap<String, f32> = BTreeMap::new();
    for value in facts
        .iter()
        .map(|f| f.value.clone())
        .collect::<std::collections::BTreeSet<_>>()
    {
        let witnesses: Vec<&&mut Fact> = facts.iter().filter(|f| f.value == value).collect();
        let together = belief(witnesses.iter().map(|f| (f.origin.as_str(), f.confidence())));
        let confirmed = witnesses.iter().any(|f| !f.origin.ends_with(UNCONFIRMED));
        beliefs.insert(value, if confirmed { together } else { together.min(NEVER_SURE) });
    }
    let likely: BTreeMap<String, f32> = beliefs
        .iter()
        .map(|(value, own)| {
            let rivals = beliefs
                .iter()
                .filter(|(other, _)| *other != value && !compatible(field, value, other));
            let against = rivals.fold(0.0, |most: f32, (_, belief)| most.max(*belief));
            (value.clone(), given(*own, against))
        })
        .collect();
    for (value, likelihood) in likely {
        let mut witnesses: Vec<&mut &mut Fact> = facts.iter_mut().filter(|f| f.value == value).collect();
        witnesses.sort_by(|a, b| b.confidence().total_cmp(&a.confidence()));
        for (at, witness) in witnesses.into_iter().enumerate() {
            if let Some(evidence) = &mut witness.evidence {
                let own = if at == 0 {
                    likelihood
                } else {
                    evidence.confidence.min(likelihood)
                };
                evidence.confidence = own.clamp(0.0, 1.0);
            }
        }
    }
}

/// How likely it is that at least one of these witnesses is right. Witnesses of one rule count less than those of
/// different ones: what misleads a rule once misleads it again.
fn belief<'f>(witnesses: impl Iterator<Item = (&'f str, f32)>) -> f32 {
    let mut witnesses: Vec<(&str, f32)> = witnesses.collect();
    witnesses.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut seen: Vec<&str> = Vec::new();
    let mut wrong = 1.0;
    for (rule, confidence) in &witnesses {
        let again = seen.contains(rule);
        seen.push(rule);
        wrong *= 1.0 - if again { confidence * 0.5 } else { *confidence };
    }
    let best = witnesses.first().map_or(0.0, |(_, confidence)| *confidence);
    (1.0 - wrong).min(SUREST).max(best.min(SUREST))
}

fn together(witnesses: &[&mut Fact]) -> f32 {
    belief(witnesses.iter().map(|f| (f.origin.as_str(), f.confidence())))
}

fn raise_best(witnesses: &mut [&mut Fact], likelihood: f32) {
    let best = witnesses
        .iter_mut()
        .max_by(|a, b| a.confidence().total_cmp(&b.confidence()));
    if let Some(evidence) = best.and_then(|fact| fact.evidence.as_mut()) {
        evidence.confidence = evidence.confidence.max(likelihood);
    }
}

/// The likelihood of a value that witnesses of strength `own` speak for, when those of its strongest rival have the
/// strength `against`: exactly one of the two is right, or neither.
fn given(own: f32, against: f32) -> f32 {
    let (right, rival, neither) = (
        own * (1.0 - against),
        against * (1.0 - own),
        (1.0 - own) * (1.0 - against),
    );
    let all = right + rival + neither;
    if all <= f32::EPSILON {
        0.5
    } else {
        (right / all).min(own)
    }
}

/// Whether two values of a field may both be right: a licence shows that something was granted, and a renewal is.
fn compatible(field: FieldName, a: &str, b: &str) -> bool {
    let granted = |v: &str| v == Outcome::Granted.code();
    let narrower = |v: &str| [Outcome::Renewed, Outcome::Changed].iter().any(|o| o.code() == v);
    let withdrawn = |v: &str| v == Outcome::Withdrawn.code();
    let terminated = |v: &str| v == Outcome::Terminated.code();
    match field {
        // The procedure is terminated because the application was withdrawn.
        FieldName::Outcome => granted(a) && narrower(b) || narrower(a) && granted(b) || withdrawn(a) && terminated(b),
        // A county lies in its city.
        FieldName::Region => a.trim_end_matches("00").starts_with(b.trim_end_matches("00")),
        _ => false,
    }
}

/// Applied ≤ accepted ≤ decided ≤ served, and valid from before valid until: where the best values break the order,
/// the less sure of the two is doubted.
fn check_order(facts: &mut [Fact]) {
    const ORDER: [(FieldName, FieldName); 6] = [
        (FieldName::AppliedOn, FieldName::AcceptedOn),
        (FieldName::AcceptedOn, FieldName::DecidedOn),
        (FieldName::DecidedOn, FieldName::ServedOn),
        (FieldName::AppliedOn, FieldName::DecidedOn),
        (FieldName::ValidFrom, FieldName::ValidUntil),
        (FieldName::DecidedOn, FieldName::ValidUntil),
    ];
    for (earlier, later) in ORDER {
        let (Some(a), Some(b)) = (best(facts, earlier), best(facts, later)) else {
            continue;
        };
        let dates = (CivilDate::parse(&facts[a].value), CivilDate::parse(&facts[b].value));
        if let (Some(first), Some(second)) = dates
            && first > second
        {
            let doubted = if facts[a].confidence() < facts[b].confidence() {
                a
            } else {
                b
            };
            doubt(facts, doubted);
        }
    }
}

/// A document number bears the year of its decision, or the one before at the turn of the year.
fn check_year(facts: &mut [Fact]) {
    let (Some(number), Some(date)) = (
        best(facts, FieldName::DocumentNumber),
        best(facts, FieldName::DecidedOn),
    ) else {
        return;
    };
    let years = (
        DocumentNumber::parse(&facts[number].value).map(|n| n.year()),
        CivilDate::parse(&facts[date].value).map(CivilDate::year),
    );
    if let (Some(numbered), Some(decided)) = years
        && decided.abs_diff(numbered) > 1
    {
        doubt(facts, number);
        doubt(facts, date);
    }
}

/// Index of the surest fact of a field.
fn best(facts: &[Fact], field: FieldName) -> Option<usize> {
    let of_field = facts
        .iter()
        .enumerate()
        .filter(|(_, f)| f.field == field && f.source == FactSource::Extraction);
    // `max_by` takes the last of equals; the first is the one that is shown.
    of_field
        .rev()
        .max_by(|(_, a), (_, b)| a.confidence().total_cmp(&b.confidence()))
        .map(|(at, _)| at)
}

/// Every fact of the same field and value loses confidence.
fn doubt(facts: &mut [Fact], at: usize) {
    let (field, value) = (facts[at].field, facts[at].value.clone());
    for fact in facts.iter_mut().filter(|f| f.field == field && f.value == value) {
        if let Some(evidence) = &mut fact.evidence {
            evidence.confidence *= OUT_OF_ORDER;
        }
    }
}

#[cfg(test)]
mod tests;
