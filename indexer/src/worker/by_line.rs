//! Reading a page line by line: find the lines, find which way is up, read each line at the page's own resolution.

use juanzong::record::{PixelBox, Seal};

use crate::decode::PageImage;
use crate::layout::{Rules, rules};
use crate::ocr::{Direction, FoundLines, LineDetector, LineReader, LineRequest, RawLine, RecogniseError};
use crate::prepare::{self, CleanPage, Transform, seals};

/// Lines tried to find out which way is up.
const SAMPLE_LINES: usize = 3;
/// Characters of this mean confidence stand the right way up.
const SURE: f32 = 0.9;
/// The other way up must be this much surer to be believed.
const SURER: f32 = 0.1;
/// Fewer characters than this say nothing about which way is up.
const MIN_CHARACTERS: usize = 6;
/// A line that lies on the rim of a seal by this share is the seal's own text.
const ON_THE_RIM: f32 = 0.7;

/// What was found on a page.
pub(super) struct Reading {
    /// The page, the right way up.
    pub(super) upright: PageImage,
    /// The clockwise turn that made it so.
    pub(super) rotation: u32,
    /// Skew of the upright page in degrees, positive clockwise.
    pub(super) skew: f32,
    /// From the straight canvas, on which the lines lie, to the upright page.
    pub(super) to_page: Transform,
    pub(super) lines: Vec<RawLine>,
    /// The ruled lines, on the same canvas.
    pub(super) rules: Rules,
    /// The seals, in pixels of the upright page.
    pub(super) seals: Vec<Seal>,
}

/// Finds and reads the lines of a page.
pub(super) fn read(
    detector: &mut dyn LineDetector,
    reader: &mut dyn LineReader,
    image: PageImage,
    dpi: Option<u32>,
) -> Result<Reading, RecogniseError> {
    let mut page = Page::new(image, dpi, detector)?;
    if page.found.direction == Direction::Down {
        page = page.turned(90, detector)?;
    }
    if page.stands_on_its_head(reader)? {
        page = page.turned(180, detector)?;
    }
    let rules = rules::of_page(
        &page.clean.gray,
        page.found.to_page,
        page.found.canvas,
        Some(page.clean.dpi),
    );
    // No crop may span two cells of a table.
    let boxes = rules::split(std::mem::take(&mut page.found.boxes), &rules);
    let mut lines = Vec::with_capacity(boxes.len());
    for area in boxes {
        if !page.belongs_to_a_seal(area) {
            lines.extend(reader.read_line(&page.request(area))?);
        }
    }
    let seals = page.seals(reader)?;
    let to_page = page.to_page();
    Ok(Reading {
        upright: page.image,
        rotation: page.rotation,
        skew: page.found.skew,
        to_page,
        lines,
        rules,
        seals,
    })
}

/// A page while it is being read.
struct Page {
    image: PageImage,
    dpi: Option<u32>,
    clean: CleanPage,
    rotation: u32,
    found: FoundLines,
}

impl Page {
    fn new(image: PageImage, dpi: Option<u32>, detector: &mut dyn LineDetector) -> Result<Self, RecogniseError> {
        let (width, height) = (image.width(), image.height());
        let known = dpi.unwrap_or_else(|| prepare::estimate_dpi(width, height)).max(1);
        let clean = prepare::clean(&image, known);
        let found = match clean.blank {
            Some(_) => FoundLines::none(clean.gray.dimensions()),
            None => detector.find_lines(&clean.gray)?,
        };
        Ok(Self {
            image,
            dpi,
            clean,
            rotation: 0,
            found,
        })
    }

    fn turned(self, clockwise: u32, detector: &mut dyn LineDetector) -> Result<Self, RecogniseError> {
        let rotation = (self.rotation + clockwise) % 360;
        Ok(Self {
            rotation,
            ..Self::new(self.image.turned(clockwise), self.dpi, detector)?
        })
    }

    /// From the canvas to the upright page, which may be finer than what is read.
    fn to_page(&self) -> Transform {
        let scale = f64::from(self.clean.scale);
        self.found.to_page.then(Transform::scale(scale, scale))
    }

    fn belongs_to_a_seal(&self, line: PixelBox) -> bool {
        let size = (self.image.width(), self.image.height());
        let on_page = self.to_page().apply_to_box(line, size);
        self.clean
            .seals
            .iter()
            .any(|seal| seals::covers(seal, on_page) > ON_THE_RIM)
    }

    /// Reads the text of the seals, each unrolled to straight strips.
    fn seals(&self, reader: &mut dyn LineReader) -> Result<Vec<Seal>, RecogniseError> {
        let mut read = Vec::with_capacity(self.clean.seals.len());
        for seal in &self.clean.seals {
            let mut text = String::new();
            let mut certainty = Certainty::default();
            for strip in seals::unroll(&self.image, seal) {
                let line = reader.read_line(&LineRequest {
                    page: &strip,
                    to_page: Transform::IDENTITY,
                    area: PixelBox::from([0, 0, strip.width(), strip.height()]),
                })?;
                certainty.add(line.as_ref());
                text.extend(
                    line.iter()
                        .flat_map(RawLine::symbols)
                        .map(|symbol| symbol.text.as_str()),
                );
            }
            read.push(Seal {
                text,
                area: seal.area,
                confidence: certainty.mean(),
            });
        }
        Ok(read)
    }

    fn request(&self, area: PixelBox) -> LineRequest<'_> {
        LineRequest {
            page: &self.clean.gray,
            to_page: self.found.to_page,
            area,
        }
    }

    /// Reads a few lines, and when they are doubtful, the same lines the other way up.
    fn stands_on_its_head(&self, reader: &mut dyn LineReader) -> Result<bool, RecogniseError> {
        let sample = self.sample();
        let mut this_way = Certainty::default();
        for area in &sample {
            this_way.add(reader.read_line(&self.request(*area))?.as_ref());
        }
        if sample.is_empty() || (this_way.mean() >= SURE && this_way.characters >= MIN_CHARACTERS) {
            return Ok(false);
        }
        let mut other_way = Certainty::default();
        for area in &sample {
            let middle = (f64::from(area.x0 + area.x1) / 2.0, f64::from(area.y0 + area.y1) / 2.0);
            let turn = Transform::rotation_about(std::f64::consts::PI, middle);
            let request = LineRequest {
                to_page: turn.then(self.found.to_page),
                ..self.request(*area)
            };
            other_way.add(reader.read_line(&request)?.as_ref());
        }
        Ok(other_way.characters >= MIN_CHARACTERS && other_way.mean() > this_way.mean() + SURER)
    }

    /// Lines of middling length: enough characters to judge by, quickly read.
    fn sample(&self) -> Vec<PixelBox> {
        let mut lines: Vec<PixelBox> = self
            .found
            .boxes
            .iter()
            .copied()
            .filter(|area| area.width() >= 4 * area.height())
            .collect();
        lines.sort_by_key(|area| {
            let shape = area.width() / area.height().max(1);
            (shape.abs_diff(12), area.y0, area.x0)
        });
        lines.truncate(SAMPLE_LINES);
        lines
    }
}

/// How sure a reader was of some lines.
#[derive(Default)]
struct Certainty {
    sum: f32,
    characters: usize,
}

impl Certainty {
    fn add(&mut self, line: Option<&RawLine>) {
        for symbol in line.into_iter().flat_map(RawLine::symbols) {
            self.sum += symbol.confidence;
            self.characters += 1;
        }
    }

    fn mean(&self) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a few lines
        let mean = self.sum / self.characters.max(1) as f32;
        mean
    }
}
