//! Reading again what is kept: pages from their originals with an engine, or only the facts from the kept text.
//!
//! Corrections are a layer over all of this and are not touched. A run that was stopped goes on where it left off: pages that
//! the engine has read are not read again, unless that is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use juanzong::archive::Archive;
use juanzong::catalogue::{CaseSummary, PageInfo, Saved};
use juanzong::record::{ArchivalCode, TextSource};
use juanzong::search::{SearchRequest, VisibleCases};
use tokio::task::JoinSet;

use super::corrections::{self, REREAD_JOB};
use super::ingest::Context;
use super::read_anew::read_facts_anew;
use super::read_file::read_pages;
use super::{Error, Filter, Ingestion};
use crate::decode::FailureCode;
use crate::killpoint;
use crate::report::{IngestFailure, IngestSummary};

/// Cases listed at a time.
const CASES_AT_A_TIME: u32 = 1_000;
/// Hits on a page of the search, and the most hits that a query may have.
const HITS_AT_A_TIME: usize = 100;
const MOST_HITS: u64 = 10_000;
/// Time for one page of hits.
const SEARCH_TIME: std::time::Duration = std::time::Duration::from_secs(60);

/// What to read again.
#[derive(Clone, Debug, PartialEq)]
pub struct ReprocessOptions {
    /// Only what all of these let through.
    pub only: Vec<Filter>,
    /// Only the facts, from the text that is kept.
    pub fields: bool,
    /// Also pages that this engine has read already, and text layers.
    pub again: bool,
    /// Name and version of the engine, as pages bear it.
    pub engine_name: String,
}

/// Reads again what the options name. What concerns one page or case is in the summary; an error ends the run. The index
/// must be up to date for a filter with a query.
///
/// # Errors
/// When the catalogue, the data directory or the search fails.
pub async fn reprocess(ingestion: Ingestion, options: ReprocessOptions) -> Result<IngestSummary, Error> {
    let started = Instant::now();
    let context = Context::new(ingestion);
    context.catalogue.requeue_running_jobs().await?;
    corrections::drain(&context).await?;
    let chosen = chosen_cases(&context, &options.only).await?;
    let options = Arc::new(options);
    let mut summary = IngestSummary::default();
    let mut running: JoinSet<Result<Done, Error>> = JoinSet::new();
    let mut listing = Listing::new(chosen);
    loop {
        while running.len() < context.width && !context.stop.requested() {
            let Some(case_key) = listing.next(&context).await? else {
                break;
            };
            running.spawn(reprocess_case(Arc::clone(&context), Arc::clone(&options), case_key));
        }
        let Some(done) = running.join_next().await else { break };
        done??.add_to(&mut summary);
    }
    summary.stopped = context.stop.requested();
    summary
        .failures
        .sort_by(|a, b| (&a.place, a.page).cmp(&(&b.place, b.page)));
    summary.elapsed = started.elapsed();
    Ok(summary)
}

/// The cases to look at, one after the other: those chosen, or all.
struct Listing {
    chosen: Option<BTreeSet<u64>>,
    /// Keys of cases grow; what comes after the last is asked for in portions by sequence once, as cases that change
    /// meanwhile would come twice.
    all: Option<std::vec::IntoIter<u64>>,
}

impl Listing {
    fn new(chosen: Option<BTreeSet<u64>>) -> Self {
        Self { chosen, all: None }
    }

    async fn next(&mut self, context: &Context) -> Result<Option<u64>, Error> {
        if let Some(chosen) = &mut self.chosen {
            return Ok(chosen.pop_first());
        }
        if self.all.is_none() {
            let (mut keys, mut after) = (Vec::new(), 0);
            loop {
                let changes = context.catalogue.changed_since(after, CASES_AT_A_TIME).await?;
                let Some(last) = changes.last() else { break };
                after = last.sequence;
                keys.extend(changes.iter().map(|change| change.case_key));
            }
            keys.sort_unstable();
            keys.dedup();
            self.all = Some(keys.into_iter());
        }
        Ok(self.all.as_mut().and_then(Iterator::next))
    }
}

/// The cases that the filters about cases name; `None` when there are no such filters.
async fn chosen_cases(context: &Context, only: &[Filter]) -> Result<Option<BTreeSet<u64>>, Error> {
    let mut chosen: Option<BTreeSet<u64>> = None;
    for filter in only {
        let found = match filter {
            Filter::Case(name) => {
                let mut case = context.catalogue.case_by_id(name).await?;
                if case.is_none()
                    && let Some(code) = ArchivalCode::parse(name)
                {
                    case = context.catalogue.case_by_code(&code).await?;
                }
                let case = case.ok_or_else(|| Error::NoCase { name: name.clone() })?;
                BTreeSet::from([case.case_key])
            }
            Filter::Query(query) => search(context, query).await?,
            Filter::Engine(_) | Filter::QualityBelow(_) => continue,
        };
        chosen = Some(match chosen {
            Some(earlier) => earlier.intersection(&found).copied().collect(),
            None => found,
        });
    }
    Ok(chosen)
}

async fn search(context: &Context, query: &str) -> Result<BTreeSet<u64>, Error> {
    let archive = Archive::open((*context.data).clone()).await?;
    let mut found = BTreeSet::new();
    for page in 1_usize.. {
        let (page, size) = (page.to_string(), HITS_AT_A_TIME.to_string());
        let request = SearchRequest::from_pairs([
            ("q", query),
            ("page", page.as_str()),
            ("size", size.as_str()),
            ("sort", "number"),
        ])?;
        let answer = archive
            .search(request, VisibleCases::all(), Instant::now() + SEARCH_TIME)
            .await?;
        if answer.total > MOST_HITS {
            return Err(Error::TooManyHits {
                total: answer.total,
                most: MOST_HITS,
            });
        }
        if answer.hits.is_empty() {
            break;
        }
        let full = answer.hits.len() == HITS_AT_A_TIME;
        for hit in answer.hits {
            found.extend(
                archive
                    .catalogue()
                    .case_by_id(&hit.case_id)
                    .await?
                    .map(|case| case.case_key),
            );
        }
        if !full || found.len() as u64 >= MOST_HITS {
            break;
        }
    }
    Ok(found)
}

