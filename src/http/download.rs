//! Answers that are written while they are sent: an export of any length takes no more memory than a few pieces.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::limits;
use crate::export;

/// Bytes that are sent at a time.
const PIECE: usize = 64 * 1024;
/// Pieces that wait to be sent.
const PIECES: usize = 4;
/// Time between two looks whether there is room for another piece.
const LOOK: Duration = Duration::from_millis(20);

/// A file on its way to a client.
pub(super) struct Download {
    /// Its name, of any letters.
    pub(super) name: String,
    /// Its media type.
    pub(super) media_type: &'static str,
    /// Whether a browser shows it; else it is kept as a file.
    pub(super) shown: bool,
}

/// Where an export writes to.
pub(super) struct Outlet {
    pieces: SyncSender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Outlet {
    /// Waits until there is room, no longer than a client may stand still.
    fn send(&mut self, piece: io::Result<Bytes>) -> io::Result<()> {
        let until = Instant::now() + limits::STALLED_TIME;
        let mut waiting = piece;
        loop {
            waiting = match self.pieces.try_send(waiting) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return Err(io::ErrorKind::BrokenPipe.into()),
                Err(TrySendError::Full(_)) if Instant::now() >= until => return Err(io::ErrorKind::TimedOut.into()),
                Err(TrySendError::Full(piece)) => piece,
            };
            thread::sleep(LOOK);
        }
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.piece);
        match piece.is_empty() {
            true => Ok(()),
            false => self.send(Ok(piece.into())),
        }
    }
}

/// What is written by `write`, on a thread of its own. A failure ends the answer before its end, so that nobody takes a part
/// for the whole.
pub(super) fn body<F, W>(write: W) -> Body
where
    W: FnOnce(Outlet) -> F + Send + 'static,
    F: Future<Output = Result<(), export::Error>>,
{
    let (pieces, received) = sync_channel(PIECES);
    let to = |pieces| Outlet {
        pieces,
        piece: Vec::with_capacity(PIECE),
    };
    let (mut failed, outlet) = (to(pieces.clone()), to(pieces));
    let runtime = Handle::current();
    spawn_blocking(move || {
        if let Err(error) = runtime.block_on(write(outlet)) {
            // The client that went away is no failure of ours.
            let gone = matches!(&error, export::Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe);
            if !gone {
                tracing::error!(%error, "an export ended before its end");
            }
            let _ = failed.send(Err(io::ErrorKind::Other.into()));
        }
    });
    // Whoever compresses it asks once more after the end.
    Body::from_stream(unfold(received, next).fuse())
}

/// The next piece, once it is there.
async fn next(received: Receiver<io::Result<Bytes>>) -> Option<(io::Result<Bytes>, Receiver<io::Result<Bytes>>)> {
    let waiting = spawn_blocking(move || (received.recv().ok(), received));
    let (piece, received) = waiting.await.ok()?;
    piece.map(|piece| (piece, received))
}

impl Download {
    /// The answer with this content.
    pub(super) fn response(&self, body: Body) -> Response {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(disposition) = HeaderValue::from_str(&disposition(&self.name, self.shown)) {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

/// `Content-Disposition` for a file name of any letters (RFC 6266): in ASCII for old clients, and percent-encoded as UTF-8
/// (RFC 8187).
fn disposition(name: &str, shown: bool) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        match char::from(byte) {
            c if plain(c) => encoded.push(c),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    let how = if shown { "inline" } else { "attachment" };
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use proptest::prelude::*;

    use super::*;

    #[tokio::test]
    async fn what_is_written_is_sent() {
        let answer = body(|mut out: Outlet| async move {
            for _ in 0..1_000 {
                out.write_all(&[b'x'; 1_000])?;
            }
            out.flush()?;
            Ok(())
        });
        let bytes = answer.collect().await.unwrap().to_bytes();
        assert_eq!((bytes.len(), bytes.iter().all(|b| *b == b'x')), (1_000_000, true));
    }

    #[tokio::test]
    async fn a_failure_is_no_end() {
        // One that is there at once, and one for which there is no room yet.
        for pieces in [1, PIECES + 2] {
            let answer = body(move |mut out: Outlet| async move {
                for _ in 0..pieces {
                    out.write_all(&vec![b'x'; PIECE])?;
                }
                Err(export::Error::Vanished)
            });
            assert!(answer.collect().await.is_err());
        }
    }

    /// The work stops when nobody listens any more.
    #[tokio::test]
    async fn a_client_that_went_away_ends_the_work() {
        let (ended, end) = tokio::sync::oneshot::channel();
        let answer = body(|mut out: Outlet| async move {
            let failed = loop {
                if let Err(error) = out.write_all(&vec![b'x'; PIECE]) {
                    break error;
                }
            };
            ended.send(failed.kind()).unwrap();
            Err(failed.into())
        });
        drop(answer);
        assert_eq!(end.await.unwrap(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn names_of_files_are_said_twice() {
        assert_eq!(
            disposition("灵丘 1.pdf", false),
            "attachment; filename=\"___1.pdf\"; filename*=UTF-8''%E7%81%B5%E4%B8%98%201.pdf"
        );
    }

    proptest! {
        /// No name can end the header or begin another part of it.
        #[test]
        fn no_name_leaves_its_place(name in "\\PC{0,40}|[\r\n\";%'\\\\a]{0,20}") {
            let header = disposition(&name, name.len() % 2 == 0);
            let value = HeaderValue::from_str(&header).unwrap();
            prop_assert_eq!(value.as_bytes().iter().filter(|b| **b == b'"').count(), 2);
            prop_assert_eq!(value.as_bytes().iter().filter(|b| **b == b';').count(), 2);
        }
    }
}
