//! Logging in and out, and what keeps others from it.

use juanzong::access::{AccountName, Actor, Grant, Role};
use juanzong::http::{AppState, Site};
use serde_json::json;

use super::*;
use crate::support::{everything, grant};

const PASSWORD: &str = "Liu-shi-7-jian";

/// An account of staff and its password for the first login.
async fn account(archive: &TestArchive, name: &str) -> String {
    let account = AccountName::parse(name).unwrap();
    let access = archive.access();
    let password = access.add_account(&account, "赵小满", &Actor::local(0)).await.unwrap();
    let grant = grant(Role::Staff, everything());
    access.grant(&account, Some(&grant), &Actor::local(0)).await.unwrap();
    password
}

async fn send(api: &Api, method: &str, path: &str, cookie: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("cookie", cookie)
        .header("content-type", "application/json");
    api.nobody()
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

async fn sign_in(api: &Api, name: &str, password: &str) -> Answer {
    send(
        api,
        "POST",
        "/api/v1/session",
        "",
        &json!({"name": name, "password": password}),
    )
    .await
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_login_changes_the_password() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let one_time = account(&archive, "zhao").await;
    let answer = sign_in(&api, "Zhao", &one_time).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!(
        (&json["must_change_password"], &json["rights"]),
        (&json!(true), &json!([]))
    );
    let set = answer.header("set-cookie").to_owned();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/") && !set.contains("Secure")
    );
    let first = cookie(&answer);
    let search = "/api/v1/search?q=%E8%AE%B8%E5%8F%AF";
    assert_eq!(
        send(&api, "GET", search, &first, &Value::Null).await.code(),
        "password_must_change"
    );

    let change = |old: String, new: &'static str| json!({"old": old, "new": new});
    let path = "/api/v1/session/password";
    for (new, code) in [
        ("kurz", "password_length"),
        ("aaaabbbbcccc", "password_simple"),
        ("Zhao-Zhao-123", "password_guessable"),
    ] {
        assert_eq!(
            send(&api, "POST", path, &first, &change(one_time.clone(), new))
                .await
                .code(),
            code
        );
    }
    assert_eq!(
        send(&api, "POST", path, &first, &change("wrong".into(), PASSWORD))
            .await
            .code(),
        "sign_in_failed"
    );
    let changed = send(&api, "POST", path, &first, &change(one_time.clone(), PASSWORD)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let second = cookie(&changed);
    assert_ne!(first, second);
    assert_eq!(
        send(&api, "GET", search, &first, &Value::Null).await.code(),
        "not_signed_in"
    );
    assert_eq!(
        send(&api, "GET", search, &second, &Value::Null).await.json()["total"],
        3
    );
    assert_eq!(sign_in(&api, "zhao", &one_time).await.code(), "sign_in_failed");

    let who = send(&api, "GET", "/api/v1/session", &second, &Value::Null).await.json();
    assert_eq!(
        (&who["name"], &who["person"], &who["role_label"]),
        (&json!("zhao"), &json!("赵小满"), &json!("工作人员"))
    );
    assert!(who["rights"].as_array().unwrap().contains(&json!("search")));
    let out = send(&api, "DELETE", "/api/v1/session", &second, &Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(
        send(&api, "GET", search, &second, &Value::Null).await.code(),
        "not_signed_in"
    );
}

/// An attacker who puts a cookie of theirs, or one of their choice, into a browser gains nothing by the login after it.
#[tokio::test]
async fn a_session_cannot_be_fixed() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let (zhao, qian) = (account(&archive, "zhao").await, account(&archive, "qian").await);
    let planted = cookie(&sign_in(&api, "qian", &qian).await);
    let body = json!({"name": "zhao", "password": zhao});
    let answer = send(&api, "POST", "/api/v1/session", &planted, &body).await;
    let own = cookie(&answer);
    assert_ne!(own, planted);
    let who = send(&api, "GET", "/api/v1/session", &planted, &Value::Null).await;
    assert_eq!(who.code(), "not_signed_in", "the planted session is over");
    let chosen = format!("juanzong_session=jzs_{}", "0".repeat(64));
    let answer = send(&api, "POST", "/api/v1/session", &chosen, &body).await;
    assert_ne!(cookie(&answer), chosen);
    assert_eq!(
        send(&api, "GET", "/api/v1/session", &chosen, &Value::Null).await.code(),
        "not_signed_in"
    );
}

#[tokio::test]
async fn every_failure_looks_alike_and_too_many_have_to_wait() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let password = account(&archive, "zhao").await;
    for name in ["zhao", "nobody", "' OR 1=1 --", ""] {
        let mut bodies = Vec::new();
        for _ in 0..5 {
            let answer = sign_in(&api, name, "wrong").await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::UNAUTHORIZED, "sign_in_failed")
            );
            assert_eq!(answer.header("set-cookie"), "");
            let mut json = answer.json();
            json["request_id"] = Value::Null;
            bodies.push(json);
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
        let answer = sign_in(&api, name, &password).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts")
        );
        assert!(answer.header("retry-after").parse::<u32>().unwrap() > 800);
    }
}

