//! The letters of one line, each over its print.
//!
//! All letters of a line have one base line, which is level, because readers break lines that rise. Their print may rise
//! with the skew of the page; each letter is the glyph of the font whose box is as much higher or lower.
//!
//! Letters follow each other without a gap, because readers take gaps for spaces: a run of letters is stretched (`Tz`) to
//! span its print, and where print is spaced unevenly the stretch changes. Where the print leaves more room than a few
//! letters take, blanks stand in the room.

use std::fmt::Write as _;

use crate::record::TextLine;

use super::geometry::{Map, number};
use super::letters::{FONT, Letters, width};
use super::sfnt;
use super::strip::Strip;

/// How far a letter may lie from its print, in heights of the letters, before the stretch changes.
const TOLERANCE: f64 = 0.4;
/// Width of a space, in heights of the letters; the letter before it fills the rest of its gap.
const SPACE: f64 = 0.3;
/// Letters that would be wider than this, in heights and by their natural width, leave the room to blanks.
const MOST_STRETCHED: f64 = 3.0;
/// Share of the height of letters below the base line.
const BELOW: f64 = -sfnt::BOX_BOTTOM / sfnt::LETTER;
/// Share of the height of letters between base line and the declared ascent of the font, which is what `pdftotext`
/// takes for their upper edge.
const DECLARED: f64 = sfnt::ASCENT as f64 / sfnt::LETTER;

/// A line to be written.
pub(super) struct Run<'a> {
    line: &'a TextLine,
    characters: Vec<(usize, char)>,
    strip: Strip,
    /// The middle of the letters if the page had no skew.
    level: f64,
}

impl<'a> Run<'a> {
    /// `None` for a line without letters that can be written. `lower` tells how much lower the page lies at a place to
    /// the right because of its skew.
    pub(super) fn new(line: &'a TextLine, skew: f64, lower: impl Fn(f64) -> f64) -> Option<Self> {
        let characters = characters(&line.text);
        let ems: f64 = characters.iter().map(|(_, c)| width(*c)).sum();
        let strip = Strip::of(line.area, skew, characters.len(), ems);
        (!characters.is_empty()).then(|| Self {
            line,
            characters,
            strip,
            level: strip.centre.1 - lower(strip.centre.0),
        })
    }

    pub(super) fn count(&self) -> usize {
        self.characters.len()
    }

    /// Height of the letters in pixels.
    pub(super) fn height(&self) -> f64 {
        self.strip.height
    }

    /// Makes the letters no higher than this.
    pub(super) fn limit(&mut self, height: f64) {
        self.strip.height = self.strip.height.min(height);
    }

    fn base(&self) -> f64 {
        self.level + (0.5 - BELOW) * self.strip.height
    }

    /// What readers take for the upper edge.
    pub(super) fn top(&self) -> f64 {
        self.base() - DECLARED * self.strip.height
    }

    /// What readers take for the lower edge.
    pub(super) fn bottom(&self) -> f64 {
        self.base() + BELOW * self.strip.height
    }

    /// Moves what readers take for the upper edge; the letters stay over their print.
    pub(super) fn set_top(&mut self, top: f64) {
        self.level += top - self.top();
    }

    pub(super) fn write(&self, out: &mut String, to_points: Map, letters: &mut Letters) {
        let pen = Pen::new(to_points, self.strip.height / f64::from(sfnt::EMS));
        let Some(pen) = pen else { return };
        let starts = self.starts();
        let characters: Vec<char> = self.characters.iter().map(|(_, c)| *c).collect();
        let mut from = 0;
        pen.place(out, (self.strip.left, self.base()));
        while from < characters.len() {
            let to = if self.strip.vertical {
                characters.len()
            } else {
                run_end(&characters, &starts, from, TOLERANCE * self.strip.height)
            };
            let run = characters.get(from..to).unwrap_or_default();
            let ems: f64 = run.iter().map(|c| width(*c)).sum();
            let length = starts.get(to).zip(starts.get(from)).map_or(0.0, |(b, a)| b - a);
            let natural = ems * self.strip.height / 0.95;
            let letters_length = if to == from + 1 && length > MOST_STRETCHED * natural {
                natural
            } else {
                length
            };
            let codes: Vec<u16> = (from..to)
                .zip(run)
                .filter_map(|(at, character)| letters.code(*character, self.steps(at, &starts)))
                .collect();
            pen.show(out, letters_length / ems, &codes);
            if letters_length < length
                && let Some(blanks) = letters.blanks()
            {
                pen.show(out, length - letters_length, &[blanks]);
            }
            from = to;
        }
    }

    /// How many steps the print of a letter stands higher than its place on the base line.
    fn steps(&self, at: usize, starts: &[f64]) -> i32 {
        let print = if self.strip.vertical {
            #[allow(clippy::cast_precision_loss)] // characters of a line
            let (at, all) = (at as f64, self.characters.len() as f64);
            self.strip.centre.1 + (at + 0.5 - all / 2.0) * self.strip.height
        } else {
            let (a, b) = (starts.get(at), starts.get(at + 1));
            let x = a.zip(b).map_or(0.0, |(a, b)| f64::midpoint(*a, *b)) - self.strip.width / 2.0;
            self.strip.centre.1 + x * self.strip.slope
        };
        let steps = (self.level - print) / (sfnt::STEP_OF_LETTER * self.strip.height.max(f64::MIN_POSITIVE));
        #[allow(clippy::cast_possible_truncation)] // clamped
        let steps = steps.clamp(-f64::from(sfnt::STEPS), f64::from(sfnt::STEPS)).round() as i32;
        steps
    }

