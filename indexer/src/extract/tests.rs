mod budget;
mod details;
mod fields;
mod papers;
mod seals;

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
    let matters = ["企业变更登记", "食品经营许可", "道路货物运输经营许可", "道路货物运输"];
    let vocabulary = Vocabulary::new(matters.map(str::to_owned).into(), []);
    let extraction = extract(document, &vocabulary);
    let fields = CaseFields::resolve(&extraction.facts);
    (extraction.kind, fields, extraction.facts)
}

/// The values of a detail, in order.
fn details(facts: &[Fact], field: FieldName) -> Vec<&str> {
    facts
        .iter()
        .filter(|f| f.field == field)
        .map(|f| f.value.as_str())
        .collect()
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
fn a_contents_list_gives_nothing_but_its_own_number() {
    let (_, _, facts) = read(&[
        "卷内目录",
        "档号：0123-XK·2019-D30-SCJG-0042",
        "灵食许〔2019〕1号",
        "受理编号：20190001",
        "2019年5月7日",
    ]);
    let given: Vec<&str> = facts.iter().map(|f| f.field.code()).collect();
    assert_eq!(given, ["document_kind", "archival_code"]);
    assert_eq!(details(&facts, FieldName::WrittenCode), ["0123-XK·2019-D30-SCJG-0042"]);
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

#[test]
fn licences_of_many_wordings() {
    let code = credit_code("91140224MA0A1B2C3");
    let (kind, fields, facts) = read(&[
        "食 品 经 营 许 可 证",
        "（副本）",
        "许可证编号：JY11402240012345",
        "经营者名称：灵丘县嘉禾餐饮管理有限责任公司",
        &format!("社会信用代码：{code}"),
        "法定代表人（负责人）：王小明",
        "住    所：山西省大同市灵丘县武灵镇迎宾路217号",
        "经营场所：山西省大同市灵丘县武灵镇迎宾路217号",
        "有效期至：二〇二四年五月六日",
        "发证机关：灵丘县市场监督管理局",
        "二〇一九年五月七日",
    ]);
    assert_eq!(kind, DocumentKind::Licence);
    assert_eq!(fields.applicant_name.as_deref(), Some("灵丘县嘉禾餐饮管理有限责任公司"));
    assert_eq!(fields.applicant_id_number.as_deref(), Some(code.as_str()));
    assert_eq!(fields.applicant_kind.map(|k| k.code()), Some("legal_person"));
    assert_eq!(fields.agency.as_deref(), Some("灵丘县市场监督管理局"));
    assert_eq!(fields.valid_until.map(|d| d.to_string()).as_deref(), Some("2024-05-06"));
    assert_eq!(fields.decided_on.map(|d| d.to_string()).as_deref(), Some("2019-05-07"));
    assert_eq!(details(&facts, FieldName::LicenceNumber), ["JY11402240012345"]);
    assert_eq!(details(&facts, FieldName::LegalRepresentative), ["王小明"]);
    assert_eq!(
        details(&facts, FieldName::Address),
        ["山西省大同市灵丘县武灵镇迎宾路217号"]
    );

    let (_, fields, _) = read(&[
        "道路运输经营许可证",
        "证号：140224001234",
        "业户名称",
        "名称",
        "灵丘县顺安物流有限公司",
        "有效期限",
        "自2020年01月01日至2023年12月31日",
        "核发机关",
        "发证日期：2020.01.01",
    ]);
    assert_eq!(fields.applicant_name.as_deref(), Some("灵丘县顺安物流有限公司"));
    assert_eq!(fields.valid_from.map(|d| d.to_string()).as_deref(), Some("2020-01-01"));
    assert_eq!(fields.valid_until.map(|d| d.to_string()).as_deref(), Some("2023-12-31"));
}

#[test]
fn applications_in_cells_below_their_labels() {
    let code = credit_code("92140224MA0A1B2C3");
    let id = id_number("14022419810607432");
    let (kind, fields, facts) = read(&[
        "行政许可申请表",
        "申请日期：2022.09.02",
        "申请人名称",
        "灵丘县绿野宾馆经营部",
        "统一社会信用代",
        "码",
        &code,
        "法定代表人",
        "谭燕丹",
        "身份证号码",
        &id,
        "联系电话",
        "17747397448",
        "经营面积",
        "83.8㎡",
        "注册资本",
        "1000万元人民币",
        "申请人（签章）：谭燕丹",
    ]);
    assert_eq!(kind, DocumentKind::Application);
    assert_eq!(fields.applicant_name.as_deref(), Some("灵丘县绿野宾馆经营部"));
    assert_eq!(fields.applicant_id_number.as_deref(), Some(code.as_str()));
    assert_eq!(fields.applicant_kind.map(|k| k.code()), Some("organisation"));
    assert_eq!(details(&facts, FieldName::PersonIdNumber), [id.as_str()]);
    assert_eq!(details(&facts, FieldName::Phone), ["17747397448"]);
    assert_eq!(details(&facts, FieldName::Area), ["83.8平方米"]);
    assert_eq!(details(&facts, FieldName::Amount), ["10,000,000元"]);
}

#[test]
fn outcomes_of_many_wordings() {
    for (title, text, outcome) in [
        (
            "准予行政许可决定书",
            "经审查，本机关决定准予你单位取得许可。",
            Some("granted"),
        ),
        (
            "行政许可决定书",
            "根据《中华人民共和国行政许可法》第三十八条第一款的规定，我局决定：准予许可。",
            Some("granted"),
        ),
        (
            "行政许可决定书",
            "不符合条件的，应当依法作出不予行政许可的决定。经研究，你单位应当补正。",
            None,
        ),
        (
            "行政许可决定书",
            "不符合条件的，应当依法作出不予行政许可的决定。经研究，同意你单位的申请。",
            Some("granted"),
        ),
        ("不予行政许可决定书", "本机关决定不予许可。", Some("refused")),
        (
            "关于不予甲店食品经营许可的决定",
            "本机关决定不予许可。",
            Some("refused"),
        ),
        (
            "准予延续行政许可决定书",
            "本机关决定准予你单位食品经营许可延续，具体事项如下：",
            Some("renewed"),
        ),
        (
            "行政许可决定书",
            "本机关决定准予你单位食品经营许可变更，具体事项如下：",
            Some("changed"),
        ),
        ("行政许可决定书", "本机关决定准予你单位企业变更登记。", Some("granted")),
        (
            "终止审查决定书",
            "本机关决定准许撤回，终止对该申请的审查。",
            Some("withdrawn"),
        ),
        ("终止审查决定书", "本机关决定终止对该申请的审查。", Some("terminated")),
        ("撤销行政许可决定书", "本机关决定撤销该行政许可。", Some("revoked")),
        ("注销行政许可决定书", "本局决定予以注销。", Some("cancelled")),
    ] {
        let (kind, fields, facts) = read(&[title, "某某店：", text, "灵丘县市场监督管理局", "2019年5月7日"]);
        assert_eq!(kind, DocumentKind::Decision, "{title}");
        assert_eq!(fields.outcome.map(|o| o.code()), outcome, "{title} {text}: {facts:?}");
    }
    let (kind, fields, _) = read(&["不予受理通知书", "某某店：", "本机关决定不予受理。", "2019年5月7日"]);
    assert_eq!(
        (kind, fields.outcome),
        (DocumentKind::AcceptanceNotice, None),
        "nothing was decided on the matter"
    );
}

#[test]
fn own_numbers_and_numbers_that_are_cited() {
    let (_, fields, facts) = read(&[
        "灵丘县市场监督管理局文件",
        "灵食许〔2019〕444号",
        "行政许可决定书",
        "甲餐饮有限公司：",
        "根据灵政发〔2018〕12号文件和灵食受〔2019〕7号受理通知书，本机关决定准予许可。",
        "2019年5月7日",
    ]);
    assert_eq!(fields.document_number.as_deref(), Some("灵食许〔2019〕444号"));
    let own = facts.iter().find(|f| f.value == "灵食许〔2019〕444号").unwrap();
    assert!(own.origin.contains("decision_head"));
    let cited = facts.iter().find(|f| f.value == "灵政发〔2018〕12号").unwrap();
    assert!(cited.confidence() < 0.5);
    for text in [
        "灵食许L2019J444号",
        "灵食许(2O19)444号",
        "灵食许2019444号",
        "灵食许【2019】第444号",
    ] {
        let (_, fields, _) = read(&["某局", text, "行政许可决定书"]);
        let expected = (text != "灵食许2019444号").then_some("灵食许〔2019〕444号");
        assert_eq!(fields.document_number.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_code_with_one_misread_character_is_repaired_and_says_so() {
    let code = credit_code("91140224MA0A1B2C3");
    let read_code = code.replacen('0', "O", 1);
    let (_, fields, facts) = read(&["行政许可申请表", &format!("统一社会信用代码：{read_code}")]);
    assert_eq!(fields.applicant_id_number.as_deref(), Some(code.as_str()));
    let fact = facts.iter().find(|f| f.field == FieldName::ApplicantIdNumber).unwrap();
    assert_eq!(fact.as_read.as_deref(), Some(read_code.as_str()));
    assert!(fact.origin.contains("repaired") && fact.confidence() < 0.9);
    // What cannot be repaired is kept as it was read, and is not believed.
    let (_, _, facts) = read(&["行政许可申请表", "统一社会信用代码：911402240000000000"]);
    let fact = facts.iter().find(|f| f.field == FieldName::ApplicantIdNumber).unwrap();
    assert!(fact.origin.ends_with("check_failed") && fact.confidence() < 0.5);
}

#[test]
fn laws_are_cited_by_article() {
    let (_, _, facts) = read(&[
        "行政许可决定书",
        "根据《中华人民共和国食品安全法》第三十五条、《食品经营许可管理办法》第十七条以及《中华人民共和",
        "国行政许可法》第三十二条第一款第（五）项的规定，出具《受理通知书》。",
    ]);
    assert_eq!(
        details(&facts, FieldName::LegalBasis),
        [
            "《中华人民共和国食品安全法》第三十五条",
            "《食品经营许可管理办法》第十七条",
            "《中华人民共和国行政许可法》第三十二条第一款第（五）项"
        ]
    );
}

#[test]
fn agencies_with_one_wrong_character_are_those_of_the_table() {
    let vocabulary = Vocabulary::from_dictionaries(&juanzong::analysis::dictionary::Dictionaries::builtin().unwrap());
    for (read, name) in [
        ("灵丘县市场监督管理局", Some("灵丘县市场监督管理局")),
        ("灵丘县市场监督管埋局", Some("灵丘县市场监督管理局")),
        ("峨山彝族自洽县市场监督管理局", Some("峨山彝族自治县市场监督管理局")),
        // 灵丘县, 灵石县, 灵台县 …: nobody knows which.
        ("灵匠县市场监督管理局", Some("灵匠县市场监督管理局")),
        ("山西省灵丘县行政审批服务管理局", Some("山西省灵丘县行政审批服务管理局")),
        ("食品药品", None),
    ] {
        assert_eq!(vocabulary.agency(read, &[]).map(|a| a.name).as_deref(), name, "{read}");
    }
    assert_eq!(vocabulary.matter_named("食品经宫许可"), Some(("食品经营许可", true)));
    assert_eq!(vocabulary.matter_named("药品零售许可"), Some(("药品经营许可", false)));
    assert_eq!(
        vocabulary
            .region_of_address("山西省大同市灵丘县武灵镇")
            .map(|r| r.1)
            .as_deref(),
        Some("140224")
    );
}

fn credit_code(head: &str) -> String {
    format!("{head}{}", juanzong::record::CreditCode::check_character(head).unwrap())
}

fn id_number(head: &str) -> String {
    format!("{head}{}", juanzong::record::IdNumber::check_character(head).unwrap())
}

#[test]
fn no_text_makes_the_rules_read_more_than_their_limits() {
    // Every line is all labels and openings: what makes rules look ahead.
    let line = "申请人：统一社会信用代码《第有效期至：2019年".repeat(400);
    let lines: Vec<&str> = std::iter::repeat_n(line.as_str(), 60).collect();
    let (_, _, facts) = read(&lines);
    for field in FieldName::ALL.iter().chain(FieldName::DETAILS) {
        let count = facts.iter().filter(|f| f.field == *field).count();
        assert!(count <= 4 * limits::FACTS_OF_FIELD, "{}: {count}", field.code());
    }
    let pages = [page(1, &lines)];
    let reading = Reading::of(DocumentPages {
        file_name: "1.jpg",
        file_sha256: "ab",
        pages: &pages,
    });
    assert!(reading.flows.iter().map(Vec::len).sum::<usize>() <= limits::CHARACTERS + limits::CHARACTERS_OF_LINE);
    assert!(
        reading
            .lines
            .iter()
            .all(|line| line.glyphs.len() <= limits::CHARACTERS_OF_LINE)
    );
}

proptest! {
    #[test]
    fn any_characters_are_survived(lines in prop::collection::vec("\\PC{0,40}", 0..20)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (_, _, facts) = read(&lines);
        prop_assert!(facts.iter().all(|f| (0.0..=1.0).contains(&f.confidence())));
    }

    #[test]
    fn any_text_is_survived_and_boxes_lie_on_the_page(lines in prop::collection::vec("[决定书不予许可证〔2019〕号年月日申请日期：局文件《法》第条信用代码身份证元平方米（） A-z0-9]{0,40}", 0..12)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (_, _, facts) = read(&lines);
        for fact in facts {
            let evidence = fact.evidence.unwrap();
            prop_assert!(evidence.confidence <= 1.0);
            if let Some(area) = evidence.area {
                prop_assert!(area.x0 < area.x1 && area.x1 <= 2100);
            }
        }
    }
}
