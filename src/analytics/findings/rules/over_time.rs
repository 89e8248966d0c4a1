//! Decided later than the law allows, by the clock of the statistics.
//!
//! Dates alone tell which cases may be late; whether the limit of one was extended, or part of the time does not count, stands
//! in its documents, which are read of these cases only.

use std::sync::Arc;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::examine::Reference;
use super::super::rule::{Rule, Severity};
use super::super::seen::SeenCase;
use crate::analytics::{CaseTimes, TimeLimit, TimeResult, Yardstick, special_times};
use crate::catalogue::{self, Catalogue};
use crate::record::{CivilDate, FieldName};

/// Cases whose documents are read at most; more are told unread, to be checked. They take a millisecond or so each.
const MOST_READ: usize = 20_000;
/// Cases read at a time.
const AT_A_TIME: usize = 64;

/// A case that is late unless its documents say otherwise.
struct Late {
    case: u64,
    code: Box<str>,
    accepted_on: CivilDate,
    decided_on: CivilDate,
    limit: TimeLimit,
    doubtful: bool,
}

/// Cases that may be late.
pub(in super::super) struct OverTime {
    reference: Arc<Reference>,
    late: Vec<Late>,
}

impl OverTime {
    pub(in super::super) fn new(reference: Arc<Reference>) -> Self {
        Self {
            reference,
            late: Vec::new(),
        }
    }

    /// Takes notice of a case that may be seen.
    pub(in super::super) fn see(&mut self, case: &SeenCase<'_>) {
        let fields = &case.row.fields;
        let (Some(accepted_on), Some(decided_on)) = (fields.accepted_on, fields.decided_on) else {
            return;
        };
        let (matter, agency) = (fields.matter.as_deref(), fields.agency.as_deref());
        let limit = self.reference.clock.limit(matter, agency, accepted_on);
        let late = Late {
            case: case.key(),
            code: case.code().into(),
            accepted_on,
            decided_on,
            limit,
            doubtful: case.is_doubtful(FieldName::AcceptedOn) || case.is_doubtful(FieldName::DecidedOn),
        };
        if self.judge(&late, false, &[]).is_some() {
            self.late.push(late);
        }
    }

    /// Working days taken and allowed of a case that is late.
    fn judge(&self, late: &Late, extended: bool, excluded: &[crate::analytics::ExcludedTime]) -> Option<(u32, u32)> {
        let times = CaseTimes {
            accepted_on: Some(late.accepted_on),
            decided_on: Some(late.decided_on),
            extended,
            excluded,
        };
        match self.reference.clock.judge(times, late.limit, Yardstick::Law) {
            TimeResult::Over { used, limit } => Some((used, limit)),
            TimeResult::Within { .. } | TimeResult::Unknown(_) => None,
        }
    }

    /// Reads the documents of the cases that may be late, and tells which are.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub(in super::super) async fn tell(
        &mut self,
        catalogue: &Catalogue,
        found: &mut Vec<Draft>,
    ) -> catalogue::Result<()> {
        let late = std::mem::take(&mut self.late);
        let (read, unread) = late.split_at(late.len().min(MOST_READ));
        for some in read.chunks(AT_A_TIME) {
            let keys: Vec<u64> = some.iter().map(|late| late.case).collect();
            for (key, case) in catalogue.load_texts(&keys).await? {
                let Some(late) = some.iter().find(|late| late.case == key) else {
                    continue;
                };
                let special = special_times(&case);
                if let Some(days) = self.judge(late, special.extended, &special.excluded) {
                    found.push(draft(late, days).doubtful(late.doubtful));
                }
            }
        }
        for late in unread {
            if let Some(days) = self.judge(late, false, &[]) {
                found.push(draft(late, days).of(Severity::Check));
            }
        }
        Ok(())
    }
}

fn draft(late: &Late, (taken, allowed): (u32, u32)) -> Draft {
    Draft::new(
        Rule::OverTime,
        &*late.code,
        vec![late.case],
        Detail::Days { taken, allowed },
    )
}
