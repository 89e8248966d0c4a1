//! A bound volume: one file that holds many documents.
//!
//! It is divided where pages begin with a title of their own, or where its contents list says that documents begin and
//! titles bear it out. Weak evidence divides nothing: a document torn apart is worse than two that hang together, so a
//! volume that only looks like one is left whole and reported.

use std::ops::Range;

use juanzong::record::DocumentKind;

use super::ContentsList;

/// A file of fewer pages is one document.
const PAGES_LEAST: usize = 4;
/// A title must be this sure to begin a document by itself.
const SURE: f32 = 0.9;
/// A title this sure bears out what the contents list says.
const LIKELY: f32 = 0.5;
/// Share of the entries, in hundredths, that titles must bear out.
const BORNE_OUT: usize = 60;
/// Pages before the first numbered one besides the contents list: cover and spine.
const COVERS_MOST: usize = 3;
/// Kinds of documents that must begin in a file to take it for a volume when no contents list helps.
const KINDS_LEAST: usize = 3;

/// The title that a page begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The kind of document that it names.
    pub kind: DocumentKind,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// The title as read.
    pub title: String,
}

/// A document in a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its pages, by their place in the file from 0.
    pub pages: Range<usize>,
    /// Its title: of the contents list, else as read on its first page.
    pub title: Option<String>,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Volume {
    /// One document.
    Single,
    /// Several documents, on evidence that is too weak to divide them: so many pages begin with a title.
    Suspected(usize),
    /// Several documents; together they cover every page.
    Bound(Vec<Part>),
}

