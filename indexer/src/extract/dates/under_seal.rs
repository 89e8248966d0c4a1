//! The date of a decision whose signature lies under a seal, so that it is read in part or not at all.
//!
//! What is left of the signature is compared with every day on which the decision may have been made; what its text
//! tells (the year of its number, the days of applying and acceptance, of printing, the beginning of its term) says how
//! likely each of them is before anything of the signature is read.

use juanzong::record::{CivilDate, DocumentNumber, Fact, FieldName};

use super::super::reading::{Reading, by};
use super::trace::{Fit, Mark, fit, is_numeral, is_of_date};
use super::{foot, plausible};
use crate::extract::glyphs::{Glyph, text};

/// Name of the rule that gives the days which a damaged signature may mean; their confidences add up to at most
/// [`WORTH`].
pub(in crate::extract) const RULE: &str = "date.signature_under_seal";
/// How often the rule is right when it has no doubt.
const WORTH: f32 = 0.85;
/// A signature read with less confidence than this is compared with what else is told.
const READ_WELL: f32 = 0.9;
/// Days less likely than this are not given.
const LEAST: f32 = 0.12;
/// Most days given for one signature.
const MOST: usize = 3;
/// Numerals of the date that must have been seen.
const NUMERALS: u32 = 2;
/// Most years whose days are compared, and most traces they are compared with: what bounds the work of a paper.
const YEARS: usize = 4;
const TRACES: usize = 12;
/// Longest line that is looked at, in characters.
const LONGEST_LINE: usize = 30;
/// Longest trace, in characters: no written date has more than 13.
const LONGEST: usize = 16;

/// What else tells the date of a decision: the day of printing, the first day of the term, and what is left of the
/// signature. `signed` is the index of the fact of the signature, when it was read as a whole date.
pub(super) fn find(reading: &Reading<'_>, signed: Option<usize>, facts: &mut Vec<Fact>) {
    let printed = foot(reading).iter().rev().find_map(|line| {
        let found = CivilDate::find_all(&line.compact).pop()?;
        let printed = line.compact.ends_with("印发") || line.compact.ends_with('印');
        (printed && plausible(found.date)).then(|| (found.date, &line.glyphs[found.span.clone()]))
    });
    if let Some((date, glyphs)) = printed {
        let by = by("date.printed", 0.72);
        facts.push(reading.fact(FieldName::DecidedOn, date.to_string(), glyphs, by));
    }
    let known = Known::of(reading, facts, printed.map(|(date, _)| date));
    let read = signed.and_then(|at| Some((at, CivilDate::parse(&facts[at].value)?)));
    if let Some((at, date)) = read
        && facts[at].confidence() >= READ_WELL
        && known.asked.is_none_or(|asked| date >= asked)
    {
        return;
    }
    if read.is_none() {
        from_term(facts);
    }
    let Some(Trace { days, glyphs }) = known.trace(reading) else {
        return;
    };
    if let Some((at, date)) = read {
        let likelihood = days.iter().find(|(day, _)| *day == date).map_or(0.0, |(_, p)| *p);
        if days.first().is_some_and(|(day, _)| *day == date) {
            // It says what was read.
            return;
        }
        if let Some(evidence) = &mut facts[at].evidence {
            evidence.confidence = evidence.confidence.min(WORTH * likelihood);
        }
    }
    let others = days.iter().filter(|(day, _)| read.is_none_or(|(_, date)| *day != date));
    for (day, likelihood) in others.filter(|(_, p)| *p >= LEAST).take(MOST) {
        let mut fact = reading.fact(FieldName::DecidedOn, day.to_string(), &glyphs, by(RULE, WORTH));
        if let Some(evidence) = &mut fact.evidence {
            evidence.confidence = WORTH * likelihood;
        }
        facts.push(fact);
    }
}

/// A term mostly begins on the day of the decision.
pub(super) fn from_term(facts: &mut Vec<Fact>) {
    let Some(fact) = facts.iter().find(|f| f.field == FieldName::ValidFrom) else {
        return;
    };
    let evidence = fact.evidence.clone().map(|mut evidence| {
        evidence.confidence *= 0.5;
        evidence
    });
    let fact = Fact {
        field: FieldName::DecidedOn,
        origin: "date.term_begins".to_owned(),
        evidence,
        ..fact.clone()
    };
    facts.push(fact);
}

