//! Which cases hold a term although it was misread there.
//!
//! Every word of a query is looked for exactly and tolerantly, always: where some copies are right, others are not, and
//! both are wanted. A tolerant hit counts as a hit, so it must be believed: [`mod@candidates`] finds the cases that share
//! enough of a term's rare grams, [`align`] where and how their letters differ from it, and [`judge`] decides whether the
//! differences are errors of reading. What comes out are plain lists of documents, which the plan uses as it uses any
//! other query; whatever is decided here is decided once for hits, totals, facets and pages.

pub(super) mod align;
mod candidates;
mod documents;
mod judge;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Query;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term as IndexTerm};

use crate::analysis::Analyser;
use crate::index::{GramField, Letters, Section, Snapshot, read_letters, unit};

use super::Error;
use super::plan::Planner;
use super::tree::{Node, QueryTree, Scope, Term};
use align::{Change, Pattern, Place};
use candidates::candidates;
use documents::Chosen;
pub(super) use documents::ChosenQuery;
use judge::{Frequencies, Judge};

/// Fewest letters of a term that may have been misread: with fewer there is nothing to tell it from another.
const LEAST_LETTERS: usize = 3;
/// Probability from which a case counts as a hit.
const BELIEVED: f32 = 0.5;
/// Score of a case that holds what was meant, among those that hold it misread.
const MEANT: f32 = 2.0;
/// Most strings that a mistyped term is taken for.
const MOST_MEANT: usize = 3;
/// Fewest letters of a term to which the nearest string is offered when nothing else is found.
const NEAREST_LETTERS: usize = 5;
/// Most letters that a number goes on beyond a place.
const LONGEST_NUMBER: usize = 18;
/// The deadline is looked at after this many cases.
const CASES_AT_ONCE: usize = 64;

/// How many letters of a term may differ; whether they are errors is decided later.
pub(super) fn most_changes(letters: usize) -> usize {
    match letters {
        0..LEAST_LETTERS => 0,
        3..=5 => 1,
        6..=7 => 2,
        8..=11 => 3,
        12..=15 => 4,
        _ => (letters / 4).min(12),
    }
}

/// What was found for one term.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolved {
    /// Cases that hold it as typed, or its value.
    pub(super) exact: Arc<Chosen>,
    /// Other cases that are believed to hold it.
    pub(super) tolerant: Option<Arc<Chosen>>,
    /// Nothing was found at all: its words may stand apart.
    pub(super) loose: bool,
}

/// What was found for the terms of a query.
#[derive(Debug, Default)]
pub(super) struct Tolerance {
    terms: HashMap<(Scope, String), Resolved>,
    /// What the searcher is told.
    pub(super) remarks: Vec<String>,
}

impl Tolerance {
    /// What was found for a term; `None` for those that are only looked for as typed.
    pub(super) fn of(&self, term: &Term) -> Option<&Resolved> {
        self.terms.get(&key(term))
    }

    /// Whether any term is found other than as typed.
    pub(super) fn any(&self) -> bool {
        self.terms
            .values()
            .any(|resolved| resolved.tolerant.is_some() || resolved.loose)
    }

    /// Looks for every term of a query that may have been misread.
    pub(super) fn find(
        tree: &QueryTree,
        planner: &Planner<'_>,
        snapshot: &Snapshot,
        analyser: &Analyser,
        deadline: Instant,
    ) -> Result<Self, Error> {
        let mut terms = Vec::new();
        collect(&tree.root, &mut terms);
        let mut tolerance = Self::default();
        for term in terms {
            if tolerance.terms.contains_key(&key(term)) {
                continue;
            }
            let search = TermSearch {
                snapshot,
                analyser,
                deadline,
                term,
                chars: term.letters.letters().iter().map(|letter| letter.ch).collect(),
            };
            let resolved = search.run(planner)?;
            if term.quoted && resolved.tolerant.is_some() {
                tolerance.remarks.push(format!(
                    "没有找到原文“{}”，列出的是相近的文字",
                    term.letters.as_string()
                ));
            }
            tolerance.terms.insert(key(term), resolved);
        }
        Ok(tolerance)
    }
}

fn key(term: &Term) -> (Scope, String) {
    (term.scope, term.letters.as_string())
}

