//! Ctrl-C and SIGTERM.

use std::sync::Arc;

use crate::pipeline::Stop;
use crate::progress::Progress;

/// The first Ctrl-C (or SIGTERM) stops cleanly and says `word`; the second ends the program at once.
pub(super) async fn stop_on_interrupt(stop: Stop, progress: Arc<Progress>, word: &'static str) {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be handled");
            return;
        }
    };
    asked(&mut terminate).await;
    progress.say(word);
    stop.request();
    asked(&mut terminate).await;
    std::process::exit(130);
}

async fn asked(terminate: &mut tokio::signal::unix::Signal) {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
