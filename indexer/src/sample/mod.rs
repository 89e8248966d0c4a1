//! Invented approval case files as they really look, with exact truth: `juanzong-indexer sample`.
//!
//! `facts` invents a case, `documents` writes its papers onto `paper` sheets, `raster` and `scan` turn sheets into
//! scanned pages, `files` encodes them. What a case holds is told by its position (see `facts::plan`), everything else
//! by the seed and the position, so a run of three cases is a prefix of a run of forty and the same seed gives the
//! same bytes.
//!
//! [`volumes`] binds all documents of a case into one file instead.
//! Cases without scans, as lines for `import`, come from [`write_lines`].
//!
//! Output: `cases/<folder>/<NN-title>.<ext>`, `manifest.csv` (written last: where it is, the run is complete),
//! `truth/<folder>.json`. The folder name is the archival code, with characters that some file system refuses
//! (`< > : " / \ | ? *`, control characters, a dot or space at the end) replaced by `_`.

mod audit;
pub mod command;
mod corpus;
mod documents;
mod effects;
mod error;
mod facts;
mod files;
mod fonts;
mod generate;
mod lines;
mod manifest;
mod paper;
mod raster;
mod scan;
mod special;
#[cfg(test)]
mod tests;
pub mod truth;
mod vocabulary;
mod volume;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use audit::{AuditOptions, AuditedArchive, Planted};
pub use corpus::{CorpusOptions, Kind, book, corpus};
pub use error::Error;
pub use files::Format;
pub use generate::generate;
pub use lines::{case_line, write_lines};
pub use special::{Special, SpecialPage, Workshop, huge_page};
pub use volume::{VolumeShape, volumes};

/// Most cases of one run: so many serial numbers of four digits the archival codes have, without those that read as
/// a year from 1949 to 2199.
pub const MOST_CASES: u32 = 9748;

/// What to generate.
#[derive(Clone, Debug)]
pub struct SampleOptions {
    /// Directory to write into; it must be empty or not exist.
    pub out: PathBuf,
    /// Number of cases, up to [`MOST_CASES`].
    pub cases: u32,
    /// Seed of all chance.
    pub seed: u64,
    /// How badly the pages are scanned.
    pub level: Level,
    /// Restricts the file formats to these; single-page formats then need a multi-page one beside them for longer
    /// documents, which otherwise become PDF with JPEG.
    pub only_formats: Option<Vec<Format>>,
}

/// How badly pages are scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nearly straight, nearly no noise.
    Clean,
    /// As a careful office scans.
    Normal,
    /// Two strong effects on each document.
    Hard,
    /// All three, mostly normal and clean. Pages never have this level.
    Mixed,
}

/// What was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleSummary {
    /// Number of cases.
    pub cases: u32,
    /// Number of files in them.
    pub files: u32,
    /// Number of pages in those.
    pub pages: u32,
    /// Their size in bytes.
    pub bytes: u64,
    /// The directory that holds one folder per case.
    pub cases_dir: PathBuf,
    /// The manifest.
    pub manifest: PathBuf,
    /// The directory that holds the truth.
    pub truth_dir: PathBuf,
}
