//! PDF files of all kinds as originals of searchable PDFs: what was there stays, and the text lies where its print is.

use juanzong_indexer::decode::{FailureCode, ScanFile};

use crate::outputs::{drawn, ocr, pdftotext, searchable, visible};
use crate::support::pdf::{
    NUMBER, OWN_RESOURCES, PAINTED, SHEET, SIDE, TITLE, check, contains, jpeg, made, middle, pdf, qpdf, read, simple,
    stream,
};

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
