//! Values that stand behind, beside or below the name of their field.

use super::glyphs::{Glyph, begins, begins_with, is_han, one_wrong, text};
use super::limits;
use super::places::LineLabel;
use super::reading::Reading;

/// The name of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    text: &'static str,
    /// Whether the value may follow without a colon: only where nothing but a value can follow.
    bare: bool,
}

impl Label {
    /// Whether these characters begin with the name of the field.
    pub(super) fn begins(&self, glyphs: &[Glyph]) -> bool {
        begins_with(glyphs, self.text)
    }
}

/// A name that is followed by a colon, or stands in a cell or line of its own.
pub(super) const fn label(text: &'static str) -> Label {
    Label { text, bare: false }
}

/// A name that may also be followed by its value directly (`身份证号140…`, `受理编号为2019…`).
pub(super) const fn bare_label(text: &'static str) -> Label {
    Label { text, bare: true }
}

/// Where the value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the cell or column beside the label: all of it is the value.
    Form,
    /// Behind the label in running text: the value is at its beginning.
    Behind,
    /// In the next line: all of that line is the value.
    Below,
    /// Right behind the label with no colon between: any sentence may go on so.
    Joined,
}

/// What stands at a label.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    /// The label as it is listed.
    pub(super) label: &'static str,
    /// How the value stands to it.
    pub(super) place: Place,
    /// What stands between the label and the colon in brackets: `（签章）`; else empty.
    pub(super) remark: String,
    /// The value, or for [`Place::Behind`] the text in which it comes first.
    pub(super) value: Vec<Glyph>,
}

impl Labelled {
    /// What box and label are worth against running text.
    pub(super) fn worth(&self) -> f32 {
        match self.place {
            Place::Form => 1.0,
            Place::Behind => 0.985,
            Place::Below => 0.96,
            Place::Joined => 0.94,
        }
    }
}

/// The values at any of these labels: fields of forms first, then running text, then lines below a label.
pub(super) fn labelled(reading: &Reading<'_>, labels: &[Label]) -> Vec<Labelled> {
    let mut found = Vec::new();
    for label in labels {
        let wanted: Vec<char> = label.text.chars().collect();
        // One character may be misread; most labels of all fields are not in a paper at all.
        if wanted.iter().filter(|c| !reading.characters.contains(c)).count() > 1 {
            continue;
        }
        let before = found.len();
        of_form(reading, label, &wanted, &mut found);
        behind(reading, label, &wanted, &mut found);
        below(reading, label, &wanted, &mut found);
        found.truncate(before + limits::PLACES_OF_LABEL);
    }
    // A label that ends like another one is found at the same place twice.
    let mut seen = std::collections::HashSet::new();
    found.sort_by_key(|l: &Labelled| l.place as u8);
    found.retain(|l| l.value.first().is_some_and(|g| seen.insert((g.line, g.at))));
    found
}

fn of_form(reading: &Reading<'_>, label: &Label, wanted: &[char], found: &mut Vec<Labelled>) {
    for field in &reading.form {
        if !field.value.is_empty() && same(&field.bare.name, wanted) {
            found.push(Labelled {
                label: label.text,
                place: Place::Form,
                remark: field.bare.remark.clone(),
                value: field.value.clone(),
            });
        }
    }
}

