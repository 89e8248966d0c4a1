//! What is kept is never told when it is not true any more.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus::made;
use crate::access::Restriction;
use crate::analysis::Analyser;
use crate::analysis::dictionary::Dictionaries;
use crate::index::testing::{analyser, options, put};
use crate::index::{CaseChange, CaseIndex, CaseIndexWriter};
use crate::record::FieldName;
use crate::search::{SearchRequest, Searcher, VisibleCases};

/// What stands in a case: copies of two names, right and misread, and others.
const TEXTS: [&str; 8] = [
    "申请人灵丘县丰源餐饮有限公司，经审查准予许可。",
    "申请人灵丘县丰源餐炊有限公司，经审查准予许可。",
    "申请人灵丘县车源餐饮有限公司，经审查准予许可。",
    "申请人灵丘县永兴商贸有限公司，经审查不予许可。",
    "申请人灵丘县永兴商贺有限公司，灵食许〔2019〕444号。",
    "灵食许〔2019〕445号，经审查准予许可。",
    "由原单位申请换发，与丰源餐饮相邻。",
    "龘",
];

const QUERIES: [&str; 12] = [
    "灵丘县丰源餐饮有限公司",
    "丰源餐饮",
    "丰源餐炊",
    "\"丰源餐饮\"",
    "永兴商贸 许可",
    "丰源餐饮 不予许可",
    "灵食许〔2019〕444号",
    "许",
    "餐饮 -永兴",
    "审查准予许可 或 龘",
    "申请人:丰源餐饮",
    "承办者",
];

/// How a request goes on.
const MORE: [&[(&str, &str)]; 5] = [
    &[],
    &[("facets", "year,outcome"), ("size", "3")],
    &[("size", "2"), ("page", "2")],
    &[("year", "2019"), ("facets", "year")],
    &[("sort", "date"), ("size", "4")],
];

#[derive(Clone, Debug)]
enum Step {
    Put { key: u64, text: usize },
    Withdraw { key: u64 },
    Commit,
    Dictionaries { other: bool },
    Ask { query: usize, more: usize, viewer: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let ask = (0..QUERIES.len(), 0..MORE.len(), 0..viewers().len());
    prop_oneof![
        3 => (1..12_u64, 0..TEXTS.len()).prop_map(|(key, text)| Step::Put { key, text }),
        1 => (1..12_u64).prop_map(|key| Step::Withdraw { key }),
        2 => Just(Step::Commit),
        1 => any::<bool>().prop_map(|other| Step::Dictionaries { other }),
        8 => ask.prop_map(|(query, more, viewer)| Step::Ask { query, more, viewer }),
    ]
}

fn viewers() -> Vec<VisibleCases> {
    vec![
        VisibleCases::all(),
        VisibleCases::only([1, 3, 5, 7]),
        VisibleCases::all().and(Restriction::Years(2019, 2019)),
    ]
}

/// With another name of what one of the queries asks for.
fn other_analyser() -> &'static Analyser {
    static OTHER: LazyLock<Analyser> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("synonyms.tsv"), "承办者\t原单位\n").unwrap();
        analyser().with_dictionaries(Dictionaries::extended(folder.path()).unwrap())
    });
    &OTHER
}

fn change(key: u64, sequence: u64, text: usize) -> CaseChange {
    let year = if key.is_multiple_of(2) {
        "2019-05-07"
    } else {
        "2020-03-01"
    };
    let outcome = if TEXTS[text].contains("不予") {
        "refused"
    } else {
        "granted"
    };
    let applicant: String = TEXTS[text].chars().skip(3).take(10).collect();
    let mut fields = vec![(FieldName::DecidedOn, year), (FieldName::Outcome, outcome)];
    fields.extend((!applicant.is_empty()).then_some((FieldName::ApplicantName, applicant.as_str())));
    put(
        key,
        sequence,
        &made(u32::try_from(key).unwrap(), &fields, &[TEXTS[text]]),
    )
}

fn told(searcher: &Searcher, request: &SearchRequest, visible: &VisibleCases) -> String {
    let deadline = Instant::now() + Duration::from_secs(600);
    searcher.find(request, visible, deadline).unwrap().told()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_a_search_that_keeps_nothing(steps in prop::collection::vec(step(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(1_000)).unwrap();
        let index = CaseIndex::open(folder.path(), analyser()).unwrap();
        let searcher = Searcher::new(index.clone());
        let mut sequence = 0;
        for step in steps {
            match step {
                Step::Put { key, text } => {
                    sequence += 1;
                    writer.apply(change(key, sequence, text)).unwrap();
                }
                Step::Withdraw { key } => {
                    sequence += 1;
                    writer.apply(CaseChange { case_key: key, sequence, document: None }).unwrap();
                }
                Step::Commit => {
                    writer.commit().unwrap();
                    index.reload_if_changed().unwrap();
                }
                Step::Dictionaries { other } => index.use_analyser(if other { other_analyser() } else { analyser() }),
                Step::Ask { query, more, viewer } => {
                    let pairs = MORE[more].iter().copied().chain([("q", QUERIES[query])]);
                    let request = SearchRequest::from_pairs(pairs).unwrap();
                    let visible = &viewers()[viewer];
                    let anew = told(&Searcher::new(index.clone()), &request, visible);
                    for _ in 0..2 {
                        prop_assert_eq!(&told(&searcher, &request, visible), &anew);
                    }
                }
            }
        }
        writer.close().unwrap();
    }
}
