//! `GET /api/v1/jobs` and `GET /api/v1/jobs/{job}`: what the indexer does with uploads.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::uploads::answers::{FileAnswer, files_of, has_indexer};
use crate::access::Action;
use crate::archive::CaseStanding;
use crate::catalogue::{CHECK_JOB, JobState, UPLOAD_JOB, Upload, UploadFileState, UploadState};
use crate::http::codes::ErrorCode;
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{self, May};
use crate::http::state::AppState;

/// The jobs of the uploads of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JobsAnswer {
    jobs: Vec<JobAnswer>,
    /// Whether an indexer takes uploads in at the moment; none of them begins without one.
    indexer: bool,
}

/// A job: the check of an upload, or making cases of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::http) struct JobAnswer {
    /// Opaque id of the job.
    pub(super) job_id: String,
    /// `upload_check` or `upload`.
    kind: &'static str,
    /// Opaque id of the upload.
    pub(super) upload_id: String,
    /// `queued`, `running`, `done` or `failed`.
    state: &'static str,
    /// Stable code of why it failed.
    reason: Option<String>,
    /// How often it was begun.
    attempts: u32,
    /// When it was put into the queue (RFC 3339, UTC).
    enqueued_at: String,
    /// Goes up with every change.
    pub(super) revision: u64,
    /// How many files are how far.
    counts: FileCounts,
    /// Pages of the files read so far.
    pages: u64,
    /// Whether something failed that can be tried again.
    can_retry: bool,
    /// The cases that came of it so far.
    cases: Vec<CaseMade>,
}

/// A job with the files of its upload.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JobWithFiles {
    #[serde(flatten)]
    pub(super) job: JobAnswer,
    /// The files; in events after the first only those that changed.
    pub(super) files: Vec<FileAnswer>,
    /// Whether an indexer takes uploads in at the moment.
    pub(super) indexer: bool,
}

/// How many files are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
struct FileCounts {
    waiting: u32,
    reading: u32,
    read: u32,
    failed: u32,
    passed_over: u32,
}

/// A case that came of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct CaseMade {
    /// 档号
    archival_code: String,
    /// `created`, `changed` or `unchanged`.
    outcome: String,
    /// Opaque id of the case; absent when the account may not see it.
    case_id: Option<String>,
}

