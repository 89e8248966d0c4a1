//! 决定结果 of a decision.

use juanzong::record::{DocumentKind, Fact, FieldName, Outcome};

use super::glyphs::{Glyph, begins, text};
use super::reading::{By, Reading, by};

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
    ("许可延续", Outcome::Renewed),
    ("延续决定", Outcome::Renewed),
    ("许可变更", Outcome::Changed),
    ("变更决定", Outcome::Changed),
    ("撤销", Outcome::Revoked),
    ("注销", Outcome::Cancelled),
    // Of a case whose matter is called so (企业注销登记) it is the grant.
    ("准予注销行政许可", Outcome::Cancelled),
    ("准予撤回", Outcome::Withdrawn),
    ("准许撤回", Outcome::Withdrawn),
    ("同意撤回", Outcome::Withdrawn),
    ("撤回", Outcome::Withdrawn),
    ("终止", Outcome::Terminated),
    ("准予", Outcome::Granted),
    ("同意", Outcome::Granted),
    ("批准书", Outcome::Granted),
    ("核准", Outcome::Granted),
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
    ("予以撤回", Outcome::Withdrawn),
    ("依法撤销", Outcome::Revoked),
    ("注销", Outcome::Cancelled),
    ("予以注销", Outcome::Cancelled),
    ("办理注销", Outcome::Cancelled),
    ("终止", Outcome::Terminated),
    ("撤回", Outcome::Withdrawn),
    ("依法撤回", Outcome::Withdrawn),
    ("依法注销", Outcome::Cancelled),
    ("准予延续", Outcome::Renewed),
    ("准予变更", Outcome::Changed),
    ("准予", Outcome::Granted),
    ("予以许可", Outcome::Granted),
    ("予以核准", Outcome::Granted),
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
            let before = facts.len();
            by_title(reading, facts);
            by_text(reading, facts);
            if facts.len() == before {
                by_plain_title(reading, facts);
            }
        }
        // A licence is issued where something was granted; whether it renewed or changed one it does not say.
        DocumentKind::Licence => {
            let head = || reading.lines.iter().take(TITLE_LINES);
            let title = head().find(|line| line.compact.ends_with(['证', '照', '本', '书']));
            if let Some(line) = title.or_else(|| head().find(|line| !line.glyphs.is_empty())) {
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
            ["决定书", "的决定", "批复", "通知书", "批准书", "核准书"]
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
                    let (outcome, span) = narrower(*outcome, &glyphs[start..], wording);
                    let span = &glyphs[start + span.start..start + span.end];
                    // `终止审查决定书` does not say who wanted it.
                    let weight = if outcome == Outcome::Terminated { 0.75 } else { 0.985 };
                    let by = by("outcome.title", weight);
                    facts.push(reading.fact(FieldName::Outcome, outcome.code().to_owned(), span, by));
                }
                return;
            }
        }
    }
}

/// `行政许可决定书`: what refuses or ends something says so in its title or its words, so a paper that does not grants.
fn by_plain_title(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    // Not 注销 and 撤销: the general words at the end of a grant threaten with them.
    const AGAINST: [&str; 7] = ["不予", "不准", "不同意", "驳回", "撤回", "终止", "不符合"];
    let title = reading.lines.iter().take(TITLE_LINES).find(|line| {
        let title = line.compact.as_str();
        title.ends_with("许可决定书") || title.ends_with("许可决定")
    });
    let against = |flow: &Vec<Glyph>| AGAINST.iter().any(|word| place_of(flow, word).is_some());
    if let Some(line) = title.filter(|_| !reading.flows.iter().any(against)) {
        let by = by("outcome.plain_title", 0.65);
        facts.push(reading.fact(FieldName::Outcome, Outcome::Granted.code().to_owned(), &line.glyphs, by));
    }
}

fn place_of(glyphs: &[Glyph], wording: &str) -> Option<usize> {
    let wanted: Vec<char> = wording.chars().collect();
    (0..glyphs.len()).find(|at| begins(&glyphs[*at..], &wanted))
}

