//! The list of users, and bulk actions from it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::browser::{Browser, value_of};
use crate::server::TestServer;

/// The usernames on a page of the list, in their order.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<th role=\"rowheader\" scope=\"row\">").skip(1);
    rows.map(|row| row.split(['>', '<']).nth(2).unwrap().to_owned()).collect()
}

fn listed(browser: &Browser, query: &str) -> Vec<String> {
    names(&browser.page(&format!("/admin/users/?{query}")))
}

/// The address of the list after its button whose value begins with `word` was pressed.
fn press(browser: &Browser, page: &str, word: &str) -> Option<String> {
    let form = page.split_once("<form class=\"list-form\"")?.1.split("</form>").next()?;
    let value = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.replace("&#38;", "&"))
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let mut pressed = None;
    for tag in form.split('<').map(|tag| tag.split('>').next().unwrap()) {
        let is_sent = tag.starts_with("input type=\"hidden\"") || tag.ends_with(" checked");
        if is_sent && !tag.contains(" disabled") {
            query.append_pair(&value(tag, " name")?, &value(tag, " value")?);
        }
        let is_button = tag.contains("name=\"go\"") && value(tag, " value")?.starts_with(word);
        pressed = if is_button { value(tag, " value") } else { pressed };
    }
    query.append_pair("go", &pressed?);
    Some(browser.get(&format!("/admin/users/?{}", query.finish())).leads_to())
}

#[test]
fn a_search_matches_parts_of_name_and_email_in_any_letter_case() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add_as("Alice.Liddell", "al@wonder.example", |_| ());
    server.add_as("bob", "Bob.Builder@Site.example", |_| ());
    server.add_as("Żółw", "turtle@sea.example", |_| ());
    for (typed, expected) in [
        ("alice", &["Alice.Liddell"][..]),
        ("LIDD", &["Alice.Liddell"]),
        ("e.lid", &["Alice.Liddell"]),
        ("builder%40site", &["bob"]),
        ("%C5%BB%C3%93%C5%81", &["Żółw"]),
        ("%C3%B3%C5%82w", &["Żółw"]),
        ("al", &["Alice.Liddell"]),
        ("li", &[]),
        ("%22%25_", &[]),
        ("a%00b", &[]),
        ("%20alice%20", &["Alice.Liddell"]),
        ("sea.example", &["Żółw"]),
    ] {
        assert_eq!(listed(&browser, &format!("q={typed}")), expected, "{typed}");
    }
    let nobody = browser.page("/admin/users/?q=nosuchuser");
    assert!(nobody.contains("No matching users") && nobody.contains("0 users"), "{nobody}");
}

#[test]
fn a_search_matches_current_names_only() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let alice = server.add("alice", |_| ());
    let page = browser.page(&format!("/admin/users/{alice}/edit"));
    let all_rows = value_of(&page, "version");
    let fields = [("username", "miriam"), ("email", "m@example.com"), ("version", &all_rows)];
    assert_eq!(browser.submit(&format!("/admin/users/{alice}/edit"), &fields).status, 303);
    assert_eq!(listed(&browser, "q=alice"), [""; 0]);
    assert_eq!(listed(&browser, "q=iria"), ["miriam"]);
    assert_eq!(browser.submit(&format!("/admin/users/{alice}/delete"), &[("name", "miriam")]).status, 303);
    assert_eq!(listed(&browser, "q=iria"), [""; 0]);
}

