//! The audit log: filters, pages, export.

use std::collections::BTreeSet;
use std::time::Duration;

use doorward::testing::accounts::seal_audit;
use doorward::testing::accounts::{Actor, ActorKind, activate, deactivate};
use doorward::testing::types::UserId;
use serde_json::Value;

use crate::browser::Browser;
use crate::http::Request;
use crate::server::{TestServer, password_of};

/// The ids of the entries on a page, in their order.
fn rows(page: &str) -> Vec<i64> {
    page.split("<tr role=\"row\" id=\"row-")
        .skip(1)
        .map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// The actions of the entries that match a query, newest first.
fn listed_actions(browser: &Browser, query: &str) -> Vec<String> {
    let json: Value = browser.get(&format!("/admin/audit/export.json?{query}")).json();
    let listed = json.as_array().unwrap();
    let displayed = rows(&browser.page(&format!("/admin/audit?{query}")));
    // The newest entry is then the export itself.
    let ids: Vec<i64> = listed.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert!(
        displayed == ids || displayed.len() == 35 || displayed[1..] == ids,
        "{query}: {displayed:?} and {ids:?}"
    );
    listed.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

fn link(page: &str, relation: &str) -> Option<String> {
    let at = page.find(&format!("rel=\"{relation}\" href=\""))?;
    Some(page[at..].split('"').nth(3).unwrap().replace("&#38;", "&"))
}

/// Root, signed in, and alice, who failed to log in, logged in and was deactivated from 10.0.0.7.
fn furnished() -> (TestServer, Browser, UserId) {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    server.anon().log_in("alice", "wrong-guess-1");
    server.log_in("alice");
    let browser = server.signed_in("root");
    let root = server.find("root").unwrap().id;
    let by = Actor::remote(ActorKind::Administrator(root), Some([10, 0, 0, 7].into()), Some("=the <agent>"));
    server.wait(deactivate(&server.app, alice, Some("+left".to_owned()), &by)).unwrap();
    (server, browser, alice)
}

#[test]
fn an_invalid_filter_has_an_error_beside_it_and_neither_list_nor_export() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (query, field) in [
        ("from=2026-13-01", "from"),
        ("to=2026-02-31", "to"),
        ("action=zzz", "action"),
        ("from=2026-02-02&to=2026-02-01", "to"),
    ] {
        let page = browser.page(&format!("/admin/audit?{query}"));
        assert!(rows(&page).is_empty() && page.contains(&format!("id=\"{field}-error\"")), "{page}");
        for kind in ["csv", "json"] {
            let reply = browser.get(&format!("/admin/audit/export.{kind}?{query}"));
            assert_eq!(reply.status, 400, "{query}");
        }
    }
    assert!(browser.page("/admin/mail?state=lost").contains("id=\"state-error\""));
}

#[test]
fn filters_match_their_entries_alone_and_combined() {
    let (_server, browser, alice) = furnished();
    let of_alice = ["deactivated", "logged-in", "login-failed", "created"];
    for (query, expected) in [
        ("who=alice", &of_alice[..]),
        ("who=ALICE%40example.com", &of_alice),
        (&format!("who=%23{alice}"), &of_alice),
        (&format!("who={alice}"), &of_alice),
        ("who=nobody", &[]),
        ("who=%00", &[]),
        ("action=login-failed", &["login-failed"]),
        ("action=created&who=alice", &["created"]),
        ("address=10.0.0.7", &["deactivated"]),
        ("who=ALICE", &of_alice),
        ("who=lic", &of_alice),
        ("about=alice", &of_alice),
        ("about=ali&by=roo", &["deactivated"]),
        ("by=alice", &["logged-in"]),
        ("about=alice&by=alice", &["logged-in"]),
        ("about=nobody", &[]),
        ("kind=changes&about=alice", &["deactivated", "created"]),
        ("kind=sign-ins&who=alice", &["logged-in"]),
        ("kind=failures", &["login-failed"]),
        ("kind=failures&action=created", &[]),
        ("period=today&who=alice", &of_alice),
        ("period=7-days&kind=changes&who=alice", &["deactivated", "created"]),
        ("address=10.0.", &["deactivated"]),
        ("address=10.0", &[]),
        ("address=10.0.0.77", &[]),
        ("address=%00.", &[]),
        ("address=127.&who=alice", &["logged-in", "login-failed"]),
        ("who=alice&from=2999-01-01", &[]),
        ("who=alice&from=2020-01-01&to=2999-01-01", &of_alice),
        ("who=alice&to=2020-01-01", &[]),
    ] {
        assert_eq!(listed_actions(&browser, query), expected, "{query}");
    }
    let mine = listed_actions(&browser, "who=root");
    assert!(mine.contains(&"deactivated".to_owned()) && mine.contains(&"signed-in".to_owned()), "{mine:?}");
    let none = browser.page("/admin/audit?who=nobody");
    assert!(none.contains("No user has this name.") && none.contains("value=\"nobody\""), "{none}");
}

#[test]
fn the_filter_by_day_includes_the_last_day() {
    let (server, browser, alice) = furnished();
    let day = 86_400_000_000_i64;
    for (action, at) in [("'logged-in'", 2 * day - 1), ("'logged-out'", 2 * day), ("'renamed'", 3 * day)] {
        server.database().execute(&format!(
            "INSERT INTO audit (at, action, actor, subject_id) VALUES ({at}, {action}, 'user', {alice})"
        ));
    }
    assert_eq!(listed_actions(&browser, "from=1970-01-03&to=1970-01-03"), ["logged-out"]);
    assert_eq!(listed_actions(&browser, "to=1970-01-03"), ["logged-out", "logged-in"]);
    assert_eq!(
        listed_actions(&browser, "from=1970-01-03&to=1970-01-04&who=alice"),
        ["renamed", "logged-out"]
    );
}

#[test]
fn every_entry_is_on_one_page_also_those_of_one_moment() {
    let (server, browser, alice) = furnished();
    let root = server.find("root").unwrap().id;
    // Many entries in each of three moments; alice is the actor or the subject of all of them.
    for n in 0..130 {
        let (at, actor, subject) = (1_000 + n % 3, [alice, root][n % 2], [root, alice][n % 2]);
        let (actor, subject) = if n % 5 == 0 { (alice, alice) } else { (actor, subject) };
        server.database().execute(&format!(
            "INSERT INTO audit (at, action, actor, actor_id, subject_id, address) VALUES ({at}, 'refreshed', 'user', {actor}, {subject}, '10.0.0.{n}')"
        ));
    }
    for query in [
        "action=refreshed",
        "who=alice&action=refreshed",
        "to=1970-01-01",
        "address=10.0.0.&action=refreshed",
    ] {
        let (mut all, mut first) = (Vec::new(), Vec::new());
        let mut path = format!("/admin/audit?{query}");
        let last = loop {
            let page = browser.page(&path);
            assert!(page.len() < 50_000, "{} bytes", page.len());
            first = if first.is_empty() { rows(&page) } else { first };
            all.extend(rows(&page));
            match link(&page, "next") {
                Some(next) => path = next,
                None => break page,
            }
        };
        assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (130, 130), "{query}");
        let mut page = last;
        while let Some(before) = link(&page, "prev") {
            page = browser.page(&before);
        }
        assert_eq!(rows(&page), first, "{query}");
    }
}

