//! Numbers of persons: found as a whole, by hashes and what is sealed; nothing of them stands in the index in clear.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::schema::Value as _;
use tantivy::{DocAddress, TantivyDocument};

use crate::access::{FoundNumber, asked_number, person_numbers};
use crate::analysis::{Analyser, NumberHashes, NumberKeeper, TakenNumbers};
use crate::index::testing::{add_document, analyser, empty_case, options, put, set};
use crate::index::{CaseIndex, CaseIndexWriter, Numbers, Section};
use crate::record::{CaseRecord, DocumentKind, FieldName, IdNumber};
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

    fn named(&self, _: &str) -> Option<Arc<dyn NumberKeeper>> {
        None
    }

    fn take(&self, text: &str) -> TakenNumbers {
        let found = person_numbers(text);
        let mut characters: Vec<char> = text.chars().collect();
        for at in found.iter().flat_map(|number| &number.places) {
            characters[*at] = '*';
        }
        TakenNumbers {
            text: characters.into_iter().collect(),
            spans: found.iter().map(FoundNumber::span).collect(),
            hashes: found.iter().flat_map(|number| &number.patterns).map(hash).collect(),
        }
    }

    fn asked(&self, word: &str) -> Option<NumberHashes> {
        asked_number(word).map(|asked| NumberHashes {
            exact: hash(&asked.exact),
            misread: asked.misread.iter().map(hash).collect(),
        })
    }

    fn seal(&self, numbers: &[u8]) -> Option<Vec<u8>> {
        Some(numbers.iter().map(|byte| !byte).collect())
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.seal(sealed)
    }
}

fn keeping() -> Analyser {
    analyser().with_number_keeper(Some(Arc::new(Open)))
}

fn texts() -> [String; 4] {
    [
        format!("申请人身份证号{NUMBER}，电话{PHONE}。"),
        // Misread: a digit; a letter and a stray one; the phone with a letter.
        "身份证号148224199001011232系".to_owned(),
        "身份证号14022419900一1011232系，电话138345上7890".to_owned(),
        // Somebody else; a number of another sort.
        "身份证号140224199001015479，编号20550718".to_owned(),
    ]
}

fn written(texts: &[impl AsRef<str>], analyser: &Analyser) -> (tempfile::TempDir, Searcher) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = CaseIndexWriter::open(folder.path(), analyser, options(9)).unwrap();
    for (text, key) in texts.iter().map(AsRef::as_ref).zip(1..) {
        let mut case: CaseRecord = empty_case(&format!("0123-XK·2019-D30-SCJG-{key:04}"));
        add_document(&mut case, DocumentKind::Application, 0.9, &[text]);
        set(&mut case, &[(FieldName::Title, &format!("{text}的许可"))]);
        writer.apply(put(key, key, &case)).unwrap();
    }
    writer.close().unwrap();
    let index = CaseIndex::open(folder.path(), analyser).unwrap();
    (folder, Searcher::new(index))
}

/// A number that is right and differs from another in the last digit of the serial (and so in the check character).
fn next_person(number: &str) -> String {
    let (rest, last) = number.split_at(16);
    let serial = (i32::from(last.as_bytes()[0] - b'0') + 1) % 10;
    let numbers = "0123456789X".chars().map(|check| format!("{rest}{serial}{check}"));
    numbers
        .into_iter()
        .find(|number| IdNumber::parse(number).is_some())
        .unwrap()
}

fn keys(searcher: &Searcher, query: &str, numbers: PersonNumbers) -> Vec<u64> {
    let request = SearchRequest::from_pairs([("q", query)]).unwrap().with_numbers(numbers);
    let deadline = Instant::now() + Duration::from_secs(60);
    let all = searcher.find_all(&request, &VisibleCases::all(), deadline).unwrap();
    all.keys().to_vec()
}

