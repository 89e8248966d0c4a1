//! Traditional forms that the recogniser reads on a page in simplified characters (decision 0115).
//!
//! Its network knows both, and a rare surname is read as 蔣 where 蒋 is printed, often very surely. Of names that decides
//! nothing else; the page does: official papers have been written in one of the two since 1956, and a single traditional
//! character among hundreds of simplified ones is a misreading or a doubt.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs::GBK;

use super::han::{is_han, single};
use crate::ocr::{RawLine, RawSymbol};

/// Han characters that a page must have to say in which characters it is written.
const ENOUGH: usize = 20;
/// Of so many characters at most one may be traditional on a page in simplified ones.
const ONE_OF: usize = 20;
/// Share of the confidence of the first reading that the simplified form must have to be taken.
const SHARE: f32 = 0.01;
/// The confidence of what was not recognised but given.
const FROM_TEXT_LAYER: f32 = 1.0;
/// No traditional form is surer than this on such a page, and no decision.
const MOST: f32 = 0.85;

/// Decides the traditional characters of a page in simplified ones: the simplified form where the recogniser holds it for
/// possible, else a doubt.
pub(super) fn decide(lines: &mut [RawLine]) {
    let han = |line: &RawLine| line.symbols().filter(|s| single(&s.text).is_some_and(is_han)).count();
    let all: usize = lines.iter().map(han).sum();
    let traditional: usize = lines
        .iter()
        .map(|line| line.symbols().filter(|s| simplified(s).is_some()).count())
        .sum();
    if traditional == 0 || all < ENOUGH || traditional * ONE_OF > all {
        return;
    }
    let words = lines.iter_mut().flat_map(|line| &mut line.words);
    for symbol in words.flat_map(|word| &mut word.symbols) {
        let Some(form) = simplified(symbol) else { continue };
        let possible =
            |(text, confidence): &(String, f32)| single(text) == Some(form) && *confidence >= SHARE * symbol.confidence;
        if let Some(index) = symbol.alternatives.iter().position(possible) {
            symbol.prefer(index);
        }
        symbol.confidence = symbol.confidence.min(MOST);
    }
}

/// The simplified form of a character that no simplified text has. What a text layer gives is what was printed.
fn simplified(symbol: &RawSymbol) -> Option<char> {
    if symbol.confidence >= FROM_TEXT_LAYER {
        return None;
    }
    forms().get(&single(&symbol.text)?).copied()
}

/// Traditional characters outside GB/T 2312 with their simplified forms inside it: what is in that set (著, 於, 乾) is
/// written in simplified texts, too.
fn forms() -> &'static HashMap<char, char> {
    static FORMS: OnceLock<HashMap<char, char>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let table = include_str!("../../../dictionaries/variants.tsv");
        let rows = table.lines().filter(|row| !row.starts_with('#'));
        let pairs = rows.filter_map(|row| {
            let (variant, form) = row.split_once('\t')?;
            Some((single(variant)?, single(form)?))
        });
        pairs
            .filter(|(variant, form)| is_han(*variant) && !in_gb2312(*variant) && in_gb2312(*form))
            .collect()
    })
}

/// Whether a Han character is in GB/T 2312: in GBK its two bytes have the upper bit set and the first is one of rows 16 to 87.
fn in_gb2312(c: char) -> bool {
    let text = c.to_string();
    let (bytes, _, unmappable) = GBK.encode(&text);
    !unmappable && matches!(*bytes, [0xB0..=0xF7, 0xA1..=0xFE])
}

#[cfg(test)]
mod tests {
    use super::super::testing::line;
    use super::*;

    const PAGE: &str = "灵丘县市场监督管理局准予行政许可决定书经审查符合法定条件";

    /// A page on which the last character was read so surely, with another reading.
    fn page(last: &str, confidence: f32, other: Option<(&str, f32)>) -> Vec<RawLine> {
        let mut signed = line(0, 40, &format!("经营者{last}"));
        let symbol = signed.words[0].symbols.last_mut().unwrap();
        symbol.confidence = confidence;
        symbol.alternatives = other.iter().map(|(text, c)| ((*text).to_owned(), *c)).collect();
        vec![line(0, 0, PAGE), signed]
    }

    fn decided(mut lines: Vec<RawLine>) -> (String, f32) {
        decide(&mut lines);
        let last = lines.last().unwrap().symbols().last().unwrap();
        (last.text.clone(), last.confidence)
    }

    #[test]
    fn a_single_traditional_character_is_the_simplified_one_or_a_doubt() {
        for (read, confidence, other, is, sure) in [
            ("蔣", 0.97, Some(("蒋", 0.03)), "蒋", 0.85),
            ("黃", 0.60, Some(("黄", 0.20)), "黄", 0.80),
            // Nothing speaks for the simplified form: shown as it was read, and never as sure.
            ("蔣", 0.99, None, "蔣", 0.85),
            ("蔣", 0.99, Some(("将", 0.01)), "蔣", 0.85),
            // From a text layer.
            ("蔣", 1.0, None, "蔣", 1.0),
            // Written in simplified texts, too.
            ("著", 0.99, Some(("着", 0.05)), "著", 0.99),
            ("乾", 0.99, Some(("干", 0.05)), "乾", 0.99),
            ("蒋", 0.99, Some(("蔣", 0.05)), "蒋", 0.99),
        ] {
            let (text, confidence) = decided(page(read, confidence, other));
            assert_eq!(text, is, "{read} {other:?}");
            assert!((confidence - sure).abs() < 1e-5, "{read}: {confidence}");
        }
    }

    #[test]
    fn a_page_in_traditional_characters_stays() {
        let text = "靈丘縣市場監督管理局準予行政許可決定書經審查符合法定條件";
        let mut lines = vec![line(0, 0, text)];
        let before = lines.clone();
        decide(&mut lines);
        assert_eq!(lines, before);
        let mut short = vec![line(0, 0, "蔣某")];
        let before = short.clone();
        decide(&mut short);
        assert_eq!(short, before, "too short to tell");
    }

    #[test]
    fn the_former_reading_is_kept() {
        let mut lines = page("蔣", 0.9, Some(("蒋", 0.05)));
        decide(&mut lines);
        let last = lines[1].symbols().last().unwrap();
        assert_eq!(last.alternatives, [("蔣".to_owned(), 0.9)]);
    }

    #[test]
    fn the_set_of_simplified_texts() {
        for c in "蒋黄着著乾於县一".chars() {
            assert!(in_gb2312(c), "{c}");
        }
        for c in "蔣黃縣許靈㑯𠀀A".chars() {
            assert!(!in_gb2312(c), "{c}");
        }
    }
}
