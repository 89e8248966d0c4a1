//! Doubts about how a case is put together: files that may hold several documents, its contents list, its stages.

use std::collections::BTreeMap;

use super::assess::{Doubt, DoubtEvidence, Reviewed};
use super::reason::ReviewReason;
use crate::record::{ContentsDifference, DocumentKind, Fact, FieldName, Stage, StageState, contents_differences};

/// A case that shows fewer stages by documents is no whole case file: nothing can be missed in it.
const STAGES_LEAST: usize = 3;
/// How probably something is missing when a stage is: short procedures leave no paper of their review, and what is
/// handed over at the counter none of its service.
const STAGE_MISSING: f32 = 0.5;
const WEAK_STAGE_MISSING: f32 = 0.2;

impl Reviewed<'_> {
    pub(super) fn assess_assembly(&self, doubts: &mut Vec<Doubt>) {
        self.assess_files(doubts);
        self.assess_contents(doubts);
        self.assess_stages(doubts);
    }

    /// One doubt for each file, with all places that speak for it.
    fn assess_files(&self, doubts: &mut Vec<Doubt>) {
        for (field, reason) in [
            (FieldName::FurtherCase, ReviewReason::SeveralCases),
            (FieldName::BoundTitle, ReviewReason::VolumeSuspected),
        ] {
            let mut files: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
            for fact in self.facts.iter().filter(|fact| fact.field == field) {
                if let Some(evidence) = &fact.evidence {
                    files.entry(&evidence.file_sha256).or_default().push(fact);
                }
            }
            for (file, facts) in files {
                doubts.push(Doubt {
                    reason,
                    field: None,
                    probability: facts.iter().map(|fact| fact.confidence()).fold(0.0, f32::max),
                    evidence: self.places(facts.iter().copied()),
                    about: file.to_owned(),
                });
            }
        }
    }

    fn assess_contents(&self, doubts: &mut Vec<Doubt>) {
        let count = |pages: usize| u32::try_from(pages).unwrap_or(u32::MAX);
        let pages: Vec<(u32, u32)> = self
            .documents
            .iter()
            .map(|d| (d.document, count(d.pages.len())))
            .collect();
        for difference in contents_differences(self.facts, &pages) {
            let fact = difference.fact();
            let (reason, document, about) = match difference {
                ContentsDifference::Missing { .. } => (ReviewReason::ContentsMissing, None, fact.value.clone()),
                ContentsDifference::Undeclared { .. } => (ReviewReason::ContentsUndeclared, None, fact.value.clone()),
                ContentsDifference::Pages { document, found, .. }
                | ContentsDifference::FirstPage { document, found, .. } => {
                    let about = format!("{} {found}", fact.value);
                    (ReviewReason::ContentsPages, Some(document), about)
                }
            };
            let mut evidence = self.places([fact]);
            evidence.extend(document.map(|document| DoubtEvidence {
                document,
                page: None,
                area: None,
            }));
            doubts.push(Doubt {
                reason,
                field: None,
                probability: fact.confidence(),
                evidence,
                about,
            });
        }
    }

    /// One doubt for all stages of a case that are missing.
    fn assess_stages(&self, doubts: &mut Vec<Doubt>) {
        let kinds: Vec<(u32, DocumentKind)> = self.documents.iter().map(|d| (d.document, d.kind)).collect();
        let stages = Stage::of_case(self.fields, &kinds);
        let documented = stages
            .iter()
            .filter(|stage| stage.state == StageState::Documented)
            .count();
        let missing: Vec<Stage> = stages
            .iter()
            .filter(|stage| stage.state == StageState::Missing)
            .map(|stage| stage.stage)
            .collect();
        if documented < STAGES_LEAST || missing.is_empty() {
            return;
        }
        let weak = missing
            .iter()
            .all(|stage| matches!(stage, Stage::Review | Stage::Service));
        let codes: Vec<&str> = missing.iter().map(|stage| stage.code()).collect();
        doubts.push(Doubt {
            reason: ReviewReason::MissingStage,
            field: None,
            probability: if weak { WEAK_STAGE_MISSING } else { STAGE_MISSING },
            evidence: Vec::new(),
            about: codes.join(" "),
        });
    }
}
