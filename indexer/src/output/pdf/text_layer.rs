//! Lines of text as invisible runs over their print.
//!
//! A line is one run of letters that follow each other without any gap, whatever stands on the paper, because readers
//! of PDF take gaps for spaces. It is stretched (`Tz`) to span its box. Where print is spaced unevenly the stretch
//! changes within the line, so that letters stay over their print; that changes nothing for the readers.

use std::fmt::Write as _;

use juanzong::record::{PageText, PixelBox, TextLine};

use super::geometry::{Map, number};
use super::letters::{FONT, Letters, width};
use super::sfnt;

/// How far a letter may lie from its print, in heights of the line, before the stretch changes.
const TOLERANCE: f64 = 0.4;
/// A line this much higher than wide runs from top to bottom.
const VERTICAL: f64 = 1.8;
/// How far a line may rise from end to end, in heights of the line.
const MAX_RISE: f64 = 0.4;
/// Lines side by side of heights further apart than this are not brought to one.
const MAX_HEIGHTS: f64 = 2.5;
/// Width of a space, in heights of the line: enough for readers to see a space, too little to see a column.
const SPACE: f64 = 0.3;
/// Skew below this is no skew.
const MIN_SKEW: f64 = 0.05;

/// A line of print on the upright page, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Strip {
    /// Left end of the lower edge.
    corner: (f64, f64),
    /// Direction of the text, of length 1.
    along: (f64, f64),
    /// From the lower to the upper edge, of length 1.
    up: (f64, f64),
    length: f64,
    height: f64,
}

/// The operators that write the text of a page; empty for a page without text. `to_points` leads from pixels of the
/// upright page to the coordinates of the PDF page; `skew` in degrees, positive clockwise.
pub(super) fn content(page: &PageText, skew: f32, to_points: Map, letters: &mut Letters) -> Vec<u8> {
    let mut out = String::new();
    let lines: Vec<&TextLine> = page.lines.iter().collect();
    for row in lines.chunk_by(|a, b| are_beside(a, b)) {
        for run in runs(row, f64::from(skew)) {
            run.write(&mut out, to_points, letters);
        }
    }
    if out.is_empty() {
        return Vec::new();
    }
    format!("q\nBT\n3 Tr\n{out}ET\nQ\n").into_bytes()
}

/// A line to be written.
struct Run<'a> {
    line: &'a TextLine,
    characters: Vec<(usize, char)>,
    strip: Strip,
    /// Where its last letter has to end, when that is not the end of its print.
    reach: Option<f64>,
}

/// Lines that stand side by side, on one base line and of one height: readers of PDF take what lies apart for columns
/// of a newspaper, and would read the columns of a table one after the other.
fn runs<'a>(row: &[&'a TextLine], skew: f64) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::with_capacity(row.len());
    for (index, line) in row.iter().enumerate() {
        let characters = characters(&line.text);
        runs.push(Run {
            line,
            strip: strip(line, skew, characters.len()),
            characters,
            reach: row.get(index + 1).map(|next| f64::from(next.area.x0)),
        });
    }
    let heights = || runs.iter().map(|run| run.strip.height);
    let (low, high) = (heights().fold(f64::INFINITY, f64::min), heights().fold(0.0, f64::max));
    let vertical = runs.iter().any(|run| run.strip.along.0 < 0.5);
    if runs.len() < 2 || vertical || high > MAX_HEIGHTS * low {
        return runs;
    }
    let centres: Vec<(f64, f64)> = row.iter().map(|line| centre(line.area)).collect();
    #[allow(clippy::cast_precision_loss)] // lines of a row
    let mean = |pick: fn(&(f64, f64)) -> f64| centres.iter().map(pick).sum::<f64>() / centres.len() as f64;
    let middle = (mean(|c| c.0), mean(|c| c.1));
    let left = row
        .iter()
        .map(|line| f64::from(line.area.x0))
        .fold(f64::INFINITY, f64::min);
    let right = row.iter().map(|line| f64::from(line.area.x1)).fold(0.0, f64::max);
    let (along, up) = directions(skew, high, right - left);
    for run in &mut runs {
        let x = f64::from(run.line.area.x0);
        let y = middle.1 + (x - middle.0) * along.1 / along.0;
        run.strip = Strip {
            corner: (x - up.0 * high / 2.0, y - up.1 * high / 2.0),
            along,
            up,
            height: high,
            length: f64::from(run.line.area.width().max(1)),
        };
    }
    runs
}

