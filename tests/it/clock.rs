//! A clock that was ahead and is right now, and one that is behind and will be right: what each stored moment asks
//! for afterwards. A replica whose clock was moved stands for the time before.

use std::collections::BTreeSet;
use std::time::Duration;

use doorward::testing::accounts::{Actor, LinkKeys, correct_moments, invite, tally_logins};
use doorward::testing::store::mails::DeliveryState;
use doorward::testing::types::{Email, Link};
use serde_json::json;

use crate::http::Reply;
use crate::mail::{Working, notice, outbox, queue, sending_to};
use crate::outbox::{ask_reset, issue};
use crate::server::{TestServer, email_of, password_of};
use crate::smtp::SmtpServer;
use crate::tokens::{error_of, obtain, refresh, text, verify};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Every column with a moment, and what keeps one in the future from asking for more than its own time.
/// `docs/decisions/0057-clock-ahead.md` has the reasons.
const MOMENTS: &[(&str, &str)] = &[
    ("admin_sessions.authenticated_at", "removed"),
    ("admin_sessions.created_at", "removed"),
    ("admin_sessions.last_seen_at", "removed"),
    ("admin_sessions.view_began_at", "removed: the view ends"),
    ("audit.at", "unchanged: entries are never changed"),
    ("api_keys.created_at", "only displayed"),
    ("api_keys.expires_at", "unchanged: the end that was chosen; never later"),
    ("api_keys.last_used_at", "in the future counts as long ago"),
    ("api_keys.revoked_at", "compared with NULL"),
    ("browser_sessions.authenticated_at", "removed"),
    ("bulk_actions.created_at", "in the future counts as long ago"),
    ("bulk_actions.ended_at", "in the future counts as long ago"),
    ("bulk_actions.lease_ends_at", "now"),
    ("deleted_accounts.deleted_at", "now"),
    ("import_rows.written_at", "compared for equality"),
    ("imports.ended_at", "compared with NULL"),
    ("imports.started_at", "not compared with the time"),
    ("imports.updated_at", "only displayed"),
    ("known_addresses.last_used_at", "now"),
    ("login_tallies.hour", "removed"),
    ("mail_requests.created_at", "not compared with the time"),
    ("mails.created_at", "not compared with the time, but for the retention"),
    ("mails.due_at", "due at once, by the worker"),
    ("mails.ended_at", "now"),
    ("mails.refused_at", "compared with other rows"),
    ("one_time_keys.created_at", "moved"),
    ("one_time_keys.expires_at", "moved"),
    ("refresh_tokens.expires_at", "not compared with the time: that of the token is"),
    ("refresh_tokens.issued_at", "not compared with the time: that of the token is"),
    ("refresh_tokens.replaced_at", "reuse far from it counts as reuse"),
    ("reserved_names.reserved_at", "now"),
    ("secrets.created_at", "not compared with the time"),
    ("served_origin.started_at", "not compared with the time"),
    ("sessions.ended_at", "compared with NULL"),
    ("sessions.expires_at", "only lists and deletes: that of the token decides, or the last use"),
    ("sessions.last_seen_at", "now"),
    ("sessions.refresh_recorded_at", "one in the future counts as none"),
    ("sessions.refreshes_empty_at", "moved"),
    ("sessions.started_at", "in the future counts as long ago"),
    ("signing_keys.created_at", "only displayed"),
    ("signing_keys.published_at", "only displayed"),
    ("throttles.empty_at", "moved"),
    ("throttles.written_at", "moved"),
    ("users.created_at", "only counts, and when unconfirmed accounts go"),
    ("users.deletion_due_at", "unchanged: the date that the person was told; never earlier"),
    ("users.last_login_at", "compared with NULL"),
    ("users.tokens_valid_from", "unchanged: no revocation is taken back"),
    ("users.updated_at", "compared for equality"),
];

#[test]
fn every_stored_moment_has_a_rule() {
    let schema = ["schema", "key_schema"]
        .map(|name| std::fs::read_to_string(format!("src/store/engine/{name}.rs")).unwrap());
    let schema = schema.concat();
    let mut table = String::new();
    let mut found = BTreeSet::new();
    for line in schema.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            name.clone_into(&mut table);
        }
        let Some((column, "BigInt," | "Nullable<BigInt>,")) = line.split_once(" -> ") else { continue };
        if column.ends_with("_at") || ["at", "hour", "tokens_valid_from"].contains(&column) {
            found.insert(format!("{table}.{column}"));
        }
    }
    let listed: BTreeSet<String> = MOMENTS.iter().map(|(column, _)| (*column).to_owned()).collect();
    assert_eq!(found, listed);
}

