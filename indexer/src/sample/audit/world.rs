//! The archive as it should be.

use std::collections::BTreeMap;

use juanzong::record::{ApplicantKind, CivilDate, CreditCode, DocumentKind, IdNumber, Outcome, Retention};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::super::facts::pick;
use super::super::vocabulary::names::{BRANDS, GIVEN, SURNAMES};
use super::super::vocabulary::regions::{COUNTIES, County};
use super::{AuditedCase, Office, Party, Subject};

/// Years of the registers.
pub(super) const YEARS: std::ops::Range<u32> = 2009..2025;
/// Cases of an office in a year, roughly.
const CASES_OF_A_YEAR: u32 = 60;
/// First and last days on which decisions are made: no holiday, and no working weekend, has ever been in between.
const WINDOWS: [((u32, u32), (u32, u32)); 3] = [((3, 1), (3, 28)), ((7, 5), (8, 31)), ((11, 1), (12, 20))];

macro_rules! subjects {
    ($($name:literal $validity:literal $retention:ident),+) => {
        &[$(Subject { name: $name, validity: $validity, retention: Retention::$retention }),+]
    };
}

/// Kinds of offices: name, word, letters, matters.
type Kind = (&'static str, &'static str, &'static str, &'static [Subject]);

const KINDS: [Kind; 3] = [
    (
        "市场监督管理局",
        "市监许",
        "SCJG",
        subjects!["食品经营许可" 5 Years30, "药品经营许可" 5 Years30, "企业设立登记" 0 Permanent],
    ),
    (
        "卫生健康局",
        "卫许",
        "WSJK",
        subjects!["公共场所卫生许可" 4 Years30, "医疗机构执业登记" 5 Permanent],
    ),
    (
        "交通运输局",
        "交许",
        "JTYS",
        subjects!["道路货物运输经营许可" 4 Years10, "道路旅客运输经营许可" 4 Years30],
    ),
];

/// Papers of a case that was decided.
const PAPERS: [DocumentKind; 5] = [
    DocumentKind::Application,
    DocumentKind::AcceptanceNotice,
    DocumentKind::Review,
    DocumentKind::Decision,
    DocumentKind::ServiceReceipt,
];

/// The archive while it is made.
pub(super) struct World {
    pub(super) rng: ChaCha8Rng,
    pub(super) offices: Vec<Office>,
    pub(super) cases: Vec<AuditedCase>,
    /// How many applicants were invented: each has a number of its own.
    invented: u32,
}

