//! Numbers of persons as the index may hold them: taken out of a text, and in their place patterns, of which keyed hashes are
//! kept. A full number finds its copies by them, misread ones among them; a part of a number finds nothing.
//!
//! A pattern is a number with some of its characters left open (`*`). Of a number that is right, i.e. whose check character
//! fits, there is one pattern, all of it. Of one that was misread there are those with up to three *units* open, so that any
//! three errors that do not all stand in the last four characters leave one pattern as it should be; of one that lost a
//! digit or has a stray one, two units besides. Telephone numbers have no check character: of each there are the patterns with
//! two of its five units open, so that any two errors leave one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::masking::{Form, is_of_organisation, whole_numbers};
use crate::record::IdNumber;

/// What stands for a character that is left open.
const OPEN: u8 = b'*';
/// Characters of an identity number.
const IDENTITY: usize = 18;
/// Digits of a mobile telephone number.
const MOBILE: usize = 11;
/// Where the units of an identity number begin: region in two, year, month, day, then each character of serial and check.
const UNITS: [std::ops::Range<usize>; 9] = [0..3, 3..6, 6..10, 10..12, 12..14, 14..15, 15..16, 16..17, 17..18];
/// The same of a telephone number: the network, then pairs of digits.
const MOBILE_UNITS: [std::ops::Range<usize>; 5] = [0..3, 3..5, 5..7, 7..9, 9..11];
/// The first unit of one character.
const FIRST_SINGLE: usize = 5;
/// Most marks that a number was misread by which it is still taken for one.
const MOST_ERRORS: usize = 3;

/// A number with its kind before it: `i` identity, `o` identity before 1999, `p` telephone.
pub type Pattern = String;

/// A number of a person in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundNumber {
    /// Indices of its characters.
    pub places: Vec<usize>,
    /// What is kept of it.
    pub patterns: BTreeSet<Pattern>,
}

impl FoundNumber {
    /// Where it stands, in characters, with the signs between its characters.
    pub fn span(&self) -> std::ops::Range<usize> {
        let (first, last) = (self.places.first(), self.places.last());
        first.copied().unwrap_or_default()..last.map_or(0, |last| last + 1)
    }
}

/// A number that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedNumber {
    /// What finds it as it is.
    pub exact: Pattern,
    /// What finds its misread copies.
    pub misread: BTreeSet<Pattern>,
}

/// Sets of units that are left open together: `THREE` for what was misread, `TWO` where a character is lost or stray.
static THREE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let singles = |set: &u16| (set >> FIRST_SINGLE).count_ones();
    subsets(UNITS.len(), 3)
        .into_iter()
        .filter(|set| singles(set) <= 2)
        .collect()
});
static TWO: LazyLock<Vec<u16>> = LazyLock::new(|| subsets(UNITS.len(), 2));
/// The same of telephone numbers.
static TWO_OF_MOBILE: LazyLock<Vec<u16>> = LazyLock::new(|| subsets(MOBILE_UNITS.len(), 2));

/// All sets of so many of `count` things.
fn subsets(count: usize, size: u32) -> Vec<u16> {
    (0_u16..1 << count).filter(|set| set.count_ones() == size).collect()
}

/// The numbers of persons in a text, misread ones among them.
pub fn person_numbers(text: &str) -> Vec<FoundNumber> {
    let characters: Vec<char> = text.chars().collect();
    let mut taken = vec![false; characters.len()];
    let mut found = Vec::new();
    for number in whole_numbers(&characters) {
        if number.places.iter().any(|at| taken[*at]) {
            continue;
        }
        number.places.iter().for_each(|at| taken[*at] = true);
        found.push(FoundNumber {
            patterns: kept_patterns(number.form, &number.text),
            places: number.places,
        });
    }
    for stretch in stretches(&characters, &taken) {
        found.extend(damaged(&stretch));
    }
    found
}

