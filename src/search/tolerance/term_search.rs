//! One term looked for in all cases: as typed, misread, or else what is nearest to it.

use std::sync::Arc;
use std::time::Instant;

use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::analysis::Analyser;
use crate::index::{GramField, HIDDEN, Letters, Numbers, Snapshot, unit};
use crate::search::kept::List;
use crate::search::kept_answers::AnswersOf;
use crate::search::plan::Planner;
use crate::search::tree::{Scope, Term, Value};
use crate::search::{Error, person_number};

use super::align::{Change, Pattern, Place};
use super::alike::Alike;
use super::candidates::{Candidate, Care, candidates};
use super::context::{Context, Kind, surroundings};
use super::counted::Counted;
use super::documents::{Chosen, Documents};
use super::judge::{Frequencies, Judge};
use super::sample::Groups;
use super::{BELIEVED, Resolved, most_changes, sections, sought};

/// Probability from which a case counts as a hit for who quotes and so knows the letters.
const BELIEVED_QUOTED: f32 = 0.6;
/// Probability from which a case is offered where nothing else is found: of words, of numbers. A number is sought by who
/// has it before them, so that it mostly is there.
const OFFERED_WORDS: f32 = 0.1;
const OFFERED_NUMBERS: f32 = 0.001;
/// Cases that hold a string nearly like a term from which that was meant rather than misread.
const ATTESTED: usize = 2;
/// … and how many times as many cases hold it as hold the term, where the term is found; so is meant only what is as
/// long as a name.
const MANY_MORE: usize = 3;
const LONG_NAME: usize = 8;
/// Most cases that are offered so.
const MOST_OFFERED: usize = 5;
/// Most letters that a number goes on beyond a place.
const LONGEST_NUMBER: usize = 18;
/// The deadline is looked at after this many cases.
const CASES_AT_ONCE: usize = 64;
/// Cases that hold the term as typed whose surroundings are looked at.
const EXAMPLES: usize = 8;
/// Probability from which a case counts as another example.
const SURE: f32 = 0.98;
/// Probabilities below this are not changed by surroundings.
const LEAST_DOUBT: f32 = 0.000_1;

/// A term that is looked for.
pub(super) struct TermSearch<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) analyser: &'a Analyser,
    pub(super) answers: AnswersOf<'a>,
    pub(super) deadline: Instant,
    /// What the viewer may see, documents of each segment, ascending, deleted ones among them; `None` when that is everything. Nothing else is
    /// looked at: not even that there is something like a term may be told of a case that may not be seen.
    pub(super) listed: Option<&'a [List]>,
    pub(super) term: &'a Term,
    /// Its letters.
    pub(super) chars: Vec<char>,
}

/// A candidate that was looked at.
pub(super) struct Seen {
    pub(super) segment: usize,
    pub(super) doc: DocId,
    pub(super) places: Vec<Place>,
    /// The stretch of letters in which each is.
    pub(super) stretches: Vec<usize>,
    /// What stands at each place.
    pub(super) read: Vec<Vec<u16>>,
}

/// Documents of each segment, ascending, with a score.
pub(super) type BySegment = Vec<Vec<(DocId, Score)>>;

