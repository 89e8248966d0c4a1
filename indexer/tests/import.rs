//! Cases whose text exists already: imported, killed, imported again, corrected, asked for. All people, companies and
//! numbers are invented.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use juanzong::catalogue::Change;
use juanzong::record::{CaseLine, FieldName};
use juanzong_indexer::sample::{case_line, write_lines};
use serde_json::Value;

use crate::support::{Archive, field, stdout};

const SIGKILL: i32 = 9;

fn write(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn sample(folder: &Path, count: u32) -> PathBuf {
    let path = folder.join("sample.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    write_lines(&mut file, 3, count).unwrap();
    path
}

fn line(index: u32) -> CaseLine {
    case_line(3, index)
}

fn json(line: &CaseLine) -> String {
    serde_json::to_string(line).unwrap()
}

fn import(archive: &Archive, path: &Path) -> Output {
    archive.indexer(&["import", path.to_str().unwrap(), "--json"])
}

fn summary(run: &Output) -> Value {
    let problem = || format!("{}{}", stdout(run), String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}", problem()))
}

/// Created, changed, unchanged, refused.
fn counts(run: &Output) -> [u64; 4] {
    let summary = summary(run);
    ["created", "changed", "unchanged", "refused"].map(|name| summary[name].as_u64().unwrap())
}

/// What the API answers to some questions, without what differs between archives of the same content.
fn answers(archive: &Archive) -> Value {
    let facets = "year,agency,region,matter,outcome,document_kind,applicant_kind,retention,ocr_quality";
    let ask = |q: &&str| {
        let mut answer = archive.search(&[("q", q), ("size", "100"), ("sort", "number"), ("facets", facets)]);
        answer["took_ms"] = Value::Null;
        for hit in answer["hits"].as_array_mut().unwrap() {
            hit["case_id"] = Value::Null;
            hit["score"] = Value::Null;
        }
        answer
    };
    ["", "许可", "结果:准予", "\"从业人员\""].iter().map(ask).collect()
}

#[test]
fn a_killed_import_goes_on_to_the_same_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path(), 600);
    // Without reading facts, which takes most of the time and has nothing to do with the order of writing.
    let import = ["import", path.to_str().unwrap(), "--no-extract", "--batch", "256"];
    let undisturbed = Archive::new();
    let run = undisturbed.indexer(&import);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (dump, expected) = (undisturbed.dump(), answers(&undisturbed));
    assert_eq!(expected[0]["total"], 600);
    for point in [
        "lines_saved:1",
        "lines_settled:2",
        "index_applied:1",
        "index_applied:300",
        "lines_saved:3",
    ] {
        let archive = Archive::new();
        let killed = archive.indexer_killed_at(Some(point), &import);
        assert_eq!(killed.status.signal(), Some(SIGKILL), "{point}: {}", stdout(&killed));
        let again = archive.indexer(&import);
        assert!(
            again.status.success(),
            "{point}: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        assert_eq!(archive.dump(), dump, "{point}");
        assert_eq!(answers(&archive), expected, "{point}");
    }
    // An index that is made anew from the catalogue answers alike.
    assert!(undisturbed.indexer(&["reindex"]).status.success());
    assert_eq!(answers(&undisturbed), expected);
}

#[test]
fn the_same_lines_change_nothing_and_changed_lines_their_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path(), 20);
    let archive = Archive::new();
    assert_eq!(counts(&import(&archive, &path)), [20, 0, 0, 0]);
    let dump = archive.dump();
    assert_eq!(counts(&import(&archive, &path)), [0, 0, 20, 0]);
    assert_eq!(archive.dump(), dump);
    let mut changed = line(4);
    changed.title = Some("改过的题名".into());
    let changed = write(folder.path(), "changed.jsonl", &[json(&changed), json(&line(5))]);
    assert_eq!(counts(&import(&archive, &changed)), [0, 1, 1, 0]);
    assert_eq!(archive.codes("\"改过的题名\""), [line(4).archival_code.unwrap()]);
    // What the catalogue says wins over what stands in the text, which is among the facts all the same.
    let hit = archive.search(&[("q", "\"改过的题名\"")])["hits"][0].clone();
    let case = archive.json(&format!("/api/v1/cases/{}", hit["case_id"].as_str().unwrap()), &[]);
    let facts = case["facts"].as_array().unwrap();
    let sources = |name: &str| -> Vec<&str> {
        let of = facts.iter().filter(|fact| fact["field"] == name);
        of.map(|fact| fact["source"].as_str().unwrap()).collect()
    };
    assert_eq!(sources("document_number")[0], "catalogue");
    assert!(sources("document_number").contains(&"extraction"), "{facts:?}");
    let read = facts
        .iter()
        .find(|f| f["field"] == "document_number" && f["source"] == "extraction");
    assert_eq!(read.unwrap()["document"], 3, "evidence names the document: {read:?}");
}

