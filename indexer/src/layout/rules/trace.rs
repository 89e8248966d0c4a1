//! Thin dark lines followed from row to row.

use image::GrayImage;

use super::Rule;

/// Rules are darker than what is this far to either side, in millimetres: thin ones by the first, the thick borders
/// of tables by the second.
const REACH: [f64; 2] = [0.45, 1.1];
/// Share of the contrast between ink and paper by which a rule is darker than its surroundings.
const DARKER: f64 = 0.14;
/// A line goes on after gaps of this length, in millimetres: noise, broken hairlines, strokes that cross it.
const GAP: f64 = 0.9;
/// Lines shorter than this are strokes of characters, in millimetres.
const SHORTEST: f64 = 4.0;
/// Share of the length of a line that must be dark.
const FILLED: f64 = 0.6;
/// How far across a line may lie from where it is expected, in pixels.
const STRAY: f32 = 1.3;
/// How quickly the expected position follows the line.
const FOLLOW: f32 = 0.15;
/// Lines that lean by more than this (pixels across per pixel along) are no rules of a page set straight.
const STEEPEST: f64 = 0.012;
/// More lines than this are a pattern; the longest are kept.
const MOST: usize = 2000;

/// Levels of grey between ink and paper.
pub(super) fn contrast(image: &GrayImage) -> f64 {
    let mut histogram = [0_u32; 256];
    let mut seen = 0_u32;
    for level in image.as_raw().iter().step_by(7) {
        histogram[usize::from(*level)] += 1;
        seen += 1;
    }
    let quantile = |share: f64| {
        let wanted = f64::from(seen) * share;
        let mut sum = 0.0;
        let at = histogram.iter().position(|count| {
            sum += f64::from(*count);
            sum > wanted
        });
        at.map_or(255.0, |level| f64::from(u8::try_from(level).unwrap_or(u8::MAX)))
    };
    (quantile(0.6) - quantile(0.01)).max(0.0)
}

/// The image with rows and columns exchanged.
pub(super) fn transposed(image: &GrayImage) -> GrayImage {
    const BLOCK: usize = 32;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut result = GrayImage::new(image.height(), image.width());
    let (from, to): (&[u8], &mut [u8]) = (image.as_raw(), &mut result);
    for top in (0..height).step_by(BLOCK) {
        for left in (0..width).step_by(BLOCK) {
            for y in top..(top + BLOCK).min(height) {
                for x in left..(left + BLOCK).min(width) {
                    to[x * height + y] = from[y * width + x];
                }
            }
        }
    }
    result
}

/// A line that is being followed downwards.
struct Track {
    first: usize,
    last: usize,
    /// Expected position across.
    at: f32,
    hits: u32,
    // Sums for the straight line through the hits, relative to `first` and to the position there.
    origin: f32,
    y: f64,
    x: f64,
    yy: f64,
    xy: f64,
    thickness: f64,
}

impl Track {
    fn new(y: usize, at: f32, thickness: f32) -> Self {
        Self {
            first: y,
            last: y,
            at,
            hits: 1,
            origin: at,
            y: 0.0,
            x: 0.0,
            yy: 0.0,
            xy: 0.0,
            thickness: f64::from(thickness),
        }
    }

    #[allow(clippy::cast_precision_loss)] // pixels of a page
    fn hit(&mut self, y: usize, at: f32, thickness: f32) {
        self.last = y;
        self.at += FOLLOW * (at - self.at);
        self.hits += 1;
        let (y, x) = ((y - self.first) as f64, f64::from(at - self.origin));
        self.y += y;
        self.x += x;
        self.yy += y * y;
        self.xy += x * y;
        self.thickness += f64::from(thickness);
    }

