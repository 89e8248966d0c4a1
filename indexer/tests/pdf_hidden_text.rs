//! Hidden text of other programs, and of earlier runs: it stays when it says what was read, else ours takes its place.

use std::path::Path;

use juanzong_indexer::decode::ScanFile;
use juanzong_indexer::output::Remark;

use crate::outputs::{pdftotext, searchable, visible};
use crate::support::pdf::{NUMBER, PAINTED, SHEET, SIDE, TITLE, check, made, pdf, read, simple, stream};

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
