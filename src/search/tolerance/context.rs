//! Who shares what stands around a term shares the term: the same identity number beside it, the same company, the same
//! address. What stands around it in the cases that hold it as typed is evidence where its own letters leave a doubt.

use std::collections::{HashMap, HashSet};

use crate::index::Letters;

use super::align::Place;
use super::judge::Frequencies;

/// Letters looked at before and after a place.
const AROUND: usize = 40;
/// What belongs to a term stands in about as many cases as the term; noise and phrases stand in more.
const BELONGING: f32 = 2.0;
/// … of few cases in a few more.
const FEW_MORE: f32 = 4.0;
/// Parts of numbers in more than this part of all cases say nothing.
const COMMON: f32 = 0.02;
/// Letters of a number that are one piece of evidence: two of the index's grams.
const PART: usize = 8;
/// Least that is concluded from, in nats: what chance does not bring.
const LEAST: f32 = 2.0;
/// Most that is concluded from it, in nats: names and numbers stand beside each other in many ways, and who is next to
/// somebody's number need not be its owner. It settles what is in doubt and overrules nothing that is clear.
const MOST: f32 = 2.5;

/// Letters around a place, with a gap where it stood.
pub(super) fn surroundings(stretch: &Letters, place: &Place) -> Vec<u16> {
    let before = &stretch.units[place.start.saturating_sub(AROUND)..place.start];
    let after = &stretch.units[place.end..(place.end + AROUND).min(stretch.units.len())];
    [before, &[0], after].concat()
}

/// Rare letters around a term, with their information in nats.
pub(super) struct Context {
    rare: HashMap<Vec<u16>, f32>,
}

impl Context {
    /// From the surroundings of some places that have the term as typed, of `exact` cases in all.
    pub(super) fn new<'w>(
        around: impl Iterator<Item = &'w [u16]>,
        exact: f32,
        documents: f32,
        frequencies: &mut impl Frequencies,
    ) -> Self {
        let mut rare = HashMap::new();
        for units in around {
            for at in 0..units.len() {
                let Some(piece) = piece(units, at).filter(|piece| !rare.contains_key(*piece)) else {
                    continue;
                };
                let mut nats = |gram: &[u16], most: f32| {
                    let cases = frequencies.of(gram).max(1.0);
                    (cases <= most).then(|| (documents.max(1.0) / cases).ln())
                };
                let told = match piece.split_at_checked(PART / 2) {
                    Some((first, second)) => {
                        let most = COMMON * documents;
                        nats(first, most)
                            .zip(nats(second, most))
                            .map(|(first, second)| first + second)
                    }
                    None => nats(piece, BELONGING * exact + FEW_MORE),
                };
                if let Some(nats) = told {
                    rare.insert(piece.to_vec(), nats);
                }
            }
        }
        Self { rare }
    }

    /// How much likelier it is to see these surroundings where the term is meant than where it is not; at least 1.
    pub(super) fn odds(&self, around: &[u16]) -> f32 {
        let mut seen = HashSet::new();
        let mut shared = 0.0;
        let mut at = 0;
        while at < around.len() {
            let found = piece(around, at).and_then(|piece| Some((piece, self.rare.get(piece)?)));
            match found {
                Some((piece, nats)) if seen.insert(piece) => {
                    shared += nats;
                    at += piece.len();
                }
                _ => at += 1,
            }
        }
        // As many pieces, as many chances to share one of them.
        #[allow(clippy::cast_precision_loss)] // hundreds
        let chances = (self.rare.len() as f32 + 1.0).ln() + 1.0;
        let told = shared - chances;
        if told < LEAST { 1.0 } else { told.min(MOST).exp() }
    }
}

/// The piece of evidence that begins here: eight letters of a number, or two others.
fn piece(units: &[u16], at: usize) -> Option<&[u16]> {
    let numeric = |unit: &u16| u8::try_from(*unit).is_ok_and(|byte| byte.is_ascii_alphanumeric());
    let number = units.get(at..at + PART).filter(|part| part.iter().all(numeric));
    let pair = || {
        units
            .get(at..at + 2)
            .filter(|pair| pair.iter().all(|unit| *unit != 0 && !numeric(unit)))
    };
    number.or_else(pair)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::unit;

    struct Rare(&'static [&'static str]);

    impl Frequencies for Rare {
        fn of(&mut self, letters: &[u16]) -> f32 {
            let text = String::from_utf16_lossy(letters);
            if self.0.contains(&text.as_str()) { 1.0 } else { 5_000.0 }
        }
    }

    fn units(text: &str) -> Vec<u16> {
        text.chars().map(unit).collect()
    }

    #[test]
    fn only_rare_letters_tell() {
        let example = units("法定代表人龘垚身份证号140224198506072027住所");
        let context = Context::new(
            std::iter::once(example.as_slice()),
            2.0,
            100_000.0,
            &mut Rare(&["龘垚", "6072", "0720", "7202", "2027", "5060", "0607", "8506"]),
        );
        assert!(context.odds(&units("法定代表人王义身份证号140224")) <= 1.0);
        assert!(context.odds(&units("代表人龘垚身份证")) > 10.0);
        assert!(context.odds(&units("号14022419850607202司")) > 10.0);
        assert!(context.odds(&units("号6072，2027")) <= 1.0);
    }

    #[test]
    fn the_place_itself_is_left_out() {
        let letters = Letters {
            units: units("甲乙丙丁戊"),
            alternatives: Vec::new(),
        };
        let place = Place {
            start: 1,
            end: 3,
            changes: Vec::new(),
        };
        assert_eq!(surroundings(&letters, &place), [unit('甲'), 0, unit('丁'), unit('戊')]);
    }
}
