//! What stands on pages and is read as a word is spelt, in letters.
//!
//! The index knows which pairs of letters stand side by side. Of the letters that are read as the first syllable and those
//! read as the second only a few pairs do, of those only some go on with the third; what is left at the end is looked for
//! as a phrase. The cost is bounded by the letters tried for each syllable, the more frequent first.

use std::cmp::Reverse;

use tantivy::Term as IndexTerm;

use crate::analysis::{Sound, SoundReading, letters_read};
use crate::index::Snapshot;
use crate::search::{Error, limits};

use super::sounds::spells_a_text;

/// Most syllables that are followed; more say nothing more.
const LONGEST: usize = 8;
/// Ways of reading that are tried.
const WAYS: usize = 3;
/// Letters tried for a syllable.
const LETTERS: usize = 40;
/// Beginnings that are followed at a time.
const BEGINNINGS: usize = 60;

/// A beginning of a text, and how many cases may hold it at most.
struct Beginning {
    letters: Vec<char>,
    cases: u64,
}

/// Texts on pages that may be read so, the more frequent first.
pub(super) fn texts_read_so(readings: &[SoundReading], snapshot: &Snapshot) -> Result<Vec<String>, Error> {
    let mut found: Vec<Beginning> = Vec::new();
    for reading in readings.iter().filter(|reading| spells_a_text(reading)).take(WAYS) {
        found.extend(follow(reading, snapshot)?);
    }
    found.sort_by_key(|text| Reverse(text.cases));
    let most = limits::EXPANSIONS_OF_A_TERM / 2;
    Ok(found
        .into_iter()
        .take(most)
        .map(|text| text.letters.into_iter().collect())
        .collect())
}

fn follow(reading: &SoundReading, snapshot: &Snapshot) -> Result<Vec<Beginning>, Error> {
    let syllables = reading.0.iter().filter_map(|sound| match sound {
        Sound::Syllable(syllable) => Some(syllable.as_str()),
        Sound::Beginning(_) | Sound::Initial(_) => None,
    });
    let mut beginnings: Vec<Beginning> = Vec::new();
    for (at, syllable) in syllables.take(LONGEST).enumerate() {
        let letters = frequent(letters_read(syllable), snapshot)?;
        if at == 0 {
            beginnings.extend(letters.into_iter().map(|(letter, cases)| Beginning {
                letters: vec![letter],
                cases,
            }));
            continue;
        }
        let mut longer = Vec::new();
        for beginning in &beginnings {
            for (letter, _) in &letters {
                let pair = [beginning.letters[at - 1], *letter];
                let cases = holding(&pair, snapshot)?.min(beginning.cases);
                if cases > 0 {
                    let mut letters = beginning.letters.clone();
                    letters.push(*letter);
                    longer.push(Beginning { letters, cases });
                }
            }
        }
        longer.sort_by_key(|beginning| Reverse(beginning.cases));
        longer.truncate(BEGINNINGS);
        beginnings = longer;
        if beginnings.is_empty() {
            break;
        }
    }
    Ok(beginnings)
}

/// The letters that stand in most cases.
fn frequent(letters: &[char], snapshot: &Snapshot) -> Result<Vec<(char, u64)>, Error> {
    let mut counted = Vec::new();
    for letter in letters {
        let cases = holding(&[*letter], snapshot)?;
        if cases > 0 {
            counted.push((*letter, cases));
        }
    }
    counted.sort_by_key(|(_, cases)| Reverse(*cases));
    counted.truncate(LETTERS);
    Ok(counted)
}

/// Cases with these letters side by side on a page.
fn holding(letters: &[char], snapshot: &Snapshot) -> Result<u64, Error> {
    let field = snapshot.fields.body.grams.of_length(letters.len());
    let text: String = letters.iter().collect();
    let cases = snapshot.searcher.doc_freq(&IndexTerm::from_field_text(field, &text));
    cases.map_err(|source| Error::Tantivy {
        action: "find texts by their sound",
        source,
    })
}
