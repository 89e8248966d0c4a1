//! The number of a page (`— 3 —`) at its foot: detectors lose the dashes beside the digits, or all of it.
//!
//! A number that was found is read once more with room for its dashes. Where none was found, the paper below the last
//! line is searched for a small piece of print that stands alone, and what is read there is believed only when it is a
//! number between dashes.

use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};
use juanzong::record::PixelBox;
use unicode_normalization::UnicodeNormalization as _;

use crate::ocr::{LineReader, LineRequest, RawLine, RecogniseError};
use crate::prepare::crop;

/// Share of the height of the page, at its foot, in which its number stands.
const FOOT: f32 = 0.13;
/// Dashes and the spaces before them reach so many heights of the number beyond its digits.
const REACH: f32 = 1.8;
/// Digits of a page number.
const DIGITS: usize = 4;
/// A number between dashes must be read this surely.
const SURE: f32 = 0.6;
/// Ink is darker than paper by this much.
const INK: u8 = 70;
/// Pixels of the canvas per pixel of the piece in which print is searched.
const COARSE: u32 = 3;
/// Most pieces of print that are tried.
const TRIES: usize = 3;

/// A page as its number is searched on it.
pub(super) struct Foot<'p> {
    /// The whole canvas; its area is replaced by that of each piece that is read.
    pub(super) request: LineRequest<'p>,
    /// Width and height of the straight canvas.
    pub(super) canvas: (u32, u32),
}

impl Foot<'_> {
    /// Completes the page number among `lines`, or adds it to them.
    pub(super) fn complete(&self, lines: &mut Vec<RawLine>, reader: &mut dyn LineReader) -> Result<(), RecogniseError> {
        #[allow(clippy::cast_precision_loss)] // pixels
        let foot = self.canvas.1 as f32 * (1.0 - FOOT);
        #[allow(clippy::cast_precision_loss)] // pixels
        let at_foot = |area: PixelBox| (area.y0 + area.y1) as f32 / 2.0 >= foot;
        let lowest = lines.iter().map(|line| line.area.y1).max();
        let number = lines
            .iter()
            .position(|line| at_foot(line.area) && core(&line.text()).is_some() && stands_alone(line, lines));
        if let Some(number) = number {
            if !between_dashes(&lines[number].text()) {
                let area = self.widened(lines[number].area);
                if let Some(read) = self.read(area, reader)?
                    && core(&read.text()) == core(&lines[number].text())
                {
                    lines[number] = read;
                }
            } else {
                with_plain_dashes(&mut lines[number]);
            }
            return Ok(());
        }
        let Some(lowest) = lowest else { return Ok(()) };
        let mut heights: Vec<u32> = lines.iter().map(|line| line.area.height()).collect();
        heights.sort_unstable();
        let usual = heights[heights.len() / 2];
        for area in self.print_below(lowest, usual) {
            if let Some(read) = self.read(area, reader)? {
                lines.push(read);
                break;
            }
        }
        Ok(())
    }

    /// Reads a piece; `None` unless it is a number between dashes.
    fn read(&self, area: PixelBox, reader: &mut dyn LineReader) -> Result<Option<RawLine>, RecogniseError> {
        let read = reader.read_line(&LineRequest { area, ..self.request })?;
        Ok(read
            .filter(|line| between_dashes(&line.text()) && surely(line))
            .map(|mut line| {
                with_plain_dashes(&mut line);
                line
            }))
    }

    fn widened(&self, area: PixelBox) -> PixelBox {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )] // pixels
        let reach = (area.height() as f32 * REACH) as u32;
        PixelBox {
            x0: area.x0.saturating_sub(reach),
            x1: (area.x1 + reach).min(self.canvas.0),
            ..area
        }
    }

    /// Pieces of print below `lowest` that are not higher than a line of `usual` height and a few characters wide, the
    /// nearest to the text first.
    fn print_below(&self, lowest: u32, usual: u32) -> Vec<PixelBox> {
        let (width, height) = self.canvas;
        // The edge of the sheet is no print.
        let edge = height / 60;
        let band = PixelBox::from([edge, lowest, width.saturating_sub(edge), height.saturating_sub(edge)]);
        if usual < 4 * COARSE || band.y0 + usual > band.y1 || band.x0 >= band.x1 {
            return Vec::new();
        }
        let size = (band.width() / COARSE, band.height() / COARSE);
        let piece = crop(self.request.page, self.request.to_page, band, size);
        let mut groups = groups(&marks(&piece, usual / COARSE), usual / COARSE);
        groups.retain(|area| {
            let (w, h) = (area.width() * COARSE, area.height() * COARSE);
            h * 4 >= usual && h <= usual && w * 2 >= usual && w <= usual * 6
        });
        // Many pieces are specks or a stamp.
        if groups.len() > TRIES {
            return Vec::new();
        }
        groups.sort_by_key(|area| (area.y0, area.x0));
        let margin = usual / 4;
        groups
            .into_iter()
            .map(|area| PixelBox {
                x0: (band.x0 + area.x0 * COARSE).saturating_sub(margin),
                y0: (band.y0 + area.y0 * COARSE).saturating_sub(margin),
                x1: (band.x0 + area.x1 * COARSE + margin).min(width),
                y1: (band.y0 + area.y1 * COARSE + margin).min(height),
            })
            .collect()
    }
}

