//! Statistics against what is reckoned from the truth, against the searches that list their cases, and against what may be
//! seen.

mod truth;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus::Archive;
use crate::access::Restriction;
use crate::analysis::dictionary::Dictionaries;
use crate::analytics::{Dimension, Measure};
use crate::index::testing::{analyser, options, put};
use crate::index::{CaseChange, CaseIndex, CaseIndexWriter, rebuild};
use crate::search::statistics::{CellAnswer, PeriodAnswer, StatisticsRequest, StatisticsResponse};
use crate::search::{Error, Searcher, VisibleCases};
use truth::{AGENCIES, CASES, Truth, archive, cases, figure, truths};

/// Statistics of what the parameters say, with every figure.
fn of(searcher: &Searcher, visible: &VisibleCases, pairs: &[(&str, &str)]) -> Result<StatisticsResponse, Error> {
    let mut all = vec![("measures", "all")];
    all.extend(pairs.iter().copied().filter(|(_, value)| !value.is_empty()));
    let request = StatisticsRequest::from_pairs(all)?;
    searcher.statistics(&request, visible, Instant::now() + Duration::from_secs(60))
}

fn asked(pairs: &[(&str, &str)]) -> StatisticsResponse {
    of(&archive().searcher, &VisibleCases::all(), pairs).unwrap()
}

/// What may not differ between two answers: all but the time and the state of the index.
fn told(mut response: StatisticsResponse) -> StatisticsResponse {
    response.took_ms = 0;
    response.generation = String::new();
    response.sequence = 0;
    response
}

/// How many cases the search of a cell lists.
fn listed(archive: &Archive, visible: &VisibleCases, cell: &CellAnswer) -> u64 {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(cell.query.as_bytes()).into_owned().collect();
    let mut pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    pairs.push(("size", "1"));
    archive.try_search(visible, &pairs).unwrap().total
}

fn check_cell(cell: &CellAnswer, cases: &[&Truth]) {
    assert_eq!(cell.cases, cases.len() as u64);
    for measure in Measure::ALL {
        let expected = figure(*measure, cases);
        let told = cell.figures[measure.code()];
        assert_eq!((told.part, told.of), (expected.1, expected.2), "{}", measure.code());
        let close = match (told.value, expected.0) {
            // Confidences are kept in parts of ten thousand.
            (Some(told), Some(expected)) if *measure == Measure::Confidence => (told - expected).abs() < 1e-4,
            (told, expected) => told == expected,
        };
        assert!(close, "{}: {:?} for {expected:?}", measure.code(), told.value);
    }
}

/// The cells that have to come out: the true cases of each.
fn expected<'t>(cases: &[&'t Truth], by: &[Dimension]) -> BTreeMap<Vec<Option<String>>, Vec<&'t Truth>> {
    let mut cells: BTreeMap<Vec<Option<String>>, Vec<&Truth>> = BTreeMap::new();
    for case in cases {
        let values = by.iter().map(|dimension| case.value(*dimension)).collect();
        cells.entry(values).or_default().push(case);
    }
    cells
}

fn check_cells(cells: &[CellAnswer], cases: &[&Truth], by: &[Dimension]) {
    let mut expected = expected(cases, by);
    for cell in cells {
        let cases = expected.remove(&cell.values).unwrap_or_default();
        check_cell(cell, &cases);
    }
    assert!(expected.is_empty(), "{:?} lack", expected.keys());
}

fn by_values(cells: &[CellAnswer]) -> BTreeMap<Vec<Option<String>>, CellAnswer> {
    cells.iter().map(|cell| (cell.values.clone(), cell.clone())).collect()
}

fn codes(by: &[Dimension]) -> String {
    by.iter()
        .map(|dimension| dimension.code())
        .collect::<Vec<_>>()
        .join(",")
}

