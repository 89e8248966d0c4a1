//! What the command line says when something fails: Chinese first, then English with the causes.

use std::io::{self, Write};
use std::process::ExitCode;

use super::dictionary::DictionaryFailure;
use crate::access::KeyError;
use crate::analysis;
use crate::analysis::dictionary::{self, EditError};
use crate::analytics::findings;
use crate::archive::{OpenError, ResultSetError};
use crate::catalogue::{self, Kind};
use crate::http::codes::ErrorCode;
use crate::http::{ApiError, Language, ServeError, TlsError};
use crate::telemetry::chain;
use crate::{backup, config, export, index, maintenance, search, telemetry, verify};

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The configuration.
    Config(config::Error),
    /// The log filter of the configuration.
    Log(telemetry::Error),
    /// The catalogue or the data directory.
    Catalogue(catalogue::Error),
    /// The archive as a whole.
    Open(OpenError),
    /// A search.
    Search(search::Error),
    /// A dictionary of the archive's own.
    Dictionary(DictionaryFailure),
    /// The server.
    Serve(ServeError),
    /// Its certificate.
    Tls(TlsError),
    /// A `--filter` that is not `FACET=VALUE`.
    Filter,
    /// No such case.
    NoCase,
    /// No such finding.
    NoFinding,
    /// No such kept result.
    NoResultSet,
    /// Findings that were not made to their end.
    Unfinished,
    /// No account that can be used has the name of `--as`.
    NoAccount,
    /// The account as which somebody acts may not do this.
    NotAllowed,
    /// A grant without a role.
    NoRole,
    /// The audit log is not what was written.
    AuditFindings(usize),
    /// An export.
    Export(export::Error),
    /// A backup or a restore.
    Backup(backup::Error),
    /// Originals that the archive has lost.
    LostOriginals(u64),
    /// A check, or a task of maintenance.
    Maintenance(maintenance::Error),
    /// A check found something; in Chinese and in English.
    VerifyFindings(String, String),
    /// There was never a check.
    NoReport,
    /// What is no text was to go to the screen.
    NoOutput,
    /// A file was named for what is only shown.
    NoFormat,
    /// Somebody stopped the command.
    Interrupted,
    /// Standard output.
    Output(io::Error),
    /// Threads or signals.
    Runtime(io::Error),
}

impl Failure {
    /// 2 for wrong usage and configuration, else 1.
    pub(super) fn exit_code(&self) -> ExitCode {
        let usage = match self {
            Self::Config(_)
            | Self::Tls(_)
            | Self::Log(_)
            | Self::Filter
            | Self::NoOutput
            | Self::NoFormat
            | Self::NoRole => true,
            Self::Backup(error) | Self::Maintenance(maintenance::Error::Backup(error)) => error.is_usage(),
            Self::Maintenance(error) => matches!(error, maintenance::Error::NotConfigured),
            Self::Export(error) => matches!(error, export::Error::NoFont { .. } | export::Error::Font { .. }),
            Self::Catalogue(error) => matches!(error, catalogue::Error::NoArchive { .. }),
            Self::Search(error) => error.kind() == search::ErrorKind::Invalid,
            Self::Open(_)
            | Self::Dictionary(_)
            | Self::Serve(_)
            | Self::NoCase
            | Self::NoFinding
            | Self::NoResultSet
            | Self::Unfinished
            | Self::NoAccount
            | Self::NotAllowed
            | Self::AuditFindings(_)
            | Self::LostOriginals(_)
            | Self::VerifyFindings(..)
            | Self::NoReport
            | Self::Interrupted
            | Self::Output(_)
            | Self::Runtime(_) => false,
        };
        ExitCode::from(if usage { 2 } else { 1 })
    }

    pub(super) fn report(&self, out: &mut impl Write) -> io::Result<()> {
        let (chinese, english) = self.texts();
        writeln!(out, "错误：{chinese}")?;
        writeln!(out, "error: {english}")
    }

