//! Layout of generated scans with a perfect recogniser: what the page says, in any order, comes back in reading order.

use image::GrayImage;
use juanzong::record::{DocumentKind, LineRole, PixelBox};
use juanzong_indexer::decode::{PageImage, ScanFile};
use juanzong_indexer::layout::{Rules, assemble, rules};
use juanzong_indexer::ocr::{RawLine, RawSymbol, RawWord};
use juanzong_indexer::prepare::Transform;
use juanzong_indexer::sample::truth::{CaseTruth, PageTruth};
use juanzong_indexer::sample::{Format, Level, SampleOptions, generate};

/// Padding of detected boxes, in line heights.
const PADDING: f64 = 0.2;

/// A page set straight: its rules and its true lines.
struct Straight {
    rules: Rules,
    boxes: Vec<PixelBox>,
    to_page: Transform,
}

fn straight(image: &GrayImage, page: &PageTruth) -> Straight {
    let (to_page, canvas) = Transform::straight_to_page(page.degradations.skew, image.dimensions());
    let from_page = to_page.inverse().unwrap();
    let boxes = page.lines.iter().map(|line| {
        let [a, b, c, d] = line.quad.map(|[x, y]| from_page.apply((f64::from(x), f64::from(y))));
        let (top, bottom) = (f64::midpoint(a.1, b.1), f64::midpoint(c.1, d.1));
        let padding = (bottom - top) * PADDING;
        let edges = [
            f64::midpoint(a.0, d.0) - padding,
            top - padding,
            f64::midpoint(b.0, c.0) + padding,
            bottom + padding,
        ];
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // on the page
        PixelBox::from(edges.map(|edge| edge.max(0.0).round() as u32))
    });
    Straight {
        rules: rules::of_page(image, to_page, canvas, Some(page.dpi)),
        boxes: boxes.collect(),
        to_page,
    }
}

fn raw(text: &str, area: PixelBox) -> RawLine {
    let count = text.chars().count();
    let symbols = text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
    let symbols = symbols.map(|(at, c)| RawSymbol {
        text: c.to_string(),
        area: area.strip(at, at + 1, count),
        confidence: 0.99,
        ..RawSymbol::default()
    });
    RawLine {
        words: vec![RawWord {
            symbols: symbols.collect(),
        }],
        area,
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn forms_and_lists_come_back_in_reading_order() {
    let folder = tempfile::tempdir().unwrap();
    let summary = generate(&SampleOptions {
        out: folder.path().join("sample"),
        cases: 4,
        seed: 31,
        level: Level::Normal,
        only_formats: Some(vec![Format::TiffG4, Format::TiffLzw]),
    })
    .unwrap();
    let (mut cells, mut kinds) = (0, Vec::new());
    for entry in std::fs::read_dir(&summary.truth_dir).unwrap() {
        let case: CaseTruth = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for document in &case.documents {
            kinds.push(document.kind);
            let file = ScanFile::open(&summary.cases_dir.join(&case.folder).join(&document.file)).unwrap();
            for page in &document.pages {
                assert_eq!(page.rotation, 0, "pages of this level lie upright");
                let image = match file.page(page.number).unwrap().image {
                    PageImage::Gray(image) => image,
                    PageImage::Rgb(image) => image::DynamicImage::ImageRgb8(image).into_luma8(),
                };
                let straight = straight(&image, page);
                let place = format!("{} page {}", document.file, page.number);
                let mut lines: Vec<RawLine> = page
                    .lines
                    .iter()
                    .zip(&straight.boxes)
                    .map(|(line, area)| {
                        let pieces = rules::split(vec![*area], &straight.rules);
                        assert_eq!(pieces.len(), 1, "{place}: a line was cut: {area:?}, {pieces:?}");
                        raw(&line.text, pieces[0])
                    })
                    .collect();
                lines.reverse();
                let read = assemble(lines, &straight.rules, straight.to_page, image.dimensions());
                assert_eq!(without_spaces(&read.text()), without_spaces(&page.text()), "{place}");
                let in_cells = |role: LineRole| matches!(role, LineRole::Cell { .. });
                cells += read.lines.iter().filter(|line| in_cells(line.role)).count();
                if document.kind == DocumentKind::Application {
                    let texts = |indices: &[usize]| -> String {
                        indices.iter().map(|index| read.lines[*index].text.as_str()).collect()
                    };
                    let name = read.form.iter().find(|field| texts(&field.label) == "申请人名称");
                    let name = name.map(|field| texts(&field.value)).unwrap_or_default();
                    let expected = case.fields.iter().any(|(_, value)| *value == name);
                    assert!(page.number > 1 || expected, "{place}: no applicant in the form");
                }
            }
        }
    }
    assert!(kinds.contains(&DocumentKind::Contents) && kinds.contains(&DocumentKind::Application));
    assert!(cells > 60, "only {cells} lines in cells");
}
