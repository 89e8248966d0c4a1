//! Outputs read back by other programs: the searchable PDF of every sample page by `pdftotext` and `qpdf`.
//!
//! The text is the truth of the sample, so that only the outputs are measured and not the reading.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use juanzong::record::{LineRole, PageRecord, PageText, PixelBox, TextLine, TextSource};
use juanzong_indexer::decode::ScanFile;
use juanzong_indexer::output::pdf::PdfWriter;
use juanzong_indexer::output::{PageWriter, Remark, Scan};
use juanzong_indexer::sample::truth::{CaseTruth, PageTruth};
use juanzong_indexer::sample::{Level, SampleOptions};

use crate::support::{options, sample};

/// The page as if it had been read without an error.
pub(crate) fn record(truth: &PageTruth) -> PageRecord {
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
pub(crate) fn searchable(scan: &Path, pages: &[PageRecord], out: &Path) -> Vec<Remark> {
    let name = scan.file_name().unwrap().to_str().unwrap();
    let file = ScanFile::open(scan).unwrap();
    let mut writer = PdfWriter::new(File::create(out).unwrap(), File::open(scan).unwrap(), name);
    for page in pages {
        let (original, bytes) = file.original(page.number).unwrap();
        writer.page(page, Some(Scan { original, bytes })).unwrap();
    }
    writer.finish().unwrap()
}

pub(crate) fn pdftotext(pdf: &Path, arguments: &[&str]) -> String {
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

pub(crate) fn visible(text: &str) -> Vec<char> {
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
    let (mut characters, mut moved, mut where_moved) = (0, 0, Vec::new());
    for (scan, truths) in scans {
        let name = scan.file_name().unwrap().to_str().unwrap();
        let pages: Vec<PageRecord> = truths.iter().map(record).collect();
        searchable(&scan, &pages, &out);
        let check = Command::new("qpdf").arg("--check").arg(&out).output();
        let check = check.expect("qpdf is installed");
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        let truth: Vec<char> = visible(&pages.iter().map(|p| p.text.text()).collect::<Vec<_>>().join("\n"));
        assert_eq!(visible(&pdftotext(&out, &["-raw"])), truth, "{name}");
        characters += truth.len();
        let own = distance(&truth, &visible(&pdftotext(&out, &[])));
        moved += own;
        if own > 0 {
            where_moved.push(format!("{name} {own}"));
        }
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
    assert!(
        moved * 1000 < characters * MOST_MOVED,
        "{moved} of {characters}: {}",
        where_moved.join(", ")
    );
}

/// Most characters in a thousand that the default mode of `pdftotext` may put elsewhere.
const MOST_MOVED: usize = 4;

/// The page as it is read from a file that shows it upright.
fn upright(page: &PageRecord) -> PageRecord {
    PageRecord {
        rotation: 0,
        ..page.clone()
    }
}

/// Text, box, and row and column of its cell.
pub(crate) type Drawn<'a> = (&'a str, [u32; 4], Option<(u16, u16)>);

/// A page of 1240 by 1754 pixels with lines at the given places; `cell` as row and column of the only table.
pub(crate) fn drawn(lines: &[Drawn<'_>]) -> PageRecord {
    let lines = lines.iter().map(|(text, [x0, y0, x1, y1], cell)| TextLine {
        text: (*text).to_owned(),
        area: PixelBox {
            x0: *x0,
            y0: *y0,
            x1: *x1,
            y1: *y1,
        },
        confidence: 1.0,
        role: cell.map_or(LineRole::Body, |(row, column)| LineRole::Cell { table: 0, row, column }),
        ..TextLine::default()
    });
    PageRecord {
        number: 1,
        width: 1240,
        height: 1754,
        dpi: Some(150),
        rotation: 0,
        skew: 0.0,
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

/// A contents list whose cells have up to three lines.
fn contents_list() -> PageRecord {
    // Boxes are higher than the print, as detectors give them; the labels stand in the middle of their rows.
    drawn(&[
        ("卷内目录", [520, 100, 720, 160], None),
        ("序号", [100, 200, 150, 240], Some((0, 0))),
        ("责任者", [330, 200, 405, 240], Some((0, 2))),
        ("题名", [620, 200, 670, 240], Some((0, 3))),
        ("页号", [1060, 200, 1110, 240], Some((0, 5))),
        ("甲一", [110, 285, 160, 325], Some((1, 0))),
        ("某某县某某大", [320, 256, 470, 296], Some((1, 2))),
        ("药房连锁有限", [320, 285, 470, 325], Some((1, 2))),
        ("公司", [320, 314, 370, 354], Some((1, 2))),
        ("某某县某某大药房连锁有限公司公共", [490, 270, 890, 310], Some((1, 3))),
        ("场所卫生许可申请表", [490, 299, 715, 339], Some((1, 3))),
        ("甲二", [1070, 285, 1120, 325], Some((1, 5))),
        ("乙一", [110, 390, 160, 430], Some((2, 0))),
        ("某行审许〔二〇", [175, 375, 305, 415], Some((2, 1))),
        ("二四〕八号", [175, 404, 300, 444], Some((2, 1))),
        ("某某县市场监", [320, 375, 470, 415], Some((2, 2))),
        ("督管理局", [320, 404, 420, 444], Some((2, 2))),
        ("身份证明复印件", [490, 390, 665, 430], Some((2, 3))),
        ("乙二", [1070, 390, 1120, 430], Some((2, 5))),
        ("丙一", [110, 480, 160, 520], Some((3, 0))),
        ("潘某某", [320, 480, 395, 520], Some((3, 2))),
        ("送达回证", [490, 480, 590, 520], Some((3, 3))),
        ("丙二", [1070, 480, 1120, 520], Some((3, 5))),
        ("本卷共五十一页", [100, 560, 275, 600], None),
    ])
}

/// An empty sheet for pages that are [`drawn`].
fn sheet(folder: &Path) -> PathBuf {
    let scan = folder.join("scan.png");
    image::GrayImage::from_pixel(1240, 1754, image::Luma([255]))
        .save(&scan)
        .unwrap();
    scan
}

/// Widths of an em in heights of the letters, of all runs in the content streams of a PDF but those of blanks.
fn stretches(pdf: &Path) -> Vec<f64> {
    let output = Command::new("qpdf")
        .args(["--qdf", "--object-streams=disable"])
        .arg(pdf)
        .arg("-")
        .output()
        .expect("qpdf is installed");
    let file = String::from_utf8_lossy(&output.stdout).into_owned();
    let blank = file.lines().find_map(|line| line.strip_suffix("> <00200020>"));
    let blank = format!("{}>", blank.expect("a code for blanks"));
    let (mut found, mut stretch) = (Vec::new(), 100.0);
    for line in file.lines().filter_map(|line| line.trim().strip_suffix(" Tj")) {
        // A stretch is said when it changes.
        let shown = match line.split_once(" Tz ") {
            Some((value, shown)) => {
                stretch = value.parse::<f64>().unwrap();
                shown
            }
            None => line,
        };
        if shown != blank {
            // The size of the letters cancels out: the font is used at a third of their height.
            found.push(stretch / 100.0 / 3.0);
        }
    }
    found
}

#[test]
fn letters_are_as_wide_as_their_print() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, out) = (sheet(folder.path()), folder.path().join("out.pdf"));
    let page = contents_list();
    searchable(&scan, std::slice::from_ref(&page), &out);
    let (stretches, lines) = (stretches(&out), page.text.lines.len());
    assert!(stretches.len() >= lines, "{} runs of {lines} lines", stretches.len());
    for stretch in stretches {
        assert!((0.5..1.6).contains(&stretch), "{stretch}");
    }
}

#[test]
fn wrapped_cells_are_read_cell_by_cell() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, out) = (sheet(folder.path()), folder.path().join("out.pdf"));
    let page = contents_list();
    for (skew, degrees) in [(0, 0.0), (14, 0.8), (52, 3.0)] {
        // As on pages that are turned by 0.8 and 3.0 degrees.
        let mut page = page.clone();
        for line in &mut page.text.lines {
            let sunk = (line.area.x0 + line.area.x1) / 2 * skew / 1000;
            line.area.y0 += sunk;
            line.area.y1 += sunk;
        }
        page.skew = degrees;
        searchable(&scan, std::slice::from_ref(&page), &out);
        let truth: String = page.text.lines.iter().map(|line| line.text.as_str()).collect();
        for arguments in [&[] as &[&str], &["-raw"]] {
            let read: String = visible(&pdftotext(&out, arguments)).into_iter().collect();
            assert_eq!(read, truth, "pdftotext {arguments:?}, skew {degrees}");
        }
    }
}

pub(crate) fn ocr(arguments: &[&str]) -> std::process::Output {
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

#[test]
fn an_output_that_is_written_like_a_folder_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, out) = (sheet(folder.path()), folder.path().join("new"));
    let written = format!("{}/", out.to_str().unwrap());
    let output = ocr(&[scan.to_str().unwrap(), "-o", &written]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(names(&out), ["scan.txt"]);
}