#[test]
fn an_entry_names_and_links_actor_and_subject() {
    let (server, browser, alice) = furnished();
    let root = server.find("root").unwrap().id;
    let page = browser.page("/admin/audit?action=deactivated");
    for text in [
        "Deactivated</a><span class=\"detail\">+left</span>",
        &format!("<a href=\"/admin/users/{root}\">root</a><span class=\"detail\">administrator</span>"),
        &format!("<a href=\"/admin/users/{alice}\">alice</a>"),
        "10.0.0.7",
        "=the &#60;agent&#62;",
        "<time datetime=\"20",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let of_alice = browser.user_page(alice);
    assert!(of_alice.contains(&format!("href=\"/admin/audit?who=%23{alice}\"")), "{of_alice}");

    browser.submit(&format!("/admin/users/{alice}/delete"), &[("name", "alice")]);
    let page = browser.page("/admin/audit?action=deactivated");
    let gone =
        format!("<a href=\"/admin/audit?who=%23{alice}\">#{alice}</a><span class=\"detail\">deleted</span>");
    assert!(page.contains(&gone) && !page.contains("+left") && !page.contains("10.0.0.7"), "{page}");
    assert_eq!(listed_actions(&browser, &format!("who={alice}")).len(), 5);
}

#[test]
fn the_export_has_no_formulas_and_is_recorded() {
    let (server, browser, alice) = furnished();
    let csv = browser.get("/admin/audit/export.csv?who=alice&action=deactivated");
    assert_eq!(csv.header("Content-Type").as_deref(), Some("text/csv; charset=utf-8"));
    assert_eq!(
        csv.header("Content-Disposition").as_deref(),
        Some(format!("attachment; filename=\"audit-who-alice-deactivated-{}.csv\"", today(&server)).as_str())
    );
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "id,at,action,actor,actor_id,actor_name,subject_id,subject,address,user_agent,detail,bulk_id"
    );
    assert!(lines[1].ends_with(&format!(",root,{alice},alice,10.0.0.7,'=the <agent>,'+left,")), "{text}");
    assert_eq!(lines.len(), 2);
    let page = browser.page("/admin/audit?action=exported");
    assert!(page.contains("Data exported"), "{page}");
    assert!(page.contains("/admin/audit/export.csv?who=alice&#38;action=deactivated"), "{page}");
    assert_eq!(browser.get("/admin/audit/export.json?who=nobody").json(), Value::Array(Vec::new()));
    assert_eq!(browser.get("/admin/audit/export.xml").status, 404);
}

