//! What stands in the gaps of a line: filled boxes of forms (`■新办 □变更`), and marks that were passed over.
//!
//! The recogniser knows no filled box, and the detector takes one before a line for an ornament, so that which box is ticked
//! is lost. They are solid squares of about the height of the print beside them, which no character is. They are searched before
//! lines and between characters that stand farther apart than others. A comma between two such characters, which is lost at times in
//! a long line, is found by reading the two alone.

use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};
use juanzong::record::PixelBox;

use crate::ocr::{LineReader, LineRequest, RawLine, RawSymbol, RawWord, RecogniseError};
use crate::prepare::crop;

/// A filled box.
const FILLED: &str = "■";
/// It is searched this far before a line, in heights of the line.
const BEFORE: f32 = 1.1;
/// Height of the piece that is searched, in pixels; a box has a third of it at least.
const HEIGHT: u32 = 40;
/// Least and greatest side of a box, in heights of the line (which has paper above and below its print).
const SIDES: (f32, f32) = (0.3, 0.75);
/// Sides differ by no more than this share.
const SQUARE: f32 = 0.25;
/// Share of a box that is ink; a round bullet has 0.79, a character less.
const SOLID: f32 = 0.86;
/// Middles of two characters so many heights of the line apart have room for something between them.
const ROOM: f32 = 1.05;
/// Of two characters farther apart than this the space between them is meant.
const APART: f32 = 2.2;
/// How sure a box is: it was measured, not read.
const SURE: f32 = 0.97;
/// Levels of grey between paper and ink at least.
const CONTRAST: u8 = 60;
/// Pixels of ink of a mark at least, in a piece of [`HEIGHT`].
const INK: usize = 6;
/// Marks that are passed over.
const MARKS: &str = "，、。；：,;:.·";
/// A mark between two characters must be read this surely.
const MARK_SURE: f32 = 0.6;

/// A place in a line where something may have been passed over: before the character of this number, between two
/// positions across.
struct Gap {
    before: usize,
    from: u32,
    to: u32,
}

/// Adds what stands in the gaps of the lines; `on` is the page, its area is not looked at.
pub(super) fn complete(
    lines: &mut [RawLine],
    on: LineRequest<'_>,
    reader: &mut dyn LineReader,
) -> Result<(), RecogniseError> {
    for line in lines {
        // From the last to the first, so that places stay what they are.
        for gap in gaps(line).into_iter().rev() {
            let area = PixelBox {
                x0: gap.from,
                x1: gap.to,
                ..line.area
            };
            if let Some(found) = filled_box(&LineRequest { area, ..on }) {
                let symbol = RawSymbol {
                    text: FILLED.to_owned(),
                    area: found,
                    confidence: SURE,
                    ..RawSymbol::default()
                };
                insert(line, gap.before, symbol);
            } else if let Some(mark) = passed_over(line, gap.before, on, reader)? {
                insert(line, gap.before, mark);
            }
        }
    }
    Ok(())
}

fn gaps(line: &RawLine) -> Vec<Gap> {
    let height = line.area.height();
    let mut from = line.area.x0.saturating_sub(scaled(height, BEFORE));
    let mut gaps = Vec::new();
    for (before, symbol) in line.symbols().enumerate() {
        let to = u32::midpoint(symbol.area.x0, symbol.area.x1);
        if before == 0 || to.saturating_sub(from) > scaled(height, ROOM) {
            gaps.push(Gap { before, from, to });
        }
        from = to;
    }
    gaps
}

/// The mark between two characters of a line, read with nothing but these beside it.
fn passed_over(
    line: &RawLine,
    before: usize,
    on: LineRequest<'_>,
    reader: &mut dyn LineReader,
) -> Result<Option<RawSymbol>, RecogniseError> {
    let symbols: Vec<&RawSymbol> = line.symbols().collect();
    let Some((left, right)) = before.checked_sub(1).map(|last| (symbols[last], symbols[before])) else {
        return Ok(None);
    };
    let space = PixelBox {
        x0: left.area.x1,
        x1: right.area.x0,
        ..line.area
    };
    let near = right.area.x0.saturating_sub(left.area.x1) <= scaled(line.area.height(), APART);
    if !near || space.x0 >= space.x1 || !has_ink(&LineRequest { area: space, ..on }) {
        return Ok(None);
    }
    let area = left.area.union(right.area);
    let read = reader.read_line(&LineRequest { area, ..on })?;
    let read: Vec<RawSymbol> = read.iter().flat_map(RawLine::symbols).cloned().collect();
    Ok(match read.as_slice() {
        [a, mark, b]
            if a.text == left.text
                && b.text == right.text
                && mark.confidence >= MARK_SURE
                && MARKS.contains(mark.text.as_str()) =>
        {
            Some(RawSymbol {
                area: space,
                ..mark.clone()
            })
        }
        _ => None,
    })
}

