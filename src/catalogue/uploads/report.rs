//! What a check of an upload found, as it is kept and shown.

use serde::{Deserialize, Serialize};

/// Findings that are kept; their number is told besides.
pub const MOST_FINDINGS: usize = 1_000;

/// What would become of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadReport {
    /// Why the manifest cannot be read at all, in Chinese and English.
    pub unreadable: Option<(String, String)>,
    /// How the manifest was understood.
    pub manifest: Option<UploadManifest>,
    /// The cases that come of it.
    pub cases: Vec<UploadCase>,
    /// Pages of these cases, as far as they could be counted.
    pub pages: u64,
    /// What was found, at most [`MOST_FINDINGS`].
    pub findings: Vec<UploadFinding>,
    /// How many findings there are.
    pub found: u64,
    /// Findings because of which something is not taken in.
    pub refusals: u64,
    /// Whether the manifest as a whole cannot be used, so that nothing is taken in.
    pub table_refused: bool,
}

impl UploadReport {
    /// Whether something can be taken in.
    pub fn is_usable(&self) -> bool {
        self.unreadable.is_none() && !self.table_refused && !self.cases.is_empty()
    }
}

/// How a manifest was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UploadManifest {
    /// Name of the sheet; empty for CSV.
    pub sheet: String,
    /// Rows with content under the headings.
    pub rows: u64,
    /// Rows that become cases.
    pub rows_good: u64,
    /// Rows that are refused.
    pub rows_refused: u64,
    /// The columns and what they mean.
    pub columns: Vec<UploadColumn>,
}

/// A column of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UploadColumn {
    /// The letters by which Excel names it.
    pub letter: String,
    /// Its heading, as written.
    pub heading: String,
    /// `archival_code`, `files`, `pages` or the code of a field; empty when it is not used.
    pub means: String,
}

/// A case that comes of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UploadCase {
    /// 档号
    pub archival_code: String,
    /// Its row of the manifest.
    pub row: Option<u32>,
    /// How many files it has.
    pub files: u32,
    /// Their pages, when they could be counted.
    pub pages: Option<u64>,
}

/// Something found in the manifest, or between it and the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFinding {
    /// Stable code.
    pub code: String,
    /// `table`, `row`, `files`, `difference` or `note`; the first three stand in the way of something.
    pub severity: String,
    /// Row of the manifest as Excel numbers it.
    pub row: Option<u32>,
    /// Letters of the column.
    pub column: Option<String>,
    /// Heading of the column.
    pub heading: Option<String>,
    /// File or folder of the upload.
    pub path: Option<String>,
    /// 档号 of the row.
    pub archival_code: Option<String>,
    /// Numbers that belong to it.
    pub detail: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// The same in English.
    pub message_en: String,
}
