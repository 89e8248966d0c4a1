//! PDF files of all kinds as originals of searchable PDFs: what was there stays, and the text lies where its print is.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ExtendedColorType, GrayImage, Luma, codecs::jpeg::JpegEncoder};
use juanzong::record::PageRecord;
use juanzong_indexer::decode::{FailureCode, ScanFile};
use juanzong_indexer::output::Remark;

use crate::outputs::{drawn, ocr, pdftotext, searchable, visible};
use crate::support::broken::pdf_of_bytes;

const SIDE: (u32, u32) = (600, 800);
const TITLE: &str = "准予行政许可决定书";
const NUMBER: &str = "某行审许〔2019〕23号";
/// A page of [`SIDE`] in points of 72 to the inch at 150 dpi.
const SHEET: &str = "/MediaBox [0 0 288 384]";
const PAINTED: &str = "q 288 0 0 384 0 0 cm /I Do Q";
const OWN_RESOURCES: &str = "/Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >>";

/// A scan: a black bar where each of the two lines stands.
fn jpeg() -> Vec<u8> {
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

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

fn picture() -> Vec<u8> {
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
        SIDE.0, SIDE.1
    );
    stream(&entries, &jpeg())
}

/// One page with the picture `/I` and the font `/F`; further objects are numbered from 7. `node` is of the page tree and
/// may name further pages.
fn pdf(catalogue: &str, node: &str, page: &str, content: &str, more: &[Vec<u8>]) -> Vec<u8> {
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

fn simple(content: &str) -> Vec<u8> {
    pdf("", "", &format!("{SHEET} {OWN_RESOURCES}"), content, &[])
}

/// The two lines as they would be read from a page of this size, whose picture is turned clockwise by `turned`.
fn read(size: (u32, u32), turned: u32) -> PageRecord {
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

struct Made {
    folder: tempfile::TempDir,
    remarks: Vec<Remark>,
    rebuilt: bool,
}

impl Made {
    fn out(&self) -> PathBuf {
        self.folder.path().join("out.pdf")
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.out()).unwrap()
    }

    fn text(&self) -> String {
        visible(&pdftotext(&self.out(), &["-raw"])).into_iter().collect()
    }
}

/// The searchable PDF of a file, written anew before where that is needed.
fn made(name: &str, file: &[u8], turned: u32) -> Made {
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

fn check(name: &str, pdf: &Path) {
    let check = Command::new("qpdf").arg("--check").arg(pdf).output().unwrap();
    let said = String::from_utf8_lossy(&[check.stdout, check.stderr].concat()).into_owned();
    assert!(check.status.success(), "{name}: {said}");
}

fn contains(file: &[u8], piece: &[u8]) -> bool {
    memchr::memmem::find(file, piece).is_some()
}

/// Runs qpdf on a file.
fn qpdf(file: &[u8], arguments: &[&str]) -> Vec<u8> {
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
fn middle(pdf: &Path, word: &str) -> (f64, f64) {
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

#[test]
fn the_text_lies_over_its_print_whatever_the_page_is() {
    let own = OWN_RESOURCES;
    let page = |entries: &str| format!("{entries} {own}");
    let cases: Vec<(&str, Vec<u8>, u32)> = vec![
        ("plain", simple(PAINTED), 0),
        ("inherited", pdf("", &format!("{SHEET} {own}"), "", PAINTED, &[]), 0),
        (
            "turned and read turned back",
            pdf("", "", &page(&format!("{SHEET} /Rotate 90")), PAINTED, &[]),
            90,
        ),
        (
            "turned by -90",
            pdf("", "", &page(&format!("{SHEET} /Rotate -90")), PAINTED, &[]),
            270,
        ),
        (
            "turned by 180 above",
            pdf("", "/Rotate 180", &page(SHEET), PAINTED, &[]),
            180,
        ),
        (
            "shown upright by its entry",
            pdf(
                "",
                "",
                &page("/MediaBox [0 0 384 288] /Rotate 90"),
                "q 0 288 -384 0 384 0 cm /I Do Q",
                &[],
            ),
            0,
        ),
        (
            "cut out",
            pdf(
                "",
                "",
                &page("/MediaBox [-70 -50 400 500] /CropBox [0 0 288 384]"),
                PAINTED,
                &[],
            ),
            0,
        ),
        (
            "away from the origin",
            pdf(
                "",
                "",
                &page("/MediaBox [-200 300 88 684]"),
                "q 288 0 0 384 -200 300 cm /I Do Q",
                &[],
            ),
            0,
        ),
        (
            "in units of two points",
            pdf(
                "",
                "",
                &page("/MediaBox [0 0 144 192] /UserUnit 2"),
                "q 144 0 0 192 0 0 cm /I Do Q",
                &[],
            ),
            0,
        ),
        (
            "states left open",
            simple("q 0.5 0 0 0.5 9 9 cm q 576 0 0 768 -18 -18 cm q /I Do"),
            0,
        ),
        ("states closed too often", simple("Q 288 0 0 384 0 0 cm Q Q /I Do Q"), 0),
        (
            "upside down",
            simple("1 0 0 -1 0 384 cm q 288 0 0 -384 0 384 cm /I Do Q"),
            0,
        ),
        (
            "text left open",
            simple(&format!("{PAINTED} BT /F 9 Tf 40 Tz 5 Ts 3 Tc")),
            0,
        ),
    ];
    for (name, file, turned) in cases {
        let made = made(name, &file, turned);
        assert!(!made.rebuilt && made.remarks.is_empty(), "{name}: {:?}", made.remarks);
        assert!(made.bytes().starts_with(&file), "{name}: the original stays as it is");
        assert_eq!(made.text(), format!("{TITLE}{NUMBER}"), "{name}");
        for (word, x, y) in [
            (TITLE, 300.0 / 600.0, 95.0 / 800.0),
            (NUMBER, 180.0 / 600.0, 213.0 / 800.0),
        ] {
            let (own_x, own_y) = middle(&made.out(), word);
            assert!(
                (own_x - x).abs() < 0.01 && (own_y - y).abs() < 0.02,
                "{name}, {word}: {own_x} {own_y} instead of {x} {y}"
            );
        }
    }
}

#[test]
fn files_that_can_be_added_to_keep_every_byte() {
    let plain = simple(PAINTED);
    let without_marker = |file: &[u8]| file.strip_suffix(b"%%EOF\n").unwrap().to_vec();
    let packed = qpdf(&plain, &["--object-streams=generate"]);
    let cases = [
        ("object streams", packed.clone()),
        ("linearised", qpdf(&plain, &["--linearize"])),
        (
            "linearised with object streams",
            qpdf(&plain, &["--linearize", "--object-streams=generate"]),
        ),
        ("an update before", made("before", &plain, 0).bytes()),
        ("bytes behind the end", [plain.as_slice(), &[0; 3_000]].concat()),
        (
            "many bytes behind the end",
            [plain.as_slice(), &b"no PDF ".repeat(20_000)].concat(),
        ),
        ("no end marker", without_marker(&plain)),
        ("no end marker, object streams", without_marker(&packed)),
    ];
    for (name, file) in cases {
        let made = made(name, &file, 0);
        assert!(!made.rebuilt, "{name}");
        assert!(made.bytes().starts_with(&file), "{name}");
        assert_eq!(made.text(), format!("{TITLE}{NUMBER}"), "{name}");
    }
}

/// Bookmarks, a note, a signed form field, a layer.
fn with_things() -> Vec<u8> {
    pdf(
        "/Outlines 9 0 R /AcroForm << /Fields [8 0 R] /SigFlags 3 >> \
         /OCProperties << /OCGs [11 0 R] /D << /Order [11 0 R] >> >>",
        "",
        &format!("{SHEET} {OWN_RESOURCES} /Annots [7 0 R 8 0 R]"),
        PAINTED,
        &[
            b"<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (A remark) >>".to_vec(),
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /Rect [50 50 99 99] /P 3 0 R /V << /Type /Sig \
              /Filter /Adobe.PPKLite /ByteRange [0 100 200 300] /Contents <00112233> >> >>"
                .to_vec(),
            b"<< /Type /Outlines /First 10 0 R /Last 10 0 R /Count 1 >>".to_vec(),
            b"<< /Title (Chapter) /Parent 9 0 R /Dest [3 0 R /Fit] >>".to_vec(),
            b"<< /Type /OCG /Name (Layer) >>".to_vec(),
        ],
    )
}

#[test]
fn encrypted_and_damaged_files_are_written_anew_around_their_pictures() {
    let file = with_things();
    let at = memchr::memmem::find(&file, b"\nxref\n").unwrap();
    let encrypted = |arguments: &[&str]| qpdf(&file, arguments);
    let head = b"%PDF-1.5\n";
    let more = b"%PDF-1.5\n% bytes that the cross-references do not count\n";
    let shifted = |file: &[u8]| [more.as_slice(), &file[head.len()..]].concat();
    let cases = [
        (
            "RC4, 40 bits",
            encrypted(&["--allow-weak-crypto", "--encrypt", "", "o", "40", "--"]),
        ),
        (
            "RC4, 128 bits",
            encrypted(&["--allow-weak-crypto", "--encrypt", "", "o", "128", "--"]),
        ),
        (
            "AES, 128 bits",
            encrypted(&["--encrypt", "", "o", "128", "--use-aes=y", "--"]),
        ),
        (
            "AES, metadata open",
            encrypted(&["--encrypt", "", "o", "128", "--use-aes=y", "--cleartext-metadata", "--"]),
        ),
        ("AES, 256 bits", encrypted(&["--encrypt", "", "o", "256", "--"])),
        (
            "AES and object streams",
            encrypted(&["--object-streams=generate", "--encrypt", "", "o", "256", "--"]),
        ),
        ("no cross-references", [&file[..at], b"\n%%EOF\n"].concat()),
        ("wrong place of the cross-references", {
            let place = memchr::memmem::rfind(&file, b"startxref\n").unwrap() + 10;
            [&file[..place], b"9", &file[place..]].concat()
        }),
        ("wrong places of objects", {
            let mut shifted = shifted(&file);
            let by = more.len() - head.len();
            let place = memchr::memmem::rfind(&shifted, b"startxref\n").unwrap() + 10;
            shifted.truncate(place);
            shifted.extend_from_slice(format!("{}\n%%EOF\n", at + 1 + by).as_bytes());
            shifted
        }),
        (
            "wrong places in a cross-reference stream",
            shifted(&qpdf(&file, &["--object-streams=generate"])),
        ),
        (
            "other bytes in front",
            [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &file].concat(),
        ),
    ];
    for (name, file) in cases {
        let made = made(name, &file, 0);
        assert!(made.rebuilt, "{name}");
        assert_eq!(made.remarks, [], "{name}");
        assert_eq!(made.text(), format!("{TITLE}{NUMBER}"), "{name}");
        let bytes = made.bytes();
        assert!(contains(&bytes, &jpeg()), "{name}: the picture keeps its bytes");
        assert!(!contains(&bytes, b"/Encrypt"), "{name}");
        let open = String::from_utf8_lossy(&qpdf(&bytes, &["--qdf", "--object-streams=disable"])).into_owned();
        for thing in ["(A remark)", "(Signature)", "(Chapter)", "(Layer)", "/SigFlags 3"] {
            assert!(open.contains(thing), "{name}: {thing} is lost");
        }
    }
}

#[test]
fn files_that_cannot_be_trusted_to_be_whole_are_named() {
    let plain = simple(PAINTED);
    let linearised = qpdf(&plain, &["--linearize"]);
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("scan.pdf");
    for (name, file, code) in [
        ("cut", plain[..plain.len() - 400].to_vec(), FailureCode::Truncated),
        // The cross-references of the first page stand in front, with an end marker.
        (
            "linearised and cut",
            linearised[..linearised.len() - 300].to_vec(),
            FailureCode::Truncated,
        ),
        (
            "a cut update",
            [plain.as_slice(), b"9 0 obj\n<< /A 1 >>\nendob"].concat(),
            FailureCode::Truncated,
        ),
        (
            "a password",
            qpdf(&plain, &["--encrypt", "secret", "o", "256", "--"]),
            FailureCode::PasswordProtected,
        ),
    ] {
        std::fs::write(&scan, file).unwrap();
        let failure = ScanFile::open(&scan)
            .err()
            .unwrap_or_else(|| panic!("{name} is not named"));
        assert_eq!(failure.code, code, "{name}");
    }
}

/// Lines as another program may have hidden them, wrong.
const WRONG: &str =
    "BT /F 9 Tf 3 Tr 60 330 Td (An0ther reading) Tj 0 -60 Td (0f nothing on this page) Tj T* (at all) ' ET";

#[test]
fn hidden_text_that_is_wrong_is_taken_out() {
    let visible = WRONG.replace(" 3 Tr", "");
    let form = |content: &str| {
        let entries = "/Type /XObject /Subtype /Form /BBox [0 0 288 384] /Resources << /Font << /F 6 0 R >> >>";
        stream(entries, content.as_bytes())
    };
    let with_form = format!("{SHEET} /Resources << /XObject << /I 5 0 R /T 7 0 R >> >>");
    let forms = pdf("", "", &with_form, &format!("{PAINTED} /T Do"), &[form(WRONG)]);
    let cases = [
        ("over the picture", simple(&format!("{PAINTED}\n{WRONG}"))),
        ("before the picture", simple(&format!("q {WRONG} Q\n{PAINTED}"))),
        ("covered by the picture", simple(&format!("{visible}\n{PAINTED}"))),
        ("in a form", forms),
        (
            "in an array",
            simple(&format!(
                "{PAINTED} BT /F 9 Tf 3 Tr 60 300 Td [(Wrong) -200 (letters)] TJ 2 1 (more) \" ET"
            )),
        ),
    ];
    for (name, file) in cases {
        let made = made(name, &file, 0);
        assert_eq!(made.remarks, [Remark::ReplacedTextLayer], "{name}");
        assert!(made.bytes().starts_with(&file), "{name}");
        assert_eq!(made.text(), format!("{TITLE}{NUMBER}"), "{name}");
        // The picture is painted as before.
        let folder = tempfile::tempdir().unwrap();
        let before = folder.path().join("before.pdf");
        std::fs::write(&before, &file).unwrap();
        let image = |pdf: &Path| ScanFile::open(pdf).unwrap().page(1).unwrap().image;
        assert!(image(&before) == image(&made.out()), "{name}: the page looks as before");
        // And now it has its text.
        let again = folder.path().join("again.pdf");
        let page = image(&made.out());
        let remarks = searchable(&made.out(), &[read((page.width(), page.height()), 0)], &again);
        assert_eq!(remarks, [Remark::KeptTextLayer], "{name}");
        assert_eq!(std::fs::read(again).unwrap(), made.bytes(), "{name}");
    }
}

#[test]
fn text_under_a_picture_that_lets_it_through_is_seen() {
    let seen = "BT /F 12 Tf 100 200 Td (seen through) Tj ET";
    let hidden = "BT /F 9 Tf 3 Tr 60 300 Td (Hidden and wrong) Tj ET";
    let faint = format!(
        "{SHEET} /Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> /ExtGState << /G << /ca 0.3 >> >> >>"
    );
    let file = pdf("", "", &faint, &format!("{seen} q /G gs {PAINTED} Q {hidden}"), &[]);
    let made = made("faint", &file, 0);
    assert_eq!(made.remarks, [Remark::ReplacedTextLayer]);
    assert_eq!(made.text(), format!("{TITLE}{NUMBER}seenthrough"));
}

#[test]
fn our_own_text_of_an_earlier_run_is_replaced_when_it_differs() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, first, second) = (
        folder.path().join("scan.pdf"),
        folder.path().join("first.pdf"),
        folder.path().join("second.pdf"),
    );
    std::fs::write(&scan, simple(PAINTED)).unwrap();
    let mut record = read(SIDE, 0);
    record.text.lines[0].text = "淮子行攻许叮夬定节".to_owned();
    assert_eq!(searchable(&scan, &[record], &first), []);
    assert_eq!(
        searchable(&first, &[read(SIDE, 0)], &second),
        [Remark::ReplacedTextLayer]
    );
    check("again", &second);
    let text: String = visible(&pdftotext(&second, &["-raw"])).into_iter().collect();
    assert_eq!(text, format!("{TITLE}{NUMBER}"));
}

#[test]
fn hidden_text_stays_beside_ours_where_taking_it_out_would_move_what_is_seen() {
    let mixed = format!("{PAINTED} BT /F 9 Tf 3 Tr 60 300 Td (Hidden and wrong) Tj 0 Tr (seen) Tj ET");
    let once = made("mixed", &simple(&mixed), 0);
    assert_eq!(once.remarks, [Remark::DoubtfulTextLayer]);
    assert_eq!(once.text(), format!("{TITLE}{NUMBER}Hiddenandwrongseen"));
    let twice = made("mixed again", &once.bytes(), 0);
    assert_eq!(twice.remarks, [Remark::DoubtfulTextLayer]);
    assert_eq!(twice.bytes(), once.bytes(), "but ours no second time");
}

#[test]
fn letters_that_a_program_printed_on_a_scan_are_not_doubled() {
    let stamped = format!("{PAINTED} BT /F 12 Tf 100 20 Td (No. 1234567890) Tj ET");
    let folder = tempfile::tempdir().unwrap();
    let (scan, out) = (folder.path().join("scan.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&scan, simple(&stamped)).unwrap();
    let mut record = read(SIDE, 0);
    let mut line = record.text.lines[0].clone();
    line.text = "No.1234567890".to_owned();
    line.area = juanzong::record::PixelBox::from([205, 735, 385, 762]);
    record.text.lines.push(line);
    assert_eq!(searchable(&scan, &[record], &out), []);
    let text: String = visible(&pdftotext(&out, &["-raw"])).into_iter().collect();
    assert_eq!(text, format!("{TITLE}{NUMBER}No.1234567890"));
}

#[test]
fn of_a_mixed_file_only_the_scans_get_text() {
    let text = "BT /F 14 Tf 30 300 Td (Licence of the county of nowhere) Tj 0 -40 Td (No. 77 of 2019) Tj ET";
    let born_digital = format!("<< /Type /Page /Parent 2 0 R {SHEET} {OWN_RESOURCES} /Contents 8 0 R >>");
    let file = pdf(
        "",
        "/Kids [3 0 R 7 0 R] /Count 2",
        &format!("{SHEET} {OWN_RESOURCES}"),
        PAINTED,
        &[born_digital.into_bytes(), stream("", text.as_bytes())],
    );
    let folder = tempfile::tempdir().unwrap();
    let (scan, out) = (folder.path().join("scan.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&scan, file).unwrap();
    let opened = ScanFile::open(&scan).unwrap();
    assert_eq!(opened.pages(), 2);
    assert!(opened.page(2).unwrap().text_layer.is_some());
    let mut second = drawn(&[]);
    second.number = 2;
    second.source = juanzong::record::TextSource::TextLayer;
    assert_eq!(searchable(&scan, &[read(SIDE, 0), second], &out), []);
    check("mixed", &out);
    let pages = |number: &str| -> String {
        let text = pdftotext(&out, &["-raw", "-f", number, "-l", number]);
        visible(&text).into_iter().collect()
    };
    assert_eq!(pages("1"), format!("{TITLE}{NUMBER}"));
    assert_eq!(pages("2"), "LicenceofthecountyofnowhereNo.77of2019");
}

#[test]
fn the_command_opens_what_needs_no_password_and_names_what_does() {
    let folder = tempfile::tempdir().unwrap();
    let (scans, out) = (folder.path().join("scans"), folder.path().join("out"));
    std::fs::create_dir_all(&scans).unwrap();
    let blank = pdf("", "", &format!("{SHEET} {OWN_RESOURCES}"), PAINTED, &[]);
    std::fs::write(
        scans.join("open.pdf"),
        qpdf(&blank, &["--encrypt", "", "o", "256", "--"]),
    )
    .unwrap();
    std::fs::write(
        scans.join("closed.pdf"),
        qpdf(&blank, &["--encrypt", "u", "o", "256", "--"]),
    )
    .unwrap();
    let output = ocr(&[scans.to_str().unwrap(), "-o", out.to_str().unwrap(), "--format", "pdf"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("closed.pdf") && said.contains("password_protected"),
        "{said}"
    );
    assert!(said.contains("open.pdf") && said.contains("已重写文件结构"), "{said}");
    let made: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(made, ["open.pdf"], "and nothing that was needed meanwhile");
    let bytes = std::fs::read(out.join("open.pdf")).unwrap();
    assert!(contains(&bytes, &jpeg()) && !contains(&bytes, b"/Encrypt"));
}
