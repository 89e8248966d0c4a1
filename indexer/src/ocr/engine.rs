//! Which recognisers there are.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::ppocr::models::ModelFolder;
use super::tesseract::{TesseractEngine, TesseractLines};
use super::{LineDetector, LineReader, RecogniseError, Recogniser, ppocr};

/// A recogniser that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// PP-OCR v6 small with the pinned models (`make models`).
    Ppocr,
    /// Tesseract with simplified Chinese, as packaged by Debian.
    Tesseract,
}

/// A started engine, by the way it reads.
pub enum Reader {
    /// Line by line, on lines found by a detector.
    Lines {
        /// Finds the lines.
        detector: Box<dyn LineDetector>,
        /// Reads them.
        reader: Box<dyn LineReader>,
    },
    /// Whole pages, with the engine's own layout analysis.
    Pages(Box<dyn Recogniser>),
}

impl Reader {
    /// Name and version, as it is kept with the text.
    pub fn name(&self) -> String {
        match self {
            Self::Lines { reader, .. } => reader.name(),
            Self::Pages(recogniser) => recogniser.name(),
        }
    }
}

impl Engine {
    /// `ppocr` where its models are installed, else `tesseract`.
    pub fn preferred() -> Self {
        if ModelFolder::find().is_ok_and(|models| models.is_complete()) {
            Self::Ppocr
        } else {
            Self::Tesseract
        }
    }

    /// The name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ppocr => "ppocr",
            Self::Tesseract => "tesseract",
        }
    }

    /// Starts the engine.
    pub fn start(self) -> Result<Reader, RecogniseError> {
        match self {
            Self::Ppocr => {
                let models = self.models()?;
                let networks = ppocr::load(&models)?;
                Ok(Reader::Lines {
                    detector: Box::new(networks.detector),
                    reader: Box::new(networks.reader),
                })
            }
            // With the detection network tesseract reads line by line, which halves its errors.
            Self::Tesseract => match self.models() {
                Ok(models) if models.is_complete() => Ok(Reader::Lines {
                    detector: Box::new(ppocr::load_detector(&models)?),
                    reader: Box::new(TesseractLines::new()?),
                }),
                _ => Ok(Reader::Pages(Box::new(TesseractEngine::new()?))),
            },
        }
    }

    fn models(self) -> Result<ModelFolder, RecogniseError> {
        ModelFolder::find().map_err(|e| RecogniseError::Unavailable {
            engine: self.code(),
            reason: e.to_string(),
        })
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::preferred()
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
