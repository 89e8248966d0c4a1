//! Our analysis as tokenizers of tantivy.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::{self, Analyser};

use super::readings::{grams_of_readings, split};

/// Name of the tokenizer that gives dictionary words.
pub(super) const WORDS: &str = "juanzong_words";
/// Name of the tokenizer that gives single letters and pairs of letters.
pub(super) const GRAMS: &str = "juanzong_grams";
/// Name of the tokenizer that gives readings and pairs of initials.
pub(super) const SOUNDS: &str = "juanzong_sounds";

/// Makes the tokenizers known to an index. The dictionaries are shared, not copied.
pub(super) fn register(manager: &TokenizerManager, analyser: &Analyser) {
    for (name, view) in [(WORDS, View::Words), (GRAMS, View::Grams), (SOUNDS, View::Sounds)] {
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
    Grams,
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
        let tokens = match self.view {
            View::Words => self.analyser.words(&self.analyser.normalise(text)),
            View::Sounds => self.analyser.sounds(&self.analyser.normalise(text)),
            View::Grams => {
                let (text, others) = split(text);
                let text = self.analyser.normalise(text);
                let mut tokens = self.analyser.grams(&text);
                tokens.extend(grams_of_readings(&text, &others, &self.analyser));
                tokens
            }
        };
        Tokens {
            rest: tokens.into_iter(),
            current: Token::default(),
        }
    }
}

struct Tokens {
    rest: std::vec::IntoIter<analysis::Token>,
    current: Token,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        let Some(token) = self.rest.next() else {
            return false;
        };
        // Offsets stay 0: tantivy wants bytes, and only its snippets, which we do not use, read them.
        self.current.position = token.position as usize;
        self.current.position_length = token.length as usize;
        self.current.text = token.text;
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
