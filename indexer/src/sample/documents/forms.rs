//! Ruled forms: application, review opinion, contents list.

use juanzong::record::{ApplicantKind, Outcome};
use rand::RngExt;
use rand::seq::SliceRandom;

use super::super::facts::{Paper, numeric_date, pick, stamp_date};
use super::super::fonts::Face;
use super::super::paper::{Cell, Flow, Margins, Sheet, Style, Table, mm};
use super::super::truth::Role;
use super::super::vocabulary::names::DEPARTMENTS;
use super::super::vocabulary::prose::{CLERK_OPINIONS, HEAD_OPINIONS, LEADER_OPINIONS, REFUSAL_OPINIONS};
use super::{ContentsEntry, Writer};

const NOTE: Style = Style::new(Face::Song, 10.5, Role::Note);

pub(super) fn application(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let hand = writer.hand;
    let mut flow = writer.flow(Margins::FORM);
    flow.centred(
        Paper::Application.title(facts.plan.outcome),
        &writer.title_style(),
        40.0,
    );
    let number = Style::new(Face::Song, 12.0, Role::Number);
    let (left, right, y) = (flow.left(), flow.right(), flow.y + 12.0);
    let desk = writer.desk;
    desk.left(
        flow.sheet(),
        &format!("受理编号：{}", facts.acceptance_number),
        &number,
        (left, y),
    );
    desk.right(
        flow.sheet(),
        &format!("申请日期：{}", stamp_date(facts.applied)),
        &number,
        (right, y),
    );
    flow.skip(20.0);
    let row = mm(10.5);
    let label_style = writer.label;
    let label = |text: &str| Cell::centre(text, label_style);
    let applicant = &facts.applicant;
    let representative = &applicant.representative;
    let mut table = Table::new(&[26.0, 48.0, 26.0, 48.0]);
    let wide = |table: &mut Table, name: &str, value: &str| {
        table.row(row, vec![label(name), Cell::left(value, hand).across(3)]);
    };
    let pair = |table: &mut Table, a: &str, b: &str, c: &str, d: &str| {
        table.row(row, vec![label(a), Cell::left(b, hand), label(c), Cell::left(d, hand)]);
    };
    wide(&mut table, "申请人名称", &applicant.name);
    if applicant.kind == ApplicantKind::Person {
        pair(
            &mut table,
            "公民身份号码",
            &applicant.id_number,
            "联系电话",
            &representative.mobile,
        );
    } else {
        pair(
            &mut table,
            "统一社会信用代码",
            &applicant.id_number,
            "法定代表人",
            &representative.name,
        );
        pair(
            &mut table,
            "身份证号码",
            &representative.id_number,
            "联系电话",
            &representative.mobile,
        );
    }
    wide(&mut table, "住所（经营场所）", &applicant.address);
    pair(
        &mut table,
        "申请事项",
        facts.matter.name,
        "申请类型",
        &kinds(facts.plan.outcome),
    );
    let staff = writer.rng().random_range(2..180);
    pair(
        &mut table,
        "注册资本",
        &format!("{}万元人民币", facts.capital),
        "从业人数",
        &format!("{staff}人"),
    );
    pair(
        &mut table,
        "场所面积",
        &format!("{}平方米", facts.area),
        "审批机关",
        &facts.agency,
    );
    wide(&mut table, "申请许可内容", &format!("{}。", facts.scope));
    if let Some(agent) = &facts.agent {
        pair(&mut table, "委托代理人", &agent.name, "代理人证件号", &agent.id_number);
    }
    table.draw(&mut flow);
    equipment(writer, &mut flow);
    let mut table = Table::new(&[26.0, 122.0]);
    table.row(
        mm(26.0),
        vec![
            label("申请人承诺"),
            Cell::left("本单位（本人）承诺所提交的申请材料真实、合法、有效，复印件与原件一致，并对因提供虚假材料所引发的一切法律后果承担责任。", label_style)
                .hanging()
                .signed(format!("申请人（签章）：{}", representative.name), hand)
                .signed(numeric_date(facts.applied), hand),
        ],
    );
    table.row(
        mm(20.0),
        vec![
            label("受理意见"),
            Cell::left("材料齐全，符合法定形式，予以受理。", hand).hanging().signed(
                format!("经办人：{}  {}", facts.clerk.name, numeric_date(facts.accepted)),
                hand,
            ),
        ],
    );
    table.draw(&mut flow);
    flow.skip(4.0);
    flow.paragraph(
        "填表说明：1.本表一式两份，申请人和审批机关各执一份；2.请在所选项目前的方框内打勾；3.字迹应当清晰，不得涂改。",
        &NOTE,
        0.0,
        15.0,
    );
    flow.finish(false)
}

