//! One name is written one way in all papers of a case: a character that one page was read with differently than the
//! others is a misreading.
//!
//! Applicants and agency codes are full of rare characters (莒, 缙, 涞) that recognisers take for common ones, now and
//! then. A value that differs from a better attested one in a single character is counted for that one; what was read
//! stays with the fact, and its rule says so.

use std::collections::BTreeMap;

use juanzong::record::{DocumentNumber, Fact, FactSource, FieldName};

use super::glyphs::one_wrong;

/// What a respelled fact keeps of its confidence: it is a witness with a known error.
const KEPT: f32 = 0.6;
/// How rules name themselves whose value was respelled.
pub(super) const RESPELLED: &str = "_respelled";

/// How well a value is attested.
#[derive(Clone, Copy, Debug, Default)]
struct Support {
    /// Files in which it was read.
    files: usize,
    /// Sum of the best confidence in each of them.
    weight: f32,
}

/// Respells names and numbers of the facts read in one case.
pub(super) fn agree(facts: &mut [Fact]) {
    for field in [FieldName::ApplicantName, FieldName::Agency, FieldName::DocumentNumber] {
        let support = support(facts, field);
        let respelled: BTreeMap<String, String> = support
            .iter()
            .filter_map(|(value, own)| {
                let right = support
                    .iter()
                    .filter(|(other, of_other)| {
                        *other != value && differ_in_one(field, value, other) && clearly_better(**of_other, *own)
                    })
                    .max_by(|a, b| a.1.weight.total_cmp(&b.1.weight))?;
                Some((value.clone(), right.0.clone()))
            })
            .collect();
        for fact in facts.iter_mut().filter(|f| is_read(f, field)) {
            let Some(right) = respelled.get(&fact.value) else {
                continue;
            };
            fact.as_read = Some(fact.as_read.clone().unwrap_or_else(|| fact.value.clone()));
            fact.value.clone_from(right);
            fact.origin.push_str(RESPELLED);
            if let Some(evidence) = &mut fact.evidence {
                evidence.confidence *= KEPT;
            }
        }
    }
}

fn is_read(fact: &Fact, field: FieldName) -> bool {
    fact.field == field && fact.source == FactSource::Extraction && fact.evidence.is_some()
}

fn support(facts: &[Fact], field: FieldName) -> BTreeMap<String, Support> {
    let mut best: BTreeMap<(&str, &str), f32> = BTreeMap::new();
    for fact in facts.iter().filter(|f| is_read(f, field)) {
        let Some(evidence) = &fact.evidence else { continue };
        let known = best.entry((&fact.value, &evidence.file_sha256)).or_default();
        *known = known.max(evidence.confidence);
    }
    let mut support: BTreeMap<String, Support> = BTreeMap::new();
    for ((value, _), confidence) in best {
        let of_value = support.entry(value.to_owned()).or_default();
        of_value.files += 1;
        of_value.weight += confidence;
    }
    support
}

/// More papers say so, and they are much surer together: one misreading never outvotes a good reading.
fn clearly_better(other: Support, own: Support) -> bool {
    other.files > own.files && other.weight >= 1.6 * own.weight
}

/// Whether two values are the same but for one character that may be a misreading.
fn differ_in_one(field: FieldName, a: &str, b: &str) -> bool {
    let characters = |text: &str| -> Vec<char> { text.chars().collect() };
    match field {
        FieldName::DocumentNumber => {
            // Digits are what tells numbers apart: only the agency's code may be respelled.
            let (Some(a), Some(b)) = (DocumentNumber::parse(a), DocumentNumber::parse(b)) else {
                return false;
            };
            (a.year(), a.serial()) == (b.year(), b.serial())
                && one_wrong(&characters(a.agency_code()), &characters(b.agency_code()))
        }
        _ => {
            let (a, b) = (characters(a), characters(b));
            // Brothers and branches: `甲一店`, `甲二店`.
            const COUNTING: &str = "一二三四五六七八九十甲乙丙丁东西南北上下大小";
            let counted = a
                .iter()
                .zip(&b)
                .any(|(x, y)| x != y && COUNTING.contains(*x) && COUNTING.contains(*y));
            // An office and its subordinate differ in the last character.
            let ends = a.last() == b.last();
            a.len() >= 3 && one_wrong(&a, &b) && !counted && ends
        }
    }
}