/// A part of a line with 1 for ink and 0 for paper; `None` where there is no ink.
fn ink_of(part: &LineRequest<'_>) -> Option<GrayImage> {
    let (width, height) = (part.area.width(), part.area.height());
    if width == 0 || height == 0 || width > 20 * height {
        return None;
    }
    let size = ((width * HEIGHT).div_ceil(height), HEIGHT);
    let mut ink = crop(part.page, part.to_page, part.area, size);
    let levels = ink.as_raw().iter();
    let (darkest, lightest) = levels.fold((u8::MAX, u8::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    if lightest - darkest < CONTRAST {
        return None;
    }
    let limit = u8::midpoint(darkest, lightest);
    for pixel in ink.pixels_mut() {
        pixel.0 = [u8::from(pixel.0[0] < limit)];
    }
    Some(ink)
}

/// Whether there is more in a part of a line than dust. Rows at its upper and lower edge may show rules and other lines.
fn has_ink(part: &LineRequest<'_>) -> bool {
    ink_of(part).is_some_and(|ink| {
        let edge = (HEIGHT / 6) as usize;
        let inner = ink.rows().skip(edge).take(HEIGHT as usize - 2 * edge).flatten();
        inner.filter(|pixel| pixel.0[0] == 1).count() >= INK
    })
}

fn scaled(length: u32, factor: f32) -> u32 {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // pixels
    let scaled = (length as f32 * factor) as u32;
    scaled
}

/// The solid square in a part of a line, if there is one.
fn filled_box(part: &LineRequest<'_>) -> Option<PixelBox> {
    let ink = ink_of(part)?;
    let labels = connected_components(&ink, Connectivity::Four, Luma([0]));
    let mut marks: Vec<(PixelBox, u32)> = Vec::new();
    for (x, y, label) in labels.enumerate_pixels() {
        let Some(index) = (label.0[0] as usize).checked_sub(1) else {
            continue;
        };
        let own = PixelBox::from([x, y, x + 1, y + 1]);
        match marks.get_mut(index) {
            Some((mark, count)) => {
                *mark = mark.union(own);
                *count += 1;
            }
            // Components are numbered in the order in which they are met.
            None => marks.push((own, 1)),
        }
    }
    let (mark, _) = marks.into_iter().find(|(mark, count)| is_solid_square(*mark, *count))?;
    let area = part.area;
    let back = |x: u32| area.x0 + x * area.width() / ink.width();
    Some(PixelBox {
        x0: back(mark.x0),
        x1: back(mark.x1),
        ..area
    })
}

#[allow(clippy::cast_precision_loss)] // pixels of a small piece
fn is_solid_square(mark: PixelBox, count: u32) -> bool {
    let (width, height) = (mark.width() as f32, mark.height() as f32);
    let range = SIDES.0 * HEIGHT as f32..=SIDES.1 * HEIGHT as f32;
    range.contains(&width)
        && range.contains(&height)
        && (width - height).abs() <= SQUARE * width.max(height)
        && count as f32 >= SOLID * width * height
}

/// Puts a symbol before the character at this place of a line.
fn insert(line: &mut RawLine, at: usize, symbol: RawSymbol) {
    line.area = line.area.union(symbol.area);
    let mut before = 0;
    for (index, word) in line.words.iter_mut().enumerate() {
        if at <= before + word.symbols.len() {
            let own = at - before;
            if own == 0 {
                line.words.insert(index, RawWord { symbols: vec![symbol] });
            } else {
                word.symbols.insert(own, symbol);
            }
            return;
        }
        before += word.symbols.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::Transform;

    /// Says the same of every piece.
    struct Says(&'static str);

    impl LineReader for Says {
        fn name(&self) -> String {
            "test".into()
        }

        fn read_line(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RecogniseError> {
            let symbols = self.0.chars().map(|c| RawSymbol {
                text: c.to_string(),
                area: line.area,
                confidence: 0.9,
                ..RawSymbol::default()
            });
            Ok(Some(RawLine {
                words: vec![RawWord {
                    symbols: symbols.collect(),
                }],
                area: line.area,
            }))
        }
    }

    const LINE: PixelBox = PixelBox {
        x0: 200,
        y0: 100,
        x1: 460,
        y1: 160,
    };

    fn paint(page: &mut GrayImage, area: [u32; 4]) {
        for (x, y) in (area[0]..area[2]).flat_map(|x| (area[1]..area[3]).map(move |y| (x, y))) {
            page.put_pixel(x, y, Luma([20]));
        }
    }

    /// 新办 at 200, 变更 at 360, drawn as frames, which no character is less like.
    fn page() -> (GrayImage, RawLine) {
        let mut page = GrayImage::from_pixel(600, 300, Luma([245]));
        let mut word = RawWord::default();
        for (text, x) in [("新", 200), ("办", 250), ("变", 360), ("更", 410)] {
            paint(&mut page, [x + 4, 110, x + 46, 114]);
            paint(&mut page, [x + 4, 146, x + 46, 150]);
            paint(&mut page, [x + 20, 110, x + 26, 150]);
            word.symbols.push(RawSymbol {
                text: text.to_owned(),
                area: PixelBox::from([x, 100, x + 50, 160]),
                confidence: 0.99,
                ..RawSymbol::default()
            });
        }
        let line = RawLine {
            words: vec![word],
            area: LINE,
        };
        (page, line)
    }

    fn read_with(page: &GrayImage, line: RawLine, says: &'static str) -> String {
        let mut lines = vec![line];
        let on = LineRequest {
            page,
            to_page: Transform::IDENTITY,
            area: PixelBox::default(),
        };
        complete(&mut lines, on, &mut Says(says)).unwrap();
        lines[0].text()
    }

    fn completed(page: &GrayImage, line: RawLine) -> String {
        read_with(page, line, "")
    }

    #[test]
    fn a_mark_between_two_characters_is_read_with_them_alone() {
        let (mut page, line) = page();
        assert_eq!(read_with(&page, line.clone(), "办，变"), "新办变更", "there is no ink");
        paint(&mut page, [315, 138, 323, 148]);
        assert_eq!(read_with(&page, line.clone(), "办，变"), "新办，变更");
        for other in ["办变", "办许变", "办，更", ""] {
            assert_eq!(read_with(&page, line.clone(), other), "新办变更");
        }
    }

    #[test]
    fn solid_squares_before_and_between_characters_are_filled_boxes() {
        let (mut page, line) = page();
        paint(&mut page, [155, 112, 191, 148]);
        assert_eq!(completed(&page, line.clone()), "■新办变更");
        paint(&mut page, [312, 112, 348, 148]);
        assert_eq!(completed(&page, line), "■新办■变更");
    }

    #[test]
    fn rules_characters_and_patches_are_not() {
        let (mut blank, line) = page();
        assert_eq!(completed(&blank, line.clone()), "新办变更");
        // A rule, a patch that is larger than the print, and a round bullet.
        paint(&mut blank, [180, 60, 184, 220]);
        assert_eq!(completed(&blank, line.clone()), "新办变更");
        let (mut patch, _) = page();
        paint(&mut patch, [60, 40, 190, 230]);
        assert_eq!(completed(&patch, line.clone()), "新办变更");
        let (mut bullet, _) = page();
        for (x, y) in (155..191).flat_map(|x| (112..148).map(move |y| (x, y))) {
            if (x as i32 - 173).pow(2) + (y as i32 - 130).pow(2) <= 18 * 18 {
                bullet.put_pixel(x, y, Luma([20]));
            }
        }
        assert_eq!(completed(&bullet, line), "新办变更");
    }

    #[test]
    fn lines_without_size_are_taken() {
        let empty = RawLine::default();
        assert_eq!(completed(&GrayImage::new(0, 0), empty), "");
    }
}