/// Whether a line is nothing but a page number, with or without dashes.
pub(super) fn is_one(line: &RawLine) -> bool {
    core(&line.text()).is_some()
}

/// The connected marks of a piece that are neither specks nor higher than a line.
fn marks(piece: &GrayImage, usual: u32) -> Vec<PixelBox> {
    let paper = piece.as_raw().iter().copied().max().unwrap_or(255);
    let limit = paper.saturating_sub(INK);
    let mut ink = piece.clone();
    for pixel in ink.pixels_mut() {
        pixel.0 = [u8::from(pixel.0[0] < limit)];
    }
    let labels = connected_components(&ink, Connectivity::Eight, Luma([0]));
    let mut boxes: Vec<Option<PixelBox>> = Vec::new();
    for (x, y, label) in labels.enumerate_pixels() {
        let Some(index) = (label.0[0] as usize).checked_sub(1) else {
            continue;
        };
        if boxes.len() <= index {
            boxes.resize(index + 1, None);
        }
        let own = PixelBox::from([x, y, x + 1, y + 1]);
        boxes[index] = Some(boxes[index].map_or(own, |area| area.union(own)));
    }
    boxes
        .into_iter()
        .flatten()
        .filter(|area| area.height() <= usual && area.width().max(area.height()) * 6 >= usual)
        .collect()
}

/// Joins marks that stand beside each other, as digits and dashes with a space between do.
fn groups(marks: &[PixelBox], usual: u32) -> Vec<PixelBox> {
    let mut sorted = marks.to_vec();
    sorted.sort_by_key(|area| (area.x0, area.y0));
    let mut groups: Vec<PixelBox> = Vec::new();
    for mark in sorted {
        let beside = |group: &&mut PixelBox| {
            mark.x0 <= group.x1 + usual && mark.y0 < group.y1 + usual / 4 && group.y0 < mark.y1 + usual / 4
        };
        match groups.iter_mut().find(beside) {
            Some(group) => *group = group.union(mark),
            None => groups.push(mark),
        }
    }
    groups
}

/// Nothing else stands in the row of a page number.
fn stands_alone(line: &RawLine, lines: &[RawLine]) -> bool {
    let in_row = |other: &&RawLine| other.area.y0 < line.area.y1 && line.area.y0 < other.area.y1;
    lines.iter().filter(in_row).count() == 1
}

/// What dashes beside a number are read as.
fn is_dash(c: char) -> bool {
    "-—–―－ー一~_─".contains(c)
}

