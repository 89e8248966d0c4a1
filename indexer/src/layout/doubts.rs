//! Doubtful characters decided by the words that they make (decision 0052).
//!
//! Rare characters of place names are what recognisers err in most (莒南县 read as 茗南县), while the right one is nearly
//! always their second choice. A name of a region, a term of approvals, or what is read surely elsewhere on the page tells
//! which of the two it is. Only readings of the recogniser itself are chosen from.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::han::{is_han, single};
use crate::ocr::{RawLine, RawSymbol};

/// Characters read less surely than this are doubtful.
const DOUBTFUL: f32 = 0.95;
/// Characters read more surely than this bear witness.
const SURE: f32 = 0.98;
/// Shares of the confidence of the first reading that another one must have: to make a word of three characters and more,
/// and of two.
const SHARE: [f32; 2] = [0.05, 0.2];
/// Characters of the longest word that is looked up.
const LONGEST: usize = 8;
/// So many characters in a row that stand elsewhere on the page are a word.
const RUN: usize = 3;
/// No decision is surer than this.
const MOST: f32 = 0.9;

/// Tables whose words are known, and the column of the word.
const TABLES: [(&str, usize); 2] = [
    (include_str!("../../../dictionaries/regions.tsv"), 1),
    (include_str!("../../../dictionaries/words.tsv"), 0),
];

/// Decides the doubtful characters of a page.
pub(super) fn decide(lines: &mut [RawLine]) {
    let texts: Vec<Vec<Read>> = lines
        .iter()
        .map(|line| line.symbols().map(Read::of).collect())
        .collect();
    let is_settled = |read: &Read| read.confidence >= DOUBTFUL;
    if texts.iter().flatten().all(is_settled) {
        return;
    }
    let runs: HashSet<[char; RUN]> = texts
        .iter()
        .flat_map(|text| text.windows(RUN))
        .filter(|run| run.iter().all(|read| read.confidence >= SURE && is_han(read.character)))
        .filter_map(|run| <[char; RUN]>::try_from(run.iter().map(|read| read.character).collect::<Vec<_>>()).ok())
        .collect();
    for (line, text) in lines.iter_mut().zip(texts) {
        let characters: Vec<char> = text.iter().map(|read| read.character).collect();
        let symbols = line.words.iter_mut().flat_map(|word| &mut word.symbols);
        for (at, symbol) in symbols.enumerate() {
            if symbol.confidence < DOUBTFUL && is_han(characters[at]) {
                decide_one(symbol, at, &characters, &runs);
            }
        }
    }
}

/// A symbol as it was read.
struct Read {
    character: char,
    confidence: f32,
}

impl Read {
    fn of(symbol: &RawSymbol) -> Self {
        let mut characters = symbol.text.chars();
        let character = match (characters.next(), characters.next()) {
            (Some(c), None) => c,
            _ => '\0',
        };
        Self {
            character,
            confidence: symbol.confidence,
        }
    }
}

fn decide_one(symbol: &mut RawSymbol, at: usize, text: &[char], runs: &HashSet<[char; RUN]>) {
    let own = longest_word(text, at, text[at], runs);
    let best = symbol
        .alternatives
        .iter()
        .enumerate()
        .filter_map(|(index, (other, confidence))| {
            let other = single(other).filter(|c| is_han(*c))?;
            let length = longest_word(text, at, other, runs);
            let share = SHARE[usize::from(length < RUN)];
            (length > own && *confidence >= share * symbol.confidence).then_some((index, length))
        })
        // Of words of one length the likelier, which stands first.
        .reduce(|best, other| if other.1 > best.1 { other } else { best });
    // A word of two is chance where the first reading makes one, too.
    let Some((index, _)) = best.filter(|(_, length)| *length >= RUN || own == 0) else {
        return;
    };
    symbol.prefer(index);
    symbol.confidence = symbol.confidence.min(MOST);
}

/// Length of the longest known word in which `c` stands at this place of the text; 0 without any.
fn longest_word(text: &[char], at: usize, c: char, runs: &HashSet<[char; RUN]>) -> usize {
    let with_c = |from: usize, to: usize| (from..to).map(move |i| if i == at { c } else { text[i] });
    let mut longest = 0;
    for from in at.saturating_sub(LONGEST - 1)..=at {
        for to in (at + 1).max(from + 2)..=(from + LONGEST).min(text.len()) {
            if to - from <= longest {
                continue;
            }
            let of_the_page = to - from == RUN
                && <[char; RUN]>::try_from(with_c(from, to).collect::<Vec<_>>()).is_ok_and(|run| runs.contains(&run));
            if of_the_page || words().contains(with_c(from, to).collect::<String>().as_str()) {
                longest = to - from;
            }
        }
    }
    longest
}

