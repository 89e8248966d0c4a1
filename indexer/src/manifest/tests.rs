use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use juanzong::record::{CreditCode, FieldName, IdNumber};
use proptest::prelude::*;

use super::*;
use crate::table::{Cell, TableRow};

static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(|| Dictionaries::builtin().unwrap());
static NO_MAPPING: LazyLock<Mapping> = LazyLock::new(Mapping::default);

fn rules(mapping: &Mapping) -> Rules<'_> {
    Rules {
        today: CivilDate::new(2024, 6, 1).unwrap(),
        dictionaries: &DICTIONARIES,
        mapping,
    }
}

fn parsed(text: &str) -> Manifest {
    read_csv(Path::new("清单.csv"), text.as_bytes(), &rules(&NO_MAPPING)).unwrap()
}

fn values(manifest: &Manifest) -> Vec<(FieldName, &str)> {
    let facts = manifest.rows.iter().flat_map(|r| &r.facts);
    facts.map(|f| (f.field, f.value.as_str())).collect()
}

/// Code, row, letter and other row of each finding.
fn found(manifest: &Manifest) -> Vec<(&'static str, u32, &str, Option<u32>)> {
    let findings = manifest.findings.iter();
    findings
        .map(|f| {
            let letter = f.column.as_ref().map_or("", |c| c.letter.as_str());
            (f.code.code(), f.row.unwrap_or(0), letter, f.other_row)
        })
        .collect()
}

#[test]
fn chinese_and_english_headings_give_the_same_row() {
    let chinese = parsed("档号,题名,决定日期（年月日）,文 件,备注\n0123-XK·2019-D30-SCJG-0042,甲,2019年5月7日,a;b,x\n");
    let english = parsed("Archival code;Title;decided_on;Files;note\n0123-XK·2019-D30-SCJG-0042;甲;2019-05-07;a|b;x\n");
    assert_eq!(chinese.findings, []);
    assert_eq!(chinese.rows[0].files, ["a", "b"]);
    assert_eq!(chinese.rows[0].files, english.rows[0].files);
    assert_eq!(values(&chinese), values(&english));
    assert_eq!(values(&chinese)[1], (FieldName::DecidedOn, "2019-05-07"));
    assert_eq!(
        (chinese.shape.separator, english.shape.separator),
        (Some(','), Some(';'))
    );
}

#[test]
fn titles_above_the_headings_and_blank_rows_are_passed_over() {
    let manifest = parsed("行政许可档案目录\n\n制表日期：2024-01-02\n档号\t题名\n\nA-1\t甲\nA-2\t乙\n\n\nA-3\t丙\n\n");
    assert_eq!(manifest.shape.heading_row, Some(4));
    let numbers: Vec<u32> = manifest.rows.iter().map(|r| r.number).collect();
    assert_eq!(numbers, [6, 7, 10]);
    assert_eq!(
        found(&manifest),
        [("blank_row", 5, "", None), ("blank_row", 8, "", None)]
    );
}

#[test]
fn every_fault_of_a_row_is_named_and_the_others_stand() {
    let manifest = parsed(
        "档号,决定日期,密级\nA-1,2019-02-30,绝密\n,2019-02-03,公开\nA-2,2019-02-03,公开\nA-2,2019-02-03,公开\nA-4,,,多\n,,\nA-5,,\n",
    );
    let rows: Vec<&str> = manifest.rows.iter().map(|r| r.archival_code.as_str()).collect();
    assert_eq!(rows, ["A-2", "A-5"]);
    assert_eq!(
        found(&manifest),
        [
            ("date_impossible", 2, "B", None),
            ("top_secret", 2, "C", None),
            ("archival_code_missing", 3, "A", None),
            ("archival_code_duplicate", 5, "A", Some(4)),
            ("too_many_cells", 6, "D", None),
            ("blank_row", 7, "", None),
        ]
    );
    let refused: Vec<(u32, bool)> = manifest.refused.iter().map(|r| (r.number, r.unclear)).collect();
    assert_eq!(refused, [(2, false), (3, true), (5, false), (6, false)]);
}

