//! Pages that readers trip over, with what is to be expected of them: turned pages, two pages on one sheet, pages
//! without text. For tests and for the measurements of reading.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use imageproc::filter::gaussian_blur_f32;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;

use super::corpus::{Kind, Printed, job};
use super::documents::Look;
use super::facts::{Effect, random};
use super::fonts::{Face, Fonts};
use super::paper::{A4, Desk, Sheet, Style, mm, shift_path};
use super::scan::{self, Job, Scan};
use super::truth::{Colour, Degradations, PageTruth, Role};
use super::{Error, Format, Level, files};

/// Side in pixels of the page of [`huge_page`].
const HUGE_SIDE: u32 = 20_000;

/// A page that readers trip over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A page of some kind, stored turned clockwise by 0, 90, 180 or 270 degrees, which no metadata tell.
    Turned(Kind, u32),
    /// A page of some kind by fax (1 bit, 200 dpi, thin strokes), stored upside down.
    UpsideDownFax(Kind),
    /// Two A4 pages side by side on an A3 sheet, the left one first; stored turned clockwise by so many degrees.
    TwoOnA3(u32),
    /// A ruled list on a sheet that lies on its long side, stored turned clockwise by so many degrees.
    LandscapeTable(u32),
    /// A page with the print of its back showing through strongly.
    BleedThrough,
    /// An empty page with the print of its back showing through.
    BackOnly,
    /// A page with nothing but `（此页无正文）`.
    OneLine,
    /// An empty sheet, scanned.
    Blank,
    /// Every pixel white.
    White,
    /// Every pixel black.
    Black,
    /// Every pixel by chance.
    Noise,
    /// Dark to light, in colour.
    Gradient,
    /// A photo of nothing in particular: soft shapes and grain.
    Photo,
}

/// A page in its file.
pub struct SpecialPage {
    /// The file's bytes.
    pub file: Vec<u8>,
    /// The ending of its name.
    pub extension: &'static str,
    /// What stands on it: no lines where nothing may be read; there `rotation` means nothing.
    pub truth: PageTruth,
}

impl Special {
    /// All: every kind turned in all four ways, then the others.
    pub fn all() -> Vec<Self> {
        let turns = [0, 90, 180, 270];
        let turned = Kind::ALL
            .into_iter()
            .flat_map(|kind| turns.map(|turn| Self::Turned(kind, turn)));
        let faxes = Kind::ALL.into_iter().map(Self::UpsideDownFax);
        let sheets = turns
            .into_iter()
            .flat_map(|turn| [Self::TwoOnA3(turn), Self::LandscapeTable(turn)]);
        let others = [
            Self::BleedThrough,
            Self::BackOnly,
            Self::OneLine,
            Self::Blank,
            Self::White,
            Self::Black,
            Self::Noise,
            Self::Gradient,
            Self::Photo,
        ];
        turned.chain(faxes).chain(sheets).chain(others).collect()
    }

    /// A name for files and reports.
    pub fn name(self) -> String {
        match self {
            Self::Turned(kind, turn) => format!("turned_{turn:03}_{}", kind.code()),
            Self::UpsideDownFax(kind) => format!("fax_180_{}", kind.code()),
            Self::TwoOnA3(turn) => format!("two_on_a3_{turn:03}"),
            Self::LandscapeTable(turn) => format!("landscape_table_{turn:03}"),
            Self::BleedThrough => "bleed_through".to_owned(),
            Self::BackOnly => "back_only".to_owned(),
            Self::OneLine => "one_line".to_owned(),
            Self::Blank => "blank".to_owned(),
            Self::White => "white".to_owned(),
            Self::Black => "black".to_owned(),
            Self::Noise => "noise".to_owned(),
            Self::Gradient => "gradient".to_owned(),
            Self::Photo => "photo".to_owned(),
        }
    }

    /// Whether there is nothing to read on it.
    pub fn is_empty(self) -> bool {
        matches!(
            self,
            Self::BackOnly | Self::Blank | Self::White | Self::Black | Self::Noise | Self::Gradient | Self::Photo
        )
    }

    /// A number of its own, which chooses case and chance.
    fn number(self) -> u32 {
        let at = Self::all().iter().position(|special| *special == self);
        200 + u32::try_from(at.unwrap_or(0)).unwrap_or(0)
    }
}

/// Where special pages are made: the fonts, loaded once.
pub struct Workshop {
    fonts: Fonts,
}

