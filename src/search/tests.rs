//! Tests of search as a whole, on an invented archive of 60 cases.

mod corpus;
mod cursors;
mod expansion;
mod facets;
mod kept_answers;
mod leaks;
mod long_cases;
mod oracle;
mod paging;
mod person_numbers;
mod queries;
mod requests;
mod rights;
mod spelling;
mod statistics;
mod suggestions;
mod tolerance;
mod while_written;
