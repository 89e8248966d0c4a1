//! `[maintenance]`: when the archive is backed up, checked and reconciled, and how.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{Error, When};

/// Most seconds that a program may look at one file for malware.
const MOST_SECONDS: usize = 3_600;
/// Seconds that it may when nothing else is said.
const SECONDS: u64 = 60;
/// Most backups that may be kept, and megabytes a second.
const MOST: usize = 100_000;

/// `[maintenance]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMaintenance {
    /// `[maintenance.backup]`
    pub backup: Option<RawBackup>,
    /// `[maintenance.verify]`
    #[serde(default)]
    pub verify: RawVerify,
    /// `[maintenance.reconcile]`
    #[serde(default)]
    pub reconcile: RawReconcile,
}

/// `[maintenance.backup]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBackup {
    /// When, e.g. `02:00`, `sunday 03:00`.
    pub at: Option<String>,
    /// The directory of backups, on another disk.
    pub to: PathBuf,
    /// Where a copy of the keys is kept, on yet another.
    pub keys: Option<PathBuf>,
    /// Backups that are kept; all without a number.
    pub keep: Option<usize>,
    /// Whether earlier files in the directory are read again each time.
    #[serde(default)]
    pub recheck: bool,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<usize>,
}

/// `[maintenance.verify]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawVerify {
    /// When.
    pub at: Option<String>,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<usize>,
    /// Program and arguments that look for malware; `{file}` stands for the file.
    #[serde(default)]
    pub malware_command: Vec<String>,
    /// Seconds that it has for one file.
    pub malware_seconds: Option<usize>,
    /// Media types that may be kept.
    pub formats: Option<BTreeSet<String>>,
}

/// `[maintenance.reconcile]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawReconcile {
    /// When.
    pub at: Option<String>,
    /// `quick` (names, sizes and figures; usual) or `each` (every original by its hash, every case with the index).
    pub depth: Option<String>,
    /// Most megabytes that are read in a second; those of `[maintenance.verify]` without a number.
    pub megabytes_per_second: Option<usize>,
}

/// What keeps the archive, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaintenancePlan {
    /// Backups.
    pub backup: Option<BackupPlan>,
    /// When it is checked.
    pub verify_at: Option<When>,
    /// How.
    pub verify: VerifyPlan,
    /// When it is reconciled.
    pub reconcile_at: Option<When>,
    /// How.
    pub reconcile: ReconcilePlan,
}

/// How index, originals and catalogue are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReconcilePlan {
    /// Whether every original is read and every case looked for in the index; else names, sizes and figures are compared.
    pub each: bool,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
}

/// How backups are made, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupPlan {
    /// When; never by itself without a time.
    pub at: Option<When>,
    /// The directory of backups.
    pub to: PathBuf,
    /// Where a copy of the keys is kept.
    pub keys: Option<PathBuf>,
    /// Backups that are kept.
    pub keep: Option<u32>,
    /// Whether earlier files are read again.
    pub recheck: bool,
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
}

/// How the archive is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyPlan {
    /// Most megabytes that are read in a second.
    pub megabytes_per_second: Option<u32>,
    /// Program and arguments that look for malware, and the time they have for a file.
    pub malware: Option<(Vec<String>, Duration)>,
    /// Media types that may be kept, when they are not the usual ones.
    pub formats: Option<BTreeSet<String>>,
}

impl RawMaintenance {
    /// Paths are meant from where the configuration is.
    pub(super) fn beside(&mut self, folder: &Path) {
        if let Some(backup) = &mut self.backup {
            backup.to = folder.join(&backup.to);
            backup.keys = backup.keys.as_ref().map(|keys| folder.join(keys));
        }
    }

