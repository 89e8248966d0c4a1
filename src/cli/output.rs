//! Where exports go: standard output, or a file that appears when it is complete.

use std::fs::Permissions;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::NamedTempFile;

use super::failure::Failure;

/// A file under a hidden name beside its place; removed when it is dropped before [`Self::publish`].
pub(super) struct OutputFile(BufWriter<NamedTempFile>);

impl OutputFile {
    /// Begins a file that will be `target`.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        let folder = match target.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let unfinished = tempfile::Builder::new()
            .prefix(".juanzong-")
            .suffix(".part")
            // As any new file: what the user's mask leaves of it.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        Ok(Self(BufWriter::with_capacity(256 << 10, unfinished)))
    }

    /// Forces the file to disk and gives it its name, in place of a file that has it.
    pub(super) fn publish(self, target: &Path) -> io::Result<()> {
        let unfinished = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(target).map_err(|e| e.error)?;
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Refuses to fill a screen with what is no text.
pub(super) fn check_terminal(out: Option<&Path>, is_text: bool) -> Result<(), Failure> {
    if out.is_none() && !is_text && io::stdout().is_terminal() {
        return Err(Failure::NoOutput);
    }
    Ok(())
}

/// Runs a command until it ends or somebody wants it to stop; what it had begun to write is removed then.
pub(super) async fn until_interrupted<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(Failure::Runtime)?;
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
        _ = terminate.recv() => Err(Failure::Interrupted),
    }
}
