//! What failed during an ingest: a file, a page, a row of the manifest, a case.

use std::fmt;

use serde::Serialize;

use crate::decode::FailureCode;
use crate::manifest::RowProblem;

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

    /// A row of the manifest that was refused.
    pub fn of_row(manifest: &str, row: usize, column: &str, problem: RowProblem) -> Self {
        let (message_zh, message_en) = problem.messages();
        let column = if column.is_empty() {
            String::new()
        } else {
            format!(", `{column}`")
        };
        Self {
            place: format!("{manifest}, 第 {row} 行{column}"),
            page: None,
            code: "manifest_row",
            message_zh,
            message_en,
            detail: String::new(),
        }
    }

    /// A failure of the plan: rows without files, folders that claim the same code.
    pub fn of_plan(place: String, problem: PlanProblem) -> Self {
        let (code, message_zh, message_en) = problem.messages();
        Self {
            place,
            page: None,
            code,
            message_zh,
            message_en,
            detail: String::new(),
        }
    }
}

/// What can be wrong before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanProblem {
    /// The files of a manifest row were not found.
    RowWithoutFiles,
    /// A file name of a manifest row fits several files.
    AmbiguousFiles,
    /// Two manifest rows claim the same files.
    FilesClaimedTwice,
    /// Two folders would become the same case.
    SameCaseTwice,
    /// The name of a folder or file cannot be an archival code.
    UnfitName,
}

impl PlanProblem {
    /// Stable code, Chinese and English wording.
    pub fn messages(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::RowWithoutFiles => (
                "row_without_files",
                "清单所列文件未找到",
                "the files of this manifest row were not found",
            ),
            Self::AmbiguousFiles => (
                "ambiguous_files",
                "清单所列文件名对应多个文件",
                "the name fits several files or folders",
            ),
            Self::FilesClaimedTwice => (
                "files_claimed_twice",
                "文件已属于清单中的另一行",
                "the files belong to another manifest row already",
            ),
            Self::SameCaseTwice => (
                "same_case_twice",
                "两个文件夹对应同一档号",
                "two folders would become the same case",
            ),
            Self::UnfitName => (
                "unfit_name",
                "名称不能作为档号，请使用清单",
                "the name cannot be an archival code; use a manifest",
            ),
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
