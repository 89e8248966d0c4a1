//! What is due, and doing it.

use std::time::Duration;

use jiff::Timestamp;

use super::{Ended, Error, Task, Upkeep};
use crate::access::Actor;
use crate::catalogue::{self, UpkeepRun};
use crate::config::When;
use crate::telemetry::chain;

/// Between two looks at the clock.
const LOOK: Duration = Duration::from_secs(20);

/// When a task is due that began last with this run. One that was missed, because nothing ran at the time, is due at once; a
/// check that was interrupted goes on at once.
fn due(task: Task, when: Option<When>, last: Option<&UpkeepRun>, since: Timestamp) -> Option<Timestamp> {
    let began = last.and_then(|run| Timestamp::from_second(run.started_at).ok());
    let interrupted =
        last.is_some_and(|run| run.ended_at.is_none() || run.result.as_deref() == Some(Ended::Interrupted.code()));
    if task != Task::Backup && interrupted && when.is_some() {
        return began;
    }
    Some(when?.next_after(began.unwrap_or(since)))
}

impl Upkeep {
    /// The time that is planned for a task.
    pub(super) fn when(&self, task: Task) -> Option<When> {
        let plan = self.plan();
        match task {
            Task::Backup => plan.backup.as_ref().and_then(|backup| backup.at),
            Task::Verify => plan.verify_at,
            Task::Reconcile => plan.reconcile_at,
        }
    }

    /// When a task is done next; `None` when it never is by itself.
    pub(super) async fn next(&self, task: Task) -> Result<Option<Timestamp>, catalogue::Error> {
        let Some(when) = self.when(task) else { return Ok(None) };
        let runs = self.0.archive.catalogue().upkeep_runs(task.code(), 1).await?;
        Ok(due(task, Some(when), runs.first(), self.0.since))
    }

    /// Does the task that is due for longest, if one is; tells which. That it failed is written down and logged.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn tick(&self) -> Result<Option<Task>, Error> {
        let now = (self.0.clock)();
        let mut first: Option<(Timestamp, Task)> = None;
        for task in Task::ALL {
            let next = self.next(*task).await?.filter(|next| *next <= now);
            if let Some(next) = next
                && first.is_none_or(|(other, _)| next < other)
            {
                first = Some((next, *task));
            }
        }
        let Some((_, task)) = first else { return Ok(None) };
        match self.run(task, &Actor::schedule()).await {
            Ok(_) => tracing::info!(task = task.code(), "done as planned"),
            // Somebody does it by hand, or something else: later then.
            Err(Error::Busy { .. }) => return Ok(None),
            Err(error) => tracing::error!(task = task.code(), cause = chain(&error), "a planned task failed"),
        }
        Ok(Some(task))
    }

    /// Does what is due, again and again, until it is stopped.
    pub async fn follow(self) {
        let planned = Task::ALL.iter().any(|task| self.when(*task).is_some());
        let mut told = false;
        while planned && !self.stopping() {
            match self.tick().await {
                Ok(_) => told = false,
                Err(error) if !std::mem::replace(&mut told, true) => {
                    tracing::error!(cause = chain(&error), "what is planned cannot be looked up");
                }
                Err(_) => {}
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(started_at: &str, result: Option<Ended>) -> UpkeepRun {
        let started_at = started_at.parse::<Timestamp>().unwrap().as_second();
        UpkeepRun {
            run_key: 1,
            task: "verify".into(),
            started_at,
            ended_at: result.map(|_| started_at + 60),
            result: result.map(|result| result.code().to_owned()),
            detail: None,
        }
    }

    #[test]
    fn what_was_missed_is_due_and_what_was_interrupted_goes_on() {
        let when = When::parse("02:00");
        let since: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
        let next = |task, last: Option<&UpkeepRun>| due(task, when, last, since).map(|next| next.to_string());
        // Never done: not before its next time.
        assert_eq!(next(Task::Backup, None).as_deref(), Some("2026-06-30T18:00:00Z"));
        // Last done a week ago: it is overdue.
        let old = run("2026-06-23T18:00:10Z", Some(Ended::Done));
        assert_eq!(next(Task::Backup, Some(&old)).as_deref(), Some("2026-06-24T18:00:00Z"));
        // Failed: again at its next time, not at once.
        let failed = run("2026-06-30T18:00:10Z", Some(Ended::Failed));
        assert_eq!(
            next(Task::Verify, Some(&failed)).as_deref(),
            Some("2026-07-01T18:00:00Z")
        );
        for stopped in [
            run("2026-06-30T18:00:10Z", None),
            run("2026-06-30T18:00:10Z", Some(Ended::Interrupted)),
        ] {
            for check in [Task::Verify, Task::Reconcile] {
                assert_eq!(next(check, Some(&stopped)).as_deref(), Some("2026-06-30T18:00:10Z"));
            }
            assert_eq!(
                next(Task::Backup, Some(&stopped)).as_deref(),
                Some("2026-07-01T18:00:00Z")
            );
        }
        assert_eq!(due(Task::Backup, None, Some(&old), since), None);
    }
}
