//! Lines of text as invisible runs over their print.
//!
//! A line is one run of letters that follow each other without any gap, whatever stands on the paper, because readers
//! of PDF take gaps for spaces. It is stretched (`Tz`) to span its box. Where print is spaced unevenly the stretch
//! changes within the line, so that letters stay over their print; that changes nothing for the readers.
//!
//! Readers that order text by its place (poppler's `pdftotext`) read the cells of a row with wrapped cells line by line
//! across the row, and columns of several rows one after the other. So the cells of such a row differ in the size of
//! their letters from what stands beside, above and below, which makes them blocks of their own, and between such a row
//! and its neighbours stands a hair line of blanks as wide as the rows, above which everything is read first.

use std::fmt::Write as _;
use std::ops::Range;

use juanzong::record::{PageText, PixelBox, TextLine};

use super::bands::{Part, parts};
use super::geometry::{Map, number};
use super::letters::{FONT, Letters, width};
use super::sfnt;
use super::strip::{Strip, directions};

/// How far a letter may lie from its print, in heights of the line, before the stretch changes.
const TOLERANCE: f64 = 0.4;
/// Lines that rise by more than this from end to end, in heights, begin with a letter in the middle of the rise.
const PLAIN_RISE: f64 = 0.4;
/// Lines side by side of heights further apart than this are not brought to one.
const MAX_HEIGHTS: f64 = 2.5;
/// Width of a space, in heights of the line: enough for readers to see a space, too little to see a column.
const SPACE: f64 = 0.3;
/// Least room between cells that are read apart, in heights of the line: readers take what lies nearer for one block.
const APART: f64 = 1.15;
/// Room that a line leaves beside the next column when it is lengthened, in heights of the letters.
const BESIDE: f64 = 1.6;
/// Letters of cells are not squeezed below this share of their length to make that room.
const MOST_SQUEEZED: f64 = 0.75;
/// The sizes of letters beside wrapped cells are powers of this, in pixels, even ones and odd ones in turn from band to
/// band. Readers take lines above each other whose sizes differ by less than 5 % for one block.
const STEP: f64 = 1.08;
/// How far apart the lines of a cell may be, in heights of their letters, to be one block.
const BLOCK_PITCH: f64 = 1.35;
/// Height of letters over print, in widths of its letters; the boxes of lines may be much higher than the print.
const LETTER_HEIGHT: f64 = 0.95;
/// How much lower a line has to stand than another, in heights, to be read after it.
const LOWER: f64 = 0.6;

/// The operators that write the text of a page; empty for a page without text. `to_points` leads from pixels of the
/// upright page to the coordinates of the PDF page; `skew` in degrees, positive clockwise.
pub(super) fn content(page: &PageText, skew: f32, to_points: Map, letters: &mut Letters) -> Vec<u8> {
    let skew = f64::from(skew);
    let mut layer = Layer {
        lines: &page.lines,
        skew,
        pieces: Vec::new(),
    };
    layer.part(&parts(&page.lines, skew), None, None);
    let mut out = String::new();
    for piece in layer.pieces {
        match piece {
            Piece::Run(run) => run.write(&mut out, to_points, letters),
            Piece::Hair { from, to, y } => hair(&mut out, (from, to, y), to_points, letters),
        }
    }
    if out.is_empty() {
        return Vec::new();
    }
    format!("q\nBT\n3 Tr\n{out}ET\nQ\n").into_bytes()
}

/// Something to be written.
enum Piece<'a> {
    Run(Run<'a>),
    /// Blanks from `from` to `to` at height `y`.
    Hair {
        from: f64,
        to: f64,
        y: f64,
    },
}

/// Where a part stands among those around it, which decides the size of its letters.
#[derive(Clone, Copy)]
struct Place {
    /// Counted downwards.
    band: usize,
    /// Height of the letters around it in pixels.
    letters: f64,
}

impl Place {
    /// The size nearest to this height.
    fn size(self, height: f64) -> f64 {
        let odd = if self.band % 2 == 1 { 1.0 } else { 0.0 };
        let steps = height.max(1.0).ln() / STEP.ln();
        STEP.powf(odd + 2.0 * ((steps - odd) / 2.0).round())
    }
}