#[test]
fn filters_combine_and_are_in_the_url() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |account| account.is_email_confirmed = true);
    server.add("berta", |account| account.is_active = false);
    server.add("clara", |account| (account.is_active, account.is_email_confirmed) = (false, true));
    server.log_in("anna");
    for (query, expected) in [
        ("confirmed=yes", &["anna", "clara"][..]),
        ("confirmed=no", &["berta", "root"]),
        ("active=no", &["berta", "clara"]),
        ("active=no&confirmed=yes", &["clara"]),
        ("admin=yes", &["root"]),
        ("login=never", &["berta", "clara"]),
        ("login=before&since=2000-01-01", &["berta", "clara"]),
        ("login=before&since=2999-01-01", &["anna", "berta", "clara", "root"]),
        ("login=before&since=2999-01-01&q=a&admin=no", &["anna"]),
    ] {
        assert_eq!(listed(&browser, query), expected, "{query}");
    }
    let page = browser.page("/admin/users/?active=no&sort=-email");
    assert_eq!(names(&page), ["clara", "berta"]);
    assert!(page.contains("2 users") && page.contains("aria-sort=\"descending\""), "{page}");
}

/// The listed users are exactly those who are counted, exported and affected.
#[test]
fn the_filter_by_creation_is_the_same_in_list_and_export() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    const DAY: i64 = 24 * 3600;
    let now = server.app.clock.now().seconds();
    for (name, age) in [
        ("anna", 3600),
        ("berta", DAY + 60),
        ("clara", 6 * DAY),
        ("dora", 29 * DAY),
        ("emma", 300 * DAY),
        ("freya", 366 * DAY),
    ] {
        let id = server.add(name, |_| ());
        let moment = (now - age) * 1_000_000;
        server.database().execute(&format!("UPDATE users SET created_at = {moment} WHERE id = {id}"));
    }
    for (query, expected) in [
        ("added=day", &["anna", "root"][..]),
        ("added=week", &["anna", "berta", "clara", "root"]),
        ("added=week&sort=-added", &["root", "anna", "berta", "clara"]),
        ("added=month&admin=no", &["anna", "berta", "clara", "dora"]),
        ("added=year&q=xam&admin=no&sort=-username", &["emma", "dora", "clara", "berta", "anna"]),
        ("added=week&q=lar", &["clara"]),
        ("added=month&login=never&active=yes", &["anna", "berta", "clara", "dora"]),
    ] {
        let page = browser.page(&format!("/admin/users/?{query}"));
        let mut listed = names(&page);
        let count = if listed.len() == 1 { "1 user".to_owned() } else { format!("{} users", listed.len()) };
        assert!(page.contains(&format!(">{count}</a> · ")), "{query}: {page}");
        let exported: Value =
            serde_json::from_str(&browser.get(&format!("/admin/users/export.json?{query}")).text()).unwrap();
        let exported: Vec<&str> =
            exported.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
        assert_eq!(exported, listed, "{query}");
        if !query.contains("sort=") {
            listed.sort();
        }
        assert_eq!(listed, expected, "{query}");
        let chosen = browser.page(&format!("/admin/users/chosen?all=1&do=end-sessions&{query}"));
        for name in ["anna", "berta", "clara", "dora", "emma", "freya", "root"] {
            assert_eq!(
                chosen.contains(&format!("<li>{name} (")),
                expected.contains(&name),
                "{query}: {name}"
            );
        }
    }
    let page = browser.page("/admin/users/?added=month");
    assert!(page.contains("<option value=\"month\" selected>in the last 30 days</option>"), "{page}");
}

#[test]
fn every_user_is_on_one_page_in_every_order() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..119 {
        server.add(&format!("user-{:03}", n * 37 % 119), |account| account.is_active = n % 7 != 0);
    }
    let all: BTreeSet<String> = (0..119).map(|n| format!("user-{n:03}")).chain(["root".to_owned()]).collect();
    for sort in ["username", "-username", "email", "-email", "added", "-added", "login", "-login"] {
        let (mut all_rows, mut first) = (Vec::new(), Vec::new());
        let mut path = format!("/admin/users/?sort={sort}");
        let last = loop {
            let page = browser.page(&path);
            assert!(page.len() < 50_000, "{} bytes", page.len());
            first = if first.is_empty() { names(&page) } else { first };
            all_rows.extend(names(&page));
            match press(&browser, &page, "after") {
                Some(next) => path = next,
                None => break page,
            }
        };
        assert_eq!(all_rows.len(), 120, "{sort}");
        assert_eq!(all_rows.iter().cloned().collect::<BTreeSet<_>>(), all, "{sort}");
        let back = browser.page(&press(&browser, &last, "until").unwrap());
        assert_eq!(names(&browser.page(&press(&browser, &back, "until").unwrap())), first, "{sort}");
    }
    assert_eq!(listed(&browser, "active=no&sort=-username").len(), 17);
}

