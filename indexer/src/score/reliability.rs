//! Whether a stated confidence is kept: of all that is said to be right with 0.95, 95 in 100 must be right.

use juanzong::record::{PageText, TextLine};
use serde::{Deserialize, Serialize};

use super::edit::{Change, Edit, align, align_inside};
use super::fold;

/// One thing said with a confidence, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// 0 to 1.
    pub confidence: f32,
    /// Whether it is so.
    pub right: bool,
}

/// What a recogniser said about characters and lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Observations {
    /// One per character read.
    pub characters: Vec<Observation>,
    /// One per line read; right when all its characters are and none is missing between them.
    pub lines: Vec<Observation>,
}

/// Lines shorter than this are found anywhere, so they are only looked for where they should be.
const LONG_ENOUGH: usize = 4;

/// A character that was read: folded, and with its confidence.
struct Read {
    character: char,
    confidence: f32,
}

impl Observations {
    /// Adds what was said about a page. A line that was read well but stands elsewhere in the order counts as right:
    /// the confidence of a reading says nothing about the order.
    pub fn add_page(&mut self, truth: &str, page: &PageText) {
        let truth = fold(truth);
        let lines: Vec<Vec<Read>> = page.lines.iter().map(characters_of).collect();
        let read: Vec<char> = lines.iter().flatten().map(|read| read.character).collect();
        let edits = align(&read, &truth);
        let mut start = 0;
        for (line, read) in page.lines.iter().zip(&lines) {
            let end = start + read.len();
            let mut verdict = verdict(&edits, start, end);
            if verdict.share() < 0.5 && read.len() >= LONG_ENOUGH {
                let line: Vec<char> = read.iter().map(|read| read.character).collect();
                verdict = self::verdict(&align_inside(&line, &truth), 0, line.len());
            }
            let observed = read.iter().zip(&verdict.right).map(|(read, right)| Observation {
                confidence: read.confidence,
                right: *right,
            });
            self.characters.extend(observed);
            if !read.is_empty() {
                self.lines.push(Observation {
                    confidence: line.confidence,
                    right: verdict.whole && verdict.right.iter().all(|right| *right),
                });
            }
            start = end;
        }
    }

    /// Adds the observations of another.
    pub fn extend(&mut self, other: &Self) {
        self.characters.extend_from_slice(&other.characters);
        self.lines.extend_from_slice(&other.lines);
    }
}

/// The folded characters of a line, each with the confidence of its word.
fn characters_of(line: &TextLine) -> Vec<Read> {
    let spelt: usize = line.words.iter().map(|word| fold(&word.text).len()).sum();
    let whole = |text: &str, confidence: f32| {
        fold(text)
            .into_iter()
            .map(move |character| Read { character, confidence })
    };
    if spelt == fold(&line.text).len() {
        line.words
            .iter()
            .flat_map(|word| whole(&word.text, word.confidence))
            .collect()
    } else {
        whole(&line.text, line.confidence).collect()
    }
}

/// What an alignment says about some of the characters read.
struct Verdict {
    right: Vec<bool>,
    /// No character of the truth is missing between the first and the last.
    whole: bool,
}

impl Verdict {
    #[allow(clippy::cast_precision_loss)] // characters of one line
    fn share(&self) -> f64 {
        let right = self.right.iter().filter(|right| **right).count();
        right as f64 / self.right.len().max(1) as f64
    }
}

/// About the characters `start..end` of the first text of an alignment.
fn verdict(edits: &[Edit], start: usize, end: usize) -> Verdict {
    let mut right = vec![false; end - start];
    let mut whole = true;
    for edit in edits {
        match edit.change {
            Change::Equal => {
                for at in edit.from.start.max(start)..edit.from.end.min(end) {
                    right[at - start] = true;
                }
            }
            // Characters of the truth that were not read, strictly inside.
            Change::Insert if edit.from.start > start && edit.from.start < end => whole = false,
            _ => {}
        }
    }
    Verdict { right, whole }
}

/// Those that were said with about the same confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Least confidence, inclusive.
    pub from: f32,
    /// Greatest confidence, exclusive but for 1.
    pub to: f32,
    /// How many.
    pub count: usize,
    /// Their mean confidence.
    pub stated: f64,
    /// The share of them that is right.
    pub right: f64,
}

/// Recognisers are mostly sure, so the bins are narrower there.
const EDGES: [f32; 11] = [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0];

/// The reliability table: what was said, and what share of it was right. Bins without observations are left out.
#[allow(clippy::cast_precision_loss)] // counts far below 2^52
pub fn table(observations: &[Observation]) -> Vec<Bin> {
    let mut bins = Vec::new();
    for edges in EDGES.windows(2) {
        let (from, to) = (edges[0], edges[1]);
        let inside = |o: &&Observation| o.confidence >= from && (o.confidence < to || to >= 1.0);
        let inside: Vec<&Observation> = observations.iter().filter(inside).collect();
        if inside.is_empty() {
            continue;
        }
        let count = inside.len();
        let stated = inside.iter().map(|o| f64::from(o.confidence)).sum::<f64>();
        let right = inside.iter().filter(|o| o.right).count();
        bins.push(Bin {
            from,
            to,
            count,
            stated: stated / count as f64,
            right: right as f64 / count as f64,
        });
    }
    bins
}

/// Expected calibration error: how far what was said is from what was right, on average over the observations.
#[allow(clippy::cast_precision_loss)] // counts far below 2^52
pub fn expected_error(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.count).sum();
    let off: f64 = bins
        .iter()
        .map(|bin| (bin.stated - bin.right).abs() * bin.count as f64)
        .sum();
    off / all.max(1) as f64
}
