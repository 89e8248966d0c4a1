//! One scan file from its pages to its output, page by page in order.

use std::collections::VecDeque;
use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, block_in_place};

use crate::decode::{Failure, FailureCode};
use crate::isolate::{ReadEvent, ReaderPool};
use crate::output::pdf::PdfWriter;
use crate::output::{Error, OutputFormat, PageWriter, Remark, Scan, text_writer};
use crate::progress::Progress;

/// Pages that one process reads at a stretch: small enough for a long file to use all processes.
const PAGES_AT_A_STRETCH: u32 = 8;

/// What is needed to make an output.
#[derive(Clone)]
pub(super) struct Context {
    /// Reads text.
    pub(super) readers: ReaderPool,
    /// Hands over scans; processes of its own, so that a page that is written never waits for pages that are read.
    pub(super) scanners: ReaderPool,
    pub(super) progress: Arc<Progress>,
    pub(super) format: OutputFormat,
    /// Stretches of one file that are read while earlier ones are written.
    pub(super) ahead: usize,
}

/// What became of a file.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Pages of the file.
    pub(super) pages: u32,
    /// Pages that failed.
    pub(super) failures: Vec<(u32, Failure)>,
    pub(super) remarks: Vec<Remark>,
}

/// Why a file has no output.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unmade {
    /// The file as a whole cannot be read.
    #[error("{0}")]
    Scan(Failure),
    /// The output cannot be written.
    #[error("无法写出结果（cannot write the result）")]
    Write(#[source] Error),
}

impl From<Error> for Unmade {
    fn from(error: Error) -> Self {
        Self::Write(error)
    }
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Write(Error::Io(error))
    }
}

impl Context {
    /// Makes the output of a scan in a file of its own, which appears when it is complete.
    pub(super) async fn make_file(&self, scan: &Path, target: &Path) -> Result<Made, Unmade> {
        let pages = self.count(scan).await?;
        let folder = match target.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder)?;
        let unfinished = tempfile::Builder::new()
            .prefix(".juanzong-")
            .suffix(".part")
            // As any new file: what the user's mask leaves of it.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        let mut out = BufWriter::with_capacity(256 << 10, unfinished);
        let made = self.write(scan, pages, &mut out, folder).await?;
        block_in_place(|| {
            let unfinished = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            unfinished.as_file().sync_all()?;
            unfinished.persist(target).map_err(|e| e.error)?;
            Ok::<_, io::Error>(())
        })?;
        Ok(made)
    }

    /// Writes the output of a scan to `out`.
    pub(super) async fn make(&self, scan: &Path, out: impl Write + Send) -> Result<Made, Unmade> {
        let pages = self.count(scan).await?;
        self.write(scan, pages, out, &std::env::temp_dir()).await
    }

    /// A PDF that nothing can be added to, written anew into `folder`; `None` when that is not needed, or cannot be done:
    /// then its pages are drawn.
    async fn rebuilt(&self, scan: &Path, pages: u32, folder: &Path) -> Result<Option<NamedTempFile>, io::Error> {
        let mut copy = tempfile::Builder::new()
            .prefix(".juanzong-")
            .suffix(".part")
            .tempfile_in(folder)?;
        let whole = match self.scanners.rebuild(scan, &mut copy).await {
            Ok(true) => self
                .scanners
                .probe(copy.path())
                .await
                .is_ok_and(|probe| probe.pages == pages),
            Ok(false) | Err(_) => false,
        };
        Ok(whole.then_some(copy))
    }

    async fn count(&self, scan: &Path) -> Result<u32, Unmade> {
        let pages = self.readers.probe(scan).await.map_err(Unmade::Scan)?.pages;
        self.progress.pages_found(pages.into(), 0);
        Ok(pages)
    }

    /// `folder` is for what has to be kept meanwhile.
    async fn write(&self, scan: &Path, pages: u32, out: impl Write + Send, folder: &Path) -> Result<Made, Unmade> {
        let name = scan
            .file_name()
            .unwrap_or(scan.as_os_str())
            .to_string_lossy()
            .into_owned();
        let rebuilt = match self.format {
            OutputFormat::Pdf => self.rebuilt(scan, pages, folder).await?,
            _ => None,
        };
        let carried = rebuilt.as_ref().map_or(scan, NamedTempFile::path);
        let mut writer = match self.format {
            OutputFormat::Pdf => {
                let file = File::open(carried)?;
                Box::new(PdfWriter::new(out, file, &name)) as Box<dyn PageWriter + '_>
            }
            format => text_writer(format, &name, out).ok_or_else(|| io::Error::other("no writer of this format"))?,
        };
        let mut made = Made {
            pages,
            ..Made::default()
        };
        if rebuilt.is_some() {
            made.remarks.push(Remark::Rebuilt);
        }
        let mut stretches = Stretches::new(self, scan, pages);
        while let Some(event) = stretches.next().await {
            let number = match &event {
                ReadEvent::Page(page) => page.record.number,
                ReadEvent::PageFailed { number, .. } => *number,
            };
            let original = if writer.wants_scans() {
                match self.scanners.original(carried, number).await {
                    Ok((original, bytes)) => Some(Scan { original, bytes }),
                    Err(failure) => {
                        // A page that could not be read is named for that.
                        if matches!(event, ReadEvent::Page(_)) {
                            made.failures.push((number, failure));
                        }
                        None
                    }
                }
            } else {
                None
            };
            match event {
                ReadEvent::Page(page) => block_in_place(|| writer.page(&page.record, original))?,
                ReadEvent::PageFailed { number, failure } => {
                    block_in_place(|| writer.failed(number, &failure, original))?;
                    made.failures.push((number, failure));
                }
            }
            self.progress.page_done();
        }
        made.remarks.extend(block_in_place(|| writer.finish())?);
        Ok(made)
    }
}

