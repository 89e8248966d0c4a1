//! Bound volumes: divided as they were bound, the same each time, and everything that names a document or page follows.

use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use juanzong::catalogue::Change;
use juanzong::record::DocumentKind;
use juanzong_indexer::sample::truth::CaseTruth;
use juanzong_indexer::sample::{Format, SampleOptions, VolumeShape, volumes};
use serde_json::Value;

use crate::support::{Archive, options, stdout};

/// An archive of volumes, and where they came from.
struct Bound {
    archive: Archive,
    scans: PathBuf,
    truths: Vec<CaseTruth>,
}

fn bound(folder: &Path, cases: u32, seed: u64, format: Format) -> Bound {
    let scans = folder.join("scans");
    volumes(&SampleOptions {
        out: scans.clone(),
        cases,
        seed,
        only_formats: Some(vec![format]),
        ..options()
    })
    .unwrap();
    let mut truths: Vec<CaseTruth> = std::fs::read_dir(scans.join("truth"))
        .unwrap()
        .map(|entry| serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap())
        .collect();
    truths.sort_by_key(|truth| truth.index);
    let taken = Bound {
        archive: Archive::new(),
        scans,
        truths,
    };
    taken.ingest();
    taken
}

impl Bound {
    fn run(&self, arguments: &[&str]) -> String {
        let run = self.archive.indexer(arguments);
        assert!(
            run.status.success(),
            "{arguments:?}: {}{}",
            stdout(&run),
            String::from_utf8_lossy(&run.stderr)
        );
        stdout(&run)
    }

    fn ingest(&self) -> Value {
        let cases = self.scans.join("cases");
        serde_json::from_str(&self.run(&["ingest", cases.to_str().unwrap(), "--json"])).unwrap()
    }

    /// The case of a shape as it is answered, and its truth.
    fn case(&self, shape: VolumeShape) -> (Value, &CaseTruth) {
        let truth = self
            .truths
            .iter()
            .find(|truth| VolumeShape::of(truth.index) == shape)
            .unwrap();
        let hits = self.archive.search(&[("q", ""), ("size", "100")]);
        let hits = hits["hits"].as_array().unwrap();
        let hit = hits
            .iter()
            .find(|hit| hit["archival_code"] == truth.folder.as_str())
            .unwrap();
        let id = hit["case_id"].as_str().unwrap();
        (self.archive.json(&format!("/api/v1/cases/{id}"), &[]), truth)
    }

    fn reviews(&self, reason: &str) -> Vec<Value> {
        let answer = self.archive.json("/api/v1/reviews", &[("reason", reason)]);
        answer["reviews"].as_array().unwrap().clone()
    }
}

