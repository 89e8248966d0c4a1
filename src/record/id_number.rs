//! Identity numbers of natural persons (公民身份号码).

use std::fmt;

use super::CivilDate;
use super::repair::{Repair, single_repair};

/// A valid identity number: 18 characters, valid birth date, valid check character (GB 11643-1999).
///
/// `Debug` shows a masked form, so that a number cannot reach a log by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Parses 18 characters (a lower-case `x` is accepted) and verifies birth date and check character.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (head, check) = text.split_at_checked(17)?;
        if check.len() != 1 || Self::check_character(head)? != check.chars().next()? {
            return None;
        }
        let part = |range: std::ops::Range<usize>| head.get(range)?.parse::<u32>().ok();
        CivilDate::new(part(6..10)?, part(10..12)?, part(12..14)?)?;
        Some(Self(text))
    }

    /// The check character for 17 digits: weighted sum modulo 11. `None` unless there are exactly 17 digits.
    pub fn check_character(digits: &str) -> Option<char> {
        if digits.len() != 17 {
            return None;
        }
        let mut sum = 0;
        for (digit, weight) in digits.chars().zip(WEIGHTS) {
            sum += digit.to_digit(10)? * weight;
        }
        CHECKS.get((sum % 11) as usize).map(|b| char::from(*b))
    }

    /// What 18 characters that a recogniser read may have been on paper; see [`super::CreditCode::repair`].
    pub fn repair(read: &str, alternatives: &[(usize, char)]) -> Option<Repair> {
        if Self::parse(read).is_some() {
            return Some(Repair::unchanged(&read.trim().to_ascii_uppercase()));
        }
        single_repair(read, alternatives, |number| Self::parse(number).is_some())
    }

    /// The full number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for everybody who need not know it: first four and last four characters.
    pub fn masked(&self) -> String {
        let head: String = self.0.chars().take(4).collect();
        let tail: String = self.0.chars().skip(14).collect();
        format!("{head}**********{tail}")
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_and_the_birth_date_are_verified() {
        let head = "14022419810607432";
        let check = IdNumber::check_character(head).unwrap();
        let number = IdNumber::parse(&format!("{head}{check}")).unwrap();
        assert_eq!(number.masked(), format!("1402**********432{check}"));
        let wrong = if check == '1' { '2' } else { '1' };
        assert!(IdNumber::parse(&format!("{head}{wrong}")).is_none());
        let head = "14022419811307432";
        let check = IdNumber::check_character(head).unwrap();
        assert!(IdNumber::parse(&format!("{head}{check}")).is_none());
    }
}
