//! What a check counted so far; kept with its progress, so that one that was killed goes on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::items::{Item, Verdict};
use crate::record::ArchivalCode;

/// Counts of one item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Things that were looked at.
    pub(super) checked: u64,
    /// Those that failed.
    pub(super) failed: u64,
    /// Those that a person has to look at.
    pub(super) doubtful: u64,
    /// Those that could not be looked at.
    pub(super) unable: u64,
}

/// Serial numbers of one series of archival codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Series {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) count: u64,
}

/// Everything that was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tallies {
    pub(super) items: BTreeMap<Item, Tally>,
    /// Why an item was not run, in Chinese and in English.
    pub(super) notes: BTreeMap<Item, (String, String)>,
    pub(super) series: BTreeMap<String, Series>,
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) cases: u64,
    /// Files that were decoded again since they were taken in.
    pub(super) decoded_again: u64,
}

impl Tallies {
    pub(super) fn of(&mut self, item: Item) -> &mut Tally {
        self.items.entry(item).or_default()
    }

    /// Says why an item, or a part of it, was not run.
    pub(super) fn note(&mut self, item: Item, chinese: &str, english: &str) {
        self.notes.insert(item, (chinese.to_owned(), english.to_owned()));
    }

    /// Whether there was nothing to look at.
    pub(super) fn nothing(&self) -> bool {
        self.files == 0 && self.cases == 0
    }

    /// What came of an item: never passed when nothing was looked at.
    pub(super) fn verdict(&self, item: Item) -> Verdict {
        if item.needs_person().is_some() {
            return Verdict::Manual;
        }
        let tally = self.items.get(&item).copied().unwrap_or_default();
        match tally {
            Tally { failed: 1.., .. } => Verdict::Failed,
            Tally { checked: 0, .. } | Tally { unable: 1.., .. } => Verdict::NotRun,
            Tally { doubtful: 1.., .. } => Verdict::Doubtful,
            _ => Verdict::Passed,
        }
    }

    /// Adds an archival code to its series: what stands before its last digits.
    pub(super) fn number(&mut self, code: &ArchivalCode) {
        let text = code.as_str();
        let head = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let Some(Ok(serial)) = text.strip_prefix(head).map(str::parse::<u64>) else {
            return;
        };
        let series = self.series.entry(head.to_owned()).or_insert(Series {
            first: serial,
            last: serial,
            count: 0,
        });
        series.first = series.first.min(serial);
        series.last = series.last.max(serial);
        series.count += 1;
    }
}

impl Series {
    /// How many numbers are missing between the first and the last.
    pub(super) fn missing(&self) -> u64 {
        (self.last - self.first + 1).saturating_sub(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looked_at_is_never_passed() {
        let mut tallies = Tallies::default();
        for item in Item::ALL {
            assert_ne!(tallies.verdict(*item), Verdict::Passed, "{item:?}");
        }
        assert!(tallies.nothing());
        let tally = tallies.of(Item::OriginalHash);
        tally.checked = 5;
        assert_eq!(tallies.verdict(Item::OriginalHash), Verdict::Passed);
        tallies.of(Item::OriginalHash).unable = 1;
        assert_eq!(tallies.verdict(Item::OriginalHash), Verdict::NotRun);
        tallies.of(Item::OriginalHash).failed = 1;
        assert_eq!(tallies.verdict(Item::OriginalHash), Verdict::Failed);
        tallies.of(Item::Media).checked = 1;
        assert_eq!(tallies.verdict(Item::Media), Verdict::Manual);
    }

    #[test]
    fn gaps_are_counted_in_whatever_order_the_codes_come() {
        let mut tallies = Tallies::default();
        for code in ["A-2019-10", "A-2019-2", "A-2019-3", "A-2020-7", "无号"] {
            tallies.number(&ArchivalCode::parse(code).unwrap());
        }
        let missing: Vec<_> = tallies
            .series
            .iter()
            .map(|(head, series)| (head.as_str(), series.missing()))
            .collect();
        assert_eq!(missing, [("A-2019-", 6), ("A-2020-", 0)]);
    }
}
