use proptest::prelude::*;

use super::*;
use crate::record::CreditCode;

const NUMBER: &str = "140224199001011232";
const PHONE: &str = "13834567890";

/// What is left of a text, and whether its numbers are found by a full number: as it is, or misread.
fn look(text: &str, asked: &str) -> (String, bool, bool) {
    let found = person_numbers(text);
    let mut left: Vec<char> = text.chars().collect();
    for at in found.iter().flat_map(|number| &number.places) {
        left[*at] = '*';
    }
    let kept: BTreeSet<&Pattern> = found.iter().flat_map(|number| &number.patterns).collect();
    let asked = asked_number(asked).unwrap();
    let misread = asked.misread.iter().any(|pattern| kept.contains(pattern));
    (left.into_iter().collect(), kept.contains(&asked.exact), misread)
}

#[test]
fn a_right_number_is_kept_as_one_pattern() {
    assert!(IdNumber::parse(NUMBER).is_some());
    let found = person_numbers(&format!("身份证号码：{NUMBER}。"));
    assert_eq!(found[0].patterns, BTreeSet::from([format!("i{NUMBER}")]));
    assert_eq!(found[0].places, (6..24).collect::<Vec<_>>());
}

#[test]
fn misread_copies_are_taken_out_and_found() {
    for text in [
        // One, two and three wrong digits.
        "号码140224199001011292系",
        "号码148224199001011292系",
        "号码148224199007011292系",
        // Letters that look alike; letters that are no digits.
        "号码l4O224199001011232系",
        "号码14022419900101一232系",
        "号码1402241上900一011了32系",
        // A lost digit, a stray one, a stray letter, a stray sign.
        "号码14022419900101232系",
        "号码1402241990010112332系",
        "号码140224199水001011232系",
        "号码140224|199001011292系",
        // In groups, the last character misread.
        "号码140224 19900101 1230系",
    ] {
        let (left, exact, misread) = look(text, NUMBER);
        assert!(!exact && misread, "{text}");
        assert!(!left.chars().any(|c| c.is_ascii_alphanumeric()), "{text}: {left}");
        assert!(left.starts_with("号码*") && left.ends_with('系'), "{left}");
    }
    for (text, exact) in [
        ("电话13834567890，", true),
        ("电话13834567891，", false),
        ("电话138345b7890，", false),
        ("电话1383456上890，", false),
        ("电话13834一567890，", false),
    ] {
        let (left, found, misread) = look(text, PHONE);
        assert_eq!((found, misread), (exact, true), "{text}");
        assert!(!left.chars().any(|c| c.is_ascii_alphanumeric()), "{text}: {left}");
    }
}

/// One identity number in 31 passes the check of credit codes, too.
#[test]
fn an_identity_number_that_passes_for_a_credit_code_is_one() {
    let number = "371327195507016989";
    assert!(IdNumber::parse(number).is_some() && CreditCode::parse(number).is_some());
    let (left, exact, _) = look(&format!("号码{number}系"), number);
    assert!(exact && !left.contains(|c: char| c.is_ascii_digit()), "{left}");
    let (left, exact, misread) = look("号码3715271955o7016989系", number);
    assert!(
        !exact && misread && !left.contains(|c: char| c.is_ascii_digit()),
        "{left}"
    );
}

#[test]
fn other_numbers_stay_and_do_not_match() {
    for text in [
        "统一社会信用代码91140224MAY452L25D",
        "编号20190444，灵食许〔2019〕444号",
        "档号0123-XK·2019-D30-SCJG-0042",
        "许可证编号JY11402240012345",
        "2019年3月5日13时20分30秒",
        "电话0352-8517191转12345",
    ] {
        assert_eq!(look(text, NUMBER), (text.to_owned(), false, false));
    }
    // Somebody else, in the same place, born on the same day.
    let (_, exact, misread) = look("号码140224199001015479", NUMBER);
    assert!(!exact && !misread);
}

#[test]
fn a_word_is_a_number_as_a_whole_or_not_at_all() {
    for (word, number) in [
        (NUMBER, Some("i140224199001011232")),
        ("１４０２２４１９９００１０１１２３２", Some("i140224199001011232")),
        ("138-3456-7890", Some("p13834567890")),
        (PHONE, Some("p13834567890")),
        ("1383456789", None),
        ("14022419900101123", None),
        ("1402241990", None),
        ("电话13834567890", None),
        ("许可", None),
        ("", None),
    ] {
        assert_eq!(asked_number(word).map(|asked| asked.exact).as_deref(), number, "{word}");
    }
}

proptest! {
    /// Any three errors that are not all in the last four characters.
    #[test]
    fn three_wrong_digits_are_survived(at in prop::collection::btree_set(0_usize..18, 1..=3), by in 1_u8..10) {
        prop_assume!(at.iter().filter(|at| **at >= 14).count() <= 2);
        let mut slots: Vec<Option<u8>> = NUMBER.bytes().map(Some).collect();
        for at in &at {
            let digit = NUMBER.as_bytes()[*at] - b'0';
            slots[*at] = Some(b'0' + (digit + by) % 10);
        }
        let asked = asked_number(NUMBER).unwrap();
        let kept = of_identity(&slots, &THREE);
        prop_assert!(kept.iter().any(|pattern| asked.misread.contains(pattern)));
    }

    /// Any two errors in a telephone number, also when it looks right.
    #[test]
    fn two_wrong_digits_of_a_telephone_are_survived(at in prop::collection::btree_set(2_usize..11, 1..=2), by in 1_u8..10) {
        let mut digits: Vec<u8> = PHONE.bytes().collect();
        for at in &at {
            digits[*at] = b'0' + (digits[*at] - b'0' + by) % 10;
        }
        let text = format!("电话{}。", String::from_utf8(digits).unwrap());
        let (left, exact, misread) = look(&text, PHONE);
        prop_assert!(!exact && misread && !left.contains(|c: char| c.is_ascii_digit()), "{}", text);
    }

    #[test]
    fn any_text_is_survived(text in r"[0-9xXlO一上 |，\n１]{0,60}") {
        let count = text.chars().count();
        let mut end = 0;
        let mut numbers = person_numbers(&text);
        numbers.sort_by_key(|number| number.span().start);
        for number in numbers {
            prop_assert!(number.span().start >= end, "one in another");
            prop_assert_eq!(number.span().end, number.places.iter().max().unwrap() + 1);
            end = number.span().end;
            prop_assert!(number.places.iter().all(|at| *at < count));
        }
        let _ = asked_number(&text);
    }
}
