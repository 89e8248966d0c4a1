use juanzong::record::LineRole;
use proptest::prelude::*;

use crate::layout::rules::Rules;
use crate::layout::testing::{PAGE, grid, line, page, rule, rules, text};
use crate::layout::{Transform, assemble};

const XS: &[f64] = &[50.0, 150.0, 400.0, 700.0];
const YS: &[f64] = &[100.0, 200.0, 300.0, 400.0];

#[test]
fn cells_are_read_row_by_row_and_wrapped_cells_stay_together() {
    let lines = vec![
        line(60, 30, "标题"),
        line(80, 120, "序"),
        line(80, 150, "号"),
        line(200, 140, "责任者"),
        line(500, 140, "题名"),
        line(80, 240, "1"),
        line(160, 215, "甲乙丙丁"),
        line(160, 240, "戊己庚辛"),
        line(160, 265, "壬癸"),
        line(410, 228, "天地玄黄"),
        line(410, 253, "宇宙洪荒"),
        line(80, 340, "2"),
        line(410, 340, "日月盈昃"),
        line(60, 420, "表后"),
    ];
    assert_eq!(
        text(lines, &grid(XS, YS), PAGE),
        "标题 序 号 责任者 题名 1 甲乙丙丁 戊己庚辛 壬癸 天地玄黄 宇宙洪荒 2 日月盈昃 表后"
    );
}

#[test]
fn a_line_has_the_role_of_its_cell() {
    let made = page(
        vec![line(160, 240, "甲"), line(160, 600, "乙"), line(600, 340, "丙")],
        &grid(XS, YS),
        PAGE,
    );
    let roles: Vec<LineRole> = made.lines.iter().map(|line| line.role).collect();
    let cell = |row, column| LineRole::Cell { table: 0, row, column };
    assert_eq!(roles, [cell(1, 1), cell(2, 2), LineRole::Body]);
}

#[test]
fn merged_cells_and_rows_of_different_height_are_read_from_their_top() {
    // 甲 spans both rows; 丙 and 丁 stand over each other beside the tall 乙.
    let made = rules(
        &[
            (100.0, 50.0, 700.0),
            (200.0, 400.0, 700.0),
            (300.0, 50.0, 700.0),
            (400.0, 50.0, 700.0),
        ],
        &[
            (50.0, 100.0, 400.0),
            (150.0, 100.0, 400.0),
            (400.0, 100.0, 300.0),
            (700.0, 100.0, 400.0),
        ],
    );
    let lines = vec![
        line(80, 190, "甲"),
        line(200, 190, "乙"),
        line(500, 140, "丙"),
        line(500, 240, "丁"),
        line(80, 340, "戊"),
        line(500, 340, "己"),
    ];
    let page = page(lines, &made, PAGE);
    assert_eq!(page.text(), "甲\n乙\n丙\n丁\n戊\n己");
    assert_eq!(
        page.lines[5].role,
        LineRole::Cell {
            table: 0,
            row: 2,
            column: 1
        }
    );
}

#[test]
fn a_table_without_outer_borders_is_a_table() {
    let made = rules(
        &[(200.0, 50.0, 700.0), (300.0, 50.0, 700.0)],
        &[(150.0, 100.0, 400.0), (400.0, 100.0, 400.0)],
    );
    let lines = vec![
        line(80, 140, "甲"),
        line(200, 125, "乙一"),
        line(200, 155, "乙二"),
        line(500, 135, "丙"),
        line(80, 240, "丁"),
        line(500, 340, "戊"),
    ];
    let made = page(lines, &made, PAGE);
    assert_eq!(made.text(), "甲\n乙一\n乙二\n丙\n丁\n戊");
    assert!(made.lines.iter().all(|line| matches!(line.role, LineRole::Cell { .. })));
}

#[test]
fn a_rule_half_hidden_by_a_seal_still_divides() {
    let mut made = grid(XS, YS);
    for (at, from, to) in [(200.0, 50.0, 330.0), (300.0, 50.0, 560.0)] {
        made.horizontal.retain(|rule| rule.at_from.total_cmp(&at).is_ne());
        made.horizontal.push(rule(at, from, to, 0));
    }
    let lines = vec![
        line(80, 140, "甲"),
        line(200, 140, "乙"),
        line(80, 240, "丙"),
        line(200, 240, "丁"),
        line(200, 265, "戊"),
        line(80, 340, "己"),
        line(410, 340, "庚"),
    ];
    assert_eq!(text(lines, &made, PAGE), "甲 乙 丙 丁 戊 己 庚");
}

