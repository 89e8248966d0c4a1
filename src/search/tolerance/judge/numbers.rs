//! Numbers inside of a term: which letters belong to one, how dense the numbers of its kind are, and which of them
//! prove themselves wrong.

use crate::record::{CreditCode, IdNumber};
use crate::search::tolerance::align::{Change, Place};

use super::weights::*;

/// Most letters that errors add to a number.
const MOST_ADDED: usize = 3;
/// Fewest letters of an agency's code in a document number.
const LEAST_CODE: usize = 2;
/// Digits of the year of a document number.
const YEAR_DIGITS: usize = 4;
/// Years that a document number can have.
const YEARS: std::ops::RangeInclusive<u32> = 1949..=2099;

/// The numbers of a term.
pub(super) struct Numbers {
    /// For each letter how long the number is that it is part of; 0 for others.
    digits: Vec<usize>,
    /// Whether the term is a number with a valid check digit.
    checked: bool,
    /// Whether the term is a document number.
    document: bool,
}

impl Numbers {
    pub(super) fn new(chars: &[char]) -> Self {
        let text: String = chars.iter().collect();
        Self {
            digits: runs_of_digits(chars),
            checked: is_checked(&text),
            document: is_document_number(chars),
        }
    }

    /// Whether the term holds a number.
    pub(super) fn any(&self) -> bool {
        self.digits.iter().any(|run| *run > 0)
    }

    /// Length of the number that a letter is part of; 0 when it is part of none.
    pub(super) fn run(&self, at: usize) -> usize {
        self.digits.get(at).copied().unwrap_or(0)
    }

    /// The same of a change; a stray letter may stand at either end of a number.
    pub(super) fn run_of(&self, change: Change) -> usize {
        match change {
            Change::Stray { at, .. } => self.run(at).max(self.run(at - 1)),
            _ => self.run(change.at()),
        }
    }

    /// A number whose own check digit is right is no misreading of another, nor does it hold one; and a phone is not what
    /// is left of a number that is longer by more than errors add.
    pub(super) fn is_another(&self, read: &[u16]) -> bool {
        let length = self.digits.len();
        if self.digits.iter().any(|run| *run < length) || length < LONG_NUMBER {
            return false;
        }
        // What stands beside a number is taken for its first or last digit where that was lost.
        let text = String::from_utf16_lossy(read);
        let number = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        read.len() > length + MOST_ADDED || is_checked(number)
    }

    /// Whether what was read can be no number of the term's kind, so that it must be damaged, whatever it was.
    pub(super) fn is_damaged(&self, read: &[u16]) -> bool {
        if !self.document {
            return false;
        }
        let digits: Vec<u32> = read
            .iter()
            .filter_map(|unit| char::from_u32(u32::from(*unit))?.to_digit(10))
            .collect();
        let year = digits.iter().take(4).fold(0, |year, digit| year * 10 + digit);
        digits.len() <= 4 || !YEARS.contains(&year)
    }

