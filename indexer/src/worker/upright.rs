//! Which way up a page is, found by reading it.
//!
//! The recogniser itself finds lines that run along the page. Up or down shows in how sure it is of the Han
//! characters that it reads; ornaments and specks, which it also takes for letters, don't count. Most pages are the
//! right way up, so only pages that were read badly get a second look, and only at their longest lines.

use image::{GrayImage, Luma};
use juanzong::record::PixelBox;

use crate::decode::PageImage;
use crate::layout::is_han;
use crate::ocr::{RawLine, RawSymbol, RecogniseError, Recogniser};
use crate::prepare::{self, PreparedPage};

/// Han characters read with less than this mean confidence may be upside down.
const SURE: f32 = 0.72;
/// The other way up must be this much surer to be believed.
const SURER: f32 = 0.15;
/// Fewer Han characters than this say nothing about which way is up.
const MIN_CHARACTERS: usize = 6;
/// Lines that are tried both ways up.
const SAMPLE_LINES: usize = 4;
/// White around each of them, in pixels.
const MARGIN: u32 = 24;

/// What recognition found on a page.
pub(super) struct Reading {
    /// The page, the right way up.
    pub(super) upright: PageImage,
    /// The clockwise turn that made it so.
    pub(super) rotation: u32,
    pub(super) prepared: PreparedPage,
    pub(super) lines: Vec<RawLine>,
}

/// Finds which way is up and reads the page that way.
pub(super) fn read(engine: &mut dyn Recogniser, image: PageImage, dpi: Option<u32>) -> Result<Reading, RecogniseError> {
    let mut reading = turned(engine, image, 0, 0, dpi)?;
    if lies_sideways(&reading.lines) {
        reading = turned(engine, reading.upright, reading.rotation, 90, dpi)?;
    }
    if is_upside_down(engine, &reading)? {
        reading = turned(engine, reading.upright, reading.rotation, 180, dpi)?;
    }
    Ok(reading)
}

fn turned(
    engine: &mut dyn Recogniser,
    image: PageImage,
    rotation: u32,
    turn: u32,
    dpi: Option<u32>,
) -> Result<Reading, RecogniseError> {
    let upright = image.turned(turn);
    let prepared = prepare::prepare(&upright, dpi);
    let lines = engine.recognise(&prepared)?;
    Ok(Reading {
        upright,
        rotation: (rotation + turn) % 360,
        prepared,
        lines,
    })
}

/// Whether most Han characters stand in lines that are higher than wide.
fn lies_sideways(lines: &[RawLine]) -> bool {
    let long = lines.iter().filter(|line| line.symbols().count() >= 4);
    let (tall, wide): (Vec<&RawLine>, Vec<&RawLine>) = long.partition(|line| line.area.height() > line.area.width());
    let characters = |lines: &[&RawLine]| lines.iter().map(|line| han(line).count()).sum::<usize>();
    characters(&tall) > characters(&wide)
}

fn is_upside_down(engine: &mut dyn Recogniser, reading: &Reading) -> Result<bool, RecogniseError> {
    let (sure, characters) = certainty(&reading.lines);
    if characters == 0 || (sure >= SURE && characters >= MIN_CHARACTERS) {
        return Ok(false);
    }
    let Some(sample) = longest_lines(reading) else {
        return Ok(false);
    };
    let this_way = certainty(&engine.recognise(&sample)?);
    let other_way = certainty(&engine.recognise(&sample.turned(180))?);
    Ok(other_way.1 >= MIN_CHARACTERS && other_way.0 > this_way.0 + SURER)
}

/// Mean confidence of the Han characters, and their number.
fn certainty(lines: &[RawLine]) -> (f32, usize) {
    let (sum, count) = lines
        .iter()
        .flat_map(han)
        .fold((0.0, 0_usize), |(sum, count), s| (sum + s.confidence, count + 1));
    #[allow(clippy::cast_precision_loss)] // a page has far fewer than 2^24 characters
    let mean = if count == 0 { 0.0 } else { sum / count as f32 };
    (mean, count)
}

fn han(line: &RawLine) -> impl Iterator<Item = &RawSymbol> {
    line.symbols().filter(|symbol| symbol.text.chars().any(is_han))
}

/// The lines with the most Han characters, one below the other on white.
fn longest_lines(reading: &Reading) -> Option<PreparedPage> {
    let page = &reading.prepared.image;
    let mut lines: Vec<(usize, PixelBox)> = reading
        .lines
        .iter()
        .map(|line| (han(line).count(), line.area))
        .filter(|(characters, area)| *characters > 0 && area.x1 <= page.width() && area.y1 <= page.height())
        .filter(|(_, area)| area.width() > 0 && area.height() > 0 && area.height() < page.height() / 6)
        .collect();
    lines.sort_by_key(|(characters, _)| std::cmp::Reverse(*characters));
    lines.truncate(SAMPLE_LINES);
    let width = lines.iter().map(|(_, area)| area.width()).max()? + 2 * MARGIN;
    let height = lines.iter().map(|(_, area)| area.height() + 2 * MARGIN).sum();
    let mut sample = GrayImage::from_pixel(width, height, Luma([255]));
    let mut top = MARGIN;
    for (_, area) in lines {
        let line = image::imageops::crop_imm(page, area.x0, area.y0, area.width(), area.height()).to_image();
        image::imageops::replace(&mut sample, &line, i64::from(MARGIN), i64::from(top));
        top += area.height() + 2 * MARGIN;
    }
    Some(reading.prepared.with_image(sample))
}
