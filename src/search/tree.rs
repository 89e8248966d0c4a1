//! What a query means: the tree that planner and highlighter work from.

use crate::analysis::{NormalisedText, NumberHashes, SoundReading};
use crate::record::{ArchivalCode, CivilDate, DocumentNumber};

use super::Facet;

/// A query that has been understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTree {
    pub(super) root: Node,
    pub(super) understood: String,
}

impl QueryTree {
    /// How the query was read, in Chinese; empty for an empty query.
    pub fn understood(&self) -> &str {
        &self.understood
    }
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Every case (an empty query).
    Everything,
    /// No case (a query without any letter).
    Nothing,
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Term(Term),
    /// The case has one of these values.
    Facet {
        facet: Facet,
        values: Vec<String>,
    },
    /// A term with other names of what it names.
    Expanded(Expanded),
    /// The name of the applicant is read so.
    Sounds(Vec<SoundReading>),
}

/// A term, and what is searched besides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expanded {
    /// The term as typed: what holds it ranks above what holds only another name.
    pub(super) typed: Box<Node>,
    /// The other names, never expanded themselves.
    pub(super) others: Vec<Node>,
    pub(super) when: When,
    /// What is said about it.
    pub(super) told: String,
}

/// When the other names of a term are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum When {
    /// Always: they name the same thing.
    Always,
    /// When what was typed is found in few cases: they name nearly the same thing.
    Few,
}

/// Where a term is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Everywhere,
    DocumentNumber,
    ArchivalCode,
    AcceptanceNumber,
    Applicant,
    Matter,
    Agency,
}

/// Some letters to be found one after the other, or a value that is written so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    pub(super) scope: Scope,
    /// The letters, at least one.
    pub(super) letters: NormalisedText,
    /// The coarse words of the letters: they rank.
    pub(super) words: Vec<String>,
    /// Whether it was typed in quotes: then it is found as typed, and tolerantly only when it is not.
    pub(super) quoted: bool,
    /// What must be found when the letters are not: empty when the term may not match tolerantly.
    pub(super) parts: Vec<NormalisedText>,
    /// What else it may be.
    pub(super) values: Vec<Value>,
    /// Whether only the values count, not the letters (a complete number in its own field).
    pub(super) only_values: bool,
    /// By what it is found when it is a number of a person, and the searcher may search by such.
    pub(super) person_number: Option<NumberHashes>,
    /// Whether other names of the thing may be searched, too: it was not quoted.
    pub(super) expandable: bool,
}

/// A value that a term spells out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    DocumentNumber(DocumentNumber),
    /// Parts of a document number; at least one is there.
    NumberParts(NumberParts),
    ArchivalCode(ArchivalCode),
    /// In the letters of the normaliser.
    AcceptanceNumber(String),
    Date(CivilDate),
    Year(u32),
}

/// Half a document number, as people remember it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct NumberParts {
    pub(super) agency_code: Option<String>,
    pub(super) year: Option<u32>,
    pub(super) serial: Option<u32>,
}

impl NumberParts {
    /// Reads `灵食许〔2019〕`, `〔2019〕444`, `[2019]444号`, `第444号`: what is bracketed is a year, what ends in 号 a
    /// serial. `None` for anything else, also for a whole number and a bare one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let han = chars.iter().take_while(|c| is_han(**c) && **c != '第').count();
        let code: String = chars[..han].iter().collect();
        let mut rest = &chars[han..];
        let mut parts = Self::default();
        let opened = rest.first().is_some_and(|c| is_bracket(*c));
        if opened {
            let (digits, year) = digits(&rest[1..])?;
            let closed = rest.get(1 + digits).is_some_and(|c| is_bracket(*c));
            if digits != 4 || !closed || !(1949..=2199).contains(&year) {
                return None;
            }
            parts.year = Some(year);
            rest = &rest[digits + 2..];
        }
        if rest.first() == Some(&'第') {
            rest = &rest[1..];
        }
        if !rest.is_empty() {
            let (count, serial) = digits(rest)?;
            let signed = matches!(rest.get(count), Some('号' | '號'));
            if count + usize::from(signed) != rest.len() || !(signed || opened) || serial == 0 {
                return None;
            }
            parts.serial = Some(serial);
        }
        if !code.is_empty() {
            // A code alone, or with a serial but no year, is a word.
            parts.year?;
            parts.agency_code = Some(code);
        }
        (parts != Self::default()).then_some(parts)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '〔' | '〕' | '[' | ']' | '［' | '］' | '(' | ')' | '（' | '）' | '【' | '】' | '〖' | '〗' | '《' | '》'
    )
}

/// The leading run of 1 to 7 digits: its length and value.
fn digits(chars: &[char]) -> Option<(usize, u32)> {
    let run: Vec<u32> = chars.iter().map_while(|c| crate::record::decimal_digit(*c)).collect();
    let valid = (1..=7).contains(&run.len());
    valid.then(|| (run.len(), run.iter().fold(0, |value, digit| value * 10 + digit)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_numbers() {
        let parts = |code: Option<&str>, year, serial| {
            Some(NumberParts {
                agency_code: code.map(str::to_owned),
                year,
                serial,
            })
        };
        for (text, expected) in [
            ("灵食许〔2019〕", parts(Some("灵食许"), Some(2019), None)),
            ("〔2019〕444", parts(None, Some(2019), Some(444))),
            ("（２０１９）４４４号", parts(None, Some(2019), Some(444))),
            ("[2019]第0444号", parts(None, Some(2019), Some(444))),
            ("444号", parts(None, None, Some(444))),
            ("第444号", parts(None, None, Some(444))),
            ("〔2019〕", parts(None, Some(2019), None)),
            ("2019", None),
            ("444", None),
            ("灵食许", None),
            ("灵食许444号", None),
            ("〔19〕4号", None),
            ("〔2019〕4号楼", None),
            ("12345678号", None),
            ("第", None),
            ("", None),
        ] {
            assert_eq!(NumberParts::parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[第号〔〕()0-9甲 ]{0,20}") {
            let _ = NumberParts::parse(&text);
        }
    }
}
