//! A cell → what it says, or what is wrong with it before its field is looked at.

use juanzong::record::{CivilDate, FieldName};

use super::headings::{Column, half_width};
use crate::report::FindingCode;
use crate::table::{Cell, serial};

/// Excel keeps 15 significant digits: a whole number from here on has lost some.
const DIGITS_LOST_FROM: f64 = 1e15;
/// Longest cell of a column that names files, in characters.
const FILES_MOST: usize = 8_000;
/// Longest number, code or date, in characters.
const CODE_MOST: usize = 100;
/// Longest other text, in characters.
const TEXT_MOST: usize = 500;

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text without spaces around it; never empty.
    Text(String),
    /// A number of a spreadsheet.
    Number(f64),
    /// A cell that is shown as a date; `None` when there is no such day.
    Date(Option<CivilDate>),
}

impl Value {
    /// The value as text: numbers without `.0`, dates as `YYYY-MM-DD`.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            // The shortest form that is the same number; whole numbers have no point.
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.map(|d| d.to_string()).unwrap_or_default(),
        }
    }
}

/// Reads a cell of a column; `None` when nothing stands in it.
pub(super) fn value(cell: &Cell, column: Column, since_1904: bool) -> Result<Option<Value>, FindingCode> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Failed => Err(FindingCode::FormulaFailed),
        Cell::NotCalculated => Err(FindingCode::FormulaNotCalculated),
        Cell::Number(number) if number.abs() >= DIGITS_LOST_FROM || !number.is_finite() => Err(FindingCode::DigitsLost),
        Cell::Number(number) => Ok(Some(Value::Number(*number))),
        Cell::Date(days) => Ok(Some(Value::Date(serial::date(*days, since_1904)))),
        Cell::Text(text) => text_value(text, column),
    }
}

pub(super) fn text_value(text: &str, column: Column) -> Result<Option<Value>, FindingCode> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{a0}'));
    // Excel shows a leading apostrophe as "this is text"; some exports keep it.
    let trimmed = trimmed
        .strip_prefix('\'')
        .filter(|_| is_code(column))
        .unwrap_or(trimmed);
    if trimmed.is_empty() {
        return Ok(None);
    }
    if trimmed.contains('\u{fffd}') {
        return Err(FindingCode::EncodingBroken);
    }
    if is_mojibake(trimmed) {
        return Err(FindingCode::Mojibake);
    }
    if is_failed_formula(trimmed) {
        return Err(FindingCode::FormulaFailed);
    }
    if trimmed.starts_with('=') {
        return Err(FindingCode::FormulaNotCalculated);
    }
    if trimmed.chars().any(is_forbidden) {
        return Err(FindingCode::ControlCharacter);
    }
    let code = is_code(column);
    if code && trimmed.contains(['\n', '\r']) {
        return Err(FindingCode::LineBreakInCode);
    }
    let most = match column {
        Column::Files => FILES_MOST,
        _ if code => CODE_MOST,
        _ => TEXT_MOST,
    };
    if trimmed.chars().count() > most {
        return Err(FindingCode::ValueTooLong);
    }
    if code && is_scientific(trimmed) {
        return Err(FindingCode::DigitsLost);
    }
    let text = match column {
        Column::Files => trimmed.to_owned(),
        _ => trimmed
            .split(['\n', '\r', '\t'])
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" "),
    };
    Ok(Some(Value::Text(text)))
}

/// Whether a column holds numbers, codes, dates or words of closed lists, none of which has several lines.
fn is_code(column: Column) -> bool {
    match column {
        Column::Files => false,
        Column::ArchivalCode | Column::Pages => true,
        Column::Field(field) => {
            super::values::is_date(field)
                || matches!(
                    field,
                    FieldName::Region
                        | FieldName::DocumentNumber
                        | FieldName::AcceptanceNumber
                        | FieldName::Outcome
                        | FieldName::Retention
                        | FieldName::SecurityClass
                        | FieldName::ApplicantKind
                        | FieldName::ApplicantIdNumber
                )
        }
    }
}

/// What Excel shows, and saves as CSV, where a formula failed or a column is too narrow.
fn is_failed_formula(text: &str) -> bool {
    const FAILED: [&str; 10] = [
        "#N/A",
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ];
    FAILED.contains(&text) || (text.len() >= 3 && text.bytes().all(|b| b == b'#'))
}

/// `1.40224E+17`: how Excel saves a long number as CSV.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    // `1E5` may be a number of a document; a decimal point or a plus sign, and two digits of exponent, are Excel's.
    digits(whole) && digits(part) && digits(exponent) && exponent.len() >= 2 && number.contains('.')
}

/// Control characters, and characters that nobody sees but that make two equal codes differ or turn the order of a line.
fn is_forbidden(c: char) -> bool {
    let invisible =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    invisible || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether a text was decoded in a wrong coding once: the well-known traces, or a text whose bytes in another coding
/// are UTF-8 with Han characters and nothing else.
fn is_mojibake(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    if ["锟斤拷", "烫烫", "屯屯屯"].iter().any(|trace| text.contains(trace)) {
        return true;
    }
    let latin: Option<Vec<u8>> = text.chars().map(windows_1252).collect();
    if latin.is_some_and(|bytes| is_han_utf8(&bytes, 1)) {
        return true;
    }
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(text);
    // Three characters are nine bytes: two would make each rare three-character name suspicious.
    !unmappable && is_han_utf8(&bytes, 3)
}

/// The byte that Windows-1252 shows as this character.
fn windows_1252(c: char) -> Option<u8> {
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => {
            let mut buffer = [0; 4];
            let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            if unmappable { None } else { bytes.first().copied() }
        }
    }
}

/// Whether bytes are UTF-8 with at least `least` Han characters, and nothing beyond ASCII that is not usual in Chinese text.
fn is_han_utf8(bytes: &[u8], least: usize) -> bool {
    // The last character may have lost its tail, which a wrong decoder shows as `?`.
    let mut chunks = bytes.utf8_chunks();
    let Some(first) = chunks.next() else { return false };
    let cut_off = first.invalid().len() + chunks.map(|c| c.valid().len() + c.invalid().len()).sum::<usize>();
    let han = first
        .valid()
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .count();
    let usual = |c: char| {
        c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '·')
    };
    cut_off <= 3 && han >= least && first.valid().chars().all(usual)
}

/// A text with full-width digits and letters made usual, and without spaces inside.
pub(super) fn compact(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect()
}
