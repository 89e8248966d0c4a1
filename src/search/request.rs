//! What was asked for: raw parameters become a validated [`SearchRequest`].

use std::collections::{BTreeMap, BTreeSet};

use crate::record::CivilDate;

use super::cursor::Cursor;
use super::narrow::Narrowing;
use super::{Error, Facet, limits};

/// The order of the hits. Ties are broken by the key of the case, so that paging is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Exact before tolerant, then the best first.
    Relevance,
    /// The latest first; cases without a date last.
    DateDescending,
    /// The earliest first; cases without a date last.
    DateAscending,
    /// By document number: agency code, year, serial; cases without a number last.
    Number,
}

/// A validated search: within every limit of [`limits`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    pub(super) query: String,
    pub(super) filters: BTreeMap<Facet, BTreeSet<String>>,
    pub(super) narrowing: Narrowing,
    pub(super) from: Option<CivilDate>,
    pub(super) to: Option<CivilDate>,
    pub(super) sort: Sort,
    pub(super) page: usize,
    /// Only what stands behind this place.
    pub(super) after: Option<Cursor>,
    pub(super) size: usize,
    pub(super) facets: BTreeSet<Facet>,
    pub(super) expand: bool,
    pub(super) numbers: PersonNumbers,
}

/// Whether cases are found by full numbers of persons; by a part of one they never are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonNumbers {
    /// Yes.
    #[default]
    Searched,
    /// No: who asks has no right to it.
    Refused,
}

impl SearchRequest {
    /// The same by somebody who may search by numbers of persons, or not.
    #[must_use]
    pub fn with_numbers(self, numbers: PersonNumbers) -> Self {
        Self { numbers, ..self }
    }

    /// Reads the parameters of `GET /api/v1/search`: `q`, the facets' codes (repeatable; of several values of
    /// one facet any will do), `from`, `to`, `sort` (`relevance`, `date`, `date_asc`, `number`), `page` from 1 or `after` (the `next` of
    /// the answer before), `size`, and `facets` (codes separated by commas: what to count; `all` counts every facet), and `expand` (`false`: no other names of
    /// what the query names). `category` (of the matter), `time_limit` (whether it was decided in time) and `missing` (what a case
    /// lacks) narrow as facets do, and are repeatable, too.
    ///
    /// # Errors
    /// One variant for each rule that a parameter breaks, all of [`super::ErrorKind::Invalid`].
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, Error>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut raw = Raw::default();
        let mut filters: BTreeMap<Facet, BTreeSet<String>> = BTreeMap::new();
        let mut facets = BTreeSet::new();
        let mut narrowing = Narrowing::default();
        for (name, value) in pairs {
            let value = value.as_ref();
            match name.as_ref() {
                "q" => once("q", &mut raw.query, value)?,
                "from" => once("from", &mut raw.from, value)?,
                "to" => once("to", &mut raw.to, value)?,
                "sort" => once("sort", &mut raw.sort, value)?,
                "page" => once("page", &mut raw.page, value)?,
                "after" => once("after", &mut raw.after, value)?,
                "size" => once("size", &mut raw.size, value)?,
                "expand" => once("expand", &mut raw.expand, value)?,
                "facets" => read_facets(value, &mut facets)?,
                name => {
                    if let Some(read) = narrowing.read(name, value) {
                        read?;
                        continue;
                    }
                    let facet = Facet::from_code(name).ok_or(Error::UnknownParameter)?;
                    let values = facet
                        .read_values(value)
                        .ok_or(Error::InvalidFacetValue { facet: facet.code() })?;
                    filters.entry(facet).or_default().extend(values);
                    if filters.values().map(BTreeSet::len).sum::<usize>() > limits::SELECTED_VALUES {
                        return Err(Error::TooManyFacetValues {
                            most: limits::SELECTED_VALUES,
                        });
                    }
                }
            }
        }
        raw.validate(filters, narrowing, facets)
    }

    /// The query as typed.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The selected facet values.
    pub fn filters(&self) -> impl Iterator<Item = (Facet, &String)> {
        let of_facet = |(facet, values): (&Facet, _)| {
            let facet = *facet;
            BTreeSet::iter(values).map(move |value| (facet, value))
        };
        self.filters.iter().flat_map(of_facet)
    }

    /// The filters besides the facets, with the names of their parameters: `category`, `time_limit`, `missing`.
    pub fn narrowing(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.narrowing.values()
    }

    /// First and last date of the wanted decisions.
    pub fn dates(&self) -> (Option<CivilDate>, Option<CivilDate>) {
        (self.from, self.to)
    }

    /// Page of the answer, from 1.
    pub fn page(&self) -> usize {
        self.page
    }

    /// Whether it goes on behind a hit of an answer before.
    pub fn goes_on(&self) -> bool {
        self.after.is_some()
    }

    /// Number of hits to leave out.
    pub(super) fn offset(&self) -> usize {
        (self.page - 1) * self.size
    }
}

