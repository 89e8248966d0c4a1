//! The catalogue gives search the titles and texts of the cases on a result page.

use crate::catalogue::{self, Catalogue};
use crate::search::{CaseNames, CasePage, CaseSummary, CaseTexts, NameTexts};

impl CaseTexts for Catalogue {
    type Error = catalogue::Error;

    /// A case that was withdrawn after the last commit of the index is left out too.
    async fn summaries(&self, case_keys: &[u64]) -> catalogue::Result<Vec<CaseSummary>> {
        let cases = self.summaries(case_keys).await?;
        let shown = cases.into_iter().filter(|case| !case.withdrawn);
        Ok(shown.map(summary).collect())
    }

    async fn pages(&self, case_key: u64, offset: usize, limit: usize) -> catalogue::Result<Vec<CasePage>> {
        let pages = self.page_texts(case_key, offset, limit).await?;
        let page = |(address, text): (catalogue::PageAddress, crate::record::PageText)| CasePage {
            document: address.document,
            page: address.page,
            text: text.text(),
        };
        Ok(pages.into_iter().map(page).collect())
    }
}

impl NameTexts for Catalogue {
    type Error = catalogue::Error;

    async fn names(&self, case_keys: &[u64]) -> catalogue::Result<Vec<CaseNames>> {
        let cases = self.summaries(case_keys).await?;
        let names = |case: catalogue::CaseSummary| CaseNames {
            case_key: case.case_key,
            archival_code: case.archival_code.to_string(),
            document_number: case.fields.document_number,
            acceptance_number: case.fields.acceptance_number,
            applicant: case.fields.applicant_name,
        };
        Ok(cases.into_iter().filter(|case| !case.withdrawn).map(names).collect())
    }
}

fn summary(case: catalogue::CaseSummary) -> CaseSummary {
    let fields = case.fields;
    CaseSummary {
        case_key: case.case_key,
        case_id: case.case_id,
        archival_code: case.archival_code.to_string(),
        title: fields.title,
        document_number: fields.document_number,
        matter: fields.matter,
        agency: fields.agency,
        outcome: fields.outcome,
        decided_on: fields.decided_on,
        applicant: fields.applicant_name,
    }
}
