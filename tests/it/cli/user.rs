//! `doorward user …`.

use serde_json::Value;

use super::Place;

#[test]
fn adding_a_user_prints_the_id_last_and_the_user_is_listed() {
    let place = Place::new();
    assert_eq!(place.add("alice", "correct-horse-7", &[]), 1);
    assert_eq!(place.add("bob", "battery.staple.8", &["--confirmed", "--inactive", "--admin"]), 2);
    let listed: Value = serde_json::from_str(&place.run(&["user", "list", "--json"]).out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let flags = ["is_email_confirmed", "is_active", "is_admin"];
    assert_eq!(flags.map(|flag| listed[0][flag].as_bool().unwrap()), [false, true, false]);
    assert_eq!(flags.map(|flag| listed[1][flag].as_bool().unwrap()), [true, false, true]);
    for selector in ["bob", "bob@example.com", "BOB@EXAMPLE.COM", "2"] {
        let user: Value =
            serde_json::from_str(&place.run(&["user", "show", selector, "--json"]).out).unwrap();
        assert_eq!(user["username"], "bob", "{selector}");
        assert_eq!(user["recent"][0]["action"], "created");
    }
    let table = place.run(&["user", "list"]).out;
    assert!(table.contains("alice@example.com") && table.contains("inactive, confirmed, administrator"));
}

#[test]
fn an_empty_list_is_still_json() {
    let place = Place::new();
    place.run(&["migrate"]);
    let listed: Value = serde_json::from_str(&place.run(&["user", "list", "--json"]).out).unwrap();
    assert_eq!(listed, Value::Array(Vec::new()));
}

#[test]
fn the_password_hash_is_never_printed() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    for said in [place.run(&["user", "show", "alice", "--json"]), place.run(&["user", "list", "--json"])] {
        assert!(!said.out.contains("bcrypt") && !said.out.contains("$2b$"), "{said:?}");
    }
}

#[test]
fn a_password_cannot_be_an_argument_and_without_a_terminal_there_is_no_prompt() {
    let place = Place::new();
    let arguments = ["user", "add", "--username", "a", "--email", "a@example.com"];
    place.run(&arguments).refused(2, &["no terminal", "--password-stdin"]);
    let with_argument = [&arguments[..], &["--password", "secret-secret-1"]].concat();
    place.run(&with_argument).refused(2, &["--password"]);
}

#[test]
fn bad_values_are_refused_with_an_explanation() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let add = |name: &str, email: &str, password: &[u8], more: &[&str]| {
        let arguments = ["user", "add", "--username", name, "--email", email, "--password-stdin"];
        place.pipe(password, &[&arguments[..], more].concat())
    };
    let good = b"quite-Long-pass-3";
    add("sp ace", "x@example.com", good, &[]).refused(1, &["Enter a valid username"]);
    add("x", "no-email", good, &[]).refused(1, &["Enter a valid email address."]);
    add("x", "x@example.com", b"1234", &[])
        .refused(1, &["too short", "too common", "entirely numeric", "--force"]);
    add("x", "x@example.com", "x1-".repeat(43).as_bytes(), &[]).refused(1, &["at most 128 characters"]);
    add("x", "x@example.com", b"", &[]).refused(1, &["the password is empty"]);
    add("x", "x@example.com", b" \n", &["--force"]).refused(1, &["the password is empty"]);
    add("ALICE", "x@example.com", good, &[]).refused(1, &["a user with this name already exists"]);
    add("x", "Alice@Example.com", good, &[]).refused(1, &["a user with this email already exists"]);
    add("alice@example.com", "x@example.com", good, &[]).refused(1, &["another user's email", "--force"]);
    assert_eq!(add("alice@example.com", "x@example.com", b"1234", &["--force"]).code, 0);
    let listed: Value = serde_json::from_str(&place.run(&["user", "list", "--json"]).out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2, "no user was added");
}

#[test]
fn each_command_changes_the_state_of_the_user() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let state = || {
        let user: Value = serde_json::from_str(&place.run(&["user", "show", "alice", "--json"]).out).unwrap();
        ["is_email_confirmed", "is_active", "is_admin"].map(|flag| user[flag].as_bool().unwrap())
    };
    assert_eq!(state(), [false, true, false]);
    for (command, after) in [
        ("confirm", [true, true, false]),
        ("deactivate", [true, false, false]),
        ("activate", [true, true, false]),
        ("make-admin", [true, true, true]),
    ] {
        let said = place.run(&["user", command, "alice"]);
        assert_eq!(said.code, 0, "{said:?}");
        assert_eq!(state(), after, "{command}");
    }
    let marked = "\u{feff}marked-Long-one-5\r\n".as_bytes();
    assert_eq!(place.pipe(marked, &["user", "set-password", "alice", "--password-stdin"]).code, 0);
    let app = place.pipe("\u{feff}".as_bytes(), &["user", "set-password", "alice", "--password-stdin"]);
    app.refused(1, &["the password is empty"]);
    let weak = place.pipe(b"1234", &["user", "set-password", "alice", "--password-stdin"]);
    weak.refused(1, &["too short"]);
    assert_eq!(
        place.pipe(b"another-Long-one-4\n", &["user", "set-password", "alice", "--password-stdin"]).code,
        0
    );
    for last in [&["user", "deactivate", "alice"][..], &["user", "delete", "alice", "--yes"]] {
        place.run(last).refused(1, &["the last administrator", "make-admin"]);
    }
    place.add("bob", "correct-horse-8", &["--admin"]);
    place.run(&["user", "delete", "alice"]).refused(2, &["--yes"]);
    assert_eq!(place.run(&["user", "delete", "alice", "--yes"]).code, 0);
    place.run(&["user", "show", "alice"]).refused(1, &["there is no user `alice`", "doorward user list"]);
}

