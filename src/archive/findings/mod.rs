//! Findings as they are answered: those of the cases that may be seen, a page at a time.
//!
//! They are made anew when the catalogue, the viewer's filter, the tables or the parameters differ from those of what is kept;
//! whoever asks while they are made waits for the same.

mod answer;
mod numbers;
mod query;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{Labels, View};
use crate::analytics::findings::{Error, Examination, Finding, Findings, Parameters, Reference, Rule};
use crate::bounded::BoundedMap;
use crate::catalogue::NewDecision;

pub use answer::{FindingAnswer, FindingDecisionAnswer, FindingsAnswer, ListedCase, RuleAnswer};
pub use numbers::{DuplicateNumber, MissingNumbers, NumbersAnswer};
pub use query::{FindingsQuery, take_once};

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

/// Findings that were asked for, and how they are told.
pub struct SelectedFindings {
    all: Arc<Findings>,
    /// Places of the chosen ones.
    chosen: Vec<usize>,
    labels: Labels,
    /// How many there are by each rule, whatever rules were asked for.
    pub rules: Vec<RuleAnswer>,
}

impl SelectedFindings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Cases that were looked at: all that may be seen.
    pub fn examined(&self) -> u64 {
        self.all.examined
    }

    /// State of the catalogue from which they were made.
    pub fn sequence(&self) -> u64 {
        self.all.sequence
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

    /// The findings that are asked for, from one state of the archive.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn select_findings(&self, query: &FindingsQuery, labels: Labels) -> Result<SelectedFindings, Error> {
        let all = self.all_findings(query.parameters).await?;
        let dismissed = self.archive.catalogue().dismissed_findings().await?;
        let of_case = match &query.case_id {
            // A case that may not be seen shows nothing, exactly like one that does not exist.
            Some(id) => Some(self.summary(id).await?.map_or(0, |case| case.case_key)),
            None => None,
        };
        let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
        let mut chosen = Vec::new();
        for (at, finding) in all.findings.iter().enumerate() {
            let in_years = |(from, to)| finding.year.is_some_and(|year| (from..=to).contains(&year));
            let of_agency = |name: &str| query.agencies.iter().any(|wanted| wanted == name);
            let wanted = query.state.is_none_or(|wanted| wanted == state_of(finding, &dismissed))
                && query.years.is_none_or(in_years)
                && (query.agencies.is_empty() || all.agency(finding).is_some_and(of_agency))
                && of_case.is_none_or(|case| finding.cases.contains(&case))
                && (query.severities.is_empty() || query.severities.contains(&finding.severity));
            if !wanted {
                continue;
            }
            *counts.entry(finding.rule).or_default() += 1;
            if query.rules.is_empty() || query.rules.contains(&finding.rule) {
                chosen.push(at);
            }
        }
        let rules = counts.into_iter().map(|(rule, count)| RuleAnswer {
            rule: rule.code().to_owned(),
            label: in_words(labels, rule.label_zh(), rule.label_en()),
            basis: in_words(labels, rule.basis_zh(), rule.basis_en()),
            count,
        });
        Ok(SelectedFindings {
            rules: rules.collect(),
            all,
            chosen,
            labels,
        })
    }

    /// Some of the selected findings, each with its first `cases` cases.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn finding_answers(
        &self,
        selected: &SelectedFindings,
        range: Range<usize>,
        cases: usize,
    ) -> Result<Vec<FindingAnswer>, Error> {
        let chosen = selected
            .chosen
            .get(range.start.min(selected.len())..range.end.min(selected.len()));
        let chosen = chosen.unwrap_or_default().iter();
        let page: Vec<&Finding> = chosen.filter_map(|at| selected.all.findings.get(*at)).collect();
        self.answers(&selected.all, &page, (0, cases), selected.labels).await
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
        let selected = self.select_findings(query, labels).await?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let range = offset..offset.saturating_add(limit as usize);
        let findings = self.finding_answers(&selected, range, CASES_IN_A_LIST).await?;
        Ok(FindingsAnswer {
            total: selected.len() as u64,
            examined: selected.examined(),
            sequence: selected.sequence(),
            rules: selected.rules,
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
        let mut keys: Vec<u64> = findings.iter().flat_map(of_page).collect();
        keys.extend(findings.iter().flat_map(|finding| numbers::keys(finding)));
        keys.sort_unstable();
        keys.dedup();
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
        let analyser = self.archive.index().wanted_analyser();
        let regions = &analyser.dictionaries().regions;
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
                numbers: NumbersAnswer::of(finding, &cases, regions),
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
