//! The properties of the fuzz targets, checked with their seeds.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use properties::job_mix::{arrival, expected, first_difference, run};
use proptest::prelude::*;

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
fn every_seed_of_the_import_file_holds() {
    replay("import_file", properties::import_file);
}

#[test]
fn every_seed_of_the_forwarded_addresses_holds() {
    replay("forwarded_for", properties::forwarded_for);
}

#[test]
fn every_seed_of_the_request_framing_holds() {
    replay("request_framing", properties::request_framing);
}

#[test]
fn every_seed_of_the_identifiers_holds() {
    replay("identifiers", properties::identifiers);
}

#[test]
fn every_seed_of_the_lanes_holds() {
    replay("lanes", properties::lanes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_mix_of_jobs_gives_the_digests_of_the_bcrypt_crate(
        bytes in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        prop_assert_eq!(first_difference(&bytes, 4), None);
    }
}

#[test]
fn a_wrong_digest_is_noticed() {
    let job = || arrival(0, 4, &mut [0u8; 40].into_iter());
    let mut wrong = job();
    wrong.task.salt[15] ^= 1;
    let digests = run(VecDeque::from([job(), wrong]));
    assert_eq!(digests.first(), Some(&expected(&job())));
    assert_ne!(digests.get(1), Some(&expected(&job())));
}
