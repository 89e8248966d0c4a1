use std::io::Write as _;

use juanzong::record::CivilDate;
use proptest::prelude::*;

use super::*;
use crate::decode::FailureCode;

fn texts(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
    let text = |cell: &'_ Cell| -> &'static str {
        match cell {
            Cell::Text(text) => Box::leak(text.clone().into_boxed_str()),
            _ => "",
        }
    };
    let rows = sheet.rows.iter();
    rows.map(|r| (r.number, r.cells.iter().map(text).collect())).collect()
}

#[test]
fn rows_keep_the_numbers_that_excel_shows() {
    let sheet = csv::parse("甲,乙\r\n\r\n,\n\"一\n二\",\"他说\"\"好\"\"\"\r三;四,\n", ',', 1).unwrap();
    assert_eq!(
        texts(&sheet),
        [
            (1, vec!["甲", "乙"]),
            (4, vec!["一\n二", "他说\"好\""]),
            (5, vec!["三;四", ""]),
        ]
    );
    assert_eq!(sheet.open_quote, None);
}

#[test]
fn a_quotation_mark_that_nothing_closes_is_located() {
    let sheet = csv::parse("甲,乙\n1,2\n3,\"4\n5,6\n", ',', 1).unwrap();
    assert_eq!(sheet.open_quote, Some(3));
    // Inside of a cell it is a character.
    let sheet = csv::parse("甲,5\"\n", ',', 1).unwrap();
    assert_eq!(texts(&sheet), [(1, vec!["甲", "5\""])]);
    assert_eq!(sheet.open_quote, None);
}

#[test]
fn tables_without_end_are_refused() {
    let wide = ",".repeat(MOST_COLUMNS);
    assert_eq!(
        csv::parse(&format!("a\n{wide}"), ',', 1),
        Err(csv::TooLarge::Columns(2))
    );
    let long = "\n".repeat(MOST_ROWS as usize);
    assert_eq!(csv::parse(&long, ',', 1), Err(csv::TooLarge::Rows));
}

#[test]
fn a_declared_separator_is_taken() {
    assert_eq!(csv::declared_separator("sep=;\r\n甲;乙"), Some((';', "甲;乙")));
    assert_eq!(csv::declared_separator("sep=甲\n"), None);
    assert_eq!(csv::declared_separator("档号,题名\n"), None);
}

#[test]
fn codings_are_told_apart() {
    let text = "档号,题名\nA-1,食品经营许可\n";
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units
            .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
            .collect()
    };
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked, Encoding::Utf8),
        (utf16(true), Encoding::Utf16),
        (utf16(false), Encoding::Utf16),
        (gb18030, Encoding::Gb18030),
    ] {
        assert_eq!(decode(&bytes), (text.to_owned(), encoding));
    }
}

#[test]
fn one_broken_place_costs_one_cell() {
    let mut utf8 = "档号,题名\nA-1,食品经营许可\nA-2,".as_bytes().to_vec();
    utf8.extend_from_slice(b"\xe9\xa3,x\n");
    let (text, encoding) = decode(&utf8);
    assert_eq!(encoding, Encoding::Utf8);
    assert!(text.ends_with("A-2,\u{fffd},x\n"), "{text}");
    let mut gb18030 = encoding_rs::GB18030
        .encode("档号,题名\nA-1,食品经营许可\nA-2,")
        .0
        .into_owned();
    gb18030.extend_from_slice(b"\xff,x\n");
    let (text, encoding) = decode(&gb18030);
    assert_eq!(encoding, Encoding::Gb18030);
    assert!(
        text.contains("食品经营许可") && text.ends_with("\u{fffd},x\n"),
        "{text}"
    );
}

#[test]
fn day_numbers_of_both_calendars() {
    let date = |y, m, d| CivilDate::new(y, m, d);
    for (serial, since_1904, expected) in [
        (1.0, false, date(1900, 1, 1)),
        (59.0, false, date(1900, 2, 28)),
        (60.0, false, None),
        (61.0, false, date(1900, 3, 1)),
        (43_592.0, false, date(2019, 5, 7)),
        (43_592.75, false, date(2019, 5, 7)),
        (42_130.0, true, date(2019, 5, 7)),
        (0.0, true, date(1904, 1, 1)),
        (-1.0, false, None),
        (f64::NAN, false, None),
        (199_999.0, false, None),
    ] {
        assert_eq!(serial::date(serial, since_1904), expected, "{serial}");
    }
    assert_eq!(CivilDate::of_unix_days(0), date(1970, 1, 1));
    assert_eq!(CivilDate::of_unix_days(i64::from(i32::MAX)), None);
}

#[test]
fn columns_have_the_letters_of_excel() {
    let letters: Vec<String> = [0, 25, 26, 701, 702].into_iter().map(column_letters).collect();
    assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA"]);
}

/// A ZIP whose parts are stored as they are.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let offset = u32::try_from(body.len()).unwrap().to_le_bytes();
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        common.extend(crc.sum().to_le_bytes());
        common.extend(size.iter().chain(&size).chain(&name_length));
        common.extend([0, 0]);
        body.extend(b"PK\x03\x04".iter().chain(&common));
        body.extend(name.as_bytes().iter().chain(*content));
        directory.extend(b"PK\x01\x02\x14\x00".iter().chain(&common));
        directory.extend([0; 10]);
        directory.extend(offset.iter().chain(name.as_bytes()));
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let offset = u32::try_from(body.len()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    body.extend(&directory);
    body.extend(b"PK\x05\x06\0\0\0\0".iter().chain(&count).chain(&count));
    body.extend(length.iter().chain(&offset).chain(&[0, 0]));
    body
}

