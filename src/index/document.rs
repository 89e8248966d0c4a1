//! What the index holds of a case.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use sha2::{Digest, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::analysis::{Analyser, NormalisedText};
use crate::analytics::{Missing, SpecialTimes, WHOLE_CONFIDENCE, special_times};
use crate::record::{ApplicantKind, CaseRecord, CivilDate, DocumentNumber, PageRecord, PageText};

use super::OcrQuality;
use super::gaps::missing;
use super::letters::{LettersWriter, Section};
use super::readings::{OtherReading, readings_by_letter, with_readings};
use super::schema::{Fields, GramField, TextField};
use super::taken::{self, Taken};

/// Longest facet value in characters; tantivy drops terms above 64 KiB without a word, so longer ones are cut.
const FACET_CHARACTERS: usize = 200;

/// A case as it goes into the index: all texts and values, taken from the record once, without a reference to it.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexDocument {
    case_key: u64,
    title: Option<String>,
    applicant: Option<String>,
    matter: Option<String>,
    agency: Option<String>,
    document_number: Option<String>,
    archival_code: String,
    acceptance_number: Option<String>,
    pages: Vec<Page>,
    year: Option<u32>,
    regions: Vec<String>,
    outcome: Option<&'static str>,
    document_kinds: BTreeSet<&'static str>,
    applicant_kind: Option<&'static str>,
    retention: Option<&'static str>,
    security_class: Option<&'static str>,
    ocr_quality: OcrQuality,
    /// Mean confidence of the text in parts of [`WHOLE_CONFIDENCE`].
    confidence: Option<u64>,
    missing: BTreeSet<Missing>,
    special_times: SpecialTimes,
    applied_on: Option<CivilDate>,
    accepted_on: Option<CivilDate>,
    decided_on: Option<CivilDate>,
    served_on: Option<CivilDate>,
    valid_until: Option<CivilDate>,
    mentioned_dates: BTreeSet<u64>,
    mentioned_numbers: BTreeSet<String>,
}

/// The text of one page with what else its characters may be.
#[derive(Clone, Debug, PartialEq)]
struct Page {
    text: String,
    others: Vec<OtherReading>,
}

impl Page {
    fn of(page: &PageText) -> Self {
        let mut others = Vec::new();
        let mut start = 0;
        for line in &page.lines {
            // As `PageText::text` joins them: no line end before the first character.
            start += usize::from(start > 0);
            for alternative in &line.alternatives {
                let mut letters = alternative.text.chars();
                if let (Some(letter), None) = (letters.next(), letters.next()) {
                    others.push(OtherReading {
                        at: start + alternative.at,
                        letter,
                    });
                }
            }
            start += line.text.chars().count();
        }
        others.sort_by_key(|other| other.at);
        Self {
            text: page.text(),
            others,
        }
    }
}

impl IndexDocument {
    /// The index document of a case with its pages. A facet value that the case does not have is left out, so the
    /// case is counted under no value of that facet.
    pub fn from_case(case: &CaseRecord, case_key: u64) -> Self {
        let fields = &case.fields;
        let pages: Vec<&PageRecord> = case.documents.iter().flat_map(|document| &document.pages).collect();
        let texts: Vec<Page> = pages.iter().map(|page| Page::of(&page.text)).collect();
        let mut mentioned_dates = BTreeSet::new();
        let mut mentioned_numbers = BTreeSet::new();
        for Page { text, .. } in &texts {
            mentioned_dates.extend(CivilDate::find_all(text).iter().map(|found| found.date.as_number()));
            for found in DocumentNumber::find_all(text) {
                mentioned_numbers.extend(with_shorter_codes(&found.number));
            }
        }
        let region_levels = fields.region.iter().flat_map(|region| region.levels());
        let confidence = mean_confidence(&pages);
        Self {
            case_key,
            title: fields.title.clone(),
            applicant: fields.applicant_name.clone(),
            matter: fields.matter.clone(),
            agency: fields.agency.clone(),
            document_number: fields.document_number.clone(),
            archival_code: case.archival_code.as_str().to_owned(),
            acceptance_number: fields.acceptance_number.clone(),
            year: fields.year().or_else(|| case.archival_code.year()),
            regions: region_levels.map(String::from).collect(),
            outcome: fields.outcome.map(|v| v.code()),
            document_kinds: case.documents.iter().map(|document| document.kind.code()).collect(),
            applicant_kind: fields.applicant_kind.map(|v| v.code()),
            retention: fields.retention.map(|v| v.code()),
            security_class: fields.security_class.map(|v| v.code()),
            ocr_quality: OcrQuality::of(confidence),
            confidence: confidence.map(parts),
            missing: missing(case),
            special_times: special_times(case),
            applied_on: fields.applied_on,
            accepted_on: fields.accepted_on,
            decided_on: fields.decided_on,
            served_on: fields.served_on,
            valid_until: fields.valid_until,
            mentioned_dates,
            mentioned_numbers,
            pages: texts,
        }
    }

