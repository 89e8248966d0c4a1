//! Cutting detected boxes at the rules they cross.

use juanzong::record::PixelBox;

use super::{Rule, Rules};

/// Share of a box, at either end across a rule, in which the rule is trimmed off rather than cut at.
const EDGE: f64 = 0.22;
/// Share of the box that a rule must pass along to divide it.
const PASSES: f64 = 0.7;
/// Pieces narrower than this share of their height hold no character.
const NARROWEST: f64 = 0.35;
/// Pieces lower than this share of the box they were cut from hold no line.
const LOWEST: f64 = 0.3;

/// Cuts boxes of detected lines at the vertical rules they cross and at the horizontal rules of tables, and trims
/// them off rules along their edges, so that no box spans two cells and no rule is read as a character.
///
/// All in pixels of the straight page. The pieces of a box are disjoint and lie inside it; a piece too small to hold
/// a character is dropped, a box that no rule crosses comes back as it is.
pub fn split(boxes: Vec<PixelBox>, rules: &Rules) -> Vec<PixelBox> {
    boxes.into_iter().flat_map(|area| pieces(area, rules)).collect()
}

fn pieces(area: PixelBox, rules: &Rules) -> Vec<PixelBox> {
    if area.width() == 0 || area.height() == 0 {
        return vec![area];
    }
    let whole = Span::of(area);
    let mut result = Vec::new();
    for (x0, x1) in cut_at_verticals(whole, rules) {
        for (y0, y1) in cut_at_horizontals(Span { x0, x1, ..whole }, rules) {
            result.push(Span { x0, x1, y0, y1 }.to_box());
        }
    }
    if result.is_empty() {
        // Nothing but rules: the recogniser will say that there is nothing.
        result.push(area);
    }
    result
}

/// A box in floating point.
#[derive(Clone, Copy)]
struct Span {
    x0: f64,
    x1: f64,
    y0: f64,
    y1: f64,
}

impl Span {
    fn of(area: PixelBox) -> Self {
        let [x0, y0, x1, y1] = <[u32; 4]>::from(area).map(f64::from);
        Self { x0, x1, y0, y1 }
    }

    fn to_box(self) -> PixelBox {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // inside a box of pixels
        let [x0, y0, x1, y1] = [self.x0.ceil(), self.y0.ceil(), self.x1.floor(), self.y1.floor()].map(|v| v as u32);
        PixelBox { x0, y0, x1, y1 }
    }
}

/// The stretches between cuts: each cut is a middle and half of its thickness.
fn between(from: f64, to: f64, mut cuts: Vec<(f64, f64)>, smallest: f64) -> Vec<(f64, f64)> {
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut result = Vec::new();
    let mut start = from;
    for (at, half) in cuts {
        if at - half > start {
            result.push((start, at - half));
        }
        start = start.max(at + half);
    }
    if to > start {
        result.push((start, to));
    }
    result.retain(|(from, to)| to - from >= smallest.max(1.0));
    result
}

/// Half of the thickness of a rule and a pixel for its soft edge.
fn half(rule: &Rule, rules: &Rules) -> f64 {
    rule.thickness / 2.0 + (rules.millimetre * 0.1).max(1.0)
}

fn cut_at_verticals(span: Span, rules: &Rules) -> Vec<(f64, f64)> {
    let height = span.y1 - span.y0;
    // The padding of the detector reaches over the edges of the cell.
    let (top, bottom) = (span.y0 + height * 0.15, span.y1 - height * 0.15);
    let middle = f64::midpoint(span.y0, span.y1);
    let cuts: Vec<(f64, f64)> = rules
        .vertical
        .iter()
        .filter(|rule| rule.overlap(top, bottom) >= (bottom - top) * PASSES)
        .map(|rule| (rule.at(middle), half(rule, rules)))
        .filter(|(at, half)| at + half > span.x0 && at - half < span.x1)
        .collect();
    if cuts.is_empty() {
        return vec![(span.x0, span.x1)];
    }
    between(span.x0, span.x1, cuts, height * NARROWEST)
}

fn cut_at_horizontals(span: Span, rules: &Rules) -> Vec<(f64, f64)> {
    let (width, height) = (span.x1 - span.x0, span.y1 - span.y0);
    let middle = f64::midpoint(span.x0, span.x1);
    let (mut top, mut bottom) = (span.y0, span.y1);
    let mut cuts = Vec::new();
    for rule in &rules.horizontal {
        if rule.overlap(span.x0, span.x1) < width * PASSES {
            continue;
        }
        let (at, half) = (rule.at(middle), half(rule, rules));
        if at + half <= span.y0 || at - half >= span.y1 {
            continue;
        }
        if at - span.y0 <= height * EDGE {
            top = top.max(at + half);
        } else if span.y1 - at <= height * EDGE {
            bottom = bottom.min(at - half);
        } else if rule.group.is_some() {
            cuts.push((at, half));
        }
    }
    between(top, bottom, cuts, height * LOWEST)
}
