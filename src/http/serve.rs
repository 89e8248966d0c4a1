//! Runs the server.
//!
//! Not `axum::serve`: that sets no time limit for the head of a request and can hang on such a connection when it
//! stops (axum #2741), and it does not take the long heads that we want to refuse politely.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::follow::follow_index;
use super::head_guard::HeadGuard;
use super::state::AppState;
use super::tls::Tls;
use super::trail::Peer;
use super::{limits, router};

/// Pause after a connection could not be accepted, e.g. for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the server cannot run.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// A server that listens but does not answer yet.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
}

impl Listening {
    /// Takes an address; port 0 takes any free one.
    ///
    /// # Errors
    /// When it cannot be had.
    pub async fn on(address: SocketAddr) -> Result<Self, ServeError> {
        let failed = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self {
            listener,
            address,
            tls: None,
        })
    }

    /// The same, spoken to by TLS only.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// The address with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready, and follows the index meanwhile. Then no more connections are taken; requests
    /// that run are answered to their end, within [`limits::SHUTDOWN_TIME`].
    pub async fn serve(self, state: AppState, stop: impl Future<Output = ()>) {
        let follower = tokio::spawn(follow_index(state.clone()));
        let upkeep = state.upkeep().clone();
        let keeper = tokio::spawn(upkeep.clone().follow());
        let (app, ending) = (router(state.clone()), state);
        let (stopping, stopped) = watch::channel(());
        let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            // A connection is accepted only when there is a place for it; until then the system queues it.
            let accept = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => continue,
                accepted = accept => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    // Added for this connection only, inside of it the same for every request.
                    let app = app.clone().layer(Extension(Peer(peer.ip())));
                    let connection = connect(stream, self.tls.clone(), app, stopped.clone());
                    connections.spawn(async move {
                        let _place = place;
                        connection.await;
                    });
                }
                Err(error) => {
                    tracing::warn!(cause = %error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        upkeep.stop();
        ending.end();
        drop(self.listener);
        drop(stopped);
        stopping.send_replace(());
        let ended = timeout(limits::SHUTDOWN_TIME, async {
            while connections.join_next().await.is_some() {}
        });
        if ended.await.is_err() {
            tracing::warn!(connections = connections.len(), "connections were cut off");
        }
        follower.abort();
        // A check is gone on with at the next start; of a backup nothing stands but files that the next finds there.
        keeper.abort();
    }
}

/// Agrees on keys, if there are to be some, and answers.
async fn connect(stream: TcpStream, tls: Option<Tls>, app: Router, mut stopped: watch::Receiver<()>) {
    let Some(tls) = tls else {
        return answer(stream, app, stopped).await;
    };
    let accepted = tokio::select! {
        accepted = tls.accept(stream) => accepted,
        _ = stopped.changed() => return,
    };
    match accepted {
        Ok(stream) => answer(stream, app, stopped).await,
        Err(error) => tracing::debug!(cause = %error, "a client and the server did not agree on TLS"),
    }
}

/// Answers all requests of one connection.
async fn answer<S>(stream: S, app: Router, mut stopped: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stream = TokioIo::new(HeadGuard::new(stream));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEAD_TIME)
        .max_buf_size(limits::HEAD_BYTES)
        .max_headers(limits::HEADERS)
        .serve_connection(stream, TowerToHyperService::new(app));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // The client went away, was too slow or sent no HTTP: nothing that an operator has to know.
        tracing::debug!(cause = %error, "connection ended");
    }
}
