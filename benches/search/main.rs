//! `make bench-search`: how well and how fast cases are found, beside other ways to search Chinese text.
//!
//! Settings by environment: `SEED` (default 1), `CASES` (default 6000), `EACH` (queries of a kind, default 40), `NOISE` (percentages,
//! default `0,3,8`), `ENGINES` (`juanzong,fts5,words,pairs`), `KINDS` (names as in `queries.rs`), `FAILURES` (how many to print, default 0),
//! `NUMBERS` (`clear`: numbers of persons stay letters of the index, for comparison),
//! `SCANS` (a folder of scans with their texts: they are read by `juanzong-indexer`, when that is built, and searched for).
//!
//! `docs/decisions/0120` says what is measured and why.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark prints, and may stop at a fault

mod corpus;
mod fts5;
mod measure;
mod noise;
mod ours;
mod plain;
mod queries;
mod random;
mod scans;
mod spelt;
mod vocabulary;

use std::str::FromStr;

use juanzong::analysis::Analyser;
use juanzong::archive::KeyedNumbers;

use measure::{Engine, Measured, measure};
use noise::Channel;
use ours::{Ours, ReadCase};
use plain::{Cut, Plain};
use queries::Kind;

fn setting<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

fn list(name: &str, default: &str) -> Vec<String> {
    let value = std::env::var(name).unwrap_or_else(|_| default.to_owned());
    value
        .split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn main() {
    let (seed, count, each) = (setting("SEED", 1), setting("CASES", 6_000), setting("EACH", 40));
    let engines = list("ENGINES", "juanzong,fts5,words,pairs");
    let analyser = Analyser::builtin().unwrap();
    // As in an archive: no number of a person is in the index.
    let numbers = KeyedNumbers::new("bench", [7; 32]);
    let analyser = match std::env::var("NUMBERS").as_deref() {
        // For comparison: all letters in the index.
        Ok("clear") => analyser,
        _ => analyser.with_number_keeper(Some(std::sync::Arc::new(numbers))),
    };
    if let Some(folder) = std::env::var_os("SCANS") {
        scans::run(folder.as_ref(), &analyser);
    }
    let cases = corpus::generate(seed, count);
    let mut queries = queries::generate(seed, &cases, each, analyser.dictionaries());
    let kinds = list("KINDS", "");
    if !kinds.is_empty() {
        queries.retain(|query| kinds.contains(&format!("{:?}", query.kind)));
    }
    println!("{} cases, {} queries, seed {seed}\n", cases.len(), queries.len());
    for level in list("NOISE", "0,3,8") {
        let rate: f64 = level.parse().unwrap();
        let channel = Channel::new(rate / 100.0, analyser.dictionaries());
        let read = ours::read(&cases, &channel, seed);
        println!("### {level} % noise\n");
        println!("recall / precision / MRR / nDCG@10; ms median / p99\n");
        let mut results: Vec<(&'static str, Measured)> = Vec::new();
        for engine in &engines {
            let engine = build(engine, &analyser, &read);
            results.push((engine.name(), measure(engine.as_ref(), &queries)));
        }
        table(&results);
        failures(&results, &read, setting("FAILURES", 0));
    }
}

fn build(name: &str, analyser: &Analyser, read: &[ReadCase]) -> Box<dyn Engine> {
    let records = read.iter().map(|case| &case.record);
    match name {
        "juanzong" => {
            let ours = Ours::new(analyser, records);
            println!(
                "(index of juanzong: {:.1} s, {} bytes a case)\n",
                ours.index_time.as_secs_f64(),
                ours.index_bytes / read.len().max(1) as u64
            );
            Box::new(ours)
        }
        "fts5" => Box::new(fts5::Fts5::new(records)),
        "words" => Box::new(Plain::new(Cut::Words(Box::default()), records)),
        "pairs" => Box::new(Plain::new(Cut::Pairs, records)),
        other => panic!("unknown engine {other}"),
    }
}

fn table(results: &[(&'static str, Measured)]) {
    println!(
        "| kind (queries) | {} |",
        results.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | ")
    );
    println!("|---|{}", "---|".repeat(results.len()));
    let row = |label: &str, of: &dyn Fn(Kind) -> bool| {
        let totals: Vec<_> = results.iter().map(|(_, measured)| measured.total(of)).collect();
        if totals.first().is_none_or(|sums| sums.queries == 0) {
            return;
        }
        let cells: Vec<String> = totals
            .iter()
            .map(|sums| format!("{}; {}", sums.quality(), sums.speed()))
            .collect();
        println!("| {label} ({}) | {} |", totals[0].queries, cells.join(" | "));
    };
    row("**the kinds of the issue**", &Kind::is_core);
    row("all further kinds", &|kind| !kind.is_core());
    for kind in Kind::ALL {
        row(kind.label(), &|other| other == kind);
    }
    println!();
}

/// The failures of the first engine: for the first case missed and the first wrong one, what stands there.
fn failures(results: &[(&'static str, Measured)], read: &[ReadCase], most: usize) {
    let Some((_, measured)) = results.first() else { return };
    for failure in measured.failures.iter().take(most) {
        let there = |number: Option<&u32>| match number {
            Some(number) => nearest(
                &fts5::folded(&read[*number as usize].record),
                &queries::letters(&failure.query),
            ),
            None => String::new(),
        };
        println!(
            "{}: `{}`: {} relevant, {} missed ({}), {} wrong ({})",
            failure.kind.label(),
            failure.query,
            failure.relevant,
            failure.missed.len(),
            there(failure.missed.first()),
            failure.wrong.len(),
            there(failure.wrong.first()),
        );
    }
}

/// The part of a text that is closest to some letters, with their distance.
fn nearest(text: &str, letters: &str) -> String {
    let (text, sought): (Vec<char>, Vec<char>) = (text.chars().collect(), letters.chars().collect());
    let mut row: Vec<usize> = (0..=sought.len()).collect();
    let (mut best, mut end) = (sought.len() + 1, 0);
    for (at, c) in text.iter().enumerate() {
        let mut next = vec![0; sought.len() + 1];
        for i in 1..=sought.len() {
            next[i] = (row[i - 1] + usize::from(sought[i - 1] != *c))
                .min(row[i] + 1)
                .min(next[i - 1] + 1);
        }
        row = next;
        if row[sought.len()] < best {
            (best, end) = (row[sought.len()], at + 1);
        }
    }
    let start = end.saturating_sub(sought.len() + 1);
    format!(
        "{best}: {}",
        text[start..(end + 2).min(text.len())].iter().collect::<String>()
    )
}
