//! Accounts and what they are granted.

use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::refusal::AccessRefusal;
use super::rows::{ACCOUNT, grant_from_row, name_from_row, viewer_from_row};
use super::{AccessStore, Inner};
use crate::access::{
    AccountName, Action, Actor, Credential, Grant, Outcome, PasswordHash, Role, Viewer, one_time_password,
};
use crate::catalogue::database::{Connection, from_db, to_db};
use crate::catalogue::error::{Fault, Result, Tried};

/// Most characters of the name of a person.
const PERSON_CHARACTERS: usize = 60;
/// The first administrators: role, account and person.
const FIRST: [(Role, &str, &str); 3] = [
    (Role::SystemAdmin, "sysadmin", "系统管理员"),
    (Role::SecurityAdmin, "secadmin", "安全管理员"),
    (Role::LogAdmin, "logadmin", "日志管理员"),
];

/// An account as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// The person.
    pub person: String,
    /// Whether it can be used.
    pub active: bool,
    /// Whether the password has to be changed at the next login.
    pub must_change_password: bool,
    /// Role and cases.
    pub grant: Option<Grant>,
    /// When it was made (RFC 3339, UTC).
    pub created_at: String,
}

/// One of the three administrators of a new archive, with the password for the first login.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// The role.
    pub role: Role,
    /// The account.
    pub name: AccountName,
    /// The password; it is kept nowhere.
    pub password: String,
}

