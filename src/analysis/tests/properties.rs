//! The recall contract, on any text.

use proptest::prelude::*;

use super::{ANALYSER, letters};
use crate::analysis::{NormalisedText, Token};

/// Signs that may belong to one number block or written date, also as part of what they become (`㎡`).
fn belongs_to_number(c: char) -> bool {
    is_number_sign(c) || letters(&c.to_string()).chars().any(is_number_sign)
}

fn is_number_sign(c: char) -> bool {
    c.is_whitespace()
        || c.is_numeric()
        || "一二三四五六七八九十百千万零〇○◯两参叁壹贰伍拾佰仟年月日号曰oOｏＯ-－—–.．/／".contains(c)
}

/// Text as it occurs, text made of date signs, and any text at all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[灵丘县行政许可决定书申请人一般统同日期食品經營 \n，。（）a-zA-Z0-9㎡①]{0,40}",
        "[二一九三五十零〇○0123o年月日号 ，-]{0,24}",
        "([灵，〔]?(二〇一九|一九|2019|2o19|十|三|12|零五)[ ，年月日号-]?){0,8}",
        "\\PC{0,40}",
        any::<String>(),
    ]
}

/// A text and the character range of a part of it.
fn text_and_part() -> impl Strategy<Value = (String, usize, usize)> {
    (text(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(text, a, b)| {
        let count = text.chars().count() + 1;
        let (a, b) = (a.index(count), b.index(count));
        (text, a.min(b), a.max(b))
    })
}

/// Whether a cut before the character at `at` goes through a number block, which punctuation does not end.
fn cuts_number(chars: &[char], at: usize) -> bool {
    let counts = |c: &&char| belongs_to_number(**c) || !letters(&c.to_string()).is_empty();
    let before = chars[..at].iter().rev().find(counts);
    let after = chars[at..].iter().find(counts);
    before.is_some_and(|&c| belongs_to_number(c)) && after.is_some_and(|&c| belongs_to_number(c))
}

/// The part, made longer until it cuts no number.
fn without_cutting_numbers(chars: &[char], mut start: usize, mut end: usize) -> (usize, usize) {
    while cuts_number(chars, start) {
        start -= 1;
    }
    while cuts_number(chars, end) {
        end += 1;
    }
    (start, end)
}

fn check_tokens(text: &NormalisedText, tokens: &[Token]) {
    let letters = text.letters();
    for token in tokens {
        let (start, end) = (token.position as usize, (token.position + token.length) as usize);
        assert!(start < end && end <= letters.len());
        assert_eq!(token.text, letters[start..end].iter().map(|l| l.ch).collect::<String>());
        assert_eq!((token.from, token.to), (letters[start].from, letters[end - 1].to));
    }
    let ascending = tokens
        .windows(2)
        .all(|w| (w[0].position, w[0].length) < (w[1].position, w[1].length));
    assert!(ascending, "{tokens:?}");
}

/// The tokens of `part` are tokens of `whole`, `shift` letters further on.
fn check_contained(part: &[Token], whole: &[Token], shift: u32) {
    for token in part {
        let there = |other: &Token| other.position == token.position + shift && other.text == token.text;
        assert!(whole.iter().any(there), "{token:?}");
    }
}

#[test]
fn folding_any_character_twice_is_folding_it_once() {
    for c in '\0'..=char::MAX {
        let once = letters(c.encode_utf8(&mut [0; 4]));
        assert_eq!(letters(&once), once, "U+{:04X}", u32::from(c));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn normalising_twice_is_normalising_once(text in text()) {
        let once = letters(&text);
        prop_assert_eq!(letters(&once), once);
    }

    #[test]
    fn spans_never_go_back_and_stay_inside(text in text()) {
        let normalised = ANALYSER.normalise(&text);
        let count = u32::try_from(text.chars().count()).unwrap();
        let (mut from, mut to) = (0, 0);
        for letter in normalised.letters() {
            prop_assert!(letter.from < letter.to && letter.to <= count);
            prop_assert!(letter.from >= from && letter.to >= to, "{:?}", normalised);
            prop_assert!(letter.ch.is_alphanumeric());
            (from, to) = (letter.from, letter.to);
        }
    }

    #[test]
    fn any_letters_that_do_not_cut_a_number_are_found((text, start, end) in text_and_part()) {
        let whole = ANALYSER.normalise(&text);
        let chars: Vec<char> = whole.as_string().chars().collect();
        let (start, end) = (start.min(chars.len()), end.min(chars.len()));
        let (start, end) = without_cutting_numbers(&chars, start, end);
        let part = ANALYSER.normalise(&chars[start..end].iter().collect::<String>());
        prop_assert_eq!(part.as_string(), chars[start..end].iter().collect::<String>());
        check_contained(&ANALYSER.grams(&part), &ANALYSER.grams(&whole), u32::try_from(start).unwrap());
        prop_assert_eq!(whole.find_all(&part).is_empty(), part.is_empty());
    }

    #[test]
    fn any_part_of_a_text_that_does_not_cut_a_number_is_found((text, start, end) in text_and_part()) {
        let chars: Vec<char> = text.chars().collect();
        let (start, end) = without_cutting_numbers(&chars, start, end);
        let whole = ANALYSER.normalise(&text);
        let part = ANALYSER.normalise(&chars[start..end].iter().collect::<String>());
        prop_assert!(whole.as_string().contains(&part.as_string()), "{} in {}", part.as_string(), whole.as_string());
        prop_assert_eq!(whole.find_all(&part).is_empty(), part.is_empty());
    }

    #[test]
    fn tokens_are_slices_of_the_letters_in_order(text in text()) {
        let normalised = ANALYSER.normalise(&text);
        let (words, grams, coarse) =
            (ANALYSER.words(&normalised), ANALYSER.grams(&normalised), ANALYSER.segment(&normalised));
        for tokens in [&words, &grams, &coarse] {
            check_tokens(&normalised, tokens);
        }
        let short = grams.iter().filter(|token| token.length <= 2).count();
        prop_assert_eq!(short, (2 * normalised.len()).saturating_sub(1));
        prop_assert!(grams.iter().all(|token| token.length <= 2 || token.text.chars().all(|c| c.is_ascii_alphanumeric())));
        let mut next = 0;
        for token in &coarse {
            prop_assert_eq!(token.position, next, "the segments cover every letter once");
            next += token.length;
        }
        prop_assert_eq!(next as usize, normalised.len());
        let mut covered = vec![false; normalised.len()];
        for token in &words {
            covered[token.position as usize..(token.position + token.length) as usize].fill(true);
        }
        prop_assert!(covered.iter().all(|&c| c), "every letter is in some word");
    }

    #[test]
    fn every_dictionary_word_of_a_part_is_a_word_of_the_whole(
        text in "[灵丘县市场监督管理局准予行政许可决定书申请人食品经营]{1,30}",
        a in any::<prop::sample::Index>(),
        b in any::<prop::sample::Index>(),
    ) {
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = (a.index(chars.len() + 1), b.index(chars.len() + 1));
        let (start, end) = (a.min(b), a.max(b));
        let part = ANALYSER.normalise(&chars[start..end].iter().collect::<String>());
        let mut words = ANALYSER.words(&part);
        words.retain(|token| token.length > 1);
        check_contained(&words, &ANALYSER.words(&ANALYSER.normalise(&text)), u32::try_from(start).unwrap());
    }
}
