//! What the three administrators see and do over HTTP: dictionaries, tokens, how the archive stands, the check of the log.
//! That nobody else may is in the matrix.

use juanzong::access::{Action, CaseScope, Grant, Outcome, Role};
use juanzong::catalogue::AuditFilter;
use serde_json::json;

use super::*;
use crate::support::{everything, grant};

async fn administrator(archive: &TestArchive, api: &Api, role: Role) -> Api {
    let token = archive
        .token_of(role.code().replace('_', "-").as_str(), &Grant::new(role, None).unwrap())
        .await;
    api.with_token(&token)
}

async fn sent(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    let request = Request::builder().method(method).uri(encode(path));
    let request = request.header("content-type", "application/json");
    api.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// Details of the last entry of the log, which must be of this action.
async fn last_entry(archive: &TestArchive, action: Action) -> Value {
    let entries = archive
        .access()
        .audit_entries(&AuditFilter::default(), 1)
        .await
        .unwrap();
    let entry = &entries[0].entry;
    assert_eq!((entry.action, entry.outcome), (action, Outcome::Done));
    serde_json::from_str(&entry.details).unwrap()
}

#[tokio::test]
async fn dictionaries_are_looked_into_added_to_and_checked() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let operator = administrator(&archive, &api, Role::SystemAdmin).await;
    let found = operator
        .get("/api/v1/dictionaries?containing=国土资源局&size=1")
        .await
        .json();
    assert!(found["total"].as_u64().unwrap() > 1, "{found}");
    assert_eq!(found["entries"].as_array().unwrap().len(), 1);
    assert_eq!(found["needs_reindex"], false);
    assert_eq!(last_entry(&archive, Action::Operate).await["dictionary"], "agencies");

    let others = ["伙房", "后厨房"];
    let added = sent(
        &operator,
        "POST",
        "/api/v1/dictionaries",
        &json!({"kind": "synonyms", "term": "灶房", "others": others}),
    )
    .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        (added.json()["file"].as_str(), added.json()["needs_reindex"].as_bool()),
        (Some("synonyms.tsv"), Some(false))
    );
    assert_eq!(last_entry(&archive, Action::Operate).await["term"], "灶房");
    let told = operator
        .get("/api/v1/dictionaries?kind=synonyms&containing=后厨房")
        .await
        .json();
    assert_eq!(told["entries"][0]["name"], "灶房", "{told}");

    let before = std::fs::read_to_string(archive.path().join("dictionaries/synonyms.tsv")).unwrap();
    for (body, code) in [
        (json!({"kind": "word", "term": ""}), "invalid_body"),
        (json!({"kind": "word", "term": "甲乙\n丙丁\t5"}), "invalid_body"),
        (
            json!({"kind": "synonyms", "term": "灶房", "others": ["甲|乙"]}),
            "invalid_body",
        ),
        (
            json!({"kind": "synonyms", "term": "!灶房", "others": ["甲乙"]}),
            "invalid_body",
        ),
        (json!({"kind": "nonsense", "term": "灶房"}), "invalid_body"),
        (json!({"kind": "word", "term": "abc"}), "dictionary_invalid"),
        (
            json!({"kind": "matter", "name": "新事项许可", "agencies": ["没有的局"]}),
            "dictionary_invalid",
        ),
    ] {
        let answer = sent(&operator, "POST", "/api/v1/dictionaries", &body).await;
        assert_eq!(answer.code(), code, "{body}: {}", answer.text());
    }
    let after = std::fs::read_to_string(archive.path().join("dictionaries/synonyms.tsv")).unwrap();
    assert_eq!(before, after);
    for (query, code) in [("kind=x", "invalid_parameter"), ("size=0", "size_out_of_range")] {
        assert_eq!(
            operator.get(&format!("/api/v1/dictionaries?{query}")).await.code(),
            code
        );
    }
    let good = operator.get("/api/v1/dictionaries/check").await.json();
    assert_eq!((&good["fault"], &good["needs_reindex"]), (&Value::Null, &json!(false)));
    assert!(good["entries"].as_u64().unwrap() > 1000);
}

