//! The own cases as they are answered.

use serde::Serialize;

use super::{OwnCase, words};
use crate::archive::Labels;
use crate::catalogue::{CaseSummary, DocumentSummary};
use crate::record::{DocumentKind, Stage, StageState};

/// The own history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnCasesAnswer {
    /// Number of all own cases.
    pub total: u64,
    /// Page, from 1.
    pub page: u32,
    /// Cases on a page.
    pub size: u32,
    /// The cases, the newest first.
    pub cases: Vec<OwnSummary>,
}

/// An own case in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnSummary {
    /// Opaque id of the case.
    pub case_id: String,
    /// 档号, by which the archive finds it.
    pub archival_code: String,
    /// 审批事项
    pub matter: Option<String>,
    /// 审批机关, as named at the time
    pub agency: Option<String>,
    /// 文号
    pub document_number: Option<String>,
    /// 受理编号
    pub acceptance_number: Option<String>,
    /// Code of the outcome.
    pub outcome: Option<String>,
    /// How far it is, in plain words.
    pub status: String,
    /// 有效期至, `YYYY-MM-DD`
    pub valid_until: Option<String>,
    /// The stages that it went through or must go through, in their order.
    pub stages: Vec<OwnStage>,
    /// What is missing in the file, in plain words.
    pub missing: Vec<String>,
}

/// A stage of an own case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnStage {
    /// Code of the stage: `application`, `supplement`, `acceptance`, `decision`, `service`.
    pub stage: String,
    /// The stage in one word.
    pub label: String,
    /// What happened, in plain words; absent when the file shows nothing of it.
    pub text: Option<String>,
    /// Its date, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Positions of its documents.
    pub documents: Vec<u32>,
}

/// An own case with its documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnCaseAnswer {
    /// What the history says of it.
    #[serde(flatten)]
    pub summary: OwnSummary,
    /// Name of the applicant.
    pub applicant: Option<String>,
    /// The papers that were sent by or to the applicant, in their order.
    pub documents: Vec<OwnDocument>,
}

/// A document of an own case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OwnDocument {
    /// Position in the case: the `{d}` of addresses.
    pub document: u32,
    /// Title, in which others are masked.
    pub title: String,
    /// Code of the kind (文种).
    pub kind: String,
    /// The kind in words.
    pub kind_label: String,
    /// Number of its first page: the first `{p}` of addresses.
    pub first_page: u32,
    /// Number of its pages; they are numbered on from the first.
    pub page_count: u32,
    /// Whether the file could be read.
    pub readable: bool,
}

impl OwnSummary {
    pub(super) fn new(case: &CaseSummary, documents: &[DocumentSummary], labels: Labels) -> Self {
        let fields = &case.fields;
        let kinds: Vec<(u32, DocumentKind)> = documents.iter().map(|d| (d.ordinal, d.kind)).collect();
        let mut stages = Vec::new();
        let mut missing = Vec::new();
        for of_case in Stage::of_case(fields, &kinds) {
            let stage = of_case.stage;
            let Some(passed) = words::passed(stage, of_case.date, labels) else {
                continue;
            };
            match of_case.state {
                StageState::NotSeen => continue,
                StageState::Missing | StageState::Dated => missing.extend(words::missing(stage, labels)),
                StageState::Documented => {}
            }
            stages.push(OwnStage {
                stage: stage.code().to_owned(),
                label: match labels {
                    Labels::Chinese => stage.label_zh().to_owned(),
                    Labels::English => stage.label_en().to_owned(),
                },
                text: (of_case.state != StageState::Missing).then_some(passed),
                date: of_case.date.map(|date| date.to_string()),
                documents: of_case.documents,
            });
        }
        Self {
            case_id: case.case_id.clone(),
            archival_code: case.archival_code.to_string(),
            matter: fields.matter.clone(),
            agency: fields.agency.clone(),
            document_number: fields.document_number.clone(),
            acceptance_number: fields.acceptance_number.clone(),
            outcome: fields.outcome.map(|outcome| outcome.code().to_owned()),
            status: words::status(fields, labels),
            valid_until: fields.valid_until.map(|date| date.to_string()),
            stages,
            missing,
        }
    }
}

impl OwnCaseAnswer {
    /// Puts an own case into the form of the answer.
    pub fn new(own: &OwnCase, labels: Labels) -> Self {
        let shown = |text: &str| own.others.data.masked(text);
        let mut summary = OwnSummary::new(&own.case, &own.documents, labels);
        for text in [&mut summary.matter, &mut summary.agency].into_iter().flatten() {
            *text = shown(text);
        }
        let document = |d: &DocumentSummary| OwnDocument {
            document: d.ordinal,
            title: shown(&d.title),
            kind: d.kind.code().to_owned(),
            kind_label: match labels {
                Labels::Chinese => d.kind.label_zh().to_owned(),
                Labels::English => d.kind.label_en().to_owned(),
            },
            first_page: d.first_page,
            page_count: d.page_count,
            readable: d.failure.is_none(),
        };
        Self {
            applicant: own.case.fields.applicant_name.as_deref().map(shown),
            documents: own.documents.iter().map(document).collect(),
            summary,
        }
    }
}
