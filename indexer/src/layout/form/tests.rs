use juanzong::record::PageText;

use crate::layout::rules::Rules;
use crate::layout::testing::{PAGE, grid, line, page};

fn pairs(page: &PageText) -> Vec<String> {
    let text = |indices: &[usize]| -> String { indices.iter().map(|i| page.lines[*i].text.as_str()).collect() };
    page.form
        .iter()
        .map(|field| format!("{}={}", text(&field.label), text(&field.value)))
        .collect()
}

#[test]
fn a_ruled_form_pairs_each_label_with_the_cell_to_its_right() {
    let rules = grid(&[50.0, 200.0, 450.0, 600.0, 900.0], &[100.0, 200.0, 300.0, 400.0]);
    let lines = vec![
        line(60, 125, "统一社会信"),
        line(60, 150, "用代码"),
        line(210, 140, "91140224MA"),
        line(460, 140, "法定代表人"),
        line(610, 140, "某某"),
        line(60, 240, "注册资本"),
        line(460, 240, "申请类型"),
        line(610, 240, "□新办☑变更"),
        line(60, 340, "住所"),
        line(210, 325, "某省某市某县"),
        line(210, 350, "某街1号"),
        line(460, 340, "联系电话"),
        line(610, 340, "13800000000"),
    ];
    assert_eq!(
        pairs(&page(lines, &rules, PAGE)),
        [
            "统一社会信用代码=91140224MA",
            "法定代表人=某某",
            "注册资本=",
            "申请类型=□新办☑变更",
            "住所=某省某市某县某街1号",
            "联系电话=13800000000",
        ]
    );
}

#[test]
fn lists_have_no_pairs() {
    let rules = grid(&[50.0, 200.0, 450.0, 600.0, 900.0], &[100.0, 200.0, 300.0, 400.0]);
    let rows = [
        ["名称", "规格", "单位", "备注"],
        ["冰箱", "大号", "台", "租赁"],
        ["货架", "小号", "个", "自有"],
    ];
    let mut lines = Vec::new();
    for (y, row) in [140, 240, 340].into_iter().zip(rows) {
        for (x, text) in [60, 210, 460, 610].into_iter().zip(row) {
            lines.push(line(x, y, text));
        }
    }
    assert_eq!(pairs(&page(lines, &rules, PAGE)), Vec::<String>::new());
    let rules = grid(&[50.0, 200.0, 450.0], &[100.0, 200.0, 300.0, 400.0]);
    let lines = vec![
        line(60, 140, "1"),
        line(210, 140, "身份证"),
        line(60, 240, "2"),
        line(210, 240, "合同"),
        line(60, 340, "3"),
    ];
    assert_eq!(pairs(&page(lines, &rules, PAGE)), Vec::<String>::new());
}

#[test]
fn labels_below_each_other_have_their_wrapped_values() {
    let lines = vec![
        line(100, 40, "营业执照"),
        line(100, 100, "名称"),
        line(300, 100, "甲公司"),
        line(100, 160, "住所："),
        line(300, 160, "某省某市某县"),
        line(300, 190, "某街1号"),
        line(100, 250, "经营范围"),
        line(300, 250, "销售食品。"),
        line(100, 400, "本证每年报告一次，逾期不报的后果自负。"),
    ];
    assert_eq!(
        pairs(&page(lines, &Rules::default(), PAGE)),
        ["名称=甲公司", "住所：=某省某市某县某街1号", "经营范围=销售食品。"]
    );
}

#[test]
fn two_things_beside_each_other_are_no_form() {
    let lines = vec![
        line(100, 100, "编号：1"),
        line(500, 100, "申请日期：2022年"),
        line(100, 200, "某县行政审批局"),
        line(500, 200, "某某"),
    ];
    assert_eq!(pairs(&page(lines, &Rules::default(), PAGE)), Vec::<String>::new());
}