    /// Key of the case in the catalogue.
    pub fn case_key(&self) -> u64 {
        self.case_key
    }

    /// The same document under another key: of a case that had none yet when it was made.
    #[must_use]
    pub fn with_key(self, case_key: u64) -> Self {
        Self { case_key, ..self }
    }

    /// The date under which the case is sorted and filtered: of the decision, else of acceptance, else of application.
    fn case_date(&self) -> Option<CivilDate> {
        self.decided_on.or(self.accepted_on).or(self.applied_on)
    }

    pub(super) fn into_tantivy(self, fields: &Fields, analyser: &Analyser) -> TantivyDocument {
        let case_date = self.case_date();
        let mut out = Builder {
            fields,
            analyser,
            document: TantivyDocument::new(),
            letters: LettersWriter::default(),
            person_numbers: BTreeSet::new(),
        };
        out.document.add_u64(fields.case_key, self.case_key);
        out.pages(&self.pages);
        out.text(fields.title, Section::Title, self.title.as_deref());
        if let Some(letters) = out.text(fields.applicant, Section::Applicant, self.applicant.as_deref()) {
            out.document.add_text(fields.applicant_sounds, letters.marked());
            let letters = letters.as_string();
            let key = match is_personal(self.applicant_kind, &letters) {
                true => fields.person_key,
                false => fields.organisation_key,
            };
            out.document.add_u64(key, name_key(&letters));
        }
        out.text(fields.matter_text, Section::Matter, self.matter.as_deref());
        out.text(fields.agency_text, Section::Agency, self.agency.as_deref());
        out.stored_letters();
        for number in std::mem::take(&mut out.person_numbers) {
            out.document.add_u64(fields.person_number, number);
        }
        out.document_number(self.document_number.as_deref());
        out.archival_code(&self.archival_code);
        if let Some(number) = &self.acceptance_number {
            let letters = analyser.normalise(number);
            out.raw(fields.acceptance_number, &letters.as_string());
            out.grams(fields.acceptance_number_grams, &letters.marked());
        }
        out.facet(fields.agency, self.agency.as_deref());
        out.facet(fields.matter, self.matter.as_deref());
        if let Some(year) = self.year {
            out.raw(fields.year, &year.to_string());
        }
        for region in &self.regions {
            out.raw(fields.region, region);
        }
        for kind in &self.document_kinds {
            out.raw(fields.document_kind, kind);
        }
        let closed = [
            (fields.outcome, self.outcome),
            (fields.applicant_kind, self.applicant_kind),
            (fields.retention, self.retention),
            (fields.security_class, self.security_class),
            (fields.ocr_quality, Some(self.ocr_quality.code())),
        ];
        for (field, code) in closed {
            out.facet(field, code);
        }
        let dates = [
            (fields.applied_on, self.applied_on),
            (fields.accepted_on, self.accepted_on),
            (fields.decided_on, self.decided_on),
            (fields.served_on, self.served_on),
            (fields.valid_until, self.valid_until),
            (fields.case_date, case_date),
        ];
        for (field, date) in dates {
            if let Some(date) = date {
                out.document.add_u64(field, date.as_number());
            }
        }
        for missing in &self.missing {
            out.raw(fields.missing, missing.code());
        }
        let complete = !self.missing.iter().any(|missing| missing.is_gap());
        let numbers = [
            (fields.pages, Some(self.pages.len() as u64)),
            (fields.confidence, self.confidence),
            (fields.complete, Some(complete.into())),
            (fields.extended, self.special_times.extended.then_some(1)),
        ];
        for (field, number) in numbers {
            if let Some(number) = number {
                out.document.add_u64(field, number);
            }
        }
        for time in &self.special_times.excluded {
            out.document.add_u64(fields.excluded_time, time.as_number());
        }
        for date in &self.mentioned_dates {
            out.document.add_u64(fields.mentioned_date, *date);
        }
        for number in &self.mentioned_numbers {
            out.raw(fields.mentioned_number, number);
        }
        out.document
    }
}

