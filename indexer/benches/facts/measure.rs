//! What was read out of a case beside what is true of it.

use std::collections::BTreeMap;

use juanzong::record::{CaseFields, DocumentKind, Fact, FieldName};
use juanzong_indexer::extract::{DocumentPages, Vocabulary, extract, weigh};

use crate::corpus::{Case, Document};
use crate::reading::Texts;

/// A value is presented as sure above this.
pub(crate) const SURE: f32 = 0.9;

/// The counts of one field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Cases in which the value can be read.
    pub(crate) expected: u32,
    /// Cases in which some value was read.
    pub(crate) given: u32,
    /// Cases in which the right one was read.
    pub(crate) right: u32,
    /// Cases in which the value can be read or was read.
    pub(crate) either: u32,
    /// Values presented as sure.
    pub(crate) sure: u32,
    /// Those that are wrong.
    pub(crate) sure_wrong: u32,
}

/// All counts of a set, and what went wrong.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) fields: BTreeMap<&'static str, Counts>,
    pub(crate) failures: Vec<String>,
    /// (confidence, right) of every value presented.
    pub(crate) presented: Vec<(f32, bool)>,
}

impl Tally {
    fn count(
        &mut self,
        field: &'static str,
        place: &str,
        expected: Option<&str>,
        given: Option<(&str, f32)>,
        free: bool,
    ) {
        let counts = self.fields.entry(field).or_default();
        let right = expected.is_some() && given.is_some_and(|(value, _)| Some(value) == expected);
        // A true value that stands nowhere in the case may follow from others.
        if free && given.is_none() {
            return;
        }
        counts.expected += u32::from(expected.is_some() && !free);
        counts.given += u32::from(given.is_some());
        counts.right += u32::from(right);
        counts.either += 1;
        if let Some((_, confidence)) = given {
            counts.sure += u32::from(confidence > SURE);
            counts.sure_wrong += u32::from(confidence > SURE && !right);
            self.presented.push((confidence, right));
        }
        if !right {
            let shown = given.map_or_else(
                || "-".to_owned(),
                |(value, confidence)| format!("`{value}` ({confidence:.3})"),
            );
            let expected = expected.unwrap_or("-");
            self.failures
                .push(format!("{place} {field}: expected `{expected}`, read {shown}"));
        }
    }
}

/// Reads the facts of one case and counts them.
pub(crate) fn case(case: &Case, texts: &Texts, vocabulary: &Vocabulary, tally: &mut Tally) {
    let mut facts: Vec<Fact> = Vec::new();
    for document in &case.documents {
        let (kind, found) = read(document, texts, vocabulary);
        if let Some(expected) = document.kind {
            let confidence = found
                .iter()
                .find(|f| f.field == FieldName::WrittenKind)
                .map_or(0.0, Fact::confidence);
            let place = format!("{} {}", case.name, document.name);
            tally.count(
                "document_kind",
                &place,
                Some(expected.code()),
                Some((kind.code(), confidence)),
                false,
            );
        }
        facts.extend(found);
    }
    weigh(&mut facts);
    let fields = CaseFields::resolve(&facts);
    let canonical = |field: FieldName, value: &str| match field {
        FieldName::Matter => vocabulary
            .matter_named(value)
            .map_or_else(|| value.to_owned(), |(name, _)| name.to_owned()),
        _ => value.to_owned(),
    };
    let known = case.expected.iter().map(|(field, value)| (*field, value, false));
    let elsewhere = case.true_elsewhere.iter().map(|(field, value)| (*field, value, true));
    for (field, value, free) in known.chain(elsewhere) {
        let expected = canonical(field, value);
        let given = fields.get(field).map(|value| {
            let of_value = facts.iter().filter(|f| f.field == field && f.value == value);
            let confidence = of_value.map(Fact::confidence).fold(0.0, f32::max);
            (canonical(field, &value), confidence)
        });
        let given = given.as_ref().map(|(value, confidence)| (value.as_str(), *confidence));
        tally.count(label(field, &expected), &case.name, Some(&expected), given, free);
    }
    details(case, &facts, tally);
    if let Some(person) = &case.person {
        let persons = facts.iter().filter(|f| {
            f.field == FieldName::PersonIdNumber
                || f.field == FieldName::ApplicantIdNumber && f.origin.starts_with("id_number")
        });
        let best = persons.max_by(|a, b| {
            (a.value == *person)
                .cmp(&(b.value == *person))
                .then(a.confidence().total_cmp(&b.confidence()))
        });
        let given = best.map(|f| (f.value.as_str(), f.confidence()));
        tally.count("id_number", &case.name, Some(person), given, false);
    }
}

/// Counts each value of the details; what else was read is wrong only where no paper names other values than the true
/// ones.
fn details(case: &Case, facts: &[Fact], tally: &mut Tally) {
    const CLOSED: [FieldName; 3] = [
        FieldName::LegalRepresentative,
        FieldName::Address,
        FieldName::LicenceNumber,
    ];
    for (field, expected) in &case.details {
        let mut found: BTreeMap<&str, f32> = BTreeMap::new();
        for fact in facts.iter().filter(|f| f.field == *field) {
            let confidence = found.entry(&fact.value).or_default();
            *confidence = confidence.max(fact.confidence());
        }
        for value in expected {
            let given = found
                .remove(value.as_str())
                .map(|confidence| (value.as_str(), confidence));
            tally.count(field.code(), &case.name, Some(value), given, false);
        }
        for (value, confidence) in found.into_iter().filter(|_| CLOSED.contains(field)) {
            tally.count(field.code(), &case.name, None, Some((value, confidence)), false);
        }
    }
}

/// One field of the catalogue holds two kinds of numbers, which are counted apart.
fn label(field: FieldName, expected: &str) -> &'static str {
    match field {
        FieldName::ApplicantIdNumber if juanzong::record::IdNumber::parse(expected).is_some() => "id_number",
        FieldName::ApplicantIdNumber => "credit_code",
        field => field.code(),
    }
}

fn read(document: &Document, texts: &Texts, vocabulary: &Vocabulary) -> (DocumentKind, Vec<Fact>) {
    let Some(text) = texts.get(&document.file) else {
        return (DocumentKind::Other, Vec::new());
    };
    let pages = text.records();
    let extraction = extract(
        DocumentPages {
            file_name: &document.name,
            file_sha256: &text.sha256,
            pages: &pages,
        },
        vocabulary,
    );
    (extraction.kind, extraction.facts)
}
