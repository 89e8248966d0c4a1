//! The engine `tesseract`.

use tesseract::{PageSegMode, Tesseract};

use super::{RawLine, RecogniseError, Recogniser, hocr};
use crate::prepare::PreparedPage;

const NAME: &str = "tesseract";

/// Simplified Chinese alone: with English beside it more characters are lost than won.
const LANGUAGE: &str = "chi_sim";

/// Tesseract, kept open between pages because loading its model takes as long as reading a short page.
pub(super) struct TesseractEngine {
    /// Taken out while a page is read, as the binding hands it through every call; gone after an error.
    api: Option<Tesseract>,
}

impl TesseractEngine {
    pub(super) fn new() -> Result<Self, RecogniseError> {
        Ok(Self { api: Some(open()?) })
    }
}

fn open() -> Result<Tesseract, RecogniseError> {
    let unavailable = |reason: String| RecogniseError::Unavailable { engine: NAME, reason };
    let mut api = Tesseract::new(None, Some(LANGUAGE)).map_err(|e| unavailable(e.to_string()))?;
    // A box and a confidence for each character; its own messages are of no use to anybody;
    // print is never white on black here, so lines are not tried inverted (a tenth of the time).
    for (name, value) in [
        ("hocr_char_boxes", "1"),
        ("debug_file", "/dev/null"),
        ("tessedit_do_invert", "0"),
    ] {
        api = api
            .set_variable(name, value)
            .map_err(|e| unavailable(format!("{name}: {e}")))?;
    }
    api.set_page_seg_mode(PageSegMode::PsmAuto);
    Ok(api)
}

impl Recogniser for TesseractEngine {
    fn name(&self) -> String {
        let version = tesseract::plumbing::version().to_string_lossy();
        format!("{NAME} {version} {LANGUAGE}")
    }

    fn recognise(&mut self, page: &PreparedPage) -> Result<Vec<RawLine>, RecogniseError> {
        let failed = |reason: String| RecogniseError::Page { engine: NAME, reason };
        let side = |pixels: u32| i32::try_from(pixels).map_err(|_| failed(format!("{pixels} pixels a side")));
        let (width, height) = (side(page.image.width())?, side(page.image.height())?);
        let api = match self.api.take() {
            Some(api) => api,
            None => open()?,
        };
        let mut api = api
            .set_variable("user_defined_dpi", &page.dpi.to_string())
            .map_err(|e| failed(e.to_string()))?
            .set_frame(page.image.as_raw(), width, height, 1, width)
            .map_err(|e| failed(e.to_string()))?
            .recognize()
            .map_err(|e| failed(e.to_string()))?;
        let answer = api.get_hocr_text(0).map_err(|e| failed(e.to_string()))?;
        self.api = Some(api);
        hocr::parse(&answer).map_err(|reason| RecogniseError::Answer { engine: NAME, reason })
    }
}
