//! 申请人: name and kind.

use juanzong::record::{ApplicantKind, DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, is_han, text};
use super::labels::{Label, Labelled, Place, label, labelled, name_of};
use super::reading::{Reading, by};

const LABELS: &[Label] = &[
    label("申请人名称"),
    label("申请人姓名"),
    label("申请单位名称"),
    label("申请单位"),
    label("申请企业"),
    label("申请人"),
    label("受送达人"),
    label("被送达人"),
    label("行政相对人"),
    label("行政相对人名称"),
    label("当事人"),
    label("被许可人"),
    label("被核查单位"),
    label("被检查单位"),
    label("经营者名称"),
    label("生产者名称"),
    label("单位名称"),
    label("企业名称"),
    label("机构名称"),
    label("学校名称"),
    label("业户名称"),
    label("取水权人名称"),
    label("取水权人"),
    label("采矿权人"),
    label("建设单位"),
    label("用地单位"),
    label("采伐单位"),
    label("项目单位"),
    label("持证单位"),
    label("经营单位"),
    label("生产单位"),
    label("使用单位"),
    label("购买单位"),
    label("运输单位"),
    label("取水单位"),
    label("排污单位"),
    label("许可证持有人"),
    label("持证人"),
    label("权利人"),
    label("收件人"),
    label("委托人"),
    label("名称"),
    label("字号名称"),
    label("姓名"),
];
/// Labels that other papers have for other people.
const WEAK: &[(&str, f32)] = &[
    ("建设单位", 0.92),
    ("项目单位", 0.9),
    ("收件人", 0.85),
    ("委托人", 0.8),
    ("姓名", 0.75),
];
/// Endings of the names of organisations.
const ORGANISATIONS: &[&str] = &[
    "公司",
    "集团",
    "合作社",
    "联合社",
    "厂",
    "店",
    "部",
    "行",
    "社",
    "中心",
    "医院",
    "诊所",
    "门诊部",
    "卫生院",
    "卫生室",
    "学校",
    "学院",
    "小学",
    "中学",
    "幼儿园",
    "协会",
    "学会",
    "商会",
    "基金会",
    "研究院",
    "研究所",
    "事务所",
    "馆",
    "城",
    "楼",
    "院",
    "场",
    "站",
    "园",
    "坊",
    "铺",
    "屋",
    "吧",
    "庄",
    "池",
    "栈",
    "宿",
    "室",
    "处",
    "所",
    "局",
    "委员会",
    "政府",
    "超市",
    "酒店",
    "宾馆",
    "会",
    "咖",
    "厅",
    "点",
    "村",
    "社区",
    "企业",
    "大队",
    "公寓",
    "矿",
    "窑",
    "电站",
    "农庄",
    "合作联社",
    "个人独资）",
    "有限合伙）",
    "合伙）",
    "普通合伙）",
    "个体工商户）",
];
/// Endings of organisations that are legal persons, whatever their number.
const LEGAL_PERSONS: &[&str] = &["公司", "合作社", "联合社", "集团", "基金会"];
/// Longest name.
const LONGEST: usize = 50;

/// Whether this is the name of an organisation rather than of a person.
pub(super) fn is_organisation(name: &str) -> bool {
    let long = name.chars().count() >= 5;
    long && ORGANISATIONS.iter().any(|ending| name.ends_with(ending)) || name.ends_with("公司")
}

/// Names of persons are two to four characters, of minorities longer and with a dot.
fn is_person(name: &str) -> bool {
    let count = name.chars().count();
    let dotted = name.contains('·') && (3..=20).contains(&count);
    let han = name.chars().all(|c| is_han(c) || c == '·');
    const NO_NAMES: [&str; 25] = [
        "签名", "盖章", "签章", "单位", "姓名", "名称", "日期", "意见", "承诺", "无", "申请", "受理", "编号", "地址",
        "电话", "机关", "代表", "如下", "内容", "抄送", "规格", "型号", "数量", "备注", "序号",
    ];
    han && ((2..=4).contains(&count) || dotted) && !NO_NAMES.iter().any(|word| name.contains(word))
}

