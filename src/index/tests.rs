//! Tests of writer, reader and generations together.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;

use proptest::prelude::*;
use tantivy::collector::DocSetCollector;
use tantivy::query::{AllQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::testing::{add_document, analyser, empty_case, options, put, set};
use super::*;
use crate::analysis::Analyser;
use crate::record::{CaseRecord, DocumentKind, FieldName};

fn case(text: &str) -> CaseRecord {
    let mut case = empty_case("0001-XK·2019-D30-TEST-0001");
    add_document(&mut case, DocumentKind::Decision, 0.9, &[text]);
    case
}

fn withdraw(case_key: u64, sequence: u64) -> CaseChange {
    CaseChange {
        case_key,
        sequence,
        document: None,
    }
}

/// Keys of the cases that hold a letter, with repetitions if a case is there twice.
fn keys_with(index: &CaseIndex, letter: Option<char>) -> Vec<u64> {
    let snapshot = index.snapshot().unwrap();
    let searcher = &snapshot.searcher;
    let found = match letter {
        None => searcher.search(&AllQuery, &DocSetCollector),
        Some(letter) => {
            let term = Term::from_field_text(snapshot.fields.body.grams.singles, &letter.to_string());
            searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector)
        }
    };
    let key = |at: DocAddress| {
        let column = searcher
            .segment_reader(at.segment_ord)
            .fast_fields()
            .u64(CASE_KEY)
            .unwrap();
        column.first(at.doc_id).unwrap()
    };
    let mut keys: Vec<u64> = found.unwrap().into_iter().map(key).collect();
    keys.sort_unstable();
    keys
}

fn reader(root: &Path) -> CaseIndex {
    CaseIndex::open(root, analyser()).unwrap()
}

/// A catalogue that knows the last change of each case, as the real one does.
#[derive(Default)]
struct Changes(BTreeMap<u64, CaseChange>);

impl Changes {
    fn since(&self, sequence: u64, limit: usize) -> Result<Vec<CaseChange>, Infallible> {
        let mut changes: Vec<_> = self.0.values().filter(|c| c.sequence > sequence).cloned().collect();
        changes.sort_by_key(|change| change.sequence);
        changes.truncate(limit);
        Ok(changes)
    }
}

#[test]
fn a_replaced_case_is_found_once_and_by_its_new_text_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(100)).unwrap();
    for (sequence, text) in [(1, "甲"), (2, "乙"), (5, "丙")] {
        assert!(!writer.apply(put(7, sequence, &case(text))).unwrap());
    }
    writer.commit().unwrap();
    writer.apply(put(7, 6, &case("丁"))).unwrap();
    writer.close().unwrap();
    let index = reader(folder.path());
    assert_eq!(keys_with(&index, None), [7]);
    assert_eq!(keys_with(&index, Some('丙')), [0_u64; 0]);
    assert_eq!(keys_with(&index, Some('丁')), [7]);
    let status = index.status();
    assert_eq!(
        (status.ready, status.sequence, status.cases, status.needs_reindex),
        (true, 6, 1, false)
    );
}

#[test]
fn a_full_batch_is_committed_and_what_is_not_committed_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let mut changes = Changes::default();
    for key in 1..=5 {
        changes.0.insert(key, put(key, key, &case("甲")));
    }
    {
        let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(2)).unwrap();
        let committed: Vec<bool> = (1..=5)
            .map(|key| writer.apply(changes.0[&key].clone()).unwrap())
            .collect();
        assert_eq!(committed, [false, true, false, true, false]);
        assert_eq!((writer.sequence(), writer.committed_sequence()), (5, 4));
        // Dropped without a word, as by `kill -9`.
    }
    assert_eq!(keys_with(&reader(folder.path()), None), [1, 2, 3, 4]);
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(2)).unwrap();
    assert_eq!(writer.sequence(), 4);
    assert_eq!(writer.replay(|since, limit| changes.since(since, limit)).unwrap(), 1);
    assert_eq!(keys_with(&reader(folder.path()), None), [1, 2, 3, 4, 5]);
}

