//! The tantivy index: a projection of the catalogue that can always be rebuilt.

mod error;
mod quality;

pub use error::{Error, ErrorKind};
pub use quality::OcrQuality;
