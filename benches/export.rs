//! How much memory a table of many rows takes, and how long: `cargo bench --bench export -- [ROWS] [FOLDER]`
//! (default 1,000,000 rows, target/bench-export).
//!
//! Rows of the columns that a table of cases has, invented one by one and fed to the writer that every export uses: not a
//! catalogue of so many cases, whose reading takes no more memory either (200 cases at a time). Writes `cases.xlsx`,
//! `cases.csv` and `cases.jsonl`, prints rows, time, bytes and the most anonymous memory (`RssAnon`) that was in use, and the checksum
//! of the rows, which has to be the same in all three. Then LibreOffice, if it is there, is asked to open the workbook, and
//! what it makes of it is compared with the CSV (`scripts/check-workbook`).

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark may stop at a fault, and prints

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use juanzong::archive::Labels;
use juanzong::export::{Cell, ExportOptions, Note, Summed, TableFormat, TableWriter, case_headings, sheets_of};
use juanzong::record::CivilDate;

/// Anonymous memory of this process now, in KiB.
fn anonymous() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0)
}

/// Looks at the memory while something runs; the most there was, in KiB.
fn watched(work: impl FnOnce()) -> u64 {
    let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = {
        let (most, over) = (Arc::clone(&most), Arc::clone(&over));
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(anonymous(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(5));
            }
        })
    };
    work();
    over.store(true, Ordering::Relaxed);
    watcher.join().unwrap();
    most.load(Ordering::Relaxed)
}

/// The cells of case number `n`: what a column holds follows from its code.
fn row(codes: &[String], n: u64) -> Vec<Cell> {
    let part = |modulus: u64| u32::try_from(n % modulus).unwrap_or_default();
    let year = 2005 + part(20);
    let day =
        |plus: u32| CivilDate::new(year, 1 + (part(12) + plus) % 12, 1 + part(28)).map_or(Cell::Empty, Cell::Date);
    let cell = |code: &String| match code.as_str() {
        "archival_code" => Cell::Text(format!("0123-XK·{year}-D30-SCJG-{n:07}")),
        "title" => Cell::Text(format!("灵丘县嘉禾餐饮管理有限责任公司第{n}号食品经营许可")),
        "document_number" => Cell::Text(format!("灵食许〔{year}〕{n}号")),
        "agency" => Cell::Text("灵丘县市场监督管理局".to_owned()),
        "region" => Cell::Text("140224".to_owned()),
        "region_name" => Cell::Text("山西省大同市灵丘县".to_owned()),
        "matter" => Cell::Text("食品经营许可".to_owned()),
        "outcome" => Cell::Text(if n % 9 == 0 { "不予" } else { "准予" }.to_owned()),
        "applicant_name" => Cell::Text(format!("=嘉禾餐饮{n}")),
        "applicant_id_number" => Cell::Text("1402**********1234".to_owned()),
        "applied_on" | "accepted_on" => day(0),
        "decided_on" | "served_on" => day(1),
        "year" => Cell::Whole(year.into()),
        "documents" | "pages" | "failures" => Cell::Whole(n % 40),
        "match" => Cell::Text("精确".to_owned()),
        "case_id" => Cell::Text(format!("{n:020x}")),
        _ => Cell::Empty,
    };
    codes.iter().map(cell).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let rows: u64 = arguments
        .first()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let folder = arguments
        .get(1)
        .map_or_else(|| PathBuf::from("target/bench-export"), PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    let headings = case_headings(Labels::Chinese);
    let codes: Vec<String> = headings.iter().map(|heading| heading.code.clone()).collect();
    println!(
        "{rows} rows of {} columns, {} sheets; at the beginning {} MiB",
        codes.len(),
        sheets_of(rows),
        anonymous() / 1024
    );
    for format in [TableFormat::Xlsx, TableFormat::Csv, TableFormat::JsonLines] {
        let path = folder.join(format!("cases.{}", format.code()));
        let began = Instant::now();
        let mut bytes = 0;
        let mut checksum = String::new();
        let most = watched(|| {
            let mut out = Summed::new(BufWriter::new(File::create(&path).unwrap()));
            let options = ExportOptions::default();
            let mut table = TableWriter::begin(format, &options, "案卷", headings.clone(), &mut out).unwrap();
            for n in 0..rows {
                table.row(row(&codes, n)).unwrap();
            }
            checksum = table.checksum();
            let note = Note {
                code: "count",
                label: "案卷数".to_owned(),
                value: rows.to_string(),
            };
            table.finish(vec![note]).unwrap();
            bytes = out.bytes();
        });
        println!(
            "{:5}  {:6.1} s  {:7.1} MB  RssAnon at most {:4} MiB  rows {}",
            format.code(),
            began.elapsed().as_secs_f64(),
            bytes as f64 / 1e6,
            most / 1024,
            checksum.chars().take(16).collect::<String>(),
        );
    }
    println!("{}", folder.display());
}
