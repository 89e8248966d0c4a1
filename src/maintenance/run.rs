//! Doing a task, and writing down that it was done.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Ended, Error, Task, Upkeep};
use crate::access::{Action, Actor, Outcome};
use crate::backup::{self, BackupOptions, BackupReport};
use crate::catalogue;
use crate::telemetry::chain;
use crate::verify::{self, Depth, Report, Subject, VerifyOptions};

/// Time in which the cases of the index must be listed.
const LISTING: Duration = Duration::from_secs(120);

/// What came of a task.
#[derive(Clone, Debug)]
pub enum Done {
    /// A backup.
    Backup(BackupReport),
    /// A check, or a reconciliation.
    Checked(Box<Report>),
}

impl Done {
    fn ended(&self) -> Ended {
        let wrong = match self {
            Self::Backup(report) => report.lost > 0,
            Self::Checked(report) => report.failed(),
        };
        if wrong { Ended::Problems } else { Ended::Done }
    }

    /// What is written down of it: figures and names of backups, nothing of people.
    fn details(&self) -> Value {
        match self {
            Self::Backup(report) => json!({
                "generation": report.generation, "manifest_sha256": report.manifest_sha256, "files": report.files,
                "bytes": report.bytes, "copied_files": report.copied_files, "lost": report.lost,
                "removed": report.removed.len(),
            }),
            Self::Checked(report) => json!({
                "check": report.check, "depth": report.depth, "conclusion": report.conclusion, "files": report.files, "cases": report.cases,
                "failed": report.count(verify::Verdict::Failed),
            }),
        }
    }
}

impl Task {
    /// What the audit log calls it.
    pub fn action(self) -> Action {
        match self {
            Self::Backup => Action::Backup,
            Self::Verify | Self::Reconcile => Action::Verify,
        }
    }
}

impl Upkeep {
    /// Does a task as it is planned.
    ///
    /// # Errors
    /// When another runs, or it cannot be done; that is written down, too.
    pub async fn run(&self, task: Task, actor: &Actor) -> Result<Done, Error> {
        match task {
            Task::Backup => self.back_up(&self.planned_backup()?, actor).await,
            Task::Verify => self.verify(self.planned_check(Depth::Full), actor).await,
            Task::Reconcile => {
                let depth = if self.0.plan.reconcile.each {
                    Depth::Each
                } else {
                    Depth::Quick
                };
                self.verify(self.planned_check(depth), actor).await
            }
        }
    }

    /// Makes a backup with these options.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn back_up(&self, options: &BackupOptions, actor: &Actor) -> Result<Done, Error> {
        let inner = &self.0;
        let made = async {
            let source = backup::Source {
                directory: inner.archive.directory(),
                catalogue: inner.archive.catalogue(),
                access: &inner.access,
            };
            Ok(Done::Backup(backup::back_up(source, options, (inner.clock)()).await?))
        };
        self.written_down(Task::Backup, actor, made).await
    }

    /// Checks the archive with these options.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn verify(&self, mut options: VerifyOptions, actor: &Actor) -> Result<Done, Error> {
        let inner = &self.0;
        let task = match options.depth {
            Depth::Full => Task::Verify,
            Depth::Quick | Depth::Each => Task::Reconcile,
        };
        let checked = async {
            if options.depth == Depth::Each && options.index.is_some() {
                self.list_index(&mut options).await?;
            }
            let subject = Subject {
                directory: inner.archive.directory(),
                catalogue: inner.archive.catalogue(),
                access: &inner.access,
            };
            let report = verify::verify(subject, &options, || self.stopping()).await?;
            Ok(Done::Checked(Box::new(report)))
        };
        self.written_down(task, actor, checked).await
    }

    /// Lists the cases of the index from one snapshot, so that each can be compared with the catalogue.
    async fn list_index(&self, options: &mut VerifyOptions) -> Result<(), Error> {
        let listed = self.0.archive.indexed_cases(Instant::now() + LISTING).await;
        let (sequence, keys) = listed.map_err(|error| Error::Index(Box::new(error)))?;
        options.index = Some((sequence, keys.len() as u64));
        options.indexed = Some(keys.into());
        Ok(())
    }

    /// The last check that came to its end.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn last_report(&self) -> Result<Option<Report>, Error> {
        Ok(verify::last_report(self.0.archive.catalogue()).await?)
    }

    /// Options of the configuration for backups.
    ///
    /// # Errors
    /// [`Error::NotConfigured`].
    pub fn planned_backup(&self) -> Result<BackupOptions, Error> {
        let plan = self.0.plan.backup.as_ref().ok_or(Error::NotConfigured)?;
        Ok(BackupOptions {
            to: plan.to.clone(),
            keys: plan.keys.clone(),
            keep: plan.keep,
            recheck: plan.recheck,
            megabytes_per_second: plan.megabytes_per_second,
        })
    }

    /// Options of the configuration for checks.
    pub fn planned_check(&self, depth: Depth) -> VerifyOptions {
        let (plan, index) = (&self.0.plan.verify, self.0.archive.index().status());
        let megabytes_per_second = match depth {
            Depth::Full => plan.megabytes_per_second,
            Depth::Quick | Depth::Each => self.0.plan.reconcile.megabytes_per_second.or(plan.megabytes_per_second),
        };
        let usual = VerifyOptions::default();
        VerifyOptions {
            depth,
            anew: false,
            megabytes_per_second,
            formats: plan.formats.clone().unwrap_or(usual.formats),
            malware: plan
                .malware
                .clone()
                .map(|(command, time)| verify::MalwareScan { command, time }),
            index: index.ready.then_some((index.sequence, index.cases)),
            indexed: None,
        }
    }

    async fn written_down(
        &self,
        task: Task,
        actor: &Actor,
        work: impl Future<Output = Result<Done, Error>>,
    ) -> Result<Done, Error> {
        let inner = &self.0;
        let _lock = self.lock()?;
        let catalogue = inner.archive.catalogue();
        let began = json!({"task": task.code(), "did": "begin"});
        inner
            .access
            .record(actor.entry(task.action(), Outcome::Done, &began))
            .await?;
        let run = catalogue.begin_upkeep(task.code(), self.seconds()).await?;
        *self.running() = Some(task);
        let done = work.await;
        *self.running() = None;
        let (ended, mut details) = match &done {
            Ok(done) => (done.ended(), done.details()),
            Err(Error::Verify(verify::Error::Interrupted)) => (Ended::Interrupted, json!({})),
            // Paths are the configuration's own.
            Err(error) => (Ended::Failed, json!({"error": chain(error)})),
        };
        let detail = details.to_string();
        catalogue.end_upkeep(run, self.seconds(), ended.code(), &detail).await?;
        let outcome = match ended {
            Ended::Done | Ended::Problems => Outcome::Done,
            Ended::Failed | Ended::Interrupted => Outcome::Failed,
        };
        // The running log says why; the audit log says that.
        details["error"].take();
        details["task"] = task.code().into();
        details["did"] = ended.code().into();
        let entry = actor.entry(task.action(), outcome, &details);
        let recorded: Result<(), catalogue::Error> = inner.access.record(entry).await;
        let done = done?;
        recorded?;
        Ok(done)
    }
}
