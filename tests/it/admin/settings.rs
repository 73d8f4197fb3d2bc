//! The page of the settings, and the forms that change some of them.

use std::collections::BTreeSet;
use std::time::Duration;

use doorward::testing::app::SETTINGS;
use doorward::testing::mail::Lang;

use crate::browser::{Browser, value_of};
use crate::http::{Reply, Request};
use crate::mail::{Working, notice, queue};
use crate::server::{SIGNING_KEY, TestServer};
use crate::smtp::{SmtpServer, wait_until};

const SITE: &str = "/admin/settings/site";
const MAIL: &str = "/admin/settings/mail";
const PASSWORD: &str = "hunter2-hunter2";

/// Submits a form of settings as it is displayed, with these changes.
fn change(browser: &Browser, path: &str, changes: &[(&str, &str)]) -> Reply {
    let page = browser.page(path);
    browser.submit(path, &[&[("version", &*value_of(&page, "version"))], changes].concat())
}

/// The fields for a mail server on this machine.
fn server_fields(port: &str) -> Vec<(&'static str, String)> {
    let fields = [
        ("mail.from", "Example <doorward@example.com>"),
        ("mail.smtp.host", "localhost"),
        ("mail.smtp.tls", "none"),
        ("test_to", "you@example.com"),
        ("mail.smtp.port", port),
    ];
    fields.map(|(name, value)| (name, value.to_owned())).into()
}

fn set_up_mail(browser: &Browser, smtp: &SmtpServer, more: &[(&str, &str)]) -> Reply {
    let fields = server_fields(&smtp.port.to_string());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    change(browser, MAIL, &[&fields[..], more].concat())
}

/// The details of the changes of settings in the audit log, oldest first.
fn recorded(browser: &Browser) -> Vec<String> {
    let json = browser.get("/admin/audit/export.json?action=setting-changed").json();
    let mut details: Vec<String> =
        json.as_array().unwrap().iter().map(|row| row["detail"].as_str().unwrap().to_owned()).collect();
    details.reverse();
    details
}

/// The source of a setting on the page.
fn source(browser: &Browser, name: &str) -> String {
    let page = browser.page("/admin/settings");
    let at = page.find(&format!("<dt id=\"{name}\">")).unwrap_or_else(|| panic!("no {name} in {page}"));
    let (_, source) = page[at..].split_once("class=\"source\">").unwrap();
    source.split('<').next().unwrap().to_owned()
}

#[test]
fn every_setting_is_displayed_with_its_source_and_no_secret() {
    let server = TestServer::start();
    let page = server.signed_in("root").page("/admin/settings");
    for setting in SETTINGS.iter() {
        assert!(page.contains(&format!("<code>{}</code>", setting.name)), "{}", setting.name);
        let help = setting.help.trim().replace('`', "");
        let sentence = help.split(['\'', '"', '<', '&']).next().unwrap();
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(page.contains("(set)") && !page.contains(SIGNING_KEY), "{page}");
    assert!(page.contains("response time") && page.contains("0 logins waiting"), "{page}");
    assert!(page.contains("no mail server configured; 0 waiting, 0 failed"), "{page}");
    assert!(page.contains(" in the hash chain"), "the audit log is a part, too: {page}");
    assert!(page.len() < 50_000, "{}", page.len());
    assert_eq!(server.browser().get("/admin/settings").status, 303);
}

#[test]
fn changed_settings_come_first_are_counted_and_can_be_copied() {
    let server = TestServer::with(&[("site.name", "Example")]);
    let page = server.signed_in("root").page("/admin/settings");
    // Besides what every test server sets.
    assert!(page.contains("5 changed settings"), "{page}");
    let count = SETTINGS.len();
    assert!(page.contains(&format!("All {count} settings")), "{page}");
    let (changed, all) = page.split_once("id=\"settings\"").unwrap();
    for name in ["database_url", "signing_key", "password.cost", "server.workers", "site.name"] {
        assert!(
            changed.contains(&format!("<dt id=\"{name}\">")) && !all.contains(&format!("<dt id=\"{name}\">"))
        );
    }
    let (_, toml) = changed.split_once("<textarea id=\"toml\"").unwrap();
    let toml = toml.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap().replace("&#34;", "\"");
    assert!(toml.contains("[site]\nname = \"Example\"\n"), "{toml}");
    assert!(toml.contains("# signing_key is a secret (--set)\n") && toml.contains("cost = 4\n"), "{toml}");
    assert!(all.contains("Passwords <span class=\"hint\">8 settings · 1 changed</span>"), "{all}");
}

#[test]
fn the_german_page_has_no_english_words() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let odd = server.add("odd", |_| ());
    server.overwrite_hash(odd, "crypt$$ab01");
    let german = |path: &str| browser.send(Request::get(path).header("Accept-Language", "de")).text();
    let page = german("/admin/settings");
    for (english, german) in [(">default<", ">Standard<"), ("(unset)", "(nicht gesetzt)")] {
        assert!(page.contains(german) && !page.contains(english), "{english}: {page}");
    }
    let took = page.split_once("Antwortzeit ").unwrap().1.split(' ').next().unwrap();
    assert!(took.contains(',') && !took.contains('.'), "{took}");
    for path in ["/admin/login-help?who=odd", &format!("/admin/users/{odd}")] {
        assert!(german(path).contains(": der Algorithmus crypt wird nicht unterstützt."), "{path}");
    }
    assert!(german(MAIL).contains("<label for=\"mail-smtp-password\">Passwort</label>"));
}

