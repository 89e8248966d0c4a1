//! How Han letters sound: pinyin without tones, all readings of a letter, initials.
//!
//! The readings come from the crate `pinyin` (the table `pinyin-data` of the Unihan readings, checked by its authors), in
//! the order of how common they are. The common ones count alike, since nothing here knows which of them a name has:
//! surnames with a reading of their own (单 shan, 仇 qiu, 解 xie) are found by it. `ü` is `v`, as it is typed, and `u`, as it stands
//! in passports of old.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

use super::normalised_text::NormalisedText;
use super::offset;
use super::token::Token;

/// Readings of names that the table lacks, or has behind those that count.
const OF_NAMES: [(char, &str); 6] = [
    ('单', "shan"),
    ('能', "nai"),
    ('黑', "he"),
    ('堡', "pu"),
    ('参', "shen"),
    ('和', "huo"),
];

/// Readings of one letter that count; most of the others are readings of old poems, by which 方圆 would be found as
/// `fengyuan`.
const READINGS: usize = 2;

/// Most ways in which a typed run of Latin letters is read.
const WAYS: usize = 12;

/// Longest run of Latin letters that is read as pinyin.
const LONGEST_RUN: usize = 48;

/// The block whose readings are kept: nearly every Han character of a name.
const KEPT: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9FFF}';

/// The common readings of a letter without tones, the most common one first; none for other scripts and for the rarest
/// Han characters.
pub fn readings(letter: char) -> &'static [String] {
    static READ_AS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| KEPT.map(look_up).collect());
    if !KEPT.contains(&letter) {
        return &[];
    }
    let index = u32::from(letter) - u32::from(*KEPT.start());
    READ_AS.get(index as usize).map_or(&[], Vec::as_slice)
}

fn look_up(letter: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    let mut add = |reading: String| {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    for reading in letter.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain();
        if plain.contains('ü') {
            add(plain.replace('ü', "v"));
            add(plain.replace('ü', "u"));
        } else if plain.bytes().all(|b| b.is_ascii_lowercase()) && plain.contains(['a', 'e', 'i', 'o', 'u']) {
            add(plain.to_owned());
        }
    }
    readings.truncate(READINGS);
    for (_, reading) in OF_NAMES.iter().filter(|(of, _)| *of == letter) {
        if !readings.iter().any(|known| known == reading) {
            readings.push((*reading).to_owned());
        }
    }
    readings
}

/// Letters of the commonest block of Han by what each is usually read as: the other readings would make every other letter
/// the homophone of a letter.
struct Usual {
    readings: HashMap<char, &'static str>,
    letters: HashMap<&'static str, Vec<char>>,
}

static USUAL: LazyLock<Usual> = LazyLock::new(|| {
    let mut usual = Usual {
        readings: HashMap::new(),
        letters: HashMap::new(),
    };
    for letter in '\u{4E00}'..='\u{9FA5}' {
        if let Some(reading) = readings(letter).first() {
            usual.letters.entry(reading).or_default().push(letter);
            usual.readings.insert(letter, reading);
        }
    }
    usual
});

/// Letters with the same reading as another, the commonest block of Han only; itself left out.
pub fn homophones(letter: char) -> Vec<char> {
    let mut found = BTreeSet::new();
    for reading in readings(letter) {
        found.extend(USUAL.letters.get(reading.as_str()).into_iter().flatten().copied());
    }
    found.remove(&letter);
    found.into_iter().collect()
}

/// Whether the second letter is one of the [`homophones`] of the first.
pub fn are_homophones(letter: char, other: char) -> bool {
    let usual = USUAL.readings.get(&other);
    letter != other && usual.is_some_and(|usual| readings(letter).iter().any(|reading| reading == usual))
}

/// The letters that are read so, by one of their common readings.
pub fn letters_read(syllable: &str) -> &'static [char] {
    static READ: LazyLock<BTreeMap<&'static str, Vec<char>>> = LazyLock::new(|| {
        let mut read: BTreeMap<&'static str, Vec<char>> = BTreeMap::new();
        for letter in KEPT {
            for reading in readings(letter) {
                read.entry(reading).or_default().push(letter);
            }
        }
        read
    });
    READ.get(syllable).map_or(&[], Vec::as_slice)
}

/// Every syllable there is.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| KEPT.flat_map(readings).cloned().collect());

/// The initials of a letter: of each reading, or the letter itself when it is Latin or a digit.
fn initials(letter: char) -> BTreeSet<char> {
    if letter.is_ascii_alphanumeric() {
        return BTreeSet::from([letter]);
    }
    readings(letter)
        .iter()
        .filter_map(|reading| reading.chars().next())
        .collect()
}

