//! 申请、受理、决定、送达日期 and 有效期.

mod trace;
pub(super) mod under_seal;

use juanzong::record::{CivilDate, DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, is_han, text};
use super::labels::{Label, Labelled, Place, bare_label, label, labelled};
use super::reading::{Line, Reading, by};

/// Labels whose date follows, the field, and what the label is worth.
const LABELS: &[(FieldName, f32, &[Label])] = &[
    (
        FieldName::AppliedOn,
        0.97,
        &[
            bare_label("申请日期"),
            bare_label("申请时间"),
            bare_label("提交日期"),
            bare_label("申报日期"),
        ],
    ),
    (
        FieldName::AcceptedOn,
        0.97,
        &[bare_label("受理日期"), bare_label("受理时间")],
    ),
    (
        FieldName::DecidedOn,
        0.93,
        &[
            bare_label("决定日期"),
            bare_label("决定时间"),
            bare_label("许可日期"),
            bare_label("批准日期"),
            bare_label("批准时间"),
            bare_label("审批日期"),
            bare_label("核准日期"),
        ],
    ),
    (
        FieldName::DecidedOn,
        0.86,
        &[
            bare_label("签发日期"),
            bare_label("签发时间"),
            bare_label("发证日期"),
            bare_label("发证时间"),
            bare_label("颁发日期"),
            bare_label("颁证日期"),
            bare_label("核发日期"),
            bare_label("备案日期"),
            bare_label("发文日期"),
            label("登记机关"),
        ],
    ),
    (
        FieldName::ServedOn,
        0.97,
        &[bare_label("送达日期"), bare_label("送达时间")],
    ),
    (
        FieldName::ServedOn,
        0.85,
        &[
            bare_label("收件日期"),
            bare_label("签收日期"),
            bare_label("签收时间"),
            bare_label("领取日期"),
        ],
    ),
];
/// Labels of the day on which an applicant filled in a form: on an application it is the day of applying.
const FILLED_IN: &[Label] = &[
    bare_label("填表日期"),
    bare_label("填报日期"),
    bare_label("填表时间"),
    label("日期"),
];
const TERMS: &[Label] = &[
    bare_label("有效期至"),
    bare_label("有效期限至"),
    bare_label("有效期延续至"),
    bare_label("有效期自"),
    bare_label("有效期限自"),
    bare_label("有效期为"),
    bare_label("有效期限为"),
    bare_label("有效期限"),
    bare_label("有效期"),
    label("许可期限"),
    label("营业期限"),
    label("许可证有效期"),
    label("证书有效期"),
    label("证件有效期"),
];
/// Furthest from its label that a date may begin, in characters.
const NEAR: usize = 6;
/// Characters between a date and the words that say what happened on it.
const PHRASE: usize = 14;
/// Lines at the end in which a paper is dated.
const FOOT_LINES: usize = 16;
/// How much of its weight a signature keeps whose 日 was read as a character of that shape.
const DOUBTFUL_SIGN: f32 = 0.88;
/// Most characters of a part of a date that is broken between two lines.
const SHORT: usize = 12;

/// Labelled dates, dates of which a sentence says what they are, and the date under which a document is signed.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    // What happens before a decision knows no date of it.
    let before_decision = matches!(
        kind,
        DocumentKind::AcceptanceNotice
            | DocumentKind::SupplementNotice
            | DocumentKind::Inspection
            | DocumentKind::Hearing
    );
    for (field, weight, labels) in LABELS {
        if before_decision && *field == FieldName::DecidedOn {
            continue;
        }
        for labelled in labelled(reading, labels) {
            if let Some((date, glyphs)) = first_date(&labelled) {
                let by = by("date.label", weight * labelled.worth());
                facts.push(reading.fact(*field, date.to_string(), glyphs, by));
            }
        }
    }
    if kind == DocumentKind::Application {
        for labelled in labelled(reading, FILLED_IN) {
            if let Some((date, glyphs)) = first_date(&labelled) {
                let weight = if labelled.label == "日期" { 0.55 } else { 0.8 };
                let by = by("date.filled_in", weight * labelled.worth());
                facts.push(reading.fact(FieldName::AppliedOn, date.to_string(), glyphs, by));
            }
        }
    }
    terms(reading, facts);
    if matches!(
        kind,
        DocumentKind::Decision
            | DocumentKind::AcceptanceNotice
            | DocumentKind::SupplementNotice
            | DocumentKind::Review
            | DocumentKind::Other
    ) {
        phrases(reading, kind, facts);
    }
    let refused = kind == DocumentKind::AcceptanceNotice && not_accepted(reading);
    if refused {
        // Nothing was accepted on any day.
        facts.retain(|fact| fact.field != FieldName::AcceptedOn);
        return;
    }
    let (field, rule, weight) = match kind {
        DocumentKind::Decision => (FieldName::DecidedOn, "date.decision_signature", 0.985),
        DocumentKind::AcceptanceNotice => (FieldName::AcceptedOn, "date.acceptance_signature", 0.97),
        // A licence is issued with the decision or some days later.
        DocumentKind::Licence => (FieldName::DecidedOn, "date.licence_signature", 0.85),
        DocumentKind::ServiceReceipt => (FieldName::ServedOn, "date.receipt_signature", 0.7),
        _ => return,
    };
    let signed = signature(reading).map(|(date, glyphs)| {
        // Under a seal what looks like a misread 日 may be what is left of a digit.
        let whole = glyphs
            .last()
            .is_some_and(|last| !CivilDate::is_misread_day_sign(last.c));
        let weight = if whole { weight } else { weight * DOUBTFUL_SIGN };
        facts.push(reading.fact(field, date.to_string(), &glyphs, by(rule, weight)));
        facts.len() - 1
    });
    match kind {
        DocumentKind::Decision => under_seal::find(reading, signed, facts),
        DocumentKind::Licence if !facts.iter().any(|f| f.field == FieldName::DecidedOn) => under_seal::from_term(facts),
        _ => {}
    }
}