/// Most letters of a name that is taken for that of a person when nothing else is known.
const PERSON_LETTERS: usize = 4;

/// Whether an applicant is a natural person, by the code of its kind, else by the letters of its name. What is not known
/// to be an organisation counts as a person, for its name is better protected.
fn is_personal(applicant_kind: Option<&str>, letters: &str) -> bool {
    match applicant_kind {
        Some(kind) => kind == ApplicantKind::Person.code(),
        None => letters.chars().nth(PERSON_LETTERS).is_none(),
    }
}

/// Tells names apart without holding them: what equal letters have in common.
fn name_key(letters: &str) -> u64 {
    let digest = Sha256::digest(letters);
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// A number as it stands in running text, whose words before it are read as part of the agency code (根据灵食许〔2019〕
/// 444号): it and all that have a shorter code.
fn with_shorter_codes(number: &DocumentNumber) -> impl Iterator<Item = String> {
    let code = number.agency_code();
    let codes = code.char_indices().filter_map(|(at, _)| code.get(at..));
    codes.map(|code| format!("{code}〔{}〕{}号", number.year(), number.serial()))
}

/// Mean confidence of the pages that have text, weighted by their characters.
fn mean_confidence(pages: &[&PageRecord]) -> Option<f32> {
    let mut sum = 0.0;
    let mut characters = 0.0;
    for page in pages {
        let Some(confidence) = page.confidence else { continue };
        let count: usize = page.text.lines.iter().map(|line| line.text.chars().count()).sum();
        #[allow(clippy::cast_precision_loss)] // a page has far fewer than 2^24 characters
        let weight = count as f32;
        sum += weight * confidence;
        characters += weight;
    }
    (characters > 0.0).then(|| sum / characters)
}

/// A confidence from 0 to 1 in parts of [`WHOLE_CONFIDENCE`].
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)] // from 0 to the whole
fn parts(confidence: f32) -> u64 {
    (f64::from(confidence).clamp(0.0, 1.0) * WHOLE_CONFIDENCE as f64).round() as u64
}

/// A document number so that its text order is the order of agency code, year and serial.
pub(super) fn sortable(number: &str) -> String {
    match DocumentNumber::parse(number) {
        Some(number) => format!(
            "{}\u{1}{:04}\u{1}{:07}",
            number.agency_code(),
            number.year(),
            number.serial()
        ),
        None => cut(number).to_owned(),
    }
}

fn cut(text: &str) -> &str {
    let text = text.trim();
    let end = text
        .char_indices()
        .nth(FACET_CHARACTERS)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// A text without the numbers of persons that stood in it.
struct Without<'t> {
    /// Character by character as long as before.
    text: Cow<'t, str>,
    /// Where they stood.
    spans: Vec<Range<usize>>,
}

struct Builder<'a> {
    fields: &'a Fields,
    analyser: &'a Analyser,
    document: TantivyDocument,
    /// The letters of every text in which words are looked for.
    letters: LettersWriter,
    /// Keyed hashes of the numbers of persons.
    person_numbers: BTreeSet<u64>,
}

