//! The names that applicants have and that sound as a word is spelt, in letters, so that they are found on pages, too.
//!
//! Only names of applicants are indexed by their sounds; pages are not, for everything would sound like something. What
//! the applicants found by sound are called is then looked for everywhere like any other name; so is what stands on
//! pages and is read so, when enough syllables are typed.

use std::collections::BTreeMap;

use tantivy::DocAddress;

use crate::analysis::{SoundPattern, SoundReading};
use crate::index::{Numbers, Section, Snapshot};
use crate::search::plan::{any, sound_phrases};
use crate::search::tree::{Node, QueryTree, Scope, Term};
use crate::search::visible_docs::VisibleDocs;
use crate::search::{Error, limits};

use super::other_term;
use super::sounding_texts::texts_read_so;

/// Most cases whose applicants are asked how they are called.
const CASES_ASKED: usize = 200;

/// Adds the names to every word that is searched by its sound everywhere.
pub(in crate::search) fn add_sounding_names(
    tree: &mut QueryTree,
    snapshot: &Snapshot,
    seen: &VisibleDocs<'_>,
) -> Result<(), Error> {
    visit(&mut tree.root, snapshot, seen)
}

/// The recursion is bounded by the depth that the parser allows.
fn visit(node: &mut Node, snapshot: &Snapshot, seen: &VisibleDocs<'_>) -> Result<(), Error> {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().try_for_each(|node| visit(node, snapshot, seen)),
        Node::Expanded(expanded) => {
            let Node::Term(term) = expanded.typed.as_ref() else {
                return Ok(());
            };
            let readings = expanded.others.iter().find_map(|other| match other {
                Node::Sounds(readings) => Some(readings.as_slice()),
                _ => None,
            });
            if let Some(readings) = readings.filter(|_| term.scope == Scope::Everywhere) {
                let mut names = names(term, readings, snapshot, seen)?;
                for text in texts_read_so(readings, snapshot)? {
                    if !names.contains(&text) {
                        names.push(text);
                    }
                }
                let names = names.into_iter();
                let names = names.map(|name| other_term(Scope::Everywhere, snapshot.analyser.normalise(&name)));
                expanded.others.extend(names);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What of the names of visible applicants sounds so, the most frequent first.
fn names(
    term: &Term,
    readings: &[SoundReading],
    snapshot: &Snapshot,
    seen: &VisibleDocs<'_>,
) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Tantivy {
        action: "find names by their sound",
        source,
    };
    let field = snapshot.fields.applicant_sounds;
    let query = any(readings
        .iter()
        .flat_map(|reading| sound_phrases(field, reading))
        .collect());
    let found = (0..).zip(seen.look(query.as_ref(), CASES_ASKED)?.found);
    let found = found.flat_map(|(segment, (_, docs))| docs.into_iter().map(move |doc| DocAddress::new(segment, doc)));
    let pattern = SoundPattern::new(&term.letters, false);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for address in found.take(CASES_ASKED) {
        for name in snapshot
            .letters(address, &[Section::Applicant], Numbers::Opened)
            .map_err(failed)?
        {
            let letters: Vec<char> = char::decode_utf16(name.units.iter().copied())
                .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            for span in pattern.find_all(&letters) {
                // Syllables and initials mixed are for suggestions.
                if readings.iter().any(|reading| reading.0.len() == span.len()) {
                    *counts.entry(letters[span].iter().collect()).or_default() += 1;
                }
            }
        }
    }
    let mut names: Vec<(usize, String)> = counts.into_iter().map(|(name, count)| (count, name)).collect();
    names.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = limits::EXPANSIONS_OF_A_TERM / 2;
    Ok(names.into_iter().take(most).map(|(_, name)| name).collect())
}
