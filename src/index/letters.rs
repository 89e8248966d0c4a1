//! The letters of a case as the index keeps them, for looking closely at the few cases that may match.
//!
//! Postings tell which letters stand in a case and where, not what stands where something else was expected; whether
//! that is a misreading or another name cannot be told without it. So the normalised letters, which the postings hold
//! anyway in another order, are stored once more (decision 0121), in one byte or two each ([`super::letter_code`]). Nothing else is: no titles, no
//! punctuation, no layout.

use super::letter_code::{Units, encode};
use super::taken::Taken;
use crate::analysis::NormalisedText;

/// Ends a section.
const END: u16 = 0;
/// The next unit is another reading of the letter before.
pub(super) const ALTERNATIVE: u16 = 1;
/// A number was taken out here; the next unit is how many letters it has.
const TAKEN: u16 = 7;
/// Most letters that are left for a number, whatever damaged bytes say.
const LONGEST_TAKEN: usize = 64;
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
    pub(crate) const ALL: [Self; 5] = [Self::Page, Self::Title, Self::Applicant, Self::Matter, Self::Agency];

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
    units: Vec<u16>,
    /// What was taken out of the sections so far.
    taken: Vec<Taken>,
}

impl LettersWriter {
    /// Adds a section. `alternatives` are other readings by index of the letter, ascending; `taken` are numbers that were
    /// taken out, each with the index of the letter before which it stood, ascending.
    pub(super) fn section(
        &mut self,
        section: Section,
        text: &NormalisedText,
        alternatives: &[(u32, char)],
        taken: Vec<(usize, Taken)>,
    ) {
        let mut alternatives = alternatives.iter().peekable();
        let mut taken = taken.into_iter().peekable();
        self.units.push(section.code());
        for (at, (index, letter)) in (0..).zip(text.letters()).enumerate() {
            while let Some((_, number)) = taken.next_if(|(before, _)| *before <= at) {
                self.take(number);
            }
            self.units.push(unit(letter.ch));
            while let Some((_, other)) = alternatives.next_if(|(at, _)| *at == index) {
                self.units.extend([ALTERNATIVE, unit(*other)]);
            }
        }
        taken.for_each(|(_, number)| self.take(number));
        self.units.push(END);
    }

    /// Leaves only how long a number is.
    fn take(&mut self, number: Taken) {
        let letters = u16::try_from(number.letters()).unwrap_or(u16::MAX);
        self.units.extend([TAKEN, letters]);
        self.taken.push(number);
    }

    /// The sections as bytes, and what was taken out of them.
    pub(super) fn into_parts(self) -> (Vec<u8>, Vec<Taken>) {
        (encode(self.units), self.taken)
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

impl Letters {
    /// Adds what stands after [`ALTERNATIVE`].
    fn push_alternative(&mut self, other: Option<u16>) {
        let at = self.units.len().saturating_sub(1);
        self.alternatives.extend(other.map(|other| (at, other)));
    }

    /// Puts a number back where it was taken out.
    fn put_back(&mut self, number: &Taken) {
        let mut units = number.units.iter().copied();
        while let Some(unit) = units.next() {
            match unit {
                ALTERNATIVE => self.push_alternative(units.next()),
                unit => self.units.push(unit),
            }
        }
    }

    /// Leaves room for a number.
    fn hide(&mut self, letters: usize) {
        self.units.resize(self.units.len() + letters, HIDDEN);
    }
}

/// Reads the sections of these kinds; pages that follow each other are one stretch, so that what is torn by the end of
/// a page is in one piece. What was taken out is put back as far as it is given, [`HIDDEN`] letters stand for the rest.
/// Damaged bytes give what can be read of them.
pub(super) fn read(bytes: &[u8], taken: &[Taken], wanted: &[Section]) -> Vec<Letters> {
    sections(bytes, taken, wanted, true)
}

/// Reads the pages, each by itself, in reading order; also those without a letter.
pub(super) fn read_pages(bytes: &[u8], taken: &[Taken]) -> Vec<Letters> {
    sections(bytes, taken, &[Section::Page], false)
}

fn sections(bytes: &[u8], taken: &[Taken], wanted: &[Section], joined: bool) -> Vec<Letters> {
    let mut units = Units::of(bytes);
    let mut taken = taken.iter();
    let mut stretches: Vec<Letters> = Vec::new();
    let mut last = None;
    while let Some(code) = units.next() {
        let section = Section::ALL.into_iter().find(|section| section.code() == code);
        let keep = section.is_some_and(|section| wanted.contains(&section));
        if keep && !(joined && section == Some(Section::Page) && last == section) {
            stretches.push(Letters {
                // At most one unit a byte.
                units: Vec::with_capacity(if stretches.is_empty() { bytes.len() } else { 0 }),
                ..Letters::default()
            });
        }
        last = section;
        let mut skipped = Letters::default();
        let into = match stretches.last_mut() {
            Some(stretch) if keep => stretch,
            _ => &mut skipped,
        };
        while let Some(unit) = units.next() {
            match unit {
                END => break,
                ALTERNATIVE => into.push_alternative(units.next()),
                TAKEN => match (taken.next(), units.next()) {
                    (Some(number), _) => into.put_back(number),
                    (None, letters) => into.hide(letters.map_or(0, usize::from).min(LONGEST_TAKEN)),
                },
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
        let others = [(1, '司'), (1, '同'), (2, '申')];
        writer.section(Section::Page, &letters("许可，甲"), &others, Vec::new());
        writer.section(Section::Page, &letters("乙"), &[], Vec::new());
        writer.section(Section::Applicant, &letters("丙𠮷"), &[], Vec::new());
        writer.section(Section::Page, &letters("丁"), &[], Vec::new());
        let (bytes, _) = writer.into_parts();
        let page = Letters {
            units: units("许可甲乙"),
            alternatives: vec![(1, unit('司')), (1, unit('同')), (2, unit('申'))],
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
        writer.section(Section::Title, &letters("题名"), &[], Vec::new());
        let numbers = vec![
            (1, Taken::new(&letters("12"), &[(1, '7')])),
            (3, Taken::new(&letters("34"), &[])),
        ];
        writer.section(Section::Page, &letters("号，丙电"), &[(0, '呈')], numbers);
        let number = vec![(0, Taken::new(&letters("56"), &[]))];
        writer.section(Section::Page, &letters("丁"), &[], number);
        let (bytes, taken) = writer.into_parts();
        let found = read(&bytes, &taken, &[Section::Page]);
        let page = Letters {
            units: units("号12丙电3456丁"),
            alternatives: vec![(0, unit('呈')), (2, unit('7'))],
        };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0], page);
        let hidden = &read(&bytes, &[], &[Section::Page])[0];
        assert_eq!(hidden.units, units("号\0\0丙电\0\0\0\0丁"));
        assert_eq!(hidden.alternatives, [(0, unit('呈'))]);
        let pages = read_pages(&bytes, &taken);
        assert_eq!(pages[1].units, units("56丁"));
        assert_eq!(read(&bytes, &taken, &[Section::Title])[0].units, units("题名"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(0_u8..8, 0..64)) {
            let taken = [Taken { units: vec![1] }];
            let _ = read(&bytes, &taken, &Section::ALL);
        }
    }
}
