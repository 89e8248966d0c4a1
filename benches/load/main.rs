//! `make bench-load`: a whole archive of generated cases under load, by the programs as they are installed.
//!
//! Generates cases (three documents, about 1,500 characters in all), imports them (catalogue and index), makes the index
//! anew from the catalogue, starts the server and asks it by kind of query, then asks the same index in this process.
//! Prints cases a second, bytes of index for a case, memory, queries a second, p50/p95/p99.
//!
//! Settings by environment: `CASES` (default 50000), `DIR` (where the archive is kept; default `target/load/CASES`; what
//! is there already is not made again, what was begun is gone on with), `SEED` (default 7), `CONNECTIONS` (default 4),
//! `SECONDS` for each kind (default 5), `EACH` (different queries of a kind, default 100), `KINDS` (names as printed,
//! separated by commas), `PARTS` (`http`, `inside`, `filter`; default the first two), `PROGRAMS` (folder with `juanzong` and `juanzong-indexer`; default: beside this one).

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark prints, and may stop at a fault

mod http;
mod measure;
mod programs;
mod queries;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use juanzong::access::Restriction;
use juanzong::record::{RegionCode, SecurityClass};
use juanzong::search::VisibleCases;
use measure::Row;
use programs::{Programs, Server};
use queries::Query;

fn setting(name: &str, default: usize) -> usize {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.trim().parse().unwrap())
}

fn main() {
    // `cargo test` and `cargo bench` without a name run every benchmark; this one takes minutes to hours.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let cases = setting("CASES", 50_000);
    let folder = match std::env::var_os("DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/load/{cases}")),
    };
    fs::create_dir_all(&folder).unwrap();
    let programs = Programs::find(&folder);
    println!("{cases} cases in {}", folder.display());
    write_archive(&programs, &folder, cases);
    let mut queries = queries::generate(
        &programs.lines(setting("SEED", 7), 20_000.min(cases)),
        setting("EACH", 100),
    );
    if let Ok(kinds) = std::env::var("KINDS") {
        queries.retain(|(kind, _)| kinds.split(',').any(|wanted| wanted.trim() == *kind));
    }
    let parts = std::env::var("PARTS").unwrap_or_else(|_| "http,inside".to_owned());
    if parts.contains("http") {
        over_http(&programs, &queries);
    }
    if parts.contains("inside") {
        in_process(&programs.data, &queries);
    }
    if parts.contains("filter") {
        filtered(&programs.data, &queries);
    }
}

/// Imports and indexes, unless that was done before; what was measured then is printed again.
fn write_archive(programs: &Programs, folder: &Path, cases: usize) {
    let step = |name: &str, run: &dyn Fn() -> String| {
        let done = folder.join(format!("{name}.done"));
        let told = fs::read_to_string(&done).unwrap_or_else(|_| {
            let told = run();
            fs::write(&done, &told).unwrap();
            told
        });
        println!("{told}");
    };
    step("import", &|| {
        let lines = folder.join("cases.jsonl");
        programs.write_lines(setting("SEED", 7), cases, &lines);
        let ran = programs.indexer(&["import", lines.to_str().unwrap()]);
        fs::remove_file(lines).unwrap();
        ran.told("import", cases)
    });
    step("reindex", &|| programs.indexer(&["reindex"]).told("reindex", cases));
    let bytes = |part: &str| programs::bytes_of(&programs.data.join(part));
    let current = fs::read_to_string(programs.data.join("index/current")).unwrap();
    println!(
        "bytes for a case: index {}, catalogue {}",
        bytes(&format!("index/{}", current.trim())) / cases as u64,
        bytes("catalogue.db") / cases as u64
    );
}

fn over_http(programs: &Programs, queries: &[(&'static str, Vec<Query>)]) {
    let token = programs.token();
    let server = Server::start(programs);
    println!(
        "\nover HTTP, memory of the server before the first query: {}",
        server.memory()
    );
    Row::print_head();
    let (connections, time) = (
        setting("CONNECTIONS", 4),
        Duration::from_secs(setting("SECONDS", 5) as u64),
    );
    // All kinds once by a fresh server, then each for a while.
    let cold: Vec<_> = queries
        .iter()
        .map(|(_, queries)| measure::once(queries, || http::Client::new(server.address, &token)))
        .collect();
    println!("memory after each query once: {}", server.memory());
    for ((kind, queries), cold) in queries.iter().zip(cold) {
        let warm = measure::steadily(queries, connections, time, || http::Client::new(server.address, &token));
        Row { kind, cold, warm }.print();
    }
    println!("memory in the end: {}", server.memory());
    server.stop();
}

fn in_process(data: &Path, queries: &[(&'static str, Vec<Query>)]) {
    println!("\nin this process, 2 threads");
    Row::print_head();
    let inside = measure::Inside::open(data);
    let time = Duration::from_secs(setting("SECONDS", 5) as u64);
    for (kind, queries) in queries {
        let cold = measure::once(queries, || inside.clone());
        let warm = measure::steadily(queries, 2, time, || inside.clone());
        Row { kind, cold, warm }.print();
    }
    println!("own memory of this process: {}", programs::memory(std::process::id()));
}

/// What the filter of visible cases costs: each query by somebody who may see every case, by somebody whose grants name every
/// agency, region and year, so that the same cases are found, and by somebody with a third of the agencies.
fn filtered(data: &Path, queries: &[(&'static str, Vec<Query>)]) {
    println!(
        "\nby rights, each query new, one after the other; times as ratios to those of a viewer without restrictions"
    );
    println!("| kind | ms for a query without restrictions | same cases, all restrictions | a third of the agencies |");
    println!("|---|---|---|---|");
    let inside = measure::Inside::open(data);
    let agencies = inside.values("agency");
    let regions = || {
        inside
            .values("region")
            .iter()
            .filter_map(|code| RegionCode::parse(code))
            .collect()
    };
    let limited = |agencies: Vec<String>| {
        VisibleCases::all()
            .and(Restriction::Agencies(agencies))
            .and(Restriction::Regions(regions()))
            .and(Restriction::Years(1900, 2199))
            .and(Restriction::Clearance(SecurityClass::Confidential))
    };
    let third = agencies.iter().step_by(3).cloned().collect();
    let mut warm = inside.by(VisibleCases::all().and(Restriction::Years(1, 9999)));
    let mut viewers = [
        inside.by(VisibleCases::all()),
        inside.by(limited(agencies)),
        inside.by(limited(third)),
    ];
    for (kind, queries) in queries {
        let times = measure::beside(queries, &mut warm, &mut viewers);
        let [all, same, third] = [0, 1, 2].map(|at| times[at].as_secs_f64());
        println!(
            "| {kind} | {:.1} | {:.2} | {:.2} |",
            all * 1e3 / queries.len() as f64,
            same / all,
            third / all
        );
    }
}
