//! `juanzong code`

use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Office;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right};
use crate::catalogue::{CodeSummary, NewCode};
use crate::config::CitizenService;
use crate::http::slip::slip;
use crate::text_table::Table;

/// What can be done with access codes.
#[derive(Debug, Subcommand)]
pub(super) enum CodeCommand {
    /// 当面核对身份证件后，为申请人签发查询码；从标准输入读两行：姓名、证件号码 · Issue a code; two lines of standard input give name and number
    Issue(IssueArguments),
    /// 列出近期的查询码 · List the codes of the last weeks
    List(JsonArgument),
    /// 作废查询码，并结束用它登录的会话 · Revoke a code and end its sessions
    Revoke {
        /// 查询码编号，见 list · Identifier of the code, as `list` shows it
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct IssueArguments {
    /// 已当面核对身份证件（单位另须核对授权） · The identity card was checked
    #[arg(long, required = true)]
    identity_checked: bool,
    /// 将可打印的查询码单写入此文件（HTML） · Write the slip to print here, as HTML
    #[arg(long, value_name = "FILE")]
    slip: Option<PathBuf>,
    #[command(flatten)]
    output: JsonArgument,
}

/// `input` gives name and number of whom a code is issued to: on the command line every user of the machine could read them.
pub(super) async fn run(
    office: &Office,
    service: &CitizenService,
    command: &CodeCommand,
    input: impl BufRead,
    out: &mut impl Write,
) -> Result<(), Failure> {
    office.may(Right::IssueCodes, Action::AccessCode).await?;
    match command {
        CodeCommand::Issue(arguments) => {
            let mut lines = input.lines();
            let mut ask = |what: &str| {
                if std::io::stdin().is_terminal() {
                    // Where nobody sees the question they still can answer it.
                    let _ = write!(std::io::stderr(), "{what}: ");
                }
                lines.next().transpose().map(Option::unwrap_or_default)
            };
            let new = NewCode {
                name: ask("姓名 (name)")?,
                number: ask("公民身份号码或统一社会信用代码 (identity number or credit code)")?,
                terms: service.terms,
            };
            let issued = office.access.issue_code(&new, &office.actor).await?;
            if let Some(file) = &arguments.slip {
                // For its owner only: it opens the history of a person.
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create(true).truncate(true).mode(0o600);
                options.open(file)?.write_all(slip(&issued, service).as_bytes())?;
            }
            if arguments.output.json {
                return write_json(
                    out,
                    &json!({"id": issued.id, "code": issued.code.to_string(), "kind": issued.kind().code(),
                        "number": issued.number.masked(), "ends_at": issued.ends_at, "tries": issued.terms.tries,
                        "uses": issued.terms.uses}),
                );
            }
            Ok(writeln!(
                out,
                "查询码 {}（编号 {}，证件号码 {}，有效至 {}；只显示这一次，shown once）",
                issued.code,
                issued.id,
                issued.number.masked(),
                issued.ends_at
            )?)
        }
        CodeCommand::List(output) => {
            let codes = office.access.codes(u32::MAX).await?;
            let details = json!({"did": "list", "codes": codes.len()});
            office.record(Action::AccessCode, &details, None).await?;
            if output.json {
                let line = |code: &CodeSummary| {
                    json!({"id": code.id, "name": code.name, "number": code.number, "state": code.state.code(),
                        "issued_by": code.issued_by, "issued_at": code.issued_at, "ends_at": code.ends_at,
                        "failures": code.failures, "uses": code.uses})
                };
                return write_json(out, &codes.iter().map(line).collect::<Vec<_>>());
            }
            Ok(write_list(out, &codes)?)
        }
        CodeCommand::Revoke { id } => {
            office.access.revoke_code(id, &office.actor).await?;
            Ok(writeln!(out, "已作废 (revoked)")?)
        }
    }
}

fn write_list(out: &mut impl Write, codes: &[CodeSummary]) -> std::io::Result<()> {
    let mut table = Table::new(&[
        ("编号", 20),
        ("姓名", 8),
        ("证件号码", 18),
        ("状态", 8),
        ("有效至", 20),
        ("登录", 4),
        ("输错", 4),
        ("签发", 12),
    ]);
    for code in codes {
        table.row([
            code.id.clone(),
            code.name.clone(),
            code.number.clone(),
            code.state.label_zh().to_owned(),
            code.ends_at.clone(),
            code.uses.to_string(),
            code.failures.to_string(),
            code.issued_by.clone(),
        ]);
    }
    table.write(out)
}
