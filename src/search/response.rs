//! The answer to a search, as the API and `juanzong search --json` write it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Facet;
use crate::index::OcrQuality;
use crate::record::{CivilDate, Outcome};

/// The answer to a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SearchResponse {
    /// Number of cases that match, exact and tolerant together.
    pub total: u64,
    /// Time spent, in milliseconds.
    pub took_ms: u64,
    /// How the query was read, in Chinese; empty when there was none.
    pub understood: String,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// Where the next page begins: sent as `after` with the same search. `null` on the last page.
    pub next: Option<String>,
    /// For each facet asked for, its values: those with the most cases first.
    pub facets: BTreeMap<String, Vec<FacetValue>>,
    /// A better spelling of the query, if there is one.
    pub suggestion: Option<String>,
}

impl SearchResponse {
    /// Puts the labels of facets into English. Names of agencies, matters and regions stay as they are.
    pub fn label_in_english(&mut self) {
        for (code, values) in &mut self.facets {
            let Some(facet) = Facet::from_code(code) else { continue };
            for value in values {
                if let Some(label) = facet.english_label_of(&value.value) {
                    label.clone_into(&mut value.label);
                }
            }
        }
    }
}

/// One case that matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Hit {
    /// Opaque id of the case, as it stands in addresses.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 文号
    pub document_number: Option<String>,
    /// 审批事项
    pub matter: Option<String>,
    /// 审批机关, as named at the time
    pub agency: Option<String>,
    /// Code of the outcome (决定结果)
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub outcome: Option<Outcome>,
    /// 决定日期, `YYYY-MM-DD`
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub decided_on: Option<CivilDate>,
    /// 申请人
    pub applicant: Option<String>,
    /// Whether pages of it can be shown as images; of text that was imported there are none.
    pub has_images: bool,
    /// How well the pages were read: `high`, `medium`, `low`, or `none` when there is no text.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub ocr_quality: Option<OcrQuality>,
    /// Relevance; comparable within one answer only. 0 when the answer is sorted by something else.
    pub score: f32,
    /// Whether every word was found as typed.
    #[serde(rename = "match")]
    pub matched: MatchKind,
    /// Where the words stand on the pages, best pages first.
    pub snippets: Vec<Snippet>,
}

/// How a case matches the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MatchKind {
    /// Every word stands in the case as typed, or its value is one of the case's values.
    Exact,
    /// At least one word was found only in parts.
    Tolerant,
}

/// A piece of a page with the words that were searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Snippet {
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Number of the page in the document's file, from 1.
    pub page: u32,
    /// The piece of text, on one line.
    pub text: String,
    /// What to mark, as `[from, to)` in characters of `text`; ascending, not overlapping.
    pub marks: Vec<[u32; 2]>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// The value as it is sent back to select it.
    pub value: String,
    /// The value as it is shown: in Chinese, or where it is no name in English by `Accept-Language`.
    pub label: String,
    /// Cases that match with all other filters, and this value.
    pub count: u64,
    /// Whether the request selects this value.
    pub selected: bool,
}

/// What to mark on one page.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageMarks {
    /// The marks in reading order; a hit that runs over two lines gives two marks.
    pub marks: Vec<PageMark>,
}

/// One mark on one line of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PageMark {
    /// Index of the line on the page, from 0.
    pub line: u32,
    /// First character of the line that is marked.
    pub from: u32,
    /// Character of the line after the last that is marked.
    pub to: u32,
    /// The box `[x0, y0, x1, y1]` in pixels of the upright page; `null` when the text has no geometry.
    #[serde(rename = "box")]
    #[cfg_attr(feature = "server", schema(value_type = Option<[u32; 4]>))]
    pub area: Option<crate::record::PixelBox>,
}
