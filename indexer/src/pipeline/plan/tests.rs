use super::*;

fn source(folder: &str, name: &str, files: &[&str]) -> CaseSource {
    CaseSource {
        folder: folder.into(),
        name: name.into(),
        files: files.iter().map(|f| Path::new(folder).join(f)).collect(),
    }
}

fn row(number: u32, code: &str, files: &[&str]) -> Row {
    Row {
        number,
        archival_code: ArchivalCode::parse(code).unwrap(),
        files: files.iter().map(|f| (*f).to_owned()).collect(),
        pages: None,
        facts: Vec::new(),
    }
}

fn manifest(rows: Vec<Row>, refused: Vec<Refused>) -> Manifest {
    Manifest {
        path: "in/清单.csv".into(),
        rows,
        refused,
        ..Manifest::default()
    }
}

fn refused(number: u32, code: Option<&str>, files: &[&str], unclear: bool) -> Refused {
    Refused {
        number,
        archival_code: code.and_then(ArchivalCode::parse),
        files: files.iter().map(|f| (*f).to_owned()).collect(),
        unclear,
    }
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.cases.iter().map(|c| c.archival_code.as_str()).collect()
}

/// Code, row, path and other row of a finding.
type Found<'a> = (FindingCode, Option<u32>, Option<&'a str>, Option<u32>);

fn found(plan: &Plan) -> Vec<Found<'_>> {
    let findings = plan.findings.iter();
    findings
        .map(|f| (f.code, f.row, f.path.as_deref().and_then(Path::to_str), f.other_row))
        .collect()
}

#[test]
fn folders_become_cases_and_plain_names_stay_unique() {
    let sources = [
        source("in/0123-XK·2019-1", "0123-XK·2019-1", &["1.pdf", "2.tif"]),
        source("in/box1/7", "7", &["1.pdf"]),
        source("in/box2/7", "7", &["1.pdf"]),
    ];
    let plan = plan(&sources, &["in".into()], false, None);
    assert_eq!(codes(&plan), ["0123-XK·2019-1", "IN/BOX1/7", "IN/BOX2/7"]);
    assert_eq!(plan.cases[0].files.len(), 2);
    assert_eq!(plan.findings, []);
}

#[test]
fn a_manifest_row_wins_over_the_folder() {
    let sources = [
        source("in/a", "a", &["1.pdf", "2.pdf"]),
        source("in/b", "b", &["1.pdf"]),
    ];
    let manifest = manifest(vec![row(2, "A-1", &["a"]), row(3, "B-1", &["b/1.pdf"])], Vec::new());
    let plan = plan(&sources, &["in".into()], false, Some(&manifest));
    assert_eq!(codes(&plan), ["A-1", "B-1"]);
    assert_eq!(plan.cases[1].row, Some(3));
    assert_eq!(plan.findings, []);
}

#[test]
fn a_folder_is_found_by_its_code_however_its_dashes_are_written() {
    let sources = [
        source("in/0123－xk•2019-1", "0123－xk•2019-1", &["1.pdf"]),
        source("in", "0123-XK·2019-2", &["0123-XK·2019-2.pdf"]),
    ];
    let rows = vec![row(2, "0123-XK·2019-1", &[]), row(3, "0123-XK·2019-2", &[])];
    let plan = plan(&sources, &["in".into()], true, Some(&manifest(rows, Vec::new())));
    assert_eq!(codes(&plan), ["0123-XK·2019-1", "0123-XK·2019-2"]);
    assert_eq!(plan.findings, []);
}

#[test]
fn every_obstacle_is_named_and_what_a_refused_row_means_stays_out() {
    let sources = [
        source("in/x/a", "a", &["1.pdf"]),
        source("in/y/a", "a", &["1.pdf"]),
        source("in/z", "z", &["1.pdf"]),
    ];
    let rows = vec![
        row(2, "A-1", &["missing"]),
        row(3, "A-2", &["a"]),
        row(4, "A-3", &["x/a"]),
        row(5, "A-4", &["x/a/1.pdf"]),
    ];
    let plan = plan(&sources, &["in".into()], false, Some(&manifest(rows, Vec::new())));
    assert_eq!(
        found(&plan),
        [
            (FindingCode::FileMissing, Some(2), None, None),
            (FindingCode::FileAmbiguous, Some(3), None, None),
            (FindingCode::FileNamedTwice, Some(5), None, Some(4)),
            (FindingCode::RowRefused, None, Some("in/y/a/1.pdf"), Some(3)),
            (FindingCode::FilesWithoutRow, None, Some("in/z/1.pdf"), None),
        ]
    );
    assert_eq!(codes(&plan), ["A-3", "IN/Z"]);
}

