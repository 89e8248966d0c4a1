//! The cases that hold a term as typed.

use std::sync::Arc;

use tantivy::DocId;

use crate::search::Error;
use crate::search::plan::Planner;

use super::Resolved;
use super::term_search::TermSearch;

impl TermSearch<'_> {
    /// The cases that hold the term as typed. Pages are looked through by themselves, once for what is found and its rank.
    pub(super) fn as_typed(&self, planner: &Planner<'_>) -> Result<(Vec<Vec<DocId>>, Resolved), Error> {
        let elsewhere = self.search(planner.elsewhere(self.term).as_ref())?;
        let chosen = |docs: &[Vec<DocId>]| {
            let unscored = |docs: &Vec<DocId>| docs.iter().map(|doc| (*doc, 0.0)).collect();
            self.chosen(docs.iter().map(unscored))
        };
        let Some(pages) = planner.on_pages(self.term) else {
            let resolved = Resolved {
                exact: chosen(&elsewhere),
                ..Resolved::default()
            };
            return Ok((elsewhere, resolved));
        };
        let on_pages = self.search(pages.as_ref())?;
        let listed = chosen(&on_pages);
        let mut exact = on_pages.clone();
        for (exact, elsewhere) in exact.iter_mut().zip(elsewhere) {
            exact.extend(elsewhere);
            // Both are sorted.
            exact.sort();
            exact.dedup();
        }
        let resolved = Resolved {
            exact: match exact == on_pages {
                true => Arc::clone(&listed),
                false => chosen(&exact),
            },
            on_pages: Some(listed),
            ..Resolved::default()
        };
        Ok((exact, resolved))
    }
}
