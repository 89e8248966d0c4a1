//! Which cases may hold a misread copy of some letters: those that share enough of its rare grams.
//!
//! Every gram of the term brings as many bits as it is rare. A case is a candidate when what it shares brings a good
//! part of what the whole term would. Grams are tried from the rarest; as soon as the remaining ones could not make a
//! case a candidate, they are only looked up for the cases found so far. So the common ones, which make a query slow,
//! are never run through.

use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term as IndexTerm};

use crate::analysis::dictionary::Confusions;
use crate::index::{GramField, OTHER, Snapshot};

/// Part of a term's information that a case must share with it.
const SHARE: f32 = 0.3;
/// The same of a number: one error spoils four of its grams, and the others are rare.
const SHARE_OF_NUMBERS: f32 = 0.15;
/// More candidates of a term than this are not kept; those that share most are.
const MOST: usize = 40_000;

/// A case that may hold a misread copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) segment: usize,
    pub(super) doc: DocId,
    /// Part of the term's information that it shares, 0 to 1.
    pub(super) share: f32,
}

impl Candidate {
    pub(super) fn case(&self) -> (usize, DocId) {
        (self.segment, self.doc)
    }
}

/// One gram of a term: what it is written as, and what it may be read as.
struct Gram {
    written: Vec<IndexTerm>,
    read: Vec<IndexTerm>,
    /// Information in nats.
    weight: f32,
}

/// How closely is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Where what is sought is found elsewhere, too.
    Usual,
    /// Where nothing is found: half of the usual share will do.
    More,
}

/// The candidates of a term in some fields, but for those that `known` names.
pub(super) fn candidates(
    snapshot: &Snapshot,
    fields: &[GramField],
    letters: &[char],
    confusions: &Confusions,
    care: Care,
    known: impl Fn(usize, DocId) -> bool,
) -> tantivy::Result<Vec<Candidate>> {
    let mut grams = Vec::new();
    let documents = snapshot.searcher.num_docs();
    let spans = grams_of(letters);
    let quads = spans.iter().filter(|(_, length)| *length > 2).count();
    let share = if 2 * quads > spans.len() {
        SHARE_OF_NUMBERS
    } else {
        SHARE
    };
    let share = match care {
        Care::Usual => share,
        Care::More => share / 2.0,
    };
    for (at, length) in spans {
        grams.push(gram(
            snapshot,
            fields,
            &letters[at..at + length],
            confusions,
            documents,
        )?);
    }
    grams.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let total: f32 = grams.iter().map(|gram| gram.weight).sum();
    let mut found = Vec::new();
    for (ordinal, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
        let accumulated = accumulate(segment, &grams, total * share)?;
        let alive = segment.alive_bitset();
        found.extend(
            accumulated
                .into_iter()
                .filter(|(doc, _)| alive.is_none_or(|alive| alive.is_alive(*doc)) && !known(ordinal, *doc))
                .map(|(doc, weight)| Candidate {
                    segment: ordinal,
                    doc,
                    share: weight / total,
                }),
        );
    }
    if found.len() > MOST {
        found.select_nth_unstable_by(MOST, |a, b| b.share.total_cmp(&a.share));
        found.truncate(MOST);
    }
    // In the order of the store, of which whole blocks are read.
    found.sort_unstable_by_key(|candidate| (candidate.segment, candidate.doc));
    Ok(found)
}

/// The grams of a term: quads inside of long numbers, in which every pair is common; else pairs.
fn grams_of(letters: &[char]) -> Vec<(usize, usize)> {
    let quad = |at: usize| {
        letters
            .get(at..at + 4)
            .is_some_and(|quad| quad.iter().all(char::is_ascii_alphanumeric))
    };
    let inside = |at: usize| (at.saturating_sub(2)..=at).any(quad);
    let mut grams: Vec<(usize, usize)> = (0..letters.len()).filter(|at| quad(*at)).map(|at| (at, 4)).collect();
    grams.extend(
        (0..letters.len().saturating_sub(1))
            .filter(|at| !inside(*at))
            .map(|at| (at, 2)),
    );
    grams
}

