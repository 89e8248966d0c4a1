//! Searching while cases are added, corrected and withdrawn.
//!
//! One thread writes, as the indexer does, in batches and with merges going on; others search meanwhile, each on an index
//! of its own, as servers do. Nothing here depends on who is faster: what is asserted holds for every state that was
//! ever committed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::index::testing::{add_document, analyser, empty_case, options, set};
use crate::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument};
use crate::record::{CaseRecord, DocumentKind, FieldName};
use crate::search::{SearchRequest, Searcher, VisibleCases};

/// Cases that are there from the beginning; each is corrected once.
const OLD: u64 = 5_000;
/// Cases that are added meanwhile; every tenth is withdrawn again.
const NEW: u64 = 5_000;
/// Changes in a commit.
const BATCH: usize = 500;

/// What stands in a case.
#[derive(Clone, Copy)]
enum Text {
    First,
    Corrected,
    Added,
}

fn case(key: u64, text: Text) -> CaseRecord {
    let (mark, outcome) = match text {
        Text::First => ("甲等旧本", "granted"),
        Text::Corrected => ("乙类更正", "refused"),
        Text::Added => ("丙种补录", "changed"),
    };
    let mut case = empty_case(&format!("0123-XK·2019-D30-SCJG-{key:05}"));
    let date = format!("20{:02}-03-{:02}", key % 20, 1 + key % 28);
    set(
        &mut case,
        &[(FieldName::Outcome, outcome), (FieldName::DecidedOn, &date)],
    );
    let page = format!("常在档案，{mark}，第{key}卷");
    add_document(&mut case, DocumentKind::Decision, 0.9, &[&page]);
    case
}

/// The change with each sequence from 1: first all old cases, then in turn a correction, an addition and, for every
/// tenth of those, a withdrawal.
fn changes() -> Vec<CaseChange> {
    let mut changes: Vec<(u64, Option<Text>)> = (1..=OLD).map(|key| (key, Some(Text::First))).collect();
    for number in 1..=OLD.max(NEW) {
        if number <= OLD {
            // From the last on, so that corrections fall into other segments than the additions beside them.
            changes.push((OLD + 1 - number, Some(Text::Corrected)));
        }
        if number <= NEW {
            changes.push((OLD + number, Some(Text::Added)));
            if number.is_multiple_of(10) {
                changes.push((OLD + number - 5, None));
            }
        }
    }
    (1..)
        .zip(changes)
        .map(|(sequence, (case_key, text))| CaseChange {
            case_key,
            sequence,
            document: text.map(|text| Box::new(IndexDocument::from_case(&case(case_key, text), case_key))),
        })
        .collect()
}

/// A reader of its own, and what it must find.
struct Reader {
    index: CaseIndex,
    searcher: Searcher,
}

impl Reader {
    fn open(folder: &Path) -> Self {
        let index = CaseIndex::open(folder, analyser()).unwrap();
        Self {
            searcher: Searcher::new(index.clone()),
            index,
        }
    }

    fn all(&self, pairs: &[(&str, &str)]) -> BTreeSet<u64> {
        let request = SearchRequest::from_pairs(pairs.iter().copied()).unwrap();
        let all = self
            .searcher
            .find_all(&request, &VisibleCases::all(), deadline())
            .unwrap();
        let keys = all.keys();
        let distinct: BTreeSet<u64> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), keys.len(), "a case is shown twice for {pairs:?}");
        distinct
    }

    /// The same, page by page; the total of every page is that of all hits.
    fn paged(&self, pairs: &[(&str, &str)]) -> BTreeSet<u64> {
        let mut seen = BTreeSet::new();
        for page in 1..=100_u32 {
            let page = page.to_string();
            let more = [("page", page.as_str()), ("size", "100"), ("facets", "outcome")];
            let request = SearchRequest::from_pairs(pairs.iter().copied().chain(more)).unwrap();
            let found = self.searcher.find(&request, &VisibleCases::all(), deadline()).unwrap();
            let keys: Vec<u64> = found.keys().collect();
            assert_eq!(
                found.facet_total("outcome"),
                Some(found.total()),
                "counts and total differ"
            );
            let rest = usize::try_from(found.total()).unwrap() - seen.len();
            assert_eq!(keys.len(), rest.min(100), "total and hits differ for {pairs:?}");
            for key in keys {
                assert!(seen.insert(key), "a case is shown on two pages for {pairs:?}");
            }
            if rest <= 100 {
                return seen;
            }
        }
        panic!("more hits than there are cases");
    }

    /// Looks at one state of the index from all sides.
    fn check(&self, changes: &[CaseChange], thoroughly: bool) {
        self.index.reload_if_changed().unwrap();
        // The state holds the changes up to this sequence, at least.
        let sequence = usize::try_from(self.index.status().sequence).unwrap();
        let (mut there, mut touched_later) = (BTreeSet::new(), BTreeSet::new());
        for change in &changes[..sequence] {
            match change.document {
                Some(_) => there.insert(change.case_key),
                None => there.remove(&change.case_key),
            };
        }
        touched_later.extend(changes[sequence..].iter().map(|change| change.case_key));
        let all = self.all(&[("q", "常在档案")]);
        for key in &there {
            assert!(
                all.contains(key) || touched_later.contains(key),
                "case {key} is missing"
            );
            // A correction never makes a case disappear.
            assert!(
                *key > OLD || all.contains(key),
                "case {key} is missing while it is corrected"
            );
        }
        for key in all.difference(&there) {
            assert!(touched_later.contains(key), "case {key} is shown and not there");
        }
        let parts = ["甲等旧本", "乙类更正", "丙种补录"].map(|mark| self.all(&[("q", &format!("\"{mark}\""))]));
        let sum: usize = parts.iter().map(BTreeSet::len).sum();
        let union: BTreeSet<u64> = parts.iter().flatten().copied().collect();
        assert_eq!(sum, union.len(), "a case is shown as it was and as it is");
        assert_eq!(union, all);
        if thoroughly {
            for sort in ["relevance", "date", "number"] {
                assert_eq!(self.paged(&[("q", "常在档案"), ("sort", sort)]), all);
            }
        }
    }
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

#[test]
fn no_case_is_shown_twice_or_missed_while_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let changes = changes();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(BATCH)).unwrap();
    let old = usize::try_from(OLD).unwrap();
    for change in &changes[..old] {
        writer.apply(change.clone()).unwrap();
    }
    writer.commit().unwrap();
    let done = AtomicBool::new(false);
    let (committed, commits) = sync_channel::<()>(0);
    std::thread::scope(|scope| {
        // One reader looks at every commit, while the writer goes on with the next; another whenever it can.
        scope.spawn(|| {
            let reader = Reader::open(folder.path());
            for (number, ()) in (0_u32..).zip(commits) {
                reader.check(&changes, number.is_multiple_of(8));
            }
            reader.check(&changes, true);
        });
        scope.spawn(|| {
            let reader = Reader::open(folder.path());
            while !done.load(Ordering::Acquire) {
                reader.check(&changes, false);
            }
            reader.check(&changes, true);
        });
        for change in &changes[old..] {
            if writer.apply(change.clone()).unwrap() {
                committed.send(()).unwrap();
            }
        }
        writer.close().unwrap();
        done.store(true, Ordering::Release);
        drop(committed);
    });
    let reader = Reader::open(folder.path());
    let all = reader.all(&[("q", "常在档案")]);
    assert_eq!(all.len() as u64, OLD + NEW - NEW / 10);
    assert_eq!(reader.all(&[("q", "\"甲等旧本\"")]), BTreeSet::new());
}
