//! `doorward import django` and `doorward export`: out of a Django, and back.

mod export;
mod files;
mod sync;
mod tokens;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::serve::Serving;
use super::{Place, Said};
use crate::database::{Database, execute_sqlite, server_or_skip};
use crate::http::Request;

/// The hash of `correct-horse-7` that Django made (`BCryptSHA256PasswordHasher`, 4 rounds).
pub(super) const HASH: &str = "bcrypt_sha256$$2b$04$RmsqO32dNobdC6PsC11YSuvOnRVDywYOEwJXZNo3wBGKV7dT8M2MK";
pub(super) const PASSWORD: &str = "correct-horse-7";

/// The tables of a stock Django with Simple JWT's blacklist, as its migrations create them in SQLite.
const SCHEMA: &str = "
    CREATE TABLE django_migrations (id integer PRIMARY KEY, app varchar(255), name varchar(255));
    CREATE TABLE auth_user (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, password varchar(128) NOT NULL,
        last_login datetime NULL, is_superuser bool NOT NULL, username varchar(150) NOT NULL UNIQUE,
        last_name varchar(150) NOT NULL, email varchar(254) NOT NULL, is_staff bool NOT NULL,
        is_active bool NOT NULL, date_joined datetime NOT NULL, first_name varchar(150) NOT NULL);
    CREATE TABLE auth_group (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(150) NOT NULL UNIQUE);
    CREATE TABLE auth_user_groups (id integer PRIMARY KEY, user_id integer NOT NULL, group_id integer NOT NULL);
    CREATE TABLE token_blacklist_outstandingtoken (id integer PRIMARY KEY, token text NOT NULL,
        created_at datetime, expires_at datetime NOT NULL, user_id integer NULL, jti varchar(255) NOT NULL UNIQUE);
    CREATE TABLE token_blacklist_blacklistedtoken (id integer PRIMARY KEY, blacklisted_at datetime NOT NULL,
        token_id bigint NOT NULL UNIQUE);
    INSERT INTO auth_group VALUES (1, 'Staff'), (2, 'Leser ä');";

/// A Django's database in the folder of a place.
pub(super) struct Django {
    file: PathBuf,
}

impl Django {
    /// With a superuser, a user in a group, two names that differ by case, two blank addresses, and an inactive user.
    pub(super) fn new(place: &Place) -> Self {
        let django = Self { file: place.path().join("django.sqlite3") };
        execute_sqlite(&django.file, SCHEMA);
        django.add(3, "root", "root@example.com", ", is_superuser = 1, is_staff = 1");
        django.add(
            7,
            "Bob",
            "Bob@Example.com",
            ", first_name = 'Bob', last_login = '2026-01-02 03:04:05.678901'",
        );
        django.add(8, "bob", "other@example.com", "");
        django.add(9, "blank1", "", "");
        django.add(12, "blank2", "", ", is_active = 0");
        django.execute("INSERT INTO auth_user_groups VALUES (1, 3, 1), (2, 3, 2), (3, 7, 2)");
        django
    }

    pub(super) fn execute(&self, sql: &str) {
        execute_sqlite(&self.file, sql);
    }

    /// Adds a user, and sets more columns.
    pub(super) fn add(&self, id: i64, name: &str, email: &str, more: &str) {
        self.execute(&format!(
            "INSERT INTO auth_user VALUES ({id}, '{HASH}', NULL, 0, '{name}', '', '{email}', 0, 1, \
             '2020-02-03 04:05:06.789012', ''); \
             UPDATE auth_user SET username = username{more} WHERE id = {id}"
        ));
    }

    pub(super) fn url(&self) -> String {
        format!("sqlite:{}", self.file.display())
    }

    /// `doorward import django` with this database.
    pub(super) fn import(&self, place: &Place, more: &[&str]) -> Said {
        import(place, &self.url(), more)
    }
}

/// `doorward import django SOURCE`.
pub(super) fn import(place: &Place, source: &str, more: &[&str]) -> Said {
    place.run(&[&["import", "django", source], more].concat())
}

/// The output of an import with `--json`.
pub(super) fn said_json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"))
}

/// A count of an import with `--json`.
pub(super) fn count(said: &Said, name: &str) -> u64 {
    said_json(said)["counts"][name].as_u64().unwrap()
}

