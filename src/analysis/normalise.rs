//! One normaliser for index, query, suggestion and highlighter.
//!
//! It turns a text into **letters** (Han characters, letters and digits of any script), each with the span of original
//! characters it comes from. Spaces and punctuation are not letters; they are remembered as breaks.
//!
//! 1. Each character by itself ([`super::folding`]): width, compatibility forms (`㎡` gives `m` and `2`, which share
//!    its span), accents, case, 繁→简 and variant forms.
//! 2. Numbers ([`super::numbers`]), in blocks of date signs and numerals.
//!
//! # Why dates are folded here and not indexed as an extra token
//! `二〇一九年三月五日`, `2019年03月05日`, `2019-03-05` and `2019.3.5` become the letters `2019年3月5日`. An extra token
//! would find whole dates only; with folded letters every view (words, grams, highlighter) agrees, and `2019年3月` or
//! `3月5日` is a plain substring of any of those forms.
//!
//! The price is a weaker contract inside numbers. A *number block* is a run of letters, whatever stands between them,
//! that are digits, Chinese numerals or one of `年月日号`; folding never looks beyond its block, so
//! **the letters of any part of a text are a substring of the letters of the text, unless the part was cut out inside
//! a number block or a written date**: `三月五` alone stays as it is and is not found in `三月五日`. Ordinary words
//! such as 一般, 统一, 三聚氰胺, 五年 or 第二十八条 are not folded at all, so that `统一` is found in `统一日期`: numerals
//! fold only as a four-digit year, as a month after a year, and as month and day together.
//!
//! # Idempotent
//! Normalising the letters of a normalised text gives the same letters: every character maps to characters that map to
//! themselves, and number folding works on letters alone, whatever stood between them (only dates written with `-`,
//! `.` or `/` need their separators, and those are gone afterwards).
//!
//! # Document numbers
//! `〔2019〕23号` has the letters `201923号`, whatever became of the brackets in print or OCR. As words, year and serial
//! stay apart (`2019`, `23`) as long as anything stands between them; which number is meant is decided by the parsed
//! values ([`crate::record::DocumentNumber`]), not here.

use crate::record::{CivilDate, FoundDate, chinese_digit, decimal_digit};

use super::folding::{Folded, Folding};
use super::normalised_text::{Break, Letter, NormalisedText};
use super::numbers;
use super::offset;

/// The letters of `text`.
pub(super) fn normalise(folding: &Folding, text: &str) -> NormalisedText {
    let chars: Vec<char> = text.chars().collect();
    let mut dates = dates_with_separators(&chars, text).into_iter().peekable();
    let mut builder = Builder::default();
    let mut at = 0;
    while at < chars.len() {
        if let Some(found) = dates.next_if(|found| found.span.start == at) {
            builder.date(&chars, &found);
            at = found.span.end;
        } else if is_circle(chars[at]) {
            let end = end_of_run(&chars, at, is_circle);
            let zeros = circles_are_zeros(&chars, at, end);
            while at < end {
                if zeros {
                    builder.letter('零', at, at + 1);
                } else {
                    builder.pending = builder.pending.max(Break::Punctuation);
                }
                at += 1;
            }
        } else {
            match folding.fold(chars[at]) {
                Folded::One(ch) => builder.letter(ch, at, at + 1),
                Folded::Many(several) => {
                    for ch in several {
                        builder.letter(ch, at, at + 1);
                    }
                }
                Folded::Break(strength) => builder.pending = builder.pending.max(strength),
            }
            at += 1;
        }
    }
    numbers::fold(builder.text)
}

/// Letters in the making.
#[derive(Default)]
struct Builder {
    text: NormalisedText,
    pending: Break,
}

impl Builder {
    fn letter(&mut self, ch: char, from: usize, to: usize) {
        let letter = Letter {
            ch,
            from: offset(from),
            to: offset(to),
        };
        self.text.push(letter, std::mem::take(&mut self.pending));
    }

    /// A date written with separators, in the letters of `2019年3月5日`. The signs take the spans of the separators,
    /// 日 that of the last digit.
    fn date(&mut self, chars: &[char], found: &FoundDate) {
        let separators: Vec<usize> = found.span.clone().filter(|&at| is_date_separator(chars[at])).collect();
        let [first, second] = separators.as_slice() else {
            return;
        };
        let (year, month, day) = (found.span.start..*first, first + 1..*second, second + 1..found.span.end);
        let trim = |range: std::ops::Range<usize>| {
            let filled = |at: &usize| !chars[*at].is_whitespace();
            let start = range.clone().find(filled).unwrap_or(range.start);
            let end = range.clone().rev().find(filled).map_or(range.end, |last| last + 1);
            start..end
        };
        let day = trim(day);
        for (part, value, sign, sign_span) in [
            (trim(year), found.date.year(), '年', Some(*first)),
            (trim(month), found.date.month(), '月', Some(*second)),
            (day, found.date.day(), '日', None),
        ] {
            let digits = value.to_string();
            let one_each = digits.len() == part.len();
            let mut span = part.clone();
            for (index, digit) in digits.chars().enumerate() {
                if one_each {
                    span = part.start + index..part.start + index + 1;
                }
                self.letter(digit, span.start, span.end);
            }
            match sign_span {
                Some(at) => self.letter(sign, at, at + 1),
                None => self.letter(sign, span.start, span.end),
            }
        }
    }
}

/// The dates of a text that are written with `-`, `.` or `/`; those with 年 and 月 are folded as letters.
fn dates_with_separators(chars: &[char], text: &str) -> Vec<FoundDate> {
    if !chars.iter().any(|&c| is_date_separator(c)) {
        return Vec::new();
    }
    let mut found = CivilDate::find_all(text);
    found.retain(|date| {
        let separators = date.span.clone().filter(|&at| is_date_separator(chars[at])).count();
        separators == 2 && !chars[date.span.clone()].contains(&'年')
    });
    found
}

/// The separators of [`CivilDate::find_all`].
fn is_date_separator(c: char) -> bool {
    matches!(c, '.' | '．' | '-' | '－' | '—' | '–' | '/' | '／')
}

/// `○` and `◯` are zeros in `二○一九年` and boxes to tick or struck-out names elsewhere.
fn is_circle(c: char) -> bool {
    matches!(c, '○' | '◯')
}

/// A run of circles is a run of zeros when a numeral stands before it; with spaces between, when one follows, too.
fn circles_are_zeros(chars: &[char], start: usize, end: usize) -> bool {
    let numeral = |c: char| chinese_digit(c).is_some() || decimal_digit(c).is_some();
    let before = chars[..start].iter().rev().copied().find(|c| !c.is_whitespace());
    let after = chars[end..].iter().copied().find(|c| !c.is_whitespace());
    let touches = start > 0 && !chars[start - 1].is_whitespace();
    before.is_some_and(numeral) && (touches || after.is_some_and(|c| c == '年' || numeral(c)))
}

fn end_of_run(chars: &[char], start: usize, belongs: impl Fn(char) -> bool) -> usize {
    let length = chars[start..].iter().take_while(|&&c| belongs(c)).count();
    start + length
}
