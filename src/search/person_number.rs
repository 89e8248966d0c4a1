//! Full numbers of persons: found by keyed hashes, for no number stands in the index as letters.

use tantivy::Term as IndexTerm;
use tantivy::query::TermSetQuery;

use crate::analysis::NumberHashes;
use crate::index::Fields;

use super::plan::{Plan, filter};
use super::tree::{Node, QueryTree};

/// The cases with a number; `misread` says whether those with misread copies of it, too.
pub(super) fn plan(fields: &Fields, number: &NumberHashes, misread: bool) -> Plan {
    let others = number.misread.iter().filter(|_| misread);
    let hashes = others.chain([&number.exact]);
    filter(TermSetQuery::new(
        hashes.map(|hash| IndexTerm::from_field_u64(fields.person_number, *hash)),
    ))
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