impl Builder<'_> {
    fn pages(&mut self, pages: &[Page]) {
        let body = self.fields.body;
        let mut singles = HashSet::new();
        for page in pages {
            let taken = self.without_numbers(&page.text);
            let text = self.analyser.normalise(&taken.text);
            let of_number = |other: &&OtherReading| taken.spans.iter().any(|span| span.contains(&other.at));
            // What else a digit of a number may be tells as much as the digit.
            let (hidden, others): (Vec<OtherReading>, Vec<OtherReading>) =
                page.others.iter().partition(|other| of_number(other));
            let others = readings_by_letter(&text, &others, self.analyser);
            let numbers = self.numbers(&taken, &page.text, &text, &hidden);
            self.letters.section(Section::Page, &text, &others, numbers);
            self.document.add_text(body.words, text.marked());
            self.document.add_text(body.grams.pairs, with_readings(&text, &others));
            singles.extend(text.letters().iter().map(|letter| letter.ch));
        }
        // Each once: a case has far fewer different letters than letters.
        self.document.add_text(body.grams.singles, String::from_iter(singles));
    }

    /// Adds a text of one field; its letters, if there is one.
    fn text(&mut self, field: TextField, section: Section, text: Option<&str>) -> Option<NormalisedText> {
        let original = text?;
        let taken = self.without_numbers(original);
        let text = self.analyser.normalise(&taken.text);
        let numbers = self.numbers(&taken, original, &text, &[]);
        self.letters.section(section, &text, &[], numbers);
        let marked = text.marked();
        self.document.add_text(field.words, &marked);
        self.grams(field.grams, &marked);
        Some(text)
    }

    /// A text without numbers of persons, whose hashes are kept instead.
    fn without_numbers<'t>(&mut self, text: &'t str) -> Without<'t> {
        let Some(numbers) = self.analyser.numbers() else {
            return Without {
                text: Cow::Borrowed(text),
                spans: Vec::new(),
            };
        };
        let taken = numbers.take(text);
        self.person_numbers.extend(taken.hashes);
        Without {
            text: Cow::Owned(taken.text),
            spans: taken.spans,
        }
    }

    /// The numbers that were taken out of a text, each with the index of the letter before which it stood. `others` are
    /// other readings of them.
    fn numbers(
        &self,
        taken: &Without<'_>,
        original: &str,
        text: &NormalisedText,
        others: &[OtherReading],
    ) -> Vec<(usize, Taken)> {
        let mut characters = original.chars();
        let mut read = 0;
        let spans = taken.spans.iter();
        let numbers = spans.map(|span| {
            let number: String = characters.by_ref().skip(span.start - read).take(span.len()).collect();
            read = span.end;
            let number = self.analyser.normalise(&number);
            let here = others.iter().filter(|other| span.contains(&other.at));
            let here: Vec<OtherReading> = here
                .map(|other| OtherReading {
                    at: other.at - span.start,
                    ..*other
                })
                .collect();
            let others = readings_by_letter(&number, &here, self.analyser);
            let at = text
                .letters()
                .partition_point(|letter| (letter.from as usize) < span.start);
            (at, Taken::new(&number, &others))
        });
        numbers.collect()
    }

    /// Adds the letters of all texts, and sealed what was taken out of them.
    fn stored_letters(&mut self) {
        let (letters, taken) = std::mem::take(&mut self.letters).into_parts();
        self.document.add_bytes(self.fields.letters, &letters);
        let numbers = self.analyser.numbers().filter(|_| !taken.is_empty());
        if let Some(sealed) = numbers.and_then(|numbers| numbers.seal(&taken::to_bytes(&taken))) {
            self.document.add_bytes(self.fields.taken_numbers, &sealed);
        }
    }

    fn grams(&mut self, field: GramField, marked: &str) {
        self.document.add_text(field.pairs, marked);
        self.document.add_text(field.singles, marked);
    }

    fn raw(&mut self, field: Field, value: &str) {
        self.document.add_text(field, value);
    }

    fn facet(&mut self, field: Field, value: Option<&str>) {
        if let Some(value) = value.map(cut).filter(|value| !value.is_empty()) {
            self.document.add_text(field, value);
        }
    }

    fn document_number(&mut self, number: Option<&str>) {
        let Some(number) = number else { return };
        let fields = self.fields;
        self.raw(fields.document_number, cut(number));
        self.raw(fields.number_sort, &sortable(number));
        let letters = self.analyser.normalise(number).marked();
        self.grams(fields.document_number_grams, &letters);
        if let Some(number) = DocumentNumber::parse(number) {
            self.raw(fields.document_agency_code, number.agency_code());
            self.document.add_u64(fields.document_year, number.year().into());
            self.document.add_u64(fields.document_serial, number.serial().into());
        }
    }

    fn archival_code(&mut self, code: &str) {
        let fields = self.fields;
        self.raw(fields.archival_code, code);
        let letters = self.analyser.normalise(code).marked();
        self.grams(fields.archival_code_grams, &letters);
        let parts: BTreeSet<&str> = code.split(['-', '·']).filter(|part| !part.is_empty()).collect();
        for part in parts {
            self.raw(fields.archival_code_part, part);
        }
    }
}
