//! The rules of searching: in the list of users, on the search page, and among mails.

use crate::browser::{Browser, value_of};
use crate::server::TestServer;

/// The usernames in the list of users that a search finds.
fn listed(browser: &Browser, typed: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let page = browser.page(&format!("/admin/users/?q={query}"));
    let rows = page.split("<th role=\"rowheader\" scope=\"row\">").skip(1);
    rows.map(|row| row.split(['>', '<']).nth(2).unwrap().to_owned()).collect()
}

#[test]
fn words_match_in_any_order_and_all_of_them_have_to() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add_as("rossi.anna", "anna@example.com", |_| ());
    server.add_as("anna.bianchi", "ab@site.example", |_| ());
    for (typed, expected) in [
        ("anna rossi", &["rossi.anna"][..]),
        ("ROSSI  Anna", &["rossi.anna"]),
        ("anna example.com", &["rossi.anna"]),
        ("anna", &["anna.bianchi", "rossi.anna"]),
        ("site anna", &["anna.bianchi"]),
        ("anna b", &["anna.bianchi"]),
        ("an ab", &["anna.bianchi"]),
        ("anna nobody", &[]),
        ("anna rossi a n n a x q", &[]),
    ] {
        assert_eq!(listed(&browser, typed), expected, "{typed}");
    }
}

#[test]
fn a_number_matches_the_id_and_a_number_sign_nothing_else() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let anna = server.add("anna", |_| ());
    server.add(&format!("berta{anna}"), |_| ());
    assert_eq!(listed(&browser, &format!("#{anna}")), ["anna"]);
    assert_eq!(listed(&browser, &format!("ann #{anna}")), ["anna"]);
    assert_eq!(listed(&browser, &format!("bert #{anna}")), [""; 0]);
    assert_eq!(listed(&browser, "#999"), [""; 0]);
    let by_number = listed(&browser, &anna.to_string());
    assert!(by_number.contains(&"anna".to_owned()), "{by_number:?}");
}

#[test]
fn a_pasted_address_matches_its_user() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add_as("anna", "anna.rossi@example.com", |_| ());
    server.add_as("rossi", "other@example.com", |_| ());
    for typed in [
        "Anna Rossi <anna.rossi@example.com>",
        "mailto:Anna.Rossi@example.com",
        "anna.rossi@example.com,",
        "“anna.rossi”",
    ] {
        assert_eq!(listed(&browser, typed), ["anna"], "{typed}");
    }
}

#[test]
fn a_whole_address_is_its_user_alone_and_not_who_contains_it() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let anna = server.add_as("anna", "anna.rossi@example.com", |_| ());
    server.add_as("hanna", "hanna.rossi@example.com", |_| ());
    for typed in ["anna.rossi@example.com", "Anna.Rossi@EXAMPLE.com", "Anna <anna.rossi@example.com>"] {
        assert_eq!(listed(&browser, typed), ["anna"], "{typed}");
    }
    assert!(browser.page("/admin/users/?q=anna.rossi@example.com").contains("1 user</a>"));
    assert!(browser.page("/admin/users/?q=anna.rossi@example.com").contains(" · only the exact match"));
    let found = browser.page("/admin/search?q=anna.rossi@example.com");
    assert!(found.contains(&format!("#{anna} · exact match")) && !found.contains(">hanna<"), "{found}");
    let chosen = browser.page("/admin/users/chosen?q=anna.rossi@example.com&do=deactivate&all=1");
    assert!(
        chosen.contains("<li>anna (anna.rossi@example.com)</li>") && !chosen.contains("hanna"),
        "an action on all is on hers: {chosen}"
    );
    for part in ["anna.rossi@example", "rossi@example.com"] {
        assert_eq!(listed(&browser, part), ["anna", "hanna"], "{part} is no whole address");
    }
}

#[test]
fn a_user_whose_whole_name_is_the_search_comes_first_and_is_marked() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let rossi = server.add_as("rossi", "r@example.com", |_| ());
    for number in 0..9 {
        server.add_as(&format!("anna.rossi{number}"), &format!("a{number}@example.com"), |_| ());
    }
    let found = browser.page("/admin/search?q=rossi");
    let results = found.split_once("<h2 id=\"users\">").unwrap().1.split("<li>").nth(1).unwrap();
    assert!(results.starts_with(&format!("<a href=\"/admin/users/{rossi}\">rossi</a>")), "{found}");
    assert_eq!(found.matches(" · exact match").count(), 1, "{found}");
    assert!(found.contains("All 10 matching users"), "{found}");
    let list = browser.page("/admin/users/?q=rossi");
    assert!(list.contains("User with this name: rossi</a>"), "{list}");
    assert!(!browser.page("/admin/users/?q=ross").contains("User with this name"));
}

