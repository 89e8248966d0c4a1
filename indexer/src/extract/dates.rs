//! 申请、受理、决定、送达日期 and 有效期.

use juanzong::record::{CivilDate, DocumentKind, Fact, FieldName};

use super::glyphs::{Glyph, text};
use super::labels::{Label, Labelled, Place, label, labelled};
use super::reading::{Line, Reading, by};

/// Labels whose date follows, the field, and what the label is worth.
const LABELS: &[(FieldName, f32, &[Label])] = &[
    (
        FieldName::AppliedOn,
        0.97,
        &[label("申请日期"), label("申请时间"), label("提交日期")],
    ),
    (FieldName::AcceptedOn, 0.97, &[label("受理日期"), label("受理时间")]),
    (
        FieldName::DecidedOn,
        0.93,
        &[
            label("决定日期"),
            label("许可日期"),
            label("批准日期"),
            label("审批日期"),
        ],
    ),
    (
        FieldName::DecidedOn,
        0.86,
        &[
            label("签发日期"),
            label("发证日期"),
            label("颁发日期"),
            label("核发日期"),
            label("登记机关"),
        ],
    ),
    (FieldName::ServedOn, 0.97, &[label("送达日期"), label("送达时间")]),
    (
        FieldName::ServedOn,
        0.85,
        &[label("收件日期"), label("签收日期"), label("领取日期")],
    ),
];
const TERMS: &[Label] = &[
    label("有效期至"),
    label("有效期限至"),
    label("有效期限"),
    label("有效期"),
    label("许可期限"),
    label("营业期限"),
    label("许可证有效期"),
    label("证书有效期"),
];
/// Furthest from its label that a date may begin, in characters.
const NEAR: usize = 6;
/// Characters between a date and the words that say what happened on it.
const PHRASE: usize = 14;
/// Lines at the end in which a paper is dated.
const FOOT_LINES: usize = 16;

/// Labelled dates, dates of which a sentence says what they are, and the date under which a document is signed.
pub(super) fn find(reading: &Reading<'_>, kind: DocumentKind, facts: &mut Vec<Fact>) {
    if kind == DocumentKind::Contents {
        return;
    }
    for (field, weight, labels) in LABELS {
        for labelled in labelled(reading, labels) {
            if let Some((date, glyphs)) = first_date(&labelled) {
                let by = by("date.label", weight * labelled.worth());
                facts.push(reading.fact(*field, date.to_string(), glyphs, by));
            }
        }
    }
    terms(reading, facts);
    if matches!(
        kind,
        DocumentKind::Decision | DocumentKind::AcceptanceNotice | DocumentKind::Review | DocumentKind::Other
    ) {
        phrases(reading, kind, facts);
    }
    let (field, rule, weight) = match kind {
        DocumentKind::Decision => (FieldName::DecidedOn, "date.decision_signature", 0.985),
        DocumentKind::AcceptanceNotice => (FieldName::AcceptedOn, "date.acceptance_signature", 0.97),
        // A licence is issued with the decision or some days later.
        DocumentKind::Licence => (FieldName::DecidedOn, "date.licence_signature", 0.85),
        DocumentKind::ServiceReceipt => (FieldName::ServedOn, "date.receipt_signature", 0.7),
        _ => return,
    };
    let signed = signature(reading);
    if let Some((date, glyphs)) = signed {
        facts.push(reading.fact(field, date.to_string(), glyphs, by(rule, weight)));
    }
    if kind == DocumentKind::Decision {
        without_signature(reading, signed.is_some(), facts);
    }
}

/// What else tells the date of a decision whose signature lies under a seal: the day of printing, the first day of the
/// term, and what is left of the signature where it fits one of them.
fn without_signature(reading: &Reading<'_>, signed: bool, facts: &mut Vec<Fact>) {
    let printed = foot(reading).iter().rev().find_map(|line| {
        let found = CivilDate::find_all(&line.compact).pop()?;
        let printed = line.compact.ends_with("印发") || line.compact.ends_with('印');
        (printed && plausible(found.date)).then(|| (found.date, &line.glyphs[found.span.clone()]))
    });
    if let Some((date, glyphs)) = printed {
        let by = by("date.printed", 0.72);
        facts.push(reading.fact(FieldName::DecidedOn, date.to_string(), glyphs, by));
    }
    if signed {
        return;
    }
    let starts = facts.iter().find(|f| f.field == FieldName::ValidFrom);
    let starts = starts.and_then(|f| Some((CivilDate::parse(&f.value)?, f.clone())));
    if let Some((_, fact)) = &starts {
        let evidence = fact.evidence.clone().map(|mut evidence| {
            evidence.confidence *= 0.5;
            evidence
        });
        facts.push(Fact {
            field: FieldName::DecidedOn,
            origin: "date.term_begins".to_owned(),
            evidence,
            ..fact.clone()
        });
    }
    let known = printed
        .map(|(date, _)| date)
        .into_iter()
        .chain(starts.map(|(date, _)| date));
    for date in known {
        let damaged = foot(reading)
            .iter()
            .rev()
            .find(|line| !line.compact.contains('印') && line.glyphs.len() <= 16 && fits_damaged(date, &line.compact));
        if let Some(line) = damaged {
            let by = by("date.signature_damaged", 0.85);
            facts.push(reading.fact(FieldName::DecidedOn, date.to_string(), &line.glyphs, by));
            return;
        }
    }
}

