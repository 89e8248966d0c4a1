//! A case → its doubts.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::reason::{EXPECTED, ReviewReason, cost_of_field, has_check_digit};
use crate::record::{
    CaseFields, CreditCode, DocumentKind, Fact, FactSource, FieldName, IdNumber, PageRecord, PixelBox,
};

/// Below this confidence the value of a key field needs eyes.
const SURE: f32 = 0.9;
/// A value counts as contradicting when it is at least so sure compared with the one that won.
const COMPARABLE: f32 = 0.6;

/// A case as it is looked at: its fields as resolved, its facts with the corrections, its pages with corrected lines.
pub struct Reviewed<'a> {
    /// The best value of each field.
    pub fields: &'a CaseFields,
    /// All facts, corrections among them.
    pub facts: &'a [Fact],
    /// The documents.
    pub documents: Vec<ReviewedDocument<'a>>,
    /// Corrections whose lines were not found: number, and where their text was put.
    pub unplaced: Vec<(u32, DoubtEvidence)>,
}

/// A document of a case as it is looked at.
pub struct ReviewedDocument<'a> {
    /// Position in the case, from 1.
    pub document: u32,
    /// 文种
    pub kind: DocumentKind,
    /// SHA-256 of the file or the imported text.
    pub content_id: Option<&'a str>,
    /// Why the file could not be read.
    pub failure: Option<&'a str>,
    /// The pages it shows.
    pub pages: Cow<'a, [PageRecord]>,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtEvidence {
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Page of the document's file; `None` for the document as a whole.
    pub page: Option<u32>,
    /// Box in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: Option<PixelBox>,
}

/// One thing that needs eyes.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Why.
    pub reason: ReviewReason,
    /// The field it is about.
    pub field: Option<FieldName>,
    /// How probable it is that something is wrong, 0 to 1.
    pub probability: f32,
    /// Where to look, the best place first; empty when there is no place.
    pub evidence: Vec<DoubtEvidence>,
    /// What the doubt hangs on, e.g. the doubtful value: with another one it is another doubt. May be personal; it is
    /// not stored.
    pub about: String,
}

impl Doubt {
    /// Cost × probability, 0 to 10: the rank in the queue.
    pub fn score(&self) -> f32 {
        let share = self.field.map_or(1.0, |field| cost_of_field(field).unwrap_or(0.3));
        self.reason.cost() * share * self.probability
    }
}

/// Everything about a case that needs eyes, each thing once.
pub fn assess(case: &Reviewed<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for field in FieldName::ALL {
        assess_field(case, *field, &mut doubts);
    }
    for document in &case.documents {
        case.assess_document(document, &mut doubts);
    }
    case.assess_assembly(&mut doubts);
    for (number, evidence) in &case.unplaced {
        doubts.push(Doubt {
            reason: ReviewReason::CorrectionUnplaced,
            field: None,
            probability: 1.0,
            evidence: vec![evidence.clone()],
            about: number.to_string(),
        });
    }
    doubts
}

