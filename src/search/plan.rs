//! From meaning to queries of tantivy.
//!
//! Two queries come out of one tree: `exact` finds the cases in which every term stands as typed or as its value,
//! `tolerant` also those in which some term is found only in parts. Exact hits are taken from the first, the others
//! from the difference, so that no score can put a tolerant hit above an exact one.
//!
//! A term is matched by grams, which find every substring, and scored by words: what matches and what ranks are
//! separate queries, and filters never score.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term as IndexTerm};

use crate::access::Restriction;
use crate::analysis::dictionary::Dictionaries;
use crate::analysis::{NormalisedText, SoundReading};
use crate::index::{Fields, GramField};
use crate::record::SecurityClass;

use super::excluded::Excluded;
use super::kept::{KeptLists, List};
use super::tolerance::{ChosenQuery, Tolerance};
use super::tree::{Node, NumberParts, QueryTree, Scope, Term, Value};
use super::{Facet, SearchRequest, VisibleCases, person_number};

/// What the belief in a misread copy adds at most.
const BELIEVED: f32 = 10.0;
/// What a term as typed adds when other names of it are searched, too: more than all of them together can.
const AS_TYPED: f32 = 1_000.0;

/// A query of tantivy.
pub(super) type Plan = Box<dyn Query>;

/// What is run for one request. Facet selections are apart, because each facet is counted without its own.
pub(super) struct QueryPlan {
    /// Everything but the facet selections; every term as typed.
    pub(super) exact: Plan,
    /// Everything but the facet selections; a superset of `exact`. `None` when no term may match tolerantly.
    pub(super) tolerant: Option<Plan>,
    /// One filter for each facet with a selection.
    pub(super) selections: BTreeMap<Facet, Plan>,
}

impl QueryPlan {
    /// Plans a request. `visible` is part of every query that comes out.
    pub(super) fn new(
        tree: &QueryTree,
        tolerance: &Tolerance,
        request: &SearchRequest,
        visible: &VisibleCases,
        planner: &Planner<'_>,
    ) -> Self {
        let base = |root: Plan| {
            let mut must = vec![root];
            must.extend(visible_cases(visible, planner.fields, planner.kept));
            must.extend(planner.dates(request));
            must.extend(request.narrowing.plans(planner.fields, planner.dictionaries));
            match tree.root {
                Node::Everything | Node::Nothing | Node::Facet { .. } => all(must),
                _ => planner.decided_first(all(must)),
            }
        };
        let tolerant = tolerance
            .any()
            .then(|| base(planner.node(&tree.root, tolerance, Mode::Tolerant)));
        let selections = request
            .filters
            .iter()
            .map(|(facet, values)| (*facet, planner.facet(*facet, values)))
            .collect();
        Self {
            exact: base(planner.node(&tree.root, tolerance, Mode::Exact)),
            tolerant,
            selections,
        }
    }

    /// A query narrowed by all facet selections.
    pub(super) fn selected(&self, query: &dyn Query) -> Plan {
        let mut must = vec![query.box_clone()];
        must.extend(self.selections.values().map(|selection| selection.box_clone()));
        all(must)
    }
}

/// What is in the first query but not in the second.
pub(super) fn without(query: Plan, excluded: Plan) -> Plan {
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), must_not(excluded)]))
}

fn must_not(query: Plan) -> (Occur, Plan) {
    (Occur::MustNot, Box::new(Excluded(query)))
}

