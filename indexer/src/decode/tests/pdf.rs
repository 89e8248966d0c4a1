use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};

use super::{LOWER_RIGHT, UPPER_LEFT, UPPER_RIGHT, corner, dark_quarters, open, page};
use crate::decode::FailureCode;

/// A PDF of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let xref = file.len();
    let size = objects.len() + 1;
    file.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n");
    file.extend_from_slice(end.as_bytes());
    file
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes)
        .encode(&corner(width, height), width, height, ExtendedColorType::L8)
        .unwrap();
    bytes
}

/// One page with this content, a JPEG picture `/I` and the font `/F` (Helvetica).
fn one_page(page: &str, content: &str, picture: (u32, u32)) -> Vec<u8> {
    let image = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /DCTDecode",
        picture.0, picture.1
    );
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R {page} /Contents 4 0 R \
             /Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >> >>"
        )
        .into_bytes(),
        stream("", content.as_bytes()),
        stream(&image, &jpeg(picture.0, picture.1)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ])
}

/// A4 at 200 dpi.
const SCAN: (u32, u32) = (1654, 2339);
const SCAN_CONTENT: &str = "q 595.44 0 0 842.04 0 0 cm /I Do Q";
const SCAN_PAGE: &str = "/MediaBox [0 0 595.44 842.04]";

#[test]
fn a_scan_is_drawn_pixel_by_pixel() {
    let page = page(&one_page(SCAN_PAGE, SCAN_CONTENT, SCAN), 1);
    assert_eq!((page.image.width(), page.image.height()), SCAN);
    assert_eq!(page.dpi, Some(200));
    assert!(page.text_layer.is_none());
    assert_eq!(dark_quarters(&page.image), UPPER_LEFT);
}

#[test]
fn the_page_is_turned_as_the_file_says() {
    for (turn, quarters, size) in [
        (90, UPPER_RIGHT, (SCAN.1, SCAN.0)),
        (180, LOWER_RIGHT, SCAN),
        (270, [false, false, true, false], (SCAN.1, SCAN.0)),
    ] {
        let page = page(&one_page(&format!("{SCAN_PAGE} /Rotate {turn}"), SCAN_CONTENT, SCAN), 1);
        assert_eq!((page.image.width(), page.image.height()), size, "{turn}");
        assert_eq!(dark_quarters(&page.image), quarters, "{turn}");
    }
}

#[test]
fn resolutions_are_kept_within_reason() {
    // One point a pixel: the size on paper is not to be believed, the pixels are.
    let content = format!("q {} 0 0 {} 0 0 cm /I Do Q", SCAN.0, SCAN.1);
    let points = page(
        &one_page(&format!("/MediaBox [0 0 {} {}]", SCAN.0, SCAN.1), &content, SCAN),
        1,
    );
    assert_eq!(
        (points.image.width(), points.image.height(), points.dpi),
        (SCAN.0, SCAN.1, None)
    );
    // 100 dpi is brought to 200, 1200 to 600.
    let low = page(&one_page(SCAN_PAGE, SCAN_CONTENT, (827, 1170)), 1);
    assert_eq!(low.dpi, Some(200));
    let high = page(
        &one_page("/MediaBox [0 0 72 72]", "q 72 0 0 72 0 0 cm /I Do Q", (1200, 1200)),
        1,
    );
    assert_eq!((high.image.width(), high.dpi), (600, Some(600)));
}

#[test]
fn the_text_layer_of_a_text_page_has_boxes() {
    let content = "BT /F 24 Tf 72 720 Td (Licence No. 2019-444) Tj ET";
    let page = page(&one_page("/MediaBox [0 0 612 792]", content, (8, 8)), 1);
    assert_eq!(
        (page.image.width(), page.image.height(), page.dpi),
        (1700, 2200, Some(200))
    );
    let glyphs = page.text_layer.unwrap();
    let text: String = glyphs.iter().map(|g| g.text.as_str()).collect();
    assert_eq!(text, "Licence No. 2019-444");
    // 72 points are one inch from the left; the baseline is one inch from the top.
    let first = glyphs[0].area;
    assert!((195..=205).contains(&first.x0), "{first:?}");
    assert!(
        first.y0 > 130 && first.y0 < 150 && first.y1 > 200 && first.y1 < 215,
        "{first:?}"
    );
    // The letters lie on the ink that was drawn.
    let crate::decode::PageImage::Gray(image) = page.image else {
        panic!("black on white is gray")
    };
    let ink = |area: juanzong::record::PixelBox| {
        (area.y0..area.y1).any(|y| (area.x0..area.x1).any(|x| image.get_pixel(x, y).0[0] < 128))
    };
    assert!(glyphs.iter().filter(|g| !g.text.trim().is_empty()).all(|g| ink(g.area)));
}

#[test]
fn text_over_or_under_a_scan_is_not_taken() {
    let hidden = format!("{SCAN_CONTENT} BT 3 Tr /F 12 Tf 72 700 Td (what some other program read) Tj ET");
    let stamped = format!("{SCAN_CONTENT} BT /F 12 Tf 72 700 Td (Page 1 of 1, archive copy) Tj ET");
    for content in [hidden, stamped] {
        let page = page(&one_page(SCAN_PAGE, &content, SCAN), 1);
        assert!(page.text_layer.is_none());
        assert_eq!((page.image.width(), page.image.height()), SCAN);
    }
}

#[test]
fn a_form_that_draws_itself_ends() {
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X 5 0 R >> \
                /Font << /F 6 0 R >> >>";
    let file = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> \
          >> >>"
            .to_vec(),
        stream("", b"/X Do"),
        stream(form, b"BT /F 12 Tf 10 10 Td (over and over) Tj ET /X Do"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ]);
    // The renderer goes 50 deep, which takes more stack than a test has; the reading process has enough.
    let reading = std::thread::Builder::new().stack_size(64 << 20);
    let page = reading.spawn(move || page(&file, 1)).unwrap().join().unwrap();
    assert!(page.text_layer.is_none());
}

#[test]
fn a_missing_page_keeps_its_number() {
    let file = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 9 0 R 4 0 R] /Count 3 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 600] >>".to_vec(),
    ]);
    let file = open(&file).unwrap();
    assert_eq!(file.pages(), 3);
    assert_eq!(file.page(1).unwrap().image.height(), 1250);
    assert_eq!(file.page(2).unwrap_err().code, FailureCode::PageMissing);
    assert_eq!(file.page(3).unwrap().image.height(), 2500);
}

#[test]
fn a_node_shared_by_two_branches_is_no_cycle() {
    let file = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>".to_vec(),
        b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 300 300] >>".to_vec(),
    ]);
    assert_eq!(open(&file).unwrap().pages(), 1);
}

#[test]
fn a_header_after_other_bytes_is_found() {
    let mut file = b"junk before the file\n".to_vec();
    file.extend(one_page(SCAN_PAGE, SCAN_CONTENT, SCAN));
    assert_eq!(dark_quarters(&page(&file, 1).image), UPPER_LEFT);
}