/// What became of one case.
#[derive(Default)]
struct Done {
    saved: Vec<Saved>,
    files: u64,
    pages: u64,
    pages_read: u64,
    failures: Vec<IngestFailure>,
}

impl Done {
    fn add_to(self, summary: &mut IngestSummary) {
        for saved in &self.saved {
            match saved {
                Saved::Created { .. } => summary.created += 1,
                Saved::Changed { .. } => summary.changed += 1,
                Saved::Unchanged { .. } => summary.unchanged += 1,
            }
        }
        summary.cases += self.saved.len() as u64;
        summary.files += self.files;
        summary.pages += self.pages;
        summary.pages_read += self.pages_read;
        summary.failures.extend(self.failures);
    }
}

async fn reprocess_case(context: Arc<Context>, options: Arc<ReprocessOptions>, case_key: u64) -> Result<Done, Error> {
    let mut done = Done::default();
    let Some(case) = context.catalogue.summaries(&[case_key]).await?.pop() else {
        return Ok(done);
    };
    let infos = context.catalogue.page_infos(case_key).await?;
    done.pages = infos.len() as u64;
    let Some(wanted) = options.wanted(infos) else {
        return Ok(Done::default());
    };
    let mut keys = BTreeSet::from([case_key]);
    if !options.fields {
        if wanted.is_empty() {
            return Ok(done);
        }
        for page in &wanted {
            keys.extend(context.catalogue.cases_showing(&page.content_id).await?);
        }
    }
    let cases = context
        .catalogue
        .summaries(&keys.into_iter().collect::<Vec<_>>())
        .await?;
    let mut jobs = Vec::new();
    if !options.fields {
        // Should this be interrupted once the first page is kept, the next run reads the facts of these cases anew.
        for case in &cases {
            let job = context
                .catalogue
                .enqueue_job(REREAD_JOB, case.archival_code.as_str(), None)
                .await?;
            jobs.push(job.job_key);
        }
        if !read_again(&context, &case, &wanted, &mut done).await? {
            return Ok(done);
        }
    }
    for case in cases {
        let saved = read_facts_anew(&context, case.archival_code).await?;
        if matches!(saved, Saved::Unchanged { .. }) {
            // What needs eyes may follow from other rules than when the case was saved.
            context.catalogue.refresh_reviews(case.case_key).await?;
        }
        killpoint::reach("case_reprocessed");
        done.saved.push(saved);
    }
    for job in jobs {
        context.catalogue.finish_job(job).await?;
    }
    context.index.changed();
    Ok(done)
}

impl ReprocessOptions {
    /// The pages of a case that are to be read again; `None` when the filters let none of its pages through.
    fn wanted(&self, mut pages: Vec<PageInfo>) -> Option<Vec<PageInfo>> {
        let about_pages = |filter: &Filter| matches!(filter, Filter::Engine(_) | Filter::QualityBelow(_));
        pages.retain(|page| self.only.iter().all(|filter| filter.lets(page)));
        // A case without pages has none that a filter could want.
        if pages.is_empty() && self.only.iter().any(about_pages) {
            return None;
        }
        pages.retain(|page| self.wants(page));
        Some(pages)
    }

    /// Whether a page is to be read again. Imported text has no original to read.
    fn wants(&self, page: &PageInfo) -> bool {
        match page.source {
            TextSource::Import => false,
            TextSource::TextLayer => self.again || page.failed,
            TextSource::Ocr => self.again || page.failed || page.engine != self.engine_name,
        }
    }
}

/// Reads pages of a case from their originals; `false` when a stop was requested. A page that cannot be read keeps its
/// earlier text and is named.
async fn read_again(
    context: &Context,
    case: &CaseSummary,
    wanted: &[PageInfo],
    done: &mut Done,
) -> Result<bool, Error> {
    let mut by_file: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for page in wanted {
        by_file.entry(&page.content_id).or_default().insert(page.number);
    }
    let documents = context.catalogue.documents(case.case_key).await?;
    for (sha256, numbers) in by_file {
        let Ok(_place) = context.files.acquire().await else {
            return Ok(false);
        };
        if context.stop.requested() {
            return Ok(false);
        }
        let document = documents.iter().find(|d| d.content_id.as_deref() == Some(sha256));
        let name = document.map_or(sha256, |document| document.source_name.as_str());
        let place = format!("{}/{name}", case.archival_code);
        let numbers: Vec<u32> = numbers.into_iter().collect();
        let path = context.data.original_path(sha256)?;
        done.files += 1;
        context.progress.pages_found(numbers.len() as u64, 0);
        let mut failures = Vec::new();
        if path.try_exists().unwrap_or(false) {
            let read = read_pages(context, &path, sha256, &numbers).await?;
            if !read.complete {
                return Ok(false);
            }
            done.pages_read += (numbers.len() - read.failed.len()) as u64;
            failures.extend(
                read.failed
                    .iter()
                    .map(|(page, failure)| IngestFailure::of_file(&place, Some(*page), failure.code, &failure.detail)),
            );
        } else {
            let detail = "the stored original is missing";
            failures.push(IngestFailure::of_file(&place, None, FailureCode::Unreadable, detail));
        }
        for failure in &failures {
            context.progress.failed(failure);
        }
        done.failures.extend(failures);
        context.progress.file_done();
    }
    Ok(true)
}
