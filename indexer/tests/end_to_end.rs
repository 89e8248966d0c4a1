//! From generated scans to faceted answers and a box over the hit.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use juanzong::record::FieldName;
use juanzong_indexer::sample::truth::{CaseTruth, LineTruth, PageTruth, Role};
use juanzong_indexer::sample::{Format, Level, SampleOptions};
use serde_json::Value;

use crate::support::{Archive, options, sample, stdout, strings};

/// Facet → value → number of cases.
type Counts = BTreeMap<String, BTreeMap<String, u64>>;

fn truth(scans: &std::path::Path) -> Vec<CaseTruth> {
    let mut files: Vec<_> = std::fs::read_dir(scans.join("truth"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|f| serde_json::from_slice(&std::fs::read(f).unwrap()).unwrap())
        .collect()
}

/// Facet counts as the manifest has them.
fn manifest_counts(scans: &std::path::Path) -> Counts {
    let mut reader = csv::Reader::from_path(scans.join("manifest.csv")).unwrap();
    let headings = reader.headers().unwrap().clone();
    let mut counts = Counts::new();
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |name: &str| {
            let at = headings.iter().position(|h| h == name).unwrap();
            row[at].to_owned()
        };
        let year = cell("决定日期").get(..4).map(str::to_owned);
        let outcome = juanzong::record::Outcome::parse(&cell("决定结果")).map(|o| o.code().to_owned());
        for (facet, value) in [
            ("year", year),
            ("agency", Some(cell("审批机关"))),
            ("matter", Some(cell("审批事项"))),
            ("outcome", outcome),
            (
                "retention",
                juanzong::record::Retention::parse(&cell("保管期限")).map(|r| r.code().to_owned()),
            ),
        ] {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                *counts.entry(facet.to_owned()).or_default().entry(value).or_default() += 1;
            }
        }
    }
    counts
}

fn answer_counts(answer: &Value) -> Counts {
    let mut counts = Counts::new();
    for (facet, values) in answer["facets"].as_object().unwrap() {
        for value in values.as_array().unwrap() {
            counts.entry(facet.clone()).or_default().insert(
                value["value"].as_str().unwrap().to_owned(),
                value["count"].as_u64().unwrap(),
            );
        }
    }
    counts
}

/// One case in each of the four ways in which scans come; tesseract reads what is not born digital.
#[test]
fn from_scans_to_facets_and_a_box_over_the_hit() {
    let folder = tempfile::tempdir().unwrap();
    let formats = vec![Format::PdfG4, Format::TiffG4, Format::Jpeg, Format::PdfText];
    let scans = sample(
        folder.path(),
        SampleOptions {
            cases: 3,
            seed: 3,
            level: Level::Clean,
            only_formats: Some(formats),
            ..options()
        },
    );
    let archive = Archive::new();
    let (cases, manifest) = (scans.join("cases"), scans.join("manifest.csv"));
    let run = archive.indexer(&[
        "ingest",
        cases.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
        "--json",
    ]);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    let truth = truth(&scans);
    let pages: usize = truth.iter().flat_map(|c| &c.documents).map(|d| d.pages.len()).sum();
    assert_eq!(
        (&summary["cases"], &summary["pages"]),
        (&Value::from(3), &Value::from(pages))
    );

    // Facets equal the manifest's.
    let answer = archive.search(&[("facets", "year,agency,matter,outcome,retention")]);
    assert_eq!(answer["total"], 3);
    assert_eq!(answer_counts(&answer), manifest_counts(&scans));

    // Each case is found by its number in any brackets, its company and a phrase of its decision.
    for case in &truth {
        let number = &case.fields[&FieldName::DocumentNumber];
        for q in [
            number.clone(),
            number.replace('〔', "(").replace('〕', ")"),
            case.fields[&FieldName::ApplicantName].clone(),
        ] {
            let codes = archive.codes(&q);
            assert!(
                codes.contains(&case.archival_code),
                "`{q}` gives {codes:?}, not {}",
                case.archival_code
            );
        }
    }

    // A hit lies in a box over the printed words, on most pages: a title that was misread cannot be found as a phrase.
    let boxes: usize = truth.iter().map(|case| check_boxes(&archive, case)).sum();
    let documents: usize = truth.iter().map(|case| case.documents.len()).sum();
    assert!(boxes * 2 >= documents, "only {boxes} boxes for {documents} documents");
}

