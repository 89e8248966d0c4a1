//! One finding about a manifest or its files, with its place.

use std::path::{Path, PathBuf};

use juanzong::record::ArchivalCode;
use serde::{Serialize, Serializer};

use super::{FindingCode, Severity};

/// A column of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnPlace {
    /// The letters by which Excel names it.
    pub letter: String,
    /// Its heading, as written in the file; empty when it has none.
    pub heading: String,
}

/// Declared and counted pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PageCounts {
    /// What the manifest says.
    pub declared: u64,
    /// What the files have.
    pub found: u64,
}

/// What was found, and where. Never holds a value out of the table except the archival code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// Row of the manifest as Excel numbers it, from 1.
    pub row: Option<u32>,
    /// Column of the manifest.
    pub column: Option<ColumnPlace>,
    /// 档号 of the row, when it can be read.
    pub archival_code: Option<ArchivalCode>,
    /// Folder or file.
    pub path: Option<PathBuf>,
    /// Another row that has to do with it: the first with the same archival code, the one that was refused.
    pub other_row: Option<u32>,
    /// Pages that differ.
    pub pages: Option<PageCounts>,
    /// Which entry of a contents list, from 1.
    pub entry: Option<u32>,
    /// Position of a document in its case, from 1.
    pub document: Option<u32>,
    /// Into how many documents a file was divided.
    pub documents: Option<u64>,
}

impl Finding {
    /// A finding without a place yet.
    pub fn new(code: FindingCode) -> Self {
        Self {
            code,
            row: None,
            column: None,
            archival_code: None,
            path: None,
            other_row: None,
            pages: None,
            entry: None,
            document: None,
            documents: None,
        }
    }

    /// A finding in a row.
    pub fn in_row(code: FindingCode, row: u32) -> Self {
        Self {
            row: Some(row),
            ..Self::new(code)
        }
    }

    /// A finding about a file or folder.
    pub fn at_path(code: FindingCode, path: &Path) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..Self::new(code)
        }
    }

    /// In this column.
    #[must_use]
    pub fn column(mut self, column: Option<ColumnPlace>) -> Self {
        self.column = column;
        self
    }

    /// Of the case with this code.
    #[must_use]
    pub fn of(mut self, code: Option<&ArchivalCode>) -> Self {
        self.archival_code = code.cloned();
        self
    }

    /// Together with this row.
    #[must_use]
    pub fn other_row(mut self, row: Option<u32>) -> Self {
        self.other_row = row;
        self
    }

    /// With these numbers of pages.
    #[must_use]
    pub fn pages(mut self, declared: u64, found: u64) -> Self {
        self.pages = Some(PageCounts { declared, found });
        self
    }

    /// About this entry of a contents list.
    #[must_use]
    pub fn entry(mut self, entry: u32) -> Self {
        self.entry = Some(entry);
        self
    }

    /// About the document in this position of its case.
    #[must_use]
    pub fn document(mut self, document: u32) -> Self {
        self.document = Some(document);
        self
    }

    /// About so many documents.
    #[must_use]
    pub fn documents(mut self, documents: u64) -> Self {
        self.documents = Some(documents);
        self
    }

    /// Where it is, in Chinese: `清单.csv 第 5 行 C 列“决定日期”`.
    pub fn place(&self, manifest: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.row.is_some() || self.column.is_some() {
            parts.push(manifest.to_owned());
        }
        if let Some(row) = self.row {
            parts.push(format!("第 {row} 行"));
        }
        if let Some(column) = &self.column {
            parts.push(match column.heading.as_str() {
                "" => format!("{} 列", column.letter),
                heading => format!("{} 列“{heading}”", column.letter),
            });
        }
        if let Some(path) = &self.path {
            parts.push(path.display().to_string());
        }
        parts.join(" ")
    }

    /// What else is known of it: entry, document, the other row, the numbers of pages.
    pub fn detail(&self) -> String {
        let mut parts = Vec::new();
        if let Some(entry) = self.entry {
            parts.push(format!("目录第 {entry} 项 (entry {entry})"));
        }
        if let Some(document) = self.document {
            parts.push(format!("第 {document} 件 (document {document})"));
        }
        if let Some(documents) = self.documents {
            parts.push(format!("{documents} 件 ({documents} documents)"));
        }
        if let Some(row) = self.other_row {
            parts.push(format!("见第 {row} 行 (row {row})"));
        }
        if let Some(pages) = self.pages {
            let PageCounts { declared, found } = pages;
            parts.push(format!(
                "清单 {declared}，实有 {found} (declared {declared}, found {found})"
            ));
        }
        parts.join("; ")
    }
}

/// In JSON a finding comes with its messages, so that a script need not know the table of codes.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct View<'a> {
            code: FindingCode,
            severity: Severity,
            row: Option<u32>,
            column: Option<&'a ColumnPlace>,
            archival_code: Option<&'a ArchivalCode>,
            path: Option<&'a Path>,
            other_row: Option<u32>,
            pages: Option<PageCounts>,
            #[serde(skip_serializing_if = "Option::is_none")]
            entry: Option<u32>,
            #[serde(skip_serializing_if = "Option::is_none")]
            document: Option<u32>,
            #[serde(skip_serializing_if = "Option::is_none")]
            documents: Option<u64>,
            message_zh: &'static str,
            message_en: &'static str,
        }
        View {
            code: self.code,
            severity: self.code.severity(),
            row: self.row,
            column: self.column.as_ref(),
            archival_code: self.archival_code.as_ref(),
            path: self.path.as_deref(),
            other_row: self.other_row,
            pages: self.pages,
            entry: self.entry,
            document: self.document,
            documents: self.documents,
            message_zh: self.code.message_zh(),
            message_en: self.code.message_en(),
        }
        .serialize(serializer)
    }
}
