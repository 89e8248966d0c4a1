//! Questions across years: working days and time limits, and what is counted of cases.
//!
//! Nothing here reads an index, and only `findings` goes through the catalogue. `calendar` and `clock` reckon with dates, `special_time` reads what the
//! documents of a case tell of its limit, `measure` names what can be counted and by what, `tally` counts.

pub mod calendar;
pub mod clock;
pub mod findings;
mod measure;
mod offices;
pub mod sampling;
mod special_time;
mod tally;

pub use calendar::{CalendarError, WorkingDays};
pub use clock::{CaseTimes, Clock, TimeLimit, TimeResult, TimeTaken, Unknown, Yardstick};
pub use measure::{Dimension, Measure, Missing, TimeVerdict, Unit, months_of_quarter};
pub use offices::Offices;
pub use special_time::{ExcludedTime, SpecialTimes, special_times};
pub use tally::{Counted, Figure, Tally, WHOLE_CONFIDENCE};
