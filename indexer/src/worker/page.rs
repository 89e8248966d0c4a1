//! One page from its pixels to its record: prepare → recognise → layout, and its images.

use juanzong::record::{PageRecord, PageText, TextSource};

use super::calibrated::Maps;
use super::protocol::ReadPage;
use super::{agreement, by_line, picture, rendition, upright};
use crate::decode::{DecodedPage, Failure, FailureCode, PageImage};
use crate::layout;
use crate::ocr::{Engine, Reader, RecogniseError};
use crate::prepare::Transform;

/// How text layers are named where other pages have the name of their recogniser.
const TEXT_LAYER: &str = concat!("pdf-extract text layer ", env!("CARGO_PKG_VERSION"));

/// Reads pages with one engine, which is started when the first page needs it.
pub struct PageReader {
    engine: Engine,
    reader: Option<Reader>,
    maps: Maps,
}

impl PageReader {
    /// A reader that will use this engine.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            reader: None,
            maps: Maps::of(engine),
        }
    }

    /// The same reader with the confidences of the engine itself, to which the maps are fitted.
    #[must_use]
    pub fn uncalibrated(self) -> Self {
        Self {
            maps: Maps::identity(),
            ..self
        }
    }

    /// Makes the record of a decoded page, with its images when they are wanted.
    pub fn read(&mut self, number: u32, page: DecodedPage, images: bool) -> Result<ReadPage, Failure> {
        let DecodedPage { image, dpi, text_layer } = page;
        let layer = text_layer.map(|glyphs| {
            layout::assemble(
                layout::lines_of_glyphs(&glyphs),
                &layout::Rules::default(),
                Transform::IDENTITY,
                (image.width(), image.height()),
            )
        });
        let (upright, record) = match layer {
            Some(text) if self.agrees(&image, &text)? => {
                let size = (image.width(), image.height());
                let record = record(number, size, dpi, TextSource::TextLayer, TEXT_LAYER.to_owned(), text);
                (image, record)
            }
            _ => self.recognise_page(number, image, dpi)?,
        };
        let looks = if images { picture::picture(&upright) } else { None };
        let (reading_image, thumbnail) = if images {
            rendition::images(&upright).map_err(|e| {
                let detail = format!("the page image cannot be written: {e}");
                Failure::new(FailureCode::DamagedImage, detail)
            })?
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(ReadPage {
            record,
            reading_image,
            thumbnail,
            picture: looks,
        })
    }

    /// Whether the picture of a page bears out its text layer. An engine that reads only whole pages is not asked, as that
    /// would cost as much as reading the page.
    fn agrees(&mut self, image: &PageImage, layer: &PageText) -> Result<bool, Failure> {
        match self.started()? {
            Reader::Lines { reader, .. } => {
                agreement::agrees(reader.as_mut(), image, &layer.lines).map_err(|e| recognise_failure(&e))
            }
            Reader::Pages(_) => Ok(true),
        }
    }

    fn recognise_page(
        &mut self,
        number: u32,
        image: PageImage,
        dpi: Option<u32>,
    ) -> Result<(PageImage, PageRecord), Failure> {
        let (upright, mut record) = self.recognise_as_said(number, image, dpi)?;
        self.maps.apply(&mut record.text);
        record.confidence = record.text.confidence();
        Ok((upright, record))
    }

    fn recognise_as_said(
        &mut self,
        number: u32,
        image: PageImage,
        dpi: Option<u32>,
    ) -> Result<(PageImage, PageRecord), Failure> {
        match self.started()? {
            Reader::Lines { detector, reader } => {
                let reading =
                    by_line::read(detector.as_mut(), reader.as_mut(), image, dpi).map_err(|e| recognise_failure(&e))?;
                let size = (reading.upright.width(), reading.upright.height());
                let mut text = layout::assemble(reading.lines, &reading.rules, reading.to_page, size);
                text.seals = reading.seals;
                let mut record = record(number, size, dpi, TextSource::Ocr, reader.name(), text);
                record.rotation = reading.rotation;
                record.skew = reading.skew;
                Ok((reading.upright, record))
            }
            Reader::Pages(engine) => {
                let reading = upright::read(engine.as_mut(), image, dpi).map_err(|e| recognise_failure(&e))?;
                let prepared = &reading.prepared;
                let text = layout::assemble(
                    reading.lines,
                    &layout::Rules::default(),
                    prepared.to_page,
                    prepared.page_size,
                );
                let mut record = record(number, prepared.page_size, dpi, TextSource::Ocr, engine.name(), text);
                record.rotation = reading.rotation;
                record.skew = prepared.skew;
                Ok((reading.upright, record))
            }
        }
    }

    fn started(&mut self) -> Result<&mut Reader, Failure> {
        let reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.engine.start().map_err(|e| recognise_failure(&e))?,
        };
        Ok(self.reader.insert(reader))
    }
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
