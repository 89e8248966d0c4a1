//! What is left of a written date, and how well it fits a whole one.

use juanzong::record::{CivilDate, chinese_digit};

/// Costs are negative logarithms of probabilities, set by hand: what a seal does to a character depends on ink and
/// scanner, and only their order of magnitude matters here.
mod cost {
    /// A character is read as it is.
    pub(super) const READ: f32 = 0.1;
    /// Added to that of a reading that the recogniser held for possible.
    pub(super) const OTHER_READING: f32 = 0.3;
    /// A character is read as something that is no part of a date.
    pub(super) const DISFIGURED: f32 = 2.5;
    /// A character of a date is read as another one.
    pub(super) const MISREAD: f32 = 5.0;
    /// A character is not read: the first of a run, and each further one.
    pub(super) const HIDDEN: f32 = 2.0;
    pub(super) const HIDDEN_TOO: f32 = 1.0;
    /// Something is read where nothing stands.
    pub(super) const STRAY: f32 = 2.0;
    pub(super) const STRAY_OF_DATE: f32 = 4.0;
    /// The date is written with zeros (`2019年05月07日`), or in Chinese numerals.
    pub(super) const WITH_ZEROS: f32 = 1.5;
    pub(super) const IN_CHINESE: f32 = 0.7;
}

/// One character of the trace, with what else it may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    read: char,
    others: Vec<(char, f32)>,
}

impl Mark {
    pub(super) fn new(read: char, others: impl Iterator<Item = (char, f32)>) -> Self {
        Self {
            read: shape(read),
            others: others.map(|(c, confidence)| (shape(c), confidence)).collect(),
        }
    }

    /// What it costs to take the mark for this character, and how it was seen then.
    fn taken_for(&self, c: char) -> (f32, Seen) {
        if self.read == c {
            return (cost::READ, Seen::Read);
        }
        let otherwise = if is_of_date(self.read) {
            (cost::MISREAD, Seen::Misread)
        } else {
            (cost::DISFIGURED, Seen::Not)
        };
        let other = self.others.iter().find(|(other, _)| *other == c);
        let listed = other.map_or(f32::INFINITY, |(_, confidence)| {
            cost::OTHER_READING - confidence.clamp(0.001, 1.0).ln()
        });
        if listed < otherwise.0 {
            (listed, Seen::Read)
        } else {
            otherwise
        }
    }

    /// The digit that was read.
    pub(super) fn digit(&self) -> Option<u32> {
        self.read.to_digit(10).or_else(|| chinese_digit(self.read))
    }

    fn stray(&self) -> f32 {
        if is_of_date(self.read) {
            cost::STRAY_OF_DATE
        } else {
            cost::STRAY
        }
    }
}

/// How a character of a date was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// As itself, or as something that the recogniser also held for it.
    Read,
    /// As another character of dates.
    Misread,
    /// Not at all.
    Not,
}

/// One character for all signs of one meaning and look.
fn shape(c: char) -> char {
    match c {
        '〇' | '○' | '◯' | '零' | 'O' | 'o' => '0',
        'l' | 'I' | '|' => '1',
        '曰' => '日',
        '元' => '一',
        c => c,
    }
}

/// Whether dates consist of this character.
pub(super) fn is_of_date(c: char) -> bool {
    is_numeral(c) || matches!(c, '年' | '月' | '日')
}

pub(super) fn is_numeral(c: char) -> bool {
    let c = shape(c);
    c.is_ascii_digit() || c == '十' || chinese_digit(c).is_some()
}

/// How well a trace fits a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// Negative logarithm of a likelihood: the smaller, the better.
    pub(super) cost: f32,
    /// Numerals of the date that the reader saw.
    pub(super) numerals: u32,
    /// Numerals of the date that it took for others of which dates consist: what it read says something else, then.
    pub(super) misread: u32,
}

impl Fit {
    const NONE: Self = Self {
        cost: f32::INFINITY,
        ..Self::START
    };
    const START: Self = Self {
        cost: 0.0,
        numerals: 0,
        misread: 0,
    };

    fn after(self, cost: f32) -> Self {
        Self {
            cost: self.cost + cost,
            ..self
        }
    }

    fn with(self, seen: Seen, c: char) -> Self {
        Self {
            numerals: self.numerals + u32::from(seen == Seen::Read && is_numeral(c)),
            misread: self.misread + u32::from(seen == Seen::Misread && is_numeral(c)),
            ..self
        }
    }

    fn better(self, other: Self) -> Self {
        if other.cost < self.cost { other } else { self }
    }
}

