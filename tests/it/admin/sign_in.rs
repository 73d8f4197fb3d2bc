//! Signing in and out, the session, and the re-authentication.

use std::time::Duration;

use doorward::testing::accounts::{self, Actor, Rules};
use doorward::testing::types::Password;

use crate::browser::{Browser, value_of};
use crate::http::{Reply, Request};
use crate::server::{TestServer, password_of};

const COOKIE: &str = "doorward_admin";
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn signing_in_leads_to_the_requested_page() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let browser = server.browser();
    let form = browser.get("/admin/users/?q=a%26b&sort=email").leads_to();
    assert_eq!(form, "/admin/sign-in?next=%2Fadmin%2Fusers%2F%3Fq%3Da%2526b%26sort%3Demail");
    let page = browser.page(&form);
    let next = value_of(&page, "next").replace("&#38;", "&");
    let fields = [("username", "root@example.com"), ("password", &password_of("root")), ("next", &next)];
    assert_eq!(browser.post("/admin/sign-in", &fields).leads_to(), "/admin/users/?q=a%26b&sort=email");
    assert_eq!(browser.get("/admin/users/").status, 200);
    assert_eq!(browser.get(&form).leads_to(), "/admin/users/?q=a%26b&sort=email", "no second sign-in");
}

#[test]
fn signing_in_never_redirects_to_another_site() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "/api/login/", ""] {
        let fields = [("username", "root"), ("password", &password_of("root")), ("next", next)];
        assert_eq!(server.browser().post("/admin/sign-in", &fields).leads_to(), "/admin/", "{next}");
    }
}

#[test]
fn a_wrong_password_is_an_error_and_the_username_stays() {
    let server = TestServer::start();
    let root = server.add("root", |account| account.is_admin = true);
    server.add("idle", |account| (account.is_admin, account.is_active) = (true, false));
    let browser = server.browser();
    for (name, password) in
        [("root", "wrong-guess-1"), ("nobody", "wrong-guess-1"), ("idle", &password_of("idle"))]
    {
        let reply = browser.sign_in(name, password);
        assert_eq!(reply.status, 422, "{name}");
        let text = reply.text();
        assert!(text.contains("Incorrect username or password."), "{text}");
        assert!(text.contains(&format!("value=\"{name}\"")) && !text.contains(password), "{text}");
        assert!(browser.cookie(COOKIE).is_none());
    }
    assert_eq!(server.audit(root), ["login-failed", "created"]);
}

#[test]
fn a_missing_username_or_password_is_named_and_no_login_is_tried() {
    let server = TestServer::start();
    let root = server.add("root", |account| account.is_admin = true);
    for (name, password) in [(" ", ""), ("root", ""), ("", "wrong-guess-1")] {
        let reply = server.browser().sign_in(name, password);
        assert_eq!(reply.status, 422, "{name}");
        assert!(reply.text().contains("This field is required."), "{}", reply.text());
    }
    assert_eq!(server.audit(root), ["created"]);
}

#[test]
fn the_title_of_the_sign_in_page_begins_with_error_only_after_an_error() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let browser = server.browser();
    assert!(!browser.page("/admin/sign-in").contains("<title>Error"));
    for (name, password) in [("root", "wrong-guess-1"), ("", "wrong-guess-1"), ("root", "")] {
        let page = browser.sign_in(name, password).text();
        assert!(page.contains("<title>Error"), "{name}: {page}");
    }
}

#[test]
fn every_page_leads_to_every_area() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let browser = server.browser();
    browser.sign_in("root", &password_of("root"));
    for path in ["/admin/", "/admin/users/", "/admin/audit"] {
        let page = browser.page(path);
        for area in ["/admin/", "/admin/users/", "/admin/mail", "/admin/audit", "/admin/settings"] {
            assert!(page.contains(&format!("href=\"{area}\"")), "{path} {area}: {page}");
        }
    }
}

#[test]
fn opening_the_address_of_signing_out_leads_to_the_start() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let browser = server.browser();
    browser.sign_in("root", &password_of("root"));
    assert_eq!(browser.get("/admin/sign-out").leads_to(), "/admin/");
    assert_eq!(browser.get("/admin/").status, 200, "the session goes on");
}

