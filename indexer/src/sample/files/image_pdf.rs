//! Image-only PDF: one image a page, its compressed data passed through as it is.

use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};

use super::super::scan::Scan;
use super::super::truth::Colour;
use super::{Format, bilevel, jbig2, single};

/// Objects per page: page, image, content.
const PER_PAGE: i32 = 3;

pub(super) fn encode(format: Format, scans: &[Scan]) -> Result<Vec<u8>, String> {
    let mut pdf = Pdf::new();
    pdf.set_version(1, 5);
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let page_refs = (0..scans.len()).map(|at| i32::try_from(at).map(|at| Ref::new(3 + at * PER_PAGE)));
    let page_refs: Vec<Ref> = page_refs
        .collect::<Result<_, _>>()
        .map_err(|_| "too many pages".to_owned())?;
    pdf.catalog(catalog).pages(tree);
    let count = i32::try_from(scans.len()).map_err(|_| "too many pages".to_owned())?;
    pdf.pages(tree).kids(page_refs.iter().copied()).count(count);
    for (scan, page_ref) in scans.iter().zip(page_refs) {
        page(&mut pdf, format, scan, tree, page_ref)?;
    }
    Ok(pdf.finish())
}

fn page(pdf: &mut Pdf, format: Format, scan: &Scan, tree: Ref, page_ref: Ref) -> Result<(), String> {
    const NAME: Name<'_> = Name(b"Im0");
    let (image_ref, content_ref) = (Ref::new(page_ref.get() + 1), Ref::new(page_ref.get() + 2));
    let (width, height) = (
        points(scan.image.width(), scan.truth.dpi),
        points(scan.image.height(), scan.truth.dpi),
    );
    let mut page = pdf.page(page_ref);
    page.parent(tree)
        .media_box(Rect::new(0.0, 0.0, width, height))
        .contents(content_ref);
    page.resources().x_objects().pair(NAME, image_ref);
    page.finish();
    let mut content = Content::new();
    content.save_state();
    content.transform([width, 0.0, 0.0, height, 0.0, 0.0]);
    content.x_object(NAME);
    content.restore_state();
    pdf.stream(content_ref, &content.finish());
    let pixels = |value: u32| i32::try_from(value).map_err(|_| "the page is too large".to_owned());
    let (columns, rows) = (pixels(scan.image.width())?, pixels(scan.image.height())?);
    let (data, filter) = match format {
        Format::PdfG4 => (bilevel::group4(&scan.image.to_luma8()), Filter::CcittFaxDecode),
        Format::PdfJbig2 => (
            jbig2::encode(&scan.image.to_luma8(), scan.truth.dpi),
            Filter::Jbig2Decode,
        ),
        _ => (single::jpeg(scan, false)?, Filter::DctDecode),
    };
    let mut image = pdf.image_xobject(image_ref, &data);
    image.filter(filter);
    image.width(columns);
    image.height(rows);
    if filter == Filter::CcittFaxDecode {
        image
            .decode_parms()
            .k(-1)
            .columns(columns)
            .rows(rows)
            .black_is_1(false)
            .end_of_block(true);
    }
    match scan.truth.colour {
        Colour::Rgb => image.color_space().device_rgb(),
        _ => image.color_space().device_gray(),
    }
    image.bits_per_component(if scan.truth.colour == Colour::Bilevel { 1 } else { 8 });
    image.finish();
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // page sizes
fn points(pixels: u32, dpi: u32) -> f32 {
    pixels as f32 * 72.0 / dpi as f32
}
