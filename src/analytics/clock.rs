//! The clock of an approval: within how many working days of acceptance it had to be decided, and whether it was
//! (行政许可法 Art. 42, 45, 82).
//!
//! Days count from the day after acceptance and are working days. A case of which something is not known that is needed is
//! *cannot be computed*, with what is missing; it is never taken for one in time.

use std::collections::HashMap;

use crate::analysis::dictionary::{Dictionaries, TimeLimitRow};
use crate::record::CivilDate;

use super::calendar::{CalendarError, WorkingDays};
use super::special_time::ExcludedTime;

/// Working days for a decision: Art. 42, first paragraph.
pub const ORDINARY_DAYS: u32 = 20;
/// Working days by which the head of the agency may extend them.
pub const ORDINARY_EXTENSION: u32 = 10;
/// Working days for a decision that several offices make together: Art. 42, second paragraph.
pub const JOINT_DAYS: u32 = 45;
/// Working days by which the head of the government may extend them.
pub const JOINT_EXTENSION: u32 = 15;

/// How much time there is for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeLimit {
    /// Working days that the law leaves.
    pub statutory: u32,
    /// Working days that are added when the limit was extended.
    pub extension: u32,
    /// Working days that the agency promised (承诺时限), when it did.
    pub promised: Option<u32>,
}

impl TimeLimit {
    /// What the law leaves where the table says nothing.
    pub const ORDINARY: Self = Self {
        statutory: ORDINARY_DAYS,
        extension: ORDINARY_EXTENSION,
        promised: None,
    };

    /// The days that count by a measure. A promise cannot be longer than the law allows; where none was made the law counts.
    pub fn days(self, yardstick: Yardstick, extended: bool) -> u32 {
        let days = match yardstick {
            Yardstick::Law => self.statutory,
            Yardstick::Promise => self.promised.map_or(self.statutory, |days| days.min(self.statutory)),
        };
        days + if extended { self.extension } else { 0 }
    }
}

/// By what the time of a case is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Yardstick {
    /// 法定时限
    Law,
    /// 承诺时限; the law where nothing was promised.
    Promise,
}

/// What is known of the time that a case took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseTimes<'a> {
    /// 受理日期
    pub accepted_on: Option<CivilDate>,
    /// 决定日期
    pub decided_on: Option<CivilDate>,
    /// Whether the limit was extended.
    pub extended: bool,
    /// Times that do not count (Art. 45).
    pub excluded: &'a [ExcludedTime],
}

/// Whether a case was decided in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeResult {
    /// 期限内
    Within {
        /// Working days that were used.
        used: u32,
        /// Working days there were.
        limit: u32,
    },
    /// 超期
    Over {
        /// Working days that were used.
        used: u32,
        /// Working days there were.
        limit: u32,
    },
    /// 无法计算
    Unknown(Unknown),
}

impl TimeResult {
    /// By how many working days it is over; 0 when it is not.
    pub fn over_by(self) -> u32 {
        match self {
            Self::Over { used, limit } => used - limit,
            Self::Within { .. } | Self::Unknown(_) => 0,
        }
    }
}

/// The time that a case took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTaken {
    /// Working days from acceptance to decision.
    pub elapsed: u32,
    /// Those of them that count.
    pub used: u32,
    extended: bool,
    /// Whether some of those do not count, and nobody knows how many.
    partly_unknown: bool,
}

impl TimeTaken {
    /// Whether that was in time.
    pub fn against(self, limit: TimeLimit, yardstick: Yardstick) -> TimeResult {
        let used = self.used;
        let limit = limit.days(yardstick, self.extended);
        if used <= limit {
            TimeResult::Within { used, limit }
        } else if self.partly_unknown {
            TimeResult::Unknown(Unknown::ExcludedTime)
        } else {
            TimeResult::Over { used, limit }
        }
    }
}

/// Why the time of a case cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unknown {
    /// Its date of acceptance (受理日期) is not known.
    NoAcceptance,
    /// Its date of decision (决定日期) is not known.
    NoDecision,
    /// Neither is.
    NoDates,
    /// It was decided before it was accepted.
    WrongOrder,
    /// The holidays of the year of this day are not in the table.
    OutsideCalendar(CivilDate),
    /// It took longer than the limit, but part of the time does not count, and how much is not known.
    ExcludedTime,
}