/// A server whose clock was this far ahead for `work`, and is right now, as after a start.
fn after_ahead(settings: &[(&str, &str)], ahead: Duration, work: impl FnOnce(&TestServer)) -> TestServer {
    let right = TestServer::with(settings);
    right.add("alice", |account| account.is_email_confirmed = true);
    right.add("root", |account| account.is_admin = true);
    let wrong = TestServer::beside(&right, settings);
    wrong.advance(ahead);
    work(&wrong);
    drop(wrong);
    right.wait(correct_moments(&right.app, LinkKeys::Unchanged)).unwrap();
    right
}

fn register(server: &TestServer, name: &str) -> Reply {
    let body = json!({"username": name, "email": email_of(name), "password": "quite-Long-pass-3"});
    server.anon().post("/api/register/", &body)
}

#[test]
fn one_attempt_of_each_kind_while_the_clock_was_ahead_blocks_none_afterwards() {
    for ahead in [Duration::from_secs(120), 2 * HOUR, DAY, 400 * DAY] {
        let server = after_ahead(&[], ahead, |wrong| {
            assert_eq!(wrong.anon().log_in("alice", "oops").status, 404);
            assert_eq!(wrong.anon().log_in("unknown", "oops").status, 404);
            assert_eq!(register(wrong, "bob").status, 201);
            assert_eq!(ask_reset(wrong, "alice@example.com").status, 202);
            assert_eq!(verify(wrong, "no token").0, 401);
        });
        assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200, "{ahead:?}");
        assert_eq!(server.anon().log_in("unknown", "oops").status, 404);
        assert_eq!(server.browser().sign_in("root", &password_of("root")).status, 303);
        assert_eq!(register(&server, "carol").status, 201);
        assert_eq!(ask_reset(&server, "alice@example.com").status, 202);
        assert_eq!(verify(&server, "no token").0, 401);
    }
}

#[test]
fn a_limit_that_was_reached_while_the_clock_was_ahead_holds_for_its_own_time_only() {
    let settings = [("limits.failed_logins_per_account", "2")];
    let server = after_ahead(&settings, DAY, |wrong| {
        for _ in 0..2 {
            assert_eq!(wrong.anon().log_in("alice", "oops").status, 404);
        }
    });
    let blocked = server.anon().log_in("alice", &password_of("alice"));
    assert_eq!(blocked.status, 429);
    let wait: u64 = blocked.header("Retry-After").unwrap().parse().unwrap();
    assert!(wait <= 150, "{wait}");
    server.advance(Duration::from_secs(wait));
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
}

#[test]
fn without_any_correction_a_bucket_asks_for_no_more_than_its_window() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    server.anon().log_in("alice", "oops");
    let year = 366 * DAY.as_secs() * 1_000_000;
    server.database().execute(&format!("UPDATE throttles SET empty_at = empty_at + {year}"));
    let reply = server.anon().log_in("alice", &password_of("alice"));
    let wait: u64 = reply.header("Retry-After").unwrap().parse().unwrap();
    assert!(
        reply.status == 429 && wait <= HOUR.as_secs(),
        "the longest window is that of an account: {wait}"
    );
}

#[test]
fn a_clock_that_was_behind_takes_nothing_from_those_who_come_after() {
    let server = TestServer::with(&[]);
    server.add("alice", |_| ());
    server.advance(2 * HOUR);
    let alice = server.user("alice");
    let pair = obtain(&server, "alice");
    server.anon().log_in("alice", "oops");
    let key = issue(&server, "alice", Link::ResetPassword, HOUR);
    let behind = TestServer::beside(&server, &[]);
    behind.wait(correct_moments(&behind.app, LinkKeys::Unchanged)).unwrap();
    assert_eq!(behind.anon().log_in("alice", &password_of("alice")).status, 200);
    drop(behind);
    assert_eq!(alice.get("/api/user/").status, 200);
    assert_eq!(refresh(&server, &pair.refresh).status, 200);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 200);
    let reset = json!({"key": key, "new_password": "quite-Another-pass-4"});
    let reply = server.anon().post("/api/password/reset/confirm/", &reset);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(alice.get("/api/user/").status, 401, "a revocation stays");
}

#[test]
fn who_logged_in_while_the_clock_was_ahead_logs_in_anew() {
    let mut token = String::new();
    let server = after_ahead(&[], DAY, |wrong| {
        token = obtain(wrong, "alice").refresh;
        wrong.signed_in("root");
    });
    assert_eq!(refresh(&server, &token).status, 401, "issued in the future");
    assert_eq!(server.user("alice").get("/api/user/").status, 200);
    let sessions = "SELECT id || '' AS line FROM sessions";
    assert!(!server.database().lines(sessions).is_empty());
    let admin = "SELECT user_id || '' AS line FROM admin_sessions";
    assert!(server.database().lines(admin).is_empty(), "it would outlive its time");
    assert!(server.signed_in("root").page("/admin/").contains("in the future"));
}