/// Direction of a line and its upward normal. Readers tear a line apart that rises by more than a part of its height, so
/// long lines follow the skew in part only.
fn directions(skew: f64, height: f64, length: f64) -> ((f64, f64), (f64, f64)) {
    let most = (MAX_RISE * height / length.max(1.0)).min(1.0);
    let sin = skew.to_radians().sin().clamp(-most, most);
    let cos = (1.0 - sin * sin).sqrt();
    ((cos, sin), (sin, -cos))
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
            && strip.along.0 > 0.5
        {
            *end = end.max(reach - SPACE * strip.height - strip.corner.0);
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
        let origin = to_points.point(base);
        let size = strip.height * unit_up;
        if !(size.is_finite() && size > 0.0 && unit_along > 0.0) {
            return;
        }
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
        let mut from = 0;
        while from < characters.len() {
            let to = run_end(&characters, &starts, from, TOLERANCE * strip.height);
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

/// Whether the next line in reading order stands beside this one.
fn are_beside(line: &TextLine, next: &TextLine) -> bool {
    let (a, b) = (line.area, next.area);
    let common = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
    common * 2 > a.height().min(b.height()) && b.x0 >= a.x1
}

fn share(units: i16) -> f64 {
    f64::from(units) / f64::from(sfnt::EM)
}

/// Where a line of print lies. Its box is the box around the turned line, from which the line itself follows.
fn strip(line: &TextLine, skew: f64, characters: usize) -> Strip {
    let area = visible(line.area);
    let (w, h) = (f64::from(area.width()), f64::from(area.height()));
    let (x0, y0, y1) = (f64::from(area.x0), f64::from(area.y0), f64::from(area.y1));
    if characters > 1 && h > VERTICAL * w {
        return Strip {
            corner: (x0, y0),
            along: (0.0, 1.0),
            up: (1.0, 0.0),
            length: h,
            height: w,
        };
    }
    let level = Strip {
        corner: (x0, y1),
        along: (1.0, 0.0),
        up: (0.0, -1.0),
        length: w,
        height: h,
    };
    if skew.abs() < MIN_SKEW || skew.abs() > 20.0 {
        return level;
    }
    let (length, height) = unturned(w, h, skew);
    // Rounded boxes of short lines may give anything.
    if !(length > 0.0 && height > 0.3 * h.min(w)) {
        return level;
    }
    let (along, up) = directions(skew, height, length);
    let centre = (x0 + w / 2.0, y0 + h / 2.0);
    let (half_length, half_height) = (length / 2.0, height / 2.0);
    Strip {
        corner: (
            centre.0 - along.0 * half_length - up.0 * half_height,
            centre.1 - along.1 * half_length - up.1 * half_height,
        ),
        along,
        up,
        length,
        height,
    }
}

/// A box without extent gets one pixel, so that its text is not lost.
fn visible(area: PixelBox) -> PixelBox {
    PixelBox {
        x1: area.x1.max(area.x0 + 1),
        y1: area.y1.max(area.y0 + 1),
        ..area
    }
}

/// Length and height of the rectangle that, turned by `degrees`, has a box of `w` by `h` around it.
fn unturned(w: f64, h: f64, degrees: f64) -> (f64, f64) {
    let (sin, cos) = degrees.abs().to_radians().sin_cos();
    let scale = cos * cos - sin * sin;
    ((w * cos - h * sin) / scale, (h * cos - w * sin) / scale)
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
    fn a_turned_line_is_found_in_its_box() {
        let (length, height, degrees) = (1000.0_f64, 50.0, 1.5_f64);
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (found_length, found_height) = unturned(length * cos + height * sin, length * sin + height * cos, degrees);
        assert!((found_length - length).abs() < 1e-6 && (found_height - height).abs() < 1e-6);
    }

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
