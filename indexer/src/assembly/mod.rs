//! From the files of a case to its documents: what a contents list (卷内目录) declares, and which documents are bound
//! together in one file.

mod contents_list;
mod volume;

pub use contents_list::{ContentsEntry, ContentsList};
pub use volume::{Part, Start, Volume, divide};