/// The number of a person that a word is, as a whole; `None` when it is something else.
pub fn asked_number(word: &str) -> Option<AskedNumber> {
    let characters: Vec<char> = word.chars().collect();
    let letters = characters.iter().filter(|c| c.is_alphanumeric()).count();
    let number = whole_numbers(&characters).into_iter().next()?;
    if number.places.len() != letters {
        return None;
    }
    let text = number.text.as_bytes();
    let mut misread = BTreeSet::new();
    match number.form {
        Form::Identity => {
            let sets = THREE.iter().chain(TWO.iter());
            misread.extend(sets.map(|set| pattern(b'i', &with_units_open(text, &UNITS, *set))));
        }
        Form::EarlierIdentity => {}
        Form::Mobile => {
            let sets = TWO_OF_MOBILE.iter();
            misread.extend(sets.map(|set| pattern(b'p', &with_units_open(text, &MOBILE_UNITS, *set))));
        }
    }
    Some(AskedNumber {
        exact: pattern(kind(number.form), text),
        misread,
    })
}

/// Whether a pattern leaves nothing open.
pub fn is_whole(pattern: &str) -> bool {
    !pattern.as_bytes().contains(&OPEN)
}

fn kind(form: Form) -> u8 {
    match form {
        Form::Identity => b'i',
        Form::EarlierIdentity => b'o',
        Form::Mobile => b'p',
    }
}

fn pattern(kind: u8, characters: &[u8]) -> Pattern {
    let all = std::iter::once(&kind).chain(characters);
    all.map(|byte| char::from(*byte)).collect()
}

fn with_units_open(text: &[u8], units: &[std::ops::Range<usize>], open: u16) -> Vec<u8> {
    let mut text = text.to_vec();
    for (at, unit) in units.iter().enumerate() {
        if open & (1 << at) != 0 {
            text[unit.clone()].fill(OPEN);
        }
    }
    text
}

/// What is kept of a number that has the form of one.
fn kept_patterns(form: Form, text: &str) -> BTreeSet<Pattern> {
    let bytes = text.as_bytes();
    let mut patterns = BTreeSet::from([pattern(kind(form), bytes)]);
    match form {
        Form::Identity if IdNumber::parse(text).is_none() => {
            let slots: Vec<Option<u8>> = bytes.iter().copied().map(digit_like).collect();
            patterns.extend(of_identity(&slots, &THREE));
        }
        Form::Identity | Form::EarlierIdentity => {}
        Form::Mobile => {
            let slots: Vec<Option<u8>> = bytes.iter().copied().map(Some).collect();
            patterns.extend(of_mobile(&slots));
        }
    }
    patterns
}

/// The patterns of an identity number of which some characters are not known, with these sets of units open.
fn of_identity(slots: &[Option<u8>], sets: &[u16]) -> BTreeSet<Pattern> {
    of_slots(b'i', slots, &UNITS, sets)
}

/// The same of a telephone number.
fn of_mobile(slots: &[Option<u8>]) -> BTreeSet<Pattern> {
    of_slots(b'p', slots, &MOBILE_UNITS, &TWO_OF_MOBILE)
}

fn of_slots(kind: u8, slots: &[Option<u8>], units: &[std::ops::Range<usize>], sets: &[u16]) -> BTreeSet<Pattern> {
    let known: Vec<u8> = slots.iter().map(|slot| slot.unwrap_or(OPEN)).collect();
    let unknown = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| slots[(*unit).clone()].contains(&None));
    let unknown = unknown.fold(0_u16, |units, (at, _)| units | 1 << at);
    let fitting = sets.iter().filter(|set| **set & unknown == unknown);
    fitting
        .map(|set| pattern(kind, &with_units_open(&known, units, *set)))
        .collect()
}

/// A character of a text that may belong to a number.
#[derive(Clone, Copy)]
struct Letter {
    at: usize,
    /// The ASCII letter or digit; `None` for anything else that stands between such.
    ascii: Option<u8>,
}

