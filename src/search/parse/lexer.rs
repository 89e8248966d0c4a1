//! From characters to words and signs.

use std::collections::BTreeSet;

use crate::record::decimal_digit;

use super::{Note, QueryField};

/// Most characters of a field's name.
const NAME_CHARACTERS: usize = 20;

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// With the text as typed.
    Or(String),
    Exclude,
    /// With the name as typed.
    Field(QueryField, String),
    Word(String),
    Phrase(String),
}

/// Cuts a query into tokens.
pub(super) struct Lexer<'a> {
    chars: Vec<char>,
    at: usize,
    notes: &'a mut BTreeSet<Note>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(query: &str, notes: &'a mut BTreeSet<Note>) -> Self {
        Self {
            chars: query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
            at: 0,
            notes,
        }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        while let Some(&c) = self.chars.get(self.at) {
            if c.is_whitespace() {
                self.at += 1;
            } else if let Some(closing) = closing_quotes(c) {
                tokens.extend(self.phrase(closing));
            } else if matches!(c, '|' | '｜') {
                self.at += 1;
                tokens.push(Token::Or(String::new()));
            } else if is_open(c) && !self.number_in_brackets() {
                self.at += 1;
                tokens.push(Token::Open);
            } else if is_close(c) {
                self.at += 1;
                tokens.push(Token::Close);
            } else if matches!(c, '-' | '－' | '−') {
                self.at += 1;
                // A dash that stands alone is a dash.
                match self.chars.get(self.at) {
                    Some(next) if !next.is_whitespace() => tokens.push(Token::Exclude),
                    _ => {
                        self.notes.insert(Note::LonelyExclusion);
                    }
                }
            } else {
                tokens.push(self.word());
            }
        }
        tokens
    }

    /// A phrase from an opening quote to the next closing one; an unclosed quote is no quote.
    fn phrase(&mut self, closing: &[char]) -> Option<Token> {
        let start = self.at + 1;
        match self.chars[start..].iter().position(|c| closing.contains(c)) {
            Some(length) => {
                self.at = start + length + 1;
                Some(Token::Phrase(self.chars[start..start + length].iter().collect()))
            }
            None => {
                self.at = start;
                self.notes.insert(Note::UnclosedQuote);
                None
            }
        }
    }

    /// Whether here stands `(2019)` with more right behind it: the middle of a document number, not a group.
    fn number_in_brackets(&self) -> bool {
        let digit = |at: usize| self.chars.get(at).is_some_and(|c| decimal_digit(*c).is_some());
        let goes_on = |c: &char| !c.is_whitespace() && !is_close(*c) && !matches!(c, '|' | '｜');
        (1..=4).all(|offset| digit(self.at + offset))
            && self.chars.get(self.at + 5).is_some_and(|c| is_close(*c))
            && self.chars.get(self.at + 6).is_some_and(goes_on)
    }

    /// A word, up to the next space or sign; or the name of a field with its colon.
    fn word(&mut self) -> Token {
        let start = self.at;
        let mut brackets = 0_usize;
        while let Some(&c) = self.chars.get(self.at) {
            if c.is_whitespace() || closing_quotes(c).is_some() || matches!(c, '|' | '｜') {
                break;
            }
            if is_close(c) {
                if brackets == 0 {
                    break;
                }
                brackets -= 1;
            } else if is_open(c) {
                if !self.closes_before_space() {
                    break;
                }
                brackets += 1;
            } else if matches!(c, ':' | '：') && self.at - start <= NAME_CHARACTERS {
                let name: String = self.chars[start..self.at].iter().collect();
                if let Some(field) = QueryField::from_name(&name.to_ascii_lowercase()) {
                    self.at += 1;
                    return Token::Field(field, name);
                }
            }
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        match text.as_str() {
            "OR" | "或" => Token::Or(text),
            _ => Token::Word(text),
        }
    }

    /// Whether the bracket that opens here is closed before the next space.
    fn closes_before_space(&self) -> bool {
        let rest = self.chars.iter().skip(self.at + 1);
        rest.take_while(|c| !c.is_whitespace()).any(|c| is_close(*c))
    }
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// The signs that close a quotation which this sign opens. Input methods mix them, so within a family all do.
fn closing_quotes(c: char) -> Option<&'static [char]> {
    match c {
        '"' | '＂' | '“' | '”' | '„' => Some(&['"', '＂', '“', '”', '„']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}
