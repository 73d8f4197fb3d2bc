//! `doorward audit …`, and the chain that it checks: whole whatever the program does, and broken
//! whatever anybody else does to it.

use std::time::Duration;

use doorward::testing::accounts::seal_audit;
use doorward::testing::accounts::{Actor, ActorKind, deactivate};
use doorward::testing::accounts::{delete_user, make_admin};
use doorward::testing::app::Config;
use doorward::testing::app::store_settings;
use doorward::testing::store::audit;
use doorward::testing::store::audit::{Action, ChainAnchor, ChainReport, NewAuditEntry};
use doorward::testing::types::{Timestamp, UserId};
use serde_json::Value;

use super::Place;
use super::serve::Serving;
use crate::database::Database;
use crate::server::TestServer;
use crate::smtp::wait_until;

/// Rows of many kinds about alice, whom root shut out, and bob; then all are chained.
fn furnished() -> (TestServer, UserId, UserId) {
    let server = TestServer::start();
    let [alice, bob, root] = ["alice", "bob", "root"].map(|name| server.add(name, |_| ()));
    server.anon().log_in("alice", "wrong-guess-1");
    server.log_in("alice");
    let by =
        Actor::remote(ActorKind::Administrator(root), Some([10, 0, 0, 7].into()), Some("the agent of root"));
    server.wait(deactivate(&server.app, alice, Some("left".to_owned()), &by)).unwrap();
    server.wait(make_admin(&server.app, bob, &by)).unwrap();
    server.log_in("bob");
    seal(&server);
    (server, alice, root)
}

fn seal(server: &TestServer) {
    server.wait(seal_audit(&server.app)).unwrap();
}

fn verify(database: &Database, expected: &[ChainAnchor]) -> ChainReport {
    let config = Config::from_settings(&[("database_url", database.url())]).unwrap();
    audit::verify(&config.database_url, store_settings(&config), expected).unwrap()
}

/// What is found, as words for programs.
fn found(database: &Database, expected: &[ChainAnchor]) -> Vec<&'static str> {
    let report = verify(database, expected);
    assert_eq!(report.problems as usize, report.findings.len());
    report.findings.iter().map(|finding| finding.problem.code()).collect()
}

fn count(database: &Database, condition: &str) -> u64 {
    let query = format!("SELECT CAST(count(*) AS TEXT) AS line FROM audit WHERE {condition}");
    database.lines(&query)[0].parse().unwrap()
}

