//! Checks a chain from its first entry to its last.

use std::collections::BTreeMap;

use super::{Checkpoint, SealedEntry};
use crate::record::closed_list;

closed_list! {
    /// What is wrong with a chain.
    FindingKind {
        /// The entry is not what it was when it was written.
        Changed = "changed", "条目被改动", "The entry was changed", [];
        /// Entries are missing before this one.
        Missing = "missing", "此条目之前有条目缺失", "Entries before this one are missing", [];
        /// The entry does not follow the one before it: it was put in or moved, or that one was.
        OutOfPlace = "out_of_place", "条目被插入或移动", "The entry was put in or moved", [];
        /// The chain was another one when the checkpoint was signed.
        NotTheSigned = "not_the_signed", "与检查点所签不符", "It is not what the checkpoint signs", [];
        /// The entry that a checkpoint signs, and all after it, are missing.
        Truncated = "truncated", "日志末尾被截去", "The end of the log was cut off", [];
        /// A checkpoint is not signed by a key that is trusted.
        ForgedCheckpoint = "forged_checkpoint", "检查点签名无效", "The signature of a checkpoint is not valid", [];
        /// There are entries and no checkpoint; the first entry is always signed.
        NoCheckpoint = "no_checkpoint", "没有有效的检查点", "There is no valid checkpoint", [];
    }
}

/// Something that is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainFinding {
    /// What.
    pub kind: FindingKind,
    /// Place in the chain: of the entry, or the one that a checkpoint names.
    pub sequence: u64,
}

/// Takes the entries of a chain one after the other, in the order in which they are kept.
#[derive(Debug)]
pub struct Verifier {
    /// Hashes that valid checkpoints sign.
    signed: BTreeMap<u64, Vec<String>>,
    last: Option<(u64, [u8; 32])>,
    findings: Vec<ChainFinding>,
}

impl Verifier {
    /// For a chain with these checkpoints, from wherever they are kept. Only those that one of the `trusted` public keys
    /// signed count.
    pub fn new(checkpoints: impl IntoIterator<Item = Checkpoint>, trusted: &[String]) -> Self {
        let mut signed: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        let mut findings = Vec::new();
        for checkpoint in checkpoints {
            if checkpoint.is_signed(trusted) {
                signed.entry(checkpoint.sequence).or_default().push(checkpoint.hash);
            } else {
                findings.push(ChainFinding {
                    kind: FindingKind::ForgedCheckpoint,
                    sequence: checkpoint.sequence,
                });
            }
        }
        Self {
            signed,
            last: None,
            findings,
        }
    }

    /// The next entry.
    pub fn entry(&mut self, sealed: &SealedEntry) {
        let (last, hash) = self.last.unwrap_or((0, [0; 32]));
        let sequence = sealed.sequence;
        let mut found = |kind| self.findings.push(ChainFinding { kind, sequence });
        if sequence > last + 1 {
            found(FindingKind::Missing);
        } else if sequence <= last || sealed.previous != hash {
            found(FindingKind::OutOfPlace);
        }
        if sealed.computed() != sealed.hash {
            found(FindingKind::Changed);
        }
        if let Some(signed) = self.signed.get(&sequence) {
            let own = hex::encode(sealed.hash);
            if signed.iter().any(|hash| *hash != own) {
                found(FindingKind::NotTheSigned);
            }
        }
        self.last = Some((sequence, sealed.hash));
    }

    /// Place of the last entry that a valid checkpoint signs.
    pub fn last_signed(&self) -> Option<u64> {
        self.signed.last_key_value().map(|(sequence, _)| *sequence)
    }

    /// What is wrong, after the last entry.
    pub fn finish(mut self) -> Vec<ChainFinding> {
        let last = self.last.map_or(0, |(last, _)| last);
        match self.last_signed() {
            Some(signed) if signed > last => self.findings.push(ChainFinding {
                kind: FindingKind::Truncated,
                sequence: signed,
            }),
            None if last > 0 => self.findings.push(ChainFinding {
                kind: FindingKind::NoCheckpoint,
                sequence: last,
            }),
            _ => {}
        }
        self.findings
    }
}
