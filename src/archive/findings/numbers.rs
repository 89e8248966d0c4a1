//! The series of numbers that a finding is about, as it can be drawn.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ListedCase;
use crate::analysis::dictionary::Regions;
use crate::analytics::findings::{Detail, Finding, JUMP};
use crate::record::RegionCode;

/// Runs of missing numbers that are told of a series.
const RUNS: usize = 500;
/// Numbers given twice that are told of a series.
const DUPLICATES: usize = 100;
/// Cases that are told of each of them.
const CASES: usize = 10;

/// A series of numbers: what of it is used, what is missing, what was given twice. Only series of which every case may be
/// seen are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct NumbersAnswer {
    /// Of what: `document_number` (文号) or `archival_code` (档号).
    pub kind: String,
    /// 审批机关
    pub agency: Option<String>,
    /// 年度
    pub year: Option<u32>,
    /// What stands before the number: 机关代字 with year, or the archival code without its last part.
    pub prefix: String,
    /// Name of the region, or agency, in which document numbers are given.
    pub place: Option<String>,
    /// The lowest number that is there.
    pub first: u32,
    /// The highest number that is there.
    pub last: u32,
    /// How many numbers are there, each counted once.
    pub present: u32,
    /// How many numbers are missing.
    pub missing_count: u64,
    /// The runs of missing numbers, ascending; at most 500.
    pub missing: Vec<MissingNumbers>,
    /// The numbers of several cases, ascending; at most 100.
    pub duplicates: Vec<DuplicateNumber>,
    /// Runs and duplicates that are not told.
    pub left_out: u64,
    /// First number that this finding is about; `null` when it is about the series.
    pub from: Option<u32>,
    /// Last number that this finding is about.
    pub to: Option<u32>,
}

/// Missing numbers, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MissingNumbers {
    /// The first.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// Whether they are so many that it is a jump (跳号) and no gap (断号).
    pub jump: bool,
}

/// A number of several cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DuplicateNumber {
    /// The number.
    pub number: u32,
    /// How many cases have it.
    pub case_count: u64,
    /// The first ten of them.
    pub cases: Vec<ListedCase>,
}

/// Keys of the cases that are told besides those that show a finding.
pub(super) fn keys(finding: &Finding) -> impl Iterator<Item = u64> + '_ {
    let series = finding.detail.series().into_iter();
    let duplicates = series.flat_map(|series| series.duplicates.iter().take(DUPLICATES));
    duplicates.flat_map(|(_, cases)| cases.iter().take(CASES).copied())
}

impl NumbersAnswer {
    /// That of a finding, if it is about a series; `cases` holds those that may be seen.
    pub(super) fn of(finding: &Finding, cases: &HashMap<u64, ListedCase>, regions: &Regions) -> Option<Self> {
        let series = finding.detail.series()?;
        let (from, to) = match &finding.detail {
            Detail::Numbers { from, to, .. } => (Some(*from), Some(*to)),
            _ => (None, None),
        };
        let place = series.place.as_deref().map(|place| {
            let region = RegionCode::parse(place).and_then(|code| regions.full_name(&code));
            region.unwrap_or_else(|| place.to_owned())
        });
        let length = |(from, to): &(u32, u32)| to - from + 1;
        let missing = series.missing.iter().take(RUNS).map(|run| MissingNumbers {
            from: run.0,
            to: run.1,
            jump: length(run) >= JUMP,
        });
        let duplicates = series
            .duplicates
            .iter()
            .take(DUPLICATES)
            .map(|(number, of)| DuplicateNumber {
                number: *number,
                case_count: of.len() as u64,
                cases: of
                    .iter()
                    .take(CASES)
                    .filter_map(|key| cases.get(key).cloned())
                    .collect(),
            });
        let beyond = series.missing.len().saturating_sub(RUNS) + series.duplicates.len().saturating_sub(DUPLICATES);
        Some(Self {
            kind: series.kind.code().to_owned(),
            agency: series.agency.as_deref().map(str::to_owned),
            year: series.year,
            prefix: series.prefix.to_string(),
            place,
            first: series.first,
            last: series.last,
            present: series.present,
            missing_count: series.missing.iter().map(|run| u64::from(length(run))).sum(),
            missing: missing.collect(),
            duplicates: duplicates.collect(),
            left_out: beyond as u64,
            from,
            to,
        })
    }
}