/// The terms that are looked for tolerantly; what is excluded is excluded as typed.
fn collect<'t>(node: &'t Node, terms: &mut Vec<&'t Term>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, terms)),
        Node::Term(term) => {
            let length = term.letters.len();
            if !term.only_values
                && (LEAST_LETTERS..=align::LONGEST).contains(&length)
                && !sections(term.scope).is_empty()
            {
                terms.push(term);
            }
        }
        // Other names are looked for as they are; and who types how a name sounds has not misread it.
        Node::Expanded(expanded) => {
            if !expanded.others.iter().any(|other| matches!(other, Node::Sounds(_))) {
                collect(&expanded.typed, terms);
            }
        }
        Node::Not(_) | Node::Everything | Node::Nothing | Node::Facet { .. } | Node::Sounds(_) => {}
    }
}

/// What of a case is looked at closely.
fn sections(scope: Scope) -> &'static [Section] {
    match scope {
        Scope::Everywhere => &[Section::Page],
        Scope::Applicant => &[Section::Applicant],
        Scope::Matter => &[Section::Matter],
        Scope::Agency => &[Section::Agency],
        Scope::DocumentNumber | Scope::ArchivalCode | Scope::AcceptanceNumber => &[],
    }
}

struct TermSearch<'a> {
    snapshot: &'a Snapshot,
    analyser: &'a Analyser,
    deadline: Instant,
    term: &'a Term,
    chars: Vec<char>,
}

/// A candidate that was looked at.
struct Seen {
    segment: usize,
    doc: DocId,
    places: Vec<Place>,
    /// What stands at each place.
    read: Vec<Vec<u16>>,
}

