//! What was gathered, compared with what was typed and put in order.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::analysis::Analyser;
use crate::record::{DocumentNumber, IdNumber};

use super::candidates::{FittingCase, FittingValue, Input};
use super::{CaseNames, Suggestion, SuggestionKind};

/// Digits of a mobile telephone number.
const TELEPHONE_DIGITS: usize = 11;

/// A suggestion with what its place depends on.
struct Offer {
    rank: Rank,
    suggestion: Suggestion,
}

/// The smaller the better.
type Rank = (Fit, bool, Reverse<u64>, usize);

/// How what was typed stands in a text; the better first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is all of it.
    Whole,
    /// It begins so, or its own part does: the name after the place, the serial of a number.
    Start,
    /// Elsewhere.
    Inside,
}

/// The suggestions in their order.
pub(super) fn offer(
    input: &Input,
    analyser: &Analyser,
    values: Vec<FittingValue>,
    cases: &[FittingCase],
    names: &[CaseNames],
    size: usize,
) -> Vec<Suggestion> {
    let by_key: HashMap<u64, &CaseNames> = names.iter().map(|names| (names.case_key, names)).collect();
    let mut once = HashSet::new();
    let of_cases = cases.iter().filter_map(|case| {
        // A case may have been found in two ways.
        if !once.insert((case.kind, case.case_key)) {
            return None;
        }
        let names = by_key.get(&case.case_key)?;
        let text = match case.kind {
            SuggestionKind::DocumentNumber => names.document_number.as_deref(),
            SuggestionKind::ArchivalCode => Some(names.archival_code.as_str()),
            SuggestionKind::AcceptanceNumber => names.acceptance_number.as_deref(),
            _ => names.applicant.as_deref(),
        }?;
        Some((case.kind, text.to_owned(), case.count))
    });
    let of_values = values.into_iter().map(|value| (value.kind, value.text, value.count));
    let mut seen = HashMap::new();
    let mut offers: Vec<Offer> = Vec::new();
    for (kind, text, count) in of_values.chain(of_cases) {
        if count == 0 || is_private(&text) {
            continue;
        }
        let letters: Vec<char> = analyser
            .normalise(&text)
            .letters()
            .iter()
            .map(|letter| letter.ch)
            .collect();
        let Some(fit) = fit(kind, &text, &letters, input, analyser) else {
            continue;
        };
        // Two cases with one number are two cases; a name was counted already.
        if let Some(at) = seen.get(&(kind, letters.clone())) {
            let known: &mut Offer = &mut offers[*at];
            if is_number(kind) {
                known.suggestion.count += count;
            }
            continue;
        }
        seen.insert((kind, letters.clone()), offers.len());
        let numeric = input.letters.letters().iter().any(|letter| letter.ch.is_ascii_digit());
        offers.push(Offer {
            // Who types digits means a number.
            rank: (fit, is_number(kind) != numeric, Reverse(count), letters.len()),
            suggestion: Suggestion {
                text,
                kind,
                label: kind.label_zh().to_owned(),
                count,
            },
        });
    }
    // Stable: equal ones stay in the order in which they were gathered, the latest numbers first.
    offers.sort_by_key(|offer| offer.rank);
    mixed(offers, size)
}

fn is_number(kind: SuggestionKind) -> bool {
    use SuggestionKind::{AcceptanceNumber, ArchivalCode, DocumentNumber};
    matches!(kind, DocumentNumber | ArchivalCode | AcceptanceNumber)
}