/// The lines at the end of the document.
fn foot<'r, 'a>(reading: &'r Reading<'a>) -> &'r [Line<'a>] {
    let start = reading.lines.len().saturating_sub(FOOT_LINES);
    reading.lines.get(start..).unwrap_or_default()
}

/// Whether most of what is left of a line is left of this date, in digits or in Chinese numerals.
fn fits_damaged(date: CivilDate, left: &str) -> bool {
    const LEAST: usize = 5;
    let left: Vec<char> = left
        .chars()
        .map(|c| if matches!(c, '○' | '零') { '〇' } else { c })
        .collect();
    let (year, month, day) = (date.year(), date.month(), date.day());
    let chinese = format!(
        "{}年{}月{}日",
        in_chinese(year, false),
        in_chinese(month, true),
        in_chinese(day, true)
    );
    let forms = [
        format!("{year}年{month}月{day}日"),
        format!("{year}年{month:02}月{day:02}日"),
        chinese,
    ];
    forms.iter().any(|form| {
        let form: Vec<char> = form.chars().collect();
        let common = common_characters(&form, &left);
        let signs = left.iter().filter(|c| matches!(c, '年' | '月' | '日')).count();
        // The signs alone fit every date.
        common >= LEAST && common >= signs + 3 && common * 100 >= left.len() * 75
    })
}

fn in_chinese(value: u32, with_tens: bool) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: u32| DIGITS[(value % 10) as usize];
    if !with_tens {
        return [1000, 100, 10, 1].map(|unit| digit(value / unit)).iter().collect();
    }
    let (tens, ones) = (value / 10, value % 10);
    let mut text = String::new();
    if tens > 1 {
        text.push(digit(tens));
    }
    if tens > 0 {
        text.push('十');
    }
    if ones > 0 {
        text.push(digit(ones));
    }
    text
}

/// Length of the longest common subsequence of two short texts.
fn common_characters(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Whether the year is one in which papers of this kind were written.
fn plausible(date: CivilDate) -> bool {
    (1950..=2099).contains(&date.year())
}

fn first_date(labelled: &Labelled) -> Option<(CivilDate, &[Glyph])> {
    let written = text(&labelled.value);
    let found = CivilDate::find_all(&written).into_iter().next()?;
    let reach = if labelled.place == Place::Behind {
        NEAR
    } else {
        2 * NEAR
    };
    let fits = found.span.start <= reach && plausible(found.date);
    fits.then(|| (found.date, &labelled.value[found.span.clone()]))
}

/// `自…至…`, `…至…`, `…至长期`, `至…`.
fn terms(reading: &Reading<'_>, facts: &mut Vec<Fact>) {
    for labelled in labelled(reading, TERMS) {
        let written = text(&labelled.value);
        let dates = CivilDate::find_all(&written);
        let near = |found: &juanzong::record::FoundDate, end: usize| found.span.start <= end + NEAR;
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
            let own =
                before.ends_with('于') || before.ends_with('在') || before.ends_with('，') || before.ends_with('自');
            let clause = after.split(['，', '。', '；', '：']).next().unwrap_or_default();
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
                && ["依法受理", "受理", "予以受理", "正式受理", "已受理"]
                    .iter()
                    .any(|w| clause.starts_with(w))
            {
                let by = by("date.accepted_phrase", weight);
                facts.push(reading.fact(FieldName::AcceptedOn, found.date.to_string(), glyphs, by));
                accepted += 1;
            } else if kind == DocumentKind::AcceptanceNotice && before.ends_with('自') && clause.starts_with("起计算")
            {
                let by = by("date.accepted_count", 0.85);
                facts.push(reading.fact(FieldName::AcceptedOn, found.date.to_string(), glyphs, by));
            }
        }
    }
}

/// The last line that holds a date and nothing else: the date of signature (成文日期). Not that of printing (印发).
fn signature<'r>(reading: &'r Reading<'_>) -> Option<(CivilDate, &'r [Glyph])> {
    foot(reading).iter().rev().find_map(|line| {
        let found = CivilDate::find_all(&line.compact).pop()?;
        // Up to three stray characters: the seal lies over this line.
        let alone = found.span.len() + 3 >= line.glyphs.len();
        let printed = line.compact.contains('印') || line.compact.contains('发');
        (alone && !printed && plausible(found.date)).then(|| (found.date, &line.glyphs[found.span.clone()]))
    })
}
