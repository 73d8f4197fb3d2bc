//! Replays the exchanges of tests/dialects/ against a server of this binary.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use doorward::testing::types::Password;

use crate::contract::{Case, Corpus, Target};
use crate::outbox;
use crate::server::{SIGNING_KEY, TestServer};

/// The settings of every server that the cases are replayed against.
const SETTINGS: [(&str, &str); 3] =
    [("limits.enabled", "false"), ("api.djoser", "/auth"), ("api.dj_rest_auth", "/dj-rest-auth")];

/// How many cases are replayed at once. Most of their time is that of failed logins, which have to wait.
const THREADS: usize = 6;

/// Replays all versions of a variant; `settings` are those by which this server is like it. Answers how many cases each
/// version has that differ from those of the first, and the failures.
fn replay(package: &str, variant: &str, settings: &[(&str, &str)]) -> (usize, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects");
    let settings: Vec<(&str, &str)> = SETTINGS.iter().chain(settings).copied().collect();
    let (mut played, mut failed) = (0, Vec::new());
    for file in files(&root.join(package), variant) {
        let corpus = Corpus::of(&root.join("fixtures.json"), &[file]);
        let target = target(TestServer::with(&settings), &corpus);
        let one = |case: &&Case| {
            let differences = corpus.replay(&target, case).err()?;
            Some(format!("{case}: {}", differences.join("; ")))
        };
        let cases: Vec<_> = corpus.cases().collect();
        played += cases.len();
        failed.extend(thread::scope(|scope| {
            let chunks = cases.chunks(cases.len().div_ceil(THREADS).max(1));
            let threads: Vec<_> = chunks
                .map(|chunk| scope.spawn(|| chunk.iter().filter_map(one).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        }));
    }
    (played, failed)
}

/// The files of a variant, one for each version.
fn files(package: &Path, variant: &str) -> Vec<PathBuf> {
    let versions = fs::read_dir(package).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = versions
        .map(|version| version.join(format!("{variant}.json")))
        .filter(|file| file.exists())
        .collect();
    files.sort();
    files
}

/// The server with the users of the cases.
fn target(server: TestServer, corpus: &Corpus) -> Target {
    let mut ids = HashMap::new();
    for user in &corpus.users {
        let id = server.add_as(&user.username, &user.email, |account| {
            account.password = Password::new(user.password.clone());
            account.is_email_confirmed = user.confirmed;
            account.is_active = user.active;
        });
        ids.insert(user.key.clone(), id.get());
    }
    Target {
        addr: server.address,
        signing_key: SIGNING_KEY.to_owned(),
        ids,
        reference: false,
        mailed: Some(Box::new(move |name, part| mailed(&server, name, part))),
    }
}

/// A part of the last link that was mailed to an address with this name.
fn mailed(server: &TestServer, name: &str, part: &str) -> Result<String, String> {
    outbox::wait_for_mail_requests(server);
    let lines = server.database().lines(&format!(
        "SELECT secret || ' ' || params AS line FROM mails \
         WHERE recipient LIKE '%{name}%' AND secret IS NOT NULL ORDER BY id"
    ));
    let (key, params) = lines.last().and_then(|line| line.split_once(' ')).ok_or("no mail")?;
    if part != "uid" {
        return Ok(key.to_owned());
    }
    let params: serde_json::Value = serde_json::from_str(params).map_err(|error| error.to_string())?;
    params["uid"].as_str().map(str::to_owned).ok_or_else(|| format!("no uid in {params}"))
}

fn assert_equal(package: &str, variant: &str, settings: &[(&str, &str)], least: usize) {
    let (played, failed) = replay(package, variant, settings);
    println!("{variant}: {} passed, {} failed", played - failed.len(), failed.len());
    assert!(failed.is_empty(), "{} of {played} cases differ:\n{}", failed.len(), failed.join("\n"));
    assert!(played >= least, "only {played} cases were there");
}

#[test]
fn djoser_has_the_same_answers() {
    assert_equal("djoser", "djoser", &[], 500);
}

#[test]
fn djoser_with_activation_has_the_same_answers() {
    // An account that is not activated cannot log in.
    assert_equal("djoser", "djoser-activation", &[("registration.hide_existing", "true")], 60);
}

#[test]
fn dj_rest_auth_has_the_same_answers() {
    assert_equal("dj-rest-auth", "dj-rest-auth", &[], 600);
}

#[test]
fn dj_rest_auth_with_verification_has_the_same_answers() {
    assert_equal("dj-rest-auth", "dj-rest-auth-mandatory", &[("registration.hide_existing", "true")], 14);
}