/// A workbook with one sheet, written by hand: what libraries do not write, other programs do.
fn by_hand(properties: &str, sheet: &str) -> Vec<u8> {
    const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = r#"xmlns="http://schemas.openxmlformats.org/package/2006/relationships""#;
    let roots = format!(
        r#"<Relationships {PACKAGE}><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook {MAIN} xmlns:r="{OFFICE}">{properties}<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships {PACKAGE}><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let sheet = format!("<worksheet {MAIN}>{sheet}</worksheet>");
    zip(&[
        ("_rels/.rels", roots.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn read(bytes: &[u8]) -> Result<Vec<Sheet>, crate::decode::Failure> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read_workbook(file.path())
}

#[test]
fn cells_of_a_workbook_are_what_they_are() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (title, date) = (Format::new(), Format::new().set_num_format("yyyy-mm-dd"));
    sheet.merge_range(0, 0, 0, 3, "目录", &title).unwrap();
    sheet.write(2, 0, 20_190_444).unwrap();
    sheet.write(2, 1, 140_224_198_106_074_320_f64).unwrap();
    let day = ExcelDateTime::from_ymd(2019, 5, 7).unwrap();
    sheet.write_with_format(2, 2, &day, &date).unwrap();
    sheet.write(2, 3, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write(2, 4, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.merge_range(3, 5, 5, 5, "同上", &title).unwrap();
    sheet.write(4, 0, "乙").unwrap();
    sheet.set_row_hidden(4).unwrap();
    sheet.write(1_048_575, 0, "末").unwrap();
    let sheets = read(&book.save_to_buffer().unwrap()).unwrap();
    let rows = &sheets[0].rows;
    assert_eq!(rows[0].cells[0], Cell::Text("目录".into()));
    assert_eq!(rows[1].number, 3);
    assert_eq!(
        rows[1].cells,
        [
            Cell::Number(20_190_444.0),
            Cell::Number(140_224_198_106_074_320.0),
            Cell::Date(43_592.0),
            Cell::Number(2.0),
            Cell::Failed
        ]
    );
    // The merged cell speaks for all its rows that are there; the hidden row is one of them.
    let hidden = rows.iter().find(|r| r.number == 5).unwrap();
    assert_eq!(hidden.cells[0], Cell::Text("乙".into()));
    assert_eq!(hidden.cells[5], Cell::Text("同上".into()));
    // One cell at the end of the sheet costs one row.
    assert_eq!(rows.last().unwrap().number, 1_048_576);
    assert!(rows.len() <= 6, "{}", rows.len());
}

#[test]
fn workbooks_of_other_programs() {
    let dates = r#"<sheetData><row r="2"><c r="A2" s="1"><v>42130</v></c><c r="C2"><f>VLOOKUP(A1,B:C,2)</f></c></row>
        <row><c t="inlineStr"><is><t>无行号</t></is></c></row></sheetData>"#;
    let sheets = read(&by_hand(r#"<workbookPr date1904="1"/>"#, dates)).unwrap();
    assert!(sheets[0].since_1904);
    assert_eq!(
        sheets[0].rows[0].cells,
        [Cell::Date(42_130.0), Cell::Empty, Cell::NotCalculated]
    );
    assert_eq!(sheets[0].rows[1].number, 3);
    let far = r#"<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>"#;
    assert_eq!(read(&by_hand("", far)).unwrap_err().code, FailureCode::FileTooLarge);
}

#[test]
fn a_small_file_that_unfolds_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let long = "案".repeat(32_000);
    for row in 0..1_100 {
        sheet.write(row, 0, long.as_str()).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    assert_eq!(read(&bytes).unwrap_err().code, FailureCode::FileTooLarge);
}

#[test]
fn damaged_workbooks_are_named() {
    let whole = by_hand("", "<sheetData/>");
    assert_eq!(read(&whole).unwrap()[0].rows, []);
    assert_eq!(read(&whole[..whole.len() / 2]).unwrap_err().code, FailureCode::Damaged);
    assert_eq!(
        read(&by_hand("", "<sheetData><row>")).unwrap_err().code,
        FailureCode::Damaged
    );
    assert_eq!(read(b"PK\x03\x04").unwrap_err().code, FailureCode::Damaged);
}

proptest! {
    #[test]
    fn what_the_csv_library_writes_is_read_back(
        rows in proptest::collection::vec(proptest::collection::vec("[甲a\",;\t\r\n =]{0,6}", 3), 1..6),
        separator in proptest::sample::select(csv::SEPARATORS.to_vec()),
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(separator as u8).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let sheet = csv::parse(&text, separator, 1).unwrap();
        let expected: Vec<(u32, Vec<&str>)> = (1..)
            .zip(&rows)
            .filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
            .map(|(number, row)| (number, row.iter().map(String::as_str).collect()))
            .collect();
        prop_assert_eq!(texts(&sheet), expected);
        prop_assert_eq!(sheet.open_quote, None);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (text, _) = decode(&bytes);
        for separator in csv::SEPARATORS {
            let _ = csv::parse(&text, separator, 1);
        }
        let _ = read(&bytes);
    }

    #[test]
    fn a_workbook_with_changed_bytes_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let sheet = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>42130</v></c></row></sheetData>
            <mergeCells count="1"><mergeCell ref="A1:A3"/></mergeCells>"#;
        let mut bytes = by_hand("", sheet);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // The worker catches panics of the library (`guarded`); here only ours would be left to catch.
        let _ = std::panic::catch_unwind(|| read(&bytes));
    }

    #[test]
    fn any_day_number_is_survived(serial in any::<f64>(), days in any::<i32>()) {
        let _ = serial::date(serial, true);
        let _ = CivilDate::of_unix_days(days.into());
    }
}
