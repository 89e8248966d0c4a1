//! From what a recogniser says to what is so: a monotone map fitted to observations.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Observation;

/// A monotone piecewise-linear map of confidences; constant before its first knot and after its last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// (what is said, what is so), both rising.
    pub knots: Vec<(f32, f32)>,
}

/// Observations that are mapped to the same share.
#[derive(Clone, Copy, Debug)]
struct Block {
    count: f64,
    /// Sum of what was said.
    stated: f64,
    right: f64,
}

impl Block {
    fn share(self) -> f64 {
        self.right / self.count
    }

    fn with(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            stated: self.stated + other.stated,
            right: self.right + other.right,
        }
    }

    /// By how much the squared error grows when two blocks become one.
    fn loss(self, other: Self) -> f64 {
        let difference = self.share() - other.share();
        difference * difference * self.count * other.count / (self.count + other.count)
    }
}

impl Calibration {
    /// Most knots of a map.
    pub const MOST_KNOTS: usize = 16;

    /// Fits a map by isotonic regression (pooling neighbours that would fall), then joins the blocks that differ least
    /// until there are few enough. Without observations, the map that changes nothing.
    pub fn fit(observations: &[Observation]) -> Self {
        let mut sorted = observations.to_vec();
        sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let mut blocks: Vec<Block> = Vec::new();
        let mut last = None;
        for observation in sorted {
            let one = Block {
                count: 1.0,
                stated: f64::from(observation.confidence),
                right: f64::from(u8::from(observation.right)),
            };
            match blocks.pop() {
                // The same confidence cannot be mapped to two values.
                Some(block) if last == Some(observation.confidence) => blocks.push(block.with(one)),
                Some(block) => blocks.extend([block, one]),
                None => blocks.push(one),
            }
            last = Some(observation.confidence);
        }
        let mut blocks = pooled(blocks);
        while blocks.len() > Self::MOST_KNOTS {
            let losses = blocks.windows(2).map(|pair| pair[0].loss(pair[1]));
            let least = losses.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((at, _)) = least else { break };
            blocks[at] = blocks[at].with(blocks[at + 1]);
            blocks.remove(at + 1);
        }
        if blocks.is_empty() {
            return Self {
                knots: vec![(0.0, 0.0), (1.0, 1.0)],
            };
        }
        #[allow(clippy::cast_possible_truncation)] // confidences
        let knot = |block: &Block| ((block.stated / block.count) as f32, block.share() as f32);
        Self {
            knots: blocks.iter().map(knot).collect(),
        }
    }

    /// What is so when this is said.
    pub fn apply(&self, stated: f32) -> f32 {
        let after = self.knots.iter().position(|(x, _)| *x >= stated);
        match after {
            None => self.knots.last().map_or(stated, |(_, y)| *y),
            Some(0) => self.knots[0].1,
            Some(at) => {
                let ((x0, y0), (x1, y1)) = (self.knots[at - 1], self.knots[at]);
                let share = if x1 > x0 { (stated - x0) / (x1 - x0) } else { 1.0 };
                y0 + (y1 - y0) * share
            }
        }
    }
}

/// Joins neighbours until the shares rise.
fn pooled(blocks: Vec<Block>) -> Vec<Block> {
    let mut rising: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        while let Some(previous) = rising.pop() {
            if previous.share() < block.share() {
                rising.push(previous);
                break;
            }
            block = previous.with(block);
        }
        rising.push(block);
    }
    rising
}

/// The knots as the rows of a constant, to be put into the code.
impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (stated, right) in &self.knots {
            writeln!(f, "({stated:.4}, {right:.4}),")?;
        }
        Ok(())
    }
}