#[test]
fn old_changes_commit_when_they_are_due() {
    let folder = tempfile::tempdir().unwrap();
    let mut at_once = options(100);
    at_once.batch_time = std::time::Duration::ZERO;
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), at_once).unwrap();
    assert!(!writer.commit_if_due().unwrap());
    assert!(writer.apply(put(1, 1, &case("甲"))).unwrap());
}

#[test]
fn changes_out_of_order_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(100)).unwrap();
    writer.apply(put(1, 5, &case("甲"))).unwrap();
    let error = writer.apply(put(2, 5, &case("乙"))).unwrap_err();
    assert!(matches!(error, Error::OutOfOrder { sequence: 5, last: 5 }));
}

#[test]
fn a_second_writer_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let _first = CaseIndexWriter::open(folder.path(), analyser(), options(100)).unwrap();
    let second = CaseIndexWriter::open(folder.path(), analyser(), options(100)).map(|_| ());
    assert_eq!(second.unwrap_err().kind(), ErrorKind::Busy);
}

#[test]
fn after_a_failure_the_writer_starts_again_from_the_last_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(100)).unwrap();
    writer.apply(put(1, 1, &case("甲"))).unwrap();
    writer.commit().unwrap();
    writer.apply(put(2, 2, &case("乙"))).unwrap();
    writer.fail_for_tests();
    assert_eq!(writer.sequence(), 1);
    writer.apply(put(2, 2, &case("乙"))).unwrap();
    writer.commit().unwrap();
    assert_eq!(keys_with(&reader(folder.path()), None), [1, 2]);
}

#[test]
fn a_reader_opened_before_there_is_an_index_finds_it_later() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("index");
    let index = reader(&root);
    assert!(!index.status().ready);
    assert!(matches!(index.snapshot().map(|_| ()), Err(Error::NotReady)));
    assert!(!index.reload_if_changed().unwrap());
    let mut writer = CaseIndexWriter::open(&root, analyser(), options(1)).unwrap();
    assert!(index.reload_if_changed().unwrap());
    assert_eq!(keys_with(&index, None), [0_u64; 0]);
    writer.apply(put(3, 1, &case("甲"))).unwrap();
    assert!(index.reload_if_changed().unwrap());
    assert!(!index.reload_if_changed().unwrap());
    assert_eq!(keys_with(&index, None), [3]);
}

#[test]
fn a_snapshot_does_not_change_under_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(1)).unwrap();
    writer.apply(put(1, 1, &case("甲"))).unwrap();
    let index = reader(folder.path());
    let before = index.snapshot().unwrap();
    writer.apply(put(2, 2, &case("甲"))).unwrap();
    index.reload_if_changed().unwrap();
    assert_eq!(before.searcher.num_docs(), 1);
    assert_eq!(index.snapshot().unwrap().searcher.num_docs(), 2);
}

#[test]
fn another_analysis_asks_for_a_reindex_and_the_old_generation_is_served_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("index");
    let mut changes = Changes::default();
    changes.0.insert(1, put(1, 1, &case("甲")));
    let mut writer = CaseIndexWriter::open(&root, analyser(), options(1)).unwrap();
    writer.replay(|since, limit| changes.since(since, limit)).unwrap();
    writer.close().unwrap();

    let dictionaries = folder.path().join("dictionaries");
    std::fs::create_dir(&dictionaries).unwrap();
    std::fs::write(dictionaries.join("synonyms.tsv"), "# an empty table\n").unwrap();
    let other = Analyser::load(&dictionaries).unwrap();
    let refused = CaseIndexWriter::open(&root, &other, options(1))
        .map(|_| ())
        .unwrap_err();
    assert_eq!(
        (refused.kind(), refused.code()),
        (ErrorKind::Busy, "index_needs_reindex")
    );
    let index = CaseIndex::open(&root, &other).unwrap();
    let status = index.status();
    assert_eq!((status.ready, status.needs_reindex), (true, true));
    assert_eq!(keys_with(&index, Some('甲')), [1]);

    assert_eq!(
        rebuild(&root, &other, options(1), |since, limit| changes.since(since, limit)).unwrap(),
        1
    );
    assert!(index.reload_if_changed().unwrap());
    let after = index.status();
    assert_eq!((after.ready, after.needs_reindex, after.sequence), (true, false, 1));
    assert_ne!(after.generation, status.generation);
    CaseIndexWriter::open(&root, &other, options(1)).unwrap();
}

