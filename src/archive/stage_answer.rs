//! The stages of a case as they are answered.

use serde::{Deserialize, Serialize};

use super::Labels;
use crate::catalogue::DocumentSummary;
use crate::record::{CaseFields, DocumentKind, Stage, StageOfCase};

/// One stage of the approval (办理环节) and what the case shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StageAnswer {
    /// Code of the stage: `application`, `supplement`, `acceptance`, `review`, `hearing`, `decision`, `service`.
    pub stage: String,
    /// The stage in words.
    pub label: String,
    /// Whether every case goes through it: a supplement or a hearing takes place in some only, and a case that was
    /// withdrawn ends after its application.
    pub required: bool,
    /// `documented`, `dated` (no document, but its date is known), `missing` (required, and nothing shows it) or `not_seen`.
    pub state: String,
    /// The state in words.
    pub state_label: String,
    /// Its date, `YYYY-MM-DD`, for the stages that have one.
    pub date: Option<String>,
    /// Positions of its documents in the case.
    pub documents: Vec<u32>,
}

pub(super) fn stages_of(fields: &CaseFields, documents: &[DocumentSummary], labels: Labels) -> Vec<StageAnswer> {
    let kinds: Vec<(u32, DocumentKind)> = documents.iter().map(|d| (d.ordinal, d.kind)).collect();
    let answer = |of_case: StageOfCase| {
        let (label, state_label) = match labels {
            Labels::Chinese => (of_case.stage.label_zh(), of_case.state.label_zh()),
            Labels::English => (of_case.stage.label_en(), of_case.state.label_en()),
        };
        StageAnswer {
            stage: of_case.stage.code().to_owned(),
            label: label.to_owned(),
            required: of_case.required,
            state: of_case.state.code().to_owned(),
            state_label: state_label.to_owned(),
            date: of_case.date.map(|date| date.to_string()),
            documents: of_case.documents,
        }
    };
    Stage::of_case(fields, &kinds).into_iter().map(answer).collect()
}
