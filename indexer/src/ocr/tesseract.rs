//! The engine `tesseract`: whole pages, or single lines that another piece has found.

use image::{GrayImage, imageops};
use juanzong::record::PixelBox;
use tesseract::{PageSegMode, Tesseract};

use super::{LineReader, LineRequest, RawLine, RawWord, RecogniseError, Recogniser, hocr};
use crate::prepare::{PreparedPage, crop, resized_gray};

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

/// Height to which the print of a line is brought: what the model was trained on, measured on cells and lines of forms.
const PRINT_HEIGHT: u32 = 40;
/// Paper above, below, and at either end of the print. More of it makes the model read less.
const PAPER: (u32, u32) = (4, 6);
/// Resolution that this comes to.
const LINE_DPI: u32 = 300;
/// Height at which a line is cut out, before its print is found.
const CUT_HEIGHT: u32 = 80;
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
        let width = u64::from(area.width()) * u64::from(CUT_HEIGHT) / u64::from(area.height());
        let width = u32::try_from(width).unwrap_or(MAX_WIDTH).clamp(1, MAX_WIDTH);
        let piece = crop(line.page, line.to_page, area, (width, CUT_HEIGHT));
        let Some(print) = print_of(&piece) else {
            return Ok(None);
        };
        let shown = shown(&piece, print);
        let api = match self.api.take() {
            Some(api) => api,
            None => open(LINE_MODE)?,
        };
        let (api, read) = recognise(api, &shown, LINE_DPI)?;
        self.api = Some(api);
        let mut words: Vec<RawWord> = read.into_iter().flat_map(|line| line.words).collect();
        for symbol in words.iter_mut().flat_map(|word| &mut word.symbols) {
            symbol.area = back(symbol.area, area, print, width);
        }
        let (sum, count) = words
            .iter()
            .flat_map(|word| &word.symbols)
            .fold((0.0_f32, 0.0_f32), |(sum, count), s| (sum + s.confidence, count + 1.0));
        Ok((count > 0.0 && sum / count >= MIN_CONFIDENCE).then_some(RawLine { words, area }))
    }
}

/// Where the print stands in a piece: the rows and columns that hold dark pixels.
fn print_of(piece: &GrayImage) -> Option<PixelBox> {
    let mut sorted: Vec<u8> = piece.as_raw().clone();
    sorted.sort_unstable();
    let dark = u16::from(*sorted.get(sorted.len() / 50)?);
    let paper = u16::from(*sorted.last()?);
    // Half way between ink and paper; what is lighter than that on good paper is no print.
    let limit = ((dark + paper) / 2).min(170);
    let mut print: Option<PixelBox> = None;
    for (x, y, pixel) in piece.enumerate_pixels() {
        if u16::from(pixel.0[0]) < limit {
            let at = PixelBox::from([x, y, x + 1, y + 1]);
            print = Some(print.map_or(at, |p| p.union(at)));
        }
    }
    print.filter(|p| paper > dark + 30 && p.height() >= 4)
}

/// The print at the size that the model knows, with a little paper around it.
fn shown(piece: &GrayImage, print: PixelBox) -> GrayImage {
    let width = (print.width() * PRINT_HEIGHT / print.height().max(1)).clamp(1, MAX_WIDTH);
    let cut = imageops::crop_imm(piece, print.x0, print.y0, print.width(), print.height()).to_image();
    let scaled = resized_gray(&cut, (width, PRINT_HEIGHT));
    let size = (width + 2 * PAPER.1, PRINT_HEIGHT + 2 * PAPER.0);
    let mut shown = GrayImage::from_pixel(size.0, size.1, image::Luma([255]));
    imageops::replace(&mut shown, &scaled, i64::from(PAPER.1), i64::from(PAPER.0));
    shown
}

/// From the image that was shown to the canvas: as high as the line, because tesseract's boxes of a raw line are.
/// `width` is that of the piece in which the print was found.
fn back(symbol: PixelBox, area: PixelBox, print: PixelBox, width: u32) -> PixelBox {
    let at = |x: u32| {
        let x = u64::from(x.saturating_sub(PAPER.1)) * u64::from(print.height()) / u64::from(PRINT_HEIGHT);
        let x = (u64::from(print.x0) + x).min(print.x1.into());
        area.x0 + u32::try_from(x * u64::from(area.width()) / u64::from(width.max(1))).unwrap_or(0)
    };
    PixelBox {
        x0: at(symbol.x0),
        x1: at(symbol.x1).max(at(symbol.x0) + 1),
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_is_found_and_boxes_lead_back() {
        let mut piece = GrayImage::from_pixel(400, CUT_HEIGHT, image::Luma([240]));
        for (x, y) in (100..300).flat_map(|x| (20..60).map(move |y| (x, y))) {
            piece.put_pixel(x, y, image::Luma([20]));
        }
        let print = print_of(&piece).unwrap();
        assert_eq!(print, PixelBox::from([100, 20, 300, 60]));
        let image = shown(&piece, print);
        assert_eq!(image.dimensions(), (200 + 2 * PAPER.1, PRINT_HEIGHT + 2 * PAPER.0));
        // The line is twice as large on its canvas, so the first half of the print lies from 1200 to 1400.
        let area = PixelBox::from([1000, 500, 1800, 660]);
        let half = PixelBox::from([PAPER.1, 0, PAPER.1 + 100, 40]);
        assert_eq!(back(half, area, print, 400), PixelBox::from([1200, 500, 1400, 660]));
    }

    #[test]
    fn paper_holds_no_print() {
        assert_eq!(print_of(&GrayImage::from_pixel(50, 80, image::Luma([240]))), None);
        assert_eq!(print_of(&GrayImage::new(0, 0)), None);
    }
}
