//! What is answered of findings.

use serde::{Deserialize, Serialize};

use super::NumbersAnswer;
use crate::access::PersonalData;
use crate::catalogue::{CaseSummary, FindingDecision};

/// A part of the findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FindingsAnswer {
    /// How many there are in all.
    pub total: u64,
    /// Cases that were looked at: all that may be seen.
    pub examined: u64,
    /// State of the catalogue from which they were made.
    pub sequence: u64,
    /// How many there are by each rule, whatever rules were asked for.
    pub rules: Vec<RuleAnswer>,
    /// Those of this page, the gravest first.
    pub findings: Vec<FindingAnswer>,
}

/// A rule, and how much was found by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RuleAnswer {
    /// Code of the rule.
    pub rule: String,
    /// Its name.
    pub label: String,
    /// What it rests on: law, standard, or the archive's own tables.
    pub basis: String,
    /// Findings by it.
    pub count: u64,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FindingAnswer {
    /// Opaque identifier: the same when it is found again.
    pub id: String,
    /// Code of the rule.
    pub rule: String,
    /// Name of the rule.
    pub label: String,
    /// Code of the severity: `high`, `medium`, `low`, or `to_check` where it rests on something that may be misread.
    pub severity: String,
    /// The severity in words.
    pub severity_label: String,
    /// What it rests on.
    pub basis: String,
    /// What was found.
    pub message: String,
    /// 审批机关
    pub agency: Option<String>,
    /// 年度
    pub year: Option<u32>,
    /// `open` or `dismissed`.
    pub state: String,
    /// How many cases show it.
    pub case_count: u64,
    /// Cases that show it: a few in a list, a page of all of one finding alone.
    pub cases: Vec<ListedCase>,
    /// What people decided on it, in their order.
    pub decisions: Vec<FindingDecisionAnswer>,
    /// Where it is about numbering (断号、跳号、重号): the series with all that is wrong with it, to be drawn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub numbers: Option<NumbersAnswer>,
}

/// A case in a list: of a finding, a sample, a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ListedCase {
    /// Opaque id of the case.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 文号
    pub document_number: Option<String>,
    /// 审批机关
    pub agency: Option<String>,
    /// 受理日期
    pub accepted_on: Option<String>,
    /// 决定日期
    pub decided_on: Option<String>,
    /// Code of the outcome (决定结果).
    pub outcome: Option<String>,
}

/// What somebody decided on a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FindingDecisionAnswer {
    /// Counts the decisions on the finding, from 1.
    pub number: u32,
    /// Whether it is a false alarm; otherwise an earlier decision was taken back.
    pub dismissed: bool,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub author: String,
    /// When (RFC 3339, UTC).
    pub made_at: String,
    /// Whether the same cases show it as did then.
    pub applies: bool,
}

impl From<FindingDecision> for FindingDecisionAnswer {
    fn from(decision: FindingDecision) -> Self {
        Self {
            number: decision.number,
            dismissed: decision.dismissed,
            reason: decision.reason,
            author: decision.author,
            made_at: decision.made_at,
            applies: true,
        }
    }
}

impl From<CaseSummary> for ListedCase {
    fn from(case: CaseSummary) -> Self {
        let masked = |text: String| PersonalData::default().masked(&text);
        Self {
            case_id: case.case_id,
            archival_code: case.archival_code.to_string(),
            title: case.fields.title.map(masked),
            document_number: case.fields.document_number,
            agency: case.fields.agency,
            accepted_on: case.fields.accepted_on.map(|date| date.to_string()),
            decided_on: case.fields.decided_on.map(|date| date.to_string()),
            outcome: case.fields.outcome.map(|outcome| outcome.code().to_owned()),
        }
    }
}