#[test]
fn a_long_list_is_exported_completely() {
    let (server, browser, _) = furnished();
    server.database().execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2500) \
         INSERT INTO audit (at, action, actor) SELECT x / 100, 'refreshed', 'anonymous' FROM n",
    );
    let json = browser.get("/admin/audit/export.json?action=refreshed").json();
    let ids: BTreeSet<i64> = json.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!((json.as_array().unwrap().len(), ids.len()), (2500, 2500));
    assert_eq!(browser.get("/admin/audit/export.csv?action=refreshed").text().lines().count(), 2501);
}

#[test]
fn the_page_displays_the_last_hash_of_the_chain() {
    let (server, browser, _) = furnished();
    server.wait(seal_audit(&server.app)).unwrap();
    let page = browser.page("/admin/audit");
    let anchor = page.split("doorward audit verify --expect ").nth(1).unwrap().split('<').next().unwrap();
    let (number, seal) = anchor.split_once(':').unwrap();
    assert!(page.contains(&format!("Tamper-evident log: {number} entries")), "{page}");
    assert!(page.contains(&format!("<code>{}…</code>", &seal[..8])), "{page}");
    let place = crate::cli::Place::on(server.database().url());
    assert_eq!(place.run(&["audit", "verify", "--expect", anchor]).code, 0);
}

#[test]
fn only_administrators_read_the_audit_log() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    server.add("alice", |_| ());
    for path in ["/admin/audit?who=alice", "/admin/audit/export.csv", "/admin/audit/export.json?who=alice"] {
        let browser = server.browser();
        let form = browser.get(path).leads_to();
        assert!(form.starts_with("/admin/sign-in?next=%2Fadmin%2Faudit"), "{form}");
        assert_eq!(browser.sign_in("alice", &password_of("alice")).status, 403);
        assert_eq!(browser.get(path).status, 303);
        let next = crate::browser::value_of(&browser.page(&form), "next").replace("&#38;", "&");
        let fields = [("username", "root"), ("password", &password_of("root")), ("next", &next)];
        assert_eq!(browser.post("/admin/sign-in", &fields).leads_to(), path);
        assert_eq!(browser.get(path).status, 200);
        assert_eq!(
            browser.send(Request::post(path).form(&[("a", "b")])).status,
            405,
            "nothing is sent there"
        );
    }
    let alice = server.user("alice");
    assert_eq!(alice.get("/admin/audit").status, 303, "a token is no session");
}

