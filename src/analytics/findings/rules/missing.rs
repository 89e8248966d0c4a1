//! Stages and documents that are missing.
//!
//! What the law asks for is missed in a case when it is the habit of its agency to have it: where more than a fifth of the
//! cases that should have a document do not, it is told once of the agency, with all of these cases, and not of each.

use std::collections::BTreeMap;

use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::names::Names;
use super::super::rule::{Rule, Severity};
use super::super::seen::{Examiner, SeenCase};
use crate::record::{DocumentKind, Outcome, Stage};

/// A document that the law asks for, and the stage that it shows.
const ASKED_FOR: [(DocumentKind, Stage); 5] = [
    (DocumentKind::Application, Stage::Application),
    (DocumentKind::AcceptanceNotice, Stage::Acceptance),
    (DocumentKind::Review, Stage::Review),
    (DocumentKind::Decision, Stage::Decision),
    (DocumentKind::ServiceReceipt, Stage::Service),
];

/// Of so many cases one may lack a document before it is a habit.
const ONE_OF: u32 = 5;

#[derive(Clone, Copy, Debug)]
struct Lacking {
    case: u64,
    agency: Option<u32>,
    /// Bits of [`ASKED_FOR`]: the stage is missing, or only its document.
    stages: u8,
    documents: u8,
    doubtful: bool,
}

/// What is missing.
#[derive(Debug, Default)]
pub(in super::super) struct Missing {
    lacking: Vec<Lacking>,
    codes: Vec<Box<str>>,
    /// Cases that should have a document, and those that do not have it or not even its stage, by agency and document.
    counts: BTreeMap<(Option<u32>, usize), (u32, u32)>,
}

impl Examiner for Missing {
    fn see(&mut self, case: &SeenCase<'_>) {
        let fields = &case.row.fields;
        let withdrawn = fields.outcome == Some(Outcome::Withdrawn);
        let mut lacking = Lacking {
            case: case.key(),
            agency: case.agency,
            stages: 0,
            documents: 0,
            doubtful: false,
        };
        for (at, (kind, stage)) in ASKED_FOR.iter().enumerate() {
            // A case that was withdrawn ends there, and one without an outcome may still go on.
            let ended = withdrawn && *stage > Stage::Application;
            let open = fields.outcome.is_none() && fields.decided_on.is_none() && *stage > Stage::Acceptance;
            if ended || open {
                continue;
            }
            let count = self.counts.entry((case.agency, at)).or_default();
            count.0 += 1;
            // What was seen on the spot is a review, too; a licence shows the decision, but is none.
            let shown = case.has(*kind) || (*kind == DocumentKind::Review && case.has(DocumentKind::Inspection));
            if shown {
                continue;
            }
            count.1 += 1;
            let date = match stage {
                Stage::Application => fields.applied_on,
                Stage::Acceptance => fields.accepted_on,
                Stage::Decision => fields.decided_on,
                Stage::Service => fields.served_on,
                _ => None,
            };
            let licence = *stage == Stage::Decision && case.has(DocumentKind::Licence);
            match date.is_some() || licence {
                true => lacking.documents |= 1 << at,
                false => lacking.stages |= 1 << at,
            }
        }
        if lacking.stages | lacking.documents != 0 {
            // It may be there, under a title that was not understood.
            lacking.doubtful = case.has(DocumentKind::Other) || case.row.documents.is_empty();
            self.lacking.push(lacking);
            self.codes.push(case.code().into());
        }
    }

    fn tell(&mut self, names: &Names, found: &mut Vec<Draft>) {
        let habits: BTreeMap<(Option<u32>, usize), (u32, u32)> = std::mem::take(&mut self.counts)
            .into_iter()
            .filter(|(_, (of, lacking))| *lacking > 1 && lacking * ONE_OF > *of)
            .collect();
        let mut of_habits: BTreeMap<(Option<u32>, usize), Vec<u64>> = BTreeMap::new();
        for (lacking, code) in self.lacking.drain(..).zip(self.codes.drain(..)) {
            let mut of_case = [lacking.stages, lacking.documents];
            for at in 0..ASKED_FOR.len() {
                if habits.contains_key(&(lacking.agency, at)) && (of_case[0] | of_case[1]) & 1 << at != 0 {
                    of_habits.entry((lacking.agency, at)).or_default().push(lacking.case);
                    of_case = of_case.map(|bits| bits & !(1 << at));
                }
            }
            let of = |bits: u8| {
                let asked = ASKED_FOR.iter().enumerate();
                asked
                    .filter(move |(at, _)| bits & 1 << at != 0)
                    .map(|(_, asked)| *asked)
            };
            let [stages, documents] = of_case;
            if stages != 0 {
                let detail = Detail::Stages(of(stages).map(|(_, stage)| stage).collect());
                let draft = Draft::new(Rule::MissingStage, &*code, vec![lacking.case], detail);
                found.push(draft.doubtful(lacking.doubtful));
            }
            if documents != 0 {
                let detail = Detail::Documents(of(documents).map(|(kind, _)| kind).collect());
                let draft = Draft::new(Rule::MissingDocument, &*code, vec![lacking.case], detail);
                found.push(draft.doubtful(lacking.doubtful));
            }
        }
        for ((agency, at), cases) in of_habits {
            let Some(((kind, _), (of, lacking))) = ASKED_FOR.get(at).zip(habits.get(&(agency, at))) else {
                continue;
            };
            let name = agency.map_or("", |agency| names.name(agency));
            let detail = Detail::Habit {
                kind: *kind,
                lacking: *lacking,
                of: *of,
            };
            let subject = format!("{name} {}", kind.code());
            let mut draft = Draft::new(Rule::MissingDocument, subject, cases, detail).of(Severity::Low);
            draft.of_many = true;
            found.push(draft);
        }
    }
}