#[test]
fn corrections_survive_another_import() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new();
    let path = write(folder.path(), "a.jsonl", &[json(&line(1)), json(&line(2))]);
    assert_eq!(counts(&import(&archive, &path)), [2, 0, 0, 0]);
    let code = line(1).archival_code.unwrap();
    archive.correct(&code, field(FieldName::Matter, "勘误事项许可"));
    let change = Change::Line {
        document: 1,
        page: 1,
        line: 0,
        value: "勘误之后的首行".to_owned(),
        old: None,
    };
    archive.correct(&code, change);
    let holds = |step: &str| {
        for q in ["事项:勘误事项许可", "\"勘误之后的首行\""] {
            assert_eq!(archive.codes(q), [code.as_str()], "{q} after {step}");
        }
    };
    let watch = ["watch", "--once", "--settle", "0"];
    assert!(archive.indexer(&watch).status.success());
    holds("watch");
    // The facts follow from the corrected lines already: nothing is different.
    assert_eq!(counts(&import(&archive, &path)), [0, 0, 2, 0]);
    holds("the same import");
    let mut changed = line(1);
    changed.matter = Some("食品生产许可".into());
    changed.agency = Some("缙云县行政审批局".into());
    let path = write(folder.path(), "b.jsonl", &[json(&changed)]);
    assert_eq!(counts(&import(&archive, &path)), [0, 1, 0, 0]);
    holds("another import");
    assert_eq!(archive.codes("机关:缙云县行政审批局"), [code.as_str()]);
}

#[test]
fn faults_are_named_and_the_good_lines_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new();
    let mut wrong_date = line(1);
    wrong_date.decided_on = Some("2019-02-30".into());
    let mut masked = line(2);
    masked.applicant.as_mut().unwrap().id_number = Some("1402**********1234".into());
    let twice = line(3);
    let lines = [
        json(&line(0)),
        "{\"archival_code\":".to_owned(),
        json(&wrong_date),
        String::new(),
        json(&masked),
        json(&twice),
        json(&twice).replace("行政许可申请书", "另一份"),
        json(&line(4)).replace("{\"archival_code\"", "{\"操作员\":\"甲\",\"archival_code\""),
    ];
    let path = write(folder.path(), "lines.jsonl", &lines);
    let run = import(&archive, &path);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(counts(&run), [4, 0, 0, 3]);
    let summary = summary(&run);
    let failures: Vec<(String, &str)> = summary["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["place"].as_str().unwrap().rsplit('/').next().unwrap().to_owned(),
                f["code"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("lines.jsonl 第 2 行 第 17 列", "json_cut_off"),
        ("lines.jsonl 第 3 行 “decided_on”（决定日期）", "date_impossible"),
        ("lines.jsonl 第 7 行 “archival_code”（档号）", "archival_code_duplicate"),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code));
    assert_eq!(failures, expected, "{summary}");
    let noted: Vec<&str> = summary["noted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["code"].as_str().unwrap())
        .collect();
    assert!(
        noted.contains(&"value_masked") && noted.contains(&"key_unknown"),
        "{summary}"
    );
    // The first of the two lines with one archival code counts.
    assert_eq!(archive.codes("\"另一份\""), [] as [&str; 0]);
    // Nothing personal is said.
    let said = String::from_utf8_lossy(&run.stderr).into_owned() + &stdout(&run);
    assert!(!said.contains("1402") && !said.contains(&line(1).applicant.unwrap().name.unwrap()));
    // A file that is not there, and one with nothing in it.
    assert_eq!(
        archive.indexer(&["import", "/nothing/here.jsonl"]).status.code(),
        Some(2)
    );
    let empty = write(folder.path(), "empty.jsonl", &[]);
    assert_eq!(counts(&import(&archive, &empty)), [0, 0, 0, 0]);
}

