//! Numbers of persons in running text, known by their form.

use super::{mask_number, mask_phone};
use crate::record::{CivilDate, CreditCode};

/// Which numbers are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Digits that follow each other.
    Joined,
    /// Digits in groups with a blank or a dash between them.
    Spaced,
}

/// Characters of an identity number.
const IDENTITY: usize = 18;
/// Digits of a mobile telephone number.
const MOBILE: usize = 11;

/// What a number of a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::access) enum Form {
    /// 公民身份号码, 18 characters.
    Identity,
    /// The same as it was before 1999, 15 digits.
    EarlierIdentity,
    /// 手机号码
    Mobile,
}

/// A number of a person in a text.
pub(in crate::access) struct WholeNumber {
    pub(in crate::access) form: Form,
    /// Its letters and digits in ASCII.
    pub(in crate::access) text: String,
    /// Where each stands among the characters of the text.
    pub(in crate::access) places: Vec<usize>,
}

/// The numbers of persons in a text that have the form of one: in one piece, then in groups.
pub(in crate::access) fn whole_numbers(characters: &[char]) -> Vec<WholeNumber> {
    let joined = numbers(characters, Numbers::Joined);
    let all = joined.into_iter().chain(numbers(characters, Numbers::Spaced));
    // In groups only digits are joined: beside a letter they are a part of something else.
    let beside = |at: Option<usize>| {
        at.and_then(|at| characters.get(at))
            .is_some_and(|c| ascii(*c).is_some())
    };
    let whole = |number: &Number| {
        let (first, last) = (number.places.first(), number.places.last());
        !beside(first.and_then(|at| at.checked_sub(1))) && !beside(last.map(|at| at + 1))
    };
    all.filter(whole)
        .filter_map(|number| {
            Some(WholeNumber {
                form: number.form()?,
                text: number.text,
                places: number.places,
            })
        })
        .collect()
}

/// Something that may be a number of a person.
#[derive(Default)]
pub(super) struct Number {
    /// Its letters and digits in ASCII.
    text: String,
    /// How many stand before each gap.
    groups: Vec<usize>,
    /// Whether a gap is a dash.
    dashed: bool,
    /// Where each stands among the characters of the text.
    pub(super) places: Vec<usize>,
}

/// The runs of letters and digits of a text.
pub(super) fn numbers(characters: &[char], which: Numbers) -> Vec<Number> {
    let mut found = Vec::new();
    let mut run = Number::default();
    let mut gap = None;
    // Most letters of a text end a run that holds nothing.
    let close = |run: &mut Number, found: &mut Vec<Number>| {
        if run.text.len() >= MOBILE {
            found.push(std::mem::take(run));
        } else if !run.text.is_empty() {
            *run = Number::default();
        }
    };
    for (at, c) in characters.iter().enumerate() {
        match ascii(*c) {
            // In groups only digits are joined: words before a number are none of it.
            Some(c) if which == Numbers::Joined || c.is_ascii_digit() || c == 'X' => {
                if let Some(gap) = gap.take() {
                    run.dashed |= gap == '-';
                    run.groups.push(run.text.len());
                }
                run.text.push(c);
                run.places.push(at);
            }
            None if which == Numbers::Spaced && !run.text.is_empty() && gap.is_none() && is_gap(*c) => {
                gap = Some(if c.is_whitespace() { ' ' } else { '-' });
            }
            _ => {
                close(&mut run, &mut found);
                gap = None;
            }
        }
    }
    close(&mut run, &mut found);
    found
}

impl Number {
    /// The letters and digits in ASCII.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The masked form; `None` when this is no number of a person.
    pub(super) fn shown(&self) -> Option<String> {
        Some(match self.form()? {
            Form::Mobile => mask_phone(&self.text),
            Form::Identity | Form::EarlierIdentity => mask_number(&self.text),
        })
    }

    /// Which number of a person this is; `None` when it is none.
    ///
    /// A number of identity need not be valid: misread it tells as much. What has its length and a birth date in its place
    /// is taken for one, unless it is a valid credit code.
    pub(super) fn form(&self) -> Option<Form> {
        let text = &self.text;
        // Groups with dashes between them are more often something else.
        let whole = self.groups.is_empty();
        if text.len() == MOBILE && (whole || self.groups == [3, 7]) && is_mobile(text) {
            return Some(Form::Mobile);
        }
        let grouped = whole || !self.dashed || self.groups == [6, 14] || self.groups == [6, 10, 14];
        let form = match text.len() {
            IDENTITY if may_be_identity(text) => Form::Identity,
            // Before 1999: two digits of the year and no check character.
            15 if text.bytes().all(|b| b.is_ascii_digit()) && has_birth_date(text, 6..8, 1900) => Form::EarlierIdentity,
            _ => return None,
        };
        grouped.then_some(form)
    }
}

/// Whether a number is the code of an organisation, which is public. Of the identity numbers one in 31 passes the check of those
/// codes, too: what may be an identity number is none.
pub(in crate::access) fn is_of_organisation(number: &str) -> bool {
    CreditCode::parse(number).is_some() && !may_be_identity(number.trim())
}

/// Whether a number of 18 characters has a birth date where identity numbers have it.
fn may_be_identity(text: &str) -> bool {
    text.len() == IDENTITY && has_birth_date(text, 6..10, 0)
}

/// Whether eleven digits begin as numbers of mobile telephones do (电信网码号资源分类管理办法). 140 and 141 are none: they
/// begin the codes of a province.
fn is_mobile(text: &str) -> bool {
    let prefix = text.get(..3).and_then(|prefix| prefix.parse::<u32>().ok());
    text.bytes().all(|b| b.is_ascii_digit())
        && prefix.is_some_and(|prefix| matches!(prefix, 130..=139 | 145..=149 | 150..=159 | 162..=167 | 170..=199))
}

/// Whether a date of the last two centuries stands in the place of the birth date, after the six digits of a region.
fn has_birth_date(text: &str, year: std::ops::Range<usize>, century: u32) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let day = year.end;
    let region = number(0..6).is_some_and(|region| (110_000..=830_000).contains(&region));
    let date = number(year)
        .zip(number(day..day + 2))
        .zip(number(day + 2..day + 4))
        .and_then(|((year, month), day)| CivilDate::new(year + century, month, day));
    region && date.is_some_and(|date| (1850..2100).contains(&date.year()))
}

/// The letter or digit in ASCII, upper case.
fn ascii(c: char) -> Option<char> {
    let c = match c {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0)?
        }
        c => c,
    };
    c.is_ascii_alphanumeric().then(|| c.to_ascii_uppercase())
}

fn is_gap(c: char) -> bool {
    c == '-' || c == '\u{2013}' || c == '\u{2014}' || c.is_whitespace()
}
