//! A manifest with a fault of every kind among good rows, as CSV and as XLSX. All people and companies are invented.

use std::path::{Path, PathBuf};

use juanzong::record::{CreditCode, IdNumber};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// Headings; the first is column A.
pub(crate) const HEADINGS: [&str; 21] = [
    "档号",
    "题名",
    "审批机关",
    "行政区划",
    "审批事项",
    "文号",
    "受理编号",
    "决定结果",
    "保管期限",
    "密级",
    "申请日期",
    "受理日期",
    "决定日期",
    "送达日期",
    "有效期起",
    "有效期至",
    "申请人",
    "申请人类型",
    "证件号码",
    "页数",
    "文件",
];
/// A title stands above the headings.
const FIRST_ROW: u32 = 3;

/// What is written into a cell.
#[derive(Clone)]
enum Given {
    Text(String),
    /// Text with bytes in the CSV that are no UTF-8, and a replacement character in the XLSX.
    Broken,
    /// `#N/A` in the CSV, a formula with that result in the XLSX.
    Failed,
    /// A number in the XLSX, and what Excel makes of it in a CSV.
    Number(f64, &'static str),
}

/// A row and what is to be found in it.
pub(crate) struct FixtureRow {
    pub(crate) number: u32,
    pub(crate) code: String,
    cells: Vec<Given>,
    /// Code of the finding and heading of its column.
    pub(crate) fault: Option<(&'static str, &'static str)>,
    /// Content beyond the headings.
    beyond: bool,
}

/// Everything that the tests need of the fixture.
pub(crate) struct Fixture {
    pub(crate) rows: Vec<FixtureRow>,
}

fn credit_code() -> String {
    let head = "91140224MA0A1B2C3";
    format!("{head}{}", CreditCode::check_character(head).unwrap())
}

fn id_number(head: &str) -> String {
    format!("{head}{}", IdNumber::check_character(head).unwrap())
}

fn column(heading: &str) -> usize {
    HEADINGS.iter().position(|h| *h == heading).unwrap()
}

impl Fixture {
    pub(crate) fn new(pages: u64) -> Self {
        let mut fixture = Self { rows: Vec::new() };
        fixture.good(pages);
        for (code, heading, given) in faults() {
            fixture.faulty(pages, code, heading, given);
            if fixture.rows.len() == 20 {
                fixture.good(pages);
            }
        }
        fixture.contradictions(pages);
        fixture.good(pages);
        fixture
    }

    fn good(&mut self, pages: u64) {
        let at = u32::try_from(self.rows.len()).unwrap();
        let code = format!("0123-XK·2019-D30-SCJG-{:04}", at + 1);
        let text = |t: &str| Given::Text(t.to_owned());
        let cells = vec![
            text(&code),
            text("灵丘县嘉禾餐饮管理有限责任公司食品经营许可"),
            text("灵丘县市场监督管理局"),
            Given::Number(140_224.0, "140224"),
            text("食品经营许可"),
            Given::Text(format!("灵食许〔2019〕{}号", at + 1)),
            Given::Number(20_190_444.0, "20190444"),
            text("准予"),
            text("30年"),
            text("公开"),
            text("2019-04-25"),
            text("2019-04-28"),
            text("2019-05-07"),
            text("2019-05-09"),
            text("2019-05-07"),
            text("2024-05-06"),
            text("灵丘县嘉禾餐饮管理有限责任公司"),
            text("法人"),
            Given::Text(credit_code()),
            Given::Text(pages.to_string()),
            Given::Text(format!("卷/{}", folder_of(at))),
        ];
        self.rows.push(FixtureRow {
            number: FIRST_ROW + at,
            code,
            cells,
            fault: None,
            beyond: false,
        });
    }

    fn faulty(&mut self, pages: u64, code: &'static str, heading: &'static str, given: Given) {
        self.good(pages);
        let row = self.rows.last_mut().unwrap();
        row.cells[column(heading)] = given;
        row.fault = Some((code, heading));
    }

    fn set(&mut self, heading: &str, text: &str) {
        self.rows.last_mut().unwrap().cells[column(heading)] = Given::Text(text.to_owned());
    }

