//! `juanzong-indexer ocr FILE`.

use std::process::ExitCode;

use crate::ocr::command::{OcrArgs, run as read};

pub(super) fn run(args: &OcrArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = match runtime.block_on(read(args)) {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("{}: {error}", args.file.display());
            return Ok(ExitCode::from(1));
        }
    };
    for (number, failure) in &outcome.failures {
        eprintln!(
            "{} 第 {number} 页: [{}] {} ({}; {})",
            args.file.display(),
            failure.code,
            failure.code.message_zh(),
            failure.code.message_en(),
            failure.detail
        );
    }
    Ok(ExitCode::from(u8::from(!outcome.failures.is_empty())))
}
