//! Uploads as they are answered.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::known;
use crate::archive::CaseStanding;
use crate::catalogue::{
    CHECK_JOB, PathFault, UPLOAD_JOB, Upload, UploadCase, UploadFile, UploadFinding, UploadManifest, UploadReport,
};
use crate::http::error::ApiResult;
use crate::http::language::Language;
use crate::http::limits;
use crate::http::rights::{self, May};
use crate::http::routes::jobs::JobAnswer;
use crate::http::state::AppState;
use crate::record::FailureCode;

/// The uploads of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct UploadsAnswer {
    uploads: Vec<UploadLine>,
    /// Whether an indexer takes uploads in at the moment.
    indexer: bool,
    /// Most files of an upload.
    most_files: u32,
    /// Most bytes of a file.
    most_file_bytes: u64,
    /// Most bytes of an upload.
    most_bytes: u64,
}

/// An upload in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct UploadLine {
    /// Opaque id of the upload.
    upload_id: String,
    /// `open`, `given`, `ended` or `closed`.
    state: &'static str,
    /// When it was begun (RFC 3339, UTC).
    made_at: String,
    /// Its files.
    files: u32,
    /// Files that could not be read.
    failed: u32,
}

/// An upload.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct UploadAnswer {
    /// Opaque id of the upload.
    pub(super) upload_id: String,
    /// `open`: files are named and sent · `given`: the indexer has it · `ended`: what failed can be tried again · `closed`:
    /// its files are gone.
    state: &'static str,
    /// When it was begun (RFC 3339, UTC).
    made_at: String,
    /// Its files.
    files: Vec<FileAnswer>,
    /// Number of the file that is the manifest.
    manifest: Option<u32>,
    /// Whether each file is a case of its own.
    each_file: bool,
    /// What the check found; absent before one, and when files or options changed since.
    report: Option<ReportAnswer>,
    /// The check.
    check: Option<JobAnswer>,
    /// The job that makes cases of it.
    job: Option<JobAnswer>,
    /// Whether an indexer takes uploads in at the moment.
    indexer: bool,
}

/// A file of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct FileAnswer {
    /// Number in the upload.
    number: u32,
    /// Path below the folder of the upload.
    path: String,
    /// Size.
    bytes: u64,
    /// `named`, `waiting`, `reading`, `read`, `failed` or `passed_over`.
    state: &'static str,
    /// Stable code of why it, or the first page of it that failed, could not be read.
    reason: Option<String>,
    /// The same in words.
    message: Option<&'static str>,
    /// Its pages, once they are counted.
    pages: Option<u32>,
    /// Pages that could not be read.
    pages_failed: u32,
}

/// Names that were taken or refused.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct NamedFilesAnswer {
    pub(super) files: Vec<NamedFile>,
}

/// A name that was taken or refused.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct NamedFile {
    /// The path as it was given.
    path: String,
    /// The number under which the file is sent; absent when the name cannot be taken.
    number: Option<u32>,
    /// Stable code of why it cannot.
    reason: Option<&'static str>,
    /// The same in words.
    message: Option<&'static str>,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ReportAnswer {
    /// Why the manifest cannot be read at all.
    unreadable: Option<String>,
    /// How the manifest was understood.
    manifest: Option<UploadManifest>,
    /// The cases that would come of it, the first 500.
    cases: Vec<CaseToBe>,
    /// How many cases there would be.
    case_count: u64,
    /// Cases whose archival code cannot be used.
    taken: u64,
    /// Their pages, as far as they could be counted.
    pages: u64,
    /// What was found, the first 1000.
    findings: Vec<FindingLine>,
    /// How many findings there are.
    found: u64,
    /// Findings because of which something is not taken in.
    refusals: u64,
    /// Whether something can be taken in.
    usable: bool,
}

/// A case that would come of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CaseToBe {
    #[serde(flatten)]
    case: UploadCase,
    /// `new`, `changed`: the case is there and would get another version, `taken`: the archival code cannot be used.
    standing: &'static str,
}

/// Something found in the manifest, or between it and the files.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct FindingLine {
    /// Stable code.
    code: String,
    /// `table`, `row`, `files`, `difference` or `note`; the first three stand in the way of something.
    severity: String,
    /// Row of the manifest as Excel numbers it.
    row: Option<u32>,
    /// Letters of the column.
    column: Option<String>,
    /// Heading of the column.
    heading: Option<String>,
    /// File or folder of the upload.
    path: Option<String>,
    /// 档号 of the row.
    archival_code: Option<String>,
    /// Numbers that belong to it.
    detail: String,
    /// What is wrong.
    message: String,
}

impl UploadsAnswer {
    pub(super) async fn read(state: &AppState, account: u64) -> ApiResult<Self> {
        let uploads = state
            .archive()
            .catalogue()
            .uploads(account, limits::UPLOADS_LISTED)
            .await?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let lines = uploads.into_iter().map(|upload| UploadLine {
            state: upload.state.code(),
            made_at: upload.made_at,
            files: count(upload.files.len()),
            failed: count(upload.files.iter().filter(|file| file.reason.is_some()).count()),
            upload_id: upload.upload_id,
        });
        Ok(Self {
            uploads: lines.collect(),
            indexer: has_indexer(state).await?,
            most_files: limits::UPLOAD_FILES,
            most_file_bytes: limits::UPLOAD_FILE_BYTES,
            most_bytes: limits::UPLOAD_BYTES,
        })
    }
}