/// The code in backticks in a text.
fn code(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_setting_has_a_german_sentence_about_the_same_values() {
    let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    let source = include_str!("../../../src/texts/settings/help.rs");
    let translated: Vec<&str> =
        source.lines().filter_map(|line| line.strip_prefix("    \"")?.split('"').next()).collect();
    assert_eq!(translated, names, "src/texts/settings/help.rs, in the order of the declarations");
    for setting in SETTINGS.iter() {
        let german = Lang::German.setting_help(setting.name, setting.help);
        assert!(german != setting.help && german.ends_with('.'), "{}: {german}", setting.name);
        assert_eq!(code(german), code(setting.help), "{}", setting.name);
    }
}

#[test]
fn every_section_and_every_setting_that_can_be_changed_has_a_label() {
    for setting in SETTINGS.iter() {
        let section = setting.name.rsplit_once('.').map_or("", |(section, _)| section);
        for lang in Lang::ALL {
            assert_ne!(lang.section(section), section, "{}", setting.name);
        }
    }
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for path in [SITE, MAIL] {
        let page = browser.page(path);
        assert!(
            page.contains("<label for=") && !page.contains(">site.") && !page.contains(">mail."),
            "{page}"
        );
    }
}

#[test]
fn settings_are_explained_in_the_language_of_the_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let german = |path: &str| browser.send(Request::get(path).header("Accept-Language", "de")).text();
    let page = german("/admin/settings");
    for setting in SETTINGS.iter() {
        let [english, sentence] = [Lang::English, Lang::German].map(|lang| {
            let help = lang.setting_help(setting.name, setting.help).trim().replace('`', "");
            help.split(['\'', '"', '<', '&']).next().unwrap().to_owned()
        });
        assert!(page.contains(&sentence) && !page.contains(&format!("<p>{english}")), "{}", setting.name);
    }
    assert!(page.len() < 50_000, "{}", page.len());
    let form = german(SITE);
    assert!(form.contains("Die Akzentfarbe von E-Mails und Seiten.") && !form.contains("accent"), "{form}");
    for words in ["Akzentfarbe", "accent+colour"] {
        let found = german(&format!("/admin/search?q={words}"));
        assert!(
            found.contains("/admin/settings/site#site-colour") && found.contains("Die Akzentfarbe"),
            "{found}"
        );
    }
    assert!(browser.page("/admin/search?q=Akzentfarbe").contains("The accent colour"));
}

