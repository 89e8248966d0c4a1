//! The headings under which columns are known, and finding the row of headings in a table.

use juanzong::record::FieldName;

use super::Mapping;
use crate::report::{ColumnPlace, Finding, FindingCode};
use crate::table::{Cell, Sheet, TableRow, column_letters};

/// Titles, remarks and blank rows may stand above the headings, but not more than these rows with content.
const ROWS_ABOVE: usize = 40;

/// What a column of a manifest means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// 档号
    ArchivalCode,
    /// 文件: folder or files of the case
    Files,
    /// 页数: of the case, or of each of its files
    Pages,
    /// A field of the case.
    Field(FieldName),
}

/// Usual headings besides the code and the names of a field; in the form of [`normalised`].
const ALSO: &[(&str, Column)] = &[
    ("档号", Column::ArchivalCode),
    ("案卷档号", Column::ArchivalCode),
    ("案卷号", Column::ArchivalCode),
    ("归档编号", Column::ArchivalCode),
    ("archivalcode", Column::ArchivalCode),
    ("archiveno", Column::ArchivalCode),
    ("文件", Column::Files),
    ("文件夹", Column::Files),
    ("文件名", Column::Files),
    ("文件路径", Column::Files),
    ("扫描件", Column::Files),
    ("电子文件", Column::Files),
    ("files", Column::Files),
    ("file", Column::Files),
    ("folder", Column::Files),
    ("path", Column::Files),
    ("页数", Column::Pages),
    ("总页数", Column::Pages),
    ("件页数", Column::Pages),
    ("pages", Column::Pages),
    ("pagecount", Column::Pages),
    ("案卷题名", Column::Field(FieldName::Title)),
    ("案卷名称", Column::Field(FieldName::Title)),
    ("标题", Column::Field(FieldName::Title)),
    ("发文字号", Column::Field(FieldName::DocumentNumber)),
    ("文件编号", Column::Field(FieldName::DocumentNumber)),
    ("决定书文号", Column::Field(FieldName::DocumentNumber)),
    ("受理号", Column::Field(FieldName::AcceptanceNumber)),
    ("受理通知书编号", Column::Field(FieldName::AcceptanceNumber)),
    ("机关", Column::Field(FieldName::Agency)),
    ("承办机构", Column::Field(FieldName::Agency)),
    ("许可机关", Column::Field(FieldName::Agency)),
    ("审批部门", Column::Field(FieldName::Agency)),
    ("区划", Column::Field(FieldName::Region)),
    ("行政区划代码", Column::Field(FieldName::Region)),
    ("区划代码", Column::Field(FieldName::Region)),
    ("事项", Column::Field(FieldName::Matter)),
    ("事项名称", Column::Field(FieldName::Matter)),
    ("许可事项", Column::Field(FieldName::Matter)),
    ("结果", Column::Field(FieldName::Outcome)),
    ("办理结果", Column::Field(FieldName::Outcome)),
    ("审批结果", Column::Field(FieldName::Outcome)),
    ("期限", Column::Field(FieldName::Retention)),
    ("归档期限", Column::Field(FieldName::Retention)),
    ("retentionperiod", Column::Field(FieldName::Retention)),
    ("保密等级", Column::Field(FieldName::SecurityClass)),
    ("申请时间", Column::Field(FieldName::AppliedOn)),
    ("受理时间", Column::Field(FieldName::AcceptedOn)),
    ("决定时间", Column::Field(FieldName::DecidedOn)),
    ("批准日期", Column::Field(FieldName::DecidedOn)),
    ("办结日期", Column::Field(FieldName::DecidedOn)),
    ("送达时间", Column::Field(FieldName::ServedOn)),
    ("有效期开始", Column::Field(FieldName::ValidFrom)),
    ("有效期自", Column::Field(FieldName::ValidFrom)),
    ("有效期", Column::Field(FieldName::ValidUntil)),
    ("有效期截止", Column::Field(FieldName::ValidUntil)),
    ("有效期止", Column::Field(FieldName::ValidUntil)),
    ("申请人名称", Column::Field(FieldName::ApplicantName)),
    ("申请人姓名", Column::Field(FieldName::ApplicantName)),
    ("申请单位", Column::Field(FieldName::ApplicantName)),
    ("行政相对人", Column::Field(FieldName::ApplicantName)),
    ("applicant", Column::Field(FieldName::ApplicantName)),
    ("申请人性质", Column::Field(FieldName::ApplicantKind)),
    ("统一社会信用代码", Column::Field(FieldName::ApplicantIdNumber)),
    ("信用代码", Column::Field(FieldName::ApplicantIdNumber)),
    ("公民身份号码", Column::Field(FieldName::ApplicantIdNumber)),
    ("身份证号", Column::Field(FieldName::ApplicantIdNumber)),
    ("身份证号码", Column::Field(FieldName::ApplicantIdNumber)),
    ("creditcode", Column::Field(FieldName::ApplicantIdNumber)),
    ("idnumber", Column::Field(FieldName::ApplicantIdNumber)),
];

/// Headings that mean one thing in one archive and another in the next: a person has to say.
const AMBIGUOUS: &[&str] = &[
    "日期",
    "时间",
    "编号",
    "号码",
    "证号",
    "序列号",
    "名称",
    "姓名",
    "单位",
    "部门",
    "代码",
    "状态",
    "date",
    "number",
    "no",
    "name",
    "code",
    "status",
    "type",
];

