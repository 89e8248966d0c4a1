//! Refused, and granted to the same applicant for the same matter some months later.

use super::super::applicants::{Deal, same_applicant_and_matter};
use super::super::detail::Detail;
use super::super::draft::Draft;
use super::super::rule::Rule;
use crate::record::{CivilDate, Outcome};

/// Adds what is found among the cases of applicants.
pub(in super::super) fn refused_then_granted(deals: &mut [Deal], months: u32, found: &mut Vec<Draft>) {
    same_applicant_and_matter(deals, |deals| {
        let decided = |deal: &Deal| deal.decided;
        for refused in deals.iter().filter(|deal| deal.outcome == Some(Outcome::Refused)) {
            let Some(refused_on) = decided(refused) else { continue };
            let last = after_months(refused_on, months);
            let granted = deals
                .iter()
                .filter(|deal| deal.outcome == Some(Outcome::Granted) && deal.case != refused.case)
                .filter_map(|deal| Some((decided(deal)?, deal)))
                .filter(|(on, _)| (refused_on..=last).contains(on))
                .min_by_key(|(on, deal)| (*on, deal.case));
            let Some((granted_on, granted)) = granted else { continue };
            let detail = Detail::Between { refused_on, granted_on };
            let subject = format!("{} {}", refused.case, granted.case);
            let doubtful = refused.is_doubtful() || granted.is_doubtful();
            let cases = vec![refused.case, granted.case];
            found.push(Draft::new(Rule::RefusedThenGranted, subject, cases, detail).doubtful(doubtful));
        }
    });
}

/// The same day so many months later, or the last of that month.
fn after_months(date: CivilDate, months: u32) -> CivilDate {
    let count = date.year() * 12 + date.month() - 1 + months;
    let (year, month) = (count / 12, count % 12 + 1);
    let days = (1..=date.day()).rev();
    days.filter_map(|day| CivilDate::new(year, month, day))
        .next()
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_with_their_last_day() {
        let date = |text| CivilDate::parse(text).unwrap();
        for (from, months, to) in [
            ("2019-01-31", 1, "2019-02-28"),
            ("2019-05-07", 12, "2020-05-07"),
            ("2019-12-31", 2, "2020-02-29"),
        ] {
            assert_eq!(after_months(date(from), months), date(to));
        }
    }
}
