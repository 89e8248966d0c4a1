//! Is it the same string, misread, or another string?
//!
//! Each change between what is sought and what stands in a case is either an error of reading or a true difference.
//! Both are given a weight, in expected copies (decision 0122 derives them):
//!
//! - *misread*: how often the sought letter stands at this place of the term, in the collection (cases that hold the term
//!   as typed) and in the same case (other places that have this letter right); times the probability that it is read
//!   so, which is high for letters that are taken for each other, and low for any two.
//! - *different*: how often the other letter truly stands there: in other cases at the same place of the term, in the
//!   same case again, or between the same neighbours anywhere, less what misreading explains of it; and, for what was
//!   never seen, how common the letter is and how many others are known to stand at this place.
//!
//! So `餐炊` for `餐饮` is an error, since 炊 stands between these letters nowhere else, while `商贸` for `餐饮` is
//! another company, for it has its own copies. A digit for another digit is another number, unless the number is so
//! long that hardly any two are this close, or its check digit proves it wrong.

use std::collections::{BTreeSet, HashMap};

use crate::analysis::dictionary::Confusions;
use crate::index::unit;
use crate::record::{CreditCode, IdNumber};

use super::align::{Change, Place, Placed};
use weights::*;

mod weights;

/// What is known about a term and its collection.
pub(super) struct Judge<'a> {
    letters: Vec<u16>,
    chars: &'a [char],
    confusions: &'a Confusions,
    /// Cases that hold the term as typed.
    exact: f32,
    documents: f32,
    /// For each letter how long the number is that it is part of; 0 for others.
    digits: Vec<usize>,
    /// Whether the term is a number with a valid check digit.
    checked: bool,
    /// Cases in which each change was seen.
    seen: HashMap<Change, u32>,
    /// Strings that seem to be others, as what makes them different, with the cases that hold them.
    others: HashMap<Vec<Change>, f32>,
    /// Different numbers, each seen more than once, that differ from the term's in digits only.
    other_numbers: f32,
    /// For each letter how many more cases have something else there than errors explain; no limit while there are
    /// too few cases to tell.
    excess: Vec<f32>,
}

/// Document frequencies of letters and pairs.
pub(super) trait Frequencies {
    /// Cases that hold these letters side by side.
    fn of(&mut self, letters: &[u16]) -> f32;
}

impl<'a> Judge<'a> {
    /// Looks at all candidates, so that each can be judged in the light of the others.
    pub(super) fn new(
        chars: &'a [char],
        confusions: &'a Confusions,
        (exact, documents): (f32, f32),
        candidates: &[&[Place]],
        frequencies: &mut impl Frequencies,
    ) -> Self {
        let text: String = chars.iter().collect();
        let mut judge = Self {
            letters: chars.iter().map(|c| unit(*c)).collect(),
            chars,
            confusions,
            exact,
            documents,
            digits: runs_of_digits(chars),
            checked: is_checked(&text),
            seen: HashMap::new(),
            others: HashMap::new(),
            other_numbers: 0.0,
            excess: vec![f32::MAX; chars.len() + 1],
        };
        for places in candidates {
            let changes: BTreeSet<Change> = places
                .iter()
                .flat_map(|place| &place.changes)
                .map(|placed| placed.change)
                .collect();
            for change in changes {
                *judge.seen.entry(change).or_default() += 1;
            }
        }
        judge.limit_others();
        judge.count_numbers(candidates);
        for places in candidates {
            let different = |place: &Place| -> Vec<Change> {
                let true_ones = place
                    .changes
                    .iter()
                    .filter(|placed| judge.looks_true(placed, places, frequencies));
                true_ones.map(|placed| placed.change).collect()
            };
            let strings: BTreeSet<Vec<Change>> = places.iter().map(different).collect();
            for string in strings.into_iter().filter(|string| !string.is_empty()) {
                *judge.others.entry(string).or_default() += 1.0;
            }
        }
        judge
    }

    /// Errors fall on every letter alike: where many more cases differ than at the quietest letters, something else is
    /// meant.
    fn limit_others(&mut self) {
        if self.exact < ENOUGH {
            return;
        }
        let mut counts = vec![0_u32; self.letters.len()];
        for (change, count) in &self.seen {
            if let Some(slot) = counts.get_mut(change.at()) {
                *slot += count;
            }
        }
        let mut sorted = counts.clone();
        sorted.sort_unstable();
        #[allow(clippy::cast_precision_loss)] // thousands
        let usual = sorted[(sorted.len() - 1) / 4] as f32;
        for (slot, count) in self.excess.iter_mut().zip(counts) {
            #[allow(clippy::cast_precision_loss)]
            let more = count as f32 - SLACK * (usual + usual.sqrt());
            *slot = more.max(0.0);
        }
    }

