//! The grammar of queries. Text becomes a [`Syntax`] tree; nothing here knows what the words mean.
//!
//! - Words separated by spaces must all occur; `OR`, `或` (standing alone) and `|` bind tighter: `甲 乙 OR 丙` is
//!   甲 AND (乙 OR 丙).
//! - `"…"`, `“…”`, `「…」` are exact phrases; `-` before a word, phrase, field or group excludes it; `(…)` groups.
//! - `文号:` and the other fields of [`QueryField`] apply to the word, phrase or group that follows.
//! - All signs work in half and full width. A parenthesis inside a word belongs to it (`灵食许(2019)444号`).
//!
//! Whatever does not fit is text, never an error: only the limits are. The parser keeps its own stack, so no input
//! can exhaust that of the thread.

mod lexer;

use std::collections::BTreeSet;

use super::request::check_length;
use super::{Error, limits};
use lexer::{Lexer, Token};

/// Declares the fields of the query language once: variant, code, names under which they can be typed.
macro_rules! query_fields {
    ($($variant:ident = $code:literal, [$zh:literal $(, $also:literal)*];)+) => {
        /// A field that a query can name. The list is closed: no other field of the index can be reached.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(super) enum QueryField { $($variant,)+ }

        impl QueryField {
            fn from_name(name: &str) -> Option<Self> {
                match name { $($code | $zh $(| $also)* => Some(Self::$variant),)+ _ => None }
            }

            /// The Chinese name.
            pub(super) fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// Every name of every field.
            #[cfg(test)]
            pub(super) const NAMES: &'static [&'static str] = &[$($code, $zh $(, $also)*),+];
        }
    };
}

query_fields! {
    DocumentNumber = "document_number", ["文号", "发文字号"];
    ArchivalCode = "archival_code", ["档号"];
    AcceptanceNumber = "acceptance_number", ["受理编号", "受理号"];
    Applicant = "applicant", ["申请人"];
    Matter = "matter", ["事项", "审批事项"];
    Agency = "agency", ["机关", "审批机关"];
    Year = "year", ["年度", "年份"];
    Outcome = "outcome", ["结果", "决定结果"];
    DocumentKind = "document_kind", ["文种"];
    Region = "region", ["区划", "行政区划"];
    Retention = "retention", ["期限", "保管期限"];
}

/// A query as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Word {
        field: Option<QueryField>,
        text: String,
        quoted: bool,
    },
}

/// Something that could not be read as part of the grammar and was taken as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Note {
    UnclosedQuote,
    UnmatchedParenthesis,
    LonelyOr,
    LonelyExclusion,
    LonelyField,
}

/// What the parser makes of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    /// `None` when nothing but signs was typed.
    pub(super) root: Option<Syntax>,
    pub(super) notes: BTreeSet<Note>,
}

/// Parses a query.
///
/// # Errors
/// When it is too long, has too many clauses, or is nested too deep.
pub(super) fn parse(query: &str) -> Result<Parsed, Error> {
    check_length(query)?;
    let mut notes = BTreeSet::new();
    let tokens = Lexer::new(query, &mut notes).run();
    let clauses = tokens
        .iter()
        .filter(|t| matches!(t, Token::Word(_) | Token::Phrase(_) | Token::Field(..)))
        .count();
    if clauses > limits::CLAUSES {
        return Err(Error::QueryTooComplex { most: limits::CLAUSES });
    }
    let tokens = drop_unmatched(tokens, &mut notes)?;
    let root = Builder::new(&mut notes).run(tokens);
    Ok(Parsed { root, notes })
}

/// Drops parentheses without a partner.
fn drop_unmatched(tokens: Vec<Token>, notes: &mut BTreeSet<Note>) -> Result<Vec<Token>, Error> {
    let mut open = Vec::new();
    let mut unmatched = BTreeSet::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => {
                open.push(index);
                if open.len() > limits::DEPTH {
                    return Err(Error::QueryTooDeep { most: limits::DEPTH });
                }
            }
            Token::Close if open.pop().is_none() => {
                unmatched.insert(index);
            }
            _ => {}
        }
    }
    unmatched.extend(open);
    if !unmatched.is_empty() {
        notes.insert(Note::UnmatchedParenthesis);
    }
    let matched = tokens
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !unmatched.contains(index));
    Ok(matched.map(|(_, token)| token).collect())
}