#[test]
fn a_frame_is_no_table() {
    let made = page(
        vec![line(100, 200, "名称"), line(300, 200, "甲"), line(300, 230, "乙")],
        &grid(&[50.0, 1000.0], &[50.0, 1400.0]),
        PAGE,
    );
    assert_eq!(made.text(), "名称\n甲\n乙");
    assert!(made.lines.iter().all(|line| line.role == LineRole::Body));
}

#[test]
fn text_between_two_tables_stands_between_them() {
    let mut made = grid(&[50.0, 300.0, 600.0], &[100.0, 200.0, 300.0]);
    let second = grid(&[50.0, 300.0, 600.0], &[500.0, 600.0, 700.0]);
    let numbered = |list: Vec<_>| list.into_iter().map(rule_of_second);
    made.horizontal.extend(numbered(second.horizontal));
    made.vertical.extend(numbered(second.vertical));
    let lines = vec![
        line(60, 140, "甲"),
        line(310, 240, "乙"),
        line(60, 400, "中"),
        line(620, 250, "旁"),
        line(60, 540, "丙"),
        line(310, 640, "丁"),
        line(60, 800, "末"),
    ];
    let made = page(lines, &made, PAGE);
    assert_eq!(made.text(), "甲\n乙\n旁\n中\n丙\n丁\n末");
    assert_eq!(
        made.lines[4].role,
        LineRole::Cell {
            table: 1,
            row: 0,
            column: 0
        }
    );
}

fn rule_of_second(rule: crate::layout::rules::Rule) -> crate::layout::rules::Rule {
    crate::layout::rules::Rule { group: Some(1), ..rule }
}

#[test]
fn two_pages_on_one_sheet_are_read_one_after_the_other() {
    let mut lines = Vec::new();
    for row in 0..8 {
        lines.push(line(100, 100 + row * 40, "左边一页的正文内容排得很满满满满满"));
        lines.push(line(1100, 105 + row * 40, "右边一页的正文内容排得很满满满满满"));
    }
    let read = text(lines, &Rules::default(), (2100, 1485));
    let first_right = read.find('右').unwrap();
    assert!(read.rfind('左').unwrap() < first_right, "{read}");
}

#[test]
fn a_list_across_a_landscape_page_is_read_by_rows() {
    let mut lines = Vec::new();
    for row in 0..6 {
        for (x, word) in [(100, "甲乙"), (500, "丙丁"), (1200, "戊己"), (1700, "庚辛")] {
            lines.push(line(x, 100 + row * 60, word));
        }
    }
    let read = text(lines, &Rules::default(), (2100, 1485));
    assert!(read.starts_with("甲乙 丙丁 戊己 庚辛 甲乙"), "{read}");
}

#[test]
fn columns_of_text_are_read_one_after_the_other_and_labels_with_their_values() {
    let mut lines = vec![line(400, 40, "一个横贯两栏的大标题")];
    for row in 0..6 {
        lines.push(line(100, 100 + row * 30, "左栏正文排满了这一整行的宽度"));
        lines.push(line(500, 105 + row * 30, "右栏正文排满了这一整行的宽度"));
    }
    let read = text(lines, &Rules::default(), PAGE);
    assert!(
        read.starts_with('一') && read.rfind('左').unwrap() < read.find('右').unwrap(),
        "{read}"
    );
    let labels = (0..6).flat_map(|row| {
        let value = if row % 2 == 0 {
            "很长的一个内容在这里写着"
        } else {
            "短的"
        };
        [line(100, 100 + row * 30, "某项名称"), line(500, 100 + row * 30, value)]
    });
    let read = text(labels.collect(), &Rules::default(), PAGE);
    assert!(
        read.starts_with("某项名称 很长的一个内容在这里写着 某项名称 短的"),
        "{read}"
    );
}

