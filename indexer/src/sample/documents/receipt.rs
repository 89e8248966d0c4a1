//! Service receipt (送达回证).

use rand::RngExt;

use super::super::facts::{Paper, numeric_date, pick};
use super::super::fonts::Face;
use super::super::paper::{Cell, Margins, Sheet, Style, Table, mm};
use super::super::truth::Role;
use super::Writer;

pub(super) fn receipt(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let hand = writer.hand.sized(14.0);
    let label = Style::new(Face::Song, 14.0, Role::Label);
    let mut flow = writer.flow(Margins::FORM);
    flow.skip(mm(8.0));
    flow.centred(&facts.agency, &writer.title_style().sized(20.0), 34.0);
    flow.centred("送达回证", &writer.title_style().spaced(10.0), 44.0);
    let number = Style::new(Face::Song, 13.0, Role::Number);
    let serial = writer.rng().random_range(1..500);
    let text = format!("{}送〔{}〕{serial}号", facts.agency_word, facts.served.year());
    flow.right_line(&text, &number, 0.0, 22.0);
    let name = |text: &str| Cell::centre(text, label);
    let mut table = Table::new(&[38.0, 55.0, 30.0, 45.0]);
    let row = mm(15.0);
    let document = format!(
        "《{}》（{}）",
        Paper::Decision.title(facts.plan.outcome),
        facts.document_number
    );
    table.row(row, vec![name("送达文书名称"), Cell::left(document, hand).across(3)]);
    table.row(
        row,
        vec![name("案由（事项）"), Cell::left(facts.matter.name, hand).across(3)],
    );
    table.row(
        row,
        vec![name("受送达人"), Cell::left(&facts.applicant.name, hand).across(3)],
    );
    table.row(
        row,
        vec![name("送达地点"), Cell::left(&facts.applicant.address, hand).across(3)],
    );
    let way = *pick(writer.rng(), &["直接送达", "邮寄送达", "窗口领取", "委托送达"]);
    table.row(
        row,
        vec![
            name("送达方式"),
            Cell::left(way, hand),
            name("送达日期"),
            Cell::left(numeric_date(facts.served), hand),
        ],
    );
    table.row(
        mm(26.0),
        vec![
            name("收件人签名或者盖章"),
            Cell::left("上述文书已收到，共1份。", hand)
                .across(3)
                .hanging()
                .signed(facts.applicant.representative.name.clone(), hand.sized(17.0))
                .signed(numeric_date(facts.served), hand),
        ],
    );
    let collected = facts.agent.as_ref().map_or_else(
        || "/".to_owned(),
        |agent| format!("{}（委托代理人），身份证号：{}", agent.name, agent.id_number),
    );
    table.row(
        row,
        vec![name("代收人及代收理由"), Cell::left(collected, hand).across(3)],
    );
    table.row(
        row,
        vec![
            name("送达人"),
            Cell::left(format!("{}  {}", facts.clerk.name, facts.second_clerk.name), hand).across(3),
        ],
    );
    table.row(
        mm(22.0),
        vec![
            name("备注"),
            Cell::left("送达时已告知申请行政复议、提起行政诉讼的途径和期限。", hand).across(3),
        ],
    );
    let centres = table.draw(&mut flow);
    if let Some((x, y)) = centres.last().copied() {
        writer.stamp(flow.sheet(), (x + mm(26.0), y));
    }
    flow.skip(8.0);
    let note = Style::new(Face::Song, 10.5, Role::Note);
    flow.paragraph(
        "注：受送达人拒绝接收的，送达人应当邀请有关基层组织代表到场，说明情况，在送达回证上记明拒收事由和日期，由送达人、见证人签名后留置送达。",
        &note,
        0.0,
        16.0,
    );
    flow.finish(false)
}