#[test]
fn a_page_has_a_range_and_leads_to_the_first_and_the_last() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..119 {
        server.add(&format!("user-{n:03}"), |_| ());
    }
    let first = browser.page("/admin/users/");
    assert!(first.contains("1–50 of 120") && press(&browser, &first, "first").is_none(), "{first}");
    let second = press(&browser, &first, "after").unwrap();
    assert_eq!(second, "/admin/users/?after=user-048&at=50");
    let second = browser.page(&second);
    assert!(second.contains("51–100 of 120"), "{second}");
    let last = press(&browser, &second, "last").unwrap();
    assert_eq!(last, "/admin/users/?page=last");
    let last = browser.page(&last);
    assert!(last.contains("101–120 of 120") && names(&last)[0] == "user-099", "{last}");
    assert!(press(&browser, &last, "after").is_none());
    assert!(browser.page(&press(&browser, &last, "until").unwrap()).contains("51–100 of 120"));
    assert_eq!(press(&browser, &last, "first").unwrap(), "/admin/users/");
    let large = browser.page("/admin/users/?size=200");
    assert_eq!(names(&large).len(), 120);
    assert_eq!(names(&browser.page("/admin/users/?size=100&page=last")).len(), 20);
}

#[test]
fn ticks_survive_paging_sorting_cancelling_and_opening_a_user() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let ids: Vec<String> = (0..60).map(|n| server.add(&format!("user-{n:02}"), |_| ()).to_string()).collect();
    let (one, two, late) = (&ids[0], &ids[1], &ids[55]);
    // As a browser sends the form after two ticks.
    let ticked = browser.get(&format!("/admin/users/?confirmed=no&id={one}&id={two}&go=after:50:user-48"));
    let second = ticked.leads_to();
    assert_eq!(second, format!("/admin/users/?confirmed=no&after=user-48&at=50&sel={one}.{two}"));
    let page = browser.page(&second);
    assert!(page.contains("<b>2</b> selected"), "{page}");
    assert!(page.contains(&format!("<input type=\"hidden\" name=\"id\" value=\"{one}\">")), "{page}");
    let sorted = press(&browser, &page, "sort:-username").unwrap();
    assert_eq!(sorted, format!("/admin/users/?confirmed=no&sort=-username&sel={one}.{two}"));
    let first = browser.page(&press(&browser, &page, "first").unwrap());
    assert!(first.contains(&format!("value=\"{one}\" aria-label=\"Select user-00\" checked")), "{first}");

    let chosen =
        format!("/admin/users/chosen?do=deactivate&id={one}&id={late}&confirmed=no&after=user-48&at=50");
    let confirm = browser.page(&chosen);
    let cancel =
        format!("href=\"/admin/users/?confirmed=no&#38;after=user-48&#38;at=50&#38;sel={one}.{late}\"");
    assert!(confirm.contains(&cancel), "{confirm}");
    let done = browser.submit(&chosen, &[("selection", &value_of(&confirm, "selection"))]).leads_to();
    assert_eq!(done, "/admin/users/?confirmed=no&after=user-48&at=50", "ticks that were acted on are gone");
}

