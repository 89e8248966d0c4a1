//! One reading process as the parent sees it.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::PoolConfig;
use crate::decode::{Failure, FailureCode};
use crate::worker::protocol::{self, Answer, FrameError, HEAD_BYTES, Request, VERSION};

/// How much of a process's last words is kept.
const LAST_WORDS: usize = 4 << 10;

/// A process gets this long to start.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long a dying process may take to be gone.
const EXIT_LIMIT: Duration = Duration::from_secs(5);

/// Variables that a process gets besides those that we set.
const INHERITED: &[&str] = &["PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "JUANZONG_MODELS"];

/// How the C library of a process keeps memory (decision 0051); one that knows no such settings takes no notice.
///
/// Networks and pages take and give back buffers of many sizes. Left alone, glibc raises the size from which a buffer is
/// mapped by itself to that of the largest one that came back (up to 32 MiB), so that the others lie scattered in its heap,
/// which then never shrinks, and the thread that reads has another heap than the first. One heap, fixed sizes, and large pages
/// for what is mapped keep the peak down at little cost in time.
const ALLOCATOR: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304:\
     glibc.malloc.trim_threshold=33554432:glibc.malloc.top_pad=2097152",
);

/// A running process. Killed when it is dropped.
pub(super) struct Child {
    process: tokio::process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Ends when the process has said its last; gives the end of what it said.
    last_words: JoinHandle<Vec<u8>>,
    pages: u32,
}