/// One open group.
#[derive(Default)]
struct Frame {
    /// All must hold; of the parts of each at least one.
    clauses: Vec<Vec<Syntax>>,
    /// The OR sign seen last, if no clause has followed it yet.
    or: Option<String>,
    /// What the next clause gets.
    next: Prefix,
    /// What the whole group gets.
    own: Prefix,
}

#[derive(Default)]
struct Prefix {
    exclude: bool,
    field: Option<(QueryField, String)>,
}

struct Builder<'a> {
    frames: Vec<Frame>,
    notes: &'a mut BTreeSet<Note>,
}

impl<'a> Builder<'a> {
    fn new(notes: &'a mut BTreeSet<Note>) -> Self {
        Self {
            frames: vec![Frame::default()],
            notes,
        }
    }

    fn run(mut self, tokens: Vec<Token>) -> Option<Syntax> {
        for token in tokens {
            match token {
                Token::Word(text) => self.word(text, false),
                Token::Phrase(text) => self.word(text, true),
                Token::Field(field, typed) => {
                    self.settle_field();
                    self.frame().next.field = Some((field, typed));
                }
                Token::Exclude => {
                    self.settle_field();
                    self.frame().next.exclude = true;
                }
                Token::Or(typed) => {
                    self.settle();
                    if self.frame().clauses.is_empty() || self.frame().or.is_some() {
                        self.lonely_or(typed);
                    } else {
                        self.frame().or = Some(typed);
                    }
                }
                Token::Open => {
                    let own = std::mem::take(&mut self.frame().next);
                    self.frames.push(Frame {
                        own,
                        ..Frame::default()
                    });
                }
                Token::Close => self.close(),
            }
        }
        while self.frames.len() > 1 {
            self.close();
        }
        self.settle();
        self.settle_or();
        self.frames.pop().and_then(Frame::into_syntax)
    }

    /// The innermost open group; there always is one.
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn word(&mut self, text: String, quoted: bool) {
        let field = self.frame().next.field.take().map(|(field, _)| field);
        let inherited = self
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.own.field.as_ref().map(|(field, _)| *field));
        self.push(Syntax::Word {
            field: field.or(inherited),
            text,
            quoted,
        });
    }

    fn push(&mut self, clause: Syntax) {
        let frame = self.frame();
        let exclude = std::mem::take(&mut frame.next).exclude;
        let clause = if exclude { Syntax::Not(Box::new(clause)) } else { clause };
        match (frame.or.take(), frame.clauses.last_mut()) {
            (Some(_), Some(alternatives)) => alternatives.push(clause),
            _ => frame.clauses.push(vec![clause]),
        }
    }

    /// A field without a value is the word itself.
    fn settle_field(&mut self) {
        if let Some((_, typed)) = self.frame().next.field.take() {
            self.notes.insert(Note::LonelyField);
            self.push(Syntax::Word {
                field: None,
                text: typed,
                quoted: false,
            });
        }
    }

    /// Ends a clause that was begun and does not go on.
    fn settle(&mut self) {
        self.settle_field();
        if std::mem::take(&mut self.frame().next.exclude) {
            self.notes.insert(Note::LonelyExclusion);
        }
    }

    /// An OR with nothing on one side is the word itself.
    fn lonely_or(&mut self, typed: String) {
        self.notes.insert(Note::LonelyOr);
        if !typed.is_empty() {
            self.push(Syntax::Word {
                field: None,
                text: typed,
                quoted: false,
            });
        }
    }

    fn settle_or(&mut self) {
        if let Some(typed) = self.frame().or.take() {
            self.lonely_or(typed);
        }
    }

    fn close(&mut self) {
        self.settle();
        self.settle_or();
        let Some(frame) = self.frames.pop() else { return };
        let exclude = frame.own.exclude;
        if let Some(group) = frame.into_syntax() {
            self.frame().next.exclude = exclude;
            self.push(group);
        }
    }
}

impl Frame {
    fn into_syntax(self) -> Option<Syntax> {
        let mut clauses: Vec<Syntax> = self
            .clauses
            .into_iter()
            .filter_map(|mut alternatives| match alternatives.len() {
                0 | 1 => alternatives.pop(),
                _ => Some(Syntax::Any(alternatives)),
            })
            .collect();
        match clauses.len() {
            0 | 1 => clauses.pop(),
            _ => Some(Syntax::All(clauses)),
        }
    }
}

#[cfg(test)]
mod tests;
