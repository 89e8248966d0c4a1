//! A better spelling of a query that finds nothing as typed, from what stands in the cases themselves.
//!
//! A word that no visible case holds is read letter by letter: each letter may be another one of the same sound (the
//! searcher's slip) or of the same shape (the recogniser's), as long as the pairs of neighbouring letters stand in the
//! collection. The best spellings are then searched among the visible cases. The whole query is run once more with the
//! new word, so a suggestion always finds something, for this viewer and with these filters.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, TantivyError, Term as IndexTerm};

use crate::analysis::{NormalisedText, homophones};
use crate::index::{GramField, Snapshot};

use super::interpret::interpret;
use super::parse::{Syntax, parse};
use super::plan::{Plan, Planner, QueryPlan, any, phrase, text_term};
use super::tolerance::Tolerance;
use super::visible_docs::VisibleDocs;
use super::{Error, SearchRequest, VisibleCases};

/// Words of a query that are looked at.
const WORDS: usize = 6;
/// Letters that a word may have.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=16;
/// Letters that may be wrong in one word; one in a word of two.
const WRONG: usize = 2;
/// Letters tried in the place of one: those that stand in the most cases.
const OPTIONS: usize = 24;
/// Spellings that are followed at the same time.
const FRONT: usize = 24;
/// Visible cases that are counted of those that hold a gram.
const COUNTED: usize = 256;
/// Spellings that are searched.
const SEARCHED: usize = 8;

/// The query with the words that nothing holds spelt better; `None` when there is no better spelling.
pub(super) fn better_spelling(
    request: &SearchRequest,
    visible: &VisibleCases,
    snapshot: &Snapshot,
    planner: &Planner<'_>,
    deadline: Instant,
) -> Result<Option<String>, Error> {
    let Some(syntax) = parse(&request.query)?.root else {
        return Ok(None);
    };
    let mut words = Vec::new();
    collect(&syntax, &mut words);
    let mut speller = Speller::new(VisibleDocs::new(visible, snapshot, planner.kept, deadline)?, snapshot)?;
    let mut query = request.query.clone();
    for word in words.into_iter().take(WORDS) {
        // It is no mistake to leave a search without a suggestion.
        if Instant::now() >= deadline {
            return Ok(None);
        }
        if let Some(better) = speller.spell(word)? {
            query = query.replacen(word, &better, 1);
        }
    }
    if query == request.query || super::request::check_length(&query).is_err() {
        return Ok(None);
    }
    let tree = interpret(&query, &snapshot.analyser, request.numbers)?;
    let plan = QueryPlan::new(&tree, &Tolerance::default(), request, visible, planner);
    let found = count(&plan.selected(plan.exact.as_ref()), snapshot)?;
    Ok((found > 0).then_some(query))
}

/// The words that must stand in a case, as typed.
fn collect<'s>(syntax: &'s Syntax, words: &mut Vec<&'s str>) {
    match syntax {
        Syntax::All(parts) | Syntax::Any(parts) => parts.iter().for_each(|part| collect(part, words)),
        Syntax::Word {
            text, quoted: false, ..
        } => words.push(text),
        Syntax::Word { .. } | Syntax::Not(_) => {}
    }
}

fn count(query: &Plan, snapshot: &Snapshot) -> Result<usize, Error> {
    query.count(&snapshot.searcher).map_err(failed)
}

fn failed(source: TantivyError) -> Error {
    Error::Tantivy {
        action: "look for a better spelling",
        source,
    }
}

/// One spelling on the way.
#[derive(Clone)]
struct Front {
    letters: Vec<char>,
    wrong: usize,
    /// How rare its rarest pair is: cases that hold it.
    rarest: u64,
}

struct Speller<'a> {
    snapshot: &'a Snapshot,
    seen: VisibleDocs<'a>,
    indexes: Vec<(Field, Arc<InvertedIndexReader>)>,
    /// Letters that are taken for one another, both ways.
    alike: HashMap<char, Vec<char>>,
    held: HashMap<String, u64>,
}

impl<'a> Speller<'a> {
    fn new(seen: VisibleDocs<'a>, snapshot: &'a Snapshot) -> Result<Self, Error> {
        let mut indexes = Vec::new();
        for segment in snapshot.searcher.segment_readers() {
            for field in Self::fields(snapshot)
                .into_iter()
                .flat_map(|grams| [grams.pairs, grams.singles])
            {
                indexes.push((field, segment.inverted_index(field).map_err(failed)?));
            }
        }
        let mut alike: HashMap<char, Vec<char>> = HashMap::new();
        for (printed, confusion) in snapshot.analyser.dictionaries().confusions.iter() {
            alike.entry(printed).or_default().push(confusion.read);
            alike.entry(confusion.read).or_default().push(printed);
        }
        Ok(Self {
            snapshot,
            seen,
            indexes,
            alike,
            held: HashMap::new(),
        })
    }

    /// Where names and texts stand.
    fn fields(snapshot: &Snapshot) -> [GramField; 5] {
        let fields = &snapshot.fields;
        [
            fields.body.grams,
            fields.title.grams,
            fields.applicant.grams,
            fields.matter_text.grams,
            fields.agency_text.grams,
        ]
    }

