//! The date of a decision whose signature lies under a seal, so that it is read in part or not at all.

use juanzong::record::{CivilDate, DocumentNumber, Fact, FieldName, chinese_digit, parse_chinese_number};

use super::super::reading::{Line, Reading, by};
use super::{foot, plausible};
use crate::extract::glyphs::text;

/// What else tells the date of a decision whose signature lies under a seal: the day of printing, the first day of the
/// term, and what is left of the signature where it fits one of them.
pub(super) fn find(reading: &Reading<'_>, signed: bool, facts: &mut Vec<Fact>) {
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
    if let Some((date, rule, weight, line)) = incomplete(reading, facts) {
        facts.push(reading.fact(FieldName::DecidedOn, date.to_string(), &line.glyphs, by(rule, weight)));
    }
}

/// What can be read of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    year: Option<u32>,
    month: Option<u32>,
    day: u32,
}

/// A signature of which the year or the month is gone: the year is that of the document's own number, the month the
/// first in which the decision comes after everything that it tells of.
fn incomplete<'r, 'a>(
    reading: &'r Reading<'a>,
    facts: &[Fact],
) -> Option<(CivilDate, &'static str, f32, &'r Line<'a>)> {
    let (left, line) = foot(reading)
        .iter()
        .rev()
        .find_map(|line| Some((left_of(&line.compact)?, line)))?;
    let number = facts
        .iter()
        .filter(|f| f.field == FieldName::DocumentNumber && f.origin.starts_with("document_number.decision"))
        .find_map(|f| DocumentNumber::parse(&f.value));
    let year = left.year.or(number.map(|number| number.year()))?;
    if let Some(month) = left.month {
        let date = CivilDate::new(year, month, left.day)?;
        return Some((date, "date.signature_without_year", 0.72, line));
    }
    let terms = |date: &CivilDate| {
        let date = date.to_string();
        facts
            .iter()
            .any(|f| matches!(f.field, FieldName::ValidFrom | FieldName::ValidUntil) && f.value == date)
    };
    let told = reading
        .flows
        .iter()
        .flat_map(|flow| CivilDate::find_all(&text(flow)))
        .map(|found| found.date)
        .filter(|date| date.year() <= year && !terms(date))
        .max()?;
    let date = (1..=12)
        .filter_map(|month| CivilDate::new(year, month, left.day))
        .find(|date| *date >= told)?;
    Some((date, "date.signature_without_month", 0.6, line))
}

/// What is left of a date in a line that holds nothing else: a day, and a month or a year. `None` for whole dates and
/// for anything else.
fn left_of(line: &str) -> Option<Left> {
    const LONGEST: usize = 13;
    if line.chars().count() > LONGEST || !CivilDate::find_all(line).is_empty() {
        return None;
    }
    let numeral = |c: char| c.is_ascii_digit() || chinese_digit(c).is_some() || matches!(c, '十' | 'O' | 'o');
    let stray = line
        .chars()
        .filter(|c| !numeral(*c) && !matches!(c, '年' | '月' | '日'))
        .count();
    if stray > 1 {
        return None;
    }
    // Without its sign a day is whole when no further digit can follow it.
    let whole = |day: &str| number(day).is_some_and(|day| (4..=31).contains(&day));
    let (before_day, _) = line
        .split_once('日')
        .or_else(|| line.rsplit_once('月').filter(|(_, day)| whole(day)).map(|_| (line, "")))?;
    let (before_month, day) = before_day
        .split_once('月')
        .map_or((None, before_day), |(a, b)| (Some(a), b));
    let (year, month) = match before_month {
        Some(before) => match before.split_once('年') {
            Some((year, month)) => (Some(year), Some(month)),
            None => (None, Some(before)),
        },
        None => match day.split_once('年') {
            Some((year, _)) => (Some(year), None),
            None => (None, None),
        },
    };
    let day = day
        .rsplit('年')
        .next()
        .and_then(number)
        .filter(|day| (1..=31).contains(day))?;
    let month = match month {
        None | Some("") => None,
        // A month that there is not is a misreading, not a gap.
        Some(month) => Some(number(month).filter(|month| (1..=12).contains(month))?),
    };
    let year = year.and_then(number).filter(|year| (1950..=2099).contains(year));
    (year.is_some() != month.is_some()).then_some(Left { year, month, day })
}

/// A whole number in digits of one kind.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 4 {
        return None;
    }
    text.parse().ok().or_else(|| parse_chinese_number(text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_seal_leaves_of_a_date() {
        let left = |year, month, day| Some(Left { year, month, day });
        for (line, expected) in [
            ("八月五日", left(None, Some(8), 5)),
            ("2024年月13日", left(Some(2024), None, 13)),
            ("年11月3日", left(None, Some(11), 3)),
            ("024年11月3日", left(None, Some(11), 3)),
            ("二〇二一年月十六日", left(Some(2021), None, 16)),
            ("2024年5月13日", None),
            ("25年5月19", left(None, Some(5), 19)),
            ("年5月1", None),
            ("2024年5月日", None),
            ("2024年13月7日", None),
            ("13日", None),
            ("五日内送达本月底", None),
            ("", None),
        ] {
            assert_eq!(left_of(line), expected, "{line}");
        }
    }
}
