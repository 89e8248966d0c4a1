//! Who shares what stands around a term shares the term: the same identity number beside it, the same company, the same
//! address. What stands around it in the cases that hold it as typed is evidence where its own letters leave a doubt.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::index::Letters;

use super::align::Place;
use super::judge::Frequencies;
use super::judge::numbers::is_checked;

/// Letters looked at before and after a place.
const AROUND: usize = 60;
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
/// The same of numbers that identify: whoever shares what stands beside such a number time and again has the number, since
/// what was read is damaged or one digit apart; and of short names beside such a number.
const MOST_BESIDE_NUMBERS: f32 = 7.0;
/// What belongs to a number stands in a few more cases than it: names and companies have several.
const OF_NUMBERS: f32 = 0.003;
/// A piece stands beside a term time and again when one of this many examples has it.
const TIED: usize = 3;

/// What kind of term it is whose surroundings are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but a long number.
    Number,
    /// A few letters without digits.
    ShortName,
    Other,
}

impl Kind {
    pub(super) fn of(chars: &[char]) -> Self {
        if chars.len() >= LONG && chars.iter().all(char::is_ascii_alphanumeric) {
            Self::Number
        } else if chars.len() <= SHORT && !chars.iter().any(char::is_ascii) {
            Self::ShortName
        } else {
            Self::Other
        }
    }
}

/// Fewest letters of a long number; most of a short name.
const LONG: usize = 11;
const SHORT: usize = 4;

/// Letters around a place, with a gap where it stood.
pub(super) fn surroundings(stretch: &Letters, place: &Place) -> Vec<u16> {
    let before = &stretch.units[place.start.saturating_sub(AROUND)..place.start];
    let after = &stretch.units[place.end..(place.end + AROUND).min(stretch.units.len())];
    [before, &[0], after].concat()
}

/// Rare letters around a term.
pub(super) struct Context {
    rare: HashMap<Vec<u16>, Piece>,
    kind: Kind,
    /// Places looked at.
    examples: usize,
    /// Whole numbers that stand there.
    numbers: HashSet<Vec<u16>>,
}

/// A piece of evidence.
struct Piece {
    /// Information in nats.
    nats: f32,
    /// Places that have it.
    count: usize,
    /// The last of them.
    last: usize,
}

impl Context {
    /// From the surroundings of some places that have the term as typed, of `exact` cases in all.
    pub(super) fn new<'w>(
        around: impl Iterator<Item = &'w [u16]>,
        kind: Kind,
        (exact, documents): (f32, f32),
        frequencies: &mut impl Frequencies,
    ) -> Self {
        let mut rare: HashMap<Vec<u16>, Piece> = HashMap::new();
        let (mut examples, mut numbers) = (0, HashSet::new());
        let most_pairs = match kind {
            Kind::Number => (OF_NUMBERS * documents).max(BELONGING * exact + FEW_MORE),
            _ => BELONGING * exact + FEW_MORE,
        };
        for units in around {
            examples += 1;
            numbers.extend(whole_numbers(units).map(|span| units[span].to_vec()));
            for at in 0..units.len() {
                let Some(piece) = piece(units, at) else {
                    continue;
                };
                if let Some(known) = rare.get_mut(piece) {
                    known.count += usize::from(known.last != examples);
                    known.last = examples;
                    continue;
                }
                let mut nats = |gram: &[u16], most: f32| {
                    let cases = frequencies.of(gram).max(1.0);
                    (cases <= most).then(|| (documents.max(1.0) / cases).ln())
                };
                let told = match piece.split_at_checked(PART / 2) {
                    Some((first, second)) => {
                        let most = (COMMON * documents).max(FEW_MORE);
                        nats(first, most)
                            .zip(nats(second, most))
                            .map(|(first, second)| first + second)
                    }
                    None => nats(piece, most_pairs),
                };
                if let Some(nats) = told {
                    let found = Piece {
                        nats,
                        count: 1,
                        last: examples,
                    };
                    rare.insert(piece.to_vec(), found);
                }
            }
        }
        Self {
            rare,
            kind,
            examples,
            numbers,
        }
    }

    /// How much likelier it is to see these surroundings where the term is meant than where it is not; at least 1.
    pub(super) fn odds(&self, around: &[u16]) -> f32 {
        let mut seen = HashSet::new();
        // A whole number that is another one shares parts with those that stand there; it shows that somebody else is meant.
        let others = self.other_numbers(around);
        let (mut shared, mut tied, mut numbers) = (0.0, 0.0, 0.0);
        let mut at = 0;
        while at < around.len() {
            let found = piece(around, at).and_then(|piece| Some((piece, self.rare.get(piece)?)));
            match found {
                Some((piece, _)) if is_number(piece) && others.iter().any(|span| span.contains(&at)) => at += 1,
                Some((piece, found)) if seen.insert(piece) => {
                    shared += found.nats;
                    if self.is_tied(found) {
                        tied += found.nats;
                        numbers += if is_of_person(piece) { found.nats } else { 0.0 };
                    }
                    at += piece.len();
                }
                _ => at += 1,
            }
        }
        // As many pieces, as many chances to share one of them.
        #[allow(clippy::cast_precision_loss)] // hundreds
        let chances = (self.rare.len() as f32 + 1.0).ln() + 1.0;
        let beside_numbers = match self.kind {
            Kind::Number => tied,
            Kind::ShortName => numbers,
            Kind::Other => 0.0,
        };
        let told = (shared - chances)
            .min(MOST)
            .max((beside_numbers - chances).min(MOST_BESIDE_NUMBERS));
        if told < LEAST { 1.0 } else { told.exp() }
    }

    fn is_tied(&self, piece: &Piece) -> bool {
        TIED * piece.count >= self.examples
    }

    /// Whole numbers that stand beside no example.
    fn other_numbers(&self, around: &[u16]) -> Vec<Range<usize>> {
        whole_numbers(around)
            .filter(|span| !self.numbers.contains(&around[span.clone()]))
            .collect()
    }

    /// Parts of numbers of people that stand beside the term, in a fixed order.
    pub(super) fn numbers(&self) -> Vec<&[u16]> {
        let numbers = self
            .rare
            .iter()
            .filter(|(units, piece)| is_of_person(units) && self.is_tied(piece));
        let mut numbers: Vec<&[u16]> = numbers.map(|(units, _)| units.as_slice()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The numbers here, whole, of which a part stands beside the term time and again.
    pub(super) fn tied_numbers<'w>(&'w self, around: &'w [u16]) -> impl Iterator<Item = String> + 'w {
        let runs = around.chunk_by(|a, b| is_numeric(*a) == is_numeric(*b));
        let tied = |part: &[u16]| is_of_person(part) && self.rare.get(part).is_some_and(|piece| self.is_tied(piece));
        let runs = runs.filter(move |run| run.windows(PART).any(tied));
        runs.map(String::from_utf16_lossy)
    }

    /// Whether one of them stands here, too.
    pub(super) fn shares_a_number(&self, around: &[u16]) -> bool {
        let others = self.other_numbers(around);
        let own = (0..around.len()).filter(|at| !others.iter().any(|span| span.contains(at)));
        let parts = own.filter_map(|at| piece(around, at));
        let mut numbers = parts.filter(|part| is_of_person(part));
        numbers.any(|part| self.rare.get(part).is_some_and(|piece| self.is_tied(piece)))
    }
}

/// The letters next to the gap, before and after it; `None` on a side that is too short.
pub(super) fn beside(around: &[u16], letters: usize) -> (Option<&[u16]>, Option<&[u16]>) {
    let gap = around.iter().position(|unit| *unit == 0).unwrap_or(around.len());
    let before = gap.checked_sub(letters).and_then(|start| around.get(start..gap));
    (before, around.get(gap + 1..gap + 1 + letters))
}

/// Where whole numbers stand that somebody has: with a valid check digit, or of a mobile phone.
fn whole_numbers(around: &[u16]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    let runs = around
        .chunk_by(|a, b| is_numeric(*a) == is_numeric(*b))
        .map(move |run| {
            let span = start..start + run.len();
            start = span.end;
            span
        });
    runs.filter(|span| is_whole(&around[span.clone()]))
}

fn is_whole(run: &[u16]) -> bool {
    let text = String::from_utf16_lossy(run);
    let phone = text.len() == LONG && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit());
    phone || is_checked(&text)
}

