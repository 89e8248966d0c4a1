//! What a command works with: the archive, the accounts, and who does it.
//!
//! Whoever can write into the data directory can read all of it by other means, so the command line refuses them nothing; it
//! writes down what they do, under their number on this machine. With `--as` they see what an account sees.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::{Cli, configured};
use crate::access::{AccountName, Action, Actor, KeyDirectory, Outcome, Right, Viewer};
use crate::archive::{Archive, View};
use crate::catalogue::{AccessOptions, AccessStore, CaseSummary, DataDirectory};
use crate::config::{Config, MaintenancePlan};
use crate::maintenance::Upkeep;
use crate::record::ArchivalCode;
use crate::search::VisibleCases;

/// Accounts and the log, without the archive: enough for what has nothing to do with cases.
pub(super) struct Office {
    pub(super) access: AccessStore,
    pub(super) actor: Actor,
    viewer: Option<Viewer>,
}

/// The archive besides.
pub(super) struct Desk {
    pub(super) archive: Archive,
    office: Office,
}

impl Office {
    /// Opens the accounts of an archive that is there already.
    pub(super) async fn open(cli: &Cli) -> Result<Self, Failure> {
        let (directory, config) = configured(cli)?;
        crate::telemetry::start(&config.log_filter)?;
        Self::of(cli, &directory, &config).await
    }

    async fn of(cli: &Cli, directory: &DataDirectory, config: &Config) -> Result<Self, Failure> {
        let access = open_access(directory, config).await?;
        let actor = Actor::local(local_user());
        let Some(name) = &cli.acting_as else {
            return Ok(Self {
                access,
                actor,
                viewer: None,
            });
        };
        let viewer = match AccountName::parse(name) {
            Some(name) => access.viewer(&name).await?,
            None => None,
        };
        let viewer = viewer.ok_or(Failure::NoAccount)?;
        Ok(Self {
            access,
            actor: Actor {
                account_key: Some(viewer.account_key),
                ..actor.acting_as(&viewer)
            },
            viewer: Some(viewer),
        })
    }

    /// Refuses what the account may not do as which somebody acts.
    pub(super) async fn may(&self, right: Right, action: Action) -> Result<(), Failure> {
        let allowed = self
            .viewer
            .as_ref()
            .is_none_or(|viewer| viewer.rights(self.access.today()).contains(&right));
        if allowed {
            return Ok(());
        }
        let details = serde_json::json!({"code": "not_allowed"});
        self.access
            .record(self.actor.entry(action, Outcome::Refused, &details))
            .await?;
        Err(Failure::NotAllowed)
    }

    /// Writes down what is done; only then may it be shown.
    pub(super) async fn record(&self, action: Action, details: &Value, case_id: Option<&str>) -> Result<(), Failure> {
        let mut entry = self.actor.entry(action, Outcome::Done, details);
        entry.case_id = case_id.map(Into::into);
        Ok(self.access.record(entry).await?)
    }
}

impl Desk {
    /// Opens an archive that is there already.
    pub(super) async fn open(cli: &Cli) -> Result<Self, Failure> {
        let (directory, config) = configured(cli)?;
        crate::telemetry::start(&config.log_filter)?;
        let office = Office::of(cli, &directory, &config).await?;
        let archive = Archive::open(directory).await?;
        Ok(Self { archive, office })
    }

    /// The archive as it may be seen.
    pub(super) fn view(&self) -> View {
        let today = self.office.access.today();
        let (visible, numbers) = match &self.office.viewer {
            Some(viewer) => (viewer.visible_cases(today), viewer.may(Right::Unmask, today)),
            None => (VisibleCases::all(), true),
        };
        self.archive.view(visible).with_numbers(numbers)
    }

    /// Who owns what is kept here: an account, or a user of this machine.
    pub(super) fn owner(&self) -> String {
        let actor = &self.office.actor;
        actor
            .account_key
            .map_or_else(|| actor.name.clone(), |key| format!("account:{key}"))
    }

    /// The case that is meant: by its public identifier, or by its archival code.
    pub(super) async fn case(&self, name: &str) -> Result<CaseSummary, Failure> {
        let view = self.view();
        if let Some(case) = view.summary(name).await? {
            return Ok(case);
        }
        let by_code = match ArchivalCode::parse(name) {
            Some(code) => self.archive.catalogue().case_by_code(&code).await?,
            None => None,
        };
        let case = match by_code {
            Some(case) => view.summary(&case.case_id).await?,
            None => None,
        };
        case.ok_or(Failure::NoCase)
    }

    /// What keeps the archive, as the configuration plans it.
    pub(super) fn upkeep(&self, plan: MaintenancePlan) -> Upkeep {
        let access = self.office.access.clone();
        Upkeep::new(self.archive.clone(), access, plan, Arc::new(jiff::Timestamp::now))
    }

    /// Who does it.
    pub(super) fn actor(&self) -> &Actor {
        &self.office.actor
    }

    /// As [`Office::may`].
    pub(super) async fn may(&self, right: Right, action: Action) -> Result<(), Failure> {
        self.office.may(right, action).await
    }

    /// As [`Office::record`].
    pub(super) async fn record(&self, action: Action, details: &Value, case_id: Option<&str>) -> Result<(), Failure> {
        self.office.record(action, details, case_id).await
    }
}

/// Opens accounts and log as the configuration says.
pub(super) async fn open_access(directory: &DataDirectory, config: &Config) -> Result<AccessStore, Failure> {
    let options = AccessOptions {
        keys: KeyDirectory::open(directory.keys()).map_err(crate::catalogue::Error::from)?,
        hash: config.audit_hash,
    };
    Ok(AccessStore::open(directory, options).await?)
}

/// Number of the user on this machine, as the kernel knows it; the environment can say anything.
pub(super) fn local_user() -> u32 {
    fs::metadata(Path::new("/proc/self")).map_or(u32::MAX, |own| own.uid())
}
