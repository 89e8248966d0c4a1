//! Amounts of money and floor areas as they stand in applications and decisions.

use std::fmt;
use std::ops::Range;

use super::{chinese_digit, decimal_digit};

/// An amount of money in fen (分), up to ten billion yuan; written `1,238,346.94元`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Money(u64);

/// An area in hundredths of a square metre, up to 1,000 km²; written `351.1平方米`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FloorArea(u64);

/// A value found in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Where it stands, in characters of the text.
    pub span: Range<usize>,
    /// What it says.
    pub value: T,
}

const MOST_FEN: u64 = 1_000_000_000_000;
const MOST_HUNDREDTHS: u64 = 100_000_000_000;

impl Money {
    /// An amount in fen; `None` above ten billion yuan.
    pub fn from_fen(fen: u64) -> Option<Self> {
        (fen <= MOST_FEN).then_some(Self(fen))
    }

    /// The amount in fen.
    pub fn fen(self) -> u64 {
        self.0
    }

    /// A text that is one amount and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        only(text, &Self::find_all(text))
    }

    /// Finds amounts: `1,238,346.94元`, `1000万元`, `人民币伍仟万圆整`, `3亿元`.
    pub fn find_all(text: &str) -> Vec<Found<Self>> {
        find(
            text,
            &[
                ("亿元", 10_000_000_000),
                ("万元", 1_000_000),
                ("万圆", 1_000_000),
                ("元", 100),
                ("圆", 100),
            ],
            Self::from_fen,
        )
    }
}

impl FloorArea {
    /// An area in hundredths of a square metre; `None` above 1,000 km².
    pub fn from_hundredths(hundredths: u64) -> Option<Self> {
        (hundredths <= MOST_HUNDREDTHS).then_some(Self(hundredths))
    }

    /// The area in hundredths of a square metre.
    pub fn hundredths(self) -> u64 {
        self.0
    }

    /// A text that is one area and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        only(text, &Self::find_all(text))
    }

    /// Finds areas: `351.1平方米`, `83.8㎡`, `120m²`, `12.5亩`, `3公顷`.
    pub fn find_all(text: &str) -> Vec<Found<Self>> {
        const UNITS: [(&str, u64); 8] = [
            ("平方米", 100),
            ("平米", 100),
            ("㎡", 100),
            ("m²", 100),
            ("m2", 100),
            ("M2", 100),
            ("公顷", 1_000_000),
            ("亩", 66_667),
        ];
        find(text, &UNITS, Self::from_hundredths)
    }
}

fn only<T: Copy>(text: &str, found: &[Found<T>]) -> Option<T> {
    match found {
        [one] if one.span == (0..text.chars().count()) => Some(one.value),
        _ => None,
    }
}

/// Numbers before one of these units, in one pass; `units` come with their size in parts of the result.
fn find<T>(text: &str, units: &[(&str, u64)], make: impl Fn(u64) -> Option<T>) -> Vec<Found<T>> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let Some((end, hundredths)) = number(&chars, at) else {
            at += 1;
            continue;
        };
        let unit = units.iter().find(|(unit, _)| {
            let mut unit = unit.chars().enumerate();
            unit.all(|(i, c)| chars.get(end + i) == Some(&c))
        });
        if let Some((unit, size)) = unit {
            let value = hundredths
                .checked_mul(*size)
                .map(|parts| (parts + 50) / 100)
                .and_then(&make);
            let mut last = end + unit.chars().count();
            if chars.get(last).is_some_and(|c| matches!(c, '整' | '正')) {
                last += 1;
            }
            if let Some(value) = value {
                found.push(Found { span: at..last, value });
            }
            at = last;
        } else {
            at = end;
        }
    }
    found
}

/// A number at `start`: its end and its value in hundredths. Decimal digits with separators of thousands, or Chinese
/// numerals with units.
fn number(chars: &[char], start: usize) -> Option<(usize, u64)> {
    if chars.get(start).copied().and_then(decimal_digit).is_some() {
        return decimal(chars, start);
    }
    let mut end = start;
    let (mut total, mut section, mut digit) = (0_u64, 0_u64, None);
    while let Some(&c) = chars.get(end) {
        let unit = match c {
            '十' | '拾' => 10,
            '百' | '佰' => 100,
            '千' | '仟' => 1000,
            // `万元` is a unit of its own: it stays for the caller.
            '万' if !matches!(chars.get(end + 1), Some('元' | '圆')) => 10_000,
            _ => {
                let Some(value) = chinese_digit(c).filter(|_| c != '０') else {
                    break;
                };
                digit = Some(u64::from(value));
                end += 1;
                if end - start > 20 {
                    return None;
                }
                continue;
            }
        };
        if unit == 10_000 {
            total = total.checked_add(section.checked_add(digit.take().unwrap_or(0))?.checked_mul(unit)?)?;
            section = 0;
        } else {
            section = section.checked_add(digit.take().unwrap_or(1) * unit)?;
        }
        end += 1;
        if end - start > 20 {
            return None;
        }
    }
    let value = total.checked_add(section)?.checked_add(digit.unwrap_or(0))?;
    (end > start).then_some((end, value.checked_mul(100)?))
}

