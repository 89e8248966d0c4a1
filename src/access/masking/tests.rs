use proptest::prelude::*;

use super::*;
use crate::record::{ADDRESS_OF_PREMISES, Alternative, FactSource, PageText, PixelBox, TextLine, TextWord};

fn fact(field: FieldName, value: &str, as_read: Option<&str>) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: as_read.map(Into::into),
        source: FactSource::Extraction,
        origin: "test".into(),
        evidence: None,
    }
}

#[test]
fn numbers_of_persons_show_their_ends_only() {
    for (number, shown) in [
        ("140224199001011234", "1402**********1234"),
        ("14022419900101123O", "1402**********123O"),
        ("140224900101123", "1402*******1123"),
        ("12345678", "1******8"),
        ("123", "***"),
        ("", ""),
    ] {
        assert_eq!(mask_number(number), shown);
    }
}

#[test]
fn telephones_show_their_ends_and_addresses_their_county() {
    assert_eq!(
        mask_address("山西省大同市灵丘县上寨镇迎宾路217号"),
        "山西省大同市灵丘县**********"
    );
    assert_eq!(mask_address("迎宾路217号"), "迎宾*****");
    assert_eq!(mask_address(""), "");
    assert_eq!(mask_phone("13800001234"), "138****1234");
    assert_eq!(mask_phone("8517191"), "*****91");
}

#[test]
fn a_valid_credit_code_is_public() {
    let head = "91140224MAY452L25";
    let valid: Vec<String> = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|check| format!("{head}{check}"))
        .filter(|code| mask_number(code) == *code)
        .collect();
    assert_eq!(valid.len(), 1, "of all check characters one is right: {valid:?}");
    let text = format!("统一社会信用代码：{}", valid[0]);
    assert_eq!(PersonalData::default().masked(&text), text);
}

#[test]
fn numbers_in_running_text_are_masked_and_nothing_else() {
    let masked = |text: &str| PersonalData::default().masked(text);
    for (text, shown) in [
        ("身份证号140224199001011234，", "身份证号1402**********1234，"),
        ("14022419900101123x", "1402**********123x"),
        ("１４０２２４１９９００１０１１２３４", "１４０２**********１２３４"),
        ("140224 19900101 1234", "1402** ******** 1234"),
        ("电话：13800001234 邮编034400", "电话：138****1234 邮编034400"),
        ("138-0000-1234", "138-****-1234"),
        ("138 0000 1234", "138 **** 1234"),
        ("老证140224900101123号", "老证1402*******1123号"),
        ("2019-05-07 13800001234", "2019-05-07 138****1234"),
        // None of a person: too long, too short, no birth date, dates and document numbers.
        ("1402241990010112345", "1402241990010112345"),
        ("12800001234", "12800001234"),
        ("140224199013011234", "140224199013011234"),
        ("0123-XK·2019-D30-SCJG-0042", "0123-XK·2019-D30-SCJG-0042"),
        ("2019-05-07 2024-05-06", "2019-05-07 2024-05-06"),
        ("0352-8517191", "0352-8517191"),
        ("1302-2019-001", "1302-2019-001"),
        ("13022319900101-123-4", "13022319900101-123-4"),
        ("受理编号14022400123", "受理编号14022400123"),
    ] {
        assert_eq!(masked(text), shown);
    }
}

#[test]
fn what_the_facts_know_is_found_as_it_was_read() {
    let personal = PersonalData::of(&[
        fact(
            FieldName::ApplicantIdNumber,
            "140224199001011234",
            Some("l40224199001011234"),
        ),
        fact(FieldName::Address, "灵丘县武灵镇迎宾路217号", None),
        fact(FieldName::Phone, "0352-8517191", None),
        fact(FieldName::Phone, "123", None),
        fact(FieldName::Title, "迎宾路217号的许可", None),
        fact(FieldName::AcceptanceNumber, "13022320191", None),
    ]);
    for (text, shown) in [
        ("号码 l40224 199001011234", "号码 l402** ********1234"),
        (
            "住灵丘县武灵镇 迎宾路217号，电话0352-8517191",
            "住灵丘县*** *******，电话035*****7191",
        ),
        ("123", "123"),
        (
            "受理编号13022320191，电话13022320192",
            "受理编号13022320191，电话130****0192",
        ),
    ] {
        assert_eq!(personal.masked(text), shown);
    }
}

