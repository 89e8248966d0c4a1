//! `juanzong user`

use std::io::Write;

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use super::desk::Office;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{AccountName, Action, CaseScope, Grant, Right, Role};
use crate::catalogue::{AccessRefusal, Account, Error};
use crate::record::{CivilDate, RegionCode, SecurityClass};
use crate::text_table::{Table, one_line};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// 新建账户，可同时授权；首次登录口令只显示一次 · Make an account; its password for the first login is shown once
    Add(AddArguments),
    /// 列出账户 · List the accounts
    List(JsonArgument),
    /// 授予角色和案卷范围，取代原有授权 · Grant a role and cases, in place of what was granted before
    Grant(GrantArguments),
    /// 撤销授权 · Take the role away
    Revoke(NameArgument),
    /// 停用账户 · Disable an account
    Disable(NameArgument),
    /// 启用账户 · Enable an account
    Enable(NameArgument),
    /// 重置口令；新口令只显示一次 · Give a new password for the next login
    ResetPassword(NameArgument),
}

#[derive(Debug, Args)]
pub(super) struct NameArgument {
    /// 用户名 · Name of the account
    #[arg(value_name = "NAME", value_parser = name)]
    name: AccountName,
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    #[command(flatten)]
    account: NameArgument,
    /// 姓名 · Name of the person
    #[arg(long, value_name = "TEXT")]
    person: String,
    #[command(flatten)]
    grant: GrantOptions,
}

#[derive(Debug, Args)]
pub(super) struct GrantArguments {
    #[command(flatten)]
    account: NameArgument,
    #[command(flatten)]
    grant: GrantOptions,
}

#[derive(Debug, Args)]
struct GrantOptions {
    /// 角色 · Role: `staff`, `auditor`, `system_admin`, `security_admin`, `log_admin`
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    /// 可见的审批机关，可重复 · An agency whose cases may be seen; repeatable
    #[arg(long, value_name = "NAME", requires = "role", conflicts_with = "all_agencies")]
    agency: Vec<String>,
    /// 所有审批机关 · Cases of all agencies
    #[arg(long, requires = "role")]
    all_agencies: bool,
    /// 可见的行政区划（六位代码，含下级），可重复 · A region with all below it; repeatable
    #[arg(long, value_name = "CODE", requires = "role", value_parser = region, conflicts_with = "all_regions")]
    region: Vec<RegionCode>,
    /// 所有行政区划 · Cases of all regions
    #[arg(long, requires = "role")]
    all_regions: bool,
    /// 可见的最高密级 · Highest security class: public, internal, secret, confidential
    #[arg(long, value_name = "CLASS", requires = "role", value_parser = class)]
    clearance: Option<SecurityClass>,
    /// 可见的年度，如 2015..2020；审计人员必填 · Years; an auditor needs them
    #[arg(long, value_name = "YEAR..YEAR", requires = "role", value_parser = years)]
    years: Option<(u32, u32)>,
    /// 授权截止日期；审计人员必填 · Last day of the grant; an auditor needs one
    #[arg(long, value_name = "DATE", requires = "role", value_parser = date)]
    until: Option<CivilDate>,
    /// 可说明理由后查看完整个人信息，可按完整号码检索 · May see personal data in full, with a reason
    #[arg(long, requires = "role")]
    unmask: bool,
    /// 窗口人员：可核验身份后签发查询码 · Works at the counter: may issue access codes to citizens
    #[arg(long, requires = "role")]
    counter: bool,
    /// 可上传扫描件 · May upload scans
    #[arg(long, requires = "role")]
    upload: bool,
    /// 用途，例如 窗口查档 · What the account is for
    #[arg(long, value_name = "TEXT", requires = "role")]
    purpose: Option<String>,
}

fn name(text: &str) -> Result<AccountName, String> {
    AccountName::parse(text)
        .ok_or_else(|| "2 至 40 个字母、汉字、数字或 . _ - (2 to 40 letters, digits, . _ -)".to_owned())
}

fn role(code: &str) -> Result<Role, String> {
    let codes: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
    Role::parse(code).ok_or_else(|| format!("没有这个角色 (no such role; there are: {})", codes.join(", ")))
}

fn region(code: &str) -> Result<RegionCode, String> {
    RegionCode::parse(code).ok_or_else(|| "行政区划为六位代码 (six digits)".to_owned())
}

fn class(code: &str) -> Result<SecurityClass, String> {
    SecurityClass::parse(code)
        .ok_or_else(|| "公开、内部、秘密、机密 (public, internal, secret, confidential)".to_owned())
}

fn years(text: &str) -> Result<(u32, u32), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let year = |text: &str| text.trim().parse().ok();
    year(from)
        .zip(year(to))
        .ok_or_else(|| "年度写成 2015..2020 (years are written 2015..2020)".to_owned())
}

fn date(text: &str) -> Result<CivilDate, String> {
    CivilDate::parse(text).ok_or_else(|| "日期写成 2026-12-31 (a date is written 2026-12-31)".to_owned())
}

