//! Numerals of dates in letters: `二零一九年零三月五号` → `2019年3月5日`.
//!
//! Works on letters only, block by block (see [`super::normalise`]). What folds, and nothing else:
//! - a run of exactly four numerals that is a year from 1900 to 2199 (with 年 behind it also when a digit was read as `o`);
//! - after a year and 年, a month with 月, and after that a day with 日, 号 or 曰;
//! - a month with 月 together with a day with 日, 号 or 曰.
//!
//! A run counts only when it is whole: `一万二千` or `12019` holds no year, `十三月` no month.

use std::ops::{Range, RangeInclusive};

use crate::record::{CivilDate, chinese_digit, decimal_digit, parse_chinese_number};

use super::normalised_text::{Break, Letter, NormalisedText};

/// `text` with its dates in decimal digits.
///
/// First punctuation ends a numeral, so that the year of `〔二〇一九〕二十三号` is one; then it does not, so that the
/// result depends on the letters alone and folding it again changes nothing.
pub(super) fn fold(text: NormalisedText) -> NormalisedText {
    let text = fold_within(text, Break::Space);
    fold_within(text, Break::Sentence)
}

/// Folds numerals and dates that hold no stronger break than `strongest`.
fn fold_within(text: NormalisedText, strongest: Break) -> NormalisedText {
    let reader = Reader { text: &text, strongest };
    let letters = text.letters();
    let mut dates = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        // An `o` is a zero only behind a digit.
        if !is_numeral(letters[at].ch) || letters[at].ch == 'o' {
            at += 1;
            continue;
        }
        match reader.date_at(at) {
            Some(parts) => {
                at = parts.last().map_or(at + 1, |part| part.end);
                dates.extend(parts);
            }
            None => at = reader.run_at(at),
        }
    }
    if dates.iter().all(|part| part.is_written_so(letters)) {
        return text;
    }
    let mut folded = NormalisedText::default();
    let mut at = 0;
    for part in dates {
        copy(&text, at..part.start, &mut folded);
        part.write(&text, &mut folded);
        at = part.end;
    }
    copy(&text, at..letters.len(), &mut folded);
    folded
}

fn copy(text: &NormalisedText, range: Range<usize>, into: &mut NormalisedText) {
    for index in range {
        into.push(text.letters()[index], text.break_before(index));
    }
}

/// A numeral and the sign behind it, if any.
struct Part {
    start: usize,
    /// End of the numeral.
    sign_at: usize,
    /// End of the whole part.
    end: usize,
    value: u32,
    /// The sign in its one form.
    sign: Option<char>,
}

impl Part {
    fn letters(&self) -> impl Iterator<Item = char> {
        let digits: Vec<char> = self.value.to_string().chars().collect();
        digits.into_iter().chain(self.sign)
    }

    /// Whether the letters already have this form.
    fn is_written_so(&self, letters: &[Letter]) -> bool {
        self.letters()
            .eq(letters[self.start..self.end].iter().map(|letter| letter.ch))
    }

    fn write(&self, text: &NormalisedText, into: &mut NormalisedText) {
        let numeral = &text.letters()[self.start..self.sign_at];
        let (from, to) = (
            numeral.first().map_or(0, |letter| letter.from),
            numeral.last().map_or(0, |letter| letter.to),
        );
        let digits: Vec<char> = self.value.to_string().chars().collect();
        let one_each = digits.len() == numeral.len();
        for (index, &ch) in digits.iter().enumerate() {
            if one_each {
                into.push(Letter { ch, ..numeral[index] }, text.break_before(self.start + index));
            } else {
                // `十二` has no digit of its own to point to: each digit points to the whole numeral.
                let before = if index == 0 {
                    text.break_before(self.start)
                } else {
                    Default::default()
                };
                into.push(Letter { ch, from, to }, before);
            }
        }
        if let Some(ch) = self.sign {
            let sign = text.letters()[self.sign_at];
            into.push(Letter { ch, ..sign }, text.break_before(self.sign_at));
        }
    }
}

