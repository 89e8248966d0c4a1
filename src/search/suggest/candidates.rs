//! Which cases could have what was typed: the part that looks into the index.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

use tantivy::query::{EnableScoring, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term as IndexTerm};

use crate::analysis::{Analyser, NormalisedText, SoundPattern, SoundReading};
use crate::index::{CASE_DATE, CASE_KEY, ORGANISATION_KEY, PERSON_KEY, Snapshot};
use crate::record::DocumentNumber;
use crate::search::plan::{Plan, all, any, facet_field, number_parts, phrase, sound_phrases, visible_cases};
use crate::search::tree::NumberParts;
use crate::search::values::{NamedValue, ValueTable};
use crate::search::{Error, Facet, VisibleCases, limits};

use super::{SuggestViewer, SuggestionKind};

/// Most ways to read one run of Latin letters that are looked for.
const SOUND_QUERIES: usize = 48;

/// Least letters of a number: a single digit stands in all of them.
const NUMBER_LETTERS: usize = 2;

/// What was typed, in letters.
pub(super) struct Input {
    pub(super) text: String,
    pub(super) letters: NormalisedText,
    pub(super) pattern: SoundPattern,
}

impl Input {
    pub(super) fn new(text: &str, analyser: &Analyser) -> Self {
        let letters = analyser.normalise(text);
        Self {
            text: text.to_owned(),
            pattern: SoundPattern::new(&letters, true),
            letters,
        }
    }
}

/// An agency or matter that fits.
pub(super) struct FittingValue {
    pub(super) kind: SuggestionKind,
    pub(super) text: String,
    pub(super) count: u64,
}

/// A case that has a name or number that may fit.
pub(super) struct FittingCase {
    pub(super) kind: SuggestionKind,
    pub(super) case_key: u64,
    /// Cases with the same name; 1 for numbers.
    pub(super) count: u64,
}

/// All that may fit.
pub(super) struct Candidates {
    pub(super) input: Input,
    pub(super) analyser: Analyser,
    pub(super) values: Vec<FittingValue>,
    pub(super) cases: Vec<FittingCase>,
}

/// Gathers what may fit; `None` when no letter was typed.
pub(super) fn gather(
    text: &str,
    snapshot: &Snapshot,
    values: &ValueTable,
    viewer: &SuggestViewer,
    deadline: Instant,
) -> Result<Option<Candidates>, Error> {
    let input = Input::new(text, &snapshot.analyser);
    if input.letters.is_empty() {
        return Ok(None);
    }
    let gatherer = Gatherer {
        snapshot,
        viewer,
        deadline,
    };
    let mut fitting = Vec::new();
    for (facet, kind) in [
        (Facet::Matter, SuggestionKind::Matter),
        (Facet::Agency, SuggestionKind::Agency),
    ] {
        fitting.extend(gatherer.values(&input, facet, kind, values.of(facet))?);
    }
    let mut cases = gatherer.applicants(&input)?;
    if input.letters.len() >= NUMBER_LETTERS {
        let fields = &snapshot.fields;
        let number = gatherer.document_numbers(&input);
        for (kind, query) in [
            (SuggestionKind::DocumentNumber, number),
            (
                SuggestionKind::ArchivalCode,
                phrase(fields.archival_code_grams, &input.letters),
            ),
            (
                SuggestionKind::AcceptanceNumber,
                phrase(fields.acceptance_number_grams, &input.letters),
            ),
        ] {
            cases.extend(gatherer.latest(kind, query)?);
        }
    }
    Ok(Some(Candidates {
        input,
        analyser: snapshot.analyser.clone(),
        values: fitting,
        cases,
    }))
}

struct Gatherer<'a> {
    snapshot: &'a Snapshot,
    viewer: &'a SuggestViewer,
    deadline: Instant,
}