#[test]
fn a_page_and_all_matching_users_are_selected_by_a_button() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for n in 0..70 {
        server.add(&format!("user-{n:02}"), |_| ());
    }
    let page = browser.page("/admin/users/?admin=no");
    let selected = browser.page(&press(&browser, &page, "page").unwrap());
    let few = browser.page("/admin/users/?q=user-1");
    assert!(few.contains("value=\"page\"") && !few.contains("value=\"all\""), "one page has them all: {few}");
    assert!(selected.contains("<b>50</b> selected"), "{selected}");
    let all = press(&browser, &selected, "all").unwrap();
    assert_eq!(all, "/admin/users/?admin=no&sel=all");
    let page = browser.page(&all);
    assert!(
        page.contains("All matching users selected") && page.contains("name=\"all\" value=\"1\""),
        "{page}"
    );
    assert!(
        browser.page("/admin/users/chosen?do=deactivate&all=1&admin=no").contains("Deactivate 70 users?")
    );
    assert_eq!(press(&browser, &page, "none").unwrap(), "/admin/users/?admin=no");
    let ids: String = (1..=201).map(|id| format!("id={id}&")).collect();
    let kept = browser.get(&format!("/admin/users/?{ids}go=first")).leads_to();
    assert_eq!(kept.split('.').count(), 200);
    assert!(browser.page(&kept).contains("Only the first 200 selected users are kept."));
}

#[test]
fn a_user_page_leads_back_to_the_list_it_was_opened_from_also_after_saving() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let anna = server.add("anna", |_| ());
    let page = browser.page("/admin/users/?q=ann&active=yes");
    let link =
        format!("/admin/users/{anna}?back=%2Fadmin%2Fusers%2F%3Fq%3Dann%26active%3Dyes%26sort%3Dusername");
    assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    let back = "href=\"/admin/users/?q=ann&#38;active=yes&#38;sort=username\"";
    assert!(browser.page(&link).contains(back));
    let form = browser.page(&format!("/admin/users/{anna}/edit"));
    assert!(form.contains(back), "{form}");
    let fields =
        [("username", "anna2"), ("email", "anna@example.com"), ("version", &value_of(&form, "version"))];
    let saved = browser.submit(&format!("/admin/users/{anna}/edit"), &fields).leads_to();
    assert!(browser.page(&saved).contains(back));
    let deleted = browser.submit(&format!("/admin/users/{anna}/delete"), &[("name", "anna2")]).leads_to();
    assert_eq!(deleted, "/admin/users/?q=ann&active=yes&sort=username");
    let elsewhere =
        browser.page(&format!("/admin/users/{}?back=//evil.example/", server.find("root").unwrap().id));
    assert!(!elsewhere.contains("href=\"//evil"), "{elsewhere}");
}

#[test]
fn totals_lead_to_the_users_they_count_and_filters_are_taken_away_one_by_one() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |account| account.is_email_confirmed = true);
    server.add("berta", |account| account.is_active = false);
    let page = browser.page("/admin/users/?active=yes");
    let count = |query: &str, is_current: bool, text: &str| {
        let current = if is_current { " aria-current=\"true\"" } else { "" };
        format!("<a href=\"/admin/users/?{query}\"{current}>{text}</a>")
    };
    let counts = [
        count("active=yes", true, "2 users"),
        count("confirmed=yes&#38;active=yes", false, "1 confirmed"),
        count("active=yes", true, "2 active"),
    ];
    assert!(page.contains(&counts.join(" · ")), "{page}");
    let whole = browser.page("/admin/users/");
    assert!(whole.contains("<a href=\"/admin/users/\" aria-current=\"true\">3 users</a>"), "{whole}");
    let none = browser.page("/admin/users/?active=no&admin=no");
    assert!(none.contains(" · 0 confirmed · ") && none.contains(" · 0 administrators"), "{none}");
    assert!(browser.page("/admin/users/?q=nobody").contains(">0 users<"), "none is a text, too");
    assert!(
        page.contains("<a href=\"/admin/users/?active=yes&#38;login=never\">1 never logged in</a>"),
        "{page}"
    );
    let page = browser.page("/admin/users/?q=a&active=yes&login=before&since=2999-01-01");
    for (text, path) in [
        ("“a”", "/admin/users/?active=yes&#38;login=before&#38;since=2999-01-01"),
        ("Active: yes", "/admin/users/?q=a&#38;login=before&#38;since=2999-01-01"),
        ("Last login before 2999-01-01", "/admin/users/?q=a&#38;active=yes"),
    ] {
        let chip = format!("<a href=\"{path}\" aria-label=\"Remove filter: ");
        assert!(page.contains(&chip) && page.contains(&format!("{text} ×")), "{text}: {page}");
    }
}