impl Workshop {
    /// Loads the fonts.
    ///
    /// # Errors
    /// A missing font by the name of its Debian package.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { fonts: Fonts::load()? })
    }

    /// Makes a page; the same seed makes the same bytes.
    ///
    /// # Errors
    /// A character that no font has.
    pub fn make(&self, special: Special, seed: u64) -> Result<SpecialPage, Error> {
        let number = special.number();
        let mut rng = random(seed, number, 0x3_0000);
        let plain = |turn: u32| Job {
            format: Format::Jpeg,
            turn: Some(turn),
            ..job(seed, number, Level::Normal)
        };
        let hard = |effect: Effect, format: Format, turn: u32| Job {
            format,
            level: Level::Hard,
            effects: [effect, effect],
            grey: true,
            exif_turn: 0,
            turn: Some(turn),
        };
        let printed = |kind: Kind, look: Option<Look>| Printed::new(seed, number, kind, &self.fonts, look);
        let (job, scan) = match special {
            Special::Turned(kind, turn) => {
                let job = plain(turn);
                (job, printed(kind, None)?.scan(&self.fonts, &job, 1))
            }
            Special::UpsideDownFax(kind) => {
                let job = hard(Effect::Fax, Format::TiffG4, 180);
                (job, printed(kind, None)?.scan(&self.fonts, &job, 1))
            }
            Special::TwoOnA3(turn) => {
                let (left, right) = (printed(Kind::Decision, None)?, printed(Kind::Reasons, None)?);
                let sheet = beside(left.sheet, right.sheet);
                self.scanned(plain(turn), &sheet, &sheet, &mut rng)
            }
            Special::LandscapeTable(turn) => {
                let look = Look {
                    landscape: true,
                    ..Look::varied(&mut rng)
                };
                let job = plain(turn);
                (job, printed(Kind::Contents, Some(look))?.scan(&self.fonts, &job, 1))
            }
            Special::BleedThrough => {
                let job = hard(Effect::BleedThrough, Format::Jpeg, 0);
                (job, printed(Kind::Decision, None)?.scan(&self.fonts, &job, 1))
            }
            Special::BackOnly => {
                let back = printed(Kind::Reasons, None)?.sheet;
                let job = hard(Effect::BleedThrough, Format::Jpeg, 0);
                self.scanned(job, &Sheet::new(A4), &back, &mut rng)
            }
            Special::OneLine => {
                let mut sheet = Sheet::new(A4);
                let desk = Desk::new(&self.fonts);
                let style = Style::new(Face::Song, 16.0, Role::Body);
                desk.left(&mut sheet, "（此页无正文）", &style, (mm(38.0), mm(44.0)));
                desk.check()?;
                self.scanned(plain(0), &sheet, &sheet, &mut rng)
            }
            Special::Blank => self.scanned(plain(0), &Sheet::new(A4), &Sheet::new(A4), &mut rng),
            Special::White | Special::Black | Special::Noise | Special::Gradient | Special::Photo => {
                let image = picture(special, &mut rng);
                let job = Job {
                    format: Format::Png,
                    ..plain(0)
                };
                (job, unprinted(image))
            }
        };
        let file = files::encode(&special.name(), job.format, std::slice::from_ref(&scan))?;
        Ok(SpecialPage {
            file,
            extension: job.format.extension(),
            truth: scan.truth,
        })
    }

    fn scanned(&self, job: Job, sheet: &Sheet, back: &Sheet, rng: &mut ChaCha8Rng) -> (Job, Scan) {
        (job, scan::scan(sheet, back, &self.fonts, &job, 1, rng))
    }
}

/// A TIFF file of a few KiB whose one page has 20,000 by 20,000 pixels (1 bit).
///
/// # Errors
/// None that is known; the encoder could refuse.
pub fn huge_page() -> Result<Vec<u8>, Error> {
    files::large_page(HUGE_SIDE)
}

/// Two sheets side by side on one; its lines are those of the left sheet, then those of the right one.
fn beside(left: Sheet, right: Sheet) -> Sheet {
    let shift = left.width;
    let mut sheet = Sheet::new((left.width + right.width, left.height.max(right.height)));
    sheet.shapes = left.shapes;
    sheet.lines = left.lines;
    sheet.seals = left.seals;
    sheet.shapes.extend(right.shapes.into_iter().map(|mut shape| {
        shape.path = shift_path(&shape.path, shift);
        shape
    }));
    sheet.lines.extend(right.lines.into_iter().map(|mut line| {
        line.glyphs.iter_mut().for_each(|glyph| glyph.x += shift);
        line
    }));
    sheet.seals.extend(right.seals.into_iter().map(|mut seal| {
        seal.centre.0 += shift;
        seal
    }));
    sheet
}

