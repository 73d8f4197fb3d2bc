//! `doorward backup`: made while a server runs, complete or not at all, and recorded.

use std::fs;
use std::path::{Path, PathBuf};

use super::serve::Serving;
use super::{Place, Said};
use crate::database::execute_sqlite;
use crate::http::Request;

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn back_up(place: &Place, file: &str) -> Said {
    place.run(&["backup", file])
}

/// The files besides the database.
fn files(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !name.starts_with("doorward.db")).collect();
    names.sort();
    names
}

#[test]
fn a_backup_made_while_a_server_runs_is_a_database_with_everything_in_it() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &["--confirmed"]);
    let serving = Serving::start(&place, &[]);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let said = back_up(&place, "copy.db");
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("backed up ") && said.out.contains("copy.db, "), "{said:?}");
    assert_eq!(files(&place), ["copy.db"]);
    // Later changes are only in the database.
    place.add("bob", "correct-horse-7", &[]);
    let restored = Place::on(&sqlite(&place.path().join("copy.db")));
    let listed = restored.run(&["user", "list"]);
    assert!(
        listed.out.contains("alice@example.com") && !listed.out.contains("bob@example.com"),
        "{listed:?}"
    );
    let again = Serving::start(&restored, &[]);
    assert_eq!(again.log_in("alice", "correct-horse-7").status, 200);
    let user = Request::get("/api/user/").bearer(&token);
    assert_eq!(again.send(&user).status, 200, "the signing key and the session came along");
    assert_eq!(restored.run(&["audit", "verify"]).code, 0);
}

#[test]
fn a_backup_of_a_cron_job_prints_one_line_or_with_quiet_none() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let said = back_up(&place, "copy.db");
    assert_eq!((said.err.as_str(), said.out.lines().count()), ("", 1), "{said:?}");
    for arguments in [&["backup", "--quiet", "second.db"][..], &["backup", "--quiet", "--elsewhere"]] {
        let said = place.run(arguments);
        assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
    }
    place.run(&["backup", "--quiet", "copy.db"]).refused(1, &["copy.db exists already"]);
}

#[test]
fn only_the_owner_can_read_a_backup() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    assert_eq!(back_up(&place, "copy.db").code, 0);
    let mode = fs::metadata(place.path().join("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn backups_are_recorded_in_the_audit_log_also_those_of_other_programs() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    assert_eq!(back_up(&place, "copy.db").code, 0);
    assert_eq!(place.run(&["backup", "--elsewhere"]).out, "recorded that a backup was made just now\n");
    let log = place.run(&["audit", "list", "--json"]).out;
    assert_eq!(log.matches("\"backed-up\"").count(), 2, "{log}");
    assert!(log.contains("\"copy.db, ") && log.contains("\"elsewhere\""), "{log}");
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    fs::write(place.path().join("copy.db"), "precious").unwrap();
    back_up(&place, "copy.db").refused(1, &["copy.db exists already", "overwrites nothing"]);
    assert_eq!(fs::read(place.path().join("copy.db")).unwrap(), b"precious");
    assert_eq!(files(&place), ["copy.db"]);
}

#[test]
fn an_interrupted_backup_is_not_mistaken_for_a_backup() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    fs::write(place.path().join("copy.db.part"), "").unwrap();
    back_up(&place, "copy.db").refused(1, &["copy.db.part exists", "remove it"]);
    assert_eq!(files(&place), ["copy.db.part"]);
}

#[test]
fn a_failed_backup_leaves_no_file_and_no_record() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let nowhere = PathBuf::from("nowhere").join("copy.db");
    back_up(&place, nowhere.to_str().unwrap()).refused(1, &["cannot write", "the folder must exist"]);
    // A table of another program cannot be copied.
    let foreign = Place::sqlite();
    foreign.add("alice", "correct-horse-7", &[]);
    let database = foreign.path().join("doorward.db");
    execute_sqlite(&database, "CREATE TABLE others (id INTEGER PRIMARY KEY)");
    back_up(&foreign, "copy.db").refused(1, &["others", "no backup was made"]);
    assert_eq!(files(&foreign), [""; 0]);
    for place in [place, foreign] {
        assert!(!place.run(&["audit", "list"]).out.contains("backed-up"));
    }
}

#[test]
fn a_backup_needs_either_a_file_or_the_flag() {
    let place = Place::new();
    place.run(&["backup"]).refused(2, &["<FILE>"]);
    place.run(&["backup", "copy.db", "--elsewhere"]).refused(2, &["cannot be used with"]);
    assert_eq!(files(&place), [""; 0]);
}

#[test]
fn a_missing_database_is_not_created() {
    let place = Place::sqlite();
    back_up(&place, "copy.db").refused(1, &["there is no database"]);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn tables_of_litestream_are_no_other_program_and_are_in_no_backup() {
    let place = Place::sqlite();
    let file = place.path().join("doorward.db");
    // What Litestream makes in a database that it replicates, also before doorward has used it.
    let litestream = "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); \
                      CREATE TABLE _litestream_lock (id INTEGER); INSERT INTO _litestream_seq VALUES (1, 7)";
    execute_sqlite(&file, litestream);
    assert_eq!(place.add("alice", "correct-horse-7", &[]), 1);
    let said = back_up(&place, "copy.db");
    assert_eq!(said.code, 0, "{said:?}");
    let copied = place.path().join("second.db");
    let said = place.run(&["copy", "--from", &sqlite(&file), "--to", &sqlite(&copied)]);
    assert_eq!(said.code, 0, "{said:?}");
    for one in ["copy.db", "second.db"] {
        let restored = Place::on(&sqlite(&place.path().join(one)));
        assert!(restored.run(&["user", "list"]).out.contains("alice@example.com"), "{one}");
    }
    // Those that doorward did not take over can be made there anew.
    execute_sqlite(&copied, litestream);
}