/// The text of a page as it grows.
struct Layer<'a> {
    lines: &'a [TextLine],
    skew: f64,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Layer<'a> {
    /// Adds a part. `place` when wrapped cells stand near it; its letters may not go beyond `limit` to the right then.
    fn part(&mut self, part: &Part, place: Option<Place>, limit: Option<f64>) {
        match part {
            Part::Row(range) => self.rows(range.clone(), place, limit),
            Part::Loose(range) => {
                let start = self.pieces.len();
                for at in range.clone() {
                    self.rows(at..at + 1, place, limit);
                }
                self.settle(start);
            }
            Part::Columns(parts) => self.columns(parts, place, limit),
            Part::Stack(parts) => self.stack(parts, place, limit),
        }
    }

    fn columns(&mut self, parts: &[Part], place: Option<Place>, limit: Option<f64>) {
        let Some((first, last)) = parts.first().zip(parts.last()) else {
            return;
        };
        let lines = self.lines.get(first.lines().start..last.lines().end);
        let own = Place {
            band: place.map_or(0, |place| place.band),
            letters: letters_height(lines.unwrap_or_default(), self.skew),
        };
        for (index, part) in parts.iter().enumerate() {
            let next = parts.get(index + 1).and_then(|next| self.sides(next.lines()));
            let start = self.pieces.len();
            self.part(part, Some(own), next.map(|(left, _)| left).or(limit));
            if let Some((left, _)) = next {
                self.fill(start, left - BESIDE * own.letters);
            }
        }
    }

    /// Lets the longest of the lines from piece `start` on reach as far as `to`: a reader takes lines for as long as they
    /// could be, so that those beside an empty cell would seem to lie above each other.
    fn fill(&mut self, start: usize, to: f64) {
        let end = |run: &Run<'_>| run.strip.corner.0 + run.strip.length * run.squeeze;
        if let Some(longest) = self.runs(start).max_by(|a, b| end(a).total_cmp(&end(b)))
            && longest.reach.is_none()
            && end(longest) < to
        {
            longest.reach = Some(to + SPACE * longest.strip.height);
        }
    }

    fn stack(&mut self, parts: &[Part], place: Option<Place>, limit: Option<f64>) {
        if parts.iter().all(|part| part.width() == 1) {
            return match place {
                None => parts.iter().for_each(|part| self.part(part, None, limit)),
                // The lines of a cell: of one size, so that they are a block.
                Some(place) => {
                    let start = self.pieces.len();
                    for part in parts {
                        self.part(part, Some(place), limit);
                    }
                    self.level(start, place);
                }
            };
        }
        let mut own = place.unwrap_or(Place {
            band: 0,
            letters: f64::INFINITY,
        });
        let sides = parts
            .iter()
            .filter_map(|part| self.sides(part.lines()))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let mut above: Option<(Range<usize>, bool)> = None;
        for part in parts {
            let (start, wraps) = (self.pieces.len(), part.width() > 1);
            let cut = above.as_ref().is_some_and(|(_, above_wraps)| *above_wraps || wraps);
            own.band += usize::from(cut);
            self.part(part, Some(own), limit);
            let end = self.pieces.len();
            if let (true, Some((before, _)), Some((from, to))) = (cut, above.take(), sides) {
                let y = self.between(before.clone(), start..end);
                self.clear(before, y, -1.0);
                self.clear(start..end, y, 1.0);
                self.pieces.insert(start, Piece::Hair { from, to, y });
                above = Some((start + 1..end + 1, wraps));
            } else {
                above = Some((start..end, wraps));
            }
        }
    }

    /// Left and right end of some lines.
    fn sides(&self, range: Range<usize>) -> Option<(f64, f64)> {
        let lines = self.lines.get(range)?;
        let sides = lines.iter().map(|l| (f64::from(l.area.x0), f64::from(l.area.x1)));
        sides.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// A height below the upper edges of all lines above and above those of all lines below.
    fn between(&self, above: Range<usize>, below: Range<usize>) -> f64 {
        let tops = |range: Range<usize>| {
            let pieces = self.pieces.get(range).unwrap_or_default().iter();
            pieces.filter_map(|piece| match piece {
                Piece::Run(run) => Some(run.strip.top()),
                Piece::Hair { .. } => None,
            })
        };
        let lowest = tops(above).fold(f64::NEG_INFINITY, f64::max);
        let highest = tops(below).fold(f64::INFINITY, f64::min);
        if lowest < highest {
            // Nearer to the lines below: the letters of those above reach down.
            lowest + (highest - lowest) * 0.8
        } else {
            f64::midpoint(lowest, highest)
        }
    }

    /// Moves the upper edges of lines that would be on the wrong side of a cut at `y` across it, as far as letters may lie
    /// beside their print; `side` is 1 for lines below the cut, -1 for those above.
    fn clear(&mut self, range: Range<usize>, y: f64, side: f64) {
        for piece in self.pieces.get_mut(range).unwrap_or_default() {
            let Piece::Run(run) = piece else { continue };
            let wrong = (y - run.strip.top()) * side + 1.0;
            if wrong > 0.0 {
                run.strip.corner.1 += side * wrong.min(LOWER * run.strip.height);
            }
        }
    }

    /// Brings the lines from piece `start` on to one size, at which they are one block.
    fn level(&mut self, start: usize, place: Place) {
        let strips: Vec<Strip> = self.runs(start).map(|run| run.strip).collect();
        let mut sizes: Vec<f64> = strips.iter().map(|strip| strip.height).collect();
        sizes.sort_by(f64::total_cmp);
        let Some(middle) = sizes.get(sizes.len() / 2).copied() else {
            return;
        };
        let steps = strips.windows(2).filter_map(|pair| match pair {
            [a, b] => Some((b.corner.1 - a.corner.1).abs()),
            _ => None,
        });
        let pitch = steps.fold(0.0, f64::max);
        let size = place.size(middle.max((pitch / BLOCK_PITCH).min(middle * BLOCK_PITCH)));
        for run in self.runs(start) {
            run.strip = run.strip.with_height(size);
        }
    }

    /// Lines beside each other that are read from right to left: those that are read later stand a little lower.
    fn settle(&mut self, start: usize) {
        let mut before: Option<Strip> = None;
        for run in self.runs(start) {
            if let Some(before) = before {
                let lowest = before.top() + LOWER * before.height.max(run.strip.height);
                let lower = lowest - run.strip.top();
                if run.strip.corner.0 < before.corner.0 + before.length && (0.0..run.strip.height).contains(&lower) {
                    run.strip.corner.1 += lower;
                    // Only what lies under the other line is read after it.
                    run.reach = Some(before.corner.0 + before.height);
                }
            }
            before = Some(run.strip);
        }
    }

    /// The lines from piece `start` on that do not run from top to bottom.
    fn runs(&mut self, start: usize) -> impl Iterator<Item = &mut Run<'a>> {
        self.pieces.iter_mut().skip(start).filter_map(|piece| match piece {
            Piece::Run(run) if !run.strip.is_vertical() => Some(run),
            _ => None,
        })
    }

    fn rows(&mut self, range: Range<usize>, place: Option<Place>, limit: Option<f64>) {
        let mut found = runs(self.lines.get(range).unwrap_or_default(), self.skew);
        for run in &mut found {
            let Some(place) = place else { continue };
            let size = place.size(run.strip.height.min(place.letters));
            run.strip = run.strip.with_height(size);
            if run.strip.is_vertical() {
                continue;
            }
            if let Some(limit) = limit {
                let most = limit - APART * size.max(place.letters) - run.strip.corner.0;
                let squeezed = most.max(run.strip.length * MOST_SQUEEZED).min(run.strip.length);
                run.squeeze *= squeezed / run.strip.length;
            }
        }
        self.pieces.extend(found.into_iter().map(Piece::Run));
    }
}