    fn texts(&self) -> (String, String) {
        let plain = |chinese: &str, english: String| (chinese.to_owned(), english);
        match self {
            Self::Config(error) => plain(config_text(error), chain(error)),
            Self::Log(error) => plain("日志过滤条件无效。", chain(error)),
            Self::Catalogue(catalogue::Error::Refused(refusal)) => {
                let told = |language| ApiError::of_refusal(*refusal).problem(language, "").detail;
                (told(Language::Chinese), told(Language::English))
            }
            Self::Catalogue(catalogue::Error::Access(refusal)) => {
                let told = |language| ApiError::of_access_refusal(*refusal).problem(language, "").detail;
                (told(Language::Chinese), told(Language::English))
            }
            Self::NotAllowed => both(ErrorCode::NotAllowed),
            Self::NoResultSet => both(ErrorCode::ResultSetNotFound),
            Self::NoFinding => both(ErrorCode::FindingNotFound),
            Self::Unfinished => both(ErrorCode::Internal),
            Self::NoAccount => both(ErrorCode::AccountNotFound),
            Self::NoRole => plain("请用 --role 指明角色。", "name a role with --role".to_owned()),
            Self::AuditFindings(count) => (
                format!("审计日志有 {count} 处问题。"),
                format!("the audit log has {count} faults"),
            ),
            Self::Catalogue(error) | Self::Open(OpenError::Catalogue(error)) => {
                plain(catalogue_text(error), chain(error))
            }
            Self::Open(error @ OpenError::Analysis(analysis::Error::Dictionary(cause))) => {
                (dictionary_text(cause), chain(error))
            }
            Self::Dictionary(DictionaryFailure::Dictionary(error)) => (dictionary_text(error), chain(error)),
            Self::Dictionary(DictionaryFailure::Edit(EditError::Dictionary(error))) => {
                (dictionary_text(error), chain(error))
            }
            Self::Dictionary(DictionaryFailure::Edit(error @ EditError::Unwritable { .. })) => {
                plain("词典无法写入。", chain(error))
            }
            Self::Open(error @ OpenError::Index { source, .. }) => plain(index_text(source), chain(error)),
            Self::Search(error) => search_texts(error),
            Self::Serve(error @ ServeError::Listen { .. }) => plain("无法监听该地址。", chain(error)),
            Self::Tls(error @ TlsError::Pem { .. }) => plain("证书或私钥文件无法读取，须为 PEM 格式。", chain(error)),
            Self::Tls(error @ TlsError::Unusable { .. }) => plain("证书与私钥不相配，或类型不受支持。", chain(error)),
            Self::Filter => plain(
                "筛选条件须写成 分面=值，例如 year=2019。",
                "a filter is written FACET=VALUE, e.g. year=2019".to_owned(),
            ),
            Self::NoCase => plain("没有这个案卷。", "there is no such case".to_owned()),
            Self::Export(error) => plain(export_text(error), chain(error)),
            Self::Backup(error) | Self::Maintenance(maintenance::Error::Backup(error)) => {
                plain(backup_text(error), chain(error))
            }
            Self::Maintenance(
                maintenance::Error::Catalogue(error) | maintenance::Error::Verify(verify::Error::Catalogue(error)),
            ) => plain(catalogue_text(error), chain(error)),
            Self::Maintenance(error) => plain(maintenance_text(error), chain(error)),
            Self::LostOriginals(count) => (
                format!("备份已完成，但档案库中有 {count} 个原件缺失或已损坏，且历次备份中都没有。"),
                format!("the backup was made, but the archive has lost {count} originals that no backup holds"),
            ),
            Self::VerifyFindings(chinese, english) => (format!("{chinese}。"), english.clone()),
            Self::NoReport => plain("还没有检测过。", "there was no check yet".to_owned()),
            Self::NoOutput => plain(
                "此格式不是文本，请用 -o 指定输出文件。",
                "this format is no text: name a file with -o".to_owned(),
            ),
            Self::NoFormat => plain(
                "-o 指定了输出文件，请用 --format 说明写成何种表格。",
                "a file was named with -o: say with --format what to write".to_owned(),
            ),
            Self::Interrupted => plain("已中断，没有写出文件。", "interrupted; no file was written".to_owned()),
            Self::Output(error) => plain("无法写出结果。", format!("cannot write the result: {error}")),
            Self::Runtime(error) => plain("程序无法启动。", format!("cannot start: {error}")),
        }
    }
}

/// The words of the API.
fn both(code: ErrorCode) -> (String, String) {
    (
        code.detail(Language::Chinese).to_owned(),
        code.detail(Language::English).to_owned(),
    )
}

fn config_text(error: &config::Error) -> &'static str {
    match error {
        config::Error::Unreadable { .. } => "配置文件无法读取。",
        config::Error::Malformed { .. } => "配置文件有误。",
        config::Error::NotAnAddress { .. } => "监听地址无效。",
        config::Error::NotLoopback { .. } => {
            "为免口令明文传输，只允许监听本机地址（127.0.0.1 或 ::1）；要供其他机器使用，请配置 server.names 及 server.certificate 和 server.private_key，或由 TLS 代理转发并配置 server.tls。"
        }
        config::Error::HalfACertificate => "server.certificate 与 server.private_key 须同时配置。",
        config::Error::UnknownWord { .. } => "配置中有不认识的取值。",
        config::Error::OutOfRange { .. } => "配置的数值超出范围。",
    }
}

