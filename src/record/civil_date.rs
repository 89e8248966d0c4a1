//! Civil dates (no time zone) and the forms in which they stand on paper.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{chinese_digit, decimal_digit, parse_chinese_number};

/// A valid Gregorian date between 1900-01-01 and 2199-12-31; written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CivilDate {
    year: u16,
    month: u8,
    day: u8,
}

/// A date found in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// Where it stands, in characters of the text.
    pub span: Range<usize>,
    /// What it says.
    pub date: CivilDate,
}

impl CivilDate {
    /// The date, if it exists in the calendar and lies between 1900 and 2199.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if !(1900..=2199).contains(&year) || day == 0 || day > last {
            return None;
        }
        Some(Self {
            year: u16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        })
    }

    /// Year, 1900 to 2199.
    pub fn year(self) -> u32 {
        self.year.into()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u32 {
        self.month.into()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.day.into()
    }

    /// The date as one sortable number, `YYYYMMDD`.
    pub fn as_number(self) -> u64 {
        u64::from(self.year) * 10_000 + u64::from(self.month) * 100 + u64::from(self.day)
    }

    /// The date that [`Self::as_number`] gives as this number.
    pub fn of_number(number: u64) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        Self::new(number / 10_000, number / 100 % 100, number % 100)
    }

    /// Days since 1970-01-01.
    pub fn unix_days(self) -> i64 {
        // Years of 365.2425 days counted from March, so that the leap day is the last: H. Hinnant, "chrono-compatible low-level
        // date algorithms".
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        year.div_euclid(400) * 146_097 + day_of_era - 719_468
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        (self.unix_days() + 3).rem_euclid(7) >= 5
    }

    /// The date that many days after 1970-01-01; `None` outside 1900 to 2199.
    pub fn of_unix_days(days: i64) -> Option<Self> {
        // The way back.
        let shifted = days.checked_add(719_468)?;
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
        Self::new(
            u32::try_from(year).ok()?,
            u32::try_from(month).ok()?,
            u32::try_from(day).ok()?,
        )
    }

    /// Reads a text that is one date and nothing else, in any form of [`CivilDate::find_all`].
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match Self::find_all(text).as_slice() {
            [only] if only.span == (0..text.chars().count()) => Some(only.date),
            _ => None,
        }
    }

    /// Whether a character has the shape of 日, for which recognisers read it at the end of a date.
    pub fn is_misread_day_sign(c: char) -> bool {
        matches!(c, '目' | '口' | '臼' | '田')
    }

    /// Finds the dates in a text: `2019年3月5日`, `2019.3.5`, `2019-03-05`, `2019/3/5`, `二〇一九年三月五日`,
    /// `贰零壹玖年叁月伍日`, full-width digits, spaces inside, `O`/`o` read for zero among digits, and one of the signs
    /// 年, 月, 日 read as a character of the same shape (`2019牛3月5日`).
    /// Impossible dates are left out.
    pub fn find_all(text: &str) -> Vec<FoundDate> {
        let chars: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let inside_number = at > 0 && decimal_digit(chars[at - 1]).is_some();
            match (!inside_number).then(|| date_at(&chars, at)).flatten() {
                Some((end, date)) => {
                    found.push(FoundDate { span: at..end, date });
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// Reads a date that starts at `start`; gives the end (exclusive) and the date.
fn date_at(chars: &[char], start: usize) -> Option<(usize, CivilDate)> {
    let (after_year, year) = number_at(chars, start, 4)?;
    let first = separator_at(chars, after_year)?;
    let (after_month, month) = number_at(chars, first.end, 3).or_else(|| {
        // 元月 is January.
        (first.sign == '年' && chars.get(first.end) == Some(&'元')).then_some((first.end + 1, 1))
    })?;
    let second = separator_at(chars, after_month)?;
    let matching = match first.sign {
        '年' => second.sign == '月',
        other => second.sign == other,
    };
    if !matching {
        return None;
    }
    let (after_day, day) = number_at(chars, second.end, 3)?;
    let date = CivilDate::new(year, month, day)?;
    if first.sign != '年' {
        // `2019.3.5` followed by another digit or group is a section or version number, not a date.
        let next = chars.get(after_day).copied();
        return next
            .is_none_or(|c| decimal_digit(c).is_none())
            .then_some((after_day, date));
    }
    let sign = skip_spaces(chars, after_day);
    let misread = match chars.get(sign) {
        Some('日' | '号' | '曰') => false,
        // Before the sign itself it is what became of a digit: `1田日` is not the 1st.
        Some(c) if CivilDate::is_misread_day_sign(*c) && !matches!(chars.get(sign + 1), Some('日' | '号' | '曰')) => {
            true
        }
        _ => return None,
    };
    // Two misread signs may be no signs at all.
    let wrong = [first.misread, second.misread, misread]
        .iter()
        .filter(|wrong| **wrong)
        .count();
    (wrong <= 1).then_some((sign + 1, date))
}

fn skip_spaces(chars: &[char], mut at: usize) -> usize {
    while chars.get(at).is_some_and(|c| matches!(c, ' ' | '\u{3000}' | '\t')) {
        at += 1;
    }
    at
}

/// What stands between two numbers of a date.
struct Separator {
    /// Where the next number may begin.
    end: usize,
    sign: char,
    /// Whether the sign was read as a character of its shape.
    misread: bool,
}

fn separator_at(chars: &[char], at: usize) -> Option<Separator> {
    let at = skip_spaces(chars, at);
    let (sign, misread) = match chars.get(at)? {
        '年' => ('年', false),
        '牛' | '午' => ('年', true),
        '月' => ('月', false),
        '目' | '用' | '且' => ('月', true),
        '.' | '．' => ('.', false),
        '-' | '－' | '—' | '–' => ('-', false),
        '/' | '／' => ('/', false),
        _ => return None,
    };
    Some(Separator {
        end: skip_spaces(chars, at + 1),
        sign,
        misread,
    })
}

/// Reads a number in decimal or Chinese digits: exactly four digits when `most` is 4 (a year), else one or two
/// decimal digits or up to `most` Chinese characters.
fn number_at(chars: &[char], start: usize, most: usize) -> Option<(usize, u32)> {
    let year = most == 4;
    let mut digits = String::new();
    let mut end = start;
    let mut decimal = 0;
    let mut chinese = 0;
    while let Some(&c) = chars.get(end) {
        let zero_like = matches!(c, 'O' | 'o' | '〇' | '○' | '◯');
        // Recognisers read a one as a letter, among digits.
        let one_like = decimal > 0 && matches!(c, 'l' | 'I' | '|');
        if let Some(value) = decimal_digit(c).or(zero_like.then_some(0)).or(one_like.then_some(1)) {
            digits.push(char::from_digit(value, 10)?);
            decimal += usize::from(!matches!(c, '〇' | '○' | '◯'));
        } else if chinese_digit(c).is_some() || (!year && matches!(c, '十' | '拾' | '廿' | '卅')) {
            digits.push(c);
            chinese += 1;
        } else if matches!(c, ' ' | '\u{3000}') && year && !digits.is_empty() && digits.chars().count() < 4 {
            end += 1;
            continue;
        } else {
            break;
        }
        end += 1;
        if digits.chars().count() > 4 {
            return None;
        }
    }
    let count = digits.chars().count();
    if year {
        if count != 4 {
            return None;
        }
        let value = digits.chars().try_fold(0, |value, c| {
            Some(value * 10 + decimal_digit(c).or_else(|| chinese_digit(c))?)
        })?;
        return Some((end, value));
    }
    match (decimal, chinese) {
        (_, 0) if (1..=2).contains(&count) => digits.parse().ok().map(|value| (end, value)),
        (0, _) if count <= most => {
            let plain = digits.replace('0', "〇").replace('廿', "二十").replace('卅', "三十");
            parse_chinese_number(&plain).map(|value| (end, value))
        }
        _ => None,
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for CivilDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| "not a date between 1900 and 2199".to_owned())
    }
}

impl From<CivilDate> for String {
    fn from(date: CivilDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_written_form_is_the_same_date() {
        for text in [
            "2019年3月5日",
            "2019年03月05日",
            "2019.3.5",
            "2019-03-05",
            "2019/3/5",
            "２０１９年３月５日",
            "二〇一九年三月五日",
            "二0一九年三月五日",
            "二○一九年三月五日",
            "贰零壹玖年叁月伍日",
            "2019 年 3 月 5 日",
            "2O19年3月5日",
            "2019年3月5曰",
            "20l9年3月5日",
            "2019牛3月5日",
            "2019年3用5日",
            "2019年3月5口",
        ] {
            assert_eq!(
                CivilDate::parse(text).map(|d| d.to_string()),
                Some("2019-03-05".into()),
                "{text}"
            );
        }
        assert_eq!(CivilDate::parse("二〇一九年元月廿三日"), CivilDate::new(2019, 1, 23));
        assert_eq!(CivilDate::parse("2019年1l月卅日"), CivilDate::new(2019, 11, 30));
        assert_eq!(
            CivilDate::parse("二〇二〇年十二月三十一日"),
            CivilDate::new(2020, 12, 31)
        );
        assert_eq!(CivilDate::parse("二〇二〇年十月二十日"), CivilDate::new(2020, 10, 20));
    }

    #[test]
    fn what_is_not_a_date_is_left() {
        for text in [
            "2019年2月30日",
            "2019年13月1日",
            "0203年1月1日",
            "12019年3月5日",
            "2019.3.51.2",
            "2019年3月",
            "2019牛3目5日",
            "2019年3月1田日",
            "",
        ] {
            assert_eq!(CivilDate::find_all(text), [], "{text}");
        }
    }

    #[test]
    fn dates_are_found_inside_text() {
        let found = CivilDate::find_all("自2023年11月14日至2028年11月12日。");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].span, 1..12);
        assert_eq!(found[1].date, CivilDate::new(2028, 11, 12).unwrap());
    }

    #[test]
    fn weekends_are_known() {
        let weekend = |text| CivilDate::parse(text).unwrap().is_weekend();
        // A Saturday to the next Monday, before and after 1970.
        assert!(weekend("2019-02-02") && weekend("2019-02-03") && !weekend("2019-02-04"));
        assert!(weekend("1969-12-27") && weekend("1969-12-28") && !weekend("1969-12-26"));
        assert!(!weekend("1970-01-01") && weekend("2000-02-26") && !weekend("2000-02-29"));
    }

    proptest! {
        #[test]
        fn display_reads_back(year in 1900u32..2200, month in 1u32..13, day in 1u32..32) {
            if let Some(date) = CivilDate::new(year, month, day) {
                prop_assert_eq!(CivilDate::parse(&date.to_string()), Some(date));
                prop_assert_eq!(CivilDate::of_number(date.as_number()), Some(date));
                prop_assert_eq!(CivilDate::parse(&format!("{year}年{month}月{day}日")), Some(date));
                for text in [
                    format!("{year}.{month:02}.{day:02}"),
                    format!("{year}/{month}/{day}"),
                    format!("{year} 年 {month} 月 {day} 日"),
                ] {
                    prop_assert_eq!(CivilDate::parse(&text), Some(date), "{}", text);
                }
            }
        }

        #[test]
        fn days_count_on_and_back(days in -25_567_i64..84_006) {
            let date = CivilDate::of_unix_days(days).unwrap();
            prop_assert_eq!(date.unix_days(), days);
            if let Some(next) = CivilDate::of_unix_days(days + 1) {
                prop_assert!(next > date);
            }
        }

        #[test]
        fn any_day_number_is_survived(days in any::<i64>()) {
            if let Some(date) = CivilDate::of_unix_days(days) {
                prop_assert_eq!(date.unix_days(), days);
            }
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}") {
            for found in CivilDate::find_all(&text) {
                prop_assert!(found.span.end <= text.chars().count());
            }
        }
    }
}
