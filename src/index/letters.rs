//! The letters of a case as the index keeps them, for looking closely at the few cases that may match.
//!
//! Postings tell which letters stand in a case and where, not what stands where something else was expected; whether
//! that is a misreading or another name cannot be told without it. So the normalised letters, which the postings hold
//! anyway in another order, are stored once more, in two bytes each (decision 0121). Nothing else is: no titles, no
//! punctuation, no layout.

use std::borrow::Cow;
use std::ops::Range;

use super::taken::Taken;
use crate::analysis::NormalisedText;

/// Ends a section.
const END: u16 = 0;
/// The next unit is another reading of the letter before.
pub(super) const ALTERNATIVE: u16 = 1;
/// What stands for a letter of a number that may not be read: no unit of any text.
pub(crate) const HIDDEN: u16 = END;
/// A letter outside the basic plane, of which only is kept that there is one.
const RARE: u16 = 0xfffd;

/// What a section of letters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Section {
    /// A page; pages follow each other in reading order.
    Page,
    /// 题名
    Title,
    /// 申请人
    Applicant,
    /// 审批事项
    Matter,
    /// 审批机关
    Agency,
}

impl Section {
    const ALL: [Self; 5] = [Self::Page, Self::Title, Self::Applicant, Self::Matter, Self::Agency];

    fn code(self) -> u16 {
        match self {
            Self::Page => 2,
            Self::Title => 3,
            Self::Applicant => 4,
            Self::Matter => 5,
            Self::Agency => 6,
        }
    }
}

/// The unit that stands for a letter.
pub(crate) fn unit(letter: char) -> u16 {
    u16::try_from(u32::from(letter)).unwrap_or(RARE)
}

/// Sections in the making.
#[derive(Default)]
pub(super) struct LettersWriter {
    bytes: Vec<u8>,
    sections: usize,
    /// What was taken out of the sections so far.
    taken: Vec<Taken>,
}

impl LettersWriter {
    /// Adds a section. `alternatives` are other readings by index of the letter, ascending.
    pub(super) fn section(&mut self, section: Section, text: &NormalisedText, alternatives: &[(u32, char)]) {
        let mut alternatives = alternatives.iter().peekable();
        self.sections += 1;
        self.put(section.code());
        for (index, letter) in (0..).zip(text.letters()) {
            self.put(unit(letter.ch));
            while let Some((_, other)) = alternatives.next_if(|(at, _)| *at == index) {
                self.put(ALTERNATIVE);
                self.put(unit(*other));
            }
        }
        self.put(END);
    }

    /// Adds a number that was taken out of the last section before its letter `at`; numbers in the order of the text.
    pub(super) fn taken(&mut self, at: usize, number: &NormalisedText, alternatives: &[(u32, char)]) {
        let section = self.sections.saturating_sub(1);
        self.taken.push(Taken::new(section, at, number, alternatives));
    }

    fn put(&mut self, unit: u16) {
        self.bytes.extend(unit.to_le_bytes());
    }

    /// The sections, and what was taken out of them.
    pub(super) fn into_parts(self) -> (Vec<u8>, Vec<Taken>) {
        (self.bytes, self.taken)
    }
}

/// A stretch of letters that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Letters {
    /// One unit a letter.
    pub(crate) units: Vec<u16>,
    /// Other readings: index of the letter, unit; ascending.
    pub(crate) alternatives: Vec<(usize, u16)>,
    /// Where numbers of persons stand that were kept sealed; ascending.
    pub(crate) numbers: Vec<Range<usize>>,
}

impl Letters {
    /// The same with [`HIDDEN`] for each letter of the numbers of persons.
    pub(crate) fn without_numbers(&self) -> Cow<'_, Self> {
        if self.numbers.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut hidden = self.clone();
        for number in std::mem::take(&mut hidden.numbers) {
            hidden.alternatives.retain(|(at, _)| !number.contains(at));
            hidden.units[number].fill(HIDDEN);
        }
        Cow::Owned(hidden)
    }

    /// Adds a unit as it was written.
    fn push(&mut self, unit: u16, next: &mut impl Iterator<Item = u16>) {
        match unit {
            ALTERNATIVE => {
                let (at, other) = (self.units.len().saturating_sub(1), next.next());
                self.alternatives.extend(other.map(|other| (at, other)));
            }
            unit => self.units.push(unit),
        }
    }

    /// Puts a number back where it was taken out.
    fn put_back(&mut self, number: &Taken) {
        let start = self.units.len();
        let mut units = number.units.iter().copied();
        while let Some(unit) = units.next() {
            self.push(unit, &mut units);
        }
        self.numbers.push(start..self.units.len());
    }
}

