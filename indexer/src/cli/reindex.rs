//! `juanzong-indexer reindex`: a new generation of the index from the catalogue, without OCR.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use juanzong::analysis::Analyser;
use juanzong::catalogue::Catalogue;

use crate::pipeline::reindex;

#[allow(clippy::print_stdout)] // the answer of the command
pub(super) fn run(data: &Path) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let data = super::session::open_data(data)?;
        let _lock = data.lock_indexer()?;
        let catalogue = Arc::new(Catalogue::open(&data).await?);
        let analyser = Analyser::extended(&data.dictionaries())?;
        let cases = reindex(Arc::clone(&catalogue), analyser, data.index()).await?;
        catalogue.close().await;
        println!("已重建索引：{cases} 个案卷 (reindexed {cases} cases)");
        Ok(ExitCode::SUCCESS)
    })
}
