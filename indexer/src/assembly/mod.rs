//! From the files of a case to its documents: what a contents list (卷内目录) declares, which documents are bound together in
//! one file, and which of them the contents list means.

mod contents_list;
mod file;
mod matching;
mod order;
mod starts;
mod volume;

pub use contents_list::{ContentsEntry, ContentsList};
pub use file::BoundFile;
pub use matching::{Candidate, match_entries};
pub use starts::{Start, starts};
pub use volume::{Part, Volume, divide};
