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
fn every_seed_of_the_api_key_holds() {
    replay("api_key", properties::api_key);
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
fn every_seed_of_the_logos_holds() {
    replay("logo_svg", properties::logo_svg);
}

#[test]
fn every_seed_of_the_signing_keys_holds() {
    replay("signing_key", properties::signing_key);
}

#[test]
fn every_seed_of_the_words_of_mails_holds() {
    replay("mail_words", properties::mail_words);
}

#[test]
fn every_seed_of_the_next_urls_holds() {
    replay("next_url", properties::next_url);
}

#[test]
fn every_seed_of_the_forms_of_pages_holds() {
    replay("page_form", properties::page_form);
}

#[test]
fn every_seed_of_the_lanes_holds() {
    replay("lanes", properties::lanes);
}

/// Values at which parsers stumble.
const TOKENS: [&[u8]; 16] = [
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"9223372036854775808",
    b"1e999",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"true",
    b"\"\"",
    b"$",
    b",",
    b"\xff",
    b"\n",
    b"[[",
    b"0000-00-00",
];

/// A change at a place, as a share of the length: what is taken away, and what comes there.
fn mutation() -> impl Strategy<Value = (f64, usize, Vec<u8>)> {
    let inserted = prop_oneof![
        prop::sample::select(TOKENS.to_vec()).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    (0.0..1.0, prop_oneof![Just(0), 1..4usize, 1..200usize], inserted)
}

/// A seed of a target with some changes.
fn mutated(target: &str, seed: prop::sample::Index, mutations: &[(f64, usize, Vec<u8>)]) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut seeds: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    seeds.sort_unstable();
    let mut bytes = fs::read(seed.get(&seeds)).unwrap();
    for (place, taken, inserted) in mutations {
        let start = (bytes.len() as f64 * place) as usize;
        let end = (start + taken).min(bytes.len());
        bytes.splice(start..end, inserted.iter().copied());
    }
    bytes
}

proptest! {
    #[test]
    fn a_changed_file_of_users_and_a_changed_hash_hold(
        seed in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        properties::import_file(&mutated("import_file", seed, &mutations));
        properties::password_hash(&mutated("password_hash", seed, &mutations));
    }
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