/// The cases with these keys.
pub(super) fn with_keys(fields: &Fields, keys: &[u64]) -> Plan {
    if keys.is_empty() {
        return Box::new(EmptyQuery);
    }
    filter(TermSetQuery::new(
        keys.iter().map(|key| IndexTerm::from_field_u64(fields.case_key, *key)),
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Exact,
    Tolerant,
}

/// Makes queries of tantivy for an index with these fields.
pub(super) struct Planner<'a> {
    pub(super) fields: &'a Fields,
    pub(super) dictionaries: &'a Dictionaries,
    pub(super) kept: &'a Arc<KeptLists>,
}

impl Planner<'_> {
    /// The cases of a part of a query, tolerant ones included.
    pub(super) fn tolerant(&self, node: &Node, tolerance: &Tolerance) -> Plan {
        self.node(node, tolerance, Mode::Tolerant)
    }

    /// The recursion is bounded by the depth that the parser allows.
    fn node(&self, node: &Node, tolerance: &Tolerance, mode: Mode) -> Plan {
        match node {
            Node::Everything => filter(AllQuery),
            Node::Nothing => Box::new(EmptyQuery),
            Node::All(nodes) => {
                let mut clauses: Vec<(Occur, Plan)> = nodes
                    .iter()
                    .map(|node| match node {
                        Node::Not(inner) => must_not(self.node(inner, tolerance, Mode::Exact)),
                        node => (Occur::Must, self.node(node, tolerance, mode)),
                    })
                    .collect();
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, filter(AllQuery)));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Any(nodes) => any(nodes.iter().map(|node| self.node(node, tolerance, mode)).collect()),
            Node::Not(inner) => without(filter(AllQuery), self.node(inner, tolerance, Mode::Exact)),
            Node::Term(term) => self.term(term, tolerance, mode),
            Node::Facet { facet, values } => self.facet(*facet, values),
            Node::Expanded(expanded) => {
                let typed = all(vec![
                    self.node(&expanded.typed, tolerance, mode),
                    scored(Box::new(AllQuery), AS_TYPED),
                ]);
                let mut places = vec![typed];
                let mut names = Vec::new();
                for other in &expanded.others {
                    match other {
                        Node::Term(term) => names.push(term),
                        other => places.push(self.node(other, &Tolerance::default(), Mode::Exact)),
                    }
                }
                places.extend(self.other_names(&names));
                any(places)
            }
            Node::Sounds(readings) => any(readings
                .iter()
                .flat_map(|reading| sound_phrases(self.fields.applicant_sounds, reading))
                .collect()),
        }
    }

    /// Other names of a term. There are dozens of them, and always the same.
    fn other_names(&self, names: &[&Term]) -> Option<Plan> {
        let each = names
            .iter()
            .map(|name| format!("{:?} {}", name.scope, name.letters.as_string()));
        let plans = names.iter().map(|name| self.other_name(name));
        let name = || each.collect::<Vec<_>>().join("\n");
        (!names.is_empty()).then(|| self.kept.query(any(plans.collect()), name()))
    }

    /// They rank by where they stand only.
    fn other_name(&self, term: &Term) -> Plan {
        let mut clauses = vec![(Occur::Must, scored(self.substring(term.scope, &term.letters), 1.0))];
        if term.scope == Scope::Everywhere {
            for (field, score) in [(self.fields.title, 8.0), (self.fields.agency_text, 3.0)] {
                clauses.push((Occur::Should, scored(phrase(field.grams, &term.letters), score)));
            }
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn term(&self, term: &Term, tolerance: &Tolerance, mode: Mode) -> Plan {
        let mut matching = Vec::new();
        let mut clauses = Vec::new();
        match tolerance.of(term) {
            None => matching.push(self.as_typed(term)),
            Some(resolved) => {
                matching.push(Box::new(ChosenQuery(Arc::clone(&resolved.exact))) as Plan);
                if let (Mode::Tolerant, Some(tolerant)) = (mode, &resolved.tolerant) {
                    let tolerant = ChosenQuery(Arc::clone(tolerant));
                    matching.push(Box::new(tolerant.clone()));
                    clauses.push((
                        Occur::Should,
                        Box::new(BoostQuery::new(Box::new(tolerant), BELIEVED)) as Plan,
                    ));
                }
                if mode == Mode::Tolerant && resolved.loose {
                    matching.push(self.in_pieces(term));
                }
            }
        }
        clauses.push((Occur::Must, scored(any(matching), 0.0)));
        let on_pages = tolerance.of(term).and_then(|resolved| resolved.on_pages.as_ref());
        let ranking = self.ranking(term, on_pages).into_iter();
        clauses.extend(ranking.map(|query| (Occur::Should, query)));
        Box::new(BooleanQuery::new(clauses))
    }

    /// Where a term stands as typed, or what it may be besides its letters.
    pub(super) fn as_typed(&self, term: &Term) -> Plan {
        let mut matching = vec![self.elsewhere(term)];
        matching.extend(self.on_pages(term));
        any(matching)
    }

    /// Where the letters of a term stand on pages; `None` of a term that is not looked for there.
    pub(super) fn on_pages(&self, term: &Term) -> Option<Plan> {
        let looked_for = term.scope == Scope::Everywhere && !term.only_values;
        looked_for.then(|| phrase(self.fields.body.grams, &term.letters))
    }

    /// Where a term stands as typed but for the pages, or what it may be besides its letters.
    pub(super) fn elsewhere(&self, term: &Term) -> Plan {
        let mut matching = Vec::new();
        if !term.only_values {
            matching.push(self.in_fields(term.scope, &term.letters));
        }
        matching.extend(term.values.iter().map(|value| self.value(value, term.scope)));
        let number = term.person_number.as_ref();
        matching.extend(number.map(|number| person_number::exact(self.fields, number)));
        any(matching)
    }

    /// Where a term is found only in pieces: all its coarse words occur, anywhere in the scope. The last resort, when the
    /// term stands nowhere, not even misread.
    fn in_pieces(&self, term: &Term) -> Plan {
        all(term.parts.iter().map(|part| self.substring(term.scope, part)).collect())
    }

    /// The letters one after the other in some field of the scope.
    fn substring(&self, scope: Scope, letters: &NormalisedText) -> Plan {
        let mut places = vec![self.in_fields(scope, letters)];
        if scope == Scope::Everywhere {
            places.push(phrase(self.fields.body.grams, letters));
        }
        any(places)
    }

    /// The same in the fields of the case.
    fn in_fields(&self, scope: Scope, letters: &NormalisedText) -> Plan {
        let fields = self.gram_fields(scope).into_iter();
        any(fields.map(|field| phrase(field, letters)).collect())
    }

    fn gram_fields(&self, scope: Scope) -> Vec<GramField> {
        let f = self.fields;
        match scope {
            Scope::Everywhere => vec![
                f.title.grams,
                f.applicant.grams,
                f.matter_text.grams,
                f.agency_text.grams,
                f.document_number_grams,
                f.archival_code_grams,
                f.acceptance_number_grams,
            ],
            Scope::DocumentNumber => vec![f.document_number_grams],
            Scope::ArchivalCode => vec![f.archival_code_grams],
            Scope::AcceptanceNumber => vec![f.acceptance_number_grams],
            Scope::Applicant => vec![f.applicant.grams],
            Scope::Matter => vec![f.matter_text.grams],
            Scope::Agency => vec![f.agency_text.grams],
        }
    }

    /// Cases with this value. In its own field only the case's own value counts, elsewhere also one that stands on a
    /// page, in whatever form it is written there.
    fn value(&self, value: &Value, scope: Scope) -> Plan {
        let f = self.fields;
        let everywhere = scope == Scope::Everywhere;
        match value {
            Value::DocumentNumber(number) => {
                let text = number.to_string();
                let mut places = vec![text_term(f.document_number, &text)];
                if everywhere {
                    places.push(text_term(f.mentioned_number, &text));
                }
                any(places)
            }
            Value::NumberParts(parts) => number_parts(f, parts),
            Value::ArchivalCode(code) => any(vec![
                text_term(f.archival_code, code.as_str()),
                text_term(f.archival_code_part, code.as_str()),
            ]),
            Value::AcceptanceNumber(number) => text_term(f.acceptance_number, number),
            Value::Date(date) => {
                let places = [
                    f.applied_on,
                    f.accepted_on,
                    f.decided_on,
                    f.served_on,
                    f.valid_until,
                    f.mentioned_date,
                ];
                any(places
                    .into_iter()
                    .map(|field| number_term(field, date.as_number()))
                    .collect())
            }
            Value::Year(year) => text_term(f.year, &year.to_string()),
        }
    }

    fn facet<'v>(&self, facet: Facet, values: impl IntoIterator<Item = &'v String>) -> Plan {
        let field = facet_field(self.fields, facet);
        any(values.into_iter().map(|value| text_term(field, value)).collect())
    }

    fn dates(&self, request: &SearchRequest) -> Option<Plan> {
        if request.from.is_none() && request.to.is_none() {
            return None;
        }
        let bound = |date: Option<crate::record::CivilDate>| match date {
            Some(date) => Bound::Included(IndexTerm::from_field_u64(self.fields.case_date, date.as_number())),
            None => Bound::Unbounded,
        };
        Some(filter(RangeQuery::new(bound(request.from), bound(request.to))))
    }
}