fn gram(
    snapshot: &Snapshot,
    fields: &[GramField],
    letters: &[char],
    confusions: &Confusions,
    documents: u64,
) -> tantivy::Result<Gram> {
    let text: String = letters.iter().collect();
    let term = |field: &GramField, text: &str| IndexTerm::from_field_text(field.of_length(letters.len()), text);
    let written: Vec<IndexTerm> = fields.iter().map(|field| term(field, &text)).collect();
    let mut read = Vec::new();
    for field in fields {
        read.push(term(field, &format!("{OTHER}{text}")));
        for (at, letter) in letters.iter().enumerate() {
            for confusion in confusions.read_as(*letter) {
                let mut other = letters.to_vec();
                other[at] = confusion.read;
                read.push(term(field, &other.iter().collect::<String>()));
            }
        }
    }
    let mut frequency = 0;
    for term in &written {
        frequency += snapshot.searcher.doc_freq(term)?;
    }
    #[allow(clippy::cast_precision_loss)] // only the magnitude counts
    let weight = (documents as f32 / (frequency as f32 + 1.0)).ln_1p();
    Ok(Gram { written, read, weight })
}

/// Documents of one segment that share at least `least`, with what they share.
fn accumulate(segment: &SegmentReader, grams: &[Gram], least: f32) -> tantivy::Result<Vec<(DocId, f32)>> {
    let size = segment.max_doc() as usize;
    // Untouched pages of these cost nothing.
    let mut weights = vec![0.0_f32; size];
    let mut seen = vec![0_u16; size];
    let mut touched: Vec<DocId> = Vec::new();
    let mut rest: f32 = grams.iter().map(|gram| gram.weight).sum();
    for (number, gram) in (1_u16..).zip(grams) {
        // Slightly less, for sums of rounded numbers.
        let brings_new = rest >= least * 0.999;
        rest -= gram.weight;
        if brings_new {
            for term in gram.written.iter().chain(&gram.read) {
                let Some(mut postings) = postings(segment, term)? else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    let at = doc as usize;
                    if seen[at] == 0 {
                        touched.push(doc);
                    }
                    if seen[at] != number {
                        seen[at] = number;
                        weights[at] += gram.weight;
                    }
                    doc = postings.advance();
                }
            }
            continue;
        }
        touched.sort_unstable();
        touched.retain(|doc| weights[*doc as usize] + rest + gram.weight >= least * 0.999);
        for term in &gram.written {
            let Some(mut postings) = postings(segment, term)? else {
                continue;
            };
            for doc in &touched {
                if postings.doc() < *doc {
                    postings.seek(*doc);
                }
                let at = *doc as usize;
                if postings.doc() == *doc && seen[at] != number {
                    seen[at] = number;
                    weights[at] += gram.weight;
                }
            }
        }
    }
    touched.retain(|doc| weights[*doc as usize] >= least * 0.999);
    Ok(touched.into_iter().map(|doc| (doc, weights[doc as usize])).collect())
}

fn postings(segment: &SegmentReader, term: &IndexTerm) -> tantivy::Result<Option<SegmentPostings>> {
    let index = segment.inverted_index(term.field())?;
    let postings = index.read_postings(term, IndexRecordOption::Basic)?;
    Ok(postings.filter(|postings| postings.doc_freq() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quads_in_numbers_and_pairs_elsewhere() {
        let grams = |text: &str| grams_of(&text.chars().collect::<Vec<char>>());
        assert_eq!(grams("许可证"), [(0, 2), (1, 2)]);
        assert_eq!(grams("号123"), [(0, 2), (1, 2), (2, 2)]);
        assert_eq!(grams("许20194号"), [(1, 4), (2, 4), (0, 2), (5, 2)]);
        assert_eq!(grams("许"), []);
        assert_eq!(grams("1381"), [(0, 4)]);
    }
}
