//! `juanzong audit`

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Office;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right, SealedEntry};
use crate::catalogue::AuditReport;
use crate::text_table::Table;

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// 核验日志：发现任何改动、缺失、插入、移动和截断 · Check the log: whatever was changed, removed, put in, moved or cut off is found
    Verify(VerifyArguments),
    /// 导出日志，每行一条 · Print the log, one entry a line
    Export,
    /// 对日志末尾签名 · Sign the end of the log
    Checkpoint,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// 另外信任的检查点公钥（十六进制），可重复 · A public key that is trusted besides; repeatable
    #[arg(long, value_name = "HEX")]
    public_key: Vec<String>,
    #[command(flatten)]
    output: JsonArgument,
}

pub(super) async fn run(office: &Office, command: &AuditCommand, out: &mut impl Write) -> Result<(), Failure> {
    office.may(Right::ReadAudit, Action::ReadAudit).await?;
    let did = match command {
        AuditCommand::Verify(_) => "verify",
        AuditCommand::Export => "export",
        AuditCommand::Checkpoint => "checkpoint",
    };
    match command {
        AuditCommand::Verify(arguments) => {
            // Looked at before anything is added: a log that was cut off must not grow over the place.
            let report = office.access.verify_audit(&arguments.public_key).await?;
            let details = json!({"did": did, "findings": report.findings.len()});
            office.record(Action::ReadAudit, &details, None).await?;
            match arguments.output.json {
                true => write_json(out, &report_json(&report))?,
                false => write_report(out, &report)?,
            }
            match report.findings.is_empty() {
                true => Ok(()),
                false => Err(Failure::AuditFindings(report.findings.len())),
            }
        }
        AuditCommand::Export => {
            office.record(Action::ReadAudit, &json!({"did": did}), None).await?;
            office
                .access
                .walk_audit(|entry| write_json(out, &entry_json(entry)))
                .await
        }
        AuditCommand::Checkpoint => {
            office.record(Action::ReadAudit, &json!({"did": did}), None).await?;
            office.access.checkpoint().await?;
            Ok(writeln!(out, "已签名 (signed)")?)
        }
    }
}

/// An entry with everything that its hash is made of.
fn entry_json(sealed: &SealedEntry) -> serde_json::Value {
    let entry = &sealed.entry;
    json!({
        "sequence": sealed.sequence, "at": entry.at, "actor": entry.actor, "role": entry.role,
        "action": entry.action, "outcome": entry.outcome, "case_id": entry.case_id, "purpose": entry.purpose,
        "request_id": entry.request_id, "address": entry.address, "details": entry.details,
        "hash_kind": sealed.hash_kind, "previous": hex::encode(sealed.previous), "hash": hex::encode(sealed.hash),
    })
}

fn report_json(report: &AuditReport) -> serde_json::Value {
    let findings = report.findings.iter().map(
        |finding| json!({"code": finding.kind.code(), "label": finding.kind.label_zh(), "sequence": finding.sequence}),
    );
    json!({
        "entries": report.entries, "signed": report.signed, "intact": report.findings.is_empty(),
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn write_report(out: &mut impl Write, report: &AuditReport) -> std::io::Result<()> {
    let signed = report.signed.unwrap_or_default();
    writeln!(out, "日志 {} 条，检查点签至第 {signed} 条", report.entries)?;
    if report.findings.is_empty() {
        return writeln!(out, "完整，未发现改动 (intact)");
    }
    let mut table = Table::new(&[("条目", 10), ("问题", 40)]);
    for finding in &report.findings {
        table.row([finding.sequence.to_string(), finding.kind.label_zh().to_owned()]);
    }
    table.write(out)
}
