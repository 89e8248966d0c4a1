//! Follows the index while the indexer writes it, the dictionaries while they are edited, and the key when it is changed.

use tokio::time::{MissedTickBehavior, interval};

use super::limits;
use super::state::AppState;
use crate::index::ErrorKind;
use crate::telemetry::chain;

/// Looks for a new commit or generation again and again, for as long as it is polled. An error is logged when it
/// begins, not each time; what was served before goes on being served.
pub(super) async fn follow_index(state: AppState) {
    let mut ticks = interval(limits::INDEX_POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = None;
    let mut key_told = false;
    loop {
        ticks.tick().await;
        let archive = state.archive().clone();
        let look = move || {
            let key = archive.follow_key();
            (key, archive.reload_dictionaries(), archive.index().reload_if_changed())
        };
        let Ok((key, dictionaries, looked)) = tokio::task::spawn_blocking(look).await else {
            continue;
        };
        match key {
            Ok(true) => tracing::info!("the key of the archive was changed"),
            Ok(false) => key_told = false,
            Err(error) => {
                if !std::mem::replace(&mut key_told, true) {
                    tracing::error!(cause = chain(&error), "the keys of the archive cannot be used");
                }
            }
        }
        match dictionaries {
            Ok(true) => tracing::info!("read the dictionaries again"),
            Ok(false) => {}
            // Names file and line, and is told once for each change.
            Err(error) => tracing::error!(cause = chain(&error), "the dictionaries cannot be used"),
        }
        match looked {
            Ok(true) => {
                let status = state.archive().index().status();
                tracing::debug!(
                    generation = status.generation,
                    sequence = status.sequence,
                    "read the index again"
                );
                told = None;
            }
            Ok(false) => told = None,
            Err(error) => {
                if told != Some(error.code()) {
                    match error.kind() {
                        ErrorKind::Busy => tracing::warn!(cause = chain(&error), "the index cannot be read yet"),
                        _ => tracing::error!(cause = chain(&error), "the index cannot be read"),
                    }
                }
                told = Some(error.code());
            }
        }
    }
}
