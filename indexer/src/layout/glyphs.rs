//! Lines from the letters of a text layer.

use juanzong::record::PixelBox;

use crate::decode::Glyph;
use crate::ocr::{RawLine, RawSymbol, RawWord};

/// A gap of this many letter heights ends a line: the next cell of a table, or the next column.
const CELL_GAP: f32 = 1.6;

/// Groups letters by their baselines and gaps. The text layer is print, so its confidence is 1.
pub fn lines_of_glyphs(glyphs: &[Glyph]) -> Vec<RawLine> {
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    let mut sorted: Vec<&Glyph> = glyphs.iter().filter(|g| !g.area_is_empty()).collect();
    sorted.sort_by_key(|g| (g.area.y0 + g.area.y1, g.area.x0));
    for glyph in sorted {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| same_row(last.area, glyph.area)) => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    rows.into_iter().flat_map(split).collect()
}

impl Glyph {
    fn area_is_empty(&self) -> bool {
        self.area.width() == 0 || self.area.height() == 0
    }
}

/// Letters of one row have their middles at about the same height, whatever their sizes.
fn same_row(a: PixelBox, b: PixelBox) -> bool {
    let middle = |area: PixelBox| area.y0 + area.y1;
    let height = a.height().min(b.height());
    middle(a).abs_diff(middle(b)) < height
}

fn split(mut row: Vec<&Glyph>) -> Vec<RawLine> {
    row.sort_by_key(|g| (g.area.x0, g.area.x1));
    let mut lines: Vec<RawLine> = Vec::new();
    let mut space = false;
    for glyph in row {
        let text: String = glyph
            .text
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        if text.is_empty() {
            space = true;
            continue;
        }
        let symbol = RawSymbol {
            text,
            area: glyph.area,
            confidence: 1.0,
            ..RawSymbol::default()
        };
        let gap = lines.last().map(|line| gap(line.area, glyph.area));
        match (lines.last_mut(), gap) {
            (Some(line), Some(gap)) if gap < CELL_GAP => {
                line.area = line.area.union(glyph.area);
                match line.words.last_mut() {
                    Some(word) if !space => word.symbols.push(symbol),
                    _ => line.words.push(RawWord { symbols: vec![symbol] }),
                }
            }
            _ => lines.push(RawLine {
                words: vec![RawWord { symbols: vec![symbol] }],
                area: glyph.area,
            }),
        }
        space = false;
    }
    lines
}

/// The gap between a line and the next letter, in letter heights.
fn gap(line: PixelBox, next: PixelBox) -> f32 {
    #[allow(clippy::cast_precision_loss)] // pixels
    let gap = next.x0.saturating_sub(line.x1) as f32 / next.height().max(1) as f32;
    gap
}
