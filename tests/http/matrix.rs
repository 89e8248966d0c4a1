//! Who sees what: role × route × class of case. A route that is described and stands in no row fails the test.

mod routes;

use std::collections::{BTreeMap, BTreeSet};

use juanzong::access::{CaseScope, Grant, Right, Role};
use juanzong::record::{CaseFields, CaseRecord, CivilDate, FieldName, SecurityClass};

use super::*;
use crate::support::{case, code, everything, hash};

pub(super) use routes::{Needs, ROUTES};

const OWN: &str = "灵丘县市场监督管理局";
const OTHER: &str = "广灵县市场监督管理局";

/// A class of cases: name, what differs from a case of the own agency, whether staff and the auditor see it.
type Class = (&'static str, &'static [(FieldName, &'static str)], bool, bool);

/// The classes of cases.
const CLASSES: &[Class] = &[
    ("own agency", &[], true, true),
    ("other agency", &[(FieldName::Agency, OTHER)], false, false),
    ("other region", &[(FieldName::Region, "140223")], false, true),
    ("no agency known", &[(FieldName::Agency, "")], false, false),
    ("public", &[(FieldName::SecurityClass, "public")], true, true),
    ("secret", &[(FieldName::SecurityClass, "secret")], false, true),
    (
        "confidential",
        &[(FieldName::SecurityClass, "confidential")],
        false,
        false,
    ),
    (
        "not of the mandate",
        &[(FieldName::DecidedOn, "2014-03-05")],
        true,
        false,
    ),
    ("withdrawn", &[], false, false),
];

/// A word that stands in one case only: in its title, its applicant's name and on its page.
const WORDS: [&str; 9] = [
    "甲子龘",
    "乙丑龘",
    "丙寅龘",
    "丁卯龘",
    "戊辰龘",
    "己巳龘",
    "庚午龘",
    "辛未龘",
    "壬申龘",
];

fn made(n: usize) -> CaseRecord {
    let (_, changes, ..) = CLASSES[n];
    let word = WORDS[n];
    let page = format!("准予行政许可决定书\n{word}食品经营许可");
    let mut case = case(
        u32::try_from(n).unwrap() + 1,
        "2019-05-07",
        "granted",
        &format!("{word}许可"),
        &[page.as_str()],
    );
    let mut set = |field: FieldName, value: &str| {
        case.facts.retain(|fact| fact.field != field);
        if !value.is_empty() {
            let mut fact = case.facts[0].clone();
            (fact.field, fact.value) = (field, value.into());
            case.facts.push(fact);
        }
    };
    set(FieldName::ApplicantName, &format!("{word}餐饮有限公司"));
    set(FieldName::ApplicantKind, "legal_person");
    for (field, value) in changes {
        set(*field, value);
    }
    case.fields = CaseFields::resolve(&case.facts);
    case
}

struct Archived {
    archive: TestArchive,
    ids: Vec<String>,
}

async fn archived() -> Archived {
    let archive = TestArchive::empty().await;
    let mut ids = Vec::new();
    for n in 0..CLASSES.len() {
        archive.add(&made(n)).await;
        let original = archive.original(&hash(u32::try_from(n).unwrap() + 1));
        std::fs::create_dir_all(original.parent().unwrap()).unwrap();
        std::fs::write(original, "%PDF-1.4").unwrap();
        ids.push(archive.id(u32::try_from(n).unwrap() + 1).await);
    }
    let withdrawn = archive.catalogue().case_by_code(&code(9)).await.unwrap().unwrap();
    archive.index().await;
    // The index has not heard of it yet.
    archive
        .catalogue()
        .set_withdrawn(withdrawn.case_key, true)
        .await
        .unwrap();
    Archived { archive, ids }
}

fn scope(clearance: SecurityClass) -> CaseScope {
    CaseScope {
        agencies: Some(vec![OWN.into()]),
        regions: Some(vec![juanzong::record::RegionCode::parse("140224").unwrap()]),
        clearance,
        unmask: false,
        counter: false,
        upload: false,
        ..everything()
    }
}

fn grants() -> Vec<(&'static str, Grant)> {
    let admin = |role| Grant::new(role, None).unwrap();
    let staff = |scope| Grant::new(Role::Staff, Some(scope)).unwrap();
    let mandate = |until: &str| {
        let scope = CaseScope {
            regions: None,
            years: Some((2018, 2021)),
            until: CivilDate::parse(until),
            ..scope(SecurityClass::Secret)
        };
        Grant::new(Role::Auditor, Some(scope)).unwrap()
    };
    let unmask = CaseScope {
        unmask: true,
        ..scope(SecurityClass::Internal)
    };
    let counter = CaseScope {
        counter: true,
        ..scope(SecurityClass::Internal)
    };
    let upload = CaseScope {
        upload: true,
        ..scope(SecurityClass::Internal)
    };
    vec![
        ("sender", staff(upload)),
        ("counter", staff(counter)),
        ("staff", staff(scope(SecurityClass::Internal))),
        ("clerk", staff(unmask)),
        ("auditor", mandate("2199-12-31")),
        ("former-auditor", mandate("2020-12-31")),
        ("system", admin(Role::SystemAdmin)),
        ("security", admin(Role::SecurityAdmin)),
        ("log", admin(Role::LogAdmin)),
    ]
}

/// What somebody may do, worked out apart from the program.
fn rights(name: &str) -> BTreeSet<Right> {
    let of_cases = [Right::Search, Right::ReadCases, Right::Statistics, Right::Export];
    let more: &[Right] = match name {
        "staff" => &[Right::Correct, Right::Review],
        "clerk" => &[Right::Correct, Right::Review, Right::Unmask],
        "counter" => &[Right::Correct, Right::Review, Right::IssueCodes],
        "sender" => &[Right::Correct, Right::Review, Right::Upload],
        "auditor" => &[Right::Findings],
        "system" => return BTreeSet::from([Right::Operate]),
        "security" => return BTreeSet::from([Right::Grant]),
        "log" => return BTreeSet::from([Right::ReadAudit]),
        _ => return BTreeSet::new(),
    };
    of_cases.into_iter().chain(more.iter().copied()).collect()
}

fn sees(name: &str, class: usize) -> bool {
    match name {
        "staff" | "clerk" | "counter" | "sender" => CLASSES[class].2,
        "auditor" => CLASSES[class].3,
        _ => false,
    }
}

pub(super) async fn ask(api: &Api, (method, path, body): (&str, &str, &str), id: &str) -> Answer {
    let path = path
        .replace("{id}", id)
        .replace("{d}", "1")
        .replace("{p}", "1")
        .replace("{n}", "1")
        .replace("{upload}", "0123456789abcdef0123")
        .replace("{job}", "upload-0123456789abcdef0123")
        .replace("{file}", "1")
        .replace("{code_id}", "0123456789abcdef0123")
        .replace("{code}", "2222-2222-2222")
        .replace("{name}", "no.such.account");
    let query = match path.as_str() {
        "/api/v1/export" | "/api/v1/stats/export" | "/api/v1/findings/export" => "?format=jsonl",
        path if path.ends_with("/export") => "?format=json",
        _ => "",
    };
    let request = Request::builder()
        .method(method.to_uppercase().as_str())
        .uri(encode(&format!("{path}{query}")));
    let request = request
        .header("content-type", "application/json")
        .header("x-reason", encode("核对原件"));
    api.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// What is told, without what differs from one request to the next.
pub(super) fn told(answer: &Answer) -> (StatusCode, Value, BTreeMap<String, String>) {
    let mut json = answer.json();
    json["request_id"] = Value::Null;
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, json, headers.collect())
}

#[tokio::test]
async fn every_route_stands_in_the_matrix() {
    let document = serde_json::to_value(juanzong::http::openapi()).unwrap();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "parameters")
        {
            described.insert((method.clone(), path.clone()));
        }
    }
    let listed: BTreeSet<_> = ROUTES
        .iter()
        .map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, listed);
}

