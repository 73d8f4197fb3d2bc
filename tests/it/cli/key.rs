//! `doorward key export`.

use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::Place;

const OWN: [&str; 2] = ["--set", "signing_key=a-key-of-the-settings-0123456789-abc"];

#[test]
fn the_key_is_printed_only_on_request_and_the_export_is_in_the_audit_log() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    place.run(&["key", "export"]).refused(2, &["--out"]);
    assert!(!place.run(&["audit", "list"]).out.contains("key-exported"));
    let printed = place.run(&["key", "export", "--stdout"]);
    assert_eq!((printed.code, STANDARD.decode(printed.out.trim_end()).unwrap().len()), (0, 64));
    assert_eq!(place.run(&["key", "export", "--stdout"]).out, printed.out);
    assert!(place.run(&["audit", "list"]).out.contains("key-exported"));
    let jwk: Value =
        serde_json::from_str(&place.run(&["key", "export", "--stdout", "--format", "jwk"]).out).unwrap();
    let key = URL_SAFE_NO_PAD.encode(STANDARD.decode(printed.out.trim_end()).unwrap());
    assert_eq!(jwk, json!({"kty": "oct", "alg": "HS256", "use": "sig", "k": key}));
}

#[test]
fn the_key_of_the_settings_is_written_into_a_file_that_only_its_owner_reads() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let export = |more: &[&str]| place.run(&[&["key", "export", "--format", "raw"], more, &OWN[..]].concat());
    assert_eq!(export(&["--out", "key"]).code, 0);
    let file = place.path().join("key");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "a-key-of-the-settings-0123456789-abc");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    export(&["--out", "key"]).refused(1, &["cannot write key", "overwrites nothing"]);
    export(&["--out", "nowhere/key"]).refused(1, &["cannot write nowhere/key"]);
    export(&["--out", "other", "--stdout"]).refused(2, &["cannot be used with"]);
}
