//! Red round seals: ring, star, and the agency's name unrolled along the ring.

use ab_glyph::{OutlineCurve, point};

use super::super::fonts::{Face, Fonts};
use super::path::{self, Path, circle, star};
use super::{Rgb, SEAL_RED, mm};

/// A seal in place.
#[derive(Clone, Debug)]
pub(in crate::sample) struct Seal {
    /// Name along the ring.
    pub(in crate::sample) text: String,
    /// Words under the star (e.g. `行政审批专用章`), if any.
    pub(in crate::sample) caption: Option<String>,
    /// Centre.
    pub(in crate::sample) centre: (f32, f32),
    /// Turn in radians, as nobody stamps quite upright.
    pub(in crate::sample) angle: f32,
}

/// County agencies' seals are 42 mm wide.
const RADIUS: f32 = mm(21.0);

impl Seal {
    /// Everything that it says, as the truth names it.
    pub(in crate::sample) fn words(&self) -> String {
        match &self.caption {
            Some(caption) => format!("{}{caption}", self.text),
            None => self.text.clone(),
        }
    }

    pub(in crate::sample) fn colour(&self) -> Rgb {
        SEAL_RED
    }

    /// Its ink as one path.
    pub(in crate::sample) fn path(&self, fonts: &Fonts) -> Path {
        let (x, y) = self.centre;
        let mut path = circle(x, y, RADIUS, false);
        path.extend(circle(x, y, RADIUS - mm(1.2), true));
        path.extend(star(x, y, mm(7.0), self.angle));
        let count = self.text.chars().count();
        // The name takes three quarters of the ring, less when it is short.
        let sweep = (std::f32::consts::PI * 1.5).min(count_of(count) * 0.42);
        let step = if count > 1 {
            sweep / (count_of(count) - 1.0)
        } else {
            0.0
        };
        let size = (mm(5.6)).min(step * mm(16.5) * 1.05).max(mm(3.4));
        for (at, character) in self.text.chars().enumerate() {
            let turn = self.angle - sweep / 2.0 + step * count_of(at);
            // Seal characters are tall and narrow.
            path.extend(character_path(
                fonts,
                character,
                (x, y),
                turn,
                mm(13.6),
                (size * 0.78, size * 1.06),
            ));
        }
        if let Some(caption) = &self.caption {
            let size = mm(3.6);
            let width = size * count_of(caption.chars().count());
            for (at, character) in caption.chars().enumerate() {
                let along = size * (count_of(at) + 0.5) - width / 2.0;
                let (sin, cos) = self.angle.sin_cos();
                let origin = (x + along * cos, y + along * sin);
                path.extend(character_path(
                    fonts,
                    character,
                    origin,
                    self.angle,
                    -mm(13.2),
                    (size, size),
                ));
            }
        }
        path
    }
}

#[allow(clippy::cast_precision_loss)] // counts of characters in a name
fn count_of(count: usize) -> f32 {
    count as f32
}

/// A character whose base stands `reach` away from the centre in the direction of `turn`, feet towards the centre.
fn character_path(
    fonts: &Fonts,
    character: char,
    (x, y): (f32, f32),
    turn: f32,
    reach: f32,
    (width, height): (f32, f32),
) -> Vec<OutlineCurve> {
    let Some((face, id)) = fonts.glyph(Face::Song, character) else {
        return Vec::new();
    };
    let Some(outline) = fonts.outline(face, id) else {
        return Vec::new();
    };
    let units = fonts.units_per_em(face);
    let advance = fonts.advance(face, id);
    let (sin, cos) = turn.sin_cos();
    path::map(&outline.curves, |p| {
        let across = (p.x / units - advance / 2.0) * width;
        let up = reach + (p.y / units) * height;
        point(x + across * cos + up * sin, y + across * sin - up * cos)
    })
}
