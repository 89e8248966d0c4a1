//! Decisions of which a seal hides a part of the date.

use juanzong::record::{Alternative, CaseFields, CivilDate, FieldName};
use proptest::prelude::*;

use super::papers::{facts_of, page, read, read_pages};
use super::{Fact, weigh};

/// A decision that was applied for on 2019-04-25, with these lines at its foot.
fn decision(foot: &str) -> String {
    format!(
        "灵丘县市场监督管理局文件\n灵食许〔2019〕444号\n行政许可决定书\n灵丘县嘉禾餐饮店：\n\
         你店于2019年4月25日向本机关提出食品经营许可申请，本机关已于2019年4月28日依法受理。\n\
         经审查，本机关决定准予许可。\n灵丘县市场监督管理局\n{foot}"
    )
}

fn decided(text: &str) -> Option<(String, f32)> {
    let facts = read(text);
    let value = CaseFields::resolve(&facts).get(FieldName::DecidedOn)?;
    let of_value = facts
        .iter()
        .filter(|f| f.field == FieldName::DecidedOn && f.value == value);
    let confidence = of_value.map(Fact::confidence).fold(0.0, f32::max);
    Some((value, confidence))
}

#[test]
fn what_is_left_of_a_signature_is_read_with_what_else_is_told() {
    for (foot, expected) in [
        // A sign, the year, the month or a digit is gone.
        ("019年5月7日", Some("2019-05-07")),
        ("年5月7日", Some("2019-05-07")),
        ("2019月7日", Some("2019-05-07")),
        ("2019年5月7", Some("2019-05-07")),
        ("2019年月28日", Some("2019-05-28")),
        ("2019年28日", Some("2019-05-28")),
        ("五月七日", Some("2019-05-07")),
        ("019年月9年", Some("2019-05-09")),
        ("±019年0月27日", Some("2019-05-27")),
        ("灵2019\n月7日", Some("2019-05-07")),
        ("二〇一九年五月二十田", Some("2019-05-20")),
        // The day of printing tells which.
        ("2019年月\n2019年5月29日印发", Some("2019-05-29")),
        // A month that cannot be: nobody decides before the application.
        ("2019年月1日", Some("2019-05-01")),
        // Nothing is left of it.
        ("局", None),
        ("5", None),
        ("年月", None),
        ("共2页", None),
    ] {
        let found = decided(&decision(foot));
        assert_eq!(
            found.as_ref().map(|(value, _)| value.as_str()),
            expected,
            "{foot}: {found:?}"
        );
        let printed = foot.contains("印发");
        assert!(
            found.is_none_or(|(_, confidence)| confidence < 0.9 || printed),
            "{foot} is presented as sure"
        );
    }
}

#[test]
fn the_term_of_a_licence_without_a_date_begins_with_it() {
    let licence = |foot: &str| {
        format!(
            "食品经营许可证\n经营者名称：灵丘县嘉禾餐饮店\n有效期限：自2019年5月7日至2024年5月6日\n发证机关：灵丘县市场监督管理局\n{foot}"
        )
    };
    assert!(decided(&licence("")).is_some_and(|(date, sure)| date == "2019-05-07" && sure < 0.6));
    assert!(decided(&licence("2019年5月5日")).is_some_and(|(date, _)| date == "2019-05-05"));
}

#[test]
fn a_digit_that_became_a_sign_leaves_no_sure_day() {
    // Found by the property below, on 2026-11-26: the tenth, of which the first was made.
    assert!(decided(&decision("2019年5月1田日")).is_none_or(|(_, sure)| sure < 0.5));
}

#[test]
fn a_whole_signature_is_what_it_was() {
    assert!(decided(&decision("2019年5月7日")).is_some_and(|(date, sure)| date == "2019-05-07" && sure > 0.9));
    assert!(decided(&decision("二〇一九年五月七日")).is_some_and(|(date, sure)| date == "2019-05-07" && sure > 0.9));
}

#[test]
fn other_readings_of_a_doubtful_month_count() {
    // `1月` was read where the other reading is `7月`; January is before the application.
    let mut pages = [page(&decision("2019年1月9日"))];
    let line = pages[0].text.lines.last_mut().unwrap();
    line.confidence = 0.6;
    line.alternatives = vec![Alternative {
        at: 5,
        text: "7".into(),
        confidence: 0.2,
    }];
    let facts = read_pages(&pages);
    assert_eq!(
        CaseFields::resolve(&facts).decided_on,
        CivilDate::new(2019, 7, 9),
        "{facts:?}"
    );
}

#[test]
fn other_papers_of_the_case_decide_between_days() {
    let receipt =
        |day: &str| format!("送达回证\n受送达人 | 灵丘县嘉禾餐饮店\n送达文书 | 行政许可决定书\n送达日期 | {day}");
    // `2019年月10日` may be May or June, until the receipt says when it was served.
    for (served, expected) in [("2019年5月13日", "2019-05-10"), ("2019年6月12日", "2019-06-10")] {
        let papers = [decision("2019年月10日"), receipt(served)];
        let mut facts = Vec::new();
        for paper in &papers {
            facts.extend(facts_of(&[page(paper)]));
        }
        weigh(&mut facts);
        let date = CaseFields::resolve(&facts).decided_on.map(|d| d.to_string());
        assert_eq!(date.as_deref(), Some(expected), "served {served}: {facts:?}");
    }
}

proptest! {
    /// A seal turns characters of the date into strays or takes them away: a wrong day is never presented as sure.
    #[test]
    fn no_wrong_day_is_sure(
        after in 0_i64..60,
        chinese in any::<bool>(),
        hidden in prop::collection::vec((0_usize..14, prop::option::of(prop::sample::select(vec!['盟', '田', '#', '章']))), 1..5),
    ) {
        let date = CivilDate::of_unix_days(CivilDate::new(2019, 4, 28).unwrap().unix_days() + after).unwrap();
        let digit = |n: u32| "〇一二三四五六七八九".chars().nth(n as usize).unwrap();
        let tens = |n: u32| match (n / 10, n % 10) {
            (0, ones) => digit(ones).to_string(),
            (t, 0) => format!("{}十", if t > 1 { digit(t).to_string() } else { String::new() }),
            (t, ones) => format!("{}十{}", if t > 1 { digit(t).to_string() } else { String::new() }, digit(ones)),
        };
        let whole = if chinese {
            format!("二〇一九年{}月{}日", tens(date.month()), tens(date.day()))
        } else {
            format!("2019年{}月{}日", date.month(), date.day())
        };
        let mut left: Vec<Option<char>> = whole.chars().map(Some).collect();
        for (at, stray) in hidden {
            if let Some(place) = left.get_mut(at) {
                // A digit that is gone without a trace leaves another date; the recogniser leaves a gap there, and what
                // stands in it is read as something.
                *place = stray.or_else(|| place.filter(|c| !"年月日".contains(*c)).map(|_| '■'));
            }
        }
        let foot: String = left.into_iter().flatten().collect();
        if let Some((value, confidence)) = decided(&decision(&foot)) {
            prop_assert!(value == date.to_string() || confidence <= 0.9, "{} as {} ({})", foot, value, confidence);
        }
    }
}