#[test]
fn an_address_has_no_empty_parameters() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (typed, address) in [
        ("q=&confirmed=&active=&admin=&login=&since=&added=day", "/admin/users/?added=day"),
        (
            "q=anna&confirmed=&active=no&login=never&since=2026-01-01",
            "/admin/users/?q=anna&active=no&login=never",
        ),
        ("col=&col=email&col=id&size=100", "/admin/users/?size=100&cols=id.email"),
        ("q=", "/admin/users/"),
    ] {
        assert_eq!(browser.get(&format!("/admin/users/?{typed}")).leads_to(), address, "{typed}");
    }
    let page = browser.page("/admin/users/?cols=id.email");
    assert!(page.contains("data-label=\"ID\"") && !page.contains("data-label=\"Created\""), "{page}");
}

#[test]
fn views_are_saved_for_one_administrator_and_deleted() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let save = |name: &str, query: &str| {
        browser.submit("/admin/users/views", &[("name", name), ("query", query)]).leads_to()
    };
    let list = save("Spam today", "added=day&login=never&sort=-added&after=1.1&sel=7&cols=email");
    assert_eq!(list, "/admin/users/?login=never&added=day&sort=-added&cols=email");
    let page = browser.page(&list);
    let link =
        "<a href=\"/admin/users/?login=never&#38;added=day&#38;sort=-added&#38;cols=email\">Spam today</a>";
    assert!(page.contains("View “Spam today” saved.") && page.contains(link), "{page}");
    let path = save("", "q=a");
    assert!(browser.page(&path).contains("The view was not saved. Its name needs"));
    assert!(
        !server.signed_in("grace").page("/admin/users/").contains("Spam today</a>"),
        "they are one’s own"
    );
    save("Spam today", "q=x");
    assert!(browser.page("/admin/users/").contains("<a href=\"/admin/users/?q=x\">Spam today</a>"));
    for number in 0..19 {
        save(&format!("View {number}"), "q=x");
    }
    let path = save("One more", "q=x");
    assert!(browser.page(&path).contains("You have 20 views: delete one first."));
    let path = browser.submit("/admin/users/views/delete", &[("name", "Spam today")]).leads_to();
    assert!(browser.page(&path).contains("View “Spam today” deleted."));
    assert!(!browser.page("/admin/users/").contains("Spam today</a>"));
}

#[test]
fn a_view_that_a_page_saves_keeps_every_filter() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for path in [
        "/admin/users/?login=never",
        "/admin/users/?q=promo",
        "/admin/users/?confirmed=no&active=yes&cols=email",
        "/admin/users/",
    ] {
        let query = value_of(&browser.page(path), "query").replace("&#38;", "&");
        let fields = [("name", "View"), ("query", query.as_str())];
        assert_eq!(browser.submit("/admin/users/views", &fields).leads_to(), path);
        assert_eq!(browser.submit("/admin/users/views/delete", &fields).leads_to(), path);
    }
}