/// See [`super::Analyser::sounds`]. Pairs of initials are in upper case, so that they are no syllables; single initials
/// would stand in every name.
pub(super) fn sounds(text: &NormalisedText) -> Vec<Token> {
    let letters = text.letters();
    let mut tokens = Vec::new();
    let mut add = |position: usize, length: usize, spelt: String| {
        tokens.push(Token {
            text: spelt,
            position: offset(position),
            length: offset(length),
            from: letters[position].from,
            to: letters[position + length - 1].to,
        });
    };
    let mut after = letters.first().map(|letter| initials(letter.ch)).unwrap_or_default();
    for (position, letter) in letters.iter().enumerate() {
        for reading in readings(letter.ch) {
            add(position, 1, reading.clone());
        }
        let these = after;
        after = letters
            .get(position + 1)
            .map(|next| initials(next.ch))
            .unwrap_or_default();
        for first in &these {
            for second in &after {
                add(position, 2, pair(*first, *second));
            }
        }
    }
    tokens
}

/// The token of two initials.
fn pair(first: char, second: char) -> String {
    [first, second].iter().map(char::to_ascii_uppercase).collect()
}

/// One sound of a query, for one letter of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sound {
    /// The letter is read so.
    Syllable(String),
    /// The letter's reading begins so; only at the end of what was typed.
    Beginning(String),
    /// The letter's initial.
    Initial(char),
}

/// One way to read a run of Latin letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoundReading(pub Vec<Sound>);

impl SoundReading {
    /// Whether every sound is a whole syllable.
    pub fn is_syllables(&self) -> bool {
        self.0.iter().all(|sound| matches!(sound, Sound::Syllable(_)))
    }

    /// Whether every sound is an initial.
    pub fn is_initials(&self) -> bool {
        self.0.iter().all(|sound| matches!(sound, Sound::Initial(_)))
    }

    /// The ways to read a run of Latin letters in lower case: as syllables, of which the last may be unfinished when
    /// `open`; as initials; as syllables followed by initials, or with initials between them. Bounded in number; none when the run is no pinyin.
    pub fn all(run: &str, open: bool) -> Vec<Self> {
        if run.is_empty() || run.len() > LONGEST_RUN || !run.bytes().all(|b| b.is_ascii_lowercase()) {
            return Vec::new();
        }
        let mut ways: Vec<Self> = Vec::new();
        // Depth first, the longer syllable first; the fronts are kept on our own stack.
        let mut fronts: Vec<(usize, Vec<Sound>)> = vec![(0, Vec::new())];
        let mut steps = 0;
        while let Some((at, sounds)) = fronts.pop() {
            steps += 1;
            if ways.len() >= WAYS || steps > 400 {
                break;
            }
            let Some(rest) = run.get(at..).filter(|rest| !rest.is_empty()) else {
                ways.push(Self(sounds));
                continue;
            };
            if open && goes_on(rest) {
                let mut sounds = sounds.clone();
                sounds.push(Sound::Beginning(rest.to_owned()));
                ways.push(Self(sounds));
            }
            for length in 1..=rest.len().min(6) {
                let Some(syllable) = rest.get(..length).filter(|part| SYLLABLES.contains(*part)) else {
                    continue;
                };
                let mut sounds = sounds.clone();
                sounds.push(Sound::Syllable(syllable.to_owned()));
                fronts.push((at + length, sounds));
            }
        }
        if run.len() >= 2 {
            let initials = |from: usize| run.chars().skip(from).map(Sound::Initial);
            ways.push(Self(initials(0).collect()));
            ways.push(Self(longest(run)));
            // 丰源 by name, the rest by initials: the longest syllables first.
            let (mut at, mut sounds) = (0, Vec::new());
            while let Some(length) = (1..=6)
                .rev()
                .find(|length| run.get(at..at + length).is_some_and(|part| SYLLABLES.contains(part)))
            {
                sounds.push(Sound::Syllable(run.chars().skip(at).take(length).collect()));
                at += length;
                if at < run.len() {
                    ways.push(Self(sounds.iter().cloned().chain(initials(at)).collect()));
                }
            }
        }
        let mut seen = BTreeSet::new();
        ways.retain(|way| seen.insert(way.clone()));
        ways.truncate(2 * WAYS);
        ways
    }

    /// Tokens of [`super::Analyser::sounds`] with their distances that a name read so has, one list for each way in
    /// which an unfinished syllable may go on. Lists without a token say nothing.
    pub fn tokens(&self) -> Vec<Vec<(usize, String)>> {
        let mut fixed: Vec<(usize, String)> = Vec::new();
        let mut endings: Vec<(usize, String)> = Vec::new();
        for (at, sound) in self.0.iter().enumerate() {
            match sound {
                Sound::Syllable(syllable) => fixed.push((at, syllable.clone())),
                Sound::Beginning(beginning) => {
                    let going_on = SYLLABLES.range(beginning.clone()..);
                    let going_on = going_on.take_while(|syllable| syllable.starts_with(beginning.as_str()));
                    endings.extend(going_on.map(|syllable| (at, syllable.clone())));
                }
                Sound::Initial(initial) => {
                    let before = at.checked_sub(1).and_then(|before| self.0[before].initial());
                    match before {
                        Some(before) => fixed.push((at - 1, pair(before, *initial))),
                        None if self.0.len() == 1 => {
                            let with = SYLLABLES.iter().filter(|syllable| syllable.starts_with(*initial));
                            endings.extend(with.map(|syllable| (at, syllable.clone())));
                        }
                        None => {}
                    }
                }
            }
        }
        if endings.is_empty() {
            return if fixed.is_empty() { Vec::new() } else { vec![fixed] };
        }
        endings
            .into_iter()
            .map(|ending| fixed.iter().cloned().chain([ending]).collect())
            .collect()
    }
}

