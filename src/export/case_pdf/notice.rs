//! What stands on a page in the place of one that is not there.

use crate::catalogue::DocumentSummary;
use crate::record::{FailureCode, PageRecord, TextSource};

/// A page that says why there is nothing else on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// In large letters.
    pub(super) head: String,
    /// Below it, line by line.
    pub(super) lines: Vec<String>,
}

impl Notice {
    /// For a page that could not be read.
    pub(super) fn of_page(document: &DocumentSummary, page: u32, code: &str) -> Self {
        Self {
            head: format!("第 {page} 页未能读取"),
            lines: vec![
                place(document),
                reason(code),
                "原始文件保存在档案库中，未作任何改动。".to_owned(),
                format!("Page {page} could not be read. The original file is kept unchanged."),
            ],
        }
    }

    /// For a document without pages.
    pub(super) fn of_document(document: &DocumentSummary, code: Option<&str>) -> Self {
        let mut lines = vec![place(document)];
        match code {
            Some(code) => {
                lines.push(reason(code));
                lines.push("原始文件保存在档案库中，未作任何改动。".to_owned());
                lines.push("This document could not be read. The original file is kept unchanged.".to_owned());
            }
            None => lines.push("This document has no pages.".to_owned()),
        }
        let head = if code.is_some() {
            "本件材料未能读取"
        } else {
            "本件材料没有页面"
        };
        Self {
            head: head.to_owned(),
            lines,
        }
    }
}

fn place(document: &DocumentSummary) -> String {
    let name = match document.source_name.as_str() {
        "" => String::new(),
        name => format!("（{name}）"),
    };
    format!("材料 {}：{}{name}", document.ordinal, document.title)
}

fn reason(code: &str) -> String {
    match FailureCode::from_code(code) {
        Some(known) => format!("原因：{}（{code}）", known.message_zh()),
        None => format!("原因：{code}"),
    }
}

/// The first line of a page whose text is printed because there is no image of it.
pub(super) fn no_image(record: &PageRecord) -> &'static str {
    match record.source {
        TextSource::Import => "【本页以文字形式导入，没有扫描图像，以下为其文字】",
        TextSource::Ocr | TextSource::TextLayer => "【本页的图像缺失或损坏，以下为已识别的文字】",
    }
}
