//! The page of a user, and the actions on one user.

use std::time::Duration;

use doorward::testing::types::UserId;

use crate::browser::{Browser, value_of};
use crate::outbox::{ask_reset, change_email, keys};
use crate::server::{TestServer, password_of};

fn edit(
    browser: &Browser,
    id: impl std::fmt::Display,
    version: &str,
    username: &str,
    email: &str,
) -> (u16, String) {
    let fields = [("username", username), ("email", email), ("version", version)];
    let reply = browser.submit(&format!("/admin/users/{id}/edit"), &fields);
    (reply.status, reply.text())
}

#[test]
fn the_page_of_a_user_has_all_details_of_the_account() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    server.anon().log_in("alice", "wrong-guess-1");
    server.log_in("alice");
    let browser = server.signed_in("root");
    let page = browser.user_page(id);
    for text in [
        "alice@example.com",
        "unconfirmed",
        "bcrypt_sha256, cost 4",
        "Login failed",
        "Logged in",
        "Account created",
        "127.0.0.1",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains("<time datetime=\"20") && page.contains(" UTC</span></time>"), "{page}");
    assert!(!page.contains("$2b$"), "no hash");
    server.overwrite_hash(id, "argon2$argon2id$v=19$m=1,t=2,p=8$a$b");
    let page = browser.user_page(id);
    assert!(page.contains("can’t be checked: the argon2 hash is malformed"), "{page}");
    assert_eq!(browser.get("/admin/users/999").status, 404);
    assert_eq!(browser.get("/admin/users/999/delete").status, 404);
    for large in
        ["users/99999999999999999999", "users/99999999999999999999/edit", "mail/99999999999999999999"]
    {
        let reply = browser.get(&format!("/admin/{large}"));
        assert_eq!(reply.status, 404, "{large}");
        assert!(reply.text().contains("<h1>Page not found</h1>"), "{large}: {}", reply.text());
    }
}

#[test]
fn token_refreshes_do_not_push_changes_out_of_the_history() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    browser.submit(&format!("/admin/users/{alice}/deactivate"), &[("reason", "lost phone")]);
    server.anon().log_in("alice", "wrong-guess-1");
    server.database().execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
         INSERT INTO audit (at, action, actor, actor_id, subject_id, subject) \
         SELECT (SELECT max(at) FROM audit) + i, 'refreshed', 'user', {alice}, {alice}, 'alice' FROM n"
    ));
    let page = browser.user_page(alice);
    let root = server.find("root").unwrap().id;
    let by_root = format!("<a href=\"/admin/users/{root}\">root</a>");
    for text in ["Login failed", "Deactivated", "Account created", "Reason: lost phone", &by_root] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("Token refreshed"), "{page}");
    assert!(browser.page("/admin/login-help?who=alice").contains("lost phone"));
}

#[test]
fn one_click_confirms_an_email_and_another_undoes_it() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    for (action, is_confirmed, said) in [
        ("confirm", true, "Email address of alice confirmed."),
        ("unconfirm", false, "Email address of alice marked as unconfirmed."),
    ] {
        let next = browser.submit(&format!("/admin/users/{id}/{action}"), &[]).leads_to();
        assert_eq!(next, format!("/admin/users/{id}"));
        assert!(browser.page(&next).contains(said));
        assert_eq!(server.find("alice").unwrap().is_email_confirmed, is_confirmed);
    }
    assert_eq!(browser.submit("/admin/users/999/confirm", &[]).status, 404);
}

#[test]
fn a_user_is_deactivated_with_a_reason_and_activated_again() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let id = server.find("alice").unwrap().id;
    let browser = server.signed_in("root");
    let reason = [("reason", "lost <phone>")];
    let next = browser.submit(&format!("/admin/users/{id}/deactivate"), &reason).leads_to();
    let page = browser.page(&next);
    assert!(page.contains("Deactivated by root, just now. Reason: lost &#60;phone&#62;"), "{page}");
    assert_eq!(alice.get("/api/user/").status, 401);
    assert_eq!(browser.submit(&format!("/admin/users/{id}/activate"), &[]).status, 303);
    server.log_in("alice");
    assert!(!browser.page(&next).contains("Deactivated by"));
}

