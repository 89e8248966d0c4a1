//! Who looked at my file.

use juanzong::access::{CaseScope, Role};

use super::*;
use crate::support::{everything, grant};

#[tokio::test]
async fn who_looked_when_and_why_is_told_and_not_who_the_officer_is() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let papers = [(DocumentKind::Decision, "决定书")];
    archive.add(&of(1, NAME, &own, &papers)).await;
    archive.add(&of(2, OTHER, &number(124), &papers)).await;
    let api = Api::of(&archive).await;
    let scope = CaseScope {
        agencies: Some(vec!["灵丘县市场监督管理局".into()]),
        purpose: "年度检查".into(),
        ..everything()
    };
    let officer = api.with_token(&archive.token_of("zhao", &grant(Role::Staff, scope)).await);
    let (first, second) = (archive.id(1).await, archive.id(2).await);
    for id in [&first, &second] {
        assert_eq!(officer.get(&format!("/api/v1/cases/{id}")).await.status, StatusCode::OK);
    }
    let request = Request::post(format!("/api/v1/cases/{first}/unmask")).header("content-type", "application/json");
    let body = json!({"reason": format!("协查{}", number(999))}).to_string();
    assert_eq!(
        officer.send(request.body(Body::from(body)).unwrap()).await.status,
        StatusCode::OK
    );
    assert_eq!(
        officer.get("/api/v1/cases/0123456789abcdef0123").await.status,
        StatusCode::NOT_FOUND
    );

    let mine = visitor(&api, NAME, &own).await;
    assert_eq!(
        mine.get(&format!("{LIST}/{first}")).await.status,
        StatusCode::OK,
        "the own look is not told"
    );
    let answer = mine.get("/api/v1/citizen/accesses").await;
    let json = answer.json();
    let told: Vec<(&str, &str, &str)> = json["accesses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            (
                a["action"].as_str().unwrap(),
                a["who"].as_str().unwrap(),
                a["purpose"].as_str().unwrap(),
            )
        })
        .collect();
    let reason = format!("协查{}**********{}", "1402", number(999).split_off(14));
    assert_eq!(
        told,
        [
            ("unmask", "灵丘县市场监督管理局工作人员", reason.as_str()),
            ("view_case", "灵丘县市场监督管理局工作人员", "年度检查"),
        ]
    );
    for hidden in ["zhao", "赵小满", second.as_str(), &number(999)] {
        assert!(!answer.text().contains(hidden), "{hidden}");
    }
    // Page by page.
    let page = mine.get("/api/v1/citizen/accesses?size=1").await.json();
    assert_eq!(page["accesses"][0]["action"], "unmask");
    let rest = mine
        .get(&format!(
            "/api/v1/citizen/accesses?size=1&before={}&case={first}",
            page["next"]
        ))
        .await
        .json();
    assert_eq!(rest["accesses"][0]["action"], "view_case");
    let end = mine
        .get(&format!("/api/v1/citizen/accesses?before={}", rest["next"]))
        .await
        .json();
    assert_eq!(
        (end["accesses"].as_array().unwrap().len(), &end["next"]),
        (0, &Value::Null)
    );

    // What was done with another code is told: it may have been issued to somebody else.
    let again = visitor(&api, NAME, &own).await;
    let seen = again.get("/api/v1/citizen/accesses?size=1").await.json();
    assert_eq!(
        (&seen["accesses"][0]["who"], &seen["accesses"][0]["role"]),
        (&json!("持查询码者"), &Value::Null)
    );
    let mine = again;

    // A grant that changed since does not change what was.
    let none = CaseScope {
        agencies: Some(vec!["广灵县市场监督管理局".into()]),
        ..everything()
    };
    let account = juanzong::access::AccountName::parse("zhao").unwrap();
    let operator = juanzong::access::Actor::local(0);
    archive
        .access()
        .grant(&account, Some(&grant(Role::Staff, none)), &operator)
        .await
        .unwrap();
    let later = mine.get("/api/v1/citizen/accesses").await.json();
    let (later, before) = (
        later["accesses"].as_array().unwrap(),
        json["accesses"].as_array().unwrap(),
    );
    assert_eq!(later[1..], before[..]);
}
