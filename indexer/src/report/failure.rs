//! What failed during an ingest: a file, a page, a row of the manifest, a case.

use std::fmt;

use serde::Serialize;

use super::Finding;
use crate::decode::FailureCode;

/// One failure of an ingest, as the summary lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IngestFailure {
    /// The file, the row of the manifest or the folder it is about.
    pub place: String,
    /// Page of the file, from 1, when it is about one page.
    pub page: Option<u32>,
    /// Stable code.
    pub code: &'static str,
    /// The reason in Chinese.
    pub message_zh: &'static str,
    /// The reason in English.
    pub message_en: &'static str,
    /// What exactly was found; never text of a document.
    pub detail: String,
}

impl IngestFailure {
    /// A file or page that could not be read.
    pub fn of_file(file: &str, page: Option<u32>, code: FailureCode, detail: &str) -> Self {
        Self {
            place: file.to_owned(),
            page,
            code: code.code(),
            message_zh: code.message_zh(),
            message_en: code.message_en(),
            detail: detail.to_owned(),
        }
    }

    /// An output that could not be written.
    pub fn of_output(scan: String, detail: String) -> Self {
        Self {
            place: scan,
            page: None,
            code: "output",
            message_zh: "无法写出结果",
            message_en: "the result cannot be written",
            detail,
        }
    }

    /// A row, file or folder that is not imported. `manifest` is the name of the manifest.
    pub fn of_finding(manifest: &str, finding: &Finding) -> Self {
        Self {
            place: finding.place(manifest),
            page: None,
            code: finding.code.code(),
            message_zh: finding.code.message_zh(),
            message_en: finding.code.message_en(),
            detail: finding.detail(),
        }
    }
}

impl fmt::Display for IngestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some(page) = self.page {
            write!(f, " 第 {page} 页")?;
        }
        write!(f, ": [{}] {} ({}", self.code, self.message_zh, self.message_en)?;
        if !self.detail.is_empty() {
            write!(f, "; {}", self.detail)?;
        }
        f.write_str(")")
    }
}
