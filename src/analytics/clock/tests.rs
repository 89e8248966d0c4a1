use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(|| Dictionaries::builtin().unwrap());

fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn clock() -> Clock {
    Clock::new(&DICTIONARIES)
}

/// A clock whose archive has these rows in its table of time limits.
fn clock_with(rows: &str) -> Clock {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("time_limits.tsv"), rows).unwrap();
    Clock::new(&Dictionaries::extended(folder.path()).unwrap())
}

fn times(accepted: &str, decided: &str) -> CaseTimes<'static> {
    CaseTimes {
        accepted_on: CivilDate::parse(accepted),
        decided_on: CivilDate::parse(decided),
        ..CaseTimes::default()
    }
}

fn judge(times: CaseTimes<'_>, limit: TimeLimit) -> TimeResult {
    clock().judge(times, limit, Yardstick::Law)
}

#[test]
fn twenty_working_days_from_the_day_after_acceptance() {
    let ordinary = TimeLimit::ORDINARY;
    // 2019-04-28 was a Sunday that was worked, 1 to 4 May were free, 5 May was worked.
    for (accepted, decided, expected) in [
        ("2019-04-28", "2019-04-28", TimeResult::Within { used: 0, limit: 20 }),
        ("2019-04-28", "2019-05-07", TimeResult::Within { used: 5, limit: 20 }),
        ("2019-04-28", "2019-05-27", TimeResult::Within { used: 19, limit: 20 }),
        ("2019-04-28", "2019-05-28", TimeResult::Within { used: 20, limit: 20 }),
        ("2019-04-28", "2019-05-29", TimeResult::Over { used: 21, limit: 20 }),
        // Over the Spring Festival: weekdays alone would be 26.
        ("2018-02-08", "2018-03-16", TimeResult::Over { used: 23, limit: 20 }),
    ] {
        let result = judge(times(accepted, decided), ordinary);
        assert_eq!(result, expected, "{accepted} {decided}");
    }
    assert_eq!(TimeResult::Over { used: 23, limit: 20 }.over_by(), 3);
    assert_eq!(TimeResult::Within { used: 3, limit: 20 }.over_by(), 0);
}

