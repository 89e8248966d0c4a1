//! Outcomes that exclude each other, named in one case.

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::names::Names;
use super::super::rule::Rule;
use super::super::seen::{Examiner, SeenCase};
use crate::record::Outcome;

/// What was found of outcomes.
#[derive(Debug, Default)]
pub(in super::super) struct Outcomes(Vec<Draft>);

/// What an outcome says of the application; outcomes that say the same do not contradict each other. A revocation or
/// cancellation comes after a decision and contradicts none.
#[derive(PartialEq, Eq)]
enum Says {
    Yes,
    No,
    Ended,
}

fn says(outcome: Outcome) -> Option<Says> {
    match outcome {
        Outcome::Granted | Outcome::Renewed | Outcome::Changed => Some(Says::Yes),
        Outcome::Refused => Some(Says::No),
        Outcome::Withdrawn | Outcome::Terminated => Some(Says::Ended),
        Outcome::Revoked | Outcome::Cancelled | Outcome::Unknown => None,
    }
}

impl Examiner for Outcomes {
    fn see(&mut self, case: &SeenCase<'_>) {
        let named: Vec<Outcome> = case.row.trace.outcomes().filter(|o| says(*o).is_some()).collect();
        let Some(first) = named.first() else { return };
        if named.iter().all(|outcome| says(*outcome) == says(*first)) {
            return;
        }
        let detail = Detail::Outcomes(named.into());
        self.0.push(Draft::new(
            Rule::OutcomeContradiction,
            case.code(),
            vec![case.key()],
            detail,
        ));
    }

    fn tell(&mut self, _: &Names, found: &mut Vec<Draft>) {
        found.append(&mut self.0);
    }
}
