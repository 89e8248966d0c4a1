use std::fs;
use std::path::Path;

use juanzong::record::ArchivalCode;

use super::*;
use crate::report::ColumnPlace;

fn expected(code: &str, row: u32, files: &[&str], pages: Option<DeclaredPages>) -> Expected {
    Expected {
        line: CaseLine {
            archival_code: ArchivalCode::parse(code).unwrap(),
            row: Some(row),
            files: files.iter().map(PathBuf::from).collect(),
            pages: None,
        },
        pages,
    }
}

#[test]
fn pages_are_counted_and_compared() {
    let cases = vec![
        expected("A-1", 3, &["a/1.pdf", "a/2.pdf"], Some(DeclaredPages::Total(4))),
        expected("A-2", 2, &["b/1.pdf", "b/2.pdf"], Some(DeclaredPages::Each(vec![1, 2]))),
        expected("A-3", 4, &["c/1.pdf"], Some(DeclaredPages::Total(1))),
        expected("A-4", 5, &["d/1.pdf"], Some(DeclaredPages::Total(9))),
    ];
    let pages = FilePages::from([
        ("a/1.pdf".into(), Some(2)),
        ("a/2.pdf".into(), Some(3)),
        ("b/1.pdf".into(), Some(1)),
        ("b/2.pdf".into(), Some(5)),
        ("c/1.pdf".into(), None),
    ]);
    let found = Outline::new(None, cases, vec![Finding::new(FindingCode::FilesWithoutRow)]).finish(&pages);
    let summary: Vec<_> = found
        .findings
        .iter()
        .map(|f| {
            (
                f.code,
                f.row,
                f.path.as_deref().and_then(Path::to_str),
                f.pages.map(|p| (p.declared, p.found)),
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            (FindingCode::PagesDiffer, Some(2), Some("b/2.pdf"), Some((2, 5))),
            (FindingCode::PagesDiffer, Some(3), None, Some((4, 5))),
            (FindingCode::PagesUnknown, Some(4), Some("c/1.pdf"), None),
            (FindingCode::FilesWithoutRow, None, None, None),
        ]
    );
    assert_eq!(found.cases[0].pages, Some(5));
    assert_eq!(found.cases[3].pages, None);
    assert_eq!((found.counts.differences, found.counts.pages), (4, 11));
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1"] {
        assert_eq!(guarded(text), format!("'{text}"));
    }
    for text in ["", "档号", "A-1", "1-2"] {
        assert_eq!(guarded(text), text);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("核对.csv");
    let finding = Finding {
        path: Some("=cmd|' /C calc'!A0".into()),
        ..Finding::in_row(FindingCode::DateImpossible, 5).column(Some(ColumnPlace {
            letter: "C".into(),
            heading: "@决定日期".into(),
        }))
    };
    let found = Outline::new(None, Vec::new(), vec![finding]).finish(&FilePages::new());
    ReportFile::create(&path).unwrap().write(&found).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.split("\r\n");
    assert!(lines.next().unwrap().starts_with("\u{feff}类别,代码,行,"));
    let line = lines.next().unwrap();
    assert!(
        line.starts_with("整行不导入,date_impossible,5,C,'@决定日期,,'=cmd|' /C calc'!A0,"),
        "{line}"
    );
    // Only what was promised lies in the folder.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(ReportFile::create(&folder.path().join("没有/核对.csv")).is_err());
}

#[test]
fn what_refuses_is_shown_first() {
    let findings = vec![
        Finding::in_row(FindingCode::BlankRow, 2),
        Finding::in_row(FindingCode::DateImpossible, 9),
    ];
    let found = Outline::new(None, Vec::new(), findings).finish(&FilePages::new());
    let mut out = Vec::new();
    show(&found, true, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let at = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle}: {text}"));
    assert!(at("日期不存在") < at("数据之间有空行"), "{text}");
    assert!(text.contains("提示 (notes): 1"), "{text}");
}
