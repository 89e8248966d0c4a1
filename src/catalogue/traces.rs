//! What findings compare from case to case: who applied, by keyed hashes, and how far the values of a case are to be trusted.
//!
//! It is worked out when a case is written and kept packed beside it, so that a million cases can be gone through without
//! opening what is sealed. Hashes are made as those of owners are (`owners.rs`).

use super::error::{Fault, Tried};
use super::sealed::Secrets;
use crate::record::{CreditCode, Fact, FactSource, FieldName, IdNumber, Outcome};

/// Form of a packed trace: its first byte, and its length.
const FORM: u8 = 1;
const LENGTH: usize = 30;
/// Below this confidence a value that was read may be misread.
const SURE: f32 = 0.9;
/// From this confidence on an outcome that was read is one that a document names: two documents that contradict each other
/// with the same right lower each other to a half (decision 0081).
const NAMED: f32 = 0.35;
/// Characters of an identity number and of a credit code.
const FULL: usize = 18;
/// Digits of an identity number of before 1999.
const EARLIER: usize = 15;

/// What the number of an applicant is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NumberState {
    /// There is none.
    #[default]
    Missing,
    /// An identity number (公民身份号码) with a right check digit, or one of 15 digits, which has none.
    Identity,
    /// A credit code (统一社会信用代码) with a right check digit.
    Credit,
    /// It has the length of one of them, and a wrong check digit.
    Invalid,
    /// Some other number, of which nothing can be said.
    Other,
}

impl NumberState {
    const ALL: [Self; 5] = [Self::Missing, Self::Identity, Self::Credit, Self::Invalid, Self::Other];
}

/// What findings compare. Hashes tell alike from unlike, and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseTrace {
    /// Hash of the name of the applicant, without blanks and the forms of brackets; 0 without a name.
    pub name: u64,
    /// Hash of the number of the applicant, the 15 digits of before 1999 as the 18 they became; 0 without a number.
    pub number: u64,
    /// Hash of the date of birth in an identity number; 0 in all others.
    pub born: u32,
    /// What that number is.
    pub number_state: NumberState,
    /// Identity numbers of other persons with a wrong check digit.
    pub invalid_persons: u8,
    /// Whether none of them was read for certain.
    pub persons_doubtful: bool,
    /// Outcomes that the catalogue or a document names; bits in the order of [`Outcome::ALL`].
    outcomes: u16,
    /// Fields whose value may be misread; bits in the order of [`FieldName::ALL`].
    doubtful: u32,
}

impl CaseTrace {
    /// Whether the value of a field was read and may be misread.
    pub fn is_doubtful(&self, field: FieldName) -> bool {
        self.doubtful & bit(FieldName::ALL, &field) != 0
    }

    /// The outcomes that the catalogue or a document names, unless a person has settled which is right.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let named = self.outcomes;
        let all = Outcome::ALL.iter().copied();
        all.filter(move |outcome| u32::from(named) & bit(Outcome::ALL, outcome) != 0)
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let state = NumberState::ALL.iter().position(|state| *state == self.number_state);
        let mut packed = Vec::with_capacity(LENGTH);
        packed.push(FORM);
        packed.extend(self.name.to_le_bytes());
        packed.extend(self.number.to_le_bytes());
        packed.extend(self.born.to_le_bytes());
        packed.push(state.and_then(|at| u8::try_from(at).ok()).unwrap_or_default());
        packed.push(self.invalid_persons);
        packed.push(u8::from(self.persons_doubtful));
        packed.extend(self.outcomes.to_le_bytes());
        packed.extend(self.doubtful.to_le_bytes());
        packed
    }

    /// Reads a packed trace.
    pub(super) fn unpack(packed: &[u8]) -> Tried<Self> {
        let read = || {
            let (form, rest) = packed.split_first()?;
            if *form != FORM || packed.len() != LENGTH {
                return None;
            }
            let (name, rest) = rest.split_first_chunk()?;
            let (number, rest) = rest.split_first_chunk()?;
            let (born, rest) = rest.split_first_chunk()?;
            let ([state, invalid_persons, persons_doubtful], rest) = rest.split_first_chunk()?;
            let (outcomes, rest) = rest.split_first_chunk()?;
            let (doubtful, _) = rest.split_first_chunk()?;
            Some(Self {
                name: u64::from_le_bytes(*name),
                number: u64::from_le_bytes(*number),
                born: u32::from_le_bytes(*born),
                number_state: *NumberState::ALL.get(usize::from(*state))?,
                invalid_persons: *invalid_persons,
                persons_doubtful: *persons_doubtful != 0,
                outcomes: u16::from_le_bytes(*outcomes),
                doubtful: u32::from_le_bytes(*doubtful),
            })
        };
        read().ok_or_else(|| Fault::damaged("trace of a case"))
    }
}