#[test]
fn the_seat_of_an_organisation_is_public_and_the_home_of_a_person_is_not() {
    const CODE: &str = "91140224MA0GXXXX0X";
    let (seat, home) = ("灵丘县武灵镇迎宾路217号", "灵丘县上寨镇新华街8号");
    let at = |value: &str, origin: &str| Fact {
        origin: origin.into(),
        ..fact(FieldName::Address, value, None)
    };
    let catalogue = |value: &str| Fact {
        source: FactSource::Catalogue,
        ..fact(FieldName::Address, value, None)
    };
    let kind = |kind: &str| fact(FieldName::ApplicantKind, kind, None);
    let text = format!("住所{seat}，住址{home}");
    let masked = |facts: &[Fact]| PersonalData::of(facts).masked(&text);
    let seat_shown = format!("住所{seat}，住址{}", mask_address(home));
    let none_shown = format!("住所{}，住址{}", mask_address(seat), mask_address(home));
    let (premises, other) = (at(seat, ADDRESS_OF_PREMISES), at(home, "address.label"));
    for (who, expected) in [
        (kind("legal_person"), &seat_shown),
        (kind("organisation"), &seat_shown),
        (kind("person"), &none_shown),
        (
            fact(FieldName::ApplicantIdNumber, "140224199001011234", None),
            &none_shown,
        ),
        (fact(FieldName::ApplicantIdNumber, CODE, None), &none_shown),
    ] {
        let facts = [who.clone(), premises.clone(), other.clone()];
        assert_eq!(masked(&facts), *expected, "{}", who.value);
    }
    // What the catalogue gives as the address of an organisation is one; what is also somebody's home is not.
    let facts = [kind("legal_person"), catalogue(seat), other.clone()];
    assert_eq!(masked(&facts), seat_shown);
    let facts = [
        kind("legal_person"),
        premises.clone(),
        at(seat, "address.label"),
        other.clone(),
    ];
    assert_eq!(masked(&facts), none_shown);
    // One fact that says it is a person is enough.
    let facts = [kind("legal_person"), kind("person"), premises.clone(), other];
    assert_eq!(masked(&facts), none_shown);
    let personal = PersonalData::of(&[kind("legal_person"), premises]);
    assert_eq!(personal.value(FieldName::Address, seat), seat);
    assert_eq!(personal.value(FieldName::Address, home), mask_address(home));
}

#[test]
fn words_boxes_and_other_readings_follow_the_line() {
    let word = |text: &str, x0, x1| TextWord {
        text: text.into(),
        area: PixelBox::from([x0, 0, x1, 10]),
        confidence: 1.0,
    };
    let other = |at| Alternative {
        at,
        text: "7".into(),
        confidence: 0.1,
    };
    let line = TextLine {
        text: "电话 13800001234".into(),
        area: PixelBox::from([0, 0, 150, 10]),
        confidence: 1.0,
        words: vec![word("电", 0, 10), word("话", 10, 20), word("13800001234", 40, 150)],
        alternatives: vec![other(3), other(8)],
        ..TextLine::default()
    };
    let page = PageText {
        lines: vec![line.clone()],
        ..PageText::default()
    };
    let masked = PersonalData::default().mask_page(page);
    let found = &masked.text.lines[0];
    assert_eq!(found.text, "电话 138****1234");
    assert_eq!(found.words[2].text, "138****1234");
    assert_eq!(found.alternatives, [other(3)]);
    assert_eq!(masked.areas, [PixelBox::from([70, 0, 110, 10])]);
    let strange = TextLine {
        words: vec![word("x", 0, 10)],
        ..line
    };
    let page = PageText {
        lines: vec![strange],
        ..PageText::default()
    };
    let masked = PersonalData::default().mask_page(page);
    assert!(masked.text.lines[0].words.is_empty());
}

proptest! {
    #[test]
    fn a_mask_never_moves_a_character(text in r"[0-9xX \-身份证号１２县\n]{0,60}") {
        let personal = PersonalData::of(&[fact(FieldName::Phone, "1234567", None)]);
        let masked = personal.masked(&text);
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        for (a, b) in text.chars().zip(masked.chars()) {
            prop_assert!(a == b || b == MASK);
        }
        prop_assert!(personal.masked(&masked).chars().count() == masked.chars().count());
    }

    #[test]
    fn every_identity_number_is_masked_wherever_it_stands(
        region in 110_000_u32..830_000, year in 1900_u32..2030, month in 1_u32..=12, day in 1_u32..=28, serial in 0_u32..1000,
        before in "[身份证号：，]{0,6}", after in "[，。系]{0,4}",
    ) {
        let head = format!("{region}{year}{month:02}{day:02}{serial:03}");
        let check = crate::record::IdNumber::check_character(&head).unwrap();
        let number = format!("{head}{check}");
        let masked = PersonalData::default().masked(&format!("{before}{number}{after}"));
        prop_assert!(!masked.contains(number.get(4..14).unwrap()));
    }
}
