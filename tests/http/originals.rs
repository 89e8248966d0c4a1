//! Originals: byte for byte, for those who may see personal data in full, with a reason.

use juanzong::access::{Action, CaseScope, Role};
use juanzong::catalogue::AuditFilter;

use super::*;
use crate::support::{everything, grant};

const CONTENT: &[u8] = b"%PDF-1.4 original";
const REASON: &str = "%E6%A0%B8%E5%AF%B9%E5%8E%9F%E4%BB%B6"; // 核对原件

async fn scanned() -> (TestArchive, Api, String) {
    let archive = TestArchive::empty().await;
    archive.add_scanned(1, CONTENT).await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    (archive, api, format!("/api/v1/cases/{id}/documents"))
}

async fn get(api: &Api, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    api.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn an_original_comes_byte_for_byte_with_headers_that_guard_and_an_entry() {
    let (archive, api, documents) = scanned().await;
    let path = format!("{documents}/1/file");
    let whole = get(&api, &path, &[("x-reason", REASON)]).await;
    assert_eq!((whole.status, whole.body.as_slice()), (StatusCode::OK, CONTENT));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("accept-ranges", "bytes"),
        ("content-length", "17"),
        (
            "content-security-policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    assert!(whole.header("content-disposition").starts_with("attachment; "));
    let part = get(&api, &path, &[("x-reason", REASON), ("range", "bytes=9-")]).await;
    assert_eq!(
        (part.status, part.body.as_slice()),
        (StatusCode::PARTIAL_CONTENT, &b"original"[..])
    );
    assert_eq!(part.header("content-range"), "bytes 9-16/17");
    let tag = part.header("etag").to_owned();
    let other = [("x-reason", REASON), ("range", "bytes=9-"), ("if-range", "\"other\"")];
    assert_eq!(get(&api, &path, &other).await.status, StatusCode::OK);
    let same = [("x-reason", REASON), ("range", "bytes=9-"), ("if-range", tag.as_str())];
    assert_eq!(get(&api, &path, &same).await.status, StatusCode::PARTIAL_CONTENT);
    let beyond = get(&api, &path, &[("x-reason", REASON), ("range", "bytes=17-")]).await;
    assert_eq!(beyond.code(), "range_not_satisfiable");
    let entries = archive
        .access()
        .audit_entries(&AuditFilter::default(), 10)
        .await
        .unwrap();
    let entry = entries
        .iter()
        .find(|entry| entry.entry.action == Action::ViewOriginal)
        .unwrap();
    assert!(
        entry.entry.details.contains("核对原件") && entry.entry.details.contains("sha256"),
        "{entry:?}"
    );
}

#[tokio::test]
async fn without_a_reason_or_the_right_there_is_no_original() {
    let (archive, api, documents) = scanned().await;
    let path = format!("{documents}/1/file");
    assert_eq!(get(&api, &path, &[]).await.code(), "value_missing");
    assert_eq!(
        get(&api, &path, &[("x-reason", "a%0Ab")]).await.code(),
        "value_too_long"
    );
    let masked = CaseScope {
        unmask: false,
        ..everything()
    };
    let token = archive.token_of("reader", &grant(Role::Staff, masked)).await;
    let refused = get(&api.with_token(&token), &path, &[("x-reason", REASON)]).await;
    assert_eq!(refused.code(), "original_not_allowed");
    assert!(refused.json()["detail"].as_str().unwrap().contains("查看完整个人信息"));
}

#[tokio::test]
async fn no_path_leads_out_of_the_originals() {
    let (_archive, api, documents) = scanned().await;
    for path in [
        "9/file",
        "..%2F..%2Fcatalogue.db/file",
        "0/file",
        "-1/file",
        "1%2Ffile/file",
    ] {
        let answer = get(&api, &format!("{documents}/{path}"), &[("x-reason", REASON)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
