//! Others whom running text names without a label: beside their own number or sex, or as what they are to the applicant.
//!
//! What is found is a name at one place; the caller hides it wherever it stands in the case.

use super::super::{Numbers, find};
use super::{LABELS, is_han, is_name, starts_with};
use crate::record::may_be_surname;

/// What a person is to another, besides [`LABELS`]; the name follows.
const RELATIONS: [&str; 22] = [
    "委托",
    "邻居",
    "配偶",
    "妻子",
    "丈夫",
    "父亲",
    "母亲",
    "儿子",
    "女儿",
    "哥哥",
    "弟弟",
    "姐姐",
    "妹妹",
    "岳父",
    "岳母",
    "房东",
    "房主",
    "业主",
    "户主",
    "亲属",
    "同住人",
    "当事人",
];
/// What follows the name of a person whose details are told.
const DETAILS: [&str; 10] = [
    "男，",
    "女，",
    "男、",
    "女、",
    "男汉族",
    "女汉族",
    "身份证",
    "居民身份证",
    "公民身份",
    "证件号",
];
/// Signs between a name and such details.
const BETWEEN: [char; 5] = ['，', ',', '、', '（', '('];
/// Words of one character that follow a name in a sentence.
const AFTER: &str = "到在于向为的系称说表示提出席参加签办代对就所处持有与和及以按因将经同未已不共均等自从是";
/// Surnames that are words of sentences far more often: a name that begins with one must end where the sentence stops.
const ALSO_WORDS: &str = "于时和应向从全查代由都能经权通任方成安高常万平文明何须后相简空温";
/// Surnames of two characters.
const COMPOUND: [&str; 10] = [
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒",
];

/// Names of persons in a text without blanks. `is_word` says which letters are an ordinary word: what is one is no name here.
pub(super) fn names(text: &[char], is_word: &dyn Fn(&str) -> bool) -> Vec<Vec<char>> {
    let mut found = Vec::new();
    for at in 0..text.len() {
        let rest = &text[at..];
        let relation = LABELS.iter().chain(&RELATIONS).filter(|word| starts_with(rest, word));
        if let Some(length) = relation.map(|word| word.chars().count()).max() {
            found.extend(name_from(&rest[length..], is_word));
        }
        if DETAILS.iter().any(|detail| starts_with(rest, detail)) {
            found.extend(names_before(text, at));
        }
    }
    for number in find::numbers(text, Numbers::Joined) {
        if let (Some(_), Some(first)) = (number.form(), number.places.first()) {
            found.extend(names_before(text, *first));
        }
    }
    found
}

/// The name with which a text begins, when it is one.
fn name_from(text: &[char], is_word: &dyn Fn(&str) -> bool) -> Option<Vec<char>> {
    let surname = surname_of(text)?;
    // A given name has one character or two; the longer reading first, as most names have three.
    for length in [surname + 2, surname + 1] {
        let Some(name) = text.get(..length).filter(|name| is_name(name)) else {
            continue;
        };
        let next = text.get(length);
        let ends = next.is_none_or(|c| !is_han(*c));
        let goes_on = next.is_some_and(|c| AFTER.contains(*c)) && !ALSO_WORDS.contains(name[0]);
        let word = |part: &[char]| is_word(&part.iter().collect::<String>());
        // 委托程序…, 第三人许可…: the first two letters of what is no name are a word.
        let ordinary = word(name) || (!ends && word(&name[..2]));
        if (ends || goes_on) && !ordinary {
            return Some(name.to_vec());
        }
    }
    None
}

/// The names that may end before details of a person: of 和李四 both that and 李四, for nobody knows where it begins.
fn names_before(text: &[char], at: usize) -> impl Iterator<Item = Vec<char>> {
    let end = at - text[..at].iter().rev().take_while(|c| BETWEEN.contains(c)).count();
    [2, 3, 4].into_iter().filter_map(move |length| {
        let name = text.get(end.checked_sub(length)?..end)?;
        let surname = surname_of(name)?;
        (is_name(name) && surname < length && length <= surname + 2).then(|| name.to_vec())
    })
}

/// Characters of the surname with which a text begins.
fn surname_of(text: &[char]) -> Option<usize> {
    if COMPOUND.iter().any(|surname| starts_with(text, surname)) {
        return Some(2);
    }
    text.first().filter(|c| may_be_surname(**c)).map(|_| 1)
}