#[test]
fn a_setting_of_the_site_takes_effect_at_once_and_is_recorded() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let done = change(&browser, SITE, &[("site.name", " Café <b> "), ("site.colour", "#123456")]);
    let page = browser.page(&done.leads_to());
    assert!(page.contains("Site settings saved. They are in effect."), "{page}");
    assert_eq!(source(&browser, "site.name"), "changed in the admin");
    assert_eq!(recorded(&browser), ["site.name: doorward → Café <b>", "site.colour: #17525f → #123456"]);
    let root = server.browser().page("/");
    assert!(root.contains("Café &#60;b&#62;") && !root.contains("<b>"), "{root}");
    let same = change(&browser, SITE, &[("site.name", "Café <b>"), ("site.colour", "#123456")]);
    assert!(browser.page(&same.leads_to()).contains("Site settings: nothing changed."));
    assert_eq!(recorded(&browser).len(), 2);
    assert_eq!(change(&browser, SITE, &[("site.name", ""), ("site.colour", "#17525f")]).status, 303);
    assert_eq!(source(&browser, "site.name"), "default");
    assert_eq!(recorded(&browser).last().unwrap(), "site.colour: #123456 → #17525f");
}

#[test]
fn a_changed_name_and_colour_are_on_every_page_and_in_mails() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add("alice", |_| ());
    let done = change(
        &browser,
        SITE,
        &[("site.name", "Neighbours"), ("site.colour", "#7c3aed"), ("site.url", "https://www.example.com")],
    );
    assert_eq!(done.status, 303);
    for path in ["/", "/sign-in", "/admin/sign-in", "/nowhere", "/reset-password/x", "/confirm-email/done"] {
        let page = server.browser().get(path).text();
        assert!(page.contains("<span class=\"brand-name\">Neighbours</span>"), "{path}: {page}");
    }
    assert!(server.browser().page("/confirm-email/done").contains("href=\"https://www.example.com/\""));
    assert!(browser.page("/admin/").contains("<span class=\"brand-name\">Neighbours</span>"));
    assert!(browser.page("/account").contains("Neighbours"));
    assert!(server.anon().get("/static/site.css").text().contains("#6c32ce"));
    assert!(server.anon().get("/static/site-logo").text().contains(">N</text>"));
    browser.submit(&format!("/admin/users/{id}/make-admin"), &[]);
    let mail = crate::mail::only(&server);
    let preview = browser.page(&format!("/admin/mail/{}/preview", mail.id));
    assert!(preview.contains("Neighbours") && preview.contains("#7c3aed"), "{preview}");
    assert!(preview.contains("https:&#x2f;&#x2f;www.example.com"), "{preview}");
}

#[test]
fn what_file_environment_or_flags_set_is_displayed_and_cannot_be_changed() {
    let server = TestServer::with(&[("site.name", "Fixed")]);
    let browser = server.signed_in("root");
    let page = browser.page(SITE);
    assert!(page.contains("<code>Fixed</code>") && page.contains("Set in --set. Change it there."), "{page}");
    assert!(!page.contains("name=\"site.name\""), "{page}");
    assert_eq!(change(&browser, SITE, &[("site.name", "Other"), ("site.colour", "#123456")]).status, 303);
    assert_eq!((source(&browser, "site.name"), recorded(&browser).len()), ("--set".to_owned(), 1));
    assert_eq!(server.app.current().site.name, "Fixed");
}

/// Sends the form of the site with an image, as browsers do.
fn upload(browser: &Browser, image: &[u8]) -> Reply {
    let version = value_of(&browser.page(SITE), "version");
    let token = browser.form_token();
    let part = |name: &str, more: &str, value: &[u8]| {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), value, b"\r\n"].concat()
    };
    let body = [
        part("form_token", "", token.as_bytes()),
        part("version", "", version.as_bytes()),
        part("site.name", "", b"Example"),
        part("site.logo", "; filename=\"logo\"\r\nContent-Type: image/png", image),
        b"--x--\r\n".to_vec(),
    ];
    browser.send(Request::post(SITE).body("multipart/form-data; boundary=x", body.concat()))
}

