//! Letters: acceptance, supplement, and the applicant's withdrawal.

use rand::RngExt;

use super::super::facts::numeric_date;
use super::super::fonts::Face;
use super::super::paper::{Flow, Margins, RED, Sheet, Style, mm};
use super::super::truth::Role;
use super::super::vocabulary::prose::SUPPLEMENTS;
use super::Writer;

pub(super) fn acceptance(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = head(
        writer,
        "行政许可申请受理通知书",
        &format!("受理编号：{}", facts.acceptance_number),
    );
    writer.address(&mut flow);
    let you = facts.you();
    writer.paragraph(
        &mut flow,
        &format!(
            "{you}于{}提出的{}申请，经审查，申请材料齐全，符合法定形式。根据《中华人民共和国行政许可法》第三十二条第一款第（五）项的规定，决定予以受理。",
            numeric_date(facts.applied),
            facts.matter.name
        ),
    );
    writer.paragraph(
        &mut flow,
        &format!(
            "本行政许可事项的法定办结时限为20个工作日，承诺办结时限为{}个工作日，自{}起计算。检验、检测、检疫、鉴定和专家评审所需时间不计算在内。",
            facts.promised_days,
            numeric_date(facts.accepted)
        ),
    );
    writer.paragraph(&mut flow, "收到的申请材料目录：");
    let mut materials = vec![
        "行政许可申请表（原件2份）".to_owned(),
        "申请人身份证明复印件".to_owned(),
    ];
    materials.extend(facts.matter.materials.iter().map(|m| (*m).to_owned()));
    for (number, material) in (1..).zip(&materials) {
        let copies = writer.rng().random_range(1..30);
        let text = if number < 3 {
            format!("{number}. {material}")
        } else {
            format!("{number}. {material}（{copies}页）")
        };
        writer.paragraph(&mut flow, &text);
    }
    flow.skip(writer.leading * 0.5);
    let small = writer.body.sized(14.0);
    let mut lines = vec![
        format!("申请人：{}", facts.applicant.name),
        format!("{}：{}", facts.id_label(), facts.applicant.id_number),
    ];
    if let Some(agent) = &facts.agent {
        lines.push(format!("委托代理人：{}，联系电话：{}", agent.name, agent.mobile));
    }
    lines.push(format!("经办人：{}，查询电话：{}", facts.clerk.name, facts.telephone));
    for line in lines {
        flow.paragraph(&line, &small, 2.0, 24.0);
    }
    writer.sign(&mut flow, facts.accepted);
    flow.finish(false)
}

pub(super) fn supplement(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let number = format!(
        "{}补告字〔{}〕{}号",
        facts.agency_word,
        facts.applied.year(),
        writer.rng().random_range(1..300)
    );
    let mut flow = head(writer, "申请材料补正告知书", &number);
    writer.address(&mut flow);
    let you = facts.you();
    writer.paragraph(
        &mut flow,
        &format!(
            "{you}于{}向本机关提出{}申请。经审查，申请材料不齐全、不符合法定形式。根据《中华人民共和国行政许可法》第三十二条第一款第（四）项的规定，现一次告知需要补正的内容如下：",
            numeric_date(facts.applied),
            facts.matter.name
        ),
    );
    let count = writer.rng().random_range(2..5);
    let asked = writer.prose.some(SUPPLEMENTS, count);
    let last = asked.len().saturating_sub(1);
    for (at, text) in asked.iter().enumerate() {
        let end = if at == last { "。" } else { "；" };
        writer.paragraph(&mut flow, &format!("{}. {text}{end}", at + 1));
    }
    writer.paragraph(
        &mut flow,
        "请自收到本告知书之日起五个工作日内补正；逾期未补正又无正当理由的，视为撤回申请。补正期间不计入办理时限。",
    );
    writer.paragraph(
        &mut flow,
        &format!(
            "联系人：{}，联系电话：{}，办公地点：{}政务服务中心二楼。",
            facts.clerk.name, facts.telephone, facts.county.name
        ),
    );
    writer.sign(&mut flow, facts.applied);
    flow.finish(false)
}

/// The applicant's own letter: no head, no seal of an agency, set as if written by hand.
pub(super) fn withdrawal(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::OFFICIAL);
    let hand = Style::new(Face::Kai, 17.0, Role::Body);
    flow.centred("撤回行政许可申请书", &writer.title_style(), 40.0);
    flow.skip(writer.leading);
    flow.paragraph(&format!("{}：", facts.agency), &hand, 0.0, 32.0);
    let (who, we) = if facts.you() == "你" {
        ("本人", "本人")
    } else {
        ("我单位", "我方")
    };
    let reason = *super::super::facts::pick(
        writer.rng(),
        &[
            "由于经营计划调整，原定场所不再租用",
            "因合伙人退出，资金未能按期到位",
            "因道路改造，拟办场所列入征收范围",
            "因家庭原因暂时不能从事该项经营",
        ],
    );
    let text = format!(
        "{who}于{}向贵局提交了{}申请，受理编号为{}。{reason}，经慎重考虑，自愿撤回该项申请，请予准许。",
        numeric_date(facts.applied),
        facts.matter.name,
        facts.acceptance_number
    );
    flow.paragraph(&text, &hand, 2.0, 32.0);
    flow.paragraph(
        &format!("{we}知悉撤回以后原申请不再办理，如需从事该项活动应当重新申请，并对由此产生的后果自行负责。"),
        &hand,
        2.0,
        32.0,
    );
    flow.paragraph("请将已提交的原件材料退还，联系方式如下：", &hand, 2.0, 32.0);
    let representative = &facts.applicant.representative;
    flow.paragraph(&format!("电话：{}", representative.mobile), &hand, 2.0, 32.0);
    flow.paragraph(&format!("地址：{}", facts.applicant.address), &hand, 2.0, 32.0);
    flow.skip(writer.leading);
    let signature = Style {
        role: Role::Signature,
        ..hand
    };
    flow.right_line(&format!("申请人：{}", facts.applicant.name), &signature, 20.0, 32.0);
    flow.right_line(
        &format!("身份证号：{}", representative.id_number),
        &signature,
        20.0,
        32.0,
    );
    flow.right_line(&numeric_date(facts.inspected), &signature, 20.0, 32.0);
    flow.finish(false)
}

/// Agency, title and number at the top of a letter.
fn head<'a>(writer: &mut Writer<'a>, title: &str, number: &str) -> Flow<'a> {
    let mut flow = writer.flow(Margins::OFFICIAL);
    let red = writer.rng().random_bool(0.4);
    let mut style = writer.title_style();
    if red {
        style = Style::new(Face::Title, 26.0, Role::RedHead).coloured(RED);
    }
    flow.centred(&writer.facts.agency, &style, 38.0);
    if red {
        let (left, right, y) = (flow.left(), flow.right(), flow.y + 4.0);
        flow.sheet().rule((left, y), (right, y), mm(0.8), RED);
        flow.skip(18.0);
    }
    flow.centred(title, &writer.title_style(), 38.0);
    flow.skip(6.0);
    let number_style = writer.number_style();
    flow.right_line(number, &number_style, 0.0, writer.leading);
    flow.skip(writer.leading * 0.4);
    flow
}
