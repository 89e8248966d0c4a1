//! Nothing of what may not be seen is in any answer: a viewer of some cases is answered as if there were no others.
//!
//! Two archives are asked everything: one that holds all cases, by a viewer who may see some, and one that never held any
//! but those. What may differ is what follows from how rare words and letters are, which is counted over all cases: the
//! score, and whether a doubtful copy in a visible case is believed (decision 0143). Everything else is the same: exact
//! hits and their snippets, what is said of the query, a better spelling, suggestions; and total and facets are those of
//! the hits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus::{Archive, cases, made};
use super::facets::values;
use crate::record::{CaseRecord, FieldName::*};
use crate::search::{
    Facet, FacetValue, Hit, MatchKind, SearchResponse, SuggestRequest, SuggestResponse, SuggestViewer, VisibleCases,
};

/// Whatever an answer is made of: words, numbers, dates, sounds, other names, misreadings, slips.
const QUERIES: [&str; 40] = [
    "",
    "许",
    "许可",
    "食品经营许可",
    "食品经营许可证核发",
    "丰源餐饮",
    "\"丰源餐饮\"",
    "-许可",
    "申请 -采伐",
    "灵食许〔2019〕444号",
    "〔2019〕444",
    "2017年8月9日",
    "0123-XK·2019-D30-SCJG-0042",
    "SL20190444",
    "结果:准予",
    "年度:2015..2019",
    "区划:灵丘县",
    // Other names.
    "灵丘县工商行政管理局",
    "灵丘县市场监督管理局",
    "浑源县林业局",
    "饭店",
    "幼儿园",
    // Sounds.
    "fengyuan",
    "fycy",
    "hyxlyj",
    "caifaxuke",
    "机关:linyeju",
    "事项:caifaxuke",
    "申请人:fengyuan",
    // Misread there, or mistyped here.
    "占用城市道路施工",
    "占用城市道珞施工",
    "灵丘县丰源餐钦有限公司",
    "浑源县林业局采伐许可",
    "风源餐饮",
    "风元",
    "采乏许可",
    "民办学校设利",
    "河道采沙 许可",
    "不存在的词语组合",
    "龘龘",
];

const INPUTS: [&str; 16] = [
    "丰",
    "丰源",
    "feng",
    "fengyuan",
    "fy",
    "灵食许",
    "2019",
    "44",
    "444",
    "许可",
    "spjy",
    "ly",
    "linye",
    "局",
    "晋字",
    "SL",
];

fn all() -> Vec<CaseRecord> {
    let of = |serial, agency, applicant, page| {
        made(
            serial,
            &[
                (Agency, agency),
                (ApplicantName, applicant),
                (ApplicantKind, "legal_person"),
            ],
            &[page],
        )
    };
    let mut all = cases();
    all.extend([
        of(
            60,
            "灵丘县工商行政管理局",
            "灵丘县凤园商贸有限公司",
            "凤园商贸申请登记，经营范围为住宿。",
        ),
        of(
            61,
            "灵丘县食品药品监督管理局",
            "风源物流有限公司",
            "风源物流，附近有饭店一家。",
        ),
        of(62, "浑源县森林局", "峰原矿业有限公司", "峰原矿业，附近有餐馆一家。"),
        of(
            63,
            "灵邱县审批局",
            "丰元超市",
            "幼稚园旁边的丰元超市，占用城市道珞施工。",
        ),
        of(64, "灵丘县林业局", "丰源餐钦有限公司", "丰源餐钦有限公司采乏许可。"),
        of(65, "恒源县林业局", "缝元服装店", "幼儿园对面，占用城市道路施工。"),
    ]);
    all
}

fn whole() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(all()));
    &ARCHIVE
}

/// Said of a word when only doubtful copies are shown.
const REMARK: &str = "；没有找到原文“";

/// What does not depend on how rare letters are.
#[derive(Debug, PartialEq)]
struct Told {
    exact: Vec<Hit>,
    understood: String,
    suggestion: Option<String>,
}

