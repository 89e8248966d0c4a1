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

use std::collections::BTreeSet;

use crate::analysis::dictionary::Confusions;
use crate::index::unit;

use super::align::{Change, Place, Placed};
use census::Census;
use numbers::{Numbers, is_digit};
use weights::*;

mod census;
mod numbers;
mod weights;

/// What is known about a term and its collection.
pub(super) struct Judge<'a> {
    letters: Vec<u16>,
    chars: &'a [char],
    confusions: &'a Confusions,
    /// Cases that hold the term as typed.
    exact: f32,
    documents: f32,
    numbers: Numbers,
    census: Census,
    /// Different numbers that differ in one digit, beyond those that errors explain.
    next_numbers: f32,
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
        let numbers = Numbers::new(chars);
        let census = Census::new(chars.len(), exact, &numbers, candidates);
        let mut judge = Self {
            letters: chars.iter().map(|c| unit(*c)).collect(),
            chars,
            confusions,
            exact,
            documents,
            numbers,
            census,
            next_numbers: 0.0,
        };
        judge.count_numbers();
        for places in candidates {
            let different = |place: &Place| -> Vec<Change> {
                let true_ones = place
                    .changes
                    .iter()
                    .filter(|placed| judge.looks_true(placed, place, places, frequencies));
                true_ones.map(|placed| placed.change).collect()
            };
            let strings: BTreeSet<Vec<Change>> = places.iter().map(different).collect();
            judge.census.add_others(strings);
        }
        judge
    }

    /// Of the numbers that differ in one digit, one is looked at, and some are misread copies of the term itself.
    fn count_numbers(&mut self) {
        #[allow(clippy::cast_precision_loss)] // a handful
        let digits = (0..self.chars.len()).filter(|at| self.numbers.run(*at) > 0).count() as f32;
        let errors = 0.5 * ERRORS * digits * self.expected();
        self.next_numbers = (self.census.next_numbers() - 1.0 - errors).max(0.0);
    }

    /// Whether a change is a true difference by what is known of it alone.
    fn looks_true(&self, placed: &Placed, place: &Place, places: &[Place], frequencies: &mut impl Frequencies) -> bool {
        let repeated = places.iter().filter(|place| place.has(placed.change)).count() > 1;
        let alike = self.channel(placed, frequencies) >= ALIKE && !self.numbers.is_about_digits(placed.change);
        (repeated && !alike) || self.support(placed, place, frequencies) >= 1.0
    }

    /// Probability that a case, with these places, holds the term: that of its best place.
    pub(super) fn probability(&self, places: &[Place], read: &[Vec<u16>], frequencies: &mut impl Frequencies) -> f32 {
        let alone: Vec<f32> = places
            .iter()
            .zip(read)
            .map(|(place, read)| self.of_place(place, read, &Beside::default(), frequencies))
            .collect();
        let each = places.iter().enumerate().zip(read).map(|((number, place), read)| {
            let beside = Beside {
                places,
                alone: &alone,
                number,
            };
            self.of_place(place, read, &beside, frequencies)
        });
        each.fold(0.0, f32::max)
    }

    /// Probability that a place holds the term.
    fn of_place(&self, place: &Place, read: &[u16], beside: &Beside<'_>, frequencies: &mut impl Frequencies) -> f32 {
        if self.numbers.is_another(read) || self.is_too_far(place, frequencies) {
            return 0.0;
        }
        let damaged = self.numbers.is_damaged(read);
        let changes = place.changes.iter();
        changes
            .map(|placed| self.misread(placed, place, damaged, beside, frequencies))
            .product()
    }

    /// Several changes in one number must be errors all together: soon another number is likelier.
    fn is_too_far(&self, place: &Place, frequencies: &mut impl Frequencies) -> bool {
        let inside = || {
            place
                .changes
                .iter()
                .filter(|placed| self.numbers.is_inside(placed.change))
        };
        if inside().count() < 2 {
            return false;
        }
        // Of short numbers all that differ in two digits may exist; only where the term stands nowhere it may be one.
        let digits = inside().filter(|placed| matches!(placed.change, Change::Other { read, .. } if is_digit(read)));
        let short = digits.filter(|placed| self.numbers.run_of(placed.change) < LONG_NUMBER);
        if self.exact > 0.0 && short.count() >= 2 {
            return true;
        }
        // Where no digit stands for a digit something is damaged, whichever number it is: that only leaves less to compare,
        // and a digit that is lost or too much may be so anywhere in the number.
        let (mut errors, mut likely) = (1.0, ANOTHER_LONG_NUMBER * self.documents.max(FEW) / FEW);
        for placed in inside() {
            #[allow(clippy::cast_precision_loss)] // a few digits
            let anywhere = 10.0 * self.numbers.run_of(placed.change) as f32;
            match placed.change {
                Change::Other { read, .. } if is_digit(read) => errors *= ERRORS * self.channel(placed, frequencies),
                Change::Other { .. } => likely *= 10.0,
                Change::Lost { .. } | Change::Stray { .. } => likely *= anywhere,
            }
        }
        self.expected() * errors < likely
    }

    /// Probability that one change is an error of reading. `damaged`: what was read is no number of its kind.
    fn misread(
        &self,
        placed: &Placed,
        place: &Place,
        damaged: bool,
        beside: &Beside<'_>,
        frequencies: &mut impl Frequencies,
    ) -> f32 {
        let at = placed.change.at();
        let about_digits = self.numbers.is_about_digits(placed.change);
        let (right, same) = (beside.right(at), beside.same(placed.change));
        let channel = self.channel(placed, frequencies);
        let misread = ERRORS * channel * (self.expected() + SAME_CASE * right);
        let others = self.census.others_at(at, place);
        let possible = others.cases.min(self.census.excess(at)) + self.unseen(placed.change, others.kinds);
        // It may be a misreading of one of the others.
        let mut different = ERRORS * self.channel_of_any(placed) * possible;
        if !(damaged && about_digits) {
            different += self.support(placed, place, frequencies);
            different += possible * self.commonness(placed, frequencies);
        }
        different *= CONTRADICTED.powf(right.min(2.0));
        if placed.offered {
            different *= 0.3;
        }
        let alike = channel >= ALIKE && !about_digits;
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
            Change::Other { at, read } => match (self.numbers.run(at) > 0, is_digit(read)) {
                (true, true) => DIGIT,
                (true, false) if u8::try_from(read).is_ok_and(|byte| byte.is_ascii_lowercase()) => LATIN_OF_ANY,
                (true, false) => ANY * 4.0,
                _ => ANY,
            },
        }
    }

    /// Copies of a change in other cases, beyond what misreading explains: of the term, and of whatever other strings
    /// have its letter here.
    fn support(&self, placed: &Placed, place: &Place, frequencies: &mut impl Frequencies) -> f32 {
        let channel = self.channel(placed, frequencies);
        let explained = |copies: f32| SLACK * 2.0 * ERRORS * channel * (copies + 1.0);
        let at = placed.change.at();
        let here = if self.numbers.is_about_digits(placed.change) {
            // A number is its digits, all of them.
            self.census.number(&self.numbers.changed(place).0, place) - 1.0 - explained(self.exact)
        } else if self.numbers.any() {
            // The same letter beside other digits tells of another number or house; of names the neighbours tell.
            0.0
        } else {
            self.census.seen(placed.change) - 1.0 - explained(self.exact + self.census.right(at))
        };
        let elsewhere = if self.numbers.is_about_digits(placed.change) || self.numbers.is_inside(placed.change) {
            0.0
        } else {
            self.neighbours(placed, channel, frequencies)
        };
        here.max(elsewhere).clamp(0.0, self.census.excess(at))
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
            Change::Lost { at } => return if self.numbers.run(at) > 0 { 0.1 } else { 0.02 },
            Change::Other { at, read } => (read, self.numbers.run(at) > 0),
            Change::Stray { read, .. } => (read, self.numbers.is_inside(placed.change)),
        };
        match (in_number, is_digit(read)) {
            (true, false) if !self.numbers.is_at_edge(placed.change) => 0.000_1,
            (true, _) => 0.1,
            _ => frequencies.of(&[read]) / (self.documents * LETTERS).max(1.0),
        }
    }

    /// How many other strings, not seen so far, are to be reckoned with that differ from the term by such a change
    /// only, where `kinds` were seen: the more kinds there are the more are still to come, as of words in a growing
    /// text.
    fn unseen(&self, change: Change, kinds: f32) -> f32 {
        if self.numbers.run_of(change) > 0 {
            return self.numbers.unseen(change, self.next_numbers, self.documents);
        }
        let scale = (self.documents / FEW).clamp(0.3, 50.0);
        let at_first = scale
            * match self.letters.len() {
                0..=3 => 30.0,
                4 => 6.0,
                5 => 2.0,
                6 => 0.6,
                7 => 0.2,
                8 => 0.05,
                _ => 0.02,
            };
        at_first.min(UNSEEN_KINDS * (1.0 + kinds / 2.0))
    }
}

/// The other places of a case beside one that is judged.
#[derive(Default)]
struct Beside<'a> {
    places: &'a [Place],
    /// Probability of each, judged alone.
    alone: &'a [f32],
    /// Index of the one that is judged.
    number: usize,
}

impl<'a> Beside<'a> {
    fn others(&self) -> impl Iterator<Item = (&'a Place, f32)> {
        let number = self.number;
        let all = self.places.iter().zip(self.alone.iter().copied()).enumerate();
        all.filter(move |(other, _)| *other != number).map(|(_, place)| place)
    }

    /// Copies of the term that have this letter right.
    fn right(&self, at: usize) -> f32 {
        let right = self
            .others()
            .filter(|(place, _)| place.all().all(|change| change.at() != at));
        right.map(|(_, probability)| probability).sum()
    }

    /// Places with the same change.
    fn same(&self, change: Change) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a handful
        let same = self.others().filter(|(place, _)| place.has(change)).count() as f32;
        same
    }
}

#[cfg(test)]
mod tests;
