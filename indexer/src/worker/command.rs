//! `juanzong-indexer worker`: not for people; the pool starts it.

use clap::Args;

use super::protocol::FrameError;
use super::serve::serve;
use crate::ocr::Engine;

/// Options of the hidden subcommand `worker`.
#[derive(Args, Clone, Debug)]
pub struct WorkerArgs {
    /// The recogniser.
    #[arg(long, value_enum, default_value_t)]
    pub engine: Engine,
    /// Address space of the process in MiB.
    #[arg(long)]
    pub memory_limit_mib: Option<u64>,
    /// CPU time of the process in seconds.
    #[arg(long)]
    pub cpu_limit_seconds: Option<u64>,
}

/// Why a worker could not serve.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The limits of the process could not be set.
    #[error("cannot limit this process")]
    Limit(#[source] std::io::Error),
    /// The parent could not be understood.
    #[error("the parent cannot be understood")]
    Protocol(#[from] FrameError),
}

/// Limits the process and serves the parent on standard input and output until it goes away.
pub fn run(args: &WorkerArgs) -> Result<(), WorkerError> {
    limit(args).map_err(WorkerError::Limit)?;
    serve(args.engine, std::io::stdout())?;
    Ok(())
}

fn limit(args: &WorkerArgs) -> std::io::Result<()> {
    use rlimit::{Resource, setrlimit};
    // A core dump would put documents on the disk.
    setrlimit(Resource::CORE, 0, 0)?;
    if let Some(mib) = args.memory_limit_mib {
        let bytes = mib.saturating_mul(1 << 20);
        setrlimit(Resource::AS, bytes, bytes)?;
    }
    if let Some(seconds) = args.cpu_limit_seconds {
        setrlimit(Resource::CPU, seconds, seconds)?;
    }
    Ok(())
}
