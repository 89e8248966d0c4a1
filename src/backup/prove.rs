//! Whether the databases of a backup are whole, open with the keys at hand, and hold what the manifest says.

use std::path::Path;

use super::error::{Error, Result};
use super::layout::DATABASES;
use super::manifest::Head;
use crate::access::{ChainHash, KeyDirectory, Keyring};
use crate::catalogue::{self, AccessOptions, AccessStore, Catalogue, Counts, DataDirectory, DatabaseCopy};

/// Fails when a directory has no keys, or lacks one with which something in the databases of a backup is sealed. Names of keys are
/// derived from them, so a wrong key is as good as none. Nothing is written.
pub(super) async fn need_keys(generation: &Path, keys: &Path) -> Result<()> {
    if !super::keys::are_in(keys)? {
        return Err(Error::NoKeys { path: keys.to_owned() });
    }
    let ring = Keyring::open(&KeyDirectory::open(keys)?)?;
    for name in DATABASES {
        let copy = DatabaseCopy::open(&generation.join(name)).await?;
        let needed = copy.keys_needed().await;
        copy.close().await;
        if let Some(id) = needed?.into_iter().find(|id| ring.need(*id).is_err()) {
            let path = keys.to_owned();
            return Err(Error::LacksKey { path, id });
        }
    }
    Ok(())
}

/// The databases of a backup, opened where they were copied to, after they passed.
pub(super) struct Proved {
    pub(super) catalogue: Catalogue,
    pub(super) access: AccessStore,
    /// What the catalogue holds.
    pub(super) counts: Counts,
    /// Entries of the audit log.
    pub(super) audit_entries: u64,
    /// Sealed values that were opened.
    pub(super) opened: u64,
}

impl Proved {
    /// Opens both databases, which brings them to this program's version, and looks at all of them.
    pub(super) async fn open(directory: &DataDirectory, head: &Head) -> Result<Self> {
        let keys = directory.keys();
        // Opening would make others, and nothing opens with those.
        if !super::keys::are_in(&keys)? {
            return Err(Error::NoKeys { path: keys });
        }
        let catalogue = Catalogue::open(directory).await?;
        let options = AccessOptions {
            keys: KeyDirectory::open(&keys)?,
            hash: ChainHash::Sha256,
        };
        let access = AccessStore::open(directory, options).await?;
        let mut proved = Self {
            catalogue,
            access,
            counts: Counts::default(),
            audit_entries: 0,
            opened: 0,
        };
        match proved.look(head).await {
            Ok(()) => Ok(proved),
            Err(error) => {
                proved.close().await;
                Err(error)
            }
        }
    }

    async fn look(&mut self, head: &Head) -> Result<()> {
        let (catalogue, access) = (&self.catalogue, &self.access);
        for (path, told) in [
            (catalogue.path(), catalogue.check_integrity().await?),
            (access.path(), access.check_integrity().await?),
        ] {
            if let Some(detail) = told {
                let path = path.to_owned();
                return Err(Error::Damaged { path, detail });
            }
        }
        self.counts = catalogue.counts().await?;
        differ(&self.counts, &head.counts)?;
        for seals in [catalogue.check_seals().await?, access.check_seals().await?] {
            if let Some(first) = seals.broken.first() {
                return Err(Error::Sealed {
                    failed: seals.failed,
                    first: first.clone(),
                });
            }
            self.opened += seals.opened;
        }
        let log = access.verify_audit_to(&[], head.audit_sequence).await?;
        if !log.findings.is_empty() {
            return Err(Error::AuditLog {
                findings: log.findings.len(),
            });
        }
        self.audit_entries = log.entries;
        Ok(())
    }

    /// Compares the files that the catalogue names with those of the manifest.
    pub(super) async fn names(&self, originals: u64) -> Result<()> {
        match self.counts.files == originals {
            true => Ok(()),
            false => Err(Error::Differs {
                what: "originals",
                expected: self.counts.files,
                found: originals,
            }),
        }
    }

    /// Closes both files and leaves them as they are.
    pub(super) async fn close(self) {
        self.access.close_unsigned().await;
        self.catalogue.close().await;
    }
}

fn differ(found: &Counts, said: &Counts) -> Result<()> {
    let pairs = [
        ("cases", said.cases, found.cases),
        ("withdrawn cases", said.cases_withdrawn, found.cases_withdrawn),
        ("documents", said.documents, found.documents),
        ("pages", said.pages, found.pages),
        ("files", said.files, found.files),
    ];
    match pairs.into_iter().find(|(_, said, found)| said != found) {
        None => Ok(()),
        Some((what, expected, found)) => Err(Error::Differs { what, expected, found }),
    }
}

/// What is damaged in a copy is damaged in the backup that it was made from.
pub(super) fn of_backup(error: Error, from: &Path) -> Error {
    match error {
        Error::Catalogue(error) if error.kind() == catalogue::Kind::Corrupt => Error::Damaged {
            path: from.to_owned(),
            detail: error.to_string(),
        },
        error => error,
    }
}
