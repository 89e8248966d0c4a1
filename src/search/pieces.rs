//! What may stand in for the letters of a word that is not found as typed.
//!
//! The seam for part 4 of the plan, which makes tolerance better than "all pieces occur": this decides what is looked
//! for instead of the letters, `Planner::tolerant` in [`super::plan`] where and how.

use crate::analysis::{Analyser, NormalisedText};

/// Longest piece in letters. Longer ones lose more to OCR errors, shorter ones stand everywhere: 行政许可 stays whole.
const LONGEST: usize = 4;

/// The short dictionary words that together spell the letters: of all ways the one with the fewest letters outside of
/// words, then the fewest words. The most likely words will not do, because the dictionary knows whole names of
/// matters, and one error in such a name would lose it.
///
/// Letters outside of words stay together when there are several (a name), else with their neighbour, because a single
/// letter stands everywhere. Empty when that leaves but one piece.
pub(super) fn pieces(letters: &NormalisedText, analyser: &Analyser) -> Vec<NormalisedText> {
    let cuts = cuts(letters, analyser);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        match spans.last_mut() {
            // A name goes on.
            Some(last) if end - start == 1 && last.1 - last.0 < LONGEST && is_loose(&cuts, last.0) => last.1 = end,
            _ => spans.push((start, end)),
        }
    }
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if end - start == 1 || last.1 - last.0 == 1 => last.1 = end,
            _ => joined.push((start, end)),
        }
    }
    if joined.len() < 2 {
        return Vec::new();
    }
    let chars: Vec<char> = letters.letters().iter().map(|letter| letter.ch).collect();
    let spell = |(start, end): (usize, usize)| chars[start..end].iter().collect::<String>();
    joined
        .into_iter()
        .map(|span| analyser.normalise(&spell(span)))
        .collect()
}

/// Whether a single letter was cut off at this place.
fn is_loose(cuts: &[usize], start: usize) -> bool {
    cuts.windows(2).any(|pair| pair[0] == start && pair[1] - start == 1)
}

/// Where the letters are cut, both ends included.
fn cuts(letters: &NormalisedText, analyser: &Analyser) -> Vec<usize> {
    let length = letters.len();
    let words: Vec<(usize, usize)> = analyser
        .words(letters)
        .into_iter()
        .filter(|token| token.text.chars().all(|c| c.is_ascii_alphanumeric()) || token.length as usize <= LONGEST)
        .map(|token| (token.position as usize, (token.position + token.length) as usize))
        .filter(|(start, end)| end - start > 1)
        .collect();
    // The cheapest way to spell the first n letters: letters outside of words, cuts, and where its last word begins.
    let mut cheapest: Vec<Option<(usize, usize, usize)>> = vec![None; length + 1];
    cheapest[0] = Some((0, 0, 0));
    for end in 1..=length {
        let single = std::iter::once((end - 1, 1));
        let words = words.iter().filter(|word| word.1 == end).map(|word| (word.0, 0));
        let ways = single
            .chain(words)
            .filter_map(|(start, loose)| cheapest[start].map(|(before, count, _)| (before + loose, count + 1, start)));
        cheapest[end] = ways.min();
    }
    let mut cuts = vec![length];
    while let Some((_, _, start)) = cuts.last().filter(|end| **end > 0).and_then(|end| cheapest[*end]) {
        cuts.push(start);
    }
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::testing::analyser;

    fn spelt(text: &str) -> Vec<String> {
        let letters = analyser().normalise(text);
        pieces(&letters, analyser())
            .iter()
            .map(NormalisedText::as_string)
            .collect()
    }

    #[test]
    fn short_words_and_names() {
        for (text, expected) in [
            ("行政许可", &[][..]),
            ("政许可决", &[]),
            ("食品经营许可证核发", &["食品经营", "许可证", "核发"]),
            ("龘龘餐饮许可", &["龘龘", "餐饮", "许可"]),
            ("龘餐饮许可", &["龘餐饮", "许可"]),
            ("龘龘龘龘", &[]),
            ("", &[]),
        ] {
            assert_eq!(spelt(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn pieces_spell_the_letters(text in "[食品经营许可证核发龘a-c0-9]{0,14}") {
            let spelt = spelt(&text);
            if !spelt.is_empty() {
                prop_assert!(spelt.len() >= 2 && spelt.iter().all(|piece| piece.chars().count() >= 2));
                prop_assert_eq!(spelt.concat(), analyser().normalise(&text).as_string());
            }
        }
    }
}