#[test]
fn accents_do_not_matter_in_either_direction() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add_as("Øyvind", "oy@example.no", |_| ());
    server.add_as("Müller", "m@example.de", |_| ());
    server.add_as("muller", "m2@example.de", |_| ());
    server.add_as("Łukasz.Zażółć", "l@example.pl", |_| ());
    for (typed, expected) in [
        ("oyvind", &["Øyvind"][..]),
        ("øyvind", &["Øyvind"]),
        ("yvi", &["Øyvind"]),
        ("oy", &["Øyvind"]),
        ("muller", &["muller", "Müller"]),
        ("MÜLLER", &["muller", "Müller"]),
        ("ülle", &["muller", "Müller"]),
        ("lukasz", &["Łukasz.Zażółć"]),
        ("zazolc lukasz", &["Łukasz.Zażółć"]),
    ] {
        assert_eq!(listed(&browser, typed), expected, "{typed}");
    }
}

#[test]
fn a_renamed_user_is_searched_for_by_the_new_name_without_accents() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = server.add_as("Øyvind", "one@example.no", |_| ());
    let page = browser.page(&format!("/admin/users/{id}/edit"));
    let version = value_of(&page, "version");
    let fields = [("username", "Ærlig"), ("email", "one@example.no"), ("version", &version)];
    assert_eq!(browser.submit(&format!("/admin/users/{id}/edit"), &fields).status, 303);
    assert_eq!(listed(&browser, "oyvind"), [""; 0]);
    assert_eq!(listed(&browser, "aerlig"), ["Ærlig"]);
}

#[test]
fn users_of_an_earlier_version_get_their_key_at_the_start() {
    let server = TestServer::start();
    let id = server.add_as("Øyvind", "oy@example.no", |_| ());
    server.database().execute("UPDATE users SET search_key = NULL");
    server.database().execute(&format!("INSERT INTO stale_keys (source, item) VALUES ('users', '{id}')"));
    let later = TestServer::beside(&server, &[]);
    assert_eq!(listed(&later.signed_in("root"), "oyvind"), ["Øyvind"]);
}

#[test]
fn few_users_are_sorted_by_name_and_many_by_how_well_they_match() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for name in ["zanna", "anna", "mia"] {
        server.add_as(name, &format!("{name}@anna.example"), |_| ());
    }
    assert_eq!(listed(&browser, "anna"), ["anna", "mia", "zanna"]);
    for chunk in 0..11 {
        let rows: Vec<String> = (0..100)
            .map(|number| {
                let name = format!("hannah{chunk:02}{number:02}");
                format!("('{name}', '{name}', '{name}@b.example', '{name}@b.example', '!', TRUE, TRUE, FALSE, 0, 0, 0)")
            })
            .collect();
        server.database().execute(&format!(
            "INSERT INTO users (username, username_key, email, email_key, password_hash, is_email_confirmed, \
             is_active, is_admin, tokens_valid_from, created_at, updated_at) VALUES {}",
            rows.join(", ")
        ));
    }
    assert_eq!(listed(&browser, "anna")[..3], ["anna", "zanna", "mia"]);
}