#[test]
fn an_uploaded_logo_is_checked_stored_and_can_be_removed() {
    let png = b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82";
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let large = [&png[..], &vec![0; 256 << 10]].concat();
    for (image, error) in
        [(&b"%PDF-1.7"[..], "not a PNG, JPEG"), (&png[..12], "incomplete"), (&large, "larger than 256 KiB")]
    {
        let refused = upload(&browser, image);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(error) && recorded(&browser).is_empty(), "{}", refused.text());
    }
    assert_eq!(upload(&browser, png).leads_to(), "/admin/settings");
    let logo = server.anon().get("/static/site-logo");
    assert_eq!((logo.header("Content-Type").as_deref(), &*logo.body), (Some("image/png"), &png[..]));
    let added = ["site.logo: (unset) → (image of 16 bytes)", "site.name: doorward → Example"];
    let mut details = recorded(&browser);
    details.sort();
    assert_eq!(details, added);
    let page = browser.page("/admin/settings");
    let log =
        browser.send(Request::get("/admin/audit?action=setting-changed").header("Accept-Language", "de"));
    assert!(log.text().contains("site.logo: (nicht gesetzt) → (Bild mit 16 Bytes)"), "{}", log.text());
    assert!(page.contains("(image of 16 bytes)") && page.contains("# logo is an image: save"), "{page}");
    // The form without a new image keeps it.
    change(&browser, SITE, &[("site.name", "Example")]);
    assert_eq!(server.anon().get("/static/site-logo").body, png);
    change(&browser, SITE, &[("site.name", "Example"), ("remove", "1")]);
    assert!(server.anon().get("/static/site-logo").text().contains(">E</text>"));
}

#[test]
fn a_file_of_the_machine_cannot_be_stored_as_the_logo() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo.gif");
    std::fs::write(&path, "GIF89a").unwrap();
    let server = TestServer::start();
    let refused = change(&server.signed_in("root"), SITE, &[("site.logo", path.to_str().unwrap())]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("expected an uploaded image"), "{}", refused.text());
    assert!(server.anon().get("/static/site-logo").text().starts_with("<svg"));
}

#[test]
fn bad_settings_are_refused_beside_their_fields_and_nothing_is_stored() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (path, fields, field, text) in [
        (SITE, vec![("site.colour", "red"), ("site.name", "Kept")], "site-colour", "expected a colour"),
        (SITE, vec![("site.time_zone", "Moon/Base")], "site-time_zone", "IANA time zone"),
        (MAIL, vec![("mail.smtp.host", "localhost")], "mail-from", "every email needs a sender"),
        (MAIL, vec![("password", PASSWORD)], "mail-smtp-username", "mail.smtp.password is set"),
        (MAIL, vec![("mail.attempts", "0")], "mail-attempts", "1 to 1000"),
        (MAIL, vec![("test_to", "nobody")], "test_to", "Enter a valid email address."),
    ] {
        let reply = change(&browser, path, &fields);
        let page = reply.text();
        assert_eq!(reply.status, 422, "{page}");
        assert!(page.contains(&format!("id=\"{field}-error\"")) && page.contains(text), "{text}: {page}");
        assert!(!page.contains(PASSWORD), "{page}");
        for (name, value) in fields.iter().filter(|(name, _)| *name != "password") {
            assert!(page.contains(&format!("value=\"{value}\"")), "{name} is kept: {page}");
        }
    }
    // What is not on the form is not stored.
    change(
        &browser,
        SITE,
        &[("password.cost", "31"), ("mail.templates", "/etc"), ("mail.from", "a@example.com")],
    );
    assert!(recorded(&browser).is_empty());
    assert_eq!(browser.post(SITE, &[("site.name", "x")]).status, 403, "a form without its token");
    assert_eq!(browser.get("/admin/settings/password").status, 404);
}