    /// Whether what was read is itself a whole number of the term's kind, in plain digits.
    pub(super) fn is_issued(&self, read: &[u16]) -> bool {
        if !self.document || self.is_damaged(read) {
            return false;
        }
        let mut rest = read
            .iter()
            .copied()
            .skip_while(|unit| !is_digit(*unit))
            .skip(YEAR_DIGITS);
        let first = rest.next();
        first.is_some_and(|unit| is_digit(unit) && unit != u16::from(b'0'))
            && rest.skip_while(|unit| is_digit(*unit)).all(|unit| {
                // 号 and what was taken with it; no letter that may stand for a digit.
                !u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric())
            })
    }

    /// Whether the term is a document number.
    pub(super) fn is_document(&self) -> bool {
        self.document
    }

    /// Whether the term is a number with a valid check digit.
    pub(super) fn is_checked(&self) -> bool {
        self.checked
    }

    /// How many digits stand in the term's numbers.
    pub(super) fn count(&self) -> usize {
        self.digits.iter().filter(|run| **run > 0).count()
    }

    /// What is changed of the digits, and what else is.
    pub(super) fn changed(&self, place: &Place) -> (Vec<Change>, Vec<Change>) {
        place.all().partition(|change| self.is_about_digits(*change))
    }

    /// Whether a change falls inside a number, where the neighbours of a letter tell nothing.
    pub(super) fn is_inside(&self, change: Change) -> bool {
        match change {
            Change::Stray { at, .. } => self.run(at) > 0 && self.run(at - 1) > 0,
            _ => self.run(change.at()) > 0,
        }
    }

    /// Whether a number is only shorter by a change: its first or last digit is not there.
    pub(super) fn is_at_edge(&self, change: Change) -> bool {
        let at = change.at();
        let edge = at == 0 || self.run(at - 1) == 0 || self.run(at + 1) == 0;
        let missing = match change {
            // Inside of the term something else would stand beside the number: 8号 is not 8蹑号.
            Change::Other { read, .. } => {
                (at == 0 || at + 1 == self.digits.len())
                    && !u8::try_from(read).is_ok_and(|byte| byte.is_ascii_alphanumeric())
            }
            Change::Lost { .. } => true,
            Change::Stray { .. } => false,
        };
        self.run(at) > 0 && edge && missing
    }

    pub(super) fn is_about_digits(&self, change: Change) -> bool {
        match change {
            Change::Other { at, read } => self.run(at) > 0 && is_digit(read),
            Change::Lost { at } => self.run(at) > 0,
            Change::Stray { at, read } => is_digit(read) && (self.run(at) > 0 || self.run(at - 1) > 0),
        }
    }

    /// How many other numbers, not seen so far, are to be reckoned with at the place of a change, of which a tenth is
    /// just this one. `next` is the number of those known that differ in one digit.
    pub(super) fn unseen(&self, change: Change, next: f32, documents: f32) -> f32 {
        // Anything else between digits, all of which are right, makes no other number.
        if matches!(change, Change::Stray { read, .. } if !is_digit(read)) {
            return 0.0;
        }
        let run = self.run_of(change);
        let letters = self.digits.len();
        let at_edge = self.is_at_edge(change);
        let lost = matches!(change, Change::Lost { .. });
        // Where the other letters of the term, or very many digits, leave few strings to look at, all of them were.
        let named = letters >= run + FEWEST_NAMING;
        if !self.checked && (named || run >= LONG_NUMBER && !lost && !at_edge) {
            #[allow(clippy::cast_precision_loss)] // a few digits
            let places = run as f32;
            let another = if run >= LONG_NUMBER {
                ANOTHER_PHONE
            } else {
                ANOTHER_NUMBER
            };
            return (another + next) * 10.0 / (9.0 * places);
        }
        // Of numbers so long there are so many; their first digits are mostly a place, a year or a kind. Most
        // numbers of a kind have the same length and nothing but digits: what has not is hardly a number of its own.
        let as_any = matches!(change, Change::Other { read, .. } if is_digit(read)) || at_edge;
        let fixed = if as_any && !(run >= LONG_NUMBER && at_edge) {
            6
        } else {
            3
        };
        let free = i32::try_from(run.saturating_sub(fixed)).unwrap_or(i32::MAX);
        let dense = NUMBERS * documents.max(FEW) / 10_f32.powi(free.min(30));
        if self.checked { dense * 0.001 } else { dense }
    }
}

pub(super) fn is_digit(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_digit())
}

/// Whether letters are those of a document number, which the normaliser leaves without brackets: 灵食许2019444号.
fn is_document_number(chars: &[char]) -> bool {
    let Some((last, rest)) = chars.split_last() else {
        return false;
    };
    let code = rest.iter().take_while(|c| !c.is_ascii_alphanumeric()).count();
    let digits: Option<Vec<u32>> = rest[code..].iter().map(|c| c.to_digit(10)).collect();
    *last == '号'
        && code >= LEAST_CODE
        && digits.is_some_and(|digits| {
            let year = digits.iter().take(YEAR_DIGITS).fold(0, |year, digit| year * 10 + digit);
            digits.len() > YEAR_DIGITS && digits.len() <= 2 * YEAR_DIGITS + 1 && YEARS.contains(&year)
        })
}

/// Whether a text is a number with a valid check digit.
pub(in crate::search::tolerance) fn is_checked(text: &str) -> bool {
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
