//! Standard output: what a command was asked for. A disk that takes no more is an error; a
//! reader that has seen enough, such as `head`, is none.

use std::io::{self, Write as _};

use super::error::CliError;
use crate::types::single_line;

/// Prints a line.
pub(crate) fn line(text: &str) -> Result<(), CliError> {
    part(&format!("{text}\n"))
}

/// Prints a line that holds what people wrote: nothing in it moves the cursor or reorders the line.
pub(crate) fn told(text: &str) -> Result<(), CliError> {
    line(&single_line(text))
}

/// Prints a text without a line's end.
pub(crate) fn part(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => CliError::reader_left(),
        _ => CliError::failed(
            format!("cannot write to standard output: {error}"),
            "what the command changes is done all the same",
        ),
    })
}
