//! From scans to answers: the real program on real files, asked through the real router.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests, and helpers of tests

mod assembly;
mod at_rest;
mod broken_files;
mod corrections;
mod end_to_end;
mod engines;
mod exports;
mod facts;
mod findings;
mod folders;
mod import;
mod keeping;
mod layout;
mod manifest;
mod orientation;
mod outputs;
mod pdf_hidden_text;
mod pdf_originals;
mod reading;
#[path = "../benches/common/recomputed.rs"]
mod recomputed;
mod recovery;
mod similar_scans;
mod support;
mod uploads;
mod watch;
