//! The catalogue gives search the titles and texts of the cases on a result page.

use super::view::{SeenTexts, is_seen, personal_data};
use crate::access::PersonalData;
use crate::catalogue::{self, CaseSummary as Case, PageAddress};
use crate::record::{DocumentKind, PageText};
use crate::search::{CaseNames, CasePage, CaseSummary, CaseTexts, NameTexts};

impl CaseTexts for SeenTexts<'_> {
    type Error = catalogue::Error;

    /// A case that was withdrawn, or may not be seen any more, after the last commit of the index is left out too.
    async fn summaries(&self, case_keys: &[u64]) -> catalogue::Result<Vec<CaseSummary>> {
        let cases = self.catalogue.summaries(case_keys).await?;
        let seen = cases.into_iter().filter(|case| is_seen(case, self.visible));
        Ok(seen.map(summary).collect())
    }

    async fn pages(&self, case_key: u64, offset: usize, limit: usize) -> catalogue::Result<Vec<CasePage>> {
        let pages = self.catalogue.page_texts(case_key, offset, limit).await?;
        let personal = personal_data(self.catalogue, case_key).await?;
        let page = |(address, kind, text): (PageAddress, DocumentKind, PageText)| CasePage {
            document: address.document,
            page: address.page,
            kind,
            text: personal.masked(&text.text()),
        };
        Ok(pages.into_iter().map(page).collect())
    }
}

impl NameTexts for SeenTexts<'_> {
    type Error = catalogue::Error;

    async fn names(&self, case_keys: &[u64]) -> catalogue::Result<Vec<CaseNames>> {
        let cases = self.catalogue.summaries(case_keys).await?;
        let names = |case: Case| {
            let masked = |text: Option<String>| text.map(|text| PersonalData::default().masked(&text));
            CaseNames {
                case_key: case.case_key,
                archival_code: case.archival_code.to_string(),
                document_number: case.fields.document_number,
                acceptance_number: case.fields.acceptance_number,
                applicant: masked(case.fields.applicant_name),
            }
        };
        let seen = cases.into_iter().filter(|case| is_seen(case, self.visible));
        Ok(seen.map(names).collect())
    }
}

fn summary(case: Case) -> CaseSummary {
    let fields = case.fields;
    let masked = |text: Option<String>| text.map(|text| PersonalData::default().masked(&text));
    CaseSummary {
        case_key: case.case_key,
        case_id: case.case_id,
        archival_code: case.archival_code.to_string(),
        title: masked(fields.title),
        document_number: fields.document_number,
        matter: fields.matter,
        agency: fields.agency,
        outcome: fields.outcome,
        decided_on: fields.decided_on,
        applicant: masked(fields.applicant_name),
    }
}