impl World {
    pub(super) fn invent(seed: u64, cases: u32) -> Self {
        let years = YEARS.end - YEARS.start;
        let most = u32::try_from(COUNTIES.len() * KINDS.len()).unwrap_or(1);
        let count = (cases / (years * CASES_OF_A_YEAR)).clamp(1, most);
        let mut world = Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            offices: (0..count as usize).map(office).collect(),
            cases: Vec::with_capacity(cases as usize + 1_000),
            invented: 0,
        };
        while world.cases.len() < cases as usize {
            let office = world.rng.random_range(0..world.offices.len());
            world.course(office);
        }
        world
    }

    /// A course of an applicant: one application, and what follows from it.
    fn course(&mut self, office: usize) {
        let subject = pick(&mut self.rng, self.offices[office].matters);
        let year = self.rng.random_range(YEARS);
        let decided = self.working_day(year);
        let party = self.party(self.offices[office].county);
        let refused = self.rng.random_range(0..1000) < self.offices[office].refusals;
        if refused {
            self.add(office, subject, &party, Outcome::Refused, decided);
            // A second try, long after.
            if self.rng.random_bool(0.3) && year + 2 < YEARS.end {
                let later = self.working_day(year + 2);
                self.add(office, subject, &party, Outcome::Granted, later);
            }
            return;
        }
        let first = self.add(office, subject, &party, Outcome::Granted, decided);
        let Some(until) = self.cases[first].valid_until else {
            return;
        };
        if self.rng.random_bool(0.15) && year + 1 < YEARS.end {
            let between = self.working_day(year + 1);
            let changed = self.add(office, subject, &party, Outcome::Changed, between);
            self.cases[changed].valid_until = Some(until);
        }
        if self.rng.random_bool(0.3) && until.year() < YEARS.end {
            // Applied for months before the end.
            let mut renewed = back(until, 60);
            while !in_window(renewed) {
                renewed = back(renewed, 1);
            }
            self.add(office, subject, &party, Outcome::Renewed, renewed);
        }
    }

    /// Adds a case that is as it should be; gives its position.
    pub(super) fn add(
        &mut self,
        office: usize,
        subject: &'static Subject,
        party: &Party,
        outcome: Outcome,
        decided: CivilDate,
    ) -> usize {
        let accepted = back(decided, self.rng.random_range(3..9));
        let positive = matches!(outcome, Outcome::Granted | Outcome::Renewed | Outcome::Changed);
        let mut papers = PAPERS.to_vec();
        if positive {
            papers.insert(4, DocumentKind::Licence);
        }
        let valid_until = (positive && subject.validity > 0).then(|| {
            let end = CivilDate::new(
                decided.year() + subject.validity,
                decided.month(),
                decided.day().min(28),
            );
            end.map_or(decided, |end| shift(end, -1))
        });
        self.cases.push(AuditedCase {
            office,
            subject,
            party: party.clone(),
            outcome,
            said: outcome,
            applied: back(accepted, self.rng.random_range(0..4)),
            accepted: Some(accepted),
            decided,
            served: Some(forth(decided, self.rng.random_range(0..6))),
            valid_until,
            retention: subject.retention,
            papers,
            serial: 0,
            piece: 0,
            year: decided.year(),
            report_of: None,
        });
        self.cases.len() - 1
    }

    /// A day on which a decision can be made.
    pub(super) fn working_day(&mut self, year: u32) -> CivilDate {
        let ((month, day), (last_month, last_day)) = *pick(&mut self.rng, &WINDOWS);
        let days = |month, day| CivilDate::new(year, month, day).map_or(0, CivilDate::unix_days);
        let day = self.rng.random_range(days(month, day)..=days(last_month, last_day));
        let day = CivilDate::of_unix_days(day).unwrap_or_else(|| unreachable_day(year));
        if is_weekend(day) { back(day, 1) } else { day }
    }

    /// An applicant with a number and, where names tell applicants apart, a name of its own.
    fn party(&mut self, county: &County) -> Party {
        self.invented += 1;
        let own = self.invented;
        match self.rng.random_range(0..10) {
            0..6 => Party {
                name: format!("{}{}商贸有限公司", county.name, brand(own)),
                kind: ApplicantKind::LegalPerson,
                id_number: credit_code("91", county, own),
            },
            6..9 => {
                let rng = &mut self.rng;
                let (surname, first, second) = (pick(rng, SURNAMES), pick(rng, GIVEN), pick(rng, GIVEN));
                let name = format!("{surname}{first}{second}");
                let born = (
                    rng.random_range(1955..1999),
                    rng.random_range(1..13),
                    rng.random_range(1..29),
                );
                Party {
                    name,
                    kind: ApplicantKind::Person,
                    id_number: id_number(county, born, own % 1000),
                }
            }
            // Shops have the names of shops elsewhere.
            _ => Party {
                name: format!("{}{}小吃店", pick(&mut self.rng, BRANDS), brand(own / 50)),
                kind: ApplicantKind::Person,
                id_number: String::new(),
            }
            .shop(county, own),
        }
    }

    /// A number of the same sort as that of a party, and another one.
    pub(super) fn other_number(&mut self, party: &Party, county: &County) -> String {
        self.invented += 1;
        let own = self.invented;
        match party.kind {
            ApplicantKind::Person => {
                let read = |range| {
                    party
                        .id_number
                        .get(range)
                        .and_then(|text: &str| text.parse().ok())
                        .unwrap_or(1)
                };
                let (year, month, day) = (read(6..10), read(10..12), read(12..14));
                let sequence = (read(14..17) + 1 + own % 400) % 1000;
                id_number(county, (year, month, day), sequence)
            }
            _ => credit_code("91", county, own),
        }
    }

    /// Numbers the registers: without gaps, in the order of decisions.
    pub(super) fn number(&mut self) {
        let mut registers: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
        for (at, case) in self.cases.iter().enumerate() {
            registers.entry((case.office, case.year)).or_default().push(at);
        }
        for register in registers.values_mut() {
            register.sort_by_key(|at| (self.cases[*at].decided, *at));
            for (at, number) in register.iter().zip(1..) {
                (self.cases[*at].serial, self.cases[*at].piece) = (number, number);
            }
        }
    }

    pub(super) fn code_of(&self, at: usize) -> String {
        let case = &self.cases[at];
        let office = &self.offices[case.office];
        format!("{}-XK·{}-{}-{:04}", office.fonds, case.year, office.letters, case.piece)
    }
}

