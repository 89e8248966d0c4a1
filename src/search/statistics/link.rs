//! The search that lists the cases of a cell: its total is what was counted.

use std::collections::{BTreeMap, BTreeSet};

use form_urlencoded::Serializer;

use crate::analysis::dictionary::LicenceCategory;
use crate::analytics::{Dimension, Missing, TimeVerdict, months_of_quarter};
use crate::record::{CivilDate, RegionCode};

use super::super::narrow::{CATEGORY, MISSING, TIME_LIMIT, UNLISTED};
use super::super::{Facet, SearchRequest};
use super::groups::facet_of;

/// Parameters of a search that is made narrower and narrower.
pub(super) struct Link {
    query: String,
    expand: bool,
    filters: BTreeMap<Facet, BTreeSet<String>>,
    others: BTreeSet<(&'static str, String)>,
    from: Option<CivilDate>,
    to: Option<CivilDate>,
}

impl Link {
    /// All that a request asks for.
    pub(super) fn of(request: &SearchRequest) -> Self {
        let others = request.narrowing().map(|(name, value)| (name, value.to_owned()));
        Self {
            query: request.query.clone(),
            expand: request.expand,
            filters: request.filters.clone(),
            others: others.collect(),
            from: request.from,
            to: request.to,
        }
    }

    /// Only the cases with a value of a dimension, or those without one. `members` are the values of the facet of which
    /// the group consists.
    pub(super) fn narrow(
        mut self,
        dimension: Dimension,
        value: Option<&str>,
        members: &BTreeMap<String, BTreeSet<String>>,
    ) -> Self {
        let Some(value) = value else {
            if let Some(missing) = missing_of(dimension) {
                self.others.insert((MISSING, missing.code().to_owned()));
            }
            return self;
        };
        match dimension {
            Dimension::Month | Dimension::Quarter => self.within(days_of(value)),
            Dimension::Category => self.only(CATEGORY, value),
            Dimension::TimeLimit => self.only(TIME_LIMIT, value),
            Dimension::Province | Dimension::City | Dimension::County => self.region(value),
            _ => {
                let values = members
                    .get(value)
                    .cloned()
                    .unwrap_or_else(|| BTreeSet::from([value.to_owned()]));
                if let Some(facet) = facet_of(dimension) {
                    let selected = self.filters.entry(facet).or_default();
                    selected.retain(|selected| values.contains(selected));
                    if selected.is_empty() {
                        *selected = values;
                    }
                }
            }
        }
        self
    }

    fn only(&mut self, parameter: &'static str, value: &str) {
        self.others.retain(|(name, _)| *name != parameter);
        self.others.insert((parameter, value.to_owned()));
    }

    fn within(&mut self, days: Option<(CivilDate, CivilDate)>) {
        if let Some((first, last)) = days {
            self.from = Some(self.from.map_or(first, |from| from.max(first)));
            self.to = Some(self.to.map_or(last, |to| to.min(last)));
        }
    }

    /// A case has a region and all that contain it, and any of those selected will do: the narrower ones stay.
    fn region(&mut self, code: &str) {
        let contains = |outer: &str, inner: &str| {
            let levels = RegionCode::parse(inner).map(|inner| inner.levels()).unwrap_or_default();
            levels.iter().any(|level| level.as_str() == outer)
        };
        let selected = self.filters.entry(Facet::Region).or_default();
        let inside: BTreeSet<String> = selected.iter().filter(|s| contains(code, s)).cloned().collect();
        let around = selected.is_empty() || selected.iter().any(|selected| contains(selected, code));
        *selected = match around {
            true => BTreeSet::from([code.to_owned()]),
            false => inside,
        };
    }