#[test]
fn sign_in_and_api_login_share_their_rate_limit() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    server.add("root", |account| account.is_admin = true);
    assert_eq!(server.anon().log_in("root", "wrong-guess-1").status, 404);
    assert_eq!(server.browser().sign_in("root", "wrong-guess-1").status, 422);
    let reply = server.browser().sign_in("root", &password_of("root"));
    assert_eq!(reply.status, 429);
    assert!(reply.header("Retry-After").is_some() && reply.text().contains("minute"), "{}", reply.text());
}

#[test]
fn a_user_who_is_no_administrator_cannot_sign_in() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.browser();
    let reply = browser.sign_in("alice", &password_of("alice"));
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("You don’t have administrator access"), "{}", reply.text());
    assert!(browser.cookie(COOKIE).is_none());
    assert_eq!(server.audit(alice), ["admin-refused", "created"]);
    assert!(server.find("alice").unwrap().last_login_at.is_none());
}

#[test]
fn an_access_token_does_not_open_the_admin() {
    let server = TestServer::start();
    let admin = server.admin();
    assert!(admin.get("/admin/users/").leads_to().starts_with("/admin/sign-in"));
    let cookie = Request::get("/admin/users/").cookie("access_token", admin.token.as_deref().unwrap());
    assert!(server.anon().send(cookie).leads_to().starts_with("/admin/sign-in"));
}

#[test]
fn the_session_cookie_is_bound_to_the_host_and_new_at_each_sign_in() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let first = browser.cookie(COOKIE).unwrap();
    let cookie = browser.sign_in("root", &password_of("root")).cookie(COOKIE).unwrap();
    assert_ne!(cookie.value, first);
    assert_eq!(cookie.attributes["samesite"].as_deref(), Some("Strict"));
    assert!(cookie.attributes.contains_key("httponly") && !cookie.attributes.contains_key("secure"));
    browser.set_cookie(COOKIE, &first);
    assert_eq!(browser.get("/admin/users/").status, 303, "the session before it ended");
    let secure = TestServer::with(&[("public_url", "https://accounts.example.com")]);
    secure.add("root", |account| account.is_admin = true);
    let cookie = secure.browser().sign_in("root", &password_of("root")).cookie("__Host-doorward_admin");
    assert!(cookie.unwrap().attributes.contains_key("secure"));
}

#[test]
fn a_session_expires() {
    let server = TestServer::with(&[("admin.session_lifetime", "3h"), ("admin.session_idle_timeout", "1h")]);
    let idle = server.signed_in("root");
    server.advance(59 * MINUTE);
    assert_eq!(idle.get("/admin/users/").status, 200);
    server.advance(61 * MINUTE);
    assert_eq!(idle.get("/admin/users/").status, 303);
    let busy = server.signed_in("root");
    for _ in 0..3 {
        server.advance(50 * MINUTE);
        assert_eq!(busy.get("/admin/users/").status, 200);
    }
    server.advance(31 * MINUTE);
    assert_eq!(busy.get("/admin/users/").status, 303);
}

#[test]
fn a_session_ends_when_its_user_is_no_administrator_any_more() {
    let server = TestServer::start();
    server.add("other", |account| account.is_admin = true);
    let by = Actor::command_line();
    let ended = |name: &str, end: &dyn Fn(&doorward::testing::types::User)| {
        let browser = server.signed_in(name);
        end(&server.find(name).unwrap());
        assert_eq!(browser.get("/admin/users/").status, 303, "{name}");
    };
    ended("inactive", &|user| {
        drop(server.wait(accounts::deactivate(&server.app, user.id, None, &by)).unwrap())
    });
    ended("ordinary", &|user| drop(server.wait(accounts::revoke_admin(&server.app, user.id, &by)).unwrap()));
    ended("deleted", &|user| drop(server.wait(accounts::delete_user(&server.app, user.id, &by)).unwrap()));
    ended("renewed", &|user| {
        let password = Password::new("another-secret-9".to_owned());
        drop(
            server.wait(accounts::set_password(&server.app, user.id, password, Rules::Waived, &by)).unwrap(),
        );
    });
    let again = server.browser();
    assert_eq!(again.sign_in("renewed", "another-secret-9").status, 303);
    assert_eq!(again.get("/admin/users/").status, 200, "within the same second");
}