impl Party {
    fn shop(self, county: &County, own: u32) -> Self {
        Self {
            kind: ApplicantKind::Organisation,
            // A shop of the name is registered once in each county.
            name: format!("{}{}", self.name, own % 50),
            id_number: credit_code("92", county, own),
        }
    }
}

fn office(at: usize) -> Office {
    let county = &COUNTIES[at / KINDS.len() % COUNTIES.len()];
    let (name, word, letters, matters) = KINDS[at % KINDS.len()];
    Office {
        name: format!("{}{name}", county.name),
        county,
        word: format!("{}{word}", county.short),
        fonds: format!("{:04}", 101 + at),
        letters,
        matters,
        refusals: 40 + u32::try_from(at % 5).unwrap_or(0) * 10,
    }
}

/// Three characters for a number below 10⁶, no two the same.
fn brand(number: u32) -> String {
    let mut rest = number as usize;
    let letters = (0..3).map(|_| {
        let letter = GIVEN[rest % 100];
        rest /= 100;
        letter
    });
    letters.collect()
}

fn credit_code(letters: &str, county: &County, own: u32) -> String {
    let head = format!("{letters}{}MA{own:07}", county.code);
    format!("{head}{}", CreditCode::check_character(&head).unwrap_or('0'))
}

fn id_number(county: &County, (year, month, day): (u32, u32, u32), sequence: u32) -> String {
    let head = format!("{}{year:04}{month:02}{day:02}{sequence:03}", county.code);
    format!("{head}{}", IdNumber::check_character(&head).unwrap_or('0'))
}

pub(super) fn shift(date: CivilDate, days: i64) -> CivilDate {
    CivilDate::of_unix_days(date.unix_days() + days).unwrap_or(date)
}

pub(super) fn is_weekend(date: CivilDate) -> bool {
    // 1 January 1970 was a Thursday.
    (date.unix_days() + 3).rem_euclid(7) >= 5
}

/// So many Mondays to Fridays before a day.
pub(super) fn back(date: CivilDate, weekdays: u32) -> CivilDate {
    walk(date, weekdays, -1)
}

/// So many Mondays to Fridays after a day.
pub(super) fn forth(date: CivilDate, weekdays: u32) -> CivilDate {
    walk(date, weekdays, 1)
}

fn walk(mut date: CivilDate, weekdays: u32, step: i64) -> CivilDate {
    let mut left = weekdays;
    while left > 0 {
        date = shift(date, step);
        left -= u32::from(!is_weekend(date));
    }
    date
}

fn in_window(date: CivilDate) -> bool {
    let day = (date.month(), date.day());
    !is_weekend(date) && WINDOWS.iter().any(|(first, last)| (*first..=*last).contains(&day))
}

fn unreachable_day(year: u32) -> CivilDate {
    CivilDate::new(year, 7, 5)
        .or_else(|| CivilDate::new(2009, 7, 6))
        .unwrap_or_else(|| unreachable_day(2009))
}
