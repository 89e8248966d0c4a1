//! The invented facts of one case, consistent with each other; every document is written from them.

mod calendar;
mod party;
mod plan;
mod prose;

use std::collections::BTreeMap;

use juanzong::record::{ApplicantKind, DocumentNumber, FieldName, FloorArea, Money, Outcome, Retention, SecurityClass};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

pub(super) use calendar::{chinese_date, numeric_date, stamp_date};
pub(super) use party::{Applicant, Person};
pub(super) use plan::{Effect, Paper, Plan};
pub(super) use prose::Prose;

use super::MOST_CASES;
use super::vocabulary::matters::{Applicants, MATTERS, Matter};
use super::vocabulary::names::DEPARTMENTS;
use super::vocabulary::regions::{COUNTIES, County};
use calendar::Day;

/// Position of the case that every run of three or more cases holds: an application of a 丰源餐饮 company, 2019.
pub(super) const KNOWN_CASE: u32 = 2;
/// Position of the later case of the same company: its renewal, 2024.
pub(super) const KNOWN_RENEWAL: u32 = 12;
/// Brand and trade of that company.
const KNOWN_COMPANY: &str = "丰源餐饮管理有限公司";

/// Everything true about one case.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) plan: &'static Plan,
    pub(super) county: &'static County,
    pub(super) matter: &'static Matter,
    /// Full name of the deciding agency at the time.
    pub(super) agency: String,
    /// Words that stand for the agency in document numbers, with the county.
    pub(super) agency_word: String,
    pub(super) department: &'static str,
    pub(super) applicant: Applicant,
    pub(super) agent: Option<Person>,
    pub(super) clerk: Person,
    pub(super) second_clerk: Person,
    pub(super) head: Person,
    pub(super) leader: Person,
    pub(super) archival_code: String,
    pub(super) document_number: String,
    pub(super) acceptance_number: String,
    pub(super) licence_number: String,
    pub(super) title: String,
    pub(super) retention: Retention,
    pub(super) security_class: SecurityClass,
    pub(super) applied: Day,
    pub(super) accepted: Day,
    pub(super) inspected: Day,
    pub(super) decided: Day,
    pub(super) served: Day,
    pub(super) validity: Option<(Day, Day)>,
    /// Floor area in square metres.
    pub(super) area: String,
    /// Capital in 万元.
    pub(super) capital: u32,
    pub(super) telephone: String,
    /// What is permitted, as it stands on the licence.
    pub(super) scope: String,
    pub(super) equipment: Vec<&'static str>,
    /// Days promised for the decision.
    pub(super) promised_days: u32,
}

/// The random source of one part of one case: same seed, position and part, same values, whatever else is made.
pub(super) fn random(seed: u64, index: u32, part: u32) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream((u64::from(index) << 32) | u64::from(part));
    rng
}

/// Chooses from a list that is known not to be empty.
pub(super) fn pick<'a, T>(rng: &mut ChaCha8Rng, list: &'a [T]) -> &'a T {
    list.choose(rng).unwrap_or(&list[0])
}

