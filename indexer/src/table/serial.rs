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
    of_unix_days(days + ZERO_1900)
}

/// The civil date of a number of days since 1970-01-01; `None` outside 1900 to 2199.
pub fn of_unix_days(days: i64) -> Option<CivilDate> {
    // Years of 365.2425 days counted from March, so that the leap day is the last: H. Hinnant, "chrono-compatible low-level
    // date algorithms".
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    CivilDate::new(
        u32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    )
}
