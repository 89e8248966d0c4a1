//! How much work one document may cause: every rule looks at no more than this, so time and memory are linear in it.
//!
//! Text beyond the limits is left unread by the rules (never by the search). The figures are an order of magnitude
//! above what a bound volume holds.

/// Lines of a document that rules look at.
pub(super) const LINES: usize = 20_000;
/// Characters of a line that rules look at.
pub(super) const CHARACTERS_OF_LINE: usize = 2_000;
/// Characters of a document that rules look at, white space not counted.
pub(super) const CHARACTERS: usize = 400_000;
/// Places at which one label is looked up in a document.
pub(super) const PLACES_OF_LABEL: usize = 8;
/// Characters that may belong to the value behind a label.
pub(super) const CHARACTERS_OF_VALUE: usize = 160;
/// Facts of one field that a document may give.
pub(super) const FACTS_OF_FIELD: usize = 24;