/// What is left of a signature.
struct Trace {
    /// The days that it may mean and how likely they are, the likeliest first.
    days: Vec<(CivilDate, f32)>,
    /// Its characters.
    glyphs: Vec<Glyph>,
}

/// How well a trace fits each day.
type Fits = Vec<(CivilDate, Fit)>;

/// What the paper tells about the day, its signature apart.
struct Known {
    /// The last day of which it tells that the application was made or accepted.
    asked: Option<CivilDate>,
    /// The same, else the last day that it names.
    earliest: Option<CivilDate>,
    printed: Option<CivilDate>,
    term_begins: Option<CivilDate>,
    term_ends: Option<CivilDate>,
    /// Year of its number.
    numbered: Option<u32>,
}

impl Known {
    fn of(reading: &Reading<'_>, facts: &[Fact], printed: Option<CivilDate>) -> Self {
        let dates = |field: FieldName| {
            facts
                .iter()
                .filter(move |f| f.field == field)
                .filter_map(|f| CivilDate::parse(&f.value))
        };
        let numbered = facts
            .iter()
            .filter(|f| f.field == FieldName::DocumentNumber && f.origin.starts_with("document_number.decision"))
            .find_map(|f| DocumentNumber::parse(&f.value))
            .map(|number| number.year());
        let term = |date: &CivilDate| {
            dates(FieldName::ValidFrom)
                .chain(dates(FieldName::ValidUntil))
                .any(|d| d == *date)
        };
        let asked = dates(FieldName::AppliedOn).chain(dates(FieldName::AcceptedOn)).max();
        let told = || {
            let flows = reading.flows.iter().flat_map(|flow| CivilDate::find_all(&text(flow)));
            let told = flows
                .map(|found| found.date)
                .filter(|date| plausible(*date) && !term(date));
            told.filter(|date| Some(*date) != printed && numbered.is_some_and(|year| date.year() <= year))
                .max()
        };
        Self {
            asked,
            earliest: asked.or_else(told),
            printed,
            term_begins: dates(FieldName::ValidFrom).next(),
            term_ends: dates(FieldName::ValidUntil).next(),
            numbered,
        }
    }

    /// How likely a decision is on this day, as a factor: estimates of how cases go, not counted ones.
    fn weight(&self, date: CivilDate) -> f32 {
        let mut weight = 1.0;
        // Offices are closed on Saturday and Sunday; 1970-01-01 was a Thursday.
        if (date.unix_days() + 3).rem_euclid(7) >= 5 {
            weight *= 0.1;
        }
        if let Some(earliest) = self.earliest {
            weight *= match date.unix_days() - earliest.unix_days() {
                ..0 => 0.005,
                // The time limit is 20 working days, and 30 or 45 in some matters.
                0..=45 => 1.0,
                46..=120 => 0.15,
                121..=400 => 0.01,
                _ => 0.001,
            };
        }
        if self.numbered.is_some_and(|year| year != date.year()) {
            weight *= 0.03;
        }
        if let Some(printed) = self.printed {
            weight *= match printed.unix_days() - date.unix_days() {
                0 => 30.0,
                1..=7 => 2.0,
                ..0 => 0.02,
                _ => 0.3,
            };
        }
        if self.term_begins == Some(date) {
            weight *= 20.0;
        }
        if self.term_ends.is_some_and(|end| end <= date) {
            weight *= 0.01;
        }
        weight
    }

    /// The days that may have been meant.
    fn candidates(&self, trace: &[Mark]) -> Vec<CivilDate> {
        let mut years: Vec<u32> = self.numbered.into_iter().collect();
        let anchors = [self.earliest, self.printed, self.term_begins];
        years.extend(anchors.iter().flatten().map(|date| date.year()));
        if let Some(earliest) = self.earliest {
            years.push(earliest.year() + 1);
        }
        if years.is_empty() {
            years.extend(year_in(trace));
        }
        years.sort_unstable();
        years.dedup();
        // Anchors that were misread may lie far apart.
        years.truncate(YEARS);
        years
            .into_iter()
            .flat_map(|year| (1..=12).flat_map(move |month| (1..=31).map(move |day| (year, month, day))))
            .filter_map(|(year, month, day)| CivilDate::new(year, month, day))
            .filter(|date| plausible(*date))
            .collect()
    }