impl TermSearch<'_> {
    fn run(&self, planner: &Planner<'_>) -> Result<Resolved, Error> {
        let exact = self.search(planner.as_typed(self.term).as_ref())?;
        let found: usize = exact.iter().map(Vec::len).sum();
        let mut resolved = Resolved {
            exact: self.chosen(exact.iter().map(|docs| docs.iter().map(|doc| (*doc, 0.0)).collect())),
            ..Resolved::default()
        };
        if self.term.quoted && found > 0 {
            return Ok(resolved);
        }
        let seen = self.look(&exact)?;
        let mut believed = self.believe(&seen, found);
        if found == 0 && believed.iter().all(Vec::is_empty) {
            believed = self.mistyped(planner, &self.nearest(&seen))?;
        }
        if believed.iter().any(|docs| !docs.is_empty()) {
            resolved.tolerant = Some(self.chosen(believed.into_iter()));
        } else {
            resolved.loose = found == 0 && !self.term.parts.is_empty();
        }
        Ok(resolved)
    }

    /// The cases that hold what the searcher may have meant, right or misread.
    fn mistyped(&self, planner: &Planner<'_>, meant: &[String]) -> Result<Vec<Vec<(DocId, Score)>>, Error> {
        let mut segments = self.by_segment(std::iter::empty());
        for meant in meant {
            let term = Term {
                letters: self.analyser.normalise(meant),
                values: Vec::new(),
                ..self.term.clone()
            };
            let search = TermSearch {
                term: &term,
                chars: term.letters.letters().iter().map(|letter| letter.ch).collect(),
                ..*self
            };
            let exact = search.search(planner.as_typed(&term).as_ref())?;
            let found = exact.iter().map(Vec::len).sum();
            let misread = search.believe(&search.look(&exact)?, found);
            for ((segment, exact), misread) in segments.iter_mut().zip(exact).zip(misread) {
                segment.extend(exact.into_iter().map(|doc| (doc, MEANT)).chain(misread));
            }
        }
        for segment in &mut segments {
            segment.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
            segment.dedup_by_key(|(doc, _)| *doc);
        }
        Ok(segments)
    }

    fn chosen(&self, segments: impl Iterator<Item = Vec<(DocId, Score)>>) -> Arc<Chosen> {
        let readers = self.snapshot.searcher.segment_readers().iter();
        Arc::new(
            readers
                .map(SegmentReader::segment_id)
                .zip(segments.map(Arc::new))
                .collect(),
        )
    }

    fn search(&self, query: &dyn Query) -> Result<Vec<Vec<DocId>>, Error> {
        self.in_time()?;
        self.snapshot
            .searcher
            .search(query, &Documents)
            .map_err(|source| Error::Tantivy {
                action: "find a term as typed",
                source,
            })
    }

    fn in_time(&self) -> Result<(), Error> {
        if Instant::now() >= self.deadline {
            Err(Error::DeadlineExceeded)
        } else {
            Ok(())
        }
    }

    /// The candidates with the places where they hold something like the term.
    fn look(&self, exact: &[Vec<DocId>]) -> Result<Vec<Seen>, Error> {
        let failed = |action| move |source| Error::Tantivy { action, source };
        let units = self.chars.iter().map(|c| unit(*c)).collect();
        let most = most_changes(self.chars.len());
        // Who quotes means the order of the letters, too: two changes may exchange neighbours.
        let most = if self.term.quoted {
            most.div_ceil(2).min(most)
        } else {
            most
        };
        let Some(pattern) = Pattern::new(units, most) else {
            return Ok(Vec::new());
        };
        let known = |segment: usize, doc: DocId| exact[segment].binary_search(&doc).is_ok();
        let confusions = &self.analyser.dictionaries().confusions;
        let fields = self.fields();
        let candidates = candidates(self.snapshot, &fields, &self.chars, confusions, known)
            .map_err(failed("find candidates for a misread term"))?;
        let mut seen = Vec::new();
        for (number, candidate) in candidates.iter().enumerate() {
            if number.is_multiple_of(CASES_AT_ONCE) {
                self.in_time()?;
            }
            let segment = u32::try_from(candidate.segment).unwrap_or(u32::MAX);
            let address = DocAddress::new(segment, candidate.doc);
            let document: TantivyDocument = self
                .snapshot
                .searcher
                .doc(address)
                .map_err(failed("read the letters of a case"))?;
            let bytes = document.get_first(self.snapshot.fields.letters);
            let stretches = bytes
                .and_then(|value| value.as_bytes())
                .map(|bytes| read_letters(bytes, sections(self.term.scope)))
                .unwrap_or_default();
            let (mut places, mut read) = (Vec::new(), Vec::new());
            for stretch in &stretches {
                for place in pattern.places(stretch) {
                    read.push(letters_at(stretch, &place));
                    places.push(place);
                }
            }
            if !places.is_empty() {
                seen.push(Seen {
                    segment: candidate.segment,
                    doc: candidate.doc,
                    places,
                    read,
                });
            }
        }
        Ok(seen)
    }

    fn fields(&self) -> Vec<GramField> {
        let fields = self.snapshot.fields;
        match self.term.scope {
            Scope::Applicant => vec![fields.applicant.grams],
            Scope::Matter => vec![fields.matter_text.grams],
            Scope::Agency => vec![fields.agency_text.grams],
            _ => vec![fields.body.grams],
        }
    }

    /// The candidates that are believed to hold the term, with their probability.
    fn believe(&self, seen: &[Seen], exact: usize) -> Vec<Vec<(DocId, Score)>> {
        let mut frequencies = Counted {
            snapshot: self.snapshot,
            field: self.fields()[0],
            known: HashMap::new(),
        };
        let places: Vec<&[Place]> = seen.iter().map(|seen| seen.places.as_slice()).collect();
        #[allow(clippy::cast_precision_loss)] // only the magnitude counts
        let counts = (exact as f32, self.snapshot.searcher.num_docs() as f32);
        let confusions = &self.analyser.dictionaries().confusions;
        let judge = Judge::new(&self.chars, confusions, counts, &places, &mut frequencies);
        self.by_segment(seen.iter().filter_map(|seen| {
            let probability = judge.probability(&seen.places, &seen.read, &mut frequencies);
            (probability >= BELIEVED).then_some((seen, probability))
        }))
    }

    /// What is nearest to a term that stands nowhere: it was mistyped. The strings that the most cases hold.
    fn nearest(&self, seen: &[Seen]) -> Vec<String> {
        let confusions = &self.analyser.dictionaries().confusions;
        let cost = |place: &Place| -> Option<u32> {
            let mut cost = 0;
            for placed in &place.changes {
                cost += match placed.change {
                    Change::Other { at, read } => {
                        let sought = *self.chars.get(at)?;
                        let read = char::from_u32(u32::from(read))?;
                        if sought.is_ascii_digit() || read.is_ascii_digit() {
                            return None;
                        }
                        let alike = confusions
                            .read_as(sought)
                            .iter()
                            .any(|confusion| confusion.read == read);
                        if alike { 2 } else { 3 }
                    }
                    Change::Lost { at } if self.chars.get(at)?.is_ascii_digit() => return None,
                    Change::Lost { .. } | Change::Stray { .. } => 4,
                };
            }
            // In quotes, and in short words, only what looks alike is taken for it.
            let long_enough = (self.chars.len() >= NEAREST_LETTERS && !self.term.quoted) || cost <= 2;
            (long_enough && place.changes.len() <= (self.chars.len() / 4).max(1)).then_some(cost)
        };
        let mut least = u32::MAX;
        let mut meant: HashMap<String, usize> = HashMap::new();
        for place in seen.iter().flat_map(|seen| &seen.places) {
            let Some(cost) = cost(place).filter(|cost| *cost <= least) else {
                continue;
            };
            if cost < least {
                (least, meant) = (cost, HashMap::new());
            }
            *meant.entry(self.changed(place)).or_default() += 1;
        }
        let mut meant: Vec<(usize, String)> = meant.into_iter().map(|(text, count)| (count, text)).collect();
        meant.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        // What stands seldom beside what stands often is itself an error.
        let most = meant.first().map_or(0, |(count, _)| *count);
        meant.retain(|(count, _)| 2 * count > most);
        meant.into_iter().take(MOST_MEANT).map(|(_, text)| text).collect()
    }

    /// The term with the changes of a place.
    fn changed(&self, place: &Place) -> String {
        let mut units: Vec<u16> = Vec::with_capacity(self.chars.len());
        for (at, c) in self.chars.iter().enumerate() {
            let here = || {
                place
                    .changes
                    .iter()
                    .map(|placed| placed.change)
                    .filter(|change| change.at() == at)
            };
            units.extend(here().filter_map(|change| match change {
                Change::Stray { read, .. } => Some(read),
                _ => None,
            }));
            match here().find(|change| !matches!(change, Change::Stray { .. })) {
                Some(Change::Other { read, .. }) => units.push(read),
                Some(_) => {}
                None => units.push(unit(*c)),
            }
        }
        String::from_utf16_lossy(&units)
    }

    fn by_segment<'s>(&self, found: impl Iterator<Item = (&'s Seen, Score)>) -> Vec<Vec<(DocId, Score)>> {
        let mut segments = vec![Vec::new(); self.snapshot.searcher.segment_readers().len()];
        for (seen, score) in found {
            segments[seen.segment].push((seen.doc, score));
        }
        segments
    }
}

