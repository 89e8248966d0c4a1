//! What a finding says, in words of one table.

use std::sync::Arc;

use super::series::{NumberKind, NumberSeries};
use crate::record::{CivilDate, DocumentKind, FieldName, Outcome, Retention, Stage};

/// What a finding says besides its rule and cases.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Numbers of a series, from the first to the last.
    Numbers {
        /// The series.
        series: Arc<NumberSeries>,
        /// The first.
        from: u32,
        /// The last.
        to: u32,
    },
    /// A series with many gaps.
    Series(Arc<NumberSeries>),
    /// A date lies before one that it has to follow.
    Order {
        /// The field that lies too early.
        earlier: FieldName,
        /// Its date.
        earlier_on: CivilDate,
        /// The field that it has to follow.
        later: FieldName,
        /// Its date.
        later_on: CivilDate,
    },
    /// A day off.
    DayOff {
        /// The day.
        on: CivilDate,
        /// The holiday; `None` for a weekend.
        holiday: Option<Box<str>>,
    },
    /// More working days than allowed.
    Days {
        /// Working days it took.
        taken: u32,
        /// Working days allowed.
        allowed: u32,
    },
    /// Stages of which nothing is there.
    Stages(Box<[Stage]>),
    /// Documents that are not there.
    Documents(Box<[DocumentKind]>),
    /// So many cases lack something that it is a habit of the agency.
    Habit {
        /// The document or, where it has no date either, its stage.
        kind: DocumentKind,
        /// Cases without it.
        lacking: u32,
        /// Cases that should have it.
        of: u32,
    },
    /// Outcomes that exclude each other.
    Outcomes(Box<[Outcome]>),
    /// From a refusal to a grant.
    Between {
        /// Day of the refusal.
        refused_on: CivilDate,
        /// Day of the grant.
        granted_on: CivilDate,
    },
    /// Several of what there should be one of.
    Several(u32),
    /// Wrong check digits: of the applicant, of other persons.
    CheckDigits {
        /// Whether that of the applicant is wrong.
        applicant: bool,
        /// Other persons with a wrong one.
        persons: u32,
    },
    /// A licence had ended before something was applied for.
    Ended {
        /// Its last day.
        ended_on: CivilDate,
        /// When something was applied for.
        applied_on: CivilDate,
    },
    /// Pages that several cases show.
    Pages {
        /// How many cases.
        cases: u32,
        /// Differing bits of 256; 0 for the same bytes.
        distance: u32,
    },
    /// A retention period that is too short.
    Retention {
        /// What it is.
        is: Retention,
        /// What it should be at least.
        least: Retention,
        /// Whether the table says so; otherwise other cases of the matter do.
        by_table: bool,
    },
    /// A share of a year beside that of the other years, in thousandths.
    Rate {
        /// The year.
        year: u32,
        /// Its share.
        share: u32,
        /// The share of the other years.
        usual: u32,
    },
    /// A mean of a year beside that of the other years, in tenths of days.
    Duration {
        /// The year.
        year: u32,
        /// Its mean.
        mean: u32,
        /// The median of the other years.
        usual: u32,
    },
}

/// A list in words.
fn list<T>(values: &[T], word: impl Fn(&T) -> &'static str, between: &str) -> String {
    values.iter().map(word).collect::<Vec<_>>().join(between)
}

fn tenths(value: u32) -> String {
    format!("{}.{}", value / 10, value % 10)
}

impl Detail {
    /// The series of numbers it is about, where it is about one.
    pub fn series(&self) -> Option<&Arc<NumberSeries>> {
        match self {
            Self::Numbers { series, .. } | Self::Series(series) => Some(series),
            _ => None,
        }
    }

