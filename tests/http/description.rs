//! The description of the API, against the committed one.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

/// A change of the API shows in review as a change of `openapi.json`; `UPDATE_SNAPSHOTS=1` writes it anew.
#[test]
fn the_description_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/openapi.json");
    let current = format!("{}\n", juanzong::http::openapi().to_pretty_json().unwrap());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "the API has changed: run the tests with UPDATE_SNAPSHOTS=1 and look at the difference"
    );
}

#[tokio::test]
async fn every_route_is_described_and_there() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let document = api.get("/api/v1/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths: BTreeSet<&str> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = BTreeSet::from([
        "/",
        "/api/v1/audit/events",
        "/api/v1/cases/{id}",
        "/api/v1/cases/{id}/corrections",
        "/api/v1/cases/{id}/corrections/{n}/undo",
        "/api/v1/cases/{id}/documents/{d}/pages/{p}",
        "/api/v1/cases/{id}/documents/{d}/pages/{p}/image",
        "/api/v1/openapi.json",
        "/api/v1/reviews",
        "/api/v1/search",
        "/api/v1/session",
        "/api/v1/session/password",
        "/api/v1/suggest",
        "/healthz",
        "/metrics",
        "/readyz",
    ]);
    assert_eq!(paths, expected);
    let id = archive.id(1).await;
    for path in paths {
        let asked = &document["paths"][path];
        let path = path
            .replace("{id}", &id)
            .replace("{d}", "1")
            .replace("{p}", "1")
            .replace("{n}", "1");
        let expected = match asked.get("get") {
            // Of administrators; `matrix.rs` asks each route as everybody.
            Some(_) if path == "/metrics" || path == "/api/v1/audit/events" => StatusCode::FORBIDDEN,
            Some(_) => StatusCode::OK,
            None => StatusCode::METHOD_NOT_ALLOWED,
        };
        assert_eq!(api.get(&path).await.status, expected, "{path}");
    }
}

/// Every `$ref` leads somewhere, or clients generated from the description do not compile.
#[test]
fn every_reference_is_resolved() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) if key == "$ref" => {
                            found.insert(text.clone());
                        }
                        value => collect(value, found),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let document = serde_json::to_value(juanzong::http::openapi()).unwrap();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.contains("#/components/schemas/Problem"));
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}
