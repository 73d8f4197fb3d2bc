//! Replays the recorded exchanges of tests/contract/ against a server of this binary.

use std::collections::HashMap;
use std::path::Path;

use doorward::types::Password;

use crate::contract::{Case, Corpus, Target};
use crate::server::{SIGNING_KEY, TestServer};

/// What this doorward does not serve yet: whole paths, and one method of a path it serves
/// otherwise. A case that calls one of them is listed by name and not carried out.
const PATHS_TO_COME: &[&str] = &["/api/register", "/api/user/change-password"];
const METHODS_TO_COME: &[(&str, &str)] = &[("PUT", "/api/user")];

fn is_pending(case: &Case) -> bool {
    case.endpoints().iter().any(|(method, path)| {
        METHODS_TO_COME.contains(&(method.as_str(), path.as_str()))
            || PATHS_TO_COME.iter().any(|to_come| path == to_come || path.starts_with(&format!("{to_come}/")))
    })
}

fn corpus() -> Corpus {
    Corpus::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/cases"))
}

#[test]
fn every_recorded_exchange_of_what_is_built_comes_out_the_same() {
    let corpus = corpus();
    let server = TestServer::with(&[("limits.enabled", "false")]);
    let mut ids = HashMap::new();
    for user in &corpus.users {
        let id = server.add_as(&user.username, &user.email, |account| {
            account.password = Password::new(user.password.clone());
            account.is_email_confirmed = user.confirmed;
            account.is_active = user.active;
        });
        ids.insert(user.key.clone(), id.get());
    }
    let target = Target { addr: server.address, signing_key: SIGNING_KEY.to_owned(), ids, reference: false };
    let (pending, due): (Vec<&Case>, Vec<&Case>) = corpus.cases().partition(|case| is_pending(case));
    let mut failed = Vec::new();
    for case in &due {
        if let Err(differences) = corpus.replay(&target, case) {
            failed.push(format!("{case}: {}", differences.join("; ")));
        }
    }
    println!(
        "contract: {} passed, {} failed, {} wait for their endpoints:",
        due.len() - failed.len(),
        failed.len(),
        pending.len()
    );
    for case in &pending {
        println!("  pending: {case}");
    }
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), due.len(), failed.join("\n"));
    assert!(due.len() >= 100, "only {} cases were due", due.len());
}

#[test]
fn nothing_is_pending_but_what_calls_a_later_endpoint() {
    let corpus = corpus();
    for case in corpus.cases() {
        let theme = case.name.split('/').next().unwrap();
        let expected = match theme {
            "register" | "change-password" => true,
            "user" => {
                case.name.starts_with("user/put")
                    || case.name == "user/get-after-put"
                    || case.name == "user/is-email-confirmed-cannot-be-put"
            }
            _ => {
                ["login-json/just-registered", "http/method/get-register", "http/slash/change-password-with"]
                    .contains(&case.name.as_str())
            }
        };
        assert_eq!(is_pending(case), expected, "{}", case.name);
    }
}
