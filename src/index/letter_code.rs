//! How letters are written where they are stored: the frequent ones in one byte, other Han letters in two, all else in three.
//!
//! Thousands of cases are looked at for one term, each somewhere else in the store, so that unpacking whatever lies beside
//! them is most of the work. In this form a text takes about as much room as packed (1.3 bytes a letter), and is read by a
//! look at a table.

use std::sync::LazyLock;

/// Units below this have one byte: they are no letters, but say what follows.
const STRUCTURE: u16 = 8;
/// The Han letters with one byte: the most frequent of texts of approvals. A change is a change of the schema.
const FREQUENT: &str = "人申请许可查日定县年出法理有行的业内提政月于公经记应示当场号审营本在管关报限一核录情用信设期受书证十员并三位机项现所况\
                        该单续告合民局事为未后明自条责登与准入监处发名决司建予动生度件镇不依前市从国中同代已要求二租符和住资料第安显满对化检权水变等面系务地品议\
                        向源";
/// First byte of the escape to a whole unit in two more bytes.
const WHOLE: u8 = 0xff;
/// High bytes of the Han letters of Unicode's first block: U+4E00 to U+9FFF.
const HAN: std::ops::RangeInclusive<u16> = 0x4e..=0x9f;
/// First byte of the first of them.
const FIRST_HAN: u8 = WHOLE - 82;

struct Table {
    /// The unit of each byte below [`FIRST_HAN`].
    units: [u16; 256],
    /// The byte of each unit that has one; [`WHOLE`] for the others.
    bytes: Vec<u8>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        units: [0; 256],
        bytes: vec![WHOLE; 1 << 16],
    };
    let ascii = ('0'..='9').chain('a'..='z');
    let letters = ascii
        .chain(FREQUENT.chars())
        .filter_map(|letter| u16::try_from(u32::from(letter)).ok());
    for (byte, unit) in (0..FIRST_HAN).zip((0..STRUCTURE).chain(letters)) {
        table.units[usize::from(byte)] = unit;
        table.bytes[usize::from(unit)] = byte;
    }
    table
});

/// Writes units.
pub(super) fn encode(units: impl IntoIterator<Item = u16>) -> Vec<u8> {
    let table = &*TABLE;
    let mut bytes = Vec::new();
    for unit in units {
        let [high, low] = unit.to_be_bytes();
        match table.bytes[usize::from(unit)] {
            WHOLE if HAN.contains(&u16::from(high)) => bytes.extend([FIRST_HAN + (high - 0x4e), low]),
            WHOLE => bytes.extend([WHOLE, high, low]),
            byte => bytes.push(byte),
        }
    }
    bytes
}

/// Reads what [`encode`] wrote; ends where a unit is cut off.
pub(super) struct Units<'b> {
    bytes: &'b [u8],
    units: &'static [u16; 256],
}

impl<'b> Units<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            units: &TABLE.units,
        }
    }
}

impl Iterator for Units<'_> {
    type Item = u16;

    #[inline]
    fn next(&mut self) -> Option<u16> {
        let (first, rest) = self.bytes.split_first()?;
        if *first < FIRST_HAN {
            self.bytes = rest;
            return Some(self.units[usize::from(*first)]);
        }
        let (high, low, rest) = match (*first, rest) {
            (WHOLE, [high, low, rest @ ..]) => (*high, *low, rest),
            (WHOLE, _) | (_, []) => return None,
            (first, [low, rest @ ..]) => (0x4e + (first - FIRST_HAN), *low, rest),
        };
        self.bytes = rest;
        Some(u16::from_be_bytes([high, low]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_unit_comes_back() {
        let units = || 0..=u16::MAX;
        assert!(Units::of(&encode(units())).eq(units()));
    }

    #[test]
    fn every_byte_but_those_of_others_is_a_letter() {
        let letters = usize::from(STRUCTURE) + 36 + FREQUENT.chars().count();
        assert_eq!(letters, usize::from(FIRST_HAN));
        let single = TABLE.bytes.iter().filter(|byte| **byte != WHOLE).count();
        assert_eq!(single, letters, "a letter stands twice in the list");
    }

    #[test]
    fn frequent_letters_take_a_byte() {
        for (text, bytes) in [("许可2019", 6), ("灵丘", 4), ("é", 3)] {
            assert_eq!(encode(text.encode_utf16()).len(), bytes, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(Units::of(&bytes).count() <= bytes.len());
        }
    }
}