/// Headings that are known and hold nothing for us.
const PASSED_OVER: &[&str] = &["序号", "备注", "说明", "note", "notes", "remark", "remarks"];

/// How a heading is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A column.
    Column(Column),
    /// Known, and of no use.
    Nothing,
    /// Could mean several.
    Ambiguous,
    /// Not known.
    Unknown,
}

/// A heading as it is compared: without spaces, line breaks, `_`, `-`, `*` and a final colon, width and case unified.
pub(super) fn normalised(heading: &str) -> String {
    let plain: String = heading
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '_' | '-' | '*' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect();
    plain.trim_end_matches(':').to_owned()
}

/// Full-width ASCII and the wide space become their usual forms.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

impl Meaning {
    /// What a heading means; what the mapping says wins.
    pub fn of(heading: &str, mapping: &Mapping) -> Self {
        let name = normalised(heading);
        let as_written = mapping.get(&name).unwrap_or_else(|| Self::builtin(&name));
        if as_written != Self::Unknown {
            return as_written;
        }
        // 决定日期（年月日）: what stands in brackets explains.
        match name.split_once('(') {
            Some((short, rest)) if rest.ends_with(')') && !short.is_empty() => {
                mapping.get(short).unwrap_or_else(|| Self::builtin(short))
            }
            _ => Self::Unknown,
        }
    }

    /// What a heading in the form of [`normalised`] means by the tables above.
    pub(super) fn builtin(name: &str) -> Self {
        let by_name = FieldName::ALL.iter().find(|f| {
            normalised(f.code()) == name || normalised(f.label_zh()) == name || normalised(f.label_en()) == name
        });
        if let Some(field) = by_name {
            return Self::Column(Column::Field(*field));
        }
        if let Some((_, column)) = ALSO.iter().find(|(also, _)| *also == name) {
            return Self::Column(*column);
        }
        if AMBIGUOUS.contains(&name) {
            return Self::Ambiguous;
        }
        if PASSED_OVER.contains(&name) {
            return Self::Nothing;
        }
        Self::Unknown
    }
}

/// The row of headings of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Headings {
    /// Number of the row.
    pub row: u32,
    /// The headings from column A on, as written; empty where there is none.
    pub names: Vec<String>,
    /// What they mean.
    pub meanings: Vec<Meaning>,
}

impl Headings {
    /// The row of headings: the first that names the archival code, else the one with most known headings, at least two
    /// of them. `None` when no row looks like headings.
    pub fn find(sheet: &Sheet, mapping: &Mapping) -> Option<Self> {
        let mut best: Option<Self> = None;
        for row in sheet.rows.iter().take(ROWS_ABOVE) {
            let headings = Self::of_row(row, mapping);
            if headings.column_of(Column::ArchivalCode).is_some() && headings.known() >= 2 {
                return Some(headings);
            }
            let known = headings.known();
            // A table of codes alone has one heading; any other row with one known word is a row of data.
            let alone = row.cells.iter().filter(|c| !c.is_blank()).count() == 1
                && headings.column_of(Column::ArchivalCode).is_some();
            if (known >= 2 || alone) && best.as_ref().is_none_or(|b| b.known() < known) {
                best = Some(headings);
            }
        }
        best
    }

    /// The row that may be one of headings where none is known to be: the first of those with the most words.
    pub fn likely(sheet: &Sheet, mapping: &Mapping) -> Option<Self> {
        let words = |headings: &Self| headings.names.iter().filter(|name| !name.is_empty()).count();
        let rows = sheet.rows.iter().take(ROWS_ABOVE).map(|row| Self::of_row(row, mapping));
        rows.filter(|headings| words(headings) > 0)
            .reduce(|best, other| if words(&other) > words(&best) { other } else { best })
    }

    fn of_row(row: &TableRow, mapping: &Mapping) -> Self {
        let names: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => text
                    .split(|c: char| c.is_whitespace() || c.is_control())
                    .collect::<String>(),
                _ => String::new(),
            })
            .collect();
        let meanings = names.iter().map(|name| Meaning::of(name, mapping)).collect();
        Self {
            row: row.number,
            names,
            meanings,
        }
    }

    /// How many of its cells are words that stand in headings, also those that hold nothing for us or say too little.
    pub fn known(&self) -> usize {
        self.meanings.iter().filter(|m| **m != Meaning::Unknown).count()
    }

    /// Where this column stands, counted from 0.
    pub fn column_of(&self, column: Column) -> Option<usize> {
        self.meanings.iter().position(|m| *m == Meaning::Column(column))
    }

    /// Letters and heading of a column.
    pub fn place(&self, column: usize) -> ColumnPlace {
        ColumnPlace {
            letter: column_letters(column),
            heading: self.names.get(column).cloned().unwrap_or_default(),
        }
    }

    /// What is wrong or strange with the headings.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.column_of(Column::ArchivalCode).is_none() {
            findings.push(Finding::in_row(FindingCode::HeadingMissing, self.row));
        }
        for (at, meaning) in self.meanings.iter().enumerate() {
            let code = match meaning {
                Meaning::Ambiguous => FindingCode::HeadingAmbiguous,
                Meaning::Unknown if !self.names[at].is_empty() => FindingCode::HeadingUnknown,
                Meaning::Column(_) if self.meanings[..at].contains(meaning) => FindingCode::HeadingRepeated,
                _ => continue,
            };
            findings.push(Finding::in_row(code, self.row).column(Some(self.place(at))));
        }
        findings
    }
}
