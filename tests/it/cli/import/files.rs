//! Files as a source: each format leads to the same users.

use std::fs;

use super::{Django, HASH, Place, count, import, json, names};

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
    let lines: Vec<serde_json::Value> =
        exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["groups"][0], &lines[1]["groups"][0]), (&"Staff".into(), &"Readers".into()));
    assert_eq!(lines[0]["emails"][0]["verified"], true);
    assert_eq!(lines[0]["date_joined"], "2020-02-03T04:05:06.789Z");
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
    assert_eq!(json(&said)["problems"][0]["reason"], "it has 3 fields instead of 10");
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
        let mut again = other.run(&["export", "django", "--format", "jsonl"]).out;
        if format == "csv" {
            // CSV has texts only.
            again = again
                .replace("\"is_staff\":\"1\"", "\"is_staff\":1")
                .replace("\"is_staff\":\"0\"", "\"is_staff\":0");
        }
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
    assert_eq!((json(&said)["problems"][0]["row"].as_u64(), names(&place).len()), (Some(2), 2));
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
