//! Integration tests of the indexer: one binary.
#![allow(clippy::unwrap_used, clippy::expect_used)] // clippy.toml allows them in test functions, not in helpers beside them

mod reading;
mod support;
