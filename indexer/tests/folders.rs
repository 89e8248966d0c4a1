//! How scans become cases: manifest, folder, each file.

use std::path::{Path, PathBuf};

use juanzong::record::ArchivalCode;
use juanzong_indexer::sample::{Format, SampleOptions};

use crate::support::{Archive, options, sample, stdout};

/// A born-digital file.
fn text_pdf(folder: &Path) -> PathBuf {
    let scans = sample(
        folder,
        SampleOptions {
            cases: 1,
            seed: 9,
            only_formats: Some(vec![Format::PdfText]),
            ..options()
        },
    );
    let case = std::fs::read_dir(scans.join("cases")).unwrap().next().unwrap().unwrap();
    let file = std::fs::read_dir(case.path()).unwrap().next().unwrap().unwrap();
    file.path()
}

/// A folder with files and subfolders, subfolders of these, and a manifest beside its scans.
fn tree(root: &Path, pdf: &Path) {
    for name in [
        "A-2019-1/2.pdf",
        "A-2019-1/10.pdf",
        "A-2019-1/附图/1.pdf",
        "box/deep/A-2019-2/1.pdf",
        "box/deep/notes.txt",
    ] {
        let target = root.join(name);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        if name.ends_with(".txt") {
            std::fs::write(target, "not a scan").unwrap();
        } else {
            std::fs::copy(pdf, target).unwrap();
        }
    }
}

/// 档号 and file names of the cases of an archive.
fn cases(archive: &Archive) -> Vec<(String, Vec<String>)> {
    let hits = archive.search(&[("q", ""), ("size", "100")]);
    let mut found: Vec<(String, Vec<String>)> = hits["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            let case = archive.json(&format!("/api/v1/cases/{}", hit["case_id"].as_str().unwrap()), &[]);
            let names = crate::support::strings(&case["documents"], "source_name");
            (case["archival_code"].as_str().unwrap().to_owned(), names)
        })
        .collect();
    found.sort();
    found
}

fn ingest(root: &Path, more: &[&str]) -> Archive {
    let archive = Archive::new();
    let mut arguments = vec!["ingest", root.to_str().unwrap()];
    arguments.extend(more);
    let run = archive.indexer(&arguments);
    assert!(
        run.status.success(),
        "{}{}",
        stdout(&run),
        String::from_utf8_lossy(&run.stderr)
    );
    archive
}

/// The form in which the catalogue keeps a 档号.
fn canonical(code: &str) -> String {
    ArchivalCode::parse(code).unwrap().to_string()
}

fn named(expected: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = expected
        .iter()
        .map(|(code, files)| (canonical(code), files.iter().map(|file| (*file).to_owned()).collect()))
        .collect();
    all.sort();
    all
}

#[test]
fn manifest_folder_and_each_file_divide_as_they_should() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = text_pdf(folder.path());
    let root = folder.path().join("in");
    tree(&root, &pdf);

    // Each folder that directly holds scans is a case, its files in natural order.
    assert_eq!(
        cases(&ingest(&root, &[])),
        named(&[
            ("A-2019-1", &["2.pdf", "10.pdf"]),
            ("in/A-2019-1/附图", &["1.pdf"]),
            ("A-2019-2", &["1.pdf"]),
        ])
    );

    // Each file is a case; equal names stay apart by their folders.
    assert_eq!(
        cases(&ingest(&root, &["--each-file"])),
        named(&[
            ("in/A-2019-1/2.pdf", &["2.pdf"]),
            ("in/A-2019-1/10.pdf", &["10.pdf"]),
            ("in/A-2019-1/附图/1.pdf", &["1.pdf"]),
            ("in/box/deep/A-2019-2/1.pdf", &["1.pdf"]),
        ])
    );

    // A manifest among the scans is none of them; its rows win over folders, and over `--each-file`.
    let manifest = root.join("A-2019-1/清单.csv");
    std::fs::write(&manifest, "档号,文件\nM-2019-7,A-2019-1/10.pdf;A-2019-1/附图\n").unwrap();
    let manifest = manifest.to_str().unwrap();
    let rest: &[(&str, &[&str])] = &[
        ("M-2019-7", &["1.pdf", "10.pdf"]),
        ("A-2019-1", &["2.pdf"]),
        ("A-2019-2", &["1.pdf"]),
    ];
    assert_eq!(cases(&ingest(&root, &["--manifest", manifest])), named(rest));
    assert_eq!(
        cases(&ingest(&root, &["--manifest", manifest, "--each-file"])),
        named(&[
            ("M-2019-7", &["1.pdf", "10.pdf"]),
            ("in/A-2019-1/2.pdf", &["2.pdf"]),
            ("in/box/deep/A-2019-2/1.pdf", &["1.pdf"]),
        ])
    );
}
