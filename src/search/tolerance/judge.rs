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

use crate::analysis::dictionary::Confusions;
use crate::index::unit;

use super::align::{Change, Place, Placed};
use beside::Beside;
use census::Census;
use numbers::{Numbers, is_digit};
use weights::*;

mod beside;
mod census;
pub(super) mod numbers;
mod others;
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
    /// Share of letters that are read wrong in the copies of a number, as far as they tell.
    errors_in_numbers: f32,
}

/// Document frequencies of letters and pairs.
pub(super) trait Frequencies {
    /// Cases that hold these letters side by side.
    fn of(&mut self, letters: &[u16]) -> f32;
}

impl<'a> Judge<'a> {
    /// Looks at the places of all candidates, so that each can be judged in the light of the others. With the places stands how
    /// many candidates have the same.
    pub(super) fn new(
        chars: &'a [char],
        confusions: &'a Confusions,
        (exact, documents): (f32, f32),
        candidates: &[(&[Place], f32)],
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
            errors_in_numbers: ERRORS,
        };
        judge.count_numbers();
        judge.learn_errors(candidates);
        for (places, cases) in candidates.iter().copied() {
            let different = |place: &Place| -> Vec<Change> {
                let true_ones = place
                    .changes
                    .iter()
                    .filter(|placed| judge.looks_true(placed, place, places, frequencies));
                true_ones.map(|placed| placed.change).collect()
            };
            let strings = places.iter().map(different).collect();
            judge.census.add_others(strings, cases);
        }
        judge.census.sort_others();
        judge
    }

    /// Of the numbers that differ in one digit, one is looked at, and some are misread copies of the term itself.
    fn count_numbers(&mut self) {
        #[allow(clippy::cast_precision_loss)] // a handful
        let digits = (0..self.chars.len()).filter(|at| self.numbers.run(*at) > 0).count() as f32;
        let errors = 0.5 * ERRORS * digits * self.expected();
        self.next_numbers = (self.census.next_numbers() - 1.0 - errors).max(0.0);
    }

    /// Copies of a number in which something stands between the digits, or one of them is lost, are surely damaged. Where
    /// there are many as typed and none such, another digit is hardly an error.
    fn learn_errors(&mut self, candidates: &[(&[Place], f32)]) {
        let surely = |place: &Place| {
            let mut inside = place.all().filter(|change| self.numbers.is_inside(*change)).peekable();
            inside.peek().is_some()
                && inside.all(|change| !matches!(change, Change::Other { read, .. } if is_digit(read)))
        };
        let damaged = candidates.iter().filter(|(places, _)| places.iter().any(surely));
        let damaged: f32 = damaged.map(|(_, cases)| cases).sum();
        #[allow(clippy::cast_precision_loss)] // a few digits
        let digits = self.numbers.count() as f32;
        let seen = EXPERIENCE + digits * (self.exact + damaged);
        // About half of all errors are of this kind.
        self.errors_in_numbers = ((EXPERIENCE * ERRORS + 2.0 * damaged) / seen).min(ERRORS);
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
        // A number of a person that is right, but was not taken out as one, since it was torn.
        if place.changes.is_empty() {
            return 1.0;
        }
        if self.numbers.is_another(read) {
            return 0.0;
        }
        let near = self.all_together(place, frequencies) * self.letters_together(place, beside, frequencies);
        if near <= 0.0 {
            return 0.0;
        }
        let state = Condition {
            damaged: self.numbers.is_damaged(read),
            issued: self.numbers.is_issued(read),
        };
        let changes = place.changes.iter();
        let each = changes.map(|placed| self.misread(placed, place, state, beside, frequencies));
        near * each.product::<f32>()
    }

    /// Several letters of words must be errors all together, too: another string differs in all of them at once, and
    /// the more letters the less is left that it has in common with the term by chance.
    fn letters_together(&self, place: &Place, beside: &Beside<'_>, frequencies: &mut impl Frequencies) -> f32 {
        let outside = || {
            place
                .changes
                .iter()
                .filter(|placed| self.numbers.run_of(placed.change) == 0)
        };
        let changes = outside().count();
        if changes < 2 {
            return 1.0;
        }
        let right = outside()
            .map(|placed| beside.right(placed.change.at()))
            .fold(f32::MAX, f32::min);
        // How many times likelier another string is.
        let mut another = self.strings_of(self.letters.len() + 1 - changes) / (self.expected() + SAME_CASE * right);
        for placed in outside() {
            let by_error = ERRORS * self.channel_of_any(placed, frequencies);
            another *= self.commonness(placed, frequencies).max(by_error);
            another /= ERRORS * self.channel(placed, frequencies);
        }
        1.0 / (1.0 + another)
    }

    /// Several changes in one number must be errors all together: soon another number is likelier. The probability that
    /// they are; 0 for all but numbers with a check digit, of which other numbers can be told by what stands around.
    fn all_together(&self, place: &Place, frequencies: &mut impl Frequencies) -> f32 {
        let inside = || {
            place
                .changes
                .iter()
                .filter(|placed| self.numbers.is_inside(placed.change))
        };
        if inside().count() < 2 {
            return 1.0;
        }
        // Of short numbers all that differ in two digits may exist; only where the term stands nowhere it may be one.
        let digits = inside().filter(|placed| matches!(placed.change, Change::Other { read, .. } if is_digit(read)));
        let short = digits.filter(|placed| self.numbers.run_of(placed.change) < LONG_NUMBER);
        if self.exact > 0.0 && short.count() >= 2 {
            return 0.0;
        }
        // Where no digit stands for a digit something is damaged, whichever number it is: that only leaves less to compare,
        // and a digit that is lost or too much may be so anywhere in the number.
        let (mut errors, mut likely) = (1.0, ANOTHER_LONG_NUMBER * self.documents.max(FEW) / FEW);
        for placed in inside() {
            #[allow(clippy::cast_precision_loss)] // a few digits
            let anywhere = 10.0 * self.numbers.run_of(placed.change) as f32;
            match placed.change {
                Change::Other { read, .. } if is_digit(read) => errors *= ERRORS * self.channel(placed, frequencies),
                Change::Other { .. } if self.numbers.is_at_edge(placed.change) => likely *= anywhere,
                Change::Other { .. } => likely *= 10.0,
                Change::Lost { .. } | Change::Stray { .. } => likely *= anywhere,
            }
        }
        let errors = self.expected() * errors;
        if errors >= likely {
            1.0
        } else if self.numbers.is_checked() {
            errors / (errors + likely)
        } else {
            0.0
        }
    }

    /// Probability that one change is an error of reading.
    fn misread(
        &self,
        placed: &Placed,
        place: &Place,
        read: Condition,
        beside: &Beside<'_>,
        frequencies: &mut impl Frequencies,
    ) -> f32 {
        let as_it_is = self.misread_so(placed, place, read, beside, frequencies);
        match self.as_lost(placed, frequencies) {
            Some(lost) => {
                let as_lost = self.misread_so(&lost, place, read, beside, frequencies);
                // Who has the same letter there again has it for another reason.
                as_it_is.max(as_lost / (1.0 + self.copies_unlike_lost(placed.change) + beside.same(placed.change)))
            }
            None => as_it_is,
        }
    }

    /// Where the first or last letter of a term is lost, its neighbour seems to stand for it: of the two ways to see it
    /// only the letters that usually stand beside each other tell.
    fn as_lost(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> Option<Placed> {
        let Change::Other { at, read } = placed.change else {
            return None;
        };
        let last = at + 1 == self.letters.len();
        // Where the term stands nowhere its words may stand in another order, and then anything follows on the last.
        if self.exact <= 0.0 || self.letters.len() <= FEWEST_OF_NAME || self.numbers.run(at) > 0 || !(last || at == 0) {
            return None;
        }
        let sought = self.letters[at];
        let pair = if last { [sought, read] } else { [read, sought] };
        (frequencies.of(&pair) > 1.0).then_some(Placed {
            change: Change::Lost { at },
            before: if last { placed.before } else { read },
            after: if last { read } else { placed.after },
            offered: placed.offered,
        })
    }

    fn misread_so(
        &self,
        placed: &Placed,
        place: &Place,
        read: Condition,
        beside: &Beside<'_>,
        frequencies: &mut impl Frequencies,
    ) -> f32 {
        let Condition { damaged, issued } = read;
        let at = placed.change.at();
        let about_digits = self.numbers.is_about_digits(placed.change);
        let (right, same) = (beside.right(at), beside.same(placed.change));
        let channel = self.channel(placed, frequencies);
        let digit_for_digit = matches!(placed.change, Change::Other { read, .. } if about_digits && is_digit(read));
        let errors = if digit_for_digit {
            self.errors_in_numbers
        } else {
            ERRORS
        };
        let misread = errors * channel * (self.expected() + SAME_CASE * right);
        let others = self.census.others_at(at, place);
        let possible = others.cases.min(self.census.excess(at)) + self.unseen(placed.change, others.kinds);
        // It may be a misreading of one of the others, first of all of one that stands in the same case.
        let in_case = if about_digits {
            0.0
        } else {
            SAME_CASE * beside.surely_another(at)
        };
        let mut different = ERRORS * self.channel_of_any(placed, frequencies) * (possible + in_case);
        // Another digit makes another number, whatever else is wrong with it.
        if issued && about_digits || digit_for_digit && !damaged && self.numbers.is_document() {
            different += ISSUED;
        }
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
    fn channel_of_any(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> f32 {
        match placed.change {
            Change::Lost { .. } => LOST,
            Change::Stray { .. } => STRAY,
            Change::Other { at, read } => match (self.numbers.run(at) > 0, is_digit(read)) {
                (true, true) => DIGIT,
                (true, false) if u8::try_from(read).is_ok_and(|byte| byte.is_ascii_lowercase()) => LATIN_OF_ANY,
                (true, false) => ANY * 4.0,
                _ => self.any(read, frequencies),
            },
        }
    }
}

/// What was read in place of the term's number.
#[derive(Clone, Copy)]
struct Condition {
    /// It is no number of its kind.
    damaged: bool,
    /// It is another number of its kind, whole and in plain digits.
    issued: bool,
}

#[cfg(test)]
mod tests;
