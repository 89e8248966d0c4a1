//! `juanzong export` and `juanzong case export`

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::desk::Desk;
use super::failure::Failure;
use super::output::{OutputFile, check_terminal, until_interrupted};
use super::search::read_request;
use crate::access::{Action, Right, masked_query};
use crate::archive::{Labels, asked};
use crate::catalogue::CaseSummary;
use crate::export::{
    self, CaseFormat, CasesFormat, ExportOptions, PdfCounts, PrintFont, export_case_json, export_case_pdf, export_cases,
};
use crate::search::SearchRequest;

/// Time to find all cases; writing them takes what it takes.
const SEARCH_TIME: Duration = Duration::from_secs(600);
/// Longest reason, in characters.
const MOST_REASON: usize = 1_000;

/// What `export` takes.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// 检索式；不写则导出全部案卷 · What to search for; all cases when it is not given
    #[arg(allow_hyphen_values = true, default_value = "")]
    query: String,
    /// 导出格式 · Format
    #[arg(long, value_enum)]
    format: ManyFormat,
    /// 按分面筛选，可重复 · Filter by a facet; repeatable
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 决定日期不早于 · Decided on this date or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// 决定日期不晚于 · Decided on this date or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// CSV 开头不写字节顺序标记 · CSV without a byte order mark
    #[arg(long)]
    no_bom: bool,
    #[command(flatten)]
    common: CommonArguments,
}

/// What `case export` takes.
#[derive(Debug, Args)]
pub(super) struct CaseExportArguments {
    /// 案卷标识或档号 · Id or archival code of the case
    #[arg(value_name = "ID|ARCHIVAL_CODE")]
    case: String,
    /// 导出格式 · Format
    #[arg(long, value_enum)]
    format: OneFormat,
    /// 排印无图像页面所用的中文字体文件 · Font file with Chinese characters, for pages without an image
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArguments,
}

