//! The indexer program.

use clap::{Parser, Subcommand};

/// Reads scanned approval case files into the catalogue and the index.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes invented case files with their truth
    Sample(juanzong_indexer::sample::command::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Sample(args) => juanzong_indexer::sample::command::run(args),
    }
}