/// A file may be one of the archive or one of the backup; else it is as anywhere.
fn backup_text(error: &backup::Error) -> &'static str {
    match error {
        backup::Error::Catalogue(catalogue::Error::Io { .. }) => error.message_zh(),
        backup::Error::Catalogue(error) => catalogue_text(error),
        error => error.message_zh(),
    }
}

fn maintenance_text(error: &maintenance::Error) -> &'static str {
    match error {
        maintenance::Error::Busy { .. } => "另一项备份或检测正在进行。",
        maintenance::Error::NotConfigured => "没有指定备份目录，也没有在 [maintenance.backup] to 中配置。",
        maintenance::Error::Verify(verify::Error::Interrupted) => "检测已中断，进度已保存，再次运行即可继续。",
        maintenance::Error::Verify(_) => "检测无法进行。",
        maintenance::Error::Index(_) => "索引无法读取，不能与目录库核对。",
        _ => "数据目录无法读写。",
    }
}

/// Names the line, so that it can be mended.
fn dictionary_text(error: &dictionary::Error) -> String {
    match error.place() {
        Some(place) => format!("词典 {} 第 {} 行有误。", place.file, place.line),
        None => "词典无法读取。".to_owned(),
    }
}

fn catalogue_text(error: &catalogue::Error) -> &'static str {
    match (error, error.kind()) {
        (catalogue::Error::NoArchive { .. }, _) => "此目录中没有档案库，请先用 juanzong-indexer ingest 导入案卷。",
        (catalogue::Error::HalfRestored { .. }, _) => "此目录的恢复曾经中断，不是完整的档案库；请清空后重新恢复。",
        (catalogue::Error::TooNew { .. }, _) => "目录库由更新版本的程序写成，请使用新版本。",
        (catalogue::Error::DiskFull { .. }, _) => "磁盘已满。",
        (catalogue::Error::Keys(KeyError::Lost { .. }), _) => {
            "档案库的密钥不在密钥文件中，内容无法读取。请恢复密钥文件，或在 juanzong.toml 的 [keys] directory 指明其位置。"
        }
        (catalogue::Error::Keys(KeyError::TooOpen { .. }), _) => "密钥文件可被他人读取，请将权限改为 0600。",
        (catalogue::Error::Keys(_), _) => "密钥文件无法使用。",
        (catalogue::Error::AuditLog, _) => "审计日志无法写入，未予执行。",
        (_, Kind::Busy) => "目录库正被其他程序占用。",
        (_, Kind::Corrupt) => "目录库已损坏，或不是本程序的目录库。",
        (_, Kind::Invalid) => "输入无效。",
        (_, Kind::Internal) => "数据目录无法读写。",
    }
}

fn export_text(error: &export::Error) -> &'static str {
    match error {
        export::Error::NoFont { .. } => {
            "有的页面没有图像，需要排印文字，但没有找到中文字体。请安装 fonts-noto-cjk，或用 --font 指定字体文件。"
        }
        export::Error::Font { .. } => "此字体文件无法使用。",
        _ => "无法写出导出文件。",
    }
}

fn index_text(error: &index::Error) -> &'static str {
    match ErrorCode::from_code(error.code()) {
        Some(code) => code.detail(Language::Chinese),
        None => ErrorCode::IndexFailed.detail(Language::Chinese),
    }
}

/// The words of the API, with the causes after the English ones.
fn search_texts(error: &search::Error) -> (String, String) {
    let told = ApiError::of_search(error).problem(Language::Chinese, "");
    (told.detail, chain(error))
}

macro_rules! from {
    ($($variant:ident: $error:ty;)+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })+
    };
}

from! {
    Config: config::Error;
    Log: telemetry::Error;
    Catalogue: catalogue::Error;
    Open: OpenError;
    Dictionary: DictionaryFailure;
    Search: search::Error;
    Serve: ServeError;
    Tls: TlsError;
    Backup: backup::Error;
    Maintenance: maintenance::Error;
    Output: io::Error;
}

impl From<ResultSetError> for Failure {
    fn from(error: ResultSetError) -> Self {
        match error {
            ResultSetError::Catalogue(error) => error.into(),
            ResultSetError::Search(error) => error.into(),
        }
    }
}

impl From<findings::Error> for Failure {
    fn from(error: findings::Error) -> Self {
        match error {
            findings::Error::Catalogue(error) => Self::Catalogue(error),
            findings::Error::Interrupted => Self::Unfinished,
        }
    }
}