#[test]
fn a_mail_server_counts_once_it_has_accepted_a_test_email() {
    let smtp = SmtpServer::start();
    let server = TestServer::start();
    let browser = server.signed_in("root");
    smtp.answers("RCPT", "550 relaying <denied>");
    let refused = set_up_mail(&browser, &smtp, &[("mail.smtp.username", "me"), ("password", PASSWORD)]);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(page.contains("The test email failed, so nothing was saved:"), "{page}");
    assert!(page.contains("550 relaying &#60;denied&#62;") && !page.contains(PASSWORD), "{page}");
    assert!(server.app.current().mail.smtp.is_none() && recorded(&browser).is_empty());

    smtp.is_kind();
    let done = set_up_mail(&browser, &smtp, &[("mail.smtp.username", "me"), ("password", PASSWORD)]);
    let page = browser.page(&done.leads_to());
    assert!(page.contains("The mail server accepted the test email."), "{page}");
    assert_eq!(smtp.mails()[0].to, "<you@example.com>");
    assert_eq!(server.app.current().mail.smtp.as_ref().unwrap().port, smtp.port);
    // Settings that do not change how emails are sent need no test.
    let count = smtp.mails().len();
    let more = [("mail.smtp.username", "me"), ("mail.attempts", "3")];
    let saved = set_up_mail(&browser, &smtp, &more);
    assert!(browser.page(&saved.leads_to()).contains("Email settings saved."));
    assert_eq!((smtp.mails().len(), server.app.current().mail.attempts), (count, 3));
    assert!(
        server.app.current().mail.smtp.as_ref().unwrap().credentials.is_some(),
        "an empty field keeps it"
    );
}

#[test]
fn the_password_of_the_mail_server_is_never_displayed_again() {
    let smtp = SmtpServer::start();
    let server = TestServer::start();
    let browser = server.signed_in("root");
    set_up_mail(&browser, &smtp, &[("mail.smtp.username", "me"), ("password", PASSWORD)]).leads_to();
    for path in
        [MAIL, "/admin/settings", "/admin/audit", "/admin/audit/export.json", "/admin/", "/admin/mail"]
    {
        let page = browser.page(path);
        assert!(!page.contains("hunter2"), "{path}: {page}");
    }
    assert!(browser.page(MAIL).contains("A value is stored. Leave the field empty to keep it."));
    assert!(recorded(&browser).contains(&"mail.smtp.password: (unset) → (set)".to_owned()));
    let place = crate::cli::Place::on(server.database().url());
    for command in [&["config"][..], &["config", "--json"], &["audit", "list", "--json"]] {
        assert!(!place.run(command).out.contains("hunter2"), "{command:?}");
    }
    assert!(!format!("{:?}", server.app.current()).contains("hunter2"));
    let removed = set_up_mail(&browser, &smtp, &[("mail.smtp.username", ""), ("remove", "1")]);
    removed.leads_to();
    assert!(server.app.current().mail.smtp.as_ref().unwrap().credentials.is_none());
}

#[test]
fn a_stored_password_goes_to_no_other_mail_server() {
    let (smtp, other) = (SmtpServer::start(), SmtpServer::start());
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let username = ("mail.smtp.username", "me");
    set_up_mail(&browser, &smtp, &[username, ("password", PASSWORD)]).leads_to();
    let refused = set_up_mail(&browser, &other, &[username]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Enter the password again"), "{}", refused.text());
    assert_eq!(set_up_mail(&browser, &smtp, &[("mail.smtp.username", "you")]).status, 422);
    assert!(other.mails().is_empty());
    assert_eq!(server.app.current().mail.smtp.as_ref().unwrap().port, smtp.port);
    set_up_mail(&browser, &other, &[username, ("password", PASSWORD)]).leads_to();
    assert_eq!(other.mails().len(), 1);
}

#[test]
fn of_two_administrators_the_second_sees_that_the_first_has_saved() {
    let server = TestServer::start();
    let (root, other) = (server.signed_in("root"), server.signed_in("other"));
    let version = value_of(&other.page(SITE), "version");
    change(&root, SITE, &[("site.name", "First")]).leads_to();
    let late = other.submit(SITE, &[("version", &version), ("site.name", "Second")]);
    assert_eq!(late.status, 422);
    assert!(
        late.text().contains("Another administrator changed settings in the meantime."),
        "{}",
        late.text()
    );
    assert!(late.text().contains("value=\"First\""), "{}", late.text());
    assert_eq!(server.app.current().site.name, "First");
    assert_eq!(other.submit(SITE, &[("site.name", "Third")]).status, 422, "a form without a version");
}

#[test]
fn settings_are_changed_with_a_recent_password_only() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let version = value_of(&browser.page(SITE), "version");
    server.advance(Duration::from_secs(16 * 60));
    assert!(browser.get(SITE).leads_to().starts_with("/admin/prove"));
    let reply =
        browser.submit(MAIL, &[("version", &version), ("password", PASSWORD), ("mail.attempts", "3")]);
    assert_eq!(reply.status, 403);
    assert!(!reply.text().contains(PASSWORD), "{}", reply.text());
    assert_eq!(server.app.current().mail.attempts, 10);
    assert!(server.user("alice").get(SITE).leads_to().starts_with("/admin/sign-in"));
}

