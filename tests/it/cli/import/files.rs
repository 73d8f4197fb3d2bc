//! Files as a source: each format leads to the same users.

use std::fs;

use serde_json::{Value, json};

use super::{Django, HASH, Place, count, import, names, said_json};

fn dump() -> String {
    let user = |id: i64, name: &str, email: &str, more: &str| {
        format!(
            "{{\"model\": \"auth.user\", \"pk\": {id}, \"fields\": {{\"password\": \"{HASH}\", \"last_login\": null, \
             \"is_superuser\": false, \"username\": \"{name}\", \"first_name\": \"\", \"last_name\": \"\", \
             \"email\": \"{email}\", \"is_staff\": false, \"is_active\": true, \
             \"date_joined\": \"2020-02-03T04:05:06.789Z\"{more}, \"user_permissions\": []}}}}"
        )
    };
    let groups =
        "{\"model\": \"auth.group\", \"pk\": 4, \"fields\": {\"name\": \"Staff\", \"permissions\": []}}";
    format!(
        "[\n{groups},\n{},\n{},\n{{\"model\": \"account.emailaddress\", \"pk\": 1, \"fields\": {{\"user\": 1, \
         \"email\": \"ANN@example.com\", \"verified\": true, \"primary\": true}}}}\n]\n",
        user(1, "ann", "ann@example.com", ", \"groups\": [4]"),
        user(2, "ben", "ben@example.com", ", \"groups\": [[\"Readers\"]]"),
    )
}

#[test]
fn a_dump_has_the_groups_and_the_verified_addresses() {
    let place = Place::new();
    fs::write(place.path().join("dump.json"), dump()).unwrap();
    let said = import(&place, "dump.json", &["--yes", "--json"]);
    assert_eq!((said.code, count(&said, "created")), (0, 2), "{said:?}");
    let exported = place.run(&["export", "django", "--format", "jsonl"]).out;
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["groups"][0], &lines[1]["groups"][0]), (&"Staff".into(), &"Readers".into()));
    assert_eq!(lines[0]["emails"][0]["verified"], true);
    assert_eq!(lines[0]["date_joined"], "2020-02-03T04:05:06.789Z");
}

#[test]
fn a_dump_without_primary_keys_is_refused_row_by_row_with_the_remedy() {
    let place = Place::new();
    fs::write(
        place.path().join("dump.json"),
        dump().replace("\"model\": \"auth.user\", \"pk\": 2,", "\"model\": \"auth.user\","),
    )
    .unwrap();
    let said = import(&place, "dump.json", &["--yes", "--json"]);
    assert_eq!((said.code, count(&said, "created"), count(&said, "left_out")), (1, 1, 1), "{said:?}");
    let reason = said_json(&said)["problems"][0]["reason"].to_string();
    assert!(reason.contains("make the dump without --natural-primary"), "{reason}");
}

#[test]
fn a_dump_that_ends_in_the_middle_imports_nothing() {
    let place = Place::new();
    place.run(&["migrate"]);
    let dump = dump();
    for end in [dump.len() - 3, dump.len() / 2, 100] {
        fs::write(place.path().join("dump.json"), &dump[..end]).unwrap();
        let said = import(&place, "dump.json", &["--yes"]);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains("ends in the middle of row") && !said.err.contains("bcrypt"), "{said:?}");
    }
    assert!(names(&place).is_empty());
}

#[test]
fn csv_with_a_byte_order_mark_and_semicolons_is_read() {
    let place = Place::new();
    let header = "id;username;email;password;last_login;is_active;is_superuser;date_joined;groups;first_name";
    let rows = format!(
        "\u{feff}{header}\r\n5;\"ann;x\";ann@example.com;{HASH};;t;f;2020-02-03 04:05:06.789012+00;Staff,Readers;Ann\r\n\
         6;ben;ben@example.com;{HASH};2021-01-01;0;1;2020-02-03;;\r\n7;short;row\r\n"
    );
    fs::write(place.path().join("users.csv"), rows).unwrap();
    let said = import(&place, "users.csv", &["--yes", "--json"]);
    assert_eq!((said.code, count(&said, "created"), count(&said, "left_out")), (1, 2, 1), "{said:?}");
    assert_eq!(said_json(&said)["problems"][0]["reason"], "it has 3 fields instead of 10");
    let exported = place.run(&["export", "django", "--format", "csv"]).out;
    assert!(exported.contains("5,ann;x,ann@example.com,bcrypt_sha256$$2b$"), "{exported}");
    assert!(
        exported.contains(",Readers;Staff\n") && exported.contains("2020-02-03T04:05:06.789012Z"),
        "{exported}"
    );
}