#[test]
fn a_reason_that_is_too_long_is_refused_and_not_cut() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}/deactivate");
    assert!(browser.page(&path).contains(" maxlength=\"500\""));
    let deactivate = |reason: &str| browser.submit(&path, &[("reason", reason)]);
    for chars in [501, 60_000] {
        let reply = deactivate(&"&".repeat(chars));
        let page = reply.text();
        assert!(reply.status == 422 && page.len() < 50_000, "{chars}: {} of {}", reply.status, page.len());
        assert!(page.contains("Ensure this field has no more than 500 characters."), "{page}");
        assert!(page.contains(&"&#38;".repeat(500)), "what was typed is kept: {page}");
        assert!(server.find("alice").unwrap().is_active);
    }
    let reason = "ö".repeat(500);
    assert!(browser.page(&deactivate(&reason).leads_to()).contains(&format!("Reason: {reason}<")));
}

#[test]
fn a_reason_with_bidirectional_characters_cannot_reorder_the_page() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let reason = [("reason", "lost \u{202e}phone\u{2069}\u{200f}")];
    let user = browser.page(&browser.submit(&format!("/admin/users/{id}/deactivate"), &reason).leads_to());
    assert!(user.contains("Reason: \u{2068}lost phone\u{2069}<"), "{user}");
    let help = browser.page("/admin/login-help?who=alice");
    assert!(help.contains("Reason: \u{2068}lost phone\u{2069}<"), "{help}");
}

#[test]
fn a_value_that_comes_back_with_an_error_is_cut_to_the_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let endless = "<".repeat(60_000);
    let reply = browser.submit("/admin/users/add", &[("username", &endless), ("email", &endless)]);
    assert!(reply.status == 422 && reply.text().len() < 50_000, "{} of {}", reply.status, reply.text().len());
}

#[test]
fn the_last_administrator_cannot_be_removed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let root = server.find("root").unwrap().id;
    for (action, fields) in [("deactivate", &[][..]), ("revoke-admin", &[]), ("delete", &[("name", "root")])]
    {
        let reply = browser.submit(&format!("/admin/users/{root}/{action}"), fields);
        assert_eq!(reply.status, 422, "{action}");
        for page in [reply.text(), browser.page(&format!("/admin/users/{root}/{action}"))] {
            assert!(page.contains("the last administrator who can log in"), "{action}: {page}");
            assert!(page.contains("Make another user an administrator first."), "{action}: {page}");
            assert!(!page.contains("you will be signed out") && !page.contains("button-danger"), "{page}");
        }
    }
    let other = server.add("other", |_| ());
    assert!(!browser.page(&format!("/admin/users/{other}/delete")).contains("your own account"));
    assert_eq!(browser.submit(&format!("/admin/users/{other}/make-admin"), &[]).status, 303);
    for unable in ["!no-password", "argon2$argon2id$v=19$m=1,t=2,p=8$a$b", "bcrypt$$2b$12$cut-off"] {
        let hash = server.hash_of("other");
        server.overwrite_hash(other, unable);
        for (action, fields) in
            [("deactivate", &[][..]), ("revoke-admin", &[]), ("delete", &[("name", "root")])]
        {
            let reply = browser.submit(&format!("/admin/users/{root}/{action}"), fields);
            assert_eq!(reply.status, 422, "{action} with {unable} left");
        }
        server.overwrite_hash(other, &hash);
    }
    assert_eq!(browser.submit(&format!("/admin/users/{root}/revoke-admin"), &[]).status, 303);
    assert_eq!(browser.get("/admin/users/").status, 303, "they left at once");
}

#[test]
fn an_administrator_who_removes_their_own_access_is_warned() {
    for (action, fields) in [("deactivate", &[][..]), ("revoke-admin", &[]), ("delete", &[("name", "root")])]
    {
        let server = TestServer::start();
        let browser = server.signed_in("root");
        server.add("other", |account| account.is_admin = true);
        let path = format!("/admin/users/{}/{action}", server.find("root").unwrap().id);
        assert!(browser.page(&path).contains("This is your own account: you will be signed out"), "{action}");
        let next = browser.submit(&path, fields).leads_to();
        let page = browser.page(&next);
        assert!(page.contains("Your account no longer has access to the admin"), "{action}: {page}");
    }
}

