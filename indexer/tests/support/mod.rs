//! Runs the indexer as a user does and asks the API as a client does.

pub(crate) mod broken;
pub(crate) mod manifest;
pub(crate) mod pdf;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use juanzong::access::{AccountName, Actor, CaseScope, ChainHash, Grant, KeyDirectory, Role};
use juanzong::backup::{BackupOptions, Source, back_up};
use juanzong::catalogue::{AccessOptions, AccessStore, Catalogue, Change, DataDirectory, NewCorrection, NewToken};
use juanzong::http::{AppState, Site};
use juanzong::record::{ArchivalCode, FieldName, SecurityClass};
use juanzong_indexer::sample::{Level, SampleOptions, generate};
use serde_json::Value;
use tower::ServiceExt as _;

/// Field and value of each query parameter.
pub(crate) type Query<'a> = &'a [(&'a str, &'a str)];

/// An archive in a temporary folder.
pub(crate) struct Archive {
    pub(crate) folder: tempfile::TempDir,
}

impl Archive {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs `juanzong-indexer --data … ARGS`.
    pub(crate) fn indexer(&self, arguments: &[&str]) -> Output {
        self.indexer_killed_at(None, arguments)
    }

    /// The same with something in its environment.
    pub(crate) fn indexer_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong-indexer"));
        command.arg("--data").arg(self.data()).args(arguments);
        command.envs(environment.iter().copied());
        command.output().unwrap()
    }

    /// The same, killed at a point (`name:count`).
    pub(crate) fn indexer_killed_at(&self, point: Option<&str>, arguments: &[&str]) -> Output {
        let point: Vec<(&str, &str)> = point.map(|point| ("JUANZONG_KILL_AT", point)).into_iter().collect();
        self.indexer_with(&point, arguments)
    }

    /// What the catalogue holds, without times and keys.
    pub(crate) fn dump(&self) -> String {
        runtime().block_on(async {
            let data = DataDirectory::open(self.data()).unwrap();
            let catalogue = Catalogue::open(&data).await.unwrap();
            let dump = catalogue.dump().await.unwrap();
            catalogue.close().await;
            dump
        })
    }

    /// The catalogue, as the server has it open beside the indexer.
    pub(crate) async fn catalogue(&self) -> Catalogue {
        Catalogue::open(&DataDirectory::open(self.data()).unwrap())
            .await
            .unwrap()
    }

    /// Does something with archive, accounts and log, as the server has them open.
    pub(crate) fn opened<T, F: Future<Output = T>>(
        &self,
        work: impl FnOnce(juanzong::archive::Archive, AccessStore) -> F,
    ) -> T {
        runtime().block_on(async {
            let directory = DataDirectory::open(self.data()).unwrap();
            let options = AccessOptions {
                keys: KeyDirectory::open(directory.keys()).unwrap(),
                hash: ChainHash::Sha256,
            };
            let access = AccessStore::open(&directory, options).await.unwrap();
            let archive = juanzong::archive::Archive::open(directory).await.unwrap();
            let catalogue = archive.catalogue().clone();
            let done = work(archive, access.clone()).await;
            access.close().await;
            catalogue.close().await;
            done
        })
    }

    /// Backs the archive up into `backups` beside it, and its keys into `kept-keys`; gives both.
    pub(crate) fn back_up(&self) -> (PathBuf, PathBuf) {
        let (to, keys) = (self.folder.path().join("backups"), self.folder.path().join("kept-keys"));
        let options = BackupOptions {
            to: to.clone(),
            keys: Some(keys.clone()),
            ..BackupOptions::default()
        };
        self.opened(async |archive, access| {
            let source = Source {
                directory: archive.directory(),
                catalogue: archive.catalogue(),
                access: &access,
            };
            let made = back_up(source, &options, "2026-06-30T12:00:00Z".parse().unwrap())
                .await
                .unwrap();
            assert_eq!(made.lost, 0);
        });
        (to, keys)
    }

    /// Corrects the only case with this archival code as the server does; gives the number of the correction.
    pub(crate) fn correct(&self, code: &str, change: Change) -> u32 {
        runtime().block_on(async {
            let catalogue = self.catalogue().await;
            let code = ArchivalCode::parse(code).unwrap();
            let case = catalogue.case_by_code(&code).await.unwrap().unwrap();
            let new = NewCorrection {
                change,
                author: "孙晓梅".to_owned(),
                reason: None,
            };
            let made = catalogue.correct(case.case_key, &new).await.unwrap();
            catalogue.close().await;
            made.number
        })
    }

    /// Takes a correction of the case with this archival code back.
    pub(crate) fn undo(&self, code: &str, number: u32) {
        runtime().block_on(async {
            let catalogue = self.catalogue().await;
            let code = ArchivalCode::parse(code).unwrap();
            let case = catalogue.case_by_code(&code).await.unwrap().unwrap();
            let undone = catalogue.undo_correction(case.case_key, number, "孙晓梅", None);
            undone.await.unwrap();
            catalogue.close().await;
        });
    }

    /// Asks the API; gives status and body.
    pub(crate) fn get(&self, path: &str, query: Query<'_>) -> (StatusCode, Vec<u8>) {
        self.ask("GET", path, query, "")
    }

    /// The image of a page with nothing blackened.
    pub(crate) fn image_in_full(&self, page: &str, query: Query<'_>) -> (StatusCode, Vec<u8>) {
        self.ask("POST", &format!("{page}/image"), query, r#"{"reason":"核对原件"}"#)
    }

    fn ask(&self, method: &str, path: &str, query: Query<'_>, body: &'static str) -> (StatusCode, Vec<u8>) {
        self.opened(async |archive, access| {
            let token = token(&access).await;
            let state = AppState::new(archive, access, Site::default(), 1);
            let request = Request::builder().method(method).uri(uri(path, query));
            let request = request
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/json");
            let request = request.body(Body::from(body)).unwrap();
            let router = juanzong::http::router(state);
            let response = router.oneshot(request).await.unwrap();
            let status = response.status();
            (
                status,
                response.into_body().collect().await.unwrap().to_bytes().to_vec(),
            )
        })
    }

    /// Asks the API for JSON that must come.
    pub(crate) fn json(&self, path: &str, query: Query<'_>) -> Value {
        let (status, body) = self.get(path, query);
        assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// Searches; gives the answer.
    pub(crate) fn search(&self, query: Query<'_>) -> Value {
        self.json("/api/v1/search", query)
    }

    /// Archival codes of the hits of a query, in the order of the answer.
    pub(crate) fn codes(&self, q: &str) -> Vec<String> {
        let answer = self.search(&[("q", q), ("size", "100")]);
        strings(&answer["hits"], "archival_code")
    }
}

/// A token of a member of staff who sees everything; each opening of the archive makes its own.
async fn token(access: &AccessStore) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let (account, actor) = (AccountName::parse("sunxm").unwrap(), Actor::local(0));
    if access.viewer(&account).await.unwrap().is_none() {
        let scope = CaseScope {
            agencies: None,
            regions: None,
            clearance: SecurityClass::Confidential,
            years: None,
            until: None,
            unmask: true,
            counter: false,
            upload: false,
            purpose: "测试".to_owned(),
        };
        let grant = Grant::new(Role::Staff, Some(scope)).unwrap();
        access.add_account(&account, "孙晓梅", &actor).await.unwrap();
        access.grant(&account, Some(&grant), &actor).await.unwrap();
    }
    let new = NewToken {
        account,
        name: format!("{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed)),
        rights: Role::Staff.rights().iter().copied().collect(),
        days: 1,
    };
    access.create_token(&new, &actor).await.unwrap().reveal().to_owned()
}

/// A change of a field.
pub(crate) fn field(field: FieldName, value: &str) -> Change {
    Change::Field {
        field,
        value: value.to_owned(),
        old: None,
    }
}

/// One field of each object of a list.
pub(crate) fn strings(list: &Value, field: &str) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|v| v[field].as_str().unwrap().to_owned())
        .collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

fn uri(path: &str, query: Query<'_>) -> String {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// Standard output of a run.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Generates sample cases under `folder`.
pub(crate) fn sample(folder: &Path, options: SampleOptions) -> PathBuf {
    let out = folder.join("scans");
    generate(&SampleOptions {
        out: out.clone(),
        ..options
    })
    .unwrap();
    out
}

/// Usual options of a generated sample; `out` is set by [`sample`].
pub(crate) fn options() -> SampleOptions {
    SampleOptions {
        out: PathBuf::new(),
        cases: 1,
        seed: 1,
        level: Level::Clean,
        only_formats: None,
    }
}
