//! `doorward audit …`, and the chain that it checks: doorward itself never breaks it, and every other change
//! does.

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

/// Rows of many kinds about bob and alice, who was deactivated by root. All are chained.
fn chained_rows() -> (TestServer, UserId, UserId) {
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

/// The codes of the findings.
fn findings(database: &Database, expected: &[ChainAnchor]) -> Vec<&'static str> {
    let report = verify(database, expected);
    assert_eq!(report.problems as usize, report.findings.len());
    report.findings.iter().map(|finding| finding.problem.code()).collect()
}

fn count(database: &Database, condition: &str) -> u64 {
    let query = format!("SELECT CAST(count(*) AS TEXT) AS line FROM audit WHERE {condition}");
    database.lines(&query)[0].parse().unwrap()
}

#[test]
fn an_unchanged_log_is_whole_and_its_earlier_end_is_expected() {
    let (server, ..) = chained_rows();
    let place = Place::on(server.database().url());
    let said = place.run(&["audit", "verify"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[0], "8 rows are chained; nothing is missing or altered", "{said:?}");
    let end = lines[1].to_owned();
    assert!(end.starts_with("8:") && end.len() == 66, "{end}");

    server.log_in("bob");
    seal(&server);
    let said = place.run(&["audit", "verify", "--expect", &end, "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let json: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((json["whole"].as_bool(), json["rows"].as_u64()), (Some(true), Some(9)), "{json}");
    assert!(json["head"].as_str().unwrap().starts_with("9:") && json["findings"] == Value::Array(vec![]));
}

#[test]
fn every_change_of_a_row_is_detected() {
    let (server, ..) = chained_rows();
    let database = server.database();
    database.execute("CREATE TABLE original AS SELECT * FROM audit");
    let row = "seal_number = (SELECT seal_number FROM original WHERE action = 'deactivated')";
    let update = |what: &str| format!("UPDATE audit SET {what} WHERE {row}");
    for (change, expected) in [
        (update("id = id + 1000"), "altered"),
        (update("at = at + 1"), "altered"),
        (update("action = 'activated'"), "altered"),
        (update("actor = 'user'"), "altered"),
        (update("actor_id = NULL"), "altered"),
        (update("actor_id = actor_id + 1"), "altered"),
        (update("subject_id = 99"), "altered"),
        (update("subject = 'mallory'"), "subject_altered"),
        (update("detail = NULL"), "subject_altered"),
        (update("address = '10.0.0.8'"), "address_altered"),
        (update("user_agent = NULL"), "address_altered"),
        (update("subject_salt = client_salt"), "subject_altered"),
        (update("client_salt = NULL"), "address_altered"),
        (update("subject_digest = client_digest"), "altered,subject_altered"),
        (update("client_digest = NULL"), "altered,address_altered"),
        (update("subject = NULL, detail = NULL, subject_salt = NULL"), "subject_removed"),
        (update("address = NULL, user_agent = NULL, client_salt = NULL"), "address_removed"),
        (update("seal = subject_digest"), "altered,altered"),
        (update("seal = NULL"), "altered,altered"),
        (update("seal_number = 1000"), "missing,missing,ends_elsewhere"),
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
             SELECT at, 'logged-in', 'user', 4, seal FROM original WHERE seal_number = 4"
                .to_owned(),
            "altered,altered,altered,altered,altered,altered,ends_elsewhere",
        ),
    ] {
        database.execute(&change);
        assert_eq!(findings(database, &[]).join(","), expected, "{change}");
        database.execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM original");
        assert_eq!(findings(database, &[]), [""; 0]);
    }
    database.execute("DROP INDEX audit_seal_number");
    database.execute(
        "INSERT INTO audit (at, action, actor, seal_number, seal) SELECT at, action, actor, seal_number, seal FROM original WHERE seal_number = 3",
    );
    assert_eq!(findings(database, &[]), ["twice"]);
    assert_eq!(verify(database, &[]).findings[0].number, 3);
}

#[test]
fn findings_are_reported_as_text_as_json_and_by_the_exit_code() {
    let (server, ..) = chained_rows();
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
fn an_end_that_was_cut_off_is_detected_also_when_the_chain_was_continued() {
    let (server, ..) = chained_rows();
    let database = server.database();
    let end = verify(database, &[]).head.unwrap();
    database.execute("DELETE FROM audit WHERE seal_number > 6");
    assert_eq!(findings(database, &[]), ["ends_elsewhere"]);
    let report = verify(database, &[]);
    assert_eq!(report.findings[0].number, end.number, "up to there it went");
    assert_eq!(findings(database, std::slice::from_ref(&end)), ["cut", "ends_elsewhere"]);
    server.log_in("bob");
    server.log_in("bob");
    seal(&server);
    assert_eq!(findings(database, &[]), ["missing"]);
    database.execute("DELETE FROM audit");
    assert_eq!(findings(database, &[]), ["ends_elsewhere"], "not one row is left");
}

#[test]
fn an_end_that_lost_its_seals_is_reported_at_the_number_that_it_had() {
    let (server, ..) = chained_rows();
    let database = server.database();
    database.execute("UPDATE audit SET seal_number = NULL, seal = NULL WHERE seal_number = 8");
    let report = verify(database, &[]);
    let found: Vec<_> = report.findings.iter().map(|it| (it.problem.code(), it.row, it.number)).collect();
    assert_eq!(found, [("ends_elsewhere", None, 8), ("unsealed", None, 8)]);
    assert_eq!((report.rows, report.unsealed), (7, 1));
}

#[test]
fn an_end_that_was_computed_again_is_detected_with_expect() {
    let (server, ..) = chained_rows();
    let database = server.database();
    let end = verify(database, &[]).head.unwrap();
    database.execute("DELETE FROM audit WHERE seal_number > 6; DELETE FROM audit_head");
    server.log_in("bob");
    server.log_in("bob");
    seal(&server);
    assert_eq!(findings(database, &[]), [""; 0], "a chain alone cannot show it");
    assert_eq!(findings(database, &[end]), ["not_as_noted"]);
}

#[test]
fn the_chain_stays_whole_when_accounts_are_deleted_and_their_texts_are_removed() {
    let (server, alice, root) = chained_rows();
    let database = server.database();
    server.log_in("bob");
    // One user with rows that are chained and one row that is not yet, and one who changed others.
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
    assert_eq!(findings(database, &[]), ["subject_altered"]);
}

/// As with several replicas: logins, deletions and sealing at the same time.
#[test]
fn concurrent_sealing_makes_one_chain_without_a_gap() {
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
    // Rows that were written after the deletion of their user have no user, either.
    seal(&one);
    let report = verify(one.database(), &[]);
    assert!(report.is_whole() && report.unsealed == 0, "{report:?}");
    assert_eq!((report.rows, report.head.unwrap().number), (318, 318));
}

fn write_row(server: &TestServer, user: UserId, name: &str) {
    let name = name.to_owned();
    let write = server.app.store.write(move |tx| {
        let entry = NewAuditEntry {
            bulk_id: None,
            at: Timestamp::from_seconds(1_000_000),
            action: Action::LoggedIn,
            actor: "user".into(),
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

/// As many unchained rows as an older version may have left.
fn many_rows(database: &Database, rows: u64) {
    database.execute(&format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {rows}) \
         INSERT INTO audit (at, action, actor, subject) SELECT x, 'logged-in', 'anonymous', 'a-user' FROM n"
    ));
}

#[test]
fn a_server_chains_existing_rows_also_when_it_is_killed_meanwhile() {
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
fn sealing_goes_on_until_no_row_is_left_however_many_there_are() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    many_rows(server.database(), 1_200);
    assert!(browser.page("/admin/settings").contains("latest entries pending"));
    let waiting = count(server.database(), "seal_number IS NULL") as usize;
    assert_eq!(server.wait(seal_audit(&server.app)).unwrap(), waiting);
    assert_eq!(count(server.database(), "seal_number IS NULL"), 0);
    assert!(!browser.page("/admin/settings").contains("latest entries pending"));
    assert_eq!(server.wait(seal_audit(&server.app)).unwrap(), 0);
}

#[test]
fn the_end_of_the_chain_is_logged_at_most_once_an_hour() {
    const LINE: &str = "the end of the audit chain";
    let database = Database::fresh();
    let place = Place::on(database.url());
    place.add("alice", "correct-horse-7", &[]);
    let mut serving = Serving::start(&place, &[]);
    let head: ChainAnchor = serving.line(LINE)["head"].as_str().unwrap().parse().unwrap();
    assert!(verify(&database, &[head]).is_whole());
    for name in ["correct-horse-7", "wrong-guess-1"] {
        let rows = verify(&database, &[]).rows;
        serving.log_in("alice", name);
        wait_until(|| verify(&database, &[]).rows > rows);
    }
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let later: Vec<String> = serving.lines.iter().filter(|line| line.contains(LINE)).collect();
    assert_eq!(later, [] as [String; 0]);
}

#[test]
fn unchained_rows_are_reported_and_a_server_that_stops_leaves_none() {
    let database = Database::fresh();
    let place = Place::on(database.url());
    place.add("alice", "correct-horse-7", &[]);
    let said = place.run(&["audit", "verify"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("not chained yet, and so not checked: 1, the oldest from 2"), "{said:?}");
    assert!(
        !said.out.contains("if one runs")
            && said.out.ends_with("0 rows are chained; nothing is missing or altered\n")
    );
    database.execute("UPDATE audit SET at = at - 61000000");
    let said = place.run(&["audit", "verify"]);
    assert!(said.code == 1 && said.out.contains("if one runs, check its log"), "{said:?}");
    assert!(said.out.ends_with("0 rows are chained; nothing could be checked\n"), "{said:?}");

    let mut serving = Serving::start(&place, &[]);
    serving.log_in("alice", "correct-horse-7");
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let report = verify(&database, &[]);
    assert_eq!((report.rows, report.unsealed), (2, 0), "{report:?}");
}

#[test]
fn a_copy_has_the_chain_and_continues_it() {
    let (server, alice, _) = chained_rows();
    server.wait(delete_user(&server.app, alice, &Actor::command_line())).unwrap();
    seal(&server);
    let copy = Database::sqlite();
    let said = Place::sqlite().run(&["copy", "--from", server.database().url(), "--to", copy.url()]);
    assert_eq!(said.code, 0, "{said:?}");
    let end = verify(server.database(), &[]).head.unwrap();
    assert_eq!(verify(&copy, &[]).head, Some(end.clone()));
    let there = TestServer::on(copy, &[]);
    there.log_in("bob");
    seal(&there);
    let report = verify(there.database(), std::slice::from_ref(&end));
    assert!(report.is_whole() && report.head.unwrap().number == end.number + 1, "{:?}", report.findings);
}

#[test]
fn the_log_is_listed_as_text_and_as_json() {
    let (server, alice, root) = chained_rows();
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

/// Without an audit row about the deletion, somebody else must have removed the texts.
#[test]
fn a_deletion_that_is_not_in_the_log_is_detected() {
    let (server, alice, _) = chained_rows();
    let database = server.database();
    let end = verify(database, &[]).head.unwrap();
    database.execute(&format!(
        "DELETE FROM refresh_tokens; DELETE FROM sessions; DELETE FROM users WHERE id = {alice}; \
         UPDATE audit SET subject = NULL, detail = NULL, address = NULL, user_agent = NULL, subject_salt = NULL, \
         client_salt = NULL WHERE subject_id = {alice}"
    ));
    let codes = findings(database, &[end]);
    assert!(codes.contains(&"subject_removed") && codes.contains(&"address_removed"), "{codes:?}");
}
