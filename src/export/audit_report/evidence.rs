//! The pages that show what was found: small, masked, with the place marked that the finding rests on.

use crate::analytics::findings::Rule;
use crate::archive::{ListedCase, View};
use crate::catalogue::{PageAddress, Rendition};
use crate::export::Error;
use crate::page_image::{self, Drawing};
use crate::record::{DocumentKind, FieldName, PixelBox};

/// Width of a picture in pixels.
const WIDTH: u32 = 260;

/// A page to be pictured.
pub(super) struct Pictured {
    pub(super) case_id: String,
    pub(super) archival_code: String,
    pub(super) document: u32,
    pub(super) page: u32,
    content_id: String,
    mark: Option<PixelBox>,
}

/// The field that findings by a rule rest on, whose place on paper is shown.
fn field_of(rule: Rule) -> Option<FieldName> {
    match rule {
        Rule::NumberGap | Rule::NumberJump | Rule::NumberDuplicate | Rule::NumberSeries => {
            Some(FieldName::DocumentNumber)
        }
        Rule::DecisionBeforeAcceptance | Rule::DatesOutOfOrder | Rule::DecisionOnDayOff | Rule::OverTime => {
            Some(FieldName::DecidedOn)
        }
        Rule::OutcomeContradiction | Rule::RefusedThenGranted | Rule::RefusalRateOutlier => Some(FieldName::Outcome),
        Rule::ApplicantSeveralNumbers | Rule::NumberSeveralNames => Some(FieldName::ApplicantName),
        Rule::InvalidNumber => Some(FieldName::ApplicantIdNumber),
        Rule::LicenceUsedAfterExpiry | Rule::RenewalAfterExpiry => Some(FieldName::ValidUntil),
        Rule::MissingStage
        | Rule::MissingDocument
        | Rule::IdenticalScan
        | Rule::SimilarScan
        | Rule::RetentionTooShort
        | Rule::DurationOutlier => None,
    }
}

/// The page of a case that shows a finding: where the fact stands that it rests on, else the first page of the decision, else
/// the first page. `None` when the case has no page with an image, or may not be seen any more.
pub(super) async fn page_of(view: &View, rule: &str, case: &ListedCase) -> Result<Option<Pictured>, Error> {
    let Some(summary) = view.summary(&case.case_id).await? else {
        return Ok(None);
    };
    let catalogue = view.archive().catalogue();
    let addresses = catalogue.page_addresses(summary.case_key).await?;
    let has_image = |address: &PageAddress| {
        let directory = view.archive().directory();
        directory.has_page_image(&address.content_id, address.page, Rendition::Reading)
    };
    let mut best: Option<(PageAddress, Option<PixelBox>)> = None;
    if let Some(field) = Rule::from_code(rule).and_then(field_of) {
        let facts = catalogue.facts(summary.case_key).await?.unwrap_or_default();
        let mut evidence = facts
            .iter()
            .filter(|fact| fact.field == field)
            .filter_map(|fact| fact.evidence.as_ref());
        best = evidence.find_map(|evidence| {
            let at = addresses
                .iter()
                .find(|page| page.content_id == evidence.file_sha256 && page.page == evidence.page)?;
            Some((at.clone(), evidence.area))
        });
    }
    if best.is_none() {
        let documents = catalogue.documents(summary.case_key).await?;
        let decision = documents
            .iter()
            .find(|document| document.kind == DocumentKind::Decision);
        let of_decision = addresses
            .iter()
            .find(|page| decision.is_some_and(|document| document.ordinal == page.document));
        best = of_decision.or(addresses.first()).map(|page| (page.clone(), None));
    }
    let Some((address, mark)) = best else { return Ok(None) };
    if !has_image(&address)? {
        return Ok(None);
    }
    Ok(Some(Pictured {
        case_id: case.case_id.clone(),
        archival_code: case.archival_code.clone(),
        document: address.document,
        page: address.page,
        content_id: address.content_id,
        mark,
    }))
}

impl Pictured {
    /// The picture as JPEG, personal data blackened; `None` when it cannot be made.
    pub(super) async fn jpeg(&self, view: &View) -> Result<Option<Vec<u8>>, Error> {
        let Some(shown) = view.page(&self.case_id, self.document, self.page).await? else {
            return Ok(None);
        };
        let directory = view.archive().directory();
        let Some(jpeg) = directory.read_page_image(&self.content_id, self.page, Rendition::Reading)? else {
            return Ok(None);
        };
        let drawing = Drawing {
            width: Some(WIDTH),
            page_size: (shown.page.page.width, shown.page.page.height),
            boxes: self.mark.into_iter().collect(),
            hidden: shown.hidden,
        };
        let drawn = page_image::draw(jpeg, &drawing);
        Ok(drawn
            .inspect_err(|error| tracing::warn!(%error, "the image of a page is damaged; it is not pictured"))
            .ok())
    }
}
