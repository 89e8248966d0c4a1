//! Statutory holidays and working weekends (`holidays.tsv`), after the yearly notices of the State Council
//! (国务院办公厅关于部分节假日安排的通知).
//!
//! A weekend without a row is free, any other day without one is worked. What is known ends with the years of the table:
//! nobody can tell the holidays of a year before its notice, so nothing here guesses them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::record::CivilDate;

use super::error::Error;
use super::tsv::{Keys, Layers, Table};

/// What a day of the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// 法定: a holiday by the regulation on public holidays (全国年节及纪念日放假办法), also when it is a weekend.
    Statutory,
    /// 放假: Monday to Friday, yet free: exchanged for a weekend, in lieu of a holiday on a weekend, or an extension.
    Free,
    /// 上班: Saturday or Sunday, yet worked.
    Worked,
}

impl DayKind {
    /// All kinds, with the word of the table.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Statutory, "法定"), (Self::Free, "放假"), (Self::Worked, "上班")];
}

/// A day that is named in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// What it is.
    pub kind: DayKind,
    /// The holiday to which it belongs: 春节.
    pub name: String,
}

/// The days of all known years that are not as their day of the week says, and the statutory holidays.
#[derive(Debug, Default)]
pub struct Holidays {
    days: BTreeMap<CivilDate, Holiday>,
    years: Option<(u32, u32)>,
}

impl Holidays {
    pub(super) const FILE: &'static str = "holidays.tsv";

    pub(super) fn table<'a>(text: impl Into<Layers<'a>>) -> Table<'a> {
        Table {
            file: Self::FILE,
            columns: &["date", "kind", "holiday"],
            key: 1,
            text: text.into(),
        }
    }

    pub(super) fn parse<'a>(text: impl Into<Layers<'a>>) -> Result<Self, Error> {
        let table = Self::table(text);
        let rows = table.rows()?;
        let mut keys = Keys::new();
        let mut days = BTreeMap::new();
        // The first of January of each year, with its row.
        let mut new_years = BTreeMap::new();
        for row in &rows {
            let date = row.date(0)?;
            keys.add(row.text(0), row)?;
            let kind = DayKind::ALL.iter().find(|(_, word)| *word == row.text(1));
            let Some(&(kind, _)) = kind else {
                return Err(row.invalid(1, "one of 法定 放假 上班"));
            };
            match kind {
                DayKind::Free if date.is_weekend() => {
                    return Err(row.invalid(1, "what a weekend can be: it is free without a row"));
                }
                DayKind::Worked if !date.is_weekend() => {
                    return Err(row.invalid(1, "what Monday to Friday can be: they are worked without a row"));
                }
                _ => {}
            }
            if (date.month(), date.day()) == (1, 1) {
                new_years.insert(date.year(), row);
            }
            let name = row.text(2).to_owned();
            days.insert(date, Holiday { kind, name });
        }
        let mut years: Option<(u32, u32)> = None;
        for (&year, row) in &new_years {
            years = match years {
                Some((_, last)) if last + 1 != year => {
                    return Err(row.invalid(0, "in the year after another one of the table: a year is left out"));
                }
                Some((first, _)) => Some((first, year)),
                None => Some((year, year)),
            };
        }
        Ok(Self { days, years })
    }

    /// The years whose days are known: those of which 1 January is named. `None`: none.
    pub fn years(&self) -> Option<RangeInclusive<u32>> {
        self.years.map(|(first, last)| first..=last)
    }

    /// What the table says of a day.
    pub fn get(&self, date: CivilDate) -> Option<&Holiday> {
        self.days.get(&date)
    }

    /// Whether a day is worked; only right within [`Self::years`].
    pub fn is_worked(&self, date: CivilDate) -> bool {
        match self.days.get(&date).map(|day| day.kind) {
            Some(DayKind::Statutory | DayKind::Free) => false,
            Some(DayKind::Worked) => true,
            None => !date.is_weekend(),
        }
    }

    /// All days of the table, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (CivilDate, &Holiday)> {
        self.days.iter().map(|(&date, day)| (date, day))
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}