fn is_numeric(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a piece is a part of a number that a person has: codes of companies, which have several people, hold letters.
fn is_of_person(piece: &[u16]) -> bool {
    let digit = |unit: &u16| u8::try_from(*unit).is_ok_and(|byte| byte.is_ascii_digit());
    is_number(piece) && piece.iter().all(digit)
}

/// Whether a piece is a part of a number.
pub(super) fn is_number(piece: &[u16]) -> bool {
    piece.len() == PART
}

/// The piece of evidence that begins here: eight letters of a number, or two others.
fn piece(units: &[u16], at: usize) -> Option<&[u16]> {
    let numeric = |unit: &u16| is_numeric(*unit);
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

    impl Frequencies for &Rare {
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
            Kind::Other,
            (2.0, 100_000.0),
            &mut &Rare(&["龘垚", "6072", "0720", "7202", "2027", "5060", "0607", "8506"]),
        );
        assert!(context.odds(&units("法定代表人王义身份证号140224")) <= 1.0);
        assert!(context.odds(&units("代表人龘垚身份证")) > 10.0);
        assert!(context.odds(&units("号14022419850607202司")) > 10.0);
        assert!(context.odds(&units("号6072，2027")) <= 1.0);
    }

    #[test]
    fn the_number_of_somebody_else_tells_nothing() {
        let example = units("法定代表人龘垚身份证号14022419850607206X住所");
        let rare = Rare(&[
            "1402", "4022", "0224", "2241", "2419", "4198", "1985", "9850", "8506", "5060", "0607",
        ]);
        let context = Context::new(
            std::iter::once(example.as_slice()),
            Kind::ShortName,
            (2.0, 100_000.0),
            &mut &rare,
        );
        // The same number, damaged; another one, whole.
        assert!(context.shares_a_number(&units("号14022419850607司6X住所")));
        let other = (0..10_000)
            .map(|serial| format!("14022419850607{serial:04}"))
            .find(|number| is_checked(number) && !number.ends_with("206X"))
            .unwrap();
        assert!(!context.shares_a_number(&units(&format!("号{other}住所"))));
        assert!(context.odds(&units(&format!("号{other}住所"))) <= 1.0);
    }

    #[test]
    fn the_place_itself_is_left_out() {
        let letters = Letters {
            units: units("甲乙丙丁戊"),
            ..Letters::default()
        };
        let place = Place {
            start: 1,
            end: 3,
            changes: Vec::new(),
        };
        assert_eq!(surroundings(&letters, &place), [unit('甲'), 0, unit('丁'), unit('戊')]);
    }
}
