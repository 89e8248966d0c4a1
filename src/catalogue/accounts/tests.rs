//! Accounts, sessions, tokens and the log. All people are invented.

mod citizens;
mod log;
mod people;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::access::{AccountName, Actor, CaseScope, Grant, Right, Role, Secret, SecretKind, Viewer, WeakPassword};
use crate::record::SecurityClass;

/// 2026-06-30 08:00 in Chinese time.
const START: i64 = 1_782_777_600;

/// A store with a clock that stands still.
struct Office {
    folder: TempDir,
    store: AccessStore,
    seconds: Arc<AtomicI64>,
}

impl Office {
    async fn open() -> Self {
        Self::reopen(tempfile::tempdir().unwrap(), START).await
    }

    async fn reopen(folder: TempDir, at: i64) -> Self {
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let seconds = Arc::new(AtomicI64::new(at));
        let time = Arc::clone(&seconds);
        let clock: Clock = Arc::new(move || Timestamp::from_second(time.load(Ordering::Relaxed)).unwrap());
        let options = AccessOptions {
            keys: KeyDirectory::open(folder.path().join("keys")).unwrap(),
            hash: ChainHash::Sha256,
        };
        let store = AccessStore::open_at(&directory, options, clock).await.unwrap();
        Self { folder, store, seconds }
    }

    fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn sql(&self, sql: &'static str) -> std::result::Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(&self.store.inner.writer).await.map(drop)
    }

    /// An account of staff with a password of its own.
    async fn staff(&self, name: &str) -> Viewer {
        let account = AccountName::parse(name).unwrap();
        let one_time = self.store.add_account(&account, "赵小满", &operator()).await.unwrap();
        self.store.grant(&account, Some(&staff()), &operator()).await.unwrap();
        let (_, viewer) = self.sign_in(name, &one_time).await.unwrap();
        self.store
            .change_password(&viewer, &one_time, PASSWORD, &operator())
            .await
            .unwrap();
        viewer
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<(Secret, Viewer)> {
        let asked = SignIn {
            name: name.to_owned(),
            password: password.to_owned(),
            purpose: None,
            address: Some("192.0.2.1".parse().unwrap()),
        };
        self.store.sign_in(&asked, &Actor::unknown()).await
    }

    async fn refusal(&self, name: &str, password: &str) -> AccessRefusal {
        refusal(self.sign_in(name, password).await)
    }
}

const PASSWORD: &str = "Liu-shi-7-jian";

fn operator() -> Actor {
    Actor::local(1000)
}

fn staff() -> Grant {
    let scope = CaseScope {
        agencies: Some(vec!["灵丘县市场监督管理局".into()]),
        regions: None,
        clearance: SecurityClass::Internal,
        years: None,
        until: None,
        unmask: false,
        counter: false,
        upload: false,
        purpose: "窗口查档".into(),
    };
    Grant::new(Role::Staff, Some(scope)).unwrap()
}

fn refusal<T>(result: Result<T>) -> AccessRefusal {
    match result {
        Err(error) => error.access_refusal().unwrap_or_else(|| panic!("{error}")),
        Ok(_) => panic!("not refused"),
    }
}