/// The words of the tables, and the names of counties without their last character.
fn words() -> &'static HashSet<&'static str> {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = HashSet::new();
        for (table, column) in TABLES {
            let rows = table.lines().filter(|row| !row.starts_with('#'));
            for word in rows.filter_map(|row| row.split('\t').nth(column)) {
                let bare = word.strip_suffix(['县', '市', '区']).unwrap_or(word);
                words.extend([word, bare].into_iter().filter(|word| word.chars().nth(1).is_some()));
            }
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::line;
    use super::*;

    /// A line whose character at `at` was read so surely, with other readings.
    fn doubtful(text: &str, at: usize, confidence: f32, others: &[(&str, f32)]) -> RawLine {
        let mut line = line(0, 0, text);
        for symbol in line.words.iter_mut().flat_map(|word| &mut word.symbols) {
            symbol.confidence = 0.99;
        }
        let symbol = &mut line.words[0].symbols[at];
        symbol.confidence = confidence;
        symbol.alternatives = others.iter().map(|(text, c)| ((*text).to_owned(), *c)).collect();
        line
    }

    fn decided(mut lines: Vec<RawLine>) -> Vec<String> {
        decide(&mut lines);
        lines.iter().map(RawLine::text).collect()
    }

    #[test]
    fn names_of_regions_decide() {
        for (read, at, confidence, others, is) in [
            (
                "山东省临沂市茗南县坊前镇",
                6,
                0.6,
                vec![("莒", 0.48)],
                "山东省临沂市莒南县坊前镇",
            ),
            (
                "临浦县行政审批服务局",
                1,
                0.92,
                vec![("沭", 0.17), ("泷", 0.02)],
                "临沭县行政审批服务局",
            ),
            (
                "徽具食品药品监督管理局",
                1,
                0.22,
                vec![("其", 0.12), ("县", 0.07)],
                "徽县食品药品监督管理局",
            ),
        ] {
            assert_eq!(decided(vec![doubtful(read, at, confidence, &others)]), [is]);
        }
    }

    #[test]
    fn the_page_itself_decides() {
        let sure = doubtful("申请人郑珺瑶", 0, 0.99, &[]);
        let read = doubtful("郑珺摇签收", 2, 0.7, &[("瑶", 0.2)]);
        assert_eq!(decided(vec![sure, read.clone()])[1], "郑珺瑶签收");
        assert_eq!(
            decided(vec![read])[0],
            "郑珺摇签收",
            "nothing speaks for another reading"
        );
    }

    #[test]
    fn what_is_sure_or_makes_a_word_already_stays() {
        let sure = doubtful("茗南县", 0, 0.99, &[("莒", 0.48)]);
        assert_eq!(decided(vec![sure])[0], "茗南县");
        let word = doubtful("沂南县", 0, 0.6, &[("莒", 0.3)]);
        assert_eq!(decided(vec![word])[0], "沂南县");
        let unlikely = doubtful("茗县", 0, 0.9, &[("莒", 0.03)]);
        assert_eq!(decided(vec![unlikely])[0], "茗县");
    }

    #[test]
    fn the_former_reading_is_kept() {
        let mut lines = vec![doubtful("茗南县", 0, 0.6, &[("莒", 0.3)])];
        decide(&mut lines);
        let symbol = &lines[0].words[0].symbols[0];
        assert_eq!(symbol.alternatives, [("茗".to_owned(), 0.6)]);
        assert!((symbol.confidence - 0.9).abs() < 1e-6);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[县市区莒南沂一A ]{0,12}", confidence in 0.0_f32..1.0) {
            let mut read = line(0, 0, &text);
            for symbol in read.words.iter_mut().flat_map(|word| &mut word.symbols) {
                symbol.confidence = confidence;
                symbol.alternatives = vec![("莒".to_owned(), 0.3), ("县".to_owned(), 0.2)];
            }
            let mut lines = vec![read];
            decide(&mut lines);
            proptest::prop_assert_eq!(lines[0].text().chars().count(), text.chars().count());
        }
    }
}
