//! The indexer program.
fn main() {}