impl Child {
    /// Starts a process and waits until it says that it is ready.
    pub(super) async fn start(config: &PoolConfig) -> Result<Self, Failure> {
        let unavailable = |reason: String| Failure::new(FailureCode::WorkerUnavailable, reason);
        let cpu_seconds = config
            .page_time_limit
            .as_secs()
            .saturating_mul(u64::from(config.recycle_after_pages).saturating_add(2));
        let mut command = Command::new(&config.executable);
        command
            .arg("worker")
            .arg("--engine")
            .arg(config.engine.code())
            .arg("--memory-limit-mib")
            .arg((config.memory_limit >> 20).max(1).to_string())
            .arg("--cpu-limit-seconds")
            .arg(cpu_seconds.max(1).to_string())
            .env_clear()
            .envs(
                INHERITED
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            // One thread each: with its own threading tesseract takes three times as long in all.
            .env("OMP_THREAD_LIMIT", "1")
            .env("LC_ALL", "C")
            .env(ALLOCATOR.0, ALLOCATOR.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().map_err(|e| unavailable(e.kind().to_string()))?;
        let (Some(input), Some(output), Some(stderr)) =
            (process.stdin.take(), process.stdout.take(), process.stderr.take())
        else {
            return Err(unavailable("no pipes".to_owned()));
        };
        let mut child = Self {
            process,
            input,
            output: BufReader::new(output),
            last_words: tokio::spawn(keep_last_words(stderr)),
            pages: 0,
        };
        match child.receive(START_LIMIT).await {
            Ok((Answer::Ready { version: VERSION }, _)) => Ok(child),
            Ok(_) => Err(unavailable("it speaks another protocol".to_owned())),
            Err(failure) => Err(unavailable(failure.detail)),
        }
    }

    /// Whether the process still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// How many pages the process has begun.
    pub(super) fn pages_begun(&self) -> u32 {
        self.pages
    }

    /// Counts a page that the process began.
    pub(super) fn count_page(&mut self) {
        self.pages = self.pages.saturating_add(1);
    }

    /// Sends a request. An error means that it cannot be put into a frame, not that nobody listens.
    pub(super) async fn send(&mut self, request: &Request, path: &Path) -> Result<(), Failure> {
        let path = path.as_os_str().as_bytes();
        let frame =
            protocol::encode(request, path).map_err(|e| Failure::new(FailureCode::WorkerUnavailable, e.to_string()))?;
        let write = async {
            self.input.write_all(&frame).await?;
            self.input.write_all(path).await?;
            self.input.flush().await
        };
        // A pipe that is closed means that the process is gone. What it said before is still to be read, and tells which
        // page it was at; `receive` finds out how it ended.
        let _ = write.await;
        Ok(())
    }

    /// Waits for an answer; a process that says nothing in time, or nonsense, is killed.
    pub(super) async fn receive(&mut self, limit: Duration) -> Result<(Answer, Vec<u8>), Failure> {
        match timeout(limit, read_frame(&mut self.output)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(FrameError::Closed | FrameError::Pipe(_))) => Err(self.death().await),
            Ok(Err(error)) => {
                self.kill().await;
                let detail = format!("the reading process does not follow the protocol: {error}");
                Err(Failure::new(FailureCode::Crashed, detail))
            }
            Err(_) => {
                self.kill().await;
                let detail = format!("no answer within {} s", limit.as_secs_f32());
                Err(Failure::new(FailureCode::TimeLimit, detail))
            }
        }
    }

    /// Closes the pipe, upon which the process ends, and waits for that.
    pub(super) async fn end(mut self) {
        drop(self.input);
        if timeout(EXIT_LIMIT, self.process.wait()).await.is_err() {
            let _ = self.process.start_kill();
        }
    }

    async fn kill(&mut self) {
        // An error means that it is gone already.
        let _ = self.process.start_kill();
        let _ = timeout(EXIT_LIMIT, self.process.wait()).await;
    }

    /// The pipe is closed: finds out how the process ended.
    async fn death(&mut self) -> Failure {
        let status = match timeout(EXIT_LIMIT, self.process.wait()).await {
            Ok(Ok(status)) => Some(status),
            _ => {
                self.kill().await;
                None
            }
        };
        // Its pipe closes with it, unless it left children of its own.
        let words = match timeout(EXIT_LIMIT, &mut self.last_words).await {
            Ok(Ok(words)) => words,
            _ => Vec::new(),
        };
        cause_of_death(status, &String::from_utf8_lossy(&words))
    }
}

/// What a process died of, from its exit status and its last words.
///
/// The words themselves may hold text of the document and are not repeated.
fn cause_of_death(status: Option<ExitStatus>, words: &str) -> Failure {
    const OUT_OF_MEMORY: &[&str] = &[
        "memory allocation of",
        "bad_alloc",
        "out of memory",
        "Cannot allocate memory",
    ];
    /// CPU time limit exceeded, on Linux.
    const SIGXCPU: i32 = 24;
    if OUT_OF_MEMORY.iter().any(|phrase| words.contains(phrase)) {
        return Failure::new(FailureCode::MemoryLimit, "the reading process ran out of memory");
    }
    let signal = status.and_then(|s| s.signal());
    if signal == Some(SIGXCPU) {
        return Failure::new(FailureCode::TimeLimit, "the reading process used up its CPU time");
    }
    let how = match (signal, status.and_then(|s| s.code())) {
        (Some(signal), _) => format!("the reading process was ended by signal {signal}"),
        (None, Some(code)) => format!("the reading process ended with status {code}"),
        (None, None) => "the reading process closed its output".to_owned(),
    };
    Failure::new(FailureCode::Crashed, how)
}

async fn read_frame(output: &mut BufReader<ChildStdout>) -> Result<(Answer, Vec<u8>), FrameError> {
    let mut head = [0; HEAD_BYTES];
    output.read_exact(&mut head).await?;
    let (json_length, body_length) = protocol::lengths(head)?;
    // Memory grows with what really comes, not with what the head announces.
    let mut json = Vec::new();
    output.take(json_length as u64).read_to_end(&mut json).await?;
    let mut body = Vec::new();
    output.take(body_length as u64).read_to_end(&mut body).await?;
    if json.len() < json_length || body.len() < body_length {
        return Err(FrameError::Closed);
    }
    Ok((serde_json::from_slice(&json)?, body))
}

/// Reads all that a process says on its error output, so that it never waits, and keeps the end of it.
async fn keep_last_words(mut stderr: ChildStderr) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        kept.extend(buffer.iter().take(count));
        let excess = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..excess);
    }
    kept
}
