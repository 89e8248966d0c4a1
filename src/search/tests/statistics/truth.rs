//! An archive made from what is true of each case, and what statistics have to say of it, reckoned from the truth alone:
//! case by case and day by day, without the rooms that are tested.

use std::sync::LazyLock;

use crate::analysis::dictionary::Holidays;
use crate::analytics::{Dimension, Measure};
use crate::index::testing::{add_document, analyser, empty_case, set};
use crate::record::{CaseRecord, CivilDate, DocumentKind, Evidence, Fact, FactSource, FieldName, Outcome};
use crate::search::tests::corpus::Archive;

/// Number of cases.
pub(super) const CASES: usize = 260;

/// Name of an agency, and the name under which it counts when its names are joined.
pub(super) const AGENCIES: [(&str, &str); 7] = [
    ("灵丘县工商行政管理局", "灵丘县市场监督管理局"),
    ("灵丘县市场监督管理局", "灵丘县市场监督管理局"),
    ("灵丘县药监局", "灵丘县市场监督管理局"),
    ("广灵县市场监督管理局", "广灵县市场监督管理局"),
    ("灵丘县行政审批服务管理局", "灵丘县行政审批局"),
    ("灵丘县知识产权局", "灵丘县知识产权局"),
    ("某某开发区管委会", "某某开发区管委会"),
];
/// Name of a matter and its category.
const MATTERS: [(&str, &str); 6] = [
    ("食品经营许可", "普通"),
    ("食品经营许可证核发", "普通"),
    ("企业设立登记", "登记"),
    ("社会团体登记", "登记"),
    ("取水许可", "特许"),
    ("灵丘县特有事项", "未列"),
];
const REGIONS: [&str; 7] = ["140224", "140223", "140200", "140000", "110101", "140224", "140200"];
const OUTCOMES: [Outcome; 6] = [
    Outcome::Granted,
    Outcome::Granted,
    Outcome::Refused,
    Outcome::Changed,
    Outcome::Withdrawn,
    Outcome::Unknown,
];
const KINDS: [&str; 3] = ["person", "legal_person", "organisation"];

/// A time that does not count.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NotCounted {
    No,
    Days(CivilDate, CivilDate),
    Unknown,
}

/// What is true of a case.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    agency: Option<usize>,
    region: Option<&'static str>,
    matter: Option<usize>,
    outcome: Option<Outcome>,
    kind: Option<&'static str>,
    accepted: Option<CivilDate>,
    decided: Option<CivilDate>,
    /// Whether the archival code has the year 2012.
    coded: bool,
    extended: bool,
    not_counted: NotCounted,
    pages: usize,
    confidence: f32,
    review: bool,
    receipt: bool,
    unreadable: bool,
    declared: bool,
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn often(&mut self, of_ten: usize) -> bool {
        self.below(10) < of_ten
    }

    fn pick<T: Copy>(&mut self, all: &[T], of_ten: usize) -> Option<T> {
        let value = all[self.below(all.len())];
        self.often(of_ten).then_some(value)
    }
}

fn day(unix: i64) -> CivilDate {
    CivilDate::of_unix_days(unix).unwrap()
}

fn truth(dice: &mut Dice) -> Truth {
    // 2007-09 to 2026: the first months lie before the calendar.
    let start = 13_757 + i64::try_from(dice.below(6_600)).unwrap();
    let length = i64::try_from(dice.below(70)).unwrap() - 4;
    let first = start + 1 + i64::try_from(dice.below(20)).unwrap();
    let not_counted = match dice.below(8) {
        0 => NotCounted::Days(day(first), day(first + i64::try_from(dice.below(15)).unwrap())),
        1 => NotCounted::Unknown,
        _ => NotCounted::No,
    };
    Truth {
        agency: dice.often(9).then_some(()).map(|()| dice.below(AGENCIES.len())),
        region: dice.pick(&REGIONS, 9),
        matter: dice.often(9).then_some(()).map(|()| dice.below(MATTERS.len())),
        outcome: dice.pick(&OUTCOMES, 9),
        kind: dice.pick(&KINDS, 8),
        accepted: dice.often(8).then_some(day(start)),
        decided: dice.often(8).then_some(day(start + length)),
        coded: dice.often(5),
        extended: dice.below(6) == 0,
        not_counted,
        pages: dice.below(4),
        confidence: [0.991, 0.951, 0.9, 0.5][dice.below(4)],
        review: dice.often(7),
        receipt: dice.often(7),
        unreadable: dice.below(9) == 0,
        declared: dice.below(9) == 0,
    }
}

/// The truth of all cases.
pub(super) fn truths() -> &'static [Truth] {
    static TRUTHS: LazyLock<Vec<Truth>> = LazyLock::new(|| {
        let mut dice = Dice(20_260_101);
        (0..CASES).map(|_| truth(&mut dice)).collect()
    });
    &TRUTHS
}