impl JobAnswer {
    /// The job of this kind of an upload; [`ErrorCode::JobNotFound`] when there is none.
    pub(super) async fn read(
        state: &AppState,
        may: &May<rights::Upload>,
        (kind, upload_id): (&'static str, &str),
    ) -> ApiResult<Self> {
        let missing = || ApiError::new(ErrorCode::JobNotFound);
        let catalogue = state.archive().catalogue();
        let upload = catalogue.upload(may.viewer().account_key, upload_id).await?;
        let upload = upload.ok_or_else(missing)?;
        Self::find(state, may, (kind, &upload)).await?.ok_or_else(missing)
    }

    /// The same of an upload that was read; `None` when there is no such job.
    pub(super) async fn find(
        state: &AppState,
        may: &May<rights::Upload>,
        (kind, upload): (&'static str, &Upload),
    ) -> ApiResult<Option<Self>> {
        let catalogue = state.archive().catalogue();
        let Some(found) = catalogue.upload_job(&upload.upload_id, kind).await? else {
            return Ok(None);
        };
        let mut cases = Vec::new();
        if kind == UPLOAD_JOB {
            let view = may.view();
            for (archival_code, outcome) in catalogue.upload_cases(upload).await? {
                let case_id = match view.standing(&archival_code).await? {
                    CaseStanding::Seen { case_id } => Some(case_id),
                    CaseStanding::Free | CaseStanding::Taken => None,
                };
                cases.push(CaseMade {
                    archival_code,
                    outcome,
                    case_id,
                });
            }
        }
        let failed = found.job.state == JobState::Failed;
        let prefix = if kind == CHECK_JOB { "check" } else { "upload" };
        Ok(Some(Self {
            job_id: format!("{prefix}-{}", upload.upload_id),
            kind,
            upload_id: upload.upload_id.clone(),
            state: found.job.state.code(),
            reason: found.job.reason.map(|(code, _)| code),
            attempts: found.job.attempts,
            enqueued_at: found.enqueued_at,
            revision: upload.revision,
            counts: FileCounts::of(upload),
            pages: upload.files.iter().filter_map(|file| file.pages).map(u64::from).sum(),
            can_retry: upload.state == UploadState::Ended && (failed || upload.has_failures()),
            cases,
        }))
    }

    /// Whether nothing more will happen to it by itself.
    pub(super) fn is_over(&self) -> bool {
        let over = [JobState::Done.code(), JobState::Failed.code()];
        over.contains(&self.state)
    }
}

impl JobWithFiles {
    pub(super) async fn read(
        state: &AppState,
        may: &May<rights::Upload>,
        (kind, upload_id): (&'static str, &str),
        language: Language,
    ) -> ApiResult<(Self, Upload)> {
        let missing = || ApiError::new(ErrorCode::JobNotFound);
        let catalogue = state.archive().catalogue();
        let upload = catalogue.upload(may.viewer().account_key, upload_id).await?;
        let upload = upload.ok_or_else(missing)?;
        let job = JobAnswer::find(state, may, (kind, &upload)).await?;
        let answer = Self {
            job: job.ok_or_else(missing)?,
            files: files_of(&upload, language),
            indexer: has_indexer(state).await?,
        };
        Ok((answer, upload))
    }
}

impl FileCounts {
    fn of(upload: &Upload) -> Self {
        let mut counts = Self::default();
        for file in &upload.files {
            let count = match file.state {
                UploadFileState::Named | UploadFileState::Waiting => &mut counts.waiting,
                UploadFileState::Reading => &mut counts.reading,
                UploadFileState::Read => &mut counts.read,
                UploadFileState::Failed => &mut counts.failed,
                UploadFileState::PassedOver => &mut counts.passed_over,
            };
            *count += 1;
        }
        counts
    }
}

/// Kind and upload that an id of a job means.
pub(super) fn job_of(id: &str) -> ApiResult<(&'static str, &str)> {
    let parts = id.split_once('-').and_then(|(prefix, upload)| {
        let kind = match prefix {
            "check" => CHECK_JOB,
            "upload" => UPLOAD_JOB,
            _ => return None,
        };
        Some((kind, upload))
    });
    parts.ok_or_else(|| ApiError::new(ErrorCode::JobNotFound))
}

/// The jobs of the uploads of the account, those of the latest upload first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "uploads", operation_id = "jobs",
    responses(
        (status = 200, body = JobsAnswer),
        (status = 403, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    may: May<rights::Upload>,
    pairs: Pairs,
) -> ApiResult<Json<JobsAnswer>> {
    let [] = pairs.take([])?;
    let catalogue = state.archive().catalogue();
    let uploads = catalogue
        .uploads(may.viewer().account_key, limits::UPLOADS_LISTED)
        .await?;
    let mut jobs = Vec::new();
    for upload in &uploads {
        for kind in [UPLOAD_JOB, CHECK_JOB] {
            jobs.extend(JobAnswer::find(&state, &may, (kind, upload)).await?);
        }
    }
    may.record(Action::Upload, &json!({"did": "jobs"})).await?;
    let indexer = has_indexer(&state).await?;
    Ok(Json(JobsAnswer { jobs, indexer }))
}

/// A job, and how far each file is.
#[utoipa::path(get, path = "/api/v1/jobs/{job}", tag = "uploads", operation_id = "job",
    params(("job" = String, Path, description = "Opaque id of the job")),
    responses(
        (status = 200, body = JobWithFiles),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn one(
    State(state): State<AppState>,
    may: May<rights::Upload>,
    Parameters(id): Parameters<String>,
    pairs: Pairs,
    language: Language,
) -> ApiResult<Json<JobWithFiles>> {
    let [] = pairs.take([])?;
    let (answer, _) = JobWithFiles::read(&state, &may, job_of(&id)?, language).await?;
    let details = json!({"did": "job", "upload": answer.job.upload_id});
    may.record(Action::Upload, &details).await?;
    Ok(Json(answer))
}
