//! Standard output. A full disk is an error; a reader that closes the output, such as `head`, is not.

use std::io::{self, Write as _};

use super::error::CliError;
use crate::types::single_line;

/// Prints a line.
pub(super) fn line(text: &str) -> Result<(), CliError> {
    part(&format!("{text}\n"))
}

/// Prints a line with text that users wrote: nothing in it moves the cursor or reorders the line.
pub(super) fn escaped_line(text: &str) -> Result<(), CliError> {
    line(&single_line(text))
}

/// Prints a text without a line break.
pub(super) fn part(text: &str) -> Result<(), CliError> {
    bytes(text.as_bytes())
}

/// Prints a text that users wrote, without a line break.
pub(super) fn escaped_part(text: &str) -> Result<(), CliError> {
    part(&single_line(text))
}

/// Prints bytes as they are.
pub(super) fn bytes(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => CliError::output_closed(),
        _ => CliError::failed(
            format!("cannot write to standard output: {error}"),
            "the changes of the command are done nevertheless",
        ),
    })
}