/// The archive of these cases.
pub(super) fn archive() -> &'static Archive {
    static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| Archive::new(cases()));
    &ARCHIVE
}

pub(super) fn cases() -> Vec<CaseRecord> {
    truths()
        .iter()
        .zip(1..)
        .map(|(truth, number)| case(truth, number))
        .collect()
}

fn case(truth: &Truth, number: u32) -> CaseRecord {
    use FieldName::*;
    let mut case = match truth.coded {
        true => empty_case(&format!("0123-XK·2012-D30-SCJG-{number:04}")),
        false => empty_case(&format!("甲-{number}")),
    };
    let text = |date: Option<CivilDate>| date.map(|date| date.to_string());
    let fields = [
        (Agency, truth.agency.map(|at| AGENCIES[at].0.to_owned())),
        (Region, truth.region.map(str::to_owned)),
        (Matter, truth.matter.map(|at| MATTERS[at].0.to_owned())),
        (Outcome, truth.outcome.map(|outcome| outcome.code().to_owned())),
        (ApplicantKind, truth.kind.map(str::to_owned)),
        (AcceptedOn, text(truth.accepted)),
        (DecidedOn, text(truth.decided)),
    ];
    for (field, value) in &fields {
        if let Some(value) = value {
            set(&mut case, &[(*field, value)]);
        }
    }
    let texts = vec!["准予行政许可决定书"; truth.pages];
    add_document(&mut case, DocumentKind::Decision, truth.confidence, &texts);
    add_document(&mut case, DocumentKind::Application, truth.confidence, &[]);
    add_document(&mut case, DocumentKind::AcceptanceNotice, truth.confidence, &[]);
    let others = [
        (DocumentKind::Review, truth.review),
        (DocumentKind::ServiceReceipt, truth.receipt),
    ];
    for (kind, _) in others.into_iter().filter(|(_, there)| *there) {
        add_document(&mut case, kind, truth.confidence, &[]);
    }
    if truth.extended {
        notice(&mut case, truth, "延长审查期限通知书", "");
    }
    match truth.not_counted {
        NotCounted::No => {}
        NotCounted::Days(from, to) => {
            let text = format!("专家评审自{from}起至{to}止，不计入办理期限。");
            notice(&mut case, truth, "特别程序告知书", &text);
        }
        NotCounted::Unknown => notice(&mut case, truth, "特别程序告知书", ""),
    }
    if truth.unreadable {
        case.documents[1].failure = Some("damaged".into());
    }
    if truth.declared {
        case.facts.push(Fact {
            field: DeclaredDocument,
            value: "现场照片（页号 9）".into(),
            as_read: None,
            source: FactSource::Extraction,
            origin: "contents".into(),
            evidence: None::<Evidence>,
        });
    }
    case
}

fn notice(case: &mut CaseRecord, truth: &Truth, title: &str, text: &str) {
    let texts: Vec<&str> = [text].into_iter().filter(|text| !text.is_empty()).collect();
    add_document(case, DocumentKind::Other, truth.confidence, &texts);
    case.documents.last_mut().unwrap().title = title.into();
}

fn holidays() -> &'static Holidays {
    &analyser().dictionaries().holidays
}

enum Time {
    In,
    Over,
    Unknown,
}

impl Truth {
    fn date(&self) -> Option<CivilDate> {
        self.decided.or(self.accepted)
    }

    fn all_pages(&self) -> u64 {
        let of_notice = matches!(self.not_counted, NotCounted::Days(..));
        (self.pages + usize::from(of_notice)) as u64
    }

    /// Working days after acceptance up to the decision that some of them count.
    fn days(&self, counts: impl Fn(CivilDate) -> bool) -> Option<usize> {
        let (from, to) = (self.accepted?, self.decided?);
        let known = |date: CivilDate| (2008..=2026).contains(&date.year());
        if to < from || !known(from) || !known(to) {
            return None;
        }
        let days = (from.unix_days() + 1..=to.unix_days()).map(day);
        Some(days.filter(|date| holidays().is_worked(*date) && counts(*date)).count())
    }

    fn time(&self) -> Time {
        let used = self.days(|date| match self.not_counted {
            NotCounted::Days(from, to) => date < from || date > to,
            _ => true,
        });
        let limit = if self.extended { 30 } else { 20 };
        match used {
            None => Time::Unknown,
            Some(used) if used <= limit => Time::In,
            Some(_) if self.not_counted == NotCounted::Unknown => Time::Unknown,
            Some(_) => Time::Over,
        }
    }

    fn complete(&self) -> bool {
        let withdrawn = self.outcome == Some(Outcome::Withdrawn);
        let stages = withdrawn || (self.review && self.receipt);
        stages && !self.unreadable && !self.declared
    }

