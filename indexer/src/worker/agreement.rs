//! Whether the text layer of a page says what its picture shows.

use juanzong::record::{PixelBox, TextLine};

use crate::decode::PageImage;
use crate::ocr::{LineReader, LineRequest, RawLine, RecogniseError};
use crate::prepare::{self, Transform};
use crate::score::{distance, fold};

/// Lines that are compared.
const SAMPLE_LINES: usize = 3;
/// Fewer characters than this say nothing.
const MIN_CHARACTERS: usize = 6;
/// Lines lower than this, in pixels, cannot be compared.
const LEGIBLE: u32 = 14;
/// Longer lines of a text layer are not read to check it.
const LONGEST_CHECKED: usize = 30;

/// Whether some lines of a page, read from its picture, agree with what its text layer says they are.
///
/// A layer may be well-formed and wrong: a font whose table of characters is shifted, or text of another page.
pub(super) fn agrees(
    reader: &mut dyn LineReader,
    image: &PageImage,
    layer: &[TextLine],
) -> Result<bool, RecogniseError> {
    let mut lines: Vec<&TextLine> = layer
        .iter()
        .filter(|line| line.area.width() > 3 * line.area.height() && line.area.height() >= LEGIBLE)
        .filter(|line| (MIN_CHARACTERS..=LONGEST_CHECKED).contains(&line.text.chars().count()))
        .collect();
    // From all over the page: headers and footers may come from elsewhere.
    let step = (lines.len() / SAMPLE_LINES).max(1);
    lines = lines.into_iter().step_by(step).take(SAMPLE_LINES).collect();
    let gray = prepare::to_gray(image);
    let (mut same, mut all) = (0, 0);
    for line in lines {
        let read = reader.read_line(&LineRequest {
            page: &gray,
            to_page: Transform::IDENTITY,
            area: grown(line.area, (gray.width(), gray.height())),
        })?;
        let read = read.as_ref().map(RawLine::text).unwrap_or_default();
        let (read, said) = (fold(&read), fold(&line.text));
        all += said.len();
        same += said.len().saturating_sub(distance(&said, &read));
    }
    // Nothing to compare is nothing against it.
    Ok(all == 0 || same * 2 >= all)
}

/// The box of a line of letters as a detector would give it, with paper around.
fn grown(area: PixelBox, (width, height): (u32, u32)) -> PixelBox {
    let margin = area.height() / 5;
    PixelBox {
        x0: area.x0.saturating_sub(margin),
        y0: area.y0.saturating_sub(margin),
        x1: (area.x1 + margin).min(width),
        y1: (area.y1 + margin).min(height),
    }
}
