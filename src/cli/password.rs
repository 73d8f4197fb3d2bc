//! Reads a password from standard input or a prompt without echo, never from an argument, which other
//! users of the machine can see.

use std::io::{self, IsTerminal as _, Read as _};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::error::CliError;
use crate::accounts::Rules;
use crate::types::{Password, trimmed};

/// The most bytes that are read from standard input: more than any password has.
const MAX_INPUT: u64 = 64 * 1024;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads the password that a command needs.
pub(super) async fn read(from_stdin: bool, rules: Rules) -> Result<Password, CliError> {
    let typed = if from_stdin { piped()? } else { prompted().await? };
    // The API trims passwords at login, so spaces at the ends could never be typed there.
    let password = trimmed(&typed);
    let refused = |reason: &str| Err(CliError::failed(reason, ""));
    if password.is_empty() {
        return refused("the password is empty");
    }
    if password.contains('\0') {
        return refused("the password contains a NUL character, which no login accepts");
    }
    if rules == Rules::Enforced && password.chars().count() > Password::MAX_CHARS {
        return refused("the password is too long. It may have at most 128 characters.");
    }
    Ok(Password::new(password.to_owned()))
}

fn piped() -> Result<Zeroizing<String>, CliError> {
    let mut text = Zeroizing::new(String::new());
    let read = io::stdin().take(MAX_INPUT + 1).read_to_string(&mut text).map_err(cannot_read)?;
    if read as u64 > MAX_INPUT {
        return Err(CliError::failed("standard input is too long for a password", ""));
    }
    // Editors of Windows begin a text with a byte order mark, which no one types at a login.
    if let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) {
        text = Zeroizing::new(rest.to_owned());
    }
    Ok(text)
}

/// Asks twice. Ctrl-C at a prompt would leave the terminal without echo, so it is caught, and the
/// terminal is restored.
async fn prompted() -> Result<Zeroizing<String>, CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::usage(
            "there is no terminal to ask for a password",
            "pipe the password in, with --password-stdin",
        ));
    }
    let before = rustix::termios::tcgetattr(io::stdin()).ok();
    let (answer, answered) = oneshot::channel();
    // A thread of its own that is never joined: after Ctrl-C it still waits for input.
    std::thread::spawn(move || answer.send(ask_twice()));
    tokio::select! {
        answer = answered => answer.map_err(|_| CliError::failed("cannot read the password", ""))?,
        _ = tokio::signal::ctrl_c() => {
            if let Some(before) = before {
                let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &before);
            }
            Err(CliError::failed("interrupted; nothing was changed", ""))
        }
    }
}

fn ask_twice() -> Result<Zeroizing<String>, CliError> {
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(cannot_read);
    let first = ask("Password: ")?;
    let second = ask("Password again: ")?;
    if first == second { Ok(first) } else { Err(CliError::failed("the two passwords differ", "")) }
}

fn cannot_read(error: io::Error) -> CliError {
    CliError::failed(format!("cannot read the password: {error}"), "")
}