    /// The value of a dimension.
    pub(super) fn value(&self, dimension: Dimension) -> Option<String> {
        let level = |digits: usize| {
            let code = self.region?;
            let last = code.get(digits - 2..digits)?;
            let is_there = digits == 2 || last != "00";
            is_there.then(|| format!("{:0<6}", code.get(..digits).unwrap_or_default()))
        };
        match dimension {
            Dimension::Year => self
                .date()
                .map(CivilDate::year)
                .or(self.coded.then_some(2012))
                .map(|year| year.to_string()),
            Dimension::Month => self.date().map(|date| format!("{}-{:02}", date.year(), date.month())),
            Dimension::Quarter => self
                .date()
                .map(|date| format!("{}Q{}", date.year(), date.month().div_ceil(3))),
            Dimension::Agency => self.agency.map(|at| AGENCIES[at].0.to_owned()),
            Dimension::Office => self.agency.map(|at| AGENCIES[at].1.to_owned()),
            Dimension::Province => level(2),
            Dimension::City => level(4),
            Dimension::County => level(6),
            Dimension::Matter => self.matter.map(|at| MATTERS[at].0.to_owned()),
            Dimension::Category => self.matter.map(|at| MATTERS[at].1.to_owned()),
            Dimension::Outcome => self.outcome.map(|outcome| outcome.code().to_owned()),
            Dimension::ApplicantKind => self.kind.map(str::to_owned),
            Dimension::OcrQuality => Some(self.quality().to_owned()),
            Dimension::Retention => None,
            Dimension::TimeLimit => Some(match self.time() {
                Time::In => "within".to_owned(),
                Time::Over => "over".to_owned(),
                Time::Unknown => "unknown".to_owned(),
            }),
        }
    }

    fn quality(&self) -> &'static str {
        match self.confidence {
            _ if self.all_pages() == 0 => "none",
            0.95.. => "high",
            0.85.. => "medium",
            _ => "low",
        }
    }
}

/// What a figure of these cases has to be: value, part, of.
pub(super) fn figure(measure: Measure, cases: &[&Truth]) -> (Option<f64>, Option<u64>, Option<u64>) {
    let number = |count: usize| u32::try_from(count).map(f64::from).unwrap();
    let share = |of: &[&Truth], part: &dyn Fn(&Truth) -> bool| {
        let part = of.iter().filter(|case| part(case)).count();
        let value = (!of.is_empty()).then(|| number(part) / number(of.len()));
        (value, Some(part as u64), Some(of.len() as u64))
    };
    let those =
        |keep: &dyn Fn(&Truth) -> bool| -> Vec<&Truth> { cases.iter().copied().filter(|case| keep(case)).collect() };
    let mut days: Vec<usize> = cases.iter().filter_map(|case| case.days(|_| true)).collect();
    days.sort_unstable();
    match measure {
        Measure::Cases => (Some(number(cases.len())), None, None),
        Measure::Pages => {
            let pages: u64 = cases.iter().map(|case| case.all_pages()).sum();
            (Some(number(usize::try_from(pages).unwrap())), None, None)
        }
        Measure::RefusalRate => {
            let decided = [Outcome::Granted, Outcome::Refused, Outcome::Changed, Outcome::Renewed];
            let decided = those(&|case| case.outcome.is_some_and(|outcome| decided.contains(&outcome)));
            share(&decided, &|case| case.outcome == Some(Outcome::Refused))
        }
        Measure::MedianDays => {
            let value = match (days.len(), days.len() / 2) {
                (0, _) => None,
                (n, half) if n % 2 == 1 => Some(number(days[half])),
                (_, half) => Some((number(days[half - 1]) + number(days[half])) / 2.0),
            };
            (value, None, Some(days.len() as u64))
        }
        Measure::P90Days => {
            let enough = |value: &&usize| 10 * days.iter().filter(|other| other <= value).count() >= 9 * days.len();
            (
                days.iter().find(enough).map(|days| number(*days)),
                None,
                Some(days.len() as u64),
            )
        }
        // The table of time limits is empty, so nothing was promised.
        Measure::WithinLimit | Measure::WithinPromise => {
            let known = those(&|case| !matches!(case.time(), Time::Unknown));
            share(&known, &|case| matches!(case.time(), Time::In))
        }
        Measure::NotComputable => share(cases, &|case| matches!(case.time(), Time::Unknown)),
        Measure::Confidence => {
            let with_text = those(&|case| case.all_pages() > 0);
            let sum: f64 = with_text.iter().map(|case| f64::from(case.confidence)).sum();
            let value = (!with_text.is_empty()).then(|| sum / number(with_text.len()));
            (value, None, Some(with_text.len() as u64))
        }
        Measure::HighQuality => share(&those(&|case| case.all_pages() > 0), &|case| case.quality() == "high"),
        Measure::Complete => share(cases, &|case| case.complete()),
    }
}
