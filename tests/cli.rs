//! The program `juanzong` itself.

use std::process::{Command, Output};

use serde_json::Value;

use crate::http::Api;
use crate::support::{TestArchive, code};

pub(crate) fn juanzong(archive: &TestArchive, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .env_remove("JUANZONG_DATA")
        .arg("--data")
        .arg(archive.path())
        .args(arguments)
        .output()
        .unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn failed(output: &Output, status: i32) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{told}");
    assert!(output.stdout.is_empty());
    told
}

#[tokio::test]
async fn json_is_what_the_api_sends() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let output = juanzong(
        &archive,
        &[
            "search",
            "食品经营许可",
            "--filter",
            "year=2019",
            "--facets",
            "year,outcome",
            "--size",
            "5",
            "--json",
        ],
    );
    let mut printed: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let answer = api
        .get("/api/v1/search?q=食品经营许可&year=2019&facets=year,outcome&size=5")
        .await;
    let mut sent = answer.json();
    for answer in [&mut printed, &mut sent] {
        answer["took_ms"] = Value::Null;
    }
    assert_eq!(printed, sent);
    assert_eq!(printed["total"], 2);

    let output = juanzong(&archive, &["case", "show", code(1).as_str(), "--json"]);
    let printed: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let sent = api.get(&format!("/api/v1/cases/{}", archive.id(1).await)).await;
    assert_eq!(printed, sent.json());
}

#[tokio::test]
async fn people_get_tables() {
    let archive = TestArchive::with_cases().await;
    let text = stdout(&juanzong(&archive, &["search", "有效期", "--facets", "outcome"]));
    for piece in [
        "共 1 件",
        code(1).as_str(),
        "准予",
        "2019-05-07",
        "材料 1 第 2 页：",
        "⟦有效期⟧",
        "决定结果：",
    ] {
        assert!(text.contains(piece), "{piece} in:\n{text}");
    }
    let text = stdout(&juanzong(&archive, &["case", "show", &archive.id(1).await]));
    for piece in [
        "灵丘县嘉禾餐饮管理有限责任公司",
        "1402**********1234",
        "行政许可决定书",
        "1–2",
        "材料 1 第 1 页",
    ] {
        assert!(text.contains(piece), "{piece} in:\n{text}");
    }
}

#[tokio::test]
async fn a_case_is_corrected_and_what_needs_eyes_is_listed() {
    let archive = TestArchive::with_cases().await;
    let case = code(1).to_string();
    let by = ["--author", "孙晓梅"];
    let correct = |rest: &[&str]| juanzong(&archive, &[&["case", "correct", &case][..], rest, &by].concat());
    let told = stdout(&correct(&[
        "--field",
        "决定日期",
        "--value",
        "2019-05-08",
        "--reason",
        "对照原件",
    ]));
    assert!(told.contains("序号 1"), "{told}");
    let line = [
        "--document",
        "1",
        "--page",
        "2",
        "--line",
        "1",
        "--value",
        "有效期三年。",
        "--json",
    ];
    let made: Value = serde_json::from_str(&stdout(&correct(&line))).unwrap();
    assert_eq!((&made["number"], &made["placed"]), (&2.into(), &true.into()));
    let shown = stdout(&juanzong(&archive, &["case", "show", &case]));
    assert!(shown.contains("2019-05-08") && shown.contains("更正"), "{shown}");
    stdout(&juanzong(&archive, &[&["case", "undo", &case, "1"][..], &by].concat()));
    let listed = stdout(&juanzong(&archive, &["case", "corrections", &case]));
    for piece in [
        "决定日期",
        "理由：对照原件",
        "已由 孙晓梅 于",
        "材料 1 第 2 页",
        "有效期三年。",
    ] {
        assert!(listed.contains(piece), "{piece} in:\n{listed}");
    }
    let told = failed(&correct(&["--field", "decided_on", "--value", "不详"]), 1);
    assert!(told.contains("著录项 decided_on") && !told.contains("不详"), "{told}");
    let told = failed(
        &correct(&["--field", "decided_on", "--value", "2019-05-08", "--old", "2019-01-01"]),
        1,
    );
    assert!(told.contains("已被改动"), "{told}");
    for wrong in [
        &["--field", "nothing", "--value", "1"][..],
        &["--value", "1"],
        &["--line", "1", "--value", "1"],
        &["--field", "title", "--line", "1", "--value", "1"],
    ] {
        failed(&correct(wrong), 2);
    }

    let queue = stdout(&juanzong(&archive, &["review", "list", "--reason", "check_digit"]));
    assert!(
        queue.contains("共 3 项") && queue.contains("证件号码校验位不符"),
        "{queue}"
    );
    let json = stdout(&juanzong(
        &archive,
        &["review", "list", "--reason", "check_digit", "--json"],
    ));
    let json: Value = serde_json::from_str(&json).unwrap();
    let first = &json["reviews"][0];
    let (code, review) = (
        first["archival_code"].as_str().unwrap(),
        first["review"].as_str().unwrap(),
    );
    stdout(&juanzong(
        &archive,
        &[&["review", "checked", code, review][..], &by].concat(),
    ));
    let queue = stdout(&juanzong(&archive, &["review", "list", "--reason", "check_digit"]));
    assert!(queue.contains("共 2 项"), "{queue}");
}

