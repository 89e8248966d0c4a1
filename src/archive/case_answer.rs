//! One case as it is answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Labels;
use super::contents_answer::ContentsAnswer;
use super::stage_answer::{StageAnswer, stages_of};
use crate::access::{Masking, PersonalData};
use crate::catalogue::{self, CaseSummary, Catalogue, DocumentSummary};
use crate::record::{CaseFields, DocumentKind, Fact, FieldName};

/// One case: its fields, documents, and where each fact comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaseAnswer {
    /// Opaque id of the case.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 审批机关, as named at the time
    pub agency: Option<String>,
    /// 行政区划, six digits
    pub region: Option<String>,
    /// 审批事项
    pub matter: Option<String>,
    /// 文号
    pub document_number: Option<String>,
    /// 受理编号
    pub acceptance_number: Option<String>,
    /// Code of the outcome (决定结果)
    pub outcome: Option<String>,
    /// Code of the retention (保管期限)
    pub retention: Option<String>,
    /// Code of the security class (密级)
    pub security_class: Option<String>,
    /// 申请日期, `YYYY-MM-DD`
    pub applied_on: Option<String>,
    /// 受理日期
    pub accepted_on: Option<String>,
    /// 决定日期
    pub decided_on: Option<String>,
    /// 送达日期
    pub served_on: Option<String>,
    /// 有效期起
    pub valid_from: Option<String>,
    /// 有效期至
    pub valid_until: Option<String>,
    /// 申请人
    pub applicant: Applicant,
    /// What the codes among the fields mean, by name of the field.
    pub labels: BTreeMap<String, String>,
    /// The documents in order.
    pub documents: Vec<DocumentAnswer>,
    /// The stages of the approval in their order, with what the case shows of each.
    pub stages: Vec<StageAnswer>,
    /// The contents list (卷内目录) against the documents; absent when the case has none that could be read.
    pub contents: Option<ContentsAnswer>,
    /// Every fact known: corrections, the latest first, then those of the catalogue, then what was read.
    pub facts: Vec<FactAnswer>,
}

/// The applicant (申请人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Applicant {
    /// Name.
    pub name: Option<String>,
    /// Code of the kind of applicant.
    pub kind: Option<String>,
    /// Credit code, or identity number with its middle masked.
    pub id_number: Option<String>,
}

/// One document (件) of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DocumentAnswer {
    /// Position in the case, from 1: the `{d}` of addresses.
    pub document: u32,
    /// Title.
    pub title: String,
    /// Code of the kind (文种).
    pub kind: String,
    /// The kind in words.
    pub kind_label: String,
    /// File name; empty for imported text.
    pub source_name: String,
    /// Version, from 1.
    pub version: u32,
    /// Number of its first page in the file: the first `{p}` of addresses.
    pub first_page: u32,
    /// Number of its pages; they are numbered on from the first.
    pub page_count: u32,
    /// Code of the reason why the file could not be read.
    pub failure: Option<String>,
}

/// One value of one field, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FactAnswer {
    /// Code of the field.
    pub field: String,
    /// The value; identity numbers and telephone numbers with their middle masked, addresses of persons after the county.
    pub value: String,
    /// The text as it was read, when it differs.
    pub as_read: Option<String>,
    /// `extraction`, `catalogue` or `correction`.
    pub source: String,
    /// Name of the rule, manifest or person that gave it.
    pub origin: String,
    /// Position of the document on which it stands.
    pub document: Option<u32>,
    /// Page on which it stands.
    pub page: Option<u32>,
    /// Box `[x0, y0, x1, y1]` in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: Option<[u32; 4]>,
    /// Confidence, 0 to 1.
    pub confidence: Option<f32>,
}

