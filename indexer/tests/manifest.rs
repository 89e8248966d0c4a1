//! Manifests through the real program: every fault with its place, exactly the good rows imported, reconciliation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use juanzong_indexer::sample::{Format, SampleOptions};
use serde_json::Value;

use crate::support::manifest::{Fixture, HEADINGS};
use crate::support::{Archive, options, sample, stdout, strings};

/// A file with a text layer, so that reading it takes no OCR.
fn text_pdf(folder: &Path) -> PathBuf {
    let only_formats = Some(vec![Format::PdfText]);
    let out = sample(
        folder,
        SampleOptions {
            only_formats,
            ..options()
        },
    );
    let case = fs::read_dir(out.join("cases")).unwrap().next().unwrap().unwrap().path();
    let mut files: Vec<PathBuf> = fs::read_dir(case).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files.remove(0)
}

fn json(output: &std::process::Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}{errors}", stdout(output)))
}

/// How many pages a file has, as a dry run counts them.
fn pages(archive: &Archive, pdf: &Path) -> u64 {
    let run = archive.indexer(&["ingest", pdf.to_str().unwrap(), "--dry-run", "--each-file", "--json"]);
    json(&run)["cases"][0]["pages"].as_u64().unwrap()
}

/// Row, code, letter and heading of everything that refuses a row.
fn located(findings: &Value) -> BTreeSet<(u64, String, String, String)> {
    let refusing = findings.as_array().unwrap().iter().filter(|f| f["severity"] == "row");
    refusing
        .map(|f| {
            let text = |v: &Value| v.as_str().unwrap().to_owned();
            let column = &f["column"];
            (
                f["row"].as_u64().unwrap(),
                text(&f["code"]),
                text(&column["letter"]),
                text(&column["heading"]),
            )
        })
        .collect()
}

fn letter(heading: &str) -> String {
    // Content beyond the headings stands in the column after the last.
    let at = HEADINGS.iter().position(|h| *h == heading).unwrap_or(HEADINGS.len());
    ('A'..='Z').nth(at).unwrap().to_string()
}

fn codes(findings: &Value) -> Vec<&str> {
    findings
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect()
}

#[test]
fn every_fault_is_located_and_exactly_the_good_rows_come_in() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = text_pdf(folder.path());
    let fixture = Fixture::new(pages(&Archive::new(), &pdf));
    let expected: BTreeSet<(u64, String, String, String)> = fixture
        .rows
        .iter()
        .filter_map(|row| {
            let (code, heading) = row.fault?;
            Some((row.number.into(), code.to_owned(), letter(heading), heading.to_owned()))
        })
        .collect();
    let kinds: BTreeSet<&String> = expected.iter().map(|(_, code, ..)| code).collect();
    assert!(kinds.len() >= 30, "only {} kinds of faults", kinds.len());
    assert_eq!(kinds.len(), expected.len());

    let root = folder.path().join("移交");
    fs::create_dir(&root).unwrap();
    fixture.write_files(&root, &pdf);
    let mut dumps = Vec::new();
    for manifest in [fixture.write_csv(&root), fixture.write_xlsx(&root)] {
        let archive = Archive::new();
        let (root, manifest) = (root.to_str().unwrap(), manifest.to_str().unwrap());
        let arguments = ["ingest", root, "--manifest", manifest, "--json"];

        let dry = archive.indexer(&[&arguments[..], &["--dry-run"]].concat());
        assert_eq!(dry.status.code(), Some(1));
        let dry = json(&dry);
        assert_eq!(located(&dry["findings"]), expected, "{manifest}");
        assert_eq!(strings(&dry["cases"], "archival_code"), fixture.good_codes());
        assert_eq!(dry["counts"]["differences"], 0, "{dry:#}");
        assert!(!archive.data().try_exists().unwrap(), "a dry run wrote something");

        let run = archive.indexer(&arguments);
        assert_eq!(run.status.code(), Some(1));
        let summary = json(&run);
        assert_eq!(summary["created"], fixture.good_codes().len());
        assert_eq!(located(&summary["reconciliation"]["findings"]), expected);
        assert_eq!(archive.search(&[("q", "")])["total"], fixture.good_codes().len());
        for code in fixture.good_codes() {
            assert_eq!(archive.codes(&format!("档号:{code}")), [code.as_str()]);
        }
        // The folder of each refused row lies there and is named with that row.
        let held: BTreeMap<String, u64> = summary["reconciliation"]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["code"] == "row_refused")
            .map(|f| (f["path"].as_str().unwrap().to_owned(), f["other_row"].as_u64().unwrap()))
            .collect();
        let scans = fixture.rows.len() - fixture.good_codes().len();
        let of_rows: BTreeSet<u64> = held.values().copied().collect();
        assert!(held.len() >= scans - 1, "{held:#?}");
        assert!(
            of_rows
                .iter()
                .all(|row| expected.iter().any(|(number, ..)| number == row))
        );
        // No value of the table is in any message.
        let messages = format!("{}{}", stdout(&run), String::from_utf8_lossy(&run.stderr));
        for value in ["嘉禾", "91140224MA0A1B2C3", "去年春天", "神仙", "140224198"] {
            assert!(!messages.contains(value), "a value is repeated");
        }

        let dump = archive.dump();
        let again = json(&archive.indexer(&arguments));
        assert_eq!(
            (&again["created"], &again["changed"]),
            (&Value::from(0), &Value::from(0))
        );
        assert_eq!(archive.dump(), dump);
        dumps.push(dump.replace("清单.xlsx", "清单.csv"));
    }
    assert_eq!(dumps[0], dumps[1], "CSV and XLSX of the same table differ");
}

