//! `juanzong key`

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Office;
use super::failure::Failure;
use super::{Cli, JsonArgument, configured, write_json};
use crate::access::{Action, KeyDirectory, Right};
use crate::catalogue::{Catalogue, Error, KeyUse};
use crate::text_table::Table;

/// What can be done with the keys that seal the archive.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// 列出密钥及各自加密的条数 · List the keys and how much is sealed under each
    List(JsonArgument),
    /// 更换密钥：新建一把，并用它重新加密全部内容；中断后用 --resume 继续 · Add a key and seal everything anew under it
    Rotate(RotateArguments),
}

#[derive(Debug, Args)]
pub(super) struct RotateArguments {
    /// 不新建密钥，只完成上次中断的更换 · No new key: finish what was interrupted
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    output: JsonArgument,
}

pub(super) async fn run(cli: &Cli, command: &KeyCommand, out: &mut impl Write) -> Result<(), Failure> {
    let office = Office::open(cli).await?;
    office.may(Right::Operate, Action::Keys).await?;
    let (directory, _) = configured(cli)?;
    let catalogue = Catalogue::open(&directory).await?;
    let done = match command {
        KeyCommand::List(output) => {
            office.record(Action::Keys, &json!({"did": "list"}), None).await?;
            list(&catalogue.key_uses().await?, output.json, out)
        }
        KeyCommand::Rotate(arguments) => rotate(&office, &catalogue, arguments, out).await,
    };
    catalogue.close().await;
    done
}

fn list(keys: &[KeyUse], json: bool, out: &mut impl Write) -> Result<(), Failure> {
    if json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| json!({"id": key.id.to_string(), "in_use": key.in_use, "rows": key.rows}))
            .collect();
        return write_json(out, &keys);
    }
    let mut table = Table::new(&[("密钥", 10), ("使用中", 8), ("条数", 0)]);
    for key in keys {
        let in_use = if key.in_use { "是" } else { "" };
        table.row([key.id.to_string(), in_use.to_owned(), key.rows.to_string()]);
    }
    Ok(table.write(out)?)
}

async fn rotate(
    office: &Office,
    catalogue: &Catalogue,
    arguments: &RotateArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let did = if arguments.resume { "resume" } else { "rotate" };
    office.record(Action::Keys, &json!({"did": did}), None).await?;
    if !arguments.resume {
        let keys: &KeyDirectory = office.access.keys();
        keys.add_archive_key().map_err(Error::from)?;
    }
    let json = arguments.output.json;
    let mut told = Ok(());
    let resealed = catalogue.reseal(|rows| {
        if !json {
            told = writeln!(out, "已重新加密 (sealed anew): {rows}").and_then(|()| out.flush());
        }
        told.is_ok()
    });
    let resealed = resealed.await?;
    told?;
    let keys = catalogue.key_uses().await?;
    let current = keys.iter().find(|key| key.in_use).map(|key| key.id.to_string());
    let details = json!({"did": did, "rows": resealed.rows, "finished": resealed.finished, "key": current});
    office.record(Action::Keys, &details, None).await?;
    if json {
        return write_json(
            out,
            &json!({"rows": resealed.rows, "finished": resealed.finished, "key": current}),
        );
    }
    writeln!(
        out,
        "密钥已更换为 {}。旧密钥请保留：此前的备份仍须用它打开。索引将在下次运行 juanzong-indexer 时重建。\n\
         the key in use is now {}; keep the earlier ones, for backups made before need them; the index is made anew by \
         the next run of juanzong-indexer",
        current.as_deref().unwrap_or_default(),
        current.as_deref().unwrap_or_default()
    )?;
    Ok(())
}
