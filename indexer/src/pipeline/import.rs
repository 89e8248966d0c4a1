//! Importing lines: read, prepared on several threads, saved in batches in their order, indexed meanwhile.
//!
//! A batch is saved in one transaction, so an import that was killed goes on when it is started again: lines that the
//! catalogue has are left alone.

mod prepare;
mod settle;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use juanzong::analysis::Analyser;
use juanzong::catalogue::{Catalogue, DataDirectory, Saved};
use juanzong::record::ArchivalCode;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;

use super::{Error, Notifier, ReadyDocument, Stop};
use crate::extract::Vocabulary;
use crate::import::{Line, LineReader, Opened, open};
use crate::killpoint;
use crate::progress::Progress;
use crate::report::{FindingCode, ImportSummary, LineFinding};
use prepare::{PreparedBatch, prepare};

/// Lines of a batch unless it is said otherwise, and about how many bytes; a longer line is a batch by itself. A batch is a
/// transaction: pages of the catalogue that hold the places of texts by their hashes are written once for all of them.
pub const LINES_OF_BATCH: u16 = 1024;
const BYTES_OF_BATCH: usize = 4 << 20;
/// Batches read ahead, and batches being prepared.
const READ_AHEAD: usize = 1;
const PREPARED_AHEAD: usize = 3;

/// What to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The file; `-` for standard input.
    pub file: PathBuf,
    /// Whether facts are read from the texts of lines that do not bring all facts with them.
    pub extract: bool,
    /// Most lines that are saved together.
    pub lines_of_batch: u16,
}

/// What an import works with.
pub struct Importing {
    /// The data directory.
    pub data: Arc<DataDirectory>,
    /// The catalogue in it.
    pub catalogue: Arc<Catalogue>,
    /// The dictionaries.
    pub analyser: Analyser,
    /// What the rules of extraction know.
    pub vocabulary: Vocabulary,
    /// Told of each batch.
    pub index: Notifier,
    /// Shows how far it is.
    pub progress: Arc<Progress>,
    /// Ends it early.
    pub stop: Stop,
}

/// Imports the cases of a file. What concerns one line is in the summary; an error ends the run.
///
/// # Errors
/// When the file cannot be opened or read on, or the catalogue fails.
pub async fn import(importing: Importing, options: &ImportOptions) -> Result<ImportSummary, Error> {
    let started = Instant::now();
    let importing = Arc::new(importing);
    let path = options.file.clone();
    let Opened { lines, bytes, read } = tokio::task::spawn_blocking({
        let path = path.clone();
        move || open(&path)
    })
    .await?
    .map_err(|source| Error::ImportFile { path, source })?;
    importing.progress.bytes_found(bytes);
    let mut run = Run {
        summary: ImportSummary::of(options.file.display().to_string()),
        seen: HashMap::new(),
        read,
        importing: Arc::clone(&importing),
        options: options.clone(),
    };
    let mut batches = batches(lines, usize::from(options.lines_of_batch), importing.stop.clone());
    let mut ahead: VecDeque<JoinHandle<PreparedBatch>> = VecDeque::new();
    let mut ended = false;
    loop {
        while !ended && ahead.len() < PREPARED_AHEAD {
            let next = if ahead.is_empty() {
                batches.recv().await
            } else {
                batches.try_recv().ok()
            };
            match next {
                Some(Ok(lines)) => ahead.push_back(run.prepare(lines)),
                Some(Err(source)) => {
                    let path = options.file.clone();
                    return Err(Error::ImportFile { path, source });
                }
                None if ahead.is_empty() => ended = true,
                None => break,
            }
        }
        let Some(batch) = ahead.pop_front() else { break };
        run.save(batch.await?).await?;
        if importing.stop.requested() {
            break;
        }
    }
    run.summary.stopped = importing.stop.requested();
    run.summary.finish();
    run.summary.elapsed = started.elapsed();
    Ok(run.summary)
}

type Batch = std::io::Result<Vec<Line>>;

