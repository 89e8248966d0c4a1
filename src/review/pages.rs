//! Doubts about files, pages and lines.

use super::assess::{Doubt, DoubtEvidence, Reviewed, ReviewedDocument};
use super::reason::ReviewReason;
use crate::record::{PageRecord, TextLine, TextSource};

/// A page with fewer visible characters has little text.
const LITTLE: usize = 20;
/// Below this confidence a line under a seal needs eyes.
const SURE_UNDER_SEAL: f32 = 0.85;

impl Reviewed<'_> {
    pub(super) fn assess_document(&self, document: &ReviewedDocument<'_>, doubts: &mut Vec<Doubt>) {
        if let Some(failure) = document.failure {
            let place = DoubtEvidence {
                document: document.document,
                page: None,
                area: None,
            };
            let about = format!("{} {failure}", document.content_id.unwrap_or_default());
            doubts.push(about_page(ReviewReason::FileFailed, 1.0, place, about));
        }
        for page in document.pages.iter() {
            let content = document.content_id.unwrap_or_default();
            assess_page(document.document, content, page, doubts);
        }
    }
}

fn assess_page(document: u32, content: &str, page: &PageRecord, doubts: &mut Vec<Doubt>) {
    let place = DoubtEvidence {
        document,
        page: Some(page.number),
        area: None,
    };
    let about = format!("{content} {}", page.number);
    if page.failure.is_some() {
        doubts.push(about_page(ReviewReason::PageFailed, 1.0, place, about));
        return;
    }
    // The text of other sources is whole, however short it is.
    if page.source != TextSource::Ocr {
        return;
    }
    let visible = |line: &TextLine| line.text.chars().filter(|c| !c.is_whitespace()).count();
    let characters: usize = page.text.lines.iter().map(visible).sum();
    if characters < LITTLE {
        // Most pages without any text are blank backs; a few characters are more often a page that was hard to read.
        let probability = if characters == 0 { 0.1 } else { 0.3 };
        doubts.push(about_page(
            ReviewReason::LittleText,
            probability,
            place.clone(),
            about.clone(),
        ));
    }
    // One doubt for each seal: the worst line under it stands for all.
    for seal in &page.text.seals {
        let under = page.text.lines.iter().filter(|line| line.area.overlaps(seal.area));
        let worst = under.min_by(|a, b| a.confidence.total_cmp(&b.confidence));
        if let Some(line) = worst.filter(|line| line.confidence < SURE_UNDER_SEAL) {
            let place = DoubtEvidence {
                area: Some(line.area),
                ..place.clone()
            };
            doubts.push(about_page(
                ReviewReason::TextUnderSeal,
                1.0 - line.confidence,
                place,
                format!("{about} {}", line.text),
            ));
        }
    }
}

fn about_page(reason: ReviewReason, probability: f32, place: DoubtEvidence, about: String) -> Doubt {
    Doubt {
        reason,
        field: None,
        probability,
        evidence: vec![place],
        about,
    }
}