/// Killed or failed, a rebuild goes on from its last commit; begun with another analysis, it does not.
#[test]
fn a_rebuild_goes_on_where_it_ended() {
    #[derive(Debug, thiserror::Error)]
    #[error("interrupted")]
    struct Interrupted;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("index");
    let mut changes = Changes::default();
    for key in 1..=10 {
        changes.0.insert(key, put(key, key, &case("甲")));
    }
    let mut writer = CaseIndexWriter::open(&root, analyser(), options(1)).unwrap();
    writer.apply(changes.0[&1].clone()).unwrap();
    writer.close().unwrap();
    let dictionaries = folder.path().join("dictionaries");
    std::fs::create_dir(&dictionaries).unwrap();
    std::fs::write(dictionaries.join("words.tsv"), "综窗受理\t300\n").unwrap();
    let other = Analyser::extended(&dictionaries).unwrap();

    let interrupted = |changes: &Changes, after: u64| {
        let read = |since: u64, limit: usize| match since >= after {
            true => Err(Interrupted),
            false => Ok(changes.since(since, limit).unwrap()),
        };
        assert!(rebuild(&root, &other, options(2), read).is_err());
    };
    interrupted(&changes, 4);
    // A start with the new analysis does not throw away what was begun, nor does a second interruption.
    assert!(CaseIndexWriter::open(&root, &other, options(2)).is_err());
    interrupted(&changes, 6);
    // What changed meanwhile is not missed.
    changes.0.insert(2, put(2, 11, &case("乙")));
    let mut first = None;
    let applied = rebuild(&root, &other, options(2), |since, limit| {
        first.get_or_insert(since);
        changes.since(since, limit)
    });
    assert_eq!((first, applied.unwrap()), (Some(6), 5));
    let index = CaseIndex::open(&root, &other).unwrap();
    assert_eq!(keys_with(&index, None), (1..=10).collect::<Vec<u64>>());
    assert_eq!(keys_with(&index, Some('乙')), [2]);
    assert!(!index.status().needs_reindex);

    interrupted(&changes, 4);
    let applied = rebuild(&root, analyser(), options(2), |since, limit| {
        changes.since(since, limit)
    });
    assert_eq!(applied.unwrap(), 10, "another analysis begins anew");
}

#[test]
fn a_rebuild_that_fails_leaves_the_old_generation() {
    #[derive(Debug, thiserror::Error)]
    #[error("the disk is on fire")]
    struct OnFire;
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(1)).unwrap();
    writer.apply(put(1, 1, &case("甲"))).unwrap();
    writer.close().unwrap();
    let failed = rebuild(folder.path(), analyser(), options(1), |_, _| Err(OnFire));
    assert!(matches!(failed, Err(ReplayError::Source(OnFire))));
    assert_eq!(keys_with(&reader(folder.path()), None), [1]);
    // The half-built generation goes when the writer starts again.
    CaseIndexWriter::open(folder.path(), analyser(), options(1)).unwrap();
    let folders = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().path().is_dir())
        .count();
    assert_eq!(folders, 1);
}

