//! Users of another server in the admin: their ids, groups and attributes, and those without an email address.

use std::collections::BTreeSet;

use doorward::testing::store::users::ImportedUser;
use doorward::testing::types::Attributes;
use serde_json::{Value, json};

use crate::browser::{Browser, value_of};
use crate::imported::{import, user};
use crate::server::TestServer;

const ID: &str = "d9b2d63d-a233-4123-847a-7090a7a2a0a1";

/// `ann`, with [`ID`], attributes, groups, and a name and no email address that today's rules would refuse.
fn add_ann(server: &TestServer) -> i64 {
    let attributes = json!({"first_name": "Ann-Kathrin", "credits": 1.5});
    let ann = ImportedUser {
        attributes: Attributes::from(attributes.as_object().unwrap().clone()),
        groups: vec!["Editors".to_owned(), "Paris, France".to_owned()],
        ..user(server, ID, "ann of old", "")
    };
    import(server, vec![ann])[0].unwrap().get()
}

fn groups(server: &TestServer, id: i64) -> Vec<String> {
    server.database().lines(&format!(
        "SELECT name AS line FROM groups JOIN user_groups ON group_id = groups.id WHERE user_id = {id} ORDER BY name"
    ))
}

/// Submits the edit form with the version and the values that it displayed, but for `changed`.
fn edit(browser: &Browser, id: i64, changed: &[(&str, &str)]) -> (u16, String) {
    let path = format!("/admin/users/{id}/edit");
    let page = browser.page(&path);
    submit(browser, id, &page, changed)
}

fn submit(browser: &Browser, id: i64, page: &str, changed: &[(&str, &str)]) -> (u16, String) {
    let path = format!("/admin/users/{id}/edit");
    let was = ["username", "email", "groups"].map(|name| (name, value_of(page, &format!("was_{name}"))));
    let hidden =
        ["version", "was_username", "was_email", "was_groups"].map(|name| (name, value_of(page, name)));
    let mut fields: Vec<(&str, String)> = was.into_iter().chain(hidden).collect();
    for (name, value) in changed {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = browser.submit(&path, &fields);
    (reply.status, reply.text())
}

#[test]
fn the_page_shows_id_groups_and_attributes_and_offers_no_mail_without_an_address() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = add_ann(&server);
    let page = browser.user_page(id);
    for text in [ID, "no email address", "Editors, Paris, France", "first_name", "Ann-Kathrin", "1.5"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(
        !page.contains("send-reset") && !page.contains("send-confirmation") && !page.contains("data-copies")
    );
    assert!(page.contains("reset-link") && page.contains("/confirm\""), "{page}");

    for action in ["send-reset", "send-confirmation"] {
        let path = format!("/admin/users/{id}/{action}");
        assert_eq!(browser.submit(&path, &[("address", "")]).status, 303, "{action}");
    }
    assert_eq!(crate::outbox::count(&server), 0, "no email to nowhere");
    let link =
        browser.submit(&format!("/admin/users/{id}/reset-link"), &[("version", &value_of(&page, "version"))]);
    assert_eq!(link.status, 200, "{}", link.text());

    let data: Value = browser.get(&format!("/admin/users/{id}/data.json")).json();
    assert_eq!(
        (&data["account"]["id"], &data["account"]["groups"]),
        (&json!(ID), &json!(["Editors", "Paris, France"]))
    );
    assert_eq!(data["account"]["attributes"]["first_name"], "Ann-Kathrin");
    let shown = browser.page(&format!("/admin/users/{id}/data"));
    assert!(shown.contains("Ann-Kathrin") && shown.contains("Editors, Paris, France"), "{shown}");
    assert_eq!(browser.get(&format!("/admin/users/{id}?language=de")).status, 303);
    assert!(browser.user_page(id).contains("keine E-Mail-Adresse"));
}

#[test]
fn groups_are_given_and_taken_with_an_audit_entry_and_nothing_else_changes() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = add_ann(&server);
    assert_eq!(edit(&browser, id, &[]).0, 303, "an imported name and a blank address stay as they are");
    assert!(!server.audit(doorward::testing::types::UserId::new(id)).contains(&"groups-changed".to_owned()));

    assert_eq!(edit(&browser, id, &[("groups", "Paris, France, Night shift")]).0, 303);
    assert_eq!(groups(&server, id), ["Night shift", "Paris, France"]);
    let page = browser.user_page(id);
    assert!(page.contains("Editors, Paris, France → Night shift, Paris, France"), "{page}");

    let (status, text) = edit(&browser, id, &[("groups", &"x".repeat(151))]);
    assert!(status == 422 && text.contains("can’t be the name of a group"), "{status} {text}");
    assert_eq!(edit(&browser, id, &[("groups", "")]).0, 303);
    assert!(groups(&server, id).is_empty());
    assert_eq!(server.find("ann of old").unwrap().email.as_str(), "");

    assert_eq!(edit(&browser, id, &[("email", "ann@example.com")]).0, 303, "an address can be added");
    assert_eq!(edit(&browser, id, &[("email", "")]).0, 422, "and is then kept");
    assert_eq!(edit(&browser, id, &[("username", "still bad!")]).0, 422);
    assert_eq!(browser.get("/admin/audit/?language=de").status, 303);
    assert!(browser.page("/admin/audit/").contains("Gruppen geändert"));
}

