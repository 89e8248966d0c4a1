//! `juanzong export` and `juanzong case export`

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::desk::Desk;
use super::failure::Failure;
use super::search::read_request;
use super::taking_out::{ManyFormat, OutArguments};
use crate::access::{Action, Right, masked_query};
use crate::archive::asked;
use crate::catalogue::CaseSummary;
use crate::export::{
    self, CaseFormat, ExportOptions, PdfCounts, PrintFont, export_case_json, export_case_pdf, export_cases,
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
    #[command(flatten)]
    out: OutArguments,
    /// 不脱敏：显示完整的证件号码、电话和地址，须说明理由 · Show personal data in full; needs a reason
    #[arg(long, requires = "reason")]
    unmasked: bool,
    /// 不脱敏的理由，写入导出文件 · Why; written into the export
    #[arg(long, value_name = "TEXT", requires = "unmasked", value_parser = reason)]
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OneFormat {
    /// 案卷的全部数据 · Everything that is known of it
    Json,
    /// 双层PDF · Searchable PDF
    Pdf,
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().nth(MOST_REASON).is_some() {
        return Err("理由不能为空，不能有控制字符，不能过长 (a reason, on one line, not too long)".to_owned());
    }
    Ok(text.to_owned())
}

impl CommonArguments {
    fn options(&self, desk: &Desk) -> ExportOptions {
        ExportOptions {
            unmasked: self.reason.clone().filter(|_| self.unmasked),
            ..self.out.options(desk)
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

    /// Writes down what is taken out, and why, before it is; what was written down.
    async fn record(&self, desk: &Desk, mut details: Value, case_id: Option<&str>) -> Result<Value, Failure> {
        if let Some(reason) = &self.reason {
            details["reason"] = masked_query(reason).into();
            desk.record(Action::Unmask, &details, case_id).await?;
        }
        desk.record(Action::Export, &details, case_id).await?;
        Ok(details)
    }
}

impl ExportArguments {
    /// Checks the arguments before the archive is opened.
    pub(super) fn request(&self) -> Result<SearchRequest, Failure> {
        self.common.out.check(!matches!(self.format, ManyFormat::Xlsx))?;
        read_request(&self.query, &self.filter, &[("from", &self.from), ("to", &self.to)])
    }
}

impl CaseExportArguments {
    /// Checks the arguments before the archive is opened.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.common.out.check(matches!(self.format, OneFormat::Json))
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
    let details = arguments.common.record(desk, details, None).await?;
    let options = ExportOptions {
        no_byte_order_mark: arguments.no_bom,
        ..arguments.common.options(desk)
    };
    let write = async |out: &mut dyn Write| {
        let written = export_cases(&view, &matches, arguments.format.into(), &options, out).await?;
        Ok((written, format!("已导出 {written} 件")))
    };
    arguments.common.out.write(desk, (details, None), out, write).await
}

/// `juanzong case export`
pub(super) async fn case(desk: &Desk, arguments: &CaseExportArguments, out: &mut impl Write) -> Result<(), Failure> {
    arguments.common.check(desk).await?;
    let case = desk.case(&arguments.case).await?;
    let about = Some(case.case_id.as_str());
    let details = arguments.common.record(desk, json!({}), about).await?;
    let format = match arguments.format {
        OneFormat::Json => CaseFormat::Json,
        OneFormat::Pdf => CaseFormat::Pdf,
    };
    let write = async |out: &mut dyn Write| Ok((1, one_case(desk, &case, format, arguments, out).await?));
    arguments.common.out.write(desk, (details, about), out, write).await
}

async fn one_case(
    desk: &Desk,
    case: &CaseSummary,
    format: CaseFormat,
    arguments: &CaseExportArguments,
    out: impl Write,
) -> Result<String, Failure> {
    let archive = &desk.archive;
    let options = arguments.common.options(desk);
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
