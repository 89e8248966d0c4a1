//! Decisions (决定书) under a red head, in the form of GB/T 9704.

use juanzong::record::Outcome;
use rand::RngExt;

use super::super::facts::{Paper, numeric_date};
use super::super::fonts::Face;
use super::super::paper::{BLACK, Flow, Margins, RED, Sheet, Style, mm};
use super::super::truth::Role;
use super::super::vocabulary::prose::{CONDITIONS, REFUSAL_GROUNDS};
use super::Writer;

/// Numerals of enumerations.
pub(super) const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

pub(super) fn decision(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::OFFICIAL);
    let title = Paper::Decision.title(facts.plan.outcome);
    if writer.rng().random_bool(0.8) {
        red_head(writer, &mut flow);
        let about = match facts.plan.outcome {
            Outcome::Refused => "不予",
            Outcome::Withdrawn => "终止审查",
            Outcome::Renewed => "准予延续",
            Outcome::Changed => "准予变更",
            _ => "准予",
        };
        let title = if writer.rng().random_bool(0.5) {
            title.to_owned()
        } else {
            format!("关于{about}{}{}的决定", facts.applicant.name, facts.matter.name)
        };
        flow.centred(&title, &writer.title_style(), 34.0);
    } else {
        flow.centred(&facts.agency, &writer.title_style(), 36.0);
        flow.centred(title, &writer.title_style(), 36.0);
        flow.centred(&facts.document_number, &writer.number_style(), writer.leading);
    }
    flow.skip(writer.leading * 0.4);
    writer.address(&mut flow);
    match facts.plan.outcome {
        Outcome::Refused => refuse(writer, &mut flow),
        Outcome::Withdrawn => terminate(writer, &mut flow),
        _ => grant(writer, &mut flow),
    }
    writer.sign(&mut flow, facts.decided);
    if writer.rng().random_bool(0.5) {
        colophon(writer, &mut flow);
    }
    flow.finish(true)
}

/// Agency name in red, number, red rule.
fn red_head(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    let head = if writer.rng().random_bool(0.7) {
        format!("{}文件", facts.agency)
    } else {
        facts.agency.clone()
    };
    let style = Style::new(Face::Title, 34.0, Role::RedHead).coloured(RED);
    // As large as fits the text area, never narrower set than two thirds of an even head.
    let width = writer.desk.width(&head, &style);
    let size = (style.size * flow.width() / width).min(38.0);
    let style = style.sized(size);
    flow.centred(&head, &style, size * 1.5);
    flow.skip(writer.leading * 0.8);
    flow.centred(&facts.document_number, &writer.number_style(), writer.leading);
    flow.skip(4.0);
    let (left, right, y) = (flow.left(), flow.right(), flow.y);
    let thickness = mm(writer.rng().random_range(0.5..1.1));
    flow.sheet().rule((left, y), (right, y), thickness, RED);
    flow.skip(writer.leading * 0.8);
}

fn grant(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    let you = facts.you();
    let matter = facts.matter;
    let act = match facts.plan.outcome {
        Outcome::Renewed => "延续",
        Outcome::Changed => "变更",
        _ => "",
    };
    writer.paragraph(
        flow,
        &format!(
            "{you}于{}向本机关提出的{}{act}申请（受理编号：{}），本机关已于{}依法受理。经审查，{you}{}提交的申请材料齐全、符合法定形式，具备法定条件。",
            numeric_date(facts.applied),
            matter.name,
            facts.acceptance_number,
            numeric_date(facts.accepted),
            writer.applicant_in_brackets(),
        ),
    );
    let ground = if act.is_empty() {
        "第三十八条第一款"
    } else {
        "第五十条第二款"
    };
    let ground = if act == "变更" { "第四十九条" } else { ground };
    let laws: Vec<String> = matter
        .laws
        .iter()
        .map(|(law, article)| format!("《{law}》{article}"))
        .collect();
    writer.paragraph(
        flow,
        &format!(
            "根据{}以及《中华人民共和国行政许可法》{ground}的规定，本机关决定准予{you}{}{act}，具体事项如下：",
            laws.join("、"),
            matter.name,
        ),
    );
    let mut items = vec![
        format!("许可地址：{}", facts.applicant.address),
        format!("许可内容：{}", facts.scope),
    ];
    if facts.plan.outcome == Outcome::Changed {
        let former = writer.rng().random_range(20..90);
        items.push(format!("变更事项：面积由{former}平方米变更为{}平方米", facts.area));
    } else {
        items.push(format!(
            "场所面积：{}平方米，投资总额：人民币{}万元",
            facts.area, facts.capital
        ));
    }
    if let Some((from, until)) = facts.validity {
        items.push(format!("有效期限：自{}至{}", numeric_date(from), numeric_date(until)));
    }
    items.push(format!(
        "证书名称及编号：{}（{}）",
        matter.licence, facts.licence_number
    ));
    let last = items.len() - 1;
    for (at, (numeral, item)) in NUMERALS.iter().zip(&items).enumerate() {
        let end = if at == last { "。" } else { "；" };
        writer.paragraph(flow, &format!("{numeral}、{item}{end}"));
    }
    let condition = writer.prose.one(CONDITIONS);
    writer.paragraph(flow, &condition);
}

