//! The parent against children that misbehave: small shell scripts in place of the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;

use super::{PoolConfig, ReadEvent, ReaderPool};
use crate::decode::{Failure, FailureCode};
use crate::worker::protocol::{Answer, VERSION, encode};

/// A frame as text for `printf`.
fn frame(answer: &Answer) -> String {
    encode(answer, &[])
        .unwrap()
        .iter()
        .map(|byte| format!("\\{byte:03o}"))
        .collect()
}

fn say(answer: &Answer) -> String {
    format!("printf '{}'\n", frame(answer))
}

fn ready() -> String {
    say(&Answer::Ready { version: VERSION })
}

fn failed(number: u32) -> String {
    say(&Answer::PageStarted { number })
        + &say(&Answer::PageFailed {
            number,
            failure: Failure::new(FailureCode::Truncated, "from the script"),
        })
}

/// A program that runs these shell lines; `$1` of a request is not read, so scripts answer without listening.
struct Script {
    folder: tempfile::TempDir,
}

impl Script {
    fn new(lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("worker");
        let program = format!("#!/bin/sh\ncd '{}'\n{lines}", folder.path().display());
        // Another process writes it: a descriptor of ours, open for writing, could be inherited by a process that a
        // test beside this one starts at that moment, and the script would be "text file busy".
        let mut writer = std::process::Command::new("sh")
            .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
            .arg(&path)
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut writer.stdin.take().unwrap(), program.as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
        Self { folder }
    }

    fn pool(&self, limit: Duration) -> ReaderPool {
        let mut config = PoolConfig::new(self.folder.path().join("worker"));
        config.workers = 1;
        config.page_time_limit = limit;
        config.recycle_after_pages = 10;
        ReaderPool::new(config)
    }

    /// How often the program was started.
    fn starts(&self) -> usize {
        fs::read_to_string(self.folder.path().join("starts")).map_or(0, |text| text.lines().count())
    }
}

/// Lets the script take a different turn each time it is started.
const COUNT: &str = "echo x >> starts\nn=$(wc -l < starts)\n";

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(300);

/// A shell that waits for its input to end, as a child that hangs would.
const HANG: &str = "cat > /dev/null\nsleep 600\n";

async fn read(pool: &ReaderPool, first: u32, last: u32) -> (Result<(), Failure>, Vec<(u32, FailureCode)>) {
    let (events, mut received) = mpsc::channel(1);
    let collect = async {
        let mut seen = Vec::new();
        while let Some(event) = received.recv().await {
            match event {
                ReadEvent::Page(page) => panic!("page {} out of a script", page.record.number),
                ReadEvent::PageFailed { number, failure } => seen.push((number, failure.code)),
            }
        }
        seen
    };
    tokio::join!(pool.read(Path::new("scan"), first..=last, events), collect)
}

async fn probe_code(script: &Script, limit: Duration) -> FailureCode {
    script.pool(limit).probe(Path::new("scan")).await.unwrap_err().code
}

#[tokio::test]
async fn children_that_cannot_start_are_unavailable() {
    let mut config = PoolConfig::new(PathBuf::from("/no/such/program"));
    config.workers = 1;
    let failure = ReaderPool::new(config).probe(Path::new("scan")).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::WorkerUnavailable);
    for script in [
        "exit 3\n",
        "echo hello\n",
        &say(&Answer::Ready { version: VERSION + 1 }),
        &say(&Answer::Done),
    ] {
        assert_eq!(
            probe_code(&Script::new(script), LONG).await,
            FailureCode::WorkerUnavailable,
            "{script}"
        );
    }
}

#[tokio::test]
async fn the_ways_to_die_are_told_apart() {
    let out_of_memory = "echo 'memory allocation of 123 bytes failed' >&2\nkill -ABRT $$\n";
    let cases = [
        ("exit 0\n".to_owned(), FailureCode::Crashed),
        ("kill -SEGV $$\n".to_owned(), FailureCode::Crashed),
        ("kill -XCPU $$\n".to_owned(), FailureCode::TimeLimit),
        (out_of_memory.to_owned(), FailureCode::MemoryLimit),
        (
            "echo 'this is no frame at all'\n".to_owned() + HANG,
            FailureCode::Crashed,
        ),
        (
            format!("printf 'JZR1\\377\\377\\377\\377\\0\\0\\0\\0'\n{HANG}"),
            FailureCode::Crashed,
        ),
        (say(&Answer::Done) + HANG, FailureCode::Crashed),
    ];
    for (end, code) in cases {
        let script = Script::new(&(ready() + &end));
        assert_eq!(probe_code(&script, LONG).await, code, "{end}");
    }
    assert_eq!(
        probe_code(&Script::new(&(ready() + HANG)), SHORT).await,
        FailureCode::TimeLimit
    );
}