#[test]
fn every_format_leads_to_the_same_users() {
    let place = Place::new();
    let django = Django::new(&place);
    assert_eq!(django.import(&place, &["--yes"]).code, 0);
    let expected = place.run(&["export", "django", "--format", "jsonl"]).out;
    assert!(expected.contains("Leser ä") && expected.contains("2026-01-02T03:04:05.678901Z"), "{expected}");
    for format in ["loaddata", "csv", "jsonl"] {
        let written = place.run(&["export", "django", "--format", format]);
        assert_eq!(written.code, 0, "{written:?}");
        let other = Place::new();
        let said = other.pipe(written.out.as_bytes(), &["import", "django", "-", "--yes"]);
        assert_eq!(said.code, 0, "{format}: {said:?}");
        let again = other.run(&["export", "django", "--format", "jsonl"]).out;
        assert_eq!(again, expected, "{format}");
    }
}

#[test]
fn a_bad_line_and_a_hash_that_is_no_utf8_do_not_end_the_import() {
    let place = Place::new();
    let mut lines =
        b"{\"id\": 1, \"username\": \"ann\", \"password\": \"md5$\xff$\xfe\"}\n{\"id\": 2, \"user\n".to_vec();
    lines.extend_from_slice(
        b"{\"id\": 3, \"username\": \"ben\", \"password\": \"scrypt$1073741824$x$8$1$AAAA\"}\n",
    );
    fs::write(place.path().join("users.jsonl"), lines).unwrap();
    let said = import(&place, "users.jsonl", &["--yes", "--json"]);
    assert_eq!((said.code, count(&said, "created"), count(&said, "left_out")), (1, 2, 1), "{said:?}");
    assert_eq!((said_json(&said)["problems"][0]["row"].as_u64(), names(&place).len()), (Some(2), 2));
}

#[test]
fn what_is_no_source_is_refused_with_what_it_is() {
    let place = Place::sqlite();
    for (content, message) in [
        (&b""[..], "it is empty"),
        (b"SQLite format 3\0abc", "sqlite:PATH"),
        (b"-- PostgreSQL database dump\n", "dump of a database"),
        (b"{\"a\": 1}\n", "looks like users"),
        (b"[1]", "no `model` and `fields`"),
    ] {
        fs::write(place.path().join("source"), content).unwrap();
        let said = import(&place, "source", &["--yes"]);
        assert!(said.code > 0 && said.err.contains(message), "{message}: {said:?}");
    }
}