#[test]
fn an_error_page_in_the_admin_links_to_the_overview_and_others_do_not() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let link = "<a href=\"/admin/\">Go to overview</a>";
    let forged = browser.post("/admin/users/add", &[("username", "mallory")]);
    assert_eq!(forged.status, 403);
    assert!(forged.text().contains("or the form is not from this admin"), "{}", forged.text());
    for reply in [forged, browser.get("/admin/users/999"), browser.get("/admin/nothing")] {
        assert!(reply.text().contains(link), "{}", reply.text());
    }
    assert!(!browser.get("/nothing").text().contains("/admin/"));
}

#[test]
fn an_administrator_who_cannot_log_in_can_be_removed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let imported = server.add("imported", |account| account.is_admin = true);
    server.overwrite_hash(imported, "!no-password");
    assert_eq!(browser.submit(&format!("/admin/users/{imported}/revoke-admin"), &[]).status, 303);
    assert!(!server.find("imported").unwrap().is_admin);
}

#[test]
fn two_administrators_cannot_remove_each_other_at_once() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = |name: &str| server.find(name).unwrap().id;
    // Both have opened the form before either sends it.
    let revoke = |browser: &Browser, user: UserId, token: String| {
        browser.post(&format!("/admin/users/{user}/revoke-admin"), &[("form_token", &token)]).status
    };
    let (first, second) = ((id("one"), one.form_token()), (id("other"), other.form_token()));
    let statuses = std::thread::scope(|scope| {
        let a = scope.spawn(|| revoke(&one, second.0, first.1));
        let b = scope.spawn(|| revoke(&other, first.0, second.1));
        [a.join().unwrap(), b.join().unwrap()]
    });
    let left = ["one", "other"].iter().filter(|name| server.find(name).unwrap().is_admin).count();
    assert_eq!(left, 1, "{statuses:?}");
}

#[test]
fn a_name_and_an_email_are_edited_by_the_rules_of_the_api() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    server.add("bob", |_| ());
    let version = || value_of(&browser.page(&format!("/admin/users/{id}/edit")), "version");
    for (username, email, message) in [
        ("", "a@example.com", "This field may not be blank."),
        ("no spaces", "a@example.com", "Enter a valid username."),
        ("alice", "nowhere", "Enter a valid email address."),
        ("BOB", "a@example.com", "A user with that username already exists."),
        ("alice", "bob@example.com", "A user with that email already exists."),
        ("bob@example.com", "a@example.com", "A user with that username already exists."),
    ] {
        let (status, text) = edit(&browser, id, &version(), username, email);
        assert_eq!(status, 422, "{username} {email}");
        assert!(text.contains(message), "{message}: {text}");
        assert!(text.contains(&format!("value=\"{email}\"")), "what was typed is kept");
    }
    assert_eq!(edit(&browser, id, &version(), "Alicia", "ALICE@example.com").0, 303);
    let alicia = server.find("Alicia").unwrap();
    assert!(alicia.is_email_confirmed, "the same mailbox");
    assert_eq!(edit(&browser, id, &version(), "Alicia", "a@example.com").0, 303);
    assert!(!server.find("Alicia").unwrap().is_email_confirmed);
    let page = browser.user_page(id);
    assert!(page.contains("alice → Alicia"), "{page}");
}

#[test]
fn saving_unchanged_fields_changes_nothing() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    let path = format!("/admin/users/{id}/edit");
    let save = |email: &str| {
        let version = value_of(&browser.page(&path), "version");
        let fields = [("version", version.as_str()), ("username", "alice"), ("email", email)];
        browser.page(&browser.submit(&path, &fields).leads_to())
    };
    assert!(save("alice@example.com").contains("No changes to alice."));
    assert_eq!(server.audit(id), ["created"]);
    assert!(save("new@example.com").contains("Changes to alice saved."));
}

