//! Details in sentences and brackets.

use juanzong::record::FieldName;

use super::papers::read;

fn check(field: FieldName, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let facts = read(text);
        let mut found: Vec<&str> = facts
            .iter()
            .filter(|f| f.field == field)
            .map(|f| f.value.as_str())
            .collect();
        found.dedup();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn representatives_in_sentences_and_brackets() {
    check(
        FieldName::LegalRepresentative,
        &[
            (
                "行政许可决定书\n你公司（法定代表人或负责人：王小明）提交的材料齐全。",
                &["王小明"],
            ),
            ("行政许可决定书\n你公司（法定代表人：欧阳明）申请", &["欧阳明"]),
            (
                "审查意见\n该公司住所在城关镇，法定代表人（负责人）为王小明。",
                &["王小明"],
            ),
            ("审查意见\n该公司的法定代表人为王小明，注册资本十万元。", &["王小明"]),
            ("审查意见\n法定代表人是王小明；", &["王小明"]),
            ("营业执照\n法定代表人（负责人）王小明\n住所 灵丘县", &["王小明"]),
            ("审查意见\n法人代表为王小明。", &["王小明"]),
            ("审查意见\n法定代表人为人正直，没有不良记录。", &[]),
            ("审查意见\n法定代表人是否到场，应当记录。", &[]),
            ("申请表\n法定代表人（签字）", &[]),
            ("申请表\n法定代表人（签字）盖章", &[]),
            ("审查意见\n法定代表人或者其委托的代理人应当到场。", &[]),
            ("审查意见\n法定代表人为", &[]),
        ],
    );
}

#[test]
fn numbers_of_licences_in_brackets() {
    check(
        FieldName::LicenceNumber,
        &[
            (
                "行政许可决定书\n证书名称及编号：食品经营许可证（JY11402240012345）。",
                &["JY11402240012345"],
            ),
            (
                "行政许可决定书\n核发道路运输经营许可证\n（编号：140224001234）。",
                &["140224001234"],
            ),
            ("审查意见\n其营业执照（91140224MA0A1B2C35）有效。", &[]),
            ("审查意见\n已取得许可证（正本）和证书（2019年）。", &[]),
            ("审查意见\n许可证（JY114）", &[]),
            ("审查意见\n食品经营许可证（JY11402240012345", &[]),
        ],
    );
}

#[test]
fn addresses_in_sentences_and_over_two_lines() {
    check(
        FieldName::Address,
        &[
            (
                "审查意见\n该公司登记住所位于山西省大同市灵丘县武灵镇迎宾路217号，法定代表人为王小明。",
                &["山西省大同市灵丘县武灵镇迎宾路217号"],
            ),
            (
                "营业执照\n住所\n山西省大同市灵丘县武灵镇迎宾路217\n号\n许可事项",
                &["山西省大同市灵丘县武灵镇迎宾路217号"],
            ),
            (
                "营业执照\n住所\n山西省大同市灵丘县武灵镇迎宾路217\n室内面积 20平方米",
                &["山西省大同市灵丘县武灵镇迎宾路217"],
            ),
        ],
    );
}

#[test]
fn annexes_of_decisions_are_a_basis() {
    check(
        FieldName::LegalBasis,
        &[
            (
                "行政许可决定书\n根据《国务院对确需保留的行政审批项目设定行政许可的决定》附件第三十六项的规定",
                &["《国务院对确需保留的行政审批项目设定行政许可的决定》附件第三十六项"],
            ),
            ("行政许可决定书\n根据《某某办法》附件三的规定", &[]),
        ],
    );
}
