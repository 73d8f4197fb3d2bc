//! `doorward version`.

use super::error::CliError;
use super::output;

/// Prints the version.
pub(super) fn run() -> Result<(), CliError> {
    output::line(concat!("doorward ", env!("CARGO_PKG_VERSION")))
}
