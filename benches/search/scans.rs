//! Real output of our own recognisers: the sample scans are read at the time of the benchmark, and searched by what
//! stands on them.

use std::path::Path;
use std::process::Command;

use juanzong::analysis::Analyser;
use juanzong::record::{ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, PageText};

use crate::measure::{Engine, Measured, Sums};
use crate::ours::{Ours, page_of};
use crate::queries::letters;
use crate::random::Random;

/// Reads the scans of a folder with both engines and measures phrases of 3 to 12 letters of their texts.
pub(crate) fn run(folder: &Path, analyser: &Analyser) {
    let Some(program) = program() else {
        println!("(scans left out: juanzong-indexer is not built)\n");
        return;
    };
    let mut images: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    images.retain(|path| path.extension().is_some_and(|e| e == "jpg") && path.with_extension("txt").is_file());
    images.sort();
    println!("### {} scans, read by our own engines\n", images.len());
    println!("| engine (queries) | recall / precision / MRR / nDCG@10; ms median / p99 |\n|---|---|");
    for engine in ["ppocr", "tesseract"] {
        let read: Option<Vec<PageText>> = images.iter().map(|image| ocr(&program, engine, image)).collect();
        let Some(read) = read else {
            println!("| {engine} | not installed |");
            continue;
        };
        let clean: Vec<String> = images
            .iter()
            .map(|image| letters(&std::fs::read_to_string(image.with_extension("txt")).unwrap()))
            .collect();
        let records: Vec<CaseRecord> = read
            .into_iter()
            .enumerate()
            .map(|(number, text)| record(number, text))
            .collect();
        let ours = Ours::new(analyser, records.iter());
        let measured = search(&ours, &clean);
        println!(
            "| {engine} ({}) | {}; {} |",
            measured.queries,
            measured.quality(),
            measured.speed()
        );
    }
    println!();
}

/// The indexer beside this benchmark, of whatever profile.
fn program() -> Option<std::path::PathBuf> {
    let target = std::env::current_exe().ok()?.ancestors().nth(3)?.to_owned();
    let profiles = ["release", "debug"].map(|profile| target.join(profile).join("juanzong-indexer"));
    profiles.into_iter().find(|path| path.is_file())
}

fn ocr(program: &Path, engine: &str, image: &Path) -> Option<PageText> {
    let output = Command::new(program)
        .args(["ocr", "--format", "json", "--engine", engine])
        .arg(image)
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let mut json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    serde_json::from_value(json.get_mut("pages")?.get_mut(0)?.take()).ok()
}

fn record(number: usize, text: PageText) -> CaseRecord {
    CaseRecord {
        archival_code: ArchivalCode::parse(&format!("0123-XK·2020-D30-SCAN-{number:05}")).unwrap(),
        fields: CaseFields::default(),
        facts: Vec::new(),
        documents: vec![DocumentRecord {
            ordinal: 1,
            title: String::new(),
            kind: DocumentKind::Other,
            source_name: String::new(),
            file_sha256: None,
            part: None,
            failure: None,
            pages: vec![page_of(1, text)],
        }],
    }
}

/// Twelve phrases of each scan.
fn search(ours: &Ours, clean: &[String]) -> Sums {
    let mut random = Random::new(1, 4);
    let mut queries = Vec::new();
    for text in clean {
        let chars: Vec<char> = text.chars().collect();
        for _ in 0..12 {
            let length = random.between(3, 12).min(chars.len());
            let start = random.below(chars.len() - length + 1);
            let phrase: String = chars[start..start + length].iter().collect();
            if phrase.chars().any(|c| c.is_ascii_alphanumeric()) {
                continue;
            }
            let relevant = (0..)
                .zip(clean)
                .filter(|(_, text)| text.contains(&phrase))
                .map(|(number, _)| (number, 1))
                .collect();
            queries.push(crate::queries::Query::given(phrase, relevant));
        }
    }
    let measured: Measured = crate::measure::measure(ours as &dyn Engine, &queries);
    measured.total(|_| true)
}
