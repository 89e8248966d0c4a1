//! `juanzong export` and `juanzong case export`.

use std::fs;
use std::process::Output;

use juanzong::catalogue::{Change, NewCorrection, Rendition};
use juanzong::record::{
    CaseLine, CaseRecord, DocumentKind, DocumentRecord, FactSource, FieldName, PageText, TextSource,
};
use serde_json::Value;

use crate::cli::{failed, juanzong, stdout};
use crate::support::{TestArchive, case, code, page};

fn written(output: &Output, path: &std::path::Path) -> Vec<u8> {
    stdout(output);
    fs::read(path).unwrap()
}

/// The rows of a CSV file, without the byte order mark.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn column(rows: &[Vec<String>], heading: &str) -> Vec<String> {
    let at = rows[0].iter().position(|name| name == heading).unwrap();
    let cases = rows[1..].iter().filter(|row| !row[0].starts_with('#'));
    cases.map(|row| row[at].clone()).collect()
}

fn note(rows: &[Vec<String>], name: &str) -> String {
    let row = rows.iter().find(|row| row[0] == format!("# {name}"));
    row.unwrap_or_else(|| panic!("no {name}"))[1].clone()
}

#[tokio::test]
async fn a_table_has_every_case_that_matches_and_says_what_was_asked_for() {
    let archive = TestArchive::with_cases().await;
    let out = archive.beside("all.csv");
    let to = ["--format", "csv", "-o", out.to_str().unwrap()];
    let all = written(&juanzong(&archive, &[&["export"][..], &to].concat()), &out);
    assert!(all.starts_with(b"\xef\xbb\xbf"));
    let all = rows(&all);
    let codes: Vec<String> = (1..=3).map(|n| code(n).to_string()).collect();
    assert_eq!(column(&all, "档号"), codes);
    assert_eq!(column(&all, "决定日期"), ["2019-05-07", "2019-08-01", "2020-01-15"]);
    assert_eq!(column(&all, "决定结果"), ["准予", "不予", "延续"]);
    assert_eq!(column(&all, "年度"), ["2019", "2019", "2020"]);
    assert_eq!(column(&all, "页数"), ["2", "1", "1"]);
    assert_eq!(column(&all, "行政区划"), vec!["山西省大同市灵丘县"; 3]);
    assert_eq!(column(&all, "证件号码"), vec!["1402**********1234"; 3]);
    assert_eq!(
        (note(&all, "案卷数"), note(&all, "个人信息")),
        ("3".into(), "已脱敏".into())
    );
    assert!(all.iter().all(|row| row.len() == all[0].len()));

    // Everything, not a page of ten; the filter and the query are those of a search.
    let filtered = juanzong(
        &archive,
        &[
            "export",
            "食品经营许可 -延续",
            "--filter",
            "year=2019",
            "--format",
            "csv",
            "--no-bom",
            "--lang",
            "en",
        ],
    );
    let filtered = rows(stdout(&filtered).as_bytes());
    assert_eq!(column(&filtered, "Archival code"), codes[..2]);
    assert_eq!(column(&filtered, "Outcome"), ["Granted", "Refused"]);
    assert_eq!(note(&filtered, "Query"), "食品经营许可 -延续");
    assert_eq!(note(&filtered, "Filter"), "year: 2019");
    assert_eq!(note(&filtered, "Index sequence"), "3");
}

#[tokio::test]
async fn a_formula_in_a_case_or_a_query_stays_a_text() {
    let archive = TestArchive::empty().await;
    for (n, title) in (1..).zip(["=HYPERLINK(\"http://x\",\"点\")", "+86", "-1+1", "@SUM(A1)", "＝1+1"]) {
        archive.add(&case(n, "2019-05-07", "granted", title, &["文字"])).await;
    }
    archive.index().await;
    let table = rows(stdout(&juanzong(&archive, &["export", "--format", "csv", "-注销"])).as_bytes());
    let titles = column(&table, "题名");
    assert_eq!(titles.len(), 5);
    assert!(titles.iter().all(|title| title.starts_with('\'')), "{titles:?}");
    assert_eq!(note(&table, "检索式"), "'-注销");
    for cell in table.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}

