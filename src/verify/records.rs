//! Cases: fields, documents and pages as the catalogue has them, and what the review queue doubts about them.

use super::items::{Flaw, Item};
use super::progress::Found;
use super::{Check, Depth, Error};
use crate::access::VisibleCases;
use crate::catalogue::{self, CaseSummary, Kind, ReviewFilter};
use crate::record::ArchivalCode;
use crate::review::ReviewReason;

/// Cases after which progress is kept.
const AT_A_TIME: u32 = 100;
/// Doubts of one case that are looked at.
const DOUBTS: u32 = 500;

/// Items that the review queue tells of.
const REVIEWED: [Item; 5] = [
    Item::MetadataAccuracy,
    Item::MetadataContent,
    Item::MetadataComplete,
    Item::ContentsList,
    Item::RequiredDocuments,
];

/// The item that a doubt belongs to; `None` for doubts about the reading, which is not what was put into the archive.
fn item_of(reason: ReviewReason) -> Option<Item> {
    match reason {
        ReviewReason::CheckDigit | ReviewReason::UnreadableField => Some(Item::MetadataAccuracy),
        ReviewReason::Conflict => Some(Item::MetadataContent),
        ReviewReason::MissingField => Some(Item::MetadataComplete),
        ReviewReason::ContentsMissing
        | ReviewReason::ContentsPages
        | ReviewReason::ContentsUndeclared
        | ReviewReason::ContentsUnread => Some(Item::ContentsList),
        ReviewReason::MissingStage => Some(Item::RequiredDocuments),
        ReviewReason::LittleText => Some(Item::Text),
        // Told by the files themselves, or doubts about the reading only.
        _ => None,
    }
}

impl Check<'_> {
    /// Looks at the next cases; the code of the last of them, `None` when there are no more.
    pub(super) async fn some_cases(&mut self) -> Result<Option<String>, Error> {
        let after = ArchivalCode::parse(self.progress.after());
        let cases = self.subject.catalogue.cases_after(after.as_ref(), AT_A_TIME).await?;
        for (case_key, code) in &cases {
            self.progress.tallies.cases += 1;
            self.progress.tallies.number(code);
            match self.case(*case_key).await {
                Ok(()) => {}
                Err(Error::Catalogue(error)) if error.kind() == Kind::Corrupt => {
                    self.progress.checked(Item::MetadataReadable);
                    let found = Found {
                        case_key: Some(*case_key),
                        ..Found::default()
                    };
                    self.progress.failed(Item::MetadataReadable, Flaw::Unreadable, found);
                }
                Err(error) => return Err(error),
            }
        }
        if cases.is_empty() {
            self.gaps();
        }
        Ok(cases.last().map(|(_, code)| code.to_string()))
    }

    async fn case(&mut self, case_key: u64) -> Result<(), Error> {
        let catalogue = self.subject.catalogue;
        let summaries = catalogue.summaries(&[case_key]).await?;
        let Some(case) = summaries.into_iter().next() else {
            return Ok(());
        };
        self.documents(&case).await?;
        self.in_index(&case);
        if !case.withdrawn && self.progress.depth() == Depth::Full {
            self.doubts(&case).await?;
        }
        Ok(())
    }

    /// Whether the index holds a case that may be found, and none that was withdrawn. What changed after the index was looked at is
    /// left to the next check.
    fn in_index(&mut self, case: &CaseSummary) {
        let (Some(indexed), Some((sequence, _))) = (&self.options.indexed, self.options.index) else {
            return;
        };
        if case.sequence > sequence {
            return;
        }
        let is_there = indexed.binary_search(&case.case_key).is_ok();
        self.progress.checked(Item::IndexAgrees);
        let flaw = match (is_there, case.withdrawn) {
            (false, false) => Flaw::NotIndexed,
            (true, true) => Flaw::StillIndexed,
            (true, false) | (false, true) => return,
        };
        let found = Found {
            case_key: Some(case.case_key),
            ..Found::default()
        };
        self.progress.failed(Item::IndexAgrees, flaw, found);
    }

    /// Whether every document is a file that is registered, and pages that this has.
    async fn documents(&mut self, case: &CaseSummary) -> Result<(), catalogue::Error> {
        for document in self.subject.catalogue.documents(case.case_key).await? {
            let (Some(sha256), None) = (&document.file_sha256, &document.failure) else {
                continue;
            };
            self.progress.checked(Item::MetadataLinked);
            let state = self.subject.catalogue.file_state(sha256).await?;
            let last = document
                .first_page
                .saturating_add(document.page_count)
                .saturating_sub(1);
            let linked = state.is_some_and(|state| {
                document.page_count > 0
                    && (document.first_page..=last).all(|page| state.pages_done.binary_search(&page).is_ok())
            });
            if !linked {
                let found = Found {
                    case_key: Some(case.case_key),
                    place: Some(format!("document {}", document.ordinal)),
                    detail: Some(format!("pages {}-{last}", document.first_page)),
                };
                self.progress.failed(Item::MetadataLinked, Flaw::Unlinked, found);
            }
        }
        Ok(())
    }

    async fn doubts(&mut self, case: &CaseSummary) -> Result<(), catalogue::Error> {
        for item in REVIEWED {
            self.progress.checked(item);
        }
        let filter = ReviewFilter {
            case_key: Some(case.case_key),
            ..ReviewFilter::default()
        };
        let (_, doubts) = self
            .subject
            .catalogue
            .reviews(&filter, &VisibleCases::all(), 0, DOUBTS)
            .await?;
        for doubt in doubts {
            if let Some(item) = item_of(doubt.reason) {
                let found = Found {
                    case_key: Some(case.case_key),
                    place: None,
                    detail: doubt.field.map(|field| field.code().to_owned()),
                };
                self.progress.doubtful(item, doubt.reason.code(), found);
            }
        }
        Ok(())
    }

    /// Numbers that are missing between the first and the last of a series: each series is one thing that was looked at.
    fn gaps(&mut self) {
        let series = self.progress.tallies.series.clone();
        for (head, series) in series {
            self.progress.checked(Item::Numbering);
            if series.missing() > 0 {
                let found = Found {
                    case_key: None,
                    place: Some(format!("{head}{}…{}", series.first, series.last)),
                    detail: Some(series.missing().to_string()),
                };
                self.progress.doubtful(Item::Numbering, Flaw::Gap.code(), found);
            }
        }
    }
}
