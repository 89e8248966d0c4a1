//! From maps of ink to seals: rings first, then what else has the shape of one.

use juanzong::record::PixelBox;

use super::super::grid::{Grid, place};
use super::ring::{self, Ellipse};
use super::{FoundSeal, SealInk, SealShape};

/// Radii of round seals in millimetres: from seals of persons (18 mm wide) to those of ministries.
const RED_RADII: (f32, f32) = (7.0, 33.0);
/// Radii of round seals without colour; smaller rings there are signs of print.
const GRAY_RADII: (f32, f32) = (13.0, 27.0);
/// Sides of seals in millimetres.
const SIDES: (f32, f32) = (14.0, 66.0);
/// Longest to shortest side of an oval or box.
const MAX_ASPECT: f32 = 2.0;
/// Share of a red ring that must show: seals are inked unevenly.
const RED_SHOWN: f32 = 0.55;
/// The same for rings without colour, among print of the same colour.
const GRAY_SHOWN: f32 = 0.68;
/// Share of the outline of an oval that must show for it to be taken before round seals are looked for, and how much
/// longer than wide it must be.
const OVAL_SHOWN: f32 = 0.8;
const OVAL: f32 = 1.08;
/// Share of each side of a box that must show.
const SIDE_SHOWN: f32 = 0.6;
/// From this share on the sides are straight: of a round outline two thirds lie as near to its box.
const STRAIGHT_SHOWN: f32 = 0.85;

/// From cells of a map to pixels of the page.
#[derive(Clone, Copy)]
struct Scale {
    cells_per_mm: f32,
    cell: f32,
    page: (u32, u32),
}

impl Scale {
    fn of(map: &Grid, dpi: u32, page: (u32, u32)) -> Self {
        let cell = map.cell.max(1) as f32;
        Self {
            cells_per_mm: dpi as f32 / cell / 25.4,
            cell,
            page,
        }
    }

    fn cells(self, (least, most): (f32, f32)) -> (f32, f32) {
        (least * self.cells_per_mm, most * self.cells_per_mm)
    }

    fn area(self, x0: f32, y0: f32, x1: f32, y1: f32) -> PixelBox {
        let cut = |v: f32, limit: u32| place(v * self.cell).min(limit);
        PixelBox {
            x0: cut(x0, self.page.0),
            y0: cut(y0, self.page.1),
            x1: cut(x1 + 0.99, self.page.0),
            y1: cut(y1 + 0.99, self.page.1),
        }
    }

    fn seal(self, ellipse: &Ellipse, ink: SealInk) -> FoundSeal {
        // The ridge runs along the middle of the ring; the outline is half a ring (0.5 mm) further out.
        let rim = 0.5 * self.cells_per_mm;
        let (half_x, half_y) = ellipse.half();
        let round = (ellipse.wide - ellipse.high).abs() < 0.03 * ellipse.wide;
        let mean = (ellipse.wide + ellipse.high) / 2.0;
        let (wide, high) = if round {
            (mean, mean)
        } else {
            (ellipse.wide, ellipse.high)
        };
        FoundSeal {
            area: self.area(
                ellipse.x - half_x - rim,
                ellipse.y - half_y - rim,
                ellipse.x + half_x + rim,
                ellipse.y + half_y + rim,
            ),
            shape: SealShape::Ellipse {
                centre: (ellipse.x * self.cell, ellipse.y * self.cell),
                radii: ((wide + rim) * self.cell, (high + rim) * self.cell),
                turn: if round { 0.0 } else { ellipse.turn.to_degrees() },
            },
            ink,
        }
    }
}

/// Seals on a map of red ink.
pub(super) fn find_red(map: &Grid, dpi: u32, page: (u32, u32)) -> Vec<FoundSeal> {
    let scale = Scale::of(map, dpi, page);
    let mut rest = map.clone();
    // Clear boxes and ovals first: circles can be drawn into both.
    let rectangle = |[x0, y0, x1, y1]: [usize; 4]| FoundSeal {
        area: scale.area(x0 as f32, y0 as f32, x1 as f32 + 0.01, y1 as f32 + 0.01),
        shape: SealShape::Rectangle,
        ink: SealInk::Red,
    };
    let mut found = patches(&rest, scale, |map, guess, bounds| {
        if sides_shown(map, bounds) >= STRAIGHT_SHOWN {
            return Some(rectangle(bounds));
        }
        let fit = ring::fit(map, guess, 3.5, true).filter(|fit| fit.shown >= OVAL_SHOWN)?;
        let (small, large) = (
            fit.ellipse.wide.min(fit.ellipse.high),
            fit.ellipse.wide.max(fit.ellipse.high),
        );
        (large > small * OVAL).then(|| scale.seal(&fit.ellipse, SealInk::Red))
    });
    for seal in &found {
        clear(&mut rest, seal, scale.cell);
    }
    let round = rings(&rest.clone(), scale, RED_RADII, RED_SHOWN, SealInk::Red, &mut rest);
    found.extend(round);
    found.extend(patches(&rest, scale, |map, guess, bounds| {
        if let Some(fit) = ring::fit(map, guess, 3.5, true).filter(|fit| fit.shown >= RED_SHOWN) {
            return Some(scale.seal(&fit.ellipse, SealInk::Red));
        }
        (sides_shown(map, bounds) >= SIDE_SHOWN).then(|| rectangle(bounds))
    }));
    found
}

