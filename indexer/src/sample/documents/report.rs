//! Longer records: review report, inspection record, hearing minutes.

use juanzong::record::Outcome;
use rand::RngExt;

use super::super::facts::{numeric_date, pick};
use super::super::fonts::Face;
use super::super::paper::{Cell, Flow, Margins, Sheet, Style, Table, mm};
use super::super::truth::Role;
use super::super::vocabulary::names::{GIVEN, SURNAMES};
use super::super::vocabulary::prose::{HEARING, INSPECTION_ITEMS, REFUSAL_GROUNDS, REPORT};
use super::Writer;
use super::decision::NUMERALS;

/// The reasons at length, about `length` pages.
pub(super) fn report(writer: &mut Writer<'_>, length: u32) -> Vec<Sheet> {
    let facts = writer.facts;
    let refused = facts.plan.outcome == Outcome::Refused;
    let mut flow = writer.flow(Margins::OFFICIAL);
    let title = format!("关于{}申请{}的审查报告", facts.applicant.name, facts.matter.name);
    flow.centred(&title, &writer.title_style(), 34.0);
    flow.skip(writer.leading * 0.7);
    let opening = writer.prose.fill(
        "{applied}，{applicant}向我局申请{matter}。{department}指定{clerk}、{second}组成审查小组，依法对申请材料和现场情况进行了全面审查，现将有关情况报告如下。",
    );
    writer.paragraph(&mut flow, &opening);
    let heading = Style::new(Face::Hei, 16.0, Role::Heading);
    let each = 2 + length as usize;
    let mut numerals = NUMERALS.iter();
    let leading = writer.leading;
    let mut section = |flow: &mut Flow<'_>, name: &str| {
        flow.need(leading * 2.0);
        let numeral = numerals.next().copied().unwrap_or("十");
        flow.paragraph(&format!("{numeral}、{name}"), &heading, 2.0, leading);
    };
    for (name, sentences) in REPORT {
        section(&mut flow, name);
        let sentences = writer.prose.some(sentences, each);
        for group in sentences.chunks(2 + each % 2) {
            writer.paragraph(&mut flow, &group.concat());
        }
        if length > 3 && *name == "现场核查情况" {
            writer.paragraph(&mut flow, "现场核查逐项结果见下表：");
            items(writer, &mut flow, INSPECTION_ITEMS.len());
            flow.skip(8.0);
        }
    }
    if refused {
        section(&mut flow, "不符合法定条件的事实");
        for ground in writer.prose.some(REFUSAL_GROUNDS, each) {
            writer.paragraph(&mut flow, &ground);
        }
    }
    section(&mut flow, "审查结论");
    let conclusion = if refused {
        "综上，审查小组认为，{applicant}的申请不符合《{law}》{article}规定的条件，建议依法作出不予行政许可的决定，并书面说明理由，告知申请人依法享有的权利。"
    } else {
        "综上，审查小组认为，{applicant}的申请符合《{law}》{article}规定的条件，材料齐全、程序合法，建议依法作出准予行政许可的决定，核发{licence}。"
    };
    let conclusion = writer.prose.fill(conclusion);
    writer.paragraph(&mut flow, &conclusion);
    writer.paragraph(&mut flow, "以上报告妥否，请审定。");
    flow.need(writer.leading * 4.0);
    flow.skip(writer.leading);
    let style = Style {
        role: Role::Signature,
        ..writer.body
    };
    flow.right_line(
        &format!("审查人员：{}  {}", facts.clerk.name, facts.second_clerk.name),
        &style,
        32.0,
        writer.leading,
    );
    flow.right_line(&numeric_date(facts.decided), &style, 32.0, writer.leading);
    flow.finish(true)
}

/// Table of inspected items.
fn items(writer: &mut Writer<'_>, flow: &mut Flow<'_>, count: usize) {
    let label = Style::new(Face::Song, 12.0, Role::Label);
    let cell = Style::new(Face::Song, 12.0, Role::Cell);
    let hand = writer.hand;
    let mut table = Table::new(&[12.0, 30.0, 78.0, 26.0]);
    let titles = ["序号", "核查项目", "核查要求", "结果"];
    table.head(mm(9.0), titles.iter().map(|t| Cell::centre(*t, label)).collect());
    let refused = writer.facts.plan.outcome == Outcome::Refused;
    for (number, (name, demand)) in (1..).zip(INSPECTION_ITEMS.iter().take(count)) {
        let failed = refused && writer.rng().random_bool(0.4);
        let result = if failed {
            "不符合"
        } else {
            *pick(writer.rng(), &["符合", "符合", "符合", "基本符合"])
        };
        table.row(
            mm(8.6),
            vec![
                Cell::centre(number.to_string(), cell),
                Cell::left(*name, cell),
                Cell::left(*demand, cell),
                Cell::centre(result, hand),
            ],
        );
    }
    table.draw(flow);
}

