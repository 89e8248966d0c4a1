//! A word in Latin letters as the sound of a name: `fengyuan`, `fycy`.
//!
//! Names of applicants are found by their sounds in the index. Agencies and matters are few, so those that the index
//! holds are compared one by one, and are then searched as values.

use crate::analysis::{SoundPattern, SoundReading};
use crate::search::plan::{facet_field, text_term};
use crate::search::tree::{Node, Scope, Term, When};
use crate::search::values::ValueTable;
use crate::search::visible_docs::VisibleDocs;
use crate::search::{Error, Facet, limits};

use super::Found;

/// How a term may be read as the sound of a name; nothing when it is too short to mean one.
pub(super) fn readings(term: &Term) -> Vec<SoundReading> {
    let letters = term.letters.as_string();
    if !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let readings = SoundReading::all(&letters, false).into_iter();
    readings.filter(|reading| is_selective(reading, term.scope)).collect()
}

/// The names that sound as a term is spelt, when it is long enough to mean one.
pub(super) fn names_that_sound_so(
    term: &Term,
    values: &ValueTable,
    seen: &VisibleDocs<'_>,
) -> Result<Option<Found>, Error> {
    let readings = readings(term);
    if readings.is_empty() {
        return Ok(None);
    }
    let on_pages = term.scope == Scope::Everywhere && readings.iter().any(spells_a_text);
    let mut others = Vec::new();
    let mut told = Vec::new();
    if matches!(term.scope, Scope::Everywhere | Scope::Applicant) {
        others.push(Node::Sounds(readings));
        told.push("申请人".to_owned());
    }
    let pattern = SoundPattern::new(&term.letters, false);
    for (scope, facet) in [(Scope::Agency, Facet::Agency), (Scope::Matter, Facet::Matter)] {
        if term.scope != Scope::Everywhere && term.scope != scope {
            continue;
        }
        let field = facet_field(seen.fields(), facet);
        let mut found = Vec::new();
        // By their names: the order of how common they are would tell of cases that may not be seen.
        let mut alike: Vec<_> = values
            .of(facet)
            .iter()
            .filter(|v| pattern.find(&v.letters).is_some())
            .collect();
        alike.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        for value in alike {
            if seen.any(text_term(field, &value.text).as_ref())? {
                found.push(value.text.clone());
                if found.len() == limits::SELECTED_VALUES {
                    break;
                }
            }
        }
        if !found.is_empty() {
            told.push(format!("{}（{}）", facet.label_zh(), few(&found)));
            others.push(Node::Facet { facet, values: found });
        }
    }
    if on_pages {
        told.push("正文".to_owned());
    }
    Ok(Some(Found {
        others,
        when: When::Few,
        told: format!("“{}”同时按拼音检索{}", term.letters.as_string(), told.join("、")),
    }))
}

/// A single syllable stands in every tenth name, and so do few initials; initials and syllables mixed are for suggestions.
fn is_selective(reading: &SoundReading, scope: Scope) -> bool {
    let initials = limits::SELECTIVE_INITIALS - usize::from(scope == Scope::Applicant);
    reading.is_syllables() && reading.0.len() >= limits::SELECTIVE_SYLLABLES
        || reading.is_initials() && reading.0.len() >= initials
}

/// Whether a reading is so long that what stands on the pages may be looked through for it.
pub(super) fn spells_a_text(reading: &SoundReading) -> bool {
    reading.is_syllables() && reading.0.len() >= limits::SYLLABLES_ON_PAGES
}

/// The first names, and how many there are.
fn few(names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    match names.len() {
        count if count > first.len() => format!("{}等{count}个", first.join("、")),
        _ => first.join("、"),
    }
}
