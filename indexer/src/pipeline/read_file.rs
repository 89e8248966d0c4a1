//! One file: keep the original, read the pages that are missing, keep each page as it comes.

use std::ops::RangeInclusive;
use std::path::Path;

use juanzong::catalogue::{FileFailure, FileState, NewFile, Rendition};
use juanzong::record::{PageRecord, PageText, TextSource};
use tokio::sync::mpsc;

use super::Error;
use super::assemble::ReadDocument;
use super::ingest::Context;
use crate::decode::{Failure, FailureCode};
use crate::isolate::{ReadEvent, ReadPage};
use crate::killpoint;
use crate::report::IngestFailure;
use crate::source::MediaType;

/// Pages of one file that one worker reads at a stretch: small enough for a long file to use all workers.
const PAGES_AT_A_STRETCH: u32 = 8;
/// Pages under way between a worker and the disk.
const PAGES_UNDER_WAY: usize = 2;
/// Kind of job under which files are kept in the catalogue.
const JOB_KIND: &str = "ingest";

/// What reading a file gave.
pub(super) struct FileRead {
    pub(super) document: ReadDocument,
    /// Job to be closed once the case is saved; `None` when the file failed and the job with it.
    pub(super) job: Option<u64>,
    pub(super) failures: Vec<IngestFailure>,
    pub(super) pages: u64,
    pub(super) pages_read: u64,
}

/// Reads one file; `None` when a stop was requested meanwhile.
pub(super) async fn read_file(context: &Context, path: &Path) -> Result<Option<FileRead>, Error> {
    let place = path.display().to_string();
    let file_name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let failed = |sha256: Option<String>, failure: &Failure| FileRead {
        document: ReadDocument {
            file_name: file_name.clone(),
            sha256,
            failure: Some(failure.code.code().to_owned()),
            pages: Vec::new(),
        },
        job: None,
        failures: vec![IngestFailure::of_file(&place, None, failure.code, &failure.detail)],
        pages: 0,
        pages_read: 0,
    };

    let stored = {
        let (data, path) = (context.data.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || data.store_original(&path)).await?
    };
    let stored = match stored {
        Ok(stored) => stored,
        Err(juanzong::catalogue::Error::Io {
            doing: "read",
            path: unreadable,
            ..
        }) if unreadable == path => {
            let job = context.catalogue.enqueue_job(JOB_KIND, &place, None).await?;
            let failure = Failure::new(FailureCode::Unreadable, "the source could not be copied");
            context
                .catalogue
                .fail_job(job.job_key, failure.code.code(), &failure.detail)
                .await?;
            return Ok(Some(failed(None, &failure)));
        }
        Err(error) => return Err(error.into()),
    };
    killpoint::reach("original_stored");
    let sha256 = stored.sha256.clone();
    let job = context
        .catalogue
        .enqueue_job(JOB_KIND, &place, Some(&sha256))
        .await?
        .job_key;
    context.catalogue.start_job(job).await?;

    let state = match context.catalogue.file_state(&sha256).await? {
        Some(state) => state,
        None => {
            let media_type = MediaType::of_file(&stored.path)
                .ok()
                .flatten()
                .map_or("application/octet-stream", MediaType::mime)
                .to_owned();
            let file = NewFile {
                sha256: sha256.clone(),
                bytes: stored.bytes,
                media_type,
                pages: None,
            };
            context.catalogue.register_file(&file).await?
        }
    };
    if state.finished() && (state.failure.is_some() || !state.pages_failed.is_empty()) {
        // What failed is tried again: the reader may have learnt it meanwhile.
        context.catalogue.reopen_file(&sha256).await?;
    }
    let pages = match page_count(context, &stored.path, &state).await {
        None => return Ok(None),
        Some(Ok(pages)) => pages,
        Some(Err(failure)) => {
            close_failed(context, &sha256, job, None, &failure).await?;
            return Ok(Some(failed(Some(sha256), &failure)));
        }
    };

    let missing: Vec<u32> = (1..=pages)
        .filter(|n| !state.pages_done.contains(n) || state.pages_failed.contains(n))
        .collect();
    let pages_read = missing.len() as u64;
    context
        .progress
        .pages_found(u64::from(pages), u64::from(pages) - pages_read);
    if !read_pages(context, &stored.path, &sha256, &missing).await?.complete {
        return Ok(None);
    }

    let mut records = Vec::new();
    for number in 1..=pages {
        if let Some(page) = context.catalogue.page_of_content(&sha256, number).await? {
            records.push(page);
        }
    }
    let all_failed = !records.is_empty() && records.iter().all(|p| p.failure.is_some());
    if all_failed && let Some((code, detail)) = records.first().and_then(|p| p.failure.clone()) {
        // A file without one readable page is one failure, not as many as it has pages.
        let failure = Failure::new(FailureCode::from_code(&code).unwrap_or(FailureCode::Damaged), detail);
        close_failed(context, &sha256, job, Some(pages), &failure).await?;
        return Ok(Some(FileRead {
            pages: pages.into(),
            pages_read,
            ..failed(Some(sha256), &failure)
        }));
    }
    context.catalogue.finish_file(&sha256, Some(pages), None).await?;
    killpoint::reach("file_finished");
    let failures = records
        .iter()
        .filter_map(|page| {
            let (code, detail) = page.failure.as_ref()?;
            let code = FailureCode::from_code(code).unwrap_or(FailureCode::Damaged);
            Some(IngestFailure::of_file(&place, Some(page.number), code, detail))
        })
        .collect();
    let document = ReadDocument {
        file_name,
        sha256: Some(sha256),
        failure: None,
        pages: records,
    };
    Ok(Some(FileRead {
        document,
        job: Some(job),
        failures,
        pages: pages.into(),
        pages_read,
    }))
}