#[test]
fn a_log_that_nobody_changed_is_whole_and_ends_where_it_was_noted() {
    let (server, ..) = furnished();
    let place = Place::on(server.database().url());
    let said = place.run(&["audit", "verify"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[0], "8 rows are chained; nothing is missing or altered", "{said:?}");
    let anchor = lines[1].to_owned();
    assert!(anchor.starts_with("8:") && anchor.len() == 66, "{anchor}");

    server.log_in("bob");
    seal(&server);
    let said = place.run(&["audit", "verify", "--expect", &anchor, "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let json: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((json["whole"].as_bool(), json["rows"].as_u64()), (Some(true), Some(9)), "{json}");
    assert!(json["head"].as_str().unwrap().starts_with("9:") && json["findings"] == Value::Array(vec![]));
}

#[test]
fn whatever_is_done_to_a_row_is_found() {
    let (server, ..) = furnished();
    let database = server.database();
    database.execute("CREATE TABLE kept AS SELECT * FROM audit");
    let row = "seal_number = (SELECT seal_number FROM kept WHERE action = 'deactivated')";
    let all_of_it = |what: &str| format!("UPDATE audit SET {what} WHERE {row}");
    for (done, expected) in [
        (all_of_it("id = id + 1000"), "altered"),
        (all_of_it("at = at + 1"), "altered"),
        (all_of_it("action = 'activated'"), "altered"),
        (all_of_it("actor = 'user'"), "altered"),
        (all_of_it("actor_id = NULL"), "altered"),
        (all_of_it("actor_id = actor_id + 1"), "altered"),
        (all_of_it("subject_id = 99"), "altered"),
        (all_of_it("subject = 'mallory'"), "subject_altered"),
        (all_of_it("detail = NULL"), "subject_altered"),
        (all_of_it("address = '10.0.0.8'"), "address_altered"),
        (all_of_it("user_agent = NULL"), "address_altered"),
        (all_of_it("subject_salt = client_salt"), "subject_altered"),
        (all_of_it("client_salt = NULL"), "address_altered"),
        (all_of_it("subject_digest = client_digest"), "altered,subject_altered"),
        (all_of_it("client_digest = NULL"), "altered,address_altered"),
        (all_of_it("subject = NULL, detail = NULL, subject_salt = NULL"), "subject_removed"),
        (all_of_it("address = NULL, user_agent = NULL, client_salt = NULL"), "address_removed"),
        (all_of_it("seal = subject_digest"), "altered,altered"),
        (all_of_it("seal = NULL"), "altered,altered"),
        (all_of_it("seal_number = 1000"), "missing,missing,ends_elsewhere"),
        (format!("DELETE FROM audit WHERE {row}"), "missing"),
        ("DELETE FROM audit WHERE seal_number IN (1, 2)".to_owned(), "missing"),
        (
            "UPDATE audit SET seal_number = -seal_number WHERE seal_number IN (3, 4); \
             UPDATE audit SET seal_number = 7 + seal_number WHERE seal_number < 0"
                .to_owned(),
            "altered,altered,altered",
        ),
        (
            "UPDATE audit SET seal_number = -1 - seal_number WHERE seal_number > 3; \
             UPDATE audit SET seal_number = -seal_number WHERE seal_number < 0; \
             INSERT INTO audit (at, action, actor, seal_number, seal) \
             SELECT at, 'logged-in', 'user', 4, seal FROM kept WHERE seal_number = 4"
                .to_owned(),
            "altered,altered,altered,altered,altered,altered,ends_elsewhere",
        ),
    ] {
        database.execute(&done);
        assert_eq!(found(database, &[]).join(","), expected, "{done}");
        database.execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
        assert_eq!(found(database, &[]), [""; 0]);
    }
    database.execute("DROP INDEX audit_seal_number");
    database.execute(
        "INSERT INTO audit (at, action, actor, seal_number, seal) SELECT at, action, actor, seal_number, seal FROM kept WHERE seal_number = 3",
    );
    assert_eq!(found(database, &[]), ["twice"]);
    assert_eq!(verify(database, &[]).findings[0].number, 3);
}

#[test]
fn findings_are_told_in_words_and_by_the_exit_code() {
    let (server, ..) = furnished();
    let place = Place::on(server.database().url());
    server.database().execute("DELETE FROM audit WHERE seal_number IN (2, 3)");
    server.database().execute("UPDATE audit SET subject = 'mallory' WHERE seal_number = 5");
    let said = place.run(&["audit", "verify"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.starts_with("doorward: the audit log is not as it was written"), "{said:?}");
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "numbers 2 to 3 are missing; row 4 (number 4) cannot be checked without them",
            "row 5 (number 5): the username or the detail was altered",
        ]
    );
    assert_eq!(lines[2], "6 rows are chained; NOT as they were written");
    let json: Value = serde_json::from_str(&place.run(&["audit", "verify", "--json"]).out).unwrap();
    assert_eq!(json["findings"][0]["missing_from"], 2);
    assert_eq!(json["findings"][1]["problem"], "subject_altered");

    Place::on(server.database().url()).run(&["audit", "verify", "--expect", "12"]).refused(2, &["64 hex"]);
    Place::sqlite().run(&["audit", "verify"]).refused(1, &["is not there"]);
    place.run(&["audit", "list", "--action", "exploded"]).refused(2, &["logged-in"]);
}

#[test]
fn an_end_that_was_cut_off_is_found_also_when_the_chain_has_gone_on() {
    let (server, ..) = furnished();
    let database = server.database();
    let anchor = verify(database, &[]).head.unwrap();
    database.execute("DELETE FROM audit WHERE seal_number > 6");
    assert_eq!(found(database, &[]), ["ends_elsewhere"]);
    let report = verify(database, &[]);
    assert_eq!(report.findings[0].number, anchor.number, "up to there it went");
    assert_eq!(found(database, std::slice::from_ref(&anchor)), ["cut", "ends_elsewhere"]);
    server.log_in("bob");
    server.log_in("bob");
    seal(&server);
    assert_eq!(found(database, &[]), ["missing"]);
    database.execute("DELETE FROM audit");
    assert_eq!(found(database, &[]), ["ends_elsewhere"], "not one row is left");
}

#[test]
fn an_end_that_was_computed_anew_is_found_by_what_was_noted_elsewhere() {
    let (server, ..) = furnished();
    let database = server.database();
    let anchor = verify(database, &[]).head.unwrap();
    database.execute("DELETE FROM audit WHERE seal_number > 6; DELETE FROM audit_head");
    server.log_in("bob");
    server.log_in("bob");
    seal(&server);
    assert_eq!(found(database, &[]), [""; 0], "a chain alone cannot show it");
    assert_eq!(found(database, &[anchor]), ["not_as_noted"]);
}

#[test]
fn the_chain_stays_whole_when_accounts_go_and_nothing_of_them_is_left() {
    let (server, alice, root) = furnished();
    let database = server.database();
    server.log_in("bob");
    // One with rows that are chained and one that is not yet; one who acted on others.
    for user in [alice, root] {
        server.wait(delete_user(&server.app, user, &Actor::command_line())).unwrap();
    }
    seal(&server);
    let report = verify(database, &[]);
    assert!(report.is_whole() && report.unsealed == 0, "{report:?}");
    assert_eq!(count(database, &format!("subject_id = {alice} AND subject_digest IS NOT NULL")), 4);
    assert_eq!(
        count(
            database,
            &format!("subject_id = {alice} AND (subject_salt IS NOT NULL OR client_salt IS NOT NULL)")
        ),
        0
    );
    assert_eq!(
        count(database, &format!("actor_id = {root} AND (address IS NOT NULL OR client_salt IS NOT NULL)")),
        0
    );
    assert_eq!(
        count(database, &format!("actor_id = {root} AND subject_salt IS NOT NULL")),
        1,
        "bob is still there"
    );

    database.execute(&format!(
        "UPDATE audit SET subject = 'mallory' WHERE subject_id = {alice} AND action = 'created'"
    ));
    assert_eq!(found(database, &[]), ["subject_altered"]);
}

/// As a server with several replicas has it all at once: logins, deletions, and whoever chains.
#[test]
fn several_who_chain_at_once_make_one_chain_without_a_gap() {
    let one = TestServer::start();
    let two = TestServer::beside(&one, &[]);
    let users: Vec<UserId> = (0..12).map(|n| one.add(&format!("user-{n}"), |_| ())).collect();
    std::thread::scope(|scope| {
        for server in [&one, &two] {
            scope.spawn(|| (0..40).for_each(|_| seal(server)));
            scope.spawn(|| {
                for n in 0..150 {
                    let (user, name) = (users[n % 12], format!("user-{}", n % 12));
                    write_row(server, user, &name);
                }
            });
        }
        scope.spawn(|| {
            for user in users.iter().take(6) {
                one.wait(delete_user(&one.app, *user, &Actor::command_line())).unwrap();
            }
        });
    });
    // Whatever came after its user was gone is nobody's any more, too.
    seal(&one);
    let report = verify(one.database(), &[]);
    assert!(report.is_whole() && report.unsealed == 0, "{report:?}");
    assert_eq!((report.rows, report.head.unwrap().number), (318, 318));
}

fn write_row(server: &TestServer, user: UserId, name: &str) {
    let name = name.to_owned();
    let write = server.app.store.write(move |tx| {
        let entry = NewAuditEntry {
            at: Timestamp::from_seconds(1_000_000),
            action: Action::LoggedIn,
            actor: "user",
            actor_id: Some(user),
            subject_id: Some(user),
            subject: Some(&name),
            address: Some("10.0.0.1".to_owned()),
            user_agent: Some("the agent"),
            detail: None,
        };
        audit::record(tx, &entry)
    });
    server.wait(write).unwrap();
}

/// As many rows as an older version may have left.
fn many_rows(database: &Database, rows: u64) {
    database.execute(&format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {rows}) \
         INSERT INTO audit (at, action, actor, subject) SELECT x, 'logged-in', 'anonymous', 'somebody' FROM n"
    ));
}