/// How high letters over a line are, in pixels: no higher than its box, and about as high as its letters are wide.
fn letter_height(strip: Strip, characters: &[(usize, char)]) -> f64 {
    let ems: f64 = characters.iter().map(|(_, c)| width(*c)).sum();
    strip.height.min(LETTER_HEIGHT * strip.length / ems.max(0.5))
}

/// The same for some lines: that of the letter in the middle, were all letters sorted by their height.
fn letters_height(lines: &[TextLine], skew: f64) -> f64 {
    let mut heights: Vec<(f64, usize)> = lines
        .iter()
        .map(|line| {
            let characters = characters(&line.text);
            let strip = Strip::of(line.area, skew, characters.len());
            (letter_height(strip, &characters), characters.len())
        })
        .collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = heights.iter().map(|(_, count)| count).sum::<usize>() / 2;
    for (height, count) in heights {
        if count > left {
            return height;
        }
        left -= count;
    }
    f64::INFINITY
}

/// Writes blanks without height that readers take for a line of text as wide as this.
fn hair(out: &mut String, (from, to, y): (f64, f64, f64), to_points: Map, letters: &mut Letters) {
    let Some(code) = letters.blanks() else { return };
    let (along, across) = (to_points.vector((1.0, 0.0)), to_points.vector((0.0, -1.0)));
    let (unit_along, unit_up) = (along.0.hypot(along.1), across.0.hypot(across.1));
    if !(y.is_finite() && to > from && unit_along > 0.0 && unit_up > 0.0) {
        return;
    }
    begin(
        out,
        HAIR,
        (along, unit_along),
        (across, unit_up),
        to_points.point((from, y)),
    );
    let stretch = 100.0 * (to - from) * unit_along / HAIR;
    let _ = writeln!(out, "{} Tz <{code:04X}> Tj", number(stretch));
}

