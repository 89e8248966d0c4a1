//! Ornaments of licences: the border and the square code.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Rgb, Sheet, circle, diamond, mm, rectangle};

/// Draws an ornamental border: two frames with a band of figures between them, rosettes in the corners.
pub(in crate::sample) fn frame(sheet: &mut Sheet, inset: f32, band: f32, colour: Rgb, light: Rgb) {
    let (width, height) = (sheet.width - 2.0 * inset, sheet.height - 2.0 * inset);
    sheet.outline(inset, inset, width, height, mm(0.9), colour);
    sheet.outline(
        inset + mm(1.4),
        inset + mm(1.4),
        width - mm(2.8),
        height - mm(2.8),
        mm(0.25),
        colour,
    );
    let inner = inset + band;
    sheet.outline(
        inner,
        inner,
        sheet.width - 2.0 * inner,
        sheet.height - 2.0 * inner,
        mm(0.35),
        colour,
    );
    sheet.outline(
        inner - mm(1.0),
        inner - mm(1.0),
        sheet.width - 2.0 * inner + mm(2.0),
        sheet.height - 2.0 * inner + mm(2.0),
        mm(0.7),
        colour,
    );
    let middle = inset + band / 2.0 + mm(0.2);
    let sides = [
        ((middle, middle), (sheet.width - middle, middle)),
        (
            (middle, sheet.height - middle),
            (sheet.width - middle, sheet.height - middle),
        ),
        ((middle, middle), (middle, sheet.height - middle)),
        (
            (sheet.width - middle, middle),
            (sheet.width - middle, sheet.height - middle),
        ),
    ];
    let radius = band * 0.26;
    for (from, to) in sides {
        band_of_figures(sheet, from, to, radius, (colour, light));
    }
    for (x, y) in [sides[0].0, sides[0].1, sides[1].0, sides[1].1] {
        sheet.fill(
            rectangle(x - radius * 1.6, y - radius * 1.6, radius * 3.2, radius * 3.2),
            light,
        );
        sheet.fill(ring(x, y, radius * 1.5, radius * 1.2), colour);
        sheet.fill(diamond(x, y, radius), colour);
        sheet.fill(circle(x, y, radius * 0.35, false), light);
    }
}

fn band_of_figures(sheet: &mut Sheet, from: (f32, f32), to: (f32, f32), radius: f32, (colour, light): (Rgb, Rgb)) {
    let length = (to.0 - from.0) + (to.1 - from.1);
    let count = (length / (radius * 1.7)).round().max(1.0);
    let step = (((to.0 - from.0) / count), ((to.1 - from.1) / count));
    let mut at = from;
    let mut odd = false;
    // One figure at each step, rings and diamonds in turn; the corners are drawn over afterwards.
    let mut drawn = 0.0;
    while drawn <= count {
        if odd {
            sheet.fill(ring(at.0, at.1, radius, radius * 0.7), colour);
            sheet.fill(circle(at.0, at.1, radius * 0.3, false), colour);
        } else {
            sheet.fill(diamond(at.0, at.1, radius * 1.1), colour);
            sheet.fill(diamond(at.0, at.1, radius * 0.6), light);
        }
        odd = !odd;
        at = (at.0 + step.0, at.1 + step.1);
        drawn += 1.0;
    }
}

fn ring(x: f32, y: f32, outer: f32, inner: f32) -> super::Path {
    let mut path = circle(x, y, outer, false);
    path.extend(circle(x, y, inner, true));
    path
}

/// Draws a square of random modules with the three finder squares of a QR code. It encodes nothing.
pub(in crate::sample) fn code_square(sheet: &mut Sheet, rng: &mut ChaCha8Rng, x: f32, y: f32, size: f32) {
    const MODULES: u8 = 25;
    let module = size / f32::from(MODULES);
    let at = |n: u8| f32::from(n) * module;
    let finder = |row: u8, column: u8| (!(8..17).contains(&row) && column < 8) || (row < 8 && column > 16);
    for row in 0..MODULES {
        for column in 0..MODULES {
            if !finder(row, column) && rng.random_bool(0.48) {
                sheet.fill(rectangle(x + at(column), y + at(row), module, module), super::BLACK);
            }
        }
    }
    for (row, column) in [(0, 0), (0, MODULES - 7), (MODULES - 7, 0)] {
        let (left, top) = (x + at(column), y + at(row));
        sheet.fill(rectangle(left, top, at(7), at(7)), super::BLACK);
        sheet.fill(rectangle(left + module, top + module, at(5), at(5)), super::WHITE);
        sheet.fill(rectangle(left + at(2), top + at(2), at(3), at(3)), super::BLACK);
    }
}
