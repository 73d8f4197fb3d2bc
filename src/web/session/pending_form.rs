//! What a form said that cannot be done yet, because a password comes first: carried by the page that
//! asks for it, in hidden fields, so that nobody types it twice. Passwords are never among it.

use crate::web::session::guard::FORM_TOKEN;
use crate::web::session::return_to::ReturnTo;
use crate::web::{NEW_PASSWORD, PageForm, abbreviate, size};

/// The field of the password that a step-up asks for, in a form that has other fields, of which one may
/// be a password, too.
pub(crate) const PROOF: &str = "proof";

/// The field that tells that a password was typed and is not kept.
pub(crate) const RETYPE: &str = "retype";

/// What a field is called in the form of the sign-in page, which has fields of its own.
const PREFIX: &str = "kept.";

/// The most that the sign-in page carries, in bytes of the page: its form is read from strangers, who get
/// little.
const MOST: usize = 20_000;

/// The most that any page carries, in bytes of the page.
const MOST_OF_A_PAGE: usize = 35_000;

/// A form that waits.
pub(crate) struct PendingForm {
    /// Where it was sent to.
    pub action: ReturnTo,
    /// What it said.
    pub fields: Vec<(String, String)>,
    /// Whether a password has to be typed once more.
    pub has_lost_passwords: bool,
}

impl PendingForm {
    /// Keeps a form.
    pub(crate) fn of(form: &PageForm, action: ReturnTo) -> Self {
        let is_secret = |name: &str| NEW_PASSWORD.contains(&name);
        let is_kept = |name: &str| !is_secret(name) && ![FORM_TOKEN, PROOF, RETYPE].contains(&name);
        let fields = form.fields().filter(|(name, _)| is_kept(name));
        let mut fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let has_lost_passwords = form.has(RETYPE) || form.fields().any(|(name, _)| is_secret(name));
        if has_lost_passwords {
            fields.push((RETYPE.to_owned(), "1".to_owned()));
        }
        Self { action, fields, has_lost_passwords }
    }

    /// What somebody typed of it, as far as a line shows it: so that they know what they send.
    pub(crate) fn typed(&self) -> Vec<String> {
        let is_typed = |name: &str| ["username", "email", "reason", "addresses", "to"].contains(&name);
        let typed = self.fields.iter().filter(|(name, value)| is_typed(name) && !value.is_empty());
        typed.map(|(_, value)| abbreviate(value, 200)).collect()
    }

    /// Whether the sign-in page can carry it.
    pub(crate) fn is_carried(&self) -> bool {
        (1..=MOST).contains(&self.size())
    }

    /// Whether a page of the admin can.
    pub(crate) fn fits_a_page(&self) -> bool {
        self.size() <= MOST_OF_A_PAGE
    }

    fn size(&self) -> usize {
        self.fields.iter().map(|(name, value)| size(name) + size(value)).sum()
    }

    /// As fields of the sign-in page.
    pub(crate) fn packed(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|(name, value)| (format!("{PREFIX}{name}"), value.clone())).collect()
    }

    /// Out of the form of the sign-in page, if there is something in it.
    pub(crate) fn unpacked(form: &PageForm, action: ReturnTo) -> Option<Self> {
        let fields = form.fields().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value)));
        let kept = Self::of(&fields.collect(), action);
        kept.is_carried().then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> PageForm {
        fields.iter().copied().collect()
    }

    #[test]
    fn all_but_passwords_and_tokens_comes_back() {
        let sent = [
            ("name", "alice"),
            ("password", "x"),
            ("password_again", "x"),
            ("form_token", "t"),
            ("proof", "y"),
        ];
        let kept = PendingForm::of(&form(&sent), ReturnTo::parse("/admin/users/add"));
        let packed = kept.packed();
        let page: Vec<(&str, &str)> =
            packed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(page, [("kept.name", "alice"), ("kept.retype", "1")]);
        let again = PendingForm::unpacked(&form(&page), kept.action).unwrap();
        assert!(again.has_lost_passwords);
        assert_eq!(
            again.fields,
            [("name", "alice"), ("retype", "1")].map(|(n, v)| (n.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn neither_nothing_nor_too_much_is_carried() {
        let is_carried =
            |value: &str| PendingForm::of(&form(&[("a", value)]), ReturnTo::parse("")).is_carried();
        assert!(!PendingForm::of(&form(&[("form_token", "t")]), ReturnTo::parse("")).is_carried());
        assert!(is_carried(&"x".repeat(MOST - 1)) && !is_carried(&"x".repeat(MOST)));
        assert!(!is_carried(&"&".repeat(MOST / 2)), "escaped, it is longer");
        assert!(
            PendingForm::unpacked(&form(&[("username", "root"), ("next", "/admin/")]), ReturnTo::parse(""))
                .is_none()
        );
    }
}
