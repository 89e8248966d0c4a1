//! The picture of one page in memory.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use super::failure::{Failure, FailureCode};
use super::limits::{MAX_PIXELS, MAX_SIDE};

/// A page as pixels, in the two forms that the steps after decoding know.
#[derive(Clone, Debug, PartialEq)]
pub enum PageImage {
    /// 8-bit gray, 0 is black; bilevel pages too.
    Gray(GrayImage),
    /// 8-bit RGB.
    Rgb(RgbImage),
}

impl PageImage {
    /// Width in pixels.
    pub fn width(&self) -> u32 {
        match self {
            Self::Gray(image) => image.width(),
            Self::Rgb(image) => image.width(),
        }
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        match self {
            Self::Gray(image) => image.height(),
            Self::Rgb(image) => image.height(),
        }
    }

    /// Takes any decoded picture: transparency becomes white paper, deeper samples become 8 bits.
    pub fn from_dynamic(image: DynamicImage) -> Self {
        match image {
            DynamicImage::ImageLuma8(image) => Self::Gray(image),
            DynamicImage::ImageRgb8(image) => Self::Rgb(image),
            DynamicImage::ImageLuma16(_) => Self::Gray(image.into_luma8()),
            image if image.color().has_alpha() => {
                let rgba = image.into_rgba8();
                let mut rgb = RgbImage::new(rgba.width(), rgba.height());
                for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
                    let [r, g, b, a] = from.0;
                    to.0 = [over_white(r, a), over_white(g, a), over_white(b, a)];
                }
                Self::Rgb(rgb)
            }
            image => Self::Rgb(image.into_rgb8()),
        }
    }

    /// The page turned clockwise by 0, 90, 180 or 270 degrees.
    #[must_use]
    pub fn turned(self, clockwise: u32) -> Self {
        use image::imageops::{rotate90, rotate180_in_place, rotate270};
        match (self, clockwise % 360) {
            (Self::Gray(image), 90) => Self::Gray(rotate90(&image)),
            (Self::Gray(mut image), 180) => {
                rotate180_in_place(&mut image);
                Self::Gray(image)
            }
            (Self::Gray(image), 270) => Self::Gray(rotate270(&image)),
            (Self::Rgb(image), 90) => Self::Rgb(rotate90(&image)),
            (Self::Rgb(mut image), 180) => {
                rotate180_in_place(&mut image);
                Self::Rgb(image)
            }
            (Self::Rgb(image), 270) => Self::Rgb(rotate270(&image)),
            (image, _) => image,
        }
    }

    /// The page after the orientation that a camera or scanner noted beside the pixels.
    #[must_use]
    pub fn oriented(self, orientation: Orientation) -> Self {
        if orientation == Orientation::NoTransforms {
            return self;
        }
        let mut image = match self {
            Self::Gray(image) => DynamicImage::ImageLuma8(image),
            Self::Rgb(image) => DynamicImage::ImageRgb8(image),
        };
        image.apply_orientation(orientation);
        Self::from_dynamic(image)
    }

    /// An RGB page without visible colour becomes gray, which makes everything after it cheaper.
    #[must_use]
    pub fn without_false_colour(self) -> Self {
        match self {
            Self::Rgb(image) if !has_colour(&image) => {
                let gray = image.pixels().map(|p| luminance(p.0)).collect();
                match GrayImage::from_raw(image.width(), image.height(), gray) {
                    Some(gray) => Self::Gray(gray),
                    None => Self::Rgb(image),
                }
            }
            image => image,
        }
    }
}

/// Brightness of an RGB pixel (ITU-R BT.601, in integers).
pub fn luminance([r, g, b]: [u8; 3]) -> u8 {
    let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500;
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    u8::try_from((sample * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

/// Colour counts when one pixel in 5,000 is clearly coloured: a seal covers more, JPEG fringes less.
fn has_colour(image: &RgbImage) -> bool {
    const CLEAR: u8 = 40;
    let mut coloured = 0_usize;
    let mut seen = 0_usize;
    for pixel in image.pixels().step_by(3) {
        let [r, g, b] = pixel.0;
        seen += 1;
        if r.max(g).max(b) - r.min(g).min(b) > CLEAR {
            coloured += 1;
        }
    }
    coloured * 5_000 > seen
}

/// Refuses sizes that would not fit, before a single pixel is decoded.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), Failure> {
    if width == 0 || height == 0 {
        return Err(Failure::new(
            FailureCode::DamagedImage,
            format!("picture of {width} x {height} pixels"),
        ));
    }
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Failure::new(
            FailureCode::PageTooLarge,
            format!("{width} x {height} pixels; the limit is {MAX_SIDE} a side and {MAX_PIXELS} in all"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba, RgbaImage};

    use super::*;

    #[test]
    fn transparency_is_paper() {
        let mut image = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 0]));
        image.put_pixel(0, 0, Rgba([0, 0, 0, 255]));
        let PageImage::Rgb(page) = PageImage::from_dynamic(DynamicImage::ImageRgba8(image)) else {
            panic!("an RGBA picture becomes RGB")
        };
        assert_eq!(page.get_pixel(0, 0).0, [0, 0, 0]);
        assert_eq!(page.get_pixel(1, 1).0, [255, 255, 255]);
    }

    #[test]
    fn a_seal_is_colour_and_a_fringe_is_not() {
        let mut image = RgbImage::from_pixel(300, 300, Rgb([250, 249, 247]));
        assert!(matches!(
            PageImage::Rgb(image.clone()).without_false_colour(),
            PageImage::Gray(_)
        ));
        for y in 100..110 {
            for x in 100..110 {
                image.put_pixel(x, y, Rgb([200, 30, 30]));
            }
        }
        assert!(matches!(
            PageImage::Rgb(image).without_false_colour(),
            PageImage::Rgb(_)
        ));
    }

    #[test]
    fn turning_four_times_is_no_turn() {
        let image = GrayImage::from_fn(3, 5, |x, y| image::Luma([u8::try_from(x * 10 + y).unwrap()]));
        let page = PageImage::Gray(image);
        let turned = page.clone().turned(90);
        assert_eq!((turned.width(), turned.height()), (5, 3));
        assert_eq!(turned.turned(90).turned(180), page);
        assert_eq!(page.clone().turned(270).turned(90), page);
    }

    #[test]
    fn sizes_are_checked() {
        assert_eq!(check_size(0, 10).unwrap_err().code, FailureCode::DamagedImage);
        assert_eq!(check_size(60_000, 60_000).unwrap_err().code, FailureCode::PageTooLarge);
        assert_eq!(check_size(40_000, 1).unwrap_err().code, FailureCode::PageTooLarge);
        assert!(check_size(7016, 9921).is_ok());
    }
}
