//! Numbers of persons, which are not kept as letters: who knows the keys takes them out of a text, gives hashes for them, and
//! seals what is to be read again.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Takes numbers of persons out of texts. The analyser of an archive has one; see `archive/numbers.rs`.
pub trait NumberKeeper: Send + Sync {
    /// Tells keepers apart: two with the same name give the same hashes.
    fn name(&self) -> &str;
    /// The keeper of this name, when its key is to be had, too: an index is read with the key with which it was built.
    fn named(&self, name: &str) -> Option<Arc<dyn NumberKeeper>>;
    /// A text without its numbers.
    fn take(&self, text: &str) -> TakenNumbers;
    /// The number that a word of a query is as a whole; `None` when it is something else.
    fn asked(&self, word: &str) -> Option<NumberHashes>;
    /// Seals numbers that were taken out, so that nobody but a keeper of this name reads them; `None` when that cannot be done.
    fn seal(&self, numbers: &[u8]) -> Option<Vec<u8>>;
    /// What [`Self::seal`] was given; `None` when it was sealed by another keeper or is damaged.
    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>>;
}

/// A text without the numbers of persons that stood in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenNumbers {
    /// The text, character by character as long as before.
    pub text: String,
    /// Where the numbers stood, in characters; ascending, none overlapping another.
    pub spans: Vec<Range<usize>>,
    /// Keyed hashes by which the numbers are found.
    pub hashes: BTreeSet<u64>,
}

/// By what a number is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberHashes {
    /// The keyed hash of the number as it is.
    pub exact: u64,
    /// Those of what may be a misread copy of it.
    pub misread: Vec<u64>,
}
