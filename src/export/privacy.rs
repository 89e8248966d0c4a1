//! What an export shows of personal data.

use super::ExportOptions;
use crate::access::{PersonalData, ThirdParties, personal_areas};
use crate::record::{CaseRecord, Correction, CorrectionSubject, Fact, FieldName, PageText, PixelBox};

/// Masks what is exported of one case, or lets it through.
pub(super) struct Privacy {
    /// What is looked for in texts; nothing is masked without it.
    data: Option<PersonalData>,
    /// Where the image is blackened besides.
    areas: Areas,
}

/// The facts that tell where the image is blackened.
enum Areas {
    /// Those of personal data.
    Personal(Vec<Fact>),
    /// Those of others than the applicant.
    Others(ThirdParties),
}

impl Privacy {
    /// For a case with these facts.
    pub(super) fn of(options: &ExportOptions, facts: &[Fact]) -> Self {
        let masked = options.unmasked.is_none();
        Self {
            data: masked.then(|| PersonalData::of(facts)),
            areas: Areas::Personal(if masked { facts.to_vec() } else { Vec::new() }),
        }
    }

    /// For the applicant, who sees the own data and not that of others.
    pub(super) fn of_others(others: ThirdParties) -> Self {
        Self {
            data: Some(others.data.clone()),
            areas: Areas::Others(others),
        }
    }

    /// A value of a field.
    pub(super) fn value(&self, field: FieldName, value: &str) -> String {
        match &self.data {
            Some(personal) => personal.value(field, value),
            None => value.to_owned(),
        }
    }

    /// Running text.
    pub(super) fn text(&self, text: &str) -> String {
        match &self.data {
            Some(personal) => personal.masked(text),
            None => text.to_owned(),
        }
    }

    /// A page, and the boxes of what is hidden on it.
    pub(super) fn page(&self, text: PageText) -> (PageText, Vec<PixelBox>) {
        match &self.data {
            Some(personal) => {
                let masked = personal.mask_page(text);
                (masked.text, masked.areas)
            }
            None => (text, Vec::new()),
        }
    }

    /// The boxes in which facts say that something stands that is hidden, on a page of a file.
    pub(super) fn areas(&self, sha256: &str, page: u32) -> Vec<PixelBox> {
        match &self.areas {
            Areas::Personal(facts) => personal_areas(facts, sha256, page),
            Areas::Others(others) => others.areas(sha256, page),
        }
    }

    /// All strings of a JSON value.
    pub(super) fn json(&self, value: &mut serde_json::Value) {
        if let Some(personal) = &self.data {
            personal.mask_json(value);
        }
    }

    /// A whole case with its corrections.
    pub(super) fn case(&self, case: &mut CaseRecord, corrections: &mut [Correction]) {
        if self.data.is_none() {
            return;
        }
        for field in FieldName::ALL {
            if let Some(value) = case.fields.get(*field) {
                case.fields.set(*field, &self.value(*field, &value));
            }
        }
        for fact in &mut case.facts {
            fact.value = self.value(fact.field, &fact.value);
            fact.as_read = fact.as_read.take().map(|text| self.value(fact.field, &text));
        }
        for document in &mut case.documents {
            document.title = self.text(&document.title);
            document.source_name = self.text(&document.source_name);
            for page in &mut document.pages {
                page.text = self.page(std::mem::take(&mut page.text)).0;
            }
        }
        for correction in corrections {
            let field = match &mut correction.subject {
                CorrectionSubject::Field(field) => Some(*field),
                CorrectionSubject::Checked { field, .. } => *field,
                CorrectionSubject::Line(anchor) => {
                    anchor.as_read = self.text(&anchor.as_read);
                    anchor.source_name = self.text(&anchor.source_name);
                    None
                }
            };
            for text in [&mut correction.old, &mut correction.value].into_iter().flatten() {
                *text = match field {
                    Some(field) => self.value(field, text),
                    None => self.text(text),
                };
            }
            correction.reason = correction.reason.take().map(|reason| self.text(&reason));
        }
    }
}
