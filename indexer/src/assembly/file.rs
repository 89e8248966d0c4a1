//! A file as a whole: the titles on its pages, the contents list in it, and what it is.

use juanzong::record::{DocumentKind, PageRecord};

use super::volume::unread_list;
use super::{ContentsList, Part, Start, Volume, divide, starts};

/// A file that is looked at as a possible volume.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundFile {
    /// What it is.
    pub volume: Volume,
    /// For each page the title that it begins with.
    pub starts: Vec<Option<Start>>,
    /// The contents list in it; empty when there is none.
    pub contents: ContentsList,
    /// The page, from 0, of a contents list of which nothing could be read but its title, before other pages.
    pub unread_list: Option<usize>,
}

impl BoundFile {
    /// Looks at the pages of a file, all of them in order.
    pub fn of(pages: &[PageRecord]) -> Self {
        let starts = starts(pages);
        let contents = contents_of(pages, &starts);
        Self {
            volume: divide(&starts, &contents),
            unread_list: unread_list(&starts, &contents),
            starts,
            contents,
        }
    }

    /// The documents in it; `None` for a file that is one document.
    pub fn parts(&self) -> Option<&[Part]> {
        match &self.volume {
            Volume::Bound(parts) => Some(parts),
            Volume::Single | Volume::Suspected(_) | Volume::SeveralCases(_) => None,
        }
    }
}

/// Reads the first contents list: the page with its title, and those on which its table goes on. Other tables have the
/// same columns (lists of what was handed in), so the title is needed.
fn contents_of(pages: &[PageRecord], starts: &[Option<Start>]) -> ContentsList {
    let is_list = |start: &Option<Start>| start.as_ref().is_some_and(|start| start.kind == DocumentKind::Contents);
    let Some(first) = starts.iter().position(is_list) else {
        return ContentsList::default();
    };
    let mut list = ContentsList::read(&pages[first..=first]);
    for last in first + 1..pages.len() {
        if starts[last]
            .as_ref()
            .is_some_and(|start| start.kind != DocumentKind::Contents)
        {
            break;
        }
        let longer = ContentsList::read(&pages[first..=last]);
        if longer.entries.len() == list.entries.len() {
            break;
        }
        list = longer;
    }
    list
}
