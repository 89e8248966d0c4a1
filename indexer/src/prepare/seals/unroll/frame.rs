//! The inner geometry of a round or oval seal: which way is up, where the rim text runs, where lines stand.

use image::GrayImage;

use super::ink::Coverage;
use super::{FoundSeal, SealShape, strip};

/// Steps around the outline.
const STEPS: usize = 720;
/// Mean ink around a ring from which on it is the ring itself and not text.
const RING: f32 = 0.55 * 255.0;

/// A straight line of text inside a seal, in the seal's own frame: origin in its centre, x to the right, y down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    x0: f32,
    y0: f32,
    x1: f32,
    y1: f32,
}

/// A seal laid out for reading.
pub(super) struct Frame {
    centre: (f32, f32),
    radii: (f32, f32),
    /// Turn of the outline, radians.
    outline_turn: f32,
    /// Turn of the text, radians: where up is.
    turn: f32,
    /// Smaller radius.
    size: f32,
    /// Depth below the outline where the ring ends.
    ring: f32,
    /// Depth where the rim text ends.
    band: f32,
    star: bool,
}

impl Frame {
    pub(super) fn of(seal: &FoundSeal, ink: &Coverage) -> Option<Self> {
        let SealShape::Ellipse { centre, radii, turn } = seal.shape else {
            return None;
        };
        let size = radii.0.min(radii.1);
        let mut frame = Self {
            centre: (centre.0 - ink.origin.0, centre.1 - ink.origin.1),
            radii,
            outline_turn: turn.to_radians(),
            turn: turn.to_radians(),
            size,
            ring: 0.07 * size,
            band: 0.4 * size,
            star: false,
        };
        if let Some(turn) = frame.star_turn(ink) {
            (frame.turn, frame.star) = (turn, true);
        }
        frame.measure(ink);
        Some(frame)
    }

    /// The turn of the star in the middle: a star is the same after a fifth of a turn, its upper point tells which.
    fn star_turn(&self, ink: &Coverage) -> Option<f32> {
        let (mut re, mut im, mut all) = (0.0_f32, 0.0_f32, 0.0_f32);
        for step in 0_u16..180 {
            let angle = f32::from(step) * std::f32::consts::TAU / 180.0;
            let (sin, cos) = angle.sin_cos();
            for ring in 3_u8..9 {
                let r = self.size * f32::from(ring) * 0.04;
                let value = ink.at(self.centre.0 + r * cos, self.centre.1 + r * sin);
                let phase = 5.0 * (angle + std::f32::consts::FRAC_PI_2);
                re += value * phase.cos();
                im += value * phase.sin();
                all += value;
            }
        }
        // A clean star has 0.4; text and print in the middle have less than 0.1.
        let clear = re.hypot(im) > 0.18 * all && all > 180.0 * 6.0 * 255.0 * 0.08;
        clear.then(|| im.atan2(re) / 5.0)
    }

    /// A point of the outline, moved inwards; `along` is the angle of the seal's own frame, 0 to the right.
    fn point(&self, along: f32, depth: f32) -> (f32, f32) {
        let local = along + self.turn - self.outline_turn;
        let (sin, cos) = local.sin_cos();
        // Inwards is across the outline, so that text of an oval keeps its height.
        let (nx, ny) = (cos * self.radii.1, sin * self.radii.0);
        let length = nx.hypot(ny).max(1e-3);
        let (x, y) = (
            self.radii.0 * cos - depth * nx / length,
            self.radii.1 * sin - depth * ny / length,
        );
        let (sin, cos) = self.outline_turn.sin_cos();
        (self.centre.0 + x * cos - y * sin, self.centre.1 + x * sin + y * cos)
    }

    /// A point of the seal's own frame.
    fn inner(&self, x: f32, y: f32) -> (f32, f32) {
        let (sin, cos) = self.turn.sin_cos();
        (self.centre.0 + x * cos - y * sin, self.centre.1 + x * sin + y * cos)
    }

    /// Finds the ring and the band of the rim text by the ink at each depth, on the upper part where no line stands.
    fn measure(&mut self, ink: &Coverage) {
        let at_depth = |depth: f32| {
            let mut sum = 0.0;
            for step in 0_u8..100 {
                let along = -3.4 + 3.66 * f32::from(step) / 100.0;
                let (x, y) = self.point(along, depth);
                sum += ink.at(x, y);
            }
            sum / 100.0
        };
        let step = self.size / 100.0;
        let profile: Vec<f32> = (0_u8..70).map(|i| at_depth(f32::from(i) * step)).collect();
        // The ring, and a second ring close to it.
        let ring = (0..18).rev().find(|i| profile[*i] > RING).map_or(6, |last| {
            (last..last + 5).find(|i| profile[*i] < RING * 0.5).unwrap_or(last + 3)
        });
        let text: f32 = profile[ring + 2..ring + 25].iter().copied().fold(0.0, f32::max);
        let low = text * 0.13;
        let band = (ring + 14..62)
            .find(|i| profile[*i] < low && profile[*i + 1] < low)
            .unwrap_or_else(|| {
                (ring + 18..ring + 40)
                    .min_by(|a, b| profile[*a].total_cmp(&profile[*b]))
                    .unwrap_or(ring + 32)
            });
        self.ring = ring as f32 * step;
        self.band = band as f32 * step + step;
    }

