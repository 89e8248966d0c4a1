//! A finding, and how a rule writes it down.

use super::{Detail, Rule, Severity};

/// What a rule found, before it has an identifier.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    /// Tells it from every other finding of the rule, now and when it is found again.
    pub(super) subject: String,
    /// The cases that show it, the first the one it is about.
    pub(super) cases: Vec<u64>,
    pub(super) detail: Detail,
    /// The agency and year it is about, where that is not those of the first case.
    pub(super) place: Option<(u32, u32)>,
    /// Whether it is the same finding when other cases show it.
    pub(super) of_many: bool,
}

impl Draft {
    /// A finding about some cases.
    pub(super) fn new(rule: Rule, subject: impl Into<String>, cases: Vec<u64>, detail: Detail) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            subject: subject.into(),
            cases,
            detail,
            place: None,
            of_many: false,
        }
    }

    /// The same, to be checked first when something it rests on is doubtful.
    pub(super) fn doubtful(mut self, doubtful: bool) -> Self {
        if doubtful {
            self.severity = Severity::Check;
        }
        self
    }

    /// The same, of another severity.
    pub(super) fn of(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same, of an agency and year as a whole.
    pub(super) fn of_place(mut self, agency: u32, year: u32) -> Self {
        self.place = Some((agency, year));
        self.of_many = true;
        self
    }
}

/// Bytes of an identifier.
pub(super) const ID_BYTES: usize = 10;

/// A finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// How grave.
    pub severity: Severity,
    pub(super) id: [u8; ID_BYTES],
    /// Keys of the cases that show it, the first the one it is about.
    pub cases: Box<[u64]>,
    /// What it says.
    pub detail: Detail,
    /// Number of the agency's name.
    pub(super) agency: Option<u32>,
    /// Year (年度) it is about.
    pub year: Option<u32>,
    pub(super) of_many: bool,
}

impl Finding {
    /// Its identifier: the same when it is found again in this archive.
    pub fn id(&self) -> String {
        hex::encode(self.id)
    }

    /// What somebody who dismisses it has seen: with other cases it is to be looked at again. Findings about an agency as a
    /// whole stay what they are when cases are added.
    pub fn state(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        hash.update(self.rule.code());
        if !self.of_many {
            let mut cases = self.cases.to_vec();
            cases.sort_unstable();
            for case in cases {
                hash.update(case.to_le_bytes());
            }
        }
        hex::encode(hash.finalize().iter().take(ID_BYTES).copied().collect::<Vec<u8>>())
    }

    /// Bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.cases.len() * size_of::<u64>() + 32
    }
}