/// The pages of a file in order, read in stretches by several processes side by side.
struct Stretches<'a> {
    context: &'a Context,
    scan: &'a Path,
    pages: u32,
    /// First page that no stretch has.
    next: u32,
    running: VecDeque<Stretch>,
}

struct Stretch {
    /// The next page that is due.
    due: u32,
    last: u32,
    events: mpsc::Receiver<ReadEvent>,
    reading: JoinHandle<Result<(), Failure>>,
    /// Why the pages that did not come will not come.
    failure: Option<Failure>,
}

impl<'a> Stretches<'a> {
    fn new(context: &'a Context, scan: &'a Path, pages: u32) -> Self {
        Self {
            context,
            scan,
            pages,
            next: 1,
            running: VecDeque::new(),
        }
    }

    fn start_more(&mut self) {
        while self.next <= self.pages && self.running.len() < self.context.ahead.max(1) {
            let last = self.pages.min(self.next.saturating_add(PAGES_AT_A_STRETCH - 1));
            // Room for the whole stretch: a process is never kept waiting by the order of pages.
            let (sender, events) = mpsc::channel(PAGES_AT_A_STRETCH as usize);
            let (readers, scan, range) = (self.context.readers.clone(), self.scan.to_path_buf(), self.next..=last);
            self.running.push_back(Stretch {
                due: self.next,
                last,
                events,
                reading: tokio::spawn(async move { readers.read(&scan, range, sender).await }),
                failure: None,
            });
            self.next = last + 1;
        }
    }

    /// The next page, read or failed; `None` after the last.
    async fn next(&mut self) -> Option<ReadEvent> {
        loop {
            self.start_more();
            let stretch = self.running.front_mut()?;
            if stretch.due > stretch.last {
                self.running.pop_front();
                continue;
            }
            let number = stretch.due;
            stretch.due += 1;
            if stretch.failure.is_none() {
                if let Some(event) = stretch.events.recv().await {
                    return Some(event);
                }
                // The file could be opened before, so what is missing now failed page by page.
                stretch.failure = Some(match (&mut stretch.reading).await {
                    Ok(Err(failure)) => failure,
                    Ok(Ok(())) | Err(_) => Failure::new(FailureCode::Crashed, "the page did not come"),
                });
            }
            let failure = stretch.failure.clone()?;
            return Some(ReadEvent::PageFailed { number, failure });
        }
    }
}