impl Gatherer<'_> {
    /// Agencies or matters that fit and that a visible case has, with the number of such cases.
    fn values(
        &self,
        input: &Input,
        facet: Facet,
        kind: SuggestionKind,
        values: &[NamedValue],
    ) -> Result<Vec<FittingValue>, Error> {
        let field = facet_field(&self.snapshot.fields, facet);
        let mut found = Vec::new();
        for value in values
            .iter()
            .filter(|value| input.pattern.find(&value.letters).is_some())
        {
            let term = IndexTerm::from_field_text(field, &value.text);
            let count = self.count(term)?;
            if count > 0 {
                found.push(FittingValue {
                    kind,
                    text: value.text.clone(),
                    count,
                });
            }
            if found.len() == limits::CANDIDATES {
                break;
            }
        }
        Ok(found)
    }

    /// Applicants by what their names hold and how they sound; each name once, with the number of its visible cases.
    fn applicants(&self, input: &Input) -> Result<Vec<FittingCase>, Error> {
        let Some(query) = self.applicant_query(input) else {
            return Ok(Vec::new());
        };
        let mut names: HashMap<(bool, u64), (u64, u64)> = HashMap::new();
        for (segment, docs) in self.look(query)? {
            let fast = segment.fast_fields();
            let organisations = fast.u64(ORGANISATION_KEY).map_err(failed)?;
            let persons = self.viewer.persons.then(|| fast.u64(PERSON_KEY));
            let persons = persons.transpose().map_err(failed)?;
            let keys = fast.u64(CASE_KEY).map_err(failed)?;
            for doc in docs {
                let organisation = organisations.first(doc).map(|name| (false, name));
                let person = || Some((true, persons.as_ref()?.first(doc)?));
                if let (Some(name), Some(case_key)) = (organisation.or_else(person), keys.first(doc)) {
                    names.entry(name).or_insert((0, case_key)).0 += 1;
                }
            }
        }
        let mut names: Vec<((bool, u64), (u64, u64))> = names.into_iter().collect();
        names.sort_by_key(|(name, (seen, _))| (Reverse(*seen), *name));
        names.truncate(limits::CANDIDATES);
        let fields = &self.snapshot.fields;
        let case = |((personal, name), (_, case_key))| {
            let field = if personal {
                fields.person_key
            } else {
                fields.organisation_key
            };
            Ok(FittingCase {
                kind: SuggestionKind::Applicant,
                case_key,
                count: self.count(IndexTerm::from_field_u64(field, name))?,
            })
        };
        names.into_iter().map(case).collect()
    }

    fn applicant_query(&self, input: &Input) -> Option<Plan> {
        let fields = &self.snapshot.fields;
        let analyser = &self.snapshot.analyser;
        let grams = |run: &str| phrase(fields.applicant.grams, &analyser.normalise(run));
        let (plain, sounds) = input.pattern.runs();
        if sounds.is_empty() && plain.iter().all(|run| run.chars().all(|c| c.is_ascii_digit())) {
            return None;
        }
        let mut must: Vec<Plan> = plain.iter().map(|run| grams(run)).collect();
        for run in &sounds {
            // One letter beside others says too little; the comparison sees to it.
            if run.len() == 1 && !plain.is_empty() {
                continue;
            }
            let readings = SoundReading::all(run, true);
            let phrases = readings
                .iter()
                .flat_map(|reading| sound_phrases(fields.applicant_sounds, reading));
            must.push(any(std::iter::once(grams(run))
                .chain(phrases.take(SOUND_QUERIES))
                .collect()));
        }
        (!must.is_empty()).then(|| all(must))
    }

    /// Whole numbers, half ones, and any letters of one.
    fn document_numbers(&self, input: &Input) -> Plan {
        let fields = &self.snapshot.fields;
        let analyser = &self.snapshot.analyser;
        if let Some(number) = DocumentNumber::parse(&input.text) {
            return phrase(fields.document_number_grams, &analyser.normalise(&number.to_string()));
        }
        let letters = phrase(fields.document_number_grams, &input.letters);
        match NumberParts::parse(&input.text) {
            Some(parts) => any(vec![letters, number_parts(fields, &parts)]),
            None => letters,
        }
    }

    /// The latest of the visible cases that a query finds.
    fn latest(&self, kind: SuggestionKind, query: Plan) -> Result<Vec<FittingCase>, Error> {
        let mut found: Vec<(u64, u64)> = Vec::new();
        for (segment, docs) in self.look(query)? {
            let dates = segment.fast_fields().u64(CASE_DATE).map_err(failed)?;
            let keys = segment.fast_fields().u64(CASE_KEY).map_err(failed)?;
            let dated = |doc| Some((dates.first(doc).unwrap_or(0), keys.first(doc)?));
            found.extend(docs.into_iter().filter_map(dated));
        }
        found.sort_unstable_by_key(|found| Reverse(*found));
        found.truncate(limits::CANDIDATES);
        let case = |(_, case_key)| FittingCase {
            kind,
            case_key,
            count: 1,
        };
        Ok(found.into_iter().map(case).collect())
    }

    /// Visible cases that a query finds, by segment: all of them, or from each segment its share of
    /// [`limits::CASES_LOOKED_AT`].
    fn look(&self, query: Plan) -> Result<Vec<(&SegmentReader, Vec<DocId>)>, Error> {
        let searcher = &self.snapshot.searcher;
        let query = self.visible(query);
        let mut found = Vec::new();
        let weight = query
            .weight(EnableScoring::disabled_from_searcher(searcher))
            .map_err(failed)?;
        let all: u64 = searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum();
        for segment in searcher.segment_readers() {
            if Instant::now() >= self.deadline {
                return Err(Error::DeadlineExceeded);
            }
            let share = limits::CASES_LOOKED_AT as u64 * u64::from(segment.max_doc()) / all.max(1);
            let mut left = share.max(100);
            let mut of_segment = Vec::new();
            let mut docs = weight.scorer(segment, 1.0).map_err(failed)?;
            let mut doc = docs.doc();
            while doc != TERMINATED && left > 0 {
                if !segment.is_deleted(doc) {
                    of_segment.push(doc);
                    left -= 1;
                }
                doc = docs.advance();
            }
            found.push((segment, of_segment));
        }
        Ok(found)
    }

    /// Visible cases that have a value.
    fn count(&self, term: IndexTerm) -> Result<u64, Error> {
        let query = self.visible(Box::new(TermQuery::new(term, IndexRecordOption::Basic)));
        let count = query.count(&self.snapshot.searcher);
        count.map(|count| count as u64).map_err(failed)
    }

    fn visible(&self, query: Plan) -> Plan {
        let visible: &VisibleCases = &self.viewer.visible;
        let mut must = vec![query];
        must.extend(visible_cases(visible, &self.snapshot.fields));
        all(must)
    }
}

fn failed(source: TantivyError) -> Error {
    Error::Tantivy {
        action: "look for suggestions",
        source,
    }
}
