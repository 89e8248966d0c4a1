//! Decided later than the law allows.

use super::super::draft::Draft;
use super::super::names::Names;
use super::super::seen::{Examiner, SeenCase};

/// What was found of durations.
#[derive(Debug, Default)]
pub(in super::super) struct OverTime(Vec<Draft>);

impl Examiner for OverTime {
    fn see(&mut self, _case: &SeenCase<'_>) {}

    fn tell(&mut self, _: &Names, found: &mut Vec<Draft>) {
        found.append(&mut self.0);
    }
}
