//! Misread copies, on a small archive of their own.

use std::sync::LazyLock;

use super::corpus::Archive;
use crate::index::testing::{add_document, empty_case, set};
use crate::record::{Alternative, CaseRecord, DocumentKind, FieldName};
use crate::search::MatchKind::{Exact, Tolerant};
use crate::search::VisibleCases;

const FILLER: &str = "经审查，申请人提交的材料齐全，符合法定形式，准予行政许可。本证有效期五年。";

fn case(serial: u64, pages: &[&str]) -> CaseRecord {
    let mut case = empty_case(&format!("0123-XK·2019-D30-SCJG-{serial:04}"));
    add_document(&mut case, DocumentKind::Decision, 0.9, pages);
    case
}

fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
        let mut cases = vec![
            // 1
            case(
                1,
                &[
                    "灵丘县丰源餐饮有限公司，负责人王建未，电话13834567890。",
                    "灵丘县丰源餐饮有限公司",
                ],
            ),
            // 2: misread once
            case(2, &["灵丘县丰源餐炊有限公司提出申请"]),
            // 3: another company, twice
            case(3, &["灵丘县丰源商贸有限公司提出申请", "灵丘县丰源商贸有限公司"]),
            // 4: every copy misread, each elsewhere
            case(4, &["灵丘县半源餐饮有限公司", "灵丘县丰源餐饮有恨公司"]),
            // 5: letters of what look alike; another phone
            case(5, &["负责人王建末，电话13834567891"]),
            // 6: a letter of the phone is none
            case(6, &["电话138345b7890，备用"]),
            // 7: read otherwise, with the right letter offered
            case(7, &["申请人灵丘县龙泉煤业"]),
            // 8
            case(8, &["申请人广灵县龙泉煤业"]),
        ];
        let line = &mut cases[6].documents[0].pages[0].text.lines[0];
        line.text = "申请人灵丘县龙泉爆业".to_owned();
        line.alternatives.push(Alternative {
            at: 8,
            text: "煤".to_owned(),
            confidence: 0.4,
        });
        set(&mut cases[7], &[(FieldName::ApplicantName, "广灵县龙泉煤业")]);
        for serial in 9..60 {
            cases.push(case(
                serial,
                &[FILLER, &format!("第{serial}号材料，广灵县某单位法定代表人到场。")],
            ));
        }
        // 60: the phone of somebody else, a digit apart
        cases.push(case(60, &["联系人李四海，电话13834567894"]));
        // 61: a short name misread
        cases.push(case(61, &["申请人浑源县旭日商店，负责人胡筆到场"]));
        // 62 and 63: a name of two letters with one number, once misread; 64: with another
        for (serial, name, number) in [
            (62, "廖建", "140224197509018877"),
            (63, "廖健", "140224197509018877"),
            (64, "廖健", "331122198103056655"),
        ] {
            cases.push(case(serial, &[&format!("法定代表人{name}身份证号{number}到场")]));
        }
        Archive::new(cases)
    });
    &ARCHIVE
}

#[test]
fn misread_copies_are_found_and_others_are_not() {
    let hits = archive().hits("灵丘县丰源餐饮有限公司");
    assert_eq!(hits[0], (1, Exact));
    let mut rest = hits[1..].to_vec();
    rest.sort_unstable_by_key(|(key, _)| *key);
    assert_eq!(rest, [(2, Tolerant), (4, Tolerant)]);
    assert_eq!(archive().hits("灵丘县丰源商贸有限公司"), [(3, Exact)]);
}

#[test]
fn names_and_numbers_need_more() {
    assert_eq!(archive().hits("王建未"), [(1, Exact), (5, Tolerant)]);
    // Another digit is another phone, but for who stands beside it.
    assert_eq!(
        archive().hits("13834567890"),
        [(1, Exact), (6, Tolerant), (5, Tolerant)]
    );
}

#[test]
fn what_stands_nowhere_is_answered_by_what_is_nearest() {
    let response = archive().search(&[("q", "13834567895")]);
    assert!(response.hits.iter().all(|hit| hit.matched == Tolerant));
    assert!(!response.hits.is_empty() && response.hits.len() <= 5);
    assert!(
        response.understood.ends_with("列出的是相近的文字"),
        "{}",
        response.understood
    );
    // … of what the viewer may see: for whom the case with this number is not there, the others are the nearest.
    let visible = VisibleCases::only([60]);
    let found = archive().try_search(&visible, &[("q", "13834567890")]).unwrap();
    let ids: Vec<&str> = found.hits.iter().map(|hit| hit.case_id.as_str()).collect();
    assert!(ids.iter().all(|id| *id == "60"), "{ids:?}");
    // What is like nothing finds nothing.
    assert_eq!(archive().hits("99120476533"), []);
}

#[test]
fn short_names_are_known_by_the_number_beside_them() {
    assert_eq!(archive().hits("廖建"), [(62, Exact), (63, Tolerant)]);
    assert_eq!(archive().hits("龙建"), []);
}

#[test]
fn words_are_expected_where_the_other_words_stand() {
    assert_eq!(archive().hits("胡华"), []);
    assert_eq!(archive().hits("旭日商店 胡华"), [(61, Tolerant)]);
    assert_eq!(archive().hits("旭日商店 龙华"), []);
}

#[test]
fn what_the_recogniser_offered_is_found() {
    assert_eq!(archive().hits("灵丘县龙泉煤业"), [(7, Tolerant)]);
    assert_eq!(archive().hits("灵丘县龙泉爆业"), [(7, Exact)]);
}

#[test]
fn quotes_ask_for_what_was_typed_first() {
    assert_eq!(archive().hits("\"灵丘县丰源餐饮有限公司\""), [(1, Exact)]);
    let response = archive().search(&[("q", "\"灵兵县丰源餐饮有限公司\"")]);
    assert!(
        response.understood.ends_with("列出的是相近的文字"),
        "{}",
        response.understood
    );
    assert_eq!(response.hits[0].case_id, "1");
    assert_eq!(response.hits[0].matched, Tolerant);
    // The letters of a phrase in another order are no copy of it.
    assert_eq!(archive().hits("\"材齐料全料\""), []);
}

#[test]
fn misread_copies_are_marked() {
    let response = archive().search(&[("q", "灵丘县丰源餐饮有限公司")]);
    let hit = response.hits.iter().find(|hit| hit.case_id == "2").unwrap();
    let chars: Vec<char> = hit.snippets[0].text.chars().collect();
    let [from, to] = hit.snippets[0].marks[0];
    let marked: String = chars[from as usize..to as usize].iter().collect();
    assert_eq!(marked, "灵丘县丰源餐炊有限公司");
}