#[test]
fn every_figure_by_every_dimension_is_that_of_the_truth() {
    let all: Vec<&Truth> = truths().iter().collect();
    for dimension in Dimension::ALL {
        let response = asked(&[("by", dimension.code())]);
        let period = &response.periods[0];
        assert_eq!(response.total, CASES as u64);
        check_cell(&period.whole, &all);
        check_cells(&period.cells, &all, &[*dimension]);
        let shown: Vec<&Option<String>> = response.dimensions[0].values.iter().map(|value| &value.value).collect();
        let cells: Vec<&Option<String>> = period.cells.iter().map(|cell| &cell.values[0]).collect();
        assert_eq!(shown, cells, "cells are in the order of the values");
        for cell in &period.cells {
            assert_eq!(
                listed(archive(), &VisibleCases::all(), cell),
                cell.cases,
                "{}",
                cell.query
            );
        }
    }
}

#[test]
fn times_stand_in_their_order_and_others_by_their_number() {
    let years = asked(&[("by", "year")]).periods[0]
        .cells
        .iter()
        .map(|cell| cell.values[0].clone())
        .collect::<Vec<_>>();
    let known: Vec<&str> = years.iter().flatten().map(String::as_str).collect();
    assert!(known.is_sorted() && years.last() == Some(&None), "{years:?}");
    let outcomes = asked(&[("by", "outcome")]).periods[0]
        .cells
        .iter()
        .map(|cell| cell.cases)
        .collect::<Vec<_>>();
    let (_, known) = outcomes.split_last().unwrap();
    assert!(known.is_sorted_by(|a, b| a >= b), "{outcomes:?}");
    let labels: Vec<String> = asked(&[("by", "quarter,time_limit")]).dimensions[0]
        .values
        .iter()
        .map(|value| value.label.clone())
        .collect();
    assert!(labels.iter().any(|label| label == "2015年第2季度"), "{labels:?}");
    assert_eq!(labels.last().map(String::as_str), Some("不详"));
}

#[test]
fn two_periods_are_counted_beside_each_other() {
    let both = asked(&[
        ("by", "office"),
        ("from", "2010-01-01"),
        ("to", "2013-12-31"),
        ("compare_from", "2014-01-01"),
        ("compare_to", "2017-12-31"),
    ]);
    let alone = |from, to| asked(&[("by", "office"), ("from", from), ("to", to)]).periods[0].clone();
    // In another order: that of both together.
    let cells = |period: &PeriodAnswer| by_values(&period.cells);
    for (period, alone) in both
        .periods
        .iter()
        .zip([alone("2010-01-01", "2013-12-31"), alone("2014-01-01", "2017-12-31")])
    {
        assert_eq!(period.whole, alone.whole);
        assert_eq!(cells(period), cells(&alone));
    }
    assert_eq!(both.total, both.periods[0].whole.cases);
    for (period, years) in both.periods.iter().zip([2010..=2013, 2014..=2017]) {
        let cases: Vec<&Truth> = truths()
            .iter()
            .filter(|case| {
                case.value(Dimension::Month)
                    .is_some_and(|month| years.contains(&month.split('-').next().unwrap().parse().unwrap()))
            })
            .collect();
        check_cells(&period.cells, &cases, &[Dimension::Office]);
    }
}

#[test]
fn reasons_are_told_for_times_that_cannot_be_computed() {
    let whole = &asked(&[]).periods[0].whole.clone();
    let unknown = whole.figures["not_computable"].part.unwrap();
    assert_eq!(whole.not_computable.values().sum::<u64>(), unknown);
    for code in [
        "no_acceptance",
        "no_decision",
        "no_dates",
        "wrong_order",
        "outside_calendar",
        "excluded_time",
    ] {
        assert!(whole.not_computable.contains_key(code), "{code}");
    }
    let request = StatisticsRequest::from_pairs([("measures", "cases")]).unwrap();
    let counted = archive()
        .searcher
        .statistics(&request, &VisibleCases::all(), Instant::now() + Duration::from_secs(60))
        .unwrap();
    assert!(counted.periods[0].whole.not_computable.is_empty());
}

