//! `juanzong audit-report`

use std::io::Write;
use std::time::Instant;

use clap::Args;

use super::desk::Desk;
use super::failure::Failure;
use super::search::{SEARCH_TIME, pairs};
use super::taking_out::OutArguments;
use crate::access::{Action, Right};
use crate::archive::{asked, asked_findings};
use crate::export::{self, AuditReport, PicturedPage, ReportError, ReportRequest};

/// What `audit-report` takes.
#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// 检索式；不写则为全部案卷 · Which cases; all when it is not given
    #[arg(allow_hyphen_values = true, default_value = "")]
    query: String,
    /// 标题 · Title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// 内容，以逗号分隔：`figures`、`working_days`、`findings`、`sample` · Parts, separated by commas
    #[arg(long, value_name = "SECTIONS")]
    sections: Option<String>,
    /// 指标，以逗号分隔，同 stats · Figures, as of `stats`
    #[arg(long, value_name = "MEASURES")]
    measures: Option<String>,
    /// 按分面筛选，可重复；其中审批机关也用于核查发现 · Filter by a facet; repeatable; agencies also choose findings
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 时段起始日期 · First date of the period
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// 时段截止日期 · Last date of the period
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// 只列此规则，可重复 · Only findings by this rule; repeatable
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// 只列此严重程度，可重复 · Only findings of this severity; repeatable
    #[arg(long, value_name = "SEVERITY")]
    severity: Vec<String>,
    /// 状态：open、dismissed 或 all · State of the findings
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// 不附证据页图像 · Without pictures of pages
    #[arg(long)]
    no_thumbnails: bool,
    /// 抽样种子 · Seed of the sample
    #[arg(long, value_name = "N")]
    seed: Option<String>,
    /// 样本量 · Cases of the sample
    #[arg(long, value_name = "N")]
    sample: Option<String>,
    /// 分层依据，以逗号分隔，如 year,agency · Strata of the sample
    #[arg(long, value_name = "FIELDS")]
    by: Option<String>,
    #[command(flatten)]
    out: OutArguments,
}

impl ReportArguments {
    /// Reads the arguments as the API reads its parameters.
    pub(super) fn request(&self) -> Result<ReportRequest, Failure> {
        let thumbnails = self.no_thumbnails.then(|| "false".to_owned());
        let others = [
            ("title", &self.title),
            ("sections", &self.sections),
            ("measures", &self.measures),
            ("from", &self.from),
            ("to", &self.to),
            ("state", &self.state),
            ("thumbnails", &thumbnails),
            ("seed", &self.seed),
            ("sample", &self.sample),
            ("by", &self.by),
        ];
        let mut pairs = pairs(&self.query, &self.filter, &others)?;
        pairs.extend(self.rule.iter().map(|rule| ("rule", rule.as_str())));
        pairs.extend(self.severity.iter().map(|severity| ("severity", severity.as_str())));
        let owned = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(ReportRequest::from_pairs(owned.collect())?)
    }
}

pub(super) async fn run(
    desk: &Desk,
    request: ReportRequest,
    arguments: &ReportArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    for right in [Right::Statistics, Right::Findings, Right::ReadCases, Right::Export] {
        desk.may(right, Action::Export).await?;
    }
    let mut details = asked(request.search());
    details["of"] = "audit_report".into();
    details["sections"] = request.sections().into();
    details["findings"] = asked_findings(request.findings());
    details["thumbnails"] = request.thumbnails().into();
    let (view, options) = (desk.view(), arguments.out.options(desk));
    let deadline = Instant::now() + SEARCH_TIME;
    let report = AuditReport::gather(&view, request, options.labels, deadline).await?;
    details["total"] = report.findings().into();
    desk.record(Action::Export, &details, None).await?;
    let write = async |out: &mut dyn Write| {
        let picturing = async |page: PicturedPage| {
            let details = serde_json::json!({"document": page.document, "page": page.page, "of": "audit_report"});
            let written = desk.record(Action::ViewImage, &details, Some(&page.case_id)).await;
            written.map_err(|_| export::Error::Unwritten)
        };
        let told = report.write(&view, &options, out, picturing).await?;
        Ok((told, format!("已生成审计报告，逐项列出 {told} 项发现")))
    };
    arguments.out.write(desk, (details, None), out, write).await
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Search(error) => error.into(),
            ReportError::Findings(error) => error.into(),
            ReportError::Catalogue(error) => error.into(),
        }
    }
}
