//! What can go wrong in a search.

use crate::index;
pub use crate::index::ErrorKind;

/// An error of a search. The texts for users come from the table of the API, by [`Error::code`];
/// no variant holds what the user searched for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query is longer than [`super::limits::QUERY_CHARACTERS`].
    #[error("the query has more than {most} characters")]
    QueryTooLong {
        /// The limit.
        most: usize,
    },
    /// The query has more clauses than [`super::limits::CLAUSES`].
    #[error("the query has more than {most} clauses")]
    QueryTooComplex {
        /// The limit.
        most: usize,
    },
    /// Parentheses are nested deeper than [`super::limits::DEPTH`].
    #[error("the query is nested deeper than {most}")]
    QueryTooDeep {
        /// The limit.
        most: usize,
    },
    /// `page` is no number from 1, or lies beyond [`super::limits::DEEPEST_HIT`].
    #[error("page out of range; the deepest hit that can be reached is {deepest}")]
    PageOutOfRange {
        /// The limit.
        deepest: usize,
    },
    /// `after` is not the `next` of an answer to the same search.
    #[error("the cursor is none of this search")]
    InvalidCursor,
    /// Both `after` and a page other than the first.
    #[error("both a page and a cursor")]
    PageAndCursor,
    /// `size` is no number within [`super::limits::PAGE_SIZE`].
    #[error("size out of range; the most is {most}")]
    SizeOutOfRange {
        /// The limit.
        most: usize,
    },
    /// `facets` names something that is no facet.
    #[error("unknown facet")]
    UnknownFacet,
    /// A parameter that the search does not have.
    #[error("unknown parameter")]
    UnknownParameter,
    /// A parameter that may be given once was given again.
    #[error("parameter `{parameter}` given twice")]
    RepeatedParameter {
        /// Its name.
        parameter: &'static str,
    },
    /// A facet value that this facet cannot have, or one that is too long.
    #[error("invalid value for facet `{facet}`")]
    InvalidFacetValue {
        /// Code of the facet.
        facet: &'static str,
    },
    /// More selected facet values than [`super::limits::SELECTED_VALUES`].
    #[error("more than {most} facet values selected")]
    TooManyFacetValues {
        /// The limit.
        most: usize,
    },
    /// A parameter has a value that it cannot have.
    #[error("invalid value for parameter `{parameter}`")]
    InvalidParameter {
        /// Its name.
        parameter: &'static str,
    },
    /// `from` or `to` is no date.
    #[error("parameter `{parameter}` is no date")]
    InvalidDate {
        /// `from` or `to`.
        parameter: &'static str,
    },
    /// `from` is later than `to`.
    #[error("`from` is later than `to`")]
    EmptyDateRange,
    /// `sort` names no order.
    #[error("unknown sort order")]
    UnknownSort,
    /// Statistics of more cells than [`super::limits::STATISTICS_CELLS`].
    #[error("more than {most} cells")]
    TooManyCells {
        /// The limit.
        most: usize,
    },
    /// The time for this search is over.
    #[error("the search took too long")]
    DeadlineExceeded,
    /// The index failed or is not there yet.
    #[error("the index cannot answer")]
    Index(#[from] index::Error),
    /// tantivy failed in the middle of a search.
    #[error("the search failed while it tried to {action}")]
    Tantivy {
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: tantivy::TantivyError,
    },
    /// Summaries or page texts could not be fetched.
    #[error("the texts of the hits cannot be read")]
    Texts(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The task that searched has died.
    #[error("the search was interrupted")]
    Interrupted,
}

impl Error {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::DeadlineExceeded => ErrorKind::Busy,
            Self::Index(source) => source.kind(),
            Self::Tantivy { .. } | Self::Texts(_) | Self::Interrupted => ErrorKind::Internal,
            _ => ErrorKind::Invalid,
        }
    }

    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QueryTooLong { .. } => "query_too_long",
            Self::QueryTooComplex { .. } => "query_too_complex",
            Self::QueryTooDeep { .. } => "query_too_deep",
            Self::PageOutOfRange { .. } => "page_out_of_range",
            Self::InvalidCursor => "invalid_cursor",
            Self::PageAndCursor => "page_and_cursor",
            Self::SizeOutOfRange { .. } => "size_out_of_range",
            Self::UnknownFacet => "unknown_facet",
            Self::UnknownParameter => "unknown_parameter",
            Self::RepeatedParameter { .. } => "repeated_parameter",
            Self::InvalidFacetValue { .. } => "invalid_facet_value",
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::TooManyFacetValues { .. } => "too_many_facet_values",
            Self::InvalidDate { .. } => "invalid_date",
            Self::EmptyDateRange => "empty_date_range",
            Self::UnknownSort => "unknown_sort",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::DeadlineExceeded => "search_timeout",
            Self::Index(source) => source.code(),
            Self::Tantivy { .. } | Self::Texts(_) | Self::Interrupted => "search_failed",
        }
    }
}