/// Whether a notice about acceptance says that the application was not accepted.
fn not_accepted(reading: &Reading<'_>) -> bool {
    let head = reading.lines.iter().take(12);
    head.filter(|line| !line.compact.contains(['，', '。']))
        .any(|line| line.compact.contains("不予受理"))
}

/// The lines at the end of the document.
fn foot<'r, 'a>(reading: &'r Reading<'a>) -> &'r [Line<'a>] {
    let start = reading.lines.len().saturating_sub(FOOT_LINES);
    reading.lines.get(start..).unwrap_or_default()
}

/// Whether the year is one in which papers of this kind were written.
fn plausible(date: CivilDate) -> bool {
    (1950..=2099).contains(&date.year())
}

fn first_date(labelled: &Labelled) -> Option<(CivilDate, &[Glyph])> {
    let written = text(&labelled.value);
    let found = CivilDate::find_all(&written).into_iter().next()?;
    let reach = match labelled.place {
        Place::Joined => 0,
        Place::Behind => NEAR,
        Place::Form | Place::Below => 2 * NEAR,
    };
    let fits = found.span.start <= reach && plausible(found.date);
    fits.then(|| (found.date, &labelled.value[found.span.clone()]))
}

/// `自…至…`, `…至…`, `…至长期`, `至…`.
fn terms(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    for labelled in labelled(reading, TERMS) {
        let written = text(&labelled.value);
        let dates = CivilDate::find_all(&written);
        let reach = if labelled.place == Place::Joined { 1 } else { NEAR };
        let near = |found: &juanzong::record::FoundDate, end: usize| found.span.start <= end + reach;
        let weight = 0.96 * labelled.worth();
        // The term in which a business may exist is not that of a licence.
        let weight = if labelled.label == "营业期限" {
            weight * 0.6
        } else {
            weight
        };
        let mut give = |field, found: &juanzong::record::FoundDate, rule| {
            let glyphs = &labelled.value[found.span.clone()];
            facts.push(reading.fact(field, found.date.to_string(), glyphs, by(rule, weight)));
        };
        let Some(first) = dates.first().filter(|first| near(first, 0)) else {
            continue;
        };
        let between: String = dates.get(1).map_or_else(String::new, |second| {
            let gap = labelled
                .value
                .get(first.span.end..second.span.start)
                .unwrap_or_default();
            text(gap)
        });
        let joined = (1..=4).contains(&between.chars().count()) && between.contains(['至', '到', '-', '起', '~', '～'])
            || between == "一";
        match dates.get(1).filter(|_| joined) {
            Some(second) if first.date < second.date => {
                give(FieldName::ValidFrom, first, "valid.from_to");
                give(FieldName::ValidUntil, second, "valid.from_to");
            }
            Some(_) => {}
            None => {
                let after = labelled.value.get(first.span.end).map(|g| g.c);
                let starts = matches!(after, Some('起' | '至' | '-')) && !labelled.label.ends_with('至');
                let field = if starts {
                    FieldName::ValidFrom
                } else {
                    FieldName::ValidUntil
                };
                give(field, first, "valid.label");
            }
        }
    }
}

