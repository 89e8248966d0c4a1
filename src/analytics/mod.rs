//! Questions across years: working days and time limits, statistics.
//!
//! Nothing here reads an index or a catalogue: `calendar` and `clock` reckon with dates.

pub mod calendar;
pub mod findings;

pub use calendar::{CalendarError, WorkingDays};
