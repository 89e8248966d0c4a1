//! What was asked for: raw parameters become a validated [`StatisticsRequest`].

use std::collections::BTreeMap;

use crate::analytics::{Dimension, Measure};
use crate::record::CivilDate;

use super::super::request::{once, read_date};
use super::super::{Error, SearchRequest};

/// A validated request for statistics: of which cases, by what, which figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatisticsRequest {
    pub(super) search: SearchRequest,
    pub(super) by: Vec<Dimension>,
    pub(super) measures: Vec<Measure>,
    /// First and last day of the period with which that of the search is compared.
    pub(super) compared: Option<(Option<CivilDate>, Option<CivilDate>)>,
}

impl StatisticsRequest {
    /// Reads the parameters of `GET /api/v1/stats`: those of the search, which choose the cases (order and paging do not
    /// matter), and `by` (at most two codes of [`Dimension`], separated by commas; none: all cases as one), `measures` (codes
    /// of [`Measure`], or `all`; without it the number of cases), `compare_from` and `compare_to` (another period for the same).
    ///
    /// # Errors
    /// One variant for each rule that a parameter breaks, all of kind `Invalid`.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, Error>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut own: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
        let mut of_search = Vec::new();
        for (name, value) in pairs {
            let known = [BY, MEASURES, COMPARE_FROM, COMPARE_TO]
                .into_iter()
                .find(|known| *known == name.as_ref());
            match known {
                Some(known) => once(known, own.entry(known).or_default(), value.as_ref())?,
                None => of_search.push((name, value)),
            }
        }
        let given = |name| own.get(name).and_then(Option::as_deref);
        let (from, to) = (
            read_date(COMPARE_FROM, given(COMPARE_FROM))?,
            read_date(COMPARE_TO, given(COMPARE_TO))?,
        );
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Error::EmptyDateRange);
        }
        let by = codes(BY, given(BY), Dimension::ALL, Dimension::parse)?;
        if by.len() > Dimension::MOST {
            return Err(Error::InvalidParameter { parameter: BY });
        }
        let mut measures = codes(MEASURES, given(MEASURES), Measure::ALL, Measure::parse)?;
        if measures.is_empty() {
            measures.push(Measure::Cases);
        }
        Ok(Self {
            search: SearchRequest::from_pairs(of_search)?,
            by,
            measures,
            compared: (from.is_some() || to.is_some()).then_some((from, to)),
        })
    }

    /// The cases that are counted.
    pub fn search(&self) -> &SearchRequest {
        &self.search
    }

    /// By what they are grouped.
    pub fn by(&self) -> &[Dimension] {
        &self.by
    }

    /// The figures asked for.
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// First and last day of the other period.
    pub fn compared(&self) -> Option<(Option<CivilDate>, Option<CivilDate>)> {
        self.compared
    }

    /// The same, asked for with another search.
    #[must_use]
    pub fn with_search(self, search: SearchRequest) -> Self {
        Self { search, ..self }
    }

    /// The search of each period: that of the request, then the one it is compared with.
    pub(super) fn periods(&self) -> Vec<SearchRequest> {
        let other = self.compared.map(|(from, to)| SearchRequest {
            from,
            to,
            ..self.search.clone()
        });
        std::iter::once(self.search.clone()).chain(other).collect()
    }
}

const BY: &str = "by";
const MEASURES: &str = "measures";
const COMPARE_FROM: &str = "compare_from";
const COMPARE_TO: &str = "compare_to";

/// Reads codes separated by commas, each once.
fn codes<T: Copy + PartialEq>(
    parameter: &'static str,
    text: Option<&str>,
    all: &[T],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    let codes = text.unwrap_or_default().split([',', '，']).map(str::trim);
    for code in codes.filter(|code| !code.is_empty()) {
        match (code, parse(code)) {
            ("all", _) => {
                let new = all.iter().filter(|value| !values.contains(*value));
                let new: Vec<T> = new.copied().collect();
                values.extend(new);
            }
            (_, Some(value)) if !values.contains(&value) => values.push(value),
            _ => return Err(Error::InvalidParameter { parameter }),
        }
    }
    Ok(values)
}
