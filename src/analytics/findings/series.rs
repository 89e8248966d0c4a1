//! A series of numbers as a whole: what of it is used, what is missing, what was given twice.

/// Which number a series is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NumberKind {
    /// 文号
    Document,
    /// 档号
    Archival,
}

impl NumberKind {
    /// The stable code: the name of the field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Document => "document_number",
            Self::Archival => "archival_code",
        }
    }
}

/// A series of numbers: those of one prefix and year, for document numbers also of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSeries {
    /// Of what.
    pub kind: NumberKind,
    /// What stands before the number.
    pub prefix: Box<str>,
    /// Where document numbers are given: a region code, else the name of the agency.
    pub place: Option<Box<str>>,
    /// 审批机关 of its first case.
    pub agency: Option<Box<str>>,
    /// 年度
    pub year: Option<u32>,
    /// The lowest number that is there.
    pub first: u32,
    /// The highest number that is there.
    pub last: u32,
    /// How many numbers are there, each counted once.
    pub present: u32,
    /// Runs of missing numbers, first and last of each, ascending.
    pub missing: Box<[(u32, u32)]>,
    /// Numbers of several cases, ascending, with the keys of the cases.
    pub duplicates: Box<[(u32, Box<[u64]>)]>,
}

impl NumberSeries {
    /// Bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        let cases: usize = self.duplicates.iter().map(|(_, cases)| cases.len() * 8 + 24).sum();
        size_of::<Self>() + self.prefix.len() + self.missing.len() * 8 + cases + 64
    }
}