/// Letters and digits that follow each other, with at most single other letters between them.
fn stretches(characters: &[char], taken: &[bool]) -> Vec<Vec<Letter>> {
    let mut all = Vec::new();
    let mut stretch: Vec<Letter> = Vec::new();
    let close = |stretch: &mut Vec<Letter>, all: &mut Vec<Vec<Letter>>| {
        if stretch.last().is_some_and(|letter| letter.ascii.is_none()) {
            stretch.pop();
        }
        if stretch.len() >= MOBILE {
            all.push(std::mem::take(stretch));
        }
        stretch.clear();
    };
    for (at, c) in characters.iter().enumerate() {
        let ascii = ascii(*c).filter(|_| !taken[at]);
        let follows_ascii = stretch.last().is_some_and(|letter| letter.ascii.is_some());
        match ascii {
            Some(ascii) => stretch.push(Letter { at, ascii: Some(ascii) }),
            None if taken[at] => close(&mut stretch, &mut all),
            None if matches!(c, ' ' | '\u{3000}' | '\t' | '-' | '\u{2013}' | '\u{2014}' | '|' | '·') => {}
            None if follows_ascii && c.is_alphanumeric() => stretch.push(Letter { at, ascii: None }),
            None => close(&mut stretch, &mut all),
        }
    }
    close(&mut stretch, &mut all);
    all
}

/// The letter or digit in ASCII, upper case.
fn ascii(c: char) -> Option<u8> {
    let c = match c {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0)?
        }
        c => c,
    };
    let byte = u8::try_from(c).ok()?;
    byte.is_ascii_alphanumeric().then_some(byte)
}

/// The digit (or X) that a letter stands for, where it looks like one.
fn digit_like(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' | b'X' => Some(byte),
        b'x' => Some(b'X'),
        b'O' | b'o' | b'D' | b'Q' => Some(b'0'),
        b'I' | b'i' | b'l' => Some(b'1'),
        b'Z' | b'z' => Some(b'2'),
        b'S' | b's' => Some(b'5'),
        b'b' => Some(b'6'),
        b'B' => Some(b'8'),
        b'g' | b'q' => Some(b'9'),
        _ => None,
    }
}

/// The misread numbers of a stretch, those with the fewest marks of it first; none overlaps another.
fn damaged(stretch: &[Letter]) -> Vec<FoundNumber> {
    // A number begins and ends with the stretch or beside a letter that is none of it.
    let foreign = || (0..stretch.len()).filter(|at| stretch[*at].ascii.is_none());
    let starts: Vec<usize> = std::iter::once(0).chain(foreign().map(|at| at + 1)).collect();
    let ends: Vec<usize> = foreign().chain([stretch.len()]).collect();
    let mut candidates: Vec<(usize, std::ops::Range<usize>, BTreeSet<Pattern>)> = Vec::new();
    for start in &starts {
        for end in ends.iter().filter(|end| **end > *start) {
            let window = &stretch[*start..*end];
            let read = match window.len() {
                15..=21 => identity(window),
                MOBILE..=13 => mobile(window),
                _ => None,
            };
            candidates.extend(read.map(|(errors, patterns)| (errors, *start..*end, patterns)));
        }
    }
    // What may be a piece of an identity number is no telephone.
    let piece = |range: &std::ops::Range<usize>| range.len() < 15;
    candidates.sort_by_key(|(errors, range, _)| (piece(range), *errors, usize::MAX - range.len(), range.start));
    let mut found: Vec<(std::ops::Range<usize>, FoundNumber)> = Vec::new();
    for (_, range, patterns) in candidates {
        if found
            .iter()
            .all(|(other, _)| range.end <= other.start || other.end <= range.start)
        {
            let places = stretch[range.clone()].iter().map(|letter| letter.at).collect();
            found.push((range, FoundNumber { places, patterns }));
        }
    }
    found.into_iter().map(|(_, number)| number).collect()
}

/// How a window may be an identity number: with how many errors, and what is kept of it.
fn identity(window: &[Letter]) -> Option<(usize, BTreeSet<Pattern>)> {
    let written: Option<String> = window
        .iter()
        .map(|letter| letter.ascii.map(|byte| char::from(byte.to_ascii_uppercase())))
        .collect();
    if written.is_some_and(|text| is_of_organisation(&text)) {
        return None;
    }
    let slots: Vec<Option<u8>> = window.iter().map(|letter| letter.ascii.and_then(digit_like)).collect();
    let digits = window
        .iter()
        .filter(|letter| letter.ascii.is_some_and(|byte| byte.is_ascii_digit()));
    if digits.count() < IDENTITY - 5 {
        return None;
    }
    let mut best: Option<usize> = None;
    let mut patterns = BTreeSet::new();
    for (changed, slots) in of_full_length(&slots) {
        let Some(errors) = errors_of_identity(&slots).map(|errors| errors + changed) else {
            continue;
        };
        if errors <= MOST_ERRORS {
            best = Some(best.map_or(errors, |best| best.min(errors)));
            let sets: &[u16] = if changed == 0 { &THREE } else { &TWO };
            patterns.extend(of_identity(&slots, sets));
        }
    }
    best.map(|errors| (errors, patterns))
}

