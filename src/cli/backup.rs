//! `juanzong backup` and `juanzong restore`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::desk::{Desk, local_user};
use super::failure::Failure;
use super::output::until_interrupted;
use super::{Cli, JsonArgument, configured, write_json};
use crate::access::{Actor, Right};
use crate::backup::{self, BackupOptions, BackupReport, RestoreOptions, RestoreReport};
use crate::maintenance::{Done, Task};
use crate::text_table::Table;

/// Lost originals that are listed.
const LISTED: usize = 100;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct BackupArguments {
    #[command(subcommand)]
    command: Option<BackupCommand>,
    /// 备份目录，应在另一磁盘；省略则用配置中的目录 · Directory of backups, on another disk [default: that of the configuration]
    #[arg(value_name = "DIR")]
    to: Option<PathBuf>,
    /// 密钥副本的目录，必须与备份目录分开存放 · Where a copy of the keys is kept, apart from the backups
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 只保留最近几次备份 · Keep so many backups
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// 重新核对备份目录中已有的文件，损坏的重新复制 · Read again what the directory holds; copy anew what is damaged
    #[arg(long)]
    recheck: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Common {
    /// 每秒最多读取多少兆字节 · Most megabytes that are read in a second
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    megabytes_per_second: Option<u32>,
    #[command(flatten)]
    output: JsonArgument,
}

#[derive(Debug, Subcommand)]
enum BackupCommand {
    /// 列出备份 · List the backups of a directory
    List {
        /// 备份目录 · Directory of backups
        #[arg(value_name = "DIR")]
        from: PathBuf,
        #[command(flatten)]
        output: JsonArgument,
    },
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// 备份目录 · Directory of backups
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// 密钥副本的目录 · Where the copy of the keys is
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 要恢复的备份，见 backup list；省略则为最近一次 · Name of the backup [default: the latest]
    #[arg(long, value_name = "NAME")]
    generation: Option<String>,
    /// 只演练：核对全部文件、打开数据库并解密，不写入档案库 · Prove that it could be restored; restore nothing
    #[arg(long)]
    rehearse: bool,
    /// 演练时存放数据库副本的临时目录 · Where a rehearsal copies the databases to
    #[arg(long, value_name = "DIR", requires = "rehearse")]
    scratch: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn backup(cli: &Cli, arguments: &BackupArguments, out: &mut impl Write) -> Result<(), Failure> {
    if let Some(BackupCommand::List { from, output }) = &arguments.command {
        return list(from, output.json, out);
    }
    let (_, config) = configured(cli)?;
    let desk = Desk::open(cli).await?;
    desk.may(Right::Operate, Task::Backup.action()).await?;
    let upkeep = desk.upkeep(config.maintenance);
    let options = match &arguments.to {
        Some(to) => BackupOptions {
            to: to.clone(),
            keys: arguments.keys.clone(),
            keep: arguments.keep,
            recheck: arguments.recheck,
            megabytes_per_second: arguments.common.megabytes_per_second,
        },
        None => {
            let planned = upkeep.planned_backup()?;
            BackupOptions {
                keys: arguments.keys.clone().or(planned.keys),
                keep: arguments.keep.or(planned.keep),
                recheck: arguments.recheck || planned.recheck,
                megabytes_per_second: arguments.common.megabytes_per_second.or(planned.megabytes_per_second),
                to: planned.to,
            }
        }
    };
    let made = async { Ok(upkeep.back_up(&options, desk.actor()).await?) };
    let Done::Backup(report) = until_interrupted(made).await? else {
        return Ok(());
    };
    match arguments.common.output.json {
        true => write_json(out, &report)?,
        false => write_backup(out, &report, options.keys.is_none())?,
    }
    match report.lost {
        0 => Ok(()),
        lost => Err(Failure::LostOriginals(lost)),
    }
}

fn write_backup(out: &mut impl Write, report: &BackupReport, keyless: bool) -> std::io::Result<()> {
    writeln!(
        out,
        "已备份 (backed up)：{}\n文件 {} 个，{} 字节；本次新写 {} 个，{} 字节（{} files, {} bytes copied）",
        report.generation,
        report.files,
        report.bytes,
        report.copied_files,
        report.copied_bytes,
        report.copied_files,
        report.copied_bytes
    )?;
    writeln!(out, "清单 (manifest) SHA-256：{}", report.manifest_sha256)?;
    if report.mended > 0 {
        writeln!(out, "备份中已损坏、现已补好 (mended)：{}", report.mended)?;
    }
    for name in &report.removed {
        writeln!(out, "已删除旧备份 (removed)：{name}")?;
    }
    for path in report.lost_files.iter().take(LISTED) {
        writeln!(out, "档案库中缺失或已损坏 (lost)：{path}")?;
    }
    if keyless {
        writeln!(
            out,
            "注意：密钥不在备份中，没有密钥无法恢复；请用 --keys 另存一份。\n\
             note: the keys are not in it, and nothing can be restored without them: keep a copy with --keys"
        )?;
    }
    Ok(())
}

fn list(from: &Path, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let listed = backup::list(from)?;
    if json {
        return write_json(out, &listed);
    }
    let mut table = Table::new(&[("备份", 20), ("案卷", 9), ("文件", 10), ("字节", 15), ("状态", 40)]);
    for backup in &listed {
        let state = match (backup.intact, backup.lost) {
            (false, _) => "清单已损坏 (damaged)".to_owned(),
            (true, 0) => "完整 (whole)".to_owned(),
            (true, lost) => format!("缺原件 {lost} 个 (originals lost)"),
        };
        table.row([
            backup.generation.clone(),
            backup.cases.to_string(),
            backup.files.to_string(),
            backup.bytes.to_string(),
            state,
        ]);
    }
    Ok(table.write(out)?)
}

pub(super) async fn restore(cli: &Cli, arguments: &RestoreArguments, out: &mut impl Write) -> Result<(), Failure> {
    let mut options = RestoreOptions {
        from: arguments.from.clone(),
        generation: arguments.generation.clone(),
        keys: arguments.keys.clone(),
        megabytes_per_second: arguments.common.megabytes_per_second,
    };
    let json = arguments.common.output.json;
    if arguments.rehearse {
        // Beside the archive its own keys are at hand.
        if options.keys.is_none() {
            options.keys = configured(cli).ok().map(|(directory, _)| directory.keys());
        }
        let scratch = arguments.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let proved = async { Ok(backup::rehearse(&options, &scratch).await?) };
        let report = until_interrupted(proved).await?;
        return match json {
            true => write_json(out, &report),
            false => Ok(write_restored(out, &report, None)?),
        };
    }
    // Not interrupted by dropping it: what was written so far is removed by itself when it fails.
    let report = backup::restore(&options, &cli.data, &Actor::local(local_user())).await?;
    match json {
        true => write_json(out, &report),
        false => Ok(write_restored(out, &report, Some(&cli.data))?),
    }
}

fn write_restored(out: &mut impl Write, report: &RestoreReport, to: Option<&Path>) -> std::io::Result<()> {
    let head = match to {
        Some(_) => "已恢复 (restored)",
        None => "演练通过，可以恢复 (proved)",
    };
    writeln!(out, "{head}：{}，备份于 {}", report.generation, report.made_at)?;
    let counts = &report.counts;
    writeln!(
        out,
        "案卷 {} 件，材料 {} 份，页面 {} 页，文件 {} 个、{} 字节，均与清单相符",
        counts.cases, counts.documents, counts.pages, report.files, report.bytes
    )?;
    writeln!(
        out,
        "审计日志 {} 条，链完整；解密 {} 处 ({} audit entries, {} sealed values opened)",
        report.audit_entries, report.opened, report.audit_entries, report.opened
    )?;
    for path in report.lost_files.iter().take(LISTED) {
        writeln!(out, "备份时档案库中已缺失 (was lost already)：{path}")?;
    }
    if let Some(to) = to {
        let data = to.display();
        writeln!(
            out,
            "索引不在备份中，重建后即可检索 (the index is made anew by)：\njuanzong-indexer --data {data} reindex"
        )?;
    }
    Ok(())
}
