//! Dates as spreadsheets store them: a number of days.

use juanzong::record::CivilDate;

/// Days from 1970-01-01 to the day 0 of the calendar of 1900, 1899-12-30: its 1 is 1899-12-31 and from 61 on (1900-03-01)
/// it agrees with Excel, which takes 1900 for a leap year.
const ZERO_1900: i64 = -25_569;
/// From the day 0 of the calendar of 1900 to that of 1904.
const ZERO_1904: i64 = 1_462;
/// The day that Excel calls 1900-02-29 and that never was.
const NO_DAY: i64 = 60;

/// The civil date of a day number; its time of day is dropped. `None` before 1900, after 2199, and for the day that
/// Excel calls 1900-02-29.
pub fn date(serial: f64, since_1904: bool) -> Option<CivilDate> {
    if !(0.0..200_000.0).contains(&serial) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // within the range checked above
    let days = serial.floor() as i64;
    let days = match (since_1904, days) {
        (true, days) => days + ZERO_1904,
        (false, NO_DAY) => return None,
        // Before the day that never was, Excel is one day behind.
        (false, days) if days < NO_DAY => days + 1,
        (false, days) => days,
    };
    CivilDate::of_unix_days(days + ZERO_1900)
}
