//! Codes that people read from paper and type: access codes from the counter, verification codes of certified copies.

use std::fmt;

/// Letters of a code: none looks like another (no 0 and O, no 1, I and L). Their number is a prime, so that the check
/// character finds every wrong letter and every two that changed places.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters of a code, the last of which is the check character: 11 are random, 54 bits.
const LENGTH: usize = 12;
/// Letters of a group as it is printed.
const GROUP: usize = 4;

/// Such a code. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadableCode(String);

impl fmt::Debug for ReadableCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadableCode(…)")
    }
}

/// As it is printed: in groups of four.
impl fmt::Display for ReadableCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl ReadableCode {
    /// A new one.
    pub fn random() -> Self {
        let mut values = Vec::with_capacity(LENGTH);
        while values.len() < LENGTH - 1 {
            // The first 248 of 256 values fall on all letters alike.
            let byte: u8 = rand::random();
            if usize::from(byte) < 8 * LETTERS.len() {
                values.push(usize::from(byte) % LETTERS.len());
            }
        }
        values.push(check_of(&values));
        Self(values.into_iter().map(|value| char::from(LETTERS[value])).collect())
    }

    /// Reads a code as somebody typed it: in either case and width, with blanks and dashes. `None` when it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let narrow = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        };
        let letters = typed.chars().map(narrow);
        let letters = letters.filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'));
        let code: String = letters.take(LENGTH + 1).map(|c| c.to_ascii_uppercase()).collect();
        let value = |c: char| LETTERS.iter().position(|letter| char::from(*letter) == c);
        let values: Vec<usize> = code.chars().map(value).collect::<Option<_>>()?;
        let (check, rest) = values.split_last()?;
        (values.len() == LENGTH && check_of(rest) == *check).then_some(Self(code))
    }

    /// The letters alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The last letter: with it the sum of all, each times its place, is a multiple of their number.
fn check_of(values: &[usize]) -> usize {
    let sum: usize = (1..).zip(values).map(|(place, value)| place * value).sum();
    let place = values.len() + 1;
    let fits = |check: &usize| (sum + place * check).is_multiple_of(LETTERS.len());
    (0..LETTERS.len()).find(fits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ReadableCode::random();
        let printed = code.to_string();
        assert_eq!((printed.len(), printed.matches('-').count()), (14, 2));
        let wide: String = code
            .as_str()
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        for typed in [
            printed.to_lowercase(),
            printed.replace('-', " "),
            format!(" {printed}\n"),
            wide,
        ] {
            assert_eq!(ReadableCode::parse(&typed).as_ref(), Some(&code), "{typed}");
        }
        assert_ne!(ReadableCode::random(), code);
        assert_eq!(format!("{code:?}"), "ReadableCode(…)");
        for none in [
            "",
            "-",
            "0000-0000-0000",
            "赵小满",
            &format!("{printed}2"),
            printed.get(..13).unwrap(),
        ] {
            assert_eq!(ReadableCode::parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_slip_of_the_hand_is_found(at in 0..LENGTH, other in 0..LENGTH, letter in 0..LETTERS.len()) {
            let code = ReadableCode::random();
            let mut wrong: Vec<char> = code.as_str().chars().collect();
            wrong[at] = char::from(LETTERS[letter]);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(ReadableCode::parse(&wrong).is_some(), wrong == code.as_str());
            let mut swapped: Vec<char> = code.as_str().chars().collect();
            swapped.swap(at, other);
            let swapped: String = swapped.into_iter().collect();
            prop_assert_eq!(ReadableCode::parse(&swapped).is_some(), swapped == code.as_str());
        }

        #[test]
        fn anything_typed_is_survived(text: String) {
            if let Some(code) = ReadableCode::parse(&text) {
                prop_assert_eq!(ReadableCode::parse(&code.to_string()), Some(code));
            }
        }
    }
}