/// Declares the reasons once: code, Chinese, English; in the order of [`Unknown::index`].
const REASONS: [(&str, &str, &str); 6] = [
    ("no_acceptance", "缺受理日期", "no date of acceptance"),
    ("no_decision", "缺决定日期", "no date of decision"),
    ("no_dates", "缺受理日期和决定日期", "neither date"),
    ("wrong_order", "决定早于受理", "decided before accepted"),
    (
        "outside_calendar",
        "超出节假日表的年份",
        "outside the years of the calendar",
    ),
    ("excluded_time", "扣除时间不明", "time that does not count is not known"),
];

impl Unknown {
    /// How many reasons there are.
    pub const COUNT: usize = REASONS.len();

    /// Its place among the reasons.
    pub fn index(self) -> usize {
        match self {
            Self::NoAcceptance => 0,
            Self::NoDecision => 1,
            Self::NoDates => 2,
            Self::WrongOrder => 3,
            Self::OutsideCalendar(_) => 4,
            Self::ExcludedTime => 5,
        }
    }

    /// Code, Chinese and English of each reason.
    pub fn reasons() -> &'static [(&'static str, &'static str, &'static str)] {
        &REASONS
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        REASONS[self.index()].0
    }

    /// The Chinese wording.
    pub fn label_zh(self) -> &'static str {
        REASONS[self.index()].1
    }

    /// The English wording.
    pub fn label_en(self) -> &'static str {
        REASONS[self.index()].2
    }
}

impl From<CalendarError> for Unknown {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::UnknownYear(date) => Self::OutsideCalendar(date),
            CalendarError::WrongOrder { .. } => Self::WrongOrder,
        }
    }
}

/// Judges the times of cases by the dictionaries of an archive.
#[derive(Clone, Debug)]
pub struct Clock {
    days: WorkingDays,
    limits: LimitTable,
}

impl Clock {
    /// A clock for an archive with these dictionaries. Takes less than a millisecond.
    pub fn new(dictionaries: &Dictionaries) -> Self {
        Self {
            days: WorkingDays::new(&dictionaries.holidays),
            limits: LimitTable::new(dictionaries),
        }
    }

    /// The calendar.
    pub fn working_days(&self) -> &WorkingDays {
        &self.days
    }

    /// How much time there is for a matter that an agency accepts on a day.
    pub fn limit(&self, matter: Option<&str>, agency: Option<&str>, accepted_on: CivilDate) -> TimeLimit {
        self.limits.for_place(matter, agency).on(accepted_on)
    }

    /// Whether the table of time limits says anything: else all matters have the ordinary limit.
    pub fn has_limits(&self) -> bool {
        !self.limits.rows.is_empty()
    }

    /// The limits of a matter at an agency, for many cases of both.
    pub fn limits_of(&self, matter: Option<&str>, agency: Option<&str>) -> LimitsOfPlace {
        self.limits.for_place(matter, agency)
    }

    /// Working days from acceptance to decision, whatever does not count included.
    ///
    /// # Errors
    /// Why they cannot be computed.
    pub fn elapsed(&self, accepted_on: Option<CivilDate>, decided_on: Option<CivilDate>) -> Result<u32, Unknown> {
        match (accepted_on, decided_on) {
            (None, None) => Err(Unknown::NoDates),
            (None, Some(_)) => Err(Unknown::NoAcceptance),
            (Some(_), None) => Err(Unknown::NoDecision),
            (Some(from), Some(to)) => Ok(self.days.between(from, to)?),
        }
    }

    /// The time that a case took.
    ///
    /// # Errors
    /// Why it cannot be computed.
    pub fn reckon(&self, times: CaseTimes<'_>) -> Result<TimeTaken, Unknown> {
        let elapsed = self.elapsed(times.accepted_on, times.decided_on)?;
        Ok(TimeTaken {
            elapsed,
            used: elapsed.saturating_sub(self.not_counted(times)),
            extended: times.extended,
            partly_unknown: times.excluded.contains(&ExcludedTime::OfUnknownLength),
        })
    }

    /// Whether a case was decided in time.
    pub fn judge(&self, times: CaseTimes<'_>, limit: TimeLimit, yardstick: Yardstick) -> TimeResult {
        match self.reckon(times) {
            Ok(taken) => taken.against(limit, yardstick),
            Err(unknown) => TimeResult::Unknown(unknown),
        }
    }

