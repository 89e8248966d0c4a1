//! Findings, samples and kept results over HTTP.

use juanzong::access::{CaseScope, Grant, Role};
use juanzong::catalogue::{Change, NewCorrection};
use juanzong::record::{CaseFields, CaseRecord, CivilDate, FieldName, SecurityClass};
use serde_json::json;

use super::*;
use crate::support::{case, code, everything};

/// A case that was numbered in a register.
pub(super) fn numbered(n: u32, serial: u32, more: &[(FieldName, &str)]) -> CaseRecord {
    let page = format!("准予行政许可决定书\n第{n}件，决定准予食品经营许可。");
    let mut case = case(n, "2019-05-07", "granted", &format!("第{n}件食品经营许可"), &[&page]);
    let number = format!("灵市监许〔2019〕{serial}号");
    let mut set = |field: FieldName, value: &str| {
        case.facts.retain(|fact| fact.field != field);
        let mut fact = case.facts[0].clone();
        (fact.field, fact.value) = (field, value.into());
        case.facts.push(fact);
    };
    set(FieldName::DocumentNumber, &number);
    for (field, value) in more {
        set(*field, value);
    }
    case.fields = CaseFields::resolve(&case.facts);
    case
}

/// Seven cases, of which number 4 of the register is missing; the last is secret when that is wanted.
pub(super) async fn register(secret: bool) -> TestArchive {
    let archive = TestArchive::empty().await;
    for (n, serial) in (1..).zip([1, 2, 3, 5, 6, 7, 8]) {
        let class = if secret && n == 7 { "secret" } else { "internal" };
        archive
            .add(&numbered(n, serial, &[(FieldName::SecurityClass, class)]))
            .await;
    }
    archive.index().await;
    archive
}

pub(super) async fn token(archive: &TestArchive, name: &str, clearance: SecurityClass) -> String {
    let scope = CaseScope {
        clearance,
        years: Some((2010, 2030)),
        until: CivilDate::parse("2199-12-31"),
        unmask: false,
        counter: false,
        upload: false,
        ..everything()
    };
    let grant = Grant::new(Role::Auditor, Some(scope)).unwrap();
    archive.token_of(name, &grant).await
}

async fn auditor(api: &Api, archive: &TestArchive, name: &str, clearance: SecurityClass) -> Api {
    api.with_token(&token(archive, name, clearance).await)
}

