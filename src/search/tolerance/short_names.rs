//! A word of two letters of which one was misread: nothing of its own tells it from another. But who has the number that
//! stands beside the word elsewhere, and has something like the word in the same place beside it, is the same.

use std::collections::{BTreeSet, HashSet};

use tantivy::DocId;
use tantivy::Term as IndexTerm;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use crate::search::plan::{Plan, Planner, all, any};
use crate::search::tree::Scope;
use crate::search::{Error, person_number};

use super::context::{Context, beside, is_number};
use super::term_search::{BySegment, TermSearch, count};
use super::{LEAST_LETTERS, Resolved};

/// Words in more cases than this are no names.
const MOST_CASES: f32 = 200.0;
/// Most parts of numbers by which cases are looked up.
const MOST_NUMBERS: usize = 200;
/// Most numbers of persons by which they are.
const MOST_PERSONS: usize = 24;
/// Letters next to a word that must be the same, on one side.
const NEXT: usize = 2;

impl TermSearch<'_> {
    /// Whether the word is looked for so.
    pub(super) fn is_short_name(&self) -> bool {
        let letters = self.chars.len() == LEAST_LETTERS - 1 && self.chars.iter().all(|c| !c.is_ascii());
        letters && self.term.scope == Scope::Everywhere && !self.term.quoted && {
            let holding = self.holding(&self.chars);
            (1.0..=MOST_CASES).contains(&holding)
        }
    }

    /// Cases that hold the word as typed, and those that hold it misread beside the same numbers.
    pub(super) fn run_short(&self, planner: &Planner<'_>) -> Result<Resolved, Error> {
        let (exact, resolved) = self.as_typed(planner)?;
        let (context, around) = self.context_and_examples(&exact, std::iter::empty())?;
        let mut numbers = context.numbers();
        numbers.truncate(MOST_NUMBERS);
        if numbers.is_empty() {
            return Ok(resolved);
        }
        let mut places: Vec<Plan> = numbers.iter().map(|number| self.holds(number)).collect();
        places.extend(self.of_persons(&context, &around));
        let cases = self.search(any(places).as_ref())?;
        let known = |segment: usize, doc: &DocId| exact[segment].binary_search(doc).is_ok();
        let cases = cases.iter().enumerate();
        let cases = cases.flat_map(|(segment, docs)| docs.iter().map(move |doc| (segment, *doc)));
        let seen = self.look_at(cases.filter(|(segment, doc)| !known(*segment, doc)))?;
        let (mut before, mut after): (HashSet<&[u16]>, HashSet<&[u16]>) = (HashSet::new(), HashSet::new());
        for around in &around {
            let next = beside(around, NEXT);
            before.extend(next.0);
            after.extend(next.1);
        }
        let mut tolerant: BySegment = self.nothing();
        for seen in &seen {
            let same_place = |around: &Vec<u16>| {
                let next = beside(around, NEXT);
                let placed =
                    next.0.is_some_and(|next| before.contains(next)) || next.1.is_some_and(|next| after.contains(next));
                placed && context.shares_a_number(around)
            };
            if self.around(seen)?.iter().any(same_place) {
                tolerant[seen.segment].push((seen.doc, super::BELIEVED));
            }
        }
        Ok(if count(&tolerant) == 0 {
            resolved
        } else {
            Resolved {
                tolerant: Some(self.chosen(tolerant.into_iter())),
                ..resolved
            }
        })
    }

    /// Where numbers of persons stand again that stand beside the word, misread or not; their parts are in no postings.
    fn of_persons(&self, context: &Context, around: &[Vec<u16>]) -> Option<Plan> {
        let keeper = self.analyser.numbers()?;
        let whole: BTreeSet<String> = around.iter().flat_map(|around| context.tied_numbers(around)).collect();
        let fields = &self.snapshot.fields;
        person_number::like(fields, keeper.as_ref(), whole.iter().take(MOST_PERSONS))
    }

    /// Where both halves of a part of a number stand.
    fn holds(&self, number: &[u16]) -> Plan {
        debug_assert!(is_number(number));
        let field = self.snapshot.fields.body.grams;
        let halves = number.chunks(number.len() / 2).map(|half| {
            let term = IndexTerm::from_field_text(field.of_length(half.len()), &String::from_utf16_lossy(half));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Plan
        });
        all(halves.collect())
    }
}
