//! Addresses that are not personal: where an organisation that applied has its seat, or does its business. The register of
//! companies tells them to everybody; only the home of a natural person is masked.

use std::collections::BTreeSet;

use super::is_of_organisation;
use crate::record::{ADDRESS_OF_PREMISES, ApplicantKind, Fact, FactSource, FieldName, IdNumber};

/// The addresses among the facts of a case that are those of an organisation, as values and as they were read.
///
/// The applicant must be an organisation by every fact that says what it is, and the address must be its own: given by the
/// catalogue or a person, or read behind a label of premises. One that also stands behind a label of a home is one.
pub(super) fn premises(facts: &[Fact]) -> BTreeSet<String> {
    if !is_organisation(facts) {
        return BTreeSet::new();
    }
    let addresses = || facts.iter().filter(|fact| fact.field == FieldName::Address);
    let texts = |fact: &'_ Fact| [Some(fact.value.clone()), fact.as_read.clone()].into_iter().flatten();
    let homes: BTreeSet<String> = addresses()
        .filter(|fact| !is_of_premises(fact))
        .flat_map(texts)
        .collect();
    let premises = addresses().filter(|fact| is_of_premises(fact)).flat_map(texts);
    premises.filter(|text| !homes.contains(text)).collect()
}

fn is_of_premises(fact: &Fact) -> bool {
    match fact.source {
        FactSource::Extraction => fact.origin == ADDRESS_OF_PREMISES,
        FactSource::Catalogue | FactSource::Correction => true,
    }
}

fn is_organisation(facts: &[Fact]) -> bool {
    let mut organisation = false;
    for fact in facts {
        let says = match fact.field {
            FieldName::ApplicantKind => ApplicantKind::parse(&fact.value).map(|kind| kind != ApplicantKind::Person),
            FieldName::ApplicantIdNumber if is_of_organisation(&fact.value) => Some(true),
            FieldName::ApplicantIdNumber => IdNumber::parse(&fact.value).map(|_| false),
            _ => None,
        };
        match says {
            Some(true) => organisation = true,
            Some(false) => return false,
            None => {}
        }
    }
    organisation
}
