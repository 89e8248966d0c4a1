use proptest::prelude::*;

use super::*;
use crate::record::{Evidence, FactSource, FormField, TextLine};

const NUMBER: &str = "140224199001011237";
const OTHER: &str = "140224198806074321";

fn own() -> Own {
    Own {
        names: vec!["王小明".into()],
        numbers: vec![NUMBER.into(), "140224900101123".into()],
        organisation: false,
        papers: Vec::new(),
    }
}

fn fact(field: FieldName, value: &str) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: None,
        source: FactSource::Extraction,
        origin: "test".into(),
        evidence: None,
    }
}

/// A dictionary of a few words.
fn is_word(letters: &str) -> bool {
    ["程序", "许可", "高明区", "高明", "安全", "方式", "林业局", "管理"].contains(&letters)
}

fn page(text: &str) -> PageText {
    PageText::without_geometry(text)
}

fn shown(own: &Own, facts: &[Fact], text: &str) -> String {
    let page = page(text);
    let others = ThirdParties::of(own, facts, &[&page], &is_word);
    others.data.mask_page(page).text.text()
}

#[test]
fn the_own_is_shown_and_what_is_of_others_is_not() {
    let facts = [
        fact(FieldName::ApplicantName, "王小明"),
        fact(FieldName::ApplicantIdNumber, NUMBER),
        fact(FieldName::Phone, "13800138000"),
        fact(FieldName::Address, "灵丘县武灵镇新华街8号"),
        fact(FieldName::PersonIdNumber, OTHER),
    ];
    for (text, expected) in [
        (
            "申请人王小明，身份证号140224199001011237。",
            "申请人王小明，身份证号140224199001011237。",
        ),
        ("身份证 140224 19900101 1237", "身份证 140224 19900101 1237"),
        ("原身份证号140224900101123", "原身份证号140224900101123"),
        (
            "住灵丘县武灵镇新华街8号，电话13800138000",
            "住灵丘县武灵镇新华街8号，电话13800138000",
        ),
        (
            "另一人140224198806074321，13912345678",
            "另一人******************，139****5678",
        ),
        ("联系人（签字）：李小四", "联系人（签字）：***"),
        ("联系人李小四\n随后李小四到场", "联系人***\n随后***到场"),
        ("联系人姓名：王小明", "联系人姓名：王小明"),
        ("利害关系人：\n李小四", "利害关系人：\n***"),
        ("代理人：阿依古丽·买买提", "代理人：********"),
        ("联系人\n联系电话", "联系人\n联系电话"),
        // In running text the words are no labels.
        ("申请人、利害关系人有权要求听证", "申请人、利害关系人有权要求听证"),
        (
            "委托代理人（签字）：\n2019年3月5日",
            "委托代理人（签字）：\n2019年3月5日",
        ),
    ] {
        assert_eq!(shown(&own(), &facts, text), expected, "{text}");
    }
    let line = shown(&own(), &facts, "委托代理人：李小四 电话：13712345678");
    assert!(line.starts_with("委托代理人：*** ") && !line.contains("5678"), "{line}");
}

#[test]
fn the_own_name_misread_is_the_own() {
    let own = Own {
        names: vec!["灵丘县嘉禾餐饮有限公司".into()],
        organisation: true,
        ..own()
    };
    let facts = |name: &str| [fact(FieldName::ApplicantName, name)];
    let misread = "灵丘县嘉木餐饮有限公同";
    assert_eq!(shown(&own, &facts(misread), misread), misread);
    let other = "广灵县春晖百货商店公司";
    assert_eq!(shown(&own, &facts(other), other), "***********");
}

#[test]
fn the_card_of_another_shows_nothing_of_them() {
    let card =
        |name: &str, number: &str| format!("姓名{name}\n性别男\n住址山西省灵丘县新华街8号\n公民身份号码{number}");
    let other = shown(&own(), &[], &card("李小四", OTHER));
    assert!(
        !other.contains("李小四") && !other.contains("新华街") && !other.contains("198806"),
        "{other}"
    );
    assert_eq!(shown(&own(), &[], &card("王小明", NUMBER)), card("王小明", NUMBER));
}

#[test]
fn of_several_telephones_none_is_the_own() {
    let facts = [
        fact(FieldName::Phone, "13800138000"),
        fact(FieldName::Phone, "0352-8517191"),
    ];
    assert_eq!(
        shown(&own(), &facts, "电话13800138000、0352-8517191"),
        "电话***********、************"
    );
    let one = [fact(FieldName::Phone, "13800138000")];
    assert!(!shown(&own(), &one, "代理人：李小四 13800138000\n电话13800138000").contains("13800138000"));
}

#[test]
fn the_own_telephone_is_the_one_that_the_applicant_wrote() {
    let on = |value: &str, file: &str| Fact {
        evidence: Some(Evidence {
            file_sha256: file.into(),
            page: 2,
            area: None,
            confidence: 0.9,
        }),
        ..fact(FieldName::Phone, value)
    };
    let facts = [on("13800138000", "a"), on("0352-8517191", "b")];
    let text = "电话13800138000，查询电话0352-8517191";
    for (pages, expected) in [
        (1..3, "电话13800138000，查询电话************"),
        (1..2, "电话***********，查询电话************"),
    ] {
        let own = Own {
            papers: vec![("a".into(), pages)],
            ..own()
        };
        assert_eq!(shown(&own, &facts, text), expected);
    }
}

