//! Letting go of old audit entries: the chain of the others stays verifiable.

use std::time::Duration;

use doorward::testing::accounts::{Actor, delete_user, seal_audit, trim_audit};
use serde_json::Value;

use super::{Place, Said};
use crate::server::TestServer;

const DAY: Duration = Duration::from_secs(86_400);

fn verify(server: &TestServer, more: &[&str]) -> Said {
    let arguments: Vec<&str> = ["audit", "verify"].iter().chain(more).copied().collect();
    Place::on(server.database().url()).run(&arguments)
}

/// The line to note down.
fn end(said: &Said) -> String {
    said.out.lines().last().unwrap().to_owned()
}

fn numbers(server: &TestServer) -> Vec<i64> {
    let query = "SELECT CAST(seal_number AS TEXT) AS line FROM audit ORDER BY seal_number";
    server.database().lines(query).iter().map(|line| line.parse().unwrap()).collect()
}

fn seal(server: &TestServer) {
    server.wait(seal_audit(&server.app)).unwrap();
}

fn trim(server: &TestServer) -> usize {
    let trimmed = server.wait(trim_audit(&server.app)).unwrap();
    seal(server);
    trimmed
}

/// Six entries, then two days, then three more (7 to 9).
fn two_ages(settings: &[(&str, &str)]) -> TestServer {
    let server = TestServer::with(settings);
    for name in ["alice", "bob", "carol"] {
        server.add(name, |_| ());
        server.log_in(name);
    }
    seal(&server);
    server.advance(2 * DAY);
    for name in ["alice", "bob", "carol"] {
        server.log_in(name);
    }
    seal(&server);
    server
}

const KEEP: [(&str, &str); 1] = [("audit.keep", "1d")];

#[test]
fn by_default_no_entry_is_let_go() {
    let server = two_ages(&[]);
    assert_eq!(trim(&server), 0);
    assert_eq!(numbers(&server), (1..=9).collect::<Vec<_>>());
}

#[test]
fn old_entries_are_let_go_and_the_rest_is_whole() {
    let server = two_ages(&KEEP);
    let before = end(&verify(&server, &[]));
    assert_eq!(trim(&server), 6);
    assert_eq!(numbers(&server), [7, 8, 9, 10]);
    let said = verify(&server, &["--expect", &before]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("let go, as audit.keep says: 6") && said.out.contains("4 rows are chained"));
    let json: Value = serde_json::from_str(&verify(&server, &["--json"]).out).unwrap();
    assert!(json["let_go"]["through"].as_str().unwrap().starts_with("6:"), "{json}");
    // Not again for a day, though more is old by then.
    server.advance(DAY - Duration::from_secs(60));
    assert_eq!(trim(&server), 0);
    server.advance(Duration::from_secs(120));
    assert_eq!(trim(&server), 4);
    assert_eq!(verify(&server, &[]).code, 0);
    // All but the last record has gone, which says how much there was.
    assert_eq!(numbers(&server), [11]);
    let record = server.database().lines("SELECT detail AS line FROM audit");
    assert!(record[0].starts_with("4 entries from before 20"), "{record:?}");
}

#[test]
fn an_expected_line_is_compared_as_far_as_it_can_be() {
    let server = two_ages(&KEEP);
    let seal_of = |number: i64| {
        let query = match crate::database::is_postgres() {
            true => format!("SELECT encode(seal, 'hex') AS line FROM audit WHERE seal_number = {number}"),
            false => format!("SELECT lower(hex(seal)) AS line FROM audit WHERE seal_number = {number}"),
        };
        format!("{number}:{}", server.database().lines(&query)[0])
    };
    let [old, last, young] = [3, 6, 8].map(seal_of);
    trim(&server);
    verify(&server, &["--expect", &old]);
    let alone = verify(&server, &["--expect", &old]);
    assert!(alone.code == 1 && alone.err.contains("nothing in --expect could be compared"), "{alone:?}");
    assert!(alone.out.contains("number 3 in --expect was let go"), "{alone:?}");
    for expected in [&last, &young] {
        assert_eq!(verify(&server, &["--expect", &old, "--expect", expected]).code, 0);
        let (number, seal) = expected.split_once(':').unwrap();
        let other: String = seal.chars().rev().collect();
        let wrong = verify(&server, &["--expect", &format!("{number}:{other}")]);
        assert!(wrong.code == 1 && wrong.out.contains("different seal"), "{wrong:?}");
    }
}