/// Reads numerals that hold no stronger break than `strongest`.
struct Reader<'a> {
    text: &'a NormalisedText,
    strongest: Break,
}

impl Reader<'_> {
    /// The parts of a date that begins at `start`, which is the start of a run of numerals.
    fn date_at(&self, start: usize) -> Option<Vec<Part>> {
        if let Some(year) = self.year_at(start) {
            let mut parts = vec![year];
            if parts[0].sign.is_some() {
                let month = self.signed(parts[0].end, 1..=12, month_sign);
                let day = month.as_ref().and_then(|m| self.signed(m.end, 1..=31, day_sign));
                parts.extend(month);
                parts.extend(day);
            }
            return Some(parts);
        }
        let month = self.signed(start, 1..=12, month_sign)?;
        let day = self.signed(month.end, 1..=31, day_sign)?;
        Some(vec![month, day])
    }

    fn year_at(&self, start: usize) -> Option<Part> {
        let end = self.run_at(start);
        let sign = self.joined(end).filter(|&c| c == '年');
        if end - start != 4 {
            return None;
        }
        let mut value = 0;
        for letter in &self.text.letters()[start..end] {
            let read_for_zero = letter.ch == 'o' && sign.is_some();
            value = value * 10 + digit(letter.ch).or(read_for_zero.then_some(0))?;
        }
        CivilDate::new(value, 1, 1)?;
        Some(Part {
            start,
            sign_at: end,
            end: end + usize::from(sign.is_some()),
            value,
            sign,
        })
    }

    /// A whole numeral in `range` with its sign behind it.
    fn signed(&self, start: usize, range: RangeInclusive<u32>, sign: fn(char) -> Option<char>) -> Option<Part> {
        self.joined(start)?;
        let sign_at = self.run_at(start);
        let sign = sign(self.joined(sign_at)?)?;
        let letters = &self.text.letters()[start..sign_at];
        let numeral: String = letters.iter().map(|letter| letter.ch).collect();
        let value = match letters.len() {
            1 | 2 if numeral.bytes().all(|b| b.is_ascii_digit()) => numeral.parse().ok()?,
            1..=3 => parse_chinese_number(&numeral.replace('参', "叁").replace('0', "零"))?,
            _ => return None,
        };
        range.contains(&value).then_some(Part {
            start,
            sign_at,
            end: sign_at + 1,
            value,
            sign: Some(sign),
        })
    }

    /// The end of the run of numerals that begins at `start`.
    fn run_at(&self, start: usize) -> usize {
        let numeral = |at: &usize| {
            let letter = self.text.letters().get(*at);
            letter.is_some_and(|letter| is_numeral(letter.ch)) && (*at == start || self.joined(*at).is_some())
        };
        (start..).take_while(numeral).last().map_or(start, |last| last + 1)
    }

    /// The letter at `at`, unless it is cut off from the one before it.
    fn joined(&self, at: usize) -> Option<char> {
        let letter = self.text.letters().get(at)?;
        (self.text.break_before(at) <= self.strongest).then_some(letter.ch)
    }
}

fn month_sign(c: char) -> Option<char> {
    (c == '月').then_some('月')
}

/// 曰 is a common misreading of 日.
fn day_sign(c: char) -> Option<char> {
    matches!(c, '日' | '号' | '曰').then_some('日')
}

/// A letter that makes a run of numerals: digits in either script, the units, and `o`, which OCR reads for zero.
fn is_numeral(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百' | '千' | '万' | '拾' | '佰' | '仟' | 'o')
}

/// 参 is what 參 (three) becomes among the variants; 两 counts things and never stands in a date.
fn digit(c: char) -> Option<u32> {
    match c {
        '参' => Some(3),
        '两' => None,
        c => decimal_digit(c).or_else(|| chinese_digit(c)),
    }
}