#[test]
fn other_replicas_take_the_settings_over_and_send_waiting_mails() {
    let smtp = SmtpServer::start();
    let server = TestServer::start();
    let replica = TestServer::beside(&server, &[]);
    let fixed = TestServer::beside(&server, &[("site.name", "Fixed")]);
    let _working = Working::start(&replica);
    queue(&replica, vec![notice("bob@example.com")]);
    let browser = server.signed_in("root");
    set_up_mail(&browser, &smtp, &[]).leads_to();
    change(&browser, SITE, &[("site.name", "Everywhere")]).leads_to();
    wait_until(|| replica.app.current().site.name == "Everywhere");
    wait_until(|| smtp.mails().iter().any(|mail| mail.to == "<bob@example.com>"));
    wait_until(|| fixed.app.settings_version() == server.app.settings_version());
    assert_eq!(fixed.app.current().site.name, "Fixed");
    assert!(fixed.app.current().mail.smtp.is_some(), "each setting counts by itself");
}

#[test]
fn stored_settings_that_do_not_fit_do_not_prevent_a_start() {
    let server = TestServer::start();
    server
        .database()
        .execute("INSERT INTO stored_settings (name, value, version) VALUES ('site.colour', 'red', 1)");
    let replica = TestServer::beside(&server, &[]);
    let browser = replica.signed_in("root");
    let page = browser.page("/admin/settings");
    assert!(
        page.contains("The settings changed here are not in effect: the configuration has a problem:"),
        "{page}"
    );
    let form = browser.page(SITE);
    assert!(form.contains("value=\"red\""), "{form}");
    change(&browser, SITE, &[("site.colour", "#123456")]).leads_to();
    assert!(!browser.page("/admin/settings").contains("not in effect"));
}

#[test]
fn the_command_line_shows_stored_settings_and_sets_them_back() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    change(&browser, SITE, &[("site.name", "Stored"), ("site.colour", "#123456")]).leads_to();
    let place = crate::cli::Place::on(server.database().url());
    let line = |name: &str| {
        let said = place.run(&["config"]);
        let line = said.out.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("site.name"), "site.name Stored (database)");
    place.run(&["config", "clear", "password.cost"]).refused(2, &["password.cost"]);
    let cleared = place.run(&["config", "clear", "site.name"]);
    assert_eq!((cleared.code, cleared.out.as_str()), (0, "site.name is set back\n"));
    assert_eq!(line("site.name"), "site.name doorward (default)");
    assert_eq!(line("site.colour"), "site.colour #123456 (database)");
    assert_eq!(place.run(&["config", "clear"]).out, "site.colour is set back\n");
    assert_eq!(place.run(&["config", "clear"]).out, "no such setting was changed in the admin\n");
    wait_until(|| server.app.current().site.name == "doorward");
    assert_eq!(recorded(&browser).last().unwrap(), "site.colour → default");
}

#[test]
fn the_keys_of_tokens_are_listed_with_their_states_in_both_languages_and_without_secrets() {
    let server = TestServer::with(&[("tokens.algorithm", "ES256")]);
    let browser = server.signed_in("root");
    let kids = server.database().lines("SELECT kid AS line FROM signing_keys WHERE state = 'signing'");
    let page = browser.page("/admin/settings/keys");
    for text in
        [kids[0].as_str(), "New tokens are signed with ES256", "Signs", "Checks earlier tokens", "HS256"]
    {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    assert!(browser.page("/admin/settings").contains("href=\"/admin/settings/keys\""));
    browser.get("/?language=de");
    let german = browser.page("/admin/settings/keys");
    assert!(german.contains("Neue Tokens werden mit ES256 signiert"), "{german}");
    assert!(page.contains("<time") && !page.contains("PRIVATE"), "{page}");
    let plain = TestServer::start();
    assert!(plain.signed_in("root").page("/admin/settings/keys").contains("No keys"));
}
