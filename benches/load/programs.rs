//! The installed programs, run on the archive of the benchmark, with their time and memory.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The account that asks; its names are invented.
const ACCOUNT: &str = "bench";

pub(crate) struct Programs {
    folder: PathBuf,
    /// The data directory of the archive.
    pub(crate) data: PathBuf,
    /// Where the programs write what they say.
    log: PathBuf,
}

/// A program that ran to its end.
pub(crate) struct Ran {
    time: Duration,
    /// The most memory, in MiB: all of it, and without mapped files.
    peak: (u64, u64),
}

impl Ran {
    #[allow(clippy::cast_precision_loss)] // millions
    pub(crate) fn told(&self, what: &str, cases: usize) -> String {
        let seconds = self.time.as_secs_f64();
        let (all, own) = self.peak;
        format!(
            "{what}: {seconds:.1} s, {:.0} cases/s, peak memory {all} MiB, {own} MiB without mapped files",
            cases as f64 / seconds
        )
    }
}

impl Programs {
    pub(crate) fn find(archive: &Path) -> Self {
        let folder = match std::env::var_os("PROGRAMS") {
            Some(folder) => PathBuf::from(folder),
            // target/release/deps/load-…
            None => std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned(),
        };
        for name in ["juanzong", "juanzong-indexer"] {
            let program = folder.join(name);
            assert!(program.is_file(), "{} is missing: make build", program.display());
        }
        Self {
            folder,
            data: archive.join("data"),
            log: archive.join("programs.log"),
        }
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let log = || File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = Command::new(self.folder.join(name));
        command.env("JUANZONG_DATA", &self.data).args(arguments);
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        command
    }

    /// Writes generated cases, one a line.
    pub(crate) fn write_lines(&self, seed: usize, cases: usize, to: &Path) {
        let (seed, cases) = (seed.to_string(), cases.to_string());
        let mut command = self.command("juanzong-indexer", &["sample", "--seed", &seed, "--jsonl", &cases]);
        assert!(command.stdout(File::create(to).unwrap()).status().unwrap().success());
    }

    /// The first cases of a seed.
    pub(crate) fn lines(&self, seed: usize, cases: usize) -> Vec<serde_json::Value> {
        let (seed, cases) = (seed.to_string(), cases.to_string());
        let mut command = self.command("juanzong-indexer", &["sample", "--seed", &seed, "--jsonl", &cases]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines = lines
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect();
        child.wait().unwrap();
        lines
    }

    /// Runs the indexer to its end and watches its memory.
    pub(crate) fn indexer(&self, arguments: &[&str]) -> Ran {
        let started = Instant::now();
        let mut child = self.command("juanzong-indexer", arguments).spawn().unwrap();
        let mut peak = (0, 0);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            let (all, own) = resident(child.id());
            peak = (peak.0.max(all), peak.1.max(own));
            sleep(Duration::from_millis(100));
        };
        assert!(status.success(), "{arguments:?}: see {}", self.log.display());
        Ran {
            time: started.elapsed(),
            peak,
        }
    }

    /// A new token of an account that may see every case.
    pub(crate) fn token(&self) -> String {
        let add = "user add bench --person 测试员 --role staff --all-agencies --all-regions --clearance confidential --purpose 测试";
        // It is there already when the archive was kept.
        self.command("juanzong", &add.split(' ').collect::<Vec<_>>())
            .status()
            .unwrap();
        let name = format!("load-{}", std::process::id());
        let create = [
            "token", "create", ACCOUNT, "--name", &name, "--right", "search", "--days", "7",
        ];
        let output = self
            .command("juanzong", &create)
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "no token: see {}", self.log.display());
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .last()
            .unwrap()
            .trim()
            .to_owned()
    }
}

/// The running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(programs: &Programs) -> Self {
        // A port that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = programs
            .command("juanzong", &["serve", "--listen", &address.to_string()])
            .spawn()
            .unwrap();
        let mut server = Self { child, address };
        for _ in 0..600 {
            if TcpStream::connect(address).is_ok() {
                return server;
            }
            assert!(server.child.try_wait().unwrap().is_none(), "the server has stopped");
            sleep(Duration::from_millis(100));
        }
        server.stop();
        panic!("the server does not answer");
    }

    pub(crate) fn memory(&self) -> String {
        memory(self.child.id())
    }

    pub(crate) fn stop(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Memory of a process in words.
pub(crate) fn memory(process: u32) -> String {
    let (all, own) = resident(process);
    format!("{own} MiB of its own, {all} MiB with mapped files")
}

/// Resident memory of a process in MiB: all of it, and that which is no file.
fn resident(process: u32) -> (u64, u64) {
    let mut status = String::new();
    let read = File::open(format!("/proc/{process}/status")).and_then(|mut file| file.read_to_string(&mut status));
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    // It may have ended meanwhile.
    match read {
        Ok(_) => (
            value("VmRSS:").unwrap_or(0) / 1_024,
            value("RssAnon:").unwrap_or(0) / 1_024,
        ),
        Err(_) => (0, 0),
    }
}

/// Bytes of a file or of all files in a folder.
pub(crate) fn bytes_of(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.map(|entry| bytes_of(&entry.unwrap().path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |data| data.len()),
    }
}
