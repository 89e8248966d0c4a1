//! One page from its pixels to its record: prepare → recognise → layout, and its images.

use juanzong::record::{PageRecord, PageText, TextSource};

use super::protocol::ReadPage;
use super::rendition;
use crate::decode::{DecodedPage, Failure, FailureCode, PageImage};
use crate::layout;
use crate::ocr::{Engine, RawLine, RecogniseError, Recogniser, certainty};
use crate::prepare::{self, PreparedPage, Transform};

/// A page read with less than this certainty may be upside down.
const SURE: f32 = 0.72;
/// The other way up must be this much surer to be believed.
const SURER: f32 = 0.10;
/// Fewer characters than this say nothing about which way is up.
const MIN_CHARACTERS: usize = 12;

/// How text layers are named where other pages have the name of their recogniser.
const TEXT_LAYER: &str = concat!("pdf-extract text layer ", env!("CARGO_PKG_VERSION"));

/// Reads pages with one engine, which is started when the first page needs it.
pub struct PageReader {
    engine: Engine,
    recogniser: Option<Box<dyn Recogniser>>,
}

/// What recognition found on a page.
struct Reading {
    upright: PageImage,
    rotation: u32,
    prepared: PreparedPage,
    lines: Vec<RawLine>,
}

impl PageReader {
    /// A reader that will use this engine.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            recogniser: None,
        }
    }

    /// Makes the record of a decoded page, with its images when they are wanted.
    pub fn read(&mut self, number: u32, page: DecodedPage, images: bool) -> Result<ReadPage, Failure> {
        let DecodedPage { image, dpi, text_layer } = page;
        let (upright, record) = match text_layer {
            Some(glyphs) => {
                let size = (image.width(), image.height());
                let text = layout::assemble(layout::lines_of_glyphs(&glyphs), Transform::IDENTITY, size);
                let record = record(number, size, dpi, TextSource::TextLayer, TEXT_LAYER.to_owned(), text);
                (image, record)
            }
            None => self.recognise_page(number, image, dpi)?,
        };
        let encode = |result: image::ImageResult<Vec<u8>>| {
            result.map_err(|e| {
                Failure::new(
                    FailureCode::DamagedImage,
                    format!("the page image cannot be written: {e}"),
                )
            })
        };
        let (reading_image, thumbnail) = if images {
            (
                encode(rendition::reading_image(&upright))?,
                encode(rendition::thumbnail_image(&upright))?,
            )
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(ReadPage {
            record,
            reading_image,
            thumbnail,
        })
    }

    fn recognise_page(
        &mut self,
        number: u32,
        image: PageImage,
        dpi: Option<u32>,
    ) -> Result<(PageImage, PageRecord), Failure> {
        let engine = self.recogniser()?;
        let reading = read_upright(engine, image, dpi).map_err(|e| recognise_failure(&e))?;
        let name = engine.name();
        let prepared = &reading.prepared;
        let text = layout::assemble(reading.lines, prepared.to_page, prepared.page_size);
        let mut record = record(number, prepared.page_size, dpi, TextSource::Ocr, name, text);
        record.rotation = reading.rotation;
        record.skew = prepared.skew;
        Ok((reading.upright, record))
    }

    fn recogniser(&mut self) -> Result<&mut dyn Recogniser, Failure> {
        let recogniser = match self.recogniser.take() {
            Some(recogniser) => recogniser,
            None => self.engine.start().map_err(|e| recognise_failure(&e))?,
        };
        Ok(self.recogniser.insert(recogniser).as_mut())
    }
}

/// Finds which way is up and reads the page that way.
///
/// The recogniser itself finds lines that run along the page; up or down shows in how sure it is of what it reads.
/// Most pages are the right way up, so only pages that were read badly get a second look.
fn read_upright(engine: &mut dyn Recogniser, image: PageImage, dpi: Option<u32>) -> Result<Reading, RecogniseError> {
    let mut reading = read_turned(engine, image, 0, dpi)?;
    if lies_sideways(&reading.lines) {
        reading = read_turned(engine, reading.upright, 90, dpi)?;
    }
    let (sure, characters) = certainty(&reading.lines);
    if sure >= SURE && characters >= MIN_CHARACTERS {
        return Ok(reading);
    }
    let sample = reading.prepared.densest_band();
    let mut best = (certainty(&engine.recognise(&sample)?).0 + SURER, 0);
    for turn in [180, 90, 270] {
        let (sure, characters) = certainty(&engine.recognise(&sample.turned(turn))?);
        if sure > best.0 && characters >= MIN_CHARACTERS {
            best = (sure, turn);
        }
    }
    match best.1 {
        0 => Ok(reading),
        turn => {
            let rotation = reading.rotation;
            let again = read_turned(engine, reading.upright, turn, dpi)?;
            Ok(Reading {
                rotation: (rotation + turn) % 360,
                ..again
            })
        }
    }
}

/// Whether most lines of some length are higher than wide.
fn lies_sideways(lines: &[RawLine]) -> bool {
    let long: Vec<&RawLine> = lines.iter().filter(|line| line.symbols().count() >= 4).collect();
    let tall = long
        .iter()
        .filter(|line| line.area.height() > line.area.width())
        .count();
    tall * 2 > long.len()
}

fn read_turned(
    engine: &mut dyn Recogniser,
    image: PageImage,
    rotation: u32,
    dpi: Option<u32>,
) -> Result<Reading, RecogniseError> {
    let upright = image.turned(rotation);
    let prepared = prepare::prepare(&upright, dpi);
    let lines = engine.recognise(&prepared)?;
    Ok(Reading {
        upright,
        rotation,
        prepared,
        lines,
    })
}

fn record(
    number: u32,
    (width, height): (u32, u32),
    dpi: Option<u32>,
    source: TextSource,
    engine: String,
    text: PageText,
) -> PageRecord {
    PageRecord {
        number,
        width,
        height,
        dpi,
        rotation: 0,
        skew: 0.0,
        confidence: text.confidence(),
        source,
        engine,
        text,
        failure: None,
    }
}

fn recognise_failure(error: &RecogniseError) -> Failure {
    let code = match error {
        RecogniseError::Unavailable { .. } => FailureCode::WorkerUnavailable,
        RecogniseError::Page { .. } | RecogniseError::Answer { .. } => FailureCode::RecognitionFailed,
    };
    Failure::new(code, error.to_string())
}