    /// The best trace of a date at the foot of the paper.
    fn trace(&self, reading: &Reading<'_>) -> Option<Trace> {
        let mut best: Option<(f32, Fits)> = None;
        let mut of_best = Vec::new();
        for glyphs in traces(reading) {
            let marks: Vec<Mark> = glyphs
                .iter()
                .map(|glyph| Mark::new(glyph.c, reading.other_readings(*glyph)))
                .collect();
            let fits: Fits = self
                .candidates(&marks)
                .into_iter()
                .map(|date| (date, fit(date, &marks)))
                .collect();
            let cheapest = fits.iter().map(|(_, fit)| fit.cost).fold(f32::INFINITY, f32::min);
            if best.as_ref().is_none_or(|(cost, _)| cheapest < *cost) {
                best = Some((cheapest, fits));
                of_best = glyphs;
            }
        }
        let (cheapest, fits) = best?;
        let mut days: Vec<(CivilDate, f32, Fit)> = fits
            .into_iter()
            .map(|(date, fit)| (date, self.weight(date) * (cheapest - fit.cost).exp(), fit))
            .collect();
        let all: f32 = days.iter().map(|(_, weight, _)| weight).sum();
        days.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // What was misread (a month that there is not) is no trace of any day.
        let traced = days
            .into_iter()
            .filter(|(_, _, fit)| fit.numerals >= NUMERALS && fit.misread == 0);
        let traced = traced.take(MOST + 1).map(|(date, weight, _)| (date, weight / all));
        (all > 0.0).then(|| Trace {
            days: traced.collect(),
            glyphs: of_best,
        })
    }
}

/// A year that a trace shows whole.
fn year_in(trace: &[Mark]) -> Option<u32> {
    (1950..=2099).find(|year| {
        let digits: Vec<u32> = [1000, 100, 10, 1].map(|unit| year / unit % 10).to_vec();
        trace.windows(4).any(|marks| {
            marks
                .iter()
                .zip(&digits)
                .all(|(mark, digit)| mark.digit() == Some(*digit))
        })
    })
}

/// What may be left of a date in the lines at the foot: a line, or two or three that follow each other, without the
/// name of the agency that may stand in front.
fn traces(reading: &Reading<'_>) -> Vec<Vec<Glyph>> {
    let lines: Vec<Option<(u32, &[Glyph])>> = foot(reading)
        .iter()
        .map(|line| Some((line.page, trace_in(&line.glyphs)?)))
        .collect();
    let mut traces = Vec::new();
    // From the end: there papers are signed.
    for first in (0..lines.len()).rev() {
        let mut joined: Vec<Glyph> = Vec::new();
        let mut page = None;
        for line in lines[first..].iter().take(3) {
            let Some((of_page, glyphs)) = line else { break };
            if page.is_some_and(|page| page != *of_page) || joined.len() + glyphs.len() > LONGEST {
                break;
            }
            page = Some(*of_page);
            joined.extend_from_slice(glyphs);
            let numerals = joined.iter().filter(|g| is_numeral(g.c)).count();
            let signed = joined.iter().any(|g| matches!(g.c, '年' | '月' | '日'));
            if signed && numerals >= NUMERALS as usize {
                traces.push(joined.clone());
            }
        }
    }
    traces.truncate(TRACES);
    traces
}

/// The part of a line that may be left of a date: from the first to the last of its characters that dates are made of,
/// most of which are.
fn trace_in(glyphs: &[Glyph]) -> Option<&[Glyph]> {
    // Neither sentences, nor days of printing, nor document numbers.
    let other = |c: char| "，。；：、《》（）〔〕[]【】印号页第".contains(c);
    if glyphs.len() > LONGEST_LINE || glyphs.iter().any(|g| other(g.c)) {
        return None;
    }
    let first = glyphs.iter().position(|g| is_of_date(g.c))?;
    let last = glyphs.iter().rposition(|g| is_of_date(g.c))?;
    let part = &glyphs[first..=last];
    let of_date = part.iter().filter(|g| is_of_date(g.c)).count();
    (of_date * 2 > part.len() && part.len() <= LONGEST).then_some(part)
}
