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
            (FieldName::UnreadContents, ReviewReason::ContentsUnread),
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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::{ReviewedDocument, assess};
    use super::*;
    use crate::record::{CaseFields, DeclaredDocument, Evidence, FactSource, Outcome};

    fn fact(field: FieldName, value: String, page: u32) -> Fact {
        Fact {
            field,
            value,
            as_read: None,
            source: FactSource::Extraction,
            origin: "test".into(),
            evidence: Some(Evidence {
                file_sha256: "a".repeat(64),
                page,
                area: None,
                confidence: 0.95,
            }),
        }
    }

    /// Reasons without those about fields, which a case without fields has plenty of.
    fn reasons(fields: &CaseFields, facts: &[Fact], kinds: &[DocumentKind]) -> Vec<(&'static str, f32)> {
        let content = "a".repeat(64);
        let documents = (1..).zip(kinds).map(|(document, kind)| ReviewedDocument {
            document,
            kind: *kind,
            content_id: Some(&content),
            failure: None,
            pages: Cow::Borrowed(&[]),
        });
        let doubts = assess(&Reviewed {
            fields,
            facts,
            documents: documents.collect(),
            unplaced: Vec::new(),
        });
        let told = doubts.iter().filter(|doubt| doubt.field.is_none());
        told.map(|doubt| (doubt.reason.code(), doubt.probability)).collect()
    }

    use DocumentKind::{AcceptanceNotice, Application, Decision, Review, ServiceReceipt};

    #[test]
    fn each_file_and_each_difference_is_one_doubt() {
        let missing = DeclaredDocument {
            title: "听证笔录".into(),
            ..DeclaredDocument::default()
        };
        let facts = [
            fact(FieldName::BoundTitle, "申请书".into(), 1),
            fact(FieldName::BoundTitle, "决定书".into(), 5),
            fact(FieldName::DeclaredDocument, missing.to_string(), 1),
            fact(FieldName::UndeclaredDocument, "照片".into(), 2),
        ];
        let told = reasons(&CaseFields::default(), &facts, &[Decision]);
        let codes: Vec<&str> = told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["volume_suspected", "contents_missing", "contents_undeclared"]);
    }

    #[test]
    fn a_whole_case_file_misses_its_stages_and_a_withdrawn_one_does_not() {
        let fields = CaseFields::default();
        let told = |kinds: &[DocumentKind]| reasons(&fields, &[], kinds);
        assert_eq!(told(&[Application, Decision]), [], "too few papers to miss any");
        assert_eq!(
            told(&[Application, Review, Decision]),
            [("missing_stage", STAGE_MISSING)]
        );
        assert_eq!(
            told(&[Application, AcceptanceNotice, Review, Decision]),
            [("missing_stage", WEAK_STAGE_MISSING)]
        );
        assert_eq!(
            told(&[Application, AcceptanceNotice, Review, Decision, ServiceReceipt]),
            []
        );
        let withdrawn = CaseFields {
            outcome: Some(Outcome::Withdrawn),
            ..CaseFields::default()
        };
        assert_eq!(reasons(&withdrawn, &[], &[Application, AcceptanceNotice, Decision]), []);
    }
}
