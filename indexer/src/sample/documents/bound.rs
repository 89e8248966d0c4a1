//! Papers that only volumes hold: cover, remarks, copies without a title, and annexes that name other papers.

use super::super::Error;
use super::super::facts::{Facts, numeric_date, random};
use super::super::fonts::{Face, Fonts};
use super::super::paper::{Desk, Margins, Sheet, Style};
use super::super::truth::Role;
use super::super::vocabulary::prose::SUPPLEMENTS;
use super::{Look, Writer};

/// A paper that only volumes hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Extra {
    /// 封面
    Cover,
    /// 卷内备考表, the last page of a volume.
    Remarks,
    /// A copy of something handed in: text without a title.
    Copy,
    /// Two pages behind a decision, one that begins with the names of other papers, one with a quoted title.
    Annex,
}

/// Writes such a paper.
///
/// # Errors
/// [`Error::GlyphMissing`] when a character is in none of the fonts.
pub(in crate::sample) fn write_extra(
    extra: Extra,
    facts: &Facts,
    fonts: &Fonts,
    part: u32,
) -> Result<Vec<Sheet>, Error> {
    let desk = Desk::new(fonts);
    let look = Look::of(facts);
    let mut writer = Writer::new(facts, &desk, random(0, part, 0x3_0000), 1.0, look);
    let sheets = match extra {
        Extra::Cover => cover(&mut writer),
        Extra::Remarks => remarks(&mut writer),
        Extra::Copy => copy(&mut writer),
        Extra::Annex => annex(&mut writer),
    };
    desk.check()?;
    Ok(sheets)
}

fn cover(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::OFFICIAL);
    let large = Style::new(Face::Title, 30.0, Role::Title);
    flow.skip(60.0);
    flow.centred(&facts.agency, &writer.title_style(), 44.0);
    flow.centred("行政许可案卷", &large.spaced(8.0), 80.0);
    flow.skip(60.0);
    for text in [
        format!("题名：{}", facts.title),
        format!("档号：{}", facts.archival_code),
        format!("保管期限：{}", facts.retention.label_zh()),
        format!("立卷日期：{}", numeric_date(facts.served)),
    ] {
        flow.paragraph(&text, &writer.body, 2.0, 40.0);
    }
    flow.finish(false)
}

fn remarks(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::FORM);
    flow.centred("卷内备考表", &writer.title_style().spaced(8.0), 60.0);
    writer.paragraph(
        &mut flow,
        "本卷情况说明：本卷材料齐全，排列有序，页号连续，无缺页、破损。",
    );
    flow.skip(200.0);
    for text in [
        format!("立卷人：{}", facts.clerk.name),
        format!("检查人：{}", facts.second_clerk.name),
        format!("立卷时间：{}", numeric_date(facts.served)),
    ] {
        flow.right_line(&text, &writer.body, 40.0, 32.0);
    }
    flow.finish(false)
}

fn copy(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut flow = writer.flow(Margins::OFFICIAL);
    flow.skip(120.0);
    for text in [
        format!("姓名  {}", facts.applicant.representative.name),
        format!("住址  {}", facts.county.name),
        "此件与原件核对无误，仅供办理本次许可使用。".to_owned(),
        format!("核对人：{}  {}", facts.clerk.name, numeric_date(facts.applied)),
    ] {
        flow.paragraph(&text, &writer.body, 4.0, 44.0);
    }
    flow.finish(false)
}

fn annex(writer: &mut Writer<'_>) -> Vec<Sheet> {
    let facts = writer.facts;
    let mut sheets = Vec::new();
    let mut flow = writer.flow(Margins::OFFICIAL);
    writer.paragraph(&mut flow, "附件");
    for (number, name) in (1..).zip(["行政许可申请表", "行政许可申请受理通知书", "现场核查记录表", "送达回证"])
    {
        writer.paragraph(&mut flow, &format!("{number}. {name}"));
    }
    writer.paragraph(
        &mut flow,
        &format!("以上材料由{}提交，存卷备查。", facts.applicant.name),
    );
    sheets.extend(flow.finish(true));
    let mut flow = writer.flow(Margins::OFFICIAL);
    // A sentence that breaks so that the page begins with the title of another paper.
    writer.paragraph(&mut flow, "《行政许可申请受理通知书》");
    writer.paragraph(&mut flow, "不予行政许可决定书");
    for text in SUPPLEMENTS.iter().take(4) {
        writer.paragraph(&mut flow, text);
    }
    sheets.extend(flow.finish(true));
    sheets
}