/// The bit of a value in a list of at most 32.
fn bit<T: PartialEq>(all: &[T], value: &T) -> u32 {
    let at = all.iter().position(|other| other == value);
    at.map_or(0, |at| 1 << at)
}

/// The trace of a case, from its facts with the latest correction first.
pub(super) fn trace_of(secrets: &Secrets, facts: &[Fact]) -> CaseTrace {
    let mut trace = CaseTrace::default();
    if let Some(name) = chosen(facts, FieldName::ApplicantName) {
        trace.name = hash(secrets, "name", &plain_name(&name.value));
    }
    if let Some(number) = chosen(facts, FieldName::ApplicantIdNumber) {
        let number = compact(&number.value);
        trace.number_state = state_of(&number);
        let full = full_form(&number);
        trace.number = hash(secrets, "number", &full);
        if trace.number_state == NumberState::Identity
            && let Some(born) = full.get(6..14)
        {
            let [a, b, c, d, ..] = hash(secrets, "born", born).to_le_bytes();
            trace.born = u32::from_le_bytes([a, b, c, d]).max(1);
        }
    }
    let persons = facts.iter().filter(|fact| fact.field == FieldName::PersonIdNumber);
    let invalid: Vec<&Fact> = persons
        .filter(|fact| state_of(&compact(&fact.value)) == NumberState::Invalid)
        .collect();
    trace.invalid_persons = u8::try_from(invalid.len()).unwrap_or(u8::MAX);
    trace.persons_doubtful = !invalid.is_empty() && invalid.iter().all(|fact| is_doubtful(fact));
    for field in FieldName::ALL {
        if chosen(facts, *field).is_some_and(is_doubtful) {
            trace.doubtful |= bit(FieldName::ALL, field);
        }
    }
    trace.outcomes = outcomes_of(facts);
    trace
}

/// The fact whose value a field has.
fn chosen(facts: &[Fact], field: FieldName) -> Option<&Fact> {
    let of_field = facts
        .iter()
        .filter(|fact| fact.field == field && !fact.value.trim().is_empty());
    // Of equals the first, as `CaseFields::resolve` chooses.
    of_field.reduce(|best, other| {
        let better = other
            .source
            .cmp(&best.source)
            .then_with(|| other.confidence().total_cmp(&best.confidence()));
        if better.is_gt() { other } else { best }
    })
}

fn is_doubtful(fact: &Fact) -> bool {
    fact.source == FactSource::Extraction && fact.confidence() < SURE
}

fn outcomes_of(facts: &[Fact]) -> u16 {
    let of_field = || facts.iter().filter(|fact| fact.field == FieldName::Outcome);
    if of_field().any(|fact| fact.source == FactSource::Correction) {
        return 0;
    }
    let named = of_field().filter(|fact| fact.source == FactSource::Catalogue || fact.confidence() >= NAMED);
    let outcomes = named.filter_map(|fact| Outcome::parse(&fact.value));
    let bits = outcomes.fold(0, |bits, outcome| bits | bit(Outcome::ALL, &outcome));
    u16::try_from(bits).unwrap_or_default()
}