fn assess_field(case: &Reviewed<'_>, field: FieldName, doubts: &mut Vec<Doubt>) {
    if cost_of_field(field).is_none() {
        return;
    }
    let facts: Vec<&Fact> = case.facts.iter().filter(|fact| fact.field == field).collect();
    if facts.iter().any(|fact| fact.source == FactSource::Correction) {
        // A person has looked: it is settled.
        return;
    }
    let value = case.fields.get(field);
    let Some(value) = value else {
        if let Some(found) = facts.first() {
            doubts.push(Doubt {
                reason: ReviewReason::UnreadableField,
                field: Some(field),
                probability: 1.0,
                evidence: case.places(facts.iter().copied()),
                about: found.value.clone(),
            });
        } else if EXPECTED.contains(&field) {
            doubts.push(Doubt {
                reason: ReviewReason::MissingField,
                field: Some(field),
                probability: case.should_have_decision(),
                evidence: Vec::new(),
                about: String::new(),
            });
        }
        return;
    };
    let says = |fact: &Fact| {
        let mut fields = CaseFields::default();
        if fields.set(field, &fact.value) {
            fields.get(field)
        } else {
            None
        }
    };
    let mut winners: Vec<&Fact> = facts
        .iter()
        .copied()
        .filter(|fact| says(fact).as_ref() == Some(&value))
        .collect();
    winners.sort_by(|a, b| {
        b.source
            .cmp(&a.source)
            .then_with(|| b.confidence().total_cmp(&a.confidence()))
    });
    let Some(winner) = winners.first() else { return };
    if has_check_digit(field) && !check_digit_fits(&value) {
        doubts.push(Doubt {
            reason: ReviewReason::CheckDigit,
            field: Some(field),
            probability: 0.95,
            evidence: case.places(winners.iter().copied()),
            about: value.clone(),
        });
    }
    let mut losers: Vec<&Fact> = facts
        .iter()
        .copied()
        .filter(|fact| says(fact).is_some_and(|other| other != value))
        .collect();
    losers.sort_by(|a, b| b.confidence().total_cmp(&a.confidence()));
    if let Some(loser) = losers.first()
        && loser.confidence() >= COMPARABLE * winner.confidence()
    {
        doubts.push(Doubt {
            reason: ReviewReason::Conflict,
            field: Some(field),
            // What the catalogue of the archive says was typed by a person: more often than not it is right.
            probability: match winner.source {
                FactSource::Extraction => loser.confidence() / (loser.confidence() + winner.confidence()).max(0.01),
                FactSource::Catalogue | FactSource::Correction => 0.4 * loser.confidence(),
            },
            evidence: case.places([*winner, *loser]),
            about: format!("{value}\n{}", loser.value),
        });
    }
    if winner.source == FactSource::Extraction {
        let under_seal = case.under_seal(winner);
        if winner.confidence() < SURE {
            doubts.push(Doubt {
                reason: ReviewReason::UncertainField,
                field: Some(field),
                probability: 1.0 - winner.confidence(),
                evidence: case.places([*winner]),
                about: value.clone(),
            });
        }
        if under_seal {
            doubts.push(Doubt {
                reason: ReviewReason::FieldUnderSeal,
                field: Some(field),
                probability: (1.0 - winner.confidence()).max(0.05),
                evidence: case.places([*winner]),
                about: value,
            });
        }
    }
}

/// Only numbers of 18 characters have a check digit of ours; shorter ones (passports, old registrations) have none.
fn check_digit_fits(number: &str) -> bool {
    let count = number.chars().filter(|c| !c.is_whitespace()).count();
    count != 18 || IdNumber::parse(number).is_some() || CreditCode::parse(number).is_some()
}

impl Reviewed<'_> {
    /// How surely a finished case should have what a decision says: less surely when there is no decision in it.
    fn should_have_decision(&self) -> f32 {
        let decided =
            |document: &ReviewedDocument<'_>| matches!(document.kind, DocumentKind::Decision | DocumentKind::Licence);
        if self.documents.iter().any(decided) { 1.0 } else { 0.5 }
    }

    /// Where facts stand, each place once.
    pub(super) fn places<'f>(&self, facts: impl IntoIterator<Item = &'f Fact>) -> Vec<DoubtEvidence> {
        let mut places: Vec<DoubtEvidence> = Vec::new();
        for fact in facts {
            let Some((document, page)) = self.page_of(fact) else {
                continue;
            };
            let place = DoubtEvidence {
                document: document.document,
                page: Some(page.number),
                area: fact.evidence.as_ref().and_then(|evidence| evidence.area),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    fn page_of(&self, fact: &Fact) -> Option<(&ReviewedDocument<'_>, &PageRecord)> {
        let evidence = fact.evidence.as_ref()?;
        self.documents
            .iter()
            .filter(|document| document.content_id == Some(evidence.file_sha256.as_str()))
            .find_map(|document| {
                let page = document.pages.iter().find(|page| page.number == evidence.page)?;
                Some((document, page))
            })
    }

    fn under_seal(&self, fact: &Fact) -> bool {
        let area = fact.evidence.as_ref().and_then(|evidence| evidence.area);
        let (Some(area), Some((_, page))) = (area, self.page_of(fact)) else {
            return false;
        };
        page.text.seals.iter().any(|seal| seal.area.overlaps(area))
    }
}