#[tokio::test]
async fn the_status_names_failed_jobs() {
    let archive = TestArchive::with_cases().await;
    let job = archive
        .catalogue()
        .enqueue_job("ingest", "某卷/坏.pdf", None)
        .await
        .unwrap();
    let failure = archive
        .catalogue()
        .fail_job(job.job_key, "encrypted", "asks for a password");
    failure.await.unwrap();
    let text = stdout(&juanzong(&archive, &["status"]));
    for piece in [
        "案卷 3 件",
        "失败 1 个",
        "某卷/坏.pdf",
        "encrypted",
        "asks for a password",
        "已到变更 3",
    ] {
        assert!(text.contains(piece), "{piece} in:\n{text}");
    }
    let json: Value = serde_json::from_str(&stdout(&juanzong(&archive, &["status", "--json"]))).unwrap();
    assert_eq!(
        (json["counts"]["cases"].as_u64(), json["index"]["cases"].as_u64()),
        (Some(3), Some(3))
    );
}

#[tokio::test]
async fn the_exit_status_tells_whose_fault_it_is() {
    let archive = TestArchive::with_cases().await;
    let told = failed(&juanzong(&archive, &["case", "show", "没有"]), 1);
    assert!(
        told.contains("没有这个案卷") && told.contains("there is no such case"),
        "{told}"
    );
    for (arguments, word) in [
        (&["search", "许可", "--size", "0"][..], "每页条数"),
        (&["search", "许可", "--filter", "year"][..], "year=2019"),
        (&["search", "许可", "--filter", "q=1"][..], "分面"),
        (&["serve", "--listen", "0.0.0.0:8080"][..], "127.0.0.1"),
        (&["user", "grant", "sunxm"][..], "--role"),
        (&["serve", "--listen", "here"][..], "监听地址"),
        (&["serve", "--nonsense"][..], "--nonsense"),
        (&["nonsense"][..], "nonsense"),
    ] {
        let told = failed(&juanzong(&archive, arguments), 2);
        assert!(told.contains(word), "{word} in: {told}");
    }
    std::fs::write(archive.path().join("juanzong.toml"), "[server]\nlissen = 1").unwrap();
    let told = failed(&juanzong(&archive, &["status"]), 2);
    assert!(told.contains("juanzong.toml") && told.contains("lissen"), "{told}");
}

#[tokio::test]
async fn looking_does_not_make_an_archive() {
    let archive = TestArchive::empty().await;
    let elsewhere = archive.beside("nothing-here");
    for arguments in [
        &["search", "许可"][..],
        &["status"][..],
        &["serve", "--listen", "192.0.2.1:80"][..],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_juanzong"))
            .env("JUANZONG_DATA", &elsewhere)
            .args(arguments)
            .output()
            .unwrap();
        failed(&output, 2);
        assert!(!elsewhere.try_exists().unwrap());
    }
}

#[tokio::test]
async fn suggestions_and_dictionaries_on_the_command_line() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let printed = stdout(&juanzong(&archive, &["suggest", "spjy", "--json"]));
    let mut printed: Value = serde_json::from_str(&printed).unwrap();
    let mut sent = api.get("/api/v1/suggest?q=spjy").await.json();
    for answer in [&mut printed, &mut sent] {
        answer["took_ms"] = Value::Null;
    }
    assert_eq!(printed, sent);
    let table = stdout(&juanzong(&archive, &["suggest", "食品"]));
    assert!(table.contains("审批事项") && table.contains("食品经营许可"), "{table}");
    failed(&juanzong(&archive, &["suggest", "食品", "--size", "0"]), 2);

    let find = |arguments: &[&str]| {
        let printed = stdout(&juanzong(
            &archive,
            &[&["search", "饮食店", "--json"], arguments].concat(),
        ));
        serde_json::from_str::<Value>(&printed).unwrap()["total"].clone()
    };
    assert_eq!(find(&[]), 0);
    let added = stdout(&juanzong(
        &archive,
        &["dictionary", "add", "synonym", "饮食店", "餐饮管理"],
    ));
    assert!(added.contains("synonyms.tsv") && !added.contains("reindex"), "{added}");
    assert_eq!(find(&[]), 2);
    assert_eq!(find(&["--no-expand"]), 0);
    let listed = stdout(&juanzong(
        &archive,
        &["dictionary", "list", "synonyms", "--containing", "饮食店"],
    ));
    assert!(listed.contains("餐饮管理") && !listed.contains("驾校"), "{listed}");
    let listed = stdout(&juanzong(
        &archive,
        &["dictionary", "list", "agencies", "--containing", "物价局", "--json"],
    ));
    assert!(listed.contains("部分划入市场监督管理局"), "{listed}");

    let added = stdout(&juanzong(&archive, &["dictionary", "add", "word", "综窗受理"]));
    assert!(added.contains("reindex"), "{added}");
    let checked = stdout(&juanzong(&archive, &["dictionary", "check", "--json"]));
    assert_eq!(serde_json::from_str::<Value>(&checked).unwrap()["needs_reindex"], true);
    let told = failed(
        &juanzong(&archive, &["dictionary", "add", "synonym", "甲", "饮食店"]),
        1,
    );
    assert!(told.contains("synonyms.tsv") && told.contains("饮食店"), "{told}");
    std::fs::write(archive.path().join("dictionaries/words.tsv"), "# ours\n许可\n").unwrap();
    for arguments in [&["dictionary", "check"][..], &["search", "许可"][..]] {
        let told = failed(&juanzong(&archive, arguments), 1);
        assert!(
            told.contains("words.tsv 第 2 行") && told.contains("words.tsv:2"),
            "{told}"
        );
    }
}
