//! Certified copies and their verification.

use std::process::Command;

use sha2::{Digest, Sha256};

use super::*;

/// The text of a PDF, as another program reads it.
pub(super) fn text_of(archive: &TestArchive, pdf: &[u8]) -> String {
    let path = archive.beside("copy.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext").args(["-raw"]).arg(&path).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("pdftotext (poppler-utils) is needed: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect()
}

#[tokio::test]
async fn a_copy_is_certified_searchable_and_verified_by_anybody() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let application = format!("申请人{NAME}\n委托代理人：{AGENT}");
    let papers = [
        (DocumentKind::Application, application.as_str()),
        (DocumentKind::Review, "审查人员内部意见"),
        (DocumentKind::Decision, "准予行政许可决定书"),
    ];
    archive.add(&of(1, NAME, &own, &papers)).await;
    archive
        .add(&of(2, NAME, &own, &[(DocumentKind::Review, "审查人员内部意见")]))
        .await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let copy = mine
        .get(&format!("{LIST}/{}/certified-copy", archive.id(1).await))
        .await;
    assert_eq!(copy.status, StatusCode::OK, "{}", copy.text());
    assert_eq!(copy.header("content-type"), "application/pdf");
    assert_eq!(copy.header("cache-control"), "no-store");
    let file = copy.header("content-disposition");
    let code = file
        .trim_start_matches("attachment; filename=\"copy-")
        .split(".pdf\"")
        .next()
        .unwrap()
        .to_owned();
    let text = text_of(&archive, &copy.body);
    for part in [NAME, "准予行政许可决定书", "本档案馆", "核验副本", "第1页", "第2页"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(
        text.matches(&format!("核验码{code}")).count(),
        2,
        "on each page: {text}"
    );
    for hidden in [AGENT, "内部意见"] {
        assert!(!text.contains(hidden), "{hidden}");
    }

    let nobody = api.nobody();
    let verified = nobody.get(&format!("/api/v1/verify/{}", code.to_lowercase())).await;
    let sha256 = hex::encode(Sha256::digest(&copy.body));
    let json = verified.json();
    assert_eq!((&json["genuine"], &json["sha256"]), (&json!(true), &json!(sha256)));
    assert!(json["issued_on"].as_str().unwrap().len() == 10 && json.as_object().unwrap().len() == 3);
    for (at, wrong) in ["2222-2222-2222", "x", "%00", "2345678"].into_iter().enumerate() {
        let json = nobody.get(&format!("/api/v1/verify/{wrong}")).await.json();
        assert_eq!(
            json,
            json!({"genuine": false, "issued_on": null, "sha256": null}),
            "{at}"
        );
    }
    let again = mine
        .get(&format!("{LIST}/{}/certified-copy", archive.id(1).await))
        .await;
    assert_ne!(again.header("content-disposition"), file, "each copy has its own code");
    assert_eq!(
        mine.get(&format!("{LIST}/{}/certified-copy", archive.id(2).await))
            .await
            .code(),
        "nothing_to_copy"
    );
}
