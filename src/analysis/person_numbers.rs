//! Numbers of persons, which are not kept as letters: who knows the keys takes them out of a text and gives hashes for them.

use std::collections::BTreeSet;

/// Takes numbers of persons out of texts. The analyser of an archive has one; see `archive/numbers.rs`.
pub trait NumberKeeper: Send + Sync {
    /// Tells keepers apart: two with the same name give the same hashes.
    fn name(&self) -> &str;
    /// A text without its numbers.
    fn take(&self, text: &str) -> TakenNumbers;
    /// The number that a word of a query is as a whole; `None` when it is something else.
    fn asked(&self, word: &str) -> Option<NumberHashes>;
}

/// A text without the numbers of persons that stood in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenNumbers {
    /// The text, character by character as long as before.
    pub text: String,
    /// Keyed hashes by which the numbers are found.
    pub hashes: BTreeSet<u64>,
}

/// By what a number is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberHashes {
    /// The keyed hash of the number as it is.
    pub exact: u64,
    /// Those of its misread copies.
    pub misread: Vec<u64>,
}
