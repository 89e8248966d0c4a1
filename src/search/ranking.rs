//! What makes a matching case better than another.
//!
//! Words count by BM25, the letters as typed by where they stand, with more weight in the fields that say what the case
//! is. All weights stand in one table; decision 0141 says what was tried.

use std::sync::Arc;

use tantivy::Term as IndexTerm;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::index::TextField;
use crate::record::DocumentKind;

use super::plan::{Plan, Planner, number_parts, number_term, phrase, scored, text_term};
use super::tolerance::{Chosen, ChosenQuery};
use super::tree::{Scope, Term, Value};

/// What a field is worth: its words, as a factor of BM25, and the letters of a term one after the other.
#[derive(Clone, Copy)]
struct Weight {
    words: f32,
    letters: f32,
}

const TITLE: Weight = Weight {
    words: 3.0,
    letters: 8.0,
};
const APPLICANT: Weight = Weight {
    words: 2.5,
    letters: 7.0,
};
const MATTER: Weight = Weight {
    words: 2.0,
    letters: 4.0,
};
const AGENCY: Weight = Weight {
    words: 2.0,
    letters: 3.0,
};
const BODY: Weight = Weight {
    words: 0.5,
    letters: 2.0,
};
/// What the letters add in one of the case's numbers.
const NUMBER: f32 = 10.0;
/// What a value of the case's own adds to the score: more than words can.
const OWN_VALUE: f32 = 40.0;
/// What a part of a document number, or a date of the case, adds.
const PART_OF_NUMBER: f32 = 15.0;
/// What the year of the case adds to a lone year.
const OWN_YEAR: f32 = 12.0;
/// What a case with a decision is worth more than one with attachments only: it decides between hits that are about
/// equally good.
const DECIDED: f32 = 0.5;

impl Planner<'_> {
    /// What makes a matching case better than another: words by BM25, with more weight in the fields that say what
    /// the case is, and the letters as typed in those fields.
    ///
    /// `on_pages` are the cases that hold the letters on their pages, where that is known: to look for a long phrase
    /// takes longer than all else.
    pub(super) fn ranking(&self, term: &Term, on_pages: Option<&Arc<Chosen>>) -> Vec<Plan> {
        let f = self.fields;
        let mut ranking: Vec<Plan> = Vec::new();
        let texts: &[(TextField, Weight)] = match term.scope {
            Scope::Everywhere => &[
                (f.title, TITLE),
                (f.applicant, APPLICANT),
                (f.matter_text, MATTER),
                (f.agency_text, AGENCY),
                (f.body, BODY),
            ],
            Scope::Applicant => &[(f.applicant, APPLICANT)],
            Scope::Matter => &[(f.matter_text, MATTER)],
            Scope::Agency => &[(f.agency_text, AGENCY)],
            Scope::DocumentNumber | Scope::ArchivalCode | Scope::AcceptanceNumber => &[],
        };
        for (field, weight) in texts {
            for word in &term.words {
                let frequency = TermQuery::new(
                    IndexTerm::from_field_text(field.of_word(word), word),
                    IndexRecordOption::WithFreqs,
                );
                ranking.push(Box::new(BoostQuery::new(Box::new(frequency), weight.words)));
            }
            let letters = match on_pages {
                Some(known) if field.words == f.body.words => Box::new(ChosenQuery(Arc::clone(known))),
                _ => phrase(field.grams, &term.letters),
            };
            ranking.push(scored(letters, weight.letters));
        }
        if term.scope == Scope::Everywhere {
            let numbers = [
                f.document_number_grams,
                f.archival_code_grams,
                f.acceptance_number_grams,
            ];
            ranking.extend(
                numbers
                    .into_iter()
                    .map(|field| scored(phrase(field, &term.letters), NUMBER)),
            );
        }
        for value in &term.values {
            let (own, score) = match value {
                Value::DocumentNumber(number) => (text_term(f.document_number, &number.to_string()), OWN_VALUE),
                Value::ArchivalCode(code) => (text_term(f.archival_code, code.as_str()), OWN_VALUE),
                Value::AcceptanceNumber(number) => (text_term(f.acceptance_number, number), OWN_VALUE),
                Value::NumberParts(parts) => (number_parts(f, parts), PART_OF_NUMBER),
                Value::Date(date) => (number_term(f.case_date, date.as_number()), PART_OF_NUMBER),
                Value::Year(year) => (text_term(f.year, &year.to_string()), OWN_YEAR),
            };
            ranking.push(scored(own, score));
        }
        ranking
    }

    /// The same cases; those with a decision before those with attachments only.
    pub(super) fn decided_first(&self, cases: Plan) -> Plan {
        let decision = text_term(self.fields.document_kind, DocumentKind::Decision.code());
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, cases),
            (Occur::Should, scored(decision, DECIDED)),
        ]))
    }
}
