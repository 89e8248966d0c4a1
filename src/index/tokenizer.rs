//! Our analysis as tokenizers of tantivy.
//!
//! A text is normalised once, when its document is made; what comes here are its letters ([`NormalisedText::marked`]).

use std::ops::Range;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::{Analyser, NormalisedText};

use super::readings::{MarkedGram, grams_of_readings, split};
use super::schema::is_pair;

/// Name of the tokenizer that gives dictionary words, but for those that are pairs.
pub(super) const WORDS: &str = "juanzong_words";
/// Name of the tokenizer that gives pairs of letters and quads of digits.
pub(super) const PAIRS: &str = "juanzong_pairs";
/// Name of the tokenizer that gives single letters.
pub(super) const SINGLES: &str = "juanzong_singles";
/// Name of the tokenizer that gives readings and pairs of initials.
pub(super) const SOUNDS: &str = "juanzong_sounds";

/// Makes the tokenizers known to an index. The dictionaries are shared, not copied.
pub(super) fn register(manager: &TokenizerManager, analyser: &Analyser) {
    let views = [
        (WORDS, View::Words),
        (PAIRS, View::Pairs),
        (SINGLES, View::Singles),
        (SOUNDS, View::Sounds),
    ];
    for (name, view) in views {
        let tokenizer = AnalyserTokenizer {
            analyser: analyser.clone(),
            view,
        };
        manager.register(name, TextAnalyzer::from(tokenizer));
    }
}

#[derive(Clone, Copy)]
enum View {
    Words,
    Pairs,
    Singles,
    Sounds,
}

#[derive(Clone)]
struct AnalyserTokenizer {
    analyser: Analyser,
    view: View,
}

impl Tokenizer for AnalyserTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let (text, others) = split(text);
        let text = NormalisedText::from_marked(text);
        let (spans, more) = match self.view {
            View::Words => {
                let mut spans = self.analyser.word_spans(&text);
                spans.retain(|span| !is_pair(text.letters()[span.clone()].iter().map(|letter| letter.ch)));
                (spans, Vec::new())
            }
            View::Singles => ((0..text.len()).map(|at| at..at + 1).collect(), Vec::new()),
            View::Pairs => {
                let mut spans = self.analyser.gram_spans(&text);
                spans.retain(|span| span.len() > 1);
                (spans, grams_of_readings(&text, &others))
            }
            View::Sounds => {
                let sounds = self.analyser.sounds(&text).into_iter();
                let sounds = sounds.map(|token| MarkedGram {
                    text: token.text,
                    position: token.position as usize,
                    length: token.length as usize,
                });
                (Vec::new(), sounds.collect())
            }
        };
        Tokens {
            text,
            spans: spans.into_iter(),
            more: more.into_iter(),
            current: Token::default(),
        }
    }
}

/// Tokens that are letters of the text, then others. Every token is written into the same string.
struct Tokens {
    text: NormalisedText,
    spans: std::vec::IntoIter<Range<usize>>,
    more: std::vec::IntoIter<MarkedGram>,
    current: Token,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        // Offsets stay 0: tantivy wants bytes, and only its snippets, which we do not use, read them.
        if let Some(span) = self.spans.next() {
            self.current.position = span.start;
            self.current.position_length = span.len();
            self.current.text.clear();
            let letters = self.text.letters().get(span).unwrap_or_default();
            self.current.text.extend(letters.iter().map(|letter| letter.ch));
            return true;
        }
        let Some(gram) = self.more.next() else {
            return false;
        };
        self.current.position = gram.position;
        self.current.position_length = gram.length;
        self.current.text = gram.text;
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