impl<'a> TermSearch<'a> {
    /// The same search for another term.
    pub(super) fn of<'b>(&self, term: &'b Term) -> TermSearch<'b>
    where
        'a: 'b,
    {
        TermSearch {
            term,
            chars: sought(term, self.analyser),
            ..*self
        }
    }

    pub(super) fn run(&self, planner: &Planner<'_>) -> Result<Resolved, Error> {
        let (exact, mut resolved) = self.as_typed(planner)?;
        let found = count(&exact);
        // Every other date exists, so that a date found is all that can be told from others.
        let dated = self.term.values.iter().any(|value| matches!(value, Value::Date(_)));
        if (self.term.quoted || dated) && found > 0 {
            return Ok(resolved);
        }
        let mut groups = self.candidates(&exact, Care::Usual)?;
        let mut seen = self.look_at(groups.examples().into_iter())?;
        let mut probabilities = self.probabilities(&seen, &exact)?;
        let undecided = groups.undecided(&seen, &probabilities);
        if !undecided.is_empty() {
            seen.extend(self.look_at(undecided.into_iter())?);
            seen.sort_by_key(|seen| (seen.segment, seen.doc));
            probabilities = self.probabilities(&seen, &exact)?;
        }
        let least = if self.term.quoted { BELIEVED_QUOTED } else { BELIEVED };
        let mut tolerant = self.at_least(&seen, &probabilities, least);
        groups.add_unseen(&seen, &probabilities, &mut tolerant);
        if found == 0 && is_empty(&tolerant) {
            tolerant = self.offered(&seen, &probabilities, planner)?;
            if is_empty(&tolerant) {
                let seen = self.look(&exact, Care::More)?;
                let probabilities = self.probabilities(&seen, &exact)?;
                tolerant = self.offered(&seen, &probabilities, planner)?;
            }
            resolved.nearest = !is_empty(&tolerant);
        } else if !self.term.quoted {
            self.add_meant(found, &seen, &mut tolerant, planner)?;
        }
        if is_empty(&tolerant) {
            resolved.loose = found == 0 && !self.term.parts.is_empty();
        } else {
            resolved.tolerant = Some(self.chosen(tolerant.into_iter()));
        }
        Ok(resolved)
    }

    /// What is offered when nothing is found: what is likeliest to be the term, or else what may be meant by it.
    fn offered(&self, seen: &[Seen], probabilities: &[f32], planner: &Planner<'_>) -> Result<BySegment, Error> {
        let best = probabilities.iter().copied().fold(0.0, f32::max);
        let number = self.chars.iter().any(char::is_ascii_digit);
        let least = if number { OFFERED_NUMBERS } else { OFFERED_WORDS };
        let nearest = self.nearest(seen);
        if nearest.held < ATTESTED && best >= least && !self.term.quoted {
            let likeliest = self.at_least(seen, probabilities, best / 2.0);
            if count(&likeliest) <= MOST_OFFERED {
                return Ok(likeliest);
            }
        }
        self.mistyped(planner, &nearest.texts)
    }

    /// Adds what a term means that stands in a case or two only because it was misread there just as it was mistyped:
    /// what looks so is held by many more.
    fn add_meant(
        &self,
        found: usize,
        seen: &[Seen],
        tolerant: &mut BySegment,
        planner: &Planner<'_>,
    ) -> Result<(), Error> {
        if self.chars.len() < LONG_NAME {
            return Ok(());
        }
        let nearest = self.nearest(seen);
        if !nearest.alike || nearest.held < MANY_MORE * found.max(1) {
            return Ok(());
        }
        let meant = self.mistyped(planner, &nearest.texts)?;
        for (tolerant, meant) in tolerant.iter_mut().zip(meant) {
            tolerant.extend(meant);
            tolerant.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)));
            tolerant.dedup_by_key(|(doc, _)| *doc);
        }
        Ok(())
    }

    pub(super) fn chosen(&self, segments: impl Iterator<Item = Vec<(DocId, Score)>>) -> Arc<Chosen> {
        let readers = self.snapshot.searcher.segment_readers().iter();
        Arc::new(
            readers
                .map(SegmentReader::segment_id)
                .zip(segments.map(Arc::new))
                .collect(),
        )
    }

    /// The visible documents of each segment that a query finds.
    pub(super) fn search(&self, query: &dyn Query) -> Result<Vec<Vec<DocId>>, Error> {
        self.in_time()?;
        let found = self.snapshot.searcher.search(query, &Documents);
        let mut found = found.map_err(|source| Error::Tantivy {
            action: "find a term as typed",
            source,
        })?;
        for (segment, docs) in found.iter_mut().enumerate() {
            docs.retain(|doc| self.is_seen(segment, *doc));
        }
        Ok(found)
    }

    /// Whether a query finds any visible document.
    pub(super) fn any(&self, query: &dyn Query) -> Result<bool, Error> {
        self.in_time()?;
        let searcher = &self.snapshot.searcher;
        let found = || -> tantivy::Result<bool> {
            let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
            for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
                let mut docs = weight.scorer(segment, 1.0)?;
                while docs.doc() != TERMINATED {
                    if !segment.is_deleted(docs.doc()) && self.is_seen(ordinal, docs.doc()) {
                        return Ok(true);
                    }
                    docs.advance();
                }
            }
            Ok(false)
        };
        found().map_err(|source| Error::Tantivy {
            action: "find out whether words stand together",
            source,
        })
    }

    fn is_seen(&self, segment: usize, doc: DocId) -> bool {
        let listed = self.listed.and_then(|listed| listed.get(segment));
        listed.is_none_or(|docs| docs.binary_search_by_key(&doc, |(doc, _)| *doc).is_ok())
    }

    fn in_time(&self) -> Result<(), Error> {
        if Instant::now() >= self.deadline {
            Err(Error::DeadlineExceeded)
        } else {
            Ok(())
        }
    }

    /// Finds the letters where no more of them differ than may.
    fn pattern(&self) -> Option<Pattern> {
        let units = self.chars.iter().map(|c| unit(*c)).collect();
        let most = most_changes(self.chars.len()).max(1);
        // Who quotes means the order of the letters, too: two changes may exchange neighbours.
        let most = if self.term.quoted {
            most.div_ceil(2).min(most)
        } else {
            most
        };
        Pattern::new(units, most)
    }

    /// Candidates with the places where they hold something like the term.
    pub(super) fn look(&self, exact: &[Vec<DocId>], care: Care) -> Result<Vec<Seen>, Error> {
        self.look_at(self.candidates(exact, care)?.examples().into_iter())
    }

    /// Cases that may hold the term misread.
    fn candidates(&self, exact: &[Vec<DocId>], care: Care) -> Result<Groups, Error> {
        let known =
            |segment: usize, doc: DocId| exact[segment].binary_search(&doc).is_ok() || !self.is_seen(segment, doc);
        let confusions = &self.analyser.dictionaries().confusions;
        let found = candidates(self.snapshot, &self.fields(), &self.chars, confusions, care, known);
        let mut found = found.map_err(|source| Error::Tantivy {
            action: "find candidates for a misread term",
            source,
        })?;
        self.add_by_hashes(&mut found, known)?;
        Ok(Groups::new(&found))
    }

    /// Adds the cases that may hold a number of a person misread, of which nothing stands in the postings.
    fn add_by_hashes(&self, found: &mut Vec<Candidate>, known: impl Fn(usize, DocId) -> bool) -> Result<(), Error> {
        let Some(number) = &self.term.person_number else {
            return Ok(());
        };
        let cases = self.search(person_number::misread(&self.snapshot.fields, number).as_ref())?;
        for (segment, docs) in cases.into_iter().enumerate() {
            let docs = docs.into_iter().filter(|doc| !known(segment, *doc));
            found.extend(docs.map(|doc| Candidate {
                segment,
                doc,
                share: 1.0,
            }));
        }
        found.sort_by(|a, b| a.case().cmp(&b.case()).then_with(|| b.share.total_cmp(&a.share)));
        found.dedup_by_key(|candidate| candidate.case());
        Ok(())
    }

    /// The same of given cases.
    pub(super) fn look_at(&self, cases: impl Iterator<Item = (usize, DocId)>) -> Result<Vec<Seen>, Error> {
        let Some(pattern) = self.pattern() else {
            return Ok(Vec::new());
        };
        let mut seen = Vec::new();
        for (number, (segment, doc)) in cases.enumerate() {
            if number.is_multiple_of(CASES_AT_ONCE) {
                self.in_time()?;
            }
            let mut here = Seen {
                segment,
                doc,
                places: Vec::new(),
                stretches: Vec::new(),
                read: Vec::new(),
            };
            // Numbers of persons are looked at by who asks for one.
            let numbers = match self.term.person_number {
                Some(_) => Numbers::Opened,
                None => Numbers::Hidden,
            };
            for (stretch, letters) in self.letters_of(segment, doc, numbers)?.iter().enumerate() {
                for place in pattern.places(letters) {
                    if is_hidden(&place) {
                        continue;
                    }
                    here.read.push(letters_at(letters, &place));
                    here.stretches.push(stretch);
                    here.places.push(place);
                }
            }
            if !here.places.is_empty() {
                seen.push(here);
            }
        }
        Ok(seen)
    }

    /// What stands around each place of a case, numbers of persons included.
    pub(super) fn around(&self, seen: &Seen) -> Result<Vec<Vec<u16>>, Error> {
        let letters = self.letters_of(seen.segment, seen.doc, Numbers::Opened)?;
        let places = seen.places.iter().zip(&seen.stretches);
        Ok(places
            .map(|(place, stretch)| {
                letters
                    .get(*stretch)
                    .map_or_else(Vec::new, |letters| surroundings(letters, place))
            })
            .collect())
    }

    /// The letters in which the term is looked for.
    fn letters_of(&self, segment: usize, doc: DocId, numbers: Numbers) -> Result<Vec<Letters>, Error> {
        let address = DocAddress::new(u32::try_from(segment).unwrap_or(u32::MAX), doc);
        let letters = self.snapshot.letters(address, sections(self.term.scope), numbers);
        letters.map_err(|source| Error::Tantivy {
            action: "read the letters of a case",
            source,
        })
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

    /// For each candidate the probability that it holds the term, in the light of the cases that hold it as typed.
    fn probabilities(&self, seen: &[Seen], exact: &[Vec<DocId>]) -> Result<Vec<f32>, Error> {
        #[allow(clippy::cast_precision_loss)] // only the magnitude counts
        let mut probabilities = self.judged(seen, count(exact) as f32);
        let least = match Kind::of(&self.chars) {
            Kind::Other => LEAST_DOUBT,
            Kind::Number | Kind::ShortName => LEAST_DOUBT / 10.0,
        };
        let in_doubt = |probability: &f32| (least..BELIEVED).contains(probability);
        if self.term.scope != Scope::Everywhere || !probabilities.iter().any(in_doubt) {
            return Ok(probabilities);
        }
        let sure = seen
            .iter()
            .zip(&probabilities)
            .filter(|(_, probability)| **probability >= SURE);
        let (context, _) = self.context_and_examples(exact, sure.map(|(seen, _)| seen).take(EXAMPLES))?;
        for (seen, probability) in seen.iter().zip(&mut probabilities) {
            if in_doubt(probability) {
                let around = self.around(seen)?;
                let odds = around.iter().map(|around| context.odds(around)).fold(1.0, f32::max);
                *probability = *probability * odds / (1.0 - *probability + *probability * odds);
            }
        }
        Ok(probabilities)
    }

    /// For each candidate the probability that it holds the term, where `exact` others are expected to.
    pub(super) fn judged(&self, seen: &[Seen], exact: f32) -> Vec<f32> {
        let mut frequencies = self.frequencies();
        let alike = Alike::new(seen);
        let counts = (exact, self.documents());
        let confusions = &self.analyser.dictionaries().confusions;
        let judge = Judge::new(&self.chars, confusions, counts, &alike.places(), &mut frequencies);
        alike.judged(|seen| judge.probability(&seen.places, &seen.read, &mut frequencies))
    }

    /// What stands around the term in some of the cases that hold it as typed, and in some that surely hold it.
    pub(super) fn context_and_examples<'s>(
        &self,
        exact: &[Vec<DocId>],
        sure: impl Iterator<Item = &'s Seen>,
    ) -> Result<(Context, Vec<Vec<u16>>), Error> {
        #[allow(clippy::cast_precision_loss)] // only the magnitude counts
        let copies = count(exact) as f32;
        let every = count(exact).div_ceil(EXAMPLES).max(1);
        let cases = exact.iter().enumerate();
        let cases = cases.flat_map(|(segment, docs)| docs.iter().map(move |doc| (segment, *doc)));
        let seen = self.look_at(cases.step_by(every))?;
        let mut around = Vec::new();
        for seen in &seen {
            let each = seen.places.iter().zip(self.around(seen)?);
            around.extend(
                each.filter(|(place, _)| place.changes.is_empty())
                    .map(|(_, around)| around),
            );
        }
        for seen in sure {
            let each = seen.places.iter().zip(self.around(seen)?);
            let best = each.min_by_key(|(place, _)| place.changes.len());
            around.extend(best.map(|(_, around)| around));
        }
        let context = Context::new(
            around.iter().map(Vec::as_slice),
            Kind::of(&self.chars),
            (copies, self.documents()),
            &mut self.frequencies(),
        );
        Ok((context, around))
    }

    /// Cases that hold these letters, two or four of them, side by side.
    pub(super) fn holding(&self, letters: &[char]) -> f32 {
        let units: Vec<u16> = letters.iter().map(|c| unit(*c)).collect();
        self.frequencies().of(&units)
    }

    fn frequencies(&self) -> Counted<'_> {
        Counted::new(self.snapshot, self.answers, self.fields()[0])
    }

    #[allow(clippy::cast_precision_loss)] // only the magnitude counts
    pub(super) fn documents(&self) -> f32 {
        self.snapshot.searcher.num_docs() as f32
    }

    /// The candidates that are at least so probable.
    pub(super) fn at_least(&self, seen: &[Seen], probabilities: &[f32], least: f32) -> BySegment {
        let mut segments = self.nothing();
        for (seen, probability) in seen.iter().zip(probabilities) {
            if *probability >= least {
                segments[seen.segment].push((seen.doc, *probability));
            }
        }
        segments
    }

    pub(super) fn nothing(&self) -> BySegment {
        vec![Vec::new(); self.snapshot.searcher.segment_readers().len()]
    }
}

/// How many there are in all segments.
pub(super) fn count<T>(segments: &[Vec<T>]) -> usize {
    segments.iter().map(Vec::len).sum()
}

pub(super) fn is_empty<T>(segments: &[Vec<T>]) -> bool {
    segments.iter().all(Vec::is_empty)
}

/// Whether letters of a number that may not be read stand at a place.
fn is_hidden(place: &Place) -> bool {
    let hidden = |change| {
        matches!(
            change,
            Change::Other { read: HIDDEN, .. } | Change::Stray { read: HIDDEN, .. }
        )
    };
    place.all().any(hidden)
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
