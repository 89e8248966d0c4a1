//! Why something needs eyes, and what it costs to be wrong about it: the one table of both.

use crate::record::FieldName;

/// Declares the reasons once: variant, code, cost, Chinese and English wording.
macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $cost:literal, $zh:literal, $en:literal;)+) => {
        /// Why something needs eyes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ReviewReason {
            $($(#[$doc])* $variant,)+
        }

        impl ReviewReason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What it costs when nobody looks and it is wrong, 0 to 10: for a doubt about a field, of the most
            /// important field ([`cost_of_field`]).
            pub fn cost(self) -> f32 {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => $cost),+ }
            }

            /// What is said about it in Chinese.
            pub fn message_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// What is said about it in English.
            pub fn message_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// The reason with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

reasons! {
    /// A check digit does not fit: misread or forged.
    CheckDigit = "check_digit", 10.0, "证件号码校验位不符", "the check digit does not fit";
    /// Documents, or documents and catalogue, say different things.
    Conflict = "conflict", 9.0, "不同来源的值互相矛盾", "the sources contradict each other";
    /// Something was found for a field, but it is no value of it.
    UnreadableField = "unreadable_field", 8.0, "著录项的值无法识别", "what was found is no value of the field";
    /// Nothing was found for a key field.
    MissingField = "missing_field", 7.0, "缺少关键著录项", "a key field is missing";
    /// The value of a key field was read without certainty.
    UncertainField = "uncertain_field", 9.0, "关键著录项的识别把握不大", "a key field was read without certainty";
    /// A key field stands under a seal.
    FieldUnderSeal = "field_under_seal", 8.0, "关键著录项被印章遮压", "a key field stands under a seal";
    /// A file could not be read.
    FileFailed = "file_failed", 8.0, "文件无法读取", "a file could not be read";
    /// A page could not be read.
    PageFailed = "page_failed", 6.0, "页面无法读取", "a page could not be read";
    /// A corrected line was not found again.
    CorrectionUnplaced = "correction_unplaced", 5.0, "更正过的文字行已找不到原位置", "a corrected line was not found again";
    /// A file seems to hold several cases.
    SeveralCases = "several_cases", 8.0, "一个文件中可能有多个案卷", "a file seems to hold several cases";
    /// A document of the contents list is not there.
    ContentsMissing = "contents_missing", 6.0, "卷内目录所列材料缺失", "a document of the contents list is missing";
    /// A file may hold several documents.
    VolumeSuspected = "volume_suspected", 4.0, "一个文件中可能装订了多份材料", "a file may hold several documents";
    /// The contents list of a divided file could not be read.
    ContentsUnread = "contents_unread", 4.0, "卷内目录无法识别，材料未能核对", "the contents list cannot be read, so documents cannot be checked";
    /// Numbers of pages or page numbers are not those of the contents list.
    ContentsPages = "contents_pages", 4.0, "页数或页号与卷内目录不符", "pages are not those of the contents list";
    /// A document is not in the contents list.
    ContentsUndeclared = "contents_undeclared", 3.0, "材料未列入卷内目录", "a document is not in the contents list";
    /// A stage of the approval that every case goes through is not to be seen.
    MissingStage = "missing_stage", 3.0, "缺少必经环节的材料", "nothing shows a stage that every case goes through";
    /// Text under a seal was read without certainty.
    TextUnderSeal = "text_under_seal", 3.0, "印章下的文字识别把握不大", "text under a seal was read without certainty";
    /// A page with hardly any text.
    LittleText = "little_text", 2.0, "页面文字很少", "the page has hardly any text";
}

/// What a wrong value of a field costs compared with the dearest, 0 to 1; `None` for fields that are not key fields.
///
/// Outcome, number and identity decide whose right is at stake; dates decide whether it was in time; names of agency and
/// matter are found by their other pages as well.
pub fn cost_of_field(field: FieldName) -> Option<f32> {
    match field {
        FieldName::Outcome | FieldName::DocumentNumber => Some(1.0),
        FieldName::ApplicantName | FieldName::DecidedOn => Some(0.9),
        FieldName::Agency | FieldName::Matter => Some(0.7),
        FieldName::ValidUntil => Some(0.6),
        FieldName::AcceptedOn | FieldName::AcceptanceNumber => Some(0.5),
        field if has_check_digit(field) => Some(1.0),
        _ => None,
    }
}

/// Whether values of the field are identity numbers or credit codes.
pub(super) fn has_check_digit(field: FieldName) -> bool {
    ["id_number", "credit_code"]
        .iter()
        .any(|end| field.code().ends_with(end))
}

/// Key fields that every finished case has.
pub(super) const EXPECTED: [FieldName; 6] = [
    FieldName::Agency,
    FieldName::Matter,
    FieldName::DocumentNumber,
    FieldName::Outcome,
    FieldName::DecidedOn,
    FieldName::ApplicantName,
];