#[test]
fn texts_from_clients_are_cut_to_the_size_of_a_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let root = server.find("root").unwrap().id;
    let domain = format!("{0}.{0}.{0}.com", "d".repeat(60));
    let add = |n: u32| {
        let email = format!("{n:03}{}@{domain}", "e".repeat(60));
        server.add_as(&format!("{n:03}{}", "W".repeat(147)), &email, |_| ())
    };
    let long = (1..=50).map(add).next().unwrap();
    let by =
        Actor::remote(ActorKind::Administrator(root), Some([10, 0, 0, 7].into()), Some(&"<".repeat(4000)));
    for _ in 0..25 {
        let reason = Some("&".repeat(500));
        server.wait(deactivate(&server.app, long, reason, &by)).unwrap();
        server.wait(activate(&server.app, long, &by)).unwrap();
    }
    for path in ["/admin/audit".to_owned(), "/admin/users/".to_owned(), format!("/admin/users/{long}")] {
        let size = browser.page(&path).len();
        assert!(size < 50_000, "{path}: {size}");
    }
}

/// The day of the server's clock in UTC.
fn today(server: &TestServer) -> String {
    server.app.clock.now().to_rfc3339()[..10].to_owned()
}

#[test]
fn deactivations_of_last_week_are_three_steps_away() {
    let (server, browser, alice) = furnished();
    let root = server.find("root").unwrap().id;
    let old = server.app.clock.now().micros() - 8 * 86_400_000_000;
    server.database().execute(&format!(
        "INSERT INTO audit (at, action, actor, actor_id, subject_id) VALUES ({old}, 'deactivated', 'administrator', {root}, {alice})"
    ));
    let log = browser.page("/admin/audit");
    let week = link_named(&log, "7 days");
    let page = browser.page(&week);
    let found = browser.page(&link_named(&page, "Deactivated"));
    assert!(found.contains("<option value=\"deactivated\" selected>"), "{found}");
    assert_eq!(rows(&found).len(), 1, "{found}");
    assert!(found.contains(">root</a>") && found.contains(">alice</a>"), "{found}");
}

/// The path of the link with this text.
fn link_named(page: &str, text: &str) -> String {
    let (before, _) =
        page.split_once(&format!(">{text}</a>")).unwrap_or_else(|| panic!("no {text} in {page}"));
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&")
}

#[test]
fn a_part_of_a_name_finds_all_users_with_it_and_offers_each() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let (heidi, heidrun) = (server.add("heidi", |_| ()), server.add("heidrun", |_| ()));
    for user in [heidi, heidrun] {
        server.wait(activate(&server.app, user, &Actor::command_line())).unwrap();
        server.wait(deactivate(&server.app, user, None, &Actor::command_line())).unwrap();
    }
    let page = browser.page("/admin/audit?who=heid&action=deactivated");
    assert_eq!(rows(&page).len(), 2);
    assert!(page.contains("2 users contain “heid”:"), "{page}");
    let one = browser.page(&link_named(&page, "heidrun"));
    assert_eq!(rows(&one).len(), 1, "{one}");
    for n in 0..25 {
        server.add(&format!("many{n}"), |_| ());
    }
    assert!(browser.page("/admin/audit?by=many").contains("More than 20 users contain “many”:"));
}

#[test]
fn every_entry_has_the_hour_in_the_time_zone_of_the_reader() {
    let server = TestServer::with(&[("site.time_zone", "America/New_York")]);
    let browser = server.signed_in("root");
    let moment = "2026-11-22T19:03:05Z";
    server.database().execute(
        "INSERT INTO audit (at, action, actor) VALUES (1795374185000000, 'backed-up', 'command-line')",
    );
    let log = |query: &str| browser.page(&format!("/admin/audit?action=backed-up{query}"));
    let page = log("");
    assert!(page.contains("Times in America/New_York"), "{page}");
    assert!(
        page.contains(&format!(
            "datetime=\"{moment}\">22 Nov 2026, 14:03<span class=\"unseen\"> 2026-11-22 14:03:05 EST<"
        )),
        "{page}"
    );
    assert_eq!(rows(&log("&from=2026-11-22&to=2026-11-22")).len(), 1);

    let form = browser.page("/admin/time-zone?next=%2Fadmin%2Faudit");
    assert!(form.contains("<option>Asia/Tokyo</option>") && form.len() < 50_000, "{}", form.len());
    let chosen = browser.submit("/admin/time-zone", &[("zone", "Asia/Tokyo"), ("next", "/admin/audit")]);
    assert_eq!(chosen.leads_to(), "/admin/audit");
    let page = log("");
    assert!(page.contains("Times in Asia/Tokyo") && page.contains(">23 Nov 2026, 04:03"), "{page}");
    assert!(rows(&log("&to=2026-11-22")).is_empty(), "the day is the reader's, too");
    let german = browser.send(Request::get("/admin/audit?action=backed-up").header("Accept-Language", "de"));
    assert!(german.text().contains(">23. Nov. 2026, 04:03"), "{}", german.text());

    assert_eq!(browser.submit("/admin/time-zone", &[("zone", "Moon/Base"), ("next", "//evil")]).status, 400);
    assert_eq!(browser.submit("/admin/time-zone", &[("zone", ""), ("next", "//evil")]).leads_to(), "/admin/");
    assert!(log("").contains("Times in America/New_York"));
    let utc = TestServer::start();
    assert!(
        utc.signed_in("root").page("/admin/audit").contains("Times in UTC"),
        "UTC is said where none is set"
    );
}

