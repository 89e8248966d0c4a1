//! The text layer of a PDF page: letters with their boxes, and whether it can be trusted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::kurbo::{Affine, Point, Rect};
use juanzong::record::PixelBox;
use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc_page};

use crate::decode::limits::MAX_GLYPHS;

/// Height of the Han em box above and below the baseline, in ems (the usual 880/120 split).
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;

/// Pixels within which two readers must place a letter.
const NEAR: f64 = 6.0;

/// One letter of a text layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// What it stands for; a ligature stands for several characters.
    pub text: String,
    /// Its box in pixels of the drawn page.
    pub area: PixelBox,
}

/// Takes the letters of a page. `to_pixels` maps points of the page to pixels of the drawn page of the given size.
///
/// The library behind this panics on many files that other readers accept; then, and whenever the text layer is
/// not one to be trusted, there is no text layer and the page is recognised from its picture.
///
/// `origins` are where another reader saw the letters start, in pixels: the two must agree, else one of them
/// misunderstood a font, a form object or a matrix.
pub(super) fn extract(
    document: &Document,
    number: u32,
    to_pixels: Affine,
    (width, height): (u32, u32),
    origins: &[Point],
) -> Option<Vec<Glyph>> {
    let mut collector = Collector {
        to_pixels,
        page: Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        glyphs: Vec::new(),
        origins: Vec::new(),
        upright: 0,
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut collector, number)));
    match outcome {
        Ok(Ok(())) if collector.is_well_placed(origins) => Some(collector.glyphs),
        _ => None,
    }
}

struct Collector {
    to_pixels: Affine,
    page: Rect,
    glyphs: Vec<Glyph>,
    /// Letters that stand upright on the page as it is shown.
    upright: usize,
    /// Where the letters start, in pixels.
    origins: Vec<Point>,
}

impl Collector {
    /// Whether nearly all letters stand upright and where the other reader saw them.
    fn is_well_placed(&self, seen: &[Point]) -> bool {
        let total = self.origins.len();
        let near = |(a, b): (&Point, &Point)| a.distance(*b) <= NEAR;
        let agreed = self.origins.iter().zip(seen).filter(|pair| near(*pair)).count();
        total > 0 && total == seen.len() && self.upright * 100 >= total * 95 && agreed * 100 >= total * 95
    }
}

impl OutputDev for Collector {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        if self.glyphs.len() >= MAX_GLYPHS {
            return Ok(());
        }
        let to_page = Affine::new([trm.m11, trm.m12, trm.m21, trm.m22, trm.m31, trm.m32]);
        let to_pixels = self.to_pixels * to_page;
        let along = to_pixels * Point::new(1.0, 0.0) - to_pixels * Point::ORIGIN;
        let body = Rect::new(0.0, -DESCENT * font_size, width * font_size, ASCENT * font_size);
        let area = to_pixels.transform_rect_bbox(body);
        if !(area.x0.is_finite() && area.y0.is_finite() && area.x1.is_finite() && area.y1.is_finite()) {
            return Ok(());
        }
        self.origins.push(to_pixels * Point::ORIGIN);
        self.upright += usize::from(along.x > 0.0 && along.y.abs() < along.x * 0.05);
        let inside = area.intersect(self.page);
        if inside.is_zero_area() {
            return Ok(());
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // inside the page
        let area = PixelBox {
            x0: inside.x0.floor() as u32,
            y0: inside.y0.floor() as u32,
            x1: inside.x1.ceil() as u32,
            y1: inside.y1.ceil() as u32,
        };
        self.glyphs.push(Glyph {
            text: text.to_owned(),
            area,
        });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Whether the characters are such as stand on Chinese official papers.
///
/// Text layers go wrong by fonts without a character map (private use, replacement and control characters) and by
/// maps for another encoding (Latin with accents where Han should be).
pub(super) fn is_sane(glyphs: &[Glyph]) -> bool {
    let mut good = 0_usize;
    let mut all = 0_usize;
    for c in glyphs.iter().flat_map(|g| g.text.chars()).filter(|c| *c != ' ') {
        all += 1;
        good += usize::from(is_expected(c));
    }
    all > 0 && good * 100 >= all * 97
}

fn is_expected(c: char) -> bool {
    matches!(c,
        '!'..='~'
        | '\u{a0}' | '·' | '×' | '÷' | '±' | '°' | '§'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203e}'
        | '\u{2103}' | '\u{2116}' | '\u{2150}'..='\u{218b}' | '\u{2190}'..='\u{2199}' | '\u{2200}'..='\u{22ff}'
        | '\u{2460}'..='\u{24ff}' | '\u{2500}'..='\u{25ff}' | '\u{2605}'..='\u{2612}' | '\u{2713}'..='\u{2717}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3000}'..='\u{303f}' | '\u{3100}'..='\u{312f}' | '\u{3200}'..='\u{33ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ffe5}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanity_of_typical_layers() {
        let layer = |text: &str| {
            text.chars()
                .map(|c| Glyph {
                    text: c.to_string(),
                    area: PixelBox::default(),
                })
                .collect::<Vec<_>>()
        };
        assert!(is_sane(&layer("灵食许〔2019〕444号　关于准予 ABC-12 的决定（一）①")));
        assert!(!is_sane(&layer("\u{e001}\u{e002}\u{e003}许可")));
        assert!(!is_sane(&layer("ÐÐÕþÐí¿É¾ö¶¨Êé")));
        assert!(!is_sane(&layer("\u{fffd}\u{fffd}\u{fffd}")));
        assert!(!is_sane(&layer("   ")));
        assert!(!is_sane(&[]));
    }
}
