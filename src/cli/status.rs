//! `juanzong status`

use std::io::Write;

use serde::Serialize;

use super::failure::Failure;
use super::write_json;
use crate::archive::Archive;
use crate::catalogue::{Counts, Job, JobState};
use crate::index::IndexStatus;
use crate::text_table::Table;

/// Most failed jobs that are listed.
const JOBS_LISTED: u32 = 100;

#[derive(Serialize)]
struct Status {
    counts: Counts,
    catalogue_sequence: u64,
    index: Index,
    failed_jobs: Vec<FailedJob>,
}

#[derive(Serialize)]
struct Index {
    ready: bool,
    generation: Option<String>,
    sequence: u64,
    cases: u64,
    needs_reindex: bool,
}

#[derive(Serialize)]
struct FailedJob {
    kind: String,
    source: String,
    code: String,
    detail: String,
    attempts: u32,
}

pub(super) async fn run(archive: &Archive, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let catalogue = archive.catalogue();
    let failed = catalogue.jobs_in_state(JobState::Failed, JOBS_LISTED).await?;
    let status = Status {
        counts: catalogue.counts().await?,
        catalogue_sequence: catalogue.sequence().await?,
        index: archive.index().status().into(),
        failed_jobs: failed.into_iter().map(FailedJob::from).collect(),
    };
    if json {
        return write_json(out, &status);
    }
    Ok(write_status(out, &status)?)
}

fn write_status(out: &mut impl Write, status: &Status) -> std::io::Result<()> {
    let Counts {
        cases,
        cases_withdrawn,
        documents,
        pages,
        pages_failed,
        files,
        files_failed,
        jobs_open,
        jobs_failed,
    } = status.counts;
    writeln!(
        out,
        "案卷 {cases} 件（另有已撤下 {cases_withdrawn} 件），材料 {documents} 份"
    )?;
    writeln!(
        out,
        "文件 {files} 个（无法读取 {files_failed} 个），页面 {pages} 页（无法读取 {pages_failed} 页）"
    )?;
    writeln!(out, "任务：待处理 {jobs_open} 个，失败 {jobs_failed} 个")?;
    let index = &status.index;
    match (&index.generation, index.ready) {
        (Some(generation), true) => writeln!(
            out,
            "索引：第 {generation} 代，{} 件，已到变更 {}（目录库 {}）",
            index.cases, index.sequence, status.catalogue_sequence
        )?,
        _ => writeln!(out, "索引：尚未建立")?,
    }
    if index.needs_reindex {
        writeln!(out, "索引由其他版本或更换前的密钥建立，请运行 juanzong-indexer reindex")?;
    }
    if !status.failed_jobs.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&[("失败的任务", 60), ("原因", 28), ("次数", 4)]);
        for job in &status.failed_jobs {
            table.row([job.source.clone(), job.code.clone(), job.attempts.to_string()]);
            table.note(crate::text_table::one_line(&job.detail));
        }
        table.write(out)?;
    }
    Ok(())
}

impl From<IndexStatus> for Index {
    fn from(status: IndexStatus) -> Self {
        Self {
            ready: status.ready,
            generation: status.generation,
            sequence: status.sequence,
            cases: status.cases,
            needs_reindex: status.needs_reindex,
        }
    }
}

impl From<Job> for FailedJob {
    fn from(job: Job) -> Self {
        let (code, detail) = job.reason.unwrap_or_default();
        Self {
            kind: job.kind,
            source: job.source,
            code,
            detail,
            attempts: job.attempts,
        }
    }
}