/// The digits of a page number with or without dashes.
fn core(text: &str) -> Option<&str> {
    let digits = text.trim_matches(is_dash);
    let fits = (1..=DIGITS).contains(&digits.chars().count()) && digits.chars().all(is_digit);
    fits.then_some(digits)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Whether the digits were read surely; the dashes have too many names to be.
fn surely(line: &RawLine) -> bool {
    let mut digits = line.symbols().filter(|symbol| symbol.text.chars().all(is_digit));
    digits.all(|symbol| symbol.confidence >= SURE)
}

fn between_dashes(text: &str) -> bool {
    core(text).is_some() && text.starts_with(is_dash) && text.ends_with(is_dash)
}

/// The character 一 beside the digits is a dash, and the digits are plain ones.
fn with_plain_dashes(line: &mut RawLine) {
    for symbol in line.words.iter_mut().flat_map(|word| &mut word.symbols) {
        if symbol.text.chars().all(is_digit) {
            symbol.text = symbol.text.nfkc().collect();
        } else if symbol.text.chars().all(is_dash) {
            "—".clone_into(&mut symbol.text);
            symbol.alternatives.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{RawSymbol, RawWord};
    use crate::prepare::Transform;

    /// Says what stands in a box: a number with the dashes that lie inside.
    struct Reads(PixelBox, &'static str);

    impl LineReader for Reads {
        fn name(&self) -> String {
            "test".into()
        }

        fn read_line(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RecogniseError> {
            let (asked, print) = (line.area, self.0);
            let inside = asked.x0 <= print.x0 && asked.y0 <= print.y0 && asked.x1 >= print.x1 && asked.y1 >= print.y1;
            Ok(inside.then(|| raw(self.1, asked)))
        }
    }

    fn raw(text: &str, area: PixelBox) -> RawLine {
        let symbols = text
            .chars()
            .map(|c| RawSymbol {
                text: c.to_string(),
                area,
                confidence: 0.9,
                ..RawSymbol::default()
            })
            .collect();
        RawLine {
            words: vec![RawWord { symbols }],
            area,
        }
    }

    const NUMBER: PixelBox = PixelBox {
        x0: 450,
        y0: 1340,
        x1: 550,
        y1: 1358,
    };

    /// A page of 1000 × 1414 pixels with a number between dashes at its foot.
    fn page() -> GrayImage {
        let mut page = GrayImage::from_pixel(1000, 1414, Luma([250]));
        for (left, right, top, bottom) in [(450, 475, 1348, 1351), (495, 505, 1340, 1358), (525, 550, 1348, 1351)] {
            for (x, y) in (left..right).flat_map(|x| (top..bottom).map(move |y| (x, y))) {
                page.put_pixel(x, y, Luma([20]));
            }
        }
        page
    }

    fn completed(mut lines: Vec<RawLine>, says: &'static str) -> Vec<String> {
        let page = page();
        let foot = Foot {
            request: LineRequest {
                page: &page,
                to_page: Transform::IDENTITY,
                area: PixelBox::default(),
            },
            canvas: page.dimensions(),
        };
        foot.complete(&mut lines, &mut Reads(NUMBER, says)).unwrap();
        lines.iter().map(RawLine::text).collect()
    }

    fn body() -> RawLine {
        raw("本决定自送达之日起生效", PixelBox::from([100, 800, 900, 836]))
    }

    #[test]
    fn dashes_beside_a_number_are_read_with_it() {
        for found in ["3", "—3", "3-", "一3"] {
            let digits = raw(found, PixelBox::from([480, 1330, 520, 1368]));
            assert_eq!(completed(vec![body(), digits], "一3一")[1], "—3—", "{found}");
        }
        let other = raw("4", PixelBox::from([480, 1330, 520, 1368]));
        assert_eq!(
            completed(vec![body(), other], "—3—")[1],
            "4",
            "another number is not its completion"
        );
    }

    #[test]
    fn a_number_that_was_not_found_is_searched_below_the_text() {
        assert_eq!(completed(vec![body()], "-１2-")[1..], ["—12—"]);
        assert_eq!(completed(vec![body()], "许可").len(), 1, "only numbers are believed");
        assert_eq!(completed(Vec::new(), "-12-").len(), 0);
    }

    #[test]
    fn numbers_in_the_text_are_left_alone() {
        let cell = raw("3", PixelBox::from([480, 700, 520, 736]));
        assert_eq!(completed(vec![body(), cell], "—3—")[1], "3");
    }
}
