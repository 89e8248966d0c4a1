//! Ingesting: plan the cases, read their files side by side, save each case when its files are read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use juanzong::catalogue::{Catalogue, DataDirectory, Saved};
use juanzong::record::ArchivalCode;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinSet;

use super::read_anew::save_read;
use super::read_file::{FileRead, read_file};
use super::{Error, Notifier, Plan, PlannedCase, Stop, corrections, plan};
use crate::extract::Vocabulary;
use crate::isolate::ReaderPool;
use crate::killpoint;
use crate::manifest::Manifest;
use crate::progress::Progress;
use crate::reconcile::{Expected, FilePages, Outline, case_findings};
use crate::report::{CaseLine, Finding, IngestFailure, IngestSummary};
use crate::source;

/// What to ingest.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Table of cases, read.
    pub manifest: Option<Manifest>,
    /// Whether each file is a case of its own.
    pub each_file: bool,
}

/// What an ingest works with.
pub struct Ingestion {
    /// The data directory.
    pub data: Arc<DataDirectory>,
    /// The catalogue in it.
    pub catalogue: Arc<Catalogue>,
    /// Reads files in child processes.
    pub pool: Arc<ReaderPool>,
    /// Files read side by side: the number of workers of the pool.
    pub workers: usize,
    /// What the rules of extraction know.
    pub vocabulary: Vocabulary,
    /// Told of each saved case.
    pub index: Notifier,
    /// Shows how far it is.
    pub progress: Arc<Progress>,
    /// Ends it early.
    pub stop: Stop,
}

pub(super) struct Context {
    pub(super) data: Arc<DataDirectory>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) pool: Arc<ReaderPool>,
    pub(super) progress: Arc<Progress>,
    pub(super) stop: Stop,
    pub(super) vocabulary: Vocabulary,
    pub(super) index: Notifier,
    /// Files under way: as many as keep all workers busy while others are copied or saved.
    pub(super) files: Semaphore,
    /// Cases under way.
    pub(super) width: usize,
    /// Held from loading a case to saving it, so that of two tasks that change a case neither undoes the other's work.
    pub(super) saving: Mutex<()>,
}

impl Context {
    pub(super) fn new(ingestion: Ingestion) -> Arc<Self> {
        let width = ingestion.workers.max(1) * 2;
        Arc::new(Self {
            data: ingestion.data,
            catalogue: ingestion.catalogue,
            pool: ingestion.pool,
            progress: ingestion.progress,
            stop: ingestion.stop,
            vocabulary: ingestion.vocabulary,
            index: ingestion.index,
            files: Semaphore::new(width),
            width,
            saving: Mutex::new(()),
        })
    }
}

/// What happens while files are read, for who looks on.
#[derive(Debug)]
pub(super) enum News {
    /// A file is being read.
    FileBegun(PathBuf),
    /// A file was read, or could not be.
    FileEnded {
        /// The file.
        path: PathBuf,
        /// Its pages; 0 when it could not be opened.
        pages: u64,
        /// Whether it failed as a whole.
        failed: bool,
        /// What failed.
        failures: Vec<IngestFailure>,
    },
    /// A case was saved.
    CaseSaved(ArchivalCode, Saved),
}

/// Where the news go; to nobody, then failures are told on the terminal. What is uploaded may bear the names of people, so
/// nothing of it is told there.
#[derive(Clone, Debug, Default)]
pub(super) struct Onlooker(pub(super) Option<mpsc::UnboundedSender<News>>);

impl Onlooker {
    fn tell(&self, news: impl FnOnce() -> News) {
        if let Some(listener) = &self.0 {
            // Who does not listen any more has stopped.
            let _ = listener.send(news());
        }
    }

    fn failed(&self, context: &Context, failure: &IngestFailure) {
        if self.0.is_none() {
            context.progress.failed(failure);
        }
    }
}

/// Reads all files and saves their cases. What concerns one file, row or case is in the summary; an error ends the run.
pub async fn ingest(ingestion: Ingestion, options: &IngestOptions) -> Result<IngestSummary, Error> {
    let context = Context::new(ingestion);
    context.catalogue.requeue_running_jobs().await?;
    corrections::drain(&context).await?;
    ingest_some(context, options, Onlooker::default()).await
}

/// As [`ingest`], without looking at other jobs.
pub(super) async fn ingest_some(
    context: Arc<Context>,
    options: &IngestOptions,
    onlooker: Onlooker,
) -> Result<IngestSummary, Error> {
    let started = Instant::now();
    if let Some(manifest) = &options.manifest {
        manifest.require_usable()?;
    }
    let (plan, outline) = outlined(options)?;
    let manifest_name = options.manifest.as_ref().map(Manifest::name).unwrap_or_default();

    let mut summary = IngestSummary {
        failures: plan
            .findings
            .iter()
            .filter(|f| f.code.severity().refuses())
            .map(|f| IngestFailure::of_finding(&manifest_name, f))
            .collect(),
        ..IngestSummary::default()
    };
    let mut pages = FilePages::new();
    let mut findings = Vec::new();
    for failure in &summary.failures {
        onlooker.failed(&context, failure);
    }
    context
        .progress
        .files_found(plan.cases.iter().map(|c| c.files.len() as u64).sum());

    let mut waiting = plan.cases.into_iter();
    let mut running: JoinSet<Result<CaseDone, Error>> = JoinSet::new();
    loop {
        while running.len() < context.width && !context.stop.requested() {
            let Some(case) = waiting.next() else { break };
            running.spawn(ingest_case(Arc::clone(&context), case, onlooker.clone()));
        }
        let Some(done) = running.join_next().await else { break };
        let mut done = done??;
        pages.extend(std::mem::take(&mut done.counted));
        findings.append(&mut done.findings);
        add(&mut summary, done);
    }
    summary.stopped = context.stop.requested();
    if options.manifest.is_some() || !findings.is_empty() {
        // Cases end in any order.
        findings.sort_by(|a, b| a.archival_code.cmp(&b.archival_code));
        summary.reconciliation = Some(outline.with(findings).finish(&pages));
    }
    summary
        .failures
        .sort_by(|a, b| source::natural_name(&a.place, &b.place).then(a.page.cmp(&b.page)));
    summary.elapsed = started.elapsed();
    Ok(summary)
}