#[test]
fn faulty_headings_refuse_the_table() {
    for (text, expected) in [
        ("题名,决定日期\n甲,2019-05-07\n", ("heading_missing", 1, "", None)),
        ("档号,题名,案卷号\nA-1,甲,A-2\n", ("heading_repeated", 1, "C", None)),
        (
            "档号,题名,日期\nA-1,甲,2019-05-07\n",
            ("heading_ambiguous", 1, "C", None),
        ),
        ("档号,题名\nA-1,甲\nA-2,\"乙\nA-3,丙\n", ("quote_open", 3, "", None)),
        ("完全,不同\n1,2\n", ("heading_missing", 1, "", None)),
        ("", ("heading_missing", 1, "", None)),
    ] {
        let manifest = parsed(text);
        assert_eq!(found(&manifest), [expected], "{text}");
        assert_eq!(manifest.rows, []);
        let error = manifest.require_usable().unwrap_err().to_string();
        assert!(error.contains("清单.csv 第 "), "{error}");
    }
    let manifest = parsed("档号,题名,从未听说\nA-1,甲,x\n");
    assert_eq!(found(&manifest), [("heading_unknown", 1, "C", None)]);
    assert_eq!(manifest.rows.len(), 1);
}

#[test]
fn a_mapping_says_what_headings_mean_and_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.toml");
    fs::write(
        &file,
        "[headings]\n\"日 期\" = \"decided_on\"\n\"案件\" = \"档号\"\n\"经办人\" = \"ignore\"\n",
    )
    .unwrap();
    let mapping = Mapping::read(&file).unwrap();
    mapping.remember(folder.path(), "甲局").unwrap();
    mapping.remember(folder.path(), "甲局").unwrap();
    Mapping::default().remember(folder.path(), "乙局").unwrap();
    let kept = Mapping::remembered(folder.path(), "甲局").unwrap().unwrap();
    assert_eq!(kept, mapping);
    assert_eq!(Mapping::remembered(folder.path(), "丙局").unwrap(), None);
    assert_eq!(Mapping::remembered(&folder.path().join("没有"), "甲局").unwrap(), None);
    let text = "案件,日期,经办人\nA-1,2019-05-07,某某\n";
    let manifest = read_csv(Path::new("m.csv"), text.as_bytes(), &rules(&kept)).unwrap();
    assert_eq!(manifest.findings, []);
    assert_eq!(values(&manifest), [(FieldName::DecidedOn, "2019-05-07")]);
    // What lies in the data directory is the two files alone.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

    fs::write(&file, "[headings]\n\"日期\" = \"when\"\n").unwrap();
    assert!(matches!(Mapping::read(&file), Err(MappingError::UnknownField { heading, .. }) if heading == "日期"));
    for broken in ["headings = 1", "[heading]\n", "[headings]\na = 1", "\u{0}"] {
        fs::write(&file, broken).unwrap();
        assert!(
            matches!(Mapping::read(&file), Err(MappingError::Malformed { .. })),
            "{broken}"
        );
    }
}

/// A table of a workbook with the heading 档号 and one other column.
fn workbook(heading: &str, cells: &[Cell], since_1904: bool) -> Manifest {
    let text = |t: &str| Cell::Text(t.to_owned());
    let mut rows = vec![TableRow {
        number: 1,
        cells: vec![text("档号"), text(heading)],
    }];
    for (number, cell) in (2..).zip(cells) {
        rows.push(TableRow {
            number,
            cells: vec![text(&format!("A-{number}")), cell.clone()],
        });
    }
    let sheet = Sheet {
        name: "表".into(),
        since_1904,
        rows,
        open_quote: None,
    };
    choose(Path::new("m.xlsx"), vec![sheet], &rules(&NO_MAPPING))
}

#[test]
fn numbers_and_dates_of_a_workbook() {
    let dates = [
        Cell::Date(43_592.0),
        Cell::Number(43_592.0),
        Cell::Number(20_190_507.0),
        Cell::Text("20190507".into()),
        Cell::Text("2019-05-07 00:00:00".into()),
    ];
    let manifest = workbook("决定日期", &dates, false);
    assert!(
        values(&manifest).iter().all(|(_, v)| *v == "2019-05-07"),
        "{:?}",
        values(&manifest)
    );
    assert_eq!(manifest.rows.len(), 5);
    assert_eq!(found(&manifest), [("date_from_number", 3, "B", None)]);
    let of_1904 = workbook("决定日期", &[Cell::Date(42_130.0), Cell::Number(42_130.0)], true);
    assert!(values(&of_1904).iter().all(|(_, v)| *v == "2019-05-07"));

    let faults = [
        (Cell::Date(60.0), "date_impossible"),
        (Cell::Date(2.0), "date_too_early"),
        (Cell::Number(0.5), "date_unreadable"),
        (Cell::Number(20_190_230.0), "date_impossible"),
        (Cell::Date(50_000.0), "date_in_future"),
        (Cell::Failed, "formula_failed"),
        (Cell::NotCalculated, "formula_not_calculated"),
        (Cell::Number(1e15), "digits_lost"),
        (Cell::Number(f64::NAN), "digits_lost"),
    ];
    for (cell, code) in faults {
        let manifest = workbook("决定日期", std::slice::from_ref(&cell), false);
        assert_eq!(found(&manifest), [(code, 2, "B", None)], "{cell:?}");
    }
    let numbers = workbook("受理编号", &[Cell::Number(20_190_444.0)], false);
    assert_eq!(values(&numbers), [(FieldName::AcceptanceNumber, "20190444")]);
    let regions = workbook(
        "行政区划",
        &[Cell::Number(140_224.0), Cell::Text("大同市灵丘县".into())],
        false,
    );
    assert!(values(&regions).iter().all(|(_, v)| *v == "140224"));
}