async fn post(api: &Api, path: &str, body: &Value) -> Answer {
    let request = Request::post(path).header("content-type", "application/json");
    api.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn of_rule(answer: &Answer, rule: &str) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    let findings = json["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).cloned().collect()
}

#[tokio::test]
async fn a_gap_is_told_to_who_sees_the_whole_series() {
    for secret in [false, true] {
        let archive = register(secret).await;
        let api = Api::of(&archive).await;
        let cleared = auditor(&api, &archive, "cleared", SecurityClass::Secret).await;
        let gaps = of_rule(&cleared.get("/api/v1/findings?rule=number_gap").await, "number_gap");
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!(gaps[0]["message"], "文号 灵市监许〔2019〕 第 4 号");
        assert_eq!(
            (&gaps[0]["severity"], &gaps[0]["case_count"]),
            (&json!("medium"), &json!(2))
        );
        assert_eq!(gaps[0]["cases"][0]["archival_code"], code(3).to_string());
        let plain = auditor(&api, &archive, "plain", SecurityClass::Internal).await;
        let gaps = of_rule(&plain.get("/api/v1/findings?rule=number_gap").await, "number_gap");
        assert_eq!(gaps.len(), usize::from(!secret), "{gaps:?}");
        let hidden = archive.id(7).await;
        let all = plain.get("/api/v1/findings?state=all&size=100").await.text();
        assert_eq!(all.contains(&hidden), !secret);
    }
}

#[tokio::test]
async fn a_dismissal_is_kept_as_long_as_the_same_cases_show_it() {
    let archive = register(false).await;
    let api = Api::of(&archive).await;
    let auditor = auditor(&api, &archive, "auditor", SecurityClass::Internal).await;
    let list = "/api/v1/findings?rule=invalid_number&size=100";
    // The applicant of the test archive has a number with a wrong check digit.
    let found = of_rule(&auditor.get(list).await, "invalid_number");
    assert_eq!(found.len(), 7, "{found:?}");
    assert!(
        !found[0].to_string().contains("140224199001011234"),
        "no number is shown"
    );
    let path = format!("/api/v1/findings/{}", found[0]["id"].as_str().unwrap());
    assert_eq!(auditor.get(&path).await.json()["cases"], found[0]["cases"]);
    let decisions = format!("{path}/decisions");
    let missing = post(&auditor, &decisions, &json!({"dismissed": true, "reason": " "})).await;
    assert_eq!(missing.code(), "value_missing", "{}", missing.text());
    let made = post(&auditor, &decisions, &json!({"dismissed": true, "reason": "原件如此"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(of_rule(&auditor.get(list).await, "invalid_number").len(), 6);
    let dismissed = of_rule(&auditor.get(&format!("{list}&state=dismissed")).await, "invalid_number");
    assert_eq!(dismissed.len(), 1);
    assert_eq!(
        (&dismissed[0]["state"], &dismissed[0]["id"]),
        (&json!("dismissed"), &found[0]["id"])
    );
    assert_eq!(dismissed[0]["decisions"][0]["reason"], "原件如此");
    assert_eq!(dismissed[0]["decisions"][0]["author"], "赵小满");
    // The index has nothing to do with it.
    archive.index().await;
    assert_eq!(of_rule(&auditor.get(list).await, "invalid_number").len(), 6);
    let reopened = post(&auditor, &decisions, &json!({"dismissed": false, "reason": "重新核对"})).await;
    assert_eq!(reopened.json()["number"], 2);
    assert_eq!(of_rule(&auditor.get(list).await, "invalid_number").len(), 7);

    // A pair of cases that becomes three is another matter.
    let duplicate = "/api/v1/findings?rule=number_duplicate";
    archive.add(&numbered(8, 3, &[])).await;
    let pair = of_rule(&auditor.get(duplicate).await, "number_duplicate");
    assert_eq!((pair.len(), &pair[0]["case_count"]), (1, &json!(2)));
    let path = format!("/api/v1/findings/{}/decisions", pair[0]["id"].as_str().unwrap());
    post(&auditor, &path, &json!({"dismissed": true, "reason": "同案两卷"})).await;
    assert_eq!(of_rule(&auditor.get(duplicate).await, "number_duplicate").len(), 0);
    archive.add(&numbered(9, 3, &[])).await;
    let three = of_rule(&auditor.get(duplicate).await, "number_duplicate");
    assert_eq!((&three[0]["id"], &three[0]["case_count"]), (&pair[0]["id"], &json!(3)));
    assert_eq!(three[0]["decisions"][0]["applies"], false);
    let nowhere = auditor.get("/api/v1/findings/0123456789abcdef0123").await;
    assert_eq!(nowhere.code(), "finding_not_found");
    for wrong in [
        "rule=x",
        "severity=x",
        "state=x",
        "months=0",
        "page=0",
        "size=101",
        "other=1",
    ] {
        let answer = auditor.get(&format!("/api/v1/findings?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn samples_are_drawn_again_and_hold_what_may_be_seen() {
    let archive = register(true).await;
    let api = Api::of(&archive).await;
    let plain = auditor(&api, &archive, "plain", SecurityClass::Internal).await;
    let path = "/api/v1/samples?by=year,agency&size=3&seed=7";
    let sample = plain.get(path).await;
    assert_eq!(sample.status, StatusCode::OK, "{}", sample.text());
    let sample = sample.json();
    assert_eq!(plain.get(path).await.json(), sample);
    assert_eq!(
        (&sample["population"], sample["cases"].as_array().unwrap().len()),
        (&json!(6), 3)
    );
    assert_eq!(sample["strata"][0]["values"], json!(["2019", "灵丘县市场监督管理局"]));
    let all = plain.get("/api/v1/samples?size=100&seed=1").await.json();
    assert!(!all.to_string().contains(&archive.id(7).await));
    assert_eq!(all["hash"], all["population_hash"]);
    let found = plain.get("/api/v1/samples?size=100&seed=1&q=第3件").await.json();
    assert_eq!(found["population"], 1, "{found}");
    for wrong in [
        "seed=1&by=x",
        "size=3",
        "seed=1&size=0",
        "seed=-1",
        "seed=1&by=year,year",
    ] {
        let answer = plain.get(&format!("/api/v1/samples?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_kept_result_tells_what_became_of_it_to_its_owner() {
    let archive = register(false).await;
    let api = Api::of(&archive).await;
    let token = token(&archive, "owner", SecurityClass::Internal).await;
    let owner = api.with_token(&token);
    let other = auditor(&api, &archive, "other", SecurityClass::Internal).await;
    let sets = "/api/v1/result-sets";
    let kept = post(
        &owner,
        sets,
        &json!({"name": "五月七日", "search": "q=食品经营许可&outcome=granted"}),
    )
    .await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
    let kept = kept.json();
    assert_eq!(kept["count"], 7);
    assert_eq!(owner.get(sets).await.json()["result_sets"], json!([kept]));
    assert_eq!(other.get(sets).await.json()["result_sets"], json!([]));
    let path = format!("{sets}/{}/comparison", kept["id"].as_str().unwrap());
    assert_eq!(other.get(&path).await.code(), "result_set_not_found");
    let same = owner.get(&path).await.json();
    assert_eq!((&same["total"], &same["hash"]), (&json!(0), &kept["hash"]));

    // One is new, one corrected out of it, one corrected in it, one read again, one withdrawn.
    archive.add(&numbered(8, 9, &[])).await;
    let correct = async |n: u32, field, value: &str| {
        let case = archive.catalogue().case_by_code(&code(n)).await.unwrap().unwrap();
        let change = Change::Field {
            field,
            value: value.into(),
            old: None,
        };
        let new = NewCorrection {
            change,
            author: "孙晓梅".into(),
            reason: None,
        };
        archive.catalogue().correct(case.case_key, &new).await.unwrap();
    };
    correct(1, FieldName::Outcome, "refused").await;
    correct(2, FieldName::ServedOn, "2019-05-09").await;
    archive.add(&numbered(3, 3, &[(FieldName::Retention, "Y")])).await;
    let withdrawn = archive.catalogue().case_by_code(&code(4)).await.unwrap().unwrap();
    archive
        .catalogue()
        .set_withdrawn(withdrawn.case_key, true)
        .await
        .unwrap();
    archive.index().await;
    let owner = Api::of(&archive).await.with_token(&token);
    let compared = owner.get(&path).await;
    assert_eq!(compared.status, StatusCode::OK, "{}", compared.text());
    let compared = compared.json();
    let told: Vec<(&str, &str, &str)> = compared["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            let text = |name: &str| d[name].as_str().unwrap();
            (text("difference"), text("cause"), text("case_id"))
        })
        .collect();
    let ids = [
        archive.id(8).await,
        archive.id(1).await,
        archive.id(4).await,
        archive.id(2).await,
        archive.id(3).await,
    ];
    let expected = [
        ("added", "new_case"),
        ("removed", "correction"),
        ("removed", "rights"),
        ("changed", "correction"),
        ("changed", "reread"),
    ];
    let expected: Vec<(&str, &str, &str)> = expected
        .iter()
        .zip(&ids)
        .map(|((difference, cause), id)| (*difference, *cause, id.as_str()))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(
        compared["differences"][2]["case"],
        Value::Null,
        "what may not be seen is not shown"
    );
    assert_eq!((&compared["count"], &compared["kept"]["count"]), (&json!(6), &json!(7)));
    let wrong = post(&owner, sets, &json!({"name": "甲", "search": "x=1"})).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
