//! Who sees what. For now: how personal data is masked; roles and visible cases come with the accounts.

pub mod masking;

pub use masking::{Masking, PersonalData};
