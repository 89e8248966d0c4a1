//! Licences (证照) with ornamental border.

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
        for line in desk.break_lines(&text, &value, room, room) {
            desk.left(&mut sheet, &line, &value, (column, y));
            y += leading;
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
