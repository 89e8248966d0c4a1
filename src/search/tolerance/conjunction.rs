//! Words that stand together in no case: the searcher has a case in mind that holds them all, so one of them was
//! misread there.
//!
//! In the few cases that hold the other words a word is expected, while in all cases together hardly anything may be
//! taken for it; so also short words and bolder readings are believed here.

use std::sync::Arc;

use tantivy::DocId;

use crate::search::Error;
use crate::search::plan::Planner;
use crate::search::tree::{Node, QueryTree, Scope, Term};

use super::term_search::{BySegment, TermSearch, count};
use super::{Resolved, Tolerance, align};

/// Most cases that hold the other words: among more a word is not expected in any one of them.
const MOST_CASES: usize = 200;
/// Fewest letters of a word that may be misread in them.
const LEAST_LETTERS: usize = 2;
/// Probability that one of the cases is the one in mind.
const IN_MIND: f32 = 0.5;
/// Probability from which a case is taken for it.
const BELIEVED: f32 = 0.4;

impl Tolerance {
    /// Looks for each word of a query among the cases that hold its other words, when none holds all.
    pub(super) fn find_together(
        &mut self,
        tree: &QueryTree,
        planner: &Planner<'_>,
        search: &TermSearch<'_>,
    ) -> Result<(), Error> {
        let Node::All(nodes) = &tree.root else {
            return Ok(());
        };
        let all = planner.tolerant(&Node::All(nodes.clone()), self);
        if search.any(all.as_ref())? {
            return Ok(());
        }
        let mut found = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            let Some(term) = word(node) else { continue };
            let mut rest = nodes.clone();
            rest.remove(number);
            if rest.iter().all(|node| matches!(node, Node::Not(_))) {
                continue;
            }
            let cases = self.cases_of(&rest, planner, search)?;
            let among = count(&cases);
            if (1..=MOST_CASES).contains(&among) {
                found.push((term, search.of(term).among(&cases, among)?));
            }
        }
        for (term, more) in found {
            if count(&more) > 0 {
                self.add(term, more, planner, &search.of(term))?;
            }
        }
        Ok(())
    }

    /// The visible cases that hold all of these, right or misread.
    fn cases_of(
        &self,
        nodes: &[Node],
        planner: &Planner<'_>,
        search: &TermSearch<'_>,
    ) -> Result<Vec<Vec<DocId>>, Error> {
        let query = planner.tolerant(&Node::All(nodes.to_vec()), self);
        search.search(query.as_ref())
    }

    /// Adds cases to those that are believed to hold a word.
    fn add(
        &mut self,
        term: &Term,
        mut more: BySegment,
        planner: &Planner<'_>,
        search: &TermSearch<'_>,
    ) -> Result<(), Error> {
        let resolved = match self.of(term) {
            Some(resolved) => resolved.clone(),
            None => search.as_typed(planner)?.1,
        };
        if let Some(tolerant) = &resolved.tolerant {
            let readers = search.snapshot.searcher.segment_readers().iter();
            for (more, reader) in more.iter_mut().zip(readers) {
                more.extend(
                    tolerant
                        .get(&reader.segment_id())
                        .into_iter()
                        .flat_map(|docs| docs.iter().copied()),
                );
                more.sort_by_key(|(doc, _)| *doc);
                more.dedup_by_key(|(doc, _)| *doc);
            }
        }
        let tolerant: Option<Arc<_>> = Some(search.chosen(more.into_iter()));
        self.put(term, Resolved { tolerant, ..resolved });
        Ok(())
    }
}

impl TermSearch<'_> {
    /// Those of some cases that are believed to hold the word, because one of them is the case in mind.
    fn among(&self, cases: &[Vec<DocId>], among: usize) -> Result<BySegment, Error> {
        let each = cases.iter().enumerate();
        let seen = self.look_at(each.flat_map(|(segment, docs)| docs.iter().map(move |doc| (segment, *doc))))?;
        #[allow(clippy::cast_precision_loss)] // hundreds
        let expected = IN_MIND * self.documents() / among as f32;
        let probabilities = self.judged(&seen, expected);
        Ok(self.at_least(&seen, &probabilities, BELIEVED))
    }
}

/// The first word of a query of several.
pub(super) fn first_word(tree: &QueryTree) -> Option<&Term> {
    match &tree.root {
        Node::All(nodes) => nodes.iter().find_map(word),
        _ => None,
    }
}

/// The word that a part of a query is, when it may be misread in a page.
fn word(node: &Node) -> Option<&Term> {
    let term = match node {
        Node::Term(term) => term,
        Node::Expanded(expanded) => word(&expanded.typed)?,
        _ => return None,
    };
    let fits = term.scope == Scope::Everywhere && !term.only_values && !term.quoted;
    (fits && (LEAST_LETTERS..=align::LONGEST).contains(&term.letters.len())).then_some(term)
}