#[test]
fn a_full_number_finds_its_copies_and_a_part_nothing() {
    let (_folder, searcher) = written(&texts(), &keeping());
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

#[test]
fn a_misread_copy_is_found_and_who_is_next_is_not() {
    let next = next_person(NUMBER);
    let texts = [
        format!("申请人韦龘，身份证号{NUMBER}，住东街。"),
        format!("申请人韦龘，身份证号{NUMBER}，住东街。"),
        // One wrong digit: the check character proves it.
        format!("申请人韦龘，身份证号{}，住东街。", NUMBER.replacen("1011", "1071", 1)),
        format!("申请人滕义，身份证号{next}，住东街。"),
        // Misread copies of the other's number with the other's name.
        format!("申请人滕义，身份证号{}，住东街。", next.replacen("1402", "1482", 1)),
        format!("申请人滕义，身份证号{next}，住东街。"),
    ];
    let (_folder, searcher) = written(&texts, &keeping());
    assert_eq!(keys(&searcher, NUMBER, PersonNumbers::Searched), [1, 2, 3]);
    assert_eq!(keys(&searcher, &next, PersonNumbers::Searched), [4, 5, 6]);
    assert_eq!(
        keys(&searcher, &format!("\"{NUMBER}\""), PersonNumbers::Searched),
        [1, 2]
    );
}

/// Of a number that is torn only a piece may be taken for a number; when that is itself one of before 1999, the other is lost.
#[test]
fn a_torn_number_is_found() {
    let texts: Vec<String> = (1..NUMBER.len())
        .filter(|at| NUMBER.len() - at != 15)
        .map(|at| {
            let (head, tail) = NUMBER.split_at(at);
            format!("身份证号{head}，{tail}系")
        })
        .collect();
    let (_folder, searcher) = written(&texts, &keeping());
    let found = keys(&searcher, NUMBER, PersonNumbers::Searched);
    assert_eq!(found, (1..=16).collect::<Vec<u64>>());
}

/// The same cases are found as in an index that holds all letters in clear.
#[test]
fn judged_as_letters_in_clear_are() {
    let people = [
        ("韦龘", 123, "13834567890"),
        ("韦龘", 123, "1383456上890"),
        ("韦龘", 123, "13834567890"),
        ("韦拢", 123, "13834567890"),
        ("滕义", 231, "13834567891"),
        ("滕义", 231, "1383456789"),
        ("阎丙", 312, "13884567890"),
    ];
    let number = |serial: u32| {
        let head = format!("14022419900101{serial:03}");
        let check = IdNumber::check_character(&head).unwrap();
        format!("{head}{check}")
    };
    let mut texts: Vec<String> = (0..40)
        .map(|n| {
            format!(
                "申请人钱{}，电话139{:08}。",
                ["一", "乙"][n % 2],
                11_223_344 + 7_654_321 * (n % 9)
            )
        })
        .collect();
    texts.extend(
        people.map(|(name, serial, phone)| format!("申请人{name}，身份证号{}，联系电话{phone}。", number(serial))),
    );
    // What is no full number is asked for as letters.
    let phones = people.iter().map(|(_, _, phone)| (*phone).to_owned());
    let phones = phones.filter(|phone| asked_number(phone).is_some());
    let queries = phones.chain(people.iter().map(|(name, ..)| (*name).to_owned()));
    let queries: Vec<String> = queries
        .chain(people.iter().map(|(_, serial, _)| number(*serial)))
        .collect();
    let (_folder, sealed) = written(&texts, &keeping());
    let (_folder, clear) = written(&texts, analyser());
    for query in &queries {
        let found = |searcher: &Searcher| keys(searcher, query, PersonNumbers::Searched);
        assert_eq!(found(&sealed), found(&clear), "{query}");
    }
}

/// A part of a number finds nothing, not even beside words that stand in few cases, nor does a number in a phrase.
#[test]
fn a_part_beside_a_name_finds_nothing_more() {
    let texts = [
        format!("申请人韦龘，身份证号{NUMBER}，住东街。"),
        "申请人韦龘。".to_owned(),
    ];
    let (_folder, searcher) = written(&texts, &keeping());
    for part in ["19900101", "140224", "0011232", "14022419900101123"] {
        for right in [PersonNumbers::Searched, PersonNumbers::Refused] {
            assert_eq!(
                keys(&searcher, &format!("韦龘 {part}"), right),
                Vec::<u64>::new(),
                "{part}"
            );
            assert_eq!(
                keys(&searcher, &format!("身份证号{part}"), right),
                Vec::<u64>::new(),
                "{part}"
            );
        }
    }
}

/// With the key the letters are what they would be in clear; without it, what is left of them.
#[test]
fn letters_come_back_with_the_key() {
    let (_folder, sealed) = written(&texts(), &keeping());
    let (_folder, clear) = written(&texts(), analyser());
    let (with, without) = (sealed.index().snapshot().unwrap(), clear.index().snapshot().unwrap());
    for doc in 0..4 {
        let address = DocAddress::new(0, doc);
        for section in [Section::Page, Section::Title] {
            let expected = without.letters(address, &[section], Numbers::Opened).unwrap();
            let found = with.letters(address, &[section], Numbers::Opened).unwrap();
            assert_eq!(found[0].units, expected[0].units);
            let hidden = &with.letters(address, &[section], Numbers::Hidden).unwrap()[0];
            assert_eq!(hidden.units.len(), expected[0].units.len());
            let digits = String::from_utf16_lossy(&hidden.units).replace("20550718", "");
            assert!(!digits.chars().any(|c| c.is_ascii_digit()), "{digits}");
        }
        let pages = with.letters_of_pages(address, Numbers::Opened).unwrap();
        assert_eq!(pages.len(), 1);
    }
    // In the second the region was misread.
    let part: Vec<u16> = "1402".encode_utf16().collect();
    assert!((with.cases_with_part(&part) - 3.0).abs() < 0.01);
    assert!(without.cases_with_part(&part) <= 0.0);
}

/// Neither in the terms of any field nor among the letters that are stored.
#[test]
fn nothing_of_a_number_stands_in_the_index() {
    let (_folder, searcher) = written(&texts(), &keeping());
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
            let address = DocAddress::new(ordinal, doc);
            for letters in snapshot.letters(address, &Section::ALL, Numbers::Hidden).unwrap() {
                let text = String::from_utf16_lossy(&letters.units).replace("20550718", "");
                assert!(digits(&text) < 4, "{text}");
            }
            let sealed = stored.get_first(snapshot.fields.taken_numbers);
            let sealed = sealed.and_then(|value| value.as_bytes()).unwrap();
            assert!(!sealed.iter().any(u8::is_ascii_digit), "{sealed:?}");
        }
    }
    assert!(terms > 20);
}