    /// The parameters as they stand behind the `?` of an address.
    pub(super) fn encode(&self) -> String {
        let mut parameters = Serializer::new(String::new());
        if !self.query.is_empty() {
            parameters.append_pair("q", &self.query);
        }
        if !self.expand {
            parameters.append_pair("expand", "false");
        }
        for (facet, values) in &self.filters {
            for value in values {
                parameters.append_pair(facet.code(), value);
            }
        }
        for (name, value) in &self.others {
            parameters.append_pair(name, value);
        }
        for (name, date) in [("from", self.from), ("to", self.to)] {
            if let Some(date) = date {
                parameters.append_pair(name, &date.to_string());
            }
        }
        parameters.finish()
    }
}

/// What cases lack that have no value of a dimension; `None` where every case has one.
fn missing_of(dimension: Dimension) -> Option<Missing> {
    match dimension {
        Dimension::Year => Some(Missing::Year),
        Dimension::Quarter | Dimension::Month => Some(Missing::Date),
        Dimension::Agency | Dimension::Office => Some(Missing::Agency),
        Dimension::Province => Some(Missing::Province),
        Dimension::City => Some(Missing::City),
        Dimension::County => Some(Missing::County),
        Dimension::Matter | Dimension::Category => Some(Missing::Matter),
        Dimension::Outcome => Some(Missing::Outcome),
        Dimension::ApplicantKind => Some(Missing::ApplicantKind),
        Dimension::Retention => Some(Missing::Retention),
        Dimension::OcrQuality | Dimension::TimeLimit => None,
    }
}

/// First and last day of `2019-03` or `2019Q1`.
fn days_of(period: &str) -> Option<(CivilDate, CivilDate)> {
    let (year, months) = match period.split_once('Q') {
        Some((year, quarter)) => (year, months_of_quarter(quarter.parse().ok()?)),
        None => {
            let (year, month) = period.split_once('-')?;
            let month = month.parse().ok()?;
            (year, month..=month)
        }
    };
    let year = year.parse().ok()?;
    let first = CivilDate::new(year, *months.start(), 1)?;
    let last = (28..=31)
        .rev()
        .find_map(|day| CivilDate::new(year, *months.end(), day))?;
    Some((first, last))
}

/// A value of a dimension as it is shown, in Chinese.
pub(super) fn label(dimension: Dimension, value: Option<&str>, of_facet: impl Fn(Facet, &str) -> String) -> String {
    let Some(value) = value else {
        return "不详".to_owned();
    };
    let months = |(first, last): (CivilDate, CivilDate)| match first.month() == last.month() {
        true => format!("{}年{}月", first.year(), first.month()),
        false => format!("{}年第{}季度", first.year(), last.month() / 3),
    };
    match dimension {
        Dimension::Month | Dimension::Quarter => days_of(value).map_or_else(|| value.to_owned(), months),
        Dimension::TimeLimit => TimeVerdict::parse(value).map_or_else(|| value.to_owned(), |v| v.label_zh().to_owned()),
        Dimension::Office | Dimension::Category => value.to_owned(),
        _ => facet_of(dimension).map_or_else(|| value.to_owned(), |facet| of_facet(facet, value)),
    }
}

/// The same in English; `None` where it is a name.
pub(super) fn english_label(dimension: Dimension, value: Option<&str>) -> Option<String> {
    let Some(value) = value else {
        return Some("not known".to_owned());
    };
    match dimension {
        Dimension::Quarter => Some(value.replace('Q', " Q")),
        Dimension::Month => Some(value.to_owned()),
        Dimension::TimeLimit => TimeVerdict::parse(value).map(|v| v.label_en().to_owned()),
        Dimension::Category if value == UNLISTED => Some("Not listed".to_owned()),
        Dimension::Category => LicenceCategory::from_name(value).map(|category| category.label_en().to_owned()),
        _ => facet_of(dimension)?.english_label_of(value).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parameters of a request, by what it is narrowed, the parameters that come out.
    type Narrowed = (
        &'static [(&'static str, &'static str)],
        &'static [(Dimension, Option<&'static str>)],
        &'static str,
    );

    fn link(pairs: &[(&str, &str)], narrowed: &[(Dimension, Option<&str>)]) -> String {
        let request = SearchRequest::from_pairs(pairs.iter().copied()).unwrap();
        let mut link = Link::of(&request);
        for (dimension, value) in narrowed {
            link = link.narrow(*dimension, *value, &BTreeMap::new());
        }
        link.encode()
    }

    #[test]
    fn a_cell_is_asked_for_by_what_narrows_the_request() {
        use Dimension::*;
        let cases: &[Narrowed] = &[
            (&[], &[], ""),
            (&[("year", "2015..2017")], &[(Year, Some("2016"))], "year=2016"),
            (&[("agency", "甲")], &[(Year, None)], "agency=%E7%94%B2&missing=year"),
            (
                &[("from", "2019-02-10")],
                &[(Month, Some("2019-02"))],
                "from=2019-02-10&to=2019-02-28",
            ),
            (&[], &[(Quarter, Some("2020Q1"))], "from=2020-01-01&to=2020-03-31"),
            (
                &[],
                &[(Year, Some("2020")), (Outcome, Some("refused"))],
                "year=2020&outcome=refused",
            ),
            // The county is in the city that is selected; the city is not in the county.
            (&[("region", "140200")], &[(County, Some("140224"))], "region=140224"),
            (&[("region", "140224")], &[(City, Some("140200"))], "region=140224"),
            (
                &[("region", "140224"), ("region", "140100")],
                &[(City, Some("140200"))],
                "region=140224",
            ),
            (
                &[],
                &[(Province, Some("140000")), (City, Some("140200"))],
                "region=140200",
            ),
            (
                &[("category", "普通"), ("category", "登记")],
                &[(Category, Some("登记"))],
                "category=%E7%99%BB%E8%AE%B0",
            ),
            (
                &[("expand", "false")],
                &[(TimeLimit, Some("over"))],
                "expand=false&time_limit=over",
            ),
        ];
        for (pairs, narrowed, expected) in cases {
            assert_eq!(link(pairs, narrowed), *expected);
        }
    }
}
