//! The numbers of persons of a case, which stand sealed beside its other letters: what each was read as, in the order of the
//! places at which they were taken out. They are opened where a number that was found by a hash is looked at closely, and where the number
//! beside a name tells whose name it is.
//!
//! All in groups of seven bits, the lowest first, the last one without the eighth bit: how many units a number has, followed
//! by these; or 0, followed by the position of the earlier number in the list that is the same.

use super::letters::{ALTERNATIVE, unit};
use crate::analysis::NormalisedText;

/// A number that was taken out of the letters of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Its letters with other readings, as the letters of a case.
    pub(super) units: Vec<u16>,
}

impl Taken {
    pub(super) fn new(text: &NormalisedText, alternatives: &[(u32, char)]) -> Self {
        let mut units = Vec::with_capacity(text.len());
        for (index, letter) in (0..).zip(text.letters()) {
            units.push(unit(letter.ch));
            let here = alternatives.iter().filter(|(at, _)| *at == index);
            units.extend(here.flat_map(|(_, other)| [ALTERNATIVE, unit(*other)]));
        }
        Self { units }
    }

    /// How many letters it has.
    pub(super) fn letters(&self) -> usize {
        let others = self.units.iter().filter(|unit| **unit == ALTERNATIVE).count();
        self.units.len() - 2 * others
    }
}

/// Numbers in the order of their places as bytes; no bytes when there are none.
pub(super) fn to_bytes(numbers: &[Taken]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, number) in numbers.iter().enumerate() {
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
    let units = match get(bytes)? {
        0 => earlier.get(get(bytes)?)?.units.clone(),
        count => (0..count)
            .map(|_| u16::try_from(get(bytes)?).ok())
            .collect::<Option<_>>()?,
    };
    Some(Taken { units })
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
        let number = prop::collection::vec(any::<u16>(), 1..20);
        prop::collection::vec(number, 0..12).prop_map(|numbers| {
            let mut all: Vec<Taken> = Vec::new();
            for units in numbers {
                let first = usize::from(units[0]);
                all.push(Taken { units });
                // The same number again, as in most cases.
                all.extend((first % 2 == 0).then(|| all[first % all.len()].clone()));
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
