//! Which cases could have what was typed: the part that looks into the index.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tantivy::query::{Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyError, Term as IndexTerm};

use crate::analysis::{Analyser, NormalisedText, SoundPattern, SoundReading};
use crate::index::{CASE_DATE, CASE_KEY, ORGANISATION_KEY, PERSON_KEY, Snapshot};
use crate::record::DocumentNumber;
use crate::search::kept::KeptLists;
use crate::search::plan::{Plan, all, any, facet_field, number_parts, phrase, sound_phrases};
use crate::search::tree::NumberParts;
use crate::search::values::{NamedValue, ValueTable};
use crate::search::visible_docs::VisibleDocs;
use crate::search::{Error, Facet, limits};

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
    kept: &Arc<KeptLists>,
    viewer: &SuggestViewer,
    deadline: Instant,
) -> Result<Option<Candidates>, Error> {
    let input = Input::new(text, &snapshot.analyser);
    if input.letters.is_empty() {
        return Ok(None);
    }
    let gatherer = Gatherer {
        snapshot,
        docs: VisibleDocs::new(&viewer.visible, snapshot, kept, deadline)?,
        persons: viewer.persons,
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
        // Among all numbers that hold some digits, those with this serial are not to be missed.
        if let Some(serial) = serial(&input) {
            cases.extend(gatherer.latest(SuggestionKind::DocumentNumber, number_parts(fields, &serial).as_ref())?);
        }
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
            cases.extend(gatherer.latest(kind, query.as_ref())?);
        }
    }
    Ok(Some(Candidates {
        input,
        analyser: snapshot.analyser.clone(),
        values: fitting,
        cases,
    }))
}

/// The serial that bare digits may be.
fn serial(input: &Input) -> Option<NumberParts> {
    let serial = input.letters.as_string().parse().ok()?;
    Some(NumberParts {
        serial: Some(serial),
        ..NumberParts::default()
    })
}

struct Gatherer<'a> {
    snapshot: &'a Snapshot,
    docs: VisibleDocs<'a>,
    persons: bool,
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
        // The table has them in the order of all cases, which is not for everybody to know.
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        Ok(found)
    }

    /// Applicants by what their names hold and how they sound; each name once, with the number of its visible cases.
    fn applicants(&self, input: &Input) -> Result<Vec<FittingCase>, Error> {
        let Some(query) = self.applicant_query(input) else {
            return Ok(Vec::new());
        };
        let mut names: HashMap<(bool, u64), (u64, u64)> = HashMap::new();
        let looked = self.docs.look(query.as_ref(), limits::CASES_LOOKED_AT)?;
        for (segment, docs) in looked.found {
            let fast = segment.fast_fields();
            let organisations = fast.u64(ORGANISATION_KEY).map_err(failed)?;
            let persons = self.persons.then(|| fast.u64(PERSON_KEY));
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
        let case = |((personal, name), (seen, case_key))| {
            let field = if personal {
                fields.person_key
            } else {
                fields.organisation_key
            };
            Ok(FittingCase {
                kind: SuggestionKind::Applicant,
                case_key,
                // Who has seen all cases that fit has counted them.
                count: match looked.all {
                    true => seen,
                    false => self.count(IndexTerm::from_field_u64(field, name))?,
                },
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
    fn latest(&self, kind: SuggestionKind, query: &dyn Query) -> Result<Vec<FittingCase>, Error> {
        let mut found: Vec<(u64, u64)> = Vec::new();
        for (segment, docs) in self.docs.look(query, limits::CASES_LOOKED_AT)?.found {
            let dates = segment.fast_fields().u64(CASE_DATE).map_err(failed)?;
            let keys = segment.fast_fields().u64(CASE_KEY).map_err(failed)?;
            let dated = |doc| Some((dates.first(doc).unwrap_or(0), keys.first(doc)?));
            found.extend(docs.into_iter().filter_map(dated));
        }
        found.sort_unstable_by_key(|found| Reverse(*found));
        found.truncate(limits::NUMBER_CANDIDATES);
        let case = |(_, case_key)| FittingCase {
            kind,
            case_key,
            count: 1,
        };
        Ok(found.into_iter().map(case).collect())
    }

    /// Visible cases that have a value.
    fn count(&self, term: IndexTerm) -> Result<u64, Error> {
        self.docs.count(&TermQuery::new(term, IndexRecordOption::Basic))
    }
}

fn failed(source: TantivyError) -> Error {
    Error::Tantivy {
        action: "look for suggestions",
        source,
    }
}
