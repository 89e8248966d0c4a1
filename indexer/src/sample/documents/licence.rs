//! Licences (证照) with ornamental border: the general one, and the food licence with its fields in two columns.

use rand::RngExt;

use super::super::facts::{chinese_date, numeric_date};
use super::super::fonts::Face;
use super::super::paper::{A4, Rgb, Sheet, Style, code_square, frame, mm};
use super::super::truth::Role;
use super::Writer;

/// Border colour, its light tint, paper.
const SCHEMES: [(Rgb, Rgb, Rgb); 4] = [
    ([28, 110, 70], [214, 236, 220], [246, 251, 244]),
    ([168, 38, 38], [246, 222, 206], [253, 247, 238]),
    ([150, 112, 36], [246, 234, 200], [254, 250, 238]),
    ([34, 78, 140], [214, 226, 244], [245, 249, 254]),
];

pub(super) fn licence(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let landscape = writer.rng().random_bool(0.5);
    let size = if landscape { (A4.1, A4.0) } else { A4 };
    let mut sheet = Sheet::new(size);
    let (colour, light, tint) = SCHEMES[writer.rng().random_range(0..SCHEMES.len())];
    sheet.tint = tint;
    frame(&mut sheet, mm(13.0), mm(9.0), colour, light);
    let desk = writer.desk;
    let centre = sheet.width / 2.0;
    let title = Style::new(Face::Title, 38.0, Role::Title);
    let spacing = if facts.matter.licence.chars().count() < 8 {
        12.0
    } else {
        3.0
    };
    let mut title = title.spaced(spacing);
    let room = sheet.width - mm(64.0);
    let width = desk.width(facts.matter.licence, &title);
    if width > room {
        title = title.sized(title.size * room / width).spaced(spacing * room / width);
    }
    let mut y = if landscape { mm(46.0) } else { mm(58.0) };
    desk.centre(&mut sheet, facts.matter.licence, &title, (centre, y));
    y += mm(11.0);
    let number = Style::new(Face::Serif, 13.0, Role::Number);
    desk.centre(
        &mut sheet,
        &format!("编号：{}", facts.licence_number),
        &number,
        (centre, y),
    );
    y += if landscape { mm(13.0) } else { mm(20.0) };
    let mut rows = vec![
        ("名　　称", facts.applicant.name.clone()),
        (facts.id_label(), facts.applicant.id_number.clone()),
        ("法定代表人（负责人）", facts.applicant.representative.name.clone()),
        ("住　　所", facts.applicant.address.clone()),
        ("许可事项", facts.matter.name.to_owned()),
        ("许可范围", facts.scope.clone()),
    ];
    if let Some((from, until)) = facts.validity {
        let text = if writer.rng().random_bool(0.3) {
            format!("{}至{}", chinese_date(from), chinese_date(until))
        } else {
            format!("{}至{}", numeric_date(from), numeric_date(until))
        };
        rows.push(("有效期限", text));
    }
    let label = Style::new(Face::Hei, 14.0, Role::Label);
    let value = Style::new(Face::Kai, 15.0, Role::Cell);
    let left = mm(34.0);
    let column = left + label.size * 10.6;
    let leading = if landscape { mm(9.6) } else { mm(14.5) };
    for (name, text) in rows {
        desk.left(&mut sheet, name, &label, (left, y));
        let room = sheet.width - column - mm(32.0);
        let lines = desk.break_lines(&text, &value, room, room);
        let last = lines.len().saturating_sub(1);
        for (at, line) in lines.iter().enumerate() {
            desk.left(&mut sheet, line, &value, (column, y));
            y += if at < last { value.size * 1.4 } else { leading };
        }
    }
    let foot = sheet.height - mm(if landscape { 44.0 } else { 62.0 });
    let (code_x, code_y) = (left, sheet.height - mm(62.0));
    let code_size = mm(26.0);
    // The square stands beside the signature; it gives way where the rows come down too far.
    if y - leading + mm(4.0) < code_y {
        code_square(&mut sheet, writer.rng(), code_x, code_y, code_size);
    }
    let signature = Style::new(Face::Serif, 15.0, Role::Signature);
    let right = sheet.width - mm(38.0);
    let agency = format!("发证机关：{}", facts.agency);
    desk.right(&mut sheet, &agency, &signature, (right, foot));
    let date = Writer::foot_date(facts.decided);
    let date_y = foot + mm(10.0);
    desk.right(&mut sheet, &date, &signature, (right - mm(4.0), date_y));
    writer.stamp(&mut sheet, (right - mm(26.0), foot + mm(1.0)));
    vec![sheet]
}

