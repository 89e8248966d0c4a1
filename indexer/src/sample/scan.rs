//! Puts printed sheets through the scanner: which effects a page gets, and the image and truth that come out.

use image::{DynamicImage, GrayImage, Luma, Pixel, Rgb};
use imageproc::definitions::Image;
use imageproc::filter::gaussian_blur_f32;
use juanzong::record::PixelBox;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::effects::{self, Dot};
use super::facts::Effect;
use super::fonts::Fonts;
use super::paper::Sheet;
use super::raster::{self, Ink};
use super::truth::{Colour, Degradations, LineTruth, PageTruth};
use super::{Format, Level};

/// How one document is scanned; its pages share it, but for the chance in each effect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) format: Format,
    pub(super) level: Level,
    /// The effects of a hard document.
    pub(super) effects: [Effect; 2],
    pub(super) grey: bool,
    /// Clockwise turn of the stored image, told by EXIF: 0, 90, 180, 270.
    pub(super) exif_turn: u32,
    /// Clockwise turn of the stored image that nothing tells: 0, 90, 180, 270; `None` leaves it to the effects.
    pub(super) turn: Option<u32>,
}

/// A scanned page.
pub(super) struct Scan {
    pub(super) image: DynamicImage,
    pub(super) truth: PageTruth,
}

impl Job {
    fn has(&self, effect: Effect) -> bool {
        self.level == Level::Hard && self.effects.contains(&effect)
    }

    fn dpi(&self) -> u32 {
        // Lossless colour at 300 dpi would make files of 20 MB and more.
        let large = matches!(self.format, Format::Png | Format::TiffLzw);
        let low = self.has(Effect::LowResolution) || self.has(Effect::Fax);
        if large || low { 200 } else { 300 }
    }

    /// Draws the strength of each effect for one page.
    fn degradations(&self, rng: &mut ChaCha8Rng) -> Degradations {
        let sign = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        let mut d = match self.level {
            Level::Clean => Degradations {
                skew: sign * rng.random_range(0.0..0.3),
                noise: 1.5,
                ..Degradations::default()
            },
            Level::Normal | Level::Mixed => Degradations {
                skew: sign * rng.random_range(0.2..1.2),
                blur: rng.random_range(0.4..0.8),
                noise: rng.random_range(2.5..6.0),
                bleed_through: if rng.random_bool(0.4) {
                    rng.random_range(0.05..0.12)
                } else {
                    0.0
                },
                uneven: rng.random_range(0.0..0.12),
                speckle: if rng.random_bool(0.3) { 0.0002 } else { 0.0 },
                ..Degradations::default()
            },
            Level::Hard => Degradations {
                skew: sign * rng.random_range(0.2..1.2),
                blur: rng.random_range(0.5..0.9),
                noise: rng.random_range(4.0..8.0),
                uneven: rng.random_range(0.05..0.15),
                ..Degradations::default()
            },
        };
        for (effect, strength, value) in [
            (Effect::Skew, &mut d.skew, sign * rng.random_range(1.8..3.0)),
            (Effect::Blur, &mut d.blur, rng.random_range(1.3..1.8)),
            (Effect::Noise, &mut d.noise, rng.random_range(16.0..26.0)),
            (Effect::Noise, &mut d.speckle, rng.random_range(0.001..0.003)),
            (Effect::BleedThrough, &mut d.bleed_through, rng.random_range(0.2..0.36)),
            (Effect::Fold, &mut d.fold, rng.random_range(0.35..0.55)),
            (Effect::LowContrast, &mut d.contrast, rng.random_range(0.3..0.45)),
            (Effect::Uneven, &mut d.uneven, rng.random_range(0.35..0.5)),
        ] {
            if self.has(effect) {
                *strength = value;
            }
        }
        d.fax = self.has(Effect::Fax);
        d.jpeg_quality = match (self.format.is_jpeg(), self.level) {
            (false, _) => 0,
            (true, Level::Clean) => 90,
            (true, Level::Hard) => 55,
            (true, _) => 78,
        };
        d
    }
}

