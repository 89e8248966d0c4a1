//! Watching: corrections from the catalogue, scans from the inbox, for ever.
//!
//! Nothing here looks at a clock: [`Watcher::tick`] and [`Watcher::scan`] are called by whoever has one.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::inbox::{Inbox, Ready};
use super::ingest::{Context, Onlooker, ingest_some};
use super::uploads::UploadDesk;
use super::{Error, IngestOptions, Ingestion, corrections};
use crate::report::IngestSummary;

/// Takes in what comes. While scans are read, corrections go on being taken in.
pub struct Watcher {
    context: Arc<Context>,
    inbox: Option<Inbox>,
    /// Sequence of the catalogue that the index was told of.
    told: Option<u64>,
    running: Option<JoinHandle<Ended>>,
    uploads: UploadDesk,
}

struct Ended {
    ready: Ready,
    summaries: Vec<IngestSummary>,
    error: Option<Error>,
    inbox: Inbox,
}

impl Watcher {
    /// Begins with what an earlier run left unfinished.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn start(ingestion: Ingestion, inbox: PathBuf) -> Result<Self, Error> {
        let context = Context::new(ingestion);
        context.catalogue.requeue_running_jobs().await?;
        UploadDesk::sweep(&context).await?;
        Ok(Self {
            context,
            inbox: Some(Inbox::new(inbox)),
            told: None,
            running: None,
            uploads: UploadDesk::default(),
        })
    }

    /// Takes in the corrections that wait, begins with the uploads that do, and tells the index of every change; returns how
    /// many corrections.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn tick(&mut self) -> Result<u64, Error> {
        self.uploads.look(&self.context).await?;
        let drained = corrections::drain(&self.context).await?;
        let sequence = self.context.catalogue.sequence().await?;
        if self.told != Some(sequence) {
            self.context.index.changed();
            self.told = Some(sequence);
        }
        Ok(drained)
    }

    /// Says that uploads are taken in here, at a second since 1970; `None`: not any more.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn is_there(&self, at: Option<u64>) -> Result<(), Error> {
        Ok(self.context.catalogue.watcher_is_there(at).await?)
    }

    /// What came of uploads since the last call, one line each.
    pub fn uploads_ended(&mut self) -> Vec<String> {
        self.uploads.ended()
    }

    /// Looks into the inbox and begins to read what is complete; returns what was read since the last call. While
    /// something is being read nothing else is begun.
    ///
    /// # Errors
    /// When the catalogue or the data directory fails. An inbox that cannot be read is logged and looked at again.
    pub async fn scan(&mut self) -> Result<Vec<IngestSummary>, Error> {
        if self.running.as_ref().is_some_and(|running| !running.is_finished()) {
            return Ok(Vec::new());
        }
        let done = self.settle().await?;
        if self.context.stop.requested() {
            return Ok(done);
        }
        let Some(mut inbox) = self.inbox.take() else {
            return Ok(done);
        };
        let (inbox, looked) = tokio::task::spawn_blocking(move || {
            let looked = inbox.look();
            (inbox, looked)
        })
        .await?;
        match looked {
            Ok(ready) if !ready.is_empty() => {
                let context = Arc::clone(&self.context);
                self.running = Some(tokio::spawn(take_in(context, inbox, ready)));
            }
            Ok(_) => self.inbox = Some(inbox),
            Err(error) => {
                tracing::warn!(%error, "the inbox cannot be read");
                self.inbox = Some(inbox);
            }
        }
        Ok(done)
    }

    /// Waits for what is being read; returns what came of it.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub async fn settle(&mut self) -> Result<Vec<IngestSummary>, Error> {
        let Some(running) = self.running.take() else {
            return Ok(Vec::new());
        };
        let mut ended = running.await?;
        match ended.error {
            None => {}
            // Somebody took it away, or forbade it, between the look and the reading.
            Some(Error::Source(error)) => {
                tracing::warn!(%error, "what lay in the inbox cannot be read");
                ended.inbox.forget(&ended.ready);
            }
            Some(error) => return Err(error),
        }
        self.inbox = Some(ended.inbox);
        Ok(ended.summaries)
    }

    /// Waits for the uploads that are being checked or taken in.
    ///
    /// # Errors
    /// When the catalogue or the data directory fails.
    pub async fn settle_uploads(&mut self) -> Result<(), Error> {
        self.uploads.settle().await
    }

    /// Whether nothing waits and nothing is being read.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn is_idle(&self) -> Result<bool, Error> {
        let waiting = self
            .context
            .catalogue
            .queued_jobs(juanzong::catalogue::CORRECTION_JOB, 1)
            .await?;
        let uploads = self.uploads.is_idle(&self.context).await?;
        let expected = self.inbox.as_ref().is_none_or(Inbox::expects_more);
        Ok(self.running.is_none() && waiting.is_empty() && uploads && !expected)
    }
}

async fn take_in(context: Arc<Context>, inbox: Inbox, ready: Ready) -> Ended {
    let mut summaries = Vec::new();
    let mut error = None;
    for (paths, each_file) in [(&ready.folders, false), (&ready.files, true)] {
        if paths.is_empty() || error.is_some() {
            continue;
        }
        let options = IngestOptions {
            paths: paths.clone(),
            manifest: None,
            each_file,
        };
        match ingest_some(Arc::clone(&context), &options, Onlooker::default()).await {
            Ok(summary) => summaries.push(summary),
            Err(failed) => error = Some(failed),
        }
    }
    Ended {
        ready,
        summaries,
        error,
        inbox,
    }
}
