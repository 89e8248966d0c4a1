//! Findings as they are answered: those of the cases that may be seen, a page at a time.
//!
//! They are made anew when the catalogue, the viewer's filter, the tables or the parameters differ from those of what is kept;
//! whoever asks while they are made waits for the same.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{Labels, View};
use crate::access::PersonalData;
use crate::analytics::findings::{Error, Examination, Finding, Findings, Parameters, Reference, Rule, Severity};
use crate::bounded::BoundedMap;
use crate::catalogue::{CaseSummary, FindingDecision, NewDecision};

/// Most bytes of findings that are kept.
const BYTES: usize = 128 << 20;
/// Cases of a finding in a list of findings; all of them are told of one finding alone.
const CASES_IN_A_LIST: usize = 10;
/// Cases looked up at a time.
const CASES_AT_A_TIME: usize = 500;

/// Findings that are kept. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(super) struct KeptFindings(Arc<Kept>);

struct Kept {
    findings: BoundedMap<[u8; 32], Arc<Findings>>,
    /// One at a time: two passes would only take each other's time.
    under_way: Mutex<()>,
}

impl Default for KeptFindings {
    fn default() -> Self {
        Self(Arc::new(Kept {
            findings: BoundedMap::new(BYTES),
            under_way: Mutex::new(()),
        }))
    }
}

/// Whether findings were dismissed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FindingState {
    /// Nobody has said that it is a false alarm, or other cases show it since.
    #[default]
    Open,
    /// Somebody has said that it is a false alarm.
    Dismissed,
}

impl FindingState {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Dismissed => "dismissed",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Dismissed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Which findings are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingsQuery {
    /// By these rules; by all when empty.
    pub rules: Vec<Rule>,
    /// Of these severities; of all when empty.
    pub severities: Vec<Severity>,
    /// About this year.
    pub year: Option<u32>,
    /// About this agency.
    pub agency: Option<String>,
    /// Shown by this case.
    pub case_id: Option<String>,
    /// In this state; in all when `None`.
    pub state: Option<FindingState>,
    /// What can be set.
    pub parameters: Parameters,
}

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

impl View {
    /// All findings of the cases that may be seen, as they are now.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn all_findings(&self, parameters: Parameters) -> Result<Arc<Findings>, Error> {
        let catalogue = self.archive.catalogue();
        let analyser = self.archive.index().wanted_analyser();
        let name = async || -> Result<[u8; 32], Error> {
            let sequence = catalogue.sequence().await?;
            let tables = analyser.dictionaries().checksums();
            let of = (sequence, self.visible.restrictions(), parameters, tables);
            Ok(Sha256::digest(format!("{of:?}")).into())
        };
        let kept = &self.archive.findings.0;
        if let Some(found) = kept.findings.get(&name().await?) {
            return Ok(found);
        }
        let _one_at_a_time = kept.under_way.lock().await;
        // Made meanwhile, perhaps.
        let name = name().await?;
        if let Some(found) = kept.findings.get(&name) {
            return Ok(found);
        }
        let reference = Arc::new(Reference::new(&analyser));
        let examination = Examination::new(self.visible.clone(), parameters, &reference);
        let found = Arc::new(examination.run(catalogue).await?);
        kept.findings.put(name, Arc::clone(&found), found.bytes());
        Ok(found)
    }

