//! The mail about a login from a new place, and its link.

use std::time::Duration;

use doorward::testing::types::UserId;
use serde_json::json;

use crate::http::{Reply, Request};
use crate::outbox::{keys, wait_for_mail_requests};
use crate::server::{TestServer, email_of, password_of};

const HOME: &str = "192.0.2.7";
const NEIGHBOUR: &str = "192.0.99.1";
const AWAY: &str = "198.51.100.7";

const DAY: Duration = Duration::from_secs(24 * 3600);

fn server(settings: &[(&str, &str)]) -> (TestServer, UserId) {
    let mut all = vec![("trusted_proxies", "127.0.0.1")];
    all.extend_from_slice(settings);
    let server = TestServer::with(&all);
    let alice = server.add("alice", |account| account.is_email_confirmed = true);
    (server, alice)
}

fn log_in(server: &TestServer, address: &str) -> Reply {
    let body = json!({"username": "alice", "password": password_of("alice")});
    let request = Request::post("/api/login/").json(&body).header("X-Forwarded-For", address);
    let request = request.header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0");
    let reply = server.anon().send(request);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply
}

fn mails(server: &TestServer) -> Vec<String> {
    keys(server, "new_place", &email_of("alice"))
}

#[test]
fn a_login_from_a_new_place_sends_one_mail() {
    let (server, _) = server(&[]);
    log_in(&server, HOME);
    assert!(mails(&server).is_empty(), "the first login of an account is from no new place");
    log_in(&server, NEIGHBOUR);
    assert!(mails(&server).is_empty(), "nor is one from the same provider");
    let known = log_in(&server, HOME);
    let new = log_in(&server, AWAY);
    assert_eq!(known.header("Content-Type"), new.header("Content-Type"));
    assert_eq!(mails(&server).len(), 1);
    log_in(&server, AWAY);
    assert_eq!(mails(&server).len(), 1, "the place is known now");
    let params = "SELECT params AS line FROM mails WHERE kind = 'new_place'";
    let params = server.database().lines(params).remove(0);
    assert!(params.contains(AWAY) && params.contains("Firefox"), "{params}");
}

#[test]
fn a_user_gets_one_such_mail_a_day_and_a_place_is_forgotten_after_90_days() {
    let (server, _) = server(&[]);
    for address in [HOME, AWAY, "203.0.113.1"] {
        log_in(&server, address);
    }
    assert_eq!(mails(&server).len(), 1);
    server.advance(91 * DAY);
    log_in(&server, HOME);
    assert_eq!(mails(&server).len(), 2, "nobody has logged in for 90 days");
}

#[test]
fn the_setting_turns_it_off_and_an_unconfirmed_address_gets_none() {
    let (server, _) = server(&[("account.new_place_mail", "false")]);
    log_in(&server, HOME);
    log_in(&server, AWAY);
    assert!(mails(&server).is_empty());
    let server = TestServer::with(&[("trusted_proxies", "127.0.0.1")]);
    server.add("alice", |_| ());
    log_in(&server, HOME);
    log_in(&server, AWAY);
    assert!(mails(&server).is_empty());
}

#[test]
fn a_new_password_makes_no_place_new() {
    let (server, alice) = server(&[]);
    log_in(&server, HOME);
    let browser = server.signed_in("root");
    let password = password_of("alice");
    let fields = [("password", password.as_str()), ("password_again", &password)];
    assert_eq!(browser.submit(&format!("/admin/users/{alice}/password"), &fields).status, 303);
    log_in(&server, AWAY);
    assert!(mails(&server).is_empty());
}

#[test]
fn the_link_ends_all_sessions_and_leads_to_a_new_password_but_only_by_its_button() {
    let (server, alice) = server(&[]);
    log_in(&server, HOME);
    let token = log_in(&server, AWAY).cookie("access_token").unwrap().value;
    let is_open = || {
        let request = Request::get("/api/user/").header("Authorization", format!("Bearer {token}"));
        server.anon().send(request).status == 200
    };
    assert!(is_open());
    let link = format!("/not-me/{}", mails(&server).remove(0));
    for _ in 0..2 {
        let page = server.anon().get(&link);
        assert!(page.text().contains("Did another person sign in?"), "{}", page.text());
    }
    assert!(is_open(), "opening the link changes nothing");
    let reply = server.anon().send(Request::post(&link).form(&[("x", "y")]));
    assert_eq!(reply.status, 303);
    assert!(!is_open());
    let reset = reply.header("Location").unwrap();
    assert!(reset.starts_with("/reset-password/"), "{reset}");
    let page = server.anon().get(&reset).text();
    assert!(page.contains("All sessions of your account have ended."), "{page}");
    assert_eq!(server.anon().get(&link).status, 404, "it works once");
    assert!(
        server.audit(alice).iter().any(|action| action == "sign-in-disowned"),
        "{:?}",
        server.audit(alice)
    );
    server.advance(2 * DAY);
    log_in(&server, AWAY);
    wait_for_mail_requests(&server);
    assert_eq!(mails(&server).len(), 2, "the thief logs in again and is noticed again");
}