#[test]
fn an_action_on_a_user_that_another_administrator_deleted_says_who_did_it() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = server.add("emil.kim", |_| ());
    let path = format!("/admin/users/{id}");
    assert_eq!(other.submit(&format!("{path}/delete"), &[("name", "emil.kim")]).status, 303);
    for action in ["confirm", "activate", "send-reset", "end-sessions", "deactivate", "edit", "delete"] {
        assert_eq!(one.submit(&format!("{path}/{action}"), &[]).leads_to(), path, "{action}");
    }
    assert_eq!(one.get(&format!("{path}/edit")).leads_to(), path);
    let reply = one.get(&path);
    let page = reply.text();
    assert_eq!(reply.status, 404);
    assert!(page.contains("other deleted this account just now."), "{page}");
    assert!(page.contains("class=\"bar\"") && page.contains("href=\"/admin/audit?"), "in the admin: {page}");
}

#[test]
fn a_click_that_comes_after_another_administrators_says_what_that_was() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = server.add("alice", |account| account.is_active = false);
    let shown = value_of(&one.page(&format!("/admin/users/{id}")), "version");
    server.advance(Duration::from_secs(1));
    let path = format!("/admin/users/{id}/activate");
    assert_eq!(other.submit(&path, &[("version", &shown)]).status, 303);
    server.advance(Duration::from_secs(1));
    other.submit(&format!("/admin/users/{id}/deactivate"), &[("reason", "spam")]);
    let said = one.page(&one.submit(&path, &[("version", &shown)]).leads_to());
    assert!(said.contains("other deactivated this account just now. Nothing was done."), "{said}");
    assert!(!server.find("alice").unwrap().is_active);
}

#[test]
fn the_page_of_a_user_is_in_tabs_and_each_has_its_own_part() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    server.log_in("alice");
    let browser = server.signed_in("root");
    let tab = |name: &str| browser.page(&format!("/admin/users/{id}?tab={name}"));
    for (name, own) in [
        ("profile", "Password hash"),
        ("sessions", "Last seen"),
        ("activity", "Recent logins"),
        ("emails", "No emails to this user."),
    ] {
        let page = tab(name);
        let all = ["Password hash", "Last seen", "Recent logins", "No emails to this user."];
        let found: Vec<_> = all.into_iter().filter(|text| page.contains(text)).collect();
        assert_eq!(found, [own], "{name}: {page}");
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{name}");
        assert!(page.contains("alice@example.com"), "{name}");
        assert_eq!(page.contains("/delete\">Delete alice…"), name == "profile", "{name}");
    }
    assert!(tab("nonsense").contains("Password hash"));
}

#[test]
fn the_page_of_a_user_says_why_a_login_fails_with_the_remedy_beside_it() {
    let server = TestServer::with(&[("limits.failed_logins_per_account", "2")]);
    let id = server.add("alice", |account| account.is_active = false);
    for _ in 0..2 {
        server.anon().log_in("alice", "wrong-guess-1");
    }
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}");
    let page = browser.page(&path);
    for part in ["Can’t log in right now.", "Too many failed attempts.", "is deactivated"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let fields = [("who", "alice"), ("user", &*id.to_string())];
    for (name, value) in fields {
        assert_eq!(value_of(&page, name), value);
    }
    assert_eq!(browser.submit("/admin/login-help/unblock", &fields).leads_to(), path);
    assert!(!browser.page(&path).contains("Too many failed attempts."));
    assert!(page.split_once("class=\"checks\"").unwrap().1.contains(&format!("action=\"{path}/activate\"")));
    browser.submit(&format!("{path}/activate"), &[("version", &value_of(&page, "version"))]);
    let page = browser.page(&path);
    assert!(page.contains("Can log in with the correct password.") && !page.contains("Activate<"), "{page}");
    let checks = page.split_once("class=\"checks\"").unwrap().1;
    assert!(checks.contains(&format!("action=\"{path}/send-confirmation\"")), "{checks}");
    let confirm = format!("action=\"{path}/confirm\"");
    let (_, form) = checks.split_once(&*confirm).expect("a button beside the cause");
    let address = value_of(form, "address");
    assert_eq!(browser.submit(&format!("{path}/confirm"), &[("address", &address)]).leads_to(), path);
    let page = browser.page(&path);
    assert!(!page.contains("is not confirmed") && !page.contains(&confirm), "{page}");
}