/// 现场核查记录表
pub(super) fn inspection(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let hand = writer.hand.sized(13.0);
    let label = Style::new(Face::Song, 12.0, Role::Label);
    let mut flow = writer.flow(Margins::FORM);
    flow.centred("现场核查记录表", &writer.title_style(), 42.0);
    let name = |text: &str| Cell::centre(text, label);
    let mut table = Table::new(&[28.0, 48.0, 28.0, 44.0]);
    table.row(
        mm(10.0),
        vec![name("申请人"), Cell::left(&facts.applicant.name, hand).across(3)],
    );
    table.row(
        mm(10.0),
        vec![name("核查地点"), Cell::left(&facts.applicant.address, hand).across(3)],
    );
    table.row(
        mm(10.0),
        vec![
            name("核查事项"),
            Cell::left(facts.matter.name, hand),
            name("核查日期"),
            Cell::left(numeric_date(facts.inspected), hand),
        ],
    );
    table.row(
        mm(10.0),
        vec![
            name("核查人员"),
            Cell::left(format!("{}  {}", facts.clerk.name, facts.second_clerk.name), hand),
            name("陪同人员"),
            Cell::left(&facts.applicant.representative.name, hand),
        ],
    );
    table.draw(&mut flow);
    items(writer, &mut flow, 10);
    let findings = writer.prose.some(REPORT[2].1, 4).concat();
    let verdict = if facts.plan.outcome == Outcome::Refused {
        "核查结论：不合格。"
    } else {
        "核查结论：合格。"
    };
    let mut table = Table::new(&[28.0, 120.0]);
    table.row(
        mm(40.0),
        vec![
            name("核查情况及结论"),
            Cell::left(findings, hand)
                .hanging()
                .and(verdict, hand)
                .signed(
                    format!("核查人员：{}  {}", facts.clerk.name, facts.second_clerk.name),
                    hand,
                )
                .signed(numeric_date(facts.inspected), hand),
        ],
    );
    table.row(
        mm(22.0),
        vec![
            name("申请人意见"),
            Cell::left("以上记录已阅，情况属实。", hand).hanging().signed(
                format!(
                    "{}  {}",
                    facts.applicant.representative.name,
                    numeric_date(facts.inspected)
                ),
                hand,
            ),
        ],
    );
    table.draw(&mut flow);
    flow.finish(false)
}

/// 听证笔录
pub(super) fn hearing(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::OFFICIAL);
    flow.centred("行政许可听证笔录", &writer.title_style(), 40.0);
    flow.skip(writer.leading * 0.4);
    let neighbour = format!("{}{}", pick(writer.rng(), SURNAMES), pick(writer.rng(), GIVEN));
    let room = writer.rng().random_range(201..512);
    let small = writer.body.sized(14.0);
    for line in [
        format!("听证事项：{}申请", facts.matter.name),
        format!("时间：{}上午九时", numeric_date(facts.inspected)),
        format!("地点：{}{room}会议室", facts.agency),
        format!("主持人：{}，记录员：{}", facts.head.name, facts.second_clerk.name),
        format!(
            "申请人：{}，到场代表：{}",
            facts.applicant.name, facts.applicant.representative.name
        ),
        format!("利害关系人：{neighbour}，审查人员：{}", facts.clerk.name),
    ] {
        flow.paragraph(&line, &small, 0.0, 25.0);
    }
    flow.skip(8.0);
    writer.paragraph(
        &mut flow,
        "主持人：现在宣布听证会开始。各方对主持人、记录员是否申请回避？（均答：不申请回避。）下面告知听证参加人的权利和义务。",
    );
    for (question, answer) in HEARING {
        let question = writer.prose.fill(question);
        let answer = writer.prose.fill(answer);
        writer.paragraph(&mut flow, &format!("问：{question}"));
        writer.paragraph(&mut flow, &format!("答：{answer}"));
    }
    writer.paragraph(
        &mut flow,
        "主持人：听证会到此结束。请各方核对笔录，确认无误后签字；认为有遗漏或者差错的，可以要求补充、改正。",
    );
    flow.skip(writer.leading * 0.6);
    let style = Style {
        role: Role::Signature,
        ..writer.hand.sized(16.0)
    };
    flow.paragraph(
        &format!(
            "申请人：{}  利害关系人：{neighbour}",
            facts.applicant.representative.name
        ),
        &style,
        0.0,
        writer.leading,
    );
    flow.paragraph(
        &format!("主持人：{}  {}", facts.head.name, numeric_date(facts.inspected)),
        &style,
        0.0,
        writer.leading,
    );
    flow.finish(true)
}
