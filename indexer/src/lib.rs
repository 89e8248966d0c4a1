//! `juanzong-indexer`: reads scanned approval case files into the catalogue and the index.

pub mod assembly;
pub mod cli;
pub mod decode;
pub mod extract;
pub mod import;
pub mod isolate;
pub mod layout;
pub mod manifest;
pub mod ocr;
pub mod output;
pub mod pipeline;
pub mod prepare;
pub mod progress;
pub mod reconcile;
pub mod report;
pub mod sample;
pub mod score;
pub mod source;
pub mod table;
pub mod worker;

use juanzong::killpoint;