    /// Working days after acceptance up to the decision that do not count; times that overlap count once.
    fn not_counted(&self, times: CaseTimes<'_>) -> u32 {
        let (Some(accepted), Some(decided)) = (times.accepted_on, times.decided_on) else {
            return 0;
        };
        let mut ranges: Vec<(CivilDate, CivilDate)> = times
            .excluded
            .iter()
            .filter_map(|time| match time {
                ExcludedTime::Days { from, to } => Some((*from, *to)),
                ExcludedTime::OfUnknownLength => None,
            })
            .collect();
        ranges.sort_unstable();
        let mut reached = accepted;
        let mut days = 0;
        for (from, to) in ranges {
            // The day before the first, for that many are counted after it.
            let before = CivilDate::of_unix_days(from.unix_days() - 1)
                .unwrap_or(from)
                .max(reached);
            let last = to.min(decided);
            if before < last {
                days += self.days.between(before, last).unwrap_or(0);
                reached = last;
            }
        }
        days
    }
}

/// The rows of the table of time limits, with the kinds of agencies that tell which of them apply.
#[derive(Clone, Debug, Default)]
struct LimitTable {
    rows: Vec<TimeLimitRow>,
    /// Kind of each name of an agency without its place; empty when no row names an agency.
    kinds: HashMap<String, String>,
    /// Names and synonyms of the matters that rows name.
    matters: HashMap<String, String>,
}

/// The limits that hold for one matter at one agency, by the day of acceptance.
#[derive(Clone, Debug)]
pub struct LimitsOfPlace(Vec<(Option<CivilDate>, TimeLimit)>);

impl LimitsOfPlace {
    /// The limit for a case that was accepted on a day.
    pub fn on(&self, accepted_on: CivilDate) -> TimeLimit {
        let applying = self
            .0
            .iter()
            .find(|(from, _)| from.is_none_or(|from| from <= accepted_on));
        applying.map_or(TimeLimit::ORDINARY, |(_, limit)| *limit)
    }
}

impl LimitTable {
    fn new(dictionaries: &Dictionaries) -> Self {
        let rows: Vec<TimeLimitRow> = dictionaries.time_limits.iter().cloned().collect();
        let mut table = Self::default();
        for row in &rows {
            if let Some(name) = &row.matter {
                for matter in dictionaries.matters.find(name).into_iter().filter(|m| m.name == *name) {
                    let names = std::iter::once(&matter.name).chain(&matter.synonyms);
                    table
                        .matters
                        .extend(names.map(|known| (known.clone(), matter.name.clone())));
                }
            }
        }
        if rows.iter().any(|row| row.agency.is_some()) {
            let agencies = dictionaries.agencies.iter();
            table.kinds = agencies
                .map(|agency| (agency.name.clone(), agency.kind.clone()))
                .collect();
        }
        table.rows = rows;
        table
    }

    fn for_place(&self, matter: Option<&str>, agency: Option<&str>) -> LimitsOfPlace {
        let matter = matter.and_then(|name| self.matters.get(name)).map(String::as_str);
        let kind = agency
            .filter(|_| !self.kinds.is_empty())
            .and_then(|name| self.kind_of(name));
        let mut applying: Vec<(u8, Option<CivilDate>, TimeLimit)> = Vec::new();
        for row in &self.rows {
            let by_matter = match row.matter.as_deref() {
                None => 0,
                named if named == matter => 1,
                Some(_) => continue,
            };
            let by_agency = match row.agency.as_deref() {
                None => 0,
                named if named == agency => 2,
                Some(named) if self.kinds.get(named).map(String::as_str) == kind && kind.is_some() => 1,
                Some(_) => continue,
            };
            applying.push((by_matter * 3 + by_agency, row.from, limit_of(row)));
        }
        // The most special first; of these the latest.
        applying.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)));
        LimitsOfPlace(applying.into_iter().map(|(_, from, limit)| (from, limit)).collect())
    }

    /// The kind of an agency given by its whole name: that of the longest name it ends with.
    fn kind_of(&self, agency: &str) -> Option<&str> {
        let mut starts = agency.char_indices();
        starts.find_map(|(at, _)| self.kinds.get(agency.get(at..)?).map(String::as_str))
    }
}

fn limit_of(row: &TimeLimitRow) -> TimeLimit {
    let (days, extension) = match row.joint {
        true => (JOINT_DAYS, JOINT_EXTENSION),
        false => (ORDINARY_DAYS, ORDINARY_EXTENSION),
    };
    TimeLimit {
        statutory: row.statutory.map_or(days, u32::from),
        extension: row.extension.map_or(extension, u32::from),
        promised: row.promised.map(u32::from),
    }
}

#[cfg(test)]
mod tests;