#[test]
fn the_profile_of_a_user_says_how_many_sessions_are_open_and_ends_them() {
    let server = TestServer::start();
    let (browser, id) = (server.signed_in("root"), server.add("alice", |_| ()));
    let path = format!("/admin/users/{id}");
    let end = format!("action=\"{path}/end-sessions\"");
    assert!(!browser.page(&path).contains(&end));
    let alice = [server.user("alice"), server.user("alice")];
    let page = browser.page(&path);
    assert!(page.contains("2 open sessions") && page.contains(&end), "{page}");
    browser.submit(&format!("{path}/end-sessions"), &[]);
    assert!(browser.page(&path).contains("No active sessions."));
    assert!(alice.iter().all(|client| client.get("/api/user/").status == 401));
}

#[test]
fn the_second_of_two_simultaneous_edits_displays_the_first() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = server.add("alice", |_| ());
    let path = format!("/admin/users/{id}/edit");
    let first = one.page(&path);
    assert_eq!(edit(&one, id, &value_of(&first, "version"), "alicia", "alice@example.com").0, 303);
    let again = |page: &str, username: &str, email: &str| {
        let fields = ["version", "was_username", "was_email"].map(|name| (name, value_of(page, name)));
        let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend([("username", username), ("email", email)]);
        other.submit(&path, &fields)
    };
    // Both fields were edited, and one of them was changed in the meantime.
    let reply = again(&first, "ally", "new@example.com");
    let text = reply.text();
    assert_eq!(reply.status, 422);
    assert!(
        text.contains("one changed the username just now (was alice). Your changes are not saved yet."),
        "{text}"
    );
    assert_eq!(values(&text), ["ally", "new@example.com"]);
    assert!(
        text.contains("Current value: alicia") && !text.contains("Current value: alice@example.com"),
        "{text}"
    );
    // A field that was not edited has the current value, and keeps it when the form is saved.
    let text = again(&first, "alice", "new@example.com").text();
    assert_eq!(values(&text), ["alicia", "new@example.com"]);
    assert!(!text.contains("Current value: alicia"), "{text}");
    assert_eq!(server.find("alicia").unwrap().email.as_str(), "alice@example.com");
    // An invalid form in between keeps the version that was displayed first.
    let text = again(&first, "alice", "nowhere").text();
    assert_eq!(value_of(&text, "was_username"), "alice");
    let text = again(&text, "alice", "new@example.com").text();
    assert_eq!(again(&text, "alicia", "new@example.com").status, 303);
    assert_eq!(server.find("alicia").unwrap().email.as_str(), "new@example.com");
}

/// The values of username and email in a form.
fn values(page: &str) -> [&str; 2] {
    ["username", "email"].map(|name| {
        let (_, field) = page.split_once(&format!("name=\"{name}\" required")).unwrap();
        field.split("value=\"").nth(1).unwrap().split('"').next().unwrap()
    })
}

#[test]
fn a_new_password_obeys_the_policy_and_ends_sessions() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let id = server.find("alice").unwrap().id;
    let browser = server.signed_in("root");
    let set = |password: &str, again: &str| {
        let fields = [("password", password), ("password_again", again)];
        browser.submit(&format!("/admin/users/{id}/password"), &fields)
    };
    for (password, again, message) in [
        ("", "", "This field may not be blank."),
        ("12345", "12345", "This password is too short."),
        ("quite-Long-pass-3", "other", "match"),
        ("alice@example.com", "alice@example.com", "too similar to the email"),
    ] {
        let reply = set(password, again);
        assert_eq!(reply.status, 422, "{message}");
        assert!(reply.text().contains(message), "{message}: {}", reply.text());
        assert!(password.is_empty() || password.contains('@') || !reply.text().contains(password));
    }
    assert_eq!(alice.get("/api/user/").status, 200);
    assert_eq!(set("quite-Long-pass-3", "quite-Long-pass-3").status, 303);
    assert_eq!(alice.get("/api/user/").status, 401);
    assert_eq!(server.anon().log_in("alice", "quite-Long-pass-3").status, 200);
    assert_eq!(server.anon().log_in("alice", &password_of("alice")).status, 404);
}