impl AccessStore {
    /// Makes the three administrators when there is no account yet; empty when there is one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn first_administrators(&self) -> Result<Vec<FirstAdministrator>> {
        let made = async {
            let mut read = self.inner.read().await?;
            if accounts(&mut read).await? > 0 {
                return Ok(Vec::new());
            }
            drop(read);
            let mut made = Vec::new();
            let mut hashes = Vec::new();
            for (role, name, _) in FIRST {
                let name = AccountName::parse(name).ok_or(AccessRefusal::Name)?;
                let password = one_time_password();
                hashes.push(self.inner.hashed(&password).await?);
                made.push(FirstAdministrator { role, name, password });
            }
            let mut transaction = self.inner.write().await?;
            // Another process may have been first.
            if accounts(&mut transaction).await? > 0 {
                return Ok(Vec::new());
            }
            let actor = Actor {
                name: "first start".to_owned(),
                ..Actor::default()
            };
            let mut entries = Vec::new();
            for ((first, hash), (role, _, person)) in made.iter().zip(hashes).zip(FIRST) {
                let key = insert(&mut transaction, &first.name, person, &hash, &actor, &self.inner).await?;
                grant(
                    &mut transaction,
                    key,
                    &Grant::new(role, None).map_err(AccessRefusal::from)?,
                    None,
                    &self.inner,
                )
                .await?;
                let details = json!({"account": first.name.as_str(), "did": "add", "role": role.code()});
                entries.push(actor.entry(Action::Account, Outcome::Done, &details));
            }
            let checkpoint = self.inner.append(&mut transaction, entries).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(made)
        };
        made.await.map_err(self.fault("making the administrators"))
    }

    /// Makes an account that may do nothing yet; its password for the first login.
    ///
    /// # Errors
    /// [`AccessRefusal`], or when the file cannot be written.
    pub async fn add_account(&self, name: &AccountName, person: &str, actor: &Actor) -> Result<String> {
        let added = async {
            let person = one_line("person", person, PERSON_CHARACTERS)?;
            let password = one_time_password();
            let hash = self.inner.hashed(&password).await?;
            let mut transaction = self.inner.write().await?;
            if find(&mut transaction, name).await?.is_some() {
                return Err(AccessRefusal::NameTaken.into());
            }
            insert(&mut transaction, name, &person, &hash, actor, &self.inner).await?;
            let details = json!({"account": name.as_str(), "did": "add"});
            let entry = actor.entry(Action::Account, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(password)
        };
        added.await.map_err(self.fault("making an account"))
    }

    /// Grants an account a role, in place of what it was granted before, or takes what it has (`None`). Its sessions end.
    ///
    /// # Errors
    /// [`AccessRefusal`], or when the file cannot be written.
    pub async fn grant(&self, name: &AccountName, granted: Option<&Grant>, actor: &Actor) -> Result<()> {
        let changed = async {
            let mut transaction = self.inner.write().await?;
            let row = find(&mut transaction, name).await?.ok_or(AccessRefusal::NoAccount)?;
            let key: i64 = row.try_get("account_key")?;
            if actor.account_key.map(to_db) == Some(key) {
                return Err(AccessRefusal::OwnGrant.into());
            }
            let before = grant_from_row(&row)?;
            let role = granted.map(Grant::role);
            if before.as_ref().map(Grant::role) == Some(Role::SecurityAdmin) && role != Some(Role::SecurityAdmin) {
                keep_a_security_admin(&mut transaction, key).await?;
            }
            if let Some(role) = role.filter(|role| role.is_administrator()) {
                keep_administrators_apart(&mut transaction, key, role).await?;
            }
            if before.as_ref() == granted {
                return Ok(());
            }
            end_grant(&mut transaction, key, &self.inner).await?;
            if let Some(granted) = granted {
                grant(&mut transaction, key, granted, actor.account_key, &self.inner).await?;
            }
            end_sessions(&mut transaction, key, None).await?;
            let scope = granted.and_then(Grant::scope);
            let details = json!({"account": name.as_str(), "role": role.map(Role::code), "scope": scope});
            let entry = actor.entry(Action::Grant, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        changed.await.map_err(self.fault("granting a role"))
    }

    /// Lets an account be used, or not; then its sessions end.
    ///
    /// # Errors
    /// [`AccessRefusal`], or when the file cannot be written.
    pub async fn set_active(&self, name: &AccountName, active: bool, actor: &Actor) -> Result<()> {
        let changed = async {
            let mut transaction = self.inner.write().await?;
            let row = find(&mut transaction, name).await?.ok_or(AccessRefusal::NoAccount)?;
            let key: i64 = row.try_get("account_key")?;
            let role = grant_from_row(&row)?.map(|grant| grant.role());
            if !active && role == Some(Role::SecurityAdmin) {
                keep_a_security_admin(&mut transaction, key).await?;
            }
            let (state, did) = match active {
                true => ("active", "enable"),
                false => ("disabled", "disable"),
            };
            sqlx::query("UPDATE accounts SET state = $1, changed_at = $2 WHERE account_key = $3")
                .bind(state)
                .bind(self.inner.now().to_string())
                .bind(key)
                .execute(&mut *transaction)
                .await?;
            if !active {
                end_sessions(&mut transaction, key, None).await?;
            }
            let details = json!({"account": name.as_str(), "did": did});
            let entry = actor.entry(Action::Account, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await
        };
        changed.await.map_err(self.fault("changing an account"))
    }

    /// Gives an account a new password for one login; its sessions end.
    ///
    /// # Errors
    /// [`AccessRefusal::NoAccount`], or when the file cannot be written.
    pub async fn reset_password(&self, name: &AccountName, actor: &Actor) -> Result<String> {
        let reset = async {
            let password = one_time_password();
            let hash = self.inner.hashed(&password).await?;
            let mut transaction = self.inner.write().await?;
            let row = find(&mut transaction, name).await?.ok_or(AccessRefusal::NoAccount)?;
            let key: i64 = row.try_get("account_key")?;
            set_password(&mut transaction, key, &hash, true, &self.inner).await?;
            end_sessions(&mut transaction, key, None).await?;
            let details = json!({"account": name.as_str(), "did": "reset_password"});
            let entry = actor.entry(Action::Account, Outcome::Done, &details);
            let checkpoint = self.inner.append(&mut transaction, vec![entry]).await?;
            self.inner.commit(transaction, checkpoint).await?;
            Ok(password)
        };
        reset.await.map_err(self.fault("setting a password"))
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let listed = async {
            let mut transaction = self.inner.read().await?;
            let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{ACCOUNT} ORDER BY a.name")))
                .fetch_all(&mut *transaction)
                .await?;
            rows.iter().map(account_from_row).collect::<Tried<Vec<_>>>()
        };
        listed.await.map_err(self.fault("listing the accounts"))
    }

    /// An account as who holds the data directory acts as it; `None` when there is none that can be used.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn viewer(&self, name: &AccountName) -> Result<Option<Viewer>> {
        let found = async {
            let mut transaction = self.inner.read().await?;
            let row = find(&mut transaction, name).await?;
            let row = row.filter(|row| row.try_get::<String, _>("state").is_ok_and(|state| state == "active"));
            row.map(|row| viewer_from_row(&row, Credential::Local, None))
                .transpose()
        };
        found.await.map_err(self.fault("finding an account"))
    }
}

impl Inner {
    /// What is kept of a password, worked out aside.
    pub(super) async fn hashed(&self, password: &str) -> Tried<PasswordHash> {
        let password = password.to_owned();
        let hash = self.aside(move || PasswordHash::of(&password)).await?;
        hash.map_err(|_| Fault::damaged("parameter of the password hash"))
    }

    /// Runs work on passwords on the blocking pool, a little at a time.
    pub(super) async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Tried<T> {
        let _permit = self.passwords.acquire().await;
        self.password_runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| Fault::damaged("password"))
    }
}

async fn accounts(connection: &mut Connection) -> Tried<u64> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM accounts")
        .fetch_one(connection)
        .await?;
    from_db(count, "number of accounts")
}

