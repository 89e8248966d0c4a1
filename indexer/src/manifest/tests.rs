use juanzong::record::FieldName;

use super::*;

fn parsed(text: &str) -> Manifest {
    parse(text, Path::new("清单.csv"), "manifest:清单.csv").unwrap()
}

#[test]
fn chinese_and_english_headings_give_the_same_row() {
    let chinese = parsed("档号,题名,决定日期,文件,备注\n0123-XK·2019-D30-SCJG-0042,甲,2019年5月7日,a;b,x\n");
    let english = parsed("archival_code,Title,decided_on,files,note\n0123-XK·2019-D30-SCJG-0042,甲,2019-05-07,a|b,x\n");
    assert_eq!(chinese.faults, []);
    assert_eq!(chinese.rows.len(), 1);
    assert_eq!(chinese.rows[0].files, ["a", "b"]);
    assert_eq!(chinese.rows[0].files, english.rows[0].files);
    let values = |m: &Manifest| -> Vec<(FieldName, String)> {
        m.rows[0].facts.iter().map(|f| (f.field, f.value.clone())).collect()
    };
    assert_eq!(values(&chinese), values(&english));
    assert_eq!(values(&chinese)[1], (FieldName::DecidedOn, "2019-05-07".into()));
}

#[test]
fn a_faulty_row_is_named_and_the_others_stand() {
    let manifest = parsed(
        "档号,决定日期,密级\nA-1,2019-02-30,公开\n,2019-02-03,公开\nA-2,2019-02-03,公开\nA-2,2019-02-03,公开\nA-3,2019-02-03,绝密\nA-4,,,多\n,,\nA-5,,\n",
    );
    let rows: Vec<&str> = manifest.rows.iter().map(|r| r.archival_code.as_str()).collect();
    assert_eq!(rows, ["A-2", "A-5"]);
    let faults: Vec<(usize, &str, RowProblem)> = manifest
        .faults
        .iter()
        .map(|f| (f.number, f.column.as_str(), f.problem))
        .collect();
    assert_eq!(
        faults,
        [
            (2, "决定日期", RowProblem::UnfitValue),
            (3, "档号", RowProblem::NoArchivalCode),
            (5, "档号", RowProblem::DuplicateArchivalCode),
            (6, "密级", RowProblem::TopSecret),
            (7, "", RowProblem::TooManyCells),
        ]
    );
}

#[test]
fn encodings_are_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let text = "档号,题名\nA-1,食品经营许可\n";
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for bytes in [text.as_bytes().to_vec(), gb18030, with_mark] {
        let path = folder.path().join("m.csv");
        fs::write(&path, bytes).unwrap();
        let manifest = read(&path).unwrap();
        assert_eq!(manifest.rows[0].facts[0].value, "食品经营许可");
    }
}

#[test]
fn unusable_manifests_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.csv");
    let missing = read(&path).unwrap_err();
    assert!(matches!(missing, Error::Read { .. }), "{missing}");
    fs::write(&path, [0xff, 0xff, 0x00, 0x81]).unwrap();
    assert!(matches!(read(&path).unwrap_err(), Error::Encoding { .. }));
    fs::write(&path, "题名\n甲\n").unwrap();
    assert!(matches!(read(&path).unwrap_err(), Error::NoCodeColumn { .. }));
    fs::write(&path, "档号,archival_code\n甲,乙\n").unwrap();
    assert!(matches!(read(&path).unwrap_err(), Error::RepeatedColumn { .. }));
    assert!(matches!(
        read(&folder.path().join("m.xlsx")).unwrap_err(),
        Error::Format { .. }
    ));
}
