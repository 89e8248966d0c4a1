//! Reading a page line by line: find the lines, find which way is up, read each line at the page's own resolution.

use juanzong::record::{PixelBox, Seal};

use super::certainty::Certainty;
use super::{gaps, page_number, show_through, under_seal};
use crate::decode::PageImage;
use crate::layout::{Rules, rules, stack};
use crate::ocr::{Direction, FoundLines, LineDetector, LineReader, LineRequest, RawLine, RecogniseError};
use crate::prepare::{self, CleanPage, Transform, crop, seals};

/// Lines tried to find out which way is up.
const SAMPLE_LINES: usize = 3;
/// Characters of this mean confidence stand the right way up.
const SURE: f32 = 0.9;
/// The other way up so many times as many characters must be read, each counted by its confidence.
const MORE: f32 = 1.3;
/// Another reading of the same line must be this much surer to be believed.
const SURER: f32 = 0.1;
/// A character that stands alone must be read this surely.
const SURE_ALONE: f32 = 0.85;
/// A shorter line says nothing about being mirrored: many characters are their own mirror.
const MIRRORED: usize = 4;
/// Lines read more surely than this are not looked at from behind.
const SURELY_PRINT: f32 = 0.95;
/// Fewer characters than this say nothing about which way is up.
const MIN_CHARACTERS: usize = 6;
/// A line that lies on the rim of a seal by this share is the seal's own text.
const ON_THE_RIM: f32 = 0.55;
/// Letters of a seal on their side are read no more surely than this.
const DOUBTFUL: f32 = 0.8;

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
    let seals = page.seals(reader)?;
    let mut of_the_back = 0;
    for area in boxes {
        if let Some(line) = page.read(area, reader)?
            && !is_speck(&line)
            && !page.belongs_to_a_seal(&line, &seals)
        {
            if page.shows_through(&line, reader)? {
                of_the_back += line.symbols().count();
            } else {
                lines.push(line);
            }
        }
    }
    under_seal::read_again(&mut lines, (&page.clean, &page.found), reader)?;
    let mut lines = show_through::without(lines, of_the_back, &page.clean.gray, page.found.to_page);
    gaps::complete(&mut lines, page.request(PixelBox::default()), reader)?;
    let foot = page_number::Foot {
        request: page.request(PixelBox::default()),
        canvas: page.found.canvas,
    };
    foot.complete(&mut lines, reader)?;
    if of_the_back > 0 && lines.iter().all(page_number::is_one) {
        // The number of the other page: `— 1 —` looks the same from behind.
        lines.clear();
    }
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
    /// Lines that were read to find out which way is up.
    tried: Vec<(PixelBox, Option<RawLine>)>,
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
            tried: Vec::new(),
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

    /// Whether a line is part of the text of a seal whose ink could not be taken out of the page.
    ///
    /// Print that lies on the rim is kept: it is the whole name of the agency or something else than the seal says.
    fn belongs_to_a_seal(&self, line: &RawLine, read: &[Seal]) -> bool {
        let size = (self.image.width(), self.image.height());
        let on_page = self.to_page().apply_to_box(line.area, size);
        let text = line.text();
        let found = self.clean.seals.iter().zip(&self.clean.faded).zip(read);
        found.into_iter().any(|((seal, faded), read)| {
            let own = text.chars().filter(|c| read.text.contains(*c)).count();
            let (length, all) = (text.chars().count(), read.text.chars().count());
            let of_its_letters = own * 5 >= length * 3 || Certainty::of(Some(line)).mean() < DOUBTFUL && own > 0;
            !faded && seals::covers(seal, on_page) > ON_THE_RIM && of_its_letters && length * 10 < all * 8
        })
    }

    /// Whether a doubtful line is print of the back that shows through: mirrored, it is read more surely.
    fn shows_through(&self, line: &RawLine, reader: &mut dyn LineReader) -> Result<bool, RecogniseError> {
        let this_way = Certainty::of(Some(line));
        if this_way.mean() >= SURELY_PRINT {
            return Ok(false);
        }
        let (left, right) = (f64::from(line.area.x0), f64::from(line.area.x1));
        let mirror = Transform::scale(-1.0, 1.0).then(Transform::translation(left + right, 0.0));
        let mirrored = reader.read_line(&LineRequest {
            to_page: mirror.then(self.found.to_page),
            ..self.request(line.area)
        })?;
        let mirrored = Certainty::of(mirrored.as_ref());
        Ok(mirrored.characters >= MIRRORED
            && mirrored.sum > this_way.sum
            && mirrored.mean() > this_way.mean() + SURER / 2.0)
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
                text.push_str(&line.as_ref().map(RawLine::text).unwrap_or_default());
            }
            read.push(Seal {
                text,
                area: seal.area,
                confidence: certainty.mean(),
            });
        }
        Ok(read)
    }

    /// Reads a line, and a tall box also as a column of characters, whichever is read more surely.
    fn read(&self, area: PixelBox, reader: &mut dyn LineReader) -> Result<Option<RawLine>, RecogniseError> {
        let line = match self.tried.iter().find(|(tried, _)| *tried == area) {
            Some((_, line)) => line.clone(),
            None => reader.read_line(&self.request(area))?,
        };
        if !stack::is_tall(area) {
            return Ok(line);
        }
        let as_line = Certainty::of(line.as_ref());
        let piece = crop(
            &self.clean.gray,
            self.found.to_page,
            area,
            (area.width(), area.height()),
        );
        let characters = stack::characters(&piece, area);
        // A single narrow digit is taller than wide, too.
        if characters.len() < 2 || as_line.mean() >= SURE && as_line.characters != 1 {
            return Ok(line);
        }
        let mut column = RawLine {
            area,
            ..RawLine::default()
        };
        for character in &characters {
            let read = reader.read_line(&self.request(*character))?;
            column.words.extend(read.into_iter().flat_map(|line| line.words));
        }
        let as_column = Certainty::of(Some(&column));
        // Noise beside a column makes it look wider, so that a piece may hold two of its characters.
        let surer = as_column.characters >= characters.len() && as_column.mean() > as_line.mean();
        Ok(if surer { Some(column) } else { line })
    }

    fn request(&self, area: PixelBox) -> LineRequest<'_> {
        LineRequest {
            page: &self.clean.gray,
            to_page: self.found.to_page,
            area,
        }
    }

    /// Reads a few lines, and when they are doubtful, the same lines the other way up.
    fn stands_on_its_head(&mut self, reader: &mut dyn LineReader) -> Result<bool, RecogniseError> {
        let sample = self.sample();
        let mut this_way = Certainty::default();
        for area in &sample {
            let line = reader.read_line(&self.request(*area))?;
            this_way.add(line.as_ref());
            self.tried.push((*area, line));
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
        // Upside down hardly anything is read, and the little that is may be read surely.
        Ok(other_way.characters >= MIN_CHARACTERS && other_way.sum > this_way.sum * MORE)
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
            (shape.abs_diff(16), area.y0, area.x0)
        });
        lines.truncate(SAMPLE_LINES);
        lines
    }
}

/// Whether a line is one doubtful character: a fold, a shadow, a punch hole.
fn is_speck(line: &RawLine) -> bool {
    let certainty = Certainty::of(Some(line));
    certainty.characters == 1 && certainty.mean() < SURE_ALONE
}
