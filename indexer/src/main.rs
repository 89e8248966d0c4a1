//! The indexer: scans → OCR → catalogue → index. See `juanzong_indexer` for its rooms.

use std::process::ExitCode;

fn main() -> ExitCode {
    juanzong_indexer::cli::run()
}
