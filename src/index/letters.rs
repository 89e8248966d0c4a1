//! The letters of a case as the index keeps them, for looking closely at the few cases that may match.
//!
//! Postings tell which letters stand in a case and where, not what stands where something else was expected; whether
//! that is a misreading or another name cannot be told without it. So the normalised letters, which the postings hold
//! anyway in another order, are stored once more, in two bytes each (decision 0121). Nothing else is: no titles, no
//! punctuation, no layout.

use crate::analysis::NormalisedText;

/// Ends a section.
const END: u16 = 0;
/// The next unit is another reading of the letter before.
const ALTERNATIVE: u16 = 1;
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
}

impl LettersWriter {
    /// Adds a section. `alternatives` are other readings by index of the letter, ascending.
    pub(super) fn section(&mut self, section: Section, text: &NormalisedText, alternatives: &[(u32, char)]) {
        let mut alternatives = alternatives.iter().peekable();
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

    fn put(&mut self, unit: u16) {
        self.bytes.extend(unit.to_le_bytes());
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A stretch of letters that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Letters {
    /// One unit a letter.
    pub(crate) units: Vec<u16>,
    /// Other readings: index of the letter, unit; ascending.
    pub(crate) alternatives: Vec<(usize, u16)>,
}

/// Reads the sections of these kinds; pages that follow each other are one stretch, so that what is torn by the end of
/// a page is in one piece. Damaged bytes give what can be read of them.
pub(crate) fn read(bytes: &[u8], wanted: &[Section]) -> Vec<Letters> {
    sections(bytes, wanted, true)
}

/// Reads the pages, each by itself, in reading order; also those without a letter.
pub(crate) fn read_pages(bytes: &[u8]) -> Vec<Letters> {
    sections(bytes, &[Section::Page], false)
}

fn sections(bytes: &[u8], wanted: &[Section], joined: bool) -> Vec<Letters> {
    let mut units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let mut stretches: Vec<Letters> = Vec::new();
    let mut last = None;
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
        while let Some(unit) = units.next().filter(|unit| *unit != END) {
            match unit {
                ALTERNATIVE => {
                    let (at, other) = (into.units.len().saturating_sub(1), units.next());
                    into.alternatives.extend(other.map(|other| (at, other)));
                }
                unit => into.units.push(unit),
            }
        }
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
        let bytes = writer.into_bytes();
        let page = Letters {
            units: units("许可甲乙"),
            alternatives: vec![(1, unit('司')), (1, unit('同')), (2, unit('申'))],
        };
        let found = read(&bytes, &[Section::Page]);
        assert_eq!(found[0], page);
        assert_eq!(found[1].units, units("丁"));
        let pages = read_pages(&bytes);
        let pages: Vec<&[u16]> = pages.iter().map(|page| page.units.as_slice()).collect();
        assert_eq!(pages, [units("许可甲"), units("乙"), units("丁")]);
        let found = read(&bytes, &[Section::Applicant]);
        assert_eq!((found.len(), found[0].units.as_slice()), (1, &[unit('丙'), RARE][..]));
        assert_eq!(read(&bytes, &[Section::Title]), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(0_u8..8, 0..64)) {
            let _ = read(&bytes, &Section::ALL);
        }
    }
}
