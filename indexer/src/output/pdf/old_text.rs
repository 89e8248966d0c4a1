//! What a PDF page says already: hidden text of an earlier run or of another program, and letters that are its print.

use std::borrow::Cow;
use std::collections::BTreeMap;

use juanzong::record::{PageRecord, PageText, PixelBox, TextLine};

use super::geometry::Map;
use crate::decode::{PdfPage, PrintedLetter};
use crate::score::{distance, fold};

/// Share of letters in which hidden text may differ from what was read and be the same text all the same.
const SAME: f64 = 0.02;
/// What was read may be wrong itself: hidden text may differ by so many times the share of errors that is expected of it.
const DOUBT: f64 = 1.5;
/// More than this is another text, however doubtful the reading is.
const OTHER: f64 = 0.15;
/// A line is there already when so much of it is said by the letters in its box.
const PRINTED: f64 = 0.6;

/// The hidden text of a page beside what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// There is none.
    Nothing,
    /// It says the same, as far as that can be told.
    Same,
    /// It says something else.
    Other,
}

/// Compares the hidden text of a page with its reading, `confidence` being the share of it that is right.
pub(super) fn compare(hidden: &str, read: &PageText, confidence: Option<f32>) -> Hidden {
    let hidden = fold(hidden);
    if hidden.is_empty() {
        return Hidden::Nothing;
    }
    let lines: Vec<Vec<char>> = read.lines.iter().map(|line| fold(&line.text)).collect();
    // Nothing was read: who wrote the hidden text may have seen more.
    if lines.iter().all(Vec::is_empty) {
        return Hidden::Same;
    }
    let expected = 1.0 - f64::from(confidence.unwrap_or(1.0));
    let allowed = (DOUBT * expected).clamp(SAME, OTHER);
    if difference(&hidden, &lines) <= allowed {
        Hidden::Same
    } else {
        Hidden::Other
    }
}

/// The larger of two shares: letters read that the hidden text lacks, and hidden letters that were not read. The order of
/// lines does not matter, because programs order them differently; that of the letters in a line does.
#[allow(clippy::cast_precision_loss)] // letters of a page
fn difference(hidden: &[char], lines: &[Vec<char>]) -> f64 {
    let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
    let mut letters = counts(hidden.iter().copied());
    let surplus = hidden.len() - take(&mut letters, lines.iter().flatten().copied());
    // A wrong letter spoils two pairs.
    let mut pairs = counts(hidden.windows(2).map(<[char]>::to_vec));
    let read = || lines.iter().flat_map(|line| line.windows(2).map(<[char]>::to_vec));
    let lacking = read().count() - take(&mut pairs, read());
    let lacking = share(lacking, 2 * read().count());
    lacking.max(share(surplus, hidden.len()))
}

fn counts<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

/// How many of the items are among those counted, each of which is taken once.
fn take<T: Ord>(counts: &mut BTreeMap<T, usize>, items: impl Iterator<Item = T>) -> usize {
    items
        .filter(|item| match counts.get_mut(item) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        })
        .count()
}

/// The text without the lines that letters of the page say already, as a page number that a program added to a scan.
pub(super) fn without_printed<'r>(page: &PdfPage, record: &'r PageRecord) -> Cow<'r, PageText> {
    let to_pixels = Map::turn(record.rotation).then(Map::scale(f64::from(record.width), f64::from(record.height)));
    let letters: Vec<(f64, f64, &str)> = page
        .print
        .iter()
        .map(|PrintedLetter { place, text }| {
            let (x, y) = to_pixels.point(*place);
            (x, y, text.as_str())
        })
        .collect();
    let lines = &record.text.lines;
    if letters.is_empty() || !lines.iter().any(|line| is_printed(line, &letters)) {
        return Cow::Borrowed(&record.text);
    }
    let mut text = record.text.clone();
    text.lines.retain(|line| !is_printed(line, &letters));
    Cow::Owned(text)
}

fn is_printed(line: &TextLine, letters: &[(f64, f64, &str)]) -> bool {
    let inside: String = letters
        .iter()
        .filter(|(x, y, _)| is_inside(line.area, *x, *y))
        .map(|(_, _, text)| *text)
        .collect();
    let (said, read) = (fold(&inside), fold(&line.text));
    #[allow(clippy::cast_precision_loss)] // letters of a line
    let right = 1.0 - distance(&read, &said) as f64 / read.len().max(1) as f64;
    !read.is_empty() && right >= PRINTED
}

/// Whether a letter that starts there stands in the box; letters start at their lower left corner.
fn is_inside(area: PixelBox, x: f64, y: f64) -> bool {
    let margin = f64::from(area.height()) * 0.25;
    let (left, right) = (f64::from(area.x0) - margin, f64::from(area.x1));
    let (top, bottom) = (f64::from(area.y0), f64::from(area.y1) + margin);
    (left..right).contains(&x) && (top..bottom).contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[&str]) -> PageText {
        PageText {
            lines: lines
                .iter()
                .map(|line| TextLine {
                    text: (*line).to_owned(),
                    ..TextLine::default()
                })
                .collect(),
            ..PageText::default()
        }
    }

    #[test]
    fn hidden_text_is_compared_letter_by_letter() {
        let read = text(&[
            "准予行政许可决定书",
            "某行审许〔2019〕23号",
            "经审查，你单位提交的申请材料齐全",
        ]);
        for (hidden, expected) in [
            ("", Hidden::Nothing),
            (" \n ", Hidden::Nothing),
            // Other spaces, brackets and order of lines.
            (
                "某 行 审 许【2019】23号 准予 行政许可决定书经审查,你单位提交的申请材料齐全",
                Hidden::Same,
            ),
            // As long, and wrong.
            (
                "淮子衍攻诉叮夬足节某衍宙诉(2O19)23弓经宙查,尔单仁捉文的申清材科齐仝",
                Hidden::Other,
            ),
            // Letters without meaning, letters in another order, half of the text, and twice the text.
            (
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                Hidden::Other,
            ),
            (
                "书定决可许政行予准号23〕9102〔许审行某全齐料材请申的交提位单你，查审经",
                Hidden::Other,
            ),
            ("准予行政许可决定书某行审许〔2019〕23号", Hidden::Other),
            (
                "准予行政许可决定书准予行政许可决定书某行审许〔2019〕23号某行审许〔2019〕23号经审查，你单位提交的申请材料齐全",
                Hidden::Other,
            ),
        ] {
            assert_eq!(compare(hidden, &read, Some(0.99)), expected, "{hidden}");
        }
        assert_eq!(compare("某某", &text(&[]), None), Hidden::Same);
        // One wrong letter of 36: more than is expected of a sure reading, less than of a doubtful one.
        let hidden = "准予行政许可决定书某行审许〔2019〕23号经审查，你单位提文的申请材料齐全";
        assert_eq!(compare(hidden, &read, Some(0.999)), Hidden::Other);
        assert_eq!(compare(hidden, &read, Some(0.95)), Hidden::Same);
    }
}
