//! What is on a PDF page, found without drawing it: pictures with their resolution, and letters.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::object::Dict;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

use crate::decode::limits::MAX_GLYPHS;

/// A picture over this share of the page is the page: text that was painted before it is not seen.
pub(super) const COVERING: f64 = 0.9;

/// A picture on a page.
#[derive(Clone, Copy, Debug)]
struct Picture {
    /// Its share of the page, 0 to 1.
    share: f64,
    /// Dots per inch along the width of the page.
    dpi_x: f64,
    /// Dots per inch along the height of the page.
    dpi_y: f64,
}

/// A letter of the text of a page.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// Where it starts, in points of the page as it is shown, y downwards.
    pub(super) origin: Point,
    /// What it stands for, when its font says so.
    pub(super) text: Option<BfString>,
    /// Whether it is not seen: text rendering mode 3, or under the picture of the page, as the text of a scan.
    pub(super) hidden: bool,
}

/// What the survey found.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    page_area: f64,
    pictures: Vec<Picture>,
    /// The letters in the order of the file; no more than can be handled.
    pub(super) letters: Vec<Letter>,
    /// Whether text was painted that the picture of the page covers.
    pub(super) covered_text: bool,
    /// Whether any text runs from top to bottom.
    pub(super) vertical_text: bool,
}

impl Survey {
    /// Interprets the page with a device that only takes notes.
    pub(super) fn of<'a>(page: &'a Page<'a>, settings: &InterpreterSettings) -> Self {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let cache = InterpreterCache::new();
        let area = Rect::new(0.0, 0.0, width, height);
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, area, &cache, page.xref(), settings.clone());
        let mut survey = Self {
            page_area: width * height,
            ..Self::default()
        };
        let mut device = Notes {
            survey: &mut survey,
            area,
            see_through: Vec::new(),
        };
        interpret_page(page, &mut context, &mut device);
        survey
    }

    /// Letters that are seen.
    pub(super) fn visible_letters(&self) -> impl Iterator<Item = &Letter> {
        self.letters.iter().filter(|letter| !letter.hidden)
    }

    /// The hidden text in the order of the file; letters whose font does not say what they are stand as U+FFFD.
    pub(super) fn hidden_text(&self) -> String {
        let mut text = String::new();
        for letter in self.letters.iter().filter(|letter| letter.hidden) {
            letter.push_to(&mut text);
        }
        text
    }

    /// Share of the page that pictures cover, 0 to 1; overlapping ones are counted once each.
    pub(super) fn picture_share(&self) -> f64 {
        self.pictures.iter().map(|p| p.share).sum::<f64>().min(1.0)
    }

    /// Resolution of the pictures that make the page, along width and height. Where print and paper are pictures over each
    /// other (ISO 16485, mixed raster content) that is the one of the print, which is the finer.
    pub(super) fn dominant_dpi(&self) -> Option<(f64, f64)> {
        let largest = self.pictures.iter().map(|p| p.share).fold(0.0, f64::max);
        let large = self.pictures.iter().filter(|p| p.share * 2.0 >= largest);
        let dominant = large.max_by(|a, b| (a.dpi_x * a.dpi_y).total_cmp(&(b.dpi_x * b.dpi_y)))?;
        // A logo says nothing about the page.
        (largest > 0.02 || self.picture_share() > 0.5).then_some((dominant.dpi_x, dominant.dpi_y))
    }
}

impl Letter {
    /// Writes what the letter stands for, or U+FFFD.
    pub(super) fn push_to(&self, text: &mut String) {
        match &self.text {
            Some(BfString::Char(character)) => text.push(*character),
            Some(BfString::String(several)) => text.push_str(several),
            None => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

struct Notes<'s> {
    survey: &'s mut Survey,
    area: Rect,
    /// For each transparency group that is open, whether what lies below may be seen through it. Every picture is in one.
    see_through: Vec<bool>,
}

impl<'a> Device<'a> for Notes<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, alpha: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        let opaque = alpha >= 1.0 && mask.is_none() && matches!(mode, BlendMode::Normal);
        self.see_through.push(!opaque);
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {
        self.see_through.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let hidden = matches!(mode, DrawMode::Invisible);
        let room = MAX_GLYPHS.saturating_sub(self.survey.letters.len());
        let letters = run.glyphs().iter().take(room).map(|glyph| Letter {
            origin: props.transform * glyph.transform() * Point::ORIGIN,
            text: glyph.as_unicode(),
            hidden,
        });
        self.survey.letters.extend(letters);
        self.survey.vertical_text |= run.writing_mode() == WritingMode::Vertical;
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let covered = covered(props.transform, width, height).intersect(self.area);
        if covered.is_zero_area() || self.survey.page_area <= 0.0 {
            return;
        }
        let share = covered.area() / self.survey.page_area;
        if share >= COVERING && !self.see_through.contains(&true) && is_opaque(&image) {
            for letter in &mut self.survey.letters {
                if !letter.hidden && covered.contains(letter.origin) {
                    letter.hidden = true;
                    self.survey.covered_text = true;
                }
            }
        }
        // The transform maps pixels of the picture to points of the page as it is shown.
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let (per_x, per_y) = if a.abs() + d.abs() >= b.abs() + c.abs() {
            (a.hypot(b), c.hypot(d))
        } else {
            (c.hypot(d), a.hypot(b))
        };
        if per_x <= 0.0 || per_y <= 0.0 {
            return;
        }
        self.survey.pictures.push(Picture {
            share,
            dpi_x: 72.0 / per_x,
            dpi_y: 72.0 / per_y,
        });
    }
}

fn is_opaque(image: &Image<'_, '_>) -> bool {
    match image {
        Image::Stencil(_) => false,
        Image::Raster(image) => hides_what_is_below(image.stream().dict()),
    }
}

/// Whether a picture, by its dictionary, has neither a mask nor transparent pixels.
pub(super) fn hides_what_is_below(picture: &Dict<'_>) -> bool {
    let transparent = [b"SMask".as_slice(), b"Mask", b"SMaskInData"];
    !transparent.iter().any(|key| picture.contains_key(key)) && picture.get::<bool>(b"ImageMask") != Some(true)
}

fn covered(transform: Affine, width: f64, height: f64) -> Rect {
    let path = transform * Rect::new(0.0, 0.0, width, height).to_path(0.1);
    path.bounding_box()
}
