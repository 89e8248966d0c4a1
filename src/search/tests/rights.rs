//! What a viewer may not see: the filter of the index against the one of the catalogue.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::corpus::{Archive, made};
use crate::access::Restriction;
use crate::index::testing::{analyser, options, put};
use crate::index::{CaseChange, CaseIndex, CaseIndexWriter};
use crate::record::{CaseRecord, FieldName, RegionCode, SecurityClass};
use crate::search::{SearchRequest, Searcher, VisibleCases};

const AGENCIES: [&str; 3] = ["灵丘县市场监督管理局", "灵丘县工商行政管理局", "广灵县市场监督管理局"];
const REGIONS: [&str; 6] = ["140000", "140200", "140224", "140223", "140300", "150000"];
const CLASSES: [&str; 5] = ["", "public", "internal", "secret", "confidential"];
const DATES: [&str; 4] = ["2014-03-05", "2019-03-05", "2020-03-05", ""];

/// Every combination once, also of what is not known.
fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
        let mut cases: Vec<CaseRecord> = Vec::new();
        for agency in AGENCIES.into_iter().chain([""]) {
            for region in ["140224", "140223", "140200", "140300", ""] {
                for class in CLASSES {
                    for date in DATES {
                        let all = [
                            (FieldName::Agency, agency),
                            (FieldName::Region, region),
                            (FieldName::SecurityClass, class),
                            (FieldName::DecidedOn, date),
                        ];
                        let known: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
                        let serial = u32::try_from(cases.len()).unwrap() + 1;
                        cases.push(made(serial, &known, &["准予行政许可决定书"]));
                    }
                }
            }
        }
        Archive::new(cases)
    });
    &ARCHIVE
}

fn restriction() -> impl Strategy<Value = Restriction> {
    let agencies = AGENCIES
        .into_iter()
        .chain(["没有的局"])
        .map(String::from)
        .collect::<Vec<_>>();
    let regions: Vec<RegionCode> = REGIONS.into_iter().filter_map(RegionCode::parse).collect();
    prop_oneof![
        subsequence(agencies, 1..=3).prop_map(Restriction::Agencies),
        subsequence(regions, 1..=3).prop_map(Restriction::Regions),
        (2010..2022_u32, 2010..2022_u32).prop_map(|(a, b)| Restriction::Years(a.min(b), a.max(b))),
        select(SecurityClass::ALL.to_vec()).prop_map(Restriction::Clearance),
        proptest::collection::vec(0..500_u64, 0..60).prop_map(Restriction::Keys),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Hits, total and facets hold exactly the cases that the catalogue would show one by one.
    #[test]
    fn the_index_sees_what_the_catalogue_allows(
        restrictions in proptest::collection::vec(restriction(), 0..4),
        query in select(vec!["", "许可", "准予", "结果:不予", "-许可"]),
    ) {
        let archive = archive();
        let visible = restrictions.into_iter().fold(VisibleCases::all(), VisibleCases::and);
        let everything = archive.try_search(&VisibleCases::all(), &[("q", query), ("size", "1")]).unwrap();
        let allowed = archive
            .cases
            .iter()
            .zip(1..)
            .filter(|(case, key)| visible.allow(*key, &case.archival_code, &case.fields))
            .count() as u64;
        let expected = if everything.total == 0 { 0 } else { allowed };
        let pairs = [("q", query), ("size", "100"), ("facets", "all")];
        let answer = archive.try_search(&visible, &pairs).unwrap();
        prop_assert_eq!(answer.total, expected);
        prop_assert_eq!(answer.hits.len() as u64, expected.min(100));
        for hit in &answer.hits {
            let key: u64 = hit.case_id.parse().unwrap();
            let case = &archive.cases[usize::try_from(key - 1).unwrap()];
            prop_assert!(visible.allow(key, &case.archival_code, &case.fields));
        }
        let of_kind: u64 = answer.facets["document_kind"].iter().map(|value| value.count).sum();
        prop_assert_eq!(of_kind, expected);
    }
}

/// Lists of visible cases are kept by segment; what changes is in another segment.
#[test]
fn a_case_that_changes_hands_is_seen_by_its_new_agency_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(1)).unwrap();
    let mut sequence = 0;
    let mut write = |key: u64, agency: Option<&str>| {
        sequence += 1;
        let of = |agency| made(1, &[(FieldName::Agency, agency)], &["准予行政许可决定书"]);
        let change = match agency {
            Some(agency) => put(key, sequence, &of(agency)),
            None => CaseChange {
                case_key: key,
                sequence,
                document: None,
            },
        };
        writer.apply(change).unwrap();
    };
    write(1, Some(AGENCIES[0]));
    write(2, Some(AGENCIES[0]));
    let index = CaseIndex::open(folder.path(), analyser()).unwrap();
    let searcher = Searcher::new(index.clone());
    let seen = |agency: &str| {
        let visible = VisibleCases::all().and(Restriction::Agencies(vec![agency.to_owned()]));
        // Also by a word that the agency's name adds, whose places are kept, too.
        ["许可", AGENCIES[1]].map(|query| {
            let request = SearchRequest::from_pairs([("q", query)]).unwrap();
            let deadline = Instant::now() + Duration::from_secs(60);
            let found = searcher.find(&request, &visible, deadline).unwrap();
            let mut keys: Vec<u64> = found.keys().collect();
            keys.sort_unstable();
            keys
        })
    };
    let nothing: [Vec<u64>; 2] = Default::default();
    for _ in 0..2 {
        assert_eq!(seen(AGENCIES[0]), [vec![1, 2], vec![1, 2]]);
        assert_eq!(seen(AGENCIES[2]), nothing);
    }
    write(1, Some(AGENCIES[2]));
    index.reload_if_changed().unwrap();
    assert_eq!(seen(AGENCIES[0]), [vec![2], vec![2]]);
    assert_eq!(seen(AGENCIES[2]), [vec![1], vec![]]);
    write(2, None);
    index.reload_if_changed().unwrap();
    assert_eq!(seen(AGENCIES[0]), nothing);
}
