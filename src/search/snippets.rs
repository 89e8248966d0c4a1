//! Snippets of hits: which pages are read for them.
//!
//! Most cases have few pages, and all of them are read. Of a long case the index tells on which pages the words stand, so
//! that few of hundreds need be read, wherever they are.

use std::sync::Arc;
use std::time::Instant;

use tantivy::DocAddress;

use crate::index::{Letters, Numbers, Snapshot};

use super::execute::FoundCase;
use super::highlight::{BestPages, Highlighter, Parts};
use super::{CasePage, CaseState, CaseTexts, Error, MatchKind, Snippet, limits};

/// Hits whose first pages are read together.
const HITS_AT_ONCE: usize = 20;
/// Pages fetched at a time.
const PAGES_AT_ONCE: usize = 20;
/// Pages fetched of those that the index names.
const PAGES_NAMED: usize = 9;

/// Reads pages of hits until there are enough snippets, or no more time or characters to spend.
pub(super) struct SnippetReader<'a, T> {
    pub(super) highlighter: Highlighter,
    pub(super) snapshot: &'a Snapshot,
    /// Whether a number of a person was asked for; else none is looked at.
    pub(super) by_number: bool,
    pub(super) texts: &'a T,
    pub(super) deadline: Instant,
    pub(super) characters: usize,
}

impl<T: CaseTexts> SnippetReader<'_, T> {
    /// The snippets of some hits, in their order.
    pub(super) async fn read(&mut self, hits: &[(&FoundCase, CaseState)]) -> Result<Vec<Vec<Snippet>>, Error> {
        let mut snippets = Vec::with_capacity(hits.len());
        for some in hits.chunks(HITS_AT_ONCE) {
            let states: Vec<CaseState> = some.iter().map(|(_, state)| *state).collect();
            let first = match self.may_go_on() {
                true => self.pages(&states, 0, PAGES_AT_ONCE).await?,
                false => vec![Arc::default(); states.len()],
            };
            for ((case, state), first) in some.iter().zip(first) {
                snippets.push(self.read_case(case, *state, &first).await?);
            }
        }
        Ok(snippets)
    }

    async fn read_case(
        &mut self,
        case: &FoundCase,
        state: CaseState,
        first: &[CasePage],
    ) -> Result<Vec<Snippet>, Error> {
        let parts = match case.matched {
            MatchKind::Exact => Parts::Never,
            MatchKind::Tolerant => Parts::Anywhere,
        };
        let mut best = BestPages::default();
        if !self.may_go_on() {
            return Ok(Vec::new());
        }
        self.look(first, parts, &mut best);
        let mut offset = first.len();
        let mut more = offset == PAGES_AT_ONCE;
        if more && self.may_go_on() && !self.highlighter.satisfied(&best) {
            let named = self.highlighter.pages_with(&self.letters(case.address)?, parts);
            let behind = named.pages.iter().filter(|page| **page >= offset);
            for page in behind.take(PAGES_NAMED) {
                self.fetch(state, *page, 1, parts, &mut best).await?;
            }
            more = !named.complete;
        }
        while more && offset < limits::PAGES_READ_PER_HIT && self.may_go_on() && !self.highlighter.satisfied(&best) {
            let read = self.fetch(state, offset, PAGES_AT_ONCE, parts, &mut best).await?;
            offset += read;
            more = read == PAGES_AT_ONCE;
        }
        Ok(best.into_snippets())
    }

    /// Fetches some pages of a case and looks at them; how many there were.
    async fn fetch(
        &mut self,
        state: CaseState,
        offset: usize,
        limit: usize,
        parts: Parts,
        best: &mut BestPages,
    ) -> Result<usize, Error> {
        let pages = self.pages(&[state], offset, limit).await?;
        let pages = pages.into_iter().next().unwrap_or_default();
        self.look(&pages, parts, best);
        Ok(pages.len())
    }

    async fn pages(&self, states: &[CaseState], offset: usize, limit: usize) -> Result<Vec<Arc<[CasePage]>>, Error> {
        let pages = self.texts.pages(states, offset, limit).await;
        pages.map_err(|error| Error::Texts(Box::new(error)))
    }

    fn look(&mut self, pages: &[CasePage], parts: Parts, best: &mut BestPages) {
        for page in pages {
            self.characters = self.characters.saturating_sub(page.text().chars().count());
            self.highlighter.look(page, parts, best);
        }
    }

    /// The letters of each page of a case.
    fn letters(&self, address: DocAddress) -> Result<Vec<Letters>, Error> {
        let numbers = if self.by_number {
            Numbers::Opened
        } else {
            Numbers::Hidden
        };
        let pages = self.snapshot.letters_of_pages(address, numbers);
        pages.map_err(|source| Error::Tantivy {
            action: "read the letters of a case",
            source,
        })
    }

    fn may_go_on(&self) -> bool {
        !self.highlighter.is_empty() && self.characters > 0 && Instant::now() < self.deadline
    }
}
