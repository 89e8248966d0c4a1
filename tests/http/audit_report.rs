//! `GET /api/v1/audit-report` and `juanzong audit-report`

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use juanzong::access::Action;
use juanzong::catalogue::AuditFilter;
use juanzong::record::SecurityClass;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::findings::{register, token};
use super::*;
use crate::cli::{failed, juanzong, stdout};
use crate::support::{case, code};

const NUMBER: &str = "140224199001011234";

/// The checksum that a report tells, and that of what stands before it.
fn checksums(report: &str) -> (String, String) {
    let (before, after) = report.split_once("<footer id=\"checksum\">").unwrap();
    assert!(before.ends_with('\n'), "it begins its line");
    let told = after.split("<code>").nth(2).unwrap().split('<').next().unwrap();
    (told.to_owned(), hex::encode(Sha256::digest(before)))
}

/// The pictures that stand in a report.
fn pictures(report: &str) -> Vec<image::RgbImage> {
    let data = report.split("data:image/jpeg;base64,").skip(1);
    let one = |text: &str| BASE64.decode(text.split('"').next().unwrap()).unwrap();
    data.map(|text| image::load_from_memory(&one(text)).unwrap().into_rgb8())
        .collect()
}

#[tokio::test]
async fn a_report_is_one_file_that_tells_all_it_rests_on() {
    let archive = register(false).await;
    let text = format!("准予行政许可决定书\n申请人证件号码{NUMBER}。");
    archive
        .add(&case(8, "2019-08-01", "refused", "食品经营许可<b>&", &[&text]))
        .await;
    archive.index().await;
    let api = Api::of(&archive).await;
    let auditor = api.with_token(&token(&archive, "auditor", SecurityClass::Internal).await);
    let path = "/api/v1/audit-report?title=二〇一九年审计&from=2019-01-01&to=2019-12-31&sections=figures,working_days,findings,sample\
                &rule=number_gap&rule=invalid_number&sample=3&seed=7&by=year";
    let answer = auditor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.header("content-disposition").starts_with("attachment; "));
    let report = answer.text();
    let (told, checksum) = checksums(&report);
    assert_eq!(told, checksum);
    for part in [
        "<h1>二〇一九年审计</h1>",
        "可见范围",
        "年度：2010–2030",
        "赵小满",
        "灵市监许〔2019〕 第 4 号",
        "DA/T 13-2022",
        "办理工作日中位数",
        "食品经营许可&lt;b&gt;&amp;",
        "<td class=\"number\">8</td>",
        "总体校验和",
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    let outside = [
        "<script",
        "http://",
        "https://",
        "<link",
        "<iframe",
        " style=",
        " onclick=",
        NUMBER,
    ];
    for part in outside {
        let found = report.replace("http://www.w3.org/2000/svg", "").contains(part);
        assert!(!found, "{part}");
    }
    // Its own policy lets nothing in but its style and its pictures, and says so of the style that is in it.
    let style = report
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    let hash = BASE64.encode(Sha256::digest(style));
    assert!(
        answer
            .header("content-security-policy")
            .contains(&format!("style-src 'sha256-{hash}'"))
    );
    assert!(report.contains(&format!("style-src 'sha256-{hash}'")));

    let shown = pictures(&report);
    assert!(
        !shown.is_empty() && shown.iter().all(|image| image.width() <= 260),
        "{}",
        shown.len()
    );
    let black = |image: &image::RgbImage| image.pixels().any(|pixel| pixel.0.iter().all(|channel| *channel < 30));
    assert!(
        shown.iter().any(black),
        "the number on the page of the eighth case is blackened"
    );

    let entries = archive
        .access()
        .audit_entries(&AuditFilter::default(), 100)
        .await
        .unwrap();
    let pictured = entries.iter().filter(|entry| entry.entry.action == Action::ViewImage);
    assert_eq!(pictured.count(), shown.len(), "each picture is written down");
    let details: Value = serde_json::from_str(&entries[0].entry.details).unwrap();
    assert_eq!(
        (&details["of"], &details["sent"]["bytes"]),
        (&json!("audit_report"), &json!(answer.body.len()))
    );

    let plain = auditor.get(&format!("{path}&thumbnails=false&download=false")).await;
    assert!(plain.header("content-disposition").starts_with("inline; "));
    assert!(pictures(&plain.text()).is_empty() && plain.text().contains("灵市监许〔2019〕 第 4 号"));
    let english = auditor
        .get_with("/api/v1/audit-report", "accept-language", "en")
        .await
        .text();
    for part in [
        "<html lang=\"en\">",
        "Findings are leads",
        "Gap in the numbers",
        "Median of working days",
    ] {
        assert!(english.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_report_stays_within_the_mandate_and_what_was_asked() {
    let archive = register(true).await;
    let api = Api::of(&archive).await;
    let plain = api.with_token(&token(&archive, "plain", SecurityClass::Internal).await);
    let report = plain
        .get("/api/v1/audit-report?sections=figures,findings,sample")
        .await
        .text();
    assert!(
        !report.contains(&code(7).to_string()) && report.contains(&code(6).to_string()),
        "{report}"
    );
    assert!(
        !report.contains("断号、缺号"),
        "a series with a hidden case is not told of"
    );
    let elsewhere = plain
        .get("/api/v1/audit-report?agency=广灵县市场监督管理局")
        .await
        .text();
    assert!(elsewhere.contains("没有符合条件的案卷") && !elsewhere.contains(&code(1).to_string()));
    let later = plain
        .get("/api/v1/audit-report?from=2021-01-01&sections=findings")
        .await
        .text();
    assert!(!later.contains("<article"), "{later}");
    for wrong in [
        "sections=x",
        "measures=x",
        "rule=x",
        "thumbnails=x",
        "seed=x",
        "sample=0",
        "by=x",
        "download=x",
        "colour=red",
    ] {
        let answer = plain.get(&format!("/api/v1/audit-report?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn the_command_writes_the_same_report() {
    let archive = register(false).await;
    let out = archive.beside("report.html");
    let arguments = [
        "audit-report",
        "--rule",
        "number_gap",
        "--sections",
        "findings",
        "-o",
        out.to_str().unwrap(),
    ];
    stdout(&juanzong(&archive, &arguments));
    let report = std::fs::read_to_string(&out).unwrap();
    let (told, checksum) = checksums(&report);
    assert_eq!(told, checksum);
    assert!(report.contains("灵市监许〔2019〕 第 4 号") && pictures(&report).len() == 2);
    failed(&juanzong(&archive, &["audit-report", "--sections", "x"]), 2);
}
