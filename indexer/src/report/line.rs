//! One finding about a line of an import, with its place.

use juanzong::record::{ArchivalCode, FieldName};
use serde::Serialize;

use super::{FindingCode, IngestFailure};

/// What was found in a line, and where. Never holds a value of the line except the archival code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineFinding {
    /// What.
    pub code: FindingCode,
    /// Number of the line, from 1.
    pub line: u64,
    /// Byte of the line, from 1, as editors count columns of ASCII text.
    pub column: Option<usize>,
    /// The way to the value: `decided_on`, `documents[0].pages[2]`.
    pub key: Option<String>,
    /// 档号, when it can be read.
    pub archival_code: Option<ArchivalCode>,
    /// Another line that has to do with it: the first with the same archival code.
    pub other_line: Option<u64>,
}

impl LineFinding {
    /// A finding about a line as a whole.
    pub fn new(code: FindingCode, line: u64) -> Self {
        Self {
            code,
            line,
            column: None,
            key: None,
            archival_code: None,
            other_line: None,
        }
    }

    /// At this byte.
    #[must_use]
    pub fn column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    /// About this key.
    #[must_use]
    pub fn key(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    /// Of the case with this code.
    #[must_use]
    pub fn of(mut self, code: Option<&ArchivalCode>) -> Self {
        self.archival_code = code.cloned();
        self
    }

    /// Where it is, in Chinese: `案卷.jsonl 第 5 行 第 120 列 “decided_on”（决定日期）`.
    pub fn place(&self, file: &str) -> String {
        let mut place = format!("{file} 第 {} 行", self.line);
        if let Some(column) = self.column {
            place.push_str(&format!(" 第 {column} 列"));
        }
        if let Some(key) = &self.key {
            place.push_str(&format!(" “{key}”"));
            if let Some(label) = label_of(key) {
                place.push_str(&format!("（{label}）"));
            }
        }
        place
    }

    /// As a failure of an import from `file`.
    pub fn as_failure(&self, file: &str) -> IngestFailure {
        let other = self.other_line.map(|line| format!("见第 {line} 行 (line {line})"));
        IngestFailure {
            place: self.place(file),
            page: None,
            code: self.code.code(),
            message_zh: self.code.message_zh(),
            message_en: self.code.message_en(),
            detail: other.unwrap_or_default(),
        }
    }
}

/// The Chinese name of a key that is a field.
fn label_of(key: &str) -> Option<&'static str> {
    let code = match key.split_once("applicant.") {
        Some(("", rest)) => format!("applicant_{rest}"),
        _ => key.to_owned(),
    };
    FieldName::from_code(&code).map(FieldName::label_zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_in_chinese_with_the_name_of_the_field() {
        let finding = LineFinding::new(FindingCode::DateImpossible, 5).key("decided_on".into());
        assert_eq!(
            finding.place("案卷.jsonl"),
            "案卷.jsonl 第 5 行 “decided_on”（决定日期）"
        );
        let finding = LineFinding::new(FindingCode::IdNumberCheck, 2).key("applicant.id_number".into());
        assert_eq!(finding.place("-"), "- 第 2 行 “applicant.id_number”（证件号码）");
        let finding = LineFinding::new(FindingCode::WrongType, 7)
            .column(12)
            .key("documents[0].pages[1]".into());
        assert_eq!(finding.place("a"), "a 第 7 行 第 12 列 “documents[0].pages[1]”");
    }
}