#[tokio::test]
async fn personal_data_is_shown_for_a_reason_only_and_the_export_says_so() {
    let archive = TestArchive::with_cases().await;
    failed(&juanzong(&archive, &["export", "--format", "csv", "--unmasked"]), 2);
    failed(
        &juanzong(&archive, &["export", "--format", "csv", "--unmasked", "--reason", " "]),
        2,
    );
    failed(
        &juanzong(&archive, &["export", "--format", "csv", "--reason", "审计"]),
        2,
    );
    let full = juanzong(
        &archive,
        &["export", "--format", "csv", "--unmasked", "--reason", "审计抽查"],
    );
    let told = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(
        told.contains("unmasked") && !told.contains("审计") && !told.contains("14022419"),
        "{told}"
    );
    let full = rows(stdout(&full).as_bytes());
    assert_eq!(column(&full, "证件号码"), vec!["140224199001011234"; 3]);
    assert!(note(&full, "个人信息").contains("审计抽查"));
}

#[tokio::test]
async fn lines_hold_what_was_read_and_corrections_apart_and_masked_ones_say_so() {
    let archive = TestArchive::with_cases().await;
    let key = archive
        .catalogue()
        .case_by_code(&code(1))
        .await
        .unwrap()
        .unwrap()
        .case_key;
    let new = NewCorrection {
        change: Change::Line {
            document: 1,
            page: 2,
            line: 1,
            value: "有效期三年。".into(),
            old: None,
        },
        author: "孙晓梅".into(),
        reason: None,
    };
    let made = archive.catalogue().correct(key, &new).await.unwrap();
    let lines =
        |output: &str| -> Vec<CaseLine> { output.lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    let full = ["export", "--format", "jsonl", "--unmasked", "--reason", "迁移"];
    let full = lines(&stdout(&juanzong(&archive, &full)));
    assert_eq!(full.len(), 3);
    for (line, n) in full.iter().zip(1..) {
        assert!(!line.masked);
        let (mut read, _) = {
            let key = archive
                .catalogue()
                .case_by_code(&code(n))
                .await
                .unwrap()
                .unwrap()
                .case_key;
            archive.catalogue().load_as_read(key).await.unwrap().unwrap()
        };
        let again = line.clone().into_case(code(n), Vec::new());
        // Facts of corrections come from the layer.
        read.facts.retain(|fact| fact.source != FactSource::Correction);
        assert_eq!(again.documents, read.documents);
        assert_eq!(again.facts, read.facts);
        let file = line.documents[0].file.as_ref().unwrap();
        assert_eq!(
            (file.bytes, file.media_type.as_deref()),
            (Some(1), Some("application/pdf"))
        );
    }
    assert_eq!(full[0].corrections[0].clone().into_correction().unwrap(), made);
    let told = stdout(&juanzong(&archive, &["export", "--format", "jsonl", "延续"]));
    let masked = lines(&told);
    assert_eq!(masked.len(), 1);
    assert!(masked[0].masked && !told.contains("140224199001011234"));
    assert!(told.contains("1402**********1234"));
}

#[tokio::test]
async fn one_case_as_json_holds_all_that_is_known() {
    let archive = TestArchive::with_cases().await;
    let code = code(1).to_string();
    let key = archive
        .catalogue()
        .case_by_id(&archive.id(1).await)
        .await
        .unwrap()
        .unwrap()
        .case_key;
    for change in [
        Change::Field {
            field: FieldName::Title,
            value: "更正后的题名".into(),
            old: None,
        },
        Change::Line {
            document: 1,
            page: 2,
            line: 1,
            value: "有效期三年，电话13800001234。".into(),
            old: None,
        },
    ] {
        let new = NewCorrection {
            change,
            author: "孙晓梅".into(),
            reason: Some("对照原件".into()),
        };
        archive.catalogue().correct(key, &new).await.unwrap();
    }
    let masked = stdout(&juanzong(&archive, &["case", "export", &code, "--format", "json"]));
    let json: Value = serde_json::from_str(&masked).unwrap();
    assert_eq!(json["export"]["masked"], true);
    assert_eq!(json["case"]["title"], "更正后的题名");
    assert_eq!(json["case"]["documents"][0]["title"], "行政许可决定书");
    assert_eq!(json["case"]["facts"][0]["source"], "correction");
    assert_eq!(json["corrections"][1]["author"], "孙晓梅");
    assert_eq!(json["pages"].as_array().unwrap().len(), 2);
    let line = &json["pages"][1]["lines"][1];
    assert_eq!(line["text"], "有效期三年，电话138****1234。");
    assert!(line["words"].as_array().unwrap().len() > 5);
    assert!(!masked.contains("13800001234") && !masked.contains("140224199001011234"));
    let full = [
        "case",
        "export",
        &code,
        "--format",
        "json",
        "--unmasked",
        "--reason",
        "当事人查阅",
    ];
    let full = stdout(&juanzong(&archive, &full));
    let json: Value = serde_json::from_str(&full).unwrap();
    assert_eq!(
        (&json["export"]["masked"], &json["export"]["reason"]),
        (&false.into(), &"当事人查阅".into())
    );
    assert_eq!(json["case"]["applicant"]["id_number"], "140224199001011234");
    assert!(full.contains("13800001234"));
}

/// A case with everything that can be wrong with its pages.
fn troubled() -> CaseRecord {
    let mut record = case(
        7,
        "2019-05-07",
        "granted",
        "某案卷",
        &["准予许可", "身份证140224199001011234号", "末页"],
    );
    let mut failed = page(2, "");
    failed.failure = Some(("damaged_image".into(), "checksum".into()));
    failed.text = PageText::default();
    let mut ordinary = page(1, "身份证140224199001011234号");
    ordinary.number = 3;
    record.documents[0].pages = vec![page(1, "准予许可"), failed, ordinary];
    record.documents.push(DocumentRecord {
        ordinal: 2,
        title: "申请表".into(),
        kind: DocumentKind::Application,
        source_name: "申请表.pdf".into(),
        file_sha256: None,
        part: None,
        failure: Some("password_protected".into()),
        pages: Vec::new(),
    });
    let mut imported = page(1, "");
    imported.source = TextSource::Import;
    imported.width = 0;
    imported.height = 0;
    imported.dpi = None;
    imported.text = PageText::without_geometry("导入的文字第一行\n第二行");
    record.documents.push(DocumentRecord {
        ordinal: 3,
        title: "审查意见".into(),
        kind: DocumentKind::Review,
        source_name: String::new(),
        file_sha256: None,
        part: None,
        failure: None,
        pages: vec![imported],
    });
    record
}

#[tokio::test]
async fn a_pdf_has_every_page_and_the_images_bit_for_bit() {
    let archive = TestArchive::empty().await;
    let record = troubled();
    archive.add(&record).await;
    archive.index().await;
    let out = archive.beside("case.pdf");
    let code = code(7).to_string();
    let export = ["case", "export", &code, "--format", "pdf", "-o", out.to_str().unwrap()];
    let output = juanzong(&archive, &export);
    let pdf = written(&output, &out);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("已导出 5 页") && told.contains("2 页未能读取") && told.contains("1 页已遮盖"),
        "{told}"
    );
    let image = |page| {
        let hash = record.documents[0].file_sha256.as_deref().unwrap();
        let directory = juanzong::catalogue::DataDirectory::open(archive.path()).unwrap();
        directory
            .read_page_image(hash, page, Rendition::Reading)
            .unwrap()
            .unwrap()
    };
    let holds = |pdf: &[u8], part: &[u8]| pdf.windows(part.len()).any(|window| window == part);
    assert!(
        holds(&pdf, &image(1)),
        "an image with nothing to hide is there as it is"
    );
    let again = written(&juanzong(&archive, &export), &out);
    // Not the same bytes, for it tells when it was exported.
    assert_eq!(again.len(), pdf.len(), "the same case gives the same file");
    let full = [&export[..], &["--unmasked", "--reason", "移交"]].concat();
    let output = juanzong(&archive, &full);
    let full = written(&output, &out);
    assert!(holds(&full, &image(1)) && !String::from_utf8_lossy(&output.stderr).contains("遮盖"));
    let left: Vec<_> = fs::read_dir(out.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn wrong_exports_are_refused() {
    let archive = TestArchive::with_cases().await;
    let out = archive.beside("nowhere/x.csv");
    failed(
        &juanzong(&archive, &["export", "--format", "csv", "-o", out.to_str().unwrap()]),
        1,
    );
    failed(&juanzong(&archive, &["export", "--format", "ods"]), 2);
    failed(
        &juanzong(&archive, &["export", "--format", "csv", "--filter", "nothing=1"]),
        2,
    );
    let told = failed(&juanzong(&archive, &["case", "export", "没有", "--format", "json"]), 1);
    assert!(told.contains("没有这个案卷"), "{told}");
    let code = code(1).to_string();
    let font = ["case", "export", &code, "--format", "pdf", "--font", "/nonexistent.ttf"];
    // Every page has its image: no font is wanted.
    assert!(juanzong(&archive, &font).status.success());
}
