//! The findings as CSV that Excel opens: byte order mark, CRLF, and no cell that it would take for a formula.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::report::Reconciliation;

/// Headings of the CSV.
const HEADINGS: [&str; 15] = [
    "类别",
    "代码",
    "行",
    "列",
    "栏名",
    "档号",
    "文件",
    "相关行",
    "清单页数",
    "实有页数",
    "说明",
    "Kind",
    "Message",
    "目录序号",
    "件",
];

/// A CSV to be written: its place is made sure of before long work begins, and the file appears when it is whole.
pub struct ReportFile {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl ReportFile {
    /// Makes sure that a file can be written beside the target.
    ///
    /// # Errors
    /// When the folder is not there or not to be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        Ok(Self {
            path: path.to_owned(),
            file: tempfile::NamedTempFile::new_in(folder)?,
        })
    }

    /// Writes the findings and gives the file its name.
    ///
    /// # Errors
    /// When the disk is full, or the file cannot be renamed.
    pub fn write(mut self, reconciliation: &Reconciliation) -> io::Result<()> {
        self.file.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut self.file);
        writer.write_record(HEADINGS)?;
        for finding in &reconciliation.findings {
            let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
            let column = finding.column.as_ref();
            let (kind_zh, kind_en) = finding.code.severity().labels();
            let cells: [String; 15] = [
                kind_zh.into(),
                finding.code.code().into(),
                number(finding.row.map(u64::from)),
                column.map(|c| c.letter.clone()).unwrap_or_default(),
                column.map(|c| c.heading.clone()).unwrap_or_default(),
                finding
                    .archival_code
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                finding
                    .path
                    .as_ref()
                    .map(|p| p.display().to_string())
                    .unwrap_or_default(),
                number(finding.other_row.map(u64::from)),
                number(finding.pages.map(|p| p.declared)),
                number(finding.pages.map(|p| p.found)),
                finding.code.message_zh().into(),
                kind_en.into(),
                finding.code.message_en().into(),
                number(finding.entry.map(u64::from)),
                number(finding.document.map(u64::from).or(finding.documents)),
            ];
            writer.write_record(cells.iter().map(|cell| guarded(cell).into_owned()))?;
        }
        writer.flush()?;
        drop(writer);
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path)?;
        Ok(())
    }
}

/// A text that a spreadsheet takes for text: one that would begin a formula gets an apostrophe before it.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => Cow::Borrowed(text),
    }
}
