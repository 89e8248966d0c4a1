//! Where letters stand in a text with a few of them misread, lost or added, and what was read instead.
//!
//! First the ends of all places within the allowed number of errors, by the bit-parallel algorithm of Myers (J. ACM 46,
//! 1999): a few machine words for each letter of the text. Then, for the few places found, a small table gives the
//! cheapest way from what is sought to what was read.

use crate::index::Letters;

/// Longest pattern in letters: one bit each.
pub(in crate::search) const LONGEST: usize = 128;

/// What differs between a pattern and a place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::search) enum Change {
    /// Another letter stands for the one at `at`.
    Other {
        /// Index in the pattern.
        at: usize,
        /// What stands there.
        read: u16,
    },
    /// Nothing stands for the letter at `at`.
    Lost {
        /// Index in the pattern.
        at: usize,
    },
    /// Another letter stands before the one at `at`.
    Stray {
        /// Index in the pattern, at least 1.
        at: usize,
        /// What stands there.
        read: u16,
    },
}

impl Change {
    /// Index in the pattern.
    pub(in crate::search) fn at(self) -> usize {
        match self {
            Self::Other { at, .. } | Self::Lost { at } | Self::Stray { at, .. } => at,
        }
    }
}

/// A change with its surroundings in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::search) struct Placed {
    pub(in crate::search) change: Change,
    /// The letters of the text before and after; 0 at an end.
    pub(super) before: u16,
    pub(super) after: u16,
    /// Whether the recogniser itself held the sought letter for possible here.
    pub(super) offered: bool,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::search) struct Place {
    /// First letter.
    pub(in crate::search) start: usize,
    /// The one after the last.
    pub(in crate::search) end: usize,
    /// What differs, in the order of the text.
    pub(in crate::search) changes: Vec<Placed>,
}

impl Place {
    /// What differs, without its surroundings.
    pub(super) fn all(&self) -> impl Iterator<Item = Change> {
        self.changes.iter().map(|placed| placed.change)
    }

    pub(super) fn has(&self, change: Change) -> bool {
        self.all().any(|other| other == change)
    }
}

/// Letters to be looked for in many texts.
pub(in crate::search) struct Pattern {
    letters: Vec<u16>,
    /// For each unit the index of its mask, 0 for units that the pattern does not hold.
    index: Vec<u8>,
    /// Where each unit of the pattern stands; the first is empty.
    masks: Vec<u128>,
    /// The most differences.
    most: usize,
}

impl Pattern {
    /// `None` when there are no letters or more than [`LONGEST`].
    pub(in crate::search) fn new(letters: Vec<u16>, most: usize) -> Option<Self> {
        if letters.is_empty() || letters.len() > LONGEST {
            return None;
        }
        let mut index = vec![0; 1 << 16];
        let mut masks = vec![0];
        for (at, unit) in letters.iter().enumerate() {
            let slot = &mut index[usize::from(*unit)];
            if *slot == 0 {
                *slot = u8::try_from(masks.len()).ok()?;
                masks.push(0);
            }
            masks[usize::from(*slot)] |= 1_u128 << at;
        }
        Some(Self {
            letters,
            index,
            masks,
            most,
        })
    }

    fn mask(&self, unit: u16) -> u128 {
        self.masks[usize::from(self.index[usize::from(unit)])]
    }

    /// Every place where the pattern stands with no more than the allowed differences; of overlapping ones the best.
    pub(in crate::search) fn places(&self, text: &Letters) -> Vec<Place> {
        let ends = self.ends(text).into_iter();
        let places = ends.map(|(end, score)| (self.place(text, end), score));
        // Behind a place that was passed over for a better one, the same with a letter too much is no other place.
        let own = |place: &Place| place.changes.iter().filter(|placed| !placed.offered).count();
        places
            .filter(|(place, score)| own(place) <= *score)
            .map(|(place, _)| place)
            .collect()
    }

    /// Index of the last letter of each place, and how many letters differ there.
    ///
    /// A place is no longer than the pattern and its strays, and has all of its letters but those that may differ. Most
    /// stretches of a text have not, and are passed by at a look at each letter.
    fn ends(&self, text: &Letters) -> Vec<(usize, usize)> {
        let (length, longest) = (self.letters.len(), self.letters.len() + self.most);
        let least = length.saturating_sub(self.most);
        let fits = |at: usize| self.index[usize::from(text.units[at])] != 0;
        let offered: Vec<usize> = text
            .alternatives
            .iter()
            .filter(|(_, other)| self.index[usize::from(*other)] != 0)
            .map(|(at, _)| *at)
            .collect();
        let counts = |at: usize| usize::from(fits(at) || offered.binary_search(&at).is_ok());
        let mut column = Column::new(length);
        let (mut done, mut letters) = (0, 0);
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for at in 0..text.units.len() {
            letters += counts(at);
            if let Some(left) = at.checked_sub(longest) {
                letters -= counts(left);
            }
            if letters < least {
                continue;
            }
            let from = (at + 1).saturating_sub(longest);
            if from > done {
                column = Column::new(length);
                done = from;
            }
            // What ended before has too few letters, or was seen.
            while done <= at {
                column.step(self.equal(text, done));
                done += 1;
            }
            let score = column.score;
            if score > self.most {
                continue;
            }
            // Places closer together than half the pattern are one.
            match ends.last_mut() {
                Some(last) if at - last.0 <= length / 2 => {
                    // Of equal ones the later: there the last letter is another one, before it is lost.
                    if score <= last.1 {
                        *last = (at, score);
                    }
                }
                _ => ends.push((at, score)),
            }
        }
        ends
    }

