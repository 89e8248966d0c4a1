//! Unified social credit codes (统一社会信用代码).

use std::fmt;

use super::repair::{Repair, single_repair};

/// A valid credit code: 18 characters with a valid check character (GB 32100-2015).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreditCode(String);

/// The alphabet of GB 32100-2015: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

impl CreditCode {
    /// Parses 18 characters and verifies the check character; lower case is accepted.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (head, check) = text.split_at_checked(17)?;
        let valid = check.len() == 1 && Self::check_character(head)? == check.chars().next()?;
        valid.then_some(Self(text))
    }

    /// The check character for 17 characters of the alphabet; `None` for anything else.
    pub fn check_character(head: &str) -> Option<char> {
        if head.len() != 17 {
            return None;
        }
        let mut sum = 0;
        for (byte, weight) in head.bytes().zip(WEIGHTS) {
            sum += ALPHABET.iter().position(|b| *b == byte)? * weight;
        }
        ALPHABET.get((31 - sum % 31) % 31).map(|b| char::from(*b))
    }

    /// What 18 characters that a recogniser read may have been on paper: themselves when they are valid, else the one
    /// valid code that differs in one character. `alternatives` are other readings of single characters, by index;
    /// they come before the usual confusions (0/O, 1/I, 2/Z, 5/S, 8/B …). `None` when no repair or more than one is
    /// valid: nothing is guessed.
    pub fn repair(read: &str, alternatives: &[(usize, char)]) -> Option<Repair> {
        // Characters 3 to 8 are the region code of the registering office: digits.
        let plausible =
            |code: &str| Self::parse(code).is_some() && code.bytes().skip(2).take(6).all(|b| b.is_ascii_digit());
        if Self::parse(read).is_some() {
            return Some(Repair::unchanged(&read.trim().to_ascii_uppercase()));
        }
        single_repair(read, alternatives, plausible)
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_character_is_noticed() {
        let head = "91140224MA0A1B2C3";
        let check = CreditCode::check_character(head).unwrap();
        let code = format!("{head}{check}");
        assert_eq!(CreditCode::parse(&code).unwrap().as_str(), code);
        for (at, c) in code.char_indices() {
            let other = if c == '7' { 'A' } else { '7' };
            let mut changed = code.clone();
            changed.replace_range(at..=at, &other.to_string());
            assert!(CreditCode::parse(&changed).is_none(), "{changed}");
        }
    }

    #[test]
    fn two_errors_are_not_repaired_into_another_code_unless_by_chance_of_the_check() {
        let head = "91140224MA0A1B2C3";
        let code = format!("{head}{}", CreditCode::check_character(head).unwrap());
        let read = code.replacen("A0A", "AOA", 1);
        let repair = CreditCode::repair(&read, &[]).unwrap();
        assert_eq!((repair.value.as_str(), repair.changed), (code.as_str(), Some(10)));
        // Two letters that no code has: not one error, so nothing is repaired.
        assert_eq!(CreditCode::repair(&read.replacen("1140", "114O", 1), &[]), None);
        assert_eq!(CreditCode::repair("91140224", &[]), None);
    }

    #[test]
    fn letters_outside_the_alphabet_are_refused() {
        assert_eq!(CreditCode::check_character("9114022IMA0A1B2C3"), None);
    }
}