    /// A page of the findings: `limit` after the first `offset`.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn findings(
        &self,
        query: &FindingsQuery,
        (offset, limit): (u64, u32),
        labels: Labels,
    ) -> Result<FindingsAnswer, Error> {
        let all = self.all_findings(query.parameters).await?;
        let dismissed = self.archive.catalogue().dismissed_findings().await?;
        let of_case = match &query.case_id {
            // A case that may not be seen shows nothing, exactly like one that does not exist.
            Some(id) => Some(self.summary(id).await?.map_or(0, |case| case.case_key)),
            None => None,
        };
        let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
        let mut total = 0;
        let mut page = Vec::new();
        for finding in &all.findings {
            let state = state_of(finding, &dismissed);
            let wanted = query.state.is_none_or(|wanted| wanted == state)
                && query.year.is_none_or(|year| finding.year == Some(year))
                && query
                    .agency
                    .as_deref()
                    .is_none_or(|name| all.agency(finding) == Some(name))
                && of_case.is_none_or(|case| finding.cases.contains(&case))
                && (query.severities.is_empty() || query.severities.contains(&finding.severity));
            if !wanted {
                continue;
            }
            *counts.entry(finding.rule).or_default() += 1;
            if !query.rules.is_empty() && !query.rules.contains(&finding.rule) {
                continue;
            }
            if total >= offset && page.len() < limit as usize {
                page.push(finding);
            }
            total += 1;
        }
        let findings = self.answers(&all, &page, (0, CASES_IN_A_LIST), labels).await?;
        let rules = counts.into_iter().map(|(rule, count)| RuleAnswer {
            rule: rule.code().to_owned(),
            label: in_words(labels, rule.label_zh(), rule.label_en()),
            basis: in_words(labels, rule.basis_zh(), rule.basis_en()),
            count,
        });
        Ok(FindingsAnswer {
            total,
            examined: all.examined,
            sequence: all.sequence,
            rules: rules.collect(),
            findings,
        })
    }

    /// One finding with a part of its cases: `limit` after the first `offset`. `None` when there is none with this
    /// identifier among the cases that may be seen.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn finding(
        &self,
        id: &str,
        parameters: Parameters,
        (offset, limit): (usize, usize),
        labels: Labels,
    ) -> Result<Option<FindingAnswer>, Error> {
        let all = self.all_findings(parameters).await?;
        let Some(finding) = all.findings.iter().find(|finding| finding.id() == id) else {
            return Ok(None);
        };
        let answers = self.answers(&all, &[finding], (offset, limit), labels).await?;
        Ok(answers.into_iter().next())
    }

    /// Says that a finding is a false alarm, or that it is none after all. `None` when there is none with this identifier
    /// among the cases that may be seen.
    ///
    /// # Errors
    /// When the reason is missing or too long; when the catalogue fails.
    pub async fn decide_finding(
        &self,
        id: &str,
        parameters: Parameters,
        dismissed: bool,
        (author, reason): (&str, &str),
    ) -> Result<Option<FindingDecisionAnswer>, Error> {
        let all = self.all_findings(parameters).await?;
        let Some(finding) = all.findings.iter().find(|finding| finding.id() == id) else {
            return Ok(None);
        };
        let new = NewDecision {
            finding_id: id.to_owned(),
            rule: finding.rule.code().to_owned(),
            dismissed,
            state: finding.state(),
            author: author.to_owned(),
            reason: reason.to_owned(),
        };
        let made = self.archive.catalogue().decide_finding(&new).await?;
        Ok(Some(made.into()))
    }

    /// Findings with some of their cases and what was decided on them.
    async fn answers(
        &self,
        all: &Findings,
        findings: &[&Finding],
        (offset, limit): (usize, usize),
        labels: Labels,
    ) -> Result<Vec<FindingAnswer>, Error> {
        let of_page =
            |finding: &&Finding| -> Vec<u64> { finding.cases.iter().skip(offset).take(limit).copied().collect() };
        let keys: Vec<u64> = findings.iter().flat_map(of_page).collect();
        let mut cases: HashMap<u64, ListedCase> = HashMap::new();
        for some in keys.chunks(CASES_AT_A_TIME) {
            for case in self.archive.catalogue().summaries(some).await? {
                // It may have changed since it was looked at.
                if self.sees(&case) {
                    cases.insert(case.case_key, ListedCase::from(case));
                }
            }
        }
        let ids: Vec<String> = findings.iter().map(|finding| finding.id()).collect();
        let mut decisions = self.archive.catalogue().finding_decisions(&ids).await?;
        let answers = findings.iter().zip(ids).map(|(finding, id)| {
            let now = finding.state();
            let decisions: Vec<FindingDecisionAnswer> = decisions
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                .map(|decision| FindingDecisionAnswer {
                    applies: decision.state == now,
                    ..FindingDecisionAnswer::from(decision)
                })
                .collect();
            let last = decisions.last();
            let state = match last.is_some_and(|decision| decision.dismissed && decision.applies) {
                true => FindingState::Dismissed,
                false => FindingState::Open,
            };
            let (rule, severity) = (finding.rule, finding.severity);
            FindingAnswer {
                id,
                rule: rule.code().to_owned(),
                label: in_words(labels, rule.label_zh(), rule.label_en()),
                severity: severity.code().to_owned(),
                severity_label: in_words(labels, severity.label_zh(), severity.label_en()),
                basis: in_words(labels, rule.basis_zh(), rule.basis_en()),
                message: match labels {
                    Labels::Chinese => finding.detail.text_zh(),
                    Labels::English => finding.detail.text_en(),
                },
                agency: all.agency(finding).map(str::to_owned),
                year: finding.year,
                state: state.code().to_owned(),
                case_count: finding.cases.len() as u64,
                cases: of_page(finding)
                    .iter()
                    .filter_map(|key| cases.get(key).cloned())
                    .collect(),
                decisions,
            }
        });
        Ok(answers.collect())
    }
}

fn state_of(finding: &Finding, dismissed: &HashMap<String, String>) -> FindingState {
    let is_dismissed = !dismissed.is_empty() && dismissed.get(&finding.id()) == Some(&finding.state());
    match is_dismissed {
        true => FindingState::Dismissed,
        false => FindingState::Open,
    }
}

pub(super) fn in_words(labels: Labels, chinese: &str, english: &str) -> String {
    match labels {
        Labels::Chinese => chinese.to_owned(),
        Labels::English => english.to_owned(),
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