#[test]
fn a_first_address_is_reported_without_an_empty_one_before() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = add_ann(&server);
    let first = one.page(&format!("/admin/users/{id}/edit"));
    server.advance(std::time::Duration::from_secs(1));
    assert_eq!(edit(&other, id, &[("email", "ann@example.com")]).0, 303);
    let page = other.user_page(id);
    assert!(page.contains("– → ann@example.com"), "{page}");
    let (status, said) = submit(&one, id, &first, &[("username", "ann")]);
    assert!(status == 409 || status == 422, "{status}");
    assert!(said.contains("other entered an email address just now."), "{said}");
}

#[test]
fn a_current_value_that_is_blank_is_a_dash() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = add_ann(&server);
    let first = one.page(&format!("/admin/users/{id}/edit"));
    assert_eq!(edit(&other, id, &[("groups", "")]).0, 303);
    let (_, said) = submit(&one, id, &first, &[("groups", "Night shift")]);
    assert!(said.contains("Current value: –"), "{said}");
}

#[test]
fn of_two_changes_of_groups_at_once_the_second_sees_the_first() {
    let server = TestServer::start();
    let (one, other) = (server.signed_in("one"), server.signed_in("other"));
    let id = add_ann(&server);
    let first = one.page(&format!("/admin/users/{id}/edit"));
    assert_eq!(edit(&other, id, &[("groups", "Editors")]).0, 303);
    let (status, text) = submit(&one, id, &first, &[("groups", "Night shift")]);
    assert!(status == 409 || status == 422, "{status}");
    assert!(text.contains("Current value: Editors") && text.contains("value=\"Night shift\""), "{text}");
    assert_eq!(groups(&server, id), ["Editors"]);
}

#[test]
fn a_pasted_id_finds_the_user_in_every_search_and_files_have_it() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let id = add_ann(&server);
    let link = format!("/admin/users/{id}");
    for typed in [ID, &ID.to_uppercase(), &format!("%20{ID}%20")] {
        assert!(browser.page(&format!("/admin/users/?q={typed}")).contains(&link), "{typed}");
        assert!(browser.page(&format!("/admin/search?q={typed}")).contains(&link), "{typed}");
        let found: Value = browser.get(&format!("/admin/users/export.json?q={typed}")).json();
        assert_eq!(found.as_array().unwrap().len(), 1, "{typed}: {found}");
    }
    assert!(!browser.page("/admin/users/?q=d9b2d63d-a233-4123-847a-7090a7a2a0a2").contains(&link));
    let found: Value = browser.get(&format!("/admin/users/export.json?q={ID}")).json();
    assert_eq!((&found[0]["id"], &found[0]["groups"][0]), (&json!(ID), &json!("Editors")));
    assert_eq!(found[0]["attributes"]["credits"], 1.5);
    let csv = browser.get(&format!("/admin/users/export.csv?q={ID}&column=id&column=groups")).text();
    assert_eq!(csv, format!("id,groups\r\n{ID},\"Editors, Paris, France\"\r\n"));
}