/// Scans one sheet. `back` is the sheet whose print may show through.
pub(super) fn scan(sheet: &Sheet, back: &Sheet, fonts: &Fonts, job: &Job, number: u32, rng: &mut ChaCha8Rng) -> Scan {
    let dpi = job.dpi();
    let mut degradations = job.degradations(rng);
    let turn = match (job.turn, job.exif_turn) {
        (None, 0) if job.has(Effect::Rotated) => [90, 180, 270][rng.random_range(0..3)],
        (Some(turn), _) | (None, turn) => turn,
    };
    let rendered = raster::render(sheet, fonts, dpi);
    let size = rendered.image.dimensions();
    let behind = (degradations.bleed_through > 0.0).then(|| {
        let back = raster::render(back, fonts, dpi);
        let grey = DynamicImage::ImageRgb8(back.image).into_luma8();
        gaussian_blur_f32(&grey, 1.6)
    });
    let grey = job.grey || job.format.is_bilevel() || degradations.fax;
    let mut image = if grey {
        let image = DynamicImage::ImageRgb8(rendered.image).into_luma8();
        DynamicImage::ImageLuma8(degrade(image, behind.as_ref(), &degradations, rng))
    } else {
        let image = degrade(rendered.image, behind.as_ref(), &degradations, rng);
        DynamicImage::ImageRgb8(image)
    };
    if job.format.is_bilevel() || degradations.fax {
        let mut grey = image.into_luma8();
        degradations.threshold = threshold_of(&degradations);
        effects::threshold(&mut grey, dpi / 4, degradations.threshold);
        image = DynamicImage::ImageLuma8(grey);
    }
    let image = match turn {
        90 => image.rotate90(),
        180 => image.rotate180(),
        270 => image.rotate270(),
        _ => image,
    };
    let colour = match (job.format.is_bilevel(), grey) {
        (true, _) => Colour::Bilevel,
        (false, true) => Colour::Grey,
        (false, false) => Colour::Rgb,
    };
    let place = Placement {
        size,
        skew: degradations.skew,
        turn,
    };
    let truth = PageTruth {
        number,
        width: image.width(),
        height: image.height(),
        dpi,
        rotation: (360 - turn) % 360,
        exif_orientation: exif_orientation(if job.exif_turn == 0 { 0 } else { (360 - turn) % 360 }),
        colour,
        level: job.level,
        lines: place.lines(sheet, &rendered.ink),
        seals: sheet.seals.iter().map(super::paper::Seal::words).collect(),
        degradations,
    };
    Scan { image, truth }
}

/// Truth of a page that is not scanned at all, at the nominal resolution.
pub(super) fn born_digital(sheet: &Sheet, fonts: &Fonts, number: u32) -> PageTruth {
    const DPI: u32 = 300;
    let size = raster::pixels(sheet, DPI);
    let place = Placement {
        size,
        skew: 0.0,
        turn: 0,
    };
    PageTruth {
        number,
        width: size.0,
        height: size.1,
        dpi: DPI,
        rotation: 0,
        exif_orientation: 1,
        colour: Colour::None,
        level: Level::Clean,
        degradations: Degradations::default(),
        seals: sheet.seals.iter().map(super::paper::Seal::words).collect(),
        lines: place.lines(sheet, &raster::ink(sheet, fonts, DPI)),
    }
}

/// The EXIF orientation that asks for a clockwise turn.
fn exif_orientation(degrees: u32) -> u8 {
    match degrees {
        90 => 6,
        180 => 3,
        270 => 8,
        _ => 1,
    }
}

/// How much darker than its surroundings a pixel has to be to turn black: more on noisy pages, and more by fax,
/// which thins the strokes. Measured against the surroundings, as scanners do: against a fixed level faded print
/// would vanish or a dark corner turn black, and the truth would name text that is not there.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
fn threshold_of(d: &Degradations) -> u8 {
    let faded = if d.contrast > 0.0 { 0.65 } else { 1.0 };
    let level = (22.0 + 1.2 * d.noise + if d.fax { 8.0 } else { 0.0 }) * faded;
    level.clamp(1.0, 80.0) as u8
}

fn degrade<P: Dot + FromGrey>(
    mut image: Image<P>,
    behind: Option<&GrayImage>,
    d: &Degradations,
    rng: &mut ChaCha8Rng,
) -> Image<P> {
    if let Some(behind) = behind {
        effects::bleed_through(&mut image, behind, d.bleed_through);
    }
    if d.contrast > 0.0 {
        effects::fade(&mut image, d.contrast);
    }
    if d.uneven > 0.0 || d.fold > 0.0 {
        let mut rows = effects::waves(rng, image.height(), d.uneven / 2.0);
        let columns = effects::waves(rng, image.width(), d.uneven / 2.0);
        if d.fold > 0.0 {
            effects::fold(&mut rows, rng.random_range(0.3..0.7), d.fold);
        }
        effects::shade(&mut image, &rows, &columns);
    }
    if d.skew.abs() > 0.01 {
        let outside = P::from_grey(if d.skew.abs() > 1.5 { 36 } else { 246 });
        image = effects::skew(&image, d.skew, outside);
    }
    if d.blur > 0.0 {
        image = P::blur(&image, d.blur);
    }
    if d.noise > 0.0 {
        effects::noise(&mut image, rng, d.noise);
    }
    if d.speckle > 0.0 {
        effects::speckle(&mut image, rng, d.speckle);
    }
    image
}

/// What grey and colour pixels do differently.
pub(super) trait FromGrey: Pixel<Subpixel = u8> + Sized {
    fn from_grey(value: u8) -> Self;
    fn blur(image: &Image<Self>, sigma: f32) -> Image<Self>;
}

