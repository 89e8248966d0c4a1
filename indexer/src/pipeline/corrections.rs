//! Corrections on their way into the index. The catalogue has them already, and so has everybody who looks at the case;
//! here the facts that follow from them are read anew, and the index is told.

use juanzong::catalogue::{CORRECTION_JOB, Job};
use juanzong::record::ArchivalCode;

use super::Error;
use super::ingest::Context;
use super::read_anew::read_facts_anew;
use crate::killpoint;

/// Kind of the jobs of cases whose pages are being read again; their source is the 档号.
pub(super) const REREAD_JOB: &str = "reread";
/// Jobs looked at together.
const JOBS_AT_A_TIME: u32 = 100;

/// Takes in every correction that waits, and finishes what a stopped run of `reprocess` left; returns how many jobs.
pub(super) async fn drain(context: &Context) -> Result<u64, Error> {
    Ok(drain_kind(context, REREAD_JOB).await? + drain_kind(context, CORRECTION_JOB).await?)
}

async fn drain_kind(context: &Context, kind: &str) -> Result<u64, Error> {
    let mut drained = 0;
    while !context.stop.requested() {
        let jobs = context.catalogue.queued_jobs(kind, JOBS_AT_A_TIME).await?;
        if jobs.is_empty() {
            break;
        }
        // What people typed is in the catalogue: it need not wait for the facts that follow from it.
        context.index.changed();
        for job in jobs {
            take_in(context, &job).await?;
            drained += 1;
        }
        context.index.changed();
    }
    Ok(drained)
}

async fn take_in(context: &Context, job: &Job) -> Result<(), Error> {
    context.catalogue.start_job(job.job_key).await?;
    killpoint::reach("correction_started");
    let code = match job.kind.as_str() {
        CORRECTION_JOB => job.source.rsplit_once('#').map_or("", |(code, _)| code),
        _ => &job.source,
    };
    let known = match ArchivalCode::parse(code) {
        Some(code) => context.catalogue.case_by_code(&code).await?.map(|_| code),
        None => None,
    };
    let Some(code) = known else {
        let detail = "the case of this job is not in the catalogue";
        context.catalogue.fail_job(job.job_key, "no_case", detail).await?;
        return Ok(());
    };
    read_facts_anew(context, code).await?;
    killpoint::reach("correction_applied");
    context.catalogue.finish_job(job.job_key).await?;
    Ok(())
}
