//! The facets: names, values, labels.

use crate::analysis::dictionary::Dictionaries;
use crate::index::OcrQuality;
use crate::record::{ApplicantKind, DocumentKind, Outcome, RegionCode, Retention, decimal_digit};

use super::limits;

/// Declares the facets once: variant, code (parameter of the API, field of the index), Chinese name.
macro_rules! facets {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal;)+) => {
        /// A facet: a closed or open list of values by which cases are counted and filtered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Facet {
            $($(#[$doc])* $variant,)+
        }

        impl Facet {
            /// All facets in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code: name of the parameter and of the facet in the answer.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Chinese name.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The facet with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

facets! {
    /// 年度
    Year = "year", "年度";
    /// 审批机关
    Agency = "agency", "审批机关";
    /// 行政区划, all levels
    Region = "region", "行政区划";
    /// 审批事项
    Matter = "matter", "审批事项";
    /// 决定结果
    Outcome = "outcome", "决定结果";
    /// 文种
    DocumentKind = "document_kind", "文种";
    /// 申请人类型
    ApplicantKind = "applicant_kind", "申请人类型";
    /// 保管期限
    Retention = "retention", "保管期限";
    /// 识别质量
    OcrQuality = "ocr_quality", "识别质量";
}

/// A stretch of years, both ends included; no stretch is longer than [`YEARS`].
pub(super) type YearRange = std::ops::RangeInclusive<u32>;

/// The years that a case can have.
pub(super) const YEARS: YearRange = 1900..=2199;

impl Facet {
    /// The value as it is shown, in Chinese; a value that has no name of its own is shown as it is.
    pub(super) fn label_of(self, value: &str, dictionaries: &Dictionaries) -> String {
        let label = match self {
            Self::Year | Self::Agency | Self::Matter => None,
            Self::Region => RegionCode::parse(value).and_then(|code| dictionaries.regions.name(&code)),
            Self::Outcome => Outcome::parse(value).map(Outcome::label_zh),
            Self::DocumentKind => DocumentKind::parse(value).map(DocumentKind::label_zh),
            Self::ApplicantKind => ApplicantKind::parse(value).map(ApplicantKind::label_zh),
            Self::Retention => Retention::parse(value).map(Retention::label_zh),
            Self::OcrQuality => OcrQuality::from_code(value).map(OcrQuality::label_zh),
        };
        label.unwrap_or(value).to_owned()
    }

    /// The value in English; `None` when it is a name, or has none of its own.
    pub(super) fn english_label_of(self, value: &str) -> Option<&'static str> {
        match self {
            Self::Year | Self::Agency | Self::Matter | Self::Region => None,
            Self::Outcome => Outcome::parse(value).map(Outcome::label_en),
            Self::DocumentKind => DocumentKind::parse(value).map(DocumentKind::label_en),
            Self::ApplicantKind => ApplicantKind::parse(value).map(ApplicantKind::label_en),
            Self::Retention => Retention::parse(value).map(Retention::label_en),
            Self::OcrQuality => OcrQuality::from_code(value).map(OcrQuality::label_en),
        }
    }

    /// Reads what a request may select of this facet: one value, or for years a range such as `2015..2020`.
    /// `None` when the facet cannot have that value.
    pub(super) fn read_values(self, text: &str) -> Option<Vec<String>> {
        let text = text.trim();
        if text.is_empty() || text.chars().nth(limits::VALUE_CHARACTERS).is_some() {
            return None;
        }
        let one = |value: &str| vec![value.to_owned()];
        match self {
            Self::Year => read_years(text).map(|years| years.map(|year| year.to_string()).collect()),
            Self::Agency | Self::Matter => Some(one(text)),
            Self::Region => RegionCode::parse(text).map(|code| one(code.as_str())),
            Self::Outcome => Outcome::parse(text).map(|v| one(v.code())),
            Self::DocumentKind => DocumentKind::parse(text).map(|v| one(v.code())),
            Self::ApplicantKind => ApplicantKind::parse(text).map(|v| one(v.code())),
            Self::Retention => Retention::parse(text).map(|v| one(v.code())),
            Self::OcrQuality => OcrQuality::from_code(text).map(|v| one(v.code())),
        }
    }
}

/// Reads `2019`, `2015..2020`, `2015-2020`, `2015..`, `..2020`, with or without 年, in half or full width.
pub(super) fn read_years(text: &str) -> Option<YearRange> {
    let mut unified = String::new();
    for c in text.chars() {
        match c {
            ' ' | '\u{3000}' | '年' | '度' => {}
            '.' | '．' | '…' | '-' | '－' | '—' | '–' | '~' | '～' | '至' | '到' => {
                if !unified.ends_with('-') {
                    unified.push('-');
                }
            }
            c => unified.push(char::from_digit(decimal_digit(c)?, 10)?),
        }
    }
    let year = |text: &str| text.parse().ok().filter(|year| YEARS.contains(year));
    let bound = |text: &str, open: u32| if text.is_empty() { Some(open) } else { year(text) };
    let range = match unified.split_once('-') {
        None => {
            let year = year(&unified)?;
            year..=year
        }
        Some(("", "")) => return None,
        Some((first, last)) => bound(first, *YEARS.start())?..=bound(last, *YEARS.end())?,
    };
    (range.start() <= range.end()).then_some(range)
}
