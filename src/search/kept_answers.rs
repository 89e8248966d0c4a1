//! What was found before, for as long as the index stands.
//!
//! Who searches goes on with the same words: the next page, another filter, another order, and back. What a term is found in
//! is kept for itself, since it is the dear part of a search and the same for all of these; and what a whole request found.
//! All is named by the snapshot and by the viewer's restrictions, so that a commit, changed dictionaries or other rights ask
//! anew, and nothing has to be forgotten. The names are hashes: what people search for is not collected here.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};
use tantivy::schema::Field;

use crate::bounded::BoundedMap;
use crate::index::Snapshot;

use super::execute::FoundCase;
use super::tolerance::Resolved;
use super::tree::{QueryTree, Term};
use super::{FacetValue, SearchRequest, VisibleCases};

/// Most documents in which terms are found: 48 MiB.
const DOCUMENTS: usize = 6 << 20;
/// What a term takes besides its documents, in documents.
const OF_A_TERM: usize = 64;
/// Most bytes of what requests found.
const BYTES: usize = 32 << 20;
/// Most grams whose frequencies are kept: some 20 MiB.
const GRAMS: usize = 200_000;
/// What a facet value, a case and a whole request take, roughly.
const BYTES_OF_A_VALUE: usize = 200;
const BYTES_OF_A_CASE: usize = 64;
const BYTES_OF_A_REQUEST: usize = 1_000;

/// What a request found, before titles and texts are fetched.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) tree: QueryTree,
    pub(super) total: u64,
    pub(super) cases: Vec<FoundCase>,
    pub(super) next: Option<String>,
    pub(super) facets: BTreeMap<String, Vec<FacetValue>>,
    pub(super) suggestion: Option<String>,
}

/// Answers that are kept.
#[derive(Debug)]
pub(super) struct KeptAnswers {
    terms: BoundedMap<Name, Resolved>,
    requests: BoundedMap<Name, Arc<Findings>>,
    frequencies: BoundedMap<GramOf, u32>,
}

/// A gram of one to four letters in a field of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct GramOf {
    snapshot: u64,
    field: Field,
    letters: [u16; 4],
}

/// What tells a question from every other.
type Name = [u8; 32];

impl Default for KeptAnswers {
    fn default() -> Self {
        Self {
            terms: BoundedMap::new(DOCUMENTS),
            requests: BoundedMap::new(BYTES),
            frequencies: BoundedMap::new(GRAMS),
        }
    }
}

impl KeptAnswers {
    /// Those that a viewer may be given of a snapshot.
    pub(super) fn of<'a>(&'a self, snapshot: &Snapshot, visible: &VisibleCases) -> AnswersOf<'a> {
        AnswersOf {
            answers: self,
            snapshot: snapshot.id,
            of: name(&(snapshot.id, visible.restrictions())),
        }
    }
}

/// Answers to one viewer from one snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswersOf<'a> {
    answers: &'a KeptAnswers,
    snapshot: u64,
    of: Name,
}

impl AnswersOf<'_> {
    /// What a term was found in, or is found in now.
    pub(super) fn term<E>(self, term: &Term, find: impl FnOnce() -> Result<Resolved, E>) -> Result<Resolved, E> {
        let name = name(&(self.of, term));
        if let Some(kept) = self.answers.terms.get(&name) {
            return Ok(kept);
        }
        let found = find()?;
        self.answers
            .terms
            .put(name, found.clone(), found.documents() + OF_A_TERM);
        Ok(found)
    }

    /// In how many cases a gram stands, by what was counted before or is counted now. It does not depend on the viewer.
    pub(super) fn frequency(self, field: Field, letters: &[u16], count: impl FnOnce() -> u32) -> u32 {
        let mut gram = GramOf {
            snapshot: self.snapshot,
            field,
            letters: [0; 4],
        };
        let Some(room) = gram.letters.get_mut(..letters.len()) else {
            return count();
        };
        room.copy_from_slice(letters);
        if let Some(kept) = self.answers.frequencies.get(&gram) {
            return kept;
        }
        let counted = count();
        self.answers.frequencies.put(gram, counted, 1);
        counted
    }

    /// What a request found, or finds now.
    pub(super) fn request<E>(
        self,
        request: &SearchRequest,
        deadline: Instant,
        find: impl FnOnce() -> Result<Findings, E>,
    ) -> Result<Arc<Findings>, E> {
        let name = name(&(self.of, request));
        if let Some(kept) = self.answers.requests.get(&name) {
            return Ok(kept);
        }
        let found = Arc::new(find()?);
        // What was late may lack a suggestion.
        if Instant::now() < deadline {
            self.answers.requests.put(name, Arc::clone(&found), found.bytes());
        }
        Ok(found)
    }
}

impl Findings {
    fn bytes(&self) -> usize {
        let values: usize = self.facets.values().map(Vec::len).sum();
        values * BYTES_OF_A_VALUE
            + self.cases.len() * BYTES_OF_A_CASE
            + self.tree.understood().len()
            + BYTES_OF_A_REQUEST
    }
}

/// Questions have one name only when all that derives their `Hash` is equal: 32 bytes, so that no two ever share one.
fn name(question: &impl Hash) -> Name {
    let mut digest = Digested(Sha256::new());
    question.hash(&mut digest);
    digest.0.finalize().into()
}

/// All that a type tells of itself when it is hashed.
struct Digested(Sha256);

impl Hasher for Digested {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Not asked for: the whole sum is the name.
    fn finish(&self) -> u64 {
        let sum: Name = self.0.clone().finalize().into();
        sum.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
    }
}