#[tokio::test]
async fn with_tls_the_cookie_goes_by_tls_only_and_the_name_is_known() {
    let archive = TestArchive::with_cases().await;
    let site = Site {
        names: vec!["da.example.gov.cn".into()],
        tls: true,
        proxy: true,
        ..Site::default()
    };
    let state = AppState::new(archive.open().await, archive.access().clone(), site, 1);
    let api = Api::on(state, &archive);
    let password = account(&archive, "zhao").await;
    let body = json!({"name": "zhao", "password": password}).to_string();
    let post = |host: &str, origin: &str| {
        Request::post("/api/v1/session")
            .header("host", host)
            .header("origin", origin)
            .header("content-type", "application/json")
            .body(Body::from(body.clone()))
            .unwrap()
    };
    let answer = api
        .nobody()
        .send(post("da.example.gov.cn", "https://da.example.gov.cn"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let set = answer.header("set-cookie");
    assert!(
        set.starts_with("__Host-juanzong_session=") && set.contains("; Secure"),
        "{set}"
    );
    let other = api
        .nobody()
        .send(post("da.example.gov.cn", "https://evil.example"))
        .await;
    assert_eq!(other.code(), "origin_not_allowed");
    let foreign = api.nobody().send(post("evil.example", "https://evil.example")).await;
    assert_eq!(foreign.code(), "host_not_allowed");
    // A cookie without the prefix may have been set by an unencrypted page: it is not looked at.
    let plain = cookie(&answer).replace("__Host-", "");
    let who = send(&api, "GET", "/api/v1/session", &plain, &Value::Null).await;
    assert_eq!(who.code(), "not_signed_in");
}

#[tokio::test]
async fn a_token_of_ones_own_is_made_listed_used_and_revoked() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let once = account(&archive, "zhao").await;
    let first = cookie(&sign_in(&api, "zhao", &once).await);
    let wanted = |rights: &[&str], days: u32| json!({"name": "月报", "rights": rights, "days": days});
    let path = "/api/v1/session/tokens";
    let early = send(&api, "POST", path, &first, &wanted(&["search"], 30)).await;
    assert_eq!(early.code(), "password_must_change");
    let change = json!({"old": once, "new": PASSWORD});
    let own = cookie(&send(&api, "POST", "/api/v1/session/password", &first, &change).await);
    let made = send(&api, "POST", path, &own, &wanted(&["search"], 30)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let program = api.with_token(&token);
    let id = archive.id(1).await;
    assert_eq!(program.get("/api/v1/search").await.status, StatusCode::OK);
    assert_eq!(program.get(&format!("/api/v1/cases/{id}")).await.code(), "not_allowed");
    // A token makes no others, or it would never end.
    assert_eq!(program.post(path, &wanted(&["search"], 30)).await.code(), "not_allowed");
    let listed = send(&api, "GET", path, &own, &Value::Null).await;
    assert!(!listed.text().contains(&token));
    let listed = listed.json();
    let names: Vec<&Value> = listed["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["name"])
        .collect();
    assert_eq!(names, [&json!("月报")], "the own ones only");
    for (body, status) in [
        (wanted(&["fly"], 30), StatusCode::UNPROCESSABLE_ENTITY),
        (wanted(&[], 30), StatusCode::UNPROCESSABLE_ENTITY),
        (wanted(&["grant"], 30), StatusCode::UNPROCESSABLE_ENTITY),
        (wanted(&["search"], 0), StatusCode::UNPROCESSABLE_ENTITY),
        (wanted(&["search"], 30), StatusCode::CONFLICT),
    ] {
        assert_eq!(send(&api, "POST", path, &own, &body).await.status, status, "{body}");
    }
    let one = encode("/api/v1/session/tokens/月报");
    assert_eq!(
        send(&api, "DELETE", &one, &own, &Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(program.get("/api/v1/search").await.code(), "not_signed_in");
}

#[tokio::test]
async fn a_token_is_no_session() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    assert_eq!(api.get("/api/v1/session").await.json()["name"], "sunxm");
    let request = Request::post("/api/v1/session/password").header("content-type", "application/json");
    let body = json!({"old": "a", "new": PASSWORD}).to_string();
    assert_eq!(
        api.send(request.body(Body::from(body)).unwrap()).await.code(),
        "not_allowed"
    );
    for wrong in ["Bearer x", "Basic eDp5", "", "Bearer "] {
        let answer = api.nobody().get_with("/api/v1/search", "authorization", wrong).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "not_signed_in"),
            "{wrong}"
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    let nothing = Grant::new(Role::LogAdmin, None).unwrap();
    let log = api.with_token(&archive.token_of("lilog", &nothing).await);
    assert_eq!(log.get("/api/v1/search").await.code(), "not_allowed");
}
