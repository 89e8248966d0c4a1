//! Which recognisers there are.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::tesseract::TesseractEngine;
use super::{RecogniseError, Recogniser};

/// A recogniser that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Tesseract with simplified Chinese, as packaged by Debian.
    #[default]
    Tesseract,
}

impl Engine {
    /// The name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tesseract => "tesseract",
        }
    }

    /// Starts the engine.
    pub fn start(self) -> Result<Box<dyn Recogniser>, RecogniseError> {
        match self {
            Self::Tesseract => Ok(Box::new(TesseractEngine::new()?)),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
