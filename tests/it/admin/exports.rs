//! Files for administrators: for spreadsheets, and about one person; and what the limits stop.

use serde_json::Value;

use crate::http::Request;
use crate::server::TestServer;

fn exports(server: &TestServer) -> usize {
    server.database().lines("SELECT action AS line FROM audit WHERE action = 'exported'").len()
}

#[test]
fn a_user_agent_with_a_formula_is_none_for_a_reader_of_semicolons_or_tabs() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    for agent in ["Mozilla/5.0;=cmd|'/C calc'!A0", "x\t=1+1", "a; @SUM(A1)"] {
        let body = serde_json::json!({"username": "root", "password": "wrong-guess-1"});
        server.anon().send(Request::post("/api/login/").json(&body).header("User-Agent", agent));
    }
    let text = browser.get("/admin/audit/export.csv").text();
    for written in ["\"Mozilla/5.0;'=cmd|'/C calc'!A0\"", ",x =1+1,", "\"a;' @SUM(A1)\""] {
        assert!(text.contains(written), "{written}: {text}");
    }
    for separator in [';', '\t', ',', '\n'] {
        let is_formula = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@']);
        assert!(!text.split(separator).any(is_formula), "{separator:?}: {text}");
    }
}

#[test]
fn a_file_has_its_filter_and_day_in_the_name_and_the_chosen_columns() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let reply = browser.get("/admin/users/export.csv?login=never&q=&column=email&column=id&column=secret");
    let name = reply.header("Content-Disposition").unwrap();
    let today = &server.app.clock.now().to_rfc3339()[..10];
    assert_eq!(name, format!("attachment; filename=\"users-login-never-{today}.csv\""));
    assert!(reply.text().starts_with("id,email\r\n"), "{}", reply.text());
    let json: Value = browser.get("/admin/users/export.json?column=email").json();
    assert_eq!(json[0], serde_json::json!({"email": "root@example.com"}));
}

#[test]
fn a_byte_order_mark_is_a_setting() {
    for (setting, begins) in [("false", "id,username"), ("true", "\u{feff}id,username")] {
        let server = TestServer::with(&[("admin.csv_bom", setting)]);
        let browser = server.signed_in("root");
        assert!(browser.get("/admin/users/export.csv").text().starts_with(begins));
        assert!(browser.get("/admin/users/export.json").text().starts_with('['));
    }
}

#[test]
fn head_of_an_export_is_no_export() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let root = server.find("root").unwrap().id;
    let data = format!("/admin/users/{root}/data.json");
    let paths = ["/admin/users/export.csv", "/admin/users/export.json", "/admin/audit/export.csv", &data];
    for path in paths {
        let reply = browser.send(Request::head(path));
        assert_eq!((reply.status, reply.body.len()), (200, 0), "{path}");
        assert!(reply.header("Content-Disposition").is_some(), "{path}");
    }
    assert_eq!(exports(&server), 0);
    for path in paths {
        assert_eq!(browser.get(path).status, 200);
    }
    assert_eq!(exports(&server), 4);
}

#[test]
fn everything_about_one_user_is_exported_without_secrets_and_other_persons() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let alice = server.add("alice", |_| ());
    let client = server.log_in("alice");
    let reply = browser.submit(&format!("/admin/users/{alice}/deactivate"), &[("reason", "left")]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    let reply = browser.get(&format!("/admin/users/{alice}/data.json"));
    let data: Value = reply.json();
    assert_eq!(data["account"]["email"], "alice@example.com");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1, "{data}");
    let actions: Vec<&str> =
        data["audit"].as_array().unwrap().iter().filter_map(|row| row["action"].as_str()).collect();
    assert_eq!(actions, ["deactivated", "logged-in", "created"], "{data}");
    let by_root = &data["audit"][0];
    assert!(by_root["actor_id"].is_null() && by_root["address"].is_null() && by_root["detail"] == "left");
    let text = reply.text();
    assert!(!text.contains("bcrypt") && !text.contains("root") && !text.contains(&client.token.unwrap()));
    assert_eq!(server.audit(alice)[0], "exported");
    assert_eq!(browser.get("/admin/users/999/data.json").status, 404);
}

#[test]
fn the_page_of_a_users_data_has_what_the_file_has_in_words() {
    let server = TestServer::start();
    let root = server.signed_in("root");
    let alice = server.add("alice", |_| ());
    let client = server.log_in("alice");
    crate::outbox::reset_key(&server, "alice");
    server.anon().log_in("alice", "wrong-guess-1");
    let file: Value = root.get(&format!("/admin/users/{alice}/data.json")).json();
    assert_eq!(file["links"][0]["purpose"], "reset-password", "{file}");
    assert!(file["limits"].as_array().unwrap().iter().any(|limit| limit["limit"] == "guesses"), "{file}");
    let page = root.page(&format!("/admin/users/{alice}/data"));
    for part in
        ["Data of alice", "alice@example.com", "Open links", "Active limits", "Logged in", "data.json"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(&client.token.unwrap()) && !page.contains("bcrypt"), "{page}");
    assert_eq!(server.audit(alice)[..2], ["exported", "exported"], "the page is an export, too");
    let german =
        root.send(Request::get(&format!("/admin/users/{alice}/data")).header("Accept-Language", "de"));
    assert!(german.text().contains("Daten von alice") && german.text().contains("Angemeldet"));
    assert!(root.page(&format!("/admin/users/{alice}")).contains(&format!("/admin/users/{alice}/data\"")));
    assert_eq!(root.get("/admin/users/999/data").status, 404);
    assert_eq!(server.browser().get(&format!("/admin/users/{alice}/data")).status, 303);
}

#[test]
fn the_command_line_exports_the_same() {
    let server = TestServer::start();
    let alice = server.add("alice", |_| ());
    let place = crate::cli::Place::on(server.database().url());
    let said = place.run(&["user", "export", "alice"]);
    assert_eq!(said.code, 0, "{said:?}");
    let data: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(data["account"]["username"], "alice");
    assert_eq!(server.audit(alice)[0], "exported");
    place.run(&["user", "export", "nobody"]).refused(1, &["no user `nobody`"]);
}

#[test]
fn the_overview_counts_what_the_limits_stop() {
    let settings = [("limits.failed_logins_per_account", "2"), ("limits.failed_logins_per_address", "5")];
    let server = TestServer::with(&settings);
    let browser = server.signed_in("root");
    let stopped = || {
        let page = browser.page("/admin/");
        ["Blocked IP addresses", "Blocked names"].map(|label| {
            let (_, rest) = page.split_once(&format!("<dt>{label}</dt><dd>")).unwrap();
            rest.split('<').next().unwrap().to_owned()
        })
    };
    assert_eq!(stopped(), ["0", "0"]);
    for name in ["a", "a", "b", "b", "c"] {
        server.anon().log_in(name, "wrong-guess-1");
    }
    assert_eq!(stopped(), ["1", "2"]);
}
