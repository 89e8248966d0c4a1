//! Broken files beside good ones: each is named, the good ones become cases, nothing crashes.

use std::collections::BTreeMap;

use juanzong_indexer::sample::{Format, SampleOptions};
use serde_json::Value;

use crate::support::broken::write_broken_files;
use crate::support::{Archive, options, sample, stdout};

#[test]
fn twenty_broken_files_beside_five_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("收件");
    std::fs::create_dir(&inbox).unwrap();
    let broken: BTreeMap<String, &str> = write_broken_files(&inbox)
        .into_iter()
        .map(|(name, code)| (name, code.code()))
        .collect();
    assert!(broken.len() >= 20, "only {} broken files", broken.len());

    let out = sample(
        folder.path(),
        SampleOptions {
            cases: 2,
            seed: 5,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    let mut good = Vec::new();
    for case in std::fs::read_dir(out.join("cases")).unwrap() {
        for file in std::fs::read_dir(case.unwrap().path()).unwrap() {
            good.push(file.unwrap().path());
        }
    }
    good.sort();
    for (number, file) in good.iter().take(5).enumerate() {
        std::fs::copy(file, inbox.join(format!("好{number}.pdf"))).unwrap();
    }

    let archive = Archive::new();
    let run = archive.indexer(&["ingest", inbox.to_str().unwrap(), "--each-file", "--json"]);
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", stdout(&run)));
    assert_eq!(summary["cases"], 5, "{summary:#}");
    let named: BTreeMap<String, &str> = summary["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let place = f["place"].as_str().unwrap();
            (
                place.rsplit('/').next().unwrap().to_owned(),
                f["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(named, broken);
    assert_eq!(
        summary["failures"].as_array().unwrap().len(),
        broken.len(),
        "a file was named twice"
    );
    assert_eq!(archive.search(&[("q", "")])["total"], 5);

    // The same again: the same failures, nothing new.
    let dump = archive.dump();
    let again = archive.indexer(&["ingest", inbox.to_str().unwrap(), "--each-file", "--json"]);
    let summary: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        (&summary["unchanged"], &summary["created"]),
        (&Value::from(5), &Value::from(0))
    );
    assert_eq!(archive.dump(), dump);
}

#[test]
fn wrong_usage_is_told_apart_from_failed_input() {
    let archive = Archive::new();
    for arguments in [
        &["ingest"][..],
        &["ingest", "--engine", "none", "x"],
        &["ingest", "/nowhere/at/all"],
        &["unheard"],
    ] {
        let run = archive.indexer(arguments);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert!(!run.stderr.is_empty());
    }
}
