//! Invented applicants and persons, with valid check digits.

use juanzong::record::{ApplicantKind, CreditCode, IdNumber};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::vocabulary::matters::{Applicants, Matter};
use super::super::vocabulary::names::{BRANDS, BUILDINGS, GIVEN, ROADS, SURNAMES};
use super::super::vocabulary::regions::County;
use super::pick;

/// An invented person.
#[derive(Clone, Debug)]
pub(in crate::sample) struct Person {
    pub(in crate::sample) name: String,
    /// 公民身份号码
    pub(in crate::sample) id_number: String,
    pub(in crate::sample) mobile: String,
}

/// An invented applicant.
#[derive(Debug)]
pub(in crate::sample) struct Applicant {
    pub(in crate::sample) name: String,
    pub(in crate::sample) kind: ApplicantKind,
    /// Identity number of a person, credit code of anybody else. Case files older than the codes (before October
    /// 2015) carry them too, as archives add them when they catalogue.
    pub(in crate::sample) id_number: String,
    /// The person who acts for it; the applicant itself when that is a person.
    pub(in crate::sample) representative: Person,
    pub(in crate::sample) address: String,
}

impl Person {
    /// Invents a grown-up person of the county.
    pub(super) fn invent(rng: &mut ChaCha8Rng, county: &County) -> Self {
        let surname = pick(rng, SURNAMES);
        let first = pick(rng, GIVEN);
        let second = if rng.random_bool(0.7) { *pick(rng, GIVEN) } else { "" };
        let year = rng.random_range(1955..1999);
        let head = format!(
            "{}{year}{:02}{:02}{:03}",
            county.code,
            rng.random_range(1..13),
            rng.random_range(1..29),
            rng.random_range(1..1000)
        );
        let check = IdNumber::check_character(&head).unwrap_or('0');
        let prefix = pick(rng, &["130", "135", "138", "139", "151", "158", "177", "186", "189"]);
        Self {
            name: format!("{surname}{first}{second}"),
            id_number: format!("{head}{check}"),
            mobile: format!("{prefix}{:08}", rng.random_range(0..100_000_000)),
        }
    }
}

impl Applicant {
    /// Invents an applicant of the kind that the matter has.
    pub(super) fn invent(rng: &mut ChaCha8Rng, county: &County, matter: &Matter) -> Self {
        let brand = pick(rng, BRANDS);
        let trade = pick(rng, matter.trades);
        let named = |ending: &str| format!("{}{brand}{trade}{ending}", county.name);
        let company = *pick(rng, &["有限公司", "有限责任公司"]);
        match matter.applicants {
            Applicants::Trader if rng.random_bool(0.35) => {
                // A trade that names a place already needs no further word for it.
                let place = trade.ends_with(['店', '城', '馆', '池', '栈', '宿', '咖', '所']);
                let ending = if place {
                    ""
                } else {
                    *pick(rng, &["店", "经营部", "商行", "中心"])
                };
                Self::body(rng, county, named(ending), ApplicantKind::Organisation, "92")
            }
            Applicants::Farm if rng.random_bool(0.6) => {
                Self::body(rng, county, named("农民专业合作社"), ApplicantKind::LegalPerson, "93")
            }
            Applicants::Company | Applicants::Trader | Applicants::Farm => Self::company(rng, county, named(company)),
            Applicants::Body => {
                let society = trade.ends_with("协会");
                let letters = if society { "51" } else { "52" };
                let kind = if society {
                    ApplicantKind::LegalPerson
                } else {
                    ApplicantKind::Organisation
                };
                Self::body(rng, county, named(""), kind, letters)
            }
            Applicants::Person => {
                let person = Person::invent(rng, county);
                Self {
                    name: person.name.clone(),
                    kind: ApplicantKind::Person,
                    id_number: person.id_number.clone(),
                    address: address(rng, county),
                    representative: person,
                }
            }
        }
    }

    /// A company of the given name.
    pub(super) fn company(rng: &mut ChaCha8Rng, county: &County, name: String) -> Self {
        Self::body(rng, county, name, ApplicantKind::LegalPerson, "91")
    }

    fn body(rng: &mut ChaCha8Rng, county: &County, name: String, kind: ApplicantKind, letters: &str) -> Self {
        Self {
            name,
            kind,
            id_number: credit_code(rng, county, letters),
            representative: Person::invent(rng, county),
            address: address(rng, county),
        }
    }
}

/// A credit code: registration letters, region, organisation code (GB 11714, with its own check character), check.
fn credit_code(rng: &mut ChaCha8Rng, county: &County, letters: &str) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let mut organisation = String::from("MA");
    for _ in 0..6 {
        organisation.push(char::from(*pick(rng, ALPHABET)));
    }
    let sum: u32 = organisation
        .chars()
        .zip(WEIGHTS)
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    let head = format!("{letters}{}{organisation}{check}", county.code);
    let last = CreditCode::check_character(&head).unwrap_or('0');
    format!("{head}{last}")
}

fn address(rng: &mut ChaCha8Rng, county: &County) -> String {
    let mut address = format!(
        "{}{}{}{}{}{}号",
        county.province,
        county.city,
        county.name,
        pick(rng, &county.towns),
        pick(rng, ROADS),
        rng.random_range(1..399)
    );
    if rng.random_bool(0.5) {
        let building = *pick(rng, BUILDINGS);
        address.push_str(building);
        if rng.random_bool(0.6) {
            address.push_str(&format!("{}号", rng.random_range(101..620)));
        }
    }
    address
}
