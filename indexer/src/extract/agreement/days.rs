//! Which of the days that a damaged signature may mean the other papers of the case allow.

use juanzong::record::{CivilDate, Fact, FieldName};

use super::best;
use crate::extract::dates::under_seal;

/// Dates of other papers less sure than this say nothing.
const SURE: f32 = 0.7;
/// What a day keeps of its likelihood that comes before the application or after the service.
const IMPOSSIBLE: f32 = 0.02;

/// Shares what the days are worth together among those that come after the application and its acceptance, and shortly
/// before the service.
pub(super) fn under_seals(facts: &mut [Fact]) {
    let sure = |field| {
        let fact = &facts[best(facts, field)?];
        (fact.confidence() >= SURE)
            .then(|| CivilDate::parse(&fact.value))
            .flatten()
    };
    let earliest = sure(FieldName::AcceptedOn).max(sure(FieldName::AppliedOn));
    let served = sure(FieldName::ServedOn);
    let factor = |value: &str| {
        let Some(day) = CivilDate::parse(value) else { return 0.0 };
        let after = earliest.map_or(0, |earliest| day.unix_days() - earliest.unix_days());
        let until_served = served.map_or(0, |served| served.unix_days() - day.unix_days());
        match until_served {
            _ if after < 0 => IMPOSSIBLE,
            ..0 => IMPOSSIBLE,
            // 行政许可法 article 44: a licence is served within ten days.
            0..=14 => 1.0,
            15..=45 => 0.15,
            _ => 0.05,
        }
    };
    let factors: Vec<(usize, f32)> = facts
        .iter()
        .enumerate()
        .filter(|(_, f)| f.field == FieldName::DecidedOn && f.origin == under_seal::RULE)
        .map(|(at, fact)| (at, factor(&fact.value)))
        .collect();
    let before: f32 = factors.iter().map(|(at, _)| facts[*at].confidence()).sum();
    let after: f32 = factors
        .iter()
        .map(|(at, factor)| facts[*at].confidence() * factor)
        .sum();
    let possible = factors.iter().any(|(_, factor)| *factor > IMPOSSIBLE);
    // Where no day is possible, none becomes likely.
    let share = if possible && after > 0.0 { before / after } else { 1.0 };
    for (at, factor) in factors {
        if let Some(evidence) = &mut facts[at].evidence {
            evidence.confidence = (evidence.confidence * factor * share).clamp(0.0, 1.0);
        }
    }
}