#[test]
fn an_open_invitation_and_an_id_are_reported_beside_the_matches() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let anna = server.add("anna", |_| ());
    for name in ["one", "two"] {
        server.add(&format!("{anna}{name}"), |_| ());
    }
    let email = doorward::testing::types::Email::parse("clara@new.example").unwrap();
    let by = doorward::testing::accounts::Actor::command_line();
    server.wait(doorward::testing::accounts::invite(&server.app, email, None, &by)).unwrap();
    let page = browser.page("/admin/users/?q=clara");
    assert!(page.contains("1 open invitation matches") && page.contains("No matching users"), "{page}");
    let page = browser.page(&format!("/admin/users/?q={anna}"));
    assert!(page.contains(&format!("User with ID {anna}: anna")), "{page}");
}

#[test]
fn an_invalid_filter_has_an_error_and_neither_list_export_nor_bulk_action() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |_| ());
    for (query, field, text) in [
        ("login=since", "login", "Invalid value."),
        ("login=before", "since", "Enter a date."),
        ("login=before&since=2026-02-31", "since", "Invalid date."),
        ("since=2026-02-28", "login", "Also select “before a day”"),
        ("confirmed=maybe", "confirmed", "Invalid value."),
        ("active=1", "active", "Invalid value."),
        ("admin=1", "admin", "Invalid value."),
        ("added=hour", "added", "Invalid value."),
    ] {
        let page = browser.page(&format!("/admin/users/?{query}"));
        assert!(names(&page).is_empty() && !page.contains("export.csv"), "{query}: {page}");
        let error = page.split_once(&format!("id=\"{field}-error\"")).unwrap().1;
        assert!(error.split("</div>").next().unwrap().contains(text), "{query}: {page}");
        assert!(
            page.contains(&format!("aria-invalid=\"true\" aria-describedby=\"{field}-error\"")),
            "{page}"
        );
        for path in
            ["/admin/users/export.csv?", "/admin/users/export.json?", "/admin/users/chosen?all=1&do=delete&"]
        {
            let reply = browser.get(&format!("{path}{query}"));
            assert_eq!(reply.status, 400, "{path}{query}");
            assert!(!reply.text().contains("anna"), "{path}{query}");
        }
    }
}

#[test]
fn a_bulk_action_lists_the_affected_users_and_acts() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let ids: Vec<String> =
        ["anna", "berta", "clara"].iter().map(|name| server.add(name, |_| ()).to_string()).collect();
    let path = |action: &str| format!("/admin/users/chosen?do={action}&id={}&id={}&id=999", ids[0], ids[1]);
    let page = browser.page(&path("deactivate"));
    assert!(page.contains("Deactivate 2 users?"), "{page}");
    assert!(page.contains("anna (anna@example.com)") && page.contains("berta") && !page.contains("clara"));
    let selection = value_of(&page, "selection");
    let list = browser.submit(&path("deactivate"), &[("selection", &selection), ("count", "2")]).leads_to();
    assert!(browser.page(&list).contains("2 users deactivated."));
    assert!(!browser.page(&list).contains("2 users deactivated."), "said once");
    assert_eq!(listed(&browser, "active=no"), ["anna", "berta"]);
    let anna = server.find("anna").unwrap().id;
    assert_eq!(server.audit(anna), ["deactivated", "created"]);
    for (action, name) in [("activate", "anna"), ("confirm", "berta"), ("delete", "anna")] {
        let selection = value_of(&browser.page(&path(action)), "selection");
        let fields = [("selection", selection.as_str()), ("count", "2")];
        assert_eq!(browser.submit(&path(action), &fields).status, 303, "{action} {name}");
    }
    assert_eq!(listed(&browser, ""), ["clara", "root"]);
    assert!(browser.page("/admin/users/chosen?do=delete").contains("No users selected"));
    assert_eq!(browser.get("/admin/users/chosen?do=explode&id=1").status, 404);
}

