//! `juanzong token`

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Office;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{AccountName, Action, Right};
use crate::catalogue::{AccessRefusal, Error, NewToken, TokenSummary};
use crate::text_table::{Table, one_line};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// 新建令牌，供程序调用接口；只显示一次 · Make a token for a program; it is shown once
    Create(CreateArguments),
    /// 列出令牌 · List the tokens
    List(JsonArgument),
    /// 作废令牌 · Revoke a token
    Revoke(RevokeArguments),
}

#[derive(Debug, Args)]
pub(super) struct CreateArguments {
    /// 所属账户 · The account whose rights it has a part of
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// 令牌名称 · What it is for
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// 权限，可重复 · What it may do; repeatable: `search`, `read_cases`, `correct`, `review`, `export`, `operate`, …
    #[arg(long = "right", value_name = "RIGHT", required = true, value_parser = right)]
    rights: Vec<Right>,
    /// 有效天数 · Days that it is valid
    #[arg(long, value_name = "N", default_value_t = 90)]
    days: u32,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArguments {
    /// 所属账户 · The account
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// 令牌名称 · The name of the token
    #[arg(value_name = "NAME")]
    name: String,
}

fn right(code: &str) -> Result<Right, String> {
    let codes: Vec<&str> = Right::ALL.iter().map(|right| right.code()).collect();
    Right::parse(code).ok_or_else(|| format!("没有这项权限 (no such right; there are: {})", codes.join(", ")))
}

fn account(text: &str) -> Result<AccountName, Failure> {
    AccountName::parse(text).ok_or(Failure::Catalogue(Error::Access(AccessRefusal::NoAccount)))
}

pub(super) async fn run(office: &Office, command: &TokenCommand, out: &mut impl Write) -> Result<(), Failure> {
    office.may(Right::Operate, Action::Token).await?;
    match command {
        TokenCommand::Create(arguments) => {
            let new = NewToken {
                account: account(&arguments.account)?,
                name: arguments.name.clone(),
                rights: arguments.rights.iter().copied().collect(),
                days: arguments.days,
            };
            let secret = office.access.create_token(&new, &office.actor).await?;
            Ok(writeln!(out, "{}", secret.reveal())?)
        }
        TokenCommand::List(output) => {
            let tokens = office.access.tokens().await?;
            let details = json!({"did": "list", "tokens": tokens.len()});
            office.record(Action::Token, &details, None).await?;
            if output.json {
                let line = |token: &TokenSummary| {
                    json!({"account": token.account.as_str(), "name": token.name, "rights": token.rights,
                        "created_at": token.created_at, "ends_at": token.ends_at, "revoked_at": token.revoked_at})
                };
                return write_json(out, &tokens.iter().map(line).collect::<Vec<_>>());
            }
            Ok(write_list(out, &tokens)?)
        }
        TokenCommand::Revoke(arguments) => {
            let account = account(&arguments.account)?;
            office
                .access
                .revoke_token(&account, &arguments.name, &office.actor)
                .await?;
            Ok(writeln!(out, "已作废 (revoked)")?)
        }
    }
}

fn write_list(out: &mut impl Write, tokens: &[TokenSummary]) -> std::io::Result<()> {
    let mut table = Table::new(&[("账户", 20), ("令牌", 24), ("权限", 40), ("有效至", 20), ("状态", 8)]);
    for token in tokens {
        let rights: Vec<&str> = token.rights.iter().map(|right| right.label_zh()).collect();
        let state = if token.revoked_at.is_some() { "作废" } else { "" };
        table.row([
            token.account.to_string(),
            one_line(&token.name),
            rights.join("、"),
            token.ends_at.clone(),
            state.to_owned(),
        ]);
    }
    table.write(out)
}