#[test]
fn signing_out_ends_the_session_and_clears_the_browser_cache() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let stored = browser.cookie(COOKIE).unwrap();
    assert_eq!(browser.submit("/admin/sign-out", &[]).leads_to(), "/admin/sign-in?out=1");
    assert!(browser.cookie(COOKIE).is_none());
    assert!(browser.page("/admin/sign-in?out=1").contains("You are signed out."));
    browser.set_cookie(COOKIE, &stored);
    let reply = browser.get("/admin/users/");
    assert_eq!(reply.status, 303);
    assert_eq!(server.audit(server.find("root").unwrap().id), ["signed-out", "signed-in", "created"]);
}

#[test]
fn a_form_without_the_token_of_its_session_is_refused() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let (mine, other) = (server.signed_in("root"), server.signed_in("other"));
    let path = format!("/admin/users/{alice}/confirm");
    let foreign = other.form_token();
    for fields in [&[][..], &[("form_token", "")], &[("form_token", foreign.as_str())]] {
        assert_eq!(mine.post(&path, fields).status, 403, "{fields:?}");
    }
    let token = mine.form_token();
    let from_elsewhere =
        Request::post(&path).form(&[("form_token", &token)]).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(mine.send(from_elsewhere).status, 403);
    let signing_in = Request::post("/admin/sign-in").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(server.browser().send(signing_in).status, 403);
    assert!(!server.find("alice").unwrap().is_email_confirmed);
}

#[test]
fn a_form_after_the_session_is_not_carried_out_and_signing_in_leads_back_to_its_page() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let token = browser.form_token();
    server.advance(2 * 60 * MINUTE);
    let path = format!("/admin/users/{alice}/confirm");
    let form = browser.post(&path, &[("form_token", &token)]).leads_to();
    assert!(form.ends_with("&ended=1"), "nothing to keep: {form}");
    let page = browser.page(&form);
    assert!(
        page.contains("your changes weren’t saved") && page.contains("action=\"/admin/sign-in?ended=1\""),
        "{page}"
    );
    assert!(!server.find("alice").unwrap().is_email_confirmed);
    let fields = [("username", "root"), ("password", &password_of("root")), ("next", &path)];
    let back = browser.post("/admin/sign-in?ended=1", &fields).leads_to();
    let user = browser.get(&back).leads_to();
    assert_eq!(user, format!("/admin/users/{alice}"));
    assert!(browser.page(&user).contains("your changes weren’t saved"));
    assert!(!browser.page(&user).contains("your changes weren’t saved"), "said once");
}

#[test]
fn a_form_after_the_session_waits_until_its_sender_has_signed_in() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let token = browser.form_token();
    let version = server.find("alice").unwrap().updated_at.micros().to_string();
    server.advance(2 * 60 * MINUTE);
    let path = format!("/admin/users/{alice}/edit");
    let typed = [
        ("form_token", token.as_str()),
        ("username", "alice"),
        ("email", "typed@example.com"),
        ("version", version.as_str()),
    ];
    let sent = browser.post(&path, &typed);
    let page = sent.text();
    assert_eq!(sent.status, 403);
    assert!(
        page.contains("your changes haven’t been applied yet")
            && page.contains("value=\"typed@example.com\""),
        "{page}"
    );
    let sign_in = |page: &str, password: &str| {
        let mut fields = hidden_fields(page);
        fields.push(("username".to_owned(), "root".to_owned()));
        fields.push(("password".to_owned(), password.to_owned()));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/admin/sign-in", &fields)
    };
    let mut switch = hidden_fields(&page);
    switch.extend([("username", "root"), ("language", "de")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let switch: Vec<(&str, &str)> = switch.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let german = browser.post("/admin/sign-in", &switch).text();
    assert!(german.contains("Anmelden") && german.contains("value=\"typed@example.com\""), "{german}");
    assert!(german.contains("value=\"root\"") && browser.cookie("doorward_language").is_some(), "{german}");
    browser.get("/?language=en");
    let wrong = sign_in(&page, "wrong-guess-1");
    assert_eq!(wrong.status, 422);
    let right = sign_in(&wrong.text(), &password_of("root")).text();
    assert!(right.contains(&format!("action=\"{path}\"")) && right.contains("Apply changes"), "{right}");
    assert_eq!(server.find("alice").unwrap().email.as_str(), "alice@example.com", "not before it is sent");
    let stored = hidden_fields(&right);
    let stored: Vec<(&str, &str)> =
        stored.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post(&path, &stored).leads_to(), format!("/admin/users/{alice}"));
    assert_eq!(server.find("alice").unwrap().email.as_str(), "typed@example.com");
}