/// Size of letters that nobody should notice, in points.
const HAIR: f64 = 0.25;

/// Font, size and matrix of a run. Directions come with their lengths.
fn begin(
    out: &mut String,
    size: f64,
    (along, unit_along): ((f64, f64), f64),
    (across, unit_up): ((f64, f64), f64),
    origin: (f64, f64),
) {
    let _ = writeln!(
        out,
        "/{} {} Tf\n{} {} {} {} {} {} Tm",
        std::str::from_utf8(FONT.0).unwrap_or_default(),
        number(size),
        number(along.0 / unit_along),
        number(along.1 / unit_along),
        number(across.0 / unit_up),
        number(across.1 / unit_up),
        number(origin.0),
        number(origin.1)
    );
}

/// A line to be written.
struct Run<'a> {
    line: &'a TextLine,
    characters: Vec<(usize, char)>,
    strip: Strip,
    /// Where its last letter has to end, when that is not the end of its print.
    reach: Option<f64>,
    /// How far along the line the middle of its rise is, when its first letter has to stand at that height.
    middle: Option<f64>,
    /// Share of its length to which the line is squeezed, to leave room to its right.
    squeeze: f64,
}

/// Lines that stand side by side, on one base line and of one height: readers of PDF take what lies apart for columns
/// of a newspaper, and would read the columns of a table one after the other.
fn runs(row: &[TextLine], skew: f64) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::with_capacity(row.len());
    for (index, line) in row.iter().enumerate() {
        let characters = characters(&line.text);
        let strip = Strip::of(line.area, skew, characters.len());
        let height = letter_height(strip, &characters);
        runs.push(Run {
            line,
            strip: strip.tilted(skew, height),
            characters,
            reach: row.get(index + 1).map(|next| f64::from(next.area.x0)),
            middle: Some(strip.length / 2.0),
            squeeze: 1.0,
        });
    }
    let heights = || runs.iter().map(|run| run.strip.height);
    let (low, high) = (heights().fold(f64::INFINITY, f64::min), heights().fold(0.0, f64::max));
    let vertical = runs.iter().any(|run| run.strip.is_vertical());
    if runs.len() < 2 || vertical || high > MAX_HEIGHTS * low {
        return runs;
    }
    let height = letters_height(row, skew);
    let centres: Vec<(f64, f64)> = row.iter().map(|line| centre(line.area)).collect();
    #[allow(clippy::cast_precision_loss)] // lines of a row
    let mean = |pick: fn(&(f64, f64)) -> f64| centres.iter().map(pick).sum::<f64>() / centres.len() as f64;
    let middle = (mean(|c| c.0), mean(|c| c.1));
    let left = row
        .iter()
        .map(|line| f64::from(line.area.x0))
        .fold(f64::INFINITY, f64::min);
    let right = row.iter().map(|line| f64::from(line.area.x1)).fold(0.0, f64::max);
    let (along, up) = directions(skew, height, right - left);
    for (index, run) in runs.iter_mut().enumerate() {
        let x = f64::from(run.line.area.x0);
        let y = middle.1 + (x - middle.0) * along.1 / along.0;
        run.strip = Strip {
            corner: (x - up.0 * height / 2.0, y - up.1 * height / 2.0),
            along,
            up,
            height,
            length: f64::from(run.line.area.width().max(1)),
        };
        run.middle = (index == 0).then_some((right - left) / 2.0);
    }
    runs
}

