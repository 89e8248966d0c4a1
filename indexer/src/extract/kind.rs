//! 文种: what kind of paper a document is.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, one_wrong};
use super::reading::{By, Line, Reading, by, compact};

/// Title wordings; the first that fits wins, so narrower wordings stand before wider ones.
const TITLES: &[(&str, DocumentKind)] = &[
    ("卷内目录", DocumentKind::Contents),
    ("卷内文件目录", DocumentKind::Contents),
    ("案卷目录", DocumentKind::Contents),
    ("送达回证", DocumentKind::ServiceReceipt),
    ("送达回执", DocumentKind::ServiceReceipt),
    ("送达证", DocumentKind::ServiceReceipt),
    ("送达回单", DocumentKind::ServiceReceipt),
    ("签收单", DocumentKind::ServiceReceipt),
    ("备考表", DocumentKind::Other),
    ("补正", DocumentKind::SupplementNotice),
    ("补齐", DocumentKind::SupplementNotice),
    ("补充材料通知", DocumentKind::SupplementNotice),
    ("一次性告知", DocumentKind::SupplementNotice),
    ("一次告知", DocumentKind::SupplementNotice),
    ("不予受理", DocumentKind::AcceptanceNotice),
    ("受理通知", DocumentKind::AcceptanceNotice),
    ("受理决定书", DocumentKind::AcceptanceNotice),
    ("受理告知", DocumentKind::AcceptanceNotice),
    ("受理单", DocumentKind::AcceptanceNotice),
    ("受理回执", DocumentKind::AcceptanceNotice),
    ("受理凭证", DocumentKind::AcceptanceNotice),
    ("受理书", DocumentKind::AcceptanceNotice),
    ("听证", DocumentKind::Hearing),
    ("现场核查", DocumentKind::Inspection),
    ("现场检查", DocumentKind::Inspection),
    ("现场勘验", DocumentKind::Inspection),
    ("现场审查", DocumentKind::Inspection),
    ("实地核查", DocumentKind::Inspection),
    ("勘验笔录", DocumentKind::Inspection),
    ("核查记录", DocumentKind::Inspection),
    ("核查笔录", DocumentKind::Inspection),
    ("核查表", DocumentKind::Inspection),
    ("核查意见", DocumentKind::Inspection),
    ("现场踏勘", DocumentKind::Inspection),
    ("踏勘记录", DocumentKind::Inspection),
    ("勘查记录", DocumentKind::Inspection),
    ("勘查笔录", DocumentKind::Inspection),
    ("现场验收", DocumentKind::Inspection),
    ("现场评审", DocumentKind::Inspection),
    ("检查记录", DocumentKind::Inspection),
    ("检查笔录", DocumentKind::Inspection),
    ("查验记录", DocumentKind::Inspection),
    // What an applicant fills in may be called a form of approval as well.
    ("申请审批表", DocumentKind::Application),
    ("申请审核表", DocumentKind::Application),
    ("申报审批表", DocumentKind::Application),
    ("审查意见", DocumentKind::Review),
    ("审核意见", DocumentKind::Review),
    ("审查报告", DocumentKind::Review),
    ("审批表", DocumentKind::Review),
    ("审批单", DocumentKind::Review),
    ("审批意见", DocumentKind::Review),
    ("呈批表", DocumentKind::Review),
    ("集体讨论", DocumentKind::Review),
    ("评审意见", DocumentKind::Review),
    ("审核表", DocumentKind::Review),
    ("审查表", DocumentKind::Review),
    ("会签表", DocumentKind::Review),
    ("审查理由", DocumentKind::Review),
    ("理由说明", DocumentKind::Review),
    ("撤回行政许可申请决定", DocumentKind::Decision),
    ("撤回申请决定", DocumentKind::Decision),
    ("撤回行政许可申请", DocumentKind::Other),
    ("撤回申请", DocumentKind::Other),
    ("授权委托书", DocumentKind::Other),
    ("决定书", DocumentKind::Decision),
    ("的决定", DocumentKind::Decision),
    ("的批复", DocumentKind::Decision),
    ("批准书", DocumentKind::Decision),
    ("核准书", DocumentKind::Decision),
    ("同意书", DocumentKind::Decision),
    ("登记通知书", DocumentKind::Decision),
    ("核准通知书", DocumentKind::Decision),
    ("许可通知书", DocumentKind::Decision),
    ("注销通知书", DocumentKind::Decision),
    ("撤销通知书", DocumentKind::Decision),
    ("驳回通知书", DocumentKind::Decision),
    ("申请书", DocumentKind::Application),
    ("申请表", DocumentKind::Application),
    ("申报表", DocumentKind::Application),
    ("申报书", DocumentKind::Application),
    ("登记表", DocumentKind::Application),
    ("备案表", DocumentKind::Application),
    ("许可证", DocumentKind::Licence),
    ("营业执照", DocumentKind::Licence),
    ("经营证", DocumentKind::Licence),
    ("资格证", DocumentKind::Licence),
    ("登记证", DocumentKind::Licence),
    ("合格证", DocumentKind::Licence),
    ("执业证", DocumentKind::Licence),
    ("证书", DocumentKind::Licence),
    ("备案凭证", DocumentKind::Licence),
    ("备案证明", DocumentKind::Licence),
    ("备案证", DocumentKind::Licence),
    ("备案回执", DocumentKind::Licence),
    ("选址意见书", DocumentKind::Licence),
    ("采伐证", DocumentKind::Licence),
    ("养殖证", DocumentKind::Licence),
    ("使用证", DocumentKind::Licence),
    ("运输证", DocumentKind::Licence),
    ("权证", DocumentKind::Licence),
];
/// Wordings of running text, by which pages without a title are known: kind, words, how many of them must occur.
const WORDINGS: &[(DocumentKind, &[&str], usize)] = &[
    (
        DocumentKind::ServiceReceipt,
        &["受送达人", "送达地点", "送达方式", "送达人", "收件人签名"],
        3,
    ),
    (DocumentKind::Contents, &["责任者", "题名", "页号", "本卷共", "立卷"], 3),
    (
        DocumentKind::Review,
        &[
            "裁量",
            "审查小组",
            "本机关认为",
            "比例原则",
            "综上",
            "建议依法",
            "承办人意见",
            "分管领导意见",
            "专家评审组",
        ],
        2,
    ),
    (
        DocumentKind::Decision,
        &[
            "本机关决定准予",
            "本机关决定不予",
            "申请行政复议",
            "提起行政诉讼",
            "决定不予许可",
        ],
        2,
    ),
    (
        DocumentKind::AcceptanceNotice,
        &["决定予以受理", "承诺办结时限", "收到的申请材料"],
        2,
    ),
    (
        DocumentKind::Licence,
        &[
            "发证机关",
            "许可范围",
            "许可事项",
            "经营项目",
            "有效期至",
            "经营范围",
            "登记机关",
        ],
        3,
    ),
    (
        DocumentKind::Application,
        &["申请人承诺", "填表说明", "申请类型", "申请事项", "委托代理人"],
        3,
    ),
    (
        DocumentKind::Inspection,
        &["核查结论", "核查人员", "核查项目", "陪同人员"],
        2,
    ),
    (
        DocumentKind::Hearing,
        &["听证会", "主持人", "记录员", "利害关系人", "回避"],
        4,
    ),
];