#[test]
fn a_waiting_form_has_no_passwords_and_is_of_this_browser() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let (browser, other) = (server.signed_in("root"), server.signed_in("other"));
    let (token, foreign) = (browser.form_token(), other.form_token());
    server.advance(2 * 60 * MINUTE);
    let path = format!("/admin/users/{alice}/password");
    let send = |token: &str| {
        let typed = [
            ("form_token", token),
            ("password", "new-secret-99"),
            ("password_again", "new-secret-99"),
            ("x", "y"),
        ];
        browser.post(&path, &typed)
    };
    assert!(send(&foreign).leads_to().ends_with("&ended=1"));
    let page = send(&token).text();
    assert!(page.contains("pending.retype") && !page.contains("new-secret-99"), "{page}");
    let forged =
        [("username", "root"), ("password", &password_of("root")), ("next", &path), ("pending.x", "y")];
    assert_eq!(browser.post("/admin/sign-in", &forged).leads_to(), path);
}

#[test]
fn a_dangerous_action_requires_a_recent_password() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{alice}/delete");
    assert_eq!(browser.get(&path).status, 200);
    let token = browser.form_token();
    server.advance(16 * MINUTE);
    let prove = browser.get(&path).leads_to();
    assert_eq!(prove, format!("/admin/prove?next=%2Fadmin%2Fusers%2F{alice}%2Fdelete"));
    let fields = [("form_token", token.as_str()), ("name", "alice")];
    assert_eq!(browser.post(&path, &fields).status, 403);
    assert!(server.find("alice").is_some());
    assert_eq!(browser.submit("/admin/prove", &[("password", "wrong-guess-1"), ("next", &path)]).status, 422);
    assert_eq!(browser.get(&path).status, 303);
    let right = [("password", password_of("root")), ("next", path.clone())];
    let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.submit("/admin/prove", &right).leads_to(), path);
    assert_eq!(browser.get(&path).status, 200);
    let root = server.find("root").unwrap().id;
    assert_eq!(server.audit(root)[..2], ["password-proven", "login-failed"]);
    let who = "SELECT actor || ' ' || actor_id AS line FROM audit WHERE action = 'login-failed'";
    assert_eq!(server.database().lines(who), [format!("administrator {root}")]);
}

/// The hidden fields of a page's form.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form method=\"post\"").last().unwrap();
    let fields = form.split("<input type=\"hidden\" ").skip(1);
    let field = |text: &str| {
        let of = |name: &str| text.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap();
        (of("name").to_owned(), of("value").replace("&#38;", "&").replace("&#64;", "@"))
    };
    fields.map(field).collect()
}

