//! The answer, as the API and `juanzong stats --json` write it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::link::english_label;
use crate::analytics::Dimension;
use crate::record::CivilDate;

/// Statistics of the cases that match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StatisticsResponse {
    /// Number of cases that match, in the first period.
    pub total: u64,
    /// Time spent, in milliseconds.
    pub took_ms: u64,
    /// How the query was read, in Chinese; empty when there was none.
    pub understood: String,
    /// Name of the generation of the index.
    pub generation: String,
    /// Every change of the catalogue up to this sequence is counted.
    pub sequence: u64,
    /// The figures asked for, in their order.
    pub measures: Vec<MeasureAnswer>,
    /// By what the cases are grouped: none, one or two.
    pub dimensions: Vec<DimensionAnswer>,
    /// The period of the search, then the one it is compared with.
    pub periods: Vec<PeriodAnswer>,
}

/// A figure that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MeasureAnswer {
    /// Its code.
    pub code: String,
    /// Its Chinese name.
    pub label: String,
    /// Its English name.
    pub label_en: String,
    /// `cases`, `pages`, `share` (0 to 1), `working_days` or `confidence` (0 to 1).
    pub unit: String,
    /// How it is reckoned, in Chinese.
    pub definition: String,
    /// How it is reckoned, in English.
    pub definition_en: String,
}

/// By what cases are grouped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DimensionAnswer {
    /// Its code.
    pub code: String,
    /// Its Chinese name.
    pub label: String,
    /// Its English name.
    pub label_en: String,
    /// Its values in all periods: times in their order, others from the most frequent; last the cases that have none.
    pub values: Vec<DimensionValue>,
}

/// A value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DimensionValue {
    /// The value; `null` for cases that have none.
    pub value: Option<String>,
    /// The value as it is shown: in Chinese, or where it is no name in English by `Accept-Language`.
    pub label: String,
}

impl StatisticsResponse {
    /// Puts the labels of values into English. Names of agencies, matters and regions stay as they are.
    pub fn label_in_english(&mut self) {
        for dimension in &mut self.dimensions {
            let Some(by) = Dimension::parse(&dimension.code) else {
                continue;
            };
            for value in &mut dimension.values {
                if let Some(label) = english_label(by, value.value.as_deref()) {
                    value.label = label;
                }
            }
        }
    }
}

/// The statistics of one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PeriodAnswer {
    /// Cases of this date or later.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub from: Option<CivilDate>,
    /// Cases of this date or earlier.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub to: Option<CivilDate>,
    /// All cases as one cell.
    pub whole: CellAnswer,
    /// The cells that have cases, in the order of the values.
    pub cells: Vec<CellAnswer>,
    /// With two dimensions: the cells of each of them alone. Medians and shares cannot be made of `cells`.
    pub margins: Vec<Vec<CellAnswer>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CellAnswer {
    /// The value of each dimension; `null` for cases that have none.
    pub values: Vec<Option<String>>,
    /// Number of its cases.
    pub cases: u64,
    /// The figures by their codes.
    pub figures: BTreeMap<String, FigureAnswer>,
    /// Why the time of how many cases cannot be computed, by `no_acceptance`, `no_decision`, `no_dates`, `wrong_order`,
    /// `outside_calendar` and `excluded_time`. Only with figures of time.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub not_computable: BTreeMap<String, u64>,
    /// Parameters of `GET /api/v1/search` that list exactly these cases.
    pub query: String,
}

/// A figure of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FigureAnswer {
    /// The figure; `null` when there is nothing to make it of.
    pub value: Option<f64>,
    /// For a share: the cases that count.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub part: Option<u64>,
    /// For a share, a median or a mean: the cases it was made of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<u64>,
}