/// Finds the files and plans the cases.
pub(super) fn outlined(options: &IngestOptions) -> Result<(Plan, Outline), Error> {
    let sources = source::discover(&options.paths, options.each_file)?;
    let manifest = options.manifest.as_ref();
    let plan = plan(&sources, &options.paths, options.each_file, manifest);
    let expected = plan.cases.iter().map(|case| Expected {
        line: CaseLine {
            archival_code: case.archival_code.clone(),
            row: case.row,
            files: case.files.clone(),
            pages: None,
        },
        pages: case.pages.clone(),
    });
    let outline = Outline::new(manifest, expected.collect(), plan.findings.clone());
    Ok((plan, outline))
}

/// What became of one case.
#[derive(Default)]
struct CaseDone {
    saved: Option<Saved>,
    files: u64,
    pages: u64,
    pages_read: u64,
    failures: Vec<IngestFailure>,
    /// Pages of each file that was looked at.
    counted: Vec<(PathBuf, Option<u64>)>,
    /// What its documents and its contents list say of each other.
    findings: Vec<Finding>,
}

fn add(summary: &mut IngestSummary, done: CaseDone) {
    match done.saved {
        Some(Saved::Created { .. }) => summary.created += 1,
        Some(Saved::Changed { .. }) => summary.changed += 1,
        Some(Saved::Unchanged { .. }) => summary.unchanged += 1,
        None => {}
    }
    summary.cases += u64::from(done.saved.is_some());
    summary.files += done.files;
    summary.pages += done.pages;
    summary.pages_read += done.pages_read;
    summary.failures.extend(done.failures);
}

async fn ingest_case(context: Arc<Context>, case: PlannedCase, onlooker: Onlooker) -> Result<CaseDone, Error> {
    let paths = case.files.clone();
    let (read, complete) = read_files(&context, case.files, &onlooker).await?;
    let mut done = CaseDone {
        files: read.len() as u64,
        ..CaseDone::default()
    };
    if complete {
        // A file that could not be opened has no pages.
        let counts = read.iter().map(|file| (file.pages > 0).then_some(file.pages));
        done.counted = paths.into_iter().zip(counts).collect();
    }
    let mut jobs = Vec::new();
    let mut documents = Vec::new();
    for file in read {
        done.pages += file.pages;
        done.pages_read += file.pages_read;
        done.failures.extend(file.failures);
        jobs.extend(file.job);
        documents.push(file.document);
    }
    if !complete || documents.iter().all(|d| d.failure.is_some()) {
        // Stopped: what was read is kept, and the next run saves the case. Or nothing could be read: each file has its
        // failure, and a case of nothing would only hide it.
        return Ok(done);
    }
    let code = case.archival_code.clone();
    let (saved, assembled) = save_read(&context, case.archival_code, case.facts, &documents).await?;
    onlooker.tell(|| News::CaseSaved(code, saved));
    done.saved = Some(saved);
    let files: Vec<PathBuf> = done.counted.iter().map(|(path, _)| path.clone()).collect();
    done.findings = case_findings(&assembled.record, &assembled.pages, &files, case.row);
    killpoint::reach("case_saved");
    for job in jobs {
        context.catalogue.finish_job(job).await?;
    }
    context.index.changed();
    Ok(done)
}

/// Reads the files of a case side by side; `false` when a stop was requested before all were read.
async fn read_files(
    context: &Arc<Context>,
    files: Vec<PathBuf>,
    onlooker: &Onlooker,
) -> Result<(Vec<FileRead>, bool), Error> {
    let mut running = JoinSet::new();
    for (at, path) in files.into_iter().enumerate() {
        let (context, onlooker) = (Arc::clone(context), onlooker.clone());
        running.spawn(async move {
            let Ok(_place) = context.files.acquire().await else {
                return Ok(None);
            };
            if context.stop.requested() {
                return Ok(None);
            }
            onlooker.tell(|| News::FileBegun(path.clone()));
            let read = read_file(&context, &path).await?;
            if let Some(read) = &read {
                context.progress.file_done();
                for failure in &read.failures {
                    onlooker.failed(&context, failure);
                }
                onlooker.tell(|| News::FileEnded {
                    pages: read.pages,
                    failed: read.document.failure.is_some(),
                    failures: read.failures.clone(),
                    path,
                });
            }
            Ok::<_, Error>(read.map(|read| (at, read)))
        });
    }
    let mut all = Vec::new();
    let mut complete = true;
    while let Some(read) = running.join_next().await {
        match read?? {
            Some(read) => all.push(read),
            None => complete = false,
        }
    }
    all.sort_by_key(|(at, _)| *at);
    Ok((all.into_iter().map(|(_, read)| read).collect(), complete))
}
