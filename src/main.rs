//! The server and administration program; see [`juanzong::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    juanzong::cli::run()
}
