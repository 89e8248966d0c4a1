use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analysis::dictionary::{DayKind, Dictionaries};

static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(|| Dictionaries::builtin().unwrap());

fn holidays() -> &'static Holidays {
    &DICTIONARIES.holidays
}

fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn day(year: u32, month: u32, day: u32) -> CivilDate {
    CivilDate::new(year, month, day).unwrap()
}

#[test]
fn ten_thousand_pairs_count_as_a_published_library_counts() {
    let working_days = WorkingDays::new(holidays());
    let pairs = include_str!("../../../tests/fixtures/working_days.tsv");
    let mut compared = 0;
    for line in pairs.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [from, to, days] = columns[..] else {
            panic!("{line}")
        };
        assert_eq!(
            working_days.between(date(from), date(to)),
            Ok(days.parse().unwrap()),
            "{line}"
        );
        compared += 1;
    }
    assert_eq!(compared, 10_000);
}

#[test]
fn every_day_off_is_that_of_a_second_published_library() {
    let years = include_str!("../../../tests/fixtures/days_off.tsv");
    let published = years.lines().map(|line| line.split_once('\t').unwrap());
    let published: BTreeMap<u32, &str> = published.map(|(year, days)| (year.parse().unwrap(), days)).collect();
    assert_eq!(
        published.keys().copied().collect::<Vec<_>>(),
        Vec::from_iter(2008..=2026)
    );
    assert_eq!(holidays().years(), Some(2008..=2026));
    for (year, expected) in published {
        let days = (day(year, 1, 1).unix_days()..=day(year, 12, 31).unix_days())
            .map(|unix| CivilDate::of_unix_days(unix).unwrap())
            .filter(|&date| holidays().is_worked(date) == date.is_weekend())
            .map(|date| {
                let sign = if date.is_weekend() { '+' } else { '-' };
                format!("{:02}-{:02}{sign}", date.month(), date.day())
            });
        assert_eq!(days.collect::<Vec<_>>().join(" "), expected, "{year}");
    }
}