/// 食品经营许可证: short fields side by side, long ones over the full width.
pub(super) fn food_licence(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut sheet = Sheet::new((A4.1, A4.0));
    let (colour, light, tint) = SCHEMES[writer.rng().random_range(0..SCHEMES.len())];
    sheet.tint = tint;
    frame(&mut sheet, mm(11.0), mm(8.0), colour, light);
    let desk = writer.desk;
    let title = Style::new(Face::Title, 40.0, Role::Title).spaced(14.0);
    let centre = sheet.width / 2.0;
    desk.centre(&mut sheet, "食品经营许可证", &title, (centre, mm(42.0)));
    let label = Style::new(writer.look.label, 13.0, Role::Label);
    let value = Style::new(writer.look.hand, 14.0, Role::Cell);
    let (left, middle, right) = (mm(30.0), centre + mm(8.0), sheet.width - mm(30.0));
    let leading = mm(10.4);
    let mut y = mm(58.0);
    let number = Style::new(Face::Serif, 13.0, Role::Number);
    desk.left(
        &mut sheet,
        &format!("许可证编号：{}", facts.licence_number),
        &number,
        (left, y),
    );
    desk.left(
        &mut sheet,
        &format!("批准文号：{}", facts.document_number),
        &number,
        (middle, y),
    );
    y += leading;
    let field = |sheet: &mut Sheet, name: &str, text: &str, (x, y): (f32, f32), end: f32| {
        desk.left(sheet, name, &label, (x, y));
        let x = x + desk.width(name, &label) + label.size * 0.4;
        // The clerk writes smaller where a value would not fit.
        let width = desk.width(text, &value);
        let size = value.size * ((end - x) / width).min(1.0);
        desk.left(sheet, text, &value.sized(size), (x, y));
    };
    let representative = &facts.applicant.representative;
    let until = facts
        .validity
        .map_or_else(|| "长期".to_owned(), |(_, until)| numeric_date(until));
    let supervisor = format!("{}  {}", facts.clerk.name, facts.second_clerk.name);
    field(&mut sheet, "经营者名称：", &facts.applicant.name, (left, y), right);
    y += leading;
    for (a, b, c, d) in [
        (
            "社会信用代码：",
            facts.applicant.id_number.as_str(),
            "负责人：",
            representative.name.as_str(),
        ),
        (
            "身份证号码：",
            representative.id_number.as_str(),
            "有效期至：",
            until.as_str(),
        ),
    ] {
        field(&mut sheet, a, b, (left, y), middle - mm(4.0));
        field(&mut sheet, c, d, (middle, y), right);
        y += leading;
    }
    field(&mut sheet, "住　　所：", &facts.applicant.address, (left, y), right);
    y += leading;
    field(&mut sheet, "经营场所：", &facts.applicant.address, (left, y), right);
    y += leading;
    field(&mut sheet, "经营项目：", &facts.scope, (left, y), right);
    y += leading;
    field(
        &mut sheet,
        "日常监督管理机构：",
        facts.department,
        (left, y),
        middle - mm(4.0),
    );
    field(&mut sheet, "日常监督管理人员：", &supervisor, (middle, y), right);
    y += leading;
    field(
        &mut sheet,
        "投诉举报电话：",
        &facts.telephone,
        (left, y),
        middle - mm(4.0),
    );
    field(&mut sheet, "签发人：", &facts.leader.name, (middle, y), right);
    y += leading * 1.3;
    if y + mm(20.0) < sheet.height - mm(24.0) {
        code_square(&mut sheet, writer.rng(), left, y - mm(2.0), mm(20.0));
    }
    let signature = Style::new(Face::Serif, 14.0, Role::Signature);
    desk.right(
        &mut sheet,
        &format!("发证机关：{}", facts.agency),
        &signature,
        (right, y),
    );
    let date = Writer::foot_date(facts.decided);
    desk.right(&mut sheet, &date, &signature, (right - mm(4.0), y + mm(9.0)));
    writer.stamp(&mut sheet, (right - mm(28.0), y + mm(1.0)));
    vec![sheet]
}