    /// A better spelling of a word that no visible case holds.
    fn spell(&mut self, word: &str) -> Result<Option<String>, Error> {
        let letters = self.snapshot.analyser.normalise(word);
        let chars: Vec<char> = letters.letters().iter().map(|letter| letter.ch).collect();
        let han = chars.iter().any(|letter| !letter.is_ascii());
        if !LETTERS.contains(&chars.len()) || !han || self.found(&letters)? > 0 {
            return Ok(None);
        }
        let mut spellings = self.spellings(&chars)?;
        spellings.sort_by_key(|front| (front.wrong, Reverse(front.rarest)));
        let mut best: Option<(usize, Reverse<u64>, Vec<char>)> = None;
        for front in spellings.into_iter().take(SEARCHED) {
            let spelt = self
                .snapshot
                .analyser
                .normalise(&front.letters.iter().collect::<String>());
            let cases = self.found(&spelt)?;
            let candidate = (front.wrong, Reverse(cases), front.letters);
            if cases > 0 && best.as_ref().is_none_or(|best| candidate < *best) {
                best = Some(candidate);
            }
        }
        Ok(best.map(|(_, _, spelt)| replaced(word, &letters, &chars, &spelt)))
    }

    /// Visible cases that hold the letters one after the other.
    fn found(&self, letters: &NormalisedText) -> Result<u64, Error> {
        let places = Self::fields(self.snapshot).map(|field| phrase(field, letters));
        self.seen.count(any(places.into()).as_ref())
    }

    /// Spellings with few other letters of which every pair stands in some case, the original left out.
    fn spellings(&mut self, chars: &[char]) -> Result<Vec<Front>, Error> {
        let most = if chars.len() == 2 { 1 } else { WRONG };
        let mut fronts = vec![Front {
            letters: Vec::new(),
            wrong: 0,
            rarest: u64::MAX,
        }];
        for letter in chars {
            let mut options = vec![*letter];
            options.extend(self.options(*letter)?);
            let mut next = Vec::new();
            for front in &fronts {
                for option in &options {
                    let wrong = front.wrong + usize::from(option != letter);
                    if wrong > most {
                        continue;
                    }
                    let held = match front.letters.last() {
                        Some(before) => self.held([*before, *option].iter().collect())?,
                        None => u64::MAX,
                    };
                    if held == 0 {
                        continue;
                    }
                    let mut letters = front.letters.clone();
                    letters.push(*option);
                    next.push(Front {
                        letters,
                        wrong,
                        rarest: front.rarest.min(held),
                    });
                }
            }
            // The second letter decides about the first, so all the options of that are kept.
            next.sort_by_key(|front| (front.wrong, Reverse(front.rarest)));
            next.truncate(FRONT.max(OPTIONS + 1));
            fronts = next;
        }
        fronts.retain(|front| front.letters != chars);
        Ok(fronts)
    }

    /// The letters that may be meant by a letter, those in the most cases first.
    fn options(&mut self, letter: char) -> Result<Vec<char>, Error> {
        let mut options = self.alike.get(&letter).cloned().unwrap_or_default();
        options.extend(homophones(letter));
        options.sort_unstable();
        options.dedup();
        let mut held = Vec::new();
        for option in options.into_iter().filter(|option| *option != letter) {
            let cases = self.held(option.to_string())?;
            if cases > 0 {
                held.push((Reverse(cases), option));
            }
        }
        held.sort_unstable();
        held.truncate(OPTIONS);
        Ok(held.into_iter().map(|(_, option)| option).collect())
    }

    /// About how many visible cases hold a gram: in one field or another, of those that may be seen up to so many.
    fn held(&mut self, gram: String) -> Result<u64, Error> {
        if let Some(held) = self.held.get(&gram) {
            return Ok(*held);
        }
        let mut held = 0;
        if self.seen.sees_all() {
            for (field, index) in &self.indexes {
                let term = IndexTerm::from_field_text(*field, &gram);
                held += u64::from(index.doc_freq(&term).map_err(|e| failed(e.into()))?);
            }
        } else {
            // What only invisible cases hold must not even take the place of something else.
            let letters = gram.chars().count();
            for field in Self::fields(self.snapshot) {
                held += self
                    .seen
                    .count_up_to(text_term(field.of_length(letters), &gram).as_ref(), COUNTED)?;
            }
        }
        self.held.insert(gram, held);
        Ok(held)
    }
}

/// The word with the letters that are spelt otherwise, everything else as it was typed.
fn replaced(word: &str, letters: &NormalisedText, typed: &[char], spelt: &[char]) -> String {
    let mut chars: Vec<String> = word.chars().map(String::from).collect();
    for ((letter, old), new) in letters.letters().iter().zip(typed).zip(spelt) {
        if old != new
            && let Some(place) = chars.get_mut(letter.from as usize)
        {
            *place = new.to_string();
        }
    }
    chars.concat()
}
