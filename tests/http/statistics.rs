//! `GET /api/v1/stats` and `juanzong stats`

use juanzong::access::{Action, Outcome};
use juanzong::catalogue::AuditFilter;
use serde_json::json;

use super::*;
use crate::cli::{failed, juanzong, stdout};

#[tokio::test]
async fn cells_tell_their_figures_and_how_their_cases_are_listed() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let answer = api
        .get("/api/v1/stats?by=year,outcome&measures=cases,refusal_rate,within_limit&q=许可")
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let json = answer.json();
    assert_eq!((&json["total"], &json["understood"]), (&json!(3), &json!("含有“许可”")));
    assert_eq!(json["dimensions"][0]["label"], "年度");
    assert_eq!(
        json["dimensions"][1]["values"][0],
        json!({"value": "granted", "label": "准予"})
    );
    let period = &json["periods"][0];
    assert_eq!(period["cells"].as_array().unwrap().len(), 3);
    let refused = &period["cells"][1];
    assert_eq!(refused["values"], json!(["2019", "refused"]));
    assert_eq!(
        refused["figures"],
        json!({
            "cases": {"value": 1.0},
            "refusal_rate": {"value": 1.0, "part": 1, "of": 1},
            "within_limit": {"value": null, "part": 0, "of": 0},
        })
    );
    assert_eq!(refused["not_computable"], json!({"no_acceptance": 1}));
    assert_eq!(period["margins"][0][0]["figures"]["refusal_rate"]["value"], 0.5);
    assert_eq!(
        period["whole"]["figures"]["refusal_rate"],
        json!({"value": 1.0 / 3.0, "part": 1, "of": 3})
    );
    for cell in period["cells"].as_array().unwrap() {
        let listed = api
            .get(&format!("/api/v1/search?{}", cell["query"].as_str().unwrap()))
            .await;
        assert_eq!(listed.json()["total"], cell["cases"]);
    }
    let english = api
        .get_with("/api/v1/stats?by=time_limit,category", "accept-language", "en")
        .await
        .json();
    let label = |dimension: usize| english["dimensions"][dimension]["values"][0]["label"].clone();
    assert_eq!(
        (label(0), label(1)),
        (json!("cannot be computed"), json!("Ordinary licence"))
    );
    // What the links use is a filter of every search.
    for (query, total) in [
        ("missing=accepted_on", 3),
        ("missing=outcome", 0),
        ("time_limit=unknown", 3),
        ("category=普通", 3),
    ] {
        let found = api.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(found.json()["total"], total, "{query}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    for (query, code) in [
        ("by=applicant", "invalid_parameter"),
        ("by=year,month,agency", "invalid_parameter"),
        ("measures=all&measures=cases", "repeated_parameter"),
        ("compare_from=soon", "invalid_date"),
        ("missing=something", "invalid_facet_value"),
        ("q=%28%28%28%28%28%28甲%29%29%29%29%29%29", "query_too_deep"),
        ("group=year", "unknown_parameter"),
    ] {
        let answer = api.get(&format!("/api/v1/stats?{query}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{query}"
        );
    }
    let empty = TestArchive::empty().await;
    assert_eq!(
        Api::of(&empty).await.get("/api/v1/stats").await.code(),
        "index_not_ready"
    );
}

#[tokio::test]
async fn statistics_are_written_down_with_what_was_asked() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path =
        "/api/v1/stats?q=140224199001011234&by=office,month&measures=cases&time_limit=over&compare_to=2019-12-31";
    assert_eq!(api.get(path).await.status, StatusCode::OK);
    let entries = archive
        .access()
        .audit_entries(&AuditFilter::default(), 1)
        .await
        .unwrap();
    let entry = &entries[0].entry;
    assert_eq!((entry.action, entry.outcome), (Action::Statistics, Outcome::Done));
    let details: Value = serde_json::from_str(&entry.details).unwrap();
    assert_eq!(
        (
            &details["by"],
            &details["measures"],
            &details["compared"],
            &details["filters"]
        ),
        (
            &json!(["office", "month"]),
            &json!(["cases"]),
            &json!({"from": null, "to": "2019-12-31"}),
            &json!({"time_limit": ["over"]})
        )
    );
    assert!(!entry.details.contains("199001011"), "{}", entry.details);
}

#[tokio::test]
async fn the_command_line_prints_tables_json_and_csv() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let printed = stdout(&juanzong(
        &archive,
        &["stats", "--by", "year", "--measures", "all", "--json"],
    ));
    let mut printed: Value = serde_json::from_str(&printed).unwrap();
    let mut sent = api.get("/api/v1/stats?by=year&measures=all").await.json();
    for answer in [&mut printed, &mut sent] {
        answer["took_ms"] = Value::Null;
    }
    assert_eq!(printed, sent);

    let table = stdout(&juanzong(
        &archive,
        &[
            "stats",
            "许可",
            "--by",
            "outcome",
            "--measures",
            "cases,refusal_rate,median_days",
        ],
    ));
    for piece in ["共 3 件", "决定结果", "不予率", "33.3%（1/3）", "合计", "—"] {
        assert!(table.contains(piece), "{piece} in:\n{table}");
    }
    let csv = archive.beside("stats.csv");
    let arguments = [
        "stats",
        "--by",
        "year,outcome",
        "--measures",
        "cases,refusal_rate",
        "--format",
        "csv",
        "-o",
    ];
    let arguments = arguments.into_iter().chain([csv.to_str().unwrap()]).collect::<Vec<_>>();
    assert_eq!(stdout(&juanzong(&archive, &arguments)), "");
    let text = std::fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines[0],
        "起始日期,截止日期,年度,决定结果,件数,不予率,不予率（分子）,不予率（分母）,检索条件"
    );
    assert_eq!(lines[1], ",,2019,准予,1,0,0,1,year=2019&outcome=granted");
    // Three cells, the two years and the three outcomes alone, and all.
    let about = lines.iter().filter(|line| line.starts_with("# ")).count();
    assert_eq!(lines.len() - about, 1 + 3 + 2 + 3 + 1);
    assert_eq!(lines[9], ",,（全部）,（全部）,3,0.3333333333333333,1,3,");
    for arguments in [
        ["stats", "--format", "csv", "--json"].as_slice(),
        &["stats", "-o", "x.csv"],
        &["stats", "--format", "pdf"],
    ] {
        failed(&juanzong(&archive, arguments), 2);
    }
    let told = failed(&juanzong(&archive, &["stats", "--by", "applicant"]), 2);
    assert!(told.contains("by"), "{told}");
}