/// Number of pages: as kept, else as the reader finds. `None` when a stop was requested.
async fn page_count(context: &Context, path: &Path, state: &FileState) -> Option<Result<u32, Failure>> {
    if let Some(pages) = state.pages_expected.filter(|_| state.failure.is_none()) {
        return Some(Ok(pages));
    }
    let probed = context.stop.unless(context.pool.probe(path)).await?;
    Some(probed.map(|probe| probe.pages))
}

async fn close_failed(
    context: &Context,
    sha256: &str,
    job: u64,
    pages: Option<u32>,
    failure: &Failure,
) -> Result<(), Error> {
    let reason = FileFailure {
        code: failure.code.code().to_owned(),
        detail: failure.detail.clone(),
    };
    context.catalogue.finish_file(sha256, pages, Some(&reason)).await?;
    context
        .catalogue
        .fail_job(job, failure.code.code(), &failure.detail)
        .await?;
    Ok(())
}

/// What reading some pages gave.
#[derive(Default)]
pub(super) struct PagesRead {
    /// Whether all were read; not when a stop was requested.
    pub(super) complete: bool,
    /// Pages that could not be read, and why.
    pub(super) failed: Vec<(u32, Failure)>,
}

/// Reads some pages in stretches that several workers share.
pub(super) async fn read_pages(
    context: &Context,
    path: &Path,
    sha256: &str,
    numbers: &[u32],
) -> Result<PagesRead, Error> {
    let stretches = stretches(numbers)
        .into_iter()
        .map(|stretch| read_stretch(context, path, sha256, stretch));
    let mut all = PagesRead {
        complete: true,
        ..PagesRead::default()
    };
    for done in futures_util::future::join_all(stretches).await {
        let done = done?;
        all.complete &= done.complete;
        all.failed.extend(done.failed);
    }
    Ok(all)
}

