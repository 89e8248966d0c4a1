//! A value of a field: its canonical form, or what is wrong with it.

use juanzong::analysis::dictionary::Dictionaries;
use juanzong::record::{
    ApplicantKind, CaseFields, CivilDate, CreditCode, DocumentNumber, FieldName, IdNumber, Outcome, RegionCode,
    Retention, SecurityClass, chinese_digit, decimal_digit,
};

use super::cells::{self, Value, compact};
use super::headings::Column;
use crate::report::FindingCode;
use crate::table::serial;

/// The People's Republic and with it its approvals begin in 1949.
const FIRST_YEAR: u32 = 1949;
/// Day numbers that are dates between 1900 and 2199 in either calendar.
const DAY_NUMBERS: std::ops::Range<f64> = 1.0..109_940.0;

/// A value in canonical form, with what is worth knowing about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Good {
    /// The canonical text; `None` when the cell says that there is none (长期有效).
    pub(super) value: Option<String>,
    /// Worth knowing.
    pub(super) notes: Vec<FindingCode>,
}

impl Good {
    fn plain(value: impl Into<String>) -> Self {
        Self {
            value: Some(value.into()),
            notes: Vec::new(),
        }
    }

    fn noted(value: impl Into<String>, note: Option<FindingCode>) -> Self {
        Self {
            value: Some(value.into()),
            notes: note.into_iter().collect(),
        }
    }
}

/// A value that was checked, as the record keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The canonical text, and the text as it was given where that differs; `None` when nothing was given, or it says that
    /// there is no value (长期有效).
    pub value: Option<(String, Option<String>)>,
    /// Worth knowing.
    pub notes: Vec<FindingCode>,
}

/// What the values of fields are measured against, whatever they come in.
#[derive(Clone, Copy)]
pub struct FieldRules<'a> {
    /// Dates after this day have not happened yet.
    pub today: CivilDate,
    /// Regions, agencies and matters that there are.
    pub dictionaries: &'a Dictionaries,
}

impl FieldRules<'_> {
    /// Checks the text of a field or detail, as a manifest does; but a value that is doubted ([`FindingCode::is_doubt`]) is kept, and the
    /// doubt noted.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, field: FieldName, text: &str) -> Result<Checked, FindingCode> {
        let Some(value) = cells::text_value(text, Column::Field(field))? else {
            return Ok(Checked::default());
        };
        if field.is_detail() {
            return Ok(Checked {
                value: Some((value.text(), None)),
                notes: Vec::new(),
            });
        }
        let measures = Measures {
            today: self.today,
            dictionaries: self.dictionaries,
            since_1904: false,
        };
        check_for_record(field, &value, &measures)
    }
}

/// What values are measured against.
pub(super) struct Measures<'a> {
    pub(super) today: CivilDate,
    pub(super) dictionaries: &'a Dictionaries,
    pub(super) since_1904: bool,
}

/// Whether a field holds a date.
pub(super) fn is_date(field: FieldName) -> bool {
    matches!(
        field,
        FieldName::AppliedOn
            | FieldName::AcceptedOn
            | FieldName::DecidedOn
            | FieldName::ServedOn
            | FieldName::ValidFrom
            | FieldName::ValidUntil
    )
}

/// Checks the value of one field by itself, and brings it into the form of the record, which has the last word.
pub(super) fn check_for_record(
    field: FieldName,
    value: &Value,
    measures: &Measures<'_>,
) -> Result<Checked, FindingCode> {
    let good = check(field, value, measures)?;
    let Some(checked) = good.value else {
        return Ok(Checked {
            value: None,
            notes: good.notes,
        });
    };
    let mut fields = CaseFields::default();
    if !fields.set(field, &checked) {
        return Err(FindingCode::ValueUnfit);
    }
    let canonical = fields.get(field).unwrap_or(checked);
    let as_read = value.text();
    let as_read = (canonical != as_read).then_some(as_read);
    Ok(Checked {
        value: Some((canonical, as_read)),
        notes: good.notes,
    })
}

