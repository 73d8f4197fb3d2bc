//! How the command line comes by a password: from standard input or a prompt without echo,
//! never from an argument, which others can see.

use std::io::{self, IsTerminal as _, Read as _};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::error::CliError;
use crate::accounts::Rules;
use crate::types::{Password, trimmed};

/// How much is read from standard input, in bytes: more than any password.
const LONGEST_INPUT: u64 = 64 * 1024;

/// Reads the password that a command needs.
pub(crate) async fn read(from_stdin: bool, rules: Rules) -> Result<Password, CliError> {
    let typed = if from_stdin { piped()? } else { prompted().await? };
    // As the API does at login: what it trims could never be typed there.
    let password = trimmed(&typed);
    let refused = |why: &str| Err(CliError::failed(why, ""));
    if password.is_empty() {
        return refused("the password is empty");
    }
    if password.contains('\0') {
        return refused("the password holds a NUL character, which no login accepts");
    }
    if rules == Rules::Enforced && password.chars().count() > Password::MAX_CHARS {
        return refused("the password is too long. It may have at most 128 characters.");
    }
    Ok(Password::new(password.to_owned()))
}

fn piped() -> Result<Zeroizing<String>, CliError> {
    let mut text = Zeroizing::new(String::new());
    let read = io::stdin().take(LONGEST_INPUT + 1).read_to_string(&mut text).map_err(cannot_read)?;
    if read as u64 > LONGEST_INPUT {
        return Err(CliError::failed("what standard input holds is too long for a password", ""));
    }
    Ok(text)
}

/// Asks twice. Ctrl-C at a prompt would leave the terminal without echo: so it is caught, and the
/// terminal is put back as it was.
async fn prompted() -> Result<Zeroizing<String>, CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::usage(
            "there is no terminal to ask for a password",
            "pipe it in and say --password-stdin",
        ));
    }
    let before = rustix::termios::tcgetattr(io::stdin()).ok();
    let (answer, answered) = oneshot::channel();
    // A thread of its own, that nobody waits for: it may sit in a read for ever.
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
    let once = ask("Password: ")?;
    let again = ask("Password again: ")?;
    if once == again { Ok(once) } else { Err(CliError::failed("the two passwords differ", "")) }
}

fn cannot_read(error: io::Error) -> CliError {
    CliError::failed(format!("cannot read the password: {error}"), "")
}
