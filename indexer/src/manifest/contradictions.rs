//! What two values of one case, each of them good, say against each other.

use juanzong::record::{ApplicantKind, CivilDate, DocumentNumber, Fact, FieldName};

use super::values::{self, Number};
use crate::report::FindingCode;

/// The value of a field among facts.
pub(super) fn given(facts: &[Fact], field: FieldName) -> Option<&str> {
    facts.iter().find(|f| f.field == field).map(|f| f.value.as_str())
}

/// The contradictions between facts of one source; the later field is the one that is named.
pub fn contradictions(facts: &[Fact]) -> Vec<(FindingCode, FieldName)> {
    use FieldName::{AcceptedOn, AppliedOn, DecidedOn, ServedOn, ValidFrom, ValidUntil};
    let date = |field| given(facts, field).and_then(CivilDate::parse);
    let orders = [
        (AppliedOn, AcceptedOn, FindingCode::AcceptedBeforeApplied),
        (AppliedOn, DecidedOn, FindingCode::DecidedBeforeApplied),
        (AcceptedOn, DecidedOn, FindingCode::DecidedBeforeAccepted),
        (DecidedOn, ServedOn, FindingCode::ServedBeforeDecided),
        (ValidFrom, ValidUntil, FindingCode::ValidityReversed),
    ];
    let mut found = Vec::new();
    for (first, second, code) in orders {
        // One slip, one finding: a decision before everything else is named once.
        let named = found.iter().any(|(_, field)| *field == second);
        if !named && date(first).zip(date(second)).is_some_and(|(a, b)| b < a) {
            found.push((code, second));
        }
    }
    found.extend(number_of_kind(facts));
    let number = given(facts, FieldName::DocumentNumber).and_then(DocumentNumber::parse);
    if number
        .zip(date(DecidedOn))
        .is_some_and(|(n, date)| n.year() != date.year())
    {
        found.push((FindingCode::DocumentNumberYear, FieldName::DocumentNumber));
    }
    found
}

/// A person has an identity number, a legal person a credit code. Sole traders (credit codes that begin with 92) stand
/// between the two, and other organisations are sometimes entered with the number of their head. One in 31 wrong identity
/// numbers passes the check of credit codes: of a person it is a wrong identity number all the same.
fn number_of_kind(facts: &[Fact]) -> Option<(FindingCode, FieldName)> {
    let kind = given(facts, FieldName::ApplicantKind).and_then(ApplicantKind::parse)?;
    let number = given(facts, FieldName::ApplicantIdNumber)?;
    let contradicts = (FindingCode::ApplicantKindContradicts, FieldName::ApplicantKind);
    match (kind, values::sort_of(number)) {
        (ApplicantKind::Person, Number::Credit) if values::is_like_identity_number(number) => {
            Some((FindingCode::IdNumberCheck, FieldName::ApplicantIdNumber))
        }
        (ApplicantKind::Person, Number::Credit) => (!number.starts_with("92")).then_some(contradicts),
        (ApplicantKind::LegalPerson, Number::Identity) => Some(contradicts),
        _ => None,
    }
}
