//! Uploads on their way: checked, then made into cases. Both are jobs of the catalogue, and both can be interrupted at any
//! moment and begun again: a check writes nothing but what it found, and what was read of an upload before is not read again.

mod shown;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use juanzong::analysis::dictionary::Dictionaries;
use juanzong::catalogue::{CHECK_JOB, FileNews, Job, Saved, UPLOAD_JOB, UploadFileState, UploadReport, UploadWork};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use self::shown::{report_of, unreadable};
use super::ingest::{Context, News, Onlooker, ingest_some};
use super::{Error, IngestOptions, dry_run};
use crate::killpoint;
use crate::manifest::{self, Manifest, Mapping, Rules};

/// What is under way: a check need not wait for a long upload.
#[derive(Default)]
pub(super) struct UploadDesk {
    check: Option<JoinHandle<Result<String, Error>>>,
    upload: Option<JoinHandle<Result<String, Error>>>,
    ended: Vec<String>,
}

impl UploadDesk {
    /// Removes the files of uploads that are closed, which a killed indexer or server left.
    pub(super) async fn sweep(context: &Context) -> Result<(), Error> {
        let data = Arc::clone(&context.data);
        let there = tokio::task::spawn_blocking(move || data.uploads_on_disk()).await??;
        for id in context.catalogue.closed_uploads(&there).await? {
            remove(context, &id).await?;
        }
        Ok(())
    }

    /// Begins with what waits, one check and one upload at a time.
    pub(super) async fn look(&mut self, context: &Arc<Context>) -> Result<(), Error> {
        for (kind, slot) in [(CHECK_JOB, &mut self.check), (UPLOAD_JOB, &mut self.upload)] {
            if let Some(done) = slot.take_if(|running| running.is_finished()) {
                self.ended.push(done.await??);
            }
            if slot.is_some() || context.stop.requested() {
                continue;
            }
            let next = context.catalogue.queued_jobs(kind, 1).await?.into_iter().next();
            if let Some(job) = next {
                *slot = Some(tokio::spawn(run(Arc::clone(context), job)));
            }
        }
        Ok(())
    }

    /// Waits for what is under way.
    pub(super) async fn settle(&mut self) -> Result<(), Error> {
        for running in [self.check.take(), self.upload.take()].into_iter().flatten() {
            self.ended.push(running.await??);
        }
        Ok(())
    }

    /// Whether nothing is under way and nothing waits.
    pub(super) async fn is_idle(&self, context: &Context) -> Result<bool, Error> {
        let mut waiting = context.catalogue.queued_jobs(CHECK_JOB, 1).await?;
        waiting.extend(context.catalogue.queued_jobs(UPLOAD_JOB, 1).await?);
        Ok(waiting.is_empty() && self.check.is_none() && self.upload.is_none())
    }

    /// What ended since the last call, one line each: identifiers and numbers, no names of files.
    pub(super) fn ended(&mut self) -> Vec<String> {
        std::mem::take(&mut self.ended)
    }
}

async fn run(context: Arc<Context>, job: Job) -> Result<String, Error> {
    let Some(upload) = context.catalogue.upload_work(&job.source).await? else {
        let detail = "the upload of this job is closed";
        context.catalogue.fail_job(job.job_key, "no_upload", detail).await?;
        return Ok(format!("上传 {} 已关闭 (upload closed)", job.source));
    };
    context.catalogue.start_upload_job(job.job_key, &upload).await?;
    killpoint::reach("upload_started");
    match job.kind.as_str() {
        CHECK_JOB => check(&context, &job, &upload).await,
        _ => take_in(context, &job, &upload).await,
    }
}

/// Looks what would become of an upload, and keeps what was found.
async fn check(context: &Context, job: &Job, upload: &UploadWork) -> Result<String, Error> {
    let root = context.data.upload_files(&upload.upload_id);
    let found = match options(context, upload, &root).await {
        Ok(options) => dry_run(&context.pool, &options, None)
            .await
            .map(|found| report_of(&found, options.manifest.as_ref(), &root)),
        Err(error) => Err(error),
    };
    let report = match found {
        Ok(report) => report,
        // The manifest is at fault: that is what was found.
        Err(Error::Manifest(error)) => UploadReport {
            unreadable: Some(unreadable(&error)),
            ..UploadReport::default()
        },
        Err(error) => {
            let code = code_of(error)?;
            context.catalogue.fail_upload_check(job.job_key, upload, code).await?;
            return Ok(format!("上传 {} 未能核对 (not checked): [{code}]", upload.upload_id));
        }
    };
    killpoint::reach("upload_checked");
    let cases = report.cases.len();
    context
        .catalogue
        .keep_upload_report(job.job_key, upload, &report)
        .await?;
    Ok(format!("上传 {} 已核对，案卷 {cases} (checked)", upload.upload_id))
}

