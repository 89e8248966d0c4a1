//! Findings: what in an archive contradicts a rule, itself, or its own habits, with the cases that show it.
//!
//! One pass goes through a small row of each case ([`crate::catalogue::CaseRow`]); every rule keeps what it needs of them and
//! tells at the end what it found. A rule takes at most some 70 bytes of a case, so that memory is bounded by the number of
//! cases and a million of them takes some 150 MiB while they are gone through.
//!
//! Nothing is told but of cases that the viewer may see; numbers of a series only to who sees all of it.

mod applicants;
mod detail;
mod draft;
mod examine;
mod names;
mod rule;
mod rules;
mod seen;
mod series;
mod significance;
mod similar;

pub use detail::Detail;
pub use draft::Finding;
pub use examine::{Error, Examination, Findings, Parameters, Reference};
pub use rule::{JUMP, Rule, Severity};
pub use series::{NumberKind, NumberSeries};