/// Behind its label, and as the one to whom a letter is addressed. Gives the name that is most likely.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) -> Option<String> {
    let before = facts.len();
    if kind != DocumentKind::Contents {
        addressed(reading, kind, facts);
        by_label(reading, kind, facts);
        by_number_behind(reading, facts);
    }
    let found = facts.get(before..).unwrap_or_default();
    let best = found
        .iter()
        .filter(|f| f.field == FieldName::ApplicantName)
        .max_by(|a, b| a.confidence().total_cmp(&b.confidence()));
    best.map(|fact| fact.value.clone())
}

fn by_label(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let mut given = 0;
    for labelled in labelled(reading, LABELS) {
        // `名称` is a column of lists, too: of equipment, of materials.
        let wide = matches!(labelled.label, "名称" | "姓名");
        let listed = wide && !matches!(kind, DocumentKind::Licence | DocumentKind::Application);
        if listed || given >= 6 {
            continue;
        }
        let name = name_of(reading, &labelled, LONGEST);
        let written = text(name);
        // Who signs for an organisation is not the applicant.
        let signed = ["签", "章", "字"].iter().any(|word| labelled.remark.contains(word));
        if signed && !is_organisation(&written) {
            continue;
        }
        // Under a label that was left blank the text goes on: a person's name fills the line it begins.
        let cut = name.first().is_some_and(|first| {
            let line = &reading.lines[first.line].glyphs;
            line.first().map(|g| g.at) == Some(first.at) && name.len() < line.len()
        });
        let weight = if is_organisation(&written) {
            0.97
        } else if is_person(&written) && (labelled.place == Place::Form || !cut) {
            0.93
        } else if written.chars().count() > 5 && fills(reading, &labelled, name) {
            0.8
        } else {
            continue;
        };
        let weak = labelled.label == "名称" && kind != DocumentKind::Licence;
        let weight = if weak { weight * 0.7 } else { weight };
        let label = WEAK.iter().find(|(label, _)| *label == labelled.label);
        let weight = label.map_or(weight, |(_, worth)| weight * worth);
        let by = by("applicant.label", weight * labelled.worth());
        facts.push(reading.fact(FieldName::ApplicantName, written, name, by));
        given += 1;
    }
}

/// Whether the name is all that stands at its label: the whole cell, or the rest of the line behind the colon.
fn fills(reading: &Reading<'_>, labelled: &Labelled, name: &[Glyph]) -> bool {
    match (labelled.place, name.first(), name.last()) {
        (Place::Form, ..) => true,
        (Place::Behind, Some(first), Some(last)) => {
            let line = &reading.lines[first.line].glyphs;
            let starts = line.first().map(|g| g.at) == Some(first.at);
            first.line == last.line && !starts && line.last().map(|g| g.at) == Some(last.at)
        }
        _ => false,
    }
}

/// `申请人某某公司（统一社会信用代码…）` in running text: an organisation is told by the number in brackets behind it.
fn by_number_behind(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    const NUMBER: [&str; 3] = ["（统一社会信用代码", "（社会信用代码", "（信用代码"];
    for flow in &reading.flows {
        for at in (0..flow.len()).filter(|at| flow[*at].c == '（') {
            let behind = text(&flow[at..flow.len().min(at + 12)]);
            if !NUMBER.iter().any(|words| behind.starts_with(words)) {
                continue;
            }
            let most = at.saturating_sub(LONGEST);
            let count = flow[most..at].iter().rev().take_while(|g| is_han(g.c)).count();
            let before = &flow[at - count..at];
            let written = text(before);
            // The name begins behind the last word that says who is meant.
            let lead = ["申请人", "相对人", "被许可人", "当事人"].iter().filter_map(|word| {
                let (head, tail) = written.rsplit_once(word)?;
                Some((head.chars().count() + word.chars().count(), tail.to_owned()))
            });
            if let Some((start, name)) = lead
                .max_by_key(|(start, _)| *start)
                .filter(|(_, name)| is_organisation(name))
            {
                let by = by("applicant.number_behind", 0.88);
                facts.push(reading.fact(FieldName::ApplicantName, name, &before[start..], by));
                return;
            }
        }
    }
}