    /// Straight lines across the middle and below the star.
    pub(super) fn lines(&self, ink: &Coverage) -> Vec<Line> {
        let size = self.size;
        let (wide, high) = if self.radii.0 > self.radii.1 {
            self.radii
        } else {
            (size, size)
        };
        let middle = wide * 0.28;
        // With a star lines stand below it; without one they may stand anywhere inside the rim text.
        let top = if self.star { 0.36 * size } else { self.band - high };
        let bottom = (high - self.ring) * 0.97;
        let inked = |y: f32| {
            let sum: f32 = (0_u8..60)
                .map(|i| {
                    let (px, py) = self.inner(middle * (f32::from(i) / 30.0 - 0.98), y);
                    ink.at(px, py)
                })
                .sum();
            sum / 60.0 > 14.0
        };
        runs(bottom - top, |y| inked(top + y))
            .into_iter()
            .map(|(from, to)| (top + from, top + to))
            .filter(|(from, to)| (0.09..0.45).contains(&((to - from) / size)))
            .filter_map(|(y0, y1)| self.extent(ink, y0, y1))
            .collect()
    }

    /// How far a line reaches to both sides: seals are symmetric, so what goes further on one side is rim text.
    fn extent(&self, ink: &Coverage, y0: f32, y1: f32) -> Option<Line> {
        let tall = y1 - y0;
        let most = self.radii.0 * (1.0 - (y0.abs().max(y1.abs()) / self.radii.1).powi(2)).max(0.0).sqrt() - self.ring;
        let reach = |side: f32| {
            let (mut last, mut x) = (0.0, 0.0);
            while x < most && x - last < 0.35 * tall {
                let inked = (0_u8..24).any(|i| {
                    let (px, py) = self.inner(side * x, y0 + tall * (f32::from(i) + 0.5) / 24.0);
                    ink.at(px, py) > 100.0
                });
                if inked {
                    last = x;
                }
                x += 1.0;
            }
            last
        };
        let (left, right) = (reach(-1.0), reach(1.0));
        let least = left.min(right);
        let cut = |v: f32| if v - least > 0.5 * tall { least } else { v } + 0.06 * tall;
        let line = Line {
            x0: -cut(left),
            y0: y0 - 0.08 * tall,
            x1: cut(right),
            y1: y1 + 0.08 * tall,
        };
        (line.x1 - line.x0 > 1.5 * tall).then_some(line)
    }

    /// A line as a strip.
    pub(super) fn cut(&self, ink: &Coverage, line: Line) -> Option<GrayImage> {
        strip(line.x1 - line.x0, line.y1 - line.y0, |x, y| {
            let (px, py) = self.inner(line.x0 + x, line.y0 + y);
            ink.at(px, py)
        })
    }

    /// Takes a line out of the ink.
    pub(super) fn erase(&self, ink: &mut Coverage, line: Line) {
        let (sin, cos) = self.turn.sin_cos();
        ink.erase(|x, y| {
            let (dx, dy) = (x - self.centre.0, y - self.centre.1);
            let (x, y) = (dx * cos + dy * sin, dy * cos - dx * sin);
            (line.x0..line.x1).contains(&x) && (line.y0..line.y1).contains(&y)
        });
    }

    /// The rim text as a strip, from its largest gap clockwise.
    pub(super) fn rim(&self, ink: &Coverage) -> Option<GrayImage> {
        let tall = self.band - self.ring;
        let angle = |step: usize| step as f32 * std::f32::consts::TAU / STEPS as f32;
        let inked: Vec<bool> = (0..STEPS)
            .map(|step| {
                let sum: f32 = (0_u8..20)
                    .map(|i| {
                        let depth = self.ring + tall * (0.1 + 0.8 * (f32::from(i) + 0.5) / 20.0);
                        let (x, y) = self.point(angle(step), depth);
                        ink.at(x, y)
                    })
                    .sum();
                sum / 20.0 > 16.0
            })
            .collect();
        let (start, length) = largest_text(&inked)?;
        // From angles to equal steps along the middle of the band.
        let margin = 4;
        let (start, length) = ((start + STEPS - margin) % STEPS, (length + 2 * margin).min(STEPS));
        let middle = (self.ring + self.band) / 2.0;
        let mut lengths = vec![0.0_f32];
        for step in 0..length {
            let (a, b) = (
                self.point(angle(start + step), middle),
                self.point(angle(start + step + 1), middle),
            );
            lengths.push(lengths[step] + (a.0 - b.0).hypot(a.1 - b.1));
        }
        let whole = lengths[length];
        strip(whole, tall, |x, y| {
            let after = lengths.partition_point(|l| *l <= x).clamp(1, length);
            let (from, to) = (lengths[after - 1], lengths[after]);
            let part = if to > from { (x - from) / (to - from) } else { 0.0 };
            let along = angle(start) + (after as f32 - 1.0 + part) * std::f32::consts::TAU / STEPS as f32;
            let (px, py) = self.point(along, self.ring + y);
            ink.at(px, py)
        })
    }
}

/// Runs of places from 0 to `length` where `inked` holds, bridging gaps of two pixels.
pub(super) fn runs(length: f32, inked: impl Fn(f32) -> bool) -> Vec<(f32, f32)> {
    let mut found: Vec<(f32, f32)> = Vec::new();
    let mut at = 0.0;
    while at < length {
        if inked(at) {
            match found.last_mut() {
                Some(last) if at - last.1 <= 3.0 => last.1 = at,
                _ => found.push((at, at)),
            }
        }
        at += 1.0;
    }
    found
}

/// Where the text begins after the largest gap, and how long it is until the gap comes again.
fn largest_text(inked: &[bool]) -> Option<(usize, usize)> {
    let count = inked.len();
    let first = inked.iter().position(|i| *i)?;
    let (mut best, mut gap) = ((first, 0), 0);
    for step in 0..count {
        let at = (first + step) % count;
        if inked[at] {
            gap = 0;
        } else {
            gap += 1;
            if gap > best.1 {
                best = ((at + 1) % count, gap);
            }
        }
    }
    let (start, gap) = best;
    let length = count - gap;
    (length > count / 12).then_some((start, length))
}
