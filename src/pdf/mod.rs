//! Writing PDF: objects, the invisible text layer of a searchable PDF (双层PDF) with its font, and what PDF/A asks for.
//!
//! For both programs: the indexer lays text over the scans of one file, the export over the page images of a case.
//! Nothing here reads a PDF.

mod archival;
mod bands;
mod book;
pub mod geometry;
pub mod letters;
pub mod objects;
mod run;
mod sfnt;
mod strip;
pub mod text_layer;

pub use archival::Description;
pub use book::{A4, Book, HiddenText, Print, Sheet, paper_size};

/// Why a PDF could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output failed.
    #[error("cannot write the PDF")]
    Io(#[from] std::io::Error),
    /// The document has more objects than the format can number.
    #[error("too many pages for one PDF")]
    TooManyObjects,
}
