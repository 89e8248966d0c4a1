//! What an ingest would do: nothing is read by OCR and nothing is written.

use std::sync::Arc;

use juanzong::catalogue::{Catalogue, file_sha256};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::assemble::{ReadDocument, assemble};
use super::ingest::{IngestOptions, outlined};
use super::read_anew::earlier;
use super::{Error, PlannedCase};
use crate::extract::Vocabulary;
use crate::isolate::ReaderPool;
use crate::reconcile::{FilePages, case_findings};
use crate::report::{Finding, Reconciliation};

/// Files under way for each worker.
const WIDTH: usize = 2;

/// What was read of these files before.
pub struct Known {
    /// The catalogue of the archive.
    pub catalogue: Catalogue,
    /// What the rules of extraction know.
    pub vocabulary: Vocabulary,
}

/// Plans the cases and counts the pages of their files, which is cheap: a file is opened, no page of it is decoded. Of
/// cases whose files the archive has read before (`known`), contents lists and documents are compared, too.
///
/// # Errors
/// When the files cannot be looked for, or the catalogue cannot be read. What is wrong with the manifest is in the
/// reconciliation.
pub async fn dry_run(
    pool: &ReaderPool,
    options: &IngestOptions,
    known: Option<&Known>,
) -> Result<Reconciliation, Error> {
    let (plan, outline) = outlined(options)?;
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
    let Some(known) = known else {
        return Ok(outline.finish(&pages));
    };
    let mut findings = Vec::new();
    let mut compared = 0;
    for case in plan.cases {
        if let Some(found) = known.compare(case).await? {
            findings.extend(found);
            compared += 1;
        }
    }
    let mut reconciliation = outline.with(findings).finish(&pages);
    reconciliation.counts.compared = compared;
    Ok(reconciliation)
}

impl Known {
    /// What the documents of a case and its contents list say of each other; `None` when a file of it was not read yet.
    async fn compare(&self, case: PlannedCase) -> Result<Option<Vec<Finding>>, Error> {
        let mut read = Vec::with_capacity(case.files.len());
        for path in &case.files {
            let of_file = path.clone();
            // A file that cannot be read is told where its pages are counted.
            let Ok(sha256) = tokio::task::spawn_blocking(move || file_sha256(&of_file)).await? else {
                return Ok(None);
            };
            let Some(state) = self.catalogue.file_state(&sha256).await?.filter(|s| s.finished()) else {
                return Ok(None);
            };
            let mut pages = Vec::new();
            for number in state.pages_done {
                pages.extend(self.catalogue.page_of_content(&sha256, number).await?);
            }
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            read.push(ReadDocument {
                file_name,
                sha256: Some(sha256),
                failure: state.failure.map(|failure| failure.code),
                pages,
            });
        }
        let earlier = earlier(&self.catalogue, &case.archival_code).await?;
        let assembled = assemble(case.archival_code, case.facts, &read, earlier, &self.vocabulary);
        Ok(Some(case_findings(
            &assembled.record,
            &assembled.pages,
            &case.files,
            case.row,
        )))
    }
}