impl UploadAnswer {
    pub(super) async fn read(
        state: &AppState,
        may: &May<rights::Upload>,
        id: &str,
        language: Language,
    ) -> ApiResult<Self> {
        let upload = known(state, may.viewer().account_key, id).await?;
        let report = state.archive().catalogue().upload_report(&upload).await?;
        let report = match report.filter(|(_, current)| *current) {
            Some((report, _)) => Some(ReportAnswer::read(may, report, language).await?),
            None => None,
        };
        Ok(Self {
            check: JobAnswer::find(state, may, (CHECK_JOB, &upload)).await?,
            job: JobAnswer::find(state, may, (UPLOAD_JOB, &upload)).await?,
            indexer: has_indexer(state).await?,
            state: upload.state.code(),
            files: files_of(&upload, language),
            manifest: upload.options.manifest,
            each_file: upload.options.each_file,
            made_at: upload.made_at,
            upload_id: upload.upload_id,
            report,
        })
    }
}

/// The files of an upload.
pub(in crate::http) fn files_of(upload: &Upload, language: Language) -> Vec<FileAnswer> {
    upload
        .files
        .iter()
        .map(|file| FileAnswer::new(file, language))
        .collect()
}

impl FileAnswer {
    pub(in crate::http) fn new(file: &UploadFile, language: Language) -> Self {
        let code = file.reason.as_deref().and_then(FailureCode::from_code);
        Self {
            number: file.number,
            path: file.path.clone(),
            bytes: file.bytes,
            state: file.state.code(),
            reason: file.reason.clone(),
            message: code.map(|code| match language {
                Language::Chinese => code.message_zh(),
                Language::English => code.message_en(),
            }),
            pages: file.pages,
            pages_failed: file.pages_failed,
        }
    }
}

impl NamedFile {
    pub(super) fn new(path: String, number: Result<u32, PathFault>, language: Language) -> Self {
        let fault = number.err();
        Self {
            path,
            number: number.ok(),
            reason: fault.map(PathFault::code),
            message: fault.map(|fault| words(fault, language)),
        }
    }

    pub(super) fn too_large(path: String, language: Language) -> Self {
        let code = FailureCode::FileTooLarge;
        Self {
            path,
            number: None,
            reason: Some(code.code()),
            message: Some(match language {
                Language::Chinese => code.message_zh(),
                Language::English => code.message_en(),
            }),
        }
    }
}

fn words(fault: PathFault, language: Language) -> &'static str {
    let (zh, en) = match fault {
        PathFault::Escapes => (
            "路径不得为绝对路径或含有“..”",
            "the path is absolute or leads out of its folder",
        ),
        PathFault::Characters => (
            "文件名含有不能使用的字符",
            "the name has characters that cannot be in one",
        ),
        PathFault::Device => ("文件名为系统保留名称", "the name is reserved by some systems"),
        PathFault::TooLong => ("文件名或路径太长", "the name or path is too long"),
        PathFault::Hidden => (
            "隐藏文件或临时文件，不上传",
            "hidden and temporary files are not uploaded",
        ),
        PathFault::Taken => (
            "与另一文件或文件夹同名（不分大小写）",
            "another file or folder has this name, case aside",
        ),
    };
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

impl ReportAnswer {
    async fn read(may: &May<rights::Upload>, report: UploadReport, language: Language) -> ApiResult<Self> {
        let usable = report.is_usable();
        let said = |zh: String, en: String| match language {
            Language::Chinese => zh,
            Language::English => en,
        };
        let (view, mut cases, mut taken) = (may.view(), Vec::new(), 0);
        let case_count = report.cases.len() as u64;
        for case in report.cases {
            let standing = match view.standing(&case.archival_code).await? {
                CaseStanding::Free => "new",
                CaseStanding::Seen { .. } => "changed",
                CaseStanding::Taken => "taken",
            };
            taken += u64::from(standing == "taken");
            // Those that stand in the way are shown in any case.
            if cases.len() < limits::UPLOAD_CASES_SHOWN || standing == "taken" {
                cases.push(CaseToBe { case, standing });
            }
        }
        let finding = |finding: UploadFinding| FindingLine {
            code: finding.code,
            severity: finding.severity,
            row: finding.row,
            column: finding.column,
            heading: finding.heading,
            path: finding.path,
            archival_code: finding.archival_code,
            detail: finding.detail,
            message: said(finding.message_zh, finding.message_en),
        };
        Ok(Self {
            unreadable: report.unreadable.map(|(zh, en)| said(zh, en)),
            manifest: report.manifest,
            cases,
            case_count,
            taken,
            pages: report.pages,
            findings: report.findings.into_iter().map(finding).collect(),
            found: report.found,
            refusals: report.refusals,
            usable,
        })
    }
}

/// Whether an indexer takes uploads in at the moment, by its own signs.
pub(in crate::http) async fn has_indexer(state: &AppState) -> ApiResult<bool> {
    let seen = state.archive().catalogue().watcher_seen().await?;
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    Ok(seen.is_some_and(|seen| now.saturating_sub(seen) <= limits::WATCHER_SECONDS))
}
