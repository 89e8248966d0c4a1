//! PDF files made in code around one scan, and the searchable PDFs of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ExtendedColorType, GrayImage, Luma, codecs::jpeg::JpegEncoder};
use juanzong::record::PageRecord;
use juanzong_indexer::decode::ScanFile;
use juanzong_indexer::output::Remark;

use super::broken::pdf_of_bytes;
use crate::outputs::{drawn, pdftotext, searchable, visible};

pub(crate) const SIDE: (u32, u32) = (600, 800);
pub(crate) const TITLE: &str = "准予行政许可决定书";
pub(crate) const NUMBER: &str = "某行审许〔2019〕23号";
/// A page of [`SIDE`] in points of 72 to the inch at 150 dpi.
pub(crate) const SHEET: &str = "/MediaBox [0 0 288 384]";
pub(crate) const PAINTED: &str = "q 288 0 0 384 0 0 cm /I Do Q";
pub(crate) const OWN_RESOURCES: &str = "/Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >>";

/// A scan: a black bar where each of the two lines stands.
pub(crate) fn jpeg() -> Vec<u8> {
    let bars = [(150..450, 80..110), (60..300, 200..226)];
    let picture = GrayImage::from_fn(SIDE.0, SIDE.1, |x, y| {
        let black = bars.iter().any(|(xs, ys)| xs.contains(&x) && ys.contains(&y));
        Luma([if black { 20 } else { 240 }])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode(&picture, SIDE.0, SIDE.1, ExtendedColorType::L8)
        .unwrap();
    bytes
}

pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

pub(crate) fn picture() -> Vec<u8> {
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
        SIDE.0, SIDE.1
    );
    stream(&entries, &jpeg())
}

/// One page with the picture `/I` and the font `/F`; further objects are numbered from 7. `node` is of the page tree and
/// may name further pages.
pub(crate) fn pdf(catalogue: &str, node: &str, page: &str, content: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let kids = if node.contains("/Kids") {
        ""
    } else {
        "/Kids [3 0 R] /Count 1"
    };
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>").into_bytes(),
        format!("<< /Type /Pages {kids} {node} >>").into_bytes(),
        format!("<< /Type /Page /Parent 2 0 R {page} /Contents 4 0 R >>").into_bytes(),
        stream("", content.as_bytes()),
        picture(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    objects.extend_from_slice(more);
    pdf_of_bytes(&objects, "/Info << /Title (A) >>")
}

pub(crate) fn simple(content: &str) -> Vec<u8> {
    pdf("", "", &format!("{SHEET} {OWN_RESOURCES}"), content, &[])
}

/// The two lines as they would be read from a page of this size, whose picture is turned clockwise by `turned`.
pub(crate) fn read(size: (u32, u32), turned: u32) -> PageRecord {
    let mut page = drawn(&[(TITLE, [150, 80, 450, 110], None), (NUMBER, [60, 200, 300, 226], None)]);
    (page.width, page.height) = if turned % 180 == 90 { (size.1, size.0) } else { size };
    page.rotation = (360 - turned) % 360;
    let (x, y) = (
        f64::from(page.width) / f64::from(SIDE.0),
        f64::from(page.height) / f64::from(SIDE.1),
    );
    for line in &mut page.text.lines {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // pixels
        let scaled = |side: u32, factor: f64| (f64::from(side) * factor).round() as u32;
        let area = line.area;
        line.area.x0 = scaled(area.x0, x);
        line.area.x1 = scaled(area.x1, x);
        line.area.y0 = scaled(area.y0, y);
        line.area.y1 = scaled(area.y1, y);
    }
    page
}

pub(crate) struct Made {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) rebuilt: bool,
}

impl Made {
    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out.pdf")
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.out()).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        visible(&pdftotext(&self.out(), &["-raw"])).into_iter().collect()
    }
}

/// The searchable PDF of a file, written anew before where that is needed.
pub(crate) fn made(name: &str, file: &[u8], turned: u32) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let mut scan = folder.path().join("scan.pdf");
    std::fs::write(&scan, file).unwrap();
    let opened = ScanFile::open(&scan).unwrap_or_else(|e| panic!("{name}: {e}"));
    let page = opened.page(1).unwrap_or_else(|e| panic!("{name}: {e}"));
    let record = read((page.image.width(), page.image.height()), turned);
    let mut copy = Vec::new();
    let rebuilt = opened.rebuild(&mut copy).unwrap();
    if rebuilt {
        scan = folder.path().join("rebuilt.pdf");
        std::fs::write(&scan, copy).unwrap();
        check(name, &scan);
    }
    let remarks = searchable(&scan, &[record], &folder.path().join("out.pdf"));
    let made = Made {
        folder,
        remarks,
        rebuilt,
    };
    check(name, &made.out());
    made
}

pub(crate) fn check(name: &str, pdf: &Path) {
    let check = Command::new("qpdf").arg("--check").arg(pdf).output().unwrap();
    let said = String::from_utf8_lossy(&[check.stdout, check.stderr].concat()).into_owned();
    assert!(check.status.success(), "{name}: {said}");
}

pub(crate) fn contains(file: &[u8], piece: &[u8]) -> bool {
    memchr::memmem::find(file, piece).is_some()
}

/// Runs qpdf on a file.
pub(crate) fn qpdf(file: &[u8], arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from.pdf"), folder.path().join("to.pdf"));
    std::fs::write(&from, file).unwrap();
    let output = Command::new("qpdf")
        .arg(&from)
        .args(arguments)
        .arg(&to)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(to).unwrap()
}

/// The middle of the letters of a word of the page, as shares of its width and height (y downwards), as poppler has it.
pub(crate) fn middle(pdf: &Path, word: &str) -> (f64, f64) {
    let boxes = pdftotext(pdf, &["-bbox", "-cropbox"]);
    let number = |line: &str, name: &str| -> f64 {
        let rest = line.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let page = boxes.lines().find(|line| line.contains("<page ")).unwrap();
    // Its size before it is turned.
    let (width, height) = (number(page, "width"), number(page, "height"));
    let (width, height) = (width.min(height), width.max(height));
    let line = boxes
        .lines()
        .find(|line| line.contains(word))
        .unwrap_or_else(|| panic!("{boxes}"));
    (
        (number(line, "xMin") + number(line, "xMax")) / 2.0 / width,
        (number(line, "yMin") + number(line, "yMax")) / 2.0 / height,
    )
}