/// What the words after (or before) a date make it.
fn phrases(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    let weight = if kind == DocumentKind::Decision { 0.96 } else { 0.9 };
    let (mut applied, mut accepted) = (0, 0);
    for flow in &reading.flows {
        let written = text(flow);
        for found in CivilDate::find_all(&written)
            .into_iter()
            .filter(|f| plausible(f.date))
            .take(200)
        {
            let glyphs = &flow[found.span.clone()];
            let after = text(&flow[found.span.end..flow.len().min(found.span.end + PHRASE)]);
            let before = text(&flow[found.span.start.saturating_sub(PHRASE)..found.span.start]);
            let own = before.ends_with(['于', '在', '，', '自', '你', '司', '店', '位', '人', '：']);
            let clause = after.split(['，', '。', '；', '：']).next().unwrap_or_default();
            let clause = clause.strip_prefix('起').unwrap_or(clause);
            let asked = [
                "向本机关提",
                "向我局提",
                "向本局提",
                "向我机关提",
                "向贵局提",
                "提出",
                "提交",
                "申请",
            ];
            if own && applied < 2 && asked.iter().any(|word| clause.starts_with(word)) && !clause.contains("补正") {
                let by = by("date.applied_phrase", weight);
                facts.push(reading.fact(FieldName::AppliedOn, found.date.to_string(), glyphs, by));
                applied += 1;
            } else if own
                && accepted < 2
                && [
                    "依法受理",
                    "受理",
                    "予以受理",
                    "正式受理",
                    "已受理",
                    "决定受理",
                    "出具受理",
                    "出具《受理",
                    "发出受理",
                    "作出受理",
                    "作出予以受理",
                ]
                .iter()
                .any(|w| clause.starts_with(w))
            {
                let by = by("date.accepted_phrase", weight);
                facts.push(reading.fact(FieldName::AcceptedOn, found.date.to_string(), glyphs, by));
                accepted += 1;
            } else if kind == DocumentKind::AcceptanceNotice && before.ends_with('自') && clause.starts_with("计算")
            {
                let by = by("date.accepted_count", 0.85);
                facts.push(reading.fact(FieldName::AcceptedOn, found.date.to_string(), glyphs, by));
            }
        }
    }
}

/// The last line that holds a date and nothing else but the agency or a remark: the date of signature (成文日期). Not
/// that of printing (印发), nor the value of another field.
fn signature(reading: &Reading<'_>) -> Option<(CivilDate, Vec<Glyph>)> {
    let foot = foot(reading);
    (0..foot.len()).rev().find_map(|at| {
        let line = &foot[at];
        dated(&line.glyphs)
            .or_else(|| {
                // The day may have slipped into a line of its own.
                let next = foot.get(at + 1).filter(|next| next.page == line.page)?;
                let short = line.glyphs.len() <= SHORT && next.glyphs.len() <= SHORT;
                let joined: Vec<Glyph> = line.glyphs.iter().chain(&next.glyphs).copied().collect();
                let own = short && CivilDate::find_all(&next.compact).is_empty();
                dated(&joined).filter(|_| own)
            })
            .filter(|_| !belongs_to_field(reading, line))
    })
}

/// The date of which these characters consist.
fn dated(glyphs: &[Glyph]) -> Option<(CivilDate, Vec<Glyph>)> {
    let plain = without_remarks(glyphs);
    let found = CivilDate::find_all(&text(&plain))
        .pop()
        .filter(|found| plausible(found.date))?;
    let mut rest = text(plain.get(..found.span.start)?);
    rest.push_str(&text(plain.get(found.span.end..)?));
    // Up to three stray characters: the seal lies over this line. Numerals belong to it: `二田一日` is not the 2nd.
    let stray = rest.chars().count() <= 3 && !rest.chars().any(trace::is_numeral);
    let signed = ["局", "委员会", "厅", "政府", "中心", "所", "大队"]
        .iter()
        .any(|end| rest.ends_with(end))
        && rest.chars().all(is_han);
    let printed = rest.contains('印') || rest.contains('发');
    ((stray || signed) && !printed).then(|| (found.date, plain[found.span].to_vec()))
}

/// The characters without what stands in round brackets.
fn without_remarks(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut depth = 0_usize;
    let mut plain = Vec::new();
    for glyph in glyphs {
        match glyph.c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(*glyph),
            _ => {}
        }
    }
    plain
}

/// Whether a line is the value of a field that is another date than that of the signature.
fn belongs_to_field(reading: &Reading<'_>, line: &Line<'_>) -> bool {
    const OTHER: [&str; 12] = [
        "成立", "注册", "出生", "期限", "有效", "届满", "购置", "申请", "受理", "填表", "计算", "立卷",
    ];
    let other = |label: &str| label.chars().count() <= 16 && OTHER.iter().any(|word| label.contains(word));
    let Some(first) = line.glyphs.first() else { return false };
    let in_form = reading
        .form
        .iter()
        .any(|field| field.value.iter().any(|g| g.line == first.line) && other(&field.label));
    let former = first.line.checked_sub(1).and_then(|at| reading.lines.get(at));
    let below = former.is_some_and(|former| {
        former.page == line.page
            && other(&former.compact)
            && former
                .compact
                .trim_end_matches('：')
                .ends_with(['期', '间', '限', '至', '自'])
    });
    in_form || below
}