    /// Faults that take more than one cell.
    fn contradictions(&mut self, pages: u64) {
        let text = |t: &str| Given::Text(t.to_owned());
        self.faulty(pages, "accepted_before_applied", "受理日期", text("2019-04-20"));
        self.faulty(pages, "decided_before_applied", "决定日期", text("2019-04-20"));
        self.set("受理日期", "");
        self.faulty(pages, "decided_before_accepted", "决定日期", text("2019-04-26"));
        self.faulty(pages, "applicant_kind_contradicts_number", "申请人类型", text("自然人"));
        let first = self.rows[0].code.clone();
        self.faulty(pages, "archival_code_duplicate", "档号", Given::Text(first));
        let first_folder = format!("卷/{}/1.pdf", folder_of(0));
        self.faulty(pages, "file_named_twice", "文件", Given::Text(first_folder));
        self.good(pages);
        let row = self.rows.last_mut().unwrap();
        row.fault = Some(("too_many_cells", ""));
        row.beyond = true;
    }

    /// Codes of the rows that are to be imported.
    pub(crate) fn good_codes(&self) -> Vec<String> {
        let good = self.rows.iter().filter(|r| r.fault.is_none());
        good.map(|r| r.code.clone()).collect()
    }

    /// Writes a folder for each row, and what some faults need.
    pub(crate) fn write_files(&self, root: &Path, pdf: &Path) {
        for row in &self.rows {
            let folder = root.join("卷").join(folder_of(row.number - FIRST_ROW));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::copy(pdf, folder.join("1.pdf")).unwrap();
        }
        std::fs::create_dir_all(root.join("无扫描件")).unwrap();
        std::fs::write(root.join("说明.docx"), b"PK").unwrap();
        std::fs::create_dir_all(root.join("零")).unwrap();
        std::fs::write(root.join("零/空.pdf"), b"").unwrap();
    }

