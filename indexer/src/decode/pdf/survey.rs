//! What is on a PDF page, found without drawing it: pictures with their resolution, and letters.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

use crate::decode::limits::MAX_GLYPHS;

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

/// What the survey found.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    page_area: f64,
    pictures: Vec<Picture>,
    /// Letters that are painted.
    pub(super) visible_glyphs: usize,
    /// Letters of text rendering mode 3, as the text under a scan.
    pub(super) invisible_glyphs: usize,
    /// Where the letters start, in points of the page as it is shown, y downwards; no more than can be handled.
    pub(super) origins: Vec<Point>,
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
        };
        interpret_page(page, &mut context, &mut device);
        survey
    }

    /// Share of the page that pictures cover, 0 to 1; overlapping ones are counted once each.
    pub(super) fn picture_share(&self) -> f64 {
        self.pictures.iter().map(|p| p.share).sum::<f64>().min(1.0)
    }

    /// Resolution of the picture that covers most of the page, along width and height.
    pub(super) fn dominant_dpi(&self) -> Option<(f64, f64)> {
        let dominant = self.pictures.iter().max_by(|a, b| a.share.total_cmp(&b.share))?;
        // A logo says nothing about the page.
        (dominant.share > 0.02 || self.picture_share() > 0.5).then_some((dominant.dpi_x, dominant.dpi_y))
    }
}

struct Notes<'s> {
    survey: &'s mut Survey,
    area: Rect,
}

impl<'a> Device<'a> for Notes<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let count = run.glyphs().len();
        if matches!(mode, DrawMode::Invisible) {
            self.survey.invisible_glyphs += count;
        } else {
            self.survey.visible_glyphs += count;
        }
        let room = MAX_GLYPHS.saturating_sub(self.survey.origins.len());
        let origins = run
            .glyphs()
            .iter()
            .map(|g| props.transform * g.transform() * Point::ORIGIN);
        self.survey.origins.extend(origins.take(room));
        let vertical = hayro::hayro_interpret::hayro_cmap::WritingMode::Vertical;
        self.survey.vertical_text |= run.writing_mode() == vertical;
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let covered = covered(props.transform, width, height).intersect(self.area);
        if covered.is_zero_area() || self.survey.page_area <= 0.0 {
            return;
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
            share: covered.area() / self.survey.page_area,
            dpi_x: 72.0 / per_x,
            dpi_y: 72.0 / per_y,
        });
    }
}

fn covered(transform: Affine, width: f64, height: f64) -> Rect {
    let path = transform * Rect::new(0.0, 0.0, width, height).to_path(0.1);
    path.bounding_box()
}
