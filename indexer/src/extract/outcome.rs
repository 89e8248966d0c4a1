//! 决定结果 of a decision.

use juanzong::record::{DocumentKind, Fact, FieldName, Outcome};

use super::glyphs::{Glyph, begins, text};
use super::reading::{Reading, by};

/// What the title of a decision says, the narrower wording first.
const TITLES: &[(&str, Outcome)] = &[
    ("不予受理", Outcome::Unknown),
    ("不予", Outcome::Refused),
    ("不准予", Outcome::Refused),
    ("驳回", Outcome::Refused),
    ("不同意", Outcome::Refused),
    ("准予延续", Outcome::Renewed),
    ("延续许可", Outcome::Renewed),
    ("延续行政许可", Outcome::Renewed),
    ("准予变更", Outcome::Changed),
    ("变更许可", Outcome::Changed),
    ("变更行政许可", Outcome::Changed),
    ("撤销", Outcome::Revoked),
    ("注销", Outcome::Cancelled),
    ("撤回", Outcome::Withdrawn),
    ("终止", Outcome::Terminated),
    ("准予", Outcome::Granted),
    ("同意", Outcome::Granted),
];
/// What follows `决定` in the text of one.
const ACTS: &[(&str, Outcome)] = &[
    ("不予受理", Outcome::Unknown),
    ("不予", Outcome::Refused),
    ("不准予", Outcome::Refused),
    ("驳回", Outcome::Refused),
    ("不同意", Outcome::Refused),
    ("准许撤回", Outcome::Withdrawn),
    ("准予撤回", Outcome::Withdrawn),
    ("同意撤回", Outcome::Withdrawn),
    ("准许你", Outcome::Granted),
    ("撤销", Outcome::Revoked),
    ("予以撤销", Outcome::Revoked),
    ("依法撤销", Outcome::Revoked),
    ("注销", Outcome::Cancelled),
    ("予以注销", Outcome::Cancelled),
    ("办理注销", Outcome::Cancelled),
    ("终止", Outcome::Terminated),
    ("准予延续", Outcome::Renewed),
    ("准予变更", Outcome::Changed),
    ("准予", Outcome::Granted),
    ("予以批准", Outcome::Granted),
    ("批准", Outcome::Granted),
    ("同意", Outcome::Granted),
    ("颁发", Outcome::Granted),
    ("核发", Outcome::Granted),
];
/// Who decides, right before `决定`, so that a law that is quoted decides nothing.
const DECIDERS: &[&str] = &[
    "本机关",
    "我机关",
    "本局",
    "我局",
    "本委",
    "我委",
    "经研究",
    "现",
    "特",
    "特作出如下",
    "作出如下",
    "依法",
    "的规定，",
    "规定，",
    "研究",
];
/// Characters between the act and the word that makes a grant a renewal or a change.
const ACT: usize = 46;
/// Lines among which the title is.
const TITLE_LINES: usize = 10;

pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    match kind {
        DocumentKind::Decision => {
            by_title(reading, facts);
            by_text(reading, facts);
        }
        // A licence is issued where something was granted; whether it renewed or changed one it does not say.
        DocumentKind::Licence => {
            if let Some(line) = reading
                .lines
                .iter()
                .take(TITLE_LINES)
                .find(|line| line.compact.ends_with(['证', '照', '本', '书']))
            {
                let by = by("outcome.licence_issued", 0.6);
                facts.push(reading.fact(FieldName::Outcome, Outcome::Granted.code().to_owned(), &line.glyphs, by));
            }
        }
        _ => {}
    }
}