/// `本机关决定准予…`: what the agency itself decides. The first such place counts.
fn by_text(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    for flow in &reading.flows {
        for at in 0..flow.len() {
            let Some((mut next, by)) = decides(flow, at) else {
                continue;
            };
            // `决定：`, `决定如下：一、…`
            while flow.get(next).is_some_and(|g| "：，如下一1、.".contains(g.c)) {
                next += 1;
            }
            let rest = &flow[next.min(flow.len())..flow.len().min(next + ACT)];
            let found = act(rest).or_else(|| by.rule.ends_with("review").then(|| later_act(rest)).flatten());
            let Some((start, wording, outcome)) = found else {
                continue;
            };
            if outcome == Outcome::Unknown {
                return;
            }
            let rest = &rest[start..];
            let (outcome, span) = narrower(outcome, rest, wording);
            facts.push(reading.fact(FieldName::Outcome, outcome.code().to_owned(), &rest[span], by));
            return;
        }
    }
}

/// Where the act begins, when the words here are those with which an agency announces it.
fn decides(flow: &[Glyph], at: usize) -> Option<(usize, By)> {
    let starts = |words: &str| {
        let words: Vec<char> = words.chars().collect();
        begins(&flow[at..], &words).then_some(at + words.len())
    };
    let before = |most: usize| text(&flow[at.saturating_sub(most)..at]);
    match flow[at].c {
        '决' => {
            let next = starts("决定")?;
            let before = before(8);
            let own = DECIDERS.iter().any(|who| before.ends_with(who)) || before.ends_with(['，', '。', '；', '：']);
            own.then_some((next, by("outcome.decides", 0.97)))
        }
        '作' => {
            // `我局作出准予行政许可的决定`; not `应当依法作出…`.
            const OWN: [&str; 9] = ["本机关", "我机关", "本局", "我局", "本委", "我委", "本单位", "现", "特"];
            let next = starts("作出")?;
            let before = before(8);
            let before = before.trim_end_matches("依法");
            OWN.iter()
                .any(|who| before.ends_with(who))
                .then_some((next, by("outcome.decides", 0.95)))
        }
        '经' => {
            let next = ["经审查，", "经审核，", "经研究，", "经核查，"]
                .iter()
                .find_map(|words| starts(words))?;
            Some((next, by("outcome.after_review", 0.85)))
        }
        '批' => Some((starts("批复如下：")?, by("outcome.replies", 0.9))),
        _ => None,
    }
}

/// The act with which the characters begin, or which a clause that begins with `对` ends in: where it begins, its
/// wording and what it is.
fn act(rest: &[Glyph]) -> Option<(usize, &'static str, Outcome)> {
    let at = |start: usize| {
        let part = rest.get(start..).unwrap_or_default();
        ACTS.iter()
            .filter(|(wording, _)| {
                let wanted: Vec<char> = wording.chars().collect();
                begins(part, &wanted)
            })
            .max_by_key(|(wording, _)| wording.len())
            .map(|(wording, outcome)| (start, *wording, *outcome))
    };
    at(0).or_else(|| {
        // `决定对你单位的许可证予以注销`
        rest.first().filter(|g| matches!(g.c, '对' | '将'))?;
        let clause = rest.iter().position(|g| matches!(g.c, '，' | '。' | '；' | '：'));
        let start = place_of(&rest[..clause.unwrap_or(rest.len())], "予以")?;
        at(start)
    })
}

/// `经审查，…符合…，准予…`: the act of a later clause of the sentence.
fn later_act(rest: &[Glyph]) -> Option<(usize, &'static str, Outcome)> {
    let end = rest
        .iter()
        .position(|g| matches!(g.c, '。' | '；'))
        .unwrap_or(rest.len());
    let starts = (1..end).filter(|at| rest[at - 1].c == '，');
    starts
        .filter_map(|at| {
            let (start, wording, outcome) = act(&rest[at..end])?;
            Some((at + start, wording, outcome))
        })
        .next()
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