#[test]
fn the_folder_of_a_refused_row_is_not_taken_in_by_its_name() {
    let sources = [
        source("in/A-1-1", "A-1-1", &["1.pdf", "2.pdf"]),
        source("in/A-1-2", "A-1-2", &["1.pdf"]),
    ];
    // Its code is good and its files column was at fault.
    let clear = manifest(Vec::new(), vec![refused(2, Some("A-1-1"), &[], true)]);
    let planned = plan(&sources, &["in".into()], false, Some(&clear));
    assert_eq!(codes(&planned), ["A-1-2"]);
    assert_eq!(
        found(&planned),
        [
            (FindingCode::RowRefused, None, Some("in/A-1-1"), Some(2)),
            (FindingCode::FilesWithoutRow, None, Some("in/A-1-2/1.pdf"), None),
        ]
    );
    // Nothing tells which folder it means: it may be any that no row names.
    let unclear = manifest(vec![row(2, "A-1-2", &[])], vec![refused(3, None, &[], true)]);
    let planned = plan(&sources, &["in".into()], false, Some(&unclear));
    assert_eq!(codes(&planned), ["A-1-2"]);
    assert_eq!(
        found(&planned),
        [(FindingCode::RowUnclear, None, Some("in/A-1-1"), Some(3))]
    );
}

#[test]
fn a_second_row_with_the_same_code_takes_nothing_from_the_first() {
    let sources = [source("in/A-1-1", "A-1-1", &["1.pdf"])];
    let manifest = manifest(vec![row(2, "A-1-1", &[])], vec![refused(3, Some("A-1-1"), &[], false)]);
    let plan = plan(&sources, &["in".into()], false, Some(&manifest));
    assert_eq!(codes(&plan), ["A-1-1"]);
    assert_eq!(plan.findings, []);
}

#[test]
fn what_lies_there_and_is_no_scan_is_told_apart_from_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir(root.join("空")).unwrap();
    std::fs::write(root.join("说明.docx"), b"PK").unwrap();
    std::fs::write(root.join("0.pdf"), b"").unwrap();
    std::fs::write(root.join("1.pdf"), b"%PDF-").unwrap();
    let sources = [CaseSource {
        folder: root.to_owned(),
        name: "in".into(),
        files: vec![root.join("0.pdf"), root.join("1.pdf")],
    }];
    let rows = vec![
        row(2, "A-1", &["说明.docx"]),
        row(3, "A-2", &["空"]),
        row(4, "A-3", &["1.pdf", "0.pdf"]),
        row(5, "A-4", &["2.pdf"]),
    ];
    let plan = plan(&sources, &[root.to_owned()], false, Some(&manifest(rows, Vec::new())));
    let codes: Vec<FindingCode> = plan.findings.iter().map(|f| f.code).collect();
    assert_eq!(
        codes,
        [
            FindingCode::FileUnsupported,
            FindingCode::FolderWithoutScans,
            FindingCode::FileEmpty,
            FindingCode::FileMissing,
            FindingCode::RowRefused,
        ]
    );
    assert_eq!(plan.cases, []);
}

#[test]
fn single_files_can_be_cases_and_their_extension_tells_them_apart() {
    let sources = [
        source("in", "001", &["001.pdf"]),
        source("in", "001", &["001.tif"]),
        source("in", "0123-XK·2019-1", &["0123-XK·2019-1.pdf"]),
    ];
    let plan = plan(&sources, &["in".into()], true, None);
    assert_eq!(codes(&plan), ["IN/001.PDF", "IN/001.TIF", "0123-XK·2019-1"]);
    assert_eq!(plan.findings, []);
}

#[test]
fn two_sources_of_one_archival_code_are_named_and_not_mixed() {
    let sources = [source("in/a", "A-1-1", &["1.pdf"]), source("in/b", "A-1-1", &["1.pdf"])];
    let plan = plan(&sources, &["in".into()], false, None);
    assert_eq!(codes(&plan), ["A-1-1"]);
    assert_eq!(plan.findings[0].code, FindingCode::SameCaseTwice);
}