/// Name of the rule that reads the title.
pub(super) const BY_TITLE: &str = "document_kind.title";
/// A title is short and stands among the first lines.
const TITLE_LINES: usize = 12;
const TITLE_CHARACTERS: usize = 60;
/// Endings that make a short line a title by itself.
const TITLE_ENDINGS: &[char] = &[
    '请', '书', '表', '录', '证', '执', '单', '照', '明', '复', '见', '本', '告', '定', '）', '知',
];

/// The kind a document shows in its title, else in its words, else in its file name, else [`DocumentKind::Other`]; with
/// the fact that says so, when there is a place to point to.
pub(super) fn classify(file_name: &str, reading: &Reading<'_>) -> (DocumentKind, Option<Fact>) {
    let named = kind_named(&compact(file_name));
    let first = reading.first_page();
    let top = &first[..first.len().min(TITLE_LINES)];
    let typical = typical_height(first);
    let mut best: Option<(DocumentKind, Vec<Glyph>, f32)> = None;
    for at in 0..top.len() {
        let Some((title, glyphs)) = title_at(top, at) else {
            continue;
        };
        // What a paper names or encloses is not what it is.
        if ["附", "根据", "依据", "核发", "颁发", "特发"]
            .iter()
            .any(|word| title.starts_with(word))
        {
            continue;
        }
        let Some((kind, exact)) = titled(&title) else { continue };
        // Large print and a place at the top make a title; so does a line that is nothing but the wording.
        let large = typical > 0 && top[at].line.area.height() * 10 >= typical * 13;
        let whole = title.starts_with("关于") && title.ends_with(['定', '复', '明', '告', '见', '请']);
        let alone = title.chars().count() <= 16 || whole;
        let mut weight: f32 = if large || alone { 0.985 } else { 0.9 };
        if !exact {
            weight *= 0.88;
        }
        if at >= 8 {
            weight *= 0.9;
        }
        if named.is_some_and(|named| named != kind) {
            weight *= 0.87;
        }
        if best.as_ref().is_none_or(|(_, _, known)| weight > *known + 0.001) {
            best = Some((kind, glyphs, weight));
        }
    }
    if let Some((kind, glyphs, weight)) = best {
        // `临时用地批准书` may be a letter or a certificate: a certificate is a form.
        let (kind, weight) = match kind {
            DocumentKind::Decision if ends_as_approval(&glyphs) && looks_like_licence(reading) => {
                (DocumentKind::Licence, weight.min(0.88))
            }
            kind => (kind, weight),
        };
        return (kind, Some(said(reading, kind, &glyphs, by(BY_TITLE, weight))));
    }
    if let Some((kind, glyphs)) = by_wording(reading) {
        let (kind, weight) = match named {
            Some(named) if named == kind => (kind, 0.93),
            Some(named) => (named, 0.6),
            None => (kind, 0.75),
        };
        return (
            kind,
            Some(said(reading, kind, &glyphs, by("document_kind.wording", weight))),
        );
    }
    let kind = named.unwrap_or(DocumentKind::Other);
    let place = reading.lines.iter().find(|line| !line.glyphs.is_empty());
    let fact = place.map(|line| {
        let by = if named.is_some() {
            by("document_kind.file_name", 0.8)
        } else {
            by("document_kind.unknown", 0.3)
        };
        said(reading, kind, &line.glyphs, by)
    });
    (kind, fact)
}