/// Checks the value of one field by itself; what it contradicts is for the row to say.
pub(super) fn check(field: FieldName, value: &Value, measures: &Measures<'_>) -> Result<Good, FindingCode> {
    if is_date(field) {
        return date(field, value, measures);
    }
    let text = value.text();
    let dictionaries = measures.dictionaries;
    match field {
        FieldName::Outcome => closed(Outcome::parse(&text).map(Outcome::code), FindingCode::OutcomeUnknown),
        FieldName::Retention => closed(
            Retention::parse(&compact(&text)).map(Retention::code),
            FindingCode::RetentionUnknown,
        ),
        FieldName::SecurityClass if compact(&text).starts_with("绝密") => Err(FindingCode::TopSecret),
        FieldName::SecurityClass => closed(
            SecurityClass::parse(&text).map(SecurityClass::code),
            FindingCode::SecurityClassUnknown,
        ),
        FieldName::ApplicantKind => closed(
            ApplicantKind::parse(&text).map(ApplicantKind::code),
            FindingCode::ApplicantKindUnknown,
        ),
        FieldName::Region => region(&compact(&text), dictionaries),
        FieldName::DocumentNumber => match DocumentNumber::parse(&text) {
            Some(number) => Ok(Good::plain(number.to_string())),
            // Before 2000 and in other trades numbers were written otherwise; without a digit it is none.
            None if text
                .chars()
                .any(|c| decimal_digit(c).or_else(|| chinese_digit(c)).is_some()) =>
            {
                Ok(Good::noted(text, Some(FindingCode::DocumentNumberUnusual)))
            }
            None => Err(FindingCode::DocumentNumberUnreadable),
        },
        FieldName::ApplicantIdNumber => id_number(&compact(&text).to_ascii_uppercase()),
        FieldName::Agency => {
            let known = dictionaries.agencies.kind_of(&text).is_some();
            Ok(Good::noted(text, (!known).then_some(FindingCode::AgencyUnknown)))
        }
        FieldName::Matter => {
            let known = !dictionaries.matters.find(&text).is_empty();
            Ok(Good::noted(text, (!known).then_some(FindingCode::MatterUnknown)))
        }
        _ => Ok(Good::plain(text)),
    }
}

fn closed(code: Option<&'static str>, otherwise: FindingCode) -> Result<Good, FindingCode> {
    code.map(Good::plain).ok_or(otherwise)
}

fn date(field: FieldName, value: &Value, measures: &Measures<'_>) -> Result<Good, FindingCode> {
    let (date, note) = match value {
        Value::Date(date) => (date.ok_or(FindingCode::DateImpossible)?, None),
        // 20190507, which archives like to type
        Value::Number(number) if (19_000_101.0..22_000_000.0).contains(number) && number.fract() == 0.0 => {
            (date_of_text(&value.text())?, None)
        }
        Value::Number(number) if DAY_NUMBERS.contains(number) => (
            serial::date(*number, measures.since_1904).ok_or(FindingCode::DateImpossible)?,
            Some(FindingCode::DateFromNumber),
        ),
        Value::Number(_) => return Err(FindingCode::DateUnreadable),
        Value::Text(text) if field == FieldName::ValidUntil && is_open_ended(text) => {
            return Ok(Good {
                value: None,
                notes: vec![FindingCode::DateOpenEnded],
            });
        }
        Value::Text(text) => (date_of_text(text)?, None),
    };
    if date.year() < FIRST_YEAR {
        return Err(FindingCode::DateTooEarly);
    }
    let may_be_later = matches!(field, FieldName::ValidFrom | FieldName::ValidUntil);
    if date > measures.today && !may_be_later {
        return Err(FindingCode::DateInFuture);
    }
    Ok(Good::noted(date.to_string(), note))
}

fn is_open_ended(text: &str) -> bool {
    matches!(
        compact(text).as_str(),
        "长期" | "长期有效" | "永久" | "永久有效" | "无期限" | "无固定期限"
    )
}

/// A date in any written form, as eight digits, or with a time of day after it, which is dropped.
fn date_of_text(text: &str) -> Result<CivilDate, FindingCode> {
    let text = without_time(text.trim());
    if let Some(date) = CivilDate::parse(text) {
        return Ok(date);
    }
    let digits = compact(text);
    if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse().ok());
        let found = part(0..4).zip(part(4..6)).zip(part(6..8));
        return found
            .and_then(|((year, month), day)| CivilDate::new(year, month, day))
            .ok_or(FindingCode::DateImpossible);
    }
    // Year, month and day are there, and make no day of the calendar.
    let numbers: Vec<usize> = digits
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    match numbers.as_slice() {
        [4, 1 | 2, 1 | 2] => Err(FindingCode::DateImpossible),
        _ => Err(FindingCode::DateUnreadable),
    }
}

