//! How the command line comes by a password: from standard input or a prompt without echo,
//! never from an argument, which others can see.

use std::io::{IsTerminal as _, Read as _};

use zeroize::Zeroizing;

use super::error::CliError;
use crate::types::{Password, trimmed};

/// More than any password, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Reads the password that a command needs.
pub fn read(from_stdin: bool) -> Result<Password, CliError> {
    let typed = if from_stdin { piped()? } else { prompted()? };
    // As the API does at login: what it trims could never be typed there.
    let password = trimmed(&typed);
    if password.is_empty() {
        return Err(CliError::failed("the password is empty", ""));
    }
    if password.contains('\0') {
        return Err(CliError::failed("the password holds a NUL character, which no login accepts", ""));
    }
    Ok(Password::new(password.to_owned()))
}

fn piped() -> Result<Zeroizing<String>, CliError> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().take(LONGEST).read_to_string(&mut text).map_err(|error| {
        CliError::failed(format!("cannot read the password from standard input: {error}"), "")
    })?;
    Ok(text)
}

fn prompted() -> Result<Zeroizing<String>, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage(
            "there is no terminal to ask for a password",
            "pipe it in and say --password-stdin",
        ));
    }
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map(Zeroizing::new)
            .map_err(|error| CliError::failed(format!("cannot read the password: {error}"), ""))
    };
    let once = ask("Password: ")?;
    let again = ask("Password again: ")?;
    if once == again { Ok(once) } else { Err(CliError::failed("the two passwords differ", "")) }
}
