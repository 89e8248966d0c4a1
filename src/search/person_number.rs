//! Full numbers of persons: found by keyed hashes, for no number stands in the index as letters.

use tantivy::Term as IndexTerm;
use tantivy::query::TermSetQuery;

use crate::analysis::NumberHashes;
use crate::index::Fields;

use super::plan::{Plan, filter};
use super::tolerance::Tolerance;
use super::tree::{Node, QueryTree};

/// The cases with a number; `misread` says whether those with misread copies of it, too.
pub(super) fn plan(fields: &Fields, number: &NumberHashes, misread: bool) -> Plan {
    let others = number.misread.iter().filter(|_| misread);
    let hashes = others.chain([&number.exact]);
    filter(TermSetQuery::new(
        hashes.map(|hash| IndexTerm::from_field_u64(fields.person_number, *hash)),
    ))
}

/// Whether what was found for the letters of a number is merely what is nearest to them: another number. Its letters are
/// looked for only because a copy may not have been taken for a number.
pub(super) fn is_nearest(alternatives: &[Node], node: &Node, tolerance: &Tolerance) -> bool {
    let Node::Term(term) = node else { return false };
    let number = alternatives.iter().any(|node| matches!(node, Node::PersonNumber(_)));
    number && tolerance.of(term).is_some_and(|found| found.nearest || found.loose)
}

/// Whether a query asks for a number of a person.
pub(super) fn any(tree: &QueryTree) -> bool {
    fn asks(node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(asks),
            Node::PersonNumber(_) => true,
            _ => false,
        }
    }
    asks(&tree.root)
}
