//! What needs eyes (复核): doubts about a case, ranked by what it would cost to be wrong.
//!
//! [`assess()`] looks at a case as it is saved; the catalogue keeps what it finds, so that the queue is one indexed query.
//! A doubt goes away when a correction settles it, or when a person says that it stands as it is.

mod assembly;
mod assess;
mod pages;
mod reason;

#[cfg(test)]
mod tests;

pub use assess::{Doubt, DoubtEvidence, Reviewed, ReviewedDocument, assess};
pub use reason::{ReviewReason, cost_of_field};
