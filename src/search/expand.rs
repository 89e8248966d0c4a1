//! Other names of what a query names: predecessors and successors of agencies, synonyms, names of matters, names by
//! their sound.
//!
//! Works on the query tree, after it was read and before it is planned. Expanded is what was typed as a word of its own:
//! not what is quoted, excluded, a number, or asked for in a field that holds no such name. Other names are searched as
//! exact phrases, never tolerantly and never expanded again; what holds the term as typed ranks above the rest.
//!
//! Agencies under other names are the same office, and are always searched. Synonyms and sounds are a help for those who
//! find little: they count only while the query as typed finds fewer than [`limits::FEW_CASES`] cases, because among
//! hundreds of right cases hundreds of nearly right ones help nobody (decision 0131).

mod agencies;
mod sounding_names;
mod sounding_texts;
mod sounds;

use crate::analysis::{Analyser, NormalisedText};

use super::tree::{Expanded, Node, QueryTree, Scope, Term, When};
use super::values::ValueTable;
use super::visible_docs::VisibleDocs;
use super::{Error, limits};
pub(super) use sounding_names::add_sounding_names;

/// Adds other names to a query.
pub(super) fn expand(tree: &mut QueryTree, analyser: &Analyser) {
    let mut left = limits::EXPANSIONS;
    walk(&mut tree.root, &mut |term| {
        let found = agencies::other_names(term, analyser).or_else(|| synonyms(term, analyser))?;
        bounded(term, found, &mut left)
    });
}

/// Adds what sounds like a word in Latin letters; needs the values that the index holds, and names only those that a
/// visible case has.
pub(super) fn expand_sounds(tree: &mut QueryTree, values: &ValueTable, seen: &VisibleDocs<'_>) -> Result<(), Error> {
    let mut left = limits::EXPANSIONS;
    let mut failure = None;
    walk(
        &mut tree.root,
        &mut |term| match sounds::names_that_sound_so(term, values, seen) {
            Ok(found) => bounded(term, found?, &mut left),
            Err(error) => {
                failure = Some(error);
                None
            }
        },
    );
    failure.map_or(Ok(()), Err)
}

/// Whether any word may be how a name sounds.
pub(super) fn may_be_sounds(tree: &QueryTree) -> bool {
    fn may(node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(may),
            Node::Term(term) => term.expandable && !sounds::readings(term).is_empty(),
            _ => false,
        }
    }
    may(&tree.root)
}

/// Other names of a term.
struct Found {
    others: Vec<Node>,
    when: When,
    told: String,
}

fn bounded(term: &Term, mut found: Found, left: &mut usize) -> Option<Expanded> {
    found.others.truncate((*left).min(limits::EXPANSIONS_OF_A_TERM));
    *left -= found.others.len();
    (!found.others.is_empty()).then(|| Expanded {
        typed: Box::new(Node::Term(term.clone())),
        others: found.others,
        when: found.when,
        told: found.told,
    })
}

/// Looks at every term that may be expanded. The recursion is bounded by the depth that the parser allows.
fn walk(node: &mut Node, look: &mut impl FnMut(&Term) -> Option<Expanded>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| walk(node, look)),
        Node::Term(term) if term.expandable => {
            if let Some(expanded) = look(term) {
                *node = Node::Expanded(expanded);
            }
        }
        // What is excluded is excluded as typed.
        Node::Term(_)
        | Node::Not(_)
        | Node::Everything
        | Node::Nothing
        | Node::Facet { .. }
        | Node::Expanded(_)
        | Node::Sounds(_) => {}
    }
}

/// Whether other names are searched only while little is found.
pub(super) fn asks_for_few(tree: &QueryTree) -> bool {
    fn asks(node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(asks),
            Node::Expanded(expanded) => expanded.when == When::Few,
            _ => false,
        }
    }
    asks(&tree.root)
}

/// The query without the other names that are searched only while little is found.
pub(super) fn without_few(tree: &QueryTree) -> QueryTree {
    fn strip(node: &mut Node) {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(strip),
            Node::Expanded(expanded) if expanded.when == When::Few => *node = (*expanded.typed).clone(),
            _ => {}
        }
    }
    let mut tree = tree.clone();
    strip(&mut tree.root);
    tree
}

/// Says in the description what is also searched.
pub(super) fn tell(tree: &mut QueryTree) {
    fn collect(node: &Node, told: &mut String) {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, told)),
            Node::Expanded(expanded) => {
                told.push('；');
                told.push_str(&expanded.told);
            }
            _ => {}
        }
    }
    let mut told = String::new();
    collect(&tree.root, &mut told);
    tree.understood.push_str(&told);
}

/// Words of the same meaning and other names of the same matter.
fn synonyms(term: &Term, analyser: &Analyser) -> Option<Found> {
    let dictionaries = analyser.dictionaries();
    let thesaurus = analyser.thesaurus();
    let letters = term.letters.as_string();
    let mut names: Vec<&str> = Vec::new();
    if matches!(term.scope, Scope::Everywhere | Scope::Matter)
        && let Some(name) = thesaurus.matter(&letters)
    {
        for matter in dictionaries.matters.find(name) {
            names.push(&matter.name);
            names.extend(matter.synonyms.iter().map(String::as_str));
        }
    }
    if term.scope == Scope::Everywhere
        && let Some(synonym) = thesaurus.synonyms(&letters)
    {
        names.extend(dictionaries.synonyms.of(synonym));
    }
    let in_field = term.scope == Scope::Matter;
    let others = distinct(
        names.iter().map(|name| analyser.normalise(name)),
        &letters,
        // In a text a shorter name says less than what was typed (执照 for 营业执照) and stands everywhere; among the
        // matters it is the matter.
        |other| in_field || !letters.contains(other),
    );
    names.retain(|name| others.iter().any(|other| *other == analyser.normalise(name)));
    names.dedup();
    Some(Found {
        told: format!("“{letters}”同时检索{}", names.join("、")),
        when: if in_field { When::Always } else { When::Few },
        others: others.into_iter().map(|other| other_term(term.scope, other)).collect(),
    })
}

/// The names that find something else than the letters as typed and than each other do.
fn distinct(
    names: impl Iterator<Item = NormalisedText>,
    typed: &str,
    wanted: impl Fn(&str) -> bool,
) -> Vec<NormalisedText> {
    let mut kept: Vec<(String, NormalisedText)> = Vec::new();
    for name in names {
        let letters = name.as_string();
        let found_already = letters.contains(typed) || kept.iter().any(|(kept, _)| letters.contains(kept.as_str()));
        if letters.is_empty() || found_already || !wanted(&letters) {
            continue;
        }
        kept.retain(|(kept, _)| !kept.contains(&letters));
        kept.push((letters, name));
    }
    kept.into_iter().map(|(_, name)| name).collect()
}

fn other_term(scope: Scope, letters: NormalisedText) -> Node {
    Node::Term(Term {
        quoted: false,
        scope,
        letters,
        words: Vec::new(),
        parts: Vec::new(),
        values: Vec::new(),
        only_values: false,
        person_number: None,
        expandable: false,
    })
}
