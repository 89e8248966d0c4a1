use std::collections::BTreeSet;
use std::io::Cursor;

use juanzong::record::{Alternative, LineRole, PageRecord, PageText, PixelBox, Seal, TextLine, TextSource, TextWord};
use proptest::prelude::*;

use super::pdf::PdfWriter;
use super::*;
use crate::decode::{Failure, FailureCode, ScanFile};

fn line(text: &str, area: [u32; 4], role: LineRole) -> TextLine {
    TextLine {
        text: text.to_owned(),
        area: area.into(),
        confidence: 0.9,
        role,
        ..TextLine::default()
    }
}

fn page(number: u32, lines: Vec<TextLine>) -> PageRecord {
    PageRecord {
        number,
        width: 400,
        height: 500,
        dpi: Some(100),
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.9),
        source: TextSource::Ocr,
        engine: "fake \"engine\" & co".to_owned(),
        text: PageText {
            lines,
            ..PageText::default()
        },
        failure: None,
    }
}

/// A page with everything: a header, words with spaces, characters beyond the BMP and such as XML forbids, a table, a
/// seal.
fn rich_page(number: u32) -> PageRecord {
    let cell = |row, column| LineRole::Cell { table: 0, row, column };
    let mut spaced = line("许可 ABC <12>", [20, 60, 220, 80], LineRole::Body);
    spaced.words = [("许", 20, 40), ("可", 40, 60), ("ABC", 70, 130), ("<12>", 140, 220)]
        .map(|(text, x0, x1)| TextWord {
            text: text.to_owned(),
            area: PixelBox::from([x0, 60, x1, 80]),
            confidence: 0.8,
        })
        .to_vec();
    spaced.alternatives = vec![Alternative {
        at: 1,
        text: "司".to_owned(),
        confidence: 0.2,
    }];
    let mut page = page(
        number,
        vec![
            line("行政许可档案", [20, 10, 220, 30], LineRole::Header),
            spaced,
            line("𠮷祥\u{b}&\u{ffff}“号”", [20, 90, 220, 110], LineRole::Body),
            line("申请人", [20, 120, 100, 140], cell(0, 0)),
            line("灵丘县嘉禾", [120, 120, 220, 140], cell(0, 1)),
            line("餐饮有限公司", [120, 140, 240, 160], cell(0, 1)),
            line("1", [190, 480, 200, 490], LineRole::PageNumber),
        ],
    );
    page.skew = 0.5;
    page.rotation = 90;
    page.text.seals = vec![Seal {
        text: "灵丘县行政审批局".to_owned(),
        area: PixelBox::from([250, 300, 350, 400]),
        confidence: 0.7,
    }];
    page
}

