//! What is encoded decodes to the same pixels.

use std::io::Cursor;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use rand::RngExt;

use super::super::facts::random;
use super::super::scan::Scan;
use super::super::truth::{Colour, Degradations, PageTruth};
use super::super::{Format, Level};
use super::encode;

/// A small page with rules, dots and blocks; its width is no multiple of eight.
fn page(format: Format, number: u32) -> Scan {
    let (width, height) = (203, 150);
    let mut rng = random(5, number, 0);
    let mut grey = GrayImage::from_pixel(width, height, Luma([255]));
    for _ in 0..60 {
        let (x, y) = (rng.random_range(0..width - 12), rng.random_range(0..height - 9));
        let (w, h) = (rng.random_range(1..12), rng.random_range(1..9));
        for (dx, dy) in (0..h).flat_map(|dy| (0..w).map(move |dx| (dx, dy))) {
            grey.put_pixel(x + dx, y + dy, Luma([0]));
        }
    }
    for at in 0..width {
        grey.put_pixel(at, 0, Luma([0])); // black touches the left and right edge
    }
    let bilevel = format.is_bilevel();
    let image = if bilevel {
        DynamicImage::ImageLuma8(grey)
    } else {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            Rgb([grey.get_pixel(x, y).0[0], u8::try_from(x % 256).unwrap(), 90])
        }))
    };
    let truth = PageTruth {
        number,
        width,
        height,
        dpi: 300,
        rotation: 0,
        exif_orientation: 1,
        colour: if bilevel { Colour::Bilevel } else { Colour::Rgb },
        level: Level::Clean,
        degradations: Degradations {
            jpeg_quality: 95,
            ..Degradations::default()
        },
        seals: Vec::new(),
        lines: Vec::new(),
    };
    Scan { image, truth }
}

/// Renders the pages of a PDF at one image pixel per pixel.
fn pdf_pages(bytes: Vec<u8>) -> Vec<RgbImage> {
    let pdf = Pdf::new(bytes).unwrap();
    let cache = RenderCache::new();
    // A hair more than 300 dpi, as the renderer truncates sizes.
    let scale = 300.0 / 72.0 * 1.0001;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        ..PixmapSettings::default()
    };
    pdf.pages()
        .iter()
        .map(|page| {
            let pixmap = hayro::render(
                page,
                &cache,
                &InterpreterSettings::default(),
                &RenderSettings::default(),
                &settings,
            );
            let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
            let pixels = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
            RgbImage::from_raw(width, height, pixels).unwrap()
        })
        .collect()
}

/// Share of pixels that differ by more than the tolerance on a channel.
fn difference(a: &RgbImage, b: &RgbImage, tolerance: u8) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let wrong = a
        .pixels()
        .zip(b.pixels())
        .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > tolerance))
        .count();
    f64::from(u32::try_from(wrong).unwrap()) / f64::from(a.width() * a.height())
}

#[test]
fn image_pdfs_decode_to_the_pages_that_went_in() {
    for format in [Format::PdfG4, Format::PdfJbig2, Format::PdfJpeg] {
        let scans = [page(format, 1), page(format, 2)];
        let bytes = encode("x.pdf", format, &scans).unwrap();
        let pages = pdf_pages(bytes);
        assert_eq!(pages.len(), 2);
        let (tolerance, share) = if format == Format::PdfJpeg {
            (60, 0.2)
        } else {
            (127, 0.01)
        };
        for (page, scan) in pages.iter().zip(&scans) {
            let wrong = difference(page, &scan.image.to_rgb8(), tolerance);
            assert!(wrong <= share, "{format:?}: {wrong} of the pixels differ");
        }
        assert!(difference(&pages[0], &pages[1], 127) > 0.05, "the pages are told apart");
    }
}

#[test]
fn tiff_files_decode_to_the_pages_that_went_in() {
    for format in [Format::TiffG4, Format::TiffLzw] {
        let scans = [page(format, 1), page(format, 2), page(format, 3)];
        let bytes = encode("x.tif", format, &scans).unwrap();
        let mut decoder = tiff::decoder::Decoder::new(Cursor::new(bytes)).unwrap();
        for (at, scan) in scans.iter().enumerate() {
            if at > 0 {
                decoder.next_image().unwrap();
            }
            let tiff::decoder::DecodingResult::U8(data) = decoder.read_image().unwrap() else {
                panic!("not bytes");
            };
            if format == Format::TiffLzw {
                assert_eq!(data, scan.image.to_rgb8().into_raw());
                continue;
            }
            // One bit per pixel, rows padded to bytes; the decoder gives white as 1 whatever the file says.
            let grey = scan.image.to_luma8();
            let stride = grey.width().div_ceil(8);
            for (x, y, pixel) in grey.enumerate_pixels() {
                let byte = data[(y * stride + x / 8) as usize];
                assert_eq!(byte >> (7 - x % 8) & 1 == 1, pixel.0[0] == 255, "at {x},{y}");
            }
        }
        assert!(!decoder.more_images());
    }
}

#[test]
fn png_is_exact_and_a_single_page_format_refuses_two_pages() {
    let scan = page(Format::Png, 1);
    let pixels = scan.image.to_rgb8();
    let scans = [scan, page(Format::Png, 2)];
    let bytes = encode("x.png", Format::Png, &scans[..1]).unwrap();
    assert_eq!(image::load_from_memory(&bytes).unwrap().to_rgb8(), pixels);
    let error = encode("x.png", Format::Png, &scans).unwrap_err();
    assert_eq!(error.code(), "encode");
}