    /// Writes the manifest as CSV (UTF-8).
    pub(crate) fn write_csv(&self, root: &Path) -> PathBuf {
        let mut bytes = "行政许可案卷目录（虚构）\r\n".as_bytes().to_vec();
        bytes.extend(HEADINGS.join(",").bytes().chain(*b"\r\n"));
        for row in &self.rows {
            for cell in &row.cells {
                let content: Vec<u8> = match cell {
                    Given::Text(text) => text.replace('"', "\"\"").into_bytes(),
                    Given::Broken => b"\xe9\xa3".to_vec(),
                    Given::Failed => b"#N/A".to_vec(),
                    Given::Number(_, text) => text.as_bytes().to_vec(),
                };
                bytes.extend(b"\"".iter().chain(&content).chain(b"\","));
            }
            bytes.extend(if row.beyond { b"x\r\n".as_slice() } else { b"\r\n" });
        }
        let path = root.join("清单.csv");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes the same as XLSX, with real dates and numbers where the CSV has text.
    pub(crate) fn write_xlsx(&self, root: &Path) -> PathBuf {
        let mut book = Workbook::new();
        let day = Format::new().set_num_format("yyyy/m/d");
        book.add_worksheet()
            .set_name("填表说明")
            .unwrap()
            .write(0, 0, "请勿改动表头")
            .unwrap();
        let sheet = book.add_worksheet().set_name("目录").unwrap();
        sheet
            .merge_range(0, 0, 0, 20, "行政许可案卷目录（虚构）", &Format::new())
            .unwrap();
        for (at, heading) in (0..).zip(HEADINGS) {
            sheet.write(1, at, heading).unwrap();
        }
        for row in &self.rows {
            let number = row.number - 1;
            for (at, cell) in (0..).zip(&row.cells) {
                match cell {
                    Given::Text(text) => match ExcelDateTime::parse_from_str(text) {
                        Ok(date) if text.len() == 10 && text.starts_with("20") => {
                            sheet.write_with_format(number, at, &date, &day).unwrap()
                        }
                        _ => sheet.write(number, at, text).unwrap(),
                    },
                    Given::Broken => sheet.write(number, at, "\u{fffd}").unwrap(),
                    Given::Failed => {
                        let formula = Formula::new("=NA()").set_result("#N/A");
                        sheet.write(number, at, formula).unwrap()
                    }
                    Given::Number(value, _) => sheet.write(number, at, *value).unwrap(),
                };
            }
            if row.beyond {
                sheet.write(number, 21, "x").unwrap();
            }
        }
        sheet.set_row_hidden(FIRST_ROW - 1).unwrap();
        let path = root.join("清单.xlsx");
        book.save(&path).unwrap();
        path
    }
}

fn folder_of(at: u32) -> String {
    format!("{:03}", at + 1)
}

/// Faults of one cell: code, heading, what stands there.
fn faults() -> Vec<(&'static str, &'static str, Given)> {
    let text = |t: &str| Given::Text(t.to_owned());
    let identity = id_number("14022419810607432");
    let mut wrong_identity = identity.clone();
    wrong_identity.replace_range(
        16..17,
        if wrong_identity.as_bytes()[16] == b'3' {
            "4"
        } else {
            "3"
        },
    );
    let mut wrong_credit = credit_code();
    wrong_credit.replace_range(9..10, "B");
    vec![
        ("archival_code_missing", "档号", text("")),
        ("archival_code_invalid", "档号", text("---")),
        ("line_break_in_code", "受理编号", text("2019\n0444")),
        ("control_character", "题名", text("嘉禾\u{200b}餐饮")),
        ("value_too_long", "题名", Given::Text("案".repeat(501))),
        ("formula_failed", "审批机关", Given::Failed),
        ("formula_not_calculated", "审批事项", text("=VLOOKUP(A3,事项!A:B,2,0)")),
        (
            "digits_lost",
            "证件号码",
            Given::Number(140_224_198_106_074_320.0, "1.40224E+17"),
        ),
        ("encoding_broken", "题名", Given::Broken),
        ("mojibake", "题名", Given::Text(taken_for_gbk("食品经营许可"))),
        ("date_unreadable", "申请日期", text("去年春天")),
        ("date_impossible", "决定日期", text("2019-02-30")),
        ("date_too_early", "申请日期", text("1911-10-10")),
        ("date_in_future", "送达日期", text("2199-05-09")),
        ("valid_until_before_valid_from", "有效期至", text("2018-05-06")),
        ("served_before_decided", "送达日期", text("2019-05-06")),
        ("outcome_unknown", "决定结果", text("大概")),
        ("retention_unknown", "保管期限", text("29年")),
        ("security_class_unknown", "密级", text("保密")),
        ("top_secret", "密级", text("绝密")),
        ("region_unfit", "行政区划", text("14022")),
        ("region_unknown", "行政区划", text("999999")),
        ("region_ambiguous", "行政区划", text("朝阳区")),
        ("applicant_kind_unknown", "申请人类型", text("神仙")),
        ("credit_code_check", "证件号码", Given::Text(wrong_credit)),
        ("id_number_check", "证件号码", Given::Text(wrong_identity)),
        (
            "id_number_birth_date",
            "证件号码",
            Given::Text(id_number("14022419811307432")),
        ),
        (
            "id_number_length",
            "证件号码",
            Given::Text(identity.get(..17).unwrap().to_owned()),
        ),
        ("document_number_unreadable", "文号", text("灵食许")),
        ("page_count_unfit", "页数", text("若干")),
        ("page_count_out_of_range", "页数", text("0")),
        ("path_escapes", "文件", text("../../别处/1.pdf")),
        ("file_missing", "文件", text("卷/没有")),
        ("file_ambiguous", "文件", text("1.pdf")),
        ("file_empty", "文件", text("零/空.pdf")),
        ("file_unsupported", "文件", text("说明.docx")),
        ("folder_without_scans", "文件", text("无扫描件")),
    ]
}

/// A text whose UTF-8 bytes were once taken for GBK.
fn taken_for_gbk(text: &str) -> String {
    encoding_rs::GBK.decode(text.as_bytes()).0.into_owned()
}
