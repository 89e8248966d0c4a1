//! The review queue as it is answered.

use serde::{Deserialize, Serialize};

use super::{Labels, View};
use crate::access::PersonalData;
use crate::catalogue::{self, ReviewFilter, ReviewItem};
use crate::record::FieldName;

/// A part of the review queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ReviewsAnswer {
    /// How many there are in all.
    pub total: u64,
    /// Those of this page, the dearest first.
    pub reviews: Vec<ReviewAnswer>,
}

/// One thing that needs eyes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ReviewAnswer {
    /// Opaque id of the case.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 年度
    pub year: Option<u32>,
    /// 审批机关
    pub agency: Option<String>,
    /// Key of the doubt, to say that it was checked.
    pub review: String,
    /// Code of the reason.
    pub reason: String,
    /// The reason in words.
    pub message: String,
    /// Code of the field it is about.
    pub field: Option<String>,
    /// The field in words.
    pub field_label: Option<String>,
    /// How probable it is that something is wrong, 0 to 1.
    pub probability: f32,
    /// What it would cost to be wrong × probability, 0 to 10: the rank.
    pub score: f32,
    /// Where to look, the best place first.
    pub evidence: Vec<ReviewPlace>,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ReviewPlace {
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Page of the document's file; absent for the document as a whole.
    pub page: Option<u32>,
    /// Box `[x0, y0, x1, y1]` in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: Option<[u32; 4]>,
}

impl View {
    /// The review queue of the cases that may be seen: `limit` things after the first `offset`.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn reviews(
        &self,
        filter: &ReviewFilter,
        offset: u64,
        limit: u32,
        labels: Labels,
    ) -> catalogue::Result<ReviewsAnswer> {
        let (total, items) = self
            .archive
            .catalogue()
            .reviews(filter, &self.visible, offset, limit)
            .await?;
        let reviews = items.into_iter().map(|item| ReviewAnswer::new(item, labels)).collect();
        Ok(ReviewsAnswer { total, reviews })
    }
}

impl ReviewAnswer {
    fn new(item: ReviewItem, labels: Labels) -> Self {
        let label = |field: FieldName| match labels {
            Labels::Chinese => field.label_zh(),
            Labels::English => field.label_en(),
        };
        let message = match labels {
            Labels::Chinese => item.reason.message_zh(),
            Labels::English => item.reason.message_en(),
        };
        Self {
            case_id: item.case_id,
            archival_code: item.archival_code,
            title: item.title.map(|title| PersonalData::default().masked(&title)),
            year: item.year,
            agency: item.agency,
            review: item.subject,
            reason: item.reason.code().to_owned(),
            message: message.to_owned(),
            field: item.field.map(|field| field.code().to_owned()),
            field_label: item.field.map(|field| label(field).to_owned()),
            probability: item.probability,
            score: item.score,
            evidence: item
                .evidence
                .into_iter()
                .map(|place| ReviewPlace {
                    document: place.document,
                    page: place.page,
                    area: place.area.map(Into::into),
                })
                .collect(),
        }
    }
}