/// What a Django with django-allauth has, in a database, a dump and the output of the script: addresses that are and are
/// not the user's own, and columns that SQLite has no types for.
fn with_allauth(place: &Place) -> [String; 4] {
    let django = Django::new(place);
    django.execute(
        "ALTER TABLE auth_user ADD COLUMN seen_at datetime NULL;
         ALTER TABLE auth_user ADD COLUMN options text NULL CHECK (JSON_VALID(\"options\") OR \"options\" IS NULL);
         CREATE TABLE account_emailaddress (id integer PRIMARY KEY, verified bool NOT NULL, \"primary\" bool NOT NULL,
             user_id integer NOT NULL, email varchar(254) NOT NULL);
         DELETE FROM auth_user WHERE id > 8;
         DELETE FROM auth_user_groups;
         UPDATE auth_user SET date_joined = '2020-02-03 04:05:06.789000', last_login = NULL;
         UPDATE auth_user SET seen_at = '2026-01-02 03:04:05.250000', options = '{\"b\": [1, null], \"a\": {}}'
             WHERE id = 3;
         UPDATE auth_user SET email = '' WHERE id = 8;
         INSERT INTO account_emailaddress VALUES (1, 1, 1, 3, 'Root@example.com'), (2, 0, 0, 3, 'z@example.com'),
             (3, 1, 1, 7, 'elsewhere@example.com'), (4, 1, 0, 7, 'Bob@Example.com'), (5, 1, 1, 8, 'late@example.com'),
             (6, 1, 0, 3, 'a@example.com')",
    );
    let emails = [
        (3, "Root@example.com", true, true),
        (3, "z@example.com", false, false),
        (7, "elsewhere@example.com", true, true),
        (7, "Bob@Example.com", true, false),
        (8, "late@example.com", true, true),
        (3, "a@example.com", true, false),
    ];
    let users =
        [(3, "root", "root@example.com", ""), (7, "Bob", "Bob@Example.com", "Bob"), (8, "bob", "", "")];
    let (mut dump, mut lines) = (Vec::new(), String::new());
    for (id, name, email, first) in users {
        let is = id == 3;
        let (seen, options) = match is {
            true => (json!("2026-01-02T03:04:05.25Z"), json!({"a": {}, "b": [1, null]})),
            false => (Value::Null, Value::Null),
        };
        let fields = json!({
            "password": HASH, "last_login": null, "is_superuser": is, "username": name, "first_name": first,
            "last_name": "", "email": email, "is_staff": is, "is_active": true,
            "date_joined": "2020-02-03T04:05:06.789Z", "seen_at": seen, "options": options, "groups": [],
        });
        dump.push(json!({"model": "auth.user", "pk": id, "fields": fields}));
        let own = emails.iter().filter(|(user, ..)| *user == id);
        let own = own.map(
            |(_, email, verified, primary)| json!({"email": email, "verified": verified, "primary": primary}),
        );
        let mut line = fields;
        (line["id"], line["emails"]) = (json!(id), own.collect());
        lines.push_str(&format!("{line}\n"));
    }
    for (number, (user, email, verified, primary)) in (1..).zip(emails) {
        let fields = json!({"user": user, "email": email, "verified": verified, "primary": primary});
        dump.push(json!({"model": "account.emailaddress", "pk": number, "fields": fields}));
    }
    fs::write(place.path().join("dump.json"), Value::from(dump.clone()).to_string()).unwrap();
    fs::write(place.path().join("users.jsonl"), lines).unwrap();
    for object in &mut dump {
        if let Some(user) = object["fields"].get_mut("user") {
            let named = users.iter().find(|(id, ..)| *user == json!(id)).unwrap();
            *user = json!([named.1]);
        }
    }
    fs::write(place.path().join("natural.json"), Value::from(dump).to_string()).unwrap();
    [django.url(), "dump.json".to_owned(), "users.jsonl".to_owned(), "natural.json".to_owned()]
}

#[test]
fn a_database_a_dump_and_the_script_give_the_same_users() {
    let place = Place::new();
    let [database, dump, lines, natural] = with_allauth(&place);
    let imported = import(&place, &database, &["--yes", "--json"]);
    assert_eq!((imported.code, count(&imported, "created")), (0, 3), "{imported:?}");
    let exported = place.run(&["export", "django", "--format", "jsonl"]).out;
    for text in [
        r#""is_staff":true"#,
        r#""seen_at":"2026-01-02T03:04:05.25Z""#,
        r#""options":{"a":{},"b":[1,null]}"#,
        r#"{"email":"elsewhere@example.com","verified":true,"primary":false}"#,
        r#"{"email":"late@example.com","verified":true,"primary":true}"#,
    ] {
        assert!(exported.contains(text), "{text}: {exported}");
    }
    for source in [dump, lines, natural] {
        let synced = import(&place, &source, &["--yes", "--sync", "--json"]);
        assert_eq!((synced.code, count(&synced, "unchanged")), (0, 3), "{source}: {synced:?}");
    }
}

#[test]
fn addresses_before_their_users_in_a_dump_are_the_same() {
    let place = Place::new();
    let [_, dump, ..] = with_allauth(&place);
    assert_eq!(import(&place, &dump, &["--yes"]).code, 0);
    let mut objects: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(place.path().join(&dump)).unwrap()).unwrap();
    objects.rotate_left(3);
    fs::write(place.path().join(&dump), Value::from(objects).to_string()).unwrap();
    let synced = import(&place, &dump, &["--yes", "--sync", "--json"]);
    assert_eq!((synced.code, count(&synced, "unchanged")), (0, 3), "{synced:?}");
}