/// What stands at a place; a number that goes on before or after it is taken whole.
fn letters_at(stretch: &Letters, place: &Place) -> Vec<u16> {
    let part_of_number = |at: &usize| {
        let unit = stretch.units.get(*at).and_then(|unit| u8::try_from(*unit).ok());
        unit.is_some_and(|byte| byte.is_ascii_alphanumeric())
    };
    let before = (0..place.start)
        .rev()
        .take_while(part_of_number)
        .take(LONGEST_NUMBER)
        .count();
    let after = (place.end..).take_while(part_of_number).take(LONGEST_NUMBER).count();
    stretch
        .units
        .get(place.start - before..place.end + after)
        .unwrap_or_default()
        .to_vec()
}

/// Document frequencies, each asked for once.
struct Counted<'a> {
    snapshot: &'a Snapshot,
    field: GramField,
    known: HashMap<Vec<u16>, f32>,
}

impl Frequencies for Counted<'_> {
    fn of(&mut self, letters: &[u16]) -> f32 {
        if let Some(known) = self.known.get(letters) {
            return *known;
        }
        let term = IndexTerm::from_field_text(self.field.of_length(letters.len()), &String::from_utf16_lossy(letters));
        // What cannot be read counts as never seen; the search itself fails elsewhere then.
        #[allow(clippy::cast_precision_loss)]
        let frequency = self.snapshot.searcher.doc_freq(&term).unwrap_or(0) as f32;
        self.known.insert(letters.to_vec(), frequency);
        frequency
    }
}

/// Collects all documents, ascending, by segment.
struct Documents;

struct SegmentDocuments(SegmentOrdinal, Vec<DocId>);

impl Collector for Documents {
    type Fruit = Vec<Vec<DocId>>;
    type Child = SegmentDocuments;

    fn for_segment(&self, ordinal: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentDocuments> {
        Ok(SegmentDocuments(ordinal, Vec::new()))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, mut segments: Vec<(SegmentOrdinal, Vec<DocId>)>) -> tantivy::Result<Self::Fruit> {
        segments.sort_unstable_by_key(|(ordinal, _)| *ordinal);
        Ok(segments.into_iter().map(|(_, docs)| docs).collect())
    }
}

impl SegmentCollector for SegmentDocuments {
    type Fruit = (SegmentOrdinal, Vec<DocId>);

    fn collect(&mut self, doc: DocId, _: Score) {
        self.1.push(doc);
    }

    fn harvest(self) -> Self::Fruit {
        (self.0, self.1)
    }
}