fn ends_as_approval(title: &[Glyph]) -> bool {
    let title: String = title.iter().map(|g| g.c).collect();
    ["批准书", "核准书", "同意书"].iter().any(|end| title.contains(end))
}

/// Whether the first page has the fields of a certificate.
fn looks_like_licence(reading: &Reading<'_>) -> bool {
    const FIELDS: [&str; 9] = [
        "名称",
        "统一社会信用代码",
        "法定代表人",
        "许可事项",
        "许可范围",
        "经营范围",
        "有效期限",
        "有效期",
        "发证机关",
    ];
    let starts = |field: &&&str| {
        reading
            .first_page()
            .iter()
            .any(|line| line.compact.starts_with(**field))
    };
    FIELDS.iter().filter(starts).count() >= 4
}

fn said(reading: &Reading<'_>, kind: DocumentKind, glyphs: &[Glyph], by: By) -> Fact {
    reading.fact(FieldName::WrittenKind, kind.code().to_owned(), glyphs, by)
}

/// The title that begins in a line: the line itself, or with the one or two after it when it is broken.
fn title_at(lines: &[Line<'_>], at: usize) -> Option<(String, Vec<Glyph>)> {
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut title = String::new();
    for line in lines.get(at..)?.iter().take(3) {
        title.push_str(&line.compact);
        glyphs.extend_from_slice(&line.glyphs);
        if glyphs.len() > TITLE_CHARACTERS || title.contains(['。', '；', '，']) {
            return None;
        }
        // `（副本）` is not the title, and `的决定：` is running text.
        let bare = title
            .split_once("（副")
            .or_else(|| title.split_once("（正"))
            .map_or(title.as_str(), |(bare, _)| bare);
        if bare.chars().count() >= 3 && bare.ends_with(TITLE_ENDINGS) {
            return Some((bare.to_owned(), glyphs));
        }
        // Only a title that says so goes on in the next line, or one whose characters are set far apart.
        if !(title.starts_with("关于") || glyphs.len() <= 4) {
            return None;
        }
    }
    None
}

/// The kind of a title, and whether its wording is exactly there.
fn titled(title: &str) -> Option<(DocumentKind, bool)> {
    // `关于设立…的申请`; not the line of a letter that ends so.
    let sentence = title.starts_with('你') || title.chars().any(|c| c.is_ascii_digit());
    if title.ends_with("申请") && !sentence {
        let own = title.contains("撤回");
        return Some((
            if own {
                DocumentKind::Other
            } else {
                DocumentKind::Application
            },
            true,
        ));
    }
    const NOTICES: [&str; 2] = ["通知书", "通知"];
    const ACTS: [&str; 8] = ["准予", "不予", "核准", "批准", "同意", "注销", "撤销", "驳回"];
    let tells = NOTICES.iter().any(|end| title.ends_with(end))
        && ["受理", "补正", "听证", "领取"]
            .iter()
            .all(|other| !title.contains(other));
    if tells && ACTS.iter().any(|act| title.contains(act)) {
        return Some((DocumentKind::Decision, true));
    }
    if let Some(kind) = kind_named(title) {
        // `食品经营许可证申请书` is an application: what stands last is what the paper is.
        return Some((kind, true));
    }
    let characters: Vec<char> = title.chars().collect();
    let close = TITLES.iter().find(|(wording, _)| {
        let wanted: Vec<char> = wording.chars().collect();
        wanted.len() >= 4 && characters.windows(wanted.len()).any(|part| one_wrong(part, &wanted))
    });
    close.map(|(_, kind)| (*kind, false))
}

/// Whether a line is the title of a paper.
pub(super) fn names_paper(line: &str) -> bool {
    line.ends_with(TITLE_ENDINGS) && kind_named(line).is_some()
}

pub(super) fn kind_named(text: &str) -> Option<DocumentKind> {
    TITLES
        .iter()
        .find(|(wording, _)| text.contains(wording))
        .map(|(_, kind)| *kind)
}

fn by_wording(reading: &Reading<'_>) -> Option<(DocumentKind, Vec<Glyph>)> {
    let mut best: Option<(DocumentKind, Vec<Glyph>, usize)> = None;
    for (kind, words, least) in WORDINGS {
        let mut first = None;
        let mut count: usize = 0;
        for word in *words {
            let place = reading.lines.iter().take(200).find(|line| line.compact.contains(word));
            if let Some(line) = place {
                count += 1;
                first = first.or_else(|| Some(line.glyphs.clone()));
            }
        }
        let surplus = count.checked_sub(*least);
        if let (Some(surplus), Some(glyphs)) = (surplus, first)
            && best.as_ref().is_none_or(|(_, _, known)| surplus > *known)
        {
            best = Some((*kind, glyphs, surplus));
        }
    }
    best.map(|(kind, glyphs, _)| (kind, glyphs))
}

/// Height of most lines of the page, in pixels.
fn typical_height(lines: &[Line<'_>]) -> u32 {
    let mut heights: Vec<u32> = lines.iter().map(|line| line.line.area.height()).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(0)
}
