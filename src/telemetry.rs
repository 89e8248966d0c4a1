//! Logging, to standard error.
//!
//! What people search for and what stands in the files is personal and never logged. A panic may carry a piece of
//! text in its message, so only its place is reported.

use std::io::IsTerminal;
use std::panic;

use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Why logging could not be started.
#[derive(Debug, Error)]
pub enum Error {
    /// The filter cannot be read.
    #[error("`{filter}` is not a log filter, such as `warn,juanzong=info`")]
    Filter {
        /// What was given.
        filter: String,
        /// Why not.
        #[source]
        source: ParseError,
    },
    /// Something else logs already.
    #[error("logging was started twice")]
    Started(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Starts logging with a filter in the form of `RUST_LOG`.
///
/// # Errors
/// When the filter cannot be read, or logging runs already.
pub fn start(filter: &str) -> Result<(), Error> {
    let parsed = EnvFilter::try_new(filter).map_err(|source| Error::Filter {
        filter: filter.to_owned(),
        source,
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init()
        .map_err(Error::Started)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // A message without arguments is a literal of the program and holds no data.
        let message = panic.payload().downcast_ref::<&'static str>().copied();
        tracing::error!(place, message = message.unwrap_or("(not shown)"), "panicked");
    }));
    Ok(())
}

/// An error and its causes on one line, for the log.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