    /// Where the pattern has what is read at a letter of a text.
    fn equal(&self, text: &Letters, at: usize) -> u128 {
        let read = self.mask(text.units[at]);
        if text.alternatives.is_empty() {
            return read;
        }
        let first = text.alternatives.partition_point(|(index, _)| *index < at);
        let here = text.alternatives[first..].iter().take_while(|(index, _)| *index == at);
        here.fold(read, |equal, (_, other)| equal | self.mask(*other))
    }

    /// The cheapest way to read the pattern so that it ends with the letter at `last`.
    fn place(&self, text: &Letters, last: usize) -> Place {
        // A stray or lost letter costs a little more than another one, so that of equal ways the simplest is taken.
        const OTHER: u32 = 10;
        const SHIFT: u32 = 11;
        let length = self.letters.len();
        let from = (last + 1).saturating_sub(length + self.most);
        let window = &text.units[from..=last];
        let width = window.len() + 1;
        let mut costs = vec![0_u32; (length + 1) * width];
        let same = |row: usize, column: usize| {
            let sought = self.letters[row - 1];
            window[column - 1] == sought || offers(text, from + column - 1, sought)
        };
        for row in 1..=length {
            costs[row * width] = costs[(row - 1) * width] + SHIFT;
            for column in 1..width {
                let diagonal = costs[(row - 1) * width + column - 1];
                let across = if same(row, column) { diagonal } else { diagonal + OTHER };
                let lost = costs[(row - 1) * width + column] + SHIFT;
                // Letters of the text before and after the pattern are not strays.
                let stray = if row < length {
                    costs[row * width + column - 1] + SHIFT
                } else {
                    u32::MAX
                };
                costs[row * width + column] = across.min(lost).min(stray);
            }
        }
        let (mut row, mut column) = (length, width - 1);
        let mut changes = Vec::new();
        while row > 0 {
            let here = costs[row * width + column];
            let at = row - 1;
            let unit = |index: usize| text.units.get(index).copied().unwrap_or(0);
            let around = |change: Change, before: Option<usize>, after: usize, offered: bool| Placed {
                change,
                before: before.map_or(0, unit),
                after: unit(after),
                offered,
            };
            if column > 0 {
                let diagonal = costs[at * width + column - 1];
                let place = from + column - 1;
                let equal = same(row, column);
                if here == diagonal + if equal { 0 } else { OTHER } {
                    let read = window[column - 1];
                    // What the recogniser offered is a change all the same: it is not what was read.
                    if read != self.letters[at] {
                        changes.push(around(
                            Change::Other { at, read },
                            place.checked_sub(1),
                            place + 1,
                            equal,
                        ));
                    }
                    (row, column) = (row - 1, column - 1);
                    continue;
                }
                if row < length && here == costs[row * width + column - 1] + SHIFT {
                    let read = window[column - 1];
                    changes.push(around(
                        Change::Stray { at: row, read },
                        place.checked_sub(1),
                        place + 1,
                        false,
                    ));
                    column -= 1;
                    continue;
                }
            }
            changes.push(around(
                Change::Lost { at },
                (from + column).checked_sub(1),
                from + column,
                false,
            ));
            row -= 1;
        }
        changes.reverse();
        Place {
            start: from + column,
            end: last + 1,
            changes,
        }
    }
}

/// One column of the table of Myers: how the differences to each beginning of the pattern rise and fall.
struct Column {
    plus: u128,
    minus: u128,
    high: u128,
    /// Least differences of the pattern to what ends here.
    score: usize,
}

impl Column {
    fn new(length: usize) -> Self {
        Self {
            plus: !0,
            minus: 0,
            high: 1 << (length - 1),
            score: length,
        }
    }

    /// Goes on by one letter, which the pattern has where `equal` says.
    fn step(&mut self, equal: u128) {
        let (plus, minus) = (self.plus, self.minus);
        let vertical = equal | minus;
        let horizontal = ((equal & plus).wrapping_add(plus) ^ plus) | equal;
        let mut up = minus | !(horizontal | plus);
        let mut down = plus & horizontal;
        if up & self.high != 0 {
            self.score += 1;
        } else if down & self.high != 0 {
            self.score -= 1;
        }
        up <<= 1;
        down <<= 1;
        self.plus = down | !(vertical | up);
        self.minus = up & vertical;
    }
}

