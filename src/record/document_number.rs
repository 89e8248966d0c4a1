//! Document numbers (发文字号, 文号).

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::decimal_digit;

/// A document number as a value: `灵行审许〔2019〕23号` (GB/T 9704-2012: hexagonal brackets, four-digit year,
/// no leading zero, no 第). The canonical form is its `Display`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber {
    agency_code: String,
    year: u32,
    serial: u32,
}

/// A document number found in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDocumentNumber {
    /// Where it stands, in characters of the text.
    pub span: Range<usize>,
    /// What it says.
    pub number: DocumentNumber,
}

/// Longest agency code (机关代字) accepted, in characters.
const AGENCY_CODE_MOST: usize = 10;

impl DocumentNumber {
    /// A number from its parts: 1 to 10 Han characters, a year from 1949 to 2199, a serial from 1 to 9,999,999.
    pub fn new(agency_code: &str, year: u32, serial: u32) -> Option<Self> {
        let length = agency_code.chars().count();
        let valid = (1..=AGENCY_CODE_MOST).contains(&length)
            && agency_code.chars().all(is_han)
            && (1949..=2199).contains(&year)
            && (1..=9_999_999).contains(&serial);
        valid.then(|| Self {
            agency_code: agency_code.to_owned(),
            year,
            serial,
        })
    }

    /// 机关代字, e.g. `灵行审许`.
    pub fn agency_code(&self) -> &str {
        &self.agency_code
    }

    /// The year in the brackets.
    pub fn year(&self) -> u32 {
        self.year
    }

    /// The serial number within the year.
    pub fn serial(&self) -> u32 {
        self.serial
    }

    /// A text that is one document number and nothing else, whatever its brackets.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let found = Self::find_all(text);
        match found.as_slice() {
            [only] if only.span == (0..text.chars().count()) => Some(only.number.clone()),
            _ => None,
        }
    }

    /// Finds document numbers in a text: any bracket form (`〔〕 [] () （） 【】 〖〗 《》 「」` or none), full-width
    /// digits, spaces inside, an optional 第 and leading zeros. Without brackets the closing 号 is required.
    pub fn find_all(text: &str) -> Vec<FoundDocumentNumber> {
        let chars: Vec<char> = text.chars().collect();
        let mut found: Vec<FoundDocumentNumber> = Vec::new();
        for at in 0..chars.len() {
            let floor = found.last().map_or(0, |f| f.span.end);
            if at < floor {
                continue;
            }
            if let Some(hit) = number_around_year(&chars, at, floor) {
                found.push(hit);
            }
        }
        found
    }
}

/// A number whose four-digit year starts at `at` (after an optional bracket).
fn number_around_year(chars: &[char], at: usize, floor: usize) -> Option<FoundDocumentNumber> {
    // `[12019}`: half a bracket is read as a bracket and a one.
    let doubled = at >= floor + 2 && chars[at - 1] == '1' && is_opening(chars[at - 2]);
    // `许12019〕`: the bracket itself is read as a one.
    let one = !doubled && at >= floor + 2 && chars[at - 1] == '1' && is_han(chars[at - 2]);
    if at > 0 && decimal_digit(chars[at - 1]).is_some() && !doubled && !one {
        return None;
    }
    let (after_year, year) = year_at(chars, at)?;
    let before = back_over_spaces(chars, at - usize::from(doubled), floor);
    let opened = one || before > floor && is_opening(chars[before - 1]);
    let code_end = back_over_spaces(chars, if opened { before - 1 } else { before }, floor);
    let mut code_start = code_end;
    while code_start > floor && code_end - code_start < AGENCY_CODE_MOST && is_han(chars[code_start - 1]) {
        code_start -= 1;
    }
    let mut code: String = chars[code_start..code_end].iter().collect();
    // `（澧）交运许字〔2017〕126号`: the place may stand in brackets of its own.
    if let Some([opening, place, closing]) = code_start.checked_sub(3).and_then(|at| chars.get(at..at + 3))
        && code_start >= floor + 3
        && matches!(opening, '（' | '(')
        && matches!(closing, '）' | ')')
        && is_han(*place)
        && !chars
            .get(..code_start - 3)
            .and_then(<[char]>::last)
            .is_some_and(|c| is_han(*c))
    {
        code.insert(0, *place);
        code_start -= 3;
    }

    let mut next = skip_spaces(chars, after_year);
    let closed = chars
        .get(next)
        .is_some_and(|c| is_closing(*c) || (opened && is_stroke(*c)));
    if closed {
        next = skip_spaces(chars, next + 1);
    }
    // A one that stands for a bracket is believed only beside its other half.
    if one && !closed {
        return None;
    }
    // `许可2019年` is running text and fails at the serial; `字2019第23号` is a number.
    if chars.get(next) == Some(&'第') {
        next = skip_spaces(chars, next + 1);
    }
    let (after_serial, serial) = digits(chars, next, 7)?;
    let sign = skip_spaces(chars, after_serial);
    let signed = chars.get(sign).is_some_and(|c| matches!(c, '号' | '號'));
    let bracketed = opened && closed;
    if !(signed || bracketed) {
        return None;
    }
    let end = if signed { sign + 1 } else { after_serial };
    let number = DocumentNumber::new(&code, year, serial)?;
    Some(FoundDocumentNumber {
        span: code_start..end,
        number,
    })
}

