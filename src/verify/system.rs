//! The catalogue as a whole, the audit log, sealing, keys, and the index.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::items::{Flaw, Item};
use super::progress::Found;
use super::{Check, Depth, Error};
use crate::catalogue::Kind;

/// Sealed values that do not open, and faults of the log, that are named.
const NAMED: usize = 100;

impl Check<'_> {
    /// Looks at everything that is one for the whole archive.
    pub(super) async fn system(&mut self) -> Result<(), Error> {
        self.index().await?;
        if self.progress.depth() == Depth::Full {
            self.databases().await?;
            self.seals().await?;
            self.log().await?;
        } else {
            let quick = [
                Item::OriginalHash,
                Item::AuditChain,
                Item::MetadataAccuracy,
                Item::MetadataContent,
                Item::MetadataComplete,
                Item::ContentsList,
                Item::RequiredDocuments,
                Item::Opens,
                Item::MetadataReadable,
                Item::AccessLog,
                Item::Encryption,
            ];
            let depth = self.progress.depth();
            for item in quick {
                if item == Item::OriginalHash && depth.reads_originals() {
                    continue;
                }
                self.progress.tallies.note(
                    item,
                    "核对不含此项，由全面检测进行。",
                    "no part of a reconciliation: a whole check looks at it",
                );
            }
        }
        if self.options.malware.is_none() {
            self.progress.tallies.note(
                Item::Malware,
                "未配置检测程序（[maintenance.verify] malware_command）。",
                "no program is configured ([maintenance.verify] malware_command)",
            );
        }
        self.keys()
    }

    async fn databases(&mut self) -> Result<(), Error> {
        let told = [
            ("catalogue.db", self.subject.catalogue.check_integrity().await?),
            ("access.db", self.subject.access.check_integrity().await?),
        ];
        for (name, told) in told {
            self.progress.checked(Item::MetadataReadable);
            if told.is_some() {
                let place = Some(name.to_owned());
                let found = Found {
                    place,
                    ..Found::default()
                };
                self.progress.failed(Item::MetadataReadable, Flaw::Damaged, found);
            }
        }
        Ok(())
    }

    async fn seals(&mut self) -> Result<(), Error> {
        let seals = self.subject.catalogue.check_seals().await?;
        for item in [Item::MetadataReadable, Item::Encryption] {
            self.progress.tallies.of(item).checked += seals.opened + seals.failed;
            let failed = self.progress.tallies.of(item).failed + seals.failed;
            for place in seals.broken.iter().take(NAMED) {
                let place = Some(place.clone());
                self.progress.failed(
                    item,
                    Flaw::Damaged,
                    Found {
                        place,
                        ..Found::default()
                    },
                );
            }
            self.progress.tallies.of(item).failed = failed;
        }
        Ok(())
    }

    async fn log(&mut self) -> Result<(), Error> {
        let verified = self.subject.access.verify_audit(&[]).await;
        let (entries, findings) = match verified {
            Ok(report) => (report.entries, report.findings),
            // An entry that cannot even be read.
            Err(error) if error.kind() == Kind::Corrupt => {
                for item in [Item::AuditChain, Item::AccessLog] {
                    self.progress.checked(item);
                    self.progress.failed(item, Flaw::Damaged, Found::default());
                }
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for item in [Item::AuditChain, Item::AccessLog] {
            self.progress.tallies.of(item).checked += entries.max(findings.len() as u64);
            for finding in findings.iter().take(NAMED) {
                let found = Found {
                    case_key: None,
                    place: Some(format!("audit log {}", finding.sequence)),
                    detail: Some(finding.kind.code().to_owned()),
                };
                self.progress.failed(item, Flaw::LogChanged, found);
            }
        }
        Ok(())
    }

    /// Whether others than their owner may read the keys, and whether they lie apart from what they open.
    fn keys(&mut self) -> Result<(), Error> {
        let keys = self.subject.directory.keys();
        for name in ["archive.key", "audit.key", "."] {
            self.progress.checked(Item::KeyPermissions);
            let place = Some(if name == "." {
                "keys".to_owned()
            } else {
                name.to_owned()
            });
            let found = Found {
                place,
                ..Found::default()
            };
            match fs::metadata(keys.join(name)) {
                Ok(metadata) if metadata.permissions().mode() & 0o077 == 0 => {}
                Ok(_) => self.progress.failed(Item::KeyPermissions, Flaw::TooOpen, found),
                Err(_) => self.progress.failed(Item::KeyPermissions, Flaw::Missing, found),
            }
        }
        if inside(&keys, self.subject.directory.root()) {
            self.progress
                .doubtful(Item::KeyPermissions, Flaw::Together.code(), Found::default());
        }
        Ok(())
    }

    async fn index(&mut self) -> Result<(), Error> {
        let item = Item::IndexAgrees;
        let Some((sequence, cases)) = self.options.index else {
            let (chinese, english) = ("没有打开索引。", "the index was not at hand");
            self.progress.tallies.note(item, chinese, english);
            return Ok(());
        };
        if sequence != self.subject.catalogue.sequence().await? {
            self.progress.tallies.of(item).unable += 1;
            self.progress.tallies.note(
                item,
                "索引尚未跟上目录库，请运行 juanzong-indexer watch 或 reindex。",
                "the index is behind the catalogue: run juanzong-indexer watch or reindex",
            );
            return Ok(());
        }
        let counted = self.subject.catalogue.counts().await?.cases;
        self.progress.checked(item);
        if counted != cases {
            let found = Found {
                detail: Some(format!("{cases} / {counted}")),
                ..Found::default()
            };
            self.progress.failed(item, Flaw::IndexDiffers, found);
        }
        Ok(())
    }
}

fn inside(inner: &Path, outer: &Path) -> bool {
    match (fs::canonicalize(inner), fs::canonicalize(outer)) {
        (Ok(inner), Ok(outer)) => inner.starts_with(outer),
        _ => false,
    }
}
