//! Identity numbers and credit codes with a wrong check digit.

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::names::Names;
use super::super::rule::Rule;
use super::super::seen::{Examiner, SeenCase};
use crate::catalogue::NumberState;
use crate::record::FieldName;

/// What was found of check digits.
#[derive(Debug, Default)]
pub(in super::super) struct CheckDigits(Vec<Draft>);

impl Examiner for CheckDigits {
    fn see(&mut self, case: &SeenCase<'_>) {
        let trace = &case.row.trace;
        let applicant = trace.number_state == NumberState::Invalid;
        if !applicant && trace.invalid_persons == 0 {
            return;
        }
        let detail = Detail::CheckDigits {
            applicant,
            persons: trace.invalid_persons.into(),
        };
        let doubtful = match applicant {
            true => case.is_doubtful(FieldName::ApplicantIdNumber),
            false => trace.persons_doubtful,
        };
        let draft = Draft::new(Rule::InvalidNumber, case.code(), vec![case.key()], detail);
        self.0.push(draft.doubtful(doubtful));
    }

    fn tell(&mut self, _: &Names, found: &mut Vec<Draft>) {
        found.append(&mut self.0);
    }
}