impl FromGrey for Luma<u8> {
    fn from_grey(value: u8) -> Self {
        Self([value])
    }

    fn blur(image: &Image<Self>, sigma: f32) -> Image<Self> {
        gaussian_blur_f32(image, sigma)
    }
}

impl FromGrey for Rgb<u8> {
    fn from_grey(value: u8) -> Self {
        Self([value; 3])
    }

    fn blur(image: &Image<Self>, sigma: f32) -> Image<Self> {
        gaussian_blur_f32(image, sigma)
    }
}

/// Where things of the upright, straight sheet lie in the stored image.
struct Placement {
    /// Size of the upright page in pixels.
    size: (u32, u32),
    skew: f32,
    /// Clockwise turn of the stored image.
    turn: u32,
}

impl Placement {
    fn lines(&self, sheet: &Sheet, ink: &[Ink]) -> Vec<LineTruth> {
        sheet
            .lines
            .iter()
            .zip(ink)
            .map(|(line, [x0, y0, x1, y1])| {
                let corners = [(*x0, *y0), (*x1, *y0), (*x1, *y1), (*x0, *y1)];
                let upright = corners.map(|corner| effects::skew_point(corner, self.size, self.skew));
                let stored = upright.map(|corner| self.turned(corner));
                let stored_size = if self.turn.is_multiple_of(180) {
                    self.size
                } else {
                    (self.size.1, self.size.0)
                };
                LineTruth {
                    text: line.text.clone(),
                    quad: stored.map(|(x, y)| [tenth(x), tenth(y)]),
                    area: bounding(&stored, stored_size),
                    upright: bounding(&upright, self.size),
                    role: line.role,
                }
            })
            .collect()
    }

    #[allow(clippy::cast_precision_loss)] // page sizes
    fn turned(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        match self.turn {
            90 => (height - y, x),
            180 => (width - x, height - y),
            270 => (y, width - x),
            _ => (x, y),
        }
    }
}

fn tenth(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)] // clamped to the page
fn bounding(corners: &[(f32, f32); 4], (width, height): (u32, u32)) -> PixelBox {
    let least = |values: [f32; 4]| values.into_iter().fold(f32::MAX, f32::min);
    let most = |values: [f32; 4]| values.into_iter().fold(f32::MIN, f32::max);
    let clamp = |value: f32, end: u32| value.clamp(0.0, end as f32) as u32;
    PixelBox {
        x0: clamp(least(corners.map(|c| c.0)).floor(), width),
        y0: clamp(least(corners.map(|c| c.1)).floor(), height),
        x1: clamp(most(corners.map(|c| c.0)).ceil(), width),
        y1: clamp(most(corners.map(|c| c.1)).ceil(), height),
    }
}

#[cfg(test)]
mod tests {
    use super::super::documents;
    use super::super::facts::{Facts, Paper, random};
    use super::*;

    /// A faded page sent by fax once came out white under a fixed threshold while its truth named all its text.
    #[test]
    fn whatever_the_effects_the_text_of_the_truth_is_on_the_page() {
        let fonts = Fonts::load().unwrap();
        let facts = Facts::invent(3, 1);
        let sheets = documents::write(Paper::Acceptance, &facts, &fonts, &random(3, 1, 1), &[]).unwrap();
        let sheet = &sheets[0];
        let pairs = [
            [Effect::Fax, Effect::LowContrast],
            [Effect::LowContrast, Effect::Uneven],
            [Effect::Fold, Effect::Noise],
            [Effect::Rotated, Effect::BleedThrough],
            [Effect::Skew, Effect::Blur],
        ];
        for (part, effects) in (0..).zip(pairs) {
            for format in [Format::TiffG4, Format::PdfJpeg] {
                let job = Job {
                    format,
                    level: Level::Hard,
                    effects,
                    grey: true,
                    exif_turn: 0,
                    turn: None,
                };
                let scan = scan(sheet, sheet, &fonts, &job, 1, &mut random(3, 1, part));
                let image = scan.image.to_luma8();
                assert_eq!(scan.truth.lines.len(), sheet.lines.len());
                for line in &scan.truth.lines {
                    let pixels =
                        (line.area.y0..line.area.y1).flat_map(|y| (line.area.x0..line.area.x1).map(move |x| (x, y)));
                    let tones: Vec<u8> = pixels.map(|(x, y)| image.get_pixel(x, y).0[0]).collect();
                    let spread = tones.iter().max().unwrap() - tones.iter().min().unwrap();
                    assert!(spread > 40, "{effects:?} {format:?}: `{}` is gone", line.text);
                    let dark = tones.iter().filter(|tone| **tone < 128).count();
                    if format.is_bilevel() {
                        let share = dark * 100 / tones.len();
                        assert!(
                            (3..70).contains(&share),
                            "{effects:?}: {share} % of `{}` is ink",
                            line.text
                        );
                    }
                }
            }
        }
    }
}