#[test]
fn every_command_for_an_unknown_user_is_refused() {
    let place = Place::new();
    place.run(&["migrate"]);
    for command in ["show", "confirm", "activate", "deactivate", "make-admin"] {
        place.run(&["user", command, "nobody"]).refused(1, &["there is no user `nobody`"]);
    }
}

#[test]
fn a_missing_sqlite_file_is_not_created_by_a_user_command() {
    let place = Place::sqlite();
    place.run(&["user", "list"]).refused(1, &["there is no database doorward.db", "--database-url"]);
    assert!(!place.path().join("doorward.db").exists());
}

#[test]
fn a_username_that_is_the_email_of_another_user_needs_the_id() {
    let place = Place::new();
    place.add("victor", "correct-horse-7", &[]);
    let arguments = [
        "user",
        "add",
        "--username",
        "victor@example.com",
        "--email",
        "i@example.com",
        "--password-stdin",
        "--force",
    ];
    assert_eq!(place.pipe(b"correct-horse-8", &arguments).code, 0);
    place
        .run(&["user", "show", "victor@example.com"])
        .refused(1, &["2 has the username, 1 the email address"]);
    assert!(place.run(&["user", "show", "2"]).out.starts_with("victor@example.com (id 2)"));
}

#[test]
fn output_that_cannot_be_written_is_reported_and_a_closed_pipe_is_no_error() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    for arguments in
        [&["version"][..], &["config"], &["config", "--json"], &["user", "list"], &["user", "show", "1"]]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let said = super::Said::from(place.command(arguments).stdout(full).output().unwrap());
        said.refused(1, &["cannot write to standard output"]);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let said = super::Said::from(place.command(arguments).stdout(writer).output().unwrap());
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn a_deletion_that_waits_is_taken_back_or_done_at_once_by_a_command() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let wait = ["--set", "account.delete_after=14d"];
    let run = |command: &[&str]| place.run(&[command, &wait[..]].concat());
    let said = run(&["user", "delete", "alice", "--yes"]);
    assert!(
        said.out.contains("will be deleted at") && said.out.contains("doorward user restore 1"),
        "{said:?}"
    );
    let shown = run(&["user", "show", "alice"]).out;
    assert!(shown.contains("inactive, to be deleted, unconfirmed") && shown.contains("deletion"), "{shown}");
    run(&["user", "activate", "alice"]).refused(1, &["is to be deleted", "doorward user restore"]);
    assert!(run(&["user", "restore", "alice"]).out.contains("will not be deleted and can log in"));
    assert!(run(&["user", "restore", "alice"]).out.contains("nothing was changed"));
    assert!(run(&["user", "delete", "alice", "--yes", "--now"]).out.contains("is deleted"));
    run(&["user", "show", "alice"]).refused(1, &["there is no user"]);
}

#[test]
fn deleted_accounts_are_listed_and_forgotten_again_in_an_older_database() {
    let place = Place::sqlite();
    place.add("alice", "correct-horse-7", &[]);
    place.add("bob", "battery.staple.8", &[]);
    let backup = place.path().join("old.db");
    // Not a copy of the file: the last changes may still be in the write-ahead log beside it.
    assert_eq!(place.run(&["backup", backup.to_str().unwrap()]).code, 0);
    place.run(&["user", "delete", "alice", "--yes"]);
    let list = place.run(&["user", "deleted"]).out;
    assert_eq!(list.lines().count(), 1);
    assert!(!list.contains("alice") && list.contains("\"user_id\":1"), "{list}");
    let file = place.path().join("deleted.jsonl");
    std::fs::write(&file, format!("{list}broken\n")).unwrap();
    let file = file.to_str().unwrap();
    let restored = format!("database_url=sqlite:{}", backup.display());
    let forget = |from: &str| place.run(&["user", "forget", "--from", from, "--set", &restored]);
    forget(file).refused(1, &["line 2", "nothing was deleted"]);
    std::fs::write(file, &list).unwrap();
    assert_eq!(forget(file).out, "1 account deleted again (id 1); 0 accounts not in this database\n");
    assert_eq!(forget(file).out, "0 accounts deleted again; 1 account not in this database\n");
    let listed = place.run(&["user", "list", "--set", &restored]).out;
    assert!(listed.contains("bob") && !listed.contains("alice"), "{listed}");
    forget("no-such-file").refused(1, &["cannot read no-such-file"]);
}
