//! A browser for tests of the admin: it stores cookies and sends forms with the token of the page. It does not
//! follow redirects.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use crate::http::{Reply, Request, send};
use crate::server::{TestServer, password_of};

/// A browser with its cookies.
pub(crate) struct Browser {
    address: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl TestServer {
    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser { address: self.address, cookies: Mutex::default() }
    }

    /// A browser in which the administrator with this name is signed in. Creates the administrator if there is
    /// none.
    pub(crate) fn signed_in(&self, name: &str) -> Browser {
        if self.find(name).is_none() {
            self.add(name, |account| account.is_admin = true);
        }
        let browser = self.browser();
        let reply = browser.sign_in(name, &password_of(name));
        assert_eq!(reply.status, 303, "{}", reply.text());
        browser
    }
}

impl Browser {
    pub(crate) fn send(&self, mut request: Request) -> Reply {
        for (name, value) in self.cookies.lock().unwrap().iter() {
            request = request.cookie(name, value);
        }
        let reply = send(self.address, &request).unwrap();
        for (name, cookie) in reply.cookies() {
            let is_removed = cookie.attributes.get("max-age").is_some_and(|age| age.as_deref() == Some("0"));
            let mut cookies = self.cookies.lock().unwrap();
            if is_removed {
                cookies.remove(&name);
            } else {
                cookies.insert(name, cookie.value);
            }
        }
        reply
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path))
    }

    /// The text of a page that is answered with 200.
    pub(crate) fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// The page of a user, all its tabs one after the other.
    pub(crate) fn user_page(&self, id: impl std::fmt::Display) -> String {
        ["", "?tab=sessions", "?tab=activity", "?tab=emails"]
            .map(|tab| self.page(&format!("/admin/users/{id}{tab}")))
            .concat()
    }

    /// Sends a form without a token.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(Request::post(path).form(fields))
    }

    /// Sends a form with the token of this session.
    pub(crate) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.form_token();
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all)
    }

    /// The token of the forms of this session.
    pub(crate) fn form_token(&self) -> String {
        value_of(&self.page("/admin/prove"), "form_token")
    }

    pub(crate) fn sign_in(&self, identifier: &str, password: &str) -> Reply {
        self.post("/admin/sign-in", &[("username", identifier), ("password", password)])
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }
}

impl Reply {
    /// The target of the redirect.
    pub(crate) fn leads_to(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("Location").unwrap()
    }
}

/// The value of the first hidden field with this name.
pub(crate) fn value_of(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}
