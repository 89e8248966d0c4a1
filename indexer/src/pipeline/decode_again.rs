//! Decoding originals again, page by page, without reading them anew: whether the archive can still be opened.
//!
//! How each ended is kept in the catalogue, where `juanzong verify` finds it. A run that was stopped goes on with those that
//! were decoded longest ago, or never.

use std::sync::Arc;

use juanzong::catalogue::{Catalogue, DataDirectory, Decoding, KnownFile};

use super::{Error, Stop};
use crate::isolate::ReaderPool;

/// Files that are asked for at a time.
const AT_A_TIME: u32 = 200;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct DecodeSummary {
    /// Originals that were decoded.
    pub files: u64,
    /// Their pages.
    pub pages: u64,
    /// Originals that could not be opened, or of which a page could not be decoded.
    pub failed: u64,
    /// Originals that an earlier run of this version had decoded.
    pub earlier: u64,
}

/// Decodes all originals, but for those that were decoded by this version of the program already, unless `again`.
///
/// # Errors
/// When the catalogue fails.
pub async fn decode_again(
    data: &DataDirectory,
    catalogue: &Arc<Catalogue>,
    pool: &ReaderPool,
    again: bool,
    stop: &Stop,
    mut failed: impl FnMut(&Decoding),
) -> Result<DecodeSummary, Error> {
    let program = concat!("juanzong-indexer ", env!("CARGO_PKG_VERSION"));
    let mut summary = DecodeSummary::default();
    let mut after = String::new();
    loop {
        let files = catalogue.files_after(&after, AT_A_TIME).await?;
        let Some(last) = files.last() else { break };
        after.clone_from(&last.sha256);
        for file in files {
            if stop.requested() {
                return Ok(summary);
            }
            let known = catalogue.decoding(&file.sha256).await?;
            if !again && known.is_some_and(|known| known.program == program) {
                summary.earlier += 1;
                continue;
            }
            let decoding = decode(data, pool, &file, program).await?;
            summary.files += 1;
            summary.pages += u64::from(decoding.pages.unwrap_or_default());
            if decoding.failure_code.is_some() {
                summary.failed += 1;
                failed(&decoding);
            }
            catalogue.keep_decoding(&decoding).await?;
        }
    }
    Ok(summary)
}

async fn decode(data: &DataDirectory, pool: &ReaderPool, file: &KnownFile, program: &str) -> Result<Decoding, Error> {
    let path = data.original_path(&file.sha256)?;
    let mut decoding = Decoding {
        sha256: file.sha256.clone(),
        program: program.to_owned(),
        checked_at: String::new(),
        pages: None,
        page: None,
        failure_code: None,
    };
    match pool.probe(&path).await {
        Ok(probe) => decoding.pages = Some(probe.pages),
        Err(failure) => {
            decoding.failure_code = Some(failure.code.code().to_owned());
            return Ok(decoding);
        }
    }
    for page in 1..=decoding.pages.unwrap_or_default() {
        if let Err(failure) = pool.original(&path, page).await {
            decoding.page = Some(page);
            decoding.failure_code = Some(failure.code.code().to_owned());
            break;
        }
    }
    Ok(decoding)
}