impl GrantOptions {
    /// What is granted; nothing when no role is named.
    fn grant(&self) -> Result<Option<Grant>, Failure> {
        let Some(role) = self.role else { return Ok(None) };
        let invalid = |refusal| Failure::Catalogue(Error::Access(AccessRefusal::Grant(refusal)));
        let missing = || invalid(crate::access::InvalidGrant::ScopeMissing);
        let told = self.purpose.is_some()
            || self.clearance.is_some()
            || self.all_agencies
            || self.all_regions
            || !self.agency.is_empty()
            || !self.region.is_empty();
        let scope = match told {
            false => None,
            // Without a list it has to be said that there is none: nobody shall see everything by an oversight.
            true if self.agency.is_empty() && !self.all_agencies && self.region.is_empty() => return Err(missing()),
            true if self.region.is_empty() && !self.all_regions && self.agency.is_empty() => return Err(missing()),
            true => Some(CaseScope {
                agencies: (!self.agency.is_empty()).then(|| self.agency.clone()),
                regions: (!self.region.is_empty()).then(|| self.region.clone()),
                clearance: self.clearance.ok_or_else(missing)?,
                years: self.years,
                until: self.until,
                unmask: self.unmask,
                counter: self.counter,
                upload: self.upload,
                purpose: self.purpose.clone().ok_or_else(missing)?,
            }),
        };
        Grant::new(role, scope).map(Some).map_err(invalid)
    }
}

pub(super) async fn run(office: &Office, command: &UserCommand, out: &mut impl Write) -> Result<(), Failure> {
    let access = &office.access;
    let actor = &office.actor;
    let operate = || office.may(Right::Operate, Action::Account);
    match command {
        UserCommand::Add(arguments) => {
            operate().await?;
            let grant = arguments.grant.grant()?;
            if grant.is_some() {
                office.may(Right::Grant, Action::Grant).await?;
            }
            let name = &arguments.account.name;
            let password = access.add_account(name, &arguments.person, actor).await?;
            write_password(out, name, &password)?;
            if let Some(grant) = grant {
                access.grant(name, Some(&grant), actor).await?;
            }
            Ok(())
        }
        UserCommand::List(output) => {
            operate().await?;
            let accounts = access.accounts().await?;
            let details = json!({"did": "list", "accounts": accounts.len()});
            office.record(Action::Account, &details, None).await?;
            if output.json {
                let accounts: Vec<AccountLine<'_>> = accounts.iter().map(AccountLine::from).collect();
                return write_json(out, &accounts);
            }
            Ok(write_list(out, &accounts)?)
        }
        UserCommand::Grant(arguments) => {
            office.may(Right::Grant, Action::Grant).await?;
            let grant = arguments.grant.grant()?.ok_or(Failure::NoRole)?;
            access.grant(&arguments.account.name, Some(&grant), actor).await?;
            Ok(writeln!(out, "已授权 (granted)")?)
        }
        UserCommand::Revoke(account) => {
            office.may(Right::Grant, Action::Grant).await?;
            access.grant(&account.name, None, actor).await?;
            Ok(writeln!(out, "已撤销授权 (revoked)")?)
        }
        UserCommand::Disable(account) => {
            operate().await?;
            access.set_active(&account.name, false, actor).await?;
            Ok(writeln!(out, "已停用 (disabled)")?)
        }
        UserCommand::Enable(account) => {
            operate().await?;
            access.set_active(&account.name, true, actor).await?;
            Ok(writeln!(out, "已启用 (enabled)")?)
        }
        UserCommand::ResetPassword(account) => {
            operate().await?;
            let password = access.reset_password(&account.name, actor).await?;
            write_password(out, &account.name, &password)
        }
    }
}

fn write_password(out: &mut impl Write, name: &AccountName, password: &str) -> Result<(), Failure> {
    Ok(writeln!(
        out,
        "用户名 {name}，一次性口令 {password}（只显示这一次，首次登录须修改；shown once, to be changed at the first login）"
    )?)
}

/// An account as JSON.
#[derive(Serialize)]
struct AccountLine<'a> {
    name: &'a str,
    person: &'a str,
    active: bool,
    must_change_password: bool,
    role: Option<&'static str>,
    scope: Option<&'a CaseScope>,
    created_at: &'a str,
}

impl<'a> From<&'a Account> for AccountLine<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            name: account.name.as_str(),
            person: &account.person,
            active: account.active,
            must_change_password: account.must_change_password,
            role: account.grant.as_ref().map(|grant| grant.role().code()),
            scope: account.grant.as_ref().and_then(Grant::scope),
            created_at: &account.created_at,
        }
    }
}

fn write_list(out: &mut impl Write, accounts: &[Account]) -> std::io::Result<()> {
    let mut table = Table::new(&[("用户名", 20), ("姓名", 14), ("角色", 12), ("状态", 12), ("范围", 60)]);
    for account in accounts {
        let state = match (account.active, account.must_change_password) {
            (false, _) => "停用",
            (true, true) => "待首次登录",
            (true, false) => "可用",
        };
        let role = account.grant.as_ref().map_or("未授权", |grant| grant.role().label_zh());
        let scope = account.grant.as_ref().and_then(Grant::scope).map(scope_text);
        table.row([
            account.name.to_string(),
            one_line(&account.person),
            role.to_owned(),
            state.to_owned(),
            scope.unwrap_or_default(),
        ]);
    }
    table.write(out)
}

fn scope_text(scope: &CaseScope) -> String {
    let mut parts = vec![
        scope
            .agencies
            .as_ref()
            .map_or("全部机关".to_owned(), |names| names.join("、")),
        scope.regions.as_ref().map_or("全部区划".to_owned(), |codes| {
            codes.iter().map(RegionCode::as_str).collect::<Vec<_>>().join("、")
        }),
        format!("密级至{}", scope.clearance.label_zh()),
    ];
    parts.extend(scope.years.map(|(from, to)| format!("{from}–{to} 年度")));
    parts.extend(scope.until.map(|until| format!("至 {until}")));
    parts.extend(scope.unmask.then(|| "可查看完整个人信息".to_owned()));
    parts.extend(scope.counter.then(|| "可签发查询码".to_owned()));
    parts.extend(scope.upload.then(|| "可上传扫描件".to_owned()));
    parts.push(one_line(&scope.purpose));
    parts.join("；")
}