/// Reads lines on a thread of their own and hands them over in batches.
fn batches(mut lines: LineReader<Box<dyn std::io::BufRead + Send>>, most: usize, stop: Stop) -> Receiver<Batch> {
    let (sender, receiver) = channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        while !stop.requested() {
            let batch = next_batch(&mut lines, most);
            let last = batch.as_ref().map_or(true, Vec::is_empty);
            if batch.as_ref().is_ok_and(Vec::is_empty) || sender.blocking_send(batch).is_err() || last {
                break;
            }
        }
    });
    receiver
}

fn next_batch<R: std::io::BufRead>(lines: &mut LineReader<R>, most: usize) -> Batch {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < most && bytes < BYTES_OF_BATCH {
        let Some(line) = lines.next_line()? else { break };
        bytes += line.bytes.len();
        batch.push(line);
    }
    Ok(batch)
}

struct Run {
    summary: ImportSummary,
    /// Lines by the hash of their archival code: 24 bytes for each case of the file.
    seen: HashMap<[u8; 16], u64>,
    read: Arc<AtomicU64>,
    importing: Arc<Importing>,
    options: ImportOptions,
}

impl Run {
    fn prepare(&self, lines: Vec<Line>) -> JoinHandle<PreparedBatch> {
        let importing = Arc::clone(&self.importing);
        let extract = self.options.extract;
        tokio::task::spawn_blocking(move || prepare(&lines, &importing, extract))
    }

    /// Saves a batch, lets the index know, and counts.
    async fn save(&mut self, batch: PreparedBatch) -> Result<(), Error> {
        let lines = batch.lines;
        self.summary.lines += lines;
        let mut findings = batch.findings;
        let mut cases = Vec::with_capacity(batch.cases.len());
        for case in batch.cases {
            match self.first_of(&case.packed.case().archival_code, case.number) {
                Some(first) => findings.push(LineFinding {
                    other_line: Some(first),
                    ..LineFinding::new(FindingCode::CodeDuplicate, case.number)
                        .key("archival_code".to_owned())
                        .of(Some(&case.packed.case().archival_code))
                }),
                None => cases.push(case),
            }
        }
        settle::before(&self.importing, &self.options, &mut cases, &mut findings).await?;
        let place = self.importing.index.place().await;
        let packed: Vec<_> = cases.iter().map(|case| &case.packed).collect();
        let saved = self.importing.catalogue.save_packed(&packed).await?;
        killpoint::reach("lines_saved");
        settle::after(&self.importing, &self.options, &mut cases, &saved, &mut findings).await?;
        killpoint::reach("lines_settled");
        for (case, saved) in cases.iter().zip(&saved) {
            match saved {
                Saved::Created { .. } => self.summary.created += 1,
                Saved::Changed { .. } => self.summary.changed += 1,
                Saved::Unchanged { .. } => self.summary.unchanged += 1,
            }
            self.summary.pages += case
                .packed
                .case()
                .documents
                .iter()
                .map(|d| d.pages.len() as u64)
                .sum::<u64>();
        }
        self.summary.cases += saved.len() as u64;
        // Only of new cases is it certain that nobody has corrected them.
        let ready = cases.into_iter().zip(&saved).filter_map(|(case, saved)| match saved {
            Saved::Created { case_key, sequence } => Some(ReadyDocument {
                sequence: *sequence,
                document: Box::new(case.document?.with_key(*case_key)),
            }),
            _ => None,
        });
        self.importing.index.changed_with(ready.collect(), place);
        findings.sort_by_key(|finding| finding.line);
        let refused = findings.iter().filter(|f| f.code.refuses_line()).map(|f| f.line);
        let mut refused: Vec<u64> = refused.collect();
        refused.dedup();
        self.summary.refused += refused.len() as u64;
        for failure in self.summary.take(&findings) {
            self.importing.progress.failed(&failure);
        }
        self.importing
            .progress
            .lines_done(lines, self.read.load(Ordering::Relaxed));
        Ok(())
    }

    /// The earlier line with the same archival code; remembers this one when there is none.
    fn first_of(&mut self, code: &ArchivalCode, number: u64) -> Option<u64> {
        let digest = Sha256::digest(code.as_str());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        match self.seen.entry(key) {
            std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(number);
                None
            }
        }
    }
}
