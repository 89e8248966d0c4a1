//! What an ingest would do: nothing is read by OCR and nothing is written.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Error;
use super::ingest::{IngestOptions, outlined};
use crate::isolate::ReaderPool;
use crate::reconcile::FilePages;
use crate::report::Reconciliation;

/// Files under way for each worker.
const WIDTH: usize = 2;

/// Plans the cases and counts the pages of their files, which is cheap: a file is opened, no page of it is decoded.
///
/// # Errors
/// When the files cannot be looked for. What is wrong with the manifest is in the reconciliation.
pub async fn dry_run(pool: &ReaderPool, options: &IngestOptions) -> Result<Reconciliation, Error> {
    let (_, outline) = outlined(options)?;
    let places = Arc::new(Semaphore::new(pool.config().workers.max(1) * WIDTH));
    let mut running = JoinSet::new();
    let mut pages = FilePages::new();
    for file in outline.files() {
        // An error would mean that somebody closed the semaphore; nobody can.
        let place = Arc::clone(&places).acquire_owned().await.ok();
        let (pool, file) = (pool.clone(), file.clone());
        running.spawn(async move {
            let probe = pool.probe(&file).await;
            drop(place);
            (file, probe.ok().map(|probe| u64::from(probe.pages)))
        });
        while let Some(done) = running.try_join_next() {
            let (file, count) = done?;
            pages.insert(file, count);
        }
    }
    while let Some(done) = running.join_next().await {
        let (file, count) = done?;
        pages.insert(file, count);
    }
    Ok(outline.finish(&pages))
}
