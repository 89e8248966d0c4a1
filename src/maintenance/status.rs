//! What is planned, what was done last and how it ended, for the page of the administrator and for measurements.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Ended, Task, Upkeep};
use crate::catalogue::{self, UpkeepRun};

/// A task of maintenance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TaskStatus {
    /// `backup`, `verify` or `reconcile`.
    pub task: String,
    /// The same in words.
    pub label: String,
    /// The same in English.
    pub label_en: String,
    /// When it is done, e.g. `daily 02:00` in Chinese time; `null` when it is only done by command.
    pub planned: Option<String>,
    /// When it is done next (RFC 3339, UTC).
    pub next_at: Option<String>,
    /// Whether it is being done by this server.
    pub running: bool,
    /// The last time that it was done.
    pub last: Option<LastRun>,
}

/// A run of a task.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LastRun {
    /// When it began (RFC 3339, UTC).
    pub started_at: String,
    /// When it ended; `null` while it runs, and when it was killed.
    pub ended_at: Option<String>,
    /// How long it took, in seconds.
    pub seconds: Option<i64>,
    /// `done`, `problems`, `failed` or `interrupted`.
    pub result: Option<String>,
    /// The same in words.
    pub result_label: Option<String>,
    /// The same in English.
    pub result_label_en: Option<String>,
    /// Figures: files, cases, the name of the backup.
    #[schema(value_type = Object)]
    pub details: Value,
}

impl Upkeep {
    /// How each task stands.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn status(&self) -> Result<Vec<TaskStatus>, catalogue::Error> {
        let mut all = Vec::new();
        for task in Task::ALL {
            let runs = self.0.archive.catalogue().upkeep_runs(task.code(), 1).await?;
            let next = self.next(*task).await?;
            all.push(TaskStatus {
                task: task.code().to_owned(),
                label: task.label_zh().to_owned(),
                label_en: task.label_en().to_owned(),
                planned: self.when(*task).map(|when| when.to_string()),
                next_at: next.map(|next| next.to_string()),
                running: *self.running() == Some(*task),
                last: runs.first().map(LastRun::of),
            });
        }
        Ok(all)
    }
}

impl LastRun {
    fn of(run: &UpkeepRun) -> Self {
        let time = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default().to_string();
        let ended = run.result.as_deref().and_then(Ended::parse);
        let mut details: Value = run
            .detail
            .as_deref()
            .and_then(|detail| serde_json::from_str(detail).ok())
            .unwrap_or_default();
        // Paths and messages of libraries are for the running log.
        if let Some(fields) = details.as_object_mut() {
            fields.remove("error");
        }
        Self {
            started_at: time(run.started_at),
            ended_at: run.ended_at.map(time),
            seconds: run.ended_at.map(|ended| ended - run.started_at),
            result: run.result.clone(),
            result_label: ended.map(|ended| ended.label_zh().to_owned()),
            result_label_en: ended.map(|ended| ended.label_en().to_owned()),
            details,
        }
    }
}