    fn count_numbers(&mut self, candidates: &[&[Place]]) {
        let mut numbers: HashMap<Vec<Change>, u32> = HashMap::new();
        for place in candidates.iter().flat_map(|places| places.iter()) {
            let changes: Vec<Change> = place.changes.iter().map(|placed| placed.change).collect();
            if !changes.is_empty() && changes.iter().all(|change| self.is_about_digits(*change)) {
                *numbers.entry(changes).or_default() += 1;
            }
        }
        #[allow(clippy::cast_precision_loss)] // thousands
        let count = numbers.values().filter(|count| **count > 1).count() as f32;
        self.other_numbers = count;
    }

    /// Cases with strings that differ from the term here, and elsewhere only as this place does.
    fn others_at(&self, at: usize, place: &Place) -> f32 {
        let has = |change: &Change| place.changes.iter().any(|placed| placed.change == *change);
        let fits = |string: &&Vec<Change>| {
            string.iter().any(|change| change.at() == at)
                && string.iter().all(|change| change.at() == at || has(change))
        };
        let fitting = self.others.iter().filter(|(string, _)| fits(string));
        fitting.map(|(_, cases)| cases).sum()
    }

    /// Whether a change is a true difference by what is known of it alone.
    fn looks_true(&self, placed: &Placed, places: &[Place], frequencies: &mut impl Frequencies) -> bool {
        let repeated = places.iter().filter(|place| has(place, placed.change)).count() > 1;
        let alike = self.channel(placed, frequencies) >= ALIKE && !self.is_about_digits(placed.change);
        (repeated && !alike) || self.support(placed, frequencies) >= 1.0
    }

    /// Probability that a case, with these places, holds the term: that of its best place.
    pub(super) fn probability(&self, places: &[Place], read: &[Vec<u16>], frequencies: &mut impl Frequencies) -> f32 {
        let each = places.iter().zip(read).map(|(place, read)| {
            if self.is_another_number(read) || self.is_too_far(place, frequencies) {
                return 0.0;
            }
            place
                .changes
                .iter()
                .map(|placed| self.misread(placed, place, places, frequencies))
                .product()
        });
        each.fold(0.0, f32::max)
    }

    /// Several changes in one number must be errors all together: soon another number is likelier.
    fn is_too_far(&self, place: &Place, frequencies: &mut impl Frequencies) -> bool {
        let inside = || {
            place
                .changes
                .iter()
                .filter(|placed| self.is_inside_number(placed.change))
        };
        if inside().count() < 2 {
            return false;
        }
        // Where no digit stands for a digit something is damaged, whichever number it is: that only leaves less to compare.
        let (mut errors, mut likely) = (1.0, ANOTHER_LONG_NUMBER * self.documents.max(FEW) / FEW);
        for placed in inside() {
            match placed.change {
                Change::Other { read, .. } if is_digit(read) => errors *= ERRORS * self.channel(placed, frequencies),
                _ => likely *= 10.0,
            }
        }
        self.expected() * errors < likely
    }

    /// Probability that one change is an error of reading.
    fn misread(&self, placed: &Placed, place: &Place, places: &[Place], frequencies: &mut impl Frequencies) -> f32 {
        let at = placed.change.at();
        let others = || places.iter().filter(|other| !std::ptr::eq(*other, place));
        #[allow(clippy::cast_precision_loss)] // a handful
        let (right, same) = (
            others()
                .filter(|other| other.changes.iter().all(|c| c.change.at() != at))
                .count() as f32,
            others().filter(|other| has(other, placed.change)).count() as f32,
        );
        let channel = self.channel(placed, frequencies);
        let misread = ERRORS * channel * (self.expected() + SAME_CASE * right);
        let mut different = self.support(placed, frequencies);
        let possible = self.others_at(at, place).min(self.excess[at]) + self.unseen(placed.change);
        different += possible * self.commonness(placed, frequencies);
        // It may also be a misreading of one of the others.
        different += ERRORS * self.channel_of_any(placed) * possible;
        different *= CONTRADICTED.powf(right.min(2.0));
        if placed.offered {
            different *= 0.3;
        }
        let alike = channel >= ALIKE && !self.is_about_digits(placed.change);
        different += same * if alike { SAME_ERROR } else { SAME_CASE };
        misread / (misread + different)
    }

    /// Cases that hold the term. Where none does as typed, one may, with the errors that keep it from being found: that
    /// there are some is then no coincidence.
    fn expected(&self) -> f32 {
        if self.exact > 0.0 {
            return self.exact + UNSEEN;
        }
        let letters = i32::try_from(self.letters.len()).unwrap_or(i32::MAX);
        1.0 / (1.0 - (1.0 - ERRORS).powi(letters))
    }