#[tokio::test]
async fn a_dictionary_is_not_changed_when_that_cannot_be_written_down() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let operator = administrator(&archive, &api, Role::SystemAdmin).await;
    archive.access().clone().close_log().await;
    let body = json!({"kind": "synonyms", "term": "灶房", "others": ["伙房"]});
    let answer = sent(&operator, "POST", "/api/v1/dictionaries", &body).await;
    assert_eq!(answer.code(), "audit_unavailable");
    let file = archive.path().join("dictionaries/synonyms.tsv");
    assert!(!file.try_exists().unwrap());
}

#[tokio::test]
async fn a_faulty_dictionary_is_told_by_file_and_line_and_searches_go_on() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let operator = administrator(&archive, &api, Role::SystemAdmin).await;
    let folder = archive.path().join("dictionaries");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("synonyms.tsv"), "灶房\t伙房\n秘密的词语\n").unwrap();
    for (language, label) in [("zh-CN", "列数不对"), ("en", "the number of columns is wrong")] {
        let answer = operator
            .get_with("/api/v1/dictionaries/check", "accept-language", language)
            .await;
        let json = answer.json();
        assert_eq!(json["entries"], Value::Null);
        assert_eq!(
            json["fault"],
            json!({"code": "dictionary_column_count", "file": "synonyms.tsv", "line": 2, "label": label})
        );
        assert!(
            !answer.text().contains("秘密"),
            "what stands in the file is not repeated"
        );
    }
    let body = json!({"kind": "word", "term": "综窗受理"});
    let answer = sent(&operator, "POST", "/api/v1/dictionaries", &body).await;
    assert_eq!(answer.code(), "dictionary_invalid");
    assert!(
        answer.json()["detail"].as_str().unwrap().contains("synonyms.tsv"),
        "{}",
        answer.text()
    );
    assert_eq!(api.get("/api/v1/search?q=食品").await.json()["total"], 3);
}

