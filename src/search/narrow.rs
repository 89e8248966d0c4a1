//! Filters besides the facets: what a case lacks, the category of its matter, whether it was decided in time. Cells of
//! statistics list their cases by them.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{AllQuery, TermSetQuery};

use crate::analysis::dictionary::{Dictionaries, LicenceCategory};
use crate::analytics::{Clock, Missing, TimeVerdict};
use crate::index::Fields;

use super::Error;
use super::plan::{Plan, any, filter, text_term, without};
use super::verdict::VerdictQuery;

/// What stands in the place of a category for matters that are in no table.
pub(super) const UNLISTED: &str = "未列";

/// The filters of a request besides its facets. Of several categories or results any will do; everything named as missing
/// has to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Narrowing {
    pub(super) missing: BTreeSet<Missing>,
    pub(super) categories: BTreeSet<&'static str>,
    pub(super) verdicts: BTreeSet<TimeVerdict>,
}

/// Name of the parameter for what a case lacks.
pub(super) const MISSING: &str = "missing";
/// Name of the parameter for categories of matters.
pub(super) const CATEGORY: &str = "category";
/// Name of the parameter for the time limit.
pub(super) const TIME_LIMIT: &str = "time_limit";

/// The filters with their Chinese names.
pub const FILTERS: [(&str, &str); 3] = [(CATEGORY, "许可类别"), (TIME_LIMIT, "时限结果"), (MISSING, "缺项")];

impl Narrowing {
    /// Reads a parameter; `None` when it is none of these.
    pub(super) fn read(&mut self, name: &str, value: &str) -> Option<Result<(), Error>> {
        let (parameter, known) = match name {
            MISSING => (MISSING, put(&mut self.missing, Missing::parse(value))),
            CATEGORY => (CATEGORY, put(&mut self.categories, category(value))),
            TIME_LIMIT => (TIME_LIMIT, put(&mut self.verdicts, TimeVerdict::parse(value))),
            _ => return None,
        };
        Some(known.then_some(()).ok_or(Error::InvalidFacetValue { facet: parameter }))
    }

    /// The values, with the names of their parameters.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let categories = self.categories.iter().map(|name| (CATEGORY, *name));
        let verdicts = self.verdicts.iter().map(|verdict| (TIME_LIMIT, verdict.code()));
        let missing = self.missing.iter().map(|missing| (MISSING, missing.code()));
        categories.chain(verdicts).chain(missing)
    }

    /// The value of a parameter as it is shown, in Chinese.
    pub(super) fn label_of(parameter: &str, value: &str) -> String {
        let label = match parameter {
            MISSING => Missing::parse(value).map(Missing::label_zh),
            TIME_LIMIT => TimeVerdict::parse(value).map(TimeVerdict::label_zh),
            _ => None,
        };
        label.unwrap_or(value).to_owned()
    }

    /// The queries that a case has to match.
    pub(super) fn plans(&self, fields: &Fields, dictionaries: &Dictionaries) -> Vec<Plan> {
        let mut plans: Vec<Plan> = self
            .missing
            .iter()
            .map(|missing| text_term(fields.missing, missing.code()))
            .collect();
        if !self.categories.is_empty() {
            let categories = self.categories.iter();
            plans.push(any(categories
                .map(|name| matters_of(name, fields, dictionaries))
                .collect()));
        }
        if !self.verdicts.is_empty() && self.verdicts.len() < TimeVerdict::ALL.len() {
            plans.push(filter(VerdictQuery {
                clock: Arc::new(Clock::new(dictionaries)),
                wanted: self.verdicts.clone(),
            }));
        }
        plans
    }
}

/// Adds a value; `false` when there is none.
fn put<T: Ord>(values: &mut BTreeSet<T>, value: Option<T>) -> bool {
    let known = value.is_some();
    values.extend(value);
    known
}

fn category(name: &str) -> Option<&'static str> {
    let mut known = LicenceCategory::ALL.iter().map(|(_, name)| *name);
    let name = name.trim();
    known
        .find(|known| *known == name)
        .or((name == UNLISTED).then_some(UNLISTED))
}

/// The category of a matter as the table has it, or [`UNLISTED`].
pub(super) fn category_of(matter: &str, dictionaries: &Dictionaries) -> &'static str {
    let found = dictionaries.matters.find(matter);
    found.first().map_or(UNLISTED, |matter| matter.category.name())
}

/// The cases whose matter is of a category.
fn matters_of(category: &str, fields: &Fields, dictionaries: &Dictionaries) -> Plan {
    let names: BTreeSet<&String> = dictionaries
        .matters
        .iter()
        .flat_map(|matter| std::iter::once(&matter.name).chain(&matter.synonyms))
        .collect();
    if category == UNLISTED {
        let without_matter = text_term(fields.missing, Missing::Matter.code());
        return without(filter(AllQuery), any(vec![one_of(names, fields), without_matter]));
    }
    let of_category = names
        .into_iter()
        .filter(|name| category_of(name, dictionaries) == category);
    one_of(of_category, fields)
}

/// The cases with one of these matters.
fn one_of<'n>(names: impl IntoIterator<Item = &'n String>, fields: &Fields) -> Plan {
    let terms = names.into_iter().map(|name| Term::from_field_text(fields.matter, name));
    filter(TermSetQuery::new(terms))
}
