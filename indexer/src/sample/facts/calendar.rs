//! Dates of a case and the forms in which documents write them.

use juanzong::record::CivilDate;

/// A day of a case.
pub(in crate::sample) type Day = CivilDate;

const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The weekday at or after the given day of a year, counted from 0 on 1 January.
pub(super) fn day(year: u32, day_of_year: u32) -> Day {
    later(first_day(year), day_of_year)
}

/// The first weekday (Monday to Friday) that lies at least `days` after `start`.
pub(super) fn later(start: Day, days: u32) -> Day {
    let mut date = start;
    for _ in 0..days {
        date = next(date);
    }
    while weekday(date) >= 5 {
        date = next(date);
    }
    date
}

/// The last day of a term of `years` that begins on `start`: the day before the anniversary.
pub(super) fn last_day_of_term(start: Day, years: u32) -> Day {
    let (year, month, day) = (start.year() + years, start.month(), start.day());
    let end = if day > 1 {
        CivilDate::new(year, month, day - 1)
    } else if month > 1 {
        CivilDate::new(year, month - 1, month_length(year, month - 1))
    } else {
        CivilDate::new(year - 1, 12, 31)
    };
    // Only a term that begins on 30 February's neighbours could miss; the month's last day is then meant.
    end.or_else(|| CivilDate::new(year, month, month_length(year, month)))
        .unwrap_or(start)
}

fn first_day(year: u32) -> Day {
    // Years of cases are 2009 to 2025; anything outside the calendar falls back to its first day.
    CivilDate::new(year, 1, 1).unwrap_or_else(|| first_day(2009))
}

fn month_length(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = MONTHS.get(month as usize - 1).copied().unwrap_or(31);
    length + u32::from(leap && month == 2)
}

fn next(date: Day) -> Day {
    let (year, month, day) = (date.year(), date.month(), date.day());
    CivilDate::new(year, month, day + 1)
        .or_else(|| CivilDate::new(year, month + 1, 1))
        .unwrap_or_else(|| first_day(year + 1))
}

/// Day of the week, Monday = 0 (Zeller's congruence, shifted).
fn weekday(date: Day) -> u32 {
    let (year, month) = if date.month() < 3 {
        (date.year() - 1, date.month() + 12)
    } else {
        (date.year(), date.month())
    };
    let (century, rest) = (year / 100, year % 100);
    let saturday_is_zero = (date.day() + 13 * (month + 1) / 5 + rest + rest / 4 + century / 4 + 5 * century) % 7;
    (saturday_is_zero + 5) % 7
}

/// `2019年5月7日`, the form of GB/T 9704.
pub(in crate::sample) fn numeric_date(date: Day) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2019.05.07`, as forms are filled in.
pub(in crate::sample) fn stamp_date(date: Day) -> String {
    format!("{}.{:02}.{:02}", date.year(), date.month(), date.day())
}

/// `二〇一九年五月七日`, usual before 2012 and on licences.
pub(in crate::sample) fn chinese_date(date: Day) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: u32| DIGITS.get(value as usize % 10).copied().unwrap_or('〇');
    let small = |value: u32| match value {
        0..10 => digit(value).to_string(),
        10 => "十".to_owned(),
        11..20 => format!("十{}", digit(value % 10)),
        _ if value.is_multiple_of(10) => format!("{}十", digit(value / 10)),
        _ => format!("{}十{}", digit(value / 10), digit(value % 10)),
    };
    let year: String = [1000, 100, 10, 1]
        .map(|unit| digit(date.year() / unit))
        .iter()
        .collect();
    format!("{year}年{}月{}日", small(date.month()), small(date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_dates_read_back() {
        for (year, month, day) in [
            (2009, 10, 20),
            (2019, 5, 7),
            (2024, 12, 31),
            (2020, 2, 29),
            (2025, 1, 11),
        ] {
            let date = CivilDate::new(year, month, day).unwrap();
            for text in [numeric_date(date), stamp_date(date), chinese_date(date)] {
                assert_eq!(CivilDate::parse(&text), Some(date), "{text}");
            }
        }
    }

    #[test]
    fn days_off_are_skipped_and_terms_end_the_day_before() {
        let saturday = CivilDate::new(2019, 5, 4).unwrap();
        assert_eq!(weekday(saturday), 5);
        assert_eq!(later(saturday, 0).to_string(), "2019-05-06");
        assert_eq!(later(saturday, 3).to_string(), "2019-05-07");
        let start = |y, m, d| CivilDate::new(y, m, d).unwrap();
        assert_eq!(last_day_of_term(start(2019, 5, 7), 5).to_string(), "2024-05-06");
        assert_eq!(last_day_of_term(start(2019, 3, 1), 5).to_string(), "2024-02-29");
        assert_eq!(last_day_of_term(start(2019, 1, 1), 1).to_string(), "2019-12-31");
    }
}
