//! A bound volume: one file that holds many documents.
//!
//! It is divided where pages begin with a title of their own, or where its contents list says that documents begin and
//! titles bear it out. Weak evidence divides nothing: a document torn apart is worse than two that hang together, so a
//! volume that only looks like one is left whole and reported.

use std::collections::BTreeMap;
use std::ops::Range;

use juanzong::record::DocumentKind;

use super::order::longest_ascending;
use super::{ContentsList, Start};
use crate::extract::kind_of_title;

/// A title must be this sure to begin a document by itself.
const SURE: f32 = 0.9;
/// A title this sure bears out what the contents list says.
const LIKELY: f32 = 0.45;
/// Share of the entries, in hundredths, that titles must bear out.
const BORNE_OUT: usize = 60;
/// Pages before the first numbered one besides the contents list: cover and spine.
const COVERS_MOST: usize = 3;
/// Kinds of documents that must begin in a file to take it for a volume when no contents list helps.
const KINDS_LEAST: usize = 3;

/// A document in a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its pages, by their place in the file from 0.
    pub pages: Range<usize>,
    /// Its title: of the contents list, else as read on its first page.
    pub title: Option<String>,
    /// The entries of the contents list that begin in it, from 0.
    pub entries: Vec<usize>,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Volume {
    /// One document.
    Single,
    /// Several documents, on evidence that is too weak to divide them: the pages, from 0, that speak for it.
    Suspected(Vec<usize>),
    /// Several cases; the pages, from 0, on which further ones begin. It is left whole.
    SeveralCases(Vec<usize>),
    /// Several documents; together they cover every page.
    Bound(Vec<Part>),
}

/// Divides a file; `starts` holds for each of its pages the title that it begins with, `contents` what the contents list
/// in it declares.
pub fn divide(starts: &[Option<Start>], contents: &ContentsList) -> Volume {
    let sure = sure_starts(starts);
    let further = further_cases(starts, &sure);
    if !further.is_empty() {
        return Volume::SeveralCases(further);
    }
    if let Some(parts) = by_contents(starts, contents, &sure) {
        return Volume::Bound(parts);
    }
    let mut kinds: Vec<DocumentKind> = sure.iter().filter_map(|at| kind_at(starts, *at)).collect();
    kinds.retain(|kind| *kind != DocumentKind::Other);
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() >= KINDS_LEAST && sure.len() >= KINDS_LEAST && sure.first().is_some_and(|at| *at <= COVERS_MOST) {
        let beginnings = sure.iter().map(|at| (*at, Vec::new())).collect();
        return Volume::Bound(parts(starts, contents, beginnings));
    }
    let listed = contents.entries.len() >= 2 && starts.len() > end_of_list(starts, contents);
    if kinds.len() >= 2 || listed || unread_list(starts, contents).is_some() {
        return Volume::Suspected(if sure.is_empty() { vec![0] } else { sure });
    }
    Volume::Single
}

/// The page, from 0, of a contents list of which nothing can be read but its title, in a file that goes on behind it.
pub(super) fn unread_list(starts: &[Option<Start>], contents: &ContentsList) -> Option<usize> {
    let titled = starts.iter().position(|start| {
        start
            .as_ref()
            .is_some_and(|start| start.kind == DocumentKind::Contents && start.confidence >= SURE)
    })?;
    (contents.entries.len() < 2 && starts.len() > end_of_list(starts, contents)).then_some(titled)
}

fn kind_at(starts: &[Option<Start>], at: usize) -> Option<DocumentKind> {
    starts.get(at)?.as_ref().map(|start| start.kind)
}

/// The pages that surely begin a document. A title that is repeated on the next page is the head of one form.
fn sure_starts(starts: &[Option<Start>]) -> Vec<usize> {
    let mut sure: Vec<usize> = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let Some(start) = start.as_ref().filter(|start| start.confidence >= SURE) else {
            continue;
        };
        let before = at.checked_sub(1).and_then(|before| starts[before].as_ref());
        let goes_on = before.is_some_and(|before| before.kind == start.kind && before.title == start.title);
        if !goes_on {
            sure.push(at);
        }
    }
    sure
}

