//! Other strings than the term that may stand where something else was read: those that were seen, in the collection and
//! between the same neighbours, and those to be reckoned with.

use crate::search::tolerance::align::{Change, Place, Placed};

use super::numbers::is_digit;
use super::weights::*;
use super::{Frequencies, Judge};

impl Judge<'_> {
    /// Copies of a change in other cases, beyond what misreading explains: of the term, and of whatever other strings
    /// have its letter here.
    pub(super) fn support(&self, placed: &Placed, place: &Place, frequencies: &mut impl Frequencies) -> f32 {
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
            self.neighbours(placed, channel, frequencies) * self.beside_same_number(place)
        };
        here.max(elsewhere).clamp(0.0, self.census.excess(at))
    }

    /// Copies of a change in other cases beyond what losing a letter explains.
    pub(super) fn copies_unlike_lost(&self, change: Change) -> f32 {
        let strings = self.exact + self.census.right(change.at()) + 1.0;
        (self.census.seen(change) - 1.0 - SLACK * 2.0 * ERRORS * LOST * strings).max(0.0)
    }

    /// How likely a string that stands elsewhere comes to stand beside just the number of the term.
    fn beside_same_number(&self, place: &Place) -> f32 {
        if place.all().any(|change| self.numbers.is_about_digits(change)) {
            return 1.0;
        }
        let digits = i32::try_from(self.numbers.count()).unwrap_or(i32::MAX);
        SAME_DIGIT.powi(digits)
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
            let measured = of_term * 2.0 * ERRORS * channel * SLACK;
            let one = of_term * ONE_MISREADING;
            match change {
                Change::Other { .. } => measured.max(one + 2.0 * one.sqrt()),
                Change::Lost { .. } | Change::Stray { .. } => measured,
            }
        };
        let long = self.letters.len() >= LONG_TERM;
        let weight = match change {
            Change::Stray { .. } if long => NEIGHBOURS_OF_STRAYS,
            _ => 1.0,
        };
        weight * self.weight_of_neighbours() * (copies - 1.0 - explained).max(0.0)
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
    pub(super) fn commonness(&self, placed: &Placed, frequencies: &mut impl Frequencies) -> f32 {
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
    pub(super) fn unseen(&self, change: Change, kinds: f32) -> f32 {
        if self.numbers.run_of(change) > 0 {
            return self.numbers.unseen(change, self.next_numbers, self.documents);
        }
        // A small collection has fewer others of a name that is known in it; of one that stands nowhere nothing is known.
        let scale = if self.exact > 0.0 {
            (self.documents / FEW).clamp(LEAST_SCALE, 1.0)
        } else {
            1.0
        };
        self.strings_of(self.letters.len())
            .min(UNSEEN_KINDS * scale * (1.0 + kinds / 2.0))
    }

    /// How many other strings are to be reckoned with at one letter of a term of so many.
    pub(super) fn strings_of(&self, letters: usize) -> f32 {
        (self.documents / FEW).clamp(LEAST_SCALE, 50.0)
            * match letters {
                0..=3 => 30.0,
                4 => 6.0,
                5 => 2.0,
                6 => 0.6,
                7 => 0.2,
                8 => 0.05,
                _ => 0.02,
            }
    }
}
