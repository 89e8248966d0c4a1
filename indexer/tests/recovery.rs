//! Killed at any point and started again, a run ends like one that was left in peace.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use juanzong_indexer::sample::{Format, SampleOptions};
use serde_json::Value;

use crate::support::{Archive, options, sample, stdout};

const SIGKILL: i32 = 9;

/// Cases that are read in seconds: mostly born digital, so the points are reached without minutes of OCR.
pub(crate) fn scans(folder: &Path) -> (String, String) {
    let out = sample(
        folder,
        SampleOptions {
            cases: 3,
            seed: 11,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    (
        out.join("cases").display().to_string(),
        out.join("manifest.csv").display().to_string(),
    )
}

/// Everything the API says about all cases, without what differs between two archives of the same content.
pub(crate) fn answers(archive: &Archive) -> Value {
    let mut all = Vec::new();
    for q in ["", "许可", "结果:准予", "2019"] {
        let facets = "year,agency,region,matter,outcome,document_kind,applicant_kind,retention,ocr_quality";
        let mut answer = archive.search(&[("q", q), ("size", "100"), ("sort", "number"), ("facets", facets)]);
        answer["took_ms"] = Value::Null;
        for hit in answer["hits"].as_array_mut().unwrap() {
            hit["case_id"] = Value::Null;
            hit["score"] = Value::Null;
        }
        all.push(answer);
    }
    Value::Array(all)
}

#[test]
fn a_killed_ingest_goes_on_to_the_same_end() {
    let folder = tempfile::tempdir().unwrap();
    let (cases, manifest) = scans(folder.path());
    let ingest = ["ingest", &cases, "--manifest", &manifest, "--jobs", "2"];

    let undisturbed = Archive::new();
    let run = undisturbed.indexer(&ingest);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    let (dump, expected) = (undisturbed.dump(), answers(&undisturbed));
    assert_eq!(expected[0]["total"], 3);

    let points = [
        "original_stored:1",
        "original_stored:5",
        "page_images_stored:1",
        "page_images_stored:6",
        "page_saved:1",
        "page_saved:7",
        "file_finished:2",
        "case_saved:1",
        "case_saved:3",
        "case_loaded:1",
        "index_applied:2",
    ];
    for point in points {
        let archive = Archive::new();
        let killed = archive.indexer_killed_at(Some(point), &ingest);
        assert_eq!(
            killed.status.signal(),
            Some(SIGKILL),
            "{point} was not reached: {}",
            stdout(&killed)
        );
        let again = archive.indexer(&ingest);
        assert!(
            again.status.success(),
            "{point}: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        assert_eq!(archive.dump(), dump, "{point}");
        assert_eq!(answers(&archive), expected, "{point}");
    }
}

#[test]
fn ingesting_the_same_bytes_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (cases, manifest) = scans(folder.path());
    let archive = Archive::new();
    let ingest = ["ingest", &cases, "--manifest", &manifest, "--json"];
    assert!(archive.indexer(&ingest).status.success());
    let dump = archive.dump();
    // Without the manifest, too: what the catalogue was told stays.
    for arguments in [&ingest[..], &["ingest", &cases, "--json"]] {
        let again = archive.indexer(arguments);
        let summary: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!(summary["unchanged"], 3, "{summary}");
        assert_eq!(summary["pages_read"], 0);
        assert_eq!(archive.dump(), dump);
    }
}

#[test]
fn a_killed_reindex_leaves_the_old_index_and_a_new_one_answers_alike() {
    let folder = tempfile::tempdir().unwrap();
    let (cases, manifest) = scans(folder.path());
    let archive = Archive::new();
    assert!(
        archive
            .indexer(&["ingest", &cases, "--manifest", &manifest])
            .status
            .success()
    );
    let expected = answers(&archive);
    let killed = archive.indexer_killed_at(Some("case_loaded:2"), &["reindex"]);
    assert_eq!(killed.status.signal(), Some(SIGKILL));
    assert_eq!(answers(&archive), expected);
    assert!(archive.indexer(&["reindex"]).status.success());
    assert_eq!(answers(&archive), expected);
}

#[test]
fn a_changed_file_becomes_a_new_version_and_the_old_original_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (cases, manifest) = scans(folder.path());
    let archive = Archive::new();
    assert!(
        archive
            .indexer(&["ingest", &cases, "--manifest", &manifest])
            .status
            .success()
    );
    let before = archive.dump();
    // The decision of one case replaced by another file of it.
    let case = std::fs::read_dir(&cases).unwrap().next().unwrap().unwrap().path();
    let mut files: Vec<_> = std::fs::read_dir(&case).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let original = std::fs::read(&files[0]).unwrap();
    std::fs::copy(&files[1], &files[0]).unwrap();
    let run = archive.indexer(&["ingest", &cases, "--manifest", &manifest, "--json"]);
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(
        (&summary["changed"], &summary["unchanged"]),
        (&Value::from(1), &Value::from(2)),
        "{summary}"
    );
    assert_ne!(archive.dump(), before);
    let kept = originals(&archive.data().join("originals"));
    assert!(kept.contains(&original), "the first version is gone");
}

fn originals(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(originals(&path));
        } else {
            found.push(std::fs::read(path).unwrap());
        }
    }
    found
}