#[test]
fn a_server_chains_what_was_there_before_also_when_it_is_killed_in_the_middle() {
    let database = Database::fresh();
    let place = Place::on(database.url());
    assert_eq!(place.run(&["migrate"]).code, 0);
    many_rows(&database, 6_000);
    for round in 0..3 {
        let mut serving = Serving::start(&place, &[]);
        std::thread::sleep(Duration::from_millis(40 + 90 * round));
        serving.signal("KILL");
        assert_eq!(serving.end(), None);
        let report = verify(&database, &[]);
        assert!(report.is_whole() && report.rows + report.unsealed == 6_000, "{report:?}");
        println!("killed with {} rows chained and {} not", report.rows, report.unsealed);
    }
    let serving = Serving::start(&place, &[]);
    wait_until(|| verify(&database, &[]).unsealed == 0);
    assert_eq!(verify(&database, &[]).head.unwrap().number, 6_000);
    drop(serving);
}

#[test]
fn what_is_not_chained_yet_is_told_and_a_server_that_stops_leaves_nothing() {
    let database = Database::fresh();
    let place = Place::on(database.url());
    place.add("alice", "correct-horse-7", &[]);
    let said = place.run(&["audit", "verify"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("not chained yet, and so not checked: 1, the oldest of 2"), "{said:?}");
    assert!(
        !said.out.contains("if one runs")
            && said.out.ends_with("0 rows are chained; nothing is missing or altered\n")
    );
    database.execute("UPDATE audit SET at = at - 61000000");
    let said = place.run(&["audit", "verify"]);
    assert!(said.code == 0 && said.out.contains("if one runs, see what its log says"), "{said:?}");

    let mut serving = Serving::start(&place, &[]);
    serving.log_in("alice", "correct-horse-7");
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let report = verify(&database, &[]);
    assert_eq!((report.rows, report.unsealed), (2, 0), "{report:?}");
}

#[test]
fn a_copy_has_the_chain_and_goes_on_with_it() {
    let (server, alice, _) = furnished();
    server.wait(delete_user(&server.app, alice, &Actor::command_line())).unwrap();
    seal(&server);
    let copy = Database::sqlite();
    let said = Place::sqlite().run(&["copy", "--from", server.database().url(), "--to", copy.url()]);
    assert_eq!(said.code, 0, "{said:?}");
    let anchor = verify(server.database(), &[]).head.unwrap();
    assert_eq!(verify(&copy, &[]).head, Some(anchor.clone()));
    let there = TestServer::on(copy, &[]);
    there.log_in("bob");
    seal(&there);
    let report = verify(there.database(), std::slice::from_ref(&anchor));
    assert!(report.is_whole() && report.head.unwrap().number == anchor.number + 1, "{:?}", report.findings);
}

#[test]
fn the_log_is_listed_for_people_and_for_programs() {
    let (server, alice, root) = furnished();
    let place = Place::on(server.database().url());
    let said = place.run(&["audit", "list", "--user", "alice"]);
    assert_eq!(said.out.lines().count(), 4, "{said:?}");
    let first = said.out.lines().next().unwrap();
    let words = [
        "deactivated",
        &format!("administrator #{root}"),
        &format!("to alice #{alice}"),
        "from 10.0.0.7",
        "– left",
    ];
    assert!(words.iter().all(|word| first.contains(word)), "{first}");
    let json = |arguments: &[&str]| -> Vec<Value> {
        let said = place.run(&[&["audit", "list", "--json"], arguments].concat());
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"))
    };
    assert_eq!(json(&["--user", &format!("#{root}")]).len(), 3);
    assert_eq!(json(&["--action", "login-failed"])[0]["subject"], "alice");
    assert_eq!(json(&["--address", "10.0."]).len(), 2);
    assert_eq!(json(&["--last", "3"]).len(), 3);
    assert_eq!(json(&["--address", "10.0.0.9"]), [Value::Null; 0]);
    place.run(&["audit", "list", "--user", "nobody"]).refused(1, &["no such user", "#7"]);
}

/// Without its row about a deletion, texts that are gone were taken out by somebody else.
#[test]
fn a_deletion_that_is_nowhere_written_is_found() {
    let (server, alice, _) = furnished();
    let database = server.database();
    let anchor = verify(database, &[]).head.unwrap();
    database.execute(&format!(
        "DELETE FROM refresh_tokens; DELETE FROM sessions; DELETE FROM users WHERE id = {alice}; \
         UPDATE audit SET subject = NULL, detail = NULL, address = NULL, user_agent = NULL, subject_salt = NULL, \
         client_salt = NULL WHERE subject_id = {alice}"
    ));
    let found = found(database, &[anchor]);
    assert!(found.contains(&"subject_removed") && found.contains(&"address_removed"), "{found:?}");
}
