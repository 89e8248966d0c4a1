//! Facet counts against counting by hand.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::corpus::{CASES, archive};
use crate::access::Restriction;
use crate::index::OcrQuality;
use crate::record::{CaseRecord, CivilDate};
use crate::search::{Facet, VisibleCases};

const AGENCIES: [&str; 5] = [
    "灵丘县市场监督管理局",
    "广灵县市场监督管理局",
    "浑源县林业局",
    "阳高县水务局",
    "没有的局",
];

/// The values of a facet that a case has, worked out from the record alone.
pub(super) fn values(case: &CaseRecord, facet: Facet) -> BTreeSet<String> {
    let fields = &case.fields;
    let one = |value: Option<String>| value.into_iter().collect();
    match facet {
        Facet::Year => one(fields
            .year()
            .or_else(|| case.archival_code.year())
            .map(|year| year.to_string())),
        Facet::Agency => one(fields.agency.clone()),
        Facet::Region => fields
            .region
            .iter()
            .flat_map(|region| region.levels())
            .map(String::from)
            .collect(),
        Facet::Matter => one(fields.matter.clone()),
        Facet::Outcome => one(fields.outcome.map(|v| v.code().to_owned())),
        Facet::DocumentKind => case
            .documents
            .iter()
            .map(|document| document.kind.code().to_owned())
            .collect(),
        Facet::ApplicantKind => one(fields.applicant_kind.map(|v| v.code().to_owned())),
        Facet::Retention => one(fields.retention.map(|v| v.code().to_owned())),
        Facet::OcrQuality => one(Some(
            OcrQuality::of(case.documents[0].pages[0].confidence).code().to_owned(),
        )),
    }
}

/// Queries whose answer a plain look at the texts gives.
fn matches(case: &CaseRecord, query: &str) -> bool {
    let fields = &case.fields;
    let mut texts: Vec<String> = [&fields.title, &fields.agency, &fields.matter, &fields.document_number]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    texts.extend(fields.applicant_name.clone());
    texts.extend(
        case.documents
            .iter()
            .flat_map(|d| &d.pages)
            .map(|page| page.text.text()),
    );
    match query.strip_prefix('-') {
        Some(word) => !texts.iter().any(|text| text.contains(word)),
        None => texts.iter().any(|text| text.contains(query)),
    }
}

fn selection() -> impl Strategy<Value = Vec<(Facet, String)>> {
    let all: BTreeSet<(Facet, String)> = archive()
        .cases
        .iter()
        .flat_map(|case| {
            Facet::ALL
                .iter()
                .flat_map(|facet| values(case, *facet).into_iter().map(|v| (*facet, v)))
        })
        .chain([(Facet::Year, "1990".to_owned()), (Facet::Agency, "没有的局".to_owned())])
        .collect();
    prop::collection::vec(prop::sample::select(all.into_iter().collect::<Vec<_>>()), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_equal_counting_by_hand(
        query in prop::sample::select(vec!["", "许可", "申请", "-申请", "县"]),
        selection in selection(),
        from in prop::option::of(2009_u32..2026),
        seen in prop::option::of(prop::sample::subsequence((1..=CASES).collect::<Vec<u64>>(), 0..=40)),
        agencies in prop::option::weighted(0.3, prop::sample::subsequence(AGENCIES.to_vec(), 1..4)),
        years in prop::option::weighted(0.3, (2009_u32..2018, 2018_u32..2026)),
    ) {
        // Whatever restricts a viewer.
        let mut visible = VisibleCases::all();
        for restriction in [
            seen.map(Restriction::Keys),
            agencies.map(|names| Restriction::Agencies(names.into_iter().map(String::from).collect())),
            years.map(|(from, to)| Restriction::Years(from, to)),
        ].into_iter().flatten() {
            visible = visible.and(restriction);
        }
        let from = from.and_then(|year| CivilDate::new(year, 6, 1));
        let mut selected: BTreeMap<Facet, BTreeSet<String>> = BTreeMap::new();
        for (facet, value) in selection {
            selected.entry(facet).or_default().insert(value);
        }
        let from_text = from.map(|date| date.to_string());
        let mut pairs = vec![("q", query), ("facets", "all"), ("size", "100")];
        pairs.extend(from_text.as_deref().map(|date| ("from", date)));
        for (facet, values) in &selected {
            pairs.extend(values.iter().map(|value| (facet.code(), value.as_str())));
        }
        let response = archive().try_search(&visible, &pairs).unwrap();

        let base: Vec<&CaseRecord> = archive()
            .cases
            .iter()
            .zip(1..)
            .filter(|(case, key)| visible.allow(*key, &case.archival_code, &case.fields))
            .map(|(case, _)| case)
            .filter(|case| matches(case, query))
            .filter(|case| from.is_none_or(|from| case.fields.decided_on.or(case.fields.applied_on).is_some_and(|on| on >= from)))
            .collect();
        let passes = |case: &CaseRecord, but: Option<Facet>| {
            selected
                .iter()
                .filter(|(facet, _)| Some(**facet) != but)
                .all(|(facet, wanted)| !values(case, *facet).is_disjoint(wanted))
        };
        let total = base.iter().filter(|case| passes(case, None)).count();
        prop_assert_eq!(response.total, total as u64);
        prop_assert_eq!(response.hits.len(), total);
        for facet in Facet::ALL {
            let mut expected: BTreeMap<String, u64> = BTreeMap::new();
            for case in base.iter().filter(|case| passes(case, Some(*facet))) {
                for value in values(case, *facet) {
                    *expected.entry(value).or_default() += 1;
                }
            }
            for value in selected.get(facet).into_iter().flatten() {
                expected.entry(value.clone()).or_insert(0);
            }
            let shown = &response.facets[facet.code()];
            let counted: BTreeMap<String, u64> = shown.iter().map(|v| (v.value.clone(), v.count)).collect();
            prop_assert_eq!(&counted, &expected, "{}", facet.code());
            for value in shown {
                let is_selected = selected.get(facet).is_some_and(|values| values.contains(&value.value));
                prop_assert_eq!(value.selected, is_selected);
            }
        }
    }
}

#[test]
fn only_what_is_asked_for_is_counted() {
    let response = archive().search(&[("q", "丰源"), ("facets", "year，outcome"), ("outcome", "granted")]);
    assert_eq!(response.facets.keys().collect::<Vec<_>>(), ["outcome", "year"]);
    let shown: Vec<(&str, &str, u64, bool)> = response.facets["outcome"]
        .iter()
        .map(|v| (v.value.as_str(), v.label.as_str(), v.count, v.selected))
        .collect();
    assert_eq!(shown, [("granted", "准予", 1, true), ("renewed", "延续", 1, false)]);
    let years: Vec<(&str, u64)> = response.facets["year"]
        .iter()
        .map(|v| (v.value.as_str(), v.count))
        .collect();
    assert_eq!(years, [("2019", 1)]);
}

#[test]
fn facets_of_tolerant_hits_agree_with_the_total() {
    let response = archive().search(&[("q", "占用城市道路施工"), ("facets", "document_kind,ocr_quality")]);
    assert_eq!(response.total, 2);
    assert_eq!(response.facets["document_kind"][0].count, 2);
    assert_eq!(response.facets["ocr_quality"][0].count, 2);
}

#[test]
fn regions_have_names() {
    let response = archive().search(&[("q", "丰源"), ("facets", "region")]);
    let labels: Vec<&str> = response.facets["region"].iter().map(|v| v.label.as_str()).collect();
    assert_eq!(labels, ["山西省", "大同市", "灵丘县"]);
}
