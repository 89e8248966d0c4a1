use proptest::prelude::*;

use super::*;
use crate::record::{ArchivalCode, CaseFields, PageRecord};

fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn days(from: &str, to: &str) -> ExcludedTime {
    ExcludedTime::Days {
        from: date(from),
        to: date(to),
    }
}

fn times_of(documents: &[(DocumentKind, &str, &str)]) -> SpecialTimes {
    let documents = documents.iter().zip(1..);
    let documents = documents.map(|((kind, title, text), ordinal)| DocumentRecord {
        ordinal,
        title: (*title).to_owned(),
        kind: *kind,
        source_name: String::new(),
        file_sha256: None,
        part: None,
        failure: None,
        pages: vec![PageRecord::imported(1, text)],
    });
    special_times(&CaseRecord {
        archival_code: ArchivalCode::parse("甲-乙").unwrap(),
        fields: CaseFields::default(),
        facts: Vec::new(),
        documents: documents.collect(),
    })
}

#[test]
fn notices_of_an_extension_are_known_by_their_titles() {
    use DocumentKind::{Application, Licence, Other, Review};
    for (kind, title, text, extended) in [
        (Other, "延长行政许可决定期限通知书", "", true),
        (Other, "延长审查期限告知书", "", true),
        (
            Review,
            "扫描件3",
            "灵丘县行政审批局\n延 期 办 理 通 知 书\n因案情复杂，经本机关负责人批准",
            true,
        ),
        (
            Other,
            "行政许可决定书",
            "根据《行政许可法》，可以延长十日，并应当将延长期限的理由告知申请人，本机关依法告知如下事项",
            false,
        ),
        (
            Other,
            "行政许可决定书",
            "灵丘县行政审批局\n经本机关负责人批准可以延长十日\n将延长期限的理由告知申请人",
            false,
        ),
        (Other, "延期办理", "", true),
        (Application, "延长期限申请书", "", false),
        (Other, "延长有效期审批表", "", false),
        (Licence, "延期办理", "", false),
        (Other, "施工许可证延期审批表", "", false),
        (Other, "受理通知书", "自受理之日起20个工作日内作出决定", false),
    ] {
        assert_eq!(times_of(&[(kind, title, text)]).extended, extended, "{title} {text}");
    }
}

#[test]
fn times_that_do_not_count_are_those_whose_days_are_told() {
    use DocumentKind::{AcceptanceNotice, Hearing, Inspection, Other};
    let special = "特别程序告知书\n本事项须组织专家评审，自2019年5月6日起至2019年5月20日止，不计入办理期限。";
    let range = days("2019-05-06", "2019-05-20");
    for (documents, expected) in [
        (&[(Other, "特别程序告知书", special)][..], vec![range]),
        (
            &[(
                Other,
                "告知书",
                "检验检测所需时间（二〇一九年五月六日—二〇一九年五月二十日）不计算在许可期限内",
            )],
            vec![range],
        ),
        // What every acceptance notice says, and days of which nothing is said.
        (
            &[(
                AcceptanceNotice,
                "受理通知书",
                "依法需要听证、检验、检测的，所需时间不计算在规定的期限内。",
            )],
            vec![],
        ),
        (&[(Other, "营业执照", "营业期限自2019年5月6日至2039年5月5日")], vec![]),
        (
            &[(Inspection, "检测报告", "检测日期：2019年5月6日至2019年5月20日")],
            vec![],
        ),
        // A hearing whose days are not told; with days, they count.
        (
            &[(Hearing, "听证笔录", "听证于2019年5月6日举行")],
            vec![ExcludedTime::OfUnknownLength],
        ),
        (
            &[(
                Hearing,
                "听证通知书",
                "听证期间自2019年5月6日至2019年5月20日，不计入审批期限",
            )],
            vec![range],
        ),
        (
            &[
                (Other, "特殊环节告知书", "需要组织鉴定"),
                (Other, "特殊环节结束告知书", special),
            ],
            vec![range],
        ),
        (
            &[(Other, "特殊环节告知书", "需要组织鉴定")],
            vec![ExcludedTime::OfUnknownLength],
        ),
        (
            &[(Hearing, "听证笔录", "听证记录"), (Other, "特别程序告知书", special)],
            {
                let mut both = vec![ExcludedTime::OfUnknownLength, range];
                both.sort_unstable();
                both
            },
        ),
        // The second day before the first is a misreading.
        (&[(Other, "告知书", "自2019年5月20日至2019年5月6日不计入期限")], vec![]),
    ] {
        assert_eq!(times_of(documents).excluded, expected, "{documents:?}");
    }
}

#[test]
fn times_are_numbers_in_the_index() {
    for time in [days("2019-05-06", "2019-05-20"), ExcludedTime::OfUnknownLength] {
        assert_eq!(ExcludedTime::of_number(time.as_number()), time);
    }
    assert_eq!(days("2019-05-06", "2019-05-20").as_number(), 2019_0506_2019_0520);
    assert_eq!(ExcludedTime::of_number(u64::MAX), ExcludedTime::OfUnknownLength);
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "[不计入自至年月日0-9二〇 \\n延长期限]{0,80}") {
        let times = times_of(&[(DocumentKind::Other, &text, &text)]);
        for time in times.excluded {
            prop_assert_eq!(ExcludedTime::of_number(time.as_number()), time);
        }
    }
}
