//! Drawing a PDF page at a size that we choose.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning, TransformExt};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};
use image::RgbImage;

use super::fonts;
use super::survey::Survey;
use crate::decode::failure::{Failure, FailureCode};
use crate::decode::limits::{MAX_PAGE_POINTS, MAX_RENDERED_PIXELS, MAX_SIDE, RENDER_DPI, TEXT_LAYER_DPI, VECTOR_DPI};
use crate::decode::page_image::PageImage;

/// Longest side in points of a page whose size on paper can be believed: A3 and a little more.
/// Programs that write one point for each pixel make pages far larger.
const PLAUSIBLE_POINTS: f64 = 1_400.0;

/// The size in pixels at which a page is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Dots per inch on paper; `None` when the size on paper cannot be believed.
    pub(super) dpi: Option<u32>,
}

/// Why a page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Its text will be recognised.
    Recognition,
    /// Its text is known; people will look at it.
    Reading,
}

impl Target {
    /// Chooses the size: the pixels of the dominant picture, or a resolution that fits the purpose.
    pub(super) fn choose(page: &Page<'_>, survey: &Survey, purpose: Purpose) -> Result<Self, Failure> {
        let (width, height) = page.render_dimensions();
        if !(width <= MAX_PAGE_POINTS && height <= MAX_PAGE_POINTS) {
            let detail = format!("{width:.0} x {height:.0} points; the limit is {MAX_PAGE_POINTS:.0}");
            return Err(Failure::new(FailureCode::PageTooLarge, detail));
        }
        // Large sheets count in units larger than a point (ISO 32000-1, 14.11.3).
        let unit = page
            .raw()
            .get::<f32>(b"UserUnit")
            .filter(|unit| (0.01..=1_000.0).contains(unit));
        let unit = f64::from(unit.unwrap_or(1.0));
        let (width, height) = (f64::from(width) * unit, f64::from(height) * unit);
        let plausible = width.max(height) <= PLAUSIBLE_POINTS;
        let (low, high) = (f64::from(*RENDER_DPI.start()), f64::from(*RENDER_DPI.end()));
        let (mut dpi_x, mut dpi_y) = match (purpose, survey.dominant_dpi()) {
            (Purpose::Recognition, Some((x, y))) => (x / unit, y / unit),
            (Purpose::Recognition, None) => (f64::from(VECTOR_DPI), f64::from(VECTOR_DPI)),
            (Purpose::Reading, _) => (f64::from(TEXT_LAYER_DPI), f64::from(TEXT_LAYER_DPI)),
        };
        // Below the low end characters are too small to recognise; above the high end nothing is gained.
        let mut factor = high.min(dpi_x.max(dpi_y)) / dpi_x.max(dpi_y);
        if plausible {
            factor = factor.max(low / dpi_x.max(dpi_y));
        }
        dpi_x *= factor;
        dpi_y *= factor;
        let pixels = (width * dpi_x / 72.0) * (height * dpi_y / 72.0);
        #[allow(clippy::cast_precision_loss)] // far below 2^52
        let cap = MAX_RENDERED_PIXELS as f64;
        if pixels > cap {
            let shrink = (cap / pixels).sqrt();
            dpi_x *= shrink;
            dpi_y *= shrink;
        }
        let side = |points: f64, dpi: f64| {
            let pixels = (points * dpi / 72.0).round().clamp(1.0, f64::from(MAX_SIDE));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most MAX_SIDE
            let pixels = pixels as u16;
            pixels
        };
        Ok(Self {
            width: side(width, dpi_x),
            height: side(height, dpi_y),
            dpi: if plausible {
                crate::decode::resolution::believed(dpi_x.max(dpi_y))
            } else {
                None
            },
        })
    }

    /// Maps points of the page, y upwards, to pixels of the drawn page.
    pub(super) fn transform(self, page: &Page<'_>) -> Affine {
        self.scale(page) * page.initial_transform(true).to_kurbo()
    }

    /// Maps points of the page as it is shown, y downwards, to pixels of the drawn page.
    pub(super) fn scale(self, page: &Page<'_>) -> Affine {
        let (width, height) = page.render_dimensions();
        Affine::scale_non_uniform(
            f64::from(self.width) / f64::from(width),
            f64::from(self.height) / f64::from(height),
        )
    }
}

/// Settings for one page, and whether a picture on it could not be decoded.
pub(super) struct Observed {
    pub(super) settings: InterpreterSettings,
    image_failed: Arc<AtomicBool>,
}

impl Observed {
    pub(super) fn new() -> Self {
        let image_failed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&image_failed);
        let settings = InterpreterSettings {
            font_resolver: fonts::resolver(),
            warning_sink: Arc::new(move |warning| {
                if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                    seen.store(true, Ordering::Relaxed);
                }
            }),
            ..InterpreterSettings::default()
        };
        Self { settings, image_failed }
    }

    pub(super) fn image_failed(&self) -> bool {
        self.image_failed.load(Ordering::Relaxed)
    }
}

/// Draws the page on white.
pub(super) fn draw<'a>(page: &'a Page<'a>, target: Target, observed: &Observed) -> PageImage {
    let single_threaded = hayro::vello_cpu::RenderSettings {
        num_threads: 0,
        ..hayro::vello_cpu::RenderSettings::default()
    };
    let mut context = RenderContext::new_with(target.width, target.height, single_threaded);
    hayro::render_into(
        page,
        &RenderCache::new(),
        &observed.settings,
        &RenderSettings::default(),
        &mut context,
        target.transform(page),
    );
    context.flush();
    let mut pixmap = Pixmap::new(target.width, target.height);
    context.render_with(
        &mut pixmap,
        &mut Resources::default(),
        RasterizerSettings {
            target_init: TargetInit::Clear(WHITE),
            ..RasterizerSettings::default()
        },
    );
    drop(context);
    // On white paper every pixel is opaque, so premultiplied colour is colour.
    let mut image = RgbImage::new(u32::from(target.width), u32::from(target.height));
    for (to, from) in image.pixels_mut().zip(pixmap.data()) {
        to.0 = [from.r, from.g, from.b];
    }
    PageImage::Rgb(image)
}
