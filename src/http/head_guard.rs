//! Tells a client whose request head is too large what is wrong.
//!
//! hyper refuses an address above 65,534 bytes (the most that `http::Uri` holds) with a bare 414, and a head above its
//! buffer with a bare 431, before any of our code runs, and offers no way to word that answer. No route of ours ever
//! answers 414 or 431, so an answer that begins with one of them is hyper's own: it is replaced on its way out by a
//! problem like every other. hyper closes the connection after it, so nothing that follows is disturbed.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::response::Response;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::codes::ErrorCode;
use super::error::ApiError;
use super::extract::query_too_long;
use super::language::Language;
use super::observe::new_request_id;

/// How hyper's answer to an address that is too long begins.
const ADDRESS_TOO_LONG: &[u8] = b"HTTP/1.1 414 ";
/// How hyper's answer to a head that is too large begins.
const HEAD_TOO_LARGE: &[u8] = b"HTTP/1.1 431 ";

/// A connection on which hyper's own refusals are reworded.
pub(super) struct HeadGuard<T> {
    stream: T,
    instead: Option<Instead>,
}

/// What goes out instead of what hyper writes.
struct Instead {
    bytes: Vec<u8>,
    written: usize,
}

impl<T> HeadGuard<T> {
    pub(super) fn new(stream: T) -> Self {
        Self { stream, instead: None }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for HeadGuard<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for HeadGuard<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.instead.is_none() {
            let error = match bytes {
                bytes if bytes.starts_with(ADDRESS_TOO_LONG) => query_too_long(),
                bytes if bytes.starts_with(HEAD_TOO_LARGE) => ApiError::new(ErrorCode::HeadersTooLarge),
                _ => return Pin::new(&mut this.stream).poll_write(cx, bytes),
            };
            this.instead = Some(Instead {
                bytes: whole_answer(&error),
                written: 0,
            });
        }
        if let Some(instead) = &mut this.instead {
            while let Some(rest) = instead.bytes.get(instead.written..).filter(|rest| !rest.is_empty()) {
                match ready!(Pin::new(&mut this.stream).poll_write(cx, rest))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    count => instead.written += count,
                }
            }
        }
        // What hyper wrote, now and later, counts as written.
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A problem with its head, as it goes over the wire. The language the client likes is in the head that was not read.
fn whole_answer(error: &ApiError) -> Vec<u8> {
    let request_id = new_request_id();
    let code = error.code().code();
    tracing::info!(request_id, code, "refused");
    let answer: Response = error.answer(Language::Chinese, &request_id);
    let body = error.problem(Language::Chinese, &request_id);
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {}\r\n", answer.status()).into_bytes();
    for (name, value) in answer.headers() {
        if name == axum::http::header::CONTENT_LENGTH {
            continue;
        }
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let rest = format!(
        "x-request-id: {request_id}\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    bytes.extend_from_slice(rest.as_bytes());
    bytes.extend_from_slice(&body);
    bytes
}
