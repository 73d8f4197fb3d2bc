//! The asynchronous runtime of a command that does not serve.

use super::error::CliError;

/// Runs the asynchronous part of a command on this thread.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed(format!("cannot start: {error}"), ""))?
        .block_on(work)
}
