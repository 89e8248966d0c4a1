//! Logins of citizens, and what a login is good for.

use super::*;

/// A citizen is nobody to all other routes, searches and suggestions among them; staff are nobody to the citizen's.
#[tokio::test]
async fn a_citizen_can_do_nothing_but_look_at_the_own_history() {
    let archive = TestArchive::with_cases().await;
    let own = number(123);
    archive
        .add(&of(7, NAME, &own, &[(DocumentKind::Decision, "决定书")]))
        .await;
    archive.index().await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let id = archive.id(7).await;
    for (method, path, needs, body) in ROUTES {
        let path = path
            .replace("{id}", &id)
            .replace("{d}", "1")
            .replace("{p}", "1")
            .replace("{n}", "1");
        let body = serde_json::from_str(body).unwrap_or(Value::Null);
        let answer = match needs {
            Needs::Login | Needs::The(_) => mine.send(&method.to_uppercase(), &path, &body).await,
            Needs::Citizen | Needs::Nothing => continue,
        };
        assert_eq!(answer.code(), "not_signed_in", "{method} {path}");
    }
    // The same secret under the name of the other cookie, or as a token.
    let secret = mine.cookie.split_once('=').unwrap().1;
    let forged = Visitor {
        api: &api,
        cookie: format!("juanzong_session={secret}"),
    };
    assert_eq!(forged.get("/api/v1/search?q=许可").await.code(), "not_signed_in");
    let token = api.with_token(secret).get("/api/v1/search?q=许可").await;
    assert_eq!(token.code(), "not_signed_in");
    assert_eq!(ask(&api, ("get", LIST, ""), "").await.code(), "not_signed_in");
}

#[tokio::test]
async fn a_session_of_a_citizen_cannot_be_fixed() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let api = Api::of(&archive).await;
    let code = issue(&api, NAME, &own).await["code"].as_str().unwrap().to_owned();
    let planted = format!("juanzong_citizen=jzc_{}", "0".repeat(64));
    let (answer, first) = sign_in(&api, NAME, &own, &code, &planted).await;
    let set = answer.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.starts_with("juanzong_citizen=jzc_"));
    assert_ne!(first.cookie, planted);
    let planted = Visitor {
        api: &api,
        cookie: planted,
    };
    assert_eq!(planted.get(LIST).await.code(), "not_signed_in");
    // A new login ends the session that the client had.
    let (_, second) = sign_in(&api, NAME, &own, &code, &first.cookie).await;
    assert_ne!(second.cookie, first.cookie);
    assert_eq!(first.get(LIST).await.code(), "not_signed_in");
    assert_eq!(second.get(LIST).await.status, StatusCode::OK);
    let out = second.send("DELETE", "/api/v1/citizen/session", &Value::Null).await;
    assert!(out.status == StatusCode::NO_CONTENT && out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(second.get(LIST).await.code(), "not_signed_in");
}

/// Also over HTTP: one answer for everything that is wrong.
#[tokio::test]
async fn every_failed_login_of_a_citizen_is_answered_alike() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let api = Api::of(&archive).await;
    let code = issue(&api, NAME, &own).await["code"].as_str().unwrap().to_owned();
    let mut answers = Vec::new();
    for (name, number, code) in [
        (OTHER, own.as_str(), code.as_str()),
        (NAME, &number(124), &code),
        (NAME, &own, "2345-6789-ABCD"),
        (NAME, "1", &code),
        (NAME, &own, ""),
        (NAME, &own, "x"),
        (NAME, &own, "y"),
        // Locked by now.
        (NAME, &own, &code),
    ] {
        let (answer, _) = sign_in(&api, name, number, code, "").await;
        assert_eq!(answer.code(), "citizen_sign_in_failed");
        answers.push(told(&answer));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}
