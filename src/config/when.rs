//! Times of the day and of the week, in Chinese time.

use std::fmt;

use jiff::civil::{DateTime, Weekday, time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// Hours that Chinese time is ahead of UTC; it knows no summer time.
const CHINESE_TIME: i8 = 8;

/// Names of the days of the week.
const DAYS: [(Weekday, [&str; 4]); 7] = [
    (Weekday::Monday, ["monday", "mon", "周一", "星期一"]),
    (Weekday::Tuesday, ["tuesday", "tue", "周二", "星期二"]),
    (Weekday::Wednesday, ["wednesday", "wed", "周三", "星期三"]),
    (Weekday::Thursday, ["thursday", "thu", "周四", "星期四"]),
    (Weekday::Friday, ["friday", "fri", "周五", "星期五"]),
    (Weekday::Saturday, ["saturday", "sat", "周六", "星期六"]),
    (Weekday::Sunday, ["sunday", "sun", "周日", "星期日"]),
];

/// A time at which something is done each day, or each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    day: Option<Weekday>,
    hour: i8,
    minute: i8,
}

impl When {
    /// Reads `02:30`, `daily 02:30`, `每天 02:30`, `sunday 03:00`, `周日 03:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, clock) = match text.trim().rsplit_once(char::is_whitespace) {
            None => (None, text.trim()),
            Some((day, clock)) => {
                let day = day.trim().to_lowercase();
                match day.as_str() {
                    "daily" | "每天" | "每日" => (None, clock),
                    day => {
                        let known = DAYS.iter().find(|(_, names)| names.contains(&day));
                        (Some(known?.0), clock)
                    }
                }
            }
        };
        let (hour, minute) = clock.split_once(':')?;
        let number = |text: &str, most: i8| {
            let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|n| plain && *n <= most)
        };
        Some(Self {
            day,
            hour: number(hour, 23)?,
            minute: number(minute, 59)?,
        })
    }

    /// The first such time after a moment.
    pub fn next_after(self, moment: Timestamp) -> Timestamp {
        let zone = TimeZone::fixed(Offset::constant(CHINESE_TIME));
        let local = zone.to_datetime(moment);
        let mut at = DateTime::from_parts(local.date(), time(self.hour, self.minute, 0, 0));
        // A week on at the latest; at the end of all time it stays where it is.
        for _ in 0..8 {
            if at > local && self.day.is_none_or(|day| at.weekday() == day) {
                break;
            }
            let Ok(next) = at.checked_add(1.day()) else { break };
            at = next;
        }
        zone.to_timestamp(at).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = DAYS.iter().find(|(day, _)| Some(*day) == self.day);
        let day = known.map_or("daily", |(_, names)| names[0]);
        write!(f, "{day} {:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_weeks_are_those_of_chinese_time() {
        // 2026-06-30 is a Tuesday; 18:00 UTC is 02:00 of Wednesday in China.
        for (when, now, next) in [
            ("02:30", "2026-06-30T18:00:00Z", "2026-06-30T18:30:00Z"),
            ("02:00", "2026-06-30T18:00:00Z", "2026-07-01T18:00:00Z"),
            ("每天 1:59", "2026-06-30T18:00:00Z", "2026-07-01T17:59:00Z"),
            ("周三 23:00", "2026-06-30T18:00:00Z", "2026-07-01T15:00:00Z"),
            ("Tuesday 03:00", "2026-06-30T18:00:00Z", "2026-07-06T19:00:00Z"),
            ("wed 02:00", "2026-06-30T18:00:00Z", "2026-07-07T18:00:00Z"),
        ] {
            assert_eq!(When::parse(when).unwrap().next_after(at(now)), at(next), "{when}");
        }
        for wrong in [
            "",
            "25:00",
            "2:60",
            "02",
            "someday 02:00",
            "02:00 monday",
            "+2:00",
            "02:000",
            "0２:00",
        ] {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn the_next_time_is_within_a_week_and_none_is_left_out(
            day in 0_usize..8, hour in 0_i8..24, minute in 0_i8..60, now in 0_i64..4_000_000_000,
        ) {
            let when = When { day: DAYS.get(day).map(|day| day.0), hour, minute };
            prop_assert_eq!(When::parse(&when.to_string()), Some(when));
            let now = Timestamp::from_second(now).unwrap();
            let next = when.next_after(now);
            let length = if day < 7 { 7 * 86_400 } else { 86_400 };
            let wait = next.as_second() - now.as_second();
            prop_assert!(wait > 0 && wait <= length);
            let second = when.next_after(next);
            prop_assert_eq!(second.as_second() - next.as_second(), length);
        }
    }
}
