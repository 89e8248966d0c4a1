//! Snippets of hits: which pages are read for them.
//!
//! Most cases have few pages, and all of them are read. Of a long case the index tells on which pages the words stand, so
//! that few of hundreds need be read, wherever they are.

use std::time::Instant;

use tantivy::DocAddress;

use crate::index::{Letters, Snapshot};

use super::execute::FoundCase;
use super::highlight::{BestPages, Highlighter, Parts};
use super::{CaseTexts, Error, MatchKind, Snippet, limits};

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
    pub(super) async fn read(&mut self, case: &FoundCase) -> Result<Vec<Snippet>, Error> {
        let parts = match case.matched {
            MatchKind::Exact => Parts::Never,
            MatchKind::Tolerant => Parts::Anywhere,
        };
        let mut best = BestPages::default();
        let mut offset = 0;
        while offset < limits::PAGES_READ_PER_HIT && self.may_go_on() && !self.highlighter.satisfied(&best) {
            let read = self.look(case, offset, PAGES_AT_ONCE, parts, &mut best).await?;
            offset += read;
            if read < PAGES_AT_ONCE {
                break;
            }
            if offset == PAGES_AT_ONCE && self.may_go_on() {
                let named = self.highlighter.pages_with(&self.letters(case.address)?, parts);
                let behind = named.pages.iter().filter(|page| **page >= offset);
                for page in behind.take(PAGES_NAMED) {
                    self.look(case, *page, 1, parts, &mut best).await?;
                }
                if named.complete {
                    break;
                }
            }
        }
        Ok(best.into_snippets())
    }

    /// Fetches some pages and looks at them; how many there were.
    async fn look(
        &mut self,
        case: &FoundCase,
        offset: usize,
        limit: usize,
        parts: Parts,
        best: &mut BestPages,
    ) -> Result<usize, Error> {
        let pages = self.texts.pages(case.case_key, offset, limit).await;
        let pages = pages.map_err(|error| Error::Texts(Box::new(error)))?;
        let count = pages.len();
        for page in pages {
            self.characters = self.characters.saturating_sub(page.text.chars().count());
            self.highlighter.look(page, parts, best);
        }
        Ok(count)
    }

    /// The letters of each page of a case.
    fn letters(&self, address: DocAddress) -> Result<Vec<Letters>, Error> {
        let pages = self
            .snapshot
            .letters_of_pages(address)
            .map_err(|source| Error::Tantivy {
                action: "read the letters of a case",
                source,
            })?;
        if self.by_number {
            return Ok(pages);
        }
        Ok(pages.iter().map(|page| page.without_numbers().into_owned()).collect())
    }

    fn may_go_on(&self) -> bool {
        !self.highlighter.is_empty() && self.characters > 0 && Instant::now() < self.deadline
    }
}