/// Sends a form that needs a re-authentication, then the form of the page that asks for the password. Returns that
/// page and the response.
fn late(server: &TestServer, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> (String, Reply) {
    let token = browser.form_token();
    server.advance(16 * MINUTE);
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(fields);
    let question = browser.post(path, &all);
    assert_eq!(question.status, 403, "{}", question.text());
    let question = question.text();
    assert!(question.contains(&format!("action=\"{path}\"")), "{question}");
    let password = password_of("root");
    let mut fields_with_password = hidden_fields(&question);
    fields_with_password.push(("reauthentication".to_owned(), password));
    let fields_with_password: Vec<(&str, &str)> =
        fields_with_password.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    (question.clone(), browser.post(path, &fields_with_password))
}

#[test]
fn a_form_waits_for_the_re_authentication_with_its_values() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let list: Vec<String> = (0..200).map(|n| format!("guest-{n:03}@example.com")).collect();
    let list = list.join("\n");
    let checked = value_of(&browser.submit("/admin/users/invite", &[("addresses", &list)]).text(), "checked");
    let fields = [("addresses", &*list), ("checked", &checked), ("do", "send")];
    let (question, reply) = late(&server, &browser, "/admin/users/invite", &fields);
    assert!(question.contains("Your changes are applied once you enter your password."), "{question}");
    assert!(browser.page(&reply.leads_to()).contains("200 invitations queued"));
    let path = format!("/admin/users/{alice}/edit");
    let version = value_of(&browser.page(&path), "version");
    let fields = [("username", "alicia"), ("email", "alicia@example.com"), ("version", &version)];
    let (_, reply) = late(&server, &browser, &path, &fields);
    assert_eq!(reply.leads_to(), format!("/admin/users/{alice}"));
    assert_eq!(server.find("alicia").unwrap().email.as_str(), "alicia@example.com");
    let (_, reply) = late(&server, &browser, &format!("/admin/users/{alice}/delete"), &[("name", "alicia")]);
    assert_eq!(reply.leads_to(), "/admin/users/");
    assert!(server.find("alicia").is_none());
}

#[test]
fn a_new_password_has_to_be_typed_again_after_the_re_authentication() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let secret = "quite-Long-pass-3";
    let fields = [
        ("username", "dora"),
        ("email", "dora@example.com"),
        ("password", secret),
        ("password_again", secret),
        ("active", "1"),
    ];
    let (question, reply) = late(&server, &browser, "/admin/users/add", &fields);
    assert!(
        !question.contains(secret) && question.contains("enter the new password again in the next step"),
        "{question}"
    );
    assert_eq!(reply.status, 200);
    let page = reply.text();
    assert!(page.contains("value=\"dora\"") && page.contains("nothing is saved yet"), "{page}");
    assert!(
        !page.contains("notice-error") && !page.contains("aria-invalid"),
        "a right step is no error: {page}"
    );
    assert!(server.find("dora").is_none());
    assert_eq!(browser.submit("/admin/users/add", &fields).status, 303);
}

#[test]
fn a_wrong_password_does_not_carry_out_the_waiting_form() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    let browser = server.signed_in("root");
    let token = browser.form_token();
    server.advance(16 * MINUTE);
    let fields = [
        ("form_token", &*token),
        ("addresses", "dora@example.com"),
        ("do", "send"),
        ("reauthentication", "wrong-1"),
    ];
    for status in [422, 422, 429] {
        let reply = browser.post("/admin/users/invite", &fields);
        assert_eq!((reply.status, reply.header("Retry-After").is_some()), (status, status == 429));
        let page = reply.text();
        assert!(page.contains("value=\"dora@example.com\"") && !page.contains("wrong-1"), "{page}");
    }
    assert!(server.database().lines("SELECT recipient AS line FROM mails").is_empty());
    let fields = [("form_token", "foreign"), ("reauthentication", &password_of("root"))];
    assert_eq!(browser.post("/admin/users/invite", &fields).status, 403, "the token is asked for first");
}

#[test]
fn every_page_works_with_a_trailing_slash_and_refuses_other_methods() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for part in
        ["/admin", "/admin/users", "/admin/mail", "/admin/login-help", "/admin/audit", "/admin/settings"]
    {
        for path in [part.to_owned(), format!("{part}/")] {
            assert_eq!(browser.get(&path).status, 200, "{path}");
            for request in [Request::put(&path), Request::delete(&path), Request::post(&path)] {
                let refused = browser.send(request);
                assert_eq!((refused.status, refused.header("Allow").as_deref()), (405, Some("GET, HEAD")));
                assert!(refused.text().contains("<h1>"), "{path}");
            }
        }
    }
}

#[test]
fn a_sign_in_from_another_origin_is_refused() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let password = password_of("root");
    let from = |origin: &str| {
        let form = [("username", "root"), ("password", password.as_str())];
        let request = Request::post("/admin/sign-in").form(&form).header("Origin", origin);
        server.browser().send(request).status
    };
    assert_eq!(from("http://evil.example"), 403);
    assert_eq!(from(server.app.config.public_url.origin()), 303);
}

