//! The tantivy index: a projection of the catalogue that can always be rebuilt.
//!
//! The indexer writes it ([`CaseIndexWriter`], [`rebuild`]); the server only reads it ([`CaseIndex`]). Each commit
//! carries the catalogue's sequence number, so what a crash lost is replayed; each generation carries a fingerprint
//! of schema, analysis and dictionaries, so tokens of two analyses never mix.

mod document;
mod error;
mod gaps;
mod generation;
mod kept_analysis;
mod letter_code;
mod letters;
mod payload;
mod quality;
mod reader;
mod readings;
mod schema;
mod stored_document;
mod stored_letters;
mod taken;
mod tokenizer;
mod writer;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use document::IndexDocument;
pub use error::{Error, ErrorKind};
pub use generation::Generation;
pub(crate) use letters::{HIDDEN, Letters, Section, unit};
pub use quality::OcrQuality;
pub(crate) use reader::Snapshot;
pub use reader::{CaseIndex, IndexStatus};
pub(crate) use readings::OTHER;
pub(crate) use schema::{
    ACCEPTED_ON, CASE_DATE, CASE_KEY, COMPLETE, CONFIDENCE, DECIDED_ON, EXCLUDED_TIME, EXTENDED, Fields, GramField,
    NUMBER_SORT, ORGANISATION_KEY, PAGES, PERSON_KEY, TextField,
};
pub(crate) use stored_letters::Numbers;
pub use writer::{CaseChange, CaseIndexWriter, ReplayError, WriterOptions, rebuild};