#[test]
fn the_sheet_with_the_archival_code_is_taken() {
    let sheet = |name: &str, texts: &[&[&str]]| Sheet {
        name: name.into(),
        rows: (1..)
            .zip(texts)
            .map(|(number, row)| TableRow {
                number,
                cells: row.iter().map(|t| Cell::Text((*t).to_owned())).collect(),
            })
            .collect(),
        ..Sheet::default()
    };
    let sheets = vec![
        sheet("说明", &[&["本表由某局编制"]]),
        sheet("统计", &[&["审批事项", "决定结果"], &["食品经营许可", "准予"]]),
        sheet("目录", &[&["档号", "题名"], &["A-1", "甲"]]),
    ];
    let manifest = choose(Path::new("m.xlsx"), sheets, &rules(&NO_MAPPING));
    assert_eq!(manifest.shape.sheet, "目录");
    assert_eq!(manifest.rows.len(), 1);
    assert_eq!(found(&manifest), [("sheet_passed_over", 0, "", None)]);
    let none = choose(Path::new("m.xlsx"), Vec::new(), &rules(&NO_MAPPING));
    assert!(!none.is_usable());
}

#[test]
fn values_are_checked_field_by_field() {
    let credit = {
        let head = "91140224MA0A1B2C3";
        format!("{head}{}", CreditCode::check_character(head).unwrap())
    };
    let identity = |head: &str| format!("{head}{}", IdNumber::check_character(head).unwrap());
    let good_identity = identity("14022419810607432");
    let mut wrong_identity = good_identity.clone();
    wrong_identity.replace_range(
        13..14,
        if wrong_identity.as_bytes()[13] == b'7' {
            "8"
        } else {
            "7"
        },
    );
    let mut wrong_credit = credit.clone();
    wrong_credit.replace_range(9..10, "B");
    for (heading, value, expected) in [
        ("证件号码", credit.to_lowercase().as_str(), None),
        ("证件号码", &good_identity, None),
        ("证件号码", &wrong_credit, Some("credit_code_check")),
        ("证件号码", &wrong_identity, Some("id_number_check")),
        ("证件号码", &identity("14022419811307432"), Some("id_number_birth_date")),
        ("证件号码", good_identity.get(..17).unwrap(), Some("id_number_length")),
        ("证件号码", "1.40224E+17", Some("digits_lost")),
        ("证件号码", "140224810607432", Some("id_number_not_checked")),
        ("有效期至", "长期", Some("date_open_ended")),
        ("有效期至", "2030-01-01", None),
        ("送达日期", "2030-01-01", Some("date_in_future")),
        ("送达日期", "近日", Some("date_unreadable")),
        ("送达日期", "2019-05\n-07", Some("line_break_in_code")),
        ("文号", "灵食许[2019]444号", None),
        ("文号", "无", Some("document_number_unreadable")),
        ("文号", "第0123号许可", Some("document_number_unusual")),
        ("行政区划", "999999", Some("region_unknown")),
        ("行政区划", "140299", Some("region_not_in_table")),
        ("行政区划", "14022", Some("region_unfit")),
        ("行政区划", "朝阳区", Some("region_ambiguous")),
        ("行政区划", "１４０２２４", None),
        ("审批机关", "灵丘县虚构司", Some("agency_unknown")),
        ("审批事项", "虚构事项", Some("matter_unknown")),
        ("题名", "æ¡£å\u{8f}·", Some("mojibake")),
        ("题名", "锟斤拷", Some("mojibake")),
        ("题名", "甲\u{200b}乙", Some("control_character")),
        ("题名", "第一行\n第二行", None),
        ("题名", "#REF!", Some("formula_failed")),
        ("题名", "=A1", Some("formula_not_calculated")),
        ("页数", "12页", None),
        ("页数", "0", Some("page_count_out_of_range")),
        ("页数", "若干", Some("page_count_unfit")),
        ("文件", "../别处", Some("path_escapes")),
        ("文件", "/etc", Some("path_escapes")),
        ("文件", "C:\\扫描", Some("path_escapes")),
        ("文件", "\\\\server\\扫描", Some("path_escapes")),
        ("文件", "a;b;a", Some("file_repeated")),
        ("文件", "卷\\一.pdf", None),
    ] {
        let manifest = workbook(heading, &[Cell::Text(value.to_owned())], false);
        let codes: Vec<&str> = manifest.findings.iter().map(|f| f.code.code()).collect();
        assert_eq!(codes, Vec::from_iter(expected), "{heading}");
    }
}