#[derive(Debug, Args)]
struct CommonArguments {
    /// 输出文件；不写则输出到标准输出 · File to write; standard output when it is not given
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 标题与标签的语言 · Language of headings and labels
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    lang: Language,
    /// 不脱敏：显示完整的证件号码、电话和地址，须说明理由 · Show personal data in full; needs a reason
    #[arg(long, requires = "reason")]
    unmasked: bool,
    /// 不脱敏的理由，写入导出文件 · Why; written into the export
    #[arg(long, value_name = "TEXT", requires = "unmasked", value_parser = reason)]
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ManyFormat {
    /// 表格，逗号分隔 · Table, separated by commas
    Csv,
    /// Excel 工作簿 · Workbook
    Xlsx,
    /// 每行一卷，可再导入 · One case a line; can be imported again
    Jsonl,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OneFormat {
    /// 案卷的全部数据 · Everything that is known of it
    Json,
    /// 双层PDF · Searchable PDF
    Pdf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Zh,
    En,
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().nth(MOST_REASON).is_some() {
        return Err("理由不能为空，不能有控制字符，不能过长 (a reason, on one line, not too long)".to_owned());
    }
    Ok(text.to_owned())
}

impl CommonArguments {
    fn options(&self) -> ExportOptions {
        ExportOptions {
            labels: match self.lang {
                Language::Zh => Labels::Chinese,
                Language::En => Labels::English,
            },
            unmasked: self.reason.clone().filter(|_| self.unmasked),
            no_byte_order_mark: false,
        }
    }

    /// Refuses what may not be done.
    async fn check(&self, desk: &Desk) -> Result<(), Failure> {
        desk.may(Right::Export, Action::Export).await?;
        match self.unmasked {
            true => desk.may(Right::Unmask, Action::Unmask).await,
            false => Ok(()),
        }
    }

    /// Writes down what is taken out, and why, before it is.
    async fn record(&self, desk: &Desk, mut details: Value, case_id: Option<&str>) -> Result<(), Failure> {
        if let Some(reason) = &self.reason {
            details["reason"] = masked_query(reason).into();
            desk.record(Action::Unmask, &details, case_id).await?;
        }
        desk.record(Action::Export, &details, case_id).await
    }

    /// Says on standard error what was written into a file.
    fn say(&self, told: &str) {
        if let Some(path) = &self.out {
            // A failure to say so is no failure of the export.
            let _ = writeln!(std::io::stderr(), "{told} → {}", path.display());
        }
    }
}

impl ExportArguments {
    /// Checks the arguments before the archive is opened.
    pub(super) fn request(&self) -> Result<SearchRequest, Failure> {
        check_terminal(self.common.out.as_deref(), !matches!(self.format, ManyFormat::Xlsx))?;
        read_request(&self.query, &self.filter, &[("from", &self.from), ("to", &self.to)])
    }
}

impl CaseExportArguments {
    /// Checks the arguments before the archive is opened.
    pub(super) fn check(&self) -> Result<(), Failure> {
        check_terminal(self.common.out.as_deref(), matches!(self.format, OneFormat::Json))
    }
}

/// `juanzong export`
pub(super) async fn cases(
    desk: &Desk,
    request: SearchRequest,
    arguments: &ExportArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let deadline = Instant::now() + SEARCH_TIME;
    arguments.common.check(desk).await?;
    let mut details = asked(&request);
    let view = desk.view();
    let matches = view.all_matches(request, deadline).await?;
    details["total"] = matches.len().into();
    arguments.common.record(desk, details, None).await?;
    let options = ExportOptions {
        no_byte_order_mark: arguments.no_bom,
        ..arguments.common.options()
    };
    let format = match arguments.format {
        ManyFormat::Csv => CasesFormat::Csv,
        ManyFormat::Xlsx => CasesFormat::Xlsx,
        ManyFormat::Jsonl => CasesFormat::JsonLines,
    };
    let written = until_interrupted(async {
        match &arguments.common.out {
            None => Ok(export_cases(&view, &matches, format, &options, out).await?),
            Some(target) => {
                let mut file = OutputFile::create(target)?;
                let written = export_cases(&view, &matches, format, &options, &mut file).await?;
                file.publish(target)?;
                Ok(written)
            }
        }
    });
    let written = written.await?;
    arguments.common.say(&format!("已导出 {written} 件"));
    Ok(())
}

/// `juanzong case export`
pub(super) async fn case(desk: &Desk, arguments: &CaseExportArguments, out: &mut impl Write) -> Result<(), Failure> {
    arguments.common.check(desk).await?;
    let case = desk.case(&arguments.case).await?;
    arguments.common.record(desk, json!({}), Some(&case.case_id)).await?;
    let format = match arguments.format {
        OneFormat::Json => CaseFormat::Json,
        OneFormat::Pdf => CaseFormat::Pdf,
    };
    let told = until_interrupted(async {
        match &arguments.common.out {
            None => one_case(desk, &case, format, arguments, out).await,
            Some(target) => {
                let mut file = OutputFile::create(target)?;
                let told = one_case(desk, &case, format, arguments, &mut file).await?;
                file.publish(target)?;
                Ok(told)
            }
        }
    });
    let told = told.await?;
    arguments.common.say(&told);
    Ok(())
}

async fn one_case(
    desk: &Desk,
    case: &CaseSummary,
    format: CaseFormat,
    arguments: &CaseExportArguments,
    out: impl Write,
) -> Result<String, Failure> {
    let archive = &desk.archive;
    let options = arguments.common.options();
    match format {
        CaseFormat::Json => {
            export_case_json(archive, case, &options, out).await?;
            Ok("已导出案卷".to_owned())
        }
        CaseFormat::Pdf => {
            let font = || match &arguments.font {
                Some(path) => PrintFont::load(path),
                None => PrintFont::find(),
            };
            let counts = export_case_pdf(archive, case, &options, font, out).await?;
            Ok(told(counts))
        }
    }
}

fn told(counts: PdfCounts) -> String {
    let mut told = format!("已导出 {} 页", counts.pages);
    for (count, what) in [
        (counts.unreadable, "未能读取"),
        (counts.printed, "无图像，已排印文字"),
        (counts.blackened, "已遮盖个人信息"),
    ] {
        if count > 0 {
            told.push_str(&format!("，其中 {count} 页{what}"));
        }
    }
    told
}

impl From<export::Error> for Failure {
    fn from(error: export::Error) -> Self {
        match error {
            export::Error::Catalogue(error) => Self::Catalogue(error),
            export::Error::Output(error) => Self::Output(error),
            export::Error::Vanished => Self::NoCase,
            error => Self::Export(error),
        }
    }
}