fn told(answer: &SearchResponse, sort: &str) -> Told {
    let exact = answer.hits.iter().filter(|hit| hit.matched == MatchKind::Exact);
    let mut exact: Vec<Hit> = exact.cloned().collect();
    if sort == "relevance" {
        exact.sort_by(|a, b| a.case_id.cmp(&b.case_id));
    }
    for hit in &mut exact {
        hit.score = 0.0;
    }
    let understood = answer.understood.split(REMARK).next().unwrap_or_default();
    Told {
        exact,
        understood: understood.to_owned(),
        suggestion: answer.suggestion.clone(),
    }
}

/// The facets of an answer, counted over its hits.
fn recounted(archive: &Archive, answer: &SearchResponse) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for facet in Facet::ALL {
        let counts = counts.entry(facet.code().to_owned()).or_default();
        for hit in &answer.hits {
            let key: usize = hit.case_id.parse().unwrap();
            for value in values(&archive.cases[key - 1], *facet) {
                *counts.entry(value).or_default() += 1;
            }
        }
    }
    counts
}

fn suggest(archive: &Archive, visible: VisibleCases, input: &str) -> SuggestResponse {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let viewer = SuggestViewer { visible, persons: true };
    let request = SuggestRequest::from_pairs([("q", input)]).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let answer = runtime.block_on(archive.searcher.suggest(&request, &viewer, archive, deadline));
    SuggestResponse {
        took_ms: 0,
        ..answer.unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 64, ..ProptestConfig::with_cases(3) })]

    #[test]
    fn what_may_not_be_seen_changes_no_answer(
        keys in proptest::sample::subsequence((1..=66_u64).collect::<Vec<u64>>(), 0..=66),
        expand in any::<bool>(),
    ) {
        let some = Archive::with_keys(all(), &keys);
        let visible = VisibleCases::only(keys.iter().copied());
        let seen: BTreeSet<String> = keys.iter().map(u64::to_string).collect();
        for query in QUERIES {
            for sort in ["relevance", "number"] {
                let expand = if expand { "true" } else { "false" };
                let pairs = [("q", query), ("sort", sort), ("size", "100"), ("facets", "all"), ("expand", expand)];
                let answer = whole().try_search(&visible, &pairs).unwrap();
                let expected = some.try_search(&VisibleCases::all(), &pairs).unwrap();
                prop_assert!(answer.hits.iter().all(|hit| seen.contains(&hit.case_id)));
                prop_assert_eq!(answer.total, answer.hits.len() as u64);
                let counted = |values: &Vec<FacetValue>| values.iter().map(|v| (v.value.clone(), v.count)).collect();
                let facets = answer.facets.iter().map(|(facet, values)| (facet.clone(), counted(values)));
                prop_assert_eq!(facets.collect::<BTreeMap<_, BTreeMap<_, _>>>(), recounted(whole(), &answer));
                prop_assert_eq!(told(&answer, sort), told(&expected, sort), "{} by {}", query, sort);
            }
        }
        for input in INPUTS {
            let answer = suggest(whole(), visible.clone(), input);
            prop_assert_eq!(answer, suggest(&some, VisibleCases::all(), input), "{}", input);
        }
    }
}

/// Names by sound were told in the order of how common they are in all cases.
#[test]
fn the_order_of_names_by_sound_tells_nothing() {
    let keys = [31, 66];
    let pairs = [("q", "hyxlyj"), ("sort", "number"), ("size", "100"), ("facets", "all")];
    let answer = whole().try_search(&VisibleCases::only(keys), &pairs).unwrap();
    let expected = Archive::with_keys(all(), &keys)
        .try_search(&VisibleCases::all(), &pairs)
        .unwrap();
    assert!(
        answer.understood.contains("恒源县林业局、浑源县林业局"),
        "{}",
        answer.understood
    );
    assert_eq!(told(&answer, "number"), told(&expected, "number"));
}

/// Who may see nothing used to be told that nearly the same text stands somewhere.
#[test]
fn who_sees_nothing_is_told_nothing() {
    for query in QUERIES {
        let pairs = [("q", query), ("facets", "all")];
        let answer = whole().try_search(&VisibleCases::none(), &pairs).unwrap();
        assert_eq!((answer.total, answer.suggestion), (0, None), "{query}");
        assert!(answer.facets.values().all(Vec::is_empty), "{query}");
        assert!(!answer.understood.contains(REMARK), "{}", answer.understood);
    }
    for input in INPUTS {
        assert_eq!(suggest(whole(), VisibleCases::none(), input).suggestions, [], "{input}");
    }
}