#[test]
fn statistics_tell_nothing_of_cases_that_may_not_be_seen() {
    let seen: Vec<u64> = (1..=CASES as u64).filter(|key| key % 3 == 0).collect();
    let visible = VisibleCases::only(seen.iter().copied());
    // An index that never held the others.
    let without = Archive::with_keys(cases(), &seen);
    for by in ["", "year,office", "agency", "matter,county", "category,time_limit"] {
        let restricted = of(&archive().searcher, &visible, &[("by", by)]).unwrap();
        let alone = of(&without.searcher, &VisibleCases::all(), &[("by", by)]).unwrap();
        assert_eq!(told(restricted), told(alone), "{by}");
    }
    let nothing = of(&archive().searcher, &VisibleCases::none(), &[("by", "agency")]).unwrap();
    assert!(nothing.total == 0 && nothing.periods[0].cells.is_empty() && nothing.dimensions[0].values.is_empty());
}

#[test]
fn figures_are_the_same_after_a_reindex() {
    let folder = tempfile::tempdir().unwrap();
    let cases = cases();
    let changes: Vec<CaseChange> = cases.iter().zip(1..).map(|(case, key)| put(key, key, case)).collect();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(40)).unwrap();
    for change in &changes {
        writer.apply(change.clone()).unwrap();
    }
    writer.close().unwrap();
    let index = CaseIndex::open(folder.path(), analyser()).unwrap();
    let searcher = Searcher::new(index.clone());
    let ask = |by| of(&searcher, &VisibleCases::all(), &[("by", by)]).unwrap();
    let all = ["year,office", "month", "county,outcome", "time_limit,category"];
    let before: Vec<StatisticsResponse> = all.map(ask).into();
    let again = |after: u64, most: usize| -> Result<Vec<CaseChange>, std::convert::Infallible> {
        Ok(changes
            .iter()
            .filter(|change| change.sequence > after)
            .take(most)
            .cloned()
            .collect())
    };
    rebuild(folder.path(), analyser(), options(1_000), again).unwrap();
    assert!(index.reload_if_changed().unwrap());
    for (before, by) in before.into_iter().zip(all) {
        let after = ask(by);
        assert_ne!(before.generation, after.generation);
        assert_eq!(told(before), told(after), "{by}");
    }
}

#[test]
fn edited_tables_count_at_once() {
    let archive = Archive::new(cases());
    let share = || {
        let whole = of(&archive.searcher, &VisibleCases::all(), &[]).unwrap().periods[0]
            .whole
            .clone();
        (whole.figures["within_limit"].part, whole.figures["within_promise"].part)
    };
    let (law, promise) = share();
    assert_eq!(law, promise, "nothing was promised");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("time_limits.tsv"), "-\t-\t-\t联合\t-\t-\t5\n").unwrap();
    let edited = Dictionaries::extended(folder.path()).unwrap();
    let index = archive.searcher.index();
    index.use_analyser(&index.wanted_analyser().with_dictionaries(edited));
    let (longer, shorter) = share();
    assert!(
        longer > law && shorter < promise,
        "{longer:?} {law:?} {shorter:?} {promise:?}"
    );
    // The search follows, too.
    for cell in &of(&archive.searcher, &VisibleCases::all(), &[("by", "time_limit")])
        .unwrap()
        .periods[0]
        .cells
    {
        assert_eq!(listed(&archive, &VisibleCases::all(), cell), cell.cases);
    }
}