    /// The straight line through the hits, when they make one.
    #[allow(clippy::cast_precision_loss)] // pixels of a page
    fn rule(&self, shortest: f64) -> Option<Rule> {
        let length = (self.last - self.first + 1) as f64;
        let hits = f64::from(self.hits);
        if length < shortest || hits < length * FILLED {
            return None;
        }
        let spread = hits * self.yy - self.y * self.y;
        let slope = (hits * self.xy - self.x * self.y) / spread.max(1.0);
        if slope.abs() > STEEPEST {
            return None;
        }
        let start = f64::from(self.origin) + (self.x - slope * self.y) / hits;
        Some(Rule {
            from: self.first as f64,
            to: self.first as f64 + length,
            // The middle of a pixel is half a pixel behind its index.
            at_from: start + 0.5,
            at_to: start + slope * length + 0.5,
            thickness: self.thickness / hits,
            filled: (hits / length).min(1.0),
            group: None,
        })
    }
}

/// The vertical lines of an image of `millimetre` pixels per millimetre, as they are seen: broken, some of them doubled.
pub(super) fn vertical(image: &GrayImage, millimetre: f64, contrast: f64) -> Vec<Rule> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few pixels
    let pixels = |millimetres: f64| ((millimetres * millimetre).round() as usize).max(2);
    let reach = REACH.map(pixels);
    let (gap, thickest) = (pixels(GAP), 2 * reach[1]);
    if width <= 2 * reach[1] || height < 3 {
        return Vec::new();
    }
    // Three rows are summed: noise fades, the line does not.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 765
    let darker = (3.0 * (contrast * DARKER).max(8.0)) as u16;
    let mut sums = vec![0_u16; width];
    let mut dark = vec![0_u8; width];
    let mut tracks: Vec<Track> = Vec::new();
    // For each column the number of the last track that was seen there, plus one.
    let mut owner = vec![0_usize; width];
    let rows: Vec<&[u8]> = image.as_raw().chunks_exact(width).collect();
    for (y, three) in (1..).zip(rows.windows(3)) {
        for (x, sum) in sums.iter_mut().enumerate() {
            *sum = u16::from(three[0][x]) + u16::from(three[1][x]) + u16::from(three[2][x]);
        }
        mark(&sums, &mut dark, reach, darker);
        for (from, to) in runs(&dark) {
            if to - from > thickest {
                continue;
            }
            #[allow(clippy::cast_precision_loss)] // pixels of a row
            let (at, thickness) = ((from + to - 1) as f32 / 2.0, (to - from) as f32);
            let middle = usize::midpoint(from, to - 1);
            let near = middle.saturating_sub(2)..(middle + 3).min(width);
            let best = near
                .filter_map(|x| owner[x].checked_sub(1))
                .filter(|number| y - tracks[*number].last <= gap)
                .map(|number| ((tracks[number].at - at).abs(), number))
                .filter(|(stray, _)| *stray <= STRAY)
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let number = if let Some((_, number)) = best {
                // Two runs of one row: the first has taken the track.
                if tracks[number].last < y {
                    tracks[number].hit(y, at, thickness);
                }
                number
            } else {
                tracks.push(Track::new(y, at, thickness));
                tracks.len() - 1
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a column
            let column = (tracks[number].at.round().max(0.0) as usize).min(width - 1);
            owner[column] = number + 1;
        }
    }
    let shortest = SHORTEST * millimetre;
    let mut rules: Vec<Rule> = tracks.iter().filter_map(|track| track.rule(shortest)).collect();
    if rules.len() > MOST {
        rules.sort_by(|a, b| b.length().total_cmp(&a.length()));
        rules.truncate(MOST);
    }
    rules
}

/// Sets `dark` where a column is darker than those at one of the reaches on both sides.
fn mark(sums: &[u16], dark: &mut [u8], reach: [usize; 2], darker: u16) {
    dark.fill(0);
    for reach in reach {
        let middle = &sums[reach..sums.len() - reach];
        let (left, right) = (&sums[..middle.len()], &sums[2 * reach..]);
        let dark = &mut dark[reach..reach + middle.len()];
        for (((level, left), right), dark) in middle.iter().zip(left).zip(right).zip(dark) {
            *dark |= u8::from((*left).min(*right) >= level + darker);
        }
    }
}

/// The runs of marked columns.
fn runs(dark: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + memchr::memchr(1, &dark[at..])?;
        let to = memchr::memchr(0, &dark[from..]).map_or(dark.len(), |length| from + length);
        at = to;
        Some((from, to))
    })
}
