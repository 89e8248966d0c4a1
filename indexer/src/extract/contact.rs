//! Addresses and telephone numbers.

use juanzong::record::{ADDRESS_OF_PREMISES, DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, is_han, text};
use super::labels::{Label, Place, bare_label, ends_at, label, labelled};
use super::limits;
use super::reading::{Reading, by};

const ADDRESS_LABELS: &[Label] = &[
    label("住所"),
    label("住址"),
    label("家庭住址"),
    label("经营场所"),
    label("营业场所"),
    label("生产地址"),
    label("经营地址"),
    label("许可地址"),
    label("单位地址"),
    label("企业地址"),
    label("通讯地址"),
    label("联系地址"),
    label("注册地址"),
    label("送达地点"),
    label("送达地址"),
    label("核查地点"),
    label("场所地址"),
    label("建设地址"),
    label("取水地点"),
    label("执业地点"),
    label("核查地址"),
    label("检查地点"),
    label("经营场所地址"),
    label("注册住所"),
    label("地址"),
    bare_label("住所位于"),
    bare_label("住所地位于"),
    bare_label("地址位于"),
    bare_label("场所位于"),
];
/// Labels behind which the home of a person may stand, also in the papers of an organisation.
const HOMES: [&str; 7] = [
    "住址",
    "家庭住址",
    "通讯地址",
    "联系地址",
    "送达地点",
    "送达地址",
    "地址",
];
/// The rule of their addresses.
const HOME: &str = "address.label";
const PHONE_LABELS: &[Label] = &[
    label("联系电话"),
    label("查询电话"),
    label("投诉举报电话"),
    label("举报电话"),
    label("移动电话"),
    label("手机号码"),
    label("手机"),
    label("联系方式"),
    label("电话"),
];

/// What follows a label and looks like an address.
pub(super) fn addresses(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let start = facts.len();
    for labelled in labelled(reading, ADDRESS_LABELS) {
        let address = address_in(reading, &labelled.value, labelled.place);
        let address = with_next_line(reading, address, &labelled.value);
        let written = text(&address);
        let places = written
            .chars()
            .filter(|c| "省市县区镇乡村街路道号巷楼".contains(*c))
            .count();
        let repeated = facts
            .get(start..)
            .unwrap_or_default()
            .iter()
            .any(|f| f.value == written);
        if !(5..=80).contains(&address.len()) || places < 2 {
            continue;
        }
        let of_home = HOMES.contains(&labelled.label);
        if repeated {
            // A place of business that is somebody's home as well is a home.
            let known = facts
                .iter_mut()
                .skip(start)
                .filter(|fact| of_home && fact.value == written);
            known.for_each(|fact| fact.origin = HOME.to_owned());
            continue;
        }
        let rule = if of_home { HOME } else { ADDRESS_OF_PREMISES };
        let by = by(rule, 0.92 * labelled.worth());
        facts.push(reading.fact(FieldName::Address, written, &address, by));
    }
}

/// The characters up to a mark or the end of the paragraph.
fn address_in<'g>(reading: &Reading<'_>, value: &'g [Glyph], place: Place) -> &'g [Glyph] {
    let mut end = 0;
    while let Some(glyph) = value.get(end) {
        let fits = glyph.c.is_alphanumeric() || "（）-#、·".contains(glyph.c);
        let former = end.checked_sub(1).map(|before| value[before]);
        let broken = matches!(place, Place::Behind | Place::Joined)
            && former.is_some_and(|f| f.line != glyph.line && ends_at(reading, f, *glyph));
        // A bracket that closes what opened before the address ends it.
        let opened = value[..end].iter().filter(|g| g.c == '（').count();
        let closed = value[..end].iter().filter(|g| g.c == '）').count();
        if !fits || broken || (glyph.c == '）' && opened <= closed) {
            break;
        }
        end += 1;
    }
    &value[..end]
}

/// The address with the line below it where that begins with what a number needs: `…路209`, then `号`.
fn with_next_line(reading: &Reading<'_>, address: &[Glyph], value: &[Glyph]) -> Vec<Glyph> {
    let mut whole = address.to_vec();
    let Some(last) = address
        .last()
        .filter(|g| g.c.is_ascii_digit() && address.len() == value.len())
    else {
        return whole;
    };
    let Some(next) = reading.lines.get(last.line + 1) else {
        return whole;
    };
    const SHORT: usize = 4;
    let unit = next.glyphs.first().map_or(' ', |g| g.c);
    let goes_on = next.page == reading.lines[last.line].page
        && (unit == '号' || next.glyphs.len() <= SHORT && "室栋幢楼层单座".contains(unit));
    let rest = address_in(reading, &next.glyphs, Place::Below);
    if goes_on && rest.len() == next.glyphs.len() {
        whole.extend_from_slice(rest);
    }
    whole
}

/// Mobile numbers anywhere, numbers of the fixed network behind a label.
pub(super) fn phones(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    let start = facts.len();
    let mut give = |glyphs: &[Glyph], rule, weight| {
        let value: String = glyphs
            .iter()
            .map(|g| g.c)
            .filter(|c| c.is_ascii_digit() || *c == '-')
            .collect();
        let known = facts.get(start..).unwrap_or_default().iter().any(|f| f.value == value);
        if !known && facts.len() - start < limits::FACTS_OF_FIELD {
            facts.push(reading.fact(FieldName::Phone, value, glyphs, by(rule, weight)));
        }
    };
    for labelled in labelled(reading, PHONE_LABELS) {
        let end = labelled
            .value
            .iter()
            .position(|g| !(g.c.is_ascii_digit() || g.c == '-' || (g.c == '（' || g.c == '）')))
            .unwrap_or(labelled.value.len());
        let run = &labelled.value[..end];
        let digits = run.iter().filter(|g| g.c.is_ascii_digit()).count();
        if is_mobile(run) {
            give(run, "phone.label", 0.97 * labelled.worth());
        } else if (7..=12).contains(&digits) || (5..=6).contains(&digits) && run.first().is_some_and(|g| g.c == '1') {
            give(run, "phone.label", 0.93 * labelled.worth());
        }
    }
    for flow in &reading.flows {
        let mut at = 0;
        while at < flow.len() {
            let run = flow[at..]
                .iter()
                .take_while(|g| g.c.is_ascii_alphanumeric() || g.c == '-')
                .count();
            let same_line = flow
                .get(at)
                .zip(flow.get((at + run).saturating_sub(1)))
                .is_some_and(|(a, b)| a.line == b.line);
            let after_han =
                at == 0 || is_han(flow[at - 1].c) || flow[at - 1].c == '：' || flow[at - 1].line != flow[at].line;
            if run == 11 && same_line && after_han && is_mobile(&flow[at..at + run]) {
                give(&flow[at..at + run], "phone.mobile", 0.85);
            }
            at += run.max(1);
        }
    }
}

/// Eleven digits that begin as mobile numbers do.
fn is_mobile(run: &[Glyph]) -> bool {
    let digits = text(run);
    let mut start = digits.chars();
    run.len() == 11
        && digits.bytes().all(|b| b.is_ascii_digit())
        && start.next() == Some('1')
        && start.next().is_some_and(|c| ('3'..='9').contains(&c))
}
