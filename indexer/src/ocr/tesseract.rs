//! The engine `tesseract`: whole pages, or single lines that another piece has found.

use image::{GrayImage, imageops};
use juanzong::record::PixelBox;
use tesseract::{PageSegMode, Tesseract};

use super::{LineReader, LineRequest, RawLine, RawWord, RecogniseError, Recogniser, hocr};
use crate::prepare::{PreparedPage, crop};

const NAME: &str = "tesseract";

/// Simplified Chinese alone: with English beside it more characters are lost than won.
const LANGUAGE: &str = "chi_sim";

/// Tesseract, kept open between pages because loading its model takes as long as reading a short page.
pub(super) struct TesseractEngine {
    /// Taken out while a page is read, as the binding hands it through every call; gone after an error.
    api: Option<Tesseract>,
}

impl TesseractEngine {
    pub(super) fn new() -> Result<Self, RecogniseError> {
        Ok(Self {
            api: Some(open(PageSegMode::PsmAuto)?),
        })
    }
}

fn open(mode: PageSegMode) -> Result<Tesseract, RecogniseError> {
    let unavailable = |reason: String| RecogniseError::Unavailable { engine: NAME, reason };
    let mut api = Tesseract::new(None, Some(LANGUAGE)).map_err(|e| unavailable(e.to_string()))?;
    // A box and a confidence for each character; its own messages are of no use to anybody;
    // print is never white on black here, so lines are not tried inverted (a tenth of the time).
    for (name, value) in [
        ("hocr_char_boxes", "1"),
        ("debug_file", "/dev/null"),
        ("tessedit_do_invert", "0"),
    ] {
        api = api
            .set_variable(name, value)
            .map_err(|e| unavailable(format!("{name}: {e}")))?;
    }
    api.set_page_seg_mode(mode);
    Ok(api)
}

fn version() -> String {
    let version = tesseract::plumbing::version().to_string_lossy();
    format!("{NAME} {version} {LANGUAGE}")
}

fn failed(reason: &dyn std::fmt::Display) -> RecogniseError {
    RecogniseError::Page {
        engine: NAME,
        reason: reason.to_string(),
    }
}

/// Reads an image; gives the tool back with the answer, because every call takes it.
fn recognise(api: Tesseract, image: &GrayImage, dpi: u32) -> Result<(Tesseract, Vec<RawLine>), RecogniseError> {
    let side = |pixels: u32| i32::try_from(pixels).map_err(|_| failed(&format!("{pixels} pixels a side")));
    let (width, height) = (side(image.width())?, side(image.height())?);
    let mut api = api
        .set_variable("user_defined_dpi", &dpi.to_string())
        .map_err(|e| failed(&e))?
        .set_frame(image.as_raw(), width, height, 1, width)
        .map_err(|e| failed(&e))?
        .recognize()
        .map_err(|e| failed(&e))?;
    let answer = api.get_hocr_text(0).map_err(|e| failed(&e))?;
    let lines = hocr::parse(&answer).map_err(|reason| RecogniseError::Answer { engine: NAME, reason })?;
    Ok((api, lines))
}

impl Recogniser for TesseractEngine {
    fn name(&self) -> String {
        version()
    }

    fn recognise(&mut self, page: &PreparedPage) -> Result<Vec<RawLine>, RecogniseError> {
        let api = match self.api.take() {
            Some(api) => api,
            None => open(PageSegMode::PsmAuto)?,
        };
        let (api, lines) = recognise(api, &page.image, page.dpi)?;
        self.api = Some(api);
        Ok(lines)
    }
}

/// Tesseract reading single lines: without its own layout analysis, which costs most of its errors on Chinese forms.
pub(super) struct TesseractLines {
    api: Option<Tesseract>,
}

/// Height to which a line is brought, and the resolution that this comes to: the box of a line is higher than its print.
const LINE_HEIGHT: u32 = 60;
const LINE_DPI: u32 = 300;
/// Paper around a line.
const MARGIN: u32 = 10;
/// Widest line that is shown.
const MAX_WIDTH: u32 = 8_192;
/// Lines read with less mean confidence are not text.
const MIN_CONFIDENCE: f32 = 0.25;

impl TesseractLines {
    pub(super) fn new() -> Result<Self, RecogniseError> {
        Ok(Self {
            api: Some(open(LINE_MODE)?),
        })
    }
}

/// A raw line: tesseract neither looks for words nor throws away what looks like a rule.
const LINE_MODE: PageSegMode = PageSegMode::PsmRawLine;

impl LineReader for TesseractLines {
    fn name(&self) -> String {
        version()
    }

    fn read_line(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RecogniseError> {
        let area = line.area;
        if area.height() == 0 || area.width() == 0 {
            return Ok(None);
        }
        let width = u64::from(area.width()) * u64::from(LINE_HEIGHT) / u64::from(area.height());
        let width = u32::try_from(width).unwrap_or(MAX_WIDTH).clamp(1, MAX_WIDTH);
        let piece = crop(line.page, line.to_page, area, (width, LINE_HEIGHT));
        let mut shown = GrayImage::from_pixel(width + 2 * MARGIN, LINE_HEIGHT + 2 * MARGIN, image::Luma([255]));
        imageops::replace(&mut shown, &piece, i64::from(MARGIN), i64::from(MARGIN));
        let api = match self.api.take() {
            Some(api) => api,
            None => open(LINE_MODE)?,
        };
        let (api, read) = recognise(api, &shown, LINE_DPI)?;
        self.api = Some(api);
        let mut words: Vec<RawWord> = read.into_iter().flat_map(|line| line.words).collect();
        for symbol in words.iter_mut().flat_map(|word| &mut word.symbols) {
            symbol.area = back(symbol.area, area, width);
        }
        let (sum, count) = words
            .iter()
            .flat_map(|word| &word.symbols)
            .fold((0.0_f32, 0.0_f32), |(sum, count), s| (sum + s.confidence, count + 1.0));
        Ok((count > 0.0 && sum / count >= MIN_CONFIDENCE).then_some(RawLine { words, area }))
    }
}

/// From the piece that was shown to the canvas: as high as the line, because tesseract's boxes of a raw line are.
fn back(symbol: PixelBox, area: PixelBox, width: u32) -> PixelBox {
    let at = |x: u32| {
        let x = u64::from(x.saturating_sub(MARGIN).min(width));
        area.x0 + u32::try_from(x * u64::from(area.width()) / u64::from(width.max(1))).unwrap_or(0)
    };
    PixelBox {
        x0: at(symbol.x0),
        x1: at(symbol.x1).max(at(symbol.x0) + 1),
        ..area
    }
}
