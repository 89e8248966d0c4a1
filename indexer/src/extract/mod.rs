//! Reads facts out of the text of documents by rules.
//!
//! Each field has a file of its own. A rule sees one document at a time (`Reading`) and says what it found, where, how
//! sure it is and which rule it was; [`weigh`] lets the documents of a case confirm or contradict each other, and
//! `juanzong::record::CaseFields::resolve` chooses among what they say. Work is linear in the text and bounded
//! (`limits`).

mod acceptance_number;
mod agency;
mod agreement;
mod applicant;
mod archival_code;
mod contact;
mod dates;
mod document_number;
mod glyphs;
mod identity;
mod kind;
mod labels;
mod legal_basis;
mod licence_number;
mod limits;
mod matter;
mod outcome;
mod places;
mod quantities;
mod reading;
mod region;
mod representative;
mod spelling;
mod vocabulary;

use juanzong::record::{DocumentKind, Fact, FieldName, PageRecord};

pub use agreement::weigh;
pub use vocabulary::Vocabulary;

use reading::Reading;

/// One document as the rules see it.
#[derive(Clone, Copy, Debug)]
pub struct DocumentPages<'a> {
    /// Name of the file inside the case.
    pub file_name: &'a str,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub file_sha256: &'a str,
    /// Its pages in order.
    pub pages: &'a [PageRecord],
}

/// What the rules found in one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Extraction {
    /// 文种
    pub kind: DocumentKind,
    /// Facts with their evidence; several may speak of the same field.
    pub facts: Vec<Fact>,
}

/// Applies every rule to one document. Never fails: a document without recognisable facts gives none.
pub fn extract(document: DocumentPages<'_>, vocabulary: &Vocabulary) -> Extraction {
    let reading = Reading::of(document);
    let (kind, fact) = kind::classify(document.file_name, &reading);
    let mut facts: Vec<Fact> = fact.into_iter().collect();
    document_number::find(&reading, kind, &mut facts);
    acceptance_number::find(&reading, kind, &mut facts);
    archival_code::find(&reading, &mut facts);
    licence_number::find(&reading, kind, &mut facts);
    let applicant = applicant::find(&reading, kind, &mut facts);
    identity::find(&reading, kind, applicant.as_deref(), vocabulary, &mut facts);
    representative::find(&reading, kind, &mut facts);
    contact::addresses(&reading, kind, &mut facts);
    contact::phones(&reading, kind, &mut facts);
    dates::find(&reading, kind, &mut facts);
    agency::find(&reading, kind, vocabulary, &mut facts);
    document_number::repair_place(&reading, vocabulary, &mut facts);
    outcome::find(&reading, kind, &mut facts);
    matter::find(&reading, kind, vocabulary, &mut facts);
    legal_basis::find(&reading, kind, &mut facts);
    quantities::find(&reading, kind, &mut facts);
    if kind == DocumentKind::Contents {
        // Nothing but its own number: it names papers, and what they are about, in other words.
        facts.retain(|fact| matches!(fact.field, FieldName::WrittenKind | FieldName::WrittenCode));
    }
    applicant::kinds(&mut facts);
    region::find(vocabulary, &mut facts);
    Extraction { kind, facts }
}

/// The kind and the title that the first of these pages shows by a title, with the place of the title.
pub fn written_title(document: DocumentPages<'_>) -> Option<(DocumentKind, Fact)> {
    let (kind, fact) = kind::classify(document.file_name, &Reading::of(document));
    Some((kind, fact.filter(|fact| fact.origin == kind::BY_TITLE)?))
}

/// The kind of document that a title names.
pub fn kind_of_title(title: &str) -> Option<DocumentKind> {
    kind::kind_named(&reading::compact(title))
}

/// The kind of a document alone, as [`extract`] finds it.
pub fn kind_of(document: DocumentPages<'_>) -> DocumentKind {
    kind::classify(document.file_name, &Reading::of(document)).0
}

#[cfg(test)]
mod tests;
