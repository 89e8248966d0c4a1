//! Working days (工作日), after the table of holidays.
//!
//! One table of sums is made from the holidays; counting between two days and finding the day a number of working days
//! later are then look-ups. Outside the years of the table nothing is counted: a year whose notice is not in the table
//! has holidays, too, and nobody knows them.

use crate::analysis::dictionary::Holidays;
use crate::record::CivilDate;

/// Why days cannot be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CalendarError {
    /// The day lies in a year whose holidays are not in the table.
    #[error("the holidays of {} are not in the table", .0.year())]
    UnknownYear(CivilDate),
    /// The second day lies before the first.
    #[error("{to} is before {from}")]
    WrongOrder {
        /// The day from which was to be counted.
        from: CivilDate,
        /// The day up to which was to be counted.
        to: CivilDate,
    },
}

/// Which days are worked in the years of the table of holidays.
#[derive(Clone, Debug, Default)]
pub struct WorkingDays {
    /// Unix day of the first day of the first year.
    first: i64,
    /// For each day: how many of the days up to and with it are worked.
    worked_up_to: Vec<u32>,
}

impl WorkingDays {
    /// The sums of a table of holidays. Takes less than a millisecond.
    pub fn new(holidays: &Holidays) -> Self {
        let Some(years) = holidays.years() else {
            return Self::default();
        };
        let first = CivilDate::new(*years.start(), 1, 1);
        let last = CivilDate::new(*years.end(), 12, 31);
        let Some((first, last)) = first.zip(last) else {
            return Self::default();
        };
        let (first, last) = (first.unix_days(), last.unix_days());
        let mut sum = 0;
        let worked = (first..=last).map(|day| {
            sum += u32::from(CivilDate::of_unix_days(day).is_some_and(|date| holidays.is_worked(date)));
            sum
        });
        Self {
            worked_up_to: worked.collect(),
            first,
        }
    }

    /// How many working days lie after `from`, up to and with `to`: a period that begins on the day after an event has as
    /// many on its last day. 0 for the same day.
    ///
    /// # Errors
    /// When `to` is before `from`, or a day lies outside the table.
    pub fn between(&self, from: CivilDate, to: CivilDate) -> Result<u32, CalendarError> {
        if to < from {
            return Err(CalendarError::WrongOrder { from, to });
        }
        Ok(self.up_to(to)? - self.up_to(from)?)
    }

    /// The working day on which a period of `days` that begins on the day after `from` ends; `from` itself for 0.
    ///
    /// # Errors
    /// When `from` or the day looked for lies outside the table: then names `from`, or the last day that is known.
    pub fn after(&self, from: CivilDate, days: u32) -> Result<CivilDate, CalendarError> {
        let wanted = self.up_to(from)? + days;
        if days == 0 {
            return Ok(from);
        }
        let place = self.worked_up_to.partition_point(|&sum| sum < wanted);
        let date = CivilDate::of_unix_days(self.first + i64::try_from(place).unwrap_or(i64::MAX));
        match date {
            Some(date) if place < self.worked_up_to.len() => Ok(date),
            // The day after the last that is known.
            date => Err(CalendarError::UnknownYear(date.unwrap_or(from))),
        }
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// When it lies outside the table.
    pub fn is_worked(&self, date: CivilDate) -> Result<bool, CalendarError> {
        let place = self.place(date).ok_or(CalendarError::UnknownYear(date))?;
        let before = place.checked_sub(1).map_or(0, |before| self.worked_up_to[before]);
        Ok(self.worked_up_to[place] > before)
    }

    /// First and last day that are known.
    pub fn range(&self) -> Option<(CivilDate, CivilDate)> {
        let days = i64::try_from(self.worked_up_to.len()).ok().filter(|&days| days > 0)?;
        CivilDate::of_unix_days(self.first).zip(CivilDate::of_unix_days(self.first + days - 1))
    }

    /// How many working days there are up to and with a day, counted from the first of the table.
    fn up_to(&self, date: CivilDate) -> Result<u32, CalendarError> {
        let place = self.place(date).ok_or(CalendarError::UnknownYear(date))?;
        Ok(self.worked_up_to[place])
    }

    fn place(&self, date: CivilDate) -> Option<usize> {
        let place = usize::try_from(date.unix_days() - self.first).ok()?;
        (place < self.worked_up_to.len()).then_some(place)
    }
}

#[cfg(test)]
mod tests;
