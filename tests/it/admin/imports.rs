//! The pages about imports, for an administrator who has no shell.

use crate::cli::Place;
use crate::server::TestServer;

const CSV: &[u8] = b"id,username,email,password,last_login,is_active\n101,ann,ann@example.com,x,,1\n\
                     102,ben,ANN@example.com,secret-hash,,1\n103,cleo,c@example.com,x,,maybe\n";

#[test]
fn an_import_is_listed_with_its_counts_and_the_rows_that_it_left_out() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    assert!(browser.page("/admin/users/imports").contains("No imports yet."));
    let place = Place::on(server.database().url());
    assert_eq!(place.pipe(CSV, &["import", "django", "-", "--yes"]).code, 1);

    let list = browser.page("/admin/users/imports");
    assert!(list.contains("#1 standard input") && list.contains("Done"), "{list}");
    let page = browser.page("/admin/users/imports/1");
    for text in
        ["Rows read", "another user has this email address", "`is_active` is neither true nor false", "102"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains("table = &#34;users&#34;"), "the mapping: {page}");
    assert!(!page.contains("secret-hash"), "{page}");
    assert_eq!(browser.get("/admin/users/imports/2").status, 404);
    assert!(browser.page("/admin/users/").contains("/admin/users/imports"), "the list of users leads there");
    assert!(browser.page("/admin/audit").contains("Imported from another login server"));
}

#[test]
fn an_import_that_was_killed_is_interrupted_after_a_while() {
    let server = TestServer::start();
    let browser = server.signed_in("root");
    let place = Place::on(server.database().url());
    assert_eq!(place.pipe(CSV, &["import", "django", "-", "--yes"]).code, 1);
    server.database().execute("UPDATE imports SET state = 'running', ended_at = NULL");
    assert!(browser.page("/admin/users/imports/1").contains("Running"));
    server.advance(std::time::Duration::from_secs(300));
    assert!(browser.page("/admin/users/imports/1").contains("Interrupted"));
}