#[test]
fn purging_removes_withdrawn_text_from_the_disk() {
    // A facet value stands in the files as it is, so it can be looked for in them.
    let on_disk = |root: &Path, text: &str| {
        let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
        folders.filter(|path| path.is_dir()).any(|path| {
            std::fs::read_dir(path).unwrap().any(|file| {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            })
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser(), options(100)).unwrap();
    let mut secret = case("甲");
    set(&mut secret, &[(FieldName::Matter, "龘龘许可")]);
    writer.apply(put(1, 1, &secret)).unwrap();
    for key in 2..40 {
        writer.apply(put(key, key, &case("乙"))).unwrap();
    }
    writer.commit().unwrap();
    assert!(on_disk(folder.path(), "龘龘许可"));
    writer.apply(withdraw(1, 100)).unwrap();
    writer.purge().unwrap();
    assert!(!on_disk(folder.path(), "龘龘许可"));
    assert_eq!(keys_with(&reader(folder.path()), None).len(), 38);
}

#[test]
fn facet_values_and_sort_keys() {
    use super::document::sortable;
    let mut numbers = [
        "灵食许〔2019〕444号",
        "灵食许〔2019〕45号",
        "灵食许〔2020〕1号",
        "广食许〔2021〕9号",
        "无号",
    ];
    numbers.sort_by_key(|number| sortable(number));
    assert_eq!(
        numbers,
        [
            "广食许〔2021〕9号",
            "无号",
            "灵食许〔2019〕45号",
            "灵食许〔2019〕444号",
            "灵食许〔2020〕1号"
        ]
    );
    let quality = |confidence| OcrQuality::of(confidence).code();
    assert_eq!(
        [Some(1.0), Some(0.95), Some(0.94), Some(0.85), Some(0.8), None].map(quality),
        ["high", "high", "medium", "medium", "low", "none"]
    );
}

#[derive(Clone, Debug)]
enum Step {
    Put(u64, char),
    Withdraw(u64),
    Commit,
    Reopen,
    Crash,
    Purge,
    Rebuild,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = 1_u64..6;
    let step = prop_oneof![
        8 => (key.clone(), prop::sample::select(vec!['甲', '乙', '丙'])).prop_map(|(key, letter)| Step::Put(key, letter)),
        3 => key.prop_map(Step::Withdraw),
        2 => Just(Step::Commit),
        1 => Just(Step::Reopen),
        1 => Just(Step::Crash),
        1 => Just(Step::Purge),
        1 => Just(Step::Rebuild),
    ];
    prop::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever happens in whatever order, after a replay the index holds what the model holds.
    #[test]
    fn the_index_follows_the_catalogue(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let open = || CaseIndexWriter::open(folder.path(), analyser(), options(3)).unwrap();
        let mut model: BTreeMap<u64, char> = BTreeMap::new();
        let mut changes = Changes::default();
        let mut sequence = 0;
        let mut writer = open();
        let index = reader(folder.path());
        for step in steps {
            match step {
                Step::Put(key, letter) => {
                    sequence += 1;
                    model.insert(key, letter);
                    changes.0.insert(key, put(key, sequence, &case(&letter.to_string())));
                    writer.apply(changes.0[&key].clone()).unwrap();
                }
                Step::Withdraw(key) => {
                    sequence += 1;
                    model.remove(&key);
                    changes.0.insert(key, withdraw(key, sequence));
                    writer.apply(changes.0[&key].clone()).unwrap();
                }
                Step::Commit => writer.commit().unwrap(),
                Step::Purge => writer.purge().unwrap(),
                Step::Reopen => {
                    writer.close().unwrap();
                    writer = open();
                }
                Step::Crash => {
                    drop(writer);
                    writer = open();
                    writer.replay(|since, limit| changes.since(since, limit)).unwrap();
                }
                Step::Rebuild => {
                    writer.close().unwrap();
                    rebuild(folder.path(), analyser(), options(3), |since, limit| changes.since(since, limit)).unwrap();
                    writer = open();
                }
            }
        }
        writer.commit().unwrap();
        index.reload_if_changed().unwrap();
        prop_assert_eq!(index.status().sequence, sequence);
        prop_assert_eq!(keys_with(&index, None), model.keys().copied().collect::<Vec<_>>());
        for letter in ['甲', '乙', '丙'] {
            let expected: Vec<u64> = model.iter().filter(|(_, l)| **l == letter).map(|(key, _)| *key).collect();
            prop_assert_eq!(keys_with(&index, Some(letter)), expected);
        }
    }
}
