//! What a manifest and the files say of each other: cases, findings, counts.

use std::path::PathBuf;

use juanzong::record::ArchivalCode;
use serde::Serialize;

use super::{ColumnPlace, Finding};
use crate::table::Encoding;

/// What was found between a manifest and the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// The manifest, when there is one.
    pub manifest: Option<ManifestSummary>,
    /// How many of what.
    pub counts: ReconciliationCounts,
    /// The cases that come of it, in order.
    pub cases: Vec<CaseLine>,
    /// Everything that was found: the rows first, in their order, then the files.
    pub findings: Vec<Finding>,
}

/// A manifest and how it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManifestSummary {
    /// The file, as the user gave it.
    pub path: PathBuf,
    /// How it was understood.
    #[serde(flatten)]
    pub shape: Shape,
}

/// How a table was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Name of the sheet; empty for CSV.
    pub sheet: String,
    /// Coding of a CSV.
    pub encoding: Option<Encoding>,
    /// Separator of a CSV.
    pub separator: Option<char>,
    /// Row of the headings.
    pub heading_row: Option<u32>,
    /// The columns that are used.
    pub columns: Vec<ColumnMeaning>,
    /// Where no headings were found: what may be some, for a person to say what they mean.
    #[serde(skip)]
    pub likely: Vec<ColumnPlace>,
    /// Rows with content under the headings.
    pub rows: usize,
}

/// A column and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnMeaning {
    /// The column.
    #[serde(flatten)]
    pub place: ColumnPlace,
    /// `archival_code`, `files`, `pages`, or the code of a field.
    #[serde(rename = "means")]
    pub code: &'static str,
}

/// How many of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReconciliationCounts {
    /// Rows with content.
    pub rows: usize,
    /// Rows that become cases.
    pub rows_good: usize,
    /// Rows that are refused.
    pub rows_refused: usize,
    /// Cases, with those that no row names.
    pub cases: usize,
    /// Files of these cases.
    pub files: usize,
    /// In a dry run: cases whose files the archive has read, so that contents lists were compared with documents.
    pub compared: usize,
    /// Pages of these files, as far as they could be counted.
    pub pages: u64,
    /// Findings because of which something is not imported.
    pub refusals: usize,
    /// Findings that table and files differ.
    pub differences: usize,
    /// Findings worth knowing.
    pub notes: usize,
}

/// A case that comes of a row or a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    /// 档号
    pub archival_code: ArchivalCode,
    /// Its row, when it has one.
    pub row: Option<u32>,
    /// Its files in order.
    pub files: Vec<PathBuf>,
    /// Their pages in all; `None` until they are counted, and when a file cannot be opened.
    pub pages: Option<u64>,
}