#[test]
fn deleting_a_user_requires_the_username() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}/delete");
    let reply = browser.submit(&path, &[("name", "Alice")]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("The username does not match."));
    let list = browser.submit(&path, &[("name", " alice ")]).leads_to();
    assert!(browser.page(&list).contains("alice deleted."));
    assert!(server.find("alice").is_none());
    assert_eq!(server.audit(id), ["deleted", "created"]);
    let gone = browser.submit(&path, &[("name", "alice")]).leads_to();
    let reply = browser.get(&gone);
    assert_eq!((reply.status, reply.text().contains("root deleted this account just now.")), (404, true));
}

#[test]
fn a_user_is_added_with_the_checked_options() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let add = |name: &str, password: &str, ticks: &[&str]| {
        let email = format!("{name}@example.com");
        let mut fields =
            vec![("username", name), ("email", &email), ("password", password), ("password_again", password)];
        fields.extend(ticks.iter().map(|tick| (*tick, "1")));
        browser.submit("/admin/users/add", &fields)
    };
    let weak = add("alice", "1234", &["confirmed"]);
    assert_eq!(weak.status, 422);
    let text = weak.text();
    assert!(text.contains("This password is too short.") && text.contains("value=\"alice\""), "{text}");
    assert!(text.contains("name=\"confirmed\" value=\"1\" checked"), "{text}");
    let next = add("alice", "quite-Long-pass-3", &["confirmed", "active"]).leads_to();
    assert!(browser.page(&next).contains("alice was added."));
    let alice = server.find("alice").unwrap();
    assert_eq!((alice.is_email_confirmed, alice.is_active, alice.is_admin), (true, true, false));
    assert_eq!(server.anon().log_in("alice", "quite-Long-pass-3").status, 200);
    assert!(add("ALICE", "quite-Long-pass-3", &[]).text().contains("already exists"));
}

#[test]
fn all_errors_of_a_new_account_are_displayed_at_once() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("alice", |_| ());
    server.add_as("bob@example.com", "b@example.com", |_| ());
    let add = |username: &str, email: &str, password: &str| {
        let fields =
            [("username", username), ("email", email), ("password", password), ("password_again", "x")];
        let reply = browser.submit("/admin/users/add", &fields);
        assert_eq!(reply.status, 422);
        reply.text()
    };
    let (short, similar) = ("This password is too short.", "The password is too similar to the login.");
    let (name, email) =
        ("A user with that username already exists.", "A user with that email already exists.");
    let differ = "The two password fields didn’t match.";
    for (page, messages) in [
        (add("Alice", "ALICE@example.com", "alice"), vec![name, email, short, similar, differ]),
        (
            add("alice@example.com", "bob@example.com", "1234"),
            vec![
                "This username is another user’s email address,",
                "This email address is another user’s username,",
                short,
            ],
        ),
        (
            add("no blanks", "alice@example.com", ""),
            vec!["Enter a valid username.", email, "may not be blank."],
        ),
        (add("alice", "nowhere", "12345678"), vec![name, "Enter a valid email address.", "entirely numeric"]),
    ] {
        for message in messages {
            // In the summary and beside the field.
            assert_eq!(page.matches(message).count(), 2, "{message}: {page}");
        }
    }
    assert!(server.find("no blanks").is_none());
}

#[test]
fn deactivating_a_user_requires_a_recent_password() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    server.advance(Duration::from_secs(16 * 60));
    let path = format!("/admin/users/{id}/deactivate");
    assert!(browser.get(&path).leads_to().starts_with("/admin/prove?next="));
    assert_eq!(browser.submit(&path, &[("reason", "stolen")]).status, 403);
    assert!(server.find("alice").unwrap().is_active);
    let fields = [("reason", "stolen"), ("reauthentication", &password_of("root"))];
    assert_eq!(browser.submit(&path, &fields).status, 303);
    assert!(!server.find("alice").unwrap().is_active);
}

