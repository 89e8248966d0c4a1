//! Answering requests until the parent goes away.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write, stdin};
use std::os::unix::ffi::OsStringExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::page::PageReader;
use super::protocol::{self, Answer, FileProbe, FrameError, Request, VERSION};
use crate::decode::{Failure, FailureCode, ScanFile};
use crate::ocr::Engine;
use crate::table::read_workbook;

/// Stack of the thread that decodes: nested structures in files must not exhaust it easily.
const STACK_BYTES: usize = 64 << 20;

thread_local! {
    /// Where the last panic of this thread happened.
    static PANICKED_AT: Cell<Option<String>> = const { Cell::new(None) };
}

/// Serves requests from standard input; returns when the parent closes it.
pub(super) fn serve(engine: Engine, output: impl Write + Send + 'static) -> Result<(), FrameError> {
    keep_place_of_panics();
    let (to_worker, requests) = sync_channel::<(Request, PathBuf)>(1);
    let worker = thread::Builder::new()
        .name("reading".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || answer_all(&mut PageReader::new(engine), output, &requests))
        .map_err(FrameError::Pipe)?;
    loop {
        match protocol::read::<Request>(&mut stdin().lock()) {
            Ok((request, path)) => {
                if to_worker
                    .send((request, PathBuf::from(OsString::from_vec(path))))
                    .is_err()
                {
                    break;
                }
            }
            // The parent has gone: nobody waits for what is being done.
            Err(FrameError::Closed) => std::process::exit(0),
            Err(error) => return Err(error),
        }
    }
    worker.join().unwrap_or(Err(FrameError::NotAFrame))
}

fn answer_all(
    reader: &mut PageReader,
    mut output: impl Write,
    requests: &Receiver<(Request, PathBuf)>,
) -> Result<(), FrameError> {
    protocol::write(&mut output, &Answer::Ready { version: VERSION }, &[])?;
    // Whoever asks for one original asks for the next one of the same file.
    let mut originals: Option<(PathBuf, ScanFile)> = None;
    while let Ok((request, path)) = requests.recv() {
        match request {
            Request::Probe => {
                let answer = match guarded(|| ScanFile::open(&path)) {
                    Ok(file) => Answer::Probed(FileProbe {
                        media_type: file.media_type(),
                        pages: file.pages(),
                    }),
                    Err(failure) => Answer::FileFailed(failure),
                };
                protocol::write(&mut output, &answer, &[])?;
            }
            Request::Read { first, last, images } => {
                let mut pages = Pages {
                    reader,
                    path: &path,
                    images,
                    file: None,
                };
                if let Err(failure) = pages.open() {
                    protocol::write(&mut output, &Answer::FileFailed(failure), &[])?;
                    continue;
                }
                for number in first..=last {
                    protocol::write(&mut output, &Answer::PageStarted { number }, &[])?;
                    let (answer, body) = pages.answer(number);
                    protocol::write(&mut output, &answer, &body)?;
                }
                protocol::write(&mut output, &Answer::Done, &[])?;
            }
            Request::Original { number } => {
                let open = originals.take().filter(|(opened, _)| *opened == path);
                let result = guarded(|| {
                    let file = match open {
                        Some((_, file)) => file,
                        None => ScanFile::open(&path)?,
                    };
                    let original = file.original(number);
                    Ok((file, original))
                });
                let original = result.and_then(|(file, original)| {
                    originals = Some((path, file));
                    original
                });
                let (answer, body) = match original {
                    Ok((original, body)) => (Answer::Original(original), body),
                    Err(failure) => (Answer::FileFailed(failure), Vec::new()),
                };
                protocol::write(&mut output, &answer, &body)?;
            }
            Request::Rebuild => {
                let answer = match guarded(|| rebuild(&path, &mut output)) {
                    Ok(()) => Answer::Done,
                    Err(failure) => Answer::FileFailed(failure),
                };
                protocol::write(&mut output, &answer, &[])?;
            }
            Request::Workbook => {
                let (answer, body) = match guarded(|| workbook(&path)) {
                    Ok(body) => (Answer::Workbook, body),
                    Err(failure) => (Answer::FileFailed(failure), Vec::new()),
                };
                protocol::write(&mut output, &answer, &body)?;
            }
        }
    }
    Ok(())
}

/// Sends a PDF that is written anew, piece by piece.
fn rebuild(path: &Path, output: &mut impl Write) -> Result<(), Failure> {
    let file = ScanFile::open(path)?;
    let mut pieces = BufWriter::with_capacity(PIECE_BYTES, Pieces(output));
    let written = file.rebuild(&mut pieces).and_then(|_| pieces.flush());
    written.map_err(|e| Failure::new(FailureCode::Unreadable, e.kind().to_string()))
}

/// Bytes of a file that are sent at once.
const PIECE_BYTES: usize = 1 << 20;

/// Sends what is written as pieces.
struct Pieces<'o, W>(&'o mut W);

impl<W: Write> Write for Pieces<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = bytes.get(..bytes.len().min(PIECE_BYTES)).unwrap_or_default();
        protocol::write(self.0, &Answer::Piece, piece).map_err(io::Error::other)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The sheets of a workbook as JSON, if they fit into an answer.
fn workbook(path: &Path) -> Result<Vec<u8>, Failure> {
    let sheets = read_workbook(path)?;
    let body = serde_json::to_vec(&sheets).map_err(|e| Failure::new(FailureCode::Damaged, e.to_string()))?;
    if body.len() > protocol::MAX_BODY as usize {
        return Err(Failure::new(
            FailureCode::FileTooLarge,
            format!("{} bytes as text", body.len()),
        ));
    }
    Ok(body)
}

/// The pages of one request.
struct Pages<'r> {
    reader: &'r mut PageReader,
    path: &'r Path,
    images: bool,
    file: Option<ScanFile>,
}

impl Pages<'_> {
    fn open(&mut self) -> Result<(), Failure> {
        self.file = Some(guarded(|| ScanFile::open(self.path))?);
        Ok(())
    }

    fn answer(&mut self, number: u32) -> (Answer, Vec<u8>) {
        let result = match self.file {
            Some(_) => Ok(()),
            None => self.open(),
        };
        let result = result.and_then(|()| {
            let file = self.file.take();
            let (reader, images) = (&mut *self.reader, self.images);
            let (file, page) = guarded(|| {
                let file = file.ok_or_else(|| Failure::new(FailureCode::Unreadable, "the file is not open"))?;
                let page = file.page(number).and_then(|page| reader.read(number, page, images));
                Ok((file, page))
            })?;
            // After a panic the file is opened anew: what it left behind cannot be trusted.
            self.file = Some(file);
            page
        });
        match result {
            Ok(page) => protocol::pack(page),
            Err(failure) => (Answer::PageFailed { number, failure }, Vec::new()),
        }
    }
}

/// Runs a step; a panic in it becomes a failure that names the place in the source, never the data.
fn guarded<T>(step: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| {
        let place = PANICKED_AT.take().unwrap_or_else(|| "unknown place".to_owned());
        Err(Failure::new(FailureCode::Crashed, format!("panic at {place}")))
    })
}

/// Panics are reported through the protocol, without their message, which may quote the document.
fn keep_place_of_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|location| {
            let file: Vec<&str> = location.file().rsplit('/').take(3).collect();
            let file: Vec<&str> = file.into_iter().rev().collect();
            format!("{}:{}", file.join("/"), location.line())
        });
        PANICKED_AT.set(place);
    }));
}
