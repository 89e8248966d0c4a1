//! Strings and their misreadings, decided on small collections.

use super::*;
use crate::index::Letters;
use crate::index::testing::analyser;
use crate::record::IdNumber;
use crate::search::tolerance::align::Pattern;
use crate::search::tolerance::most_changes;

/// A collection in which each text is a case; frequencies are counted in it.
struct Collection {
    texts: Vec<String>,
    /// Cases that hold nothing of interest.
    others: f32,
}

impl Frequencies for &Collection {
    fn of(&mut self, letters: &[u16]) -> f32 {
        let sought = String::from_utf16_lossy(letters);
        let count = self.texts.iter().filter(|text| text.contains(&sought)).count();
        f32::from(u16::try_from(count).unwrap())
    }
}

/// For each text whether it is believed to hold the term, but for those that hold it as typed.
fn believed(term: &str, texts: &[&str]) -> Vec<Option<bool>> {
    let chars: Vec<char> = term.chars().collect();
    let units = |text: &str| text.chars().map(unit).collect::<Vec<u16>>();
    let pattern = Pattern::new(units(term), most_changes(chars.len())).unwrap();
    let collection = Collection {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        others: 20_000.0,
    };
    let misread: Vec<&&str> = texts.iter().filter(|text| !text.contains(term)).collect();
    let (mut places, mut read): (Vec<Vec<Place>>, Vec<_>) = (Vec::new(), Vec::new());
    for text in &misread {
        let letters = Letters {
            units: units(text),
            ..Letters::default()
        };
        let found = pattern.places(&letters);
        read.push(
            found
                .iter()
                .map(|place| letters.units[place.start..place.end].to_vec())
                .collect::<Vec<_>>(),
        );
        places.push(found);
    }
    let exact = f32::from(u16::try_from(texts.len() - misread.len()).unwrap());
    let borrowed: Vec<(&[Place], f32)> = places.iter().map(|places| (places.as_slice(), 1.0)).collect();
    let confusions = &analyser().dictionaries().confusions;
    let judge = Judge::new(
        &chars,
        confusions,
        (exact, collection.others),
        &borrowed,
        &mut &collection,
    );
    let mut decided = places
        .iter()
        .zip(&read)
        .map(|(places, read)| judge.probability(places, read, &mut &collection) >= 0.5);
    texts
        .iter()
        .map(|text| if text.contains(term) { None } else { decided.next() })
        .collect()
}

#[test]
fn a_misreading_is_told_from_another_name() {
    let found = believed(
        "灵丘县丰源餐饮有限公司",
        &[
            "灵丘县丰源餐饮有限公司，灵丘县丰源餐饮有限公司",
            // 炊 stands so nowhere else.
            "申请人灵丘县丰源餐炊有限公司提出",
            // Another company: its name stands here twice.
            "灵丘县丰源商贸有限公司，灵丘县丰源商贸有限公司",
            // Its name with an error of its own.
            "灵丘县丰源商贸有眼公司，法人",
            // Different errors in each copy.
            "灵丘县半源餐饮有限公司，灵丘县丰源餐饮有恨公司",
            // 丘 is taken for 兵, always.
            "灵兵县丰源餐饮有限公司，灵兵县丰源餐饮有限公司",
        ],
    );
    assert_eq!(
        found,
        [None, Some(true), Some(false), Some(false), Some(true), Some(true)]
    );
}

#[test]
fn another_digit_is_another_number() {
    let found = believed(
        "灵食许2019444号",
        &[
            "灵食许2019444号",
            "灵食许2019443号",
            "灵食许20191444号",
            "灵食诈2019444号",
            "灵食许20194o4号",
            "灵食许2019404号，灵食许2019404号",
        ],
    );
    assert_eq!(
        found,
        [None, Some(false), Some(false), Some(true), Some(false), Some(false)]
    );
}

#[test]
fn a_check_digit_proves_an_error() {
    let valid = "110101199003078515";
    assert!(IdNumber::parse(valid).is_some());
    let found = believed(valid, &[valid, "住址110101199003018515号", "住址11010119900307851号"]);
    assert_eq!(found, [None, Some(true), Some(true)]);
    // The number of another person, which is right as it is.
    let other = (0..10_000).map(|n| format!("11010119900307{n:04}")).find(|other| {
        other != valid
            && IdNumber::parse(other).is_some()
            && other.bytes().zip(valid.bytes()).filter(|(a, b)| a != b).count() == 2
    });
    assert_eq!(believed(valid, &[valid, &other.unwrap()]), [None, Some(false)]);
}

#[test]
fn short_names_need_known_confusions() {
    let found = believed("王建未", &["王建未", "王建末", "王建军，王建军", "壬建未"]);
    assert_eq!(found, [None, Some(true), Some(false), Some(true)]);
}

#[test]
fn a_whole_document_number_is_another() {
    let found = believed(
        "灵食许20191444号",
        &[
            "灵食许20191444号",
            "灵食许2019444号",
            "灵食许2019144o号",
            "灵食许2021444号",
        ],
    );
    assert_eq!(found, [None, Some(false), Some(true), Some(false)]);
    let numbers = |term: &str| Numbers::new(&term.chars().collect::<Vec<char>>());
    let units = |text: &str| text.chars().map(unit).collect::<Vec<u16>>();
    for (read, issued) in [
        ("灵食许2019444号", true),
        ("灵食诈20191号", true),
        ("灵食许2019144o号", false),
        ("灵食许20190444号", false),
        ("灵食许0019444号", false),
        ("灵食许2019号", false),
    ] {
        assert_eq!(numbers("灵食许20191444号").is_issued(&units(read)), issued, "{read}");
    }
    assert!(!numbers("灵丘县新建路1444号").is_document());
}

#[test]
fn several_letters_are_errors_all_together() {
    let name = "岢岚县宁乐商贸有限公司";
    let other = "岢岚县云峰商贸有限公司";
    let found = believed(
        name,
        &[
            name,
            other,
            other,
            // A copy of the other company's name, of which the letters that tell are damaged.
            &format!("申请人{other}，{other}，岢岚县傛惋商贸有限公司"),
            // The same without the other company: a bold reading.
            "岢岚县宁忨商贸有限公司",
        ],
    );
    assert_eq!(found, [None, Some(false), Some(false), Some(false), Some(true)]);
}

#[test]
fn the_last_letter_may_be_lost() {
    let name = "灵丘县丰源餐饮有限公司";
    let mut texts = vec![name.to_owned(), "单位灵丘县丰源餐饮有限公核查记录".to_owned()];
    texts.extend((0..60).map(|number| format!("第{number}号公司核查记录")));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(believed(name, &texts)[1], Some(true));
}

#[test]
fn a_phone_is_no_part_of_a_longer_number() {
    let found = believed("13834567890", &["13834567890", "号140113834567890123", "号138345b7890"]);
    assert_eq!(found, [None, None, Some(true)]);
    let found = believed("13834567890", &["13834567890", "号14011383456789123"]);
    assert_eq!(found, [None, Some(false)]);
}