async fn read_stretch(
    context: &Context,
    path: &Path,
    sha256: &str,
    stretch: RangeInclusive<u32>,
) -> Result<PagesRead, Error> {
    let (sender, mut receiver) = mpsc::channel(PAGES_UNDER_WAY);
    let reading = context.stop.unless(context.pool.read(path, stretch.clone(), sender));
    let keeping = async {
        let (mut kept, mut failed) = (Vec::new(), Vec::new());
        while let Some(event) = receiver.recv().await {
            match &event {
                ReadEvent::Page(page) => kept.push(page.record.number),
                ReadEvent::PageFailed { number, failure } => {
                    kept.push(*number);
                    failed.push((*number, failure.clone()));
                }
            }
            keep(context, sha256, event).await?;
            context.progress.page_done();
        }
        Ok::<_, Error>((kept, failed))
    };
    // Dropping the reader closes the channel, so pages that came through are still kept.
    let (read, kept) = tokio::join!(reading, keeping);
    let (kept, mut failed) = kept?;
    if let Some(Err(failure)) = &read {
        for number in stretch.filter(|n| !kept.contains(n)) {
            failed.push((number, failure.clone()));
            keep(
                context,
                sha256,
                ReadEvent::PageFailed {
                    number,
                    failure: failure.clone(),
                },
            )
            .await?;
            context.progress.page_done();
        }
    }
    Ok(PagesRead {
        complete: read.is_some(),
        failed,
    })
}

/// Keeps a page: first its images, then the row that says that it is there. A failure never takes the place of an earlier
/// reading.
async fn keep(context: &Context, sha256: &str, event: ReadEvent) -> Result<(), Error> {
    let record = match event {
        ReadEvent::Page(page) => {
            let ReadPage {
                record,
                reading_image,
                thumbnail,
                picture,
            } = *page;
            if let Some(picture) = &picture {
                context.catalogue.keep_picture(sha256, record.number, picture).await?;
            }
            let (data, sha256, number) = (context.data.clone(), sha256.to_owned(), record.number);
            tokio::task::spawn_blocking(move || {
                data.store_page_image(&sha256, number, Rendition::Reading, &reading_image)?;
                data.store_page_image(&sha256, number, Rendition::Thumbnail, &thumbnail)
            })
            .await??;
            killpoint::reach("page_images_stored");
            record
        }
        ReadEvent::PageFailed { number, .. } if has_reading(context, sha256, number).await? => return Ok(()),
        ReadEvent::PageFailed { number, failure } => PageRecord {
            number,
            width: 0,
            height: 0,
            dpi: None,
            rotation: 0,
            skew: 0.0,
            confidence: None,
            source: TextSource::Ocr,
            engine: String::new(),
            text: PageText::default(),
            failure: Some((failure.code.code().to_owned(), failure.detail)),
        },
    };
    context.catalogue.save_page(sha256, &record).await?;
    killpoint::reach("page_saved");
    Ok(())
}

async fn has_reading(context: &Context, sha256: &str, number: u32) -> Result<bool, Error> {
    let earlier = context.catalogue.page_of_content(sha256, number).await?;
    Ok(earlier.is_some_and(|page| page.failure.is_none()))
}

/// Runs of consecutive numbers, none longer than [`PAGES_AT_A_STRETCH`].
fn stretches(numbers: &[u32]) -> Vec<RangeInclusive<u32>> {
    let mut stretches: Vec<RangeInclusive<u32>> = Vec::new();
    for &number in numbers {
        match stretches.last_mut() {
            Some(last) if *last.end() + 1 == number && number - *last.start() < PAGES_AT_A_STRETCH => {
                *last = *last.start()..=number;
            }
            _ => stretches.push(number..=number),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_consecutive_and_bounded() {
        assert_eq!(stretches(&[]), []);
        assert_eq!(stretches(&[1, 2, 3, 7, 9, 10]), [1..=3, 7..=7, 9..=10]);
        let many: Vec<u32> = (1..=20).collect();
        assert_eq!(stretches(&many), [1..=8, 9..=16, 17..=20]);
    }
}