fn kinds(outcome: Outcome) -> String {
    let chosen = match outcome {
        Outcome::Renewed => 2,
        Outcome::Changed => 1,
        _ => 0,
    };
    let boxes = ["新办", "变更", "延续"].iter().enumerate();
    let texts: Vec<String> = boxes
        .map(|(at, name)| format!("{}{name}", if at == chosen { '■' } else { '□' }))
        .collect();
    texts.join(" ")
}

fn equipment(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let hand = writer.hand.sized(11.0);
    let label = writer.label;
    let head = label.sized(11.0);
    let mut table = Table::new(&[12.0, 44.0, 36.0, 18.0, 38.0]);
    table.row(mm(8.0), vec![Cell::centre("主要设备设施情况", label).across(5)]);
    let titles = ["序号", "名称", "规格型号", "数量", "备注"];
    table.row(mm(8.0), titles.iter().map(|t| Cell::centre(*t, head)).collect());
    let list = writer.facts.equipment.clone();
    for (number, name) in (1..).zip(list.iter().take(5)) {
        let rng = writer.rng();
        let letters = *pick(rng, &["LC", "XG", "YJ", "BX", "DZ", "HP"]);
        let model = format!(
            "{letters}-{}{}",
            rng.random_range(10..990),
            pick(rng, &["", "A", "B", "G"])
        );
        let count = rng.random_range(1..26).to_string();
        let bought = writer.facts.applied.year() - writer.rng().random_range(0..6);
        let remark = match writer.rng().random_range(0..4) {
            0 => format!("{bought}年购置"),
            1 => "租赁".to_owned(),
            2 => "检定合格".to_owned(),
            _ => "/".to_owned(),
        };
        let cells = [number.to_string(), (*name).to_owned(), model, count, remark];
        table.row(mm(7.6), cells.iter().map(|text| Cell::centre(text, hand)).collect());
    }
    table.draw(flow);
}

pub(super) fn review(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let hand = writer.hand.sized(13.0);
    let mut flow = writer.flow(Margins::FORM);
    flow.centred(&facts.agency, &writer.title_style().sized(18.0), 30.0);
    flow.centred("行政许可审查意见表", &writer.title_style(), 40.0);
    let label_style = writer.label;
    let label = |text: &str| Cell::centre(text, label_style);
    let row = mm(11.0);
    let mut table = Table::new(&[28.0, 48.0, 28.0, 44.0]);
    let applicant = &facts.applicant;
    table.row(row, vec![label("申请人"), Cell::left(&applicant.name, hand).across(3)]);
    table.row(
        row,
        vec![
            label("证件号码"),
            Cell::left(&applicant.id_number, hand.sized(12.0)),
            label("受理编号"),
            Cell::left(&facts.acceptance_number, hand),
        ],
    );
    table.row(
        row,
        vec![
            label("审批事项"),
            Cell::left(facts.matter.name, hand),
            label("受理日期"),
            Cell::left(numeric_date(facts.accepted), hand),
        ],
    );
    table.row(row, vec![label("许可内容"), Cell::left(&facts.scope, hand).across(3)]);
    let opinions = if facts.plan.outcome == Outcome::Refused {
        REFUSAL_OPINIONS.map(|text| writer.prose.fill(text))
    } else {
        [CLERK_OPINIONS, HEAD_OPINIONS, LEADER_OPINIONS].map(|list| writer.prose.one(list))
    };
    let [clerk, head, leader] = opinions;
    let check = writer.prose.fill(
        "现场核查时间：{inspected}。核查地点：{address}。核查结果：场所面积{area}平方米，{equipment}已安装调试，管理制度上墙，从业人员能够说明岗位职责。",
    );
    let signed = |cell: Cell, name: &str, date| {
        cell.hanging()
            .signed(format!("签名：{name}  {}", numeric_date(date)), hand)
    };
    let block = |text: &str| Cell::left(text, hand).across(3);
    table.row(
        mm(32.0),
        vec![
            label("现场核查情况"),
            signed(block(&check), &facts.second_clerk.name, facts.inspected),
        ],
    );
    table.row(
        mm(42.0),
        vec![
            label("承办人意见"),
            signed(block(&clerk), &facts.clerk.name, facts.inspected),
        ],
    );
    table.row(
        mm(34.0),
        vec![
            label("承办机构意见"),
            signed(block(&head), &facts.head.name, facts.decided),
        ],
    );
    table.row(
        mm(34.0),
        vec![
            label("分管领导意见"),
            signed(block(&leader), &facts.leader.name, facts.decided),
        ],
    );
    let remark = if facts.plan.outcome == Outcome::Refused {
        "无"
    } else {
        facts.licence_number.as_str()
    };
    table.row(row, vec![label("证书编号"), Cell::left(remark, hand).across(3)]);
    let centres = table.draw(&mut flow);
    if let Some((x, y)) = centres.get(7).copied() {
        writer.stamp(flow.sheet(), (x + mm(28.0), y + mm(6.0)));
    }
    flow.finish(false)
}

