//! Licences that were changed, or for whose renewal was applied, after they had ended.
//!
//! The licence is the one of the same applicant for the same matter that ends last of those that were there before; where one
//! of them was still valid nothing is told.

use super::super::applicants::{Deal, same_applicant_and_matter};
use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::rule::Rule;
use crate::record::Outcome;

/// Adds what is found among the cases of applicants.
pub(in super::super) fn used_after_expiry(deals: &mut [Deal], found: &mut Vec<Draft>) {
    same_applicant_and_matter(deals, |deals| {
        for deal in deals {
            let rule = match deal.outcome {
                Some(Outcome::Renewed) => Rule::RenewalAfterExpiry,
                Some(Outcome::Changed) => Rule::LicenceUsedAfterExpiry,
                _ => continue,
            };
            let Some(applied_on) = deal.applied.or(deal.decided) else {
                continue;
            };
            let earlier = deals
                .iter()
                .filter(|other| other.case != deal.case && other.left_licence())
                .filter(|other| other.decided.is_some_and(|decided| decided < applied_on));
            let last = earlier.clone().max_by_key(|other| (other.valid_until, other.case));
            let Some((before, Some(ended_on))) = last.map(|last| (last, last.valid_until)) else {
                continue;
            };
            // One of which nobody knows the end may have been valid.
            if ended_on >= applied_on || earlier.clone().any(|other| other.valid_until.is_none()) {
                continue;
            }
            let detail = Detail::Ended { ended_on, applied_on };
            let doubtful = before.is_doubtful() || deal.is_doubtful();
            let draft = Draft::new(rule, deal.case.to_string(), vec![deal.case, before.case], detail);
            found.push(draft.doubtful(doubtful));
        }
    });
}
