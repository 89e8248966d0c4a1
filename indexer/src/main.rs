//! The indexer: scans → OCR → catalogue → index. See `juanzong_indexer` for its rooms.

use std::process::ExitCode;

/// Texts and tokens are small and many, on several threads: with the allocator of the C library a tenth of the time of an
/// import goes into it (decision 0104).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    juanzong_indexer::cli::run()
}
