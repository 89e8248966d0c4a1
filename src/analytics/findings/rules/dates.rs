//! Dates that are not in the order of the stages, and decisions on days off.

use std::sync::Arc;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::examine::Reference;
use super::super::names::Names;
use super::super::rule::Rule;
use super::super::seen::{Examiner, SeenCase};
use crate::record::FieldName::{self, AcceptedOn, AppliedOn, DecidedOn, ServedOn, ValidFrom, ValidUntil};

/// Two fields of which the first must not lie before the second.
const ORDER: [(FieldName, FieldName); 6] = [
    (DecidedOn, AcceptedOn),
    (AcceptedOn, AppliedOn),
    (DecidedOn, AppliedOn),
    (ServedOn, DecidedOn),
    (ValidUntil, ValidFrom),
    (ValidUntil, DecidedOn),
];

/// What was found of dates.
pub(in super::super) struct Dates {
    reference: Arc<Reference>,
    found: Vec<Draft>,
}

impl Dates {
    pub(in super::super) fn new(reference: Arc<Reference>) -> Self {
        Self {
            reference,
            found: Vec::new(),
        }
    }

    fn see_order(&mut self, case: &SeenCase<'_>) {
        let mut told = false;
        for (earlier, later) in ORDER {
            let (Some(earlier_on), Some(later_on)) = (case.date(earlier), case.date(later)) else {
                continue;
            };
            // One wrong date is before several others: it is told once.
            if earlier_on >= later_on || (told && later == AppliedOn) {
                continue;
            }
            let decided_first = (earlier, later) == (DecidedOn, AcceptedOn);
            let (rule, subject) = match decided_first {
                true => (Rule::DecisionBeforeAcceptance, case.code().to_owned()),
                false => (Rule::DatesOutOfOrder, format!("{} {}", case.code(), earlier.code())),
            };
            let detail = Detail::Order {
                earlier,
                earlier_on,
                later,
                later_on,
            };
            let doubtful = case.is_doubtful(earlier) || case.is_doubtful(later);
            self.found
                .push(Draft::new(rule, subject, vec![case.key()], detail).doubtful(doubtful));
            told = true;
        }
    }

    fn see_day_off(&mut self, case: &SeenCase<'_>) {
        let Some(on) = case.row.fields.decided_on else { return };
        // Of a year whose holidays are not known nothing can be told.
        if self.reference.working_days().is_worked(on) != Ok(false) {
            return;
        }
        let holiday = self.reference.holiday(on);
        let detail = Detail::DayOff { on, holiday };
        let draft = Draft::new(Rule::DecisionOnDayOff, case.code(), vec![case.key()], detail);
        self.found.push(draft.doubtful(case.is_doubtful(DecidedOn)));
    }
}

impl Examiner for Dates {
    fn see(&mut self, case: &SeenCase<'_>) {
        self.see_order(case);
        self.see_day_off(case);
    }

    fn tell(&mut self, _: &Names, found: &mut Vec<Draft>) {
        found.append(&mut self.found);
    }
}
