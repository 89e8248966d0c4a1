//! The indexer program.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use juanzong_indexer::{ocr, worker};

/// 卷宗采集：读取扫描件、识别文字、写入目录与索引 / Reads scanned case files into the catalogue and the index.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 识别一个文件，不保存 / Recognise one file, nothing is stored
    Ocr(ocr::command::OcrArgs),
    /// 读取进程（内部使用）/ Reading process (internal)
    #[command(hide = true)]
    Worker(worker::command::WorkerArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Worker(args) => {
            worker::command::run(&args)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Ocr(args) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let outcome = match runtime.block_on(ocr::command::run(&args)) {
                Ok(outcome) => outcome,
                Err(error) => {
                    eprintln!("{}: {error}", args.file.display());
                    return Ok(ExitCode::FAILURE);
                }
            };
            for (number, failure) in &outcome.failures {
                eprintln!(
                    "第 {number} 页 / page {number}: {}（{failure}）",
                    failure.code.message_zh()
                );
            }
            Ok(if outcome.failures.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}