impl Facts {
    /// Invents the facts of the case at a position.
    pub(super) fn invent(seed: u64, index: u32) -> Self {
        let mut rng = random(seed, index, 0);
        let plan = Plan::of(index);
        let known = index == KNOWN_CASE || index == KNOWN_RENEWAL;
        let year = match index {
            KNOWN_CASE => 2019,
            KNOWN_RENEWAL => 2024,
            _ => 2009 + (index * 5 + rng.random_range(0..3)) % 17,
        };
        let county = &COUNTIES[offset(seed, if known { KNOWN_CASE } else { index }, COUNTIES.len())];
        let matter = if known {
            &MATTERS[0]
        } else {
            matter_of(seed, index, year, plan)
        };
        let period = matter.office.in_year(year);
        let bureau = county
            .approval_bureau
            .filter(|(_, from)| !known && year >= *from && matter.office.transferable() && rng.random_bool(0.5));
        let (agency, word, letters) = match bureau {
            Some((name, _)) => (name, "行审", "XZSP"),
            None => (period.name, period.word, period.letters),
        };
        let applicant = if known {
            let mut rng = random(seed, KNOWN_CASE, u32::MAX);
            Applicant::company(&mut rng, county, format!("{}{KNOWN_COMPANY}", county.name))
        } else {
            Applicant::invent(&mut rng, county, matter)
        };
        let (applied, accepted, inspected, decided, served) = dates(&mut rng, year);
        let validity = (matter.validity > 0 && plan.has_licence())
            .then(|| (decided, calendar::last_day_of_term(decided, matter.validity)));
        let serial = serial_number(seed, index * 37);
        let retention = match (matter.validity, index % 6) {
            (0, _) => Retention::Permanent,
            (_, 0) => Retention::Years10,
            _ => Retention::Years30,
        };
        let security_class = if index % 17 == 10 {
            SecurityClass::Internal
        } else {
            SecurityClass::Public
        };
        let agency_word = format!("{}{word}", county.short);
        let number = rng.random_range(1..900);
        let purpose = match plan.outcome {
            Outcome::Refused => "不予许",
            Outcome::Withdrawn => "终",
            _ => "许",
        };
        let document_number = DocumentNumber::new(&format!("{agency_word}{purpose}"), decided.year(), number)
            .map_or_else(
                || format!("{agency_word}〔{}〕{number}号", decided.year()),
                |n| n.to_string(),
            );
        let mut scope: Vec<&str> = matter.scope.to_vec();
        scope.shuffle(&mut rng);
        let several = matches!(matter.applicants, Applicants::Trader | Applicants::Farm);
        scope.truncate(if several { rng.random_range(2..4) } else { 1 });
        let mut equipment = matter.equipment.to_vec();
        equipment.shuffle(&mut rng);
        let fonds = 100
            + offset(
                0,
                u32::try_from(county.name.len() + letters.len()).unwrap_or(0) * 31,
                300,
            );
        Self {
            title: format!("{}{}", applicant.name, plan.title_of(matter.name)),
            archival_code: format!(
                "{:04}-XK·{}-{}-{letters}-{serial:04}",
                fonds + COUNTIES.iter().position(|c| c.code == county.code).unwrap_or(0) * 17,
                decided.year(),
                retention.code()
            ),
            agency: format!("{}{agency}", county.name),
            agency_word,
            department: *pick(&mut rng, DEPARTMENTS),
            agent: rng.random_bool(0.4).then(|| Person::invent(&mut rng, county)),
            clerk: Person::invent(&mut rng, county),
            second_clerk: Person::invent(&mut rng, county),
            head: Person::invent(&mut rng, county),
            leader: Person::invent(&mut rng, county),
            acceptance_number: format!("{}{:04}", accepted.year(), serial_number(seed, index * 53 + 7)),
            licence_number: format!(
                "{}{}{:06}",
                licence_letters(letters),
                county.code,
                rng.random_range(1..1_000_000)
            ),
            area: format!("{}.{}", rng.random_range(24..2600), rng.random_range(0..10)),
            capital: *pick(&mut rng, &[10, 30, 50, 100, 200, 300, 500, 800, 1000, 2000, 5000]),
            telephone: format!("{}-{}", county.telephone, rng.random_range(2_100_000..8_900_000)),
            promised_days: *pick(&mut rng, &[5, 7, 10, 12, 15]),
            scope: scope.join("、"),
            plan,
            county,
            matter,
            document_number,
            applicant,
            retention,
            security_class,
            applied,
            accepted,
            inspected,
            decided,
            served,
            validity,
            equipment,
        }
    }

    /// Details of the case as facts write them.
    pub(super) fn details(&self) -> BTreeMap<FieldName, Vec<String>> {
        let representative = &self.applicant.representative;
        let mut phones = vec![representative.mobile.clone(), self.telephone.clone()];
        phones.extend(self.agent.iter().map(|agent| agent.mobile.clone()));
        let laws = self.matter.laws.iter();
        let mut details = BTreeMap::from([
            (FieldName::Address, vec![self.applicant.address.clone()]),
            (FieldName::Phone, phones),
            (
                FieldName::LegalBasis,
                laws.map(|(law, article)| format!("《{law}》{article}")).collect(),
            ),
            (FieldName::LicenceNumber, vec![self.licence_number.clone()]),
        ]);
        if self.applicant.kind != ApplicantKind::Person {
            details.insert(FieldName::LegalRepresentative, vec![representative.name.clone()]);
        }
        let capital = Money::parse(&format!("{}万元", self.capital));
        details.extend(capital.map(|money| (FieldName::Amount, vec![money.to_string()])));
        let area = FloorArea::parse(&format!("{}平方米", self.area));
        details.extend(area.map(|area| (FieldName::Area, vec![area.to_string()])));
        details
    }

