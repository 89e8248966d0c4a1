//! Lines and rules made by hand.

use juanzong::record::{PageText, PixelBox};

use super::rules::{Rule, Rules};
use super::{Transform, assemble};
use crate::ocr::{RawLine, RawSymbol, RawWord};

/// Pixels per millimetre of the pages that are made here.
pub(super) const MILLIMETRE: f64 = 5.0;
/// A portrait page.
pub(super) const PAGE: (u32, u32) = (1050, 1485);

/// A line of square characters of 20 pixels at (x, y).
pub(super) fn line(x: u32, y: u32, text: &str) -> RawLine {
    let symbols: Vec<RawSymbol> = (0_u32..)
        .zip(text.chars())
        .map(|(at, c)| RawSymbol {
            text: c.to_string(),
            area: PixelBox::from([x + at * 20, y, x + at * 20 + 20, y + 20]),
            confidence: 0.9,
            ..RawSymbol::default()
        })
        .collect();
    let end = symbols.last().map_or(x, |symbol| symbol.area.x1);
    RawLine {
        words: vec![RawWord { symbols }],
        area: PixelBox::from([x, y, end, y + 20]),
    }
}

/// A rule of a group.
pub(super) fn rule(at: f64, from: f64, to: f64, group: usize) -> Rule {
    Rule {
        from,
        to,
        at_from: at,
        at_to: at,
        thickness: 2.0,
        filled: 1.0,
        group: Some(group),
    }
}

/// Rules of one table: horizontal ones as (y, x0, x1), vertical ones as (x, y0, y1).
pub(super) fn rules(horizontal: &[(f64, f64, f64)], vertical: &[(f64, f64, f64)]) -> Rules {
    let list = |rules: &[(f64, f64, f64)]| rules.iter().map(|(at, from, to)| rule(*at, *from, *to, 0)).collect();
    Rules {
        horizontal: list(horizontal),
        vertical: list(vertical),
        millimetre: MILLIMETRE,
    }
}

/// A full grid of rules.
pub(super) fn grid(xs: &[f64], ys: &[f64]) -> Rules {
    let ends = |list: &[f64]| (list[0], list[list.len() - 1]);
    let ((left, right), (top, bottom)) = (ends(xs), ends(ys));
    let horizontal: Vec<_> = ys.iter().map(|y| (*y, left, right)).collect();
    let vertical: Vec<_> = xs.iter().map(|x| (*x, top, bottom)).collect();
    rules(&horizontal, &vertical)
}

/// The page that the lines make, given from the last to the first.
pub(super) fn page(mut lines: Vec<RawLine>, rules: &Rules, size: (u32, u32)) -> PageText {
    lines.reverse();
    assemble(lines, rules, Transform::IDENTITY, size)
}

/// The text of the page that the lines make, lines separated by spaces.
pub(super) fn text(lines: Vec<RawLine>, rules: &Rules, size: (u32, u32)) -> String {
    page(lines, rules, size).text().replace('\n', " ")
}