fn behind(reading: &Reading<'_>, label: &Label, wanted: &[char], found: &mut Vec<Labelled>) {
    for (flow, of_characters) in reading.flows.iter().zip(&reading.places) {
        let mut places = 0;
        for at in of_characters.of_name(wanted) {
            if !begins(&flow[at..], wanted) && !misread(&flow[at..], wanted) {
                continue;
            }
            // Short names are parts of longer ones: `证书名称` is not `名称`.
            let first = at == 0 || flow[at - 1].line != flow[at].line || reading.apart(flow[at - 1], flow[at]);
            let apart = first || !is_han(flow[at - 1].c);
            if wanted.len() <= 3 && !apart {
                continue;
            }
            let mut next = at + wanted.len();
            let mut remark = String::new();
            if flow.get(next).is_some_and(|g| g.c == '（') {
                let inside = flow[next + 1..].iter().take(12).take_while(|g| g.c != '）');
                let text: String = inside.map(|g| g.c).collect();
                let end = next + 1 + text.chars().count();
                let closed = flow.get(end).is_some_and(|g| g.c == '）');
                let colon = flow.get(end + 1).is_some_and(|g| g.c == '：');
                if closed && (colon || label.bare) {
                    remark = text;
                    next = end + 1;
                }
            }
            let colon = flow.get(next).is_some_and(|g| g.c == '：');
            let linked = flow
                .get(next)
                .is_some_and(|g| matches!(g.c, '：' | '为' | '是' | '；' | '.'));
            // In a form without rules the value stands in the same line, some space apart.
            let spaced = !colon && first && flow.get(next).is_some_and(|g| reading.apart(flow[next - 1], *g));
            if !colon && !label.bare && !spaced {
                continue;
            }
            let start = next + usize::from(colon || (linked && !spaced));
            let end = flow.len().min(start + limits::CHARACTERS_OF_VALUE);
            if start < end {
                found.push(Labelled {
                    label: label.text,
                    place: if colon || spaced { Place::Behind } else { Place::Joined },
                    remark,
                    value: flow[start..end].to_vec(),
                });
                places += 1;
            }
            if places == limits::PLACES_OF_LABEL {
                break;
            }
        }
    }
}

/// A label that fills a line or two, and the line that follows it.
fn below(reading: &Reading<'_>, label: &Label, wanted: &[char], found: &mut Vec<Labelled>) {
    for (at, line) in reading.lines.iter().enumerate() {
        if line.glyphs.is_empty() || line.glyphs.len() > wanted.len() + 14 {
            continue;
        }
        let parts = reading.lines[at..].iter().zip(&reading.line_labels[at]);
        for (further, (part, LineLabel { label: bare, before })) in parts.enumerate() {
            let name = &bare.name;
            if further > 0
                && line.glyphs.len() < wanted.len()
                && name.len() > wanted.len() + 1
                && name.starts_with(wanted)
            {
                // `名` alone, then `称灵丘县…`: the second character of the label went with the value.
                let cut = (*before).min(wanted.len());
                found.push(Labelled {
                    label: label.text,
                    place: Place::Below,
                    remark: bare.remark.clone(),
                    value: part.glyphs[(wanted.len() - cut).min(part.glyphs.len())..].to_vec(),
                });
                break;
            }
            if name.len() > wanted.len() + 1 {
                break;
            }
            if name.len() >= 2 && same(name, wanted) {
                if let Some(next) = reading
                    .lines
                    .get(at + further + 1)
                    .filter(|next| next.page == line.page)
                {
                    found.push(Labelled {
                        label: label.text,
                        place: Place::Below,
                        remark: bare.remark.clone(),
                        value: next.glyphs.clone(),
                    });
                }
                break;
            }
        }
    }
}

/// Characters of which names of fields consist: where one of them stands it is another field (`签收日期` for
/// `签发日期`), not a misreading.
const OF_LABELS: &str = "申请受理决定签收发送达听证批准核备案审许可注册填表成立颁办结告知有效期限时间日至自编号码名称姓住所地址场联系电话经营单位机构关部门人查检勘验评审会议调复测印打";

fn same(name: &[char], wanted: &[char]) -> bool {
    let misread = || {
        let other = name.iter().zip(wanted).find(|(a, b)| a != b);
        other.is_some_and(|(read, _)| !OF_LABELS.contains(*read))
    };
    name == wanted || (wanted.len() >= 4 && one_wrong(name, wanted) && misread())
}

/// Whether the label stands here with one wrong character and its colon.
fn misread(glyphs: &[Glyph], wanted: &[char]) -> bool {
    if wanted.len() < 4 || glyphs.get(wanted.len()).is_none_or(|g| g.c != '：') {
        return false;
    }
    let mut wrong = glyphs.iter().zip(wanted).filter(|(g, c)| g.c != **c);
    match (wrong.next(), wrong.next()) {
        (Some((glyph, _)), None) => !OF_LABELS.contains(glyph.c),
        _ => false,
    }
}

