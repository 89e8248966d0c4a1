//! Retention periods that are too short: shorter than the table says (`retention.tsv`), or, for a matter that it does not
//! name, shorter than nearly all cases of the matter are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::examine::Reference;
use super::super::names::Names;
use super::super::rule::{Rule, Severity};
use super::super::seen::{Examiner, SeenCase};
use crate::record::{FieldName, Outcome, Retention};

/// Cases of a matter and outcome from which on they show a habit.
const LEAST_CASES: u32 = 40;
/// One case of so many may differ while the others show a habit.
const ONE_OF: u32 = 33;

#[derive(Clone, Debug)]
struct Short {
    case: u64,
    code: Box<str>,
    retention: Retention,
    doubtful: bool,
}

/// The retention periods of the cases of one matter and outcome that the table does not name.
#[derive(Debug, Default)]
struct Group {
    /// How many have each, in the order of [`Retention::ALL`].
    counts: [u32; 3],
    /// Those that are not kept for ever, as long as they may be few.
    short: Vec<Short>,
}

/// What was found of retention periods.
pub(in super::super) struct Retentions {
    reference: Arc<Reference>,
    found: Vec<Draft>,
    groups: BTreeMap<(u32, Option<Outcome>), [Group; 2]>,
}

/// Place in [`Retention::ALL`], the longest first.
fn rank(retention: Retention) -> usize {
    Retention::ALL.iter().position(|other| *other == retention).unwrap_or(0)
}

fn draft(short: &Short, least: Retention, by_table: bool) -> Draft {
    let detail = Detail::Retention {
        is: short.retention,
        least,
        by_table,
    };
    let draft = Draft::new(Rule::RetentionTooShort, &*short.code, vec![short.case], detail);
    let draft = if by_table { draft } else { draft.of(Severity::Low) };
    draft.doubtful(short.doubtful)
}

impl Retentions {
    pub(in super::super) fn new(reference: Arc<Reference>) -> Self {
        Self {
            reference,
            found: Vec::new(),
            groups: BTreeMap::new(),
        }
    }
}

impl Examiner for Retentions {
    fn see(&mut self, case: &SeenCase<'_>) {
        let Some(retention) = case.row.fields.retention else {
            return;
        };
        let outcome = case.row.fields.outcome;
        let doubtful = case.is_doubtful(FieldName::Retention);
        let short = || Short {
            case: case.key(),
            code: case.code().into(),
            retention,
            doubtful,
        };
        let matter = case.row.fields.matter.as_deref();
        if let Some(least) = self.reference.least_retention(matter, outcome) {
            if rank(retention) > rank(least) {
                self.found.push(draft(&short(), least, true));
            }
            return;
        }
        let Some(matter) = case.matter else { return };
        // Two groups: which of the shorter ones may be the exceptions is only known at the end.
        let groups = self.groups.entry((matter, outcome)).or_default();
        for (longest, group) in groups.iter_mut().enumerate() {
            group.counts[rank(retention)] += 1;
            if rank(retention) > longest {
                group.short.push(short());
            }
            let all: u32 = group.counts.iter().sum();
            let few = usize::try_from(LEAST_CASES.max(all)).unwrap_or(usize::MAX);
            if group.short.len() > few {
                group.short.truncate(few);
            }
        }
    }

    fn tell(&mut self, _: &Names, found: &mut Vec<Draft>) {
        found.append(&mut self.found);
        for groups in std::mem::take(&mut self.groups).into_values() {
            for (longest, group) in groups.into_iter().enumerate() {
                let all: u32 = group.counts.iter().sum();
                let shorter: u32 = group.counts.iter().skip(longest + 1).sum();
                let usual = group.counts[longest];
                if all < LEAST_CASES || shorter == 0 || shorter * ONE_OF > all || usual * 10 < all * 9 {
                    continue;
                }
                let least = Retention::ALL[longest];
                found.extend(group.short.iter().map(|short| draft(short, least, false)));
                break;
            }
        }
    }
}
