//! Uploads: what is sent, what is refused, what the log says; jobs and their events. What the indexer does is done here by
//! the catalogue's own functions; `indexer/tests/uploads.rs` has the real one.

mod events;

use std::path::PathBuf;

use juanzong::access::{Action, CaseScope, Role};
use juanzong::catalogue::{
    AuditFilter, CHECK_JOB, FileNews, UPLOAD_JOB, UploadCase, UploadFileState, UploadReport, UploadWork,
};
use serde_json::json;

use super::*;
use crate::support::{code, everything, grant};

const UPLOADS: &str = "/api/v1/uploads";
/// A file name as people give it.
const NAME: &str = "赵小满140224199001011234申请书.pdf";

struct Sender {
    archive: TestArchive,
    api: Api,
    id: String,
}

impl Sender {
    async fn new() -> Self {
        let archive = TestArchive::with_cases().await;
        let api = Api::of(&archive).await;
        let begun = api.post(UPLOADS, &json!({})).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
        let id = begun.json()["upload_id"].as_str().unwrap().to_owned();
        Self { archive, api, id }
    }

    fn path(&self, rest: &str) -> String {
        format!("{UPLOADS}/{}{rest}", self.id)
    }

    async fn name(&self, files: &[(&str, u64)]) -> Answer {
        let files: Vec<Value> = files
            .iter()
            .map(|(path, bytes)| json!({"path": path, "bytes": bytes}))
            .collect();
        self.api.post(&self.path("/files"), &json!({"files": files})).await
    }

    async fn put(&self, number: u32, content: &[u8]) -> Answer {
        let request = Request::put(self.path(&format!("/files/{number}")));
        let request = request.header("content-type", "application/octet-stream");
        self.api.send(request.body(Body::from(content.to_vec())).unwrap()).await
    }

    /// Two good files of one case and its manifest, sent.
    async fn sent() -> Self {
        let sender = Self::new().await;
        let folder = code(77);
        let paths = [
            format!("{folder}/{NAME}"),
            format!("{folder}/2.pdf"),
            "清单.csv".to_owned(),
        ];
        let named = sender.name(&[(&paths[0], 4), (&paths[1], 4), (&paths[2], 3)]).await;
        assert_eq!(named.status, StatusCode::OK, "{}", named.text());
        for (number, content) in [(1, "%PDF"), (2, "%PDG"), (3, "a,b")] {
            let sent = sender.put(number, content.as_bytes()).await;
            assert_eq!(sent.json()["state"], "waiting", "{}", sent.text());
        }
        sender
    }

    async fn view(&self) -> Value {
        self.api.get(&self.path("")).await.json()
    }

    async fn work(&self) -> UploadWork {
        self.archive.catalogue().upload_work(&self.id).await.unwrap().unwrap()
    }

    /// Does the check as an indexer: these cases would come of it.
    async fn checked(&self, codes: &[&str]) {
        let catalogue = self.archive.catalogue();
        let job = catalogue.queued_jobs(CHECK_JOB, 1).await.unwrap().remove(0);
        let cases = codes.iter().map(|code| UploadCase {
            archival_code: (*code).to_owned(),
            row: Some(2),
            files: 2,
            pages: Some(2),
        });
        let report = UploadReport {
            cases: cases.collect(),
            ..UploadReport::default()
        };
        catalogue
            .keep_upload_report(job.job_key, &self.work().await, &report)
            .await
            .unwrap();
    }