#[test]
fn a_repeated_action_is_not_recorded_again() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    for (path, action) in [
        ("confirm", "email-confirmed"),
        ("unconfirm", "email-unconfirmed"),
        ("make-admin", "made-admin"),
        ("revoke-admin", "admin-revoked"),
        ("deactivate", "deactivated"),
    ] {
        let path = format!("/admin/users/{id}/{path}");
        for reason in ["stolen", ""] {
            assert_eq!(browser.submit(&path, &[("reason", reason)]).status, 303, "{action}");
        }
        let noted = server.audit(id).iter().filter(|noted| *noted == action).count();
        assert_eq!(noted, 1, "{action}");
    }
    assert_eq!(
        browser.get(&format!("/admin/users/{id}/deactivate")).leads_to(),
        format!("/admin/users/{id}")
    );
    assert!(browser.user_page(id).contains("Deactivated by root, just now. Reason: stolen"));
}

#[test]
fn a_new_email_has_to_be_confirmed_and_the_old_one_cannot_undo_the_change() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}/edit");
    let save = |email: &str| {
        let version = value_of(&browser.page(&path), "version");
        browser.submit(&path, &[("username", "alice"), ("email", email), ("version", &version)])
    };
    assert_eq!(save("new@example.com").status, 303);
    assert_eq!(keys(&server, "confirm_email", "new@example.com").len(), 1);
    assert_eq!(keys(&server, "email_changed_by_administrator", "alice@example.com"), ["-"]);
    assert!(keys(&server, "email_changed", "alice@example.com").is_empty());
    // The old mailbox may be the reason of the change.
    ask_reset(&server, "alice@example.com");
    assert!(keys(&server, "reset_password", "alice@example.com").is_empty());
    ask_reset(&server, "new@example.com");
    assert_eq!(keys(&server, "reset_password", "new@example.com").len(), 1);
    let bob = server.add("bob", |_| ());
    let path = format!("/admin/users/{bob}/edit");
    let version = value_of(&browser.page(&path), "version");
    let reply =
        browser.submit(&path, &[("username", "bob"), ("email", "alice@example.com"), ("version", &version)]);
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[test]
fn the_page_of_a_user_names_the_address_that_resets_the_password() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let browser = server.signed_in("root");
    let page = || browser.user_page(id);
    assert!(!page().contains("Password resets go to"));
    change_email(&server, "alice", "new@example.com");
    assert!(page().contains("<dt>Password resets go to</dt><dd>alice@example.com</dd>"), "{}", page());
    browser.submit(&format!("/admin/users/{id}/confirm"), &[("address", "new@example.com")]);
    assert!(!page().contains("Password resets go to"));
}

#[test]
fn setting_ones_own_password_leads_to_the_sign_in_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.find("root").unwrap().id;
    let new = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    let next = browser.submit(&format!("/admin/users/{id}/password"), &new).leads_to();
    assert!(browser.page(&next).contains("Sign in with the new password."));
    assert_eq!(browser.sign_in("root", "quite-Long-pass-3").status, 303);
}

#[test]
fn the_mail_about_a_new_password_can_be_left_out() {
    let server = TestServer::start();
    let id = server.add("alice", |account| account.is_email_confirmed = true);
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}/password");
    assert!(browser.page(&path).contains("name=\"notice\" value=\"1\" checked"), "it is sent by default");
    let mails = || keys(&server, "changed_by_administrator", "alice@example.com").len();
    let fields = [("password", "quite-Long-pass-3"), ("password_again", "quite-Long-pass-3")];
    assert_eq!(browser.submit(&path, &fields).status, 303);
    assert_eq!(mails(), 0);
    let with = [fields[0], fields[1], ("notice", "1")];
    assert_eq!(browser.submit(&path, &with).status, 303);
    assert_eq!(mails(), 1);
    let refused = browser.submit(&path, &[("password", "1"), ("password_again", "2")]).text();
    assert!(
        !refused.contains("name=\"notice\" value=\"1\" checked"),
        "a form that is refused keeps the choice"
    );
}