fn centre(area: PixelBox) -> (f64, f64) {
    let middle = |a: u32, b: u32| f64::midpoint(f64::from(a), f64::from(b));
    (middle(area.x0, area.x1), middle(area.y0, area.y1))
}

impl Run<'_> {
    fn write(self, out: &mut String, to_points: Map, letters: &mut Letters) {
        let line = self.line;
        let strip = self.strip;
        let codes: Vec<Option<u16>> = self.characters.iter().map(|(_, c)| letters.code(*c)).collect();
        if codes.iter().all(Option::is_none) {
            return;
        }
        let mut starts = starts(line, &self.characters, strip);
        if let (Some(reach), Some(end)) = (self.reach, starts.last_mut())
            && !strip.is_vertical()
        {
            *end = end.max(reach - SPACE * strip.height - strip.corner.0);
        }
        for start in &mut starts {
            *start *= self.squeeze;
        }
        let characters: Vec<char> = self.characters.into_iter().map(|(_, c)| c).collect();
        // The unit of the font size: how long a pixel is across the line.
        let across = to_points.vector(strip.up);
        let along = to_points.vector(strip.along);
        let (unit_up, unit_along) = (across.0.hypot(across.1), along.0.hypot(along.1));
        let base = (
            strip.corner.0 + strip.up.0 * strip.height * share(-sfnt::DESCENT),
            strip.corner.1 + strip.up.1 * strip.height * share(-sfnt::DESCENT),
        );
        let size = strip.height * unit_up;
        if !(size.is_finite() && size > 0.0 && unit_along > 0.0) {
            return;
        }
        let place = |out: &mut String, point| {
            begin(
                out,
                size,
                (along, unit_along),
                (across, unit_up),
                to_points.point(point),
            );
        };
        // All that lies within half a height of the first letter is on its line.
        let first_alone = self
            .middle
            .filter(|middle| strip.along.1.abs() * middle * 2.0 > PLAIN_RISE * strip.height && !strip.is_vertical());
        place(out, (base.0, base.1 + first_alone.unwrap_or(0.0) * strip.along.1));
        let mut from = 0;
        while from < characters.len() {
            if from == 1 && first_alone.is_some() {
                let at = starts.get(from).copied().unwrap_or_default();
                place(out, (base.0 + at * strip.along.0, base.1 + at * strip.along.1));
            }
            let to = if from == 0 && first_alone.is_some() {
                1
            } else {
                run_end(&characters, &starts, from, TOLERANCE * strip.height)
            };
            let run = characters.get(from..to).unwrap_or_default();
            let ems: f64 = run.iter().map(|c| width(*c)).sum();
            let length = starts.get(to).zip(starts.get(from)).map_or(0.0, |(b, a)| b - a);
            let stretch = 100.0 * length * unit_along / (ems * size).max(f64::MIN_POSITIVE);
            let _ = write!(out, "{} Tz <", number(stretch.max(0.01)));
            for code in codes.get(from..to).unwrap_or_default().iter().flatten() {
                let _ = write!(out, "{code:04X}");
            }
            out.push_str("> Tj\n");
            from = to;
        }
    }
}

