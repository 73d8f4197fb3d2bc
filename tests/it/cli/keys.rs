//! `doorward keys`, and keys at rest.

use std::process::Command;

use serde_json::Value;

use super::serve::Serving;
use super::{Place, Said};
use crate::database::{Database, is_postgres, server_or_skip};
use crate::http::Request;

const ES256: [&str; 2] = ["--set", "tokens.algorithm=ES256"];
const DATA_KEY: &str = "a-data-key-of-the-tests-0123456789-abcdef";
const OTHER_DATA_KEY: &str = "another-data-key-of-the-tests-0123456789";

impl Place {
    /// `doorward keys …` with ES256.
    fn keys(&self, arguments: &[&str]) -> Said {
        self.run(&[&["keys"], arguments, &ES256[..]].concat())
    }

    fn listed(&self) -> Vec<Value> {
        let said = self.keys(&["list", "--json"]);
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"))
    }

    /// Writes a private key with openssl; answers whether there is one.
    fn make_pem(&self, name: &str, arguments: &[&str]) {
        let made =
            Command::new("openssl").args(arguments).args(["-out", name]).current_dir(self.path()).output();
        let made = made.unwrap();
        assert!(made.status.success(), "{made:?}");
    }
}

fn with_alice() -> Place {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    place
}

fn kid_in(said: &Said) -> String {
    assert_eq!(said.code, 0, "{said:?}");
    said.out.split_whitespace().find(|word| word.len() == 43).unwrap_or_else(|| panic!("{said:?}")).to_owned()
}

#[test]
fn keys_are_listed_rotated_and_revoked_while_the_server_runs() {
    let place = with_alice();
    let said = place.run(&["keys", "list"]);
    assert!(said.code == 0 && said.out.contains("HS256"), "{said:?}");
    assert_eq!(place.listed(), [] as [Value; 0]);
    let serving = Serving::start(&place, &ES256);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let [signing, hs256] = &place.listed()[..] else { panic!("two keys") };
    assert_eq!((&signing["state"], &signing["algorithm"]), (&"signing".into(), &"ES256".into()));
    assert_eq!((&hs256["kid"], &hs256["state"]), (&"HS256".into(), &"verifying".into()));
    let first = signing["kid"].as_str().unwrap().to_owned();

    let published = kid_in(&place.keys(&["rotate"]));
    place.keys(&["rotate"]).refused(1, &[&published, "--now"]);
    let said = place.keys(&["list"]);
    assert!(said.out.contains(&format!("{published}  ES256  published  signs from 20")), "{said:?}");
    assert_eq!(kid_in(&place.keys(&["rotate", "--now"])), published);
    let user = |token: &str| serving.send(&Request::get("/api/user/").bearer(token)).status;
    assert_eq!(user(&token), 200);
    let said = place.keys(&["revoke", &first]);
    assert_eq!((said.code, said.out.trim_end()), (0, &*format!("revoked {first}: 1 session ends")));
    assert_eq!(user(&token), 401);
    place.keys(&["revoke", &first]).refused(1, &[&first, "gone already"]);
    place.keys(&["revoke", "nothing"]).refused(1, &["there is no key \"nothing\"", "keys list"]);
    let states: Vec<Value> = place.listed().iter().map(|key| key["state"].clone()).collect();
    assert_eq!(states, ["signing", "gone", "verifying"]);
}

#[test]
fn what_hs256_has_no_keys_for_is_refused_with_the_setting() {
    let place = with_alice();
    for arguments in [&["keys", "rotate"][..], &["keys", "rotate", "--now"]] {
        place.run(arguments).refused(2, &["HS256", "tokens.algorithm"]);
    }
    place.run(&["keys", "export-public"]).refused(1, &["HS256"]);
}

#[test]
fn the_public_half_is_printed_for_openssl_and_as_a_jwk() {
    let place = with_alice();
    let kid = kid_in(&place.keys(&["rotate"]));
    let pem = place.keys(&["export-public"]).out;
    std::fs::write(place.path().join("public.pem"), &pem).unwrap();
    place.make_pem("read.pem", &["pkey", "-pubin", "-in", "public.pem"]);
    assert_eq!(std::fs::read_to_string(place.path().join("read.pem")).unwrap(), pem);
    let jwk: Value =
        serde_json::from_str(&place.keys(&["export-public", &kid, "--format", "jwk"]).out).unwrap();
    assert_eq!((&jwk["kid"], jwk.get("d")), (&kid.into(), None));
    place.keys(&["export-public", "nothing"]).refused(1, &["nothing"]);
}