fn decimal(chars: &[char], start: usize) -> Option<(usize, u64)> {
    let digit = |at: usize| chars.get(at).copied().and_then(decimal_digit).map(u64::from);
    let mut end = start;
    let mut whole = 0_u64;
    loop {
        if let Some(value) = digit(end) {
            whole = whole.checked_mul(10)?.checked_add(value)?;
            end += 1;
        } else if matches!(chars.get(end), Some(',' | '，'))
            && (1..=3).all(|i| digit(end + i).is_some())
            && digit(end + 4).is_none()
        {
            end += 1;
        } else {
            break;
        }
    }
    let mut hundredths = whole.checked_mul(100)?;
    if matches!(chars.get(end), Some('.' | '．')) && digit(end + 1).is_some() {
        end += 1;
        let mut scale = 10;
        while let Some(value) = digit(end) {
            // Further places than the second are dropped, not rounded up.
            hundredths = hundredths.checked_add(value * scale)?;
            scale /= 10;
            end += 1;
        }
    }
    Some((end, hundredths))
}

fn write_hundredths(f: &mut fmt::Formatter<'_>, hundredths: u64, grouped: bool) -> fmt::Result {
    let whole = (hundredths / 100).to_string();
    for (at, c) in whole.chars().enumerate() {
        if grouped && at > 0 && (whole.len() - at).is_multiple_of(3) {
            f.write_str(",")?;
        }
        write!(f, "{c}")?;
    }
    match hundredths % 100 {
        0 => Ok(()),
        part if part.is_multiple_of(10) => write!(f, ".{}", part / 10),
        part => write!(f, ".{part:02}"),
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(f, self.0, true)?;
        f.write_str("元")
    }
}

impl fmt::Display for FloorArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(f, self.0, false)?;
        f.write_str("平方米")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_in_every_form() {
        for (text, written) in [
            ("1,238,346.94元", "1,238,346.94元"),
            ("1，238，346.94元", "1,238,346.94元"),
            ("1000万元", "10,000,000元"),
            ("伍仟万圆整", "50,000,000元"),
            ("二百万元", "2,000,000元"),
            ("叁拾贰万伍仟元整", "325,000元"),
            ("12.5万元", "125,000元"),
            ("1.2亿元", "120,000,000元"),
        ] {
            assert_eq!(
                Money::parse(text).map(|m| m.to_string()).as_deref(),
                Some(written),
                "{text}"
            );
        }
        assert_eq!(Money::find_all("共12页，二〇一九年"), []);
        assert_eq!(Money::find_all("人民币1,238,346.94元；").len(), 1);
    }

    #[test]
    fn areas_in_every_form() {
        for (text, written) in [
            ("351.1平方米", "351.1平方米"),
            ("83.8㎡", "83.8平方米"),
            ("120m²", "120平方米"),
            ("3公顷", "30000平方米"),
        ] {
            assert_eq!(
                FloorArea::parse(text).map(|m| m.to_string()).as_deref(),
                Some(written),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn display_reads_back(fen in 0..MOST_FEN, hundredths in 0..MOST_HUNDREDTHS) {
            let money = Money::from_fen(fen).unwrap();
            prop_assert_eq!(Money::parse(&money.to_string()), Some(money));
            let area = FloorArea::from_hundredths(hundredths).unwrap();
            prop_assert_eq!(FloorArea::parse(&area.to_string()), Some(area));
        }

        #[test]
        fn any_text_is_survived(text in "[0-9０-９,，.．万亿元圆整十百千零一二两仟佰m²㎡平方米亩]{0,60}") {
            for found in Money::find_all(&text) {
                prop_assert!(found.span.end <= text.chars().count());
            }
            FloorArea::find_all(&text);
        }
    }
}
