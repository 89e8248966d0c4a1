//! What everything that is taken out has in common: where it is written, in which language, and what is written down.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::desk::Desk;
use super::failure::Failure;
use super::output::{OutputFile, check_terminal, until_interrupted};
use crate::access::{Action, Right};
use crate::archive::Labels;
use crate::export::{ExportOptions, Summed, TableFormat};

#[derive(Debug, Args)]
pub(super) struct OutArguments {
    /// 输出文件；不写则输出到标准输出 · File to write; standard output when it is not given
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 标题与标签的语言 · Language of headings and labels
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    lang: Language,
}

/// What a table takes that is written in place of the answer.
#[derive(Debug, Args)]
pub(super) struct TableArguments {
    /// 写成表格文件，代替屏幕显示 · Write a table for a file, in place of what is shown
    #[arg(long, value_enum, conflicts_with = "json")]
    pub(super) format: Option<ManyFormat>,
    /// CSV 开头不写字节顺序标记 · CSV without a byte order mark
    #[arg(long, requires = "format")]
    no_bom: bool,
    #[command(flatten)]
    out: OutArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ManyFormat {
    /// 表格，逗号分隔 · Table, separated by commas
    Csv,
    /// Excel 工作簿 · Workbook
    Xlsx,
    /// 每行一条 · One a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Zh,
    En,
}

impl From<ManyFormat> for TableFormat {
    fn from(format: ManyFormat) -> Self {
        match format {
            ManyFormat::Csv => Self::Csv,
            ManyFormat::Xlsx => Self::Xlsx,
            ManyFormat::Jsonl => Self::JsonLines,
        }
    }
}

impl OutArguments {
    /// Refuses to fill a screen with what is no text.
    pub(super) fn check(&self, is_text: bool) -> Result<(), Failure> {
        check_terminal(self.out.as_deref(), is_text)
    }

    pub(super) fn options(&self, desk: &Desk) -> ExportOptions {
        ExportOptions {
            labels: match self.lang {
                Language::Zh => Labels::Chinese,
                Language::En => Labels::English,
            },
            by: Some(desk.actor().name.clone()),
            ..ExportOptions::default()
        }
    }

    /// Writes what is taken out, and then into the log how large it became. A file appears when it is complete; what was
    /// written is said on standard error.
    pub(super) async fn write(
        &self,
        desk: &Desk,
        (mut details, case_id): (Value, Option<&str>),
        mut out: &mut impl Write,
        write: impl AsyncFnOnce(&mut dyn Write) -> Result<(u64, String), Failure>,
    ) -> Result<(), Failure> {
        let written = until_interrupted(async {
            match &self.out {
                None => {
                    let mut sum = Summed::new(&mut out);
                    let (rows, told) = write(&mut sum).await?;
                    Ok((rows, told, sum.bytes(), sum.checksum()))
                }
                Some(target) => {
                    let mut sum = Summed::new(OutputFile::create(target)?);
                    let (rows, told) = write(&mut sum).await?;
                    let summed = (rows, told, sum.bytes(), sum.checksum());
                    sum.into_inner().publish(target)?;
                    Ok(summed)
                }
            }
        });
        let (rows, told, bytes, checksum) = written.await?;
        details["sent"] = json!({"rows": rows, "bytes": bytes, "sha256": checksum});
        desk.record(Action::Export, &details, case_id).await?;
        if let Some(path) = &self.out {
            // A failure to say so is no failure of the export.
            let _ = writeln!(std::io::stderr(), "{told} → {}\nSHA-256 {checksum}", path.display());
        }
        Ok(())
    }
}

impl TableArguments {
    /// The form that is wanted, checked before the archive is opened.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.format {
            None if self.out.out.is_some() => Err(Failure::NoFormat),
            None => Ok(()),
            Some(format) => self.out.check(!matches!(format, ManyFormat::Xlsx)),
        }
    }

    /// Writes a table, within the rights of who does it; `details` tells what was asked for.
    pub(super) async fn write(
        &self,
        desk: &Desk,
        format: ManyFormat,
        mut details: Value,
        out: &mut impl Write,
        write: impl AsyncFnOnce(TableFormat, &ExportOptions, &mut dyn Write) -> Result<u64, Failure>,
    ) -> Result<(), Failure> {
        let format = TableFormat::from(format);
        desk.may(Right::Export, Action::Export).await?;
        details["format"] = format.code().into();
        desk.record(Action::Export, &details, None).await?;
        let options = ExportOptions {
            no_byte_order_mark: self.no_bom,
            ..self.out.options(desk)
        };
        self.out
            .write(desk, (details, None), out, async |out: &mut dyn Write| {
                let rows = write(format, &options, out).await?;
                Ok((rows, format!("已导出 {rows} 行")))
            })
            .await
    }
}