    /// Checks everything and fills in what was left out.
    ///
    /// # Errors
    /// One variant for each rule that a value breaks.
    pub(super) fn validate(self) -> Result<MaintenancePlan, Error> {
        let backup = match self.backup {
            None => None,
            Some(raw) => Some(BackupPlan {
                at: when("maintenance.backup.at", raw.at)?,
                to: raw.to,
                keys: raw.keys,
                keep: number("maintenance.backup.keep", raw.keep, MOST)?,
                recheck: raw.recheck,
                megabytes_per_second: number(
                    "maintenance.backup.megabytes_per_second",
                    raw.megabytes_per_second,
                    MOST,
                )?,
            }),
        };
        let verify = self.verify;
        let seconds = number(
            "maintenance.verify.malware_seconds",
            verify.malware_seconds,
            MOST_SECONDS,
        )?;
        let time = Duration::from_secs(seconds.map_or(SECONDS, u64::from));
        let malware = (!verify.malware_command.is_empty()).then_some((verify.malware_command, time));
        Ok(MaintenancePlan {
            backup,
            verify_at: when("maintenance.verify.at", verify.at)?,
            verify: VerifyPlan {
                megabytes_per_second: number(
                    "maintenance.verify.megabytes_per_second",
                    verify.megabytes_per_second,
                    MOST,
                )?,
                malware,
                formats: verify.formats,
            },
            reconcile_at: when("maintenance.reconcile.at", self.reconcile.at)?,
            reconcile: ReconcilePlan {
                each: each(self.reconcile.depth)?,
                megabytes_per_second: number(
                    "maintenance.reconcile.megabytes_per_second",
                    self.reconcile.megabytes_per_second,
                    MOST,
                )?,
            },
        })
    }
}

fn when(key: &'static str, text: Option<String>) -> Result<Option<When>, Error> {
    match text {
        None => Ok(None),
        Some(value) => match When::parse(&value) {
            Some(when) => Ok(Some(when)),
            None => Err(Error::UnknownWord { key, value }),
        },
    }
}

fn each(depth: Option<String>) -> Result<bool, Error> {
    let Some(value) = depth else { return Ok(false) };
    match value.as_str() {
        "quick" => Ok(false),
        "each" => Ok(true),
        _ => Err(Error::UnknownWord {
            key: "maintenance.reconcile.depth",
            value,
        }),
    }
}

fn number(key: &'static str, value: Option<usize>, most: usize) -> Result<Option<u32>, Error> {
    let Some(value) = value else { return Ok(None) };
    match u32::try_from(value) {
        Ok(number) if (1..=most).contains(&value) => Ok(Some(number)),
        _ => Err(Error::OutOfRange { key, least: 1, most }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MaintenancePlan, Error> {
        let mut raw: RawMaintenance = toml::from_str(text).unwrap();
        raw.beside(Path::new("/archive"));
        raw.validate()
    }

    #[test]
    fn nothing_is_done_by_itself_unless_it_is_said() {
        assert_eq!(read("").unwrap(), MaintenancePlan::default());
        let plan = read(
            "backup = { at = '02:00', to = '/backup', keys = '../keys', keep = 7 }\n\
             verify = { at = '周日 03:00', megabytes_per_second = 50, malware_command = ['clamscan', '{file}'] }\n\
             reconcile = { at = 'daily 04:00' }",
        )
        .unwrap();
        let backup = plan.backup.unwrap();
        assert_eq!((backup.to, backup.keep), (PathBuf::from("/backup"), Some(7)));
        assert_eq!(backup.keys, Some(PathBuf::from("/archive/../keys")));
        assert_eq!(plan.verify_at.unwrap().to_string(), "sunday 03:00");
        assert_eq!(plan.verify.malware.unwrap().1, Duration::from_secs(60));
        assert!(plan.reconcile_at.is_some());
        assert_eq!(plan.reconcile, ReconcilePlan::default());
        let plan = read("reconcile = { at = '04:00', depth = 'each', megabytes_per_second = 40 }").unwrap();
        assert_eq!(
            (plan.reconcile.each, plan.reconcile.megabytes_per_second),
            (true, Some(40))
        );
    }

    #[test]
    fn values_are_checked() {
        for text in [
            "verify = { at = 'noon' }",
            "reconcile = { at = '24:00' }",
            "reconcile = { depth = 'full' }",
            "reconcile = { depth = 'deep' }",
        ] {
            assert!(matches!(read(text), Err(Error::UnknownWord { .. })), "{text}");
        }
        for text in [
            "backup = { to = 'x', keep = 0 }",
            "verify = { megabytes_per_second = 0 }",
            "verify = { malware_seconds = 4000 }",
            "reconcile = { megabytes_per_second = 0 }",
        ] {
            assert!(matches!(read(text), Err(Error::OutOfRange { .. })), "{text}");
        }
        assert!(
            toml::from_str::<RawMaintenance>("backup = { at = '02:00' }").is_err(),
            "it has no place"
        );
        assert!(toml::from_str::<RawMaintenance>("verify = { when = '02:00' }").is_err());
    }
}
