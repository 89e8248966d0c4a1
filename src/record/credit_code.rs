//! Unified social credit codes (统一社会信用代码).

use std::fmt;

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
    fn letters_outside_the_alphabet_are_refused() {
        assert_eq!(CreditCode::check_character("9114022IMA0A1B2C3"), None);
    }
}
