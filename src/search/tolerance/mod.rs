//! Which cases hold a term although it was misread there.
//!
//! Every word of a query is looked for exactly and tolerantly, always: where some copies are right, others are not, and
//! both are wanted. A tolerant hit counts as a hit, so it must be believed: [`mod@candidates`] finds the cases that share
//! enough of a term's rare grams, [`align`] where and how their letters differ from it, and [`judge`] decides whether the
//! differences are errors of reading. What comes out are plain lists of documents, which the plan uses as it uses any
//! other query; whatever is decided here is decided once for hits, totals, facets and pages.

pub(super) mod align;
mod alike;
mod as_typed;
mod candidates;
mod conjunction;
mod context;
mod counted;
mod documents;
mod judge;
mod meant;
mod sample;
mod short_names;
mod term_search;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use crate::analysis::{Analyser, NormalisedText};
use crate::index::{Section, Snapshot};

use super::kept_answers::AnswersOf;
use super::plan::{Planner, visible_lists};
use super::tree::{Node, QueryTree, Scope, Term, Value};
use super::{Error, VisibleCases};
pub(super) use documents::{Chosen, ChosenQuery, ChosenScorer, position};
use term_search::TermSearch;

/// Fewest letters of a term that may have been misread: with fewer there is nothing to tell it from another.
const LEAST_LETTERS: usize = 3;
/// Probability from which a case counts as a hit.
const BELIEVED: f32 = 0.5;

/// How many letters of a term may differ; whether they are errors is decided later.
pub(super) fn most_changes(letters: usize) -> usize {
    match letters {
        0..LEAST_LETTERS => 0,
        3..=5 => 1,
        6..=7 => 2,
        8..=11 => 3,
        12..=15 => 4,
        _ => (letters / 4).min(12),
    }
}

/// What was found for one term.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolved {
    /// Cases that hold it as typed, or its value.
    pub(super) exact: Arc<Chosen>,
    /// Those of them that hold its letters on their pages; `None` when it is not looked for there.
    pub(super) on_pages: Option<Arc<Chosen>>,
    /// Other cases that are believed to hold it.
    pub(super) tolerant: Option<Arc<Chosen>>,
    /// The tolerant ones are only what is nearest to it: nothing was found that is believed to hold it.
    pub(super) nearest: bool,
    /// Nothing was found at all: its words may stand apart.
    pub(super) loose: bool,
}

impl Resolved {
    /// How many documents it names.
    pub(super) fn documents(&self) -> usize {
        let on_pages = self.on_pages.iter().filter(|list| !Arc::ptr_eq(list, &self.exact));
        let lists = std::iter::once(&self.exact).chain(on_pages).chain(&self.tolerant);
        lists.flat_map(|chosen| chosen.values()).map(|list| list.len()).sum()
    }
}

/// What was found for the terms of a query.
#[derive(Debug, Default)]
pub(super) struct Tolerance {
    terms: HashMap<Key, Resolved>,
    /// What the searcher is told.
    pub(super) remarks: Vec<String>,
}

impl Tolerance {
    /// What was found for a term; `None` for those that are only looked for as typed.
    pub(super) fn of(&self, term: &Term) -> Option<&Resolved> {
        self.terms.get(&key(term))
    }

    /// Whether any term is found other than as typed.
    pub(super) fn any(&self) -> bool {
        self.terms
            .values()
            .any(|resolved| resolved.tolerant.is_some() || resolved.loose)
    }

    /// Looks for every term of a query that may have been misread. What is decided by what is found is decided by what
    /// the viewer may see.
    pub(super) fn find(
        tree: &QueryTree,
        planner: &Planner<'_>,
        snapshot: &Snapshot,
        analyser: &Analyser,
        visible: &VisibleCases,
        answers: AnswersOf<'_>,
        deadline: Instant,
    ) -> Result<Self, Error> {
        let mut terms = Vec::new();
        collect(&tree.root, &mut terms);
        let mut tolerance = Self::default();
        let Some(first) = terms.first().copied().or_else(|| conjunction::first_word(tree)) else {
            return Ok(tolerance);
        };
        let search = TermSearch {
            snapshot,
            analyser,
            answers,
            deadline,
            listed: None,
            term: first,
            chars: Vec::new(),
        };
        let listed = visible_lists(visible, planner.fields, planner.kept, &snapshot.searcher);
        let listed = listed.map_err(|source| Error::Tantivy {
            action: "list the visible cases",
            source,
        })?;
        let search = TermSearch {
            listed: listed.as_deref(),
            ..search
        };
        for term in terms {
            if tolerance.of(term).is_some() {
                continue;
            }
            let search = search.of(term);
            let resolved = match term.letters.len() {
                LEAST_LETTERS.. => answers.term(term, || search.run(planner))?,
                _ if search.is_short_name() => answers.term(term, || search.run_short(planner))?,
                _ => continue,
            };
            if resolved.tolerant.is_some() && (term.quoted || resolved.nearest) {
                tolerance.remarks.push(format!(
                    "没有找到原文“{}”，列出的是相近的文字",
                    term.letters.as_string()
                ));
            }
            tolerance.put(term, resolved);
        }
        tolerance.find_together(tree, planner, &search)?;
        Ok(tolerance)
    }

    fn put(&mut self, term: &Term, resolved: Resolved) {
        self.terms.insert(key(term), resolved);
    }
}

/// What makes two terms the same search: where, what, and whether it was quoted.
type Key = (Scope, String, bool);

fn key(term: &Term) -> Key {
    (term.scope, term.letters.as_string(), term.quoted)
}

/// The letters that are looked for where a term was misread: of a document number those of its proper form.
pub(super) fn sought_letters(term: &Term, analyser: &Analyser) -> NormalisedText {
    let number = term.values.iter().find_map(|value| match value {
        Value::DocumentNumber(number) => Some(analyser.normalise(&number.to_string())),
        _ => None,
    });
    number.unwrap_or_else(|| term.letters.clone())
}

fn sought(term: &Term, analyser: &Analyser) -> Vec<char> {
    let letters = sought_letters(term, analyser);
    letters.letters().iter().map(|letter| letter.ch).collect()
}

/// The terms that are looked for tolerantly; what is excluded is excluded as typed.
fn collect<'t>(node: &'t Node, terms: &mut Vec<&'t Term>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, terms)),
        Node::Term(term) => {
            let length = term.letters.len();
            if !term.only_values
                && (LEAST_LETTERS - 1..=align::LONGEST).contains(&length)
                && !sections(term.scope).is_empty()
            {
                terms.push(term);
            }
        }
        // Other names are looked for as they are; and who types how a name sounds has not misread it.
        Node::Expanded(expanded) => {
            if !expanded.others.iter().any(|other| matches!(other, Node::Sounds(_))) {
                collect(&expanded.typed, terms);
            }
        }
        Node::Not(_) | Node::Everything | Node::Nothing | Node::Facet { .. } | Node::Sounds(_) => {}
    }
}

/// What of a case is looked at closely.
fn sections(scope: Scope) -> &'static [Section] {
    match scope {
        Scope::Everywhere => &[Section::Page],
        Scope::Applicant => &[Section::Applicant],
        Scope::Matter => &[Section::Matter],
        Scope::Agency => &[Section::Agency],
        Scope::DocumentNumber | Scope::ArchivalCode | Scope::AcceptanceNumber => &[],
    }
}
