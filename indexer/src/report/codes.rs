//! Every finding about a manifest and its files, or about the lines of an import, in one table: code → how grave → what is said in Chinese and in English.
//!
//! Codes are stable: programs compare them. No wording holds a value out of the table: it may be personal.

use serde::{Serialize, Serializer};

/// What a finding means for the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The table cannot be used: nothing is imported.
    Table,
    /// The row is refused: nothing of it is imported.
    Row,
    /// Files are not imported.
    Files,
    /// Table and files differ; what is good is imported.
    Difference,
    /// Worth knowing; nothing is refused.
    Note,
}

impl Severity {
    /// Whether something is not imported because of it.
    pub fn refuses(self) -> bool {
        matches!(self, Self::Table | Self::Row | Self::Files)
    }

    /// Chinese and English wording.
    pub fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Table => ("整表不导入", "table refused"),
            Self::Row => ("整行不导入", "row refused"),
            Self::Files => ("文件未入库", "files not ingested"),
            Self::Difference => ("不一致", "difference"),
            Self::Note => ("提示", "note"),
        }
    }
}

/// Declares the codes once: variant, code, severity, Chinese and English message.
macro_rules! finding_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $severity:ident, $zh:literal, $en:literal;)+) => {
        /// What was found in a manifest, or between it and the files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingCode {
            $($(#[$doc])* $variant,)+
        }

        impl FindingCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What it means for the import.
            pub fn severity(self) -> Severity {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// The message in Chinese.
            pub fn message_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The message in English.
            pub fn message_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }
        }
    };
}

impl FindingCode {
    /// Whether a value is wrong, or contradicts another, and can be kept all the same: in a line of an import it is, for what does not
    /// fit in an archive is what auditors look for; the review queue and the findings tell of it. Who makes a manifest has the paper at hand
    /// and mends the row.
    pub fn is_doubt(self) -> bool {
        matches!(
            self,
            Self::AcceptedBeforeApplied
                | Self::DecidedBeforeApplied
                | Self::DecidedBeforeAccepted
                | Self::ServedBeforeDecided
                | Self::ValidityReversed
                | Self::CreditCodeCheck
                | Self::IdNumberCheck
                | Self::IdNumberBirthDate
        )
    }

    /// Whether a line of an import is not taken in because of it.
    pub fn refuses_line(self) -> bool {
        self.severity().refuses() && !self.is_doubt()
    }
}