/// Searches for the titles of the documents of a case and compares the boxes with the truth; gives how many.
fn check_boxes(archive: &Archive, case: &CaseTruth) -> usize {
    let hits = archive.search(&[("q", &format!("档号:{}", case.archival_code))]);
    assert_eq!(hits["total"], 1, "{}", case.archival_code);
    let id = hits["hits"][0]["case_id"].as_str().unwrap();
    let mut compared = 0;
    for (document, number) in case.documents.iter().zip(1..) {
        let page = &document.pages[0];
        let titled = |l: &&LineTruth| matches!(l.role, Role::Title | Role::RedHead) && l.text.chars().count() >= 4;
        let Some(line) = page.lines.iter().find(titled) else {
            continue;
        };
        let path = format!("/api/v1/cases/{id}/documents/{number}/pages/1");
        let answer = archive.json(&path, &[("q", &format!("\"{}\"", line.text))]);
        let Some(mark) = answer["marks"].as_array().unwrap().first() else {
            continue;
        };
        let [x0, y0, x1, y1]: [u32; 4] = serde_json::from_value(mark["box"].clone()).unwrap();
        let (width, height) = (answer["width"].as_u64().unwrap(), answer["height"].as_u64().unwrap());
        assert!(u64::from(x1) <= width && u64::from(y1) <= height && x0 < x1 && y0 < y1);
        // Both in parts of the page: the text layer of a born-digital page has a resolution of its own.
        let truth_box = <[u32; 4]>::from(line.upright);
        let (truth_width, truth_height) = upright_size(page);
        let scale = |v: u32, of: u64| f64::from(v) / of as f64;
        let centre = (
            f64::midpoint(scale(x0, width), scale(x1, width)),
            f64::midpoint(scale(y0, height), scale(y1, height)),
        );
        let inside = |v: f64, from: u32, to: u32, of: u32| {
            let (from, to, of) = (f64::from(from), f64::from(to), f64::from(of));
            (from / of..=to / of).contains(&v)
        };
        assert!(
            inside(centre.0, truth_box[0], truth_box[2], truth_width)
                && inside(centre.1, truth_box[1], truth_box[3], truth_height),
            "{}: {centre:?} is not in {truth_box:?}",
            document.file
        );
        let (status, image) = archive.get(&format!("{path}/image"), &[("q", &line.text), ("width", "800")]);
        assert_eq!(status, StatusCode::OK);
        assert_eq!(image::load_from_memory(&image).unwrap().width(), 800);
        compared += 1;
    }
    compared
}

/// Width and height of a page after its rotation.
fn upright_size(page: &PageTruth) -> (u32, u32) {
    if page.rotation.is_multiple_of(180) {
        (page.width, page.height)
    } else {
        (page.height, page.width)
    }
}

#[test]
fn hostile_requests_are_refused_at_once() {
    let archive = Archive::new();
    let folder = tempfile::tempdir().unwrap();
    let scans = sample(
        folder.path(),
        SampleOptions {
            cases: 1,
            seed: 2,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    assert!(
        archive
            .indexer(&["ingest", scans.join("cases").to_str().unwrap()])
            .status
            .success()
    );
    let parentheses = format!("{}许可{}", "(".repeat(5_000), ")".repeat(5_000));
    for (query, code) in [
        (&[("q", parentheses.as_str())][..], "query_too_long"),
        (&[("q", "许可"), ("page", "4294967295")], "page_out_of_range"),
        (&[("q", "许可"), ("size", "0")], "size_out_of_range"),
    ] {
        let (status, body) = archive.get("/api/v1/search", query);
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], code);
    }
    // The archive still answers, with one character, and with a prefix on Han text.
    assert_eq!(archive.search(&[("q", "许")])["total"], 1);
    assert_eq!(
        strings(&archive.search(&[("q", "许可 -许可")])["hits"], "case_id").len(),
        0
    );
}
