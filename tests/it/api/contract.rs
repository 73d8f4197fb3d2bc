//! Replays the recorded exchanges of tests/contract/ against a server of this binary.

use std::collections::HashMap;
use std::path::Path;

use doorward::testing::types::Password;

use crate::contract::{Corpus, Target};
use crate::openapi::Description;
use crate::server::{SIGNING_KEY, TestServer};

/// The cases, and a server with their users.
fn recorded() -> (Corpus, TestServer, Target) {
    let corpus = Corpus::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/cases"));
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
    let target = Target {
        addr: server.address,
        signing_key: SIGNING_KEY.to_owned(),
        ids,
        reference: false,
        mailed: None,
    };
    (corpus, server, target)
}

#[test]
fn every_recorded_exchange_has_the_same_answer() {
    let (corpus, _server, target) = recorded();
    let (mut played, mut failed) = (0, Vec::new());
    for case in corpus.cases() {
        played += 1;
        if let Err(differences) = corpus.replay(&target, case) {
            failed.push(format!("{case}: {}", differences.join("; ")));
        }
    }
    println!("contract: {} passed, {} failed", played - failed.len(), failed.len());
    assert!(failed.is_empty(), "{} of {played} cases differ:\n{}", failed.len(), failed.join("\n"));
    assert!(played >= 200, "only {played} cases were there");
}

#[test]
fn every_recorded_exchange_is_one_that_the_openapi_document_describes() {
    let (corpus, server, target) = recorded();
    let document = Description::of(&server);
    let (mut described, mut failed) = (0, Vec::new());
    for case in corpus.cases() {
        let (method, url) = case.asks();
        // DRF answers every method of a path; the document has those that a client would send.
        let Some(path) = document.path_of(url) else { continue };
        let reply = corpus.reply(&target, case).unwrap_or_else(|problem| panic!("{case}: {problem}"));
        let is_declared =
            |other: &str| other.eq_ignore_ascii_case(if method == "HEAD" { "GET" } else { method });
        if !document.operations().any(|(one, other, _)| one == path && is_declared(other)) {
            assert!(
                method == "OPTIONS" || [401, 405, 406].contains(&reply.status),
                "{case}: {}",
                reply.status
            );
            continue;
        }
        described += 1;
        if let Err(problem) = document.check(path, method, &reply) {
            failed.push(format!("{case}: {problem}"));
        }
    }
    println!("openapi: {} described, {} not", described - failed.len(), failed.len());
    assert!(failed.is_empty(), "{} of {described} are not described:\n{}", failed.len(), failed.join("\n"));
    assert!(described >= 170, "only {described} cases were described");
}