#[test]
fn a_representative_is_the_own_of_an_organisation_only() {
    let facts = [fact(FieldName::LegalRepresentative, "李小四")];
    assert_eq!(shown(&own(), &facts, "法定代表人李小四"), "法定代表人***");
    let organisation = Own {
        names: vec!["灵丘县嘉禾餐饮有限公司".into()],
        organisation: true,
        ..own()
    };
    assert_eq!(shown(&organisation, &facts, "法定代表人李小四"), "法定代表人李小四");
}

#[test]
fn a_longer_name_of_another_is_not_shown_for_the_own_in_it() {
    let own = Own {
        names: vec!["李明".into()],
        ..own()
    };
    assert_eq!(
        shown(&own, &[], "申请人李明\n见证人：王李明华"),
        "申请人李明\n见证人：****"
    );
    assert_eq!(shown(&own, &[], "联系人：李明华"), "联系人：***");
    assert_eq!(shown(&own, &[], "联系人：李明联系电话：1"), "联系人：李明联系电话：1");
    let own = Own {
        names: vec!["王小明华".into()],
        ..own
    };
    assert_eq!(shown(&own, &[], "见证人：小明\n王小明华"), "见证人：**\n王小明华");
}

#[test]
fn fields_of_forms_are_read_by_their_label() {
    let line = |text: &str| TextLine {
        text: text.into(),
        ..TextLine::default()
    };
    let page = PageText {
        lines: vec![line("代理人"), line("说明"), line("李小四男"), line("代理人的事另说")],
        form: vec![FormField {
            label: vec![0],
            value: vec![2],
        }],
        ..PageText::default()
    };
    let others = ThirdParties::of(&own(), &[], &[&page], &is_word);
    assert_eq!(
        others.data.mask_page(page).text.text(),
        "代理人\n说明\n****\n代理人的事另说"
    );
}

#[test]
fn names_in_running_text_are_found_without_a_label() {
    for (text, expected) in [
        // Beside their own details, and then wherever they stand.
        (
            "经查，李小四，男，汉族，住本村。李小四称不知情",
            "经查，***，男，汉族，住本村。***称不知情",
        ),
        (
            "与李小四（身份证号另附）共同经营，李小四出资",
            "与***（身份证号另附）共同经营，***出资",
        ),
        ("申请人王小明，男，汉族", "申请人王小明，男，汉族"),
        ("和李四，女，一同到场\n李四签字", "***，女，一同到场\n**签字"),
        // As what they are to the applicant.
        ("委托李小四办理有关事宜，李小四到场", "委托***办理有关事宜，***到场"),
        (
            "其邻居赵大山、钱二河未提出异议，赵大山已签字",
            "其邻居***、钱二河未提出异议，***已签字",
        ),
        ("委托欧阳小四代为办理", "委托****代为办理"),
        ("委托王小明办理", "委托王小明办理"),
        // The same words without a name.
        ("委托程序，按规定办理", "委托程序，按规定办理"),
        ("第三人许可的，应当告知", "第三人许可的，应当告知"),
        ("利害关系人应当在五日内提出", "利害关系人应当在五日内提出"),
        ("联系人方式，另行告知", "联系人方式，另行告知"),
        ("性别男，年龄三十", "性别男，年龄三十"),
        ("委托安全管理机构评估", "委托安全管理机构评估"),
    ] {
        assert_eq!(shown(&own(), &[], text), expected, "{text}");
    }
    let told = shown(&own(), &[], &format!("由李小四{OTHER}负责\n李小四在场"));
    assert!(!told.contains("李小四"), "{told}");
    // A sentence goes on in the next line.
    assert_eq!(
        shown(&own(), &[], "委托李小\n四办理，李小四到场"),
        "委托李小\n四办理，***到场"
    );
}

#[test]
fn a_name_of_two_letters_hides_no_part_of_a_word() {
    assert_eq!(
        shown(&own(), &[], "联系人：高明\n高明区林业局，经高明同意"),
        "联系人：**\n高明区林业局，经**同意"
    );
    assert_eq!(
        shown(&own(), &[], "联系人：林业\n高明区林业局"),
        "联系人：**\n高明区林业局"
    );
}

proptest! {
    /// Nothing that stands behind the label of another is left, whatever it is.
    #[test]
    fn what_a_label_names_is_hidden(
        label in prop::sample::select(&LABELS[..]),
        name in "[赵钱孙李周吴郑陈][一二三四五六七八九]{1,2}",
        number in "1[3-9][0-9]{9}",
        before in "[，。的了]{0,3}",
    ) {
        let text = format!("{before}{label}：{name}，{number}\n据{name}所述，电话{number}");
        let told = shown(&own(), &[], &text);
        prop_assert!(!told.contains(&name) && !told.contains(&number), "{}", told);
    }

    #[test]
    fn any_text_is_survived(text: String) {
        let told = shown(&own(), &[], &text);
        prop_assert_eq!(told.chars().count(), page(&text).text().chars().count());
    }
}