/// Divides a file; `starts` holds for each of its pages the title that it begins with.
pub fn divide(starts: &[Option<Start>], contents: &ContentsList) -> Volume {
    if starts.len() < PAGES_LEAST {
        return Volume::Single;
    }
    if let Some(parts) = by_contents(starts, contents) {
        return Volume::Bound(parts);
    }
    let sure = by_titles(starts);
    let kinds = |parts: &[usize]| {
        let mut kinds: Vec<DocumentKind> = parts.iter().filter_map(|at| Some(starts[*at].as_ref()?.kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.len()
    };
    if sure.len() >= KINDS_LEAST && kinds(&sure) >= KINDS_LEAST && sure.first() == Some(&0) {
        let title = |at: usize| starts[at].as_ref().map(|start| start.title.clone());
        return Volume::Bound(parts(&sure, starts.len(), title));
    }
    if kinds(&sure) >= 2 {
        return Volume::Suspected(sure.len());
    }
    Volume::Single
}

/// The pages that surely begin a document. A title that is repeated on the next page is the head of one form.
fn by_titles(starts: &[Option<Start>]) -> Vec<usize> {
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

/// Where the contents list and the titles agree. The list numbers the pages behind it; how many stand before the first
/// numbered one is found by trying.
fn by_contents(starts: &[Option<Start>], contents: &ContentsList) -> Option<Vec<Part>> {
    let firsts: Vec<usize> = contents
        .entries
        .iter()
        .map(|entry| entry.first_page.map(|page| page as usize - 1))
        .collect::<Option<_>>()?;
    if firsts.len() < 2 || !contents.is_ascending() {
        return None;
    }
    let is_list = |start: &Option<Start>| start.as_ref().is_some_and(|start| start.kind == DocumentKind::Contents);
    let lists = starts.iter().rposition(is_list).map_or(0, |last| last + 1);
    let begins = |at: usize| {
        let start = starts.get(at).and_then(Option::as_ref);
        start.is_some_and(|start| start.confidence >= LIKELY && start.kind != DocumentKind::Contents)
    };
    let offsets = 0..=(lists + COVERS_MOST).min(starts.len());
    let borne_out = |offset: usize| firsts.iter().filter(|first| begins(**first + offset)).count();
    // Among equals the one right behind the list.
    let best = offsets.max_by_key(|offset| (borne_out(*offset), std::cmp::Reverse(offset.abs_diff(lists))))?;
    let inside = firsts.iter().all(|first| first + best < starts.len());
    if !inside || borne_out(best) < 2 || borne_out(best) * 100 < firsts.len() * BORNE_OUT {
        return None;
    }
    let mut beginnings: Vec<(usize, Option<String>)> = Vec::new();
    if firsts[0] + best > 0 {
        beginnings.push((0, starts[0].as_ref().map(|start| start.title.clone())));
    }
    for (first, entry) in firsts.iter().zip(&contents.entries) {
        let at = first + best;
        // Of several short papers on one page the first names the part.
        if beginnings.last().is_none_or(|(last, _)| *last < at) {
            beginnings.push((at, Some(entry.title.clone())));
        }
    }
    let places: Vec<usize> = beginnings.iter().map(|(at, _)| *at).collect();
    let title = |at: usize| {
        beginnings
            .iter()
            .find(|(place, _)| *place == at)
            .and_then(|(_, title)| title.clone())
    };
    Some(parts(&places, starts.len(), title))
}

fn parts(places: &[usize], pages: usize, title: impl Fn(usize) -> Option<String>) -> Vec<Part> {
    let ends = places.iter().skip(1).copied().chain([pages]);
    places
        .iter()
        .zip(ends)
        .map(|(from, to)| Part {
            pages: *from..to,
            title: title(*from),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use juanzong::record::PixelBox;
    use proptest::prelude::*;

    use super::super::ContentsEntry;
    use super::*;

    fn start(kind: DocumentKind, confidence: f32) -> Option<Start> {
        Some(Start {
            kind,
            confidence,
            title: kind.label_zh().to_owned(),
        })
    }

    fn list(pages: &[u32]) -> ContentsList {
        let entry = |page: &u32| ContentsEntry {
            title: format!("材料{page}"),
            document_number: None,
            responsible: None,
            date: None,
            first_page: Some(*page),
            last_page: None,
            page_count: None,
            place: (1, PixelBox::default()),
        };
        ContentsList {
            entries: pages.iter().map(entry).collect(),
            total: None,
        }
    }

    fn ranges(volume: &Volume) -> Vec<Range<usize>> {
        match volume {
            Volume::Bound(parts) => parts.iter().map(|part| part.pages.clone()).collect(),
            _ => Vec::new(),
        }
    }

    use DocumentKind::{AcceptanceNotice, Application, Contents, Decision, ServiceReceipt};

    #[test]
    fn sure_titles_of_three_kinds_divide() {
        let starts = [
            start(Application, 0.98),
            None,
            start(AcceptanceNotice, 0.97),
            start(Decision, 0.99),
            None,
        ];
        let volume = divide(&starts, &ContentsList::default());
        assert_eq!(ranges(&volume), [0..2, 2..3, 3..5]);
        let Volume::Bound(parts) = volume else {
            unreachable!("just looked at")
        };
        assert_eq!(parts[1].title.as_deref(), Some("受理通知书"));
    }

    #[test]
    fn a_form_whose_head_is_repeated_is_one_document() {
        let starts = vec![start(Application, 0.98); 6];
        assert_eq!(divide(&starts, &ContentsList::default()), Volume::Single);
    }

    #[test]
    fn two_kinds_are_a_suspicion() {
        let starts = [start(Application, 0.98), None, None, start(Decision, 0.95)];
        assert_eq!(divide(&starts, &ContentsList::default()), Volume::Suspected(2));
        let unsure = [start(Application, 0.98), None, None, start(Decision, 0.6)];
        assert_eq!(divide(&unsure, &ContentsList::default()), Volume::Single);
        assert_eq!(
            divide(&starts[..3], &ContentsList::default()),
            Volume::Single,
            "too short"
        );
    }

    #[test]
    fn the_contents_list_divides_where_likely_titles_bear_it_out() {
        // A cover, the list, then pages 1 to 6.
        let starts = [
            None,
            start(Contents, 0.98),
            start(Application, 0.6),
            None,
            start(Decision, 0.7),
            None,
            None,
            start(ServiceReceipt, 0.3),
        ];
        let volume = divide(&starts, &list(&[1, 3, 6]));
        assert_eq!(ranges(&volume), [0..2, 2..4, 4..7, 7..8]);
        let Volume::Bound(parts) = volume else {
            unreachable!("just looked at")
        };
        assert_eq!(parts[2].title.as_deref(), Some("材料3"));
        assert_eq!(
            divide(&starts, &list(&[1, 3, 60])),
            Volume::Single,
            "the list of another volume"
        );
        assert_eq!(divide(&starts, &list(&[3, 1])), Volume::Single, "a list that goes back");
    }

    proptest! {
        #[test]
        fn parts_cover_every_page_once(
            marks in prop::collection::vec(prop::option::of((0_usize..DocumentKind::ALL.len(), 0.0_f32..1.0)), 0..40),
            pages in prop::collection::vec(1_u32..60, 0..12),
        ) {
            let starts: Vec<Option<Start>> = marks
                .iter()
                .map(|mark| mark.and_then(|(kind, confidence)| start(DocumentKind::ALL[kind], confidence)))
                .collect();
            if let Volume::Bound(parts) = divide(&starts, &list(&pages)) {
                prop_assert!(parts.len() >= 2);
                prop_assert_eq!(parts[0].pages.start, 0);
                prop_assert_eq!(parts[parts.len() - 1].pages.end, starts.len());
                prop_assert!(parts.iter().all(|part| !part.pages.is_empty()));
                prop_assert!(parts.windows(2).all(|pair| pair[0].pages.end == pair[1].pages.start));
            }
        }
    }
}