#[test]
fn what_cannot_be_asked_is_refused_by_name() {
    let error = |pairs: &[(&str, &str)]| match StatisticsRequest::from_pairs(pairs.iter().copied()) {
        Ok(_) => panic!("{pairs:?}"),
        Err(error) => error.to_string(),
    };
    for (pairs, message) in [
        (&[("by", "year,month,agency")][..], "invalid value for parameter `by`"),
        (&[("by", "year,year")], "invalid value for parameter `by`"),
        (&[("by", "applicant")], "invalid value for parameter `by`"),
        (
            &[("measures", "cases,everything")],
            "invalid value for parameter `measures`",
        ),
        (&[("by", "year"), ("by", "month")], "parameter `by` given twice"),
        (&[("compare_from", "昨天")], "parameter `compare_from` is no date"),
        (
            &[("compare_from", "2020-01-02"), ("compare_to", "2020-01-01")],
            "`from` is later than `to`",
        ),
        (&[("missing", "everything")], "invalid value for facet `missing`"),
        (&[("category", "特别")], "invalid value for facet `category`"),
        (&[("time_limit", "late")], "invalid value for facet `time_limit`"),
        (&[("group", "year")], "unknown parameter"),
    ] {
        assert_eq!(error(pairs), message);
    }
    let request = StatisticsRequest::from_pairs([("by", "年度,机关"), ("measures", "")]).unwrap();
    assert_eq!(request.by(), [Dimension::Year, Dimension::Agency]);
    assert_eq!(request.measures(), [Measure::Cases]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cells_add_up_and_list_their_cases(
        by in prop::sample::subsequence(Dimension::ALL.to_vec(), 2),
        query in prop::sample::select(vec!["", "许可", "-延长"]),
        agency in prop::option::weighted(0.3, 0..AGENCIES.len()),
        region in prop::sample::select(vec!["", "140200", "140224", "110000"]),
        category in prop::sample::select(vec!["", "", "普通", "未列"]),
        verdict in prop::sample::select(vec!["", "", "over", "unknown"]),
        (from, to) in prop::sample::select(vec![("", ""), ("2010-02-15", "2019-08-20"), ("2016-05-01", "")]),
        years in prop::option::weighted(0.4, (2008_u32..2018, 2018_u32..2026)),
        compared in any::<bool>(),
        at in any::<prop::sample::Index>(),
    ) {
        let visible = match years {
            Some((from, to)) => VisibleCases::all().and(Restriction::Years(from, to)),
            None => VisibleCases::all(),
        };
        let both = codes(&by);
        let mut pairs = vec![("q", query), ("region", region), ("category", category), ("time_limit", verdict), ("from", from), ("to", to)];
        pairs.extend(agency.map(|agency| ("agency", AGENCIES[agency].0)));
        if compared {
            pairs.extend([("compare_from", "2012-01-01"), ("compare_to", "2014-12-31")]);
        }
        let ask = |by: &str| {
            let mut pairs = pairs.clone();
            pairs.push(("by", by));
            of(&archive().searcher, &visible, &pairs).unwrap()
        };
        let table = ask(&both);
        for period in &table.periods {
            prop_assert_eq!(period.cells.iter().map(|cell| cell.cases).sum::<u64>(), period.whole.cases);
            for code in ["pages", "cases"] {
                let sum: f64 = period.cells.iter().map(|cell| cell.figures[code].value.unwrap()).sum();
                prop_assert_eq!(Some(sum), period.whole.figures[code].value);
            }
        }
        prop_assert_eq!(listed(archive(), &visible, &table.periods[0].whole), table.total);
        // The margins of a table are what is counted by each of its dimensions alone.
        for (margin, dimension) in by.iter().enumerate() {
            let alone = ask(dimension.code());
            for (both, alone) in table.periods.iter().zip(&alone.periods) {
                prop_assert_eq!(by_values(&both.margins[margin]), by_values(&alone.cells));
                prop_assert_eq!(&both.whole, &alone.whole);
            }
        }
        // Of the cells one each time; over all runs that are many.
        let cells: Vec<&CellAnswer> = table.periods.iter().flat_map(|period| &period.cells).collect();
        if !cells.is_empty() {
            let cell = at.get(&cells);
            prop_assert_eq!(listed(archive(), &visible, cell), cell.cases, "{}", cell.query);
        }
    }
}