/// Reads the sections of these kinds; pages that follow each other are one stretch, so that what is torn by the end of
/// a page is in one piece. What was taken out is put back. Damaged bytes give what can be read of them.
pub(super) fn read(bytes: &[u8], taken: &[Taken], wanted: &[Section]) -> Vec<Letters> {
    sections(bytes, taken, wanted, true)
}

/// Reads the pages, each by itself, in reading order; also those without a letter.
pub(super) fn read_pages(bytes: &[u8], taken: &[Taken]) -> Vec<Letters> {
    sections(bytes, taken, &[Section::Page], false)
}

fn sections(bytes: &[u8], taken: &[Taken], wanted: &[Section], joined: bool) -> Vec<Letters> {
    let mut units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let mut stretches: Vec<Letters> = Vec::new();
    let mut last = None;
    let mut ordinal = 0;
    while let Some(code) = units.next() {
        let section = Section::ALL.into_iter().find(|section| section.code() == code);
        let keep = section.is_some_and(|section| wanted.contains(&section));
        if keep && !(joined && section == Some(Section::Page) && last == section) {
            stretches.push(Letters::default());
        }
        last = section;
        let mut skipped = Letters::default();
        let into = match stretches.last_mut() {
            Some(stretch) if keep => stretch,
            _ => &mut skipped,
        };
        let mut numbers = taken.iter().filter(|number| number.section == ordinal).peekable();
        let mut at = 0;
        while let Some(unit) = units.next().filter(|unit| *unit != END) {
            if unit != ALTERNATIVE {
                while let Some(number) = numbers.next_if(|number| number.at <= at) {
                    into.put_back(number);
                }
                at += 1;
            }
            into.push(unit, &mut units);
        }
        numbers.for_each(|number| into.put_back(number));
        ordinal += 1;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::testing::analyser;

    fn units(text: &str) -> Vec<u16> {
        text.chars().map(unit).collect()
    }

    #[test]
    fn sections_come_back() {
        let mut writer = LettersWriter::default();
        let letters = |text: &str| analyser().normalise(text);
        writer.section(Section::Page, &letters("许可，甲"), &[(1, '司'), (1, '同'), (2, '申')]);
        writer.section(Section::Page, &letters("乙"), &[]);
        writer.section(Section::Applicant, &letters("丙𠮷"), &[]);
        writer.section(Section::Page, &letters("丁"), &[]);
        let (bytes, _) = writer.into_parts();
        let page = Letters {
            units: units("许可甲乙"),
            alternatives: vec![(1, unit('司')), (1, unit('同')), (2, unit('申'))],
            numbers: Vec::new(),
        };
        let found = read(&bytes, &[], &[Section::Page]);
        assert_eq!(found[0], page);
        assert_eq!(found[1].units, units("丁"));
        let pages = read_pages(&bytes, &[]);
        let pages: Vec<&[u16]> = pages.iter().map(|page| page.units.as_slice()).collect();
        assert_eq!(pages, [units("许可甲"), units("乙"), units("丁")]);
        let found = read(&bytes, &[], &[Section::Applicant]);
        assert_eq!((found.len(), found[0].units.as_slice()), (1, &[unit('丙'), RARE][..]));
        assert_eq!(read(&bytes, &[], &[Section::Title]), []);
    }

    #[test]
    fn numbers_are_put_back_and_hidden() {
        let mut writer = LettersWriter::default();
        let letters = |text: &str| analyser().normalise(text);
        writer.section(Section::Title, &letters("题名"), &[]);
        writer.section(Section::Page, &letters("号，丙电"), &[(0, '呈')]);
        writer.taken(1, &letters("12"), &[(1, '7')]);
        writer.taken(3, &letters("34"), &[]);
        writer.section(Section::Page, &letters("丁"), &[]);
        writer.taken(0, &letters("56"), &[]);
        let (bytes, taken) = writer.into_parts();
        let found = read(&bytes, &taken, &[Section::Page]);
        let page = Letters {
            units: units("号12丙电3456丁"),
            alternatives: vec![(0, unit('呈')), (2, unit('7'))],
            numbers: vec![1..3, 5..7, 7..9],
        };
        assert_eq!(found, [page.clone()]);
        let hidden = page.without_numbers();
        assert_eq!(hidden.units, units("号\0\0丙电\0\0\0\0丁"));
        assert_eq!(hidden.alternatives, [(0, unit('呈'))]);
        let pages = read_pages(&bytes, &taken);
        assert_eq!(pages[1].units, units("56丁"));
        assert_eq!(read(&bytes, &taken, &[Section::Title])[0].units, units("题名"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(0_u8..8, 0..64)) {
            let taken = [Taken { section: 1, at: 1, units: vec![1] }];
            let _ = read(&bytes, &taken, &Section::ALL);
        }
    }
}