#[test]
fn what_is_not_known_is_never_in_time() {
    let because = |accepted, decided| match judge(times(accepted, decided), TimeLimit::ORDINARY) {
        TimeResult::Unknown(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(because("", "2019-05-07"), Unknown::NoAcceptance);
    assert_eq!(because("2019-05-07", ""), Unknown::NoDecision);
    assert_eq!(because("", ""), Unknown::NoDates);
    assert_eq!(because("2019-05-08", "2019-05-07"), Unknown::WrongOrder);
    assert_eq!(
        because("2007-12-30", "2008-01-05"),
        Unknown::OutsideCalendar(date("2007-12-30"))
    );
    assert_eq!(
        because("2026-12-30", "2027-01-05"),
        Unknown::OutsideCalendar(date("2027-01-05"))
    );
    for (at, (code, ..)) in Unknown::reasons().iter().enumerate() {
        let all = [
            Unknown::NoAcceptance,
            Unknown::NoDecision,
            Unknown::NoDates,
            Unknown::WrongOrder,
            Unknown::OutsideCalendar(date("2007-12-30")),
            Unknown::ExcludedTime,
        ];
        assert_eq!((all[at].index(), all[at].code()), (at, *code));
    }
}

#[test]
fn an_extension_and_times_that_do_not_count_lengthen_the_limit() {
    let (accepted, decided) = ("2019-06-10", "2019-07-22");
    let over = times(accepted, decided);
    assert_eq!(
        judge(over, TimeLimit::ORDINARY),
        TimeResult::Over { used: 30, limit: 20 }
    );
    let extended = CaseTimes { extended: true, ..over };
    assert_eq!(
        judge(extended, TimeLimit::ORDINARY),
        TimeResult::Within { used: 30, limit: 30 }
    );
    let days = |from, to| ExcludedTime::Days {
        from: date(from),
        to: date(to),
    };
    for (excluded, expected) in [
        // Monday to Friday.
        (
            &[days("2019-06-17", "2019-06-21")][..],
            TimeResult::Over { used: 25, limit: 20 },
        ),
        // Overlapping times count once, and weekends not at all.
        (
            &[
                days("2019-06-17", "2019-06-28"),
                days("2019-06-19", "2019-06-21"),
                days("2019-06-29", "2019-06-30"),
            ],
            TimeResult::Within { used: 20, limit: 20 },
        ),
        // Only what lies after acceptance and up to the decision.
        (
            &[days("2019-06-01", "2019-06-12"), days("2019-07-19", "2019-08-30")],
            TimeResult::Over { used: 26, limit: 20 },
        ),
        (
            &[ExcludedTime::OfUnknownLength],
            TimeResult::Unknown(Unknown::ExcludedTime),
        ),
    ] {
        assert_eq!(
            judge(CaseTimes { excluded, ..over }, TimeLimit::ORDINARY),
            expected,
            "{excluded:?}"
        );
    }
    // What was in time without it is in time with it.
    let within = CaseTimes {
        excluded: &[ExcludedTime::OfUnknownLength],
        ..times("2019-06-10", "2019-06-20")
    };
    assert_eq!(
        judge(within, TimeLimit::ORDINARY),
        TimeResult::Within { used: 8, limit: 20 }
    );
}

#[test]
fn the_most_special_row_of_the_table_counts() {
    let clock = clock_with(
        "-\t-\t-\t一般\t-\t-\t15\n\
         食品经营许可\t-\t-\t一般\t-\t-\t10\n\
         食品经营许可\t行政审批局\t-\t一般\t-\t-\t8\n\
         食品经营许可\t灵丘县行政审批服务管理局\t2020-01-01\t一般\t-\t5\t3\n\
         食品经营许可\t灵丘县行政审批服务管理局\t2022-01-01\t联合\t-\t-\t2\n\
         药品经营许可\t-\t-\t一般\t30\t-\t-\n",
    );
    let limit = |matter, agency, on: &str| clock.limit(matter, agency, date(on));
    let promised = |matter, agency, on: &str| limit(matter, agency, on).promised;
    assert_eq!(promised(None, None, "2019-01-01"), Some(15));
    assert_eq!(promised(Some("采矿许可"), Some("甲县某局"), "2019-01-01"), Some(15));
    assert_eq!(promised(Some("食品经营许可"), Some("甲县某局"), "2019-01-01"), Some(10));
    // A synonym of the matter, and another name of the kind.
    assert_eq!(
        promised(
            Some("食品经营许可证核发"),
            Some("灵丘县行政审批服务管理局"),
            "2019-12-31"
        ),
        Some(8)
    );
    let special = limit(Some("食品经营许可"), Some("灵丘县行政审批服务管理局"), "2020-01-01");
    assert_eq!(
        (special.promised, special.extension, special.statutory),
        (Some(3), 5, 20)
    );
    let joint = limit(Some("食品经营许可"), Some("灵丘县行政审批服务管理局"), "2023-06-01");
    assert_eq!((joint.statutory, joint.extension, joint.promised), (45, 15, Some(2)));
    let by_special_law = limit(Some("药品经营许可"), Some("灵丘县行政审批局"), "2019-01-01");
    assert_eq!((by_special_law.statutory, by_special_law.promised), (30, None));
    assert_eq!(
        by_special_law.days(Yardstick::Promise, false),
        30,
        "no promise, so the law"
    );
    let longer = TimeLimit {
        promised: Some(40),
        ..TimeLimit::ORDINARY
    };
    assert_eq!(
        longer.days(Yardstick::Promise, false),
        20,
        "a promise is no longer than the law"
    );
    assert_eq!(longer.days(Yardstick::Promise, true), 30);
}

proptest! {
    /// Times that do not count never make a case late, and a longer limit never does.
    #[test]
    fn what_does_not_count_only_helps(
        start in 14_000_i64..20_000,
        length in 0_i64..120,
        excluded in prop::collection::vec((-20_i64..140, 0_i64..40), 0..4),
    ) {
        let day = |unix| CivilDate::of_unix_days(unix).unwrap();
        let excluded: Vec<ExcludedTime> = excluded
            .into_iter()
            .map(|(from, days)| ExcludedTime::Days { from: day(start + from), to: day(start + from + days) })
            .collect();
        let plain = CaseTimes {
            accepted_on: Some(day(start)),
            decided_on: Some(day(start + length)),
            ..CaseTimes::default()
        };
        let clock = clock();
        let used = |times| match clock.judge(times, TimeLimit::ORDINARY, Yardstick::Law) {
            TimeResult::Within { used, .. } | TimeResult::Over { used, .. } => used,
            TimeResult::Unknown(why) => panic!("{why:?}"),
        };
        // Counted day by day.
        let counts = |unix: i64| {
            let date = day(unix);
            let out = excluded.iter().any(|time| match time {
                ExcludedTime::Days { from, to } => (*from..=*to).contains(&date),
                ExcludedTime::OfUnknownLength => false,
            });
            !out && DICTIONARIES.holidays.is_worked(date)
        };
        let expected = (start + 1..=start + length).filter(|unix| counts(*unix)).count();
        prop_assert_eq!(used(CaseTimes { excluded: &excluded, ..plain }) as usize, expected);
        let shorter = used(CaseTimes { excluded: &excluded, ..plain }) <= used(plain);
        prop_assert!(shorter);
    }
}