    /// Probability that an error makes this change of what is sought.
    fn channel(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> f32 {
        if placed.offered {
            return OFFERED;
        }
        match placed.change {
            Change::Lost { .. } => LOST,
            Change::Stray { .. } => STRAY,
            Change::Other { at, read } => {
                let any = self.any(read, frequencies);
                let sought = self.chars[at];
                let read = char::from_u32(u32::from(read)).unwrap_or(char::REPLACEMENT_CHARACTER);
                let known = self
                    .confusions
                    .read_as(sought)
                    .iter()
                    .find(|confusion| confusion.read == read);
                match known {
                    Some(known) if sought.is_ascii_digit() && read.is_ascii_digit() => {
                        if known.measured {
                            DIGIT_ALIKE
                        } else {
                            DIGIT_ALIKE / 2.0
                        }
                    }
                    Some(known) if known.measured => MEASURED,
                    Some(_) => ALIKE,
                    None if sought.is_ascii_digit() && read.is_ascii_digit() => DIGIT,
                    None if sought.is_ascii_alphanumeric() && read.is_ascii_alphanumeric() => LATIN,
                    None if sought.is_ascii_alphanumeric() => ANY * 4.0,
                    None => any,
                }
            }
        }
    }

    /// Probability that an error makes this letter of one that it does not look like: common letters more often.
    fn any(&self, read: u16, frequencies: &mut impl Frequencies) -> f32 {
        0.5 * (ANY + frequencies.of(&[read]) / (self.documents * LETTERS).max(1.0))
    }

    /// The same for a letter of which nothing is known.
    fn channel_of_any(&self, placed: &Placed) -> f32 {
        match placed.change {
            Change::Lost { .. } => LOST,
            Change::Stray { .. } => STRAY,
            Change::Other { at, read } => match (self.digits[at] > 0, is_digit(read)) {
                (true, true) => DIGIT,
                (true, false) if u8::try_from(read).is_ok_and(|byte| byte.is_ascii_lowercase()) => LATIN_OF_ANY,
                (true, false) => ANY * 4.0,
                _ => ANY,
            },
        }
    }

    /// Copies of a change in other cases, beyond what misreading explains.
    fn support(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> f32 {
        let channel = self.channel(placed, frequencies);
        let seen = self.seen.get(&placed.change).copied().unwrap_or(0);
        #[allow(clippy::cast_precision_loss)] // thousands
        let here = seen.saturating_sub(1) as f32 - SLACK * 2.0 * ERRORS * channel * (self.exact + 1.0);
        let elsewhere = if self.is_about_digits(placed.change) || self.is_inside_number(placed.change) {
            0.0
        } else {
            self.neighbours(placed, channel, frequencies)
        };
        here.max(elsewhere).clamp(0.0, self.excess[placed.change.at()])
    }

    /// How often the letters around the change stand so elsewhere.
    fn neighbours(&self, placed: &Placed, channel: f32, frequencies: &mut impl Frequencies) -> f32 {
        let Placed {
            change, before, after, ..
        } = *placed;
        let mut pair = |a: u16, b: u16| {
            if a == 0 || b == 0 {
                f32::MAX
            } else {
                frequencies.of(&[a, b])
            }
        };
        let (first, second, of_term) = match change {
            Change::Other { at, read } => {
                let sought = self.letters[at];
                (
                    pair(before, read),
                    pair(read, after),
                    pair(before, sought).min(pair(sought, after)),
                )
            }
            Change::Lost { at } => {
                let sought = self.letters[at];
                (
                    pair(before, after),
                    f32::MAX,
                    pair(before, sought).min(pair(sought, after)),
                )
            }
            Change::Stray { read, .. } => (pair(before, read), pair(read, after), pair(before, after)),
        };
        if first.min(second) >= f32::MAX {
            return 0.0;
        }
        // A stray copy of the letter may come to stand beside any other.
        let by_chance = |neighbour: u16, frequencies: &mut dyn FnMut(u16) -> f32| match change {
            Change::Lost { .. } => 0.0,
            Change::Other { read, .. } | Change::Stray { read, .. } => {
                let any = 0.5 * (ANY + frequencies(read) / (self.documents * LETTERS).max(1.0));
                if neighbour == 0 {
                    0.0
                } else {
                    2.0 * ERRORS * any * 2.0 * frequencies(neighbour)
                }
            }
        };
        let mut of = |unit: u16| frequencies.of(&[unit]);
        let copies = (first - SLACK * by_chance(before, &mut of)).min(second - SLACK * by_chance(after, &mut of));
        let explained = if of_term >= f32::MAX {
            0.0
        } else {
            of_term * 2.0 * ERRORS * channel * SLACK
        };
        self.weight_of_neighbours() * (copies - 1.0 - explained).max(0.0)
    }

    fn weight_of_neighbours(&self) -> f32 {
        NEIGHBOURS
            * match self.letters.len() {
                0..=5 => 1.0,
                6 => 0.5,
                7 => 0.3,
                8 => 0.2,
                _ => 0.1,
            }
    }

    /// How likely a true difference nobody has seen yet makes just this change.
    fn commonness(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> f32 {
        let (read, in_number) = match placed.change {
            Change::Lost { at } => return if self.digits[at] > 0 { 0.1 } else { 0.02 },
            Change::Other { at, read } => (read, self.digits[at] > 0),
            Change::Stray { at, read } => (
                read,
                self.digits.get(at).is_some_and(|run| *run > 0) && self.digits[at - 1] > 0,
            ),
        };
        match (in_number, is_digit(read)) {
            (true, false) if !self.is_at_edge(placed.change) => 0.000_1,
            (true, _) => 0.1,
            _ => frequencies.of(&[read]) / (self.documents * LETTERS).max(1.0),
        }
    }

    /// How many other strings, not seen so far, are to be reckoned with that differ from the term by such a change only.
    fn unseen(&self, change: Change) -> f32 {
        let at = change.at();
        let run = match change {
            // Anything else between digits, all of which are right, makes no other number.
            Change::Stray { read, .. } if !is_digit(read) => 0,
            Change::Stray { .. } => self.digits[at].max(self.digits[at - 1]),
            _ => self.digits[at],
        };
        if run > 0 {
            // Of numbers so long there are so many; their first digits are mostly a place, a year or a kind. Most
            // numbers of a kind have the same length and nothing but digits: what has not is hardly a number of its own.
            let as_any = matches!(change, Change::Other { read, .. } if is_digit(read)) || self.is_at_edge(change);
            let fixed = if as_any && !(run >= LONG_NUMBER && self.is_at_edge(change)) {
                6
            } else {
                3
            };
            let lost = matches!(change, Change::Lost { .. });
            if run >= LEAST_DIGITS && !self.checked && !lost && !self.is_at_edge(change) {
                return ANOTHER_NUMBER * (self.other_numbers + 1.0);
            }
            let free = i32::try_from(run.saturating_sub(fixed)).unwrap_or(i32::MAX);
            let dense = NUMBERS * self.documents.max(FEW) / 10_f32.powi(free.min(30));
            return if self.checked { dense * 0.001 } else { dense };
        }
        let scale = (self.documents / 20_000.0).clamp(0.3, 50.0);
        scale
            * match self.letters.len() {
                0..=3 => 30.0,
                4 => 6.0,
                5 => 2.0,
                6 => 0.6,
                7 => 0.2,
                8 => 0.05,
                _ => 0.02,
            }
    }

    /// Whether a change falls inside a number, where the neighbours of a letter tell nothing.
    fn is_inside_number(&self, change: Change) -> bool {
        match change {
            Change::Stray { at, .. } => self.digits[at] > 0 && self.digits[at - 1] > 0,
            _ => self.digits[change.at()] > 0,
        }
    }

    /// Whether a number is only shorter by a change: its first or last digit is not there.
    fn is_at_edge(&self, change: Change) -> bool {
        let at = change.at();
        let in_number = |at: usize| self.digits.get(at).is_some_and(|run| *run > 0);
        let edge = at == 0 || !in_number(at - 1) || !in_number(at + 1);
        let missing = match change {
            Change::Other { read, .. } => !u8::try_from(read).is_ok_and(|byte| byte.is_ascii_alphanumeric()),
            Change::Lost { .. } => true,
            Change::Stray { .. } => false,
        };
        in_number(at) && edge && missing
    }

    fn is_about_digits(&self, change: Change) -> bool {
        match change {
            Change::Other { at, read } => self.digits[at] > 0 && is_digit(read),
            Change::Lost { at } => self.digits[at] > 0,
            Change::Stray { at, read } => is_digit(read) && (self.digits[at] > 0 || self.digits[at - 1] > 0),
        }
    }

    /// A number whose own check digit is right is no misreading of another.
    fn is_another_number(&self, read: &[u16]) -> bool {
        self.checked && is_checked(&String::from_utf16_lossy(read))
    }
}

fn has(place: &Place, change: Change) -> bool {
    place.changes.iter().any(|placed| placed.change == change)
}

fn is_digit(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_digit())
}

fn is_checked(text: &str) -> bool {
    IdNumber::parse(text).is_some() || CreditCode::parse(text).is_some()
}

/// For each letter the length of the run of digits, or of digits and letters, that it is part of; runs without a digit
/// are words.
fn runs_of_digits(chars: &[char]) -> Vec<usize> {
    let mut runs = vec![0; chars.len()];
    let mut start = 0;
    while start < chars.len() {
        let length = chars[start..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        if chars[start..start + length].iter().any(char::is_ascii_digit) {
            runs[start..start + length].fill(length);
        }
        start += length.max(1);
    }
    runs
}

#[cfg(test)]
mod tests;
