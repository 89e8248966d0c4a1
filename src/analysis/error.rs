//! What can go wrong when an analyser is built.

/// Analysis of text itself never fails; loading the dictionaries can.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {}
