//! The fuzzers' properties, held against their seeds with every test run.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/properties.rs"]
mod properties;

fn replay(target: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        property(&fs::read(file.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 10, "only {count} seeds for {target}");
}

#[test]
fn every_seed_of_the_login_body_holds() {
    replay("login_body", properties::login_body);
}

#[test]
fn every_seed_of_the_access_token_holds() {
    replay("access_token", properties::access_token);
}

#[test]
fn every_seed_of_the_password_hash_holds() {
    replay("password_hash", properties::password_hash);
}

#[test]
fn every_seed_of_the_lanes_holds() {
    replay("lanes", properties::lanes);
}
