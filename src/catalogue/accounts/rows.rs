//! Accounts and their grants as they are read.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::access::{AccountName, CaseScope, Credential, Grant, Right, Role, Viewer};
use crate::catalogue::database::from_db;
use crate::catalogue::error::{Fault, Tried};

/// An account with its present grant: the columns that [`viewer_from_row`] and [`grant_from_row`] read.
pub(super) const ACCOUNT: &str = "SELECT a.*, g.role, g.scope FROM accounts a \
     LEFT JOIN grants g ON g.account_key = a.account_key AND g.ended_at IS NULL";

pub(super) fn name_from_row(row: &SqliteRow) -> Tried<AccountName> {
    let name: String = row.try_get("name")?;
    AccountName::parse(&name).ok_or_else(|| Fault::damaged("name of an account"))
}

pub(super) fn grant_from_row(row: &SqliteRow) -> Tried<Option<Grant>> {
    let role: Option<String> = row.try_get("role")?;
    let Some(role) = role else { return Ok(None) };
    let damaged = || Fault::damaged("grant of an account");
    let role = Role::parse(&role).ok_or_else(damaged)?;
    let scope: Option<String> = row.try_get("scope")?;
    let scope: Option<CaseScope> = scope
        .map(|scope| serde_json::from_str(&scope).map_err(|_| damaged()))
        .transpose()?;
    Grant::new(role, scope).map(Some).map_err(|_| damaged())
}

/// Who an account is, when it is used in this way.
pub(super) fn viewer_from_row(row: &SqliteRow, credential: Credential, purpose: Option<String>) -> Tried<Viewer> {
    // A program cannot change it, and has a secret of its own.
    let by_password = credential == Credential::Session;
    Ok(Viewer {
        account_key: from_db(row.try_get("account_key")?, "key of an account")?,
        name: name_from_row(row)?,
        person: row.try_get("person")?,
        grant: grant_from_row(row)?,
        purpose,
        credential,
        must_change_password: by_password && row.try_get::<i64, _>("must_change")? != 0,
    })
}

/// Rights as they are stored: their codes, separated by commas.
pub(super) fn rights_to_text(rights: &BTreeSet<Right>) -> String {
    let codes: Vec<&str> = rights.iter().map(|right| right.code()).collect();
    codes.join(",")
}

pub(super) fn rights_from_text(text: &str) -> Tried<BTreeSet<Right>> {
    let right = |code| Right::parse(code).ok_or_else(|| Fault::damaged("rights of a token"));
    text.split(',').map(right).collect()
}