/// The names of all users, by rising id.
pub(super) fn names(place: &Place) -> Vec<String> {
    let listed: Value = serde_json::from_str(&place.run(&["user", "list", "--json"]).out).unwrap();
    listed.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn without_yes_the_mapping_is_printed_and_nothing_is_imported() {
    let place = Place::sqlite();
    let django = Django::new(&place);
    let said = django.import(&place, &[]);
    assert_eq!(said.code, 0, "{said:?}");
    for line in
        ["table = \"auth_user\"", "# Django's own table of users, 5 rows", "confirmed = \"none\"", "[groups]"]
    {
        assert!(said.out.contains(line), "{line}: {said:?}");
    }
    assert!(said.err.contains("nothing was imported") && said.err.contains("--yes"), "{said:?}");
    assert!(!place.path().join("doorward.db").exists());
    std::fs::write(place.path().join("map.toml"), &said.out).unwrap();
    assert_eq!(django.import(&place, &["--map", "map.toml"]).code, 0, "the output is a mapping");
    assert_eq!(names(&place), ["root", "Bob", "bob", "blank1", "blank2"]);
}

#[test]
fn users_of_a_django_log_in_with_their_ids_and_passwords() {
    let place = Place::new();
    let said = Django::new(&place).import(&place, &["--yes", "--json"]);
    assert_eq!((said.code, count(&said, "created"), count(&said, "left_out")), (0, 5, 0), "{said:?}");
    let serving = Serving::start(&place, &[]);
    for name in ["root", "Bob", "bob", "blank1", "Bob@example.com"] {
        assert_eq!(serving.log_in(name, PASSWORD).status, 200, "{name}");
    }
    assert_eq!(serving.log_in("blank2", PASSWORD).status, 404, "inactive");
    assert_eq!(serving.log_in("bob", "wrong").status, 404);
    let shown: Value = serde_json::from_str(&place.run(&["user", "show", "7", "--json"]).out).unwrap();
    assert_eq!(shown["username"], "Bob");
    let actions = shown["recent"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap());
    assert!(actions.collect::<Vec<_>>().contains(&"imported"), "{shown:#}");
    let root: Value = serde_json::from_str(&place.run(&["user", "show", "root", "--json"]).out).unwrap();
    assert_eq!((root["id"].as_i64(), root["is_admin"].as_bool()), (Some(3), Some(true)));
}

#[test]
fn a_dry_run_creates_no_database() {
    let place = Place::sqlite();
    let django = Django::new(&place);
    let scratch = place.path().join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let mut command = place.command(&["import", "django", &django.url(), "--dry-run", "--json"]);
    let said = Said::from(command.env("TMPDIR", &scratch).output().unwrap());
    assert_eq!((said.code, count(&said, "created")), (0, 5), "{said:?}");
    let left = |folder: &std::path::Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert!(left(&scratch).is_empty(), "{:?}", left(&scratch));
    assert!(
        !left(place.path()).iter().any(|name| name.starts_with("doorward.db")),
        "{:?}",
        left(place.path())
    );
}

#[test]
fn a_dry_run_makes_no_tables_in_an_empty_database() {
    let Some(server) = server_or_skip() else { return };
    let place = Place::on_new(Database::empty_postgres(&server));
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--dry-run"]).code, 0);
    let tables = place.lines("SELECT tablename AS line FROM pg_tables WHERE schemaname = 'public'");
    assert!(tables.is_empty(), "{tables:?}");
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let place = Place::new();
    assert_eq!(place.run(&["migrate"]).code, 0);
    let django = Django::new(&place);
    django.add(20, "carol", "BOB@example.com", "");
    let rehearsed = django.import(&place, &["--dry-run", "--json"]);
    assert_eq!(rehearsed.code, 1, "{rehearsed:?}");
    assert!(names(&place).is_empty());
    let imported = django.import(&place, &["--yes", "--json"]);
    assert_eq!(said_json(&rehearsed)["counts"], said_json(&imported)["counts"]);
    assert_eq!(said_json(&rehearsed)["problems"], said_json(&imported)["problems"]);
}

#[test]
fn a_row_that_is_left_out_is_reported_without_its_hash_and_the_rest_is_imported() {
    let place = Place::new();
    let django = Django::new(&place);
    django.add(20, "carol", "BOB@example.com", "");
    django.add(21, "dora", "dora@example.com", ", is_active = 7");
    django.add(22, " ", "x@example.com", "");
    django.add(23, "eve", "eve@example.com", ", date_joined = 'soon'");
    django.add(24, "fay", "fay@example.com", "");
    let said = django.import(&place, &["--yes"]);
    assert_eq!(said.code, 1, "{said:?}");
    for line in [
        "left-out: row 6, key 20: another user has this email address: user 7",
        "left-out: row 7, key 21: `is_active` is neither true nor false",
        "left-out: row 8, key 22: `username` is empty",
        "left-out: row 9, key 23: `date_joined` is no date",
    ] {
        assert!(said.out.contains(line), "{line}: {said:?}");
    }
    assert!(said.err.contains("4 rows were left out"), "{said:?}");
    assert!(!said.out.contains("bcrypt") && !said.err.contains("bcrypt"), "{said:?}");
    assert_eq!(names(&place).last().map(String::as_str), Some("fay"));
}

#[test]
fn an_unknown_column_or_key_of_a_mapping_is_wrong_usage_with_the_nearest_name() {
    let place = Place::sqlite();
    let django = Django::new(&place);
    let base = "[users]\ntable = \"auth_user\"\nid = \"id\"\nusername = \"username\"\n";
    for (more, message) in [
        (
            "email = \"e_mail\"\n",
            "`users.email` of the mapping names the column `e_mail`, which `auth_user` does not have; did you mean `email`?",
        ),
        ("attributes = [\"firstname\"]\n", "did you mean `first_name`?"),
        (
            "pasword = \"password\"\n",
            "`users.pasword`, which is no key of a mapping; did you mean `users.password`?",
        ),
        (
            "[tokens]\noutstanding = \"token_blacklist_outstanding\"\n",
            "did you mean `token_blacklist_outstandingtoken`?",
        ),
        ("confirmed = \"maybe\"\n", "must be all, none, emails or column:NAME"),
        ("[groups\n", "not TOML"),
    ] {
        std::fs::write(place.path().join("map.toml"), format!("{base}{more}")).unwrap();
        let said = django.import(&place, &["--map", "map.toml"]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(message), "{message}: {said:?}");
    }
    assert!(!place.path().join("doorward.db").exists());
}

#[test]
fn a_source_that_is_not_there_is_refused_without_its_password() {
    let place = Place::sqlite();
    for source in ["sqlite:missing.db", "missing.json", "postgres://u:hunter2@127.0.0.1:1/d"] {
        let said = import(&place, source, &["--yes"]);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(!said.err.contains("hunter2") && said.err.contains("cannot read the source"), "{said:?}");
    }
}

#[test]
fn duplicates_are_resolved_as_asked() {
    for (policy, email_of_newer) in [("suffix", ""), ("newest-login", "BOB@example.com")] {
        let place = Place::new();
        let django = Django::new(&place);
        django.add(20, "carol", "BOB@example.com", ", last_login = '2026-05-05 00:00:00'");
        let said = django.import(&place, &["--yes", "--on-duplicate", policy, "--json"]);
        assert_eq!((said.code, count(&said, "renamed")), (0, 1), "{said:?}");
        let shown: Value =
            serde_json::from_str(&place.run(&["user", "show", "carol", "--json"]).out).unwrap();
        assert_eq!(shown["email"], email_of_newer, "{policy}");
        let exported = place.run(&["export", "django", "--format", "jsonl"]).out;
        assert!(
            exported.contains("\"BOB@example.com\"") && exported.contains("\"Bob@Example.com\""),
            "{exported}"
        );
        let again = django.import(&place, &["--yes", "--sync", "--on-duplicate", policy, "--json"]);
        assert_eq!((again.code, count(&again, "unchanged")), (0, 6), "{again:?}");
    }
}

#[test]
fn a_text_key_is_the_public_id() {
    let place = Place::new();
    let rows = "uuid,username,password,last_login,is_active\n\
                0F8FAD5BD9CB469FA16570867728950E,ann,x,,1\n1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed,ben,,,t\n";
    std::fs::write(place.path().join("users.csv"), rows).unwrap();
    let said = import(&place, "users.csv", &["--yes"]);
    assert_eq!(said.code, 0, "{said:?}");
    let exported = place.run(&["export", "django", "--format", "jsonl"]).out;
    assert!(exported.contains("\"0f8fad5b-d9cb-469f-a165-70867728950e\""), "{exported}");
}

#[test]
fn a_text_id_is_what_every_list_says() {
    let place = Place::new();
    let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let rows = format!("uuid,username,email,password\n{uuid},ann,ann@example.com,{HASH}\n");
    std::fs::write(place.path().join("users.csv"), rows).unwrap();
    assert_eq!(import(&place, "users.csv", &["--yes"]).code, 0);
    let serving = Serving::start(&place, &[]);
    assert_eq!(serving.log_in("ann", PASSWORD).status, 200);
    let reset = Request::post("/api/password/reset/").json(&json!({"email": "ann@example.com"}));
    assert_eq!(serving.send(&reset).status, 202);
    let parsed = |words: &[&str]| -> Value { serde_json::from_str(&place.run(words).out).unwrap() };
    let deadline = Instant::now() + Duration::from_secs(20);
    let mails = loop {
        let mails = parsed(&["mail", "list", "--json"]);
        if mails[0].is_object() || Instant::now() > deadline {
            break mails;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(mails[0]["user_id"], uuid, "{mails}");
    let number = mails[0]["id"].to_string();
    assert_eq!(parsed(&["mail", "show", &number, "--json"])["user_id"], uuid);
    let login = parsed(&["audit", "list", "--action", "logged-in", "--json"]);
    assert_eq!((&login[0]["subject_id"], &login[0]["actor_id"]), (&uuid.into(), &uuid.into()), "{login}");
    let shown = parsed(&["user", "show", "ann", "--json"]);
    assert!(shown["recent"].as_array().unwrap().iter().any(|row| row["actor_id"] == uuid), "{shown}");
    let named = format!("#{uuid}");
    let listed = place.run(&["audit", "list", "--user", &named, "--action", "logged-in"]).out;
    assert!(listed.contains(&named), "{listed}");
    assert_eq!(parsed(&["user", "export", "ann"])["audit"][0]["subject_id"], uuid);

    let other = "uuid,username,email\n0f8fad5bd9cb469fa16570867728950f,other,ANN@example.com\n";
    std::fs::write(place.path().join("users.csv"), other).unwrap();
    let said = import(&place, "users.csv", &["--yes", "--sync"]);
    assert!(said.out.contains(&format!("another user has this email address: user {uuid}")), "{said:?}");
    assert!(said.out.contains(&format!("user {uuid} is gone at the source")), "{said:?}");
}

#[test]
fn an_administrator_whose_hash_takes_too_much_memory_is_no_substitute_for_the_last_one() {
    let place = Place::new();
    // 16 MiB, as Django's ScryptPasswordHasher asks for.
    let scrypt = format!("scrypt$16384$c2FsdA$8$1${}==", "A".repeat(86));
    let user = |id: i64, name: &str, hash: &str| json!({"id": id, "username": name, "email": "", "password": hash, "is_active": true, "is_superuser": true});
    let lines = format!("{}\n{}\n", user(1, "root", HASH), user(2, "old", &scrypt));
    std::fs::write(place.path().join("users.jsonl"), lines).unwrap();
    assert_eq!(import(&place, "users.jsonl", &["--yes"]).code, 0);
    let small = ["--set", "password.foreign_memory=8 MiB"];
    for last in [&["user", "deactivate", "root"][..], &["user", "delete", "root", "--yes"]] {
        place.run(&[last, &small].concat()).refused(1, &["the last administrator", "make-admin"]);
    }
    assert_eq!(place.run(&["user", "deactivate", "root"]).code, 0, "with 256 MiB the other one can log in");
}

#[test]
fn weak_hashes_are_wrapped_at_once_if_asked_and_their_users_log_in() {
    let place = Place::new();
    let django = Django::new(&place);
    // md5("salt" + "correct-horse-7"), as `MD5PasswordHasher` stores it.
    django.execute(
        "UPDATE auth_user SET password = 'md5$salt$7df8d4ea491237c302e6d6dc57ce5318' WHERE username = 'Bob'",
    );
    let said = django.import(&place, &["--yes", "--wrap-weak", "--json"]);
    assert_eq!((said.code, said_json(&said)["wrapped"].as_u64()), (0, Some(1)), "{said:?}");
    let exported = place.run(&["export", "django", "--format", "jsonl"]).out;
    assert!(
        exported.contains("doorward_wrap$md5$salt$$2b$04$")
            && !exported.contains("7df8d4ea491237c302e6d6dc57ce5318"),
        "{exported}"
    );
    let serving = Serving::start(&place, &[]);
    assert_eq!(serving.log_in("Bob", PASSWORD).status, 200);
    assert_eq!(django.import(&place, &["--yes", "--dry-run", "--wrap-weak"]).code, 2);
}

#[test]
fn the_script_prints_the_key_only_if_asked_for() {
    let place = Place::sqlite();
    let without = place.run(&["import", "django", "--script"]);
    let with = place.run(&["import", "django", "--script", "--with-key"]);
    assert!(without.out.contains("WITH_KEY = False") && with.out.contains("WITH_KEY = True"), "{without:?}");
    assert_eq!(place.run(&["import", "django", "x.json", "--script"]).code, 2);
    assert_eq!(place.run(&["import", "django"]).code, 2);
}