/// Where further cases begin: at a second contents list behind other documents, or at a second application that a second
/// decision follows.
fn further_cases(starts: &[Option<Start>], sure: &[usize]) -> Vec<usize> {
    let mut further = Vec::new();
    let (mut listed, mut others) = (false, false);
    let (mut decided, mut pending) = (false, None);
    for at in sure {
        match kind_at(starts, *at) {
            Some(DocumentKind::Contents) => {
                if listed && others {
                    further.push(*at);
                }
                (listed, others) = (true, false);
                (decided, pending) = (false, None);
            }
            Some(DocumentKind::Application) => {
                others = true;
                pending = decided.then_some(*at);
            }
            Some(DocumentKind::Decision) => {
                others = true;
                if let Some(application) = pending.take() {
                    further.push(application);
                }
                decided = true;
            }
            _ => others = true,
        }
    }
    further
}

/// The first page behind the contents list; 0 without one.
fn end_of_list(starts: &[Option<Start>], contents: &ContentsList) -> usize {
    let is_list = |start: &Option<Start>| start.as_ref().is_some_and(|start| start.kind == DocumentKind::Contents);
    let titled = starts.iter().rposition(is_list).map_or(0, |last| last + 1);
    let read = contents.entries.iter().map(|entry| entry.place.0 as usize).max();
    titled.max(read.unwrap_or(0))
}

/// On which page of the numbered ones each entry begins, from 0, as far as the list is plausible.
fn first_pages(contents: &ContentsList) -> Vec<Option<usize>> {
    let entries = &contents.entries;
    if entries.iter().all(|entry| entry.first_page.is_none()) {
        // Only numbers of pages: they add up.
        let mut next = Some(0);
        let first = |count: Option<u32>| {
            let first = next;
            next = first.zip(count).map(|(first, count)| first + count as usize);
            first
        };
        return entries.iter().map(|entry| entry.page_count).map(first).collect();
    }
    let given: Vec<Option<usize>> = entries
        .iter()
        .map(|entry| entry.first_page.map(|page| page as usize - 1))
        .collect();
    longest_ascending(&given)
}

/// Where the contents list and the titles agree. The list numbers the pages behind it, or itself with them; how many stand
/// before the first numbered one is found by trying.
fn by_contents(starts: &[Option<Start>], contents: &ContentsList, sure: &[usize]) -> Option<Vec<Part>> {
    let firsts = first_pages(contents);
    let kinds: Vec<Option<DocumentKind>> = contents
        .entries
        .iter()
        .map(|entry| kind_of_title(&entry.title))
        .collect();
    // Of what has no title that we know (copies, photographs, drawings) none can be found.
    let mut tested: Vec<usize> = (0..firsts.len()).filter(|entry| kinds[*entry].is_some()).collect();
    if tested.len() < 2 {
        tested = (0..firsts.len()).collect();
    }
    let lists = end_of_list(starts, contents);
    let begins = |at: usize, kind: Option<DocumentKind>| {
        let start = starts.get(at).and_then(Option::as_ref);
        start.is_some_and(|start| {
            start.confidence >= LIKELY
                && start.kind != DocumentKind::Contents
                && kind.is_none_or(|kind| kind == start.kind)
        })
    };
    let borne_out = |offset: usize| {
        let begin = |entry: &&usize| firsts[**entry].is_some_and(|first| begins(first + offset, kinds[**entry]));
        tested.iter().filter(begin).count()
    };
    let offsets = 0..=(lists + COVERS_MOST).min(starts.len());
    // Among equals the one right behind the list.
    let best = offsets.max_by_key(|offset| (borne_out(*offset), std::cmp::Reverse(offset.abs_diff(lists))))?;
    let inside = firsts.iter().flatten().all(|first| first + best < starts.len());
    if !inside || borne_out(best) < 2 || borne_out(best) * 100 < tested.len() * BORNE_OUT {
        return None;
    }
    let mut beginnings: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (entry, first) in firsts.iter().enumerate() {
        if let Some(first) = first {
            // Several short papers may stand on one page.
            beginnings.entry(first + best).or_default().push(entry);
        }
    }
    for entry in (0..firsts.len()).filter(|entry| firsts[*entry].is_none()) {
        if let Some(at) = only_start(starts, sure, &beginnings, (entry, kinds[entry])) {
            beginnings.entry(at).or_default().push(entry);
        }
    }
    for at in behind(contents, &firsts, best, sure) {
        beginnings.entry(at).or_default();
    }
    let parts = parts(starts, contents, beginnings);
    (parts.len() >= 2).then_some(parts)
}