#[test]
fn a_list_in_the_order_of_addresses_has_each_user_without_one_exactly_once() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let pattern = user(&server, "x", "x", "");
    let new: Vec<ImportedUser> = (0..320)
        .map(|number| {
            let email = if number % 8 == 0 { format!("user{number}@example.com") } else { String::new() };
            ImportedUser {
                id: doorward::testing::types::PublicId::text(format!("id-{number}")).unwrap(),
                username: doorward::testing::types::Username::from_stored(format!("user{number}")),
                email: doorward::testing::types::Email::from_stored(email),
                ..pattern.clone()
            }
        })
        .collect();
    assert!(import(&server, new).iter().all(Result::is_ok));
    for sort in ["email", "-email"] {
        let (mut path, mut names) = (format!("/admin/users/?sort={sort}&size=50"), Vec::new());
        loop {
            let page = browser.page(&path);
            let rows = page.split("<th role=\"rowheader\"").skip(1).map(|row| {
                let name = row.split("</a>").next().unwrap().rsplit('>').next().unwrap();
                name.to_owned()
            });
            names.extend(rows);
            let Some((_, rest)) = page.split_once("value=\"after:") else { break };
            let button = format!("after:{}", rest.split('"').next().unwrap());
            let fields = [("sort", sort), ("size", "50"), ("go", button.as_str())];
            let reply = browser.get(&query("/admin/users/", &fields));
            path = if reply.status == 303 { reply.leads_to() } else { panic!("{}", reply.status) };
        }
        let different: BTreeSet<&String> = names.iter().collect();
        assert_eq!((names.len(), different.len()), (322, 322), "{sort}: each user once");
    }
}

/// A path with these parameters.
fn query(path: &str, fields: &[(&str, &str)]) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

#[test]
fn the_page_of_groups_leads_to_the_users_of_each() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/users/groups").contains("No groups yet."));
    let members = |number: i64| {
        let user =
            user(&server, &number.to_string(), &format!("member{number}"), &format!("m{number}@example.com"));
        let groups = match number % 2 {
            0 => vec!["editors".to_owned(), "Night <shift>".to_owned()],
            _ => vec!["editors".to_owned()],
        };
        ImportedUser { groups, is_active: number != 101, ..user }
    };
    assert!(import(&server, (100..106).map(members).collect()).iter().all(Result::is_ok));
    assert!(browser.page("/admin/users/").contains("href=\"/admin/users/groups\""));
    let page = browser.page("/admin/users/groups");
    let link = |name: &str, users: &str| {
        let text = format!(">{users}<span class=\"unseen\">: {name}</span>");
        let (before, _) = page.split_once(&text).unwrap_or_else(|| panic!("{text}: {page}"));
        before.rsplit_once("href=\"").unwrap().1.trim_end_matches('"').to_owned()
    };
    assert!(page.find("editors").unwrap() < page.find("Night").unwrap(), "in the order of names");
    let (editors, shift) = (link("editors", "6 users"), link("Night &#60;shift&#62;", "3 users"));
    let shown = browser.page(&shift);
    assert!(shown.contains("Group: Night &#60;shift&#62;"), "{shown}");
    assert!(shown.contains("member104") && !shown.contains("member103"), "{shown}");
    let inactive = browser.page(&format!("{editors}&active=no"));
    assert!(inactive.contains("member101") && !inactive.contains("member100"), "{inactive}");
    let searched = browser.page(&format!("{shift}&q=member10"));
    assert!(searched.contains("member102") && !searched.contains("member101"), "{searched}");
    assert!(searched.contains("name=\"group\""), "the form of the search keeps the group");
    let exported = browser.get(&shift.replace("/admin/users/?", "/admin/users/export.json?")).text();
    assert_eq!(exported.matches("member10").count(), 3, "{exported}");
    assert!(browser.page("/admin/users/?group=999").contains("0 users"));
    assert_eq!(browser.get("/admin/users/groups?language=de").status, 303);
    let page = browser.page("/admin/users/groups");
    assert!(page.contains("3 Benutzer") && page.contains("Gruppen"), "{page}");
}

#[test]
fn groups_are_listed_in_pages() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let groups: Vec<String> = (1000..1250).map(|number| format!("group{number}")).collect();
    let one = ImportedUser { groups, ..user(&server, "200", "many", "many@example.com") };
    assert!(import(&server, vec![one])[0].is_ok());
    let first = browser.page("/admin/users/groups");
    assert!(first.contains("group1199") && !first.contains("group1200") && !first.contains("First page"));
    let next = first.rsplit_once("href=\"/admin/users/groups?after=").unwrap().1.split('"').next().unwrap();
    let second = browser.page(&format!("/admin/users/groups?after={next}"));
    assert!(second.contains("group1200") && second.contains("group1249") && !second.contains("group1199"));
    assert!(second.contains("First page") && !second.contains("groups?after="), "{second}");
}