/// The statutory days of the regulation on public holidays: its versions of 2007, 2013 and 2024.
fn statutory_days(year: u32) -> [(&'static str, usize); 8] {
    let (eve, labour) = match year {
        ..2014 => (1, 1),
        2014..2025 => (0, 1),
        _ => (1, 2),
    };
    let spring = if year < 2014 { 2 } else { 3 };
    [
        ("元旦", 1),
        ("除夕", eve),
        ("春节", spring),
        ("清明节", 1),
        ("劳动节", labour),
        ("端午节", 1),
        ("中秋节", 1),
        ("国庆节", 3),
    ]
}

#[test]
fn every_year_has_the_statutory_holidays_of_its_time() {
    for year in holidays().years().unwrap() {
        let statutory: Vec<(CivilDate, &str)> = holidays()
            .iter()
            .filter(|(date, day)| date.year() == year && day.kind == DayKind::Statutory)
            .map(|(date, day)| (date, day.name.as_str()))
            .collect();
        for (holiday, days) in statutory_days(year) {
            let dates = statutory
                .iter()
                .filter(|(_, names)| names.split('、').any(|name| name == holiday));
            let dates: Vec<CivilDate> = dates.map(|(date, _)| *date).collect();
            assert_eq!(dates.len(), days, "{holiday} {year}");
            // Where in the year it can be: the lunar ones wander.
            let (earliest, latest) = match holiday {
                "元旦" => ((1, 1), (1, 1)),
                "除夕" => ((1, 20), (2, 19)),
                "春节" => ((1, 21), (2, 22)),
                "清明节" => ((4, 4), (4, 6)),
                "劳动节" => ((5, 1), (5, 2)),
                "端午节" => ((5, 27), (6, 26)),
                "中秋节" => ((9, 7), (10, 8)),
                _ => ((10, 1), (10, 3)),
            };
            for date in &dates {
                let place = (date.month(), date.day());
                assert!((earliest..=latest).contains(&place), "{holiday} {date}");
            }
            for pair in dates.windows(2) {
                assert_eq!(pair[0].unix_days() + 1, pair[1].unix_days(), "{holiday} {year}");
            }
        }
        let known = |names: &str| {
            names
                .split('、')
                .all(|name| statutory_days(year).iter().any(|(holiday, _)| *holiday == name))
        };
        let others: Vec<_> = statutory.iter().filter(|(_, names)| !known(names)).collect();
        match year {
            2015 => assert_eq!(others, [&(date("2015-09-03"), "抗战胜利纪念日")]),
            _ => assert!(others.is_empty(), "{others:?}"),
        }
    }
}

/// What a notice gives free it takes elsewhere: each weekday that is free stands for a weekend that is worked, for a
/// statutory holiday on a weekend, or for two that fall on one day.
#[test]
fn days_are_exchanged_and_not_given_away() {
    for year in holidays().years().unwrap() {
        let of_year = || holidays().iter().filter(|(date, _)| date.year() == year);
        let count = |kind: DayKind| of_year().filter(|(_, day)| day.kind == kind).count();
        let statutory = of_year().filter(|(_, day)| day.kind == DayKind::Statutory);
        let in_lieu = statutory
            .map(|(date, day)| usize::from(date.is_weekend()) + day.name.matches('、').count())
            .sum::<usize>();
        let free = count(DayKind::Free);
        let given = count(DayKind::Worked) + in_lieu;
        match year {
            // 31 December 2011 was worked for 3 January 2012.
            2011 => assert_eq!(free + 1, given),
            2012 => assert_eq!(free, given + 1),
            // The Spring Festival was extended because of the epidemic: 31 January free, 1 February not worked.
            2020 => assert_eq!(free, given + 2),
            _ => assert_eq!(free, given, "{year}"),
        }
    }
}

#[test]
fn outside_the_table_nothing_is_counted() {
    let working_days = WorkingDays::new(holidays());
    let (first, last) = (date("2008-01-01"), date("2026-12-31"));
    assert_eq!(working_days.range(), Some((first, last)));
    let before = date("2007-12-31");
    let after = date("2027-01-01");
    assert_eq!(
        working_days.between(before, first),
        Err(CalendarError::UnknownYear(before))
    );
    assert_eq!(
        working_days.between(last, after),
        Err(CalendarError::UnknownYear(after))
    );
    assert_eq!(working_days.is_worked(after), Err(CalendarError::UnknownYear(after)));
    assert_eq!(working_days.after(last, 1), Err(CalendarError::UnknownYear(after)));
    assert_eq!(working_days.after(before, 0), Err(CalendarError::UnknownYear(before)));
    assert_eq!(
        working_days.between(last, first),
        Err(CalendarError::WrongOrder { from: last, to: first })
    );
    let nothing = WorkingDays::default();
    assert_eq!(nothing.range(), None);
    assert_eq!(nothing.between(first, last), Err(CalendarError::UnknownYear(last)));
}

#[test]
fn periods_run_over_exchanged_weekends() {
    let working_days = WorkingDays::new(holidays());
    // 2019: Saturday 2 and Sunday 3 February were worked, 4 to 10 February were free.
    assert_eq!(working_days.between(date("2019-02-01"), date("2019-02-11")), Ok(3));
    assert_eq!(working_days.after(date("2019-02-01"), 3), Ok(date("2019-02-11")));
    assert_eq!(working_days.after(date("2019-02-05"), 0), Ok(date("2019-02-05")));
    assert_eq!(working_days.is_worked(date("2019-02-02")), Ok(true));
    assert_eq!(working_days.is_worked(date("2019-02-04")), Ok(false));
}

fn any_day() -> impl Strategy<Value = CivilDate> {
    let days = day(2008, 1, 1).unix_days()..=day(2026, 12, 31).unix_days();
    days.prop_map(|unix| CivilDate::of_unix_days(unix).unwrap())
}

proptest! {
    #[test]
    fn sums_are_what_counting_gives(a in any_day(), length in 0i64..200) {
        let working_days = WorkingDays::new(holidays());
        let end = (a.unix_days() + length).min(day(2026, 12, 31).unix_days());
        let worked = (a.unix_days() + 1..=end).filter(|&unix| holidays().is_worked(CivilDate::of_unix_days(unix).unwrap()));
        let counted = u32::try_from(worked.count()).unwrap();
        let to = CivilDate::of_unix_days(end).unwrap();
        prop_assert_eq!(working_days.between(a, to), Ok(counted));
        // The period of that length ends no later, on a day that is worked.
        let last = working_days.after(a, counted).unwrap();
        prop_assert!(last <= to);
        prop_assert_eq!(working_days.between(a, last), Ok(counted));
        if counted > 0 {
            prop_assert_eq!(working_days.is_worked(last), Ok(true));
        }
    }

    #[test]
    fn periods_add_up(mut days in prop::array::uniform3(any_day())) {
        days.sort();
        let working_days = WorkingDays::new(holidays());
        let [a, b, c] = days;
        let sum = working_days.between(a, b).unwrap() + working_days.between(b, c).unwrap();
        prop_assert_eq!(working_days.between(a, c), Ok(sum));
    }
}
