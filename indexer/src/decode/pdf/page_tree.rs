//! The page tree of a PDF, walked by us (ISO 32000-1, 7.7.3).
//!
//! The renderer passes over pages that are listed but missing; counted that way every later page would get
//! the number of another. Here a missing page keeps its number and fails by name, and a tree that
//! runs back into itself is refused.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

use crate::decode::failure::{Failure, FailureCode};
use crate::decode::limits::{MAX_PAGES, MAX_TREE_DEPTH};

/// One leaf of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// The page with this index among those that the renderer found.
    Page(usize),
    /// Listed, but there is no such object.
    Missing,
}

struct Walk<'a> {
    pdf: &'a Pdf,
    visited: BTreeSet<ObjectIdentifier>,
    ancestors: Vec<ObjectIdentifier>,
    leaves: Vec<Leaf>,
    found: usize,
}

/// The pages in order.
pub(super) fn walk(pdf: &Pdf) -> Result<Vec<Leaf>, Failure> {
    let root = pdf
        .xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>(b"Pages"))
        .filter(|pages| pages.contains_key(b"Kids"))
        .ok_or_else(|| Failure::new(FailureCode::Damaged, "the page tree has no root"))?;
    let mut walk = Walk {
        pdf,
        visited: BTreeSet::new(),
        ancestors: Vec::new(),
        leaves: Vec::new(),
        found: 0,
    };
    if let Some(id) = root.obj_id() {
        walk.visited.insert(id);
        walk.ancestors.push(id);
    }
    walk.node(&root, 0)?;
    if walk.found != pdf.pages().len() {
        let detail = format!(
            "{} pages in the tree, {} can be rendered",
            walk.found,
            pdf.pages().len()
        );
        return Err(Failure::new(FailureCode::Damaged, detail));
    }
    Ok(walk.leaves)
}

impl Walk<'_> {
    fn node(&mut self, node: &Dict<'_>, depth: usize) -> Result<(), Failure> {
        if depth > MAX_TREE_DEPTH {
            let detail = format!("the page tree is deeper than {MAX_TREE_DEPTH}");
            return Err(Failure::new(FailureCode::Damaged, detail));
        }
        let Some(kids) = node.get::<Array<'_>>(b"Kids") else {
            return Ok(());
        };
        for kid in kids.raw_iter() {
            if self.leaves.len() > MAX_PAGES as usize {
                return Err(Failure::new(
                    FailureCode::TooManyPages,
                    format!("more than {MAX_PAGES} pages"),
                ));
            }
            let (id, dict) = match kid {
                MaybeRef::Ref(reference) => {
                    let id = ObjectIdentifier::from(reference);
                    if self.ancestors.contains(&id) {
                        let detail = format!("object {} is its own descendant", id.obj_number);
                        return Err(Failure::new(FailureCode::PageTreeCycle, detail));
                    }
                    // The same page listed twice is shown once, as the renderer does.
                    if !self.visited.insert(id) {
                        continue;
                    }
                    (Some(id), self.pdf.xref().get::<Dict<'_>>(id))
                }
                MaybeRef::NotRef(Object::Dict(dict)) => (None, Some(dict)),
                MaybeRef::NotRef(_) => (None, None),
            };
            let Some(dict) = dict else {
                self.leaves.push(Leaf::Missing);
                continue;
            };
            let is_node = dict
                .get::<Name<'_>>(b"Type")
                .is_some_and(|name| name.as_ref() == b"Pages");
            if is_node {
                self.ancestors.extend(id);
                self.node(&dict, depth + 1)?;
                if id.is_some() {
                    self.ancestors.pop();
                }
            } else {
                self.leaves.push(Leaf::Page(self.found));
                self.found += 1;
            }
        }
        Ok(())
    }
}
