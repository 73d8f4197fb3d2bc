//! A form that waits until the user has signed in or re-authenticated. The page that asks for the password
//! carries its fields as hidden fields, so that nothing has to be typed twice. Passwords are left out.

use askama::Template;

use crate::texts::Lang;
use crate::web::session::return_to::ReturnTo;
use crate::web::{FORM_TOKEN, NEW_PASSWORD, OLD_PASSWORD, Page, PageForm, abbreviate, size_in_page};

/// The field of the password that re-authenticates. The form may have a field `password` of its own.
pub(crate) const REAUTHENTICATION: &str = "reauthentication";

/// The field that says that the form had a new password, which was left out.
pub(crate) const RETYPE: &str = "retype";

/// Begins the names of the fields on the sign-in page, which has fields of its own.
const PREFIX: &str = "pending.";

/// How large the form may be on the sign-in page, in bytes of the page. That page's form is read from clients
/// without a session, which may send less.
const MAX_AT_SIGN_IN: usize = 20_000;

/// How large the form may be on any other page, in bytes of the page.
const MAX_ON_PAGE: usize = 35_000;

/// A form that waits.
pub(crate) struct PendingForm {
    /// Where it goes.
    pub action: ReturnTo,
    /// Name and value of its fields.
    pub fields: Vec<(String, String)>,
    /// Whether a new password has to be typed again.
    pub lost_passwords: bool,
}

#[derive(Template)]
#[template(path = "web/session/pending_form.html")]
pub(crate) struct PendingFormPage {
    t: Lang,
    form_token: String,
    pending: PendingForm,
    /// The typed values, cut to a line each.
    typed: Vec<String>,
}

impl PendingForm {
    /// The fields of a form, without tokens and passwords.
    pub(crate) fn new(form: &PageForm, action: ReturnTo) -> Self {
        let is_secret = |name: &str| NEW_PASSWORD.contains(&name) || name == OLD_PASSWORD;
        let is_carried =
            |name: &str| !is_secret(name) && ![FORM_TOKEN, REAUTHENTICATION, RETYPE].contains(&name);
        let fields = form.fields().filter(|(name, _)| is_carried(name));
        let mut fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let lost_passwords = form.has(RETYPE) || form.fields().any(|(name, _)| is_secret(name));
        if lost_passwords {
            fields.push((RETYPE.to_owned(), "1".to_owned()));
        }
        Self { action, fields, lost_passwords }
    }

    /// The page that sends the form after signing in. It displays the values of the fields in `displayed`.
    pub(crate) fn page(self, t: Lang, form_token: String, displayed: &[&str]) -> Page<PendingFormPage> {
        let typed = self.typed(displayed);
        Page::new(PendingFormPage { t, form_token, pending: self, typed })
    }

    /// The values of the fields in `displayed`, without the empty ones.
    fn typed(&self, displayed: &[&str]) -> Vec<String> {
        let is_shown =
            |(name, value): &&(String, String)| displayed.contains(&name.as_str()) && !value.is_empty();
        self.fields.iter().filter(is_shown).map(|(_, value)| abbreviate(value, 200)).collect()
    }

    /// Whether the sign-in page can carry the form. An empty form is not worth it.
    pub(crate) fn fits_sign_in(&self) -> bool {
        (1..=MAX_AT_SIGN_IN).contains(&self.size())
    }

    /// Whether a page for a signed-in user can carry the form.
    pub(crate) fn fits_page(&self) -> bool {
        self.size() <= MAX_ON_PAGE
    }

    fn size(&self) -> usize {
        self.fields.iter().map(|(name, value)| size_in_page(name) + size_in_page(value)).sum()
    }

    /// The fields as hidden fields of the sign-in page.
    pub(crate) fn sign_in_fields(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|(name, value)| (format!("{PREFIX}{name}"), value.clone())).collect()
    }

    /// The form that the sign-in page's form carries; `None` if it carries none.
    pub(crate) fn from_sign_in(form: &PageForm, action: ReturnTo) -> Option<Self> {
        let fields = form.fields().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value)));
        let pending = Self::new(&fields.collect(), action);
        pending.fits_sign_in().then_some(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> PageForm {
        fields.iter().copied().collect()
    }

    fn action() -> ReturnTo {
        ReturnTo::parse("/area/add", "/area/")
    }

    #[test]
    fn all_fields_but_passwords_and_tokens_come_back_from_the_sign_in_page() {
        let sent = [
            ("name", "alice"),
            ("password", "x"),
            ("password_again", "x"),
            ("form_token", "t"),
            ("reauthentication", "y"),
        ];
        let pending = PendingForm::new(&form(&sent), action());
        let hidden = pending.sign_in_fields();
        let page: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(page, [("pending.name", "alice"), ("pending.retype", "1")]);
        let again = PendingForm::from_sign_in(&form(&page), pending.action).unwrap();
        assert!(again.lost_passwords);
        assert_eq!(
            again.fields,
            [("name", "alice"), ("retype", "1")].map(|(n, v)| (n.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn the_page_displays_the_chosen_fields_that_have_a_value() {
        let sent = [("name", "alice"), ("reason", ""), ("version", "7")];
        let pending = PendingForm::new(&form(&sent), action());
        assert_eq!(pending.typed(&["name", "reason"]), ["alice"]);
    }

    #[test]
    fn the_sign_in_page_carries_neither_an_empty_form_nor_one_that_is_too_large() {
        let fits = |value: &str| PendingForm::new(&form(&[("a", value)]), action()).fits_sign_in();
        assert!(!PendingForm::new(&form(&[("form_token", "t")]), action()).fits_sign_in());
        assert!(fits(&"x".repeat(MAX_AT_SIGN_IN - 1)) && !fits(&"x".repeat(MAX_AT_SIGN_IN)));
        assert!(!fits(&"&".repeat(MAX_AT_SIGN_IN / 2)), "escaped, it is longer");
        let sign_in = form(&[("username", "root"), ("next", "/area/")]);
        assert!(PendingForm::from_sign_in(&sign_in, action()).is_none());
    }
}
