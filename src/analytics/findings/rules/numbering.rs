//! 断号, 缺号, 重号, 跳号: numbers of a series that are missing or given twice.
//!
//! A series are the document numbers of one 机关代字, year and county, or the archival codes that differ in their last part
//! alone. A run of missing numbers before, or between, those that are there is a gap (断号、缺号) up to nine of them, and a
//! jump (跳号) from ten on; what is missing after the last cannot be known. Where runs are many compared with the numbers
//! that are there, the archive does not hold the series, and that is all that is told.
//!
//! A misread number leaves a gap where it belongs: one that it can be misread from is to be checked, and so are gaps while
//! cases of that year and county have no number.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::names::Names;
use super::super::rule::{JUMP, Rule};
use super::super::seen::{Examiner, SeenCase};
use super::super::series::{NumberKind, NumberSeries};
use crate::catalogue::CaseRow;
use crate::record::{ArchivalCode, DocumentNumber, FieldName};

/// Cases for each run of missing numbers that a series has at least when the archive holds it.
const CASES_OF_A_RUN: usize = 5;
/// Digits of the last part of an archival code at most, so that it is a number and not a date.
const MOST_DIGITS: usize = 7;

#[derive(Debug, PartialEq, Eq, Hash)]
struct SeriesKey {
    kind: NumberKind,
    /// What stands before the number.
    head: Box<str>,
    /// Where document numbers are given; archival codes name their place.
    place: Option<u32>,
}

#[derive(Debug, Default)]
struct Series {
    numbers: Vec<Given>,
    agency: Option<u32>,
    year: Option<u32>,
    /// Whether a case of it may not be seen.
    hidden: bool,
}

#[derive(Clone, Copy, Debug)]
struct Given {
    serial: u32,
    doubtful: bool,
    case: u64,
}

/// All series.
#[derive(Debug, Default)]
pub(in super::super) struct Numbering {
    series: HashMap<SeriesKey, Series>,
    /// Cases without a document number, by place and year.
    unnumbered: HashMap<(Option<u32>, u32), u32>,
}

/// Series, number and year of a document number.
fn of_document(number: &str, place: Option<u32>) -> Option<(SeriesKey, u32, Option<u32>)> {
    let number = DocumentNumber::parse(number)?;
    let key = SeriesKey {
        kind: NumberKind::Document,
        head: format!("{}〔{}〕", number.agency_code(), number.year()).into(),
        place,
    };
    Some((key, number.serial(), Some(number.year())))
}

/// Series, number and year of an archival code.
fn of_code(code: &ArchivalCode) -> Option<(SeriesKey, u32, Option<u32>)> {
    let (head, last) = code.as_str().rsplit_once('-')?;
    let number = !last.is_empty() && last.len() <= MOST_DIGITS && last.bytes().all(|b| b.is_ascii_digit());
    let serial = number.then(|| last.parse().ok()).flatten()?;
    let key = SeriesKey {
        kind: NumberKind::Archival,
        head: head.into(),
        place: None,
    };
    Some((key, serial, code.year()))
}

impl Examiner for Numbering {
    fn see(&mut self, case: &SeenCase<'_>) {
        let number = case.row.fields.document_number.as_deref();
        let of_document = number.and_then(|number| of_document(number, case.place));
        if of_document.is_none()
            && let Some(decided) = case.row.fields.decided_on
        {
            *self.unnumbered.entry((case.place, decided.year())).or_default() += 1;
        }
        let doubtful = case.is_doubtful(FieldName::DocumentNumber);
        let both = [(of_document, doubtful), (of_code(&case.row.archival_code), false)];
        for (found, doubtful) in both {
            let Some((key, serial, year)) = found else { continue };
            let series = self.series.entry(key).or_default();
            series.agency = series.agency.or(case.agency);
            series.year = year;
            series.numbers.push(Given {
                serial,
                doubtful,
                case: case.key(),
            });
        }
    }

    fn hide(&mut self, case: &CaseRow, place: Option<u32>) {
        let number = case.fields.document_number.as_deref();
        let both = [
            number.and_then(|number| of_document(number, place)),
            of_code(&case.archival_code),
        ];
        for (key, ..) in both.into_iter().flatten() {
            self.series.entry(key).or_default().hidden = true;
        }
    }

    fn tell(&mut self, names: &Names, found: &mut Vec<Draft>) {
        for (key, series) in std::mem::take(&mut self.series) {
            if series.hidden {
                continue;
            }
            let unnumbered = match (key.kind, series.year) {
                (NumberKind::Document, Some(year)) => self.unnumbered.contains_key(&(key.place, year)),
                _ => false,
            };
            let place = key.place.map(|place| names.name(place));
            let agency = series.agency.map(|agency| names.name(agency));
            tell_series((&key, place, agency), series, unnumbered, found);
        }
    }
}