/// First page, number of pages and kind of each document.
fn answered(case: &Value) -> Vec<(u64, u64, String)> {
    let documents = case["documents"].as_array().unwrap().iter();
    documents
        .map(|document| {
            (
                document["first_page"].as_u64().unwrap(),
                document["page_count"].as_u64().unwrap(),
                document["kind"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn bound_so(truth: &CaseTruth) -> Vec<(u64, u64, String)> {
    let documents = truth.documents.iter();
    documents
        .map(|document| {
            let first = document.pages[0].number.into();
            (first, document.pages.len() as u64, document.kind.code().to_owned())
        })
        .collect()
}

#[test]
fn volumes_are_divided_as_they_were_bound_and_what_only_looks_like_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 7, 90211, Format::PdfText);
    for shape in VolumeShape::ALL {
        let (case, truth) = taken.case(shape);
        if shape == VolumeShape::Copies {
            // The tables of a text layer are not known as such, so there is no contents list to part the copies.
            assert!(case["documents"].as_array().unwrap().len() > 3);
        } else if shape.is_volume() {
            assert_eq!(answered(&case), bound_so(truth), "{shape:?}");
        } else {
            assert_eq!(case["documents"].as_array().unwrap().len(), 1, "{shape:?}");
        }
    }
    let (two, _) = taken.case(VolumeShape::TwoCases);
    assert_eq!(taken.reviews("several_cases")[0]["case_id"], two["case_id"]);

    let report = folder.path().join("report.csv");
    let cases = taken.scans.join("cases");
    let told = taken.run(&["ingest", cases.to_str().unwrap(), "--report", report.to_str().unwrap()]);
    assert!(
        told.contains("[volume_divided]") && told.contains("[several_cases]"),
        "{told}"
    );
    let report = std::fs::read_to_string(report).unwrap();
    assert_eq!(report.matches(",volume_divided,").count(), 4);
}

#[test]
fn a_dry_run_compares_what_was_read_before_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 4, 90212, Format::PdfText);
    let cases = taken.scans.join("cases");
    let dry = |archive: &Archive| -> Value {
        let run = archive.indexer(&["ingest", cases.to_str().unwrap(), "--dry-run", "--json"]);
        serde_json::from_slice(&run.stdout).unwrap()
    };
    let told = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        let mut told: Vec<(String, String)> = findings
            .iter()
            .map(|f| {
                (
                    f["code"].as_str().unwrap().to_owned(),
                    f["archival_code"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        told.sort();
        told
    };
    let unread = dry(&Archive::new());
    assert_eq!(
        (&unread["counts"]["compared"], &unread["counts"]["cases"]),
        (&0.into(), &4.into())
    );
    assert!(told(&unread).is_empty());

    let before = taken.archive.dump();
    let read = dry(&taken.archive);
    assert_eq!(read["counts"]["compared"], 4);
    assert!(taken.archive.dump() == before, "a dry run wrote something");
    let ingested = taken.ingest();
    assert!(told(&read).iter().any(|(code, _)| code == "volume_divided"));
    assert_eq!(told(&read), told(&ingested["reconciliation"]));
}

#[test]
fn a_scanned_volume_agrees_with_its_contents_list() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 1, 4, Format::PdfG4);
    let (listed, truth) = taken.case(VolumeShape::Listed);
    assert_eq!(answered(&listed), bound_so(truth));
    // Contents list and documents agree; documents have its titles.
    let contents = &listed["contents"];
    assert_eq!(contents["differences"], serde_json::json!([]), "{contents}");
    let entries = contents["entries"].as_array().unwrap();
    for entry in entries {
        let document = entry["document"].as_u64().unwrap();
        let named = &listed["documents"][usize::try_from(document).unwrap() - 1];
        assert_eq!(named["title"], entry["title"]);
        assert!(entry["box"].is_array() && entry["on_document"] == 2);
    }
    assert_eq!(listed["documents"][0]["title"], "封面");

    // The stages that have papers are shown with them.
    for stage in listed["stages"].as_array().unwrap() {
        let of_stage = stage["documents"].as_array().unwrap();
        assert_eq!(stage["state"] == "documented", !of_stage.is_empty());
    }
}

#[test]
fn dividing_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 4, 6, Format::PdfText);
    let (case, truth) = taken.case(VolumeShape::Unlisted);
    assert_eq!(answered(&case), bound_so(truth));
    // Without the jobs: that something was read again is kept there.
    let content = || {
        let dump = taken.archive.dump();
        dump.lines()
            .filter(|line| !line.starts_with("job "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = content();
    assert_eq!(taken.ingest()["unchanged"], 4);
    assert!(content() == before, "ingested again");
    for how in ["--fields", "--again"] {
        taken.run(&["reprocess", how]);
        assert!(content() == before, "reprocess {how}");
    }
}

#[test]
fn pages_marks_and_snippets_of_a_part_bear_the_numbers_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 3, 6, Format::PdfText);
    let (case, _) = taken.case(VolumeShape::Unlisted);
    let id = case["case_id"].as_str().unwrap();
    let documents = answered(&case);
    let (at, (first, count, _)) = documents.iter().enumerate().rfind(|(_, d)| d.2 == "decision").unwrap();
    let path = |page: u64| format!("/api/v1/cases/{id}/documents/{}/pages/{page}", at + 1);
    let page = taken.archive.json(&path(*first), &[]);
    assert_eq!(
        (&page["document"], &page["page"]),
        (&Value::from(at + 1), &Value::from(*first))
    );
    for outside in [first - 1, first + count] {
        assert_eq!(taken.archive.get(&path(outside), &[]).0, StatusCode::NOT_FOUND);
    }
    let (status, _) = taken
        .archive
        .get(&format!("{}/image", path(*first)), &[("width", "400")]);
    assert_eq!(status, StatusCode::OK);
    // A sentence of this page is found in this document, on this page.
    let lines = page["lines"].as_array().unwrap();
    let line = lines
        .iter()
        .map(|line| line["text"].as_str().unwrap())
        .max_by_key(|text| text.chars().count());
    let q = format!("\"{}\"", line.unwrap());
    let hits = taken.archive.search(&[("q", &q)]);
    let snippet = &hits["hits"][0]["snippets"][0];
    assert_eq!(
        (&snippet["document"], &snippet["page"]),
        (&page["document"], &page["page"]),
        "{hits}"
    );
    assert!(
        !taken.archive.json(&path(*first), &[("q", &q)])["marks"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // Each fact names the document whose pages hold it.
    for fact in case["facts"].as_array().unwrap() {
        let (Some(document), Some(page)) = (fact["document"].as_u64(), fact["page"].as_u64()) else {
            continue;
        };
        let (first, count, _) = &documents[usize::try_from(document).unwrap() - 1];
        assert!((*first..first + count).contains(&page), "{fact}");
    }
}

/// A title that a person corrects divides the volume in another way; lines that were corrected before stay where they
/// stand, in whatever document that is then.
#[test]
fn corrected_lines_survive_another_dividing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = bound(folder.path(), 3, 6, Format::PdfText);
    let (case, truth) = taken.case(VolumeShape::Unlisted);
    let id = case["case_id"].as_str().unwrap();
    let page_of = |document: u64, page: u64| {
        taken
            .archive
            .json(&format!("/api/v1/cases/{id}/documents/{document}/pages/{page}"), &[])
    };
    let documents = answered(&case);
    let review = documents
        .iter()
        .position(|d| d.2 == DocumentKind::Review.code())
        .unwrap();
    let (ordinal, page) = (review as u64 + 1, documents[review].0);
    let lines = page_of(ordinal, page)["lines"].clone();
    let lines = lines.as_array().unwrap();
    let titled = |line: &Value| {
        let text = line["text"].as_str().unwrap();
        text.contains("审查报告") || text.contains("审查意见")
    };
    let title = lines.iter().position(titled).unwrap();
    let correct = |line: usize, value: &str, document: u64| {
        taken.archive.correct(
            &truth.folder,
            Change::Line {
                document: u32::try_from(document).unwrap(),
                page: u32::try_from(page).unwrap(),
                line: u32::try_from(line).unwrap(),
                value: value.to_owned(),
                old: None,
            },
        )
    };
    let last = lines.len() - 1;
    correct(last, "勘误之后的最后一行文字", ordinal);
    taken.run(&["watch", "--once", "--settle", "0"]);
    let divided = taken.archive.dump();
    // Every line of the title, so that none is left to begin a document.
    let numbers: Vec<u32> = (0..=title)
        .map(|line| correct(line, "情况说明如下。", ordinal))
        .collect();
    taken.run(&["watch", "--once", "--settle", "0"]);
    let (case, _) = taken.case(VolumeShape::Unlisted);
    assert_eq!(answered(&case).len(), documents.len() - 1);
    let joined = page_of(ordinal - 1, page);
    let line = &joined["lines"][last];
    assert_eq!(line["text"], "勘误之后的最后一行文字");
    assert_eq!(line["correction"], serde_json::json!({"number": 1, "placed": true}));
    assert_eq!(joined["lines"][title]["correction"]["placed"], true);
    // Undone, it is divided as before.
    for number in numbers {
        taken.archive.undo(&truth.folder, number);
    }
    taken.run(&["watch", "--once", "--settle", "0"]);
    let (case, _) = taken.case(VolumeShape::Unlisted);
    assert_eq!(answered(&case), documents);
    let of_case = |dump: &str| {
        let kept =
            |line: &&str| line.starts_with("document") || line.starts_with("fact") || line.starts_with("earlier");
        dump.lines().filter(kept).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(of_case(&taken.archive.dump()) == of_case(&divided), "divided as before");
    assert_eq!(page_of(ordinal, page)["lines"][last]["text"], "勘误之后的最后一行文字");
}
