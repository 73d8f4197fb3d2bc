//! `doorward config`, `migrate`, `tune` and `version`, and the messages of wrong settings.

use serde_json::Value;

use super::Place;
use crate::database::execute_sqlite;

#[test]
fn config_prints_every_setting_with_its_origin_and_no_secret() {
    let place = Place::new();
    std::fs::write(place.path().join("doorward.toml"), "listen = \"127.0.0.1:9001\"\n[password]\ncost = 9\n")
        .unwrap();
    let said = place
        .command(&["config", "--json", "--set", "log.level=debug"])
        .env("DOORWARD_SIGNING_KEY", "a-very-secret-key-that-nobody-may-see")
        .env("DOORWARD_PASSWORD__COST", "10")
        .output()
        .unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(!text.contains("very-secret"));
    let all: Value = serde_json::from_str(&text).unwrap();
    let find = |name: &str| all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!(find("listen")["value"], "127.0.0.1:9001");
    assert_eq!(find("listen")["origin"], "doorward.toml, line 1");
    assert_eq!(find("password.cost")["value"], "10", "the environment beats the file");
    assert_eq!(find("password.cost")["origin"], "DOORWARD_PASSWORD__COST");
    assert_eq!(find("log.level")["origin"], "--set");
    assert_eq!(find("signing_key")["value"], "(set)");
    assert_eq!(find("public_url")["value"], "http://127.0.0.1:9001");
}

#[test]
fn config_prints_the_example_file_also_when_the_settings_are_wrong() {
    let place = Place::new();
    let printed = place.run(&["config", "--example", "--set", "no-such-setting=1"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/doorward.example.toml");
    assert_eq!(printed.out, std::fs::read_to_string(file).unwrap());
    assert!(place.run(&["config", "--table"]).out.starts_with("| Setting | Type | Default | Meaning |\n"));
    place.run(&["config", "--example", "--json"]).refused(2, &["cannot be used with"]);
}

#[test]
fn a_former_name_of_a_setting_works_with_a_warning() {
    let place = Place::sqlite();
    let config = place.run(&["config", "--set", "mail.keep=2d"]);
    assert!(config.out.lines().any(|line| line.starts_with("mail.retention ") && line.contains(" 2d ")));
    assert!(config.out.contains("warning: mail.keep is now mail.retention (set in --set)"), "{config:?}");
}

#[test]
fn a_wrong_setting_is_reported_with_its_origin_and_what_is_allowed() {
    let place = Place::new();
    let with = |name: &str, value: &str| {
        let output = place.command(&["config"]).env(name, value).output().unwrap();
        super::Said::from(output)
    };
    with("DOORWARD_LISTN", "x").refused(2, &["DOORWARD_LISTN", "DOORWARD_LISTEN"]);
    with("DOORWARD_PASSWORD__COST", "99")
        .refused(2, &["password.cost", "DOORWARD_PASSWORD__COST", "99", "31"]);
    with("DOORWARD_DATABASE_URL", "mysql://x").refused(2, &["database_url", "sqlite:", "postgres://"]);
    with("DOORWARD_PUBLIC_URL", "example.com").refused(2, &["public_url", "https://"]);
    with("DOORWARD_TRUSTED_PROXIES", "10.0.0.0/8,nonsense").refused(2, &["trusted_proxies", "nonsense"]);
    place.run(&["config", "--set", "listen"]).refused(2, &["NAME=VALUE"]);
    place.run(&["config", "--config", "missing.toml"]).refused(2, &["missing.toml"]);
    std::fs::write(place.path().join("doorward.toml"), "listen = [\n").unwrap();
    place.run(&["serve"]).refused(2, &["doorward.toml", "line"]);
}

#[test]
fn only_the_owner_can_read_a_new_sqlite_file() {
    let place = Place::sqlite();
    let said = place.run(&["migrate"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("doorward.db is up to date: 0001"), "{said:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.path().join("doorward.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_sqlite_file_that_cannot_be_created_is_reported_with_a_hint() {
    let place = Place::sqlite();
    place
        .run(&["migrate", "--database-url", "sqlite:no/such/folder/x.db"])
        .refused(1, &["no/such/folder", "--database-url"]);
}

#[test]
fn a_file_that_is_not_a_database_of_doorward_is_refused_and_not_changed() {
    let place = Place::sqlite();
    let file = place.path().join("doorward.db");
    std::fs::write(&file, "this is a text file, and a long enough one to look at it twice".repeat(20))
        .unwrap();
    let before = std::fs::read(&file).unwrap();
    place.run(&["migrate"]).refused(1, &["not a SQLite database"]);
    assert_eq!(std::fs::read(&file).unwrap(), before);

    let foreign = place.path().join("foreign.db");
    execute_sqlite(&foreign, "CREATE TABLE recipes (id INTEGER)");
    place
        .run(&["migrate", "--database-url", "sqlite:foreign.db"])
        .refused(1, &["another program", "recipes"]);
}

#[test]
fn a_sqlite_file_of_a_newer_doorward_is_refused_and_not_changed() {
    let place = Place::sqlite();
    assert_eq!(place.run(&["migrate"]).code, 0);
    let file = place.path().join("doorward.db");
    execute_sqlite(&file, "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    for command in [&["migrate"][..], &["serve"], &["user", "list"]] {
        place.run(command).refused(1, &["newer version", "9999"]);
    }
}

#[test]
fn the_version_is_printed() {
    let said = Place::new().run(&["version"]);
    assert_eq!(said.out.trim(), format!("doorward {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn tune_prints_a_table_or_json() {
    let place = Place::new();
    let table = place.run(&["tune"]);
    assert_eq!(table.code, 0, "{table:?}");
    for cost in 10..=14 {
        let row = format!("{cost:>4} ");
        assert!(table.out.lines().any(|line| line.starts_with(&row) && line.contains(" ms")), "{table:?}");
    }
    assert!(table.out.contains("password.cost = 1"), "{table:?}");
    let report: Value = serde_json::from_str(&place.run(&["tune", "--json"]).out).unwrap();
    assert_eq!(report["costs"].as_array().unwrap().len(), 5);
    assert!((10..=14).contains(&report["recommended_cost"].as_u64().unwrap()));
    assert!(!place.path().join("doorward.db").exists());
}

#[test]
fn tune_prints_the_formats_of_the_database() {
    Place::sqlite().run(&["tune", "--formats"]).refused(1, &["database"]);
    let place = Place::new();
    place.add("alice", "quite-Long-pass-3", &[]);
    let table = place.run(&["tune", "--formats"]);
    assert_eq!(table.code, 0, "{table:?}");
    assert!(table.out.contains("bcrypt_sha256, cost 4"), "{table:?}");
    let report: Value = serde_json::from_str(&place.run(&["tune", "--formats", "--json"]).out).unwrap();
    assert_eq!(report["formats"][0]["users"], 1);
    assert!(report["formats"][0]["logins_per_second"].as_f64().unwrap() > 0.0);
}
