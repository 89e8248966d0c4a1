//! Corrections as they are answered.

use serde::{Deserialize, Serialize};

use super::view::personal_data;
use super::{Labels, View};
use crate::access::Masking;
use crate::catalogue::{self, CaseSummary, Change, LinePlace, NewCorrection, Refusal};
use crate::record::{Correction, CorrectionSubject, FieldName};

/// The corrections of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CorrectionsAnswer {
    /// Opaque id of the case.
    pub case_id: String,
    /// All that were made, in their order; also those that were undone.
    pub corrections: Vec<CorrectionAnswer>,
}

/// One correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CorrectionAnswer {
    /// Number in the case, from 1.
    pub number: u32,
    /// `field`, `line` or `checked`.
    pub kind: String,
    /// Code of the field.
    pub field: Option<String>,
    /// The field in words.
    pub field_label: Option<String>,
    /// Position of the document in which the corrected line is now, or where its text was added when it was not found.
    pub document: Option<u32>,
    /// Page on which it is now.
    pub page: Option<u32>,
    /// Index of the line on that page, from 0.
    pub line: Option<u32>,
    /// Its box `[x0, y0, x1, y1]` in pixels of the upright page.
    #[serde(rename = "box")]
    pub area: Option<[u32; 4]>,
    /// Whether the corrected line was found on the page as it is read now. Absent when the correction does not count, for it
    /// was undone or the line was corrected again.
    pub placed: Option<bool>,
    /// Code of the doubt that was checked.
    pub review: Option<String>,
    /// What stood there before; identity numbers with their middle masked.
    pub old: Option<String>,
    /// What the person says.
    pub value: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub author: String,
    /// When (RFC 3339, UTC).
    pub made_at: String,
    /// That it was taken back.
    pub undone: Option<UndoAnswer>,
}

/// That a correction was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UndoAnswer {
    /// Who.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// When (RFC 3339, UTC).
    pub undone_at: String,
}

impl View {
    /// Makes a correction; `None` when there is no case that may be seen. What a mask hides of a line stays what it is: the
    /// masks go back as they came.
    ///
    /// # Errors
    /// [`catalogue::Error::Refused`] with the reason, or when the catalogue fails.
    pub async fn correct(
        &self,
        case_id: &str,
        new: &NewCorrection,
        labels: Labels,
    ) -> catalogue::Result<Option<CorrectionAnswer>> {
        let Some(case) = self.summary(case_id).await? else {
            return Ok(None);
        };
        let new = self.unmasked_correction(case.case_key, new).await?;
        let made = self.archive.catalogue().correct(case.case_key, &new).await?;
        self.answer(&case, made, labels).await.map(Some)
    }

    /// Takes a correction back; `None` when there is no such case.
    ///
    /// # Errors
    /// [`catalogue::Error::Refused`] with the reason, or when the catalogue fails.
    pub async fn undo_correction(
        &self,
        case_id: &str,
        number: u32,
        (author, reason): (&str, Option<&str>),
        labels: Labels,
    ) -> catalogue::Result<Option<CorrectionAnswer>> {
        let Some(case) = self.summary(case_id).await? else {
            return Ok(None);
        };
        let undone = self
            .archive
            .catalogue()
            .undo_correction(case.case_key, number, author, reason)
            .await?;
        self.answer(&case, undone, labels).await.map(Some)
    }

    /// The corrections of a case; `None` when there is no such case.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn corrections(&self, case_id: &str, labels: Labels) -> catalogue::Result<Option<CorrectionsAnswer>> {
        let Some(case) = self.summary(case_id).await? else {
            return Ok(None);
        };
        let made = self.archive.catalogue().corrections(case.case_key).await?;
        let places = self.places_of(&case, &made).await?;
        let answer = CorrectionsAnswer {
            case_id: case.case_id,
            corrections: made
                .into_iter()
                .map(|correction| CorrectionAnswer::new(correction, &places, labels, self.masking))
                .collect(),
        };
        self.shown(case.case_key, answer).await.map(Some)
    }

    async fn answer(
        &self,
        case: &CaseSummary,
        correction: Correction,
        labels: Labels,
    ) -> catalogue::Result<CorrectionAnswer> {
        let places = self.places_of(case, std::slice::from_ref(&correction)).await?;
        let answer = CorrectionAnswer::new(correction, &places, labels, self.masking);
        self.shown(case.case_key, answer).await
    }

    /// A correction of a line as it was meant by somebody who saw the line masked.
    async fn unmasked_correction(&self, case_key: u64, new: &NewCorrection) -> catalogue::Result<NewCorrection> {
        let mut new = new.clone();
        let Change::Line {
            document,
            page,
            line,
            value,
            old,
        } = &mut new.change
        else {
            return Ok(new);
        };
        let catalogue = self.archive.catalogue();
        let found = catalogue.corrected_page(case_key, *document, *page).await?;
        let lines = found.map(|found| found.page.text.lines).unwrap_or_default();
        let at = usize::try_from(*line).unwrap_or(usize::MAX);
        let Some(stands) = lines.get(at).map(|line| line.text.as_str()) else {
            return Ok(new);
        };
        if self.masking == Masking::Masked {
            let personal = personal_data(catalogue, case_key).await?;
            if old.as_deref().is_some_and(|seen| seen == personal.masked(stands)) {
                *old = Some(stands.to_owned());
            }
            let meant = personal.with_hidden(stands, value);
            *value = meant.ok_or(catalogue::Error::Refused(Refusal::Masked))?;
        }
        Ok(new)
    }

    /// Where corrected lines are; the pages are only read when there are any.
    async fn places_of(&self, case: &CaseSummary, made: &[Correction]) -> catalogue::Result<Vec<LinePlace>> {
        let lines = made.iter().any(|c| matches!(c.subject, CorrectionSubject::Line(_)));
        match lines {
            true => self.archive.catalogue().line_places(case.case_key).await,
            false => Ok(Vec::new()),
        }
    }
}

impl CorrectionAnswer {
    fn new(correction: Correction, places: &[LinePlace], labels: Labels, masking: Masking) -> Self {
        let place = places.iter().find(|place| place.edit.number == correction.number);
        let (field, review) = match &correction.subject {
            CorrectionSubject::Field(field) => (Some(*field), None),
            CorrectionSubject::Checked { review, field, .. } => (*field, Some(review.clone())),
            CorrectionSubject::Line(_) => (None, None),
        };
        let label = |field: FieldName| match labels {
            Labels::Chinese => field.label_zh(),
            Labels::English => field.label_en(),
        };
        let shown = |text: Option<String>| match field {
            Some(field) => text.map(|text| masking.value(field, &text)),
            None => text,
        };
        Self {
            number: correction.number,
            kind: correction.subject.code().to_owned(),
            field: field.map(|field| field.code().to_owned()),
            field_label: field.map(|field| label(field).to_owned()),
            document: place.map(|place| place.document),
            page: place.map(|place| place.page),
            line: place.and_then(|place| u32::try_from(place.edit.line).ok()),
            area: place.map(|place| place.area.into()),
            placed: place.map(|place| place.edit.placed),
            review,
            old: shown(correction.old),
            value: shown(correction.value),
            reason: correction.reason,
            author: correction.author,
            made_at: correction.made_at,
            undone: correction.undone.map(|undo| UndoAnswer {
                author: undo.author,
                reason: undo.reason,
                undone_at: undo.undone_at,
            }),
        }
    }
}