fn refuse(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    let you = facts.you();
    writer.paragraph(
        flow,
        &format!(
            "{you}{}于{}向本机关提出{}申请（受理编号：{}）。本机关受理后，指派{}、{}于{}进行了现场核查，并听取了{you}的陈述和申辩。",
            writer.applicant_in_brackets(),
            numeric_date(facts.applied),
            facts.matter.name,
            facts.acceptance_number,
            facts.clerk.name,
            facts.second_clerk.name,
            numeric_date(facts.inspected),
        ),
    );
    writer.paragraph(flow, "经审查，该申请存在下列不符合法定条件、标准的情形：");
    let count = writer.rng().random_range(3..6);
    for (numeral, ground) in NUMERALS.iter().zip(writer.prose.some(REFUSAL_GROUNDS, count)) {
        writer.paragraph(flow, &format!("（{numeral}）{ground}"));
    }
    let reason = writer.prose.fill(
        "上述事实，有现场核查笔录、照片、{material}、询问笔录等证据证实。{applicant}提出的有关意见，经复核不能成立，本机关不予采纳。",
    );
    writer.paragraph(flow, &reason);
    let law = writer.prose.fill(
        "依据《{law}》{article}和《中华人民共和国行政许可法》第三十八条第二款的规定，本机关决定不予许可。已提交的申请材料除依法存档的以外予以退回，条件具备后可以重新提出申请。",
    );
    writer.paragraph(flow, &law);
    remedies(writer, flow);
}

fn terminate(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    let you = facts.you();
    writer.paragraph(
        flow,
        &format!(
            "{you}{}于{}提出的{}申请（受理编号：{}），本机关于{}受理。审查期间，{you}以经营计划调整为由书面申请撤回。",
            writer.applicant_in_brackets(),
            numeric_date(facts.applied),
            facts.matter.name,
            facts.acceptance_number,
            numeric_date(facts.accepted),
        ),
    );
    writer.paragraph(
        flow,
        &format!(
            "经审查，该撤回申请系{you}真实意思表示，不损害国家利益、社会公共利益和他人合法权益。本机关决定准许撤回，终止对该申请的审查，原申请材料自本决定送达之日起十日内可到{}领回。",
            facts.department
        ),
    );
    remedies(writer, flow);
}

fn remedies(writer: &Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    // The term to sue was three months until the Administrative Litigation Law of 2014 (in force May 2015).
    let months = if facts.decided.year() < 2015 {
        "三个月"
    } else {
        "六个月"
    };
    writer.paragraph(
        flow,
        &format!(
            "如不服本决定，可以自收到本决定书之日起六十日内向{0}人民政府申请行政复议，也可以自收到本决定书之日起{months}内依法向{0}人民法院提起行政诉讼。",
            facts.county.name
        ),
    );
}

/// 版记: copies and issue, between rules at the foot of the last sheet.
fn colophon(writer: &mut Writer<'_>, flow: &mut Flow<'_>) {
    let facts = writer.facts;
    let row = 24.0;
    flow.need(row * 2.0 + 40.0);
    let style = Style {
        role: Role::Note,
        ..writer.body.sized(14.0)
    };
    let (left, right, bottom) = (flow.left(), flow.right(), flow.bottom());
    let top = bottom - 2.0 * row;
    let sheet = flow.sheet();
    for (y, thickness) in [(top, 0.35), (top + row, 0.25), (bottom, 0.35)] {
        sheet.rule((left, y), (right, y), mm(thickness), BLACK);
    }
    let copies = format!("抄送：{}人民政府办公室。", facts.county.name);
    let issued = format!("{}印发", numeric_date(facts.decided));
    let baseline = |y: f32| y + row / 2.0 + style.size * 0.36;
    writer
        .desk
        .left(sheet, &copies, &style, (left + style.size, baseline(top)));
    let y = baseline(top + row);
    // The office's name gives way where it would run into the date.
    let office = format!("{}办公室", facts.agency);
    let room = right - left - writer.desk.width(&issued, &style) - style.size * 4.0;
    let office_width = writer.desk.width(&office, &style);
    let office_style = style.sized(style.size * (room / office_width).min(1.0));
    writer.desk.left(sheet, &office, &office_style, (left + style.size, y));
    writer.desk.right(sheet, &issued, &style, (right - style.size, y));
}
