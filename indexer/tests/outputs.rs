//! Outputs read back by other programs: the searchable PDF of every sample page by `pdftotext` and `qpdf`.
//!
//! The text is the truth of the sample, so that only the outputs are measured and not the reading.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use juanzong::record::{PageRecord, PageText, TextLine, TextSource};
use juanzong_indexer::decode::ScanFile;
use juanzong_indexer::output::pdf::PdfWriter;
use juanzong_indexer::output::{PageWriter, Remark, Scan};
use juanzong_indexer::sample::truth::{CaseTruth, PageTruth};
use juanzong_indexer::sample::{Level, SampleOptions};

use crate::support::{options, sample};

/// The page as if it had been read without an error.
fn record(truth: &PageTruth) -> PageRecord {
    // An EXIF orientation is applied when the file is decoded.
    let rotation = if truth.exif_orientation == 1 { truth.rotation } else { 0 };
    let turned = truth.rotation % 180 == 90;
    let (width, height) = if turned {
        (truth.height, truth.width)
    } else {
        (truth.width, truth.height)
    };
    let lines = truth.lines.iter().map(|line| TextLine {
        text: line.text.clone(),
        area: line.upright,
        confidence: 1.0,
        ..TextLine::default()
    });
    PageRecord {
        number: truth.number,
        width,
        height,
        dpi: Some(truth.dpi),
        rotation,
        skew: truth.degradations.skew,
        confidence: Some(1.0),
        source: TextSource::Ocr,
        engine: "truth".to_owned(),
        text: PageText {
            lines: lines.collect(),
            ..PageText::default()
        },
        failure: None,
    }
}

/// Writes the searchable PDF of a scan.
fn searchable(scan: &Path, pages: &[PageRecord], out: &Path) -> Vec<Remark> {
    let name = scan.file_name().unwrap().to_str().unwrap();
    let file = ScanFile::open(scan).unwrap();
    let mut writer = PdfWriter::new(File::create(out).unwrap(), File::open(scan).unwrap(), name);
    for page in pages {
        let (original, bytes) = file.original(page.number).unwrap();
        writer.page(page, Some(Scan { original, bytes })).unwrap();
    }
    writer.finish().unwrap()
}

fn pdftotext(pdf: &Path, arguments: &[&str]) -> String {
    let output = Command::new("pdftotext")
        .args(arguments)
        .args(["-enc", "UTF-8"])
        .arg(pdf)
        .arg("-")
        .output()
        .expect("pdftotext of the package poppler-utils is installed");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn visible(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Fewest characters to put in, take out or exchange.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Every scan of a sample with its pages.
fn scans(folder: &Path, options: SampleOptions) -> Vec<(PathBuf, Vec<PageTruth>)> {
    let root = sample(folder, options);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("truth")).unwrap() {
        let truth: CaseTruth = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for document in truth.documents {
            let scan = root.join("cases").join(&truth.folder).join(&document.file);
            if !document.born_digital {
                found.push((scan, document.pages));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn the_searchable_pdf_of_every_sample_page_gives_its_text_back() {
    let folder = tempfile::tempdir().unwrap();
    let scans = scans(
        folder.path(),
        SampleOptions {
            cases: 6,
            seed: 31,
            level: Level::Mixed,
            ..options()
        },
    );
    let (out, again) = (folder.path().join("out.pdf"), folder.path().join("again.pdf"));
    let (mut characters, mut moved) = (0, 0);
    for (scan, truths) in scans {
        let name = scan.file_name().unwrap().to_str().unwrap();
        let pages: Vec<PageRecord> = truths.iter().map(record).collect();
        searchable(&scan, &pages, &out);
        let check = Command::new("qpdf").arg("--check").arg(&out).output();
        let check = check.expect("qpdf is installed");
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let truth: Vec<char> = visible(&pages.iter().map(|p| p.text.text()).collect::<Vec<_>>().join("\n"));
        assert_eq!(visible(&pdftotext(&out, &["-raw"])), truth, "{name}");
        // Wrapped cells are read across the row in this mode; nothing else may move.
        characters += truth.len();
        moved += distance(&truth, &visible(&pdftotext(&out, &[])));
        let result = std::fs::read(&out).unwrap();
        if name.ends_with(".pdf") {
            assert!(
                result.starts_with(&std::fs::read(&scan).unwrap()),
                "{name} stays as it is"
            );
        }
        // A file that has its text gets it no second time.
        let remarks = searchable(&out, &pages.iter().map(upright).collect::<Vec<_>>(), &again);
        assert_eq!(remarks, [Remark::KeptTextLayer]);
        assert_eq!(std::fs::read(&again).unwrap(), result);
    }
    assert!(moved * 100 < characters * MOST_MOVED, "{moved} of {characters}");
}

/// Most characters in a hundred that the default mode of `pdftotext` may put elsewhere.
const MOST_MOVED: usize = 2;

/// The page as it is read from a file that shows it upright.
fn upright(page: &PageRecord) -> PageRecord {
    PageRecord {
        rotation: 0,
        ..page.clone()
    }
}

fn ocr(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"));
    command.arg("ocr").args(arguments).output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    found
}

#[test]
fn a_folder_becomes_a_folder_of_outputs_and_what_fails_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (scans, out) = (folder.path().join("scans"), folder.path().join("out"));
    std::fs::create_dir_all(scans.join("sub")).unwrap();
    let picture = |path: PathBuf| {
        image::GrayImage::from_fn(300, 400, |x, y| image::Luma([if x < y / 2 { 0 } else { 255 }]))
            .save(path)
            .unwrap();
    };
    picture(scans.join("1.png"));
    picture(scans.join("1.bmp"));
    picture(scans.join("sub/2.png"));
    std::fs::write(scans.join("3.pdf"), b"%PDF-1.4 broken").unwrap();
    let (scans, out_name) = (scans.to_str().unwrap(), out.to_str().unwrap());
    let run = |more: &[&str]| ocr(&[&[scans, "-o", out_name, "--jobs", "2", "--format", "pdf"], more].concat());

    let output = run(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("3.pdf") && said.contains("truncated"), "{said}");
    assert_eq!(names(&out), ["1.bmp.pdf", "1.png.pdf", "sub"]);
    assert_eq!(names(&out.join("sub")), ["2.pdf"]);

    std::fs::write(out.join("sub/2.pdf"), "kept").unwrap();
    assert_eq!(run(&["--skip-existing"]).status.code(), Some(1));
    assert_eq!(std::fs::read(out.join("sub/2.pdf")).unwrap(), b"kept");
    run(&[]);
    assert!(std::fs::read(out.join("sub/2.pdf")).unwrap().starts_with(b"%PDF-1.7"));
}

#[test]
fn uses_that_cannot_work_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("1.png");
    image::GrayImage::new(30, 30).save(&scan).unwrap();
    let before = std::fs::read(&scan).unwrap();
    let (scan_name, folder_name) = (scan.to_str().unwrap(), folder.path().to_str().unwrap());
    assert_eq!(ocr(&[scan_name, "-o", scan_name]).status.code(), Some(2));
    assert_eq!(ocr(&[folder_name]).status.code(), Some(2));
    assert_eq!(ocr(&[scan_name, scan_name]).status.code(), Some(2));
    assert_eq!(std::fs::read(&scan).unwrap(), before);
}
