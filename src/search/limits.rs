//! Every limit of a search, checked before work starts.

/// Longest query (`q`) in characters.
pub const QUERY_CHARACTERS: usize = 256;
/// Most words, phrases and fields in one query.
pub const CLAUSES: usize = 32;
/// Deepest nesting of parentheses.
pub const DEPTH: usize = 4;
/// Smallest and largest number of hits on one page.
pub const PAGE_SIZE: std::ops::RangeInclusive<usize> = 1..=100;
/// Hits on one page when none is asked for.
pub const DEFAULT_PAGE_SIZE: usize = 10;
/// Deepest hit that can be paged to: `page × size` may not exceed it. tantivy allocates this many places a segment.
pub const DEEPEST_HIT: usize = 10_000;
/// Most selected values over all facets of one request.
pub const SELECTED_VALUES: usize = 100;
/// Longest selected facet value in characters.
pub const VALUE_CHARACTERS: usize = 200;
/// Most values reported of one facet; those with the highest counts, and all selected ones.
pub const FACET_VALUES: usize = 200;
/// Letters that a word must have before it may match tolerantly.
pub const TOLERANT_LETTERS: usize = 4;
/// Pages of text read for one hit in search of snippets.
pub const PAGES_READ_PER_HIT: usize = 60;
/// Characters of text read for the snippets of one answer.
pub const CHARACTERS_READ: usize = 4_000_000;
/// Snippets for one hit.
pub const SNIPPETS_PER_HIT: usize = 3;
/// Length of a snippet in characters.
pub const SNIPPET_CHARACTERS: usize = 80;
/// Marks reported on one page.
pub const MARKS_PER_PAGE: usize = 1_000;