#[test]
fn own_actions_name_the_user_and_exports_name_the_actor() {
    let server = TestServer::start();
    let alice = server.user("alice");
    drop(alice);
    let browser = server.signed_in("root");
    let id = server.find("alice").unwrap().id;
    let page = browser.page("/admin/audit?action=logged-in");
    let of_alice = format!("<a href=\"/admin/users/{id}\">alice</a>");
    assert_eq!(page.matches(&of_alice).count(), 2, "by and to: {page}");
    let json = browser.get("/admin/audit/export.json?action=logged-in&period=today");
    let name = format!("attachment; filename=\"audit-logged-in-today-{}.json\"", today(&server));
    assert_eq!(json.header("Content-Disposition"), Some(name));
    assert_eq!(json.json()[0]["actor_name"], "alice");
}

#[test]
fn a_chip_is_marked_and_an_empty_log_has_one_line() {
    let (_server, browser, _) = furnished();
    let page = browser.page("/admin/audit?kind=failures&period=30-days");
    for (text, is_current) in [("All", false), ("Failures", true), ("30 days", true), ("Any time", false)] {
        let (before, _) = page.split_once(&format!(">{text}</a>")).unwrap();
        assert_eq!(before.ends_with("aria-current=\"true\""), is_current, "{text}");
    }
    let empty = browser.page("/admin/audit?action=trimmed");
    assert!(empty.contains("No matching entries") && !empty.contains("<table"), "{empty}");
}

/// How many entries are new since the page was loaded, as the page asks for it.
fn new_entries(browser: &Browser, page: &str) -> String {
    let at = page.find("data-live=\"").unwrap();
    let path = page[at..].split('"').nth(1).unwrap().replace("&#38;", "&").replace("&amp;", "&");
    browser.get(&path).text()
}

#[test]
fn the_number_of_entries_since_a_list_was_loaded_has_its_filters() {
    let (server, browser, alice) = furnished();
    let [all, failures, of_alice] = ["/admin/audit", "/admin/audit?kind=failures", "/admin/audit?who=alice"]
        .map(|path| browser.page(path));
    let user = browser.page(&format!("/admin/users/{alice}"));
    for page in [&all, &failures, &of_alice, &user] {
        assert_eq!(new_entries(&browser, page), "0");
    }
    server.advance(Duration::from_secs(1));
    server.add("bob", |_| ());
    server.wait(activate(&server.app, alice, &Actor::command_line())).unwrap();
    assert_eq!(new_entries(&browser, &failures), "0");
    assert_eq!(new_entries(&browser, &of_alice), "1");
    assert_eq!(new_entries(&browser, &user), "1");
    assert_ne!(new_entries(&browser, &all), "0");
}

#[test]
fn asking_for_new_entries_does_not_keep_a_session_alive() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let page = browser.page("/admin/audit");
    let idle = server.app.config.admin.session_idle_timeout;
    for _ in 0..4 {
        server.advance(idle / 3);
        new_entries(&browser, &page);
    }
    let path = "/admin/audit/new?since=0";
    assert_eq!(browser.get(path).status, 401);
    assert_eq!(server.anon().get(path).status, 401);
}

#[test]
fn a_moment_that_is_no_number_is_refused() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for query in ["", "since=", "since=yesterday", "since=0&from=2026-13-01"] {
        assert_eq!(browser.get(&format!("/admin/audit/new?{query}")).status, 400, "{query}");
    }
}