/// Makes cases of an upload.
async fn take_in(context: Arc<Context>, job: &Job, upload: &UploadWork) -> Result<String, Error> {
    let root = context.data.upload_files(&upload.upload_id);
    let numbers = upload.files.iter().map(|file| (root.join(&file.path), file.number));
    let numbers: HashMap<PathBuf, u32> = numbers.collect();
    let (sender, receiver) = mpsc::unbounded_channel();
    let reading = async {
        let options = options(&context, upload, &root).await?;
        ingest_some(Arc::clone(&context), &options, Onlooker(Some(sender))).await
    };
    // The channel closes when nothing reads any more.
    let (read, told) = tokio::join!(reading, note(&context, upload, &numbers, receiver));
    told?;
    let failure = match read {
        // It goes on at the next start.
        Ok(summary) if summary.stopped => return Ok(format!("上传 {} 暂停 (interrupted)", upload.upload_id)),
        Ok(summary) => {
            killpoint::reach("upload_read");
            let finished = context.catalogue.end_upload(job.job_key, upload, None).await?;
            killpoint::reach("upload_ended");
            if finished {
                remove(&context, &upload.upload_id).await?;
            }
            return Ok(format!(
                "上传 {}：案卷 {}，失败 {} (cases, failures)",
                upload.upload_id,
                summary.cases,
                summary.failures.len()
            ));
        }
        Err(error) => code_of(error)?,
    };
    context.catalogue.end_upload(job.job_key, upload, Some(failure)).await?;
    Ok(format!("上传 {} 失败 (failed): [{failure}]", upload.upload_id))
}

/// Writes down what becomes of files and cases.
async fn note(
    context: &Context,
    upload: &UploadWork,
    numbers: &HashMap<PathBuf, u32>,
    mut news: mpsc::UnboundedReceiver<News>,
) -> Result<(), Error> {
    while let Some(news) = news.recv().await {
        let file = match news {
            News::CaseSaved(code, saved) => {
                let outcome = match saved {
                    Saved::Created { .. } => "created",
                    Saved::Changed { .. } => "changed",
                    Saved::Unchanged { .. } => "unchanged",
                };
                context
                    .catalogue
                    .note_upload_case(upload, code.as_str(), outcome)
                    .await?;
                killpoint::reach("upload_case_noted");
                continue;
            }
            News::FileBegun(path) => numbers.get(&path).map(|number| FileNews {
                number: *number,
                state: UploadFileState::Reading,
                reason: None,
                pages: None,
                pages_failed: 0,
            }),
            News::FileEnded {
                path,
                pages,
                failed,
                failures,
            } => numbers.get(&path).map(|number| FileNews {
                number: *number,
                state: match failed {
                    true => UploadFileState::Failed,
                    false => UploadFileState::Read,
                },
                reason: failures.first().map(|failure| failure.code.to_owned()),
                pages: u32::try_from(pages).ok().filter(|pages| *pages > 0),
                pages_failed: u32::try_from(failures.iter().filter(|failure| failure.page.is_some()).count())
                    .unwrap_or(u32::MAX),
            }),
        };
        if let Some(file) = file {
            context.catalogue.note_upload_file(upload, &file).await?;
            killpoint::reach("upload_file_noted");
        }
    }
    Ok(())
}

async fn options(context: &Context, upload: &UploadWork, root: &Path) -> Result<IngestOptions, Error> {
    Ok(IngestOptions {
        paths: vec![root.to_owned()],
        manifest: manifest(context, upload, root).await?,
        each_file: upload.options.each_file,
    })
}

async fn manifest(context: &Context, upload: &UploadWork, root: &Path) -> Result<Option<Manifest>, Error> {
    let chosen = upload.options.manifest;
    let Some(file) = upload.files.iter().find(|file| Some(file.number) == chosen) else {
        return Ok(None);
    };
    let mapping = Mapping::of_headings(upload.options.headings.clone()).unwrap_or_default();
    let rules = Rules {
        today: manifest::today(),
        dictionaries: &Dictionaries::extended(&context.data.dictionaries()).map_err(juanzong::analysis::Error::from)?,
        mapping: &mapping,
    };
    Ok(Some(
        manifest::read(&root.join(&file.path), &context.pool, &rules).await?,
    ))
}

/// A stable code for what is wrong with the upload; an error of the archive itself ends the run.
fn code_of(error: Error) -> Result<&'static str, Error> {
    match error {
        Error::Source(error) => Ok(error.code()),
        Error::Manifest(_) => Ok("manifest_unusable"),
        error => Err(error),
    }
}

async fn remove(context: &Context, upload_id: &str) -> Result<(), Error> {
    let (data, id) = (Arc::clone(&context.data), upload_id.to_owned());
    tokio::task::spawn_blocking(move || data.remove_upload(&id)).await??;
    Ok(())
}
