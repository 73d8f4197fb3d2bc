//! Replays the recorded exchanges of tests/contract/ against a server of this binary.

use std::collections::HashMap;
use std::path::Path;

use doorward::testing::types::Password;

use crate::contract::{Corpus, Target};
use crate::server::{SIGNING_KEY, TestServer};

#[test]
fn every_recorded_exchange_has_the_same_answer() {
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