#[test]
fn a_selection_that_changed_in_the_meantime_is_confirmed_again() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna-xyz", |_| ());
    let path = "/admin/users/chosen?do=delete&all=1&q=-xyz";
    let page = browser.page(path);
    assert!(page.contains("Permanently delete 1 user?"), "{page}");
    server.add("berta-xyz", |_| ());
    let selection = value_of(&page, "selection");
    let reply = browser.submit(path, &[("selection", &selection)]);
    assert_eq!(reply.status, 422);
    let text = reply.text();
    assert!(text.contains("The matching users have changed") && text.contains("berta-xyz"), "{text}");
    assert_eq!(listed(&browser, "q=-xyz").len(), 2);
    let selection = value_of(&text, "selection");
    assert_eq!(browser.submit(path, &[("selection", &selection), ("count", "2")]).status, 303);
    assert_eq!(listed(&browser, "").len(), 1);
}

#[test]
fn deleting_all_users_keeps_the_last_administrator() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add("anna", |_| ());
    let path = "/admin/users/chosen?do=delete&all=1";
    let selection = value_of(&browser.page(path), "selection");
    let list = browser.submit(path, &[("selection", &selection), ("count", "1")]);
    assert!(browser.page(&list.leads_to()).contains("1 user deleted."));
    assert_eq!(listed(&browser, ""), ["root"]);
}

#[test]
fn a_list_is_exported_without_formulas() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    server.add_as("+cmd", "a@example.com", |_| ());
    server.add("berta", |account| account.is_active = false);
    let csv = browser.get("/admin/users/export.csv?sort=email");
    assert_eq!(csv.header("Content-Type").as_deref(), Some("text/csv; charset=utf-8"));
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("id,username,email,"), "{text}");
    assert!(lines[1].contains(",'+cmd,a@example.com,false,true,false,"), "{text}");
    let json: Value = browser.get("/admin/users/export.json?active=no").json();
    assert_eq!(json.as_array().unwrap().len(), 1);
    assert_eq!(json[0]["username"], "berta");
    assert!(!browser.get("/admin/users/export.json").text().contains("bcrypt"));
    assert_eq!(browser.get("/admin/users/export.json?q=nosuchuser").json(), Value::Array(Vec::new()));
}

#[test]
fn many_users_are_counted_up_to_a_limit_or_exactly_on_request() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for number in 0..60 {
        server.add(&format!("anna{number:02}"), |_| ());
    }
    server.add("hannah", |_| ());
    server.add("zoe", |_| ());
    let said = |query: &str| browser.page(&format!("/admin/users/?{query}"));
    assert!(said("q=anna").contains("61 users"), "all are counted as long as there are few");
    // Ids only increase, so a high id means that there were many users.
    server.database().execute("UPDATE users SET id = 20000 WHERE username = 'zoe'");
    let page = said("q=anna");
    assert!(page.contains("At least 60 users") && page.contains("Show exact count"), "{page}");
    assert!(said("q=anna&count=1").contains("61 users"));
    assert!(said("q=anna&confirmed=no").contains("61 users"), "the index of the names knows no more");
    assert!(said("q=hanna").contains(">1 user</a> · "), "a page that holds all counts them itself");
}

#[test]
fn a_page_without_rows_redirects_to_the_first_page() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for (page, beginning) in [
        ("/admin/users/?q=r&sort=username&after=zzz", "/admin/users/?q=r&sort=username"),
        ("/admin/users/?sort=-added&after=1.1", "/admin/users/?sort=-added"),
        ("/admin/users/?until=a", "/admin/users/"),
        ("/admin/audit?action=signed-in&after=1.1", "/admin/audit?action=signed-in"),
        ("/admin/mail?state=sent&before=1", "/admin/mail?state=sent"),
    ] {
        assert_eq!(browser.get(page).leads_to(), beginning, "{page}");
    }
}

#[test]
fn a_search_and_a_filter_keep_the_sort_order() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert_eq!(value_of(&browser.page("/admin/users/?sort=-added"), "sort"), "-added");
    assert!(!browser.page("/admin/users/").contains("name=\"sort\""));
}
