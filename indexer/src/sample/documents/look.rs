//! How an office sets its papers: faces, sizes, margins, forms.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::facts::{Facts, pick};
use super::super::fonts::Face;
use super::super::paper::{Margins, mm};

/// The habits of an office.
#[derive(Clone, Copy, Debug)]
pub(in crate::sample) struct Look {
    /// Face of running text.
    pub(in crate::sample) body: Face,
    /// Face of filled-in entries.
    pub(in crate::sample) hand: Face,
    /// Face of the names of fields.
    pub(in crate::sample) label: Face,
    /// Size of running text in parts of the usual one.
    pub(in crate::sample) scale: f32,
    /// What is added to the margins on the left and taken away on the right, in points.
    pub(in crate::sample) shift: f32,
    /// Which printed form of the contents list is used, from 0.
    pub(in crate::sample) contents: usize,
    /// Sheets lie on their long side.
    pub(in crate::sample) landscape: bool,
}

impl Look {
    /// The usual look of a case: offices differ in their machines, so the face goes with the agency and the year.
    pub(super) fn of(facts: &Facts) -> Self {
        let habit = facts.agency.chars().count() + facts.decided.year() as usize;
        Self {
            body: [Face::Song, Face::Serif, Face::Kai, Face::Song][habit % 4],
            hand: Face::Kai,
            label: Face::Song,
            scale: 1.0,
            shift: 0.0,
            contents: 0,
            landscape: false,
        }
    }

    /// Any look at all, so that a reader is not tuned to one.
    pub(in crate::sample) fn varied(rng: &mut ChaCha8Rng) -> Self {
        Self {
            body: *pick(rng, &[Face::Song, Face::Serif, Face::Kai, Face::Hei, Face::Sans]),
            hand: *pick(rng, &[Face::Kai, Face::Kai, Face::Song, Face::Serif]),
            label: *pick(rng, &[Face::Song, Face::Hei, Face::Sans, Face::Serif]),
            scale: rng.random_range(0.84..1.02),
            shift: rng.random_range(mm(-5.0)..mm(5.0)),
            contents: rng.random_range(0..3),
            landscape: false,
        }
    }

    pub(super) fn margins(&self, margins: Margins) -> Margins {
        Margins {
            left: margins.left + self.shift,
            right: margins.right - self.shift,
            ..margins
        }
    }

    /// Shares of the width of 序号, 文号, 责任者, 题名, 日期, 页号, 备注. Narrow columns break 序号 and 备注 in two.
    pub(super) fn contents_columns(&self) -> [f32; 7] {
        match self.contents {
            1 => [8.0, 28.0, 26.0, 66.0, 21.0, 14.0, 9.0],
            2 => [11.0, 38.0, 24.0, 52.0, 24.0, 13.0, 14.0],
            _ => [10.0, 32.0, 32.0, 56.0, 20.0, 15.0, 13.0],
        }
    }
}
