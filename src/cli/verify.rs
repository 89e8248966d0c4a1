//! `juanzong verify`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use super::desk::Desk;
use super::failure::Failure;
use super::output::{OutputFile, check_terminal};
use super::{Cli, configured};
use crate::access::Right;
use crate::export::{PrintFont, print_lines};
use crate::maintenance::{Done, Task};
use crate::verify::{Depth, Report};

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// 只核对名称、大小和数量，不读取文件内容 · Names, sizes and figures only
    #[arg(long)]
    quick: bool,
    /// 逐件核对：每个原件的散列、索引中的每个案卷 · Every original by its hash, every case with the index
    #[arg(long, conflicts_with = "quick")]
    each: bool,
    /// 从头开始，不继续上次中断的检测 · From the start, where an interrupted check would be gone on with
    #[arg(long)]
    anew: bool,
    /// 不检测，只输出上次的报告 · Check nothing: the report of the last check
    #[arg(long, conflicts_with_all = ["quick", "each", "anew"])]
    last: bool,
    /// 每秒最多读取多少兆字节 · Most megabytes that are read in a second
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    megabytes_per_second: Option<u32>,
    /// 报告格式 · Format of the report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// 输出 JSON，同 --format json · Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// 输出文件 · Write the report into a file
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 印 PDF 用的字体文件 · Font to print the PDF with
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Xml,
    Pdf,
}

pub(super) async fn run(cli: &Cli, arguments: &VerifyArguments, out: &mut impl Write) -> Result<(), Failure> {
    let format = if arguments.json { Format::Json } else { arguments.format };
    check_terminal(arguments.out.as_deref(), format != Format::Pdf)?;
    let (_, config) = configured(cli)?;
    let desk = Desk::open(cli).await?;
    desk.may(Right::Operate, Task::Verify.action()).await?;
    let upkeep = desk.upkeep(config.maintenance);
    let report = if arguments.last {
        upkeep.last_report().await?.ok_or(Failure::NoReport)?
    } else {
        let depth = match (arguments.quick, arguments.each) {
            (true, _) => Depth::Quick,
            (false, true) => Depth::Each,
            (false, false) => Depth::Full,
        };
        let mut options = upkeep.planned_check(depth);
        options.anew = arguments.anew;
        options.megabytes_per_second = arguments.megabytes_per_second.or(options.megabytes_per_second);
        let upkeep = Arc::new(upkeep);
        // Who stops it loses nothing: the next goes on.
        let mut terminated = signal(SignalKind::terminate()).map_err(Failure::Runtime)?;
        let asked = Arc::clone(&upkeep);
        let listener = tokio::spawn(async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            asked.stop();
        });
        let checked = upkeep.verify(options, desk.actor()).await;
        listener.abort();
        match checked? {
            Done::Checked(report) => *report,
            Done::Backup(_) => return Ok(()),
        }
    };
    match &arguments.out {
        None => write(&report, format, arguments, out)?,
        Some(path) => {
            let mut file = OutputFile::create(path)?;
            write(&report, format, arguments, &mut file)?;
            file.publish(path)?;
        }
    }
    match report.failed() {
        true => Err(Failure::VerifyFindings(
            report.conclusion_label,
            report.conclusion_label_en,
        )),
        false => Ok(()),
    }
}

fn write(report: &Report, format: Format, arguments: &VerifyArguments, out: &mut impl Write) -> Result<(), Failure> {
    match format {
        Format::Text => {
            for line in report.lines() {
                writeln!(out, "{line}")?;
            }
        }
        Format::Json => super::write_json(out, report)?,
        Format::Xml => write!(out, "{}", report.xml())?,
        Format::Pdf => {
            let font = || match &arguments.font {
                Some(path) => PrintFont::load(path),
                None => PrintFont::find(),
            };
            print_lines(Report::TITLE, &report.lines(), font, &mut *out)?;
        }
    }
    Ok(())
}
