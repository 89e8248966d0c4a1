//! 法定代表人 or 负责人.

use juanzong::record::{DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, begins_with, is_han, text};
use super::labels::{Label, begins_field, label, labelled, name_of};
use super::limits;
use super::reading::{Reading, by};

const LABELS: &[Label] = &[
    label("法定代表人"),
    label("法定代表人或负责人"),
    label("法定代表人或者负责人"),
    label("法定代表人姓名"),
    label("法定代表人/负责人"),
    label("主要负责人"),
    label("企业负责人"),
    label("负责人姓名"),
    label("经营者姓名"),
    label("经营者"),
    label("校长"),
    label("法人代表"),
    label("负责人"),
    label("投资人"),
    label("执行事务合伙人"),
];

/// The word with which the label of a representative begins, and what may follow it in front of the name.
const HEADS: [&str; 2] = ["法定代表人", "法人代表"];
const OR: [&str; 4] = ["或负责人", "或者负责人", "/负责人", "、负责人"];
/// First characters of surnames: those of 百家姓, and frequent ones that are not in it.
const SURNAMES: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞\
任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒\
屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔\
吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束\
龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄\
晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠\
须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫覃代付苟丘涂亓仝上皇尉澹淳太轩令宇长佟佘冼邸晋楚门原牟商海岳缑呼延微鹿迟栗蒿战苑由衣麦芦";
/// Longest name without a dot, in characters.
const LONGEST: usize = 4;

/// Behind its label, or in a sentence that says who it is.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let start = facts.len();
    for labelled in labelled(reading, LABELS) {
        let name = before_bracket(name_of(reading, &labelled, 12));
        if is_name(name) {
            let by = by("legal_representative.label", 0.95 * labelled.worth());
            facts.push(reading.fact(FieldName::LegalRepresentative, text(name), name, by));
        }
    }
    for flow in &reading.flows {
        for at in 0..flow.len() {
            if facts.len() - start >= limits::FACTS_OF_FIELD {
                return;
            }
            if let Some((name, weight)) = told(reading, flow, at) {
                let by = by("legal_representative.phrase", weight);
                facts.push(reading.fact(FieldName::LegalRepresentative, text(name), name, by));
            }
        }
    }
}

/// The name in `法定代表人（负责人）为某某。`, or in a line that is label, brackets and name (`法定代表人（负责人）某某`),
/// and what that is worth.
fn told<'f>(reading: &Reading<'_>, flow: &'f [Glyph], at: usize) -> Option<(&'f [Glyph], f32)> {
    let head = HEADS.iter().find(|head| begins_with(&flow[at..], head))?;
    let mut next = at + head.chars().count();
    if let Some(or) = OR.iter().find(|or| begins_with(&flow[next..], or)) {
        next += or.chars().count();
    }
    let mut bracketed = false;
    if flow.get(next).is_some_and(|g| g.c == '（') {
        let close = flow[next..].iter().take(10).position(|g| g.c == '）')?;
        next += close + 1;
        bracketed = true;
    }
    let says = flow.get(next).is_some_and(|g| g.c == '为' || g.c == '是');
    let name = flow.get(next + usize::from(says)..)?;
    let first = name.first()?;
    let length = if says {
        // The sentence ends or goes on with the next clause.
        name.iter()
            .take(LONGEST + 1)
            .position(|g| matches!(g.c, '，' | '。' | '；' | '）' | '、'))?
    } else {
        let begins_line = at == 0 || flow[at - 1].line != flow[at].line;
        let own = name.iter().take_while(|g| g.line == first.line).count();
        (bracketed && begins_line && flow[at].line == first.line).then_some(own)?
    };
    let name = name.get(..length)?;
    // A line that ends so is labels of a signature (`法定代表人（签字）盖章`).
    let signed = !says && reading.lines[first.line].compact.contains(['签', '章']);
    let surname = SURNAMES.contains(first.c);
    (is_name(name) && surname && !signed && !begins_field(name)).then_some((name, if says { 0.9 } else { 0.85 }))
}

/// A name in brackets ends with them.
fn before_bracket(name: &[Glyph]) -> &[Glyph] {
    let opened = name.iter().position(|g| g.c == '（');
    let closed = name.iter().position(|g| g.c == '）');
    match (opened, closed) {
        (None, Some(closed)) => &name[..closed],
        _ => name,
    }
}

fn is_name(name: &[Glyph]) -> bool {
    let dotted = name.iter().any(|g| g.c == '·');
    name.iter().all(|g| is_han(g.c) || g.c == '·') && (dotted || (2..=LONGEST).contains(&name.len()))
}