    fn on_disk(&self) -> Vec<PathBuf> {
        fn walk(folder: &std::path::Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
                match entry.path().is_dir() {
                    true => walk(&entry.path(), found),
                    false => found.push(entry.path()),
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.archive.directory().uploads(), &mut found);
        found
    }
}

#[tokio::test]
async fn names_that_lead_elsewhere_or_are_taken_are_refused_and_the_others_are_not() {
    let sender = Sender::new().await;
    let named = sender
        .name(&[
            ("甲/1.pdf", 4),
            ("../../juanzong.toml", 4),
            ("/etc/passwd", 4),
            ("C:\\1.pdf", 4),
            ("甲/1.PDF", 4),
            ("甲", 4),
            ("甲/con.pdf", 4),
            ("甲/.DS_Store", 4),
            (&format!("{}.pdf", "长".repeat(90)), 4),
            ("甲/2.pdf", 1 << 40),
        ])
        .await
        .json();
    let reasons: Vec<&str> = named["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["reason"].as_str().unwrap_or("taken in"))
        .collect();
    let expected = [
        "taken in",
        "path_escapes",
        "path_escapes",
        "path_escapes",
        "path_taken",
        "path_taken",
        "path_device",
        "path_hidden",
        "path_too_long",
        "file_too_large",
    ];
    assert_eq!(reasons, expected);
    // Named once more, as after a lost answer, it keeps its number.
    assert_eq!(sender.name(&[("甲/1.pdf", 4)]).await.json()["files"][0]["number"], 1);
    assert_eq!(sender.put(1, b"%PDF").await.status, StatusCode::OK);
    let root = sender.archive.directory().upload_files(&sender.id);
    assert_eq!(sender.on_disk(), [root.join("甲/1.pdf")]);
}

#[tokio::test]
async fn half_sent_files_are_never_taken_for_whole() {
    let sender = Sender::new().await;
    sender.name(&[("甲/1.pdf", 4)]).await;
    for content in [&b""[..], b"%PD", b"%PDF-"] {
        let answer = sender.put(1, content).await;
        assert_eq!(answer.code(), "upload_size", "{content:?}");
    }
    // One that breaks off, and one whose length nobody announced and that is too long.
    let broken = futures_util::stream::iter([Ok("%PD"), Err(std::io::Error::other("gone"))]);
    let long = futures_util::stream::iter([Ok("%PDF"), Ok::<_, std::io::Error>("-1.4")]);
    for (body, expected) in [
        (Body::from_stream(broken), "upload_broken"),
        (Body::from_stream(long), "upload_size"),
    ] {
        let request = Request::put(sender.path("/files/1")).header("content-type", "application/octet-stream");
        assert_eq!(sender.api.send(request.body(body).unwrap()).await.code(), expected);
    }
    assert_eq!(sender.on_disk(), Vec::<PathBuf>::new());
    assert_eq!(sender.view().await["files"][0]["state"], "named");
    let check = sender.api.post(&sender.path("/check"), &json!({})).await;
    assert_eq!(check.code(), "upload_incomplete");
    assert_eq!(sender.put(1, b"%PDF").await.status, StatusCode::OK);
    assert_eq!(
        sender.put(1, b"%PDG").await.code(),
        "upload_state",
        "it is here already"
    );
    let form = Request::put(sender.path("/files/1")).header("content-type", "text/plain");
    assert_eq!(
        sender.api.send(form.body(Body::from("%PDF")).unwrap()).await.code(),
        "not_bytes"
    );
    assert_eq!(sender.put(9, b"%PDF").await.code(), "upload_file_not_found");
}

#[tokio::test]
async fn an_upload_is_checked_given_to_the_indexer_and_tried_again() {
    let sender = Sender::sent().await;
    let (api, catalogue) = (&sender.api, sender.archive.catalogue());
    let ingest = sender.path("/ingest");
    assert_eq!(api.post(&ingest, &json!({})).await.code(), "upload_unchecked");
    let check = sender.path("/check");
    assert_eq!(api.post(&check, &json!({})).await.code(), "upload_loose");
    assert_eq!(
        api.post(&check, &json!({"manifest": 7})).await.code(),
        "upload_file_not_found"
    );
    let queued = api.post(&check, &json!({"manifest": 3})).await;
    assert_eq!(queued.status, StatusCode::ACCEPTED, "{}", queued.text());
    assert_eq!(queued.json()["state"], "queued");
    // Meanwhile nothing is added.
    assert_eq!(sender.name(&[("乙/1.pdf", 1)]).await.code(), "upload_state");
    sender.checked(&[code(77).as_str(), code(1).as_str()]).await;
    let report = sender.view().await["report"].clone();
    assert_eq!(report["usable"], true, "{report}");
    assert_eq!(
        (&report["cases"][0]["standing"], &report["cases"][1]["standing"]),
        (&json!("new"), &json!("changed"))
    );
    // A check says nothing of what was sent after it.
    sender.name(&[("甲/3.pdf", 1)]).await;
    sender.put(4, b"x").await;
    assert_eq!(sender.view().await["report"], Value::Null);
    assert_eq!(api.post(&ingest, &json!({})).await.code(), "upload_unchecked");
    api.post(&check, &json!({"manifest": 3})).await;
    sender.checked(&[code(77).as_str()]).await;

    let given = api.post(&ingest, &json!({})).await;
    assert_eq!(given.status, StatusCode::ACCEPTED, "{}", given.text());
    for path in [&ingest, &check, &sender.path("/retry")] {
        assert_eq!(api.post(path, &json!({})).await.code(), "upload_state", "{path}");
    }
    let close = || api.send(Request::delete(sender.path("")).body(Body::empty()).unwrap());
    assert_eq!(close().await.code(), "upload_state");

    let job = catalogue.queued_jobs(UPLOAD_JOB, 1).await.unwrap().remove(0);
    let work = sender.work().await;
    catalogue.start_upload_job(job.job_key, &work).await.unwrap();
    let news = |number, state, reason: Option<&str>| FileNews {
        number,
        state,
        reason: reason.map(Into::into),
        pages: Some(1),
        pages_failed: 0,
    };
    for news in [
        news(1, UploadFileState::Read, None),
        news(2, UploadFileState::Failed, Some("time_limit")),
    ] {
        catalogue.note_upload_file(&work, &news).await.unwrap();
    }
    assert!(!catalogue.end_upload(job.job_key, &work, None).await.unwrap());
    let ended = api.get(&format!("/api/v1/jobs/upload-{}", sender.id)).await.json();
    assert_eq!(ended["can_retry"], true, "{ended}");
    let states: Vec<&str> = ended["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["read", "failed", "passed_over", "passed_over"]);
    assert_eq!(ended["files"][1]["message"], "处理超时");

    let again = api.post(&sender.path("/retry"), &json!({})).await.json();
    assert_eq!(
        (&again["state"], &again["counts"]["failed"]),
        (&json!("queued"), &json!(0))
    );
    catalogue
        .note_upload_file(&work, &news(2, UploadFileState::Read, None))
        .await
        .unwrap();
    catalogue
        .note_upload_case(&work, code(1).as_str(), "changed")
        .await
        .unwrap();
    assert!(catalogue.end_upload(job.job_key, &work, None).await.unwrap());
    let done = api.get(&format!("/api/v1/jobs/upload-{}", sender.id)).await.json();
    assert_eq!(done["cases"][0]["case_id"], sender.archive.id(1).await, "{done}");
    assert_eq!(
        api.post(&sender.path("/retry"), &json!({})).await.code(),
        "upload_state"
    );
}

#[tokio::test]
async fn a_case_that_somebody_does_not_see_is_not_changed_by_them() {
    let archive = TestArchive::with_cases().await;
    let scope = CaseScope {
        agencies: Some(vec!["别的机关".into()]),
        ..everything()
    };
    let token = archive.token_of("sender", &grant(Role::Staff, scope)).await;
    let api = Api::of(&archive).await.with_token(&token);
    let id = api.post(UPLOADS, &json!({})).await.json()["upload_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let sender = Sender { archive, api, id };
    sender.name(&[("甲/1.pdf", 4)]).await;
    sender.put(1, b"%PDF").await;
    sender.api.post(&sender.path("/check"), &json!({})).await;
    sender.checked(&[code(1).as_str(), code(77).as_str()]).await;
    let report = sender.view().await["report"].clone();
    assert_eq!(
        (&report["taken"], &report["cases"][0]["standing"]),
        (&json!(1), &json!("taken"))
    );
    assert_eq!(
        sender.api.post(&sender.path("/ingest"), &json!({})).await.code(),
        "cases_taken"
    );
    assert!(
        sender
            .archive
            .catalogue()
            .queued_jobs(UPLOAD_JOB, 1)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_upload_is_its_senders_alone_and_goes_with_its_files() {
    let sender = Sender::sent().await;
    let token = sender
        .archive
        .token_of("other", &grant(Role::Staff, everything()))
        .await;
    let other = sender.api.with_token(&token);
    assert_eq!(other.get(&sender.path("")).await.code(), "upload_not_found");
    assert_eq!(other.get(UPLOADS).await.json()["uploads"], json!([]));
    let delete = || Request::delete(sender.path("")).body(Body::empty()).unwrap();
    assert_eq!(other.send(delete()).await.code(), "upload_not_found");
    sender.api.post(&sender.path("/check"), &json!({"manifest": 3})).await;
    let job = format!("/api/v1/jobs/check-{}", sender.id);
    for path in [&job, &format!("{job}/events")] {
        assert_eq!(other.get(path).await.code(), "job_not_found", "{path}");
    }
    assert_eq!(sender.on_disk().len(), 3);
    assert_eq!(sender.api.send(delete()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(sender.on_disk(), Vec::<PathBuf>::new());
    assert_eq!(sender.put(1, b"%PDF").await.code(), "upload_state");
    assert_eq!(sender.on_disk(), Vec::<PathBuf>::new());
    assert!(
        sender
            .archive
            .catalogue()
            .queued_jobs(CHECK_JOB, 1)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn too_many_uploads_and_files_are_refused() {
    let sender = Sender::new().await;
    for _ in 0..4 {
        assert_eq!(sender.api.post(UPLOADS, &json!({})).await.status, StatusCode::CREATED);
    }
    assert_eq!(sender.api.post(UPLOADS, &json!({})).await.code(), "too_many_uploads");
    for batch in 0..10 {
        let names: Vec<String> = (0..200).map(|n| format!("甲/{batch}-{n}.pdf")).collect();
        let files: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        assert_eq!(sender.name(&files).await.status, StatusCode::OK);
    }
    assert_eq!(sender.name(&[("甲/z.pdf", 1)]).await.code(), "too_many_files");
    let large = 1 << 30;
    let sender = Sender::new().await;
    let names: Vec<String> = (0..17).map(|n| format!("甲/{n}.pdf")).collect();
    let files: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), large)).collect();
    assert_eq!(sender.name(&files).await.code(), "upload_too_large");
    assert_eq!(sender.view().await["files"], json!([]), "all of them or none");
}

#[tokio::test]
async fn names_of_files_are_in_no_log_and_not_in_the_catalogue_in_clear() {
    let sender = Sender::sent().await;
    let entries = sender
        .archive
        .access()
        .audit_entries(&AuditFilter::default(), 100)
        .await
        .unwrap();
    let of_uploads: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.entry.action == Action::Upload)
        .map(|entry| entry.entry.details.as_str())
        .collect();
    assert!(
        of_uploads.iter().any(|details| details.contains("sha256")),
        "{of_uploads:?}"
    );
    for details in of_uploads {
        assert!(
            !details.contains("赵小满") && !details.contains("1402241990"),
            "{details}"
        );
    }
    for file in ["catalogue.db", "catalogue.db-wal", "access.db", "access.db-wal"] {
        let bytes = std::fs::read(sender.archive.path().join(file)).unwrap_or_default();
        for text in ["赵小满140224", "申请书.pdf"] {
            assert!(
                !bytes.windows(text.len()).any(|part| part == text.as_bytes()),
                "{text} in {file}"
            );
        }
    }
}

#[tokio::test]
async fn what_comes_after_an_upload_was_given_up_leaves_nothing_behind() {
    let sender = Sender::new().await;
    sender.name(&[("甲/1.pdf", 4)]).await;
    let delete = Request::delete(sender.path("")).body(Body::empty()).unwrap();
    assert_eq!(sender.api.send(delete).await.status, StatusCode::NO_CONTENT);
    assert_eq!(sender.put(1, b"%PDF").await.code(), "upload_state");
    assert!(sender.archive.directory().uploads_on_disk().unwrap().is_empty());
}
