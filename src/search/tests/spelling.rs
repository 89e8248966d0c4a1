//! "Did you mean": from the collection, for this viewer, and never in vain.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::corpus::{Archive, made};
use crate::record::{CaseRecord, FieldName::*};
use crate::search::VisibleCases;

fn cases() -> Vec<CaseRecord> {
    vec![
        made(
            1,
            &[(ApplicantName, "灵丘县丰源餐饮有限公司"), (Title, "食品经营许可")],
            &["准予行政许可，发给食品经营许可证。"],
        ),
        made(
            2,
            &[(Title, "取水许可"), (DecidedOn, "2018-01-01")],
            &["莒南县取水许可申请"],
        ),
        made(3, &[(Title, "峰园超市")], &["峰园超市登记"]),
    ]
}

fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(cases()));
    &ARCHIVE
}

fn suggestion(visible: &VisibleCases, query: &str) -> Option<String> {
    archive().try_search(visible, &[("q", query)]).unwrap().suggestion
}

#[test]
fn words_are_spelt_better() {
    for (query, better) in [
        // The same sound, the same shape, two letters wrong, one of a pair.
        ("风源餐饮", "丰源餐饮"),
        ("风元餐饮", "丰源餐饮"),
        ("车南县取水", "莒南县取水"),
        ("許科证", "許可证"),
        ("取税", "取水"),
        ("风源餐饮 许可", "丰源餐饮 许可"),
        ("申请人:风源餐饮", "申请人:丰源餐饮"),
        ("（风源餐饮 OR 取税） -登记", "（丰源餐饮 OR 取水） -登记"),
    ] {
        assert_eq!(
            suggestion(&VisibleCases::all(), query).as_deref(),
            Some(better),
            "{query}"
        );
    }
}

#[test]
fn nothing_is_suggested_where_nothing_is_wrong_or_nothing_would_be_found() {
    for query in [
        "丰源餐饮",
        "",
        "\"风源餐饮\"",
        "-风源餐饮 许可",
        "龘龘龘",
        "2017年",
        "abc",
        // Each word is in some case, together they are in none.
        "取水 峰园",
        "风源餐饮 取水",
        "风源餐饮 年度:2018",
    ] {
        assert_eq!(suggestion(&VisibleCases::all(), query), None, "{query}");
    }
}

#[test]
fn only_what_may_be_seen_is_suggested() {
    assert_eq!(suggestion(&VisibleCases::only([2, 3]), "风源餐饮"), None);
    assert_eq!(suggestion(&VisibleCases::none(), "风源餐饮"), None);
    assert_eq!(
        suggestion(&VisibleCases::only([1]), "风源餐饮").as_deref(),
        Some("丰源餐饮")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_suggestion_always_finds_something(query in "[丰风源原餐饮许可科证取水税 ()\"\\-]{0,12}", keys in proptest::collection::vec(1_u64..=3, 0..3)) {
        for visible in [VisibleCases::all(), VisibleCases::only(keys)] {
            if let Ok(answer) = archive().try_search(&visible, &[("q", &query)])
                && let Some(better) = answer.suggestion
            {
                prop_assert_ne!(&better, &query);
                let again = archive().try_search(&visible, &[("q", &better), ("expand", "false")]).unwrap();
                prop_assert!(again.total > 0, "{} for {}", better, query);
            }
        }
    }
}
