//! Pages side by side on one sheet, and text set in columns.

use juanzong::record::PixelBox;

/// Positions that are tried for the gap between two columns.
const TRIES: u32 = 80;

/// What stands above, left of, right of and below the gap between two columns; indices of boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Division {
    pub(super) above: Vec<usize>,
    pub(super) left: Vec<usize>,
    pub(super) right: Vec<usize>,
    pub(super) below: Vec<usize>,
}

/// A box on the page that is never divided: a line or a whole table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) area: PixelBox,
    pub(super) is_table: bool,
}

/// Two pages scanned on one landscape sheet, or a landscape licence in two columns: the left one is read first.
///
/// `sheet` is the left edge, the width and the height of the sheet. A table or a list that stands across the middle
/// is one page.
pub(super) fn spread(blocks: &[Block], (left, width, height): (f64, f64, f64)) -> Option<Division> {
    if width < height * 1.15 {
        return None;
    }
    let half = width / 2.0;
    let wide = |index: &usize| blocks[*index].is_table || f64::from(blocks[*index].area.width()) >= half * 0.4;
    let range = (left + width * 0.42, left + width * 0.58);
    divided(blocks, range, width * 0.015, TRIES, |division| {
        let evidence = |side: &[usize]| side.iter().filter(|i| wide(i)).count();
        let (in_left, in_right) = (evidence(&division.left), evidence(&division.right));
        if division.above.is_empty() && division.below.is_empty() {
            return in_left + in_right >= 2;
        }
        let both = division.left.len().min(division.right.len());
        both >= 3 && in_left.min(in_right) >= 1 && !in_rows(blocks, division)
    })
}

/// Whether the two sides stand in common rows, as the fields of a licence do: then they are read row by row.
fn in_rows(blocks: &[Block], division: &Division) -> bool {
    const NEAR: f64 = 0.4;
    let (fewer, more) = if division.left.len() <= division.right.len() {
        (&division.left, &division.right)
    } else {
        (&division.right, &division.left)
    };
    let middle = |area: PixelBox| f64::from(area.y0 + area.y1) / 2.0;
    let level = |index: &usize| {
        let area = blocks[*index].area;
        more.iter().any(|other| {
            let other = blocks[*other].area;
            let height = f64::from(area.height().min(other.height()));
            (middle(area) - middle(other)).abs() <= height * NEAR
        })
    };
    fewer.iter().filter(|index| level(index)).count() * 2 >= fewer.len()
}

/// Lines of a column of running text at least.
const LINES: usize = 5;

/// Running text in columns: each full of lines that are as wide as their column.
pub(super) fn of_text(blocks: &[Block]) -> Option<Division> {
    text_columns(blocks, TRIES, true)
}

/// Divides columns of text in two; with `more` either side may be two columns itself.
fn text_columns(blocks: &[Block], tries: u32, more: bool) -> Option<Division> {
    if blocks.len() < 2 * LINES {
        return None;
    }
    let left = blocks.iter().map(|b| b.area.x0).min()?;
    let right = blocks.iter().map(|b| b.area.x1).max()?;
    let mut heights: Vec<u32> = blocks.iter().map(|b| b.area.height()).collect();
    heights.sort_unstable();
    let height = f64::from(heights[heights.len() / 2]);
    let width = f64::from(right - left);
    let range = (f64::from(left) + width * 0.3, f64::from(left) + width * 0.7);
    divided(blocks, range, height * 0.7, tries, |division| {
        [&division.left, &division.right].iter().all(|side| {
            let side: Vec<Block> = side.iter().map(|i| blocks[*i]).collect();
            is_column(&side) || more && text_columns(&side, TRIES / 4, false).is_some()
        })
    })
}

/// Whether blocks are one column of running text: lines as wide as the column, and most of those that a paragraph does not
/// end reach to its right edge. The values of a form, which may fill theirs nearly as well, end anywhere.
fn is_column(side: &[Block]) -> bool {
    const FULL: f64 = 0.8;
    const FLUSH: f64 = 1.2;
    /// Narrower ones, in heights of a line, are columns of a list.
    const NARROWEST: f64 = 7.0;
    let Some(edges) = side.iter().map(|block| block.area).reduce(PixelBox::union) else {
        return false;
    };
    let column = f64::from(edges.width());
    let wide = side.iter().all(|b| column >= NARROWEST * f64::from(b.area.height()));
    let full = side.iter().filter(|b| f64::from(b.area.width()) >= column * FULL);
    let flush = side
        .iter()
        .filter(|b| f64::from(edges.x1 - b.area.x1) <= FLUSH * f64::from(b.area.height()));
    wide && side.len() >= LINES && full.count() * 5 >= side.len() * 3 && flush.count() * 9 >= side.len() * 5
}

/// The division at the gap in `range` that has most on both sides and is accepted.
fn divided(
    blocks: &[Block],
    range: (f64, f64),
    gap: f64,
    tries: u32,
    accept: impl Fn(&Division) -> bool,
) -> Option<Division> {
    let mut best: Option<(usize, Division)> = None;
    // From the middle outwards, so that the middlemost of equals is taken.
    for step in 0..=tries {
        let offset = f64::from(step.div_ceil(2)) / f64::from(tries) * (range.1 - range.0);
        let middle = f64::midpoint(range.0, range.1);
        let x = if step % 2 == 0 {
            middle + offset
        } else {
            middle - offset
        };
        let division = division_at(blocks, x - gap / 2.0, x + gap / 2.0);
        let both = division.left.len().min(division.right.len());
        if both > best.as_ref().map_or(0, |(most, _)| *most) && accept(&division) {
            best = Some((both, division));
        }
    }
    best.map(|(_, division)| division)
}

/// Divides at a gap: what reaches into it ends the columns; of the stretches between such blocks that with most on
/// both sides is in columns.
fn division_at(blocks: &[Block], from: f64, to: f64) -> Division {
    let middle = |index: usize| blocks[index].area.y0 + blocks[index].area.y1;
    let crosses = |b: &Block| f64::from(b.area.x0) < to && f64::from(b.area.x1) > from;
    let mut bars: Vec<u32> = (0..blocks.len()).filter(|i| crosses(&blocks[*i])).map(middle).collect();
    bars.sort_unstable();
    let mut edges = vec![0];
    edges.extend(bars);
    edges.push(u32::MAX);
    let mut best = Division::default();
    for pair in edges.windows(2) {
        let mut division = Division::default();
        for (index, block) in blocks.iter().enumerate() {
            let at = middle(index);
            let crosses = crosses(block);
            if at < pair[0] || (crosses && at == pair[0]) {
                division.above.push(index);
            } else if at > pair[1] || (crosses && at >= pair[1]) {
                division.below.push(index);
            } else if f64::from(block.area.x1) <= from {
                division.left.push(index);
            } else {
                division.right.push(index);
            }
        }
        if division.left.len().min(division.right.len()) > best.left.len().min(best.right.len()) {
            best = division;
        }
    }
    best
}