    /// What it says in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::Numbers { series, from, to } => {
                let what = match series.kind {
                    NumberKind::Document => "文号",
                    NumberKind::Archival => "档号",
                };
                let numbers = if from == to {
                    format!("{from}")
                } else {
                    format!("{from} 至 {to}")
                };
                format!("{what} {} 第 {numbers} 号", series.prefix)
            }
            Self::Series(series) => {
                format!(
                    "{} 至第 {} 号，馆藏仅有 {} 个号",
                    series.prefix, series.last, series.present
                )
            }
            Self::Order {
                earlier,
                earlier_on,
                later,
                later_on,
            } => {
                format!(
                    "{} {earlier_on} 早于{} {later_on}",
                    earlier.label_zh(),
                    later.label_zh()
                )
            }
            Self::DayOff {
                on,
                holiday: Some(holiday),
            } => format!("{on} 为{holiday}假日"),
            Self::DayOff { on, holiday: None } => format!("{on} 为周末"),
            Self::Days { taken, allowed } => {
                format!(
                    "用时 {taken} 个工作日，超过 {allowed} 个工作日 {} 日",
                    taken.saturating_sub(*allowed)
                )
            }
            Self::Stages(stages) => format!("缺少：{}", list(stages, |stage| stage.label_zh(), "、")),
            Self::Documents(kinds) => format!("缺少：{}", list(kinds, |kind| kind.label_zh(), "、")),
            Self::Habit { kind, lacking, of } => {
                format!("该机关 {of} 个案卷中有 {lacking} 个没有{}", kind.label_zh())
            }
            Self::Outcomes(outcomes) => format!("卷内同时载明：{}", list(outcomes, |outcome| outcome.label_zh(), "、")),
            Self::Between { refused_on, granted_on } => format!("{refused_on} 不予许可，{granted_on} 准予许可"),
            Self::Several(count) => format!("共 {count} 个"),
            Self::CheckDigits { applicant, persons } => match (applicant, persons) {
                (true, 0) => "申请人证件号码".to_owned(),
                (true, _) => format!("申请人及相关人员（{persons} 个）证件号码"),
                (false, _) => format!("相关人员证件号码 {persons} 个"),
            },
            Self::Ended { ended_on, applied_on } => format!("证照有效期至 {ended_on}，{applied_on} 才提出申请"),
            Self::Pages { cases, distance: 0 } => format!("{cases} 个案卷使用同一扫描件"),
            Self::Pages { cases, distance } => format!("{cases} 个案卷的页面图像相差 {distance}/256"),
            Self::Retention {
                is,
                least,
                by_table: true,
            } => {
                format!("保管期限为{}，保管期限表规定不少于{}", is.label_zh(), least.label_zh())
            }
            Self::Retention {
                is,
                least,
                by_table: false,
            } => {
                format!(
                    "保管期限为{}，同一事项的其他案卷均为{}",
                    is.label_zh(),
                    least.label_zh()
                )
            }
            Self::Rate { year, share, usual } => {
                format!("{year} 年不予许可率 {}%，其他年度 {}%", tenths(*share), tenths(*usual))
            }
            Self::Duration { year, mean, usual } => {
                format!(
                    "{year} 年平均 {} 个工作日，其他年度 {} 个工作日",
                    tenths(*mean),
                    tenths(*usual)
                )
            }
        }
    }

    /// What it says in English.
    pub fn text_en(&self) -> String {
        match self {
            Self::Numbers { series, from, to } if from == to => format!("{} no. {from}", series.prefix),
            Self::Numbers { series, from, to } => format!("{} no. {from} to {to}", series.prefix),
            Self::Series(series) => {
                format!(
                    "{} up to no. {}, of which {} are here",
                    series.prefix, series.last, series.present
                )
            }
            Self::Order {
                earlier,
                earlier_on,
                later,
                later_on,
            } => {
                format!(
                    "{} {earlier_on} is before {} {later_on}",
                    earlier.label_en(),
                    later.label_en()
                )
            }
            Self::DayOff {
                on,
                holiday: Some(holiday),
            } => format!("{on} is a day off ({holiday})"),
            Self::DayOff { on, holiday: None } => format!("{on} is a weekend"),
            Self::Days { taken, allowed } => {
                let over = taken.saturating_sub(*allowed);
                format!("{taken} working days, {over} more than the {allowed} allowed")
            }
            Self::Stages(stages) => format!("missing: {}", list(stages, |stage| stage.label_en(), ", ")),
            Self::Documents(kinds) => format!("missing: {}", list(kinds, |kind| kind.label_en(), ", ")),
            Self::Habit { kind, lacking, of } => {
                format!("{lacking} of {of} cases of the agency have no {}", kind.label_en())
            }
            Self::Outcomes(outcomes) => {
                format!("the case names: {}", list(outcomes, |outcome| outcome.label_en(), ", "))
            }
            Self::Between { refused_on, granted_on } => format!("refused on {refused_on}, granted on {granted_on}"),
            Self::Several(count) => format!("{count} of them"),
            Self::CheckDigits {
                applicant: true,
                persons: 0,
            } => "number of the applicant".to_owned(),
            Self::CheckDigits {
                applicant: true,
                persons,
            } => {
                format!("numbers of the applicant and of {persons} other persons")
            }
            Self::CheckDigits {
                applicant: false,
                persons,
            } => format!("numbers of {persons} other persons"),
            Self::Ended { ended_on, applied_on } => format!("valid until {ended_on}, applied for on {applied_on}"),
            Self::Pages { cases, distance: 0 } => format!("{cases} cases show the same scan"),
            Self::Pages { cases, distance } => format!("pages of {cases} cases differ by {distance} of 256 bits"),
            Self::Retention { is, least, by_table } => {
                let by = if *by_table {
                    "the table asks for"
                } else {
                    "other cases of the matter have"
                };
                format!("{}, while {by} {}", is.label_en(), least.label_en())
            }
            Self::Rate { year, share, usual } => {
                format!(
                    "{year}: {}% refused, {}% in the other years",
                    tenths(*share),
                    tenths(*usual)
                )
            }
            Self::Duration { year, mean, usual } => {
                format!(
                    "{year}: {} working days on average, {} in the other years",
                    tenths(*mean),
                    tenths(*usual)
                )
            }
        }
    }
}