#[test]
fn rows_that_are_removed_or_altered_in_another_way_are_still_detected() {
    let server = two_ages(&KEEP);
    trim(&server);
    let database = server.database();
    database.execute("CREATE TABLE original AS SELECT * FROM audit");
    for (change, expected) in [
        ("DELETE FROM audit WHERE seal_number = 7", "number 7 is missing"),
        ("DELETE FROM audit WHERE seal_number = 8", "number 8 is missing"),
        ("DELETE FROM audit WHERE seal_number = 10", "does not end where"),
        ("UPDATE audit SET at = at + 1 WHERE seal_number = 7", "does not match its seal"),
        ("UPDATE audit SET detail = replace(detail, ' 6:', ' 7:') WHERE seal_number = 10", "was altered"),
        ("UPDATE audit SET seal_number = NULL, seal = NULL", "have lost it"),
    ] {
        database.execute(change);
        let said = verify(&server, &[]);
        assert!(said.code == 1 && said.out.contains(expected), "{change}: {said:?}");
        database.execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM original");
        assert_eq!(verify(&server, &[]).code, 0, "{change}");
    }
}

/// As after `kill -9` in the middle of the deletion.
#[test]
fn a_deletion_that_was_cut_off_leaves_a_whole_chain_and_is_finished_later() {
    let server = two_ages(&KEEP);
    let database = server.database();
    database.execute("CREATE TABLE original AS SELECT * FROM audit");
    trim(&server);
    for first in [1, 4, 6] {
        database.execute(&format!(
            "INSERT INTO audit SELECT * FROM original WHERE seal_number BETWEEN {first} AND 6"
        ));
        assert_eq!(verify(&server, &[]).code, 0);
        assert_eq!(trim(&server), 7 - first as usize);
        assert_eq!(numbers(&server), [7, 8, 9, 10]);
    }
}

/// As after `kill -9` between the record and the deletion, or before the record is sealed.
#[test]
fn nothing_is_deleted_before_the_record_of_it_is_sealed() {
    let server = two_ages(&KEEP);
    let database = server.database();
    database.execute("CREATE TABLE original AS SELECT * FROM audit");
    trim(&server);
    database.execute("INSERT INTO audit SELECT * FROM original WHERE seal_number <= 6");
    database.execute(
        "UPDATE audit SET seal_number = NULL, seal = NULL, subject_digest = NULL, subject_salt = NULL \
         WHERE seal_number = 10",
    );
    database.execute("DELETE FROM audit_head");
    database.execute("INSERT INTO audit_head SELECT seal_number, seal FROM audit WHERE seal_number = 9");
    let said = verify(&server, &[]);
    assert!(said.code == 0 && said.out.contains("9 rows are chained"), "{said:?}");
    assert_eq!(server.wait(trim_audit(&server.app)).unwrap(), 0);
    seal(&server);
    assert_eq!(trim(&server), 6);
    assert_eq!(verify(&server, &[]).code, 0);
}

#[test]
fn a_clock_that_was_ahead_once_does_not_keep_old_entries_for_ever() {
    let server = two_ages(&KEEP);
    server.database().execute("CREATE TABLE original AS SELECT * FROM audit");
    // An entry from a year ahead. The clock of the server cannot be set back.
    let ahead = server.app.clock.now().plus(365 * DAY).micros();
    server.database().execute(&format!(
        "INSERT INTO audit (at, action, actor) VALUES ({ahead}, 'exported', 'command-line')"
    ));
    seal(&server);
    server.log_in("alice");
    seal(&server);
    server.advance(2 * DAY);
    server.log_in("alice");
    seal(&server);
    assert_eq!(trim(&server), 11);
    assert_eq!(verify(&server, &[]).code, 0);
}

#[test]
fn new_entries_of_a_clock_that_was_ahead_stay_until_a_later_one_is_old() {
    let server = TestServer::with(&KEEP);
    for days in [10, 365, 3650] {
        let ahead = server.app.clock.now().plus(days * DAY).micros();
        server.database().execute(&format!(
            "INSERT INTO audit (at, action, actor) VALUES ({ahead}, 'exported', 'command-line')"
        ));
    }
    // One of a clock that was behind says nothing about those before it, either.
    server.database().execute("INSERT INTO audit (at, action, actor) VALUES (1, 'exported', 'command-line')");
    seal(&server);
    server.add("alice", |_| ());
    server.log_in("alice");
    seal(&server);
    server.database().execute("INSERT INTO audit (at, action, actor) VALUES (1, 'exported', 'command-line')");
    seal(&server);
    server.advance(DAY / 2);
    server.log_in("alice");
    seal(&server);
    let whole = numbers(&server);
    server.advance(DAY / 4);
    assert_eq!(trim(&server), 0);
    assert_eq!(numbers(&server), whole);
    server.advance(DAY / 2);
    let let_go = trim(&server);
    assert_eq!(let_go, whole.len() - 2, "all up to the first login");
    let said = "SELECT detail AS line FROM audit WHERE action = 'trimmed'";
    let detail = server.database().lines(said).remove(0);
    assert!(detail.contains("3 of them dated later by a clock that was wrong"), "{detail}");
    assert_eq!(verify(&server, &[]).code, 0);
}