fn without_time(text: &str) -> &str {
    let Some((date, time)) = text.split_once(['T', ' ']) else {
        return text;
    };
    let time = time.trim();
    let is_time = time.contains(':')
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z'));
    if is_time { date } else { text }
}

/// Six digits, or the name of one region.
fn region(text: &str, dictionaries: &Dictionaries) -> Result<Good, FindingCode> {
    if let Some(code) = RegionCode::parse(text) {
        let known = |code: &RegionCode| dictionaries.regions.name(code).is_some();
        let in_province = code.levels().first().is_some_and(known);
        return match (known(&code), in_province) {
            (true, _) => Ok(Good::plain(code.to_string())),
            (false, true) => Ok(Good::noted(code.to_string(), Some(FindingCode::RegionNotInTable))),
            (false, false) => Err(FindingCode::RegionUnknown),
        };
    }
    if text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(FindingCode::RegionUnfit);
    }
    match dictionaries.regions.find_by_name(text).as_slice() {
        [only] => Ok(Good::plain(only.to_string())),
        [] if text.ends_with(['省', '市', '县', '区', '旗', '州', '盟']) => Err(FindingCode::RegionUnknown),
        [] => Err(FindingCode::RegionUnfit),
        _ => Err(FindingCode::RegionAmbiguous),
    }
}

/// What sort of number an applicant has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// 统一社会信用代码
    Credit,
    /// 公民身份号码
    Identity,
    /// Any other.
    Other,
}

/// The sort of a number that was found good.
pub(super) fn sort_of(number: &str) -> Number {
    if IdNumber::parse(number).is_some() {
        Number::Identity
    } else if CreditCode::parse(number).is_some() {
        Number::Credit
    } else {
        Number::Other
    }
}

/// A number of 18 characters is a credit code (GB 32100-2015) or an identity number (GB 11643-1999) and has a check
/// character. Older and foreign papers have other numbers, which nothing here can check; but 16 to 20 characters that
/// look like one of the two are a slip.
fn id_number(text: &str) -> Result<Good, FindingCode> {
    if sort_of(text) != Number::Other {
        return Ok(Good::plain(text));
    }
    let alphanumeric = text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.len() {
        // Whether that refuses the whole is for the manifest or the import to say.
        18 if alphanumeric => Ok(Good::noted(text, Some(fault_of_18(text)))),
        16 | 17 | 19 | 20 if alphanumeric && text.bytes().filter(u8::is_ascii_digit).count() >= 8 => {
            Err(FindingCode::IdNumberLength)
        }
        _ => Ok(Good::noted(text, Some(FindingCode::IdNumberNotChecked))),
    }
}

/// Whether a number of 18 characters has the digits of an identity number and a birth date where that has one.
pub(super) fn is_like_identity_number(text: &str) -> bool {
    text.len() == 18 && fault_of_18(text) == FindingCode::IdNumberCheck
}

/// Which of the two numbers 18 characters were meant to be, and so what is wrong with them.
fn fault_of_18(text: &str) -> FindingCode {
    let (head, check) = text.split_at_checked(17).unwrap_or((text, ""));
    let part = |range: std::ops::Range<usize>| head.get(range).and_then(|d| d.parse::<u32>().ok());
    let digits = head.bytes().all(|b| b.is_ascii_digit());
    if !digits || !check.bytes().all(|b| b.is_ascii_digit() || b == b'X') {
        return FindingCode::CreditCodeCheck;
    }
    let born = part(6..10).zip(part(10..12)).zip(part(12..14));
    let birth_date = born.and_then(|((year, month), day)| CivilDate::new(year, month, day));
    if birth_date.is_some() {
        return FindingCode::IdNumberCheck;
    }
    // Credit codes of businesses begin with 9, which is no province; the digits of the region follow two places later.
    if head.starts_with('9') {
        return FindingCode::CreditCodeCheck;
    }
    FindingCode::IdNumberBirthDate
}