impl CaseAnswer {
    /// Reads everything about a case; `None` when it has vanished meanwhile.
    pub(super) async fn read(
        catalogue: &Catalogue,
        case: CaseSummary,
        labels: Labels,
        masking: Masking,
    ) -> catalogue::Result<Option<Self>> {
        let documents = catalogue.documents(case.case_key).await?;
        let Some(facts) = catalogue.facts(case.case_key).await? else {
            return Ok(None);
        };
        let personal = PersonalData::of(&facts);
        let text = |field| case.fields.get(field);
        let id_number =
            text(FieldName::ApplicantIdNumber).map(|number| masking.value(FieldName::ApplicantIdNumber, &number));
        Ok(Some(Self {
            labels: labels_of(&case.fields, labels),
            title: text(FieldName::Title),
            agency: text(FieldName::Agency),
            region: text(FieldName::Region),
            matter: text(FieldName::Matter),
            document_number: text(FieldName::DocumentNumber),
            acceptance_number: text(FieldName::AcceptanceNumber),
            outcome: text(FieldName::Outcome),
            retention: text(FieldName::Retention),
            security_class: text(FieldName::SecurityClass),
            applied_on: text(FieldName::AppliedOn),
            accepted_on: text(FieldName::AcceptedOn),
            decided_on: text(FieldName::DecidedOn),
            served_on: text(FieldName::ServedOn),
            valid_from: text(FieldName::ValidFrom),
            valid_until: text(FieldName::ValidUntil),
            applicant: Applicant {
                name: text(FieldName::ApplicantName),
                kind: text(FieldName::ApplicantKind),
                id_number,
            },
            stages: stages_of(&case.fields, &documents, labels),
            contents: ContentsAnswer::of(&facts, &documents, labels),
            facts: facts
                .iter()
                .map(|fact| FactAnswer::new(fact, &documents, masking, &personal))
                .collect(),
            documents: documents.into_iter().map(|d| DocumentAnswer::new(d, labels)).collect(),
            case_id: case.case_id,
            archival_code: case.archival_code.to_string(),
        }))
    }
}

impl DocumentAnswer {
    fn new(document: DocumentSummary, labels: Labels) -> Self {
        let kind: DocumentKind = document.kind;
        let label = match labels {
            Labels::Chinese => kind.label_zh(),
            Labels::English => kind.label_en(),
        };
        Self {
            document: document.ordinal,
            title: document.title,
            kind: kind.code().to_owned(),
            kind_label: label.to_owned(),
            source_name: document.source_name,
            version: document.version,
            first_page: document.first_page,
            page_count: document.page_count,
            failure: document.failure,
        }
    }
}

impl FactAnswer {
    fn new(fact: &Fact, documents: &[DocumentSummary], masking: Masking, personal: &PersonalData) -> Self {
        let shown = |text: &str| match personal.is_public(fact.field, &fact.value) {
            true => text.to_owned(),
            false => masking.value(fact.field, text),
        };
        let evidence = fact.evidence.as_ref();
        Self {
            field: fact.field.code().to_owned(),
            value: shown(&fact.value),
            as_read: fact.as_read.as_deref().map(shown),
            source: fact.source.code().to_owned(),
            origin: fact.origin.clone(),
            document: document_of(fact, documents),
            page: evidence.map(|e| e.page),
            area: evidence.and_then(|e| e.area).map(Into::into),
            confidence: evidence.map(|e| e.confidence),
        }
    }
}

/// Position of the document on which a fact stands.
pub(super) fn document_of(fact: &Fact, documents: &[DocumentSummary]) -> Option<u32> {
    let evidence = fact.evidence.as_ref()?;
    let holds = |d: &&DocumentSummary| {
        d.content_id.as_deref() == Some(evidence.file_sha256.as_str())
            && (d.first_page..d.first_page.saturating_add(d.page_count)).contains(&evidence.page)
    };
    documents.iter().find(holds).map(|d| d.ordinal)
}

fn labels_of(fields: &CaseFields, labels: Labels) -> BTreeMap<String, String> {
    let pick = |zh: &'static str, en: &'static str| match labels {
        Labels::Chinese => zh,
        Labels::English => en,
    };
    let all = [
        (
            FieldName::Outcome,
            fields.outcome.map(|v| pick(v.label_zh(), v.label_en())),
        ),
        (
            FieldName::Retention,
            fields.retention.map(|v| pick(v.label_zh(), v.label_en())),
        ),
        (
            FieldName::SecurityClass,
            fields.security_class.map(|v| pick(v.label_zh(), v.label_en())),
        ),
        (
            FieldName::ApplicantKind,
            fields.applicant_kind.map(|v| pick(v.label_zh(), v.label_en())),
        ),
    ];
    let known = all
        .into_iter()
        .filter_map(|(name, label)| Some((name.code().to_owned(), label?.to_owned())));
    known.collect()
}
