//! What doorward never does: start a program, send a request to a URL, run text as code, keep data in a browser.

use std::fs;
use std::path::Path;

use super::assert_none;
use super::source::{Source, sources};

/// Crates that send HTTP requests.
const HTTP_CLIENTS: &[&str] = &["attohttpc", "awc", "curl", "hyper", "isahc", "reqwest", "ureq"];

/// What a script would need to run text as code or as markup, and to keep data.
const IN_SCRIPTS: &[&str] = &[
    "eval(",
    "Function(",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "document.cookie",
    "localStorage",
    "sessionStorage",
    "indexedDB",
];

fn starts_a_program(source: &Source) -> bool {
    ["process::Command", "Command::new(", "execvp"].iter().any(|call| source.product.contains(call))
}

fn clients(lock: &str) -> Vec<String> {
    let is_locked = |name: &str| lock.lines().any(|line| line == format!("name = \"{name}\""));
    HTTP_CLIENTS.iter().filter(|name| is_locked(name)).map(|name| (*name).to_owned()).collect()
}

fn dangers(script: &str) -> Vec<&'static str> {
    IN_SCRIPTS.iter().copied().filter(|danger| script.contains(danger)).collect()
}

#[test]
fn no_program_is_started() {
    let wrong: Vec<String> =
        sources().into_iter().filter(starts_a_program).map(|source| format!("src/{}", source.path)).collect();
    assert_none("no file of src/ starts a program", &wrong);
}

#[test]
fn no_http_client_is_linked() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    assert_none("no crate sends HTTP requests", &clients(&fs::read_to_string(lock).unwrap()));
}

#[test]
fn no_script_runs_text_or_keeps_data() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("static")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "js") {
            let found = dangers(&fs::read_to_string(&path).unwrap());
            wrong.extend(found.into_iter().map(|danger| format!("{}: {danger}", path.display())));
            read += 1;
        }
    }
    assert_none("a script neither runs text nor keeps data", &wrong);
    assert!(read > 0, "no script was found");
}

#[test]
fn what_may_not_be_is_noticed() {
    assert!(starts_a_program(&Source::new("x.rs", "use std::process::Command;")));
    assert!(!starts_a_program(&Source::new("x.rs", "use std::process::ExitCode;")));
    assert_eq!(clients("name = \"hyper\"\nname = \"hyper-util\"\n"), ["hyper"]);
    assert_eq!(dangers("localStorage.x = eval(y)"), ["eval(", "localStorage"]);
}