#[test]
fn rows_files_and_pages_are_reconciled() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = text_pdf(folder.path());
    let archive = Archive::new();
    let pages = pages(&archive, &pdf);
    let root = folder.path().join("移交");
    for name in ["甲", "乙", "丙"] {
        fs::create_dir_all(root.join(name)).unwrap();
        fs::copy(&pdf, root.join(name).join("1.pdf")).unwrap();
    }
    fs::copy(&pdf, root.join("乙/2.pdf")).unwrap();
    let manifest = root.join("=清单.csv");
    let table = format!(
        "档号;页数;文件\nA-1;{};甲\nA-2;{pages},{};乙\nA-3;1;丁\n",
        pages + 1,
        pages + 2
    );
    fs::write(&manifest, encoding_rs::GB18030.encode(&table).0).unwrap();
    let report = folder.path().join("核对.csv");
    let run = archive.indexer(&[
        "ingest",
        root.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ]);
    assert_eq!(run.status.code(), Some(1));
    let shown = stdout(&run);
    for message in [
        "对账 (reconciliation)",
        "页数与清单不符",
        "清单中没有这些文件",
        "清单所列文件未找到",
    ] {
        assert!(shown.contains(message), "{message}: {shown}");
    }
    let text = fs::read_to_string(&report).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect();
    // Code, row, declared and found pages.
    let brief: Vec<[&str; 4]> = rows.iter().map(|r| [&*r[1], &*r[2], &*r[8], &*r[9]]).collect();
    let (found, one_more, two_more) = (pages.to_string(), (pages + 1).to_string(), (pages + 2).to_string());
    assert_eq!(
        brief,
        [
            ["pages_differ", "2", &one_more, &found],
            ["pages_differ", "3", &two_more, &found],
            ["file_missing", "4", "", ""],
            ["files_without_row", "", "", ""],
        ]
    );
    assert!(rows[1][6].ends_with("乙/2.pdf"));
    assert!(rows[3][6].ends_with("丙/1.pdf"));
    // The two good rows, and the folder that no row names.
    assert_eq!(archive.search(&[("q", "")])["total"], 3);
}

#[test]
fn a_mapping_is_remembered_for_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = text_pdf(folder.path());
    let root = folder.path().join("移交");
    fs::create_dir_all(root.join("甲")).unwrap();
    fs::copy(&pdf, root.join("甲/1.pdf")).unwrap();
    let (manifest, mapping) = (root.join("清单.csv"), folder.path().join("对应.toml"));
    fs::write(&manifest, "案件编号,日期,文件\nA-1,2019-05-07,甲\n").unwrap();
    fs::write(
        &mapping,
        "[headings]\n\"案件编号\" = \"archival_code\"\n\"日期\" = \"decided_on\"\n",
    )
    .unwrap();
    let archive = Archive::new();
    let (root, manifest) = (root.to_str().unwrap(), manifest.to_str().unwrap());
    let arguments = ["ingest", root, "--manifest", manifest];

    let unknown = archive.indexer(&arguments);
    assert_eq!(unknown.status.code(), Some(2));
    let message = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(message.contains("第 1 行 B 列“日期”: [heading_ambiguous]"), "{message}");
    assert!(
        !archive.data().try_exists().unwrap(),
        "an unusable manifest left a trace"
    );
    let dry = json(&archive.indexer(&[&arguments[..], &["--dry-run", "--json"]].concat()));
    assert_eq!(codes(&dry["findings"])[0], "heading_missing");

    let with_mapping = [&arguments[..], &["--mapping", mapping.to_str().unwrap()]].concat();
    let run = archive.indexer(&with_mapping);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let dump = archive.dump();
    let remembered = archive.indexer(&arguments);
    assert_eq!(
        remembered.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&remembered.stderr)
    );
    assert_eq!(archive.dump(), dump);
    let other = archive.indexer(&[&arguments[..], &["--source", "别处"]].concat());
    assert_eq!(other.status.code(), Some(2));
}

#[test]
fn manifests_that_are_none_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new();
    for (name, bytes, expected) in [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), ".xls"),
        ("坏.xlsx", b"PK\x03\x04 no workbook", "文件结构损坏"),
        ("空.csv", b"", "heading_missing"),
        ("图.csv", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "GB18030"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let run = archive.indexer(&[
            "ingest",
            folder.path().to_str().unwrap(),
            "--manifest",
            path.to_str().unwrap(),
        ]);
        let message = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{name}");
        assert!(message.contains(expected), "{name}: {message}");
    }
    assert!(!archive.data().try_exists().unwrap());
}
