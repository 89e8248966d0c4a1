//! What a person sees while files are read: a bar on a terminal, plain lines elsewhere, and the summary at the end.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::{ImportSummary, IngestFailure, IngestSummary};

/// Between two plain lines.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// Shows progress on the standard error stream.
pub struct Progress {
    shown: Shown,
    started: Instant,
    files_found: AtomicU64,
    files_opened: AtomicU64,
    files_done: AtomicU64,
    pages_found: AtomicU64,
    pages_done: AtomicU64,
    pages_read: AtomicU64,
    failures: AtomicU64,
    /// Of an import.
    lines: Lines,
}

/// How far an import is.
#[derive(Default)]
struct Lines {
    bytes_found: AtomicU64,
    bytes_done: AtomicU64,
    done: AtomicU64,
}

enum Shown {
    Bar(ProgressBar),
    Lines(Mutex<Instant>),
    Failures,
    Nothing,
}

impl Progress {
    /// A bar when the standard error stream is a terminal, plain lines otherwise.
    pub fn on_stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::new(Shown::Lines(Mutex::new(Instant::now())));
        }
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} 页 · {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(500));
        Self::new(Shown::Bar(bar))
    }

    /// Only failures and what has to be said.
    pub fn failures_only() -> Self {
        Self::new(Shown::Failures)
    }

    /// Shows nothing.
    pub fn silent() -> Self {
        Self::new(Shown::Nothing)
    }

    fn new(shown: Shown) -> Self {
        Self {
            shown,
            started: Instant::now(),
            files_found: AtomicU64::new(0),
            files_opened: AtomicU64::new(0),
            files_done: AtomicU64::new(0),
            pages_found: AtomicU64::new(0),
            pages_done: AtomicU64::new(0),
            pages_read: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            lines: Lines::default(),
        }
    }

    /// The file of an import has so many bytes, when that is known.
    pub fn bytes_found(&self, bytes: Option<u64>) {
        self.lines.bytes_found.store(bytes.unwrap_or(0), Ordering::Relaxed);
        if let Shown::Bar(bar) = &self.shown
            && let Ok(style) = ProgressStyle::with_template("{bar:32} {percent}% · {msg}")
        {
            bar.set_style(style);
        }
    }

    /// So many more lines of an import are done, and `bytes` of the file have been read.
    pub fn lines_done(&self, lines: u64, bytes: u64) {
        self.lines.done.fetch_add(lines, Ordering::Relaxed);
        self.lines.bytes_done.store(bytes, Ordering::Relaxed);
        let found = self.lines.bytes_found.load(Ordering::Relaxed);
        self.show(found, bytes.min(found.max(1)), || {
            let percent = (bytes * 100).checked_div(found).map(|percent| format!("{percent}% · "));
            format!("{}{}", percent.unwrap_or_default(), self.state_of_lines())
        });
    }

    fn state_of_lines(&self) -> String {
        let done = self.lines.done.load(Ordering::Relaxed);
        let millis = u64::try_from(self.started.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        let mut text = format!("{done} 行 · {} 行/秒 (lines/s)", done * 1000 / millis);
        let failures = self.failures.load(Ordering::Relaxed);
        if failures > 0 {
            let _ = write!(text, " · 出错 {failures}");
        }
        text
    }

    /// So many files are to be read.
    pub fn files_found(&self, files: u64) {
        self.files_found.fetch_add(files, Ordering::Relaxed);
    }

    /// A file turned out to have so many pages, `known` of them read in an earlier run.
    pub fn pages_found(&self, pages: u64, known: u64) {
        self.files_opened.fetch_add(1, Ordering::Relaxed);
        self.pages_found.fetch_add(pages, Ordering::Relaxed);
        self.pages_done.fetch_add(known, Ordering::Relaxed);
        self.refresh();
    }

    /// One page was read, or failed.
    pub fn page_done(&self) {
        self.pages_done.fetch_add(1, Ordering::Relaxed);
        self.pages_read.fetch_add(1, Ordering::Relaxed);
        self.refresh();
    }

    /// One file is done with.
    pub fn file_done(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
        self.refresh();
    }

    /// Something failed; named at once, and again in the summary.
    pub fn failed(&self, failure: &IngestFailure) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.say(&format!("✗ {failure}"));
    }

    /// A line for the person who watches.
    pub fn say(&self, line: &str) {
        match &self.shown {
            Shown::Bar(bar) => bar.println(line),
            Shown::Lines(_) | Shown::Failures => eprintln!("{line}"),
            Shown::Nothing => {}
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    fn refresh(&self) {
        let (found, done) = (
            self.pages_found.load(Ordering::Relaxed),
            self.pages_done.load(Ordering::Relaxed),
        );
        self.show(found, done, || format!("{done}/{found} 页 · {}", self.state()));
    }

    /// Moves the bar, or writes a plain line when it is time for one.
    fn show(&self, length: u64, position: u64, line: impl FnOnce() -> String) {
        match &self.shown {
            Shown::Failures | Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.set_length(length);
                bar.set_position(position);
                // The bar shows the first part of the line itself.
                let line = line();
                let message = line.split_once(" · ").map_or(line.as_str(), |(_, message)| message);
                bar.set_message(message.to_owned());
            }
            Shown::Lines(last) => {
                let Ok(mut last) = last.lock() else { return };
                if last.elapsed() >= PLAIN_INTERVAL {
                    *last = Instant::now();
                    eprintln!("{}", line());
                }
            }
        }
    }

    fn state(&self) -> String {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let seconds = self.started.elapsed().as_secs().max(1);
        let read = load(&self.pages_read);
        let left = expected_pages(
            load(&self.pages_found),
            load(&self.files_opened),
            load(&self.files_found),
        )
        .saturating_sub(load(&self.pages_done));
        let mut text = format!(
            "{}/{} 文件 · {} 页/分",
            load(&self.files_done),
            load(&self.files_found),
            read * 60 / seconds
        );
        if let Some(minutes) = (left * seconds).checked_div(read * 60) {
            let _ = write!(text, " · 剩余约 {} 分钟 (ETA)", minutes + 1);
        }
        let failures = self.failures.load(Ordering::Relaxed);
        if failures > 0 {
            let _ = write!(text, " · 失败 {failures}");
        }
        text
    }
}

