//! Suggestions: by Han, pinyin, initials and parts of numbers; nothing that may not be seen, nothing private.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus::{Archive, made};
use crate::record::{CaseRecord, FieldName::*};
use crate::search::{
    CaseNames, Error, NameTexts, SuggestRequest, SuggestViewer, Suggestion, SuggestionKind, VisibleCases,
};

fn cases() -> Vec<CaseRecord> {
    let organisation = |serial, name, number| {
        made(
            serial,
            &[
                (ApplicantName, name),
                (ApplicantKind, "legal_person"),
                (DocumentNumber, number),
                (Matter, "食品经营许可"),
                (Agency, "灵丘县市场监督管理局"),
                (DecidedOn, "2019-05-07"),
            ],
            &[""],
        )
    };
    vec![
        // 1 and 2: one applicant twice
        organisation(1, "灵丘县丰源餐饮有限公司", "灵食许〔2019〕444号"),
        organisation(2, "灵丘縣豐源餐飲有限公司", "灵食许〔2019〕445号"),
        organisation(3, "丰源超市", "灵食许〔2018〕1444号"),
        // 4 and 5: persons; 5 by its short name only
        made(
            4,
            &[
                (ApplicantName, "单小满"),
                (ApplicantKind, "person"),
                (AcceptanceNumber, "SL20190444"),
            ],
            &[""],
        ),
        made(5, &[(ApplicantName, "仇丰源")], &[""]),
        // 6: what must never be suggested, in fields where it should not stand
        made(
            6,
            &[
                (ApplicantName, "丰源经营部13812345678"),
                (ApplicantKind, "organisation"),
                (AcceptanceNumber, "11010519491231002X"),
                (Agency, "广灵县卫生局"),
            ],
            &["联系电话13812345678"],
        ),
        // 7: an agency that only this case has
        made(7, &[(Agency, "浑源县水务局"), (Matter, "取水许可")], &[""]),
    ]
}

fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(cases()));
    &ARCHIVE
}

impl NameTexts for Archive {
    type Error = Infallible;

    async fn names(&self, case_keys: &[u64]) -> Result<Vec<CaseNames>, Infallible> {
        let names = |key: &u64| {
            let case = &self.cases[usize::try_from(key - 1).unwrap()];
            CaseNames {
                case_key: *key,
                archival_code: case.archival_code.to_string(),
                document_number: case.fields.document_number.clone(),
                acceptance_number: case.fields.acceptance_number.clone(),
                applicant: case.fields.applicant_name.clone(),
            }
        };
        Ok(case_keys.iter().map(names).collect())
    }
}

fn everything() -> SuggestViewer {
    SuggestViewer {
        visible: VisibleCases::all(),
        persons: true,
    }
}

fn try_suggest(viewer: &SuggestViewer, pairs: &[(&str, &str)]) -> Result<Vec<Suggestion>, Error> {
    let request = SuggestRequest::from_pairs(pairs.iter().copied())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let archive = archive();
    let answer = runtime.block_on(archive.searcher.suggest(&request, viewer, archive, deadline))?;
    Ok(answer.suggestions)
}

fn suggest(viewer: &SuggestViewer, input: &str) -> Vec<(SuggestionKind, String, u64)> {
    let suggestions = try_suggest(viewer, &[("q", input), ("size", "50")]).unwrap();
    suggestions.into_iter().map(|s| (s.kind, s.text, s.count)).collect()
}

fn texts(viewer: &SuggestViewer, input: &str) -> Vec<String> {
    suggest(viewer, input).into_iter().map(|(_, text, _)| text).collect()
}

#[test]
fn names_by_han_pinyin_initials_and_mixed() {
    let viewer = everything();
    for input in [
        "丰源餐饮",
        "豐源餐",
        "源餐饮",
        "fengyuancanyin",
        "fengyuanc",
        "fycy",
        "丰源cy",
        "ＦＹＣＹ",
        "fengycy",
        "灵丘县丰源餐",
    ] {
        let found = suggest(&viewer, input);
        let company = found
            .iter()
            .filter(|(_, text, _)| text.contains("餐"))
            .collect::<Vec<_>>();
        assert_eq!(company.len(), 1, "{input}: {found:?}");
        assert_eq!(
            (company[0].0, company[0].2),
            (SuggestionKind::Applicant, 2),
            "{input}: one name in two writings"
        );
    }
    for input in ["shanxiao", "danxiao", "sxm", "单小", "單小"] {
        assert!(texts(&viewer, input).contains(&"单小满".to_owned()), "{input}");
    }
    assert!(texts(&viewer, "qiufeng").contains(&"仇丰源".to_owned()));
    // What begins so comes before what only holds it; so does what stands after its place.
    let first: Vec<String> = texts(&viewer, "丰源").into_iter().take(2).collect();
    assert_eq!(first.len(), 2);
    assert!(
        first.contains(&"丰源超市".to_owned()) && first.iter().any(|text| text.contains('餐')),
        "{first:?}"
    );
}

