//! Scales page images, draws boxes on them and blackens what must not be seen. Only JPEG images that the indexer made are
//! decoded here.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::imageops::FilterType;
use image::{ColorType, DynamicImage, GenericImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage, Rgba};
use sha2::{Digest, Sha256};

use crate::record::PixelBox;

/// Quality of the JPEG that goes out: text stays sharp, a page of 1200 pixels takes near 200 KB.
const QUALITY: u8 = 80;
/// Largest page image that is decoded, in pixels of its longer side; the indexer makes them smaller.
const IMAGE_SIDE: u32 = 12_000;
/// Share of blue that is left under a box: paper turns yellow, ink stays black.
const BLUE_LEFT: u16 = 35;
/// Share of red and green that is left.
const RED_GREEN_LEFT: u16 = 92;
/// Pixels by which a box is drawn larger, in pixels of the answer.
const MARGIN: u32 = 2;

/// What is to become of an image.
#[derive(Clone, Debug)]
pub(crate) struct Drawing {
    /// Width wanted.
    pub(crate) width: Option<u32>,
    /// Size of the page in whose pixels the boxes are given.
    pub(crate) page_size: (u32, u32),
    /// Boxes to draw.
    pub(crate) boxes: Vec<PixelBox>,
    /// Boxes to blacken, so that nothing of what is under them is left.
    pub(crate) hidden: Vec<PixelBox>,
}

impl Drawing {
    /// The entity tag of the drawing of an image.
    pub(crate) fn tag(&self, jpeg: &[u8]) -> String {
        let mut hasher = Sha256::new();
        hasher.update(jpeg);
        hasher.update(format!(
            "{:?} {:?} {:?} {:?}",
            self.width, self.page_size, self.boxes, self.hidden
        ));
        let digest = hex::encode(hasher.finalize());
        format!("\"{}\"", digest.chars().take(32).collect::<String>())
    }
}

/// Whether an image is at least so wide. One that cannot be read is not.
pub(crate) fn is_at_least(jpeg: &[u8], width: u32) -> bool {
    JpegDecoder::new(Cursor::new(jpeg)).is_ok_and(|decoder| decoder.dimensions().0 >= width)
}

/// Width and height of an image in pixels, and whether it is gray; else it has colours.
///
/// # Errors
/// When it is no JPEG image, or one with other colours than the indexer writes.
pub(crate) fn form(jpeg: &[u8]) -> Result<((u32, u32), bool), ImageError> {
    let decoder = JpegDecoder::new(Cursor::new(jpeg))?;
    Ok((decoder.dimensions(), decoder.color_type() == ColorType::L8))
}

/// Scales an image and draws on it. An image that needs neither goes out as it is.
pub(crate) fn draw(jpeg: Vec<u8>, drawing: &Drawing) -> Result<Vec<u8>, ImageError> {
    let scaled = drawing.width.filter(|width| !is_exactly(&jpeg, *width));
    if scaled.is_none() && drawing.boxes.is_empty() && drawing.hidden.is_empty() {
        return Ok(jpeg);
    }
    let mut image = decode(&jpeg)?;
    if let Some(width) = scaled
        && width < image.width()
    {
        let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width());
        let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
        image = image.resize_exact(width, height, FilterType::Triangle);
    }
    if !drawing.boxes.is_empty() {
        let mut canvas = image.into_rgb8();
        let size = canvas.dimensions();
        for area in &drawing.boxes {
            mark(&mut canvas, place(*area, drawing.page_size, size));
        }
        image = DynamicImage::ImageRgb8(canvas);
    }
    let size = (image.width(), image.height());
    for area in &drawing.hidden {
        blacken(&mut image, place(*area, drawing.page_size, size));
    }
    let mut out = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))?;
    Ok(out)
}

fn is_exactly(jpeg: &[u8], width: u32) -> bool {
    JpegDecoder::new(Cursor::new(jpeg)).is_ok_and(|decoder| decoder.dimensions().0 == width)
}

fn decode(jpeg: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), image::ImageFormat::Jpeg);
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(IMAGE_SIDE);
    bounds.max_image_height = Some(IMAGE_SIDE);
    reader.limits(bounds);
    reader.decode()
}

/// A box of the page in pixels of the image, a little larger, and inside it.
fn place(area: PixelBox, page: (u32, u32), image: (u32, u32)) -> PixelBox {
    let scale = |value: u32, from: u32, to: u32| {
        let scaled = u64::from(value) * u64::from(to) / u64::from(from.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX)
    };
    let (x, y) = (|v| scale(v, page.0, image.0), |v| scale(v, page.1, image.1));
    PixelBox {
        x0: x(area.x0).saturating_sub(MARGIN).min(image.0),
        y0: y(area.y0).saturating_sub(MARGIN).min(image.1),
        x1: x(area.x1).saturating_add(MARGIN).min(image.0),
        y1: y(area.y1).saturating_add(MARGIN).min(image.1),
    }
}