#[test]
fn a_key_of_openssl_is_imported_in_each_form_and_signs() {
    let made: [(&str, &[&str]); 5] = [
        ("ES256", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("ES256", &["ecparam", "-genkey", "-name", "prime256v1"]),
        ("EdDSA", &["genpkey", "-algorithm", "ed25519"]),
        ("RS256", &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ("RS256", &["genrsa", "-traditional"]),
    ];
    for (algorithm, arguments) in made {
        let place = with_alice();
        place.make_pem("key.pem", arguments);
        let set = format!("tokens.algorithm={algorithm}");
        let said = place.run(&["keys", "import", "key.pem", "--set", &set]);
        let kid = kid_in(&said);
        place.run(&["keys", "import", "key.pem", "--set", &set]).refused(1, &[&kid, "known already"]);
        let serving = Serving::start(&place, &["--set", &set]);
        let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!((format!("{:?}", header.alg), header.kid), (algorithm.to_owned(), Some(kid)));
        assert_eq!(serving.send(&Request::get("/api/user/").bearer(&token)).status, 200);
    }
}

#[test]
fn an_imported_key_signs_if_it_is_the_first_or_at_once_and_begins_only_once() {
    let place = Place::on_new(Database::fresh());
    assert_eq!(place.run(&["migrate"]).code, 0);
    let [first, second, third] = ["first.pem", "second.pem", "third.pem"].map(|name| {
        place.make_pem(name, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        name
    });
    let state = |kid: &str| {
        let listed = place.listed();
        listed.iter().find(|key| key["kid"] == kid).unwrap()["state"].as_str().unwrap().to_owned()
    };
    let begun = || {
        let query = "SELECT detail AS line FROM audit WHERE action = 'key-activated' ORDER BY id";
        place.lines(query)
    };
    let first = kid_in(&place.keys(&["import", first, "--now"]));
    assert_eq!((state(&first).as_str(), begun().len()), ("signing", 1));
    let second = kid_in(&place.keys(&["import", second]));
    assert_eq!((state(&first).as_str(), state(&second).as_str()), ("signing", "published"));
    place.keys(&["import", third]).refused(1, &[&second, "published already"]);
    assert_eq!(place.keys(&["revoke", &second]).code, 0);
    let third = kid_in(&place.keys(&["import", third, "--now"]));
    assert_eq!((state(&first).as_str(), state(&third).as_str()), ("verifying", "signing"));
    assert_eq!(begun(), [&first, &third].map(|kid| format!("ES256, {kid}")));

    // Once no pair is left, a new one signs at once.
    for kid in [&first, &third] {
        assert_eq!(place.keys(&["revoke", kid]).code, 0);
    }
    assert_eq!(begun().len(), 3, "the successor begins once");
}

#[test]
fn the_key_of_hs256_is_revoked_only_while_another_signs() {
    let place = with_alice();
    kid_in(&place.keys(&["rotate"]));
    let serving = Serving::start(&place, &[]);
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
    drop(serving);
    place.run(&["keys", "revoke", "HS256"]).refused(1, &["HS256 signs tokens"]);
    let serving = Serving::start(&place, &ES256);
    drop(serving);
    kid_in(&place.keys(&["rotate", "--now"]));
    assert_eq!(place.keys(&["revoke", "HS256"]).code, 0);
}

/// The key of RFC 7517 §A.2, without `use`; its thumbprint is that of RFC 7638 §3.
const JWK: &str = r#"{"kty": "EC", "crv": "P-256", "kid": "elsewhere",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}"#;

#[test]
fn a_json_web_key_is_imported_alone_or_in_a_set_and_refused_by_name() {
    for file in [JWK.to_owned(), format!(r#"{{"keys": [{JWK}]}}"#)] {
        let place = with_alice();
        let write = |text: &str| std::fs::write(place.path().join("key.jwk"), text).unwrap();
        let refused = |text: &str, words: &[&str]| {
            write(text);
            place.keys(&["import", "key.jwk"]).refused(2, words);
        };
        let own = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s";
        refused(
            &JWK.replace("\"kty\"", r#""use": "enc", "kty""#),
            &[own, "use \"enc\"", "take the member out"],
        );
        refused(&JWK.replace("P-256", "P-384"), &["is on P-384", "P-256"]);
        refused(r#"{"keys": []}"#, &["exactly one key"]);
        assert_eq!(place.listed(), [] as [Value; 0]);
        write(&file);
        assert_eq!(kid_in(&place.keys(&["import", "key.jwk"])), own);
        assert_eq!(place.listed()[0]["kid"], own);
    }
}

#[test]
fn a_weak_or_unfitting_key_is_refused_by_name_and_changes_nothing() {
    let place = with_alice();
    place.make_pem("weak.pem", &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    place.make_pem("p384.pem", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]);
    place.make_pem("ed.pem", &["genpkey", "-algorithm", "ed25519"]);
    place.make_pem("public.pem", &["pkey", "-in", "ed.pem", "-pubout"]);
    place.make_pem("encrypted.pem", &["pkey", "-in", "ed.pem", "-aes256", "-passout", "pass:hunter2"]);
    std::fs::write(place.path().join("text"), "hello").unwrap();
    let refused = |file: &str, words: &[&str]| {
        let said = place.keys(&["import", file]);
        said.refused(2, words);
        said.err
    };
    let names_key = |message: String| message.split_whitespace().any(|word| word.len() == 43);
    assert!(names_key(refused("weak.pem", &["1024 bits", "2048"])));
    assert!(names_key(refused("p384.pem", &["P-384", "P-256"])));
    assert!(names_key(refused("ed.pem", &["EdDSA", "ES256"])));
    refused("public.pem", &["public key"]);
    refused("encrypted.pem", &["encrypted", "openssl pkey"]);
    refused("text", &["PEM"]);
    place.keys(&["import", "missing.pem"]).refused(1, &["missing.pem"]);
    assert_eq!(place.listed(), [] as [Value; 0]);
}

/// The stored private halves, in hexadecimal.
fn stored(place: &Place) -> Vec<String> {
    let hex = if is_postgres() { "encode(private, 'hex')" } else { "lower(hex(private))" };
    place.lines(&format!("SELECT {hex} AS line FROM signing_keys WHERE private IS NOT NULL"))
}

#[test]
fn a_data_key_encrypts_private_keys_and_the_server_does_not_start_without_it() {
    let place = Place::on_new(Database::fresh());
    place.add("alice", "correct-horse-7", &[]);
    let serve = |data_key: Option<&str>| {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
        command.args(ES256);
        command.envs(data_key.map(|key| ("DOORWARD_DATA_KEY", key)));
        command
    };
    // The oid of P-256 is in every clear key.
    let is_clear = |stored: &str| stored.contains("2a8648ce3d030107");
    kid_in(&place.keys(&["rotate"]));
    assert!(stored(&place).iter().all(|key| is_clear(key)));
    let mut serving = Serving::spawn(serve(Some(DATA_KEY)));
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
    assert!(
        !stored(&place).is_empty() && !stored(&place).iter().any(|key| is_clear(key)),
        "encrypted at the start"
    );
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));

    let refused = |data_key| Said::from(serve(data_key).output().unwrap());
    let kid = place.listed()[0]["kid"].as_str().unwrap().to_owned();
    let said = refused(None);
    assert!(
        said.code == 2 && said.err.contains(&kid) && said.err.contains("data_key is not set"),
        "{said:?}"
    );
    let said = refused(Some(OTHER_DATA_KEY));
    assert!(
        said.code == 2 && said.err.contains(&kid) && said.err.contains("cannot be decrypted"),
        "{said:?}"
    );
    let said = refused(Some("short"));
    assert!(said.code == 2 && said.err.contains("5 bytes") && !said.err.contains("short\""), "{said:?}");

    // The way out with a lost data key, also of a key that waits.
    let mut rotate = place.command(&[&["keys", "rotate"], &ES256[..]].concat());
    assert_eq!(Said::from(rotate.env("DOORWARD_DATA_KEY", DATA_KEY).output().unwrap()).code, 0);
    let mut rotate = place.command(&[&["keys", "rotate", "--now"], &ES256[..]].concat());
    let said = Said::from(rotate.env("DOORWARD_DATA_KEY", OTHER_DATA_KEY).output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    let serving = Serving::spawn(serve(Some(OTHER_DATA_KEY)));
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
}

#[test]
fn a_start_without_a_data_key_warns() {
    let place = with_alice();
    let warns = |more: &[&str]| {
        let serving = Serving::start(&place, &[&ES256[..], more].concat());
        serving.greeting.iter().any(|line| line["message"].as_str().unwrap().contains("data_key is not set"))
    };
    assert!(warns(&[]));
    assert!(!warns(&["--set", &format!("data_key={DATA_KEY}")]));
}

#[test]
fn a_backup_and_a_copy_have_the_keys_so_that_earlier_tokens_work_there() {
    let place = with_alice();
    let mut serving = Serving::start(&place, &ES256);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let kids = |place: &Place| place.listed().iter().map(|key| key["kid"].to_string()).collect::<Vec<_>>();
    let known = kids(&place);
    assert_eq!(place.run(&["backup", "copy.db"]).code, 0);
    let copy = Place::sqlite();
    std::fs::copy(place.path().join("copy.db"), copy.path().join("doorward.db")).unwrap();
    assert_eq!(kids(&copy), known);
    let mut places = vec![copy];
    if let Some(server) = server_or_skip() {
        let there = Database::empty_postgres(&server);
        let to = there.url().to_owned();
        let copied = Place::sqlite().run(&[
            "copy",
            "--from",
            &format!("sqlite:{}", place.path().join("copy.db").display()),
            "--to",
            &to,
        ]);
        assert_eq!(copied.code, 0, "{copied:?}");
        places.push(Place::on_new(there));
    }
    for place in places {
        let serving = Serving::start(&place, &ES256);
        assert_eq!(serving.send(&Request::get("/api/user/").bearer(&token)).status, 200);
        assert_eq!(kids(&place), known, "no other key was made");
    }
}
