//! The server and administration program.
fn main() {}