#[test]
fn numbers_by_any_part() {
    let viewer = everything();
    let has = |input: &str, expected: &str| {
        let found = texts(&viewer, input);
        assert!(found.contains(&expected.to_owned()), "{input}: {found:?}");
        found
    };
    for input in [
        "灵食许 2019",
        "灵食许〔2019〕",
        "灵食许2019第444号",
        "靈食許（２０１９）４４４号",
        "灵食许",
        "444",
        "第444号",
        "〔2019〕444",
        "2019〕44",
    ] {
        has(input, "灵食许〔2019〕444号");
    }
    assert_eq!(
        has("444", "灵食许〔2019〕444号")[0],
        "灵食许〔2019〕444号",
        "the serial itself is first"
    );
    has("444", "灵食许〔2018〕1444号");
    has("444", "SL20190444");
    has("sl2019", "SL20190444");
    has("scjg-0003", "0123-XK·2019-D30-SCJG-0003");
    assert!(
        texts(&viewer, "灵食许2019第444号")
            .iter()
            .all(|text| !text.contains("445"))
    );
}

#[test]
fn matters_and_agencies_with_their_counts() {
    let viewer = everything();
    assert!(suggest(&viewer, "scjd").contains(&(SuggestionKind::Agency, "灵丘县市场监督管理局".into(), 3)));
    assert!(suggest(&viewer, "shipinjy").contains(&(SuggestionKind::Matter, "食品经营许可".into(), 3)));
    assert!(suggest(&viewer, "取水").contains(&(SuggestionKind::Matter, "取水许可".into(), 1)));
}

#[test]
fn only_what_may_be_seen_is_suggested_and_counted() {
    let only = |keys: &[u64]| SuggestViewer {
        visible: VisibleCases::only(keys.iter().copied()),
        persons: true,
    };
    let found = suggest(&only(&[2, 4]), "fycy");
    assert_eq!(found, [(SuggestionKind::Applicant, "灵丘縣豐源餐飲有限公司".into(), 1)]);
    assert_eq!(
        suggest(&only(&[2]), "scjd"),
        [(SuggestionKind::Agency, "灵丘县市场监督管理局".into(), 1)]
    );
    for input in ["水务", "qushui", "浑源", "444", "单小满", "丰源超市"] {
        assert_eq!(texts(&only(&[2]), input), Vec::<String>::new(), "{input}");
    }
    for viewer in [
        only(&[]),
        SuggestViewer {
            visible: VisibleCases::none(),
            persons: true,
        },
    ] {
        for input in ["丰", "fengyuan", "灵", "2019", "s", "局"] {
            assert_eq!(texts(&viewer, input), Vec::<String>::new(), "{input}");
        }
    }
}

#[test]
fn persons_are_for_those_who_may_see_them() {
    let public = SuggestViewer {
        visible: VisibleCases::all(),
        persons: false,
    };
    for input in ["单小满", "shanxiaoman", "sxm", "仇", "qiufengyuan"] {
        assert_eq!(texts(&public, input), Vec::<String>::new(), "{input}");
        assert!(!texts(&everything(), input).is_empty(), "{input}");
    }
    assert!(texts(&public, "丰源").iter().all(|text| text != "仇丰源"));
    assert!(texts(&public, "丰源").contains(&"丰源超市".to_owned()));
}

#[test]
fn private_numbers_are_never_suggested() {
    for input in [
        "138",
        "13812345678",
        "丰源经营",
        "fyjyb",
        "110105",
        "11010519491231002X",
        "联系电话",
    ] {
        let found = texts(&everything(), input);
        assert!(
            found.iter().all(|text| !text.contains("138") && !text.contains("1949")),
            "{input}: {found:?}"
        );
    }
}

#[test]
fn requests_are_checked() {
    let code = |pairs: &[(&str, &str)]| try_suggest(&everything(), pairs).unwrap_err().code();
    assert_eq!(code(&[("q", &"丰".repeat(65))]), "query_too_long");
    assert_eq!(code(&[("q", &"丰".repeat(100_000))]), "query_too_long");
    assert_eq!(code(&[("size", "0")]), "size_out_of_range");
    assert_eq!(code(&[("size", "51")]), "size_out_of_range");
    assert_eq!(code(&[("page", "1")]), "unknown_parameter");
    assert_eq!(code(&[("q", "1"), ("q", "2")]), "repeated_parameter");
    assert_eq!(try_suggest(&everything(), &[]).unwrap(), []);
    assert_eq!(try_suggest(&everything(), &[("q", " 。，")]).unwrap(), []);
    assert_eq!(
        try_suggest(&everything(), &[("q", "灵"), ("size", "2")]).unwrap().len(),
        2
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_input_is_survived_and_nothing_comes_twice(input in "[丰源灵食许〔〕2019单a-z（号]{0,20}|\\PC{0,20}") {
        let found = suggest(&everything(), &input);
        let mut seen = std::collections::BTreeSet::new();
        for (kind, text, count) in found {
            prop_assert!(count > 0);
            prop_assert!(seen.insert((kind, text)));
        }
    }

    /// What one viewer sees is a part of what a viewer with more rights sees, with no greater count.
    #[test]
    fn fewer_rights_show_less(keys in proptest::collection::vec(1_u64..=7, 0..4), input in "(丰源|fy|灵|食品|44|scjd|单)") {
        let few = SuggestViewer { visible: VisibleCases::only(keys), persons: false };
        let all = suggest(&everything(), &input);
        for (kind, text, count) in suggest(&few, &input) {
            let letters = |text: &str| crate::index::testing::analyser().normalise(text).as_string();
            let known = all.iter().find(|(k, t, _)| *k == kind && letters(t) == letters(&text));
            prop_assert!(known.is_some_and(|(.., most)| count <= *most), "{} {}", text, count);
        }
    }
}
