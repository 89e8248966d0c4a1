//! What people do with an upload: begin it, name its files, have it checked, give it to the indexer, try again, close it.

use std::collections::HashSet;

use super::super::database::{Catalogue, Connection, now, to_db};
use super::super::error::{Result, Tried};
use super::super::jobs;
use super::super::sealed::{Place, Secrets};
use super::{
    CHECK_JOB, PathFault, UPLOAD_JOB, Upload, UploadFileState, UploadOptions, UploadPath, UploadRefusal, UploadState,
    find, is_open, report_of, set_state, touch,
};

/// How much an account, and an upload, may have.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Uploads of an account that are not closed.
    pub uploads: u32,
    /// Files of an upload.
    pub files: u32,
    /// Bytes of one upload.
    pub bytes: u64,
}

impl Catalogue {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`UploadRefusal::TooMany`]; a failure of the database.
    pub async fn begin_upload(&self, account_key: u64, limits: UploadLimits) -> Result<Upload> {
        let begun = async {
            let mut transaction = self.write().await?;
            let open: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM uploads WHERE account_key = $1 AND state <> 'closed'")
                    .bind(to_db(account_key))
                    .fetch_one(&mut *transaction)
                    .await?;
            if open >= i64::from(limits.uploads) {
                return Err(UploadRefusal::TooMany.into());
            }
            let upload_id = hex::encode(rand::random::<[u8; 10]>());
            let place = Place::Upload { upload_id: &upload_id };
            sqlx::query(
                "INSERT INTO uploads (upload_id, account_key, state, revision, sealed, made_at, touched_at) \
                 VALUES ($1, $2, $3, 1, $4, $5, $5)",
            )
            .bind(&upload_id)
            .bind(to_db(account_key))
            .bind(UploadState::Open.code())
            .bind(self.secrets().seal(place, &UploadOptions::default())?)
            .bind(now())
            .execute(&mut *transaction)
            .await?;
            let upload = find(&mut transaction, self.secrets(), &upload_id, None).await?;
            transaction.commit().await?;
            Ok(upload)
        };
        begun.await.map_err(self.fault("beginning an upload"))
    }

    /// Names files that will be sent, with their sizes; gives the number of each, or why it cannot be taken. A file that was
    /// named before and has not come yet keeps its number.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn name_upload_files(
        &self,
        account_key: u64,
        upload_id: &str,
        files: &[(String, u64)],
        limits: UploadLimits,
    ) -> Result<Vec<std::result::Result<u32, PathFault>>> {
        let named = async {
            let mut transaction = self.write().await?;
            let upload = open_one(&mut transaction, self.secrets(), (account_key, upload_id)).await?;
            let mut taken = Taken::of(&upload);
            let mut bytes: u64 = upload.files.iter().map(|file| file.bytes).sum();
            let mut next = upload.files.last().map_or(1, |file| file.number + 1);
            let mut numbers = Vec::with_capacity(files.len());
            for (text, size) in files {
                let path = match UploadPath::parse(text) {
                    Ok(path) => path,
                    Err(fault) => {
                        numbers.push(Err(fault));
                        continue;
                    }
                };
                let known = upload.files.iter().find(|file| file.path == path.as_str());
                if let Some(file) = known.filter(|file| file.bytes == *size) {
                    numbers.push(Ok(file.number));
                    continue;
                }
                if !taken.take(&path) {
                    numbers.push(Err(PathFault::Taken));
                    continue;
                }
                bytes = bytes.saturating_add(*size);
                if next > limits.files {
                    return Err(UploadRefusal::TooManyFiles.into());
                }
                if bytes > limits.bytes {
                    return Err(UploadRefusal::TooLarge.into());
                }
                insert(&mut transaction, self.secrets(), &upload, (next, &path, *size)).await?;
                numbers.push(Ok(next));
                next += 1;
            }
            touch(&mut transaction, upload.upload_key).await?;
            transaction.commit().await?;
            Ok(numbers)
        };
        named.await.map_err(self.fault("naming files of an upload"))
    }

    /// Says that a file is here as a whole.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn upload_file_came(
        &self,
        (account_key, upload_id): (u64, &str),
        number: u32,
        sha256: &str,
    ) -> Result<()> {
        let noted = async {
            let mut transaction = self.write().await?;
            let upload = open_one(&mut transaction, self.secrets(), (account_key, upload_id)).await?;
            sqlx::query("UPDATE upload_files SET sha256 = $3, state = $4 WHERE upload_key = $1 AND number = $2")
                .bind(upload.upload_key)
                .bind(i64::from(number))
                .bind(sha256)
                .bind(UploadFileState::Waiting.code())
                .execute(&mut *transaction)
                .await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        noted.await.map_err(self.fault("noting a file of an upload"))
    }

    /// Has an upload checked.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn check_upload(&self, account_key: u64, upload_id: &str, options: UploadOptions) -> Result<()> {
        let queued = async {
            let mut transaction = self.write().await?;
            let secrets = self.secrets();
            let mut upload = open_one(&mut transaction, secrets, (account_key, upload_id)).await?;
            let complete = upload.files.iter().all(|file| file.state != UploadFileState::Named);
            if upload.files.is_empty() || !complete {
                return Err(UploadRefusal::Incomplete.into());
            }
            let manifest = options.manifest;
            if manifest.is_some_and(|number| upload.files.iter().all(|file| file.number != number)) {
                return Err(UploadRefusal::NoFile.into());
            }
            // The folder of the upload is nobody's case.
            let loose = upload.files.iter().any(|file| !file.path.contains('/'));
            if loose && manifest.is_none() && !options.each_file {
                return Err(UploadRefusal::Loose.into());
            }
            upload.options = options;
            sqlx::query("UPDATE uploads SET sealed = $2 WHERE upload_key = $1")
                .bind(upload.upload_key)
                .bind(secrets.seal(Place::Upload { upload_id }, &upload.options)?)
                .execute(&mut *transaction)
                .await?;
            let content = upload.content()?;
            jobs::put(&mut transaction, secrets, CHECK_JOB, upload_id, Some(&content)).await?;
            touch(&mut transaction, upload.upload_key).await?;
            Ok(transaction.commit().await?)
        };
        queued.await.map_err(self.fault("having an upload checked"))
    }

    /// Gives an upload to the indexer, when it is as it was checked and something can be made of it.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn give_upload(&self, account_key: u64, upload_id: &str) -> Result<()> {
        let given = async {
            let mut transaction = self.write().await?;
            let secrets = self.secrets();
            let upload = open_one(&mut transaction, secrets, (account_key, upload_id)).await?;
            let report = report_of(&mut transaction, secrets, &upload).await?;
            let checked = report.is_some_and(|(report, current)| current && report.is_usable());
            if !checked {
                return Err(UploadRefusal::Unchecked.into());
            }
            jobs::put(&mut transaction, secrets, UPLOAD_JOB, upload_id, None).await?;
            set_state(&mut transaction, upload.upload_key, UploadState::Given).await?;
            Ok(transaction.commit().await?)
        };
        given.await.map_err(self.fault("giving an upload to the indexer"))
    }

    /// Gives an upload to the indexer once more, when files of it failed.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn try_upload_again(&self, account_key: u64, upload_id: &str) -> Result<()> {
        let given = async {
            let mut transaction = self.write().await?;
            let secrets = self.secrets();
            let upload = find(&mut transaction, secrets, upload_id, Some(account_key)).await?;
            if upload.state != UploadState::Ended {
                return Err(UploadRefusal::State.into());
            }
            let job = jobs::find(&mut transaction, secrets, UPLOAD_JOB, upload_id).await?;
            let job_failed = job.is_some_and(|(job, _)| job.state == jobs::JobState::Failed);
            if !upload.has_failures() && !job_failed {
                return Err(UploadRefusal::NothingFailed.into());
            }
            sqlx::query(
                "UPDATE upload_files SET state = 'waiting', reason_code = NULL, pages_failed = 0 \
                 WHERE upload_key = $1 AND (state = 'failed' OR pages_failed > 0)",
            )
            .bind(upload.upload_key)
            .execute(&mut *transaction)
            .await?;
            jobs::put(&mut transaction, secrets, UPLOAD_JOB, upload_id, None).await?;
            set_state(&mut transaction, upload.upload_key, UploadState::Given).await?;
            Ok(transaction.commit().await?)
        };
        given.await.map_err(self.fault("trying an upload again"))
    }

    /// Closes an upload that is not being taken in. Its files are then to be removed.
    ///
    /// # Errors
    /// [`UploadRefusal`]; a failure of the database.
    pub async fn close_upload(&self, account_key: u64, upload_id: &str) -> Result<()> {
        let closed = async {
            let mut transaction = self.write().await?;
            let upload = find(&mut transaction, self.secrets(), upload_id, Some(account_key)).await?;
            let check = jobs::find(&mut transaction, self.secrets(), CHECK_JOB, upload_id).await?;
            let running = check.is_some_and(|(job, _)| job.state == jobs::JobState::Running);
            if running || !matches!(upload.state, UploadState::Open | UploadState::Ended) {
                return Err(UploadRefusal::State.into());
            }
            // A check that waits has nothing to look at any more.
            sqlx::query("DELETE FROM jobs WHERE kind = $1 AND source_id = $2 AND state = 'queued'")
                .bind(CHECK_JOB)
                .bind(jobs::source_id(self.secrets(), upload_id))
                .execute(&mut *transaction)
                .await?;
            set_state(&mut transaction, upload.upload_key, UploadState::Closed).await?;
            Ok(transaction.commit().await?)
        };
        closed.await.map_err(self.fault("closing an upload"))
    }

    /// Closes the uploads that nothing was done with since a moment (RFC 3339, UTC) and that no job has; gives their
    /// identifiers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_stale_uploads(&self, before: &str) -> Result<Vec<String>> {
        let closed = async {
            let mut transaction = self.write().await?;
            let ids: Vec<String> = sqlx::query_scalar(
                "SELECT upload_id FROM uploads WHERE state IN ('open', 'ended') AND touched_at < $1",
            )
            .bind(before)
            .fetch_all(&mut *transaction)
            .await?;
            let mut stale = Vec::new();
            for id in ids {
                let check = jobs::find(&mut transaction, self.secrets(), CHECK_JOB, &id).await?;
                if check.is_some_and(|(job, _)| is_open(&job)) {
                    continue;
                }
                let upload = find(&mut transaction, self.secrets(), &id, None).await?;
                set_state(&mut transaction, upload.upload_key, UploadState::Closed).await?;
                stale.push(id);
            }
            transaction.commit().await?;
            Ok(stale)
        };
        closed.await.map_err(self.fault("closing stale uploads"))
    }
}