/// The field that holds a facet's values.
pub(super) fn facet_field(fields: &Fields, facet: Facet) -> Field {
    match facet {
        Facet::Year => fields.year,
        Facet::Agency => fields.agency,
        Facet::Region => fields.region,
        Facet::Matter => fields.matter,
        Facet::Outcome => fields.outcome,
        Facet::DocumentKind => fields.document_kind,
        Facet::ApplicantKind => fields.applicant_kind,
        Facet::Retention => fields.retention,
        Facet::OcrQuality => fields.ocr_quality,
    }
}

/// The letters one after the other: a phrase of the pairs that cover them, or the one term that holds them all.
pub(super) fn phrase(field: GramField, letters: &NormalisedText) -> Plan {
    let chars: Vec<char> = letters.letters().iter().map(|letter| letter.ch).collect();
    let gram = |at: usize, length: usize| {
        let text: String = chars[at..at + length].iter().collect();
        IndexTerm::from_field_text(field.of_length(length), &text)
    };
    match chars.len() {
        0 => Box::new(EmptyQuery),
        length @ (1 | 2) => filter(TermQuery::new(gram(0, length), IndexRecordOption::Basic)),
        length => {
            // Pairs side by side fix every letter; only the last overlaps when their number is odd.
            let mut pairs: Vec<(usize, IndexTerm)> = (0..length - 1).step_by(2).map(|at| (at, gram(at, 2))).collect();
            if length % 2 == 1 {
                pairs.push((length - 2, gram(length - 2, 2)));
            }
            filter(PhraseQuery::new_with_offset(pairs))
        }
    }
}