#[test]
fn a_masked_number_does_not_drive_out_the_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new();
    let whole = line(1);
    let number = whole.applicant.as_ref().unwrap().id_number.clone().unwrap();
    let mut masked = whole.clone();
    let shown: String = number
        .chars()
        .take(4)
        .chain("**********".chars())
        .chain(number.chars().skip(14))
        .collect();
    masked.applicant.as_mut().unwrap().id_number = Some(shown);
    let [first, second] = [&whole, &masked].map(|line| write(folder.path(), "a.jsonl", &[json(line)]));
    assert_eq!(first, second);
    let first = write(folder.path(), "first.jsonl", &[json(&whole)]);
    assert_eq!(counts(&import(&archive, &first)), [1, 0, 0, 0]);
    import(&archive, &second);
    assert!(archive.dump().contains(&format!(",{number:?}]")));
}

#[test]
fn pages_without_geometry_are_answered_with_their_marks() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new();
    let mut plain = line(0);
    // Neither kinds nor titles: both come from the text.
    for document in &mut plain.documents {
        document.kind = None;
        document.title = None;
    }
    let path = write(folder.path(), "a.jsonl", &[json(&plain)]);
    assert_eq!(counts(&import(&archive, &path)), [1, 0, 0, 0]);
    let hit = archive.search(&[("q", "申请事项")])["hits"][0].clone();
    assert!(!hit["snippets"].as_array().unwrap().is_empty(), "{hit}");
    let id = hit["case_id"].as_str().unwrap();
    let case = archive.json(&format!("/api/v1/cases/{id}"), &[]);
    let kinds: Vec<&str> = case["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["application", "review", "decision"], "{case}");
    assert_eq!(case["documents"][0]["title"], "申请书");
    let page = archive.json(&format!("/api/v1/cases/{id}/documents/1/pages/1"), &[("q", "申请事项")]);
    assert_eq!(
        (&page["image"], &page["source"]),
        (&Value::Bool(false), &Value::from("import"))
    );
    assert!(!page["marks"].as_array().unwrap().is_empty(), "{page}");
    assert!(page["lines"].as_array().unwrap().len() > 5);
    let (status, _) = archive.get(&format!("/api/v1/cases/{id}/documents/1/pages/1/image"), &[]);
    assert_eq!(status, 404);
}

#[test]
fn standard_input_and_compressed_files_are_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..3).map(|n| json(&line(n))).collect();
    let text = lines.join("\r\n");
    let archive = Archive::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"));
    command
        .arg("--data")
        .arg(archive.data())
        .args(["import", "-", "--json"]);
    command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert_eq!(counts(&child.wait_with_output().unwrap()), [3, 0, 0, 0]);
    let path = folder.path().join("a.jsonl.zst");
    std::fs::write(&path, zstd::stream::encode_all(text.as_bytes(), 1).unwrap()).unwrap();
    assert_eq!(counts(&import(&archive, &path)), [0, 0, 3, 0]);
}

/// Without reading facts: what the line says, and what follows from it.
#[test]
fn facts_are_not_read_where_that_is_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path(), 3);
    let archive = Archive::new();
    let import = ["import", path.to_str().unwrap(), "--no-extract", "--json"];
    assert_eq!(counts(&archive.indexer(&import)), [3, 0, 0, 0]);
    let read = |line: &&str| line.starts_with("fact ") && line.contains("source=\"extraction\"");
    assert_eq!(archive.dump().lines().filter(read).count(), 0);
    assert_eq!(counts(&archive.indexer(&import)), [0, 0, 3, 0]);
}
