//! Backed up, restored, indexed anew: the same answers. Originals decoded again.

use std::fs;
use std::time::{Duration, Instant};

use juanzong::access::{Actor, VisibleCases};
use juanzong::analytics::findings::Parameters;
use juanzong::archive::Labels;
use juanzong::backup::{RestoreOptions, restore};
use juanzong::export::{PrintFont, print_lines};
use juanzong::search::statistics::StatisticsRequest;
use juanzong::verify::{Report, Subject, VerifyOptions, verify};
use juanzong_indexer::sample::{AuditOptions, AuditedArchive, Format, SampleOptions};
use serde_json::{Value, json};

use crate::outputs::{pdftotext, visible};
use crate::recovery::{answers, scans};
use crate::support::{Archive, options, sample, stdout};

/// Who keeps results in these tests.
const AUDITOR: &str = "wangjian";

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// What an auditor is told of an archive: figures by all measures in several tables, findings, and what became of every kept result.
/// Only what names the generation of the index, and how long it took, is left out.
fn told_to_auditors(archive: &Archive) -> Value {
    archive.opened(async |opened, _| {
        let view = opened.view(VisibleCases::all());
        let mut told = Vec::new();
        for by in [
            "",
            "year,agency",
            "matter,outcome",
            "county,quarter",
            "time_limit,applicant_kind",
        ] {
            let request = StatisticsRequest::from_pairs([("by", by), ("measures", "all")]).unwrap();
            let mut answer = json!(view.statistics(request, deadline()).await.unwrap());
            (answer["took_ms"], answer["generation"]) = (Value::Null, Value::Null);
            told.push(answer);
        }
        let findings = view.all_findings(Parameters::default()).await.unwrap();
        for finding in &findings.findings {
            let answer = view
                .finding(&finding.id(), Parameters::default(), (0, 100), Labels::English)
                .await;
            told.push(json!(answer.unwrap()));
        }
        for set in view.kept_results(AUDITOR).await.unwrap().result_sets {
            let compared = view.compare_result(AUDITOR, &set.id, (0, 100), Labels::English, deadline());
            let mut compared = json!(compared.await.unwrap().unwrap());
            assert_eq!((&compared["total"], &compared["hash"]), (&json!(0), &json!(set.hash)));
            compared["generation"] = Value::Null;
            told.push(compared);
        }
        Value::Array(told)
    })
}