/// The one page between its neighbours on which an entry without a page number can begin.
fn only_start(
    starts: &[Option<Start>],
    sure: &[usize],
    beginnings: &BTreeMap<usize, Vec<usize>>,
    (entry, kind): (usize, Option<DocumentKind>),
) -> Option<usize> {
    let kind = kind?;
    let from = beginnings
        .iter()
        .filter(|(_, entries)| entries.iter().any(|e| *e < entry));
    let from = from.map(|(at, _)| at + 1).max().unwrap_or(0);
    let to = beginnings
        .iter()
        .filter(|(_, entries)| entries.iter().any(|e| *e > entry));
    let to = to.map(|(at, _)| *at).min().unwrap_or(starts.len());
    let mut fit = sure
        .iter()
        .copied()
        .filter(|at| (from..to).contains(at) && !beginnings.contains_key(at) && kind_at(starts, *at) == Some(kind));
    fit.next().filter(|_| fit.next().is_none())
}

/// Sure titles behind the declared end of an entry: what was added to the volume without being listed.
fn behind(contents: &ContentsList, firsts: &[Option<usize>], offset: usize, sure: &[usize]) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, (entry, first)) in contents.entries.iter().zip(firsts).enumerate() {
        let (Some(first), Some(count)) = (first, entry.page_count) else {
            continue;
        };
        let end = first + offset + count.max(1) as usize;
        let next = firsts.iter().skip(at + 1).flatten().min().map(|next| next + offset);
        let to = next.unwrap_or(usize::MAX);
        found.extend(sure.iter().copied().filter(|at| (end..to).contains(at)));
    }
    found
}

/// The parts that begin on these pages, each with its entries of the contents list.
fn parts(starts: &[Option<Start>], contents: &ContentsList, mut beginnings: BTreeMap<usize, Vec<usize>>) -> Vec<Part> {
    // What stands before the first: cover and contents list.
    let first = beginnings.keys().next().copied().unwrap_or(0);
    if first > 0 {
        let listed = contents
            .entries
            .iter()
            .map(|entry| (entry.place.0 as usize).saturating_sub(1))
            .min();
        let titled = starts.iter().position(|start| {
            start
                .as_ref()
                .is_some_and(|start| start.kind == DocumentKind::Contents && start.confidence >= SURE)
        });
        beginnings.entry(0).or_default();
        if let Some(list) = titled.or(listed).filter(|list| *list < first) {
            beginnings.entry(list).or_default();
        }
    }
    let ends: Vec<usize> = beginnings.keys().skip(1).copied().chain([starts.len()]).collect();
    beginnings
        .into_iter()
        .zip(ends)
        .map(|((from, entries), to)| {
            let declared = entries.first().map(|entry| contents.entries[*entry].title.clone());
            let read = || starts[from].as_ref().filter(|start| start.confidence >= SURE);
            Part {
                pages: from..to,
                title: declared.or_else(|| read().map(|start| start.title.clone())),
                entries,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