fn written(format: OutputFormat) -> String {
    let mut out = Vec::new();
    {
        let mut writer = text_writer(format, "第\"1\"卷 <a>.tif", &mut out).unwrap();
        writer.page(&rich_page(1), None).unwrap();
        let failure = Failure::new(FailureCode::Truncated, "row 7");
        writer.failed(2, &failure, None).unwrap();
        writer.page(&page(3, Vec::new()), None).unwrap();
        assert!(writer.finish().unwrap().is_empty());
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn text_keeps_the_count_of_pages() {
    let text = written(OutputFormat::Text);
    let pages: Vec<&str> = text.split('\x0c').collect();
    assert_eq!(pages.len(), 3);
    assert!(pages[0].starts_with("行政许可档案\n许可 ABC <12>\n"));
    assert_eq!((pages[1], pages[2]), ("\n", "\n"));
}

#[test]
fn json_has_pages_seals_roles_and_failures() {
    let json: serde_json::Value = serde_json::from_str(&written(OutputFormat::Json)).unwrap();
    assert_eq!(json["file"], "第\"1\"卷 <a>.tif");
    assert_eq!(json["pages"].as_array().unwrap().len(), 2);
    let first = &json["pages"][0];
    assert_eq!(first["rotation"], 90);
    assert_eq!(first["lines"][1]["words"][2]["text"], "ABC");
    assert_eq!(first["lines"][1]["alternatives"][0]["text"], "司");
    assert_eq!(first["lines"][0]["role"], "header");
    assert_eq!(first["lines"][4]["role"]["cell"]["column"], 1);
    assert_eq!(first["seals"][0]["text"], "灵丘县行政审批局");
    assert_eq!(json["failures"][0]["code"], "truncated");
}

fn ids_are_unique(document: &roxmltree::Document<'_>, name: &str) {
    let mut seen = BTreeSet::new();
    for id in document.descendants().filter_map(|node| node.attribute(name)) {
        assert!(seen.insert(id), "{id}");
    }
    assert!(seen.len() > 10);
}

#[test]
fn hocr_is_valid_xml_with_words_as_the_line_spells_them() {
    let html = written(OutputFormat::Hocr);
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(&html, options).unwrap();
    ids_are_unique(&document, "id");
    let of_class = |class: &str| -> Vec<roxmltree::Node<'_, '_>> {
        document
            .descendants()
            .filter(|n| n.attribute("class") == Some(class))
            .collect()
    };
    let title = of_class("ocr_page")[0].attribute("title").unwrap();
    assert_eq!(
        title,
        "image \"第1卷 <a>.tif\"; bbox 0 0 400 500; ppageno 0; scan_res 100 100; x_rotation 90"
    );
    let lines: Vec<String> = of_class("ocr_line")
        .iter()
        .map(|line| {
            line.descendants()
                .filter(roxmltree::Node::is_text)
                .filter_map(|n| n.text())
                .collect()
        })
        .collect();
    assert_eq!(lines[1], "许可 ABC <12>");
    assert_eq!(lines[2], "𠮷祥&“号”");
    let word = of_class("ocrx_word")[2].attribute("title").unwrap();
    assert_eq!(word, "bbox 40 60 60 80; x_wconf 80");
    assert_eq!(of_class("ocr_table").len(), 1);
    assert_eq!(of_class("ocrx_block").len(), 1);
    assert!(html.contains("<!-- page 2: truncated -->"));
}

#[test]
fn alto_is_valid_xml_of_strings_glyphs_and_variants() {
    let xml = written(OutputFormat::Alto);
    let document = roxmltree::Document::parse(&xml).unwrap();
    ids_are_unique(&document, "ID");
    let named = |name: &str| -> Vec<roxmltree::Node<'_, '_>> {
        document
            .descendants()
            .filter(|n| n.has_tag_name(("http://www.loc.gov/standards/alto/ns-v4#", name)))
            .collect()
    };
    let strings: Vec<&str> = named("String").iter().filter_map(|n| n.attribute("CONTENT")).collect();
    assert_eq!(
        strings,
        [
            "行政许可档案",
            "许可",
            "ABC",
            "<12>",
            "𠮷祥",
            "&",
            "“号”",
            "申请人",
            "灵丘县嘉禾",
            "餐饮有限公司",
            "1",
            "灵丘县行政审批局"
        ]
    );
    for string in named("String") {
        let glyphs: String = string
            .children()
            .filter_map(|glyph| glyph.attribute("CONTENT"))
            .collect();
        assert_eq!(Some(glyphs.as_str()), string.attribute("CONTENT"));
    }
    assert_eq!(named("Variant")[0].attribute("CONTENT"), Some("司"));
    assert_eq!(named("Page").len(), 3);
    assert_eq!(named("Page")[1].attribute("QUALITY"), Some("Damaged"));
    assert_eq!(
        named("ComposedBlock")
            .iter()
            .filter(|b| b.attribute("TYPE") == Some("table"))
            .count(),
        1
    );
    // In the order of the schema.
    let top: Vec<&str> = document
        .root_element()
        .children()
        .map(|n| n.tag_name().name())
        .filter(|n| !n.is_empty())
        .collect();
    assert_eq!(top, ["Description", "Layout"]);
}

/// A PNG of one gray pixel for each letter, to have a scan at all.
fn scan_file(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("scan.png");
    image::GrayImage::from_fn(40, 50, |x, y| image::Luma([u8::try_from(x * 3 + y).unwrap()]))
        .save(&path)
        .unwrap();
    path
}

fn pdf_of(pages: &[PageRecord]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = scan_file(folder.path());
    let scan = ScanFile::open(&path).unwrap();
    let mut out = Cursor::new(Vec::new());
    {
        let mut writer = PdfWriter::new(&mut out, std::fs::File::open(&path).unwrap(), "scan.png");
        for page in pages {
            let (original, bytes) = scan.original(1).unwrap();
            writer.page(page, Some(Scan { original, bytes })).unwrap();
        }
        writer.finish().unwrap();
    }
    out.into_inner()
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_same_pages_give_the_same_file_with_the_coded_scan_inside() {
    let folder = tempfile::tempdir().unwrap();
    let png = std::fs::read(scan_file(folder.path())).unwrap();
    let first = pdf_of(&[rich_page(1), page(2, Vec::new())]);
    assert_eq!(first, pdf_of(&[rich_page(1), page(2, Vec::new())]));
    let data_at = memchr::memmem::find(&png, b"IDAT").unwrap();
    let length = u32::from_be_bytes(png[data_at - 4..data_at].try_into().unwrap()) as usize;
    let data = &png[data_at + 4..data_at + 4 + length];
    assert!(
        memchr::memmem::find(&first, data).is_some(),
        "the data of the PNG stand in the PDF bit for bit"
    );
    assert!(memchr::memmem::find(&first, b"<pdfaid:conformance>U</pdfaid:conformance>").is_some());
    let text = pdf_extract::extract_text_from_mem(&first).unwrap();
    assert!(without_blanks(&text).contains("𠮷祥&“号”"), "{text}");
}

#[test]
fn pages_that_cannot_be_read_keep_their_place() {
    let mut out = Cursor::new(Vec::new());
    let folder = tempfile::tempdir().unwrap();
    let path = scan_file(folder.path());
    {
        let mut writer = PdfWriter::new(&mut out, std::fs::File::open(&path).unwrap(), "scan.png");
        let failure = Failure::new(FailureCode::DamagedImage, "");
        writer.failed(1, &failure, None).unwrap();
        writer
            .page(&page(2, vec![line("第二页", [10, 10, 70, 30], LineRole::Body)]), None)
            .unwrap();
        writer.finish().unwrap();
    }
    let pdf = pdf_extract::Document::load_mem(&out.into_inner()).unwrap();
    assert_eq!(pdf.get_pages().len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_text_comes_back_from_the_pdf(
        texts in proptest::collection::vec("[\u{4e00}-\u{9fff}A-Za-z0-9（）〔〕：、。\u{20000}-\u{20010} ]{1,12}", 1..8),
        skew in -3.0_f32..3.0,
        rotation in proptest::sample::select(vec![0_u32, 90, 180, 270]),
    ) {
        let lines = texts.iter().zip(0_u32..).map(|(text, at)| {
            line(text, [20, 20 + at * 40, 380, 45 + at * 40], LineRole::Body)
        });
        let mut page = page(1, lines.collect());
        page.skew = skew;
        page.rotation = rotation;
        let text = pdf_extract::extract_text_from_mem(&pdf_of(&[page])).unwrap();
        prop_assert_eq!(without_blanks(&text), without_blanks(&texts.concat()));
    }
}
