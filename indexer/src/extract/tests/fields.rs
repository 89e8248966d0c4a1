//! Each field by itself in many forms, labels and damages.

use juanzong::record::{CaseFields, FieldName};

use super::papers::read;

/// The value that a paper of these lines gives a field, and how sure it is.
fn value(text: &str, field: FieldName) -> Option<(String, f32)> {
    let facts = read(text);
    let value = CaseFields::resolve(&facts).get(field)?;
    let of_value = facts.iter().filter(|f| f.field == field && f.value == value);
    let confidence = of_value.map(juanzong::record::Fact::confidence).fold(0.0, f32::max);
    Some((value, confidence))
}

fn check(field: FieldName, cases: &[(String, Option<&str>)]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = value(text, field);
        if found.as_ref().map(|(value, _)| value.as_str()) != *expected {
            wrong.push_str(&format!("{text}\n  expected {expected:?}, found {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn numbers_of_decisions_in_every_bracket() {
    let head = |line: &str| {
        format!(
            "灵丘县市场监督管理局\n{line}\n行政许可决定书\n灵丘县嘉禾餐饮店：\n经审查，决定准予许可。\n灵丘县市场监督管理局\n2019年5月7日"
        )
    };
    let right = Some("灵食许〔2019〕444号");
    let cases: Vec<(String, Option<&str>)> = [
        "灵食许〔2019〕444号",
        "灵食许[2019]444号",
        "灵食许（2019）444号",
        "灵食许【2019】444号",
        "灵食许《2019》444号",
        "灵食许〖2019〗第444号",
        "灵食许〔2019〕444",
        "灵食许I2019〕444号",
        "灵食许t2019)444号",
        "灵食许[2O19]444号",
        "灵食许〔2〇19〕444号",
        "灵食许12019〕444号",
        "灵食许〔2019l444号",
        "灵食许 〔2019〕 444 号",
        "文号：灵食许〔2019〕444号",
        "编号：灵食许〔2019〕444号",
        "（灵食许〔2019〕444号）",
        "灵食许〔2019〕444号　　签发人：王志远",
        "灵食许\n〔2019〕444号",
        "灵食许〔2019〕\n444号",
    ]
    .iter()
    .map(|line| (head(line), right))
    .collect();
    check(FieldName::DocumentNumber, &cases);
    // Two numbers in the head: its own stands alone.
    let cases = [(head("灵食许〔2019〕444号\n根据灵政发〔2018〕12号文件"), right)];
    check(FieldName::DocumentNumber, &cases);
}

#[test]
fn dates_of_decisions_in_every_form() {
    let signed = |foot: &str| {
        format!(
            "灵丘县市场监督管理局\n灵食许〔2019〕444号\n行政许可决定书\n灵丘县嘉禾餐饮店：\n你单位于2019年4月25日提出申请，经审查，决定准予许可。\n{foot}"
        )
    };
    let right = Some("2019-05-07");
    let mut cases: Vec<(String, Option<&str>)> = [
        "灵丘县市场监督管理局\n2019年5月7日",
        "灵丘县市场监督管理局\n2019年05月07日",
        "灵丘县市场监督管理局\n二〇一九年五月七日",
        "灵丘县市场监督管理局\n二○一九年五月七日",
        "灵丘县市场监督管理局\n二0一九年五月七日",
        "灵丘县市场监督管理局\n2019.5.7",
        "灵丘县市场监督管理局\n2019-05-07",
        "灵丘县市场监督管理局 2019年5月7日",
        "灵丘县市场监督管理局（盖章）\n2019年5月7日（印章）",
        "灵丘县市场监督管理局\n2019年5月\n7日",
        "灵丘县市场监督管理局\n2019年\n5月7日",
        "灵丘县市场监督管理局\n2019牛5月7日",
        "灵丘县市场监督管理局\n2019年5月7曰",
        "灵丘县市场监督管理局\n·2019年5月7日、",
        "灵丘县市场监督管理局\n五月七日",
        "灵丘县市场监督管理局\n2019年月7日",
        "灵丘县市场监督管理局\n2019年5月7日\n抄送：灵丘县人民政府办公室。\n灵丘县市场监督管理局办公室2019年5月9日印发",
        "决定日期：2019年5月7日",
        "许可决定日期2019年5月7日",
        "审批机关 | 灵丘县市场监督管理局\n批准日期 | 2019-5-7",
    ]
    .iter()
    .map(|foot| (signed(foot), right))
    .collect();
    cases.push((signed("灵丘县市场监督管理局\n2019年13月7日"), None));
    cases.push((signed("灵丘县市场监督管理局\n年月日"), None));
    check(FieldName::DecidedOn, &cases);
    // Another date of another paper, whose label differs in one character.
    let other = |label: &str| format!("行政许可审批表\n{label}：2019年5月1日\n申请人：灵丘县嘉禾餐饮店");
    check(
        FieldName::DecidedOn,
        &[
            (other("核查日期"), None),
            (other("核准日期"), Some("2019-05-01")),
            (other("签收日期"), None),
            (other("签发日期"), Some("2019-05-01")),
            (other("听证时间"), None),
        ],
    );
    // What is made up from what is left is not presented as sure.
    for foot in ["五月七日", "2019年月7日"] {
        let (_, confidence) = value(&signed(foot), FieldName::DecidedOn).unwrap();
        assert!(confidence < 0.9, "{foot}: {confidence}");
    }
}

#[test]
fn terms_in_every_form() {
    let licence =
        |line: &str| format!("食品经营许可证\n经营者名称：灵丘县嘉禾餐饮店\n{line}\n发证机关：灵丘县市场监督管理局");
    let until = |line: &str, expected| (licence(line), expected);
    let right = Some("2024-05-06");
    check(
        FieldName::ValidUntil,
        &[
            until("有效期至：2024年5月6日", right),
            until("有效期至2024年05月06日", right),
            until("有效期限：自2019年5月7日至2024年5月6日", right),
            until("有效期限：自2019年5月7日起至2024年5月6日止", right),
            until("有效期：2019年5月7日—2024年5月6日", right),
            until("有效期 | 2019.05.07-2024.05.06", right),
            until("有效期限\n2019年5月7日至2024年5月6日", right),
            until("有效期限：二〇一九年五月七日至二〇二四年五月六日", right),
            until("证书有效期：2019-05-07 至 2024-05-06", right),
            until("有效期至：长期", None),
            until("有效期限：长期", None),
            until("营业期限：2019年5月7日至长期", None),
            until("有效期三年", None),
        ],
    );
    check(
        FieldName::ValidFrom,
        &[
            until("有效期限：自2019年5月7日至2024年5月6日", Some("2019-05-07")),
            until("有效期自2019年5月7日起至长期", Some("2019-05-07")),
            until("有效期至：2024年5月6日", None),
        ],
    );
}

#[test]
fn applicants_by_every_label() {
    let company = "灵丘县嘉禾餐饮管理有限责任公司";
    let organisations = [
        "申请人",
        "申请人名称",
        "申请单位",
        "申请单位名称",
        "单位名称",
        "企业名称",
        "经营者名称",
        "行政相对人",
        "行政相对人名称",
        "被许可人",
        "当事人",
        "机构名称",
        "受送达人",
        "建设单位",
    ];
    let forms = |label: &str| {
        [
            format!("行政许可申请表\n{label}：{company}\n法定代表人：王小明"),
            format!("行政许可申请表\n{label} | {company}\n法定代表人 | 王小明"),
            format!("行政许可申请表\n{label}\n{company}\n法定代表人\n王小明"),
            format!("行政许可申请表\n{label} {company}\n法定代表人 王小明"),
        ]
    };
    let cases: Vec<(String, Option<&str>)> = organisations
        .iter()
        .flat_map(|label| forms(label))
        .map(|text| (text, Some(company)))
        .collect();
    check(FieldName::ApplicantName, &cases);

    let paper = |line: &str| format!("受理通知书\n{line}\n经审查，决定予以受理。");
    check(
        FieldName::ApplicantName,
        &[
            (paper("王小明："), Some("王小明")),
            (paper("申请人：王小明，身份证号：1402**********1234"), Some("王小明")),
            (
                paper("申请人：王小明（身份证号码：14022419XXXXXX1234）"),
                Some("王小明"),
            ),
            (paper("申请人：买买提·吐尔逊"), Some("买买提·吐尔逊")),
            (
                paper("申请人：灵丘县信达会计师事务所（普通合伙）"),
                Some("灵丘县信达会计师事务所（普通合伙）"),
            ),
            (
                paper("申请人：灵丘县恒泰（集团）有限公司 联系电话：13812345678"),
                Some("灵丘县恒泰（集团）有限公司"),
            ),
            (
                paper("申请人：灵丘县福临门小吃店（个体工商户）"),
                Some("灵丘县福临门小吃店（个体工商户）"),
            ),
            (
                paper("申请人：灵丘县源泉水业有限公司法定代表人：石磊"),
                Some("灵丘县源泉水业有限公司"),
            ),
            (paper("申请人（签名）：王小明"), None),
            (paper("申请人："), None),
        ],
    );
}

#[test]
fn agencies_with_damaged_names() {
    let paper = |agency: &str, address: &str| {
        format!(
            "{agency}\n行政许可决定书\n莒市监许〔2021〕5号\n某某店：\n住址：{address}\n经审查，决定准予许可。\n{agency}\n2021年5月7日"
        )
    };
    let here = "山东省临沂市莒南县十字路街道人民路1号";
    check(
        FieldName::Agency,
        &[
            (paper("莒南县市场监督管理局", here), Some("莒南县市场监督管理局")),
            (paper("莒南县市场监督管埋局", here), Some("莒南县市场监督管理局")),
            // Several counties are called so but for one character: the address says which is meant.
            (paper("茗南县市场监督管理局", here), Some("莒南县市场监督管理局")),
            (paper("莒南具市场监督管理局", here), Some("莒南县市场监督管理局")),
            (
                paper("山东省莒南县市场监督管理局", here),
                Some("山东省莒南县市场监督管理局"),
            ),
        ],
    );
    let (_, confidence) = value(&paper("茗南县市场监督管理局", here), FieldName::Agency).unwrap();
    assert!(confidence < 0.995, "{confidence}");
}

#[test]
fn personal_numbers_are_whole_or_not_at_all() {
    let paper = |line: &str| format!("行政许可申请表\n申请人：齐素芬\n{line}");
    let right = Some("130630198308107098");
    check(
        FieldName::ApplicantIdNumber,
        &[
            (paper("身份证号：130630198308107098"), right),
            (paper("身份证号码 130630198308107098"), right),
            (paper("公民身份号码：130630 19830810 7098"), right),
            (paper("身份证号：\n130630198308107098"), right),
            (paper("证件号码 | 130630198308107098"), right),
            (paper("身份证号：1306301983081\n07098"), right),
            (paper("身份证号：1306**********7098"), None),
            (paper("身份证号：130630********7098"), None),
            (paper("身份证号：无"), None),
        ],
    );
    // One character misread: repaired, and not as sure as a number that was read whole.
    let (repaired, confidence) = value(&paper("身份证号：13O630198308107098"), FieldName::ApplicantIdNumber).unwrap();
    assert_eq!(repaired, "130630198308107098");
    assert!(confidence < 0.9, "{confidence}");
    // Two: kept as read, and not believed.
    let (kept, confidence) = value(&paper("身份证号：13O63O198308107098"), FieldName::ApplicantIdNumber).unwrap();
    assert_eq!(kept, "13O63O198308107098");
    assert!(confidence < 0.5, "{confidence}");
}

#[test]
fn acceptance_numbers_by_every_label() {
    let paper = |line: &str| format!("受理通知书\n{line}\n灵丘县嘉禾餐饮店：\n决定予以受理。");
    check(
        FieldName::AcceptanceNumber,
        &[
            (paper("受理编号：20190444"), Some("20190444")),
            (paper("受理编号20190444"), Some("20190444")),
            (paper("受理号：SL-2019-00444"), Some("SL-2019-00444")),
            (paper("办件编号：140224190425000123"), Some("140224190425000123")),
            (paper("受理单号 | 2019O444"), Some("20190444")),
            (paper("受理通知书编号：灵审受〔2019〕44号"), Some("灵审受〔2019〕44号")),
            (paper("受理编号："), None),
        ],
    );
}

#[test]
fn a_repaired_code_is_of_a_place_that_there_is() {
    // Two misread characters whose check digit passes once a third is changed: 621727 is no county.
    let read = "91621727MA4EX21CZ0";
    let facts = super::papers::read(&format!(
        "营业执照\n统一社会信用代码：{read}\n名称：徽县龙腾兽药有限责任公司"
    ));
    let numbers: Vec<_> = facts
        .iter()
        .filter(|f| f.field == FieldName::ApplicantIdNumber)
        .collect();
    assert!(
        numbers.iter().all(|f| f.value == read && f.confidence() < 0.5),
        "kept as it was read"
    );
}