/// Round seals on a map of any ink.
pub(super) fn find_gray(map: &Grid, dpi: u32, page: (u32, u32)) -> Vec<FoundSeal> {
    let scale = Scale::of(map, dpi, page);
    rings(map, scale, GRAY_RADII, GRAY_SHOWN, SealInk::Gray, &mut map.clone())
}

fn rings(map: &Grid, scale: Scale, radii: (f32, f32), shown: f32, ink: SealInk, rest: &mut Grid) -> Vec<FoundSeal> {
    let (least, most) = scale.cells(radii);
    let mut found: Vec<FoundSeal> = Vec::new();
    for centre in ring::centres(map, least, most) {
        let taken = |seal: &FoundSeal| seal.reach(centre.0 * scale.cell, centre.1 * scale.cell) < 0.6;
        if found.iter().any(taken) {
            continue;
        }
        let Some(fit) = ring::around(map, centre, least, most) else {
            continue;
        };
        let ellipse = fit.ellipse;
        let (small, large) = (ellipse.wide.min(ellipse.high), ellipse.wide.max(ellipse.high));
        if fit.shown < shown || small < least || large > most || large > small * MAX_ASPECT {
            continue;
        }
        let seal = scale.seal(&ellipse, ink);
        if found.iter().any(|other| other.meets(&seal)) {
            continue;
        }
        clear(rest, &seal, scale.cell);
        found.push(seal);
    }
    found
}

/// Takes the ink of a seal off a map.
fn clear(map: &mut Grid, seal: &FoundSeal, cell: f32) {
    for y in 0..map.height {
        for x in 0..map.width {
            if seal.reach((x as f32 + 0.5) * cell, (y as f32 + 0.5) * cell) < 1.12 {
                map.cells[y * map.width + x] = 0;
            }
        }
    }
}

/// What `judge` makes of the patches of the size of seals; it gets the map, the oval that fills the patch, and the box
/// of the patch in cells, inclusive.
fn patches(
    map: &Grid,
    scale: Scale,
    judge: impl Fn(&Grid, Ellipse, [usize; 4]) -> Option<FoundSeal>,
) -> Vec<FoundSeal> {
    let (least, most) = scale.cells(SIDES);
    let mut found = Vec::new();
    let mut seen = vec![false; map.cells.len()];
    for start in 0..map.cells.len() {
        if seen[start] || map.cells[start] < INKED {
            continue;
        }
        let bounds = component(map, start, &mut seen);
        let [x0, y0, x1, y1] = bounds;
        let (wide, high) = ((x1 - x0 + 1) as f32, (y1 - y0 + 1) as f32);
        if wide.min(high) < least || wide.max(high) > most || wide.max(high) > wide.min(high) * MAX_ASPECT {
            continue;
        }
        let guess = Ellipse {
            x: x0 as f32 + wide / 2.0,
            y: y0 as f32 + high / 2.0,
            wide: wide / 2.0 - 1.0,
            high: high / 2.0 - 1.0,
            turn: 0.0,
        };
        found.extend(judge(map, guess, bounds));
    }
    found
}

/// A cell with at least this much ink belongs to a patch.
const INKED: u8 = 40;

/// Flood-fills over gaps of up to two cells; gives the box of the patch in cells, inclusive.
fn component(map: &Grid, start: usize, seen: &mut [bool]) -> [usize; 4] {
    let mut bounds = [usize::MAX, usize::MAX, 0, 0];
    let mut queue = vec![start];
    seen[start] = true;
    while let Some(index) = queue.pop() {
        let (x, y) = (index % map.width, index / map.width);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        for ny in y.saturating_sub(3)..(y + 4).min(map.height) {
            for nx in x.saturating_sub(3)..(x + 4).min(map.width) {
                let next = ny * map.width + nx;
                if !seen[next] && map.cells[next] >= INKED {
                    seen[next] = true;
                    queue.push(next);
                }
            }
        }
    }
    bounds
}

/// The share of ink along the side of a box that shows least of it; a seal may lean a little.
fn sides_shown(map: &Grid, [x0, y0, x1, y1]: [usize; 4]) -> f32 {
    let (wide, high) = (x1 - x0 + 1, y1 - y0 + 1);
    let deep = (wide.min(high) / 8).max(2).min(wide.min(high));
    let inked = |x: usize, y: usize| map.cells[y * map.width + x] >= INKED;
    let across = |rows: std::ops::Range<usize>| {
        let hit = (x0..=x1).filter(|x| rows.clone().any(|y| inked(*x, y))).count();
        hit as f32 / wide as f32
    };
    let along = |columns: std::ops::Range<usize>| {
        let hit = (y0..=y1).filter(|y| columns.clone().any(|x| inked(x, *y))).count();
        hit as f32 / high as f32
    };
    let sides = [
        across(y0..y0 + deep),
        across(y1 + 1 - deep..y1 + 1),
        along(x0..x0 + deep),
        along(x1 + 1 - deep..x1 + 1),
    ];
    sides.into_iter().fold(1.0, f32::min)
}