/// The parameters that are given once, as typed.
#[derive(Default)]
struct Raw {
    query: Option<String>,
    from: Option<String>,
    to: Option<String>,
    sort: Option<String>,
    page: Option<String>,
    after: Option<String>,
    size: Option<String>,
    expand: Option<String>,
}

impl Raw {
    fn validate(
        self,
        filters: BTreeMap<Facet, BTreeSet<String>>,
        narrowing: Narrowing,
        facets: BTreeSet<Facet>,
    ) -> Result<SearchRequest, Error> {
        let query = self.query.unwrap_or_default();
        check_length(&query)?;
        let query = query.trim().to_owned();
        let from = read_date("from", self.from.as_deref())?;
        let to = read_date("to", self.to.as_deref())?;
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Error::EmptyDateRange);
        }
        let size = match self.size {
            None => limits::DEFAULT_PAGE_SIZE,
            Some(text) => {
                let size = text.trim().parse().ok().filter(|s| limits::PAGE_SIZE.contains(s));
                size.ok_or(Error::SizeOutOfRange {
                    most: *limits::PAGE_SIZE.end(),
                })?
            }
        };
        let page = match self.page {
            None => 1,
            Some(text) => {
                let page = text.trim().parse::<usize>().ok().filter(|page| *page >= 1);
                let reachable = |page: &usize| page.checked_mul(size).is_some_and(|end| end <= limits::DEEPEST_HIT);
                page.filter(reachable).ok_or(Error::PageOutOfRange {
                    deepest: limits::DEEPEST_HIT,
                })?
            }
        };
        let sort = match self.sort.as_deref().map(str::trim) {
            None | Some("") if query.is_empty() => Sort::DateDescending,
            None | Some("" | "relevance") => Sort::Relevance,
            Some("date" | "date_desc") => Sort::DateDescending,
            Some("date_asc") => Sort::DateAscending,
            Some("number") => Sort::Number,
            Some(_) => return Err(Error::UnknownSort),
        };
        let expand = match self.expand.as_deref().map(str::trim) {
            None | Some("" | "true") => true,
            Some("false") => false,
            Some(_) => return Err(Error::InvalidParameter { parameter: "expand" }),
        };
        let after = self.after.as_deref().map(str::trim).filter(|after| !after.is_empty());
        if after.is_some() && page != 1 {
            return Err(Error::PageAndCursor);
        }
        let mut request = SearchRequest {
            numbers: PersonNumbers::default(),
            query,
            filters,
            narrowing,
            from,
            to,
            sort,
            page,
            after: None,
            size,
            facets,
            expand,
        };
        request.after = after.map(|after| Cursor::decode(after, &request)).transpose()?;
        Ok(request)
    }
}

/// Refuses a query that is too long without looking at all of it.
pub(super) fn check_length(query: &str) -> Result<(), Error> {
    if query.chars().nth(limits::QUERY_CHARACTERS).is_some() {
        return Err(Error::QueryTooLong {
            most: limits::QUERY_CHARACTERS,
        });
    }
    Ok(())
}

pub(super) fn once(parameter: &'static str, slot: &mut Option<String>, value: &str) -> Result<(), Error> {
    if parameter == "q" {
        check_length(value)?;
    }
    match slot.replace(value.to_owned()) {
        None => Ok(()),
        Some(_) => Err(Error::RepeatedParameter { parameter }),
    }
}

pub(super) fn read_date(parameter: &'static str, text: Option<&str>) -> Result<Option<CivilDate>, Error> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) if text.len() > 64 => Err(Error::InvalidDate { parameter }),
        Some(text) => CivilDate::parse(text).map(Some).ok_or(Error::InvalidDate { parameter }),
    }
}

fn read_facets(text: &str, facets: &mut BTreeSet<Facet>) -> Result<(), Error> {
    for code in text.split([',', '，']).map(str::trim).filter(|code| !code.is_empty()) {
        match code {
            "all" => facets.extend(Facet::ALL),
            code => {
                facets.insert(Facet::from_code(code).ok_or(Error::UnknownFacet)?);
            }
        }
    }
    Ok(())
}