/// The best of all, of which no kind takes more than half while there are others.
fn mixed(offers: Vec<Offer>, size: usize) -> Vec<Suggestion> {
    let share = size.div_ceil(2);
    let mut taken: HashMap<SuggestionKind, usize> = HashMap::new();
    let mut chosen: HashSet<usize> = HashSet::new();
    for (at, offer) in offers.iter().enumerate() {
        let of_kind = taken.entry(offer.suggestion.kind).or_default();
        if *of_kind < share && chosen.len() < size {
            *of_kind += 1;
            chosen.insert(at);
        }
    }
    let rest = (0..offers.len()).filter(|at| !chosen.contains(at));
    let more: Vec<usize> = rest.take(size - chosen.len()).collect();
    chosen.extend(more);
    let chosen = offers.into_iter().enumerate().filter(|(at, _)| chosen.contains(at));
    chosen.map(|(_, offer)| offer.suggestion).collect()
}

/// How what was typed stands in a text; `None` when it does not.
fn fit(kind: SuggestionKind, text: &str, letters: &[char], input: &Input, analyser: &Analyser) -> Option<Fit> {
    if kind == SuggestionKind::DocumentNumber
        && let Some(fit) = fit_of_number(text, input)
    {
        return Some(fit);
    }
    let found = if is_number(kind) {
        let typed: Vec<char> = input.letters.letters().iter().map(|letter| letter.ch).collect();
        let start = letters.windows(typed.len().max(1)).position(|window| window == typed)?;
        start..start + typed.len()
    } else {
        input.pattern.find(letters)?
    };
    let own = if is_number(kind) {
        0
    } else {
        after_place(letters, analyser)
    };
    Some(match (found.start, found.end) {
        (0, end) if end == letters.len() => Fit::Whole,
        (start, _) if start == 0 || start == own => Fit::Start,
        _ => Fit::Inside,
    })
}

/// How the parts of a document number stand in one.
fn fit_of_number(text: &str, input: &Input) -> Option<Fit> {
    let number = DocumentNumber::parse(text)?;
    if let Some(typed) = DocumentNumber::parse(&input.text) {
        return (typed == number).then_some(Fit::Whole);
    }
    if let Some(parts) = crate::search::tree::NumberParts::parse(&input.text) {
        let fits = parts
            .agency_code
            .as_deref()
            .is_none_or(|code| code == number.agency_code())
            && parts.year.is_none_or(|year| year == number.year())
            && parts.serial.is_none_or(|serial| serial == number.serial());
        return fits.then_some(Fit::Start);
    }
    let letters = input.letters.as_string();
    let serial = number.serial().to_string();
    (letters.bytes().all(|b| b.is_ascii_digit()) && serial.starts_with(&letters)).then_some(Fit::Start)
}

/// Where a name begins after the place it begins with: 丰源 in 灵丘县丰源餐饮有限公司; 0 without a place.
fn after_place(letters: &[char], analyser: &Analyser) -> usize {
    let regions = &analyser.dictionaries().regions;
    let longest = letters.len().min(14);
    (2..longest)
        .rev()
        .find(|end| {
            let ends = matches!(letters[end - 1], '省' | '市' | '县' | '区' | '州' | '旗');
            ends && !regions
                .find_by_name(&letters[..*end].iter().collect::<String>())
                .is_empty()
        })
        .unwrap_or(0)
}

/// Whether a text holds what must never be suggested, whatever field it stands in: an identity number or a mobile
/// telephone number.
fn is_private(text: &str) -> bool {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let identity = chars
        .windows(18)
        .any(|window| IdNumber::parse(&window.iter().collect::<String>()).is_some());
    let digits = |c: &char| c.is_ascii_digit();
    let telephone = chars
        .split(|c| !digits(c))
        .any(|run| run.len() == TELEPHONE_DIGITS && run[0] == '1' && run[1] >= '3');
    identity || telephone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_numbers_are_told() {
        for text in ["13812345678", "李四 138-1234-5678", "身份证11010519491231002X"] {
            assert!(is_private(text), "{text}");
        }
        for text in [
            "20190444",
            "SL20190444",
            "灵食许〔2019〕444号",
            "0123-XK·2019-D30-SCJG-0042",
            "201904250000012345",
        ] {
            assert!(!is_private(text), "{text}");
        }
    }
}
