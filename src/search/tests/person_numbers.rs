//! Numbers of persons: found as a whole, by hashes; nothing of them stands in the index.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::schema::Value as _;
use tantivy::{DocAddress, TantivyDocument};

use crate::access::{asked_number, person_numbers};
use crate::analysis::{Analyser, NumberHashes, NumberKeeper, TakenNumbers};
use crate::index::testing::{add_document, analyser, empty_case, options, put, set};
use crate::index::{CaseIndex, CaseIndexWriter};
use crate::record::{CaseRecord, DocumentKind, FieldName};
use crate::search::{PersonNumbers, SearchRequest, Searcher, VisibleCases};

const NUMBER: &str = "140224199001011232";
const PHONE: &str = "13834567890";

/// Keeps numbers by hashes that are no secret.
struct Open;

fn hash(pattern: &String) -> u64 {
    let mut hasher = DefaultHasher::new();
    pattern.hash(&mut hasher);
    hasher.finish()
}

impl NumberKeeper for Open {
    fn name(&self) -> &str {
        "open"
    }

    fn take(&self, text: &str) -> TakenNumbers {
        let found = person_numbers(text);
        let mut characters: Vec<char> = text.chars().collect();
        for at in found.iter().flat_map(|number| &number.places) {
            characters[*at] = '*';
        }
        TakenNumbers {
            text: characters.into_iter().collect(),
            hashes: found.iter().flat_map(|number| &number.patterns).map(hash).collect(),
        }
    }

    fn asked(&self, word: &str) -> Option<NumberHashes> {
        asked_number(word).map(|asked| NumberHashes {
            exact: hash(&asked.exact),
            misread: asked.misread.iter().map(hash).collect(),
        })
    }
}

fn keeping() -> Analyser {
    analyser().with_number_keeper(Some(Arc::new(Open)))
}

fn cases() -> Vec<CaseRecord> {
    let texts = [
        format!("申请人身份证号{NUMBER}，电话{PHONE}。"),
        // Misread: three digits; a letter and a stray one; the phone with a letter.
        "身份证号148224199007011292系".to_owned(),
        "身份证号14022419900一1011232系，电话138345上7890".to_owned(),
        // Somebody else; a number of another sort.
        "身份证号140224199001015479，编号20550718".to_owned(),
    ];
    let made = |(n, text): (usize, &String)| {
        let mut case = empty_case(&format!("0123-XK·2019-D30-SCJG-{n:04}"));
        add_document(&mut case, DocumentKind::Application, 0.9, &[text]);
        set(&mut case, &[(FieldName::Title, &format!("{text}的许可"))]);
        case
    };
    texts.iter().enumerate().map(made).collect()
}

fn written() -> (tempfile::TempDir, Searcher) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), &keeping(), options(9)).unwrap();
    for (case, key) in cases().iter().zip(1..) {
        writer.apply(put(key, key, case)).unwrap();
    }
    writer.close().unwrap();
    let index = CaseIndex::open(folder.path(), &keeping()).unwrap();
    (folder, Searcher::new(index))
}

fn keys(searcher: &Searcher, query: &str, numbers: PersonNumbers) -> Vec<u64> {
    let request = SearchRequest::from_pairs([("q", query)]).unwrap().with_numbers(numbers);
    let deadline = Instant::now() + Duration::from_secs(60);
    let all = searcher.find_all(&request, &VisibleCases::all(), deadline).unwrap();
    all.keys().to_vec()
}

#[test]
fn a_full_number_finds_its_copies_and_a_part_nothing() {
    let (_folder, searcher) = written();
    for (query, expected) in [
        (NUMBER, vec![1, 2, 3]),
        (PHONE, vec![1, 3]),
        ("138-3456-7890", vec![1, 3]),
        ("140224199001015479", vec![4]),
        ("140224199001011232 -申请人", vec![2, 3]),
        ("140224198507155673", vec![]),
    ] {
        assert_eq!(keys(&searcher, query, PersonNumbers::Searched), expected, "{query}");
        let refused = keys(&searcher, query, PersonNumbers::Refused);
        assert_eq!(refused, Vec::<u64>::new(), "{query} without the right");
    }
    for length in 9..18 {
        for part in [NUMBER.get(..length).unwrap(), NUMBER.get(18 - length..).unwrap()] {
            let found = keys(&searcher, part, PersonNumbers::Searched);
            assert_eq!(found, Vec::<u64>::new(), "{part}");
        }
    }
    assert_eq!(
        keys(&searcher, "20550718", PersonNumbers::Refused),
        [4],
        "another sort of number"
    );
}

/// Neither in the terms of any field nor among the letters that are stored.
#[test]
fn nothing_of_a_number_stands_in_the_index() {
    let (_folder, searcher) = written();
    let snapshot = searcher.index().snapshot().unwrap();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let mut terms = 0;
    for (ordinal, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        for (field, entry) in snapshot.searcher.schema().fields() {
            if !entry.is_indexed() || !matches!(entry.field_type(), tantivy::schema::FieldType::Str(_)) {
                continue;
            }
            let index = segment.inverted_index(field).unwrap();
            let mut stream = index.terms().stream().unwrap();
            while let Some((term, _)) = stream.next() {
                terms += 1;
                let text = String::from_utf8_lossy(term);
                // The number of another sort, and archival codes, may stand there.
                let known = ["20550718"];
                let part = ["archival_code", "year"]
                    .iter()
                    .any(|name| entry.name().starts_with(name))
                    || known.iter().any(|known| known.contains(&*text) || text.contains(known));
                assert!(part || digits(&text) < 4, "{} in {}", text, entry.name());
            }
        }
        for doc in segment.doc_ids_alive() {
            let stored: TantivyDocument = snapshot.searcher.doc(DocAddress::new(ordinal, doc)).unwrap();
            let letters = stored
                .get_first(snapshot.fields.letters)
                .and_then(|value| value.as_bytes())
                .unwrap();
            let units: Vec<u16> = letters
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            let text = String::from_utf16_lossy(&units).replace("20550718", "");
            assert!(digits(&text) < 4, "{text}");
        }
    }
    assert!(terms > 20);
}