#[test]
fn an_administrator_who_typed_the_password_while_the_clock_was_ahead_types_it_again() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let future = "UPDATE admin_sessions SET authenticated_at = authenticated_at + 86400000000";
    server.database().execute(future);
    server.wait(correct_moments(&server.app, LinkKeys::Unchanged)).unwrap();
    assert_eq!(browser.get("/admin/").status, 303);
    assert!(server.signed_in("root").page("/admin/").contains("Overview"));
}

#[test]
fn a_token_that_was_replaced_while_the_clock_was_ahead_cannot_be_used_again() {
    let settings = [("tokens.rotate_refresh", "true"), ("tokens.reuse_grace", "10s")];
    let right = TestServer::with(&settings);
    right.add("alice", |_| ());
    let pair = obtain(&right, "alice");
    let wrong = TestServer::beside(&right, &settings);
    wrong.advance(2 * HOUR);
    assert!(!text(&refresh(&wrong, &pair.refresh), "refresh").is_empty());
    assert_eq!(error_of(&refresh(&right, &pair.refresh)).0, 401);
}

#[test]
fn a_session_that_refreshed_while_the_clock_was_ahead_can_refresh() {
    let right = TestServer::start();
    right.add("alice", |_| ());
    let pair = obtain(&right, "alice");
    let wrong = TestServer::beside(&right, &[]);
    wrong.advance(DAY);
    assert_eq!(refresh(&wrong, &pair.refresh).status, 200);
    drop(wrong);
    right.wait(correct_moments(&right.app, LinkKeys::Unchanged)).unwrap();
    assert_eq!(refresh(&right, &pair.refresh).status, 200);
}

#[test]
fn mails_and_leases_of_a_clock_that_was_ahead_are_due_now() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    let wrong = TestServer::beside(&server, &[]);
    wrong.advance(DAY);
    queue(&wrong, ["queued@example.com", "leased@example.com", "retried@example.com"].map(notice).into());
    drop(wrong);
    let set = |what: &str, who: &str| {
        server.database().execute(&format!("UPDATE mails SET {what} WHERE recipient = '{who}@example.com'"));
    };
    set("lease = 'x'", "leased");
    set("attempts = 9", "retried");
    let _worker = Working::start(&server);
    smtp.wait_for(3);
}

#[test]
fn retries_and_leases_of_a_right_clock_keep_their_time() {
    let smtp = SmtpServer::start();
    let server = sending_to(smtp.port, &[]);
    queue(&server, ["leased@example.com", "retried@example.com"].map(notice).into());
    let now = server.app.clock.now().micros();
    let (lease, pause) = (now + 65_000_000, now + 6 * HOUR.as_micros() as i64);
    server.database().execute(&format!("UPDATE mails SET lease = 'x', due_at = {lease} WHERE id = 1"));
    server.database().execute(&format!("UPDATE mails SET attempts = 6, due_at = {pause} WHERE id = 2"));
    let worker = Working::start(&server);
    queue(&server, vec![notice("bob@example.com")]);
    smtp.wait_for(1);
    worker.finish();
    let states: Vec<DeliveryState> = outbox(&server).iter().map(|mail| mail.state).collect();
    assert_eq!(states, [DeliveryState::Waiting, DeliveryState::Waiting, DeliveryState::Sent]);
}

#[test]
fn links_and_reservations_of_a_clock_that_was_ahead_last_as_long_as_any() {
    let settings = [("registration.hide_existing", "true")];
    let mut key = String::new();
    let server = after_ahead(&settings, 100 * DAY, |wrong| {
        key = issue(wrong, "alice", Link::UndoEmail, 7 * DAY);
        let email = Email::parse("guest@example.com").unwrap();
        wrong.wait(invite(&wrong.app, email, None, &Actor::command_line())).unwrap();
        let body =
            json!({"username": "reserved", "email": "alice@example.com", "password": "quite-Long-pass-3"});
        assert_eq!(wrong.anon().post("/api/register/", &body).status, 201);
    });
    assert!(!key.is_empty());
    server.wait(correct_moments(&server.app, LinkKeys::Corrected)).unwrap();
    let now = server.app.clock.now();
    let latest = |query: &str| -> Duration {
        let micros = server.database().lines(query).iter().map(|line| line.parse().unwrap()).max().unwrap();
        doorward::testing::types::Timestamp::from_micros(micros).since(now)
    };
    assert!(latest("SELECT expires_at || '' AS line FROM one_time_keys") <= 7 * DAY);
    assert_eq!(latest("SELECT reserved_at || '' AS line FROM reserved_names"), Duration::ZERO);
}

#[test]
fn hours_that_were_counted_before_they_came_are_counted_again() {
    let server = after_ahead(&[], 2 * DAY, |wrong| {
        wrong.log_in("alice");
        wrong.advance(2 * HOUR);
        wrong.wait(tally_logins(&wrong.app)).unwrap();
    });
    let now = server.app.clock.now().micros();
    let future = format!("SELECT hour || '' AS line FROM login_tallies WHERE hour > {now}");
    assert!(server.database().lines(&future).is_empty());
}
