//! Search: request → query tree → query plan → hits → answer.
//!
//! [`Searcher::search`] has three parts: a blocking one on the index (which cases, in what order, how many, with
//! which facet counts, all from one snapshot), an asynchronous one that fetches the summaries and page texts of the
//! few cases shown through [`CaseTexts`], and a pure one that finds what to mark in them.

mod cursor;
mod did_you_mean;
mod error;
mod excluded;
mod execute;
mod expand;
mod facet;
mod facets;
mod highlight;
mod interpret;
mod kept;
mod kept_answers;
pub mod limits;
mod narrow;
mod number_hash;
mod order;
mod parse;
mod person_number;
mod pieces;
mod plan;
mod ranking;
mod request;
mod response;
mod searcher;
mod snippets;
pub mod statistics;
mod suggest;
mod texts;
mod tolerance;
mod tree;
mod values;
mod verdict;
mod visible_docs;
mod walk;

#[cfg(test)]
mod tests;

pub use crate::access::VisibleCases;
pub use error::{Error, ErrorKind};
pub use facet::Facet;
pub use narrow::FILTERS;
pub use request::{PersonNumbers, SearchRequest, Sort};
pub use response::{FacetValue, Hit, MatchKind, PageMark, PageMarks, SearchResponse, Snippet};
pub use searcher::{FoundCases, Searcher};
pub use suggest::{CaseNames, NameTexts, SuggestRequest, SuggestResponse, SuggestViewer, Suggestion, SuggestionKind};
pub use texts::{CasePage, CaseState, CaseSummary, CaseTexts};
pub use tree::QueryTree;
pub use walk::{AllMatches, Criteria, Selected};