#[test]
fn the_search_page_has_users_invitations_settings_pages_and_actions() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let anna = server.add_as("anna", "anna@example.com", |_| ());
    let invite = "/admin/users/invite";
    let checked = value_of(&browser.submit(invite, &[("addresses", "clara@new.example")]).text(), "checked");
    let fields = [("addresses", "clara@new.example"), ("checked", checked.as_str()), ("do", "send")];
    assert_eq!(browser.submit(invite, &fields).status, 303);
    assert!(browser.page("/admin/search?q=new+clara").contains(">clara@new.example</a>"));
    let page = browser.page("/admin/search?q=ann");
    assert!(page.contains(&format!("<a href=\"/admin/users/{anna}\">anna</a>")), "{page}");
    for (typed, path) in [
        ("audit entry keep", "/admin/settings#audit.keep"),
        ("invite", "/admin/users/invite"),
        ("test email", "/admin/mail/test"),
        ("deactivated", "/admin/audit?action=deactivated"),
        ("Deaktiviert", "/admin/audit?action=deactivated"),
        ("site color", "/admin/settings/site#site-colour"),
    ] {
        let page = browser.page(&format!("/admin/search?q={}", typed.replace(' ', "+")));
        assert!(page.contains(&format!("href=\"{path}\"")), "{typed}: {page}");
    }
    for (typed, path) in [
        ("name of the site", "/admin/settings/site#site-name"),
        ("time zone", "/admin/settings/site#site-time_zone"),
        ("time zone", "/admin/time-zone"),
        ("mail server", "/admin/settings/mail#mail-smtp-host"),
        ("smtp.port", "/admin/settings/mail#mail-smtp-port"),
        ("public address", "/admin/settings#public_url"),
        ("email settings", "/admin/settings/mail"),
        ("site settings", "/admin/settings/site"),
        ("Einstellungen der Website", "/admin/settings/site"),
        ("email texts", "/admin/mail/texts"),
        ("bulk", "/admin/users/bulk"),
        ("theme", "/admin/#theme"),
        ("reset password", "/admin/users/"),
        ("delete user", "/admin/users/"),
        ("l%C3%B6schen", "/admin/users/"),
        ("abmelden", "/admin/users/"),
    ] {
        let page = browser.page(&format!("/admin/search?q={}", typed.replace(' ', "+")));
        let (page_of_it, field) = path.split_once('#').unwrap_or((path, ""));
        assert!(page.contains(&format!("<li><a href=\"{path}\">")), "{typed}: {page}");
        let target = browser.page(page_of_it);
        assert!(field.is_empty() || target.contains(&format!("id=\"{field}\"")), "{typed}: {target}");
    }
    let fixed = TestServer::with(&[("site.name", "Beispielverein")]);
    let page = fixed.signed_in("root").page("/admin/search?q=site.name");
    assert!(page.contains("href=\"/admin/settings#site.name\""), "a fixed setting has no field: {page}");
    let nothing = browser.page("/admin/search?q=zzzqqq");
    assert!(nothing.contains("No results"), "{nothing}");
    assert_eq!(server.anon().get("/admin/search?q=ann").status, 303);
}

#[test]
fn a_search_with_many_results_links_to_all_of_them() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = browser.page("/admin/search?q=limits");
    let results = |page: &str| {
        let (_, settings) = page.split_once("<h2 id=\"settings\"").unwrap();
        settings.split("</section>").next().unwrap().matches("<li>").count()
    };
    let all = page.split("all=settings\">All ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let all: usize = all.parse().unwrap();
    assert!(results(&page) == 8 && all > 8, "{all}: {page}");
    let page = browser.page("/admin/search?q=limits&all=settings");
    assert!(results(&page) == all && !page.contains("all=settings\">All "), "{all}: {page}");
}

#[test]
fn every_page_of_the_admin_has_the_search_in_its_header() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for path in ["/admin/", "/admin/users/", "/admin/audit", "/admin/settings", "/admin/users/add"] {
        let page = browser.page(path);
        assert!(page.contains("action=\"/admin/search\"") && page.contains("/static/search."), "{path}");
    }
}

#[test]
fn a_part_of_a_recipient_leads_from_the_mails_to_the_users() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for name in ["heidi", "heidrun"] {
        server.add(name, |_| ());
    }
    let page = browser.page("/admin/mail?to=heid");
    assert!(page.contains("<a href=\"/admin/users/?q=heid\">2 users contain this</a>"), "{page}");
    assert!(!browser.page("/admin/mail?to=zzz").contains("contain this"));
}

#[test]
fn the_link_to_all_matching_users_has_their_number_as_far_as_they_are_counted() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for number in 0..11 {
        server.add(&format!("zora{number:02}"), |_| ());
    }
    let page = browser.page("/admin/search?q=zora");
    assert!(page.contains("All 11 matching users"), "{page}");
    assert!(!browser.page("/admin/search?q=zora01").contains("matching user"));
    for number in 11..60 {
        server.add(&format!("zora{number:02}"), |_| ());
    }
    // Ids only increase, so a high id means that there were many users.
    server.database().execute("UPDATE users SET id = 20000 WHERE username = 'zora59'");
    let page = browser.page("/admin/search?q=zora");
    assert!(page.contains("All matching users"), "{page}");
}
