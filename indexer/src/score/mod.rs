//! How well a page was read, against its truth: errors, lines, fields, confusions, and how far a stated confidence can
//! be believed.
//!
//! Text is compared after folding ([`fold()`]), because full-width and half-width forms, brackets and dashes of one kind
//! say the same to a search. The same figures come out of the project's Python scorer; the tests hold values of both.

mod confusion;
mod edit;
mod fold;
mod isotonic;
mod page;
mod reliability;
#[cfg(test)]
mod tests;
mod truth;

pub use confusion::Confusions;
pub use edit::{Change, Edit, align, align_inside, distance};
pub use fold::{fold, strict};
pub use isotonic::Calibration;
pub use page::{FIELDS, PageScore, Summary};
pub use reliability::{Bin, Observation, Observations, expected_error, table};
pub use truth::{Truth, TruthError, TruthLine};
