//! The archive as a citizen sees it: the own cases, of each the papers that were sent by or to the applicant, and in these
//! nothing of others. There is no search, and no other way to a case than by the own number.

mod answers;
mod words;

use std::ops::Range;

use crate::access::{Citizen, Own, ThirdParties};
use crate::catalogue::{self, CaseSummary, DocumentSummary};
use crate::record::{CaseRecord, DocumentKind, Fact, FieldName, OwnerKind, PageText, PixelBox};

use super::{Archive, Labels, ShownPage};

pub use answers::{OwnCaseAnswer, OwnCasesAnswer, OwnDocument, OwnStage, OwnSummary};

/// The archive with the cases of one citizen.
#[derive(Clone)]
pub struct CitizenView {
    archive: Archive,
    citizen: Citizen,
}

/// One own case, with what may be seen of it.
pub struct OwnCase {
    /// The case.
    pub case: CaseSummary,
    /// The papers that the applicant may see, in their order.
    pub documents: Vec<DocumentSummary>,
    /// What is hidden in them.
    pub others: ThirdParties,
}

impl Archive {
    /// The archive as a citizen sees it.
    pub fn citizen_view(&self, citizen: &Citizen) -> CitizenView {
        CitizenView {
            archive: self.clone(),
            citizen: citizen.clone(),
        }
    }
}

impl CitizenView {
    /// The own cases, the newest first: page `page` from 1, of `size` cases.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn cases(&self, page: u32, size: u32, labels: Labels) -> catalogue::Result<OwnCasesAnswer> {
        let catalogue = self.archive.catalogue();
        let from = u64::from(page.saturating_sub(1)) * u64::from(size);
        let (total, found) = catalogue.cases_of_owner(&self.citizen.number, (from, size)).await?;
        let mut cases = Vec::with_capacity(found.len());
        for case in found {
            let documents = self.documents(&case).await?;
            cases.push(OwnSummary::new(&case, &documents, labels));
        }
        Ok(OwnCasesAnswer {
            total,
            page,
            size,
            cases,
        })
    }

    /// An own case; `None` for one of somebody else as for one that does not exist.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn case(&self, case_id: &str) -> catalogue::Result<Option<OwnCase>> {
        let catalogue = self.archive.catalogue();
        let Some(case) = catalogue.case_of_owner(&self.citizen.number, case_id).await? else {
            return Ok(None);
        };
        let documents = self.documents(&case).await?;
        // All papers are read, also those that are not shown: they name others, too.
        let Some(record) = catalogue.load_case(case.case_key).await? else {
            return Ok(None);
        };
        let others = self.others(&record, &documents);
        Ok(Some(OwnCase {
            case,
            documents,
            others,
        }))
    }

    /// A page of an own case; `None` when it is not of a paper that the applicant may see.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn page(&self, case_id: &str, document: u32, page: u32) -> catalogue::Result<Option<ShownPage>> {
        let Some(own) = self.case(case_id).await? else {
            return Ok(None);
        };
        let holds = |d: &DocumentSummary| d.ordinal == document && pages_of(d).contains(&page);
        if !own.documents.iter().any(holds) {
            return Ok(None);
        }
        let catalogue = self.archive.catalogue();
        let Some(mut shown) = catalogue.corrected_page(own.case.case_key, document, page).await? else {
            return Ok(None);
        };
        let masked = own.others.data.mask_page(std::mem::take(&mut shown.page.text));
        let mut hidden = masked.areas;
        hidden.extend(own.others.areas(&shown.address.content_id, page));
        if shown.page.failure.is_some() {
            // Nobody knows what stands on a page that could not be read.
            hidden.push(PixelBox::from([0, 0, u32::MAX, u32::MAX]));
        }
        shown.page.text = masked.text;
        // Who corrected what is no business of the applicant's.
        shown.as_read = Default::default();
        shown.edits.clear();
        Ok(Some(ShownPage { page: shown, hidden }))
    }

    /// The public identifiers of all own cases.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn case_ids(&self) -> catalogue::Result<Vec<String>> {
        self.archive.catalogue().case_ids_of_owner(&self.citizen.number).await
    }

    async fn documents(&self, case: &CaseSummary) -> catalogue::Result<Vec<DocumentSummary>> {
        let catalogue = self.archive.catalogue();
        let documents = catalogue.documents(case.case_key).await?;
        let facts = catalogue.facts(case.case_key).await?.unwrap_or_default();
        Ok(documents.into_iter().filter(|d| is_shown(d, &facts)).collect())
    }

    fn others(&self, record: &CaseRecord, documents: &[DocumentSummary]) -> ThirdParties {
        let number = &self.citizen.number;
        let names = record.fields.applicant_name.iter().map(String::as_str);
        let written = documents.iter().filter(|d| d.kind == DocumentKind::Application);
        let written = written.filter_map(|d| Some((d.content_id.clone()?, pages_of(d))));
        let written = written.collect();
        let own = Own {
            names: names.chain([self.citizen.name.as_str()]).map(str::to_owned).collect(),
            numbers: number.forms(),
            organisation: number.kind() == OwnerKind::Organisation,
            papers: written,
        };
        let pages = record.documents.iter().flat_map(|document| &document.pages);
        let pages: Vec<&PageText> = pages.map(|page| &page.text).collect();
        let analyser = self.archive.index().analyser();
        ThirdParties::of(&own, &record.facts, &pages, &|letters| analyser.is_word(letters))
    }
}

/// The numbers of its pages in its file.
fn pages_of(document: &DocumentSummary) -> Range<u32> {
    document.first_page..document.first_page.saturating_add(document.page_count)
}

/// Whether a paper was sent by the applicant or to the applicant. Everything else is the agency's own.
fn is_for_applicant(kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::Application
        | DocumentKind::AcceptanceNotice
        | DocumentKind::SupplementNotice
        | DocumentKind::Decision
        | DocumentKind::Licence
        | DocumentKind::ServiceReceipt => true,
        DocumentKind::Inspection
        | DocumentKind::Hearing
        | DocumentKind::Review
        | DocumentKind::Contents
        | DocumentKind::Other => false,
    }
}

/// Whether a paper is shown: by its kind, and when no title inside it says that another paper is bound with it.
fn is_shown(document: &DocumentSummary, facts: &[Fact]) -> bool {
    let inside = |fact: &&Fact| {
        fact.evidence.as_ref().is_some_and(|evidence| {
            document.content_id.as_deref() == Some(evidence.file_sha256.as_str())
                && pages_of(document).contains(&evidence.page)
        })
    };
    let other_paper = |fact: &Fact| match fact.field {
        FieldName::BoundTitle | FieldName::FurtherCase | FieldName::UnreadContents => true,
        FieldName::WrittenKind => !DocumentKind::parse(&fact.value).is_some_and(is_for_applicant),
        _ => false,
    };
    is_for_applicant(document.kind) && !facts.iter().filter(inside).any(other_paper)
}
