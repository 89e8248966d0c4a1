//! What applicants did in the archive, case by case.

use super::draft::Draft;
use super::names::Names;
use super::rules::{refused_then_granted, several_names, several_numbers, used_after_expiry};
use super::seen::{Examiner, SeenCase};
use crate::catalogue::NumberState;
use crate::record::{ApplicantKind, CivilDate, FieldName, Outcome};

/// What one case says of its applicant: some 72 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Deal {
    pub(super) case: u64,
    pub(super) name: u64,
    pub(super) number: u64,
    pub(super) born: u32,
    pub(super) state: NumberState,
    pub(super) kind: Option<ApplicantKind>,
    pub(super) place: Option<u32>,
    pub(super) matter: Option<u32>,
    pub(super) outcome: Option<Outcome>,
    pub(super) applied: Option<CivilDate>,
    pub(super) decided: Option<CivilDate>,
    pub(super) valid_until: Option<CivilDate>,
    pub(super) doubtful_name: bool,
    pub(super) doubtful_number: bool,
    pub(super) doubtful_course: bool,
}

impl Deal {
    fn of(case: &SeenCase<'_>) -> Self {
        let (fields, trace) = (&case.row.fields, &case.row.trace);
        let course = [
            FieldName::Matter,
            FieldName::Outcome,
            FieldName::AppliedOn,
            FieldName::DecidedOn,
            FieldName::ValidUntil,
        ];
        Self {
            case: case.key(),
            name: trace.name,
            number: trace.number,
            born: trace.born,
            state: trace.number_state,
            kind: fields.applicant_kind,
            place: case.place,
            matter: case.matter,
            outcome: fields.outcome,
            applied: fields.applied_on.or(fields.accepted_on),
            decided: fields.decided_on,
            valid_until: fields.valid_until,
            doubtful_name: case.is_doubtful(FieldName::ApplicantName),
            doubtful_number: case.is_doubtful(FieldName::ApplicantIdNumber),
            doubtful_course: course.iter().any(|field| case.is_doubtful(*field)),
        }
    }

    /// Whether it may be of another applicant, or another course, than it says.
    pub(super) fn is_doubtful(&self) -> bool {
        self.doubtful_course || self.doubtful_number || (self.who().0 && self.doubtful_name)
    }

    /// Whether it left a licence behind.
    pub(super) fn left_licence(&self) -> bool {
        matches!(
            self.outcome,
            Some(Outcome::Granted | Outcome::Renewed | Outcome::Changed)
        )
    }

    /// Who applied: by the number, else by the name of an organisation, with `true` before it; 0 when it is not known.
    fn who(&self) -> (bool, u64) {
        match self.state {
            NumberState::Identity | NumberState::Credit => (false, self.number),
            _ if self.kind == Some(ApplicantKind::LegalPerson) => (true, self.name),
            _ => (true, 0),
        }
    }
}

/// What all applicants did.
#[derive(Debug)]
pub(super) struct Applicants {
    months: u32,
    deals: Vec<Deal>,
}

impl Applicants {
    /// With the months in which a grant after a refusal is told.
    pub(super) fn new(months: u32) -> Self {
        Self {
            months,
            deals: Vec::new(),
        }
    }
}

impl Examiner for Applicants {
    fn see(&mut self, case: &SeenCase<'_>) {
        if case.row.trace.name != 0 || case.row.trace.number != 0 {
            self.deals.push(Deal::of(case));
        }
    }

    fn tell(&mut self, names: &Names, found: &mut Vec<Draft>) {
        let mut deals = std::mem::take(&mut self.deals);
        several_numbers(&mut deals, names, found);
        several_names(&mut deals, found);
        refused_then_granted(&mut deals, self.months, found);
        used_after_expiry(&mut deals, found);
    }
}

/// Calls with each group of several deals that have the same key, of those that are wanted.
pub(super) fn groups<K: Ord>(
    deals: &mut [Deal],
    wanted: impl Fn(&Deal) -> bool,
    key: impl Fn(&Deal) -> K,
    mut each: impl FnMut(&[Deal]),
) {
    // In place: there may be millions.
    deals.sort_unstable_by(|a, b| {
        let order = |deal: &Deal| (!wanted(deal), key(deal), deal.case);
        order(a).cmp(&order(b))
    });
    let count = deals.partition_point(|deal| wanted(deal));
    let wanted = deals.get(..count).unwrap_or_default();
    for group in wanted.chunk_by(|a, b| key(a) == key(b)) {
        if group.len() > 1 {
            each(group);
        }
    }
}

/// Calls with the deals of each applicant in one matter.
pub(super) fn same_applicant_and_matter(deals: &mut [Deal], each: impl FnMut(&[Deal])) {
    let known = |deal: &Deal| deal.who().1 != 0 && deal.matter.is_some();
    groups(deals, known, |deal| (deal.who(), deal.matter), each);
}