/// The account of a name with its grant.
pub(super) async fn find(connection: &mut Connection, name: &AccountName) -> Tried<Option<SqliteRow>> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("{ACCOUNT} WHERE a.name = $1")))
        .bind(name.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(found)
}

async fn insert(
    connection: &mut Connection,
    name: &AccountName,
    person: &str,
    hash: &PasswordHash,
    actor: &Actor,
    inner: &Inner,
) -> Tried<i64> {
    let now = inner.now().to_string();
    let key = sqlx::query_scalar(
        "INSERT INTO accounts (name, person, state, password, must_change, created_by, created_at, changed_at) \
         VALUES ($1, $2, 'active', $3, 1, $4, $5, $5) RETURNING account_key",
    )
    .bind(name.as_str())
    .bind(person)
    .bind(hash.as_str())
    .bind(&actor.name)
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(key)
}

async fn grant(connection: &mut Connection, key: i64, grant: &Grant, by: Option<u64>, inner: &Inner) -> Tried<()> {
    let scope = grant.scope().map(serde_json::to_string).transpose();
    sqlx::query("INSERT INTO grants (account_key, role, scope, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(key)
        .bind(grant.role().code())
        .bind(scope.map_err(|_| Fault::damaged("grant"))?)
        .bind(by.map(to_db))
        .bind(inner.now().to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn end_grant(connection: &mut Connection, key: i64, inner: &Inner) -> Tried<()> {
    sqlx::query("UPDATE grants SET ended_at = $1 WHERE account_key = $2 AND ended_at IS NULL")
        .bind(inner.now().to_string())
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends the sessions of an account but one.
pub(super) async fn end_sessions(connection: &mut Connection, key: i64, but: Option<&str>) -> Tried<()> {
    sqlx::query("DELETE FROM sessions WHERE account_key = $1 AND secret_hash <> $2")
        .bind(key)
        .bind(but.unwrap_or_default())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn set_password(
    connection: &mut Connection,
    key: i64,
    hash: &PasswordHash,
    must_change: bool,
    inner: &Inner,
) -> Tried<()> {
    sqlx::query("UPDATE accounts SET password = $1, must_change = $2, changed_at = $3 WHERE account_key = $4")
        .bind(hash.as_str())
        .bind(i64::from(must_change))
        .bind(inner.now().to_string())
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// Refuses to go on when nobody else could grant anything any more. The tables refuse it, too.
async fn keep_a_security_admin(connection: &mut Connection, key: i64) -> Tried<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM grants g JOIN accounts a ON a.account_key = g.account_key WHERE \
         g.role = 'security_admin' AND g.ended_at IS NULL AND a.state = 'active' AND g.account_key <> $1",
    )
    .bind(key)
    .fetch_one(connection)
    .await?;
    match others {
        0 => Err(AccessRefusal::LastSecurityAdmin.into()),
        _ => Ok(()),
    }
}

/// Refuses to make one of the three administrators of who was another of them. The tables refuse it, too.
async fn keep_administrators_apart(connection: &mut Connection, key: i64, role: Role) -> Tried<()> {
    let roles: Vec<String> = sqlx::query_scalar("SELECT DISTINCT role FROM grants WHERE account_key = $1")
        .bind(key)
        .fetch_all(connection)
        .await?;
    let other = roles
        .iter()
        .filter_map(|code| Role::parse(code))
        .any(|before| before.is_administrator() && before != role);
    match other {
        true => Err(AccessRefusal::SecondAdministrator.into()),
        false => Ok(()),
    }
}

/// A text of one line that is neither empty nor too long.
pub(super) fn one_line(what: &'static str, text: &str, most: usize) -> std::result::Result<String, AccessRefusal> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    match fits {
        true => Ok(text.to_owned()),
        false => Err(AccessRefusal::Text { what }),
    }
}

fn account_from_row(row: &SqliteRow) -> Tried<Account> {
    Ok(Account {
        name: name_from_row(row)?,
        person: row.try_get("person")?,
        active: row.try_get::<String, _>("state")? == "active",
        must_change_password: row.try_get::<i64, _>("must_change")? != 0,
        grant: grant_from_row(row)?,
        created_at: row.try_get("created_at")?,
    })
}
