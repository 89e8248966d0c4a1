//! Dictionary words.

use std::ops::Range;

use jieba_rs::Jieba;

use super::normalised_text::{Break, NormalisedText};
use super::token::Token;

/// A longer run of letters and digits is cut into words of this many letters, so that a page of noise never becomes
/// one token too long for the index.
const LONGEST_RUN: usize = 64;

pub(super) fn words(jieba: &Jieba, text: &NormalisedText) -> Vec<Token> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Other(range) => tokens.push(Token::of_letters(text, range.start, range.end)),
            Run::Han(range) => {
                let letters: String = text.letters()[range.clone()].iter().map(|letter| letter.ch).collect();
                let mut covered = range.start;
                for word in jieba.cut_all(&letters) {
                    let (start, end) = (range.start + word.start, range.start + word.end);
                    if end - start < 2 {
                        continue;
                    }
                    while covered < start {
                        tokens.push(Token::of_letters(text, covered, covered + 1));
                        covered += 1;
                    }
                    covered = covered.max(end);
                    tokens.push(Token::of_letters(text, start, end));
                }
                while covered < range.end {
                    tokens.push(Token::of_letters(text, covered, covered + 1));
                    covered += 1;
                }
            }
        }
    }
    tokens
}

pub(super) fn segment(jieba: &Jieba, text: &NormalisedText) -> Vec<Token> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Other(range) => tokens.push(Token::of_letters(text, range.start, range.end)),
            Run::Han(range) => {
                let letters: String = text.letters()[range.clone()].iter().map(|letter| letter.ch).collect();
                for word in jieba.cut(&letters, false) {
                    tokens.push(Token::of_letters(
                        text,
                        range.start + word.start,
                        range.start + word.end,
                    ));
                }
            }
        }
    }
    tokens
}

/// A stretch of letters inside which words are looked for.
enum Run {
    /// Han letters; spaces and line ends may fall inside, punctuation does not.
    Han(Range<usize>),
    /// Other letters and digits with nothing between them.
    Other(Range<usize>),
}

fn runs(text: &NormalisedText) -> Vec<Run> {
    let letters = text.letters();
    let mut runs = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let han = is_han(letters[start].ch);
        let mut end = start + 1;
        while end < letters.len()
            && is_han(letters[end].ch) == han
            && text.break_before(end) <= if han { Break::Space } else { Break::None }
            && (han || end - start < LONGEST_RUN)
        {
            end += 1;
        }
        runs.push(if han {
            Run::Han(start..end)
        } else {
            Run::Other(start..end)
        });
        start = end;
    }
    runs
}

/// Whether a letter is a Han character, the script of dictionary words.
fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' | '々' | '〇')
}
