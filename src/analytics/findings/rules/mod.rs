//! The rules, a file each.

mod check_digits;
mod dates;
mod identities;
mod licences;
mod missing;
mod numbering;
mod outcomes;
mod outliers;
mod over_time;
mod refused_granted;
mod retention;
mod scans;

pub(super) use check_digits::CheckDigits;
pub(super) use dates::Dates;
pub(super) use identities::{several_names, several_numbers};
pub(super) use licences::used_after_expiry;
pub(super) use missing::Missing;
pub(super) use numbering::Numbering;
pub(super) use outcomes::Outcomes;
pub(super) use outliers::Outliers;
pub(super) use over_time::OverTime;
pub(super) use refused_granted::refused_then_granted;
pub(super) use retention::Retentions;
pub(super) use scans::{identical_scans, similar_scans};