    /// How far from the left end each character starts, and where the last one ends.
    fn starts(&self) -> Vec<f64> {
        let (line, characters, strip) = (self.line, &self.characters, self.strip);
        let total: f64 = characters.iter().map(|(_, c)| width(*c)).sum();
        let mut starts = Vec::with_capacity(characters.len() + 1);
        let mut at = 0.0;
        for (_, character) in characters {
            starts.push(strip.width * at / total.max(f64::MIN_POSITIVE));
            at += width(*character);
        }
        starts.push(strip.width);
        if strip.vertical {
            return starts;
        }
        if !line.words.is_empty() {
            let half_tilt = strip.slope.abs() * strip.height / 2.0;
            let mut last = 0.0;
            for (start, (index, character)) in starts.iter_mut().zip(characters).skip(1) {
                if !character.is_whitespace()
                    && let Some(own) = line.area_of(*index..index + 1)
                {
                    *start = f64::from(own.x0) + half_tilt - strip.left;
                }
                // Letters have to follow each other, even where boxes overlap.
                last = start.clamp(last, strip.width);
                *start = last;
            }
        }
        for (index, _) in characters.iter().enumerate().filter(|(_, (_, c))| *c == ' ') {
            if let Some(next) = starts.get(index + 1).copied()
                && let Some(start) = starts.get_mut(index)
            {
                *start = start.max(next - SPACE * strip.height);
            }
        }
        starts
    }
}

/// Blanks of no height to speak of from `from` to `to` at height `y`, which readers take for a line of text.
pub(super) fn hair(out: &mut String, (from, to, y): (f64, f64, f64), to_points: Map, letters: &mut Letters) {
    blanks(
        out,
        (from, y),
        to - from,
        HAIR * pixels_in_point(to_points),
        to_points,
        letters,
    );
}

/// Size of letters that nobody should notice, in points.
const HAIR: f64 = 0.25;

/// Height of a point in pixels.
pub(super) fn pixels_in_point(to_points: Map) -> f64 {
    let up = to_points.vector((0.0, 1.0));
    1.0 / up.0.hypot(up.1)
}

/// Blanks of the given width and size of letters, in pixels.
pub(super) fn blanks(
    out: &mut String,
    place: (f64, f64),
    width: f64,
    size: f64,
    to_points: Map,
    letters: &mut Letters,
) {
    if let (Some(pen), Some(code)) = (Pen::new(to_points, size), letters.blanks())
        && width > 0.0
        && place.1.is_finite()
    {
        pen.place(out, place);
        pen.show(out, width, &[code]);
    }
}

/// Writes level letters of one size.
struct Pen {
    to_points: Map,
    /// Directions to the right and upwards in the coordinates of the PDF page, of length 1.
    along: (f64, f64),
    up: (f64, f64),
    /// Size of the font in points.
    size: f64,
    /// Points for a pixel along the line.
    unit: f64,
}

impl Pen {
    /// `size` in pixels. `None` when nothing could be seen.
    fn new(to_points: Map, size: f64) -> Option<Self> {
        let (along, up) = (to_points.vector((1.0, 0.0)), to_points.vector((0.0, -1.0)));
        let (unit, unit_up) = (along.0.hypot(along.1), up.0.hypot(up.1));
        let size = size * unit_up;
        (size.is_finite() && size > 0.0 && unit > 0.0).then(|| Self {
            to_points,
            along: (along.0 / unit, along.1 / unit),
            up: (up.0 / unit_up, up.1 / unit_up),
            size,
            unit,
        })
    }

    fn place(&self, out: &mut String, point: (f64, f64)) {
        let origin = self.to_points.point(point);
        let _ = writeln!(
            out,
            "/{} {} Tf\n{} {} {} {} {} {} Tm",
            std::str::from_utf8(FONT.0).unwrap_or_default(),
            number(self.size),
            number(self.along.0),
            number(self.along.1),
            number(self.up.0),
            number(self.up.1),
            number(origin.0),
            number(origin.1)
        );
    }

    /// Letters of which an em is as many pixels wide as `em` says.
    fn show(&self, out: &mut String, em: f64, codes: &[u16]) {
        let stretch = 100.0 * em * self.unit / self.size;
        let _ = write!(out, "{} Tz <", number(stretch.max(0.01)));
        for code in codes {
            let _ = write!(out, "{code:04X}");
        }
        out.push_str("> Tj\n");
    }
}

/// The characters of a line with their indices in its text: blanks in a row are one space, those at the ends go.
fn characters(text: &str) -> Vec<(usize, char)> {
    let mut kept: Vec<(usize, char)> = Vec::new();
    for (index, character) in text.chars().enumerate() {
        if Letters::can_show(character) {
            kept.push((index, character));
        } else if character.is_whitespace() && kept.last().is_some_and(|(_, last)| *last != ' ') {
            kept.push((index, ' '));
        }
    }
    if kept.last().is_some_and(|(_, last)| *last == ' ') {
        kept.pop();
    }
    kept
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

    #[test]
    fn blanks_are_one_space_and_control_characters_nothing() {
        let kept: String = characters(" 甲\u{1}  乙\t").into_iter().map(|(_, c)| c).collect();
        assert_eq!(kept, "甲 乙");
    }
}