fn blacken(image: &mut DynamicImage, area: PixelBox) {
    for y in area.y0..area.y1 {
        for x in area.x0..area.x1 {
            image.put_pixel(x, y, Rgba([0, 0, 0, u8::MAX]));
        }
    }
}

/// Multiplies with yellow, as a text marker does.
fn mark(canvas: &mut RgbImage, area: PixelBox) {
    let dim = |value: u8, left: u16| u8::try_from(u16::from(value) * left / 100).unwrap_or(u8::MAX);
    for y in area.y0..area.y1 {
        for x in area.x0..area.x1 {
            if let Some(pixel) = canvas.get_pixel_mut_checked(x, y) {
                let [red, green, blue] = pixel.0;
                pixel.0 = [
                    dim(red, RED_GREEN_LEFT),
                    dim(green, RED_GREEN_LEFT),
                    dim(blue, BLUE_LEFT),
                ];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(width: u32, height: u32) -> Vec<u8> {
        let image = RgbImage::from_pixel(width, height, image::Rgb([250, 250, 250]));
        let mut jpeg = Vec::new();
        image
            .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90))
            .unwrap();
        jpeg
    }

    fn drawing(width: Option<u32>, boxes: &[[u32; 4]]) -> Drawing {
        Drawing {
            width,
            page_size: (2000, 1000),
            boxes: boxes.iter().copied().map(PixelBox::from).collect(),
            hidden: Vec::new(),
        }
    }

    #[test]
    fn an_image_is_scaled_down_and_never_up() {
        for (wanted, expected) in [
            (Some(100), (100, 50)),
            (Some(400), (400, 200)),
            (Some(2000), (400, 200)),
        ] {
            let jpeg = draw(paper(400, 200), &drawing(wanted, &[])).unwrap();
            let image = decode(&jpeg).unwrap();
            assert_eq!((image.width(), image.height()), expected);
        }
        assert_eq!(
            draw(paper(400, 200), &drawing(None, &[])).unwrap(),
            paper(400, 200),
            "as it is"
        );
    }

    #[test]
    fn a_box_lies_where_the_text_does() {
        let jpeg = draw(paper(400, 200), &drawing(Some(200), &[[1000, 500, 1200, 600]])).unwrap();
        let image = decode(&jpeg).unwrap().into_rgb8();
        let yellow = |x, y| {
            let [red, _, blue] = image.get_pixel(x, y).0;
            red > blue.saturating_add(80)
        };
        assert!(yellow(110, 55), "the middle of the box");
        assert!(
            !yellow(85, 55) && !yellow(135, 55) && !yellow(110, 35) && !yellow(110, 75),
            "around it"
        );
    }

    #[test]
    fn what_is_hidden_is_black_and_gray_stays_gray() {
        let mut gray = Vec::new();
        DynamicImage::ImageLuma8(image::GrayImage::from_pixel(400, 200, image::Luma([250])))
            .write_with_encoder(JpegEncoder::new_with_quality(&mut gray, 90))
            .unwrap();
        for (jpeg, is_gray) in [(paper(400, 200), false), (gray, true)] {
            assert_eq!(form(&jpeg).unwrap(), ((400, 200), is_gray));
            let drawing = Drawing {
                hidden: vec![PixelBox::from([1000, 500, 1200, 600])],
                ..drawing(None, &[])
            };
            let drawn = draw(jpeg, &drawing).unwrap();
            assert_eq!(form(&drawn).unwrap(), ((400, 200), is_gray));
            let image = decode(&drawn).unwrap().into_luma8();
            let at = |x, y| image.get_pixel(x, y).0[0];
            assert!(
                at(220, 110) < 20 && at(202, 102) < 30 && at(180, 110) > 230,
                "{}",
                at(202, 102)
            );
        }
    }

    #[test]
    fn boxes_beyond_the_page_do_no_harm() {
        let wild = [[0, 0, u32::MAX, u32::MAX], [5000, 5000, 6000, 6000], [10, 10, 0, 0]];
        let jpeg = draw(paper(40, 20), &drawing(None, &wild)).unwrap();
        assert!(is_at_least(&jpeg, 40));
        let nowhere = Drawing {
            page_size: (0, 0),
            ..drawing(None, &wild)
        };
        draw(paper(40, 20), &nowhere).unwrap();
    }

    #[test]
    fn a_broken_image_is_an_error() {
        let broken = b"\xff\xd8\xff not a jpeg".to_vec();
        assert!(!is_at_least(&broken, 1));
        draw(broken, &drawing(Some(100), &[])).unwrap_err();
    }

    #[test]
    fn the_tag_follows_what_is_seen() {
        let jpeg = paper(40, 20);
        let tag = drawing(None, &[]).tag(&jpeg);
        assert_eq!(drawing(None, &[]).tag(&jpeg), tag);
        assert_ne!(drawing(Some(16), &[]).tag(&jpeg), tag);
        assert_ne!(drawing(None, &[[1, 1, 2, 2]]).tag(&jpeg), tag);
        assert_ne!(drawing(None, &[]).tag(&paper(41, 20)), tag);
    }
}