/// An upload whose files may still be changed.
async fn open_one(
    connection: &mut Connection,
    secrets: &Secrets,
    (account_key, upload_id): (u64, &str),
) -> Tried<Upload> {
    let upload = find(&mut *connection, secrets, upload_id, Some(account_key)).await?;
    let check = jobs::find(connection, secrets, CHECK_JOB, upload_id).await?;
    if upload.state != UploadState::Open || check.is_some_and(|(job, _)| is_open(&job)) {
        return Err(UploadRefusal::State.into());
    }
    Ok(upload)
}

async fn insert(
    connection: &mut Connection,
    secrets: &Secrets,
    upload: &Upload,
    (number, path, bytes): (u32, &UploadPath, u64),
) -> Tried<()> {
    let place = Place::UploadFile {
        upload_key: upload.upload_key,
        number: i64::from(number),
    };
    let name_id = secrets
        .ids
        .derive(&format!("upload\n{}\n{}", upload.upload_id, path.folded()));
    sqlx::query(
        "INSERT INTO upload_files (upload_key, number, name_id, sealed, bytes, state) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(upload.upload_key)
    .bind(i64::from(number))
    .bind(name_id)
    .bind(secrets.seal(place, &path.as_str())?)
    .bind(to_db(bytes))
    .bind(UploadFileState::Named.code())
    .execute(connection)
    .await?;
    Ok(())
}

/// The names that are taken: of files, and of the folders in which they are.
#[derive(Default)]
struct Taken {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Taken {
    fn of(upload: &Upload) -> Self {
        let mut taken = Self::default();
        for path in upload
            .files
            .iter()
            .filter_map(|file| UploadPath::parse(&file.path).ok())
        {
            taken.take(&path);
        }
        taken
    }

    /// Takes a name; `false` when a file or a folder has it, or a file has the name of one of its folders.
    fn take(&mut self, path: &UploadPath) -> bool {
        let folded = path.folded();
        let folders = folded.match_indices('/').filter_map(|(at, _)| folded.get(..at));
        let folders: Vec<String> = folders.map(str::to_owned).collect();
        let free = !self.files.contains(&folded)
            && !self.folders.contains(&folded)
            && folders.iter().all(|folder| !self.files.contains(folder));
        if free {
            self.files.insert(folded);
            self.folders.extend(folders);
        }
        free
    }
}
