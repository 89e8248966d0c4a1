//! How far a check has come.

use super::items::{Flaw, Item};
use super::tally::Tallies;
use super::{Depth, Error, Phase, VerifyOptions};
use crate::catalogue::{Catalogue, VerificationFinding, VerificationRow};

/// Most findings of one item that are kept; all are counted.
const MOST_FINDINGS: u64 = 10_000;

/// How far a check has come, with what was found since it was last kept.
pub(super) struct Progress {
    pub(super) row: VerificationRow,
    pub(super) phase: Phase,
    pub(super) tallies: Tallies,
    findings: Vec<VerificationFinding>,
}

/// Where something that is wrong was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) case_key: Option<u64>,
    pub(super) place: Option<String>,
    pub(super) detail: Option<String>,
}

impl Progress {
    /// Goes on with an interrupted check of this depth, or begins another.
    pub(super) async fn begin(catalogue: &Catalogue, options: &VerifyOptions) -> Result<Self, Error> {
        let last = catalogue.last_verification(false).await?;
        let unfinished = last.filter(|row| row.ended_at.is_none() && row.depth == options.depth.code());
        let row = match unfinished.filter(|_| !options.anew) {
            Some(row) => row,
            None => {
                catalogue
                    .begin_verification(options.depth.code(), Phase::Files.code())
                    .await?
            }
        };
        let tallies = serde_json::from_str(&row.tallies).map_err(Error::Kept)?;
        Ok(Self {
            phase: Phase::parse(&row.phase).unwrap_or(Phase::Files),
            row,
            tallies,
            findings: Vec::new(),
        })
    }

    pub(super) fn depth(&self) -> Depth {
        Depth::parse(&self.row.depth).unwrap_or(Depth::Full)
    }

    /// The last thing of the phase that was looked at.
    pub(super) fn after(&self) -> &str {
        &self.row.after
    }

    /// Counts something that was looked at.
    pub(super) fn checked(&mut self, item: Item) {
        self.tallies.of(item).checked += 1;
    }

    /// Counts and keeps something that failed. It has to be counted as checked besides.
    pub(super) fn failed(&mut self, item: Item, flaw: Flaw, found: Found) {
        let tally = self.tallies.of(item);
        tally.failed += 1;
        let named = tally.failed + tally.doubtful;
        self.name(item, flaw.code(), named, found);
    }

    /// As [`Self::failed`], for what a person has to look at.
    pub(super) fn doubtful(&mut self, item: Item, code: &str, found: Found) {
        let tally = self.tallies.of(item);
        tally.doubtful += 1;
        let named = tally.failed + tally.doubtful;
        self.name(item, code, named, found);
    }

    fn name(&mut self, item: Item, code: &str, named: u64, found: Found) {
        if named > MOST_FINDINGS {
            return;
        }
        self.findings.push(VerificationFinding {
            item: item.code().to_owned(),
            code: code.to_owned(),
            case_key: found.case_key,
            place: found.place,
            detail: found.detail,
        });
    }

    /// Keeps everything so far. `after` is the last thing of the phase that was looked at; `None` when the phase is over.
    pub(super) async fn keep(&mut self, catalogue: &Catalogue, after: Option<String>) -> Result<(), Error> {
        match after {
            Some(after) => self.row.after = after,
            None => {
                let next = Phase::ALL.iter().skip_while(|phase| **phase != self.phase).nth(1);
                self.phase = next.copied().unwrap_or(Phase::System);
                self.row.after = String::new();
            }
        }
        self.write(catalogue).await
    }

    /// Ends the check.
    pub(super) async fn end(&mut self, catalogue: &Catalogue) -> Result<(), Error> {
        self.row.ended_at = Some(jiff::Timestamp::now().to_string());
        self.write(catalogue).await
    }

    async fn write(&mut self, catalogue: &Catalogue) -> Result<(), Error> {
        self.row.phase = self.phase.code().to_owned();
        self.row.tallies = serde_json::to_string(&self.tallies).map_err(Error::Kept)?;
        let findings = std::mem::take(&mut self.findings);
        Ok(catalogue.keep_verification(&self.row, &findings).await?)
    }
}
