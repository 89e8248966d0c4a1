//! The catalogue gives search the titles and texts of the cases on a result page.

use std::collections::HashMap;
use std::sync::Arc;

use super::shown_pages::ShownSpan;
use super::view::{SeenTexts, is_seen};
use crate::access::PersonalData;
use crate::catalogue::{self, CaseSummary as Case, TextOfPage, TextsOfCase};
use crate::search::{CaseNames, CasePage, CaseState, CaseSummary, CaseTexts, NameTexts};

impl CaseTexts for SeenTexts<'_> {
    type Error = catalogue::Error;

    /// A case that was withdrawn, or may not be seen any more, after the last commit of the index is left out too.
    async fn summaries(&self, case_keys: &[u64]) -> catalogue::Result<Vec<CaseSummary>> {
        let cases = self.catalogue.summaries(case_keys).await?;
        let seen = cases.into_iter().filter(|case| is_seen(case, self.visible));
        let seen: Vec<Case> = seen.collect();
        let keys: Vec<u64> = seen.iter().map(|case| case.case_key).collect();
        let with_images = self.catalogue.with_images(&keys).await?;
        let summary = |case: Case| {
            let has_images = with_images.contains(&case.case_key);
            summary(case, has_images)
        };
        Ok(seen.into_iter().map(summary).collect())
    }

    async fn pages(&self, cases: &[CaseState], offset: usize, limit: usize) -> catalogue::Result<Vec<Arc<[CasePage]>>> {
        let span = |case: &CaseState| ShownSpan {
            case: *case,
            offset,
            limit,
        };
        let mut pages: HashMap<CaseState, Arc<[CasePage]>> = HashMap::new();
        pages.extend(
            cases
                .iter()
                .filter_map(|case| Some((*case, self.shown.get(&span(case))?))),
        );
        let missing: Vec<CaseState> = cases.iter().copied().filter(|case| !pages.contains_key(case)).collect();
        if !missing.is_empty() {
            let keys: Vec<u64> = missing.iter().map(|case| case.case_key).collect();
            let read = self.catalogue.texts_of_cases(&keys, offset, limit).await?;
            for (case, texts) in missing.iter().zip(read) {
                let shown = shown(&texts);
                self.shown.put(span(case), &shown);
                pages.insert(*case, shown);
            }
        }
        Ok(cases
            .iter()
            .map(|case| pages.get(case).cloned().unwrap_or_default())
            .collect())
    }
}

/// Pages with the personal data in them masked.
fn shown(texts: &TextsOfCase) -> Arc<[CasePage]> {
    let personal = PersonalData::of(&texts.facts);
    let page = |page: &TextOfPage| {
        let text = personal.masked(&page.text.text());
        CasePage::new(page.address.document, page.address.page, page.kind, text)
    };
    texts.pages.iter().map(page).collect()
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

fn summary(case: Case, has_images: bool) -> CaseSummary {
    let fields = case.fields;
    let masked = |text: Option<String>| text.map(|text| PersonalData::default().masked(&text));
    CaseSummary {
        case_key: case.case_key,
        sequence: case.sequence,
        case_id: case.case_id,
        archival_code: case.archival_code.to_string(),
        title: masked(fields.title),
        document_number: fields.document_number,
        matter: fields.matter,
        agency: fields.agency,
        outcome: fields.outcome,
        decided_on: fields.decided_on,
        applicant: masked(fields.applicant_name),
        has_images,
    }
}
