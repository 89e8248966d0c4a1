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
/// Other names searched for one term.
pub const EXPANSIONS_OF_A_TERM: usize = 48;
/// Other names searched for one query.
pub const EXPANSIONS: usize = 96;
/// A query that finds fewer cases as typed is also searched by synonyms and by sound.
pub const FEW_CASES: u64 = 10;
/// Syllables that a word of Latin letters must have before it is taken for the pinyin of a name.
pub const SELECTIVE_SYLLABLES: usize = 2;
/// Letters that a word must have before it is taken for the initials of a name; of an applicant, asked for as such, one
/// less.
pub const SELECTIVE_INITIALS: usize = 3;
/// Syllables that a word must have before anything on the pages is taken for what it spells.
pub const SYLLABLES_ON_PAGES: usize = 3;
/// Most agencies, and most matters, that are looked through for a name; the most frequent ones.
pub const VALUES_LOOKED_THROUGH: usize = 20_000;
/// Longest input of a suggestion in characters.
pub const SUGGEST_CHARACTERS: usize = 64;
/// Suggestions that may be asked for.
pub const SUGGESTIONS: std::ops::RangeInclusive<usize> = 1..=50;
/// Suggestions when no number is asked for.
pub const DEFAULT_SUGGESTIONS: usize = 10;
/// Cases looked at for the suggestions of one kind; beyond, suggestions come from a part of the cases, their counts from all.
pub const CASES_LOOKED_AT: usize = 20_000;
/// Names and numbers fetched to be compared with the input, for one kind.
pub const CANDIDATES: usize = 40;
/// Numbers fetched to be compared, for one kind; they are the latest.
pub const NUMBER_CANDIDATES: usize = 20;
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
/// Most cells of one table of statistics.
pub const STATISTICS_CELLS: usize = 20_000;