/// Pictures without text, A4 at 150 dpi.
fn picture(special: Special, rng: &mut ChaCha8Rng) -> DynamicImage {
    const SIZE: (u32, u32) = (1240, 1754);
    let (width, height) = SIZE;
    let flat = |tone: u8| GrayImage::from_pixel(width, height, Luma([tone]));
    match special {
        Special::Black => flat(0).into(),
        Special::Noise => {
            let mut image = flat(0);
            rng.fill_bytes(&mut image);
            image.into()
        }
        Special::Gradient => RgbImage::from_fn(width, height, |x, y| {
            let tone = |at: u32, of: u32| u8::try_from(at * 255 / of).unwrap_or(u8::MAX);
            Rgb([tone(x, width), tone(y, height), tone(x + y, width + height)])
        })
        .into(),
        Special::Photo => {
            // Blots of all sizes and tones, out of focus, with grain.
            let mut image = flat(140);
            for _ in 0..400 {
                let radius = rng.random_range(4..220);
                let centre = (rng.random_range(0..1240), rng.random_range(0..1754));
                let tone = Luma([rng.random_range(20..240)]);
                imageproc::drawing::draw_filled_circle_mut(&mut image, centre, radius, tone);
            }
            let mut image = gaussian_blur_f32(&image, 9.0);
            super::effects::noise(&mut image, rng, 6.0);
            image.into()
        }
        _ => flat(255).into(),
    }
}

/// A picture that was never printed: no lines.
fn unprinted(image: DynamicImage) -> Scan {
    let colour = if image.color().has_color() {
        Colour::Rgb
    } else {
        Colour::Grey
    };
    let truth = PageTruth {
        number: 1,
        width: image.width(),
        height: image.height(),
        dpi: 150,
        rotation: 0,
        exif_orientation: 1,
        colour,
        level: Level::Clean,
        degradations: Degradations::default(),
        seals: Vec::new(),
        lines: Vec::new(),
    };
    Scan { image, truth }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pages_on_one_sheet_are_told_one_after_the_other() {
        let workshop = Workshop::new().unwrap();
        let page = workshop.make(Special::TwoOnA3(270), 5).unwrap();
        let truth = page.truth;
        assert_eq!((truth.rotation, truth.width < truth.height), (90, true));
        // Upright, the sheet is as wide as the stored image is high.
        let middle = truth.height / 2;
        let right = |line: &super::super::truth::LineTruth| line.upright.x0 > middle - 60;
        let first = truth.lines.iter().position(right).unwrap();
        assert!(first > 5 && truth.lines[first..].iter().all(right));
        assert!(truth.lines[..first].iter().all(|line| line.upright.x1 < middle + 60));
        assert_eq!(truth.seals.len(), 1);
    }

    #[test]
    fn every_special_page_has_text_or_none_as_it_says() {
        let workshop = Workshop::new().unwrap();
        let names: std::collections::BTreeSet<String> = Special::all().into_iter().map(Special::name).collect();
        assert_eq!(names.len(), Special::all().len());
        for special in [
            Special::LandscapeTable(90),
            Special::UpsideDownFax(Kind::Food),
            Special::BackOnly,
            Special::OneLine,
            Special::White,
            Special::Photo,
            Special::Gradient,
        ] {
            let page = workshop.make(special, 5).unwrap();
            assert_eq!(page.truth.lines.is_empty(), special.is_empty(), "{}", special.name());
            assert!(page.file.len() > 500);
        }
        let table = workshop.make(Special::LandscapeTable(0), 5).unwrap();
        assert!(table.truth.width > table.truth.height && table.truth.lines.len() > 30);
        assert_eq!(table.file, workshop.make(Special::LandscapeTable(0), 5).unwrap().file);
    }

    #[test]
    fn a_huge_page_fits_into_a_small_file() {
        let bytes = huge_page().unwrap();
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        let mut decoder = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(decoder.dimensions().unwrap(), (HUGE_SIDE, HUGE_SIDE));
    }
}
