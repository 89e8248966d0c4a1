//! The headings under which columns are known.

use juanzong::record::FieldName;

/// What a column of a manifest means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// 档号
    ArchivalCode,
    /// 文件: folder or files of the case
    Files,
    /// A field of the case.
    Field(FieldName),
}

/// Other usual headings besides the code and the Chinese name of a field.
const ALSO: &[(&str, FieldName)] = &[
    ("案卷题名", FieldName::Title),
    ("发文字号", FieldName::DocumentNumber),
    ("机关", FieldName::Agency),
    ("承办机构", FieldName::Agency),
    ("区划", FieldName::Region),
    ("行政区划代码", FieldName::Region),
    ("事项", FieldName::Matter),
    ("事项名称", FieldName::Matter),
    ("结果", FieldName::Outcome),
    ("期限", FieldName::Retention),
    ("申请时间", FieldName::AppliedOn),
    ("受理时间", FieldName::AcceptedOn),
    ("决定时间", FieldName::DecidedOn),
    ("送达时间", FieldName::ServedOn),
    ("有效期开始", FieldName::ValidFrom),
    ("有效期", FieldName::ValidUntil),
    ("申请人名称", FieldName::ApplicantName),
    ("行政相对人", FieldName::ApplicantName),
    ("applicant", FieldName::ApplicantName),
    ("统一社会信用代码", FieldName::ApplicantIdNumber),
    ("公民身份号码", FieldName::ApplicantIdNumber),
    ("身份证号", FieldName::ApplicantIdNumber),
];

impl Column {
    /// The column with this heading; spaces and the case of letters do not count.
    pub fn named(heading: &str) -> Option<Self> {
        let heading: String = heading
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        match heading.as_str() {
            "档号" | "archival_code" | "案卷号" => return Some(Self::ArchivalCode),
            "文件" | "文件夹" | "files" | "folder" => return Some(Self::Files),
            _ => {}
        }
        let by_name = FieldName::ALL
            .iter()
            .find(|f| f.code() == heading || f.label_zh() == heading)
            .copied();
        let also = || ALSO.iter().find(|(name, _)| *name == heading).map(|(_, field)| *field);
        by_name.or_else(also).map(Self::Field)
    }
}