#[test]
fn figures_findings_and_kept_results_of_a_restored_archive_are_those_of_the_first() {
    let archive = Archive::new();
    let audited = AuditedArchive::invent(AuditOptions {
        cases: 600,
        planted: 44,
        seed: 20_263,
    });
    let lines: Vec<String> = audited
        .lines()
        .map(|line| serde_json::to_string(&line).unwrap())
        .collect();
    let path = archive.folder.path().join("lines.jsonl");
    fs::write(&path, lines.join("\n")).unwrap();
    assert!(archive.indexer(&["import", path.to_str().unwrap()]).status.success());
    archive.opened(async |opened, _| {
        let view = opened.view(VisibleCases::all());
        for q in ["", "许可", "结果:不予", "年度:2012..2015 食品"] {
            let parameters = vec![("q".to_owned(), q.to_owned())];
            view.keep_result(AUDITOR, "结果集", parameters, deadline())
                .await
                .unwrap();
        }
    });
    let (told, answered) = (told_to_auditors(&archive), answers(&archive));
    assert!(told.as_array().unwrap().len() > 5 + 4 + 20, "findings are among them");
    assert_eq!(answered[0]["total"].as_u64(), Some(lines.len() as u64));

    let (from, keys) = archive.back_up();
    let restored = Archive::new();
    let options = RestoreOptions {
        from,
        keys: Some(keys),
        ..RestoreOptions::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(restore(&options, &restored.data(), &Actor::local(0)))
        .unwrap();
    assert!(restored.indexer(&["reindex"]).status.success());
    // Compared piece by piece: a difference in a thousand figures is to be found.
    let again = told_to_auditors(&restored);
    for (before, after) in told.as_array().unwrap().iter().zip(again.as_array().unwrap()) {
        assert_eq!(after, before);
    }
    assert_eq!(again.as_array().map(Vec::len), told.as_array().map(Vec::len));
    assert_eq!(answers(&restored), answered);
}

#[test]
fn a_restored_archive_answers_alike_after_one_command() {
    let archive = Archive::new();
    let (cases, manifest) = scans(archive.folder.path());
    assert!(
        archive
            .indexer(&["ingest", &cases, "--manifest", &manifest])
            .status
            .success()
    );
    let (dump, expected) = (archive.dump(), answers(&archive));
    assert_eq!(expected[0]["total"], 3);
    let (from, keys) = archive.back_up();

    let restored = Archive::new();
    let options = RestoreOptions {
        from,
        keys: Some(keys),
        ..RestoreOptions::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let done = runtime
        .block_on(restore(&options, &restored.data(), &Actor::local(0)))
        .unwrap();
    assert_eq!((done.counts.cases, done.lost), (3, 0));
    assert_eq!(restored.dump(), dump);
    let indexed = restored.indexer(&["reindex"]);
    assert!(indexed.status.success(), "{}", stdout(&indexed));
    assert_eq!(answers(&restored), expected);
    // And it is read on: the same scans change nothing.
    let again = restored.indexer(&["ingest", &cases, "--manifest", &manifest, "--json"]);
    let summary: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(
        (summary["unchanged"].as_u64(), summary["pages_read"].as_u64()),
        (Some(3), Some(0)),
        "{summary}"
    );
}

fn check(archive: &Archive) -> Report {
    archive.opened(async |opened, access| {
        let subject = Subject {
            directory: opened.directory(),
            catalogue: opened.catalogue(),
            access: &access,
        };
        verify(subject, &VerifyOptions::default(), || false).await.unwrap()
    })
}

fn verdict(report: &Report, code: &str) -> String {
    let item = report.items.iter().find(|item| item.item == code).unwrap();
    item.verdict.clone()
}

#[test]
fn originals_are_decoded_again_and_the_check_tells_of_it() {
    let archive = Archive::new();
    let out = sample(
        archive.folder.path(),
        SampleOptions {
            cases: 1,
            seed: 11,
            only_formats: Some(vec![Format::PdfText, Format::PdfG4]),
            ..options()
        },
    );
    let cases = out.join("cases").display().to_string();
    assert!(archive.indexer(&["ingest", &cases]).status.success());
    let before = check(&archive);
    assert_eq!(
        (before.decoded_again, verdict(&before, "opens").as_str()),
        (0, "passed")
    );

    let run = |arguments: &[&str]| -> Value {
        let output = archive.indexer(&[&["verify", "--json", "--jobs", "1"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    };
    let first = run(&[]);
    assert!(
        first["files"].as_u64().unwrap() > 0 && first["pages"].as_u64() >= first["files"].as_u64(),
        "{first}"
    );
    assert_eq!(
        (first["failed"].as_u64(), first["earlier"].as_u64()),
        (Some(0), Some(0))
    );
    assert_eq!(
        (run(&[])["files"].as_u64(), run(&[])["earlier"].as_u64()),
        (Some(0), first["files"].as_u64())
    );
    let after = check(&archive);
    assert_eq!(
        (Some(after.decoded_again), verdict(&after, "opens").as_str()),
        (first["files"].as_u64(), "passed")
    );

    // One that does not open any more, whatever its hash says.
    let original = files_of(&archive.data().join("originals")).remove(0);
    let whole = fs::read(&original).unwrap();
    fs::remove_file(&original).unwrap();
    fs::write(&original, &whole[..whole.len() / 3]).unwrap();
    let damaged = run(&["--again"]);
    assert_eq!(damaged["failed"], 1, "{damaged}");
    fs::write(&original, &whole).unwrap();
    let told = check(&archive);
    assert_eq!(
        (
            verdict(&told, "original_hash").as_str(),
            verdict(&told, "opens").as_str()
        ),
        ("passed", "failed")
    );

    // Printed, it can be read; as XML it is well-formed.
    let pdf = archive.folder.path().join("report.pdf");
    let mut out = fs::File::create(&pdf).unwrap();
    print_lines(Report::TITLE, &told.lines(), PrintFont::find, &mut out).unwrap();
    let text = visible(&pdftotext(&pdf, &[])).into_iter().collect::<String>();
    let place = original.file_name().unwrap().to_str().unwrap();
    for piece in [
        "电子档案四性检测报告",
        "有项目不通过",
        "须人工检测",
        "真实性",
        "安全性",
        place,
    ] {
        assert!(text.contains(piece), "{piece} in {text}");
    }
    let xml = told.xml();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failed = document
        .descendants()
        .filter(|node| node.attribute("结果代码") == Some("failed"));
    assert_eq!(
        failed.map(|node| node.attribute("代码").unwrap()).collect::<Vec<_>>(),
        ["opens"]
    );
}

fn files_of(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files_of(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}