finding_codes! {
    // The table as a whole.
    /// No column gives the archival code.
    HeadingMissing = "heading_missing", Table, "没有“档号”栏", "there is no column `档号` (archival_code)";
    /// Two columns mean the same.
    HeadingRepeated = "heading_repeated", Table, "两栏含义相同", "another column means the same";
    /// A heading that may mean several fields.
    HeadingAmbiguous = "heading_ambiguous", Table,
        "栏名含义不明确，请用 --mapping 指明", "the heading may mean several fields; say which with --mapping";
    /// A quotation mark opens and none closes.
    QuoteOpen = "quote_open", Table, "引号没有配对，其后各行无法分辨", "a quotation mark is not closed; the rows after it cannot be told";
    /// A heading that nobody knows.
    HeadingUnknown = "heading_unknown", Note, "不认识的栏名，该栏未导入", "the heading is not known; the column is passed over";
    /// Another sheet has headings too.
    SheetPassedOver = "sheet_passed_over", Note, "另有工作表含有表头，未导入", "another sheet has headings too and is passed over";
    /// A blank row between rows.
    BlankRow = "blank_row", Note, "数据之间有空行", "there is a blank row between the rows";

    // Cells.
    /// More cells than headings.
    TooManyCells = "too_many_cells", Row, "单元格多于表头", "there is content beyond the headings";
    /// Control or invisible characters.
    ControlCharacter = "control_character", Row, "含有控制字符或不可见字符", "there are control or invisible characters";
    /// A line break where there can be none.
    LineBreakInCode = "line_break_in_code", Row, "编号或日期中含有换行", "there is a line break inside a number or date";
    /// Longer than the field allows.
    ValueTooLong = "value_too_long", Row, "内容过长", "the value is too long";
    /// A formula that failed.
    FormulaFailed = "formula_failed", Row, "公式出错（如 #N/A）", "the formula failed (such as #N/A)";
    /// A formula without a result.
    FormulaNotCalculated = "formula_not_calculated", Row, "公式没有计算结果", "the formula has no stored result";
    /// A number that has lost digits.
    DigitsLost = "digits_lost", Row,
        "数字已丢失位数（超过15位须存为文本）", "the number has lost digits (more than 15 must be kept as text)";
    /// Bytes that are no text.
    EncodingBroken = "encoding_broken", Row, "编码损坏", "the coding of the text is broken";
    /// Text decoded in a wrong coding.
    Mojibake = "mojibake", Row, "乱码（曾以错误的编码打开并保存）", "the text was once opened in a wrong coding and saved";
    /// Anything else that does not fit.
    ValueUnfit = "value_unfit", Row, "内容不符合该栏的格式", "the value does not fit this column";

    // Fields.
    /// No archival code.
    CodeMissing = "archival_code_missing", Row, "缺少档号", "the archival code is missing";
    /// No archival code can look like this.
    CodeInvalid = "archival_code_invalid", Row, "档号无效", "the archival code is not valid";
    /// The archival code of an earlier row.
    CodeDuplicate = "archival_code_duplicate", Row, "档号与前面的行重复", "the archival code repeats an earlier row";
    /// The archival code is a number.
    CodeIsNumber = "archival_code_is_number", Note,
        "档号是数值，前面的零可能已丢失", "the archival code is a number; leading zeros may be lost";
    /// No date.
    DateUnreadable = "date_unreadable", Row, "不是日期", "this is not a date";
    /// A date that the calendar does not have.
    DateImpossible = "date_impossible", Row, "日期不存在", "there is no such date";
    /// Before 1949.
    DateTooEarly = "date_too_early", Row, "日期早于1949年", "the date is before 1949";
    /// Later than today.
    DateInFuture = "date_in_future", Row, "日期晚于今天", "the date is later than today";
    /// A bare number taken for a date.
    DateFromNumber = "date_from_number", Note, "数值按日期序号解读", "the number was read as a serial date";
    /// A licence without end.
    DateOpenEnded = "date_open_ended", Note, "长期有效，不填截止日期", "valid without end; no last day is kept";
    /// Accepted before applied for.
    AcceptedBeforeApplied = "accepted_before_applied", Row, "受理日期早于申请日期", "accepted before it was applied for";
    /// Decided before applied for.
    DecidedBeforeApplied = "decided_before_applied", Row, "决定日期早于申请日期", "decided before it was applied for";
    /// Decided before accepted.
    DecidedBeforeAccepted = "decided_before_accepted", Row, "决定日期早于受理日期", "decided before it was accepted";
    /// Served before decided.
    ServedBeforeDecided = "served_before_decided", Row, "送达日期早于决定日期", "served before it was decided";
    /// Ends before it begins.
    ValidityReversed = "valid_until_before_valid_from", Row, "有效期至早于有效期起", "the validity ends before it begins";
    /// No outcome has this name.
    OutcomeUnknown = "outcome_unknown", Row, "不认识的决定结果", "the outcome is not known";
    /// No retention period has this name.
    RetentionUnknown = "retention_unknown", Row, "不认识的保管期限", "the retention period is not known";
    /// No security class has this name.
    SecurityClassUnknown = "security_class_unknown", Row, "不认识的密级", "the security class is not known";
    /// 绝密 never enters such a system.
    TopSecret = "top_secret", Row, "绝密材料不得进入本系统", "top-secret material must not enter this system";
    /// Neither six digits nor a name.
    RegionUnfit = "region_unfit", Row, "不是六位行政区划代码，也不是地名", "neither a region code of six digits nor the name of a region";
    /// A region that there is not.
    RegionUnknown = "region_unknown", Row, "没有这个行政区划", "there is no such region";
    /// A code of a known province that the table does not have: regions are dissolved, and their codes with them.
    RegionNotInTable = "region_not_in_table", Note, "行政区划表中没有这个代码", "the table of regions does not have this code";
    /// A name that several regions have.
    RegionAmbiguous = "region_ambiguous", Row, "同名的行政区划不止一个，请用代码", "several regions have this name; give the code";
    /// No kind of applicant has this name.
    ApplicantKindUnknown = "applicant_kind_unknown", Row, "不认识的申请人类型", "the kind of applicant is not known";
    /// The number is that of another kind of applicant.
    ApplicantKindContradicts = "applicant_kind_contradicts_number", Row,
        "申请人类型与证件号码不符", "the kind of applicant contradicts the number";
    /// GB 32100-2015.
    CreditCodeCheck = "credit_code_check", Row, "统一社会信用代码校验不符", "the check character of the credit code is wrong";
    /// GB 11643-1999.
    IdNumberCheck = "id_number_check", Row, "公民身份号码校验不符", "the check character of the identity number is wrong";
    /// GB 11643-1999.
    IdNumberBirthDate = "id_number_birth_date", Row, "公民身份号码中的出生日期不存在", "there is no such birth date as in the identity number";
    /// 16, 17, 19 or 20 characters.
    IdNumberLength = "id_number_length", Row, "证件号码位数不对（应为18位）", "the number does not have 18 characters";
    /// A number of another sort.
    IdNumberNotChecked = "id_number_not_checked", Note, "不是18位号码，未校验", "not a number of 18 characters; it was not checked";
    /// No document number.
    DocumentNumberUnreadable = "document_number_unreadable", Row, "文号格式无法识别", "the document number cannot be read";
    /// A number of another form than agency, year, serial.
    DocumentNumberUnusual = "document_number_unusual", Note,
        "文号不是“机关代字〔年份〕序号”的形式，按原文保存", "the document number has another form than agency, year, serial; it is kept as written";
    /// Two cases with one document number.
    DocumentNumberRepeated = "document_number_repeated", Note, "文号与前面的行相同", "an earlier row has the same document number";
    /// The year of the number is not that of the decision.
    DocumentNumberYear = "document_number_year", Note, "文号年份与决定日期不符", "the year of the document number is not that of the decision";
    /// An agency that no table has.
    AgencyUnknown = "agency_unknown", Note, "机构表中没有这类机关", "the table of agencies has no such agency";
    /// A matter that no table has.
    MatterUnknown = "matter_unknown", Note, "事项表中没有这个事项", "the table of matters has no such matter";
    /// No number of pages.
    PageCountUnfit = "page_count_unfit", Row, "页数不是数字", "the number of pages is not a number";
    /// 0 or too many pages.
    PageCountOutOfRange = "page_count_out_of_range", Row, "页数应在1至20000之间", "the number of pages must be from 1 to 20000";

    // Files that a row names.
    /// Out of the folder.
    PathEscapes = "path_escapes", Row,
        "文件路径不得为绝对路径或含有“..”", "a path of a file must neither be absolute nor contain `..`";
    /// Named twice in one row.
    FileRepeated = "file_repeated", Note, "同一文件在本行中出现两次", "the row names a file twice";
    /// Another row names it.
    FileNamedTwice = "file_named_twice", Row, "文件已属于清单中的另一行", "the files belong to another row already";
    /// Not there.
    FileMissing = "file_missing", Row, "清单所列文件未找到", "the files of this row were not found";
    /// Several fit.
    FileAmbiguous = "file_ambiguous", Row, "清单所列文件名对应多个文件", "the name fits several files or folders";
    /// No bytes.
    FileEmpty = "file_empty", Row, "清单所列文件为空（0 字节）", "the file named has no bytes";
    /// Not a scan.
    FileUnsupported = "file_unsupported", Row, "清单所列文件不是可识别的扫描件格式", "the file named is not a scan that can be read";
    /// A folder of other things.
    FolderWithoutScans = "folder_without_scans", Row, "清单所列文件夹中没有扫描件", "the folder named holds no scans";

    // Lines of an import.
    /// Longer than a line may be.
    LineTooLong = "line_too_long", Row, "行过长（超过 256 MiB）", "the line is longer than 256 MiB";
    /// A list, a table, plain text.
    LineNotObject = "line_not_object", Row, "应为一行一个 JSON 对象", "each line must be one JSON object";
    /// No JSON.
    JsonSyntax = "json_syntax", Row, "JSON 语法错误", "the JSON is malformed";
    /// JSON that ends too early.
    JsonCutOff = "json_cut_off", Row, "JSON 不完整", "the JSON ends too early";
    /// A number where a text must be, and the like.
    WrongType = "wrong_type", Row, "值的类型不对（如应为文字而写成数字）", "the value has the wrong type, such as a number for a text";
    /// A key twice in one object.
    KeyRepeated = "key_repeated", Row, "同一个键出现两次", "the key occurs twice";
    /// A key that an object must have.
    KeyMissing = "key_missing", Row, "缺少必需的键", "a key that must be there is missing";
    /// A key that nobody knows.
    KeyUnknown = "key_unknown", Note, "不认识的键，未导入", "the key is not known and is passed over";
    /// No kind of document has this name.
    DocumentKindUnknown = "document_kind_unknown", Row, "不认识的文种", "the kind of document is not known";
    /// No SHA-256.
    FileHashInvalid = "file_hash_invalid", Row, "文件的 SHA-256 无效", "this is not a SHA-256 of a file";
    /// A page number of 0, or one that occurs twice.
    PageNumberInvalid = "page_number_invalid", Row, "页号为 0 或重复", "a page number is 0 or occurs twice";
    /// A fact that says nothing, or claims to be a correction.
    FactInvalid = "fact_invalid", Row, "facts 中的条目无效", "an entry of `facts` is not valid";
    /// A correction that does not say what it corrects, or is out of its order.
    CorrectionInvalid = "correction_invalid", Row, "corrections 中的条目无效", "an entry of `corrections` is not valid";
    /// A line of an export in which personal data is masked.
    LineMasked = "line_masked", Row,
        "导出时个人信息已脱敏的行，只供查阅，不能导入", "a line exported with masked personal data is for reading, not for import";
    /// 1402**********1234
    ValueMasked = "value_masked", Note,
        "号码或地址已掩码，不作为原值导入；库中已有的保留", "a masked number or address is not taken for a value; what the archive has stays";
    /// Other corrections than those the archive has.
    CorrectionsDiffer = "corrections_differ", Note,
        "更正记录与库中不同，保留库中的", "the corrections differ from those of the archive, which stay";
    /// Text only: the scan is not there.
    FileNotHere = "file_not_here", Note, "原件不在本库，只导入文字", "the original is not in this archive; only its text is imported";
    /// The catalogue cannot keep it.
    CaseUnfit = "case_unfit", Row, "案卷无法保存", "the case cannot be kept";

    // Files and folders.
    /// A file without bytes in the folder of a row.
    EmptyFileInFolder = "empty_file_in_folder", Note, "案卷文件夹中有空文件（0 字节）", "a file in the folder of the case has no bytes";
    /// The row of these files was refused.
    RowRefused = "row_refused", Files, "所属的清单行未导入，这些文件未入库", "the row of these files was refused";
    /// A refused row does not say which files are its own.
    RowUnclear = "row_unclear", Files,
        "清单中有一行看不出对应哪些文件，未列入清单的文件暂不入库", "a refused row does not say which files are its own; files without a row wait";
    /// Two folders would become the same case.
    SameCaseTwice = "same_case_twice", Files, "两个文件夹对应同一档号", "two folders would become the same case";
    /// The name of a folder or file cannot be an archival code.
    UnfitName = "unfit_name", Files, "名称不能作为档号，请使用清单", "the name cannot be an archival code; use a manifest";
    /// Nothing in the manifest names them.
    FilesWithoutRow = "files_without_row", Difference, "清单中没有这些文件", "no row of the manifest names these files";
    /// The scan has other pages than declared.
    PagesDiffer = "pages_differ", Difference, "页数与清单不符", "the number of pages is not the declared one";
    /// So many files, and so many numbers of pages.
    DocumentsDiffer = "documents_differ", Difference, "页数的个数与文件数不符", "there are not as many numbers of pages as files";
    /// The file could not be read, so its pages could not be counted.
    PagesUnknown = "pages_unknown", Difference, "文件无法打开，页数无法核对", "the file cannot be opened, so its pages cannot be counted";

    // Documents and contents lists.
    /// A file with several documents was divided.
    VolumeDivided = "volume_divided", Note, "一个文件中装订了多份材料，已拆分", "the file holds several documents and was divided";
    /// A file that may hold several documents was left whole.
    VolumeSuspected = "volume_suspected", Difference,
        "文件中可能有多份材料，未拆分，请查看", "may hold several documents; left whole, needs eyes";
    /// A file that seems to hold several cases was left whole.
    SeveralCases = "several_cases", Difference,
        "文件中可能有多个案卷，未拆分，请查看", "may hold several cases; left whole, needs eyes";
    /// The contents list in a divided file could not be read.
    ContentsUnread = "contents_unread", Difference,
        "卷内目录无法识别，仅按标题拆分，请查看", "the contents list cannot be read; divided by titles alone, needs eyes";
    /// A document of the contents list is not there.
    ContentsMissing = "contents_missing", Difference, "卷内目录所列材料缺失", "a document of the contents list is missing";
    /// A document is not in the contents list.
    ContentsUndeclared = "contents_undeclared", Difference, "材料未列入卷内目录", "a document is not in the contents list";
    /// A document has other pages than the contents list says.
    ContentsPages = "contents_pages", Difference, "材料页数与卷内目录不符", "the number of pages is not that of the contents list";
    /// A document begins on another page than the contents list says.
    ContentsFirstPage = "contents_first_page", Difference, "材料起始页号与卷内目录不符", "the first page is not that of the contents list";
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_worded_twice() {
        let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), FindingCode::ALL.len());
        for code in FindingCode::ALL {
            assert!(code.message_zh().chars().any(|c| c >= '\u{4e00}'), "{}", code.code());
            let english = code.message_en().replace("档号", "");
            assert!(english.is_ascii(), "{english}");
        }
        let refused = FindingCode::ALL.iter().filter(|c| c.severity() == Severity::Row);
        assert!(refused.count() >= 30, "the table of faults shrank");
    }
}