impl Sound {
    fn initial(&self) -> Option<char> {
        match self {
            Self::Syllable(text) | Self::Beginning(text) => text.chars().next(),
            Self::Initial(initial) => Some(*initial),
        }
    }
}

/// Syllables where there are some of two letters or more, the longest first, and initials between them.
fn longest(run: &str) -> Vec<Sound> {
    let (mut at, mut sounds) = (0, Vec::new());
    while let Some(initial) = run.chars().nth(at) {
        let syllable = (2..=6)
            .rev()
            .find_map(|length| run.get(at..at + length).filter(|part| SYLLABLES.contains(*part)));
        let (sound, length) = match syllable {
            Some(syllable) => (Sound::Syllable(syllable.to_owned()), syllable.len()),
            None => (Sound::Initial(initial), 1),
        };
        sounds.push(sound);
        at += length;
    }
    sounds
}

/// Whether a syllable begins so and does not end there.
fn goes_on(text: &str) -> bool {
    let mut from_here = SYLLABLES.range(text.to_owned()..).filter(|syllable| *syllable != text);
    from_here.next().is_some_and(|syllable| syllable.starts_with(text))
}

/// What was typed, to be found in names letter by letter: Han and digits as they are, Latin letters as themselves or as
/// sounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundPattern {
    letters: Vec<char>,
    /// Whether the last syllable may be unfinished.
    open: bool,
}

/// Most letters of a name that are compared.
const NAME_LETTERS: usize = 80;

impl SoundPattern {
    /// The pattern of normalised letters.
    pub fn new(text: &NormalisedText, open: bool) -> Self {
        Self {
            letters: text
                .letters()
                .iter()
                .map(|letter| letter.ch)
                .take(LONGEST_RUN)
                .collect(),
            open,
        }
    }

    /// Where the pattern first stands in a name, as a range of its letters.
    pub fn find(&self, name: &[char]) -> Option<std::ops::Range<usize>> {
        if self.letters.is_empty() {
            return None;
        }
        let name = &name[..name.len().min(NAME_LETTERS)];
        let readings: Vec<&[String]> = name.iter().map(|letter| readings(*letter)).collect();
        (0..name.len()).find_map(|start| self.ends(name, &readings, start).map(|end| start..end))
    }

    /// Everywhere the pattern stands in a text of any length, not overlapping.
    pub fn find_all(&self, text: &[char]) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        if self.letters.is_empty() {
            return found;
        }
        let readings: Vec<&[String]> = text.iter().map(|letter| readings(*letter)).collect();
        let mut start = 0;
        while start < text.len() {
            match self.ends(text, &readings, start) {
                Some(end) => {
                    found.push(start..end);
                    start = end;
                }
                None => start += 1,
            }
        }
        found
    }

    /// Where the pattern ends when it begins at `start`: the sets of places reached are followed letter by letter.
    fn ends(&self, name: &[char], readings: &[&[String]], start: usize) -> Option<usize> {
        // Places in the pattern that can be reached with the letters so far.
        let mut reached = BTreeSet::from([0]);
        for (at, letter) in name.iter().enumerate().skip(start) {
            let mut next = BTreeSet::new();
            for from in &reached {
                let rest = &self.letters[*from..];
                if rest.first() == Some(letter) {
                    next.insert(from + 1);
                }
                for reading in readings[at] {
                    let common = reading.chars().zip(rest).take_while(|(a, b)| a == *b).count();
                    if common == 0 {
                        continue;
                    }
                    next.insert(from + 1);
                    let whole = common == reading.len();
                    if whole || self.open && common == rest.len() {
                        next.insert(from + common);
                    }
                }
            }
            if next.contains(&self.letters.len()) {
                return Some(at + 1);
            }
            if next.is_empty() {
                return None;
            }
            reached = next;
        }
        None
    }

    /// Whether there are Latin letters to be read as sounds.
    pub fn has_sounds(&self) -> bool {
        self.letters.iter().any(char::is_ascii_lowercase)
    }

    /// The runs of letters that are found as they are, and those to be read as sounds.
    pub fn runs(&self) -> (Vec<String>, Vec<String>) {
        let (mut plain, mut sounds): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut before = None;
        for letter in &self.letters {
            let latin = letter.is_ascii_lowercase();
            let runs = if latin { &mut sounds } else { &mut plain };
            match runs.last_mut() {
                Some(run) if before == Some(latin) => run.push(*letter),
                _ => runs.push(letter.to_string()),
            }
            before = Some(latin);
        }
        (plain, sounds)
    }
}

#[cfg(test)]
mod tests;