#[tokio::test]
async fn a_route_is_open_to_who_has_its_right_and_to_nobody_else() {
    let Archived { archive, ids } = archived().await;
    let api = Api::of(&archive).await;
    let mut callers = vec![("nobody", api.nobody()), ("forger", api.with_token("jzt_0123"))];
    for (name, grant) in grants() {
        callers.push((name, api.with_token(&archive.token_of(name, &grant).await)));
    }
    for (name, caller) in &callers {
        let known = !matches!(*name, "nobody" | "forger");
        for (method, path, needs, body) in ROUTES {
            // Each tries another name, or the last would have to wait.
            let body = body.replace("x1", &format!("x-{name}"));
            let answer = ask(caller, (method, path, &body), &ids[0]).await;
            let refused = match answer.status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => answer.code(),
                _ => String::new(),
            };
            let expected = match needs {
                Needs::Nothing if *path == "/api/v1/session" && *method == "post" => "sign_in_failed",
                Needs::Nothing if *path == "/api/v1/citizen/session" && *method == "post" => "citizen_sign_in_failed",
                // No account and no token is a citizen.
                Needs::Citizen => "not_signed_in",
                Needs::Nothing => "",
                _ if !known => "not_signed_in",
                Needs::The(right) if path.ends_with("/file") && !rights(name).contains(right) => "original_not_allowed",
                // A password is changed in a session only.
                // Tokens change nothing of the account.
                Needs::Login if *method != "get" => "not_allowed",
                Needs::Login => "",
                Needs::The(right) if rights(name).contains(right) => "",
                Needs::The(_) => "not_allowed",
            };
            assert_eq!(refused, expected, "{name}: {method} {path}");
            assert!(
                !answer.status.is_server_error(),
                "{name}: {method} {path}: {}",
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn a_case_that_may_not_be_seen_is_like_one_that_does_not_exist() {
    let Archived { archive, ids } = archived().await;
    let api = Api::of(&archive).await;
    let log = || async { archive.access().verify_audit(&[]).await.unwrap().entries };
    for (name, grant) in grants() {
        let caller = api.with_token(&archive.token_of(name, &grant).await);
        let of_cases = ROUTES.iter().filter(|(_, path, ..)| path.contains("{id}"));
        for (method, path, needs, body) in of_cases {
            let right = match needs {
                Needs::The(right) => right,
                Needs::Citizen => continue,
                Needs::Nothing | Needs::Login => panic!("{path}"),
            };
            if !rights(name).contains(right) {
                continue;
            }
            let before = log().await;
            let nowhere = ask(&caller, (method, path, body), "0123456789abcdef0123").await;
            let entries = log().await - before;
            assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{name}: {method} {path}");
            for (class, id) in ids.iter().enumerate() {
                let before = log().await;
                let answer = ask(&caller, (method, path, body), id).await;
                let about = format!("{name}: {method} {path}: {}", CLASSES[class].0);
                if sees(name, class) {
                    // What was undone before cannot be undone again; that tells that it is there.
                    let there = answer.status.is_success() || answer.status == StatusCode::CONFLICT;
                    assert!(there, "{about}: {}", answer.text());
                } else {
                    assert_eq!(told(&answer), told(&nowhere), "{about}");
                    // As much is done for the one as for the other, so it takes as long.
                    assert_eq!(log().await - before, entries, "{about}");
                }
            }
        }
    }
}

/// The archival codes in exported lines.
fn exported(answer: &Answer) -> BTreeSet<String> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let lines = answer.text();
    let codes = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    codes
        .map(|line| line["archival_code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn hits_totals_facets_suggestions_and_reviews_hold_visible_cases_only() {
    let Archived { archive, .. } = archived().await;
    archive.index().await;
    let api = Api::of(&archive).await;
    for (name, grant) in grants() {
        if !rights(name).contains(&Right::Search) {
            continue;
        }
        let caller = api.with_token(&archive.token_of(name, &grant).await);
        let visible: Vec<usize> = (0..CLASSES.len()).filter(|class| sees(name, *class)).collect();
        let codes: BTreeSet<String> = visible
            .iter()
            .map(|n| code(u32::try_from(*n).unwrap() + 1).to_string())
            .collect();
        let found = |json: &Value| -> BTreeSet<String> {
            let hits = json["hits"].as_array().unwrap().iter();
            hits.map(|hit| hit["archival_code"].as_str().unwrap().to_owned())
                .collect()
        };
        for query in [
            "",
            "食品经营许可",
            "行政 许可",
            "-没有的词语",
            "机关:市场监督管理局",
            "档号:0123",
            "年度:2010..2024",
        ] {
            let json = caller
                .get(&format!("/api/v1/search?q={query}&facets=all&size=100"))
                .await
                .json();
            assert_eq!(found(&json), codes, "{name}: {query}");
            assert_eq!(json["total"], visible.len(), "{name}: {query}");
            let lines = caller.get(&format!("/api/v1/export?format=jsonl&q={query}")).await;
            assert_eq!(exported(&lines), codes, "{name}: {query}");
            let statistics = caller
                .get(&format!("/api/v1/stats?q={query}&by=agency,county&measures=all"))
                .await;
            assert_eq!(statistics.json()["total"], visible.len(), "{name}: {query}");
            let text = statistics.text();
            assert!(
                !text.contains(OTHER) && (name == "auditor" || !text.contains("140223")),
                "{name}: {text}"
            );
            for (facet, values) in json["facets"].as_object().unwrap() {
                for value in values.as_array().unwrap() {
                    assert!(
                        value["count"].as_u64().unwrap() <= visible.len() as u64,
                        "{name}: {facet}"
                    );
                    let text = value.to_string();
                    assert!(!text.contains(OTHER), "{name}: {facet}: {text}");
                    assert!(name == "auditor" || !text.contains("140223"), "{name}: {facet}: {text}");
                }
            }
        }
        for (class, word) in WORDS.iter().enumerate() {
            let about = format!("{name}: {}", CLASSES[class].0);
            let sees = sees(name, class);
            let number = code(u32::try_from(class).unwrap() + 1).to_string();
            for query in [
                (*word).to_owned(),
                format!("\"{word}\""),
                format!("申请人:{word}"),
                format!("档号:{number}"),
                format!("没有的词语 OR {word}"),
            ] {
                let json = caller.get(&format!("/api/v1/search?q={query}&facets=all")).await.json();
                assert_eq!(json["total"], u64::from(sees), "{about}: {query}");
                assert_eq!(found(&json).len(), usize::from(sees), "{about}: {query}");
                let empty = json["facets"]
                    .as_object()
                    .unwrap()
                    .values()
                    .all(|values| values.as_array().unwrap().is_empty());
                assert_eq!(empty, !sees, "{about}: {query}");
                assert_eq!(json["suggestion"], Value::Null, "{about}: {query}");
            }
            // A word misspelt is not mended to one that only hidden cases hold.
            let misspelt: String = word.chars().take(2).chain(['龙']).collect();
            let json = caller.get(&format!("/api/v1/search?q={misspelt}")).await.json();
            assert!(sees || !json.to_string().contains(word), "{about}: {json}");
            for input in [*word, number.as_str()] {
                let json = caller.get(&format!("/api/v1/suggest?q={input}")).await.json();
                assert_eq!(
                    !json["suggestions"].as_array().unwrap().is_empty(),
                    sees,
                    "{about}: {input}: {json}"
                );
            }
        }
        let agencies = caller.get("/api/v1/suggest?q=市场监督&size=50").await.json();
        assert!(!agencies.to_string().contains(OTHER), "{name}: {agencies}");
        if rights(name).contains(&Right::Review) {
            let json = caller.get("/api/v1/reviews?size=100").await.json();
            let reviews = json["reviews"].as_array().unwrap();
            assert_eq!(json["total"], reviews.len());
            let of: BTreeSet<String> = reviews
                .iter()
                .map(|r| r["archival_code"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(of, codes, "{name}");
        }
    }
}