fn tell_series(
    (key, place, agency): (&SeriesKey, Option<&str>, Option<&str>),
    series: Series,
    unnumbered: bool,
    found: &mut Vec<Draft>,
) {
    let mut numbers = series.numbers;
    numbers.sort_unstable_by_key(|given| (given.serial, given.case));
    let mut distinct: Vec<Given> = Vec::new();
    let mut duplicates: Vec<(u32, Box<[u64]>)> = Vec::new();
    for equals in numbers.chunk_by(|a, b| a.serial == b.serial) {
        let Some(first) = equals.first() else { continue };
        distinct.push(Given {
            doubtful: equals.iter().any(|given| given.doubtful),
            ..*first
        });
        if equals.len() > 1 {
            duplicates.push((first.serial, equals.iter().map(|given| given.case).collect()));
        }
    }
    let (Some(lowest), Some(highest)) = (distinct.first(), distinct.last()) else {
        return;
    };
    let runs = match distinct.len() < CASES_OF_A_RUN {
        true => Vec::new(),
        false => missing_runs(&distinct),
    };
    let scattered = runs.len() * CASES_OF_A_RUN > distinct.len();
    // A series that begins late is one of which the beginning is elsewhere.
    let is_told = |run: &&Run| scattered || run.before.is_some() || run.length() < JUMP;
    let whole = Arc::new(NumberSeries {
        kind: key.kind,
        prefix: key.head.clone(),
        place: place.map(Into::into),
        agency: agency.map(Into::into),
        year: series.year,
        first: lowest.serial,
        last: highest.serial,
        present: u32::try_from(distinct.len()).unwrap_or(u32::MAX),
        missing: runs.iter().filter(is_told).map(|run| (run.from, run.to)).collect(),
        duplicates: duplicates.into(),
    });
    let subject = |from: u32| format!("{} {from} {}", key.head, place.unwrap_or_default());
    let detail = |from: u32, to: u32| Detail::Numbers {
        series: Arc::clone(&whole),
        from,
        to,
    };
    for (serial, cases) in &whole.duplicates {
        let doubtful = distinct.iter().any(|given| given.serial == *serial && given.doubtful);
        let (rule, cases) = (Rule::NumberDuplicate, cases.to_vec());
        let draft = Draft::new(rule, subject(*serial), cases, detail(*serial, *serial));
        found.push(draft.doubtful(doubtful));
    }
    if scattered {
        let cases = distinct.iter().map(|given| given.case).collect();
        let detail = Detail::Series(Arc::clone(&whole));
        let mut draft = Draft::new(Rule::NumberSeries, subject(0), cases, detail);
        draft.of_many = true;
        found.push(draft);
        return;
    }
    for run in runs.iter().filter(is_told) {
        let rule = match run.length() {
            JUMP.. => Rule::NumberJump,
            _ => Rule::NumberGap,
        };
        let neighbours = [run.before, run.after].into_iter().flatten();
        let beside = neighbours.clone().any(|given| given.doubtful);
        let misread = || {
            let mut doubtful = distinct.iter().filter(|given| given.doubtful);
            let like = |given: &Given| (run.from..=run.to).any(|number| is_like(given.serial, number));
            run.length() < JUMP && doubtful.any(like)
        };
        let doubtful = unnumbered || beside || misread();
        let cases = neighbours.map(|given| given.case).collect();
        let draft = Draft::new(rule, subject(run.from), cases, detail(run.from, run.to));
        found.push(draft.doubtful(doubtful));
    }
}

/// Numbers that are missing one after the other, with what stands on both sides.
struct Run {
    from: u32,
    to: u32,
    before: Option<Given>,
    after: Option<Given>,
}

impl Run {
    fn length(&self) -> u32 {
        self.to - self.from + 1
    }
}

fn missing_runs(distinct: &[Given]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut before: Option<Given> = None;
    for given in distinct {
        let expected = before.map_or(1, |before| before.serial + 1);
        if given.serial > expected {
            runs.push(Run {
                from: expected,
                to: given.serial - 1,
                before,
                after: Some(*given),
            });
        }
        before = Some(*given);
    }
    runs
}