pub(super) fn contents(writer: &mut Writer<'_>, entries: &[ContentsEntry]) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::FORM);
    flow.centred("卷内目录", &writer.title_style().spaced(14.0), 44.0);
    let number = Style::new(Face::Song, 12.0, Role::Number);
    let (left, right, y) = (flow.left(), flow.right(), flow.y + 10.0);
    let desk = writer.desk;
    desk.left(
        flow.sheet(),
        &format!("档号：{}", facts.archival_code),
        &number,
        (left, y),
    );
    let retention = format!("保管期限：{}", facts.retention.label_zh());
    desk.right(flow.sheet(), &retention, &number, (right, y));
    flow.skip(18.0);
    let cell = Style::new(Face::Song, 11.0, Role::Cell);
    let mut table = Table::new(&writer.look.contents_columns());
    let titles = ["序号", "文号", "责任者", "题名", "日期", "页号", "备注"];
    table.head(
        mm(11.0),
        titles.iter().map(|t| Cell::centre(*t, writer.label)).collect(),
    );
    let mut last = 0;
    for (at, entry) in (1..).zip(entries) {
        let pages = if entry.last_page > entry.page && at == entries.len() {
            format!("{}-{}", entry.page, entry.last_page)
        } else {
            entry.page.to_string()
        };
        last = entry.last_page;
        let remark = *pick(writer.rng(), &["", "", "", "原件", "复印件"]);
        let date = format!(
            "{:04}{:02}{:02}",
            entry.date.year(),
            entry.date.month(),
            entry.date.day()
        );
        let left = |text: &str| Cell::left(text, cell);
        let centre = |text: &str| Cell::centre(text, cell);
        table.row(
            mm(13.0),
            vec![
                centre(&at.to_string()),
                left(&entry.number),
                left(&entry.author),
                left(&entry.title),
                centre(&date),
                centre(&pages),
                centre(remark),
            ],
        );
    }
    // Empty rows to the foot, as on the printed form.
    let rows = if writer.look.landscape { 7 } else { 13 };
    for _ in entries.len()..rows {
        table.row(mm(13.0), (0..7).map(|_| Cell::centre("", cell)).collect());
    }
    table.draw(&mut flow);
    flow.skip(6.0);
    let mut people = [&facts.clerk, &facts.second_clerk, &facts.head];
    people.shuffle(writer.rng());
    flow.paragraph(
        &format!(
            "本卷共{last}页，立卷人：{}，检查人：{}，归档部门：{}，立卷时间：{}",
            people[0].name,
            people[1].name,
            pick(writer.rng(), DEPARTMENTS),
            numeric_date(facts.served)
        ),
        &NOTE.sized(11.0),
        0.0,
        16.0,
    );
    flow.finish(false)
}