/// Whether a value in running text ends between these two lines: the first is not full, or the second begins with the
/// name of a field.
pub(super) fn ends_at(reading: &Reading<'_>, former: Glyph, next: Glyph) -> bool {
    const LONGEST: usize = 14;
    if !reading.lines[former.line].full {
        return true;
    }
    let line = &reading.lines[next.line].glyphs;
    let colon = line.iter().take(LONGEST).position(|g| g.c == '：');
    colon.is_some_and(|colon| {
        line[..colon]
            .iter()
            .all(|g| is_han(g.c) || matches!(g.c, '（' | '）' | '、'))
    })
}

/// Names of fields at which a name ends where the space between two fields was lost.
const NEIGHBOURS: &[&str] = &[
    "法定代表人",
    "负责人",
    "统一社会",
    "社会信用",
    "信用代码",
    "身份证",
    "公民身份",
    "证件号",
    "联系电话",
    "联系方式",
    "查询电话",
    "电话",
    "地址",
    "住所",
    "住址",
    "委托代理人",
    "代理人",
    "日期",
    "受理编号",
    "许可证编号",
    "批准文号",
    "申请日期",
    "有效期",
    "签发",
    "负责人",
    "到场代表",
    "经营场所",
    "申请事项",
    "许可证号",
    "注册资本",
    "成立日期",
    "法人代表",
    "经营者",
    "联系人",
    "邮政编码",
    "受理日期",
    "发证日期",
    "性别",
    "职务",
    "签名",
    "盖章",
];

/// What stands in brackets at the end of a name and says what the organisation is.
const FORMS: &[&str] = &["普通合伙", "特殊普通合伙", "有限合伙", "个人独资", "个体工商户"];

/// The name at the beginning of a value: up to a mark, the end of a line that its sentence does not fill, or the name
/// of another field. Brackets inside a name (`某某（集团）有限公司`) belong to it.
pub(super) fn name_of<'g>(reading: &Reading<'_>, labelled: &'g Labelled, most: usize) -> &'g [Glyph] {
    let glyphs = &labelled.value;
    let mut end = 0;
    while let Some(glyph) = glyphs.get(end) {
        if end >= most {
            break;
        }
        if end > 0 && matches!(labelled.place, Place::Behind | Place::Joined) {
            let former = glyphs[end - 1];
            // Names of minorities are no longer than a line.
            let dotted = glyphs[..end].iter().any(|g| g.c == '·');
            if former.line != glyph.line && (dotted || ends_at(reading, former, *glyph)) {
                break;
            }
        }
        if glyph.c == '（' {
            let inside = glyphs[end..].iter().take(12).position(|g| g.c == '）');
            let Some(close) = inside.filter(|close| *close > 1) else {
                break;
            };
            // `（普通合伙）` ends a name and belongs to it.
            let form = text(&glyphs[end + 1..end + close]);
            if FORMS.contains(&form.as_str()) {
                end += close + 1;
                break;
            }
            let goes_on = glyphs.get(end + close + 1).is_some_and(|g| {
                let former = glyphs[end + close];
                is_han(g.c) && (g.line == former.line || !ends_at(reading, former, *g))
            });
            if !goes_on {
                break;
            }
        } else if !(glyph.c.is_alphanumeric() || matches!(glyph.c, '）' | '·' | '-' | '&')) {
            break;
        }
        if end >= 2 && begins_field(&glyphs[end..]) {
            break;
        }
        // The next column of a form without rules.
        if end >= 4 && labelled.place == Place::Behind && reading.apart(glyphs[end - 1], *glyph) {
            break;
        }
        end += 1;
    }
    &glyphs[..end]
}

/// Whether the name of another field stands here.
pub(super) fn begins_field(glyphs: &[Glyph]) -> bool {
    NEIGHBOURS.iter().any(|n| begins_with(glyphs, n))
}