fn offers(text: &Letters, at: usize, sought: u16) -> bool {
    let first = text.alternatives.partition_point(|(index, _)| *index < at);
    let here = text.alternatives[first..].iter().take_while(|(index, _)| *index == at);
    here.into_iter().any(|(_, other)| *other == sought)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::unit;

    fn units(text: &str) -> Vec<u16> {
        text.chars().map(unit).collect()
    }

    fn text(text: &str) -> Letters {
        Letters {
            units: units(text),
            ..Letters::default()
        }
    }

    fn places(pattern: &str, most: usize, letters: &str) -> Vec<(usize, usize, Vec<Change>)> {
        let pattern = Pattern::new(units(pattern), most).unwrap();
        let places = pattern.places(&text(letters)).into_iter();
        places
            .map(|place| {
                (
                    place.start,
                    place.end,
                    place.changes.iter().map(|placed| placed.change).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn what_differs_is_told() {
        let other = |at, read| Change::Other { at, read: unit(read) };
        let stray = |at, read| Change::Stray { at, read: unit(read) };
        for (pattern, letters, expected) in [
            ("丰源餐饮", "灵丘丰源餐饮有限", vec![(2, 6, vec![])]),
            ("丰源餐饮", "丰源餐炊有限", vec![(0, 4, vec![other(3, '炊')])]),
            ("丰源餐饮", "县车源餐饮", vec![(1, 5, vec![other(0, '车')])]),
            ("丰源餐饮", "县丰源饮有", vec![(1, 4, vec![Change::Lost { at: 2 }])]),
            ("丰源餐饮", "丰源大餐饮", vec![(0, 5, vec![stray(2, '大')])]),
            ("丰源餐饮", "丰源商贸", vec![]),
            (
                "丰源餐饮",
                "丰源餐饮甲乙丙丰源餐炊",
                vec![(0, 4, vec![]), (7, 11, vec![other(3, '炊')])],
            ),
        ] {
            assert_eq!(places(pattern, 1, letters), expected, "{pattern} in {letters}");
        }
    }

    #[test]
    fn what_the_recogniser_offered_counts_as_read() {
        let pattern = Pattern::new(units("丰源餐饮"), 1).unwrap();
        let letters = Letters {
            units: units("丰原餐炊"),
            alternatives: vec![(1, unit('厡')), (1, unit('源'))],
        };
        let places = pattern.places(&letters);
        let offered: Vec<bool> = places[0].changes.iter().map(|placed| placed.offered).collect();
        assert_eq!(offered, [true, false]);
    }

    #[test]
    fn a_letter_behind_a_place_makes_no_other_place() {
        // Found by the property below: the place that ends with the last 甲 is worse than the first one, and 丙 is behind it.
        let found = places("乙乙乙丁乙甲", 3, "乙乙乙丁甲乙乙甲丙丙丙");
        let ends: Vec<(usize, usize)> = found.iter().map(|(_, end, changes)| (*end, changes.len())).collect();
        assert_eq!(ends, [(5, 1)]);
    }

    /// The least number of changes by which a part of the text that ends at each letter becomes the pattern.
    fn distances(pattern: &[u16], text: &[u16]) -> Vec<usize> {
        let mut row: Vec<usize> = (0..=pattern.len()).collect();
        let mut found = Vec::new();
        for unit in text {
            let mut next = vec![0; pattern.len() + 1];
            for at in 1..=pattern.len() {
                let across = row[at - 1] + usize::from(pattern[at - 1] != *unit);
                next[at] = across.min(row[at] + 1).min(next[at - 1] + 1);
            }
            row = next;
            found.push(row[pattern.len()]);
        }
        found
    }

    proptest! {
        #[test]
        fn places_are_those_of_the_plain_algorithm(pattern in "[甲乙丙丁]{1,9}", letters in "[甲乙丙丁]{0,20}[戊己]{0,12}[甲乙丙丁戊己]{0,40}", most in 0_usize..4) {
            let (sought, read) = (units(&pattern), units(&letters));
            prop_assume!(2 * most <= sought.len());
            let distances = distances(&sought, &read);
            let found = places(&pattern, most, &letters);
            prop_assert_eq!(found.is_empty(), !distances.iter().any(|d| *d <= most));
            for (start, end, changes) in found {
                prop_assert!(start <= end && end <= read.len());
                prop_assert_eq!(changes.len(), distances[end - 1]);
                // The changes make the one out of the other.
                let mut rebuilt = Vec::new();
                let mut at = start;
                for (index, unit) in sought.iter().enumerate() {
                    for change in &changes {
                        if let Change::Stray { at: before, read } = change && *before == index {
                            rebuilt.push(*read);
                            at += 1;
                        }
                    }
                    match changes.iter().find(|c| c.at() == index && !matches!(c, Change::Stray { .. })) {
                        Some(Change::Other { read, .. }) => { rebuilt.push(*read); at += 1; }
                        Some(_) => {}
                        None => { rebuilt.push(*unit); at += 1; }
                    }
                }
                prop_assert_eq!(at, end);
                prop_assert_eq!(rebuilt.as_slice(), &read[start..end]);
            }
        }
    }
}