    /// The fields of the case, in the form that the catalogue stores.
    pub(super) fn fields(&self) -> BTreeMap<FieldName, String> {
        let mut fields: BTreeMap<FieldName, String> = [
            (FieldName::Title, self.title.clone()),
            (FieldName::Agency, self.agency.clone()),
            (FieldName::Region, self.county.code.to_owned()),
            (FieldName::Matter, self.matter.name.to_owned()),
            (FieldName::DocumentNumber, self.document_number.clone()),
            (FieldName::AcceptanceNumber, self.acceptance_number.clone()),
            (FieldName::Outcome, self.plan.outcome.code().to_owned()),
            (FieldName::Retention, self.retention.code().to_owned()),
            (FieldName::SecurityClass, self.security_class.code().to_owned()),
            (FieldName::AppliedOn, self.applied.to_string()),
            (FieldName::AcceptedOn, self.accepted.to_string()),
            (FieldName::DecidedOn, self.decided.to_string()),
            (FieldName::ServedOn, self.served.to_string()),
            (FieldName::ApplicantName, self.applicant.name.clone()),
            (FieldName::ApplicantKind, self.applicant.kind.code().to_owned()),
            (FieldName::ApplicantIdNumber, self.applicant.id_number.clone()),
        ]
        .into();
        if let Some((from, until)) = self.validity {
            fields.insert(FieldName::ValidFrom, from.to_string());
            fields.insert(FieldName::ValidUntil, until.to_string());
        }
        fields
    }

    /// How official letters address the applicant.
    pub(super) fn you(&self) -> &'static str {
        if self.applicant.kind == ApplicantKind::Person {
            "你"
        } else {
            "你单位"
        }
    }

    /// Name of the number that identifies the applicant.
    pub(super) fn id_label(&self) -> &'static str {
        if self.applicant.kind == ApplicantKind::Person {
            "公民身份号码"
        } else {
            "统一社会信用代码"
        }
    }
}

/// A position in a list of `length` that moves on with the index and differs between seeds.
fn offset(seed: u64, index: u32, length: usize) -> usize {
    let length = length.max(1) as u64;
    let start = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    usize::try_from((start % length + u64::from(index) % length) % length).unwrap_or(0)
}

/// A serial number from 1 to 9999 that differs for each index below [`MOST_CASES`] (the steps of 37 and 53 share no
/// factor with it), and never looks like a year.
fn serial_number(seed: u64, index: u32) -> usize {
    let serial = offset(seed, index, MOST_CASES as usize) + 1;
    if serial < 1949 { serial } else { serial + 251 }
}

/// The next matter in the list that was decided in that year and issues a licence where the plan needs one.
fn matter_of(seed: u64, index: u32, year: u32, plan: &Plan) -> &'static Matter {
    let start = offset(seed, index * 11, MATTERS.len());
    (0..MATTERS.len())
        .map(|step| &MATTERS[(start + step) % MATTERS.len()])
        .find(|m| (m.years.0..=m.years.1).contains(&year) && (plan.outcome != Outcome::Renewed || m.validity > 0))
        .unwrap_or(&MATTERS[0])
}

/// Applied ≤ accepted ≤ inspected ≤ decided ≤ served, all on working weekdays.
fn dates(rng: &mut ChaCha8Rng, year: u32) -> (Day, Day, Day, Day, Day) {
    let applied = calendar::day(year, rng.random_range(8..270));
    let accepted = calendar::later(applied, rng.random_range(0..6));
    let inspected = calendar::later(accepted, rng.random_range(2..8));
    let decided = calendar::later(inspected, rng.random_range(1..14));
    let served = calendar::later(decided, rng.random_range(0..9));
    (applied, accepted, inspected, decided, served)
}

fn licence_letters(letters: &str) -> &'static str {
    match letters {
        "SYJ" | "SCJG" => "JY",
        "WSJ" | "WJJ" | "WJJK" => "WX",
        "XZSP" => "XK",
        _ => "ZH",
    }
}
