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

/// Which routes there are, and to whom, stands in `matrix.rs`.
#[tokio::test]
async fn the_description_is_open_to_everybody() {
    let archive = TestArchive::empty().await;
    let answer = Api::of(&archive).await.nobody().get("/api/v1/openapi.json").await;
    assert_eq!(answer.json()["openapi"], "3.1.0");
}

/// Generated clients name their types by them.
#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(juanzong::http::openapi()).unwrap();
    let mut seen = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for name in methods
            .as_object()
            .unwrap()
            .values()
            .filter_map(|m| m["operationId"].as_str())
        {
            assert!(seen.insert(name.to_owned()), "{path}: {name}");
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
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