fn state_of(number: &str) -> NumberState {
    match number.chars().count() {
        0 => NumberState::Missing,
        _ if IdNumber::parse(number).is_some() => NumberState::Identity,
        _ if CreditCode::parse(number).is_some() => NumberState::Credit,
        EARLIER if has_date_of_birth(number) => NumberState::Identity,
        FULL if number.bytes().all(|b| b.is_ascii_alphanumeric()) => NumberState::Invalid,
        _ => NumberState::Other,
    }
}

/// Whether 15 digits can be an identity number, and not the number of a registration, which has as many.
fn has_date_of_birth(number: &str) -> bool {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    digits && IdNumber::parse(&full_form(number)).is_some()
}

/// The 18 characters that the 15 digits of before 1999 became; every other number as it is.
fn full_form(number: &str) -> String {
    let longer = || {
        let head = format!("{}19{}", number.get(..6)?, number.get(6..)?);
        Some(format!("{head}{}", IdNumber::check_character(&head)?))
    };
    let earlier = number.len() == EARLIER && number.bytes().all(|b| b.is_ascii_digit());
    let longer = if earlier { longer() } else { None };
    longer
        .filter(|full| IdNumber::parse(full).is_some())
        .unwrap_or_else(|| number.to_owned())
}

/// Letters and digits in one width and case; blanks and dashes are left out.
fn compact(text: &str) -> String {
    let kept = text.chars().map(narrow).filter(|c| !c.is_whitespace() && *c != '-');
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

/// A name without what people write in one way or another: blanks, width, forms of brackets and of the dot between names.
fn plain_name(name: &str) -> String {
    let kept = name.chars().map(narrow).filter(|c| !c.is_whitespace());
    let one_form = kept.map(|c| match c {
        '〔' | '[' | '【' => '(',
        '〕' | ']' | '】' => ')',
        '•' | '・' | '‧' | '.' => '·',
        c => c.to_ascii_uppercase(),
    });
    one_form.collect()
}

fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// 64 bits of a keyed hash; never 0, which stands for nothing.
fn hash(secrets: &Secrets, of: &str, text: &str) -> u64 {
    // A line end stands in no archival code, of which identifiers are derived with the same secret.
    let derived = secrets.ids.derive(&format!("trace {of}\n{text}"));
    let first = derived.get(..16).unwrap_or_default();
    u64::from_str_radix(first, 16).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_by_length_and_check_digit() {
        let head = "14022419900101123";
        let person = format!("{head}{}", IdNumber::check_character(head).unwrap());
        let wrong = format!("{head}{}", if person.ends_with('1') { '2' } else { '1' });
        let head = "91140224MA452L25D";
        let credit = format!("{head}{}", CreditCode::check_character(head).unwrap());
        for (number, state) in [
            ("", NumberState::Missing),
            (person.as_str(), NumberState::Identity),
            ("140224900101123", NumberState::Identity),
            ("140224999999123", NumberState::Other),
            (&credit, NumberState::Credit),
            (&wrong, NumberState::Invalid),
            ("12345678-9", NumberState::Other),
            ("91140224MA452L2", NumberState::Other),
        ] {
            assert_eq!(state_of(&compact(number)), state, "{number}");
        }
        assert_eq!(full_form("140224900101123"), person);
        assert_eq!(full_form(&credit), credit);
    }

    #[test]
    fn a_name_has_one_form() {
        assert_eq!(
            plain_name("灵丘县嘉禾（集团） 有限公司"),
            plain_name("灵丘县嘉禾(集团)有限公司")
        );
        assert_ne!(plain_name("嘉禾甲"), plain_name("嘉禾乙"));
    }

    #[test]
    fn a_trace_is_unpacked_as_it_was_packed() {
        let trace = CaseTrace {
            name: 1 << 40,
            number: 7,
            born: 9,
            number_state: NumberState::Invalid,
            invalid_persons: 2,
            persons_doubtful: true,
            outcomes: 3,
            doubtful: 1 << 17,
        };
        assert_eq!(CaseTrace::unpack(&trace.pack()).unwrap(), trace);
        assert!(CaseTrace::unpack(&[]).is_err() && CaseTrace::unpack(&[9; LENGTH]).is_err());
        assert!(trace.is_doubtful(FieldName::ApplicantIdNumber));
    }
}
