//! The command line of `juanzong-indexer`.

mod engines;
mod import;
mod ingest;
mod interrupt;
mod ocr;
mod reindex;
mod reprocess;
mod session;
mod verify;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{sample, worker};

/// 读取扫描件，建立目录库与索引 (reads scans into catalogue and index)
#[derive(Debug, Parser)]
#[command(name = "juanzong-indexer", version, disable_help_subcommand = true)]
pub struct Cli {
    /// 数据目录 (data directory)
    #[arg(
        long,
        global = true,
        env = "JUANZONG_DATA",
        default_value = "juanzong-data",
        value_name = "DIR"
    )]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 识别扫描件并入库、建索引 (scans → OCR → catalogue → index)
    Ingest(ingest::Args),
    /// 导入已有文字的案卷：每行一个 JSON (cases whose text exists already, one JSON object a line)
    Import(import::Args),
    /// 由目录库重建索引，不重新识别 (new index from the catalogue, no OCR)
    Reindex,
    /// 值守：自动收入收件目录中的扫描件，应用更正 (takes in what comes: inbox, corrections)
    Watch(watch::Args),
    /// 重新识别或重新提取，更正保留不变 (reads again what is kept; corrections stay)
    Reprocess(reprocess::Args),
    /// 逐页重新解码全部原件，不重新识别；结果由 juanzong verify 报告 (decodes every original again, without OCR)
    Verify(verify::Args),
    /// 列出识别引擎及其模型 (engines, their versions and models)
    Engines(engines::Args),
    /// 识别扫描件并输出，不入库 (reads scans, stores nothing)
    Ocr(ocr::OcrArgs),
    /// 生成虚构的样例案卷及标准答案 (invents sample case files with exact truth)
    Sample(sample::command::Args),
    /// Reads pages for the parent process.
    #[command(hide = true)]
    Worker(worker::command::WorkerArgs),
}

/// Runs the program; the exit status is 0 when all is done, 1 when something in the input failed, 2 when the command
/// or its surroundings are wrong.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // Warnings, or what RUST_LOG asks for; standard output belongs to the answer.
    let level = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,juanzong_indexer=info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .init();
    let result = match cli.command {
        Command::Ingest(args) => ingest::run(&cli.data, &args),
        Command::Import(args) => import::run(&cli.data, &args),
        Command::Reindex => reindex::run(&cli.data),
        Command::Watch(args) => watch::run(&cli.data, &args),
        Command::Reprocess(args) => reprocess::run(&cli.data, &args),
        Command::Verify(args) => verify::run(&cli.data, &args),
        Command::Engines(args) => engines::run(&args),
        Command::Ocr(args) => ocr::run(&args),
        Command::Sample(args) => sample::command::run(args).map(|()| ExitCode::SUCCESS),
        Command::Worker(args) => worker::command::run(&args)
            .map(|()| ExitCode::SUCCESS)
            .map_err(Into::into),
    };
    result.unwrap_or_else(|error| {
        eprintln!("错误 (error): {error:#}");
        ExitCode::from(2)
    })
}
