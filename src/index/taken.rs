//! The numbers of persons of a case, which stand sealed beside its other letters: where among them each was taken out, and
//! what it was read as. They are opened where a number that was found by a hash is looked at closely, and where the number
//! beside a name tells whose name it is.
//!
//! All in groups of seven bits, the lowest first, the last one without the eighth bit: how many sections further, the index
//! of the letter before which it stood, and how many units it has, followed by these; or 0, followed by the position of the
//! earlier number in the list that is the same.

use super::letters::{ALTERNATIVE, unit};
use crate::analysis::NormalisedText;

/// A number that was taken out of the letters of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Position of its section.
    pub(super) section: usize,
    /// Index of the letter of the section before which it stood.
    pub(super) at: usize,
    /// Its letters with other readings, as the letters of a case.
    pub(super) units: Vec<u16>,
}

impl Taken {
    pub(super) fn new(section: usize, at: usize, text: &NormalisedText, alternatives: &[(u32, char)]) -> Self {
        let mut units = Vec::with_capacity(text.len());
        for (index, letter) in (0..).zip(text.letters()) {
            units.push(unit(letter.ch));
            let here = alternatives.iter().filter(|(at, _)| *at == index);
            units.extend(here.flat_map(|(_, other)| [ALTERNATIVE, unit(*other)]));
        }
        Self { section, at, units }
    }
}

/// Numbers in the order of sections and letters as bytes; no bytes when there are none.
pub(super) fn to_bytes(numbers: &[Taken]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut section = 0;
    for (index, number) in numbers.iter().enumerate() {
        put(&mut bytes, number.section - section);
        section = number.section;
        put(&mut bytes, number.at);
        match numbers[..index]
            .iter()
            .position(|earlier| earlier.units == number.units)
        {
            Some(same) => {
                put(&mut bytes, 0);
                put(&mut bytes, same);
            }
            None => {
                put(&mut bytes, number.units.len());
                number.units.iter().for_each(|unit| put(&mut bytes, usize::from(*unit)));
            }
        }
    }
    bytes
}

/// Reads what [`to_bytes`] wrote; of damaged bytes what can be read.
pub(super) fn from_bytes(mut bytes: &[u8]) -> Vec<Taken> {
    let mut numbers: Vec<Taken> = Vec::new();
    while let Some(number) = read(&mut bytes, &numbers) {
        numbers.push(number);
    }
    numbers
}

fn read(bytes: &mut &[u8], earlier: &[Taken]) -> Option<Taken> {
    let section = earlier
        .last()
        .map_or(0, |number| number.section)
        .checked_add(get(bytes)?)?;
    let at = get(bytes)?;
    let units = match get(bytes)? {
        0 => earlier.get(get(bytes)?)?.units.clone(),
        count => (0..count)
            .map(|_| u16::try_from(get(bytes)?).ok())
            .collect::<Option<_>>()?,
    };
    Some(Taken { section, at, units })
}

fn put(bytes: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        bytes.push(0x80 | low_bits(value));
        value >>= 7;
    }
    bytes.push(low_bits(value));
}

fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or_default()
}

fn get(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..usize::BITS - 7).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers() -> impl Strategy<Value = Vec<Taken>> {
        let one = (
            0_usize..300,
            0_usize..70_000,
            prop::collection::vec(any::<u16>(), 1..20),
        );
        prop::collection::vec(one, 0..12).prop_map(|numbers| {
            let mut section = 0;
            let mut all: Vec<Taken> = Vec::new();
            for (further, at, units) in numbers {
                section += further;
                all.push(Taken { section, at, units });
                // The same number again, as in most cases.
                all.extend(
                    (at % 2 == 0)
                        .then(|| all[at % all.len()].clone())
                        .map(|same| Taken { section, ..same }),
                );
            }
            all
        })
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in numbers()) {
            prop_assert_eq!(from_bytes(&to_bytes(&numbers)), numbers);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = from_bytes(&bytes);
        }
    }
}