/// Pages to be expected of all files when those opened so far are like the others.
fn expected_pages(pages_found: u64, files_opened: u64, files_found: u64) -> u64 {
    let expected =
        u128::from(pages_found) * u128::from(files_found.max(files_opened)) / u128::from(files_opened.max(1));
    u64::try_from(expected).unwrap_or(u64::MAX)
}

/// The summary: what was done, and each failure with its reason.
pub fn summary(summary: &IngestSummary) -> String {
    let mut text = String::new();
    let rows = [
        ("案卷", "cases", summary.cases),
        ("  新增", "  created", summary.created),
        ("  变更", "  changed", summary.changed),
        ("  无变化", "  unchanged", summary.unchanged),
        ("文件", "files", summary.files),
        ("页", "pages", summary.pages),
        ("  本次识别", "  read now", summary.pages_read),
        ("失败", "failures", summary.failures.len() as u64),
    ];
    for (zh, en, count) in rows {
        let _ = writeln!(text, "{zh} ({en}): {count}");
    }
    let seconds = summary.elapsed.as_secs().max(1);
    let _ = writeln!(
        text,
        "用时 (time): {} 分 {} 秒, {} 页/分 (pages/min)",
        seconds / 60,
        seconds % 60,
        summary.pages_read * 60 / seconds
    );
    for failure in &summary.failures {
        let _ = writeln!(text, "✗ {failure}");
    }
    if summary.stopped {
        text.push_str("已中断；再次运行同一命令即可继续 (stopped; run the same command again to continue)\n");
    }
    text
}

/// The summary of an import: what was done, what was noticed, and each line that was passed over with its reason.
pub fn import_summary(summary: &ImportSummary) -> String {
    let mut text = String::new();
    let rows = [
        ("行", "lines", summary.lines),
        ("案卷", "cases", summary.cases),
        ("  新增", "  created", summary.created),
        ("  变更", "  changed", summary.changed),
        ("  无变化", "  unchanged", summary.unchanged),
        ("页", "pages", summary.pages),
        ("未导入的行", "lines refused", summary.refused),
    ];
    for (zh, en, count) in rows {
        let _ = writeln!(text, "{zh} ({en}): {count}");
    }
    let millis = u64::try_from(summary.elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let _ = writeln!(
        text,
        "用时 (time): {} 秒 (s), {} 卷/秒 (cases/s)",
        millis / 1000,
        summary.cases * 1000 / millis
    );
    for failure in &summary.failures {
        let _ = writeln!(text, "✗ {failure}");
    }
    for noted in &summary.noted {
        let key = noted.key.as_deref().map(|key| format!(" “{key}”"));
        let _ = writeln!(
            text,
            "· [{}]{} {} × {}，首见第 {} 行 ({}; first in line {})",
            noted.code.code(),
            key.unwrap_or_default(),
            noted.message_zh,
            noted.count,
            noted.first_line,
            noted.message_en,
            noted.first_line
        );
    }
    if summary.stopped {
        text.push_str("已中断；再次运行同一命令即可继续 (stopped; run the same command again to continue)\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_not_opened_yet_count_like_the_others() {
        assert_eq!(expected_pages(0, 0, 10), 0);
        assert_eq!(expected_pages(30, 10, 100), 300);
        assert_eq!(expected_pages(30, 10, 10), 30);
    }

    #[test]
    fn the_summary_names_every_failure() {
        let failure = IngestFailure::of_file("件/1.pdf", Some(3), crate::decode::FailureCode::TimeLimit, "120 s");
        let text = summary(&IngestSummary {
            failures: vec![failure],
            stopped: true,
            ..IngestSummary::default()
        });
        assert!(text.contains("件/1.pdf 第 3 页: [time_limit] 处理超时"), "{text}");
        assert!(text.contains("已中断"));
    }
}