/// `某某公司：` before the letter proper.
fn addressed(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let letter = matches!(
        kind,
        DocumentKind::Decision
            | DocumentKind::AcceptanceNotice
            | DocumentKind::SupplementNotice
            | DocumentKind::Hearing
    );
    if !letter {
        return;
    }
    for (at, line) in reading.first_page().iter().enumerate().take(14) {
        let Some(count) = line
            .glyphs
            .len()
            .checked_sub(1)
            .filter(|_| line.compact.ends_with('：'))
        else {
            continue;
        };
        let mut name: Vec<Glyph> = line.glyphs[..count].to_vec();
        // A long name goes on from the line before.
        if let Some(former) = at
            .checked_sub(1)
            .and_then(|before| reading.lines.get(before))
            .filter(|l| l.full)
            && former.glyphs.iter().all(|g| is_han(g.c) || "（）".contains(g.c))
            && !is_organisation(&former.compact)
            && is_organisation(&text(&name))
            && count < 12
            && !former.compact.ends_with(['书', '局', '定'])
        {
            name = former.glyphs.iter().copied().chain(name).collect();
        }
        // `王小明先生：`
        for polite in ["先生", "女士", "同志"] {
            if name.len() > 3 && text(&name).ends_with(polite) {
                name.truncate(name.len() - 2);
            }
        }
        let written = text(&name);
        let plain = written.chars().all(|c| c.is_alphanumeric() || "（）·".contains(c));
        let by = match (plain, is_organisation(&written), is_person(&written)) {
            (true, true, _) => by("applicant.addressed", 0.985),
            (true, _, true) => by("applicant.addressed_person", 0.96),
            _ => continue,
        };
        facts.push(reading.fact(FieldName::ApplicantName, written, &name, by));
        return;
    }
}

/// 申请人类型 of the applicants found, by their numbers and names.
pub(super) fn kinds(facts: &mut Vec<Fact>) {
    let mut found = Vec::new();
    for fact in facts.iter() {
        let kind = match fact.field {
            FieldName::ApplicantIdNumber if fact.origin.ends_with("check_failed") => None,
            FieldName::ApplicantIdNumber => by_number(&fact.value).map(|kind| (kind, "applicant_kind.number", 0.97)),
            FieldName::ApplicantName => by_name(&fact.value),
            _ => None,
        };
        let Some((kind, rule, weight)) = kind else { continue };
        if found.iter().any(|f: &Fact| f.origin == rule && f.value == kind.code()) {
            continue;
        }
        let mut evidence = fact.evidence.clone();
        if let Some(evidence) = &mut evidence {
            evidence.confidence *= weight;
        }
        found.push(Fact {
            field: FieldName::ApplicantKind,
            value: kind.code().to_owned(),
            // What was read may be a person's number: the fact that it comes from shows it masked.
            as_read: None,
            origin: rule.to_owned(),
            evidence,
            ..fact.clone()
        });
    }
    facts.append(&mut found);
}

/// GB 32100-2015: the first two characters of a credit code say who registers what.
fn by_number(number: &str) -> Option<ApplicantKind> {
    let mut characters = number.chars();
    match (characters.next()?, characters.next()?) {
        _ if juanzong::record::IdNumber::parse(number).is_some() => Some(ApplicantKind::Person),
        ('9', '1' | '3') | ('5', '1' | '3') | ('1', _) => Some(ApplicantKind::LegalPerson),
        ('9', '2') | ('5', '2' | '9') => Some(ApplicantKind::Organisation),
        _ => None,
    }
}

fn by_name(name: &str) -> Option<(ApplicantKind, &'static str, f32)> {
    if LEGAL_PERSONS.iter().any(|ending| name.ends_with(ending)) {
        Some((ApplicantKind::LegalPerson, "applicant_kind.name", 0.95))
    } else if is_organisation(name) {
        Some((ApplicantKind::Organisation, "applicant_kind.name_weak", 0.6))
    } else if is_person(name) {
        Some((ApplicantKind::Person, "applicant_kind.name", 0.9))
    } else {
        None
    }
}