/// Whether one number may be misread from another: one digit differs, is lost or was added.
fn is_like(a: u32, b: u32) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    let (shorter, longer) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    match longer.len() - shorter.len() {
        0 => a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count() <= 1,
        1 => {
            let same = shorter.bytes().zip(longer.bytes()).take_while(|(a, b)| a == b).count();
            shorter.bytes().skip(same).eq(longer.bytes().skip(same + 1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::rule::Severity;
    use super::*;

    fn told(serials: &[u32], doubtful: &[u32], unnumbered: bool) -> Vec<(Rule, Severity, String)> {
        let numbers = serials.iter().zip(1..).map(|(serial, case)| Given {
            serial: *serial,
            doubtful: doubtful.contains(serial),
            case,
        });
        let series = Series {
            numbers: numbers.collect(),
            ..Series::default()
        };
        let key = SeriesKey {
            kind: NumberKind::Document,
            head: "灵食许〔2019〕".into(),
            place: None,
        };
        let mut found = Vec::new();
        tell_series((&key, None, None), series, unnumbered, &mut found);
        let told = found.into_iter().map(|draft| {
            let text = match draft.detail {
                Detail::Numbers { from, to, .. } => format!("{from}-{to}"),
                Detail::Series(series) => format!("{}/{}", series.present, series.last),
                _ => String::new(),
            };
            (draft.rule, draft.severity, text)
        });
        told.collect()
    }

    #[test]
    fn gaps_jumps_and_duplicates() {
        let all = |rule: Rule, text: &str| vec![(rule, rule.severity(), text.to_owned())];
        assert_eq!(told(&[1, 2, 3, 4, 5, 6], &[], false), []);
        assert_eq!(told(&[1, 2, 3, 5, 6, 7], &[], false), all(Rule::NumberGap, "4-4"));
        assert_eq!(told(&[2, 3, 4, 5, 6, 7], &[], false), all(Rule::NumberGap, "1-1"));
        assert_eq!(told(&[301, 302, 303, 304, 305], &[], false), []);
        assert_eq!(told(&[1, 2, 3, 14, 15], &[], false), all(Rule::NumberJump, "4-13"));
        assert_eq!(told(&[1, 2, 2, 3], &[], false), all(Rule::NumberDuplicate, "2-2"));
        assert_eq!(
            told(&[3, 90, 77, 401, 8, 33], &[], false),
            all(Rule::NumberSeries, "6/401")
        );
        assert_eq!(told(&[3, 90], &[], false), []);
    }

    #[test]
    fn what_may_be_misread_is_to_be_checked() {
        let check = |rule, text: &str| vec![(rule, Severity::Check, text.to_owned())];
        assert_eq!(told(&[1, 2, 3, 5, 6, 7], &[5], false), check(Rule::NumberGap, "4-4"));
        assert_eq!(told(&[1, 2, 3, 5, 6, 7], &[], true), check(Rule::NumberGap, "4-4"));
        // 9 was read for 4.
        assert_eq!(
            told(&[1, 2, 3, 5, 6, 7, 8, 9, 9, 10], &[9], false),
            [
                (Rule::NumberDuplicate, Severity::Check, "9-9".to_owned()),
                (Rule::NumberGap, Severity::Check, "4-4".to_owned()),
            ]
        );
        // Not the first doubtful number, but one of them: the second was not looked at once.
        let serials: Vec<u32> = (11..=30).filter(|serial| *serial != 24).collect();
        assert_eq!(told(&serials, &[11, 29], false), check(Rule::NumberGap, "24-24"));
        assert!(is_like(23, 123) && is_like(23, 28) && is_like(113, 13) && !is_like(23, 45) && !is_like(1, 123));
    }

    #[test]
    fn a_finding_holds_its_whole_series() {
        let given = |(serial, case): (u32, u64)| Given {
            serial,
            doubtful: false,
            case,
        };
        let serials = [1, 2, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12, 30, 31, 32];
        let series = Series {
            numbers: serials.into_iter().zip(1..).map(given).collect(),
            year: Some(2019),
            ..Series::default()
        };
        let key = SeriesKey {
            kind: NumberKind::Document,
            head: "灵食许〔2019〕".into(),
            place: None,
        };
        let mut found = Vec::new();
        tell_series((&key, Some("140224"), Some("甲局")), series, false, &mut found);
        assert_eq!(found.len(), 3);
        for draft in &found {
            let series = draft.detail.series().unwrap();
            assert_eq!((series.first, series.last, series.present), (1, 32, 14));
            assert_eq!(*series.missing, [(4, 4), (13, 29)]);
            assert_eq!(*series.duplicates, [(3, [3, 4].into())]);
            assert_eq!(
                (series.place.as_deref(), series.agency.as_deref()),
                (Some("140224"), Some("甲局"))
            );
        }
    }

    #[test]
    fn series_are_told_by_what_stands_before_the_number() {
        let code = |text| of_code(&ArchivalCode::parse(text).unwrap());
        let (key, serial, year) = code("0123-XK·2019-D30-SCJG-0042").unwrap();
        assert_eq!((&*key.head, serial, year), ("0123-XK·2019-D30-SCJG", 42, Some(2019)));
        assert!(code("甲").is_none() && code("甲-乙").is_none() && code("A-20190101001").is_none());
    }
}