/// A row of slots brought to the length of an identity number in all ways in which one character was lost or strayed in; of
/// those that strayed in, letters that can be no digit first.
fn of_full_length(slots: &[Option<u8>]) -> Vec<(usize, Vec<Option<u8>>)> {
    let without = |at: usize| {
        let mut shorter = slots.to_vec();
        shorter.remove(at);
        shorter
    };
    let no_digits: Vec<usize> = (0..slots.len()).filter(|at| slots[*at].is_none()).collect();
    match slots.len() {
        IDENTITY => vec![(0, slots.to_vec())],
        17 => (0..IDENTITY)
            .map(|at| {
                let mut longer = slots.to_vec();
                longer.insert(at, None);
                (1, longer)
            })
            .collect(),
        19 if !no_digits.is_empty() => no_digits.into_iter().map(|at| (0, without(at))).collect(),
        19 => (0..slots.len()).map(|at| (1, without(at))).collect(),
        length if length > 19 && no_digits.len() == length - IDENTITY => {
            vec![(0, slots.iter().copied().filter(Option::is_some).collect())]
        }
        _ => Vec::new(),
    }
}

/// How many signs there are that an identity number was misread; `None` when its form tells that it is none.
fn errors_of_identity(slots: &[Option<u8>]) -> Option<usize> {
    let unknown = slots.iter().filter(|slot| slot.is_none()).count();
    let early_x = slots
        .iter()
        .take(IDENTITY - 1)
        .filter(|slot| **slot == Some(b'X'))
        .count();
    let digit = |at: usize| {
        slots
            .get(at)
            .copied()
            .flatten()
            .filter(u8::is_ascii_digit)
            .map(|byte| byte - b'0')
    };
    let differs = |at: usize, expected: u8| usize::from(digit(at).is_some_and(|found| found != expected));
    let century = (differs(6, 1) + differs(7, 9)).min(differs(6, 2) + differs(7, 0));
    let two = |at: usize| digit(at).zip(digit(at + 1)).map(|(tens, ones)| tens * 10 + ones);
    let month = usize::from(two(10).is_some_and(|month| !(1..=12).contains(&month)));
    let day = usize::from(two(12).is_some_and(|day| !(1..=31).contains(&day)));
    let region = usize::from(digit(0).is_some_and(|first| !(1..=8).contains(&first)));
    let form = century + month + day + region + early_x;
    (form < MOST_ERRORS).then_some(unknown + form)
}

/// How a window may be a number of a mobile telephone of which something was misread.
fn mobile(window: &[Letter]) -> Option<(usize, BTreeSet<Pattern>)> {
    let slots: Vec<Option<u8>> = window
        .iter()
        .map(|letter| letter.ascii.and_then(digit_like).filter(u8::is_ascii_digit))
        .collect();
    let slots: Vec<Option<u8>> = match slots.len() {
        MOBILE => slots,
        // Letters that strayed in.
        _ => slots.into_iter().filter(Option::is_some).collect(),
    };
    let digits = window
        .iter()
        .filter(|letter| letter.ascii.is_some_and(|byte| byte.is_ascii_digit()));
    let written = window
        .iter()
        .all(|letter| letter.ascii.is_some_and(|byte| byte.is_ascii_digit()));
    if slots.len() != MOBILE || digits.count() < MOBILE - 2 || written {
        return None;
    }
    let begins = slots[0].is_none_or(|first| first == b'1') && slots[1].is_none_or(|second| second >= b'3');
    let errors = slots.iter().filter(|slot| slot.is_none()).count();
    (begins && errors <= 2).then(|| (errors, of_mobile(&slots)))
}

#[cfg(test)]
mod tests;