/// The cases with these parts of their document number.
pub(super) fn number_parts(f: &Fields, parts: &NumberParts) -> Plan {
    let mut must = Vec::new();
    must.extend(
        parts
            .agency_code
            .iter()
            .map(|code| text_term(f.document_agency_code, code)),
    );
    must.extend(parts.year.map(|year| number_term(f.document_year, year.into())));
    must.extend(parts.serial.map(|serial| number_term(f.document_serial, serial.into())));
    all(must)
}

/// The cases that may be seen; `None` when all may. They are part of every query of their viewer.
pub(super) fn visible_cases(visible: &VisibleCases, fields: &Fields, kept: &Arc<KeptLists>) -> Option<Plan> {
    let (plan, name) = seen_by(visible, fields)?;
    Some(kept.query(plan, name))
}

/// The same as documents of each segment, ascending, with those that are deleted; `None` when all may be seen.
pub(super) fn visible_lists(
    visible: &VisibleCases,
    fields: &Fields,
    kept: &Arc<KeptLists>,
    searcher: &Searcher,
) -> tantivy::Result<Option<Vec<List>>> {
    let seen = seen_by(visible, fields);
    seen.map(|(plan, name)| kept.lists(plan, name, searcher)).transpose()
}

/// What a viewer may see, and its name.
fn seen_by(visible: &VisibleCases, fields: &Fields) -> Option<(Plan, String)> {
    let restrictions = visible.restrictions();
    let must = restrictions.iter().map(|kept| restriction(kept, fields)).collect();
    let name = || hex::encode(Sha256::digest(format!("{restrictions:?}")));
    (!restrictions.is_empty()).then(|| (scored(all(must), 0.0), format!("visible {}", name())))
}

/// The cases that keep to a restriction, as `VisibleCases::allow` says of one of them.
fn restriction(restriction: &Restriction, f: &Fields) -> Plan {
    let year = |year: &u32| IndexTerm::from_field_text(f.year, &year.to_string());
    match restriction {
        Restriction::Keys(keys) => with_keys(f, keys),
        Restriction::Agencies(names) => any(names.iter().map(|name| text_term(f.agency, name)).collect()),
        Restriction::Regions(codes) => any(codes.iter().map(|code| text_term(f.region, code.as_str())).collect()),
        // Years have four digits, so their texts are in their order.
        Restriction::Years(from, to) => filter(RangeQuery::new(Bound::Included(year(from)), Bound::Included(year(to)))),
        Restriction::Clearance(SecurityClass::Public) => text_term(f.security_class, SecurityClass::Public.code()),
        // A case without a class counts as internal, so those above are left out.
        Restriction::Clearance(clearance) => {
            let above = Restriction::classes_above(*clearance);
            let above: Vec<Plan> = above.map(|class| text_term(f.security_class, class.code())).collect();
            without(filter(AllQuery), any(above))
        }
    }
}

/// The ways in which a reading stands in a field of sounds.
pub(super) fn sound_phrases(field: Field, reading: &SoundReading) -> Vec<Plan> {
    let phrase = |tokens: Vec<(usize, String)>| -> Plan {
        let mut terms: Vec<(usize, IndexTerm)> = tokens
            .into_iter()
            .map(|(at, text)| (at, IndexTerm::from_field_text(field, &text)))
            .collect();
        match terms.len() {
            1 => filter(TermQuery::new(terms.remove(0).1, IndexRecordOption::Basic)),
            _ => filter(PhraseQuery::new_with_offset(terms)),
        }
    };
    reading.tokens().into_iter().map(phrase).collect()
}

pub(super) fn text_term(field: Field, value: &str) -> Plan {
    filter(TermQuery::new(
        IndexTerm::from_field_text(field, value),
        IndexRecordOption::Basic,
    ))
}

pub(super) fn number_term(field: Field, value: u64) -> Plan {
    filter(TermQuery::new(
        IndexTerm::from_field_u64(field, value),
        IndexRecordOption::Basic,
    ))
}

/// A query that matches and adds nothing to the score.
pub(super) fn filter(query: impl Query) -> Plan {
    scored(Box::new(query), 0.0)
}

pub(super) fn scored(query: Plan, score: f32) -> Plan {
    Box::new(ConstScoreQuery::new(query, score))
}

pub(super) fn all(mut queries: Vec<Plan>) -> Plan {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::intersection(queries)),
    }
}

pub(super) fn any(mut queries: Vec<Plan>) -> Plan {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}