#[test]
fn text_decoded_as_gbk_is_told_from_rare_names() {
    let wrong = encoding_rs::GBK.decode("食品经营许可".as_bytes()).0.into_owned();
    let manifest = workbook("题名", &[Cell::Text(wrong)], false);
    assert_eq!(found(&manifest), [("mojibake", 2, "B", None)]);
    for name in ["洹澧淼", "沅湘", "联通", "灵丘县嘉禾餐饮管理有限责任公司", "Café", "·"] {
        assert_eq!(
            found(&workbook("申请人", &[Cell::Text(name.into())], false)),
            [],
            "{name}"
        );
    }
}

#[test]
fn rows_are_checked_for_contradictions() {
    let manifest = parsed(
        "档号,申请日期,受理日期,决定日期,送达日期,有效期起,有效期至,文号\n\
         A-1,2019-05-02,2019-05-01,,,,,\n\
         A-2,2019-05-02,,2019-05-01,,,,\n\
         A-3,2019-05-01,2019-05-03,2019-04-02,,,,\n\
         A-4,,,2019-05-02,2019-05-01,,,\n\
         A-5,,,,,2019-05-02,2019-05-01,\n\
         A-6,,,2019-05-02,,,,灵食许〔2018〕1号\n\
         A-7,,,,,,,灵食许〔2018〕1号\n",
    );
    assert_eq!(
        found(&manifest),
        [
            ("accepted_before_applied", 2, "C", None),
            ("decided_before_applied", 3, "D", None),
            ("decided_before_applied", 4, "D", None),
            ("served_before_decided", 5, "E", None),
            ("valid_until_before_valid_from", 6, "G", None),
            ("document_number_year", 7, "H", None),
            ("document_number_repeated", 8, "H", Some(7)),
        ]
    );
    assert_eq!(manifest.rows.len(), 2);
}

#[test]
fn unreadable_files_are_named() {
    let path = Path::new("m.csv");
    let broken = [0xff, 0xff, 0x00, 0x81];
    let error = read_csv(path, &broken, &rules(&NO_MAPPING)).unwrap_err();
    assert!(matches!(error, Error::Encoding { .. }), "{error}");
    let wide = format!("档号,题名{}\n", ",".repeat(600));
    let error = read_csv(path, wide.as_bytes(), &rules(&NO_MAPPING)).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

proptest! {
    #[test]
    fn any_table_is_survived_and_no_value_is_repeated(cells in proptest::collection::vec("\\PC{0,12}", 1..40)) {
        let mut text = "档号,题名,决定日期,证件号码,行政区划,文件,页数\n".to_owned();
        for row in cells.chunks(7) {
            text += &row.join(",");
            text.push('\n');
        }
        let manifest = parsed(&text);
        for finding in &manifest.findings {
            let column = finding.column.as_ref().map_or("", |c| c.heading.as_str());
            prop_assert!(["", "档号", "题名", "决定日期", "证件号码", "行政区划", "文件", "页数"].contains(&column));
        }
        prop_assert_eq!(manifest.rows.len() + manifest.refused.len(), if manifest.is_usable() { manifest.shape.rows } else { 0 });
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_csv(Path::new("m.csv"), &bytes, &rules(&NO_MAPPING));
        let under_headings = ["档号,题名,决定日期\n".as_bytes(), &bytes].concat();
        let _ = read_csv(Path::new("m.csv"), &under_headings, &rules(&NO_MAPPING));
    }
}
