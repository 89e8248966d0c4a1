//! What a viewer may not see: the filter of the index against the one of the catalogue.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::corpus::{Archive, made};
use crate::access::Restriction;
use crate::record::{CaseRecord, FieldName, RegionCode, SecurityClass};
use crate::search::VisibleCases;

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