#[test]
fn the_pages_have_the_browsers_or_the_chosen_language() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let german = |path: &str| browser.send(Request::get(path).header("Accept-Language", "de-AT, en;q=0.5"));
    let page = german("/admin/users/").text();
    assert!(page.contains("<html lang=\"de\"") && page.contains("Benutzer hinzufügen"), "{page}");
    assert!(german("/admin/users/99").text().contains("Seite nicht gefunden"));
    assert!(german("/nowhere").text().contains("Seite nicht gefunden"));
    assert!(browser.page("/admin/users/").contains("Add user"));
    assert_eq!(browser.get("/admin/language/de?next=%2Fadmin%2Fusers%2F").leads_to(), "/admin/users/");
    assert!(browser.page("/admin/users/").contains("Benutzer hinzufügen"));
    assert_eq!(browser.get("/admin/language/de?next=https%3A%2F%2Fevil.example").leads_to(), "/admin/");
    assert_eq!(browser.get("/admin/language/xx").status, 404);
}

#[test]
fn the_links_to_other_languages_keep_the_query_and_the_header_has_the_name_of_the_site() {
    let server = TestServer::with(&[("site.name", "Example Corp")]);
    let browser = server.signed_in("root");
    let page = browser.page("/admin/users/?q=ali");
    assert!(page.contains("href=\"?q=ali&#38;language=de\""), "{page}");
    assert!(browser.page("/admin/users/").contains("href=\"?language=de\""));
    assert!(browser.page("/admin/users/?").contains("href=\"?language=de\""));
    assert!(page.contains("<span class=\"brand-name\">Example Corp</span>"), "{page}");
}

#[test]
fn a_sign_in_page_with_something_personal_is_never_stored() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let stored = |reply: &Reply| reply.header("Cache-Control").unwrap();
    let plain = server.browser().get("/admin/sign-in");
    assert_eq!((plain.status, stored(&plain).as_str()), (200, "private, no-cache"));
    let refused = server.browser().sign_in("root", "wrong-guess-1");
    assert_eq!((refused.status, stored(&refused).as_str()), (422, "no-store"), "the name");
    let token = browser.form_token();
    server.advance(2 * 60 * MINUTE);
    let waiting = browser.post("/admin/users/add", &[("form_token", &token), ("username", "typed")]);
    assert_eq!((waiting.status, stored(&waiting).as_str()), (403, "no-store"), "the form");
}

#[test]
fn a_short_idle_timeout_is_exact() {
    let server = TestServer::with(&[("admin.session_idle_timeout", "60s")]);
    let browser = server.signed_in("root");
    for _ in 0..10 {
        server.advance(Duration::from_secs(50));
        assert_eq!(browser.get("/admin/").status, 200, "who does something stays");
    }
    server.advance(Duration::from_secs(61));
    assert_eq!(browser.get("/admin/").status, 303);
}

#[test]
fn without_users_the_sign_in_page_explains_the_setup_link() {
    let server = TestServer::start();
    let hint = "a setup link that creates the first administrator";
    assert!(server.browser().page("/admin/sign-in").contains(hint));
    server.add("alice", |_| ());
    assert!(!server.browser().page("/admin/sign-in").contains(hint));
}

#[test]
fn cancelling_the_re_authentication_leads_to_the_parent_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (next, above) in [("%2Fadmin%2Fusers%2F7%2Fdelete", "/admin/users/7"), ("", "/admin/")] {
        let page = browser.page(&format!("/admin/prove?next={next}"));
        assert!(page.contains(&format!("href=\"{above}\">Cancel")), "{page}");
    }
}

#[test]
fn who_forgot_the_password_gets_an_email_if_one_is_sent_and_always_the_command() {
    const LINK: &str = "href=\"/forgot-password\"";
    const SMTP: [(&str, &str); 2] = [("mail.smtp.host", "127.0.0.1"), ("mail.from", "a@example.com")];
    for (settings, has_link) in
        [(vec![], false), (SMTP.to_vec(), true), ([&SMTP[..], &[("account.pages", "false")]].concat(), false)]
    {
        let page = TestServer::with(&settings).browser().page("/admin/sign-in");
        assert_eq!(page.contains(LINK), has_link, "{settings:?}: {page}");
        assert!(page.contains("doorward user reset-link NAME"), "{settings:?}: {page}");
    }
}