/// The title: `不予行政许可决定书`, `关于准予延续…的决定`, over two lines where it is long.
fn by_title(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    let lines = &reading.lines[..reading.lines.len().min(TITLE_LINES)];
    for at in 0..lines.len() {
        let mut glyphs = lines[at].glyphs.clone();
        let ends = |compact: &str| {
            ["决定书", "的决定", "批复", "通知书"]
                .iter()
                .any(|ending| compact.ends_with(ending))
        };
        let begins_title = lines[at].compact.starts_with("关于") || lines[at].compact.contains("许可");
        for further in 0..3 {
            if further > 0 {
                let Some(next) = lines.get(at + further).filter(|_| begins_title) else {
                    break;
                };
                glyphs.extend_from_slice(&next.glyphs);
            }
            let title = text(&glyphs);
            if glyphs.len() > 90 || title.contains(['。', '：', '；']) {
                break;
            }
            if ends(&title) {
                let said = TITLES
                    .iter()
                    .filter_map(|(wording, outcome)| Some((place_of(&glyphs, wording)?, wording, outcome)));
                // The first word decides: `不予延续` refuses, `准予注销登记` grants.
                if let Some((start, wording, outcome)) =
                    said.min_by_key(|(at, wording, _)| (*at, std::cmp::Reverse(wording.len())))
                    && *outcome != Outcome::Unknown
                {
                    let span = &glyphs[start..start + wording.chars().count()];
                    // `终止审查决定书` does not say who wanted it.
                    let weight = if *outcome == Outcome::Terminated { 0.75 } else { 0.985 };
                    let by = by("outcome.title", weight);
                    facts.push(reading.fact(FieldName::Outcome, outcome.code().to_owned(), span, by));
                }
                return;
            }
        }
    }
}

fn place_of(glyphs: &[Glyph], wording: &str) -> Option<usize> {
    let wanted: Vec<char> = wording.chars().collect();
    (0..glyphs.len()).find(|at| begins(&glyphs[*at..], &wanted))
}

/// `本机关决定准予…`: what the agency itself decides.
fn by_text(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    for flow in &reading.flows {
        for at in 0..flow.len() {
            if flow[at].c != '决' || flow.get(at + 1).is_none_or(|g| g.c != '定') {
                continue;
            }
            let before = text(&flow[at.saturating_sub(8)..at]);
            if !DECIDERS.iter().any(|who| before.ends_with(who)) {
                continue;
            }
            let mut next = at + 2;
            // `决定：`, `决定如下：一、…`, `决定对你单位…`
            while flow.get(next).is_some_and(|g| "：，如下".contains(g.c)) {
                next += 1;
            }
            let rest = &flow[next..flow.len().min(next + ACT)];
            let Some((wording, outcome)) = act(rest) else { continue };
            if outcome == Outcome::Unknown {
                return;
            }
            let (outcome, span) = narrower(outcome, rest, wording);
            let by = by("outcome.decides", 0.97);
            facts.push(reading.fact(FieldName::Outcome, outcome.code().to_owned(), &rest[span], by));
            return;
        }
    }
}

fn act(rest: &[Glyph]) -> Option<(&'static str, Outcome)> {
    ACTS.iter()
        .filter(|(wording, _)| {
            let wanted: Vec<char> = wording.chars().collect();
            begins(rest, &wanted)
        })
        .max_by_key(|(wording, _)| wording.len())
        .map(|(wording, outcome)| (*wording, *outcome))
}

/// `准予你单位食品经营许可延续`: a grant that renews or changes, unless the matter itself is called so (`变更登记`).
fn narrower(outcome: Outcome, rest: &[Glyph], wording: &str) -> (Outcome, std::ops::Range<usize>) {
    let whole = 0..wording.chars().count();
    let clause = rest
        .iter()
        .position(|g| matches!(g.c, '，' | '。' | '；' | '：'))
        .unwrap_or(rest.len());
    if outcome == Outcome::Granted {
        for (word, act) in [("延续", Outcome::Renewed), ("变更", Outcome::Changed)] {
            let Some(at) = place_of(&rest[..clause], word) else {
                continue;
            };
            let after = text(&rest[at + 2..clause]);
            if !after.starts_with("登记") && !after.starts_with("核准") && !after.starts_with("审批") {
                return (act, 0..at + 2);
            }
        }
    }
    (outcome, whole)
}
