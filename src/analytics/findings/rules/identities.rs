//! The same applicant under several numbers, and the same number under several names.
//!
//! Many people have the same name: natural persons are compared by name and date of birth, legal persons by their name,
//! which is registered for them alone, other organisations by name and county. A number of 15 digits is the same as the 18
//! that it became, and a number of another sort (of a register before 2015) is no second one.

use super::super::applicants::{Deal, groups};
use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::names::Names;
use super::super::rule::{Rule, Severity};
use crate::catalogue::NumberState;
use crate::record::ApplicantKind;

fn several(values: impl Iterator<Item = u64>) -> Option<u32> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values.dedup();
    u32::try_from(values.len()).ok().filter(|count| *count > 1)
}

fn cases(deals: &[Deal]) -> Vec<u64> {
    deals.iter().map(|deal| deal.case).collect()
}

/// Adds applicants with several numbers.
pub(in super::super) fn several_numbers(deals: &mut [Deal], names: &Names, found: &mut Vec<Draft>) {
    let credit = |deal: &Deal| deal.name != 0 && deal.state == NumberState::Credit;
    let person = |deal: &Deal| deal.name != 0 && deal.state == NumberState::Identity && deal.born != 0;
    let legal = |deal: &Deal| deal.kind == Some(ApplicantKind::LegalPerson);
    let mut tell = |deals: &[Deal], severity: Severity| {
        let Some(count) = several(deals.iter().map(|deal| deal.number)) else {
            return;
        };
        let Some(first) = deals.first() else { return };
        let place = first.place.filter(|_| credit(first) && !legal(first));
        let place = place.map_or("", |place| names.name(place));
        let subject = format!("{:016x} {:08x} {place}", first.name, first.born);
        let doubtful = deals.iter().any(|deal| deal.doubtful_name || deal.doubtful_number);
        let draft = Draft::new(
            Rule::ApplicantSeveralNumbers,
            subject,
            cases(deals),
            Detail::Several(count),
        );
        found.push(draft.of(severity).doubtful(doubtful));
    };
    groups(
        deals,
        |deal| credit(deal) && legal(deal),
        |deal| deal.name,
        |deals| {
            tell(deals, Severity::High);
        },
    );
    groups(
        deals,
        |deal| credit(deal) && !legal(deal),
        |deal| (deal.name, deal.place),
        |deals| tell(deals, Severity::Check),
    );
    groups(
        deals,
        person,
        |deal| (deal.name, deal.born),
        |deals| {
            tell(deals, Severity::Medium);
        },
    );
}

/// Adds numbers with several names.
pub(in super::super) fn several_names(deals: &mut [Deal], found: &mut Vec<Draft>) {
    // The shop of a person may bear the number of the person.
    let comparable = |deal: &Deal| match deal.state {
        NumberState::Credit => true,
        NumberState::Identity => !matches!(
            deal.kind,
            Some(ApplicantKind::Organisation | ApplicantKind::LegalPerson)
        ),
        _ => false,
    };
    groups(
        deals,
        |deal| deal.name != 0 && deal.number != 0 && comparable(deal),
        |deal| deal.number,
        |deals| {
            let Some(count) = several(deals.iter().map(|deal| deal.name)) else {
                return;
            };
            let Some(first) = deals.first() else { return };
            let doubtful = deals.iter().any(|deal| deal.doubtful_name || deal.doubtful_number);
            let renamed = first.state == NumberState::Credit && are_names_one_after_the_other(deals);
            let severity = if renamed { Severity::Low } else { Severity::Medium };
            let subject = format!("{:016x}", first.number);
            let draft = Draft::new(Rule::NumberSeveralNames, subject, cases(deals), Detail::Several(count));
            found.push(draft.of(severity).doubtful(doubtful));
        },
    );
}

/// Whether no name comes back after another one: an organisation that was renamed.
fn are_names_one_after_the_other(deals: &[Deal]) -> bool {
    let mut in_time: Vec<&Deal> = deals.iter().collect();
    in_time.sort_by_key(|deal| (deal.decided.or(deal.applied), deal.case));
    let mut names: Vec<u64> = in_time.iter().map(|deal| deal.name).collect();
    names.dedup();
    let blocks = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() == blocks
}
