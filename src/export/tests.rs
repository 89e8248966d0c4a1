use super::columns::Column;
use super::table::fitting;
use super::*;
use crate::record::FieldName;

#[test]
fn every_field_has_a_column_with_a_heading_of_its_own() {
    let columns = Column::all();
    for field in FieldName::ALL {
        assert!(columns.contains(&Column::Field(*field)), "{}", field.code());
    }
    for labels in [Labels::Chinese, Labels::English] {
        let headings = columns.iter().map(|column| column.heading(labels).label);
        let mut headings: Vec<String> = headings.collect();
        headings.sort_unstable();
        headings.dedup();
        assert_eq!(headings.len(), columns.len());
    }
}

#[test]
fn a_cell_of_a_workbook_holds_as_much_as_it_can() {
    for (text, kept) in [("字".repeat(32_767), 32_767), ("𠮷".repeat(20_000), 16_383)] {
        let fitted = fitting(&text);
        assert!(fitted.encode_utf16().count() <= 32_767);
        assert_eq!(fitted.chars().filter(|c| *c != '…').count(), kept);
    }
    assert!(fitting(&"字".repeat(40_000)).ends_with("字…"));
    assert_eq!(fitting("短"), "短");
}
