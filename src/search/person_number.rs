//! Full numbers of persons: found by keyed hashes, for no number stands in the index as letters.

use tantivy::Term as IndexTerm;
use tantivy::query::TermSetQuery;

use crate::analysis::{NumberHashes, NumberKeeper};
use crate::index::Fields;

use super::plan::{Plan, filter};
use super::tree::{Node, QueryTree};

/// The cases with a number as it is.
pub(super) fn exact(fields: &Fields, number: &NumberHashes) -> Plan {
    with_any(fields, [number.exact])
}

/// The cases with something that may be a misread copy of a number.
pub(super) fn misread(fields: &Fields, number: &NumberHashes) -> Plan {
    with_any(fields, number.misread.iter().copied())
}

/// The cases with one of these numbers, which stand in some text, or something that may be a misread copy; `None` when none of
/// them is a number of a person.
pub(super) fn like<'n>(
    fields: &Fields,
    keeper: &dyn NumberKeeper,
    numbers: impl Iterator<Item = &'n String>,
) -> Option<Plan> {
    let mut hashes = Vec::new();
    for number in numbers {
        match keeper.asked(number) {
            Some(asked) => {
                hashes.push(asked.exact);
                hashes.extend(asked.misread);
            }
            // Itself misread.
            None => hashes.extend(keeper.take(number).hashes),
        }
    }
    (!hashes.is_empty()).then(|| with_any(fields, hashes))
}

fn with_any(fields: &Fields, hashes: impl IntoIterator<Item = u64>) -> Plan {
    let hashes = hashes.into_iter();
    filter(TermSetQuery::new(
        hashes.map(|hash| IndexTerm::from_field_u64(fields.person_number, hash)),
    ))
}

/// Whether a query asks for a number of a person.
pub(super) fn any(tree: &QueryTree) -> bool {
    fn asks(node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(asks),
            Node::Term(term) => term.person_number.is_some(),
            Node::Expanded(expanded) => asks(&expanded.typed),
            _ => false,
        }
    }
    asks(&tree.root)
}
