//! Characters that stand one below the other in a narrow cell (序/号, 备/注, 复/印/件).
//!
//! The detector finds them as one tall box; read as a line they would lie on their side.

use std::ops::Range;

use image::GrayImage;
use juanzong::record::PixelBox;

/// A box this many times higher than wide holds more than one character.
const TALL: f32 = 1.35;
/// Height of a character and the gap below it, in widths of the character.
const PITCH: f32 = 1.25;
/// Columns longer than this are vertical text or no text at all.
const MAX_CHARACTERS: usize = 12;
/// Pixels this much darker than the paper are ink.
const INK: u8 = 60;

/// Whether a detected box may hold characters one below the other.
pub fn is_tall(area: PixelBox) -> bool {
    #[allow(clippy::cast_precision_loss)] // pixels
    let (width, height) = (area.width() as f32, area.height() as f32);
    width > 0.0 && height >= TALL * width
}

/// The boxes of the single characters of a column, from top to bottom; fewer than two when it is not a column.
///
/// `piece` holds the pixels of `area`, at the same scale.
pub fn characters(piece: &GrayImage, area: PixelBox) -> Vec<PixelBox> {
    let ink = ink_of_rows(piece);
    let (Some(top), Some(bottom)) = (
        ink.iter().position(|row| row.count > 0),
        ink.iter().rposition(|row| row.count > 0),
    ) else {
        return Vec::new();
    };
    let left = ink.iter().filter_map(|row| row.left).min().unwrap_or(0);
    let right = ink.iter().filter_map(|row| row.right).max().unwrap_or(0);
    #[allow(clippy::cast_precision_loss)] // pixels
    let (width, height) = ((right - left + 1) as f32, (bottom - top + 1) as f32);
    // n characters and the n - 1 gaps between them.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
    let count = ((height / width.max(1.0) + PITCH - 1.0) / PITCH).round() as usize;
    if !(2..=MAX_CHARACTERS).contains(&count) {
        return Vec::new();
    }
    let cuts = cuts(&ink, top..bottom + 1, count);
    cuts.windows(2)
        .map(|pair| PixelBox {
            y0: (area.y0 + row(pair[0])).min(area.y1),
            y1: (area.y0 + row(pair[1])).min(area.y1),
            ..area
        })
        .collect()
}

fn row(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What is dark in one row.
#[derive(Clone, Copy, Default)]
struct Row {
    count: usize,
    left: Option<usize>,
    right: Option<usize>,
}

fn ink_of_rows(piece: &GrayImage) -> Vec<Row> {
    let paper = piece.as_raw().iter().copied().max().unwrap_or(255);
    let limit = paper.saturating_sub(INK);
    piece
        .rows()
        .map(|pixels| {
            let mut row = Row::default();
            for (x, pixel) in pixels.enumerate() {
                if pixel.0[0] < limit {
                    row.count += 1;
                    row.left.get_or_insert(x);
                    row.right = Some(x);
                }
            }
            row
        })
        .collect()
}

/// Where to cut: near the even division, where the least ink is; the ends reach to the ends of the piece.
fn cuts(ink: &[Row], print: Range<usize>, count: usize) -> Vec<usize> {
    let pitch = print.len() / count;
    let reach = pitch / 3;
    let mut cuts = vec![0];
    for index in 1..count {
        let expected = print.start + print.len() * index / count;
        let near = expected.saturating_sub(reach)..(expected + reach + 1).min(ink.len());
        let cut = near
            .min_by_key(|at| (ink[*at].count, at.abs_diff(expected)))
            .unwrap_or(expected);
        cuts.push(cut);
    }
    cuts.push(ink.len());
    cuts
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// A column of `count` boxes of 40 pixels with gaps of 12, each with a gap of its own in the middle, as in 复.
    fn column(count: u32) -> GrayImage {
        let mut piece = GrayImage::from_pixel(60, 20 + count * 52, Luma([240]));
        for index in 0..count {
            for (x, y) in (10..50).flat_map(|x| (0..40).map(move |y| (x, y))) {
                if y != 20 {
                    piece.put_pixel(x, 16 + index * 52 + y, Luma([20]));
                }
            }
        }
        piece
    }

    #[test]
    fn columns_are_cut_between_their_characters() {
        for count in 2..=5 {
            let piece = column(count);
            let area = PixelBox::from([100, 1000, 160, 1000 + piece.height()]);
            assert!(is_tall(area), "{count}");
            let found = characters(&piece, area);
            assert_eq!(found.len(), count as usize);
            for (index, character) in (0_u32..).zip(&found) {
                let print = 1000 + 16 + index * 52;
                assert!(
                    character.y0 <= print && print + 40 <= character.y1,
                    "{index} of {count}: {character:?}"
                );
            }
        }
    }

    #[test]
    fn one_character_or_nothing_is_no_column() {
        let area = |piece: &GrayImage| PixelBox::from([0, 0, piece.width(), piece.height()]);
        let one = column(1);
        assert!(characters(&one, area(&one)).is_empty());
        let blank = GrayImage::from_pixel(20, 90, Luma([250]));
        assert!(characters(&blank, area(&blank)).is_empty());
        assert!(!is_tall(PixelBox::from([0, 0, 50, 50])));
        assert!(characters(&GrayImage::new(0, 0), PixelBox::default()).is_empty());
    }
}
