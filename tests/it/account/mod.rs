//! The pages of users about their own account.

mod changes;
mod data;
mod registration;
mod sessions;
mod sign_in;
mod view;

use crate::browser::{Browser, value_of};
use crate::http::Reply;
use crate::server::{TestServer, password_of};

/// The settings of a mail server, which cannot be reached.
const SMTP: &[(&str, &str)] =
    &[("mail.smtp.host", "127.0.0.1"), ("mail.smtp.port", "9"), ("mail.from", "a@example.com")];

/// The cookie of the account pages.
const COOKIE: &str = "doorward_session";

impl TestServer {
    /// A browser in which the user with this name is signed in to the account pages. Creates the user if there is
    /// none.
    fn at_account(&self, name: &str) -> Browser {
        if self.find(name).is_none() {
            self.add(name, |_| ());
        }
        let browser = self.browser();
        assert_eq!(sign_in(&browser, name, &password_of(name)).leads_to(), "/account");
        browser
    }
}

/// Signs in to the account pages.
fn sign_in(browser: &Browser, identifier: &str, password: &str) -> Reply {
    browser.post("/sign-in", &[("username", identifier), ("password", password)])
}

/// Sends a form with the token of the account pages.
fn submit(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
    let token = value_of(&browser.page("/account"), "form_token");
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all)
}
