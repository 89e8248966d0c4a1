//! What a report is to hold: raw parameters become a validated [`ReportRequest`].

use crate::analytics::sampling::{Plan, Stratum};
use crate::archive::{FindingsQuery, take_once};
use crate::record::closed_list;
use crate::search::statistics::StatisticsRequest;
use crate::search::{Error, SearchRequest};

/// Longest title, in characters.
const TITLE: usize = 100;
/// Cases of a sample that may be asked for, and how many when nothing is said.
const SAMPLE: (std::ops::RangeInclusive<usize>, usize) = (1..=1_000, 60);

closed_list! {
    /// A part of a report.
    Section {
        /// Figures by year.
        Figures = "figures", "历年指标", "Figures by year", [];
        /// Working days by agency and year.
        WorkingDays = "working_days", "办理工作日", "Working days", [];
        /// What was found.
        Findings = "findings", "核查发现", "Findings", [];
        /// A sample that anybody can draw again.
        Sample = "sample", "抽样", "Sample", [];
    }
}

/// What a report is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRequest {
    pub(super) title: Option<String>,
    pub(super) sections: Vec<Section>,
    /// The cases: by period, agency, or any other filter.
    pub(super) search: SearchRequest,
    pub(super) figures: StatisticsRequest,
    pub(super) working_days: StatisticsRequest,
    pub(super) findings: FindingsQuery,
    /// Whether pages that show the findings are pictured.
    pub(super) thumbnails: bool,
    pub(super) sample: Plan,
}

impl ReportRequest {
    /// Reads the parameters of `GET /api/v1/audit-report`: `title`, `sections` (codes of [`Section`] separated by commas; all but
    /// the sample when left out), `measures`, `rule`, `severity`, `state`, `months` (as findings have them), `thumbnails` (`true` when
    /// left out), `seed`, `sample` (its size) and `by` (its strata), and those of a search, which choose the cases; findings are
    /// about the same agencies and the years of `from` and `to`.
    ///
    /// # Errors
    /// When a parameter is unknown, repeated, or has no such value.
    pub fn from_pairs(mut pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let invalid = |parameter| Error::InvalidParameter { parameter };
        let pairs = &mut pairs;
        let title = take_once(pairs, "title")?.filter(|title| !title.is_empty());
        let too_long = |title: &String| title.chars().nth(TITLE).is_some() || title.chars().any(char::is_control);
        if title.as_ref().is_some_and(too_long) {
            return Err(invalid("title"));
        }
        let sections = match take_once(pairs, "sections")? {
            None => vec![Section::Figures, Section::WorkingDays, Section::Findings],
            Some(codes) => {
                let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty());
                let known = |code| Section::ALL.iter().copied().find(|section| section.code() == code);
                let read: Option<Vec<Section>> = codes.map(known).collect();
                read.ok_or(invalid("sections"))?
            }
        };
        let measures = take_once(pairs, "measures")?.filter(|codes| !codes.is_empty());
        let thumbnails = match take_once(pairs, "thumbnails")?.as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(_) => return Err(invalid("thumbnails")),
        };
        let number =
            |text: Option<String>, parameter| text.map(|text| text.parse::<u64>().map_err(|_| invalid(parameter)));
        let seed = number(take_once(pairs, "seed")?, "seed").transpose()?.unwrap_or(1);
        let size = number(take_once(pairs, "sample")?, "sample").transpose()?;
        let size = size.map_or(SAMPLE.1, |size| usize::try_from(size).unwrap_or(usize::MAX));
        if !SAMPLE.0.contains(&size) {
            return Err(invalid("sample"));
        }
        let by = take_once(pairs, "by")?.unwrap_or_default();
        let by = Stratum::list(&by).ok_or(invalid("by"))?;

        let of_findings = ["rule", "severity", "state", "months"];
        let mut asked: Vec<(String, String)> = pairs
            .extract_if(.., |(name, _)| of_findings.contains(&name.as_str()))
            .collect();
        // The agencies choose cases and findings alike.
        asked.extend(pairs.iter().filter(|(name, _)| name == "agency").cloned());
        let mut findings = FindingsQuery::take(&mut asked)?;
        let search = SearchRequest::from_pairs(pairs.iter().map(|(name, value)| (name, value)))?;
        let (from, to) = search.dates();
        if from.is_some() || to.is_some() {
            findings.years = Some((from.map_or(0, |date| date.year()), to.map_or(9_999, |date| date.year())));
        }
        let counted = |by: &str, measures: &str| {
            let own = [("by", by), ("measures", measures)].map(|(name, value)| (name.to_owned(), value.to_owned()));
            StatisticsRequest::from_pairs(pairs.iter().cloned().chain(own))
        };
        Ok(Self {
            title,
            sections,
            figures: counted("year", measures.as_deref().unwrap_or(MEASURES))?,
            working_days: counted("office,year", "cases,median_days")?,
            search,
            findings,
            thumbnails,
            sample: Plan { by, size, seed },
        })
    }

    /// Whether a part is wanted.
    pub(super) fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// The cases.
    pub fn search(&self) -> &SearchRequest {
        &self.search
    }

    /// The findings.
    pub fn findings(&self) -> &FindingsQuery {
        &self.findings
    }

    /// Codes of the parts.
    pub fn sections(&self) -> Vec<&'static str> {
        self.sections.iter().map(|section| section.code()).collect()
    }

    /// Whether pages are pictured.
    pub fn thumbnails(&self) -> bool {
        self.thumbnails && self.has(Section::Findings)
    }
}

/// Figures that are shown when nothing else is asked for.
const MEASURES: &str = "cases,refusal_rate,median_days,within_limit,not_computable,complete";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::findings::Severity;

    fn read(pairs: &[(&str, &str)]) -> Result<ReportRequest, Error> {
        let own = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ReportRequest::from_pairs(own.collect())
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        let request = read(&[]).unwrap();
        assert_eq!(request.sections(), ["figures", "working_days", "findings"]);
        assert!(request.thumbnails() && request.findings.years.is_none() && request.title.is_none());
    }

    #[test]
    fn period_and_agencies_choose_cases_and_findings() {
        let request = read(&[
            ("from", "2018-01-01"),
            ("to", "2020-12-31"),
            ("agency", "甲局"),
            ("agency", "乙局"),
            ("severity", "high"),
            ("state", "all"),
            ("thumbnails", "false"),
            ("sections", "sample,findings"),
            ("by", "year"),
            ("seed", "7"),
            ("sample", "5"),
        ])
        .unwrap();
        assert_eq!(request.findings.years, Some((2018, 2020)));
        assert_eq!(request.findings.agencies, ["甲局", "乙局"]);
        assert_eq!(
            (request.findings.severities.as_slice(), request.findings.state),
            (&[Severity::High][..], None)
        );
        assert_eq!(request.search.filters().count(), 2);
        assert_eq!(
            (request.sample.seed, request.sample.size, request.sample.by.len()),
            (7, 5, 1)
        );
        assert!(!request.thumbnails() && request.has(Section::Sample) && !request.has(Section::Figures));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let long = "长".repeat(TITLE + 1);
        for wrong in [
            ("sections", "x"),
            ("measures", "x"),
            ("thumbnails", "maybe"),
            ("seed", "-1"),
            ("sample", "0"),
            ("by", "x"),
            ("rule", "x"),
            ("colour", "red"),
            ("from", "soon"),
            ("title", long.as_str()),
        ] {
            assert!(read(&[wrong]).is_err(), "{wrong:?}");
        }
        assert!(read(&[("seed", "1"), ("seed", "2")]).is_err());
    }
}
