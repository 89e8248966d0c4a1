//! Reads facts out of the text of documents by simple rules.
//!
//! Each field has a file of its own. A rule sees one document at a time and says what it found, where, how sure it
//! is and which rule it was; `juanzong::record::CaseFields::resolve` chooses among what all documents say.

mod acceptance_number;
mod agency;
mod dates;
mod document_number;
mod kind;
mod matter;
mod outcome;
mod reading;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use juanzong::record::{DocumentKind, Fact, PageRecord};

use reading::Reading;

/// What the rules need to know besides the text.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Names of matters (审批事项), longest first.
    matters: Vec<String>,
    /// Region code of each name that only one region has.
    regions: HashMap<String, String>,
}

impl Vocabulary {
    /// A vocabulary of matters and of regions (name, code). The longest matter wins where several stand at the same
    /// place; a name that several regions share says nothing.
    pub fn new(mut matters: Vec<String>, regions: impl IntoIterator<Item = (String, String)>) -> Self {
        matters.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
        matters.dedup();
        let mut codes: HashMap<String, Option<String>> = HashMap::new();
        for (name, code) in regions {
            match codes.entry(name) {
                Entry::Occupied(mut known) if known.get().as_ref() != Some(&code) => {
                    known.insert(None);
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(Some(code));
                }
            }
        }
        let regions = codes
            .into_iter()
            .filter_map(|(name, code)| Some((name, code?)))
            .collect();
        Self { matters, regions }
    }

    /// The code of the region with whose name an agency's name begins: the longest such name.
    pub fn region_of(&self, agency: &str) -> Option<String> {
        let mut ends: Vec<usize> = agency.char_indices().map(|(at, _)| at).skip(2).collect();
        ends.reverse();
        ends.into_iter()
            .find_map(|end| self.regions.get(agency.get(..end)?).cloned())
    }
}

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
    let kind = kind::classify(document.file_name, &reading);
    let mut facts = Vec::new();
    document_number::find(&reading, kind, &mut facts);
    acceptance_number::find(&reading, kind, &mut facts);
    dates::find(&reading, kind, &mut facts);
    agency::find(&reading, kind, &mut facts);
    outcome::find(&reading, kind, &mut facts);
    matter::find(&reading, kind, vocabulary, &mut facts);
    Extraction { kind, facts }
}

#[cfg(test)]
mod tests;
