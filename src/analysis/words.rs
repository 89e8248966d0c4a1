//! Dictionary words at letter positions.
//!
//! - **All** dictionary words of two or more letters are emitted, not only those of the best segmentation and not only
//!   the short ones inside it: else a new long term would take the shorter terms inside it away from the index.
//!   So the dictionary words of a part of a text are words of the text, with the same distances.
//! - Single Han letters are emitted where no dictionary word covers them. That depends on the surroundings (`申` is a
//!   word in `申某`, not in `申请`): a single letter is searched among the grams.
//! - No hidden Markov model: it would glue unknown letters by their surroundings, differently in query and document.
//! - Words cross spaces, line ends and rules of tables, where scanned lines wrap; they do not cross punctuation. Runs of
//!   other letters and digits end at anything, so that `〔2019〕23号` has the words `2019` and `23`.

use std::ops::Range;

use jieba_rs::Jieba;

use super::is_han;
use super::normalised_text::{Break, NormalisedText};

/// A longer run of letters and digits is cut into words of this many letters, so that a page of noise never becomes
/// one token too long for the index.
const LONGEST_RUN: usize = 64;

/// All words, ascending by (position, length).
pub(super) fn words(jieba: &Jieba, text: &NormalisedText) -> Vec<Range<usize>> {
    let mut spans = Vec::with_capacity(text.len());
    let mut letters = String::new();
    for run in runs(text) {
        match run {
            Run::Other(range) => spans.push(range),
            Run::Han(range) => {
                text.copy(range.clone(), &mut letters);
                let mut covered = range.start;
                for word in jieba.cut_all(&letters) {
                    let (start, end) = (range.start + word.start, range.start + word.end);
                    if end - start < 2 {
                        continue;
                    }
                    spans.extend((covered..start).map(|at| at..at + 1));
                    covered = covered.max(end);
                    spans.push(start..end);
                }
                spans.extend((covered..range.end).map(|at| at..at + 1));
            }
        }
    }
    spans
}

/// The best segmentation.
pub(super) fn segment(jieba: &Jieba, text: &NormalisedText) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut letters = String::new();
    for run in runs(text) {
        match run {
            Run::Other(range) => spans.push(range),
            Run::Han(range) => {
                text.copy(range.clone(), &mut letters);
                let words = jieba.cut(&letters, false);
                spans.extend(
                    words
                        .iter()
                        .map(|word| range.start + word.start..range.start + word.end),
                );
            }
        }
    }
    spans
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