#[tokio::test]
async fn a_page_that_kills_its_reader_fails_and_the_next_ones_are_read() {
    // The first child dies on page 2, the second goes on with page 3.
    let script = Script::new(&format!(
        "{COUNT}{}if [ $n = 1 ]; then {}{}kill -SEGV $$; fi\n{}{}{}{HANG}",
        ready(),
        failed(1),
        say(&Answer::PageStarted { number: 2 }),
        failed(3),
        failed(4),
        say(&Answer::Done),
    ));
    let (result, pages) = read(&script.pool(LONG), 1, 4).await;
    assert_eq!(result, Ok(()));
    let codes: Vec<_> = pages.into_iter().collect();
    assert_eq!(
        codes,
        [
            (1, FailureCode::Truncated),
            (2, FailureCode::Crashed),
            (3, FailureCode::Truncated),
            (4, FailureCode::Truncated)
        ]
    );
    assert_eq!(script.starts(), 2);
}

#[tokio::test]
async fn a_page_that_hangs_fails_by_its_time_limit() {
    let script = Script::new(&format!("{}{}{HANG}", ready(), say(&Answer::PageStarted { number: 1 })));
    let (result, pages) = read(&script.pool(SHORT), 1, 1).await;
    assert_eq!((result, pages), (Ok(()), vec![(1, FailureCode::TimeLimit)]));
}

#[tokio::test]
async fn pages_out_of_order_are_not_believed() {
    // After the first page of the last case a new child is tried, which ends at once.
    for answers in [failed(2), say(&Answer::Done), failed(1) + &say(&Answer::Done)] {
        let script = Script::new(&format!("{COUNT}{}[ $n = 1 ] || exit 0\n{answers}{HANG}", ready()));
        let (result, pages) = read(&script.pool(LONG), 1, 2).await;
        assert_eq!(result.unwrap_err().code, FailureCode::Crashed, "{answers}");
        assert!(pages.len() <= 1);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_fails_as_a_whole_and_the_child_is_kept() {
    let refusal = say(&Answer::FileFailed(Failure::new(FailureCode::NoPages, "none")));
    let script = Script::new(&format!("{COUNT}{}{refusal}{refusal}{HANG}", ready()));
    let pool = script.pool(LONG);
    assert_eq!(
        pool.probe(Path::new("scan")).await.unwrap_err().code,
        FailureCode::NoPages
    );
    assert_eq!(
        pool.probe(Path::new("scan")).await.unwrap_err().code,
        FailureCode::NoPages
    );
    assert_eq!(script.starts(), 1);
}

#[tokio::test]
async fn a_child_that_died_while_it_waited_is_no_fault_of_the_next_file() {
    let refusal = say(&Answer::FileFailed(Failure::new(FailureCode::NoPages, "none")));
    let request = encode(&crate::worker::protocol::Request::Probe, b"scan").unwrap().len() + "scan".len();
    let listen = format!("head -c {request} > /dev/null\n");
    let script = Script::new(&format!("{COUNT}{}{listen}{refusal}exit 1\n", ready()));
    let pool = script.pool(LONG);
    assert_eq!(
        pool.probe(Path::new("scan")).await.unwrap_err().code,
        FailureCode::NoPages
    );
    while pool.inner.idle.lock().unwrap().iter_mut().any(super::Child::is_alive) {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        pool.probe(Path::new("scan")).await.unwrap_err().code,
        FailureCode::NoPages
    );
    assert_eq!(script.starts(), 2);
}

#[tokio::test]
async fn children_are_replaced_after_their_pages() {
    let chunk = |pages: std::ops::RangeInclusive<u32>| {
        let answers: String = pages.map(failed).collect();
        answers + &say(&Answer::Done)
    };
    let script = Script::new(&format!(
        "{COUNT}{}case $n in\n1) {};;\n2) {};;\n3) {};;\nesac\n{HANG}",
        ready(),
        chunk(1..=10).trim_end().replace('\n', ";"),
        chunk(11..=20).trim_end().replace('\n', ";"),
        chunk(21..=25).trim_end().replace('\n', ";"),
    ));
    let (result, pages) = read(&script.pool(LONG), 1, 25).await;
    assert_eq!((result, pages.len(), script.starts()), (Ok(()), 25, 3));
}

#[tokio::test]
async fn no_child_outlives_its_pool() {
    let script = Script::new(&format!("echo $$ > pid\n{}exec sleep 600\n", ready()));
    let pool = script.pool(SHORT);
    let lease = pool.lease().await.map_err(|f| f.code).unwrap();
    let process: u32 = fs::read_to_string(script.folder.path().join("pid"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    drop(lease);
    drop(pool);
    // Killed at once; the runtime collects what is left of it as soon as it can.
    let state = || fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    for _ in 0..10_000 {
        if state().is_empty() || state().contains(") Z ") {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the child still runs: {}", state());
}

#[tokio::test]
async fn reading_stops_when_nobody_listens() {
    let script = Script::new(&format!("{}{}{HANG}", ready(), failed(1)));
    let (events, received) = mpsc::channel(1);
    drop(received);
    let result = script.pool(LONG).read(Path::new("scan"), 1..=9, events).await;
    assert_eq!(result, Ok(()));
}
