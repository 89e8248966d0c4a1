//! What a check says: every item with its verdict, also those that were not run and those that need a person.

use serde::Serialize;
use utoipa::ToSchema;

use super::items::{Flaw, Item, Property, Verdict};
use super::tally::Tallies;
use super::{Depth, Error};
use crate::catalogue::{Catalogue, VerificationFinding, VerificationRow};
use crate::record::closed_list;
use crate::review::ReviewReason;

/// Findings of an item that a report names.
const NAMED: u32 = 1_000;

closed_list! {
    /// What a check says of the whole archive.
    Conclusion {
        /// 没有可检测的内容
        Nothing = "nothing", "没有可检测的内容，视为不通过", "There was nothing to check, which is a failure", [];
        /// 有项目不通过
        Failed = "failed", "有项目不通过", "Some items failed", [];
        /// 检测尚未结束
        Unfinished = "unfinished", "检测尚未结束", "The check has not ended", [];
        /// 自动检测的项目没有不通过的
        NoFailure = "no_failure", "自动检测的项目没有不通过的；未检测和须人工检测的项目不在此列", "No item failed that was run; those that were not run, or need a person, are not judged", [];
    }
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Number of the check.
    pub check: u64,
    /// `full` or `quick`.
    pub depth: String,
    /// When it began (RFC 3339, UTC).
    pub started_at: String,
    /// When it ended; `null` while it is on its way.
    pub ended_at: Option<String>,
    /// Program and version.
    pub program: String,
    /// The archive.
    pub archive_id: String,
    /// What the items follow.
    pub standard: String,
    /// `nothing`, `failed`, `unfinished` or `no_failure`.
    pub conclusion: String,
    /// The same in words.
    pub conclusion_label: String,
    /// The same in English.
    pub conclusion_label_en: String,
    /// Originals that were looked at.
    pub files: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Cases that were looked at.
    pub cases: u64,
    /// Originals that were decoded again since they were taken in.
    pub decoded_again: u64,
    /// Every item, also what was not run.
    pub items: Vec<ItemReport>,
}

/// One item of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemReport {
    /// `authenticity`, `integrity`, `usability` or `security`.
    pub property: String,
    /// The same in words.
    pub property_label: String,
    /// Stable code.
    pub item: String,
    /// What is looked at.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// `passed`, `failed`, `doubtful`, `not_run` or `manual`.
    pub verdict: String,
    /// The same in words.
    pub verdict_label: String,
    /// The same in English.
    pub verdict_label_en: String,
    /// Things that were looked at.
    pub checked: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that a person has to look at.
    pub doubtful: u64,
    /// Those that could not be looked at.
    pub not_looked_at: u64,
    /// Why it was not run, or needs a person.
    pub note: Option<String>,
    /// The same in English.
    pub note_en: Option<String>,
    /// What is wrong, the first thousand.
    pub findings: Vec<FindingReport>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingReport {
    /// Stable code.
    pub code: String,
    /// The same in words.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// 档号 of the case.
    pub archival_code: Option<String>,
    /// The file, below the data directory, or another place.
    pub place: Option<String>,
    /// Figures, codes of fields.
    pub detail: Option<String>,
}

impl Report {
    /// The report of a check that is kept.
    pub(super) async fn of(catalogue: &Catalogue, row: &VerificationRow) -> Result<Self, Error> {
        let tallies: Tallies = serde_json::from_str(&row.tallies).map_err(Error::Kept)?;
        let mut items = Vec::new();
        for property in Property::ALL {
            for item in Item::ALL.iter().filter(|item| item.property() == *property) {
                let kept = catalogue.verification_findings(row.key, item.code(), NAMED).await?;
                let mut findings = Vec::with_capacity(kept.len());
                for finding in kept {
                    findings.push(finding_report(catalogue, finding).await?);
                }
                items.push(item_report(*item, &tallies, findings));
            }
        }
        let failed = items.iter().any(|item| item.verdict == Verdict::Failed.code());
        let conclusion = match row.ended_at.is_some() {
            _ if failed => Conclusion::Failed,
            true if tallies.nothing() => Conclusion::Nothing,
            true => Conclusion::NoFailure,
            false => Conclusion::Unfinished,
        };
        Ok(Self {
            check: row.key,
            depth: Depth::parse(&row.depth).unwrap_or(Depth::Full).code().to_owned(),
            started_at: row.started_at.clone(),
            ended_at: row.ended_at.clone(),
            program: format!("juanzong {}", env!("CARGO_PKG_VERSION")),
            archive_id: catalogue.archive_id().await?,
            standard: "DA/T 70-2018 长期保存环节（按其四性标题组织，不声明符合性）".to_owned(),
            conclusion: conclusion.code().to_owned(),
            conclusion_label: conclusion.label_zh().to_owned(),
            conclusion_label_en: conclusion.label_en().to_owned(),
            files: tallies.files,
            bytes: tallies.bytes,
            cases: tallies.cases,
            decoded_again: tallies.decoded_again,
            items,
        })
    }

    /// Whether something failed, or nothing was looked at.
    pub fn failed(&self) -> bool {
        [Conclusion::Failed, Conclusion::Nothing]
            .iter()
            .any(|conclusion| conclusion.code() == self.conclusion)
    }

    /// How many items have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|item| item.verdict == verdict.code()).count()
    }
}

fn item_report(item: Item, tallies: &Tallies, findings: Vec<FindingReport>) -> ItemReport {
    let verdict = tallies.verdict(item);
    let tally = tallies.items.get(&item).copied().unwrap_or_default();
    let note = match item.needs_person() {
        Some((chinese, english)) => Some((chinese.to_owned(), english.to_owned())),
        None => tallies.notes.get(&item).cloned().or_else(|| {
            let nothing = verdict == Verdict::NotRun && tally.checked == 0;
            nothing.then(|| {
                (
                    "没有可检测的对象。".to_owned(),
                    "there was nothing to look at".to_owned(),
                )
            })
        }),
    };
    let (note, note_en) = note.unzip();
    ItemReport {
        property: item.property().code().to_owned(),
        property_label: item.property().label_zh().to_owned(),
        item: item.code().to_owned(),
        label: item.label_zh().to_owned(),
        label_en: item.label_en().to_owned(),
        verdict: verdict.code().to_owned(),
        verdict_label: verdict.label_zh().to_owned(),
        verdict_label_en: verdict.label_en().to_owned(),
        checked: tally.checked,
        failed: tally.failed,
        doubtful: tally.doubtful,
        not_looked_at: tally.unable,
        note,
        note_en,
        findings,
    }
}

async fn finding_report(catalogue: &Catalogue, finding: VerificationFinding) -> Result<FindingReport, Error> {
    let archival_code = match finding.case_key {
        Some(key) => catalogue.archival_code(key).await?,
        None => None,
    };
    let (label, label_en) = match (ReviewReason::from_code(&finding.code), Flaw::parse(&finding.code)) {
        (_, Some(flaw)) => (flaw.label_zh(), flaw.label_en()),
        (Some(reason), None) => (reason.message_zh(), reason.message_en()),
        (None, None) => ("", ""),
    };
    Ok(FindingReport {
        label: label.to_owned(),
        label_en: label_en.to_owned(),
        code: finding.code,
        archival_code,
        place: finding.place,
        detail: finding.detail,
    })
}