/// Four digits that no further one follows.
fn year_at(chars: &[char], at: usize) -> Option<(usize, u32)> {
    let mut value = 0;
    for offset in 0..4 {
        value = value * 10 + digit(chars, at + offset, offset == 0)?;
    }
    let end = at + 4;
    let goes_on = chars.get(end).is_some_and(|c| decimal_digit(*c).is_some());
    (!goes_on).then_some((end, value))
}

/// Reads one run of decimal digits, 1 to `most` long.
fn digits(chars: &[char], at: usize, most: usize) -> Option<(usize, u32)> {
    let mut end = at;
    let mut value = 0;
    while let Some(digit) = digit(chars, end, end == at) {
        if end - at == most {
            return None;
        }
        value = value * 10 + digit;
        end += 1;
    }
    (end > at).then_some((end, value))
}

/// The digit at a place. After the first, `O` and `〇` are zeros and `l` is a one: recognisers confuse them.
fn digit(chars: &[char], at: usize, first: bool) -> Option<u32> {
    let c = chars.get(at).copied()?;
    let misread = match c {
        'O' | 'o' | '〇' | '○' => Some(0),
        'l' | 'I' => Some(1),
        _ => None,
    };
    decimal_digit(c).or(misread.filter(|_| !first))
}

fn skip_spaces(chars: &[char], mut at: usize) -> usize {
    while chars.get(at).is_some_and(|c| matches!(c, ' ' | '\u{3000}')) {
        at += 1;
    }
    at
}

fn back_over_spaces(chars: &[char], mut at: usize, floor: usize) -> usize {
    while at > floor && matches!(chars[at - 1], ' ' | '\u{3000}') {
        at -= 1;
    }
    at
}

/// An opening bracket, or a letter that recognisers take one for: it stands between a code and a year only.
fn is_opening(c: char) -> bool {
    matches!(
        c,
        '〔' | '['
            | '［'
            | '('
            | '（'
            | '【'
            | '〖'
            | '《'
            | '「'
            | '{'
            | '〈'
            | '｛'
            | '『'
            | '<'
            | '＜'
            | '﹝'
            | '〘'
            | 'L'
            | 'C'
            | 'c'
            | 't'
            | 'f'
            | 'E'
    ) || is_stroke(c)
}

/// A closing bracket, or what recognisers take one for.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '〕' | ']'
            | '］'
            | ')'
            | '）'
            | '】'
            | '〗'
            | '》'
            | '」'
            | '}'
            | '〉'
            | '｝'
            | '』'
            | '>'
            | '＞'
            | '﹞'
            | '〙'
            | 'J'
            | 'j'
            | 'D'
    )
}

/// A letter or sign that is one upright stroke, as is half of a bracket.
fn is_stroke(c: char) -> bool {
    matches!(c, 'I' | 'l' | '|' | '!' | '｜')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.agency_code, self.year, self.serial)
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| "not a document number".to_owned())
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn brackets_do_not_matter() {
        for text in [
            "灵食许〔2019〕444号",
            "灵食许[2019]444号",
            "灵食许(2019)444号",
            "灵食许（２０１９）４４４号",
            "灵食许【2019】444号",
            "灵食许《2019》444号",
            "灵食许2019第444号",
            "灵食许2019 444号",
            "灵食许 〔2019〕 第444号",
            "灵食许〔2019〕0444号",
            "灵食许L2019J444号",
            "灵食许[12019}444号",
            "灵食许〔2O19〕444号",
            "灵食许『2019』444号",
            "灵食许I2019〕444号",
            "灵食许12019〕444号",
            "灵食许〔2019l444号",
            "灵食许t2019)444号",
            "灵食许〔2〇19〕444号",
            "灵食许〔2019〕444",
            "灵食许2019]444号",
            "灵食许 〔 2019 〕 444 號",
        ] {
            assert_eq!(
                DocumentNumber::parse(text).map(|n| n.to_string()),
                Some("灵食许〔2019〕444号".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn the_place_may_stand_in_brackets() {
        let found = DocumentNumber::find_all("文书编号：（澧）交运许字〔2017〕第0126号");
        assert_eq!(found[0].number.to_string(), "澧交运许字〔2017〕126号");
        assert_eq!(found[0].span, 5..24);
        // No place: a remark of what stands before.
        let found = DocumentNumber::find_all("暂行办法（试）交运许字〔2017〕126号");
        assert_eq!(found[0].number.agency_code(), "交运许字");
    }

    #[test]
    fn running_text_is_no_number() {
        for text in [
            "准予许可2019年3月5日",
            "共2019",
            "编号20190444号",
            "〔2019〕23号",
            "第2019号",
        ] {
            assert_eq!(DocumentNumber::find_all(text), [], "{text}");
        }
    }

    #[test]
    fn two_numbers_stay_apart() {
        let found = DocumentNumber::find_all("灵环审〔2019〕1号、灵食许〔2020〕2号");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].number.to_string(), "灵食许〔2020〕2号");
    }

    proptest! {
        #[test]
        fn display_reads_back(code in "[\u{4e00}-\u{9fa5}]{1,8}", year in 1949u32..2200, serial in 1u32..10_000) {
            let number = DocumentNumber::new(&code, year, serial).unwrap();
            prop_assert_eq!(DocumentNumber::parse(&number.to_string()), Some(number));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}") {
            for found in DocumentNumber::find_all(&text) {
                prop_assert!(found.span.end <= text.chars().count());
            }
        }
    }
}