#[test]
fn a_password_is_suggested_without_a_script_and_a_new_one_each_time() {
    let server = TestServer::start();
    let id = server.add("alice", |_| ());
    let browser = server.signed_in("root");
    let path = format!("/admin/users/{id}/password");
    let page = browser.page(&path);
    assert!(page.contains(&format!("href=\"{path}?generate\"")), "{page}");
    let suggestion = || {
        let page = browser.page(&format!("{path}?generate"));
        page.split("type=\"text\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let password = suggestion();
    assert!(password.len() >= 20 && password != suggestion(), "{password}");
    let fields = [("password", password.as_str()), ("password_again", &password)];
    assert_eq!(browser.submit(&path, &fields).status, 303);
    assert_eq!(server.anon().log_in("alice", &password).status, 200);
}

#[test]
fn the_owner_of_a_deleted_account_gets_a_mail_unless_the_tick_is_removed() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (name, notice) in [("alice", true), ("bob", false)] {
        let id = server.add(name, |account| account.is_email_confirmed = true);
        let path = format!("/admin/users/{id}/delete");
        assert!(browser.page(&path).contains("name=\"notice\" value=\"1\" checked"));
        let tick = [("name", name), ("notice", "1")];
        let fields = if notice { &tick[..] } else { &tick[..1] };
        assert_eq!(browser.submit(&path, fields).status, 303, "{name}");
    }
    let sent = "SELECT recipient || ' ' || params AS line FROM mails WHERE kind = 'account_deleted'";
    let sent = server.database().lines(sent);
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].starts_with("alice@example.com") && sent[0].contains("administrator"), "{sent:?}");
}

#[test]
fn the_page_of_an_inactive_user_says_why_no_links_can_be_sent() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = |name: &str, is_active: bool| {
        let id = server.add(name, |account| account.is_active = is_active);
        browser.page(&format!("/admin/users/{id}"))
    };
    let text = "Activate the account to send links.";
    assert!(page("alice", false).contains(text) && !page("bob", true).contains(text));
}

/// The button that undoes the last action, on the page of the user: the last segment of its path, and its version.
fn undo_button(browser: &Browser, id: UserId) -> (String, String) {
    let page = browser.page(&format!("/admin/users/{id}"));
    let (_, notice) = page.split_once("notice-undo").unwrap_or_else(|| panic!("no undo in {page}"));
    let form = notice.split("</form>").next().unwrap();
    let path = form.split_once("action=\"").unwrap().1.split('"').next().unwrap();
    (path.rsplit('/').next().unwrap().to_owned(), value_of(form, "version"))
}

#[test]
fn an_action_on_a_user_is_undone_by_the_button_beside_its_message() {
    let server = TestServer::with(&[("account.delete_after", "14d")]);
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    let before = server.find("alice").unwrap();
    for (action, opposite, recorded) in [
        ("deactivate", "activate", "activated"),
        ("make-admin", "revoke-admin", "admin-revoked"),
        ("delete", "restore", "deletion-cancelled"),
    ] {
        browser.submit(&format!("/admin/users/{id}/{action}"), &[("name", "alice")]);
        let (undo, version) = undo_button(&browser, id);
        assert_eq!(undo, opposite);
        let reply = browser.submit(&format!("/admin/users/{id}/{undo}"), &[("version", &version)]);
        assert_eq!(reply.leads_to(), format!("/admin/users/{id}"), "{action}");
        let user = server.find("alice").unwrap();
        assert_eq!((user.is_active, user.is_admin), (before.is_active, before.is_admin), "{action}");
        assert_eq!((user.deletion_due_at, server.audit(id)[0].as_str()), (None, recorded), "{action}");
    }
    browser.page(&format!("/admin/users/{id}"));
    browser.submit(&format!("/admin/users/{id}/end-sessions"), &[]);
    assert!(!browser.page(&format!("/admin/users/{id}?tab=sessions")).contains("notice-undo"));
}

#[test]
fn an_undo_is_refused_after_another_change_and_asks_for_the_password_as_the_action_does() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |account| account.is_active = false);
    browser.submit(&format!("/admin/users/{id}/activate"), &[]);
    let (undo, version) = undo_button(&browser, id);
    assert_eq!(undo, "deactivate");
    let path = format!("/admin/users/{id}/deactivate");
    server.advance(Duration::from_secs(16 * 60));
    assert_eq!(browser.submit(&path, &[("version", &version)]).status, 403, "the password is asked");
    assert!(server.find("alice").unwrap().is_active);
    browser.submit(&format!("/admin/users/{id}/confirm"), &[]);
    let fields = [("version", version.as_str()), ("reauthentication", &password_of("root"))];
    let stale = browser.submit(&path, &fields);
    assert!(stale.status == 422 && server.find("alice").unwrap().is_active, "{}", stale.text());
}