#[test]
fn three_columns_of_text_are_read_one_after_the_other() {
    let mut lines = Vec::new();
    for row in 0..6 {
        for (x, column) in [(100, "左栏"), (450, "中栏"), (800, "右栏")] {
            lines.push(line(x, 100 + row * 30, &format!("{column}正文排满了这一整行的宽")));
        }
    }
    let read = text(lines, &Rules::default(), (1200, 900));
    let (left, middle, right) = ('左', '中', '右');
    assert!(
        read.rfind(left) < read.find(middle) && read.rfind(middle) < read.find(right),
        "{read}"
    );
}

#[test]
fn pairs_of_values_beside_each_other_are_no_columns() {
    let values = [
        "王建国一二三四五六",
        "费县人民路一七八号院",
        "二〇一三年四月一一日",
        "临沭县振兴街五三号楼东",
    ];
    let lines = (0_u32..8).flat_map(|row| {
        let value = |at: u32| {
            values[((row + at) % 4) as usize]
                .chars()
                .take(6 + (row as usize * 3 + at as usize) % 5)
        };
        [
            line(100, 100 + row * 40, &value(0).collect::<String>()),
            line(560, 100 + row * 40, &value(1).collect::<String>()),
        ]
    });
    let read = text(lines.collect(), &Rules::default(), PAGE);
    assert!(read.starts_with("王建国一二三 费县人民路一七"), "{read}");
}

#[test]
fn a_spaced_label_is_one_line_and_two_characters_beside_each_other_are_two() {
    let lines = vec![
        line(100, 100, "名"),
        line(180, 100, "称"),
        line(300, 100, "甲公司"),
        line(100, 160, "住"),
        line(180, 160, "所"),
        line(300, 160, "某街"),
        line(100, 220, "法定代表人"),
        line(300, 220, "某某"),
        line(100, 300, "男"),
        line(400, 300, "汉"),
    ];
    assert_eq!(
        text(lines, &Rules::default(), PAGE),
        "名称 甲公司 住所 某街 法定代表人 某某 男 汉"
    );
    let title = ["卷", "内", "目", "录"];
    let lines = (0_u32..).zip(title).map(|(at, c)| line(300 + at * 60, 100, c));
    assert_eq!(text(lines.collect(), &Rules::default(), PAGE), "卷内目录");
    let lines = vec![line(170, 140, "备"), line(300, 140, "注"), line(420, 140, "无")];
    assert_eq!(text(lines, &grid(XS, YS), PAGE), "备注 无");
}

proptest! {
    #[test]
    fn no_line_is_lost_or_doubled_and_their_order_does_not_matter(
        placed in prop::collection::vec((0_u32..1900, 0_u32..1400, "[甲乙丙1]{1,6}"), 0..40),
        ruled in prop::collection::vec((0_u32..1900, 0_u32..1400, 1_u32..900, any::<bool>(), 0_usize..3), 0..14),
        landscape in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut rules = Rules { millimetre: 5.0, ..Rules::default() };
        for (x, y, length, is_vertical, group) in ruled {
            let [x, y, length] = [x, y, length].map(f64::from);
            if is_vertical {
                rules.vertical.push(rule(x, y, y + length, group));
            } else {
                rules.horizontal.push(rule(y, x, x + length, group));
            }
        }
        let size = if landscape { (2000, 1485) } else { PAGE };
        let lines: Vec<_> = placed.iter().map(|(x, y, text)| line(*x, *y, text)).collect();
        let mut shuffled = lines.clone();
        let mut state = seed;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
        }
        let one = assemble(lines, &rules, Transform::IDENTITY, size);
        let other = assemble(shuffled, &rules, Transform::IDENTITY, size);
        prop_assert_eq!(&one, &other);
        let sorted = |text: String| {
            let mut characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            characters.sort_unstable();
            characters
        };
        let given: String = placed.iter().map(|(.., text)| text.as_str()).collect();
        prop_assert_eq!(sorted(one.text()), sorted(given));
        for field in &one.form {
            prop_assert!(field.label.iter().chain(&field.value).all(|index| *index < one.lines.len()));
            prop_assert!(!field.label.is_empty());
        }
    }
}
