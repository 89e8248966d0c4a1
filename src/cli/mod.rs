//! The command line of `juanzong`.
