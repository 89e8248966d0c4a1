//! The archive's own dictionaries: a change is picked up, and every answer before, meanwhile and after is right.

use std::convert::Infallible;

use juanzong::analysis::Analyser;
use juanzong::archive::Archive;
use juanzong::archive::KeyedNumbers;
use juanzong::catalogue::DataDirectory;
use juanzong::http::Site;
use juanzong::index::{CaseChange, IndexDocument, WriterOptions, rebuild};

use crate::http::Api;
use crate::support::{TestArchive, case};

async fn archive() -> TestArchive {
    let archive = TestArchive::empty().await;
    for case in [
        case(1, "2019-05-07", "granted", "甲", &["龘记灶房一家"]),
        case(2, "2019-05-08", "granted", "乙", &["龖记伙房一家"]),
    ] {
        archive.add(&case).await;
    }
    archive.index().await;
    archive
}

/// Writes one of the archive's own dictionaries.
pub(crate) fn write(archive: &TestArchive, file: &str, text: &str) {
    let folder = archive.path().join("dictionaries");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(file), text).unwrap();
}

async fn total(api: &Api, query: &str) -> u64 {
    let answer = api.get(&format!("/api/v1/search?q={query}")).await;
    answer.json()["total"].as_u64().unwrap()
}

/// A new generation, as `juanzong-indexer reindex` makes it.
pub(crate) async fn reindex(archive: &TestArchive) {
    reindex_without(archive, &[]).await;
}

/// A new generation that lacks some cases, by their keys.
pub(crate) async fn reindex_without(archive: &TestArchive, left_out: &[u64]) {
    let analyser = Analyser::extended(&archive.path().join("dictionaries")).unwrap();
    let analyser = KeyedNumbers::analyser(&analyser, archive.catalogue()).unwrap();
    let mut changes = Vec::new();
    for change in archive.catalogue().changed_since(0, 100).await.unwrap() {
        let case = archive.catalogue().load_case(change.case_key).await.unwrap().unwrap();
        changes.push(CaseChange {
            case_key: change.case_key,
            sequence: change.sequence,
            document: (!left_out.contains(&change.case_key))
                .then(|| Box::new(IndexDocument::from_case(&case, change.case_key))),
        });
    }
    let options = WriterOptions {
        threads: 1,
        memory_per_thread: 15_000_000,
        ..WriterOptions::default()
    };
    rebuild(&archive.path().join("index"), &analyser, options, |after, _| {
        let new = changes.iter().filter(|change| change.sequence > after);
        Ok::<_, Infallible>(new.cloned().collect())
    })
    .unwrap();
}

/// An archive as the server has it, with the looks that the server takes now and then.
async fn open(archive: &TestArchive) -> (Archive, Api) {
    let directory = DataDirectory::existing(archive.path()).unwrap();
    let opened = Archive::open(directory).await.unwrap();
    let api = Api::on(
        juanzong::http::AppState::new(opened.clone(), archive.access().clone(), Site::default(), 2),
        archive,
    );
    (opened, api)
}

#[tokio::test]
async fn what_only_queries_look_into_counts_at_once() {
    let archive = archive().await;
    let (opened, api) = open(&archive).await;
    assert_eq!(total(&api, "灶房").await, 1);
    assert!(!opened.reload_dictionaries().unwrap());
    write(&archive, "synonyms.tsv", "灶房\t伙房\n");
    assert!(opened.reload_dictionaries().unwrap());
    assert!(!opened.reload_dictionaries().unwrap());
    assert_eq!(total(&api, "灶房").await, 2);
    assert!(!opened.index().status().needs_reindex);
    std::fs::remove_file(archive.path().join("dictionaries/synonyms.tsv")).unwrap();
    assert!(opened.reload_dictionaries().unwrap());
    assert_eq!(total(&api, "灶房").await, 1);
}

#[tokio::test]
async fn what_makes_tokens_counts_when_the_index_was_made_anew() {
    let archive = archive().await;
    let (opened, api) = open(&archive).await;
    let both = [("龘记", 1), ("龖记", 1)];
    for (query, expected) in both {
        assert_eq!(total(&api, query).await, expected, "before: {query}");
    }
    // 龘 is a form of 龖 from now on. In the old index it is a letter of its own, and must be searched as one.
    write(&archive, "variants.tsv", "龘\t龖\n");
    write(&archive, "synonyms.tsv", "灶房\t伙房\n");
    assert!(opened.reload_dictionaries().unwrap());
    for (query, expected) in both {
        assert_eq!(total(&api, query).await, expected, "meanwhile: {query}");
    }
    assert_eq!(total(&api, "灶房").await, 2, "synonyms count at once all the same");
    assert!(opened.index().status().needs_reindex);
    // So it is for a server that is started now.
    let (restarted, its_api) = open(&archive).await;
    assert!(restarted.index().status().needs_reindex);
    for (query, expected) in both {
        assert_eq!(total(&its_api, query).await, expected, "started meanwhile: {query}");
    }
    reindex(&archive).await;
    assert_eq!(total(&api, "龘记").await, 1, "until it looks at the pointer");
    for (opened, api) in [(&opened, &api), (&restarted, &its_api)] {
        assert!(opened.index().reload_if_changed().unwrap());
        for query in ["龘记", "龖记"] {
            assert_eq!(total(api, query).await, 2, "after: {query}");
        }
        assert!(!opened.index().status().needs_reindex);
    }
}

#[tokio::test]
async fn an_index_that_is_ahead_of_the_server_is_read_as_it_was_written() {
    let archive = archive().await;
    let (opened, api) = open(&archive).await;
    write(&archive, "variants.tsv", "龘\t龖\n");
    reindex(&archive).await;
    assert!(opened.index().reload_if_changed().unwrap());
    assert_eq!(total(&api, "龘记").await, 2);
    assert!(opened.reload_dictionaries().unwrap());
    assert_eq!(total(&api, "龘记").await, 2);
    assert!(!opened.index().status().needs_reindex);
}

#[tokio::test]
async fn a_dictionary_with_a_fault_changes_nothing() {
    let archive = archive().await;
    let (opened, api) = open(&archive).await;
    write(&archive, "synonyms.tsv", "# ours\n灶房 伙房\n");
    let error = opened.reload_dictionaries().unwrap_err();
    assert_eq!(
        error.to_string(),
        "synonyms.tsv:2: 1 columns separated by tabs instead of 2"
    );
    assert_eq!(total(&api, "灶房").await, 1);
    assert!(!opened.reload_dictionaries().unwrap(), "told once");
    write(&archive, "synonyms.tsv", "灶房\t伙房\n");
    assert!(opened.reload_dictionaries().unwrap());
    assert_eq!(total(&api, "灶房").await, 2);
}
