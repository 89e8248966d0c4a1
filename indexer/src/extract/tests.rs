use juanzong::record::{CaseFields, Fact, PageText, PixelBox, TextLine, TextSource};
use proptest::prelude::*;

use super::*;

fn page(number: u32, lines: &[&str]) -> PageRecord {
    let lines = lines
        .iter()
        .zip(0..)
        .map(|(text, row)| TextLine {
            text: (*text).to_owned(),
            area: PixelBox::from([
                100,
                100 * row,
                100 + 50 * u32::try_from(text.chars().count()).unwrap(),
                100 * row + 60,
            ]),
            confidence: 0.9,
            ..TextLine::default()
        })
        .collect();
    PageRecord {
        number,
        width: 2480,
        height: 3508,
        dpi: Some(300),
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.9),
        source: TextSource::Ocr,
        engine: "test".into(),
        text: PageText {
            lines,
            ..PageText::default()
        },
        failure: None,
    }
}

fn read(lines: &[&str]) -> (DocumentKind, CaseFields, Vec<Fact>) {
    let pages = [page(1, lines)];
    let document = DocumentPages {
        file_name: "001.jpg",
        file_sha256: "ab",
        pages: &pages,
    };
    let matters = ["食品经营许可", "道路货物运输经营许可", "道路货物运输"];
    let vocabulary = Vocabulary::new(matters.map(str::to_owned).into(), []);
    let extraction = extract(document, &vocabulary);
    let fields = CaseFields::resolve(&extraction.facts);
    (extraction.kind, fields, extraction.facts)
}

#[test]
fn a_decision_gives_its_number_date_agency_and_outcome() {
    let (kind, fields, facts) = read(&[
        "灵丘县市场监督管理局文件",
        "灵食许(2019)444号",
        "行政许可决定书",
        "灵丘县嘉禾餐饮管理有限责任公司：",
        "你单位于2019年4月25日提交食品经营许可申请（受理编号：20190444），经审查，本机关决定准",
        "予你单位取得食品经营许可证。",
        "灵丘县市场监督管理局",
        "2019年5月7日",
    ]);
    assert_eq!(kind, DocumentKind::Decision);
    assert_eq!(fields.document_number.as_deref(), Some("灵食许〔2019〕444号"));
    assert_eq!(fields.acceptance_number.as_deref(), Some("20190444"));
    assert_eq!(fields.agency.as_deref(), Some("灵丘县市场监督管理局"));
    assert_eq!(fields.matter.as_deref(), Some("食品经营许可"));
    assert_eq!(fields.outcome.map(|o| o.code()), Some("granted"));
    assert_eq!(fields.decided_on.map(|d| d.to_string()).as_deref(), Some("2019-05-07"));
    let number = facts.iter().find(|f| f.value.starts_with("灵食许")).unwrap();
    assert_eq!(number.as_read.as_deref(), Some("灵食许(2019)444号"));
    let evidence = number.evidence.as_ref().unwrap();
    assert_eq!(
        (evidence.page, evidence.area),
        (1, Some(PixelBox::from([100, 100, 750, 160])))
    );
}

#[test]
fn a_refusal_that_mentions_the_licence_is_a_refusal() {
    let (kind, fields, _) = read(&[
        "湄潭县市场监督管理局",
        "湄市监不许〔2023〕851号",
        "不予行政许可决定书",
        "你于2023年6月19日向本机关提交道路货物运输经营许可申请，",
        "本机关决定不",
        "予许可。准予范围以外不得经营。",
        "2023年7月9日",
    ]);
    assert_eq!(kind, DocumentKind::Decision);
    assert_eq!(fields.outcome.map(|o| o.code()), Some("refused"));
    assert_eq!(fields.matter.as_deref(), Some("道路货物运输经营许可"));
}

#[test]
fn kinds_are_known_by_their_titles() {
    for (lines, kind) in [
        (
            &["莒南县住房和城乡建设局", "行政许可申请受理通知书"][..],
            DocumentKind::AcceptanceNotice,
        ),
        (
            &["行政许可申请表", "编号：灵行审许〔2022〕311号"],
            DocumentKind::Application,
        ),
        (&["营业执照", "（副  本）"], DocumentKind::Licence),
        (&["食 品 经 营 许 可 证"], DocumentKind::Licence),
        (&["卷内目录", "行政许可申请表"], DocumentKind::Contents),
        (&["送达回证"], DocumentKind::ServiceReceipt),
        (
            &["关于道路货物运输经营许可（缙卫许〔2019〕262号）的审查理由说明"],
            DocumentKind::Review,
        ),
        (&["今天取得了许可证之后开始经营。"], DocumentKind::Other),
        (&[], DocumentKind::Other),
    ] {
        assert_eq!(read(lines).0, kind, "{lines:?}");
    }
}

#[test]
fn a_file_name_helps_when_the_title_is_lost() {
    let pages = [page(1, &["模糊"])];
    let document = DocumentPages {
        file_name: "05-送达回证.tif",
        file_sha256: "ab",
        pages: &pages,
    };
    assert_eq!(
        extract(document, &Vocabulary::default()).kind,
        DocumentKind::ServiceReceipt
    );
}

#[test]
fn labelled_dates_stand_beside_or_below_their_label() {
    let (_, fields, _) = read(&["行政许可申请表", "申请日期：2022.09.02", "有效期至：", "2027年7月1日"]);
    assert_eq!(fields.applied_on.map(|d| d.to_string()).as_deref(), Some("2022-09-02"));
    assert_eq!(fields.valid_until.map(|d| d.to_string()).as_deref(), Some("2027-07-01"));
    let (_, fields, _) = read(&["许可证", "有效期限：自2023年11月14日至2028年11月12日。"]);
    assert_eq!(fields.valid_until.map(|d| d.to_string()).as_deref(), Some("2028-11-12"));
}

#[test]
fn a_contents_list_gives_no_facts() {
    let (_, _, facts) = read(&["卷内目录", "灵食许〔2019〕1号", "受理编号：20190001", "2019年5月7日"]);
    assert_eq!(facts, []);
}

#[test]
fn the_region_of_an_agency_is_the_longest_name_that_only_one_region_has() {
    let region = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    let regions = [
        region("灵丘县", "140224"),
        region("朝阳区", "110105"),
        region("朝阳区", "220104"),
        region("大同", "140200"),
    ];
    let vocabulary = Vocabulary::new(Vec::new(), regions);
    assert_eq!(vocabulary.region_of("灵丘县市场监督管理局").as_deref(), Some("140224"));
    assert_eq!(vocabulary.region_of("朝阳区市场监督管理局"), None);
    assert_eq!(vocabulary.region_of("市场监督管理局"), None);
    assert_eq!(vocabulary.region_of(""), None);
}

proptest! {
    #[test]
    fn any_text_is_survived_and_boxes_lie_on_the_page(lines in prop::collection::vec("[决定书不予许可证〔2019〕号年月日申请日期：局文件 A-z0-9]{0,30}", 0..12)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (_, _, facts) = read(&lines);
        for fact in facts {
            let evidence = fact.evidence.unwrap();
            prop_assert!(evidence.confidence <= 1.0);
            if let Some(area) = evidence.area {
                prop_assert!(area.x0 < area.x1 && area.x1 <= 1600);
            }
        }
    }
}
