//! The engine `ppocr`: PP-OCR v6 small (detection, recognition) on the ONNX runtime.
//!
//! Which way up lines stand is found by reading some of them both ways (decision 0008): the network for that which comes
//! with the others is not used.

mod ctc;
mod detect;
mod hull;
pub mod models;
mod recognise;
mod regions;
mod runtime;

use image::GrayImage;

use self::detect::Detector;
use self::models::ModelFolder;
use self::recognise::LineNetwork;
use self::runtime::{Runtime, RuntimeError};
use super::{FoundLines, LineDetector, LineReader, LineRequest, RawLine, RecogniseError};

const NAME: &str = "ppocr";

/// Name and version, as they are kept with the text.
const VERSION: &str = "ppocr PP-OCRv6-small";

fn unavailable(error: &RuntimeError) -> RecogniseError {
    RecogniseError::Unavailable {
        engine: NAME,
        reason: error.to_string(),
    }
}

fn failed(error: &RuntimeError) -> RecogniseError {
    RecogniseError::Page {
        engine: NAME,
        reason: error.to_string(),
    }
}

/// The networks, loaded together because they share the runtime.
pub(super) struct Networks {
    /// Finds lines.
    pub(super) detector: DetectionNetwork,
    /// Reads lines.
    pub(super) reader: RecognitionNetwork,
}

/// Finds lines with the detection network.
pub(super) struct DetectionNetwork(Detector);

/// Reads lines with the recognition network.
pub(super) struct RecognitionNetwork(LineNetwork);

/// Loads detection and recognition.
pub(super) fn load(models: &ModelFolder) -> Result<Networks, RecogniseError> {
    let start = || -> Result<Networks, RuntimeError> {
        let runtime = Runtime::load(models)?;
        Ok(Networks {
            detector: DetectionNetwork(Detector::load(&runtime, models)?),
            reader: RecognitionNetwork(LineNetwork::load(&runtime, models)?),
        })
    };
    start().map_err(|e| unavailable(&e))
}

/// Loads detection alone, for another reader.
pub(super) fn load_detector(models: &ModelFolder) -> Result<DetectionNetwork, RecogniseError> {
    let start = || -> Result<DetectionNetwork, RuntimeError> {
        let runtime = Runtime::load(models)?;
        Ok(DetectionNetwork(Detector::load(&runtime, models)?))
    };
    start().map_err(|e| unavailable(&e))
}

impl LineDetector for DetectionNetwork {
    fn find_lines(&mut self, page: &GrayImage) -> Result<FoundLines, RecogniseError> {
        self.0.detect(page).map_err(|e| failed(&e))
    }
}

impl LineReader for RecognitionNetwork {
    fn name(&self) -> String {
        VERSION.to_owned()
    }

    fn read_line(&mut self, line: &LineRequest<'_>) -> Result<Option<RawLine>, RecogniseError> {
        self.0.read(line).map_err(|e| failed(&e))
    }
}