#[test]
fn replicas_trim_at_once_and_deleted_accounts_are_no_finding() {
    let server = two_ages(&KEEP);
    let bob = server.find("bob").unwrap().id;
    server.wait(delete_user(&server.app, bob, &Actor::command_line())).unwrap();
    seal(&server);
    let other = TestServer::beside(&server, &KEEP);
    other.advance(2 * DAY);
    std::thread::scope(|scope| {
        for replica in [&server, &other] {
            scope.spawn(|| replica.wait(trim_audit(&replica.app)).unwrap());
        }
    });
    seal(&server);
    let said = verify(&server, &[]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(trim(&server), 0);
}

#[test]
fn a_copy_of_a_trimmed_log_is_whole_and_the_page_says_what_was_let_go() {
    let server = two_ages(&KEEP);
    trim(&server);
    let browser = server.signed_in("root");
    let page = browser.page("/admin/audit");
    assert!(page.contains("6 older entries were let go"), "{page}");
    assert!(browser.page("/admin/audit?action=trimmed").contains("Old entries deleted"));
    let place = Place::on(server.database().url());
    assert_eq!(place.run(&["backup", "copy.db"]).code, 0);
    let copy = Place::on(&format!("sqlite:{}", place.path().join("copy.db").display()));
    let said = copy.run(&["audit", "verify"]);
    assert!(said.code == 0 && said.out.contains("let go, as audit.keep says: 6"), "{said:?}");
}

#[test]
fn a_log_in_which_nothing_is_chained_is_not_called_whole() {
    let server = two_ages(&[]);
    server.database().execute(
        "UPDATE audit SET seal_number = NULL, seal = NULL, subject_salt = NULL, subject_digest = NULL, \
         client_salt = NULL, client_digest = NULL, at = 1000000",
    );
    server.database().execute("DELETE FROM audit_head");
    verify(&server, &[]).refused_with_output(1, "nothing could be checked");
    // Of a young row, a running doorward may not have come by yet.
    let now = server.app.clock.now().minus(2 * DAY).micros();
    server.database().execute(&format!("UPDATE audit SET at = {now}"));
    assert_eq!(verify(&server, &[]).code, 0);
}

impl Said {
    fn refused_with_output(&self, code: i32, word: &str) {
        assert!(self.code == code && self.err.contains(word), "{self:?}");
    }
}

/// The record of a deletion may be among the first rows that are left, or have been let go with those of one
/// transaction that seals rows: 500. Rows that follow cannot be about that account.
#[test]
fn texts_that_are_gone_without_a_record_are_detected_once_the_record_would_be_in_the_log() {
    let server = two_ages(&KEEP);
    assert_eq!(trim(&server), 6);
    let id = server.find("carol").unwrap().id;
    let database = server.database();
    database.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 600) \
         INSERT INTO audit (at, action, actor, subject) \
         SELECT (SELECT max(at) FROM audit) + x, 'logged-in', 'anonymous', 'a-user' FROM n",
    );
    server.anon().log_in("carol", "wrong-guess-1");
    seal(&server);
    assert_eq!(numbers(&server).last(), Some(&611));
    let remove = |numbers: &str| {
        database.execute(&format!(
            "UPDATE audit SET subject = NULL, detail = NULL, address = NULL, user_agent = NULL, \
             subject_salt = NULL, client_salt = NULL WHERE subject_id = {id} AND seal_number {numbers}"
        ));
    };
    database.execute(&format!(
        "DELETE FROM refresh_tokens; DELETE FROM sessions; DELETE FROM users WHERE id = {id}"
    ));
    remove("< 506");
    let said = verify(&server, &[]);
    assert_eq!(said.code, 0, "{said:?}");
    remove("> 506");
    let said = verify(&server, &[]);
    assert!(said.code == 1 && said.out.contains("611"), "{said:?}");
}
