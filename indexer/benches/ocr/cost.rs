//! What reading costs: time, CPU time and memory of the processes that this one starts, as Linux tells them.

use std::collections::HashMap;
use std::fs;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Ticks of `/proc/PID/stat` a second: 100 wherever Linux shows them to programs.
const TICKS: f64 = 100.0;
/// How often memory is looked at. The peak that Linux keeps does not fall, so only the end of a life can be missed.
const INTERVAL: Duration = Duration::from_millis(50);

/// What some processes cost.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(crate) struct Cost {
    /// Time on the clock.
    pub(crate) seconds: f64,
    /// CPU time of all of them.
    pub(crate) cpu_seconds: f64,
    /// Most memory that a single one of them held, in MiB.
    pub(crate) peak_mib: u64,
}

/// Measures from its start to [`Meter::stop`]; the processes must have ended by then.
pub(crate) struct Meter {
    started: Instant,
    cpu_before: f64,
    stop: Sender<()>,
    watcher: JoinHandle<u64>,
}

impl Meter {
    pub(crate) fn start() -> Self {
        let (stop, stopped) = channel();
        let watcher = std::thread::spawn(move || {
            let mut peak = 0;
            while matches!(stopped.recv_timeout(INTERVAL), Err(RecvTimeoutError::Timeout)) {
                peak = peak.max(peak_of_descendants());
            }
            peak
        });
        Self {
            started: Instant::now(),
            cpu_before: cpu_of_children(),
            stop,
            watcher,
        }
    }

    pub(crate) fn stop(self) -> Cost {
        let seconds = self.started.elapsed().as_secs_f64();
        let cpu_seconds = cpu_of_children() - self.cpu_before;
        // It listens until it hears this, so there is nothing that could fail.
        let _ = self.stop.send(());
        Cost {
            seconds,
            cpu_seconds,
            peak_mib: self.watcher.join().unwrap_or(0) / 1024,
        }
    }
}

/// The numbers after the name in a line of `/proc/PID/stat`, from the third field on.
fn stat(process: &str) -> Option<Vec<String>> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = line.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// CPU seconds of the processes that this one waited for, and of those that they waited for.
fn cpu_of_children() -> f64 {
    let Some(fields) = stat("self") else { return 0.0 };
    // `cutime` and `cstime` are fields 16 and 17.
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|value| value.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(13) + ticks(14)) / TICKS
}

/// Most memory in KiB that a living descendant of this process ever held.
fn peak_of_descendants() -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let mut parents: HashMap<u32, u32> = HashMap::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let parent = stat(&process.to_string()).and_then(|fields| fields.get(1)?.parse().ok());
        if let Some(parent) = parent {
            parents.insert(process, parent);
        }
    }
    let own = std::process::id();
    let descends = |mut process: u32| {
        while let Some(parent) = parents.get(&process) {
            if *parent == own {
                return true;
            }
            process = *parent;
        }
        false
    };
    let peaks = parents
        .keys()
        .filter(|process| descends(**process))
        .filter_map(|process| peak(*process));
    peaks.max().unwrap_or(0)
}

fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
