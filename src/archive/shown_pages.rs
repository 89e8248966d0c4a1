//! Pages that were shown before, as they were shown: with personal data masked.
//!
//! To show a page it is read, unsealed, unpacked and masked, which takes longer than finding it; and who searches looks at the
//! same cases again, page by page of the answer and filter by filter. What is kept is in memory only, and named by the last
//! change of its case: after a correction nobody asks for it any more.

use std::sync::Arc;

use crate::bounded::BoundedMap;
use crate::search::{CasePage, CaseState};

/// Most bytes that are kept.
const MOST_BYTES: usize = 192 << 20;
/// What a page takes, roughly: its text, its letters with their places (13 bytes for each, which has three in the text).
const BYTES_OF_A_BYTE: usize = 6;
const BYTES_OF_A_PAGE: usize = 200;
/// What a case takes besides its pages, roughly.
const BYTES_OF_A_CASE: usize = 160;

/// Which pages of which state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ShownSpan {
    pub(super) case: CaseState,
    pub(super) offset: usize,
    pub(super) limit: usize,
}

/// The pages that are kept. Cheap to clone; all clones share them.
#[derive(Clone, Debug)]
pub(super) struct ShownPages(Arc<BoundedMap<ShownSpan, Arc<[CasePage]>>>);

impl Default for ShownPages {
    fn default() -> Self {
        Self(Arc::new(BoundedMap::new(MOST_BYTES)))
    }
}

impl ShownPages {
    pub(super) fn get(&self, span: &ShownSpan) -> Option<Arc<[CasePage]>> {
        self.0.get(span)
    }

    pub(super) fn put(&self, span: ShownSpan, pages: &Arc<[CasePage]>) {
        let bytes: usize = pages
            .iter()
            .map(|page| page.text().len() * BYTES_OF_A_BYTE + BYTES_OF_A_PAGE)
            .sum();
        self.0.put(span, Arc::clone(pages), bytes + BYTES_OF_A_CASE);
    }
}
