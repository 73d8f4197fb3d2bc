//! The pages about API keys.

use std::time::Duration;

use doorward::testing::accounts::{Actor, ActorKind, deactivate};

use crate::browser::{Browser, value_of};
use crate::http::Request;
use crate::server::TestServer;

const LIST: &str = "/admin/settings/api-keys";
const ADD: &str = "/admin/settings/api-keys/add";

fn key_in(page: &str) -> String {
    let at = page.find("dwk_").unwrap_or_else(|| panic!("no key in {page}"));
    page[at..at + 85].to_owned()
}

fn create(browser: &Browser, more: &[(&str, &str)]) -> crate::http::Reply {
    let id = value_of(&browser.page(ADD), "id");
    browser.submit(ADD, &[&[("id", id.as_str()), ("name", "billing")], more].concat())
}

#[test]
fn a_key_is_displayed_once_works_and_is_listed_without_it_in_both_languages() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page(LIST).contains("No API keys yet"));
    assert!(browser.page("/admin/settings").contains(&format!("href=\"{LIST}\"")));
    let made = create(&browser, &[("tokens_introspect", "1"), ("days", "30"), ("networks", "127.0.0.0/8")]);
    let page = made.text();
    assert_eq!((made.status, made.header("Cache-Control").as_deref()), (200, Some("no-store")));
    assert!(!page.contains("?language=") && !page.contains("?theme="), "a switch would lose the key: {page}");
    let key = key_in(&page);
    let request = Request::post("/api/token/introspect/").json(&serde_json::json!({"token": "x"}));
    let reply = server.anon().send(request.header("Authorization", format!("Api-Key {key}")));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let list = browser.page(LIST);
    for text in ["billing", &key[4..20], "tokens:introspect", "127.0.0.0/8", "Active, expires"] {
        assert!(list.contains(text), "{text} is missing in {list}");
    }
    assert!(!list.contains(&key[21..]), "{list}");
    browser.get("/?language=de");
    assert!(browser.page(LIST).contains("Aktiv, läuft ab"));
}

#[test]
fn a_form_that_is_sent_twice_makes_one_key() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = value_of(&browser.page(ADD), "id");
    let fields = [("id", id.as_str()), ("name", "billing"), ("users_read", "1")];
    assert_eq!(browser.submit(ADD, &fields).status, 200);
    assert_eq!(browser.submit(ADD, &fields).leads_to(), LIST);
    assert!(browser.page(LIST).contains("was created before"));
    assert_eq!(server.database().lines("SELECT id AS line FROM api_keys"), [id]);
}

#[test]
fn a_form_with_errors_makes_no_key_and_keeps_what_was_typed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let reply = create(&browser, &[("days", "never"), ("networks", "here")]);
    let page = reply.text();
    assert_eq!(reply.status, 422);
    for text in ["Choose at least one", "whole number from 1 to 3650", "is no address or network", "billing"]
    {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    assert_eq!(server.database().lines("SELECT id AS line FROM api_keys"), Vec::<String>::new());
}

#[test]
fn what_a_key_may_do_is_one_question_with_its_error_beside_it() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let group = |page: &str| {
        let (_, rest) = page.split_once("<fieldset").unwrap_or_else(|| panic!("{page}"));
        rest.split_once("</fieldset>").unwrap().0.to_owned()
    };
    let asked = group(&browser.page(ADD));
    assert!(asked.contains("<legend>What may the key do?</legend>"), "{asked}");
    assert_eq!(asked.matches("type=\"checkbox\"").count(), 4, "{asked}");
    assert!(!asked.contains("group-error"), "{asked}");
    let page = create(&browser, &[]).text();
    let refused = group(&page);
    assert!(refused.starts_with(" class=\"field\" aria-describedby=\"group-error\""), "{refused}");
    assert!(refused.contains("id=\"group-error\"") && refused.contains("Choose at least one."), "{refused}");
    assert!(
        page.contains("<a href=\"#users_read\">What may the key do?: Choose at least one.</a>"),
        "{page}"
    );
    browser.get("/?language=de");
    assert!(group(&browser.page(ADD)).contains("<legend>Was darf der Schlüssel?</legend>"));
}

#[test]
fn a_key_is_revoked_once_and_both_steps_are_in_the_audit_log() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let key = key_in(&create(&browser, &[("users_read", "1"), ("days", "")]).text());
    let path = format!("{LIST}/{}/revoke", &key[4..20]);
    assert!(browser.page(&path).contains("Revoke API key"));
    assert_eq!(browser.submit(&path, &[]).leads_to(), LIST);
    let list = browser.page(LIST);
    assert!(list.contains("Revoked") && !list.contains("/revoke\""), "{list}");
    assert_eq!(browser.submit(&path, &[]).leads_to(), LIST);
    assert!(browser.page(LIST).contains("was revoked before"));
    let log = browser.page("/admin/audit");
    assert!(log.contains("API key created") && log.contains("API key revoked"), "{log}");
    assert!(!log.contains(&key[21..]));
    assert_eq!(browser.get(&format!("{LIST}/0000000000000000/revoke")).status, 404);
}

#[test]
fn making_and_revoking_a_key_need_the_password_again() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let key = key_in(&create(&browser, &[("users_read", "1")]).text());
    server.advance(Duration::from_secs(1200));
    for path in [ADD.to_owned(), format!("{LIST}/{}/revoke", &key[4..20])] {
        let reply = browser.get(&path);
        assert!(reply.leads_to().starts_with("/admin/prove"), "{path}");
        let sent = browser.submit(&path, &[("name", "other"), ("users_write", "1")]);
        assert!(!sent.text().contains("dwk_"), "{}", sent.text());
    }
    assert_eq!(server.database().lines("SELECT id AS line FROM api_keys WHERE revoked_at IS NULL").len(), 1);
    assert_eq!(server.browser().get(LIST).status, 303);
}

#[test]
fn the_list_of_keys_leads_to_what_a_key_changed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("ann", |_| ());
    server.add("bob", |_| ());
    let machine = server.mighty_machine();
    let (ann, bob) = (server.find("ann").unwrap().id, server.find("bob").unwrap().id);
    let inactive = Request::new("PATCH", &format!("/api/admin/users/{ann}/"))
        .json(&serde_json::json!({"is_active": false}));
    assert_eq!(machine.send(inactive).status, 200);
    let by_root = server.find("root").unwrap().id;
    server
        .wait(deactivate(
            &server.app,
            bob,
            None,
            &Actor::remote(ActorKind::Administrator(by_root), None, None),
        ))
        .unwrap();
    let path = format!("/admin/audit?by=api-key%3A{}", machine.id);
    let list = browser.page(LIST);
    assert!(list.contains(&format!("href=\"{path}\"")) && list.contains("What it changed"), "{list}");
    let page = browser.page(&path);
    assert_eq!(page.matches("id=\"row-").count(), 1, "{page}");
    assert!(
        page.contains(">ann</a>") && page.contains(&format!("value=\"api-key:{}\"", machine.id)),
        "{page}"
    );
    let other = browser.page("/admin/audit?by=api-key%3A0000000000000000");
    assert_eq!(other.matches("id=\"row-").count(), 0, "{other}");
}