#[tokio::test]
async fn the_status_tells_what_there_is_and_no_path() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let operator = administrator(&archive, &api, Role::SystemAdmin).await;
    let catalogue = archive.catalogue();
    for name in ["赵小满.pdf", "钱多多.pdf"] {
        let job = catalogue
            .enqueue_job("ingest", &format!("/scans/{name}"), None)
            .await
            .unwrap();
        catalogue.start_job(job.job_key).await.unwrap();
        catalogue
            .fail_job(job.job_key, "broken_file", &format!("{name} is broken"))
            .await
            .unwrap();
    }
    catalogue.enqueue_job("ingest", "/scans/孙.pdf", None).await.unwrap();
    let answer = operator.get("/api/v1/status").await;
    let json = answer.json();
    assert_eq!((&json["counts"]["cases"], &json["index_cases"]), (&json!(3), &json!(3)));
    assert_eq!(json["counts"]["jobs_failed"], 2);
    assert_eq!(
        json["jobs"],
        json!([
            {"kind": "ingest", "state": "failed", "reason": "broken_file", "jobs": 2},
            {"kind": "ingest", "state": "queued", "reason": null, "jobs": 1},
        ])
    );
    let generations = json["generations"].as_array().unwrap();
    let current: Vec<&Value> = generations.iter().filter(|one| one["current"] == true).collect();
    assert_eq!(current.len(), 1, "{json}");
    assert!(current[0]["bytes"].as_u64().unwrap() > 0);
    let text = answer.text();
    for secret in ["赵小满", "/scans", "is broken"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn tokens_of_others_are_listed_and_revoked_but_never_made() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let operator = administrator(&archive, &api, Role::SystemAdmin).await;
    let secret = archive.token_of("zhou", &grant(Role::Staff, everything())).await;
    let program = api.with_token(&secret);
    assert_eq!(program.get("/api/v1/search").await.status, StatusCode::OK);
    let listed = operator.get("/api/v1/tokens").await;
    assert!(!listed.text().contains(&secret));
    let lines = listed.json();
    let of_zhou = |line: &&Value| line["account"] == "zhou";
    let line = lines["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .find(of_zhou)
        .unwrap()
        .clone();
    // Who may not read cases must not get hold of a key of somebody who may.
    let wanted = json!({"account": "zhou", "name": "月报", "rights": ["search"], "days": 30});
    let made = sent(&operator, "POST", "/api/v1/tokens", &wanted).await;
    assert_eq!(made.status, StatusCode::METHOD_NOT_ALLOWED);
    let path = format!("/api/v1/accounts/zhou/tokens/{}", line["name"].as_str().unwrap());
    assert_eq!(
        sent(&operator, "DELETE", &path, &Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(program.get("/api/v1/search").await.code(), "not_signed_in");
}

#[tokio::test]
async fn the_log_is_checked_and_a_forged_checkpoint_found() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let admin = administrator(&archive, &api, Role::LogAdmin).await;
    let good = admin.get("/api/v1/audit/verification").await.json();
    assert_eq!((&good["intact"], &good["findings"]), (&json!(true), &json!([])));
    assert!(good["entries"].as_u64().unwrap() >= good["signed"].as_u64().unwrap());
    assert_eq!(last_entry(&archive, Action::ReadAudit).await["did"], "verify");

    let copies = archive.path().join("keys/checkpoints.jsonl");
    let text = std::fs::read_to_string(&copies).unwrap();
    let mut copy: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    copy["sequence"] = json!(7_000);
    std::fs::write(&copies, format!("{text}{copy}\n")).unwrap();
    for (language, label) in [
        ("zh-CN", "检查点签名无效"),
        ("en", "The signature of a checkpoint is not valid"),
    ] {
        let bad = admin
            .get_with("/api/v1/audit/verification", "accept-language", language)
            .await
            .json();
        assert_eq!((&bad["intact"], &bad["total"]), (&json!(false), &json!(1)));
        assert_eq!(
            bad["findings"],
            json!([{"code": "forged_checkpoint", "label": label, "sequence": 7_000}])
        );
    }
}

#[tokio::test]
async fn who_looked_at_a_case_is_told_by_office_to_those_who_may_see_it() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let id = archive.id(1).await;
    let scope = CaseScope {
        agencies: Some(vec!["灵丘县市场监督管理局".into()]),
        purpose: "年度检查".into(),
        ..everything()
    };
    let officer = api.with_token(&archive.token_of("zhao", &grant(Role::Staff, scope)).await);
    assert_eq!(officer.get(&format!("/api/v1/cases/{id}")).await.status, StatusCode::OK);
    let path = format!("/api/v1/cases/{id}/accesses");
    let answer = api.get_with(&path, "accept-language", "en").await;
    let json = answer.json();
    let told = json["accesses"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{json}");
    assert_eq!(
        (
            told[0]["who"].as_str(),
            told[0]["action"].as_str(),
            told[0]["purpose"].as_str()
        ),
        (Some("Staff, 灵丘县市场监督管理局"), Some("view_case"), Some("年度检查"))
    );
    assert!(!answer.text().contains("zhao"));
    assert_eq!(last_entry(&archive, Action::OwnAccesses).await["accesses"], 1);
    let again = api.get(&path).await.json();
    assert_eq!(
        again["accesses"].as_array().unwrap().len(),
        1,
        "looking at the list is not among it"
    );
    for (query, code) in [("size=0", "size_out_of_range"), ("before=x", "invalid_parameter")] {
        assert_eq!(api.get(&format!("{path}?{query}")).await.code(), code);
    }
}

#[tokio::test]
async fn facets_are_labelled_in_the_language_asked_for() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path = "/api/v1/search?facets=outcome,region,agency";
    for (language, outcome) in [("zh-CN", "不予"), ("en", "Refused"), ("zh-CN", "不予")] {
        let json = api.get_with(path, "accept-language", language).await.json();
        let label = |facet: &str, value: &str| {
            let values = json["facets"][facet].as_array().unwrap();
            let found = values.iter().find(|one| one["value"] == value);
            found.unwrap()["label"].as_str().unwrap().to_owned()
        };
        assert_eq!(label("outcome", "refused"), outcome);
        assert_eq!(label("region", "140224"), "灵丘县", "names are not translated");
        assert_eq!(label("agency", "灵丘县市场监督管理局"), "灵丘县市场监督管理局");
    }
}
