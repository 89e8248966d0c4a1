//! Which document of a case an entry of its contents list means.

use std::collections::HashSet;

use juanzong::record::DocumentKind;

use super::ContentsEntry;
use crate::extract::kind_of_title;

/// Least score of a pair that is taken for the same document.
const SAME: f32 = 0.55;
/// What the same kind of document adds to the likeness of the titles, and what the same number of pages.
const SAME_KIND: f32 = 0.6;
const SAME_PAGES: f32 = 0.1;
/// Documents of different kinds are the same only with titles this alike: the kind may have been misjudged.
const ALIKE: f32 = 0.8;
/// What it costs to stand at the other end of the list.
const OUT_OF_ORDER: f32 = 0.25;

/// A document as an entry may mean it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its titles: of its file name, and as printed on it.
    pub titles: Vec<String>,
    /// 文种
    pub kind: DocumentKind,
    /// Number of its pages; 0 when they cannot be counted.
    pub pages: u32,
}

/// For each entry the index of the document that it means. `known` holds what is known already, by the page numbers of a
/// divided volume. Each further document is meant once.
pub fn match_entries(
    entries: &[ContentsEntry],
    known: &[Option<usize>],
    documents: &[Candidate],
) -> Vec<Option<usize>> {
    let mut matched: Vec<Option<usize>> = known.to_vec();
    matched.resize(entries.len(), None);
    let mut taken: HashSet<usize> = matched.iter().flatten().copied().collect();
    let mut pairs = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(at, _)| matched[*at].is_none()) {
        for (document, candidate) in documents.iter().enumerate().filter(|(d, _)| !taken.contains(d)) {
            if let Some(score) = score(entry, candidate) {
                let away = (share(at, entries.len()) - share(document, documents.len())).abs();
                pairs.push((score - OUT_OF_ORDER * away, at, document));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, entry, document) in pairs {
        if matched[entry].is_none() && taken.insert(document) {
            matched[entry] = Some(document);
        }
    }
    fill_gaps(entries, documents, &mut matched);
    matched
}

/// Between two neighbours that were found, as many entries (or entries that name no kind) as documents without any title
/// mean each other in their order.
fn fill_gaps(entries: &[ContentsEntry], documents: &[Candidate], matched: &mut [Option<usize>]) {
    let taken: HashSet<usize> = matched.iter().flatten().copied().collect();
    let mut at = 0;
    while at < entries.len() {
        if matched[at].is_some() {
            at += 1;
            continue;
        }
        let end = (at..entries.len())
            .find(|i| matched[*i].is_some())
            .unwrap_or(entries.len());
        let from = at
            .checked_sub(1)
            .and_then(|before| matched[before])
            .map_or(0, |d| d + 1);
        let to = matched.get(end).copied().flatten().unwrap_or(documents.len());
        let free: Vec<usize> = (from..to).filter(|d| !taken.contains(d)).collect();
        let nameless = |d: &usize| documents[*d].kind == DocumentKind::Other;
        let open = |entry: &usize| kind_of_title(&entries[*entry].title).is_none();
        let mut gap: Vec<usize> = (at..end).collect();
        if gap.len() != free.len() {
            // An entry that names a kind of its own may well mean a document that is missing.
            gap.retain(open);
        }
        if gap.len() == free.len() && free.iter().all(nameless) {
            for (entry, document) in gap.into_iter().zip(free).filter(|(entry, _)| open(entry)) {
                matched[entry] = Some(document);
            }
        }
        at = end;
    }
}

fn score(entry: &ContentsEntry, candidate: &Candidate) -> Option<f32> {
    let alike = candidate.titles.iter().map(|title| likeness(&entry.title, title));
    let alike = alike.fold(0.0, f32::max);
    let named = kind_of_title(&entry.title);
    let known = candidate.kind != DocumentKind::Other;
    if known && named.is_some_and(|named| named != candidate.kind) && alike < ALIKE {
        return None;
    }
    let mut score = alike;
    if known && named == Some(candidate.kind) {
        score += SAME_KIND;
    }
    if entry.page_count == Some(candidate.pages) {
        score += SAME_PAGES;
    }
    (score >= SAME).then_some(score)
}

/// Share of the pairs of neighbouring characters that both titles have (Dice); a title that is part of the other is
/// nearly the same.
fn likeness(a: &str, b: &str) -> f32 {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let (a, b) = (bare(a), bare(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() < 2 {
        return 0.0;
    }
    if short.len() >= 3 && long.windows(short.len()).any(|part| part == short.as_slice()) {
        return 0.95;
    }
    let pairs = |text: &[char]| text.windows(2).map(|pair| (pair[0], pair[1])).collect::<HashSet<_>>();
    let (a, b) = (pairs(&a), pairs(&b));
    2.0 * count(a.intersection(&b).count()) / count(a.len() + b.len())
}

fn share(at: usize, of: usize) -> f32 {
    count(at) / count(of.max(2) - 1)
}

#[allow(clippy::cast_precision_loss)] // far below 2^24
fn count(value: usize) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use juanzong::record::PixelBox;

    use super::*;

    fn entry(title: &str, pages: Option<u32>) -> ContentsEntry {
        ContentsEntry {
            title: title.into(),
            document_number: None,
            responsible: None,
            date: None,
            first_page: None,
            last_page: None,
            page_count: pages,
            place: (1, PixelBox::default()),
            confidence: 1.0,
        }
    }

    fn document(title: &str, kind: DocumentKind, pages: u32) -> Candidate {
        Candidate {
            titles: vec![title.into()],
            kind,
            pages,
        }
    }

    use DocumentKind::{AcceptanceNotice, Application, Decision, Other, Review};

    #[test]
    fn titles_kinds_and_order_find_the_documents() {
        let entries = [
            entry("灵丘县某某餐饮有限公司食品经营许可申请书", Some(3)),
            entry("食品经营许可受理通知书", Some(1)),
            entry("营业场所平面图", Some(1)),
            entry("关于某某餐饮的审查报告", None),
            entry("关于准予食品经营许可的决定", Some(2)),
        ];
        let documents = [
            document("申请书", Application, 3),
            document("scan002", AcceptanceNotice, 1),
            document("scan003", Other, 1),
            document("准予行政许可决定书", Decision, 2),
        ];
        assert_eq!(
            match_entries(&entries, &[], &documents),
            [Some(0), Some(1), Some(2), None, Some(3)]
        );
    }

    #[test]
    fn two_of_a_kind_keep_their_order() {
        let entries = [entry("受理通知书", None), entry("受理通知书", None)];
        let documents = [
            document("scan1", AcceptanceNotice, 1),
            document("scan2", AcceptanceNotice, 1),
        ];
        assert_eq!(match_entries(&entries, &[], &documents), [Some(0), Some(1)]);
    }

    #[test]
    fn what_is_known_stays_and_other_kinds_are_no_match() {
        let entries = [entry("听证笔录", None), entry("照片", None)];
        let documents = [document("审查意见表", Review, 1), document("图纸", Other, 1)];
        assert_eq!(match_entries(&entries, &[None, Some(0)], &documents), [None, Some(0)]);
        assert_eq!(match_entries(&[], &[], &documents), []);
        assert_eq!(match_entries(&entries, &[], &[]), [None, None]);
    }
}