/// The best fit of the trace to any written form of the date.
pub(super) fn fit(date: CivilDate, trace: &[Mark]) -> Fit {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let digits = format!("{year}年{month}月{day}日");
    let zeros = format!("{year}年{month:02}月{day:02}日");
    let chinese = format!("{}年{}月{}日", digit_by_digit(year), with_tens(month), with_tens(day));
    let mut best = align(&digits, trace);
    if zeros != digits {
        best = best.better(align(&zeros, trace).after(cost::WITH_ZEROS));
    }
    best.better(align(&chinese, trace).after(cost::IN_CHINESE))
}

/// The cheapest way from a written form to the trace: characters read, misread, hidden, and strays between them.
fn align(form: &str, trace: &[Mark]) -> Fit {
    /// The best ways to one place: with the last character of the form shown, and with it hidden.
    #[derive(Clone, Copy)]
    struct Ways {
        shown: Fit,
        hidden: Fit,
    }
    impl Ways {
        fn best(self) -> Fit {
            self.shown.better(self.hidden)
        }
    }
    let mut row: Vec<Ways> = Vec::with_capacity(trace.len() + 1);
    row.push(Ways {
        shown: Fit::START,
        hidden: Fit::NONE,
    });
    for (at, mark) in trace.iter().enumerate() {
        let shown = row[at].shown.after(mark.stray());
        row.push(Ways {
            shown,
            hidden: Fit::NONE,
        });
    }
    for c in form.chars() {
        let mut next: Vec<Ways> = Vec::with_capacity(row.len());
        for at in 0..row.len() {
            let hidden = row[at]
                .shown
                .after(cost::HIDDEN)
                .better(row[at].hidden.after(cost::HIDDEN_TOO));
            let shown = at.checked_sub(1).map_or(Fit::NONE, |former| {
                let mark = &trace[former];
                let (cost, seen) = mark.taken_for(c);
                let read = row[former].best().after(cost).with(seen, c);
                read.better(next[former].best().after(mark.stray()))
            });
            next.push(Ways { shown, hidden });
        }
        row = next;
    }
    row.last().map_or(Fit::NONE, |ways| ways.best())
}

fn digit(value: u32) -> char {
    const DIGITS: [char; 10] = ['0', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    DIGITS[(value % 10) as usize]
}

/// `二0一九`: zeros have one shape here.
fn digit_by_digit(year: u32) -> String {
    [1000, 100, 10, 1].map(|unit| digit(year / unit)).iter().collect()
}

/// `二十三`, below 100.
fn with_tens(value: u32) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(text: &str) -> Vec<Mark> {
        text.chars().map(|c| Mark::new(c, std::iter::empty())).collect()
    }

    fn date(year: u32, month: u32, day: u32) -> CivilDate {
        CivilDate::new(year, month, day).unwrap()
    }

    #[test]
    fn what_was_read_whole_fits_best() {
        for (text, expected) in [
            ("2019年5月7日", date(2019, 5, 7)),
            ("2019年05月07日", date(2019, 5, 7)),
            ("二〇一九年五月七日", date(2019, 5, 7)),
            ("二○二〇年十二月三十一日", date(2020, 12, 31)),
        ] {
            let own = fit(expected, &trace(text));
            assert!(own.cost < 3.0 && own.numerals >= 6, "{text}: {own:?}");
            for other in [
                date(2018, 5, 7),
                date(2019, 6, 7),
                date(2019, 5, 17),
                date(2020, 12, 30),
            ] {
                assert!(fit(other, &trace(text)).cost > own.cost + 1.5, "{text} {other}");
            }
        }
    }

    #[test]
    fn what_is_left_fits_the_dates_that_have_it() {
        for (text, fits, does_not) in [
            ("2013年28日", date(2013, 5, 28), date(2013, 5, 27)),
            ("025年5月19", date(2025, 5, 19), date(2025, 5, 12)),
            ("八月五日", date(2012, 8, 5), date(2012, 6, 5)),
            ("±021年0月21日", date(2021, 6, 21), date(2021, 6, 20)),
            ("一年八", date(2011, 8, 1), date(2012, 9, 1)),
        ] {
            let (a, b) = (fit(fits, &trace(text)), fit(does_not, &trace(text)));
            assert!(a.cost + 0.5 < b.cost, "{text}: {a:?} {b:?}");
        }
    }

    #[test]
    fn other_readings_of_the_recogniser_decide() {
        let mut marks = trace("2017年0月25日");
        marks[5] = Mark::new('0', [('3', 0.24), ('8', 0.08)].into_iter());
        let cost = |month| fit(date(2017, month, 25), &marks).cost;
        assert!(cost(3) < cost(8) && cost(8) < cost(9));
    }

    #[test]
    fn nothing_is_survived() {
        assert!(fit(date(2017, 8, 25), &[]).cost > 9.0);
        assert_eq!(fit(date(2017, 8, 25), &[]).numerals, 0);
    }
}