/// The characters of a line with their indices in its text: blanks in a row are one space, those at the ends go.
fn characters(text: &str) -> Vec<(usize, char)> {
    let mut kept: Vec<(usize, char)> = Vec::new();
    for (index, character) in text.chars().enumerate() {
        if !character.is_whitespace() {
            kept.push((index, character));
        } else if kept.last().is_some_and(|(_, last)| *last != ' ') {
            kept.push((index, ' '));
        }
    }
    if kept.last().is_some_and(|(_, last)| *last == ' ') {
        kept.pop();
    }
    kept
}

fn share(units: i16) -> f64 {
    f64::from(units) / f64::from(sfnt::EM)
}

/// Where along the strip each character starts, and where the last one ends; each comes with its index in the text of
/// the line.
fn starts(line: &TextLine, characters: &[(usize, char)], strip: Strip) -> Vec<f64> {
    let total: f64 = characters.iter().map(|(_, c)| width(*c)).sum();
    let mut starts = Vec::with_capacity(characters.len() + 1);
    let mut at = 0.0;
    for (_, character) in characters {
        starts.push(strip.length * at / total.max(f64::MIN_POSITIVE));
        at += width(*character);
    }
    starts.push(strip.length);
    if strip.along.1.abs() > 0.5 {
        return starts;
    }
    if !line.words.is_empty() {
        let half_tilt = strip.along.1.abs() * strip.height / 2.0;
        let mut last = 0.0;
        for (start, (index, character)) in starts.iter_mut().zip(characters).skip(1) {
            if !character.is_whitespace()
                && let Some(own) = line.area_of(*index..index + 1)
            {
                *start = (f64::from(own.x0) + half_tilt - strip.corner.0) / strip.along.0;
            }
            // Letters have to follow each other, even where boxes overlap.
            last = start.clamp(last, strip.length);
            *start = last;
        }
    }
    // Spaces are narrow; the letter before them fills the rest of the gap.
    for (index, _) in characters.iter().enumerate().filter(|(_, (_, c))| *c == ' ') {
        if let Some(next) = starts.get(index + 1).copied()
            && let Some(start) = starts.get_mut(index)
        {
            *start = start.max(next - SPACE * strip.height);
        }
    }
    starts
}

/// The end of the longest run from `from` on that one stretch fits, at least one character.
fn run_end(characters: &[char], starts: &[f64], from: usize, tolerance: f64) -> usize {
    let fits = |to: usize| {
        let (Some(begin), Some(end)) = (starts.get(from), starts.get(to)) else {
            return false;
        };
        let ems: f64 = characters.iter().take(to).skip(from).map(|c| width(*c)).sum();
        // Characters without width of their own cannot be shown at all.
        if end - begin <= 0.0 {
            return false;
        }
        let mut at = 0.0;
        characters
            .iter()
            .zip(starts)
            .take(to)
            .skip(from)
            .all(|(character, start)| {
                let predicted = begin + (end - begin) * at / ems;
                at += width(*character);
                (predicted - start).abs() <= tolerance
            })
    };
    (from + 1..=characters.len())
        .rev()
        .find(|to| fits(*to))
        .unwrap_or(from + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_break_where_print_is_spaced_unevenly() {
        let characters: Vec<char> = "申请人张三".chars().collect();
        let even = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0];
        assert_eq!(run_end(&characters, &even, 0, 4.0), 5);
        let with_gap = [0.0, 10.0, 20.0, 80.0, 90.0, 100.0];
        // The gap belongs to the letter before it.
        assert_eq!(run_end(&characters, &with_gap, 0, 4.0), 2);
        assert_eq!(run_end(&characters, &with_gap, 2, 4.0), 3);
        assert_eq!(run_end(&characters, &with_gap, 3, 4.0), 5);
    }
}
