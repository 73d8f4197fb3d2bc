//! A page that is one form: what it will do, its fields with what is wrong beside them, a button
//! that says so, and a way back. Used by the pages that change something.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::admin::users::current_user_form;
use crate::types::User;
use crate::web::Page;
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;

/// A field.
#[derive(Default)]
pub(crate) struct Field {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// "text", "email" or "password".
    pub kind: &'static str,
    /// What browsers may fill in.
    pub autocomplete: &'static str,
    pub value: String,
    /// How many characters it takes; nothing for any number.
    pub max: String,
    pub is_optional: bool,
    pub errors: Vec<String>,
}

/// A box to tick.
pub(crate) struct Tick {
    pub id: &'static str,
    pub label: &'static str,
    pub is_ticked: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "web/form_page.html")]
pub(crate) struct FormPage {
    pub shell: Layout,
    /// The pages above: label and path.
    pub trail: Vec<(String, String)>,
    pub heading: String,
    pub lead: Vec<String>,
    /// What should be thought of first.
    pub warning: Option<Cow<'static, str>>,
    /// What a list of names adds to the lead.
    pub whom: Vec<String>,
    /// How many more there are, and the path of the list of all of them.
    pub more: Option<(String, String)>,
    /// Whom it will not concern, and why.
    pub spared: Vec<String>,
    /// What is wrong with the whole.
    pub errors: Vec<String>,
    pub hidden: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    pub ticks: Vec<Tick>,
    /// What the button says.
    pub submit: &'static str,
    pub is_dangerous: bool,
    /// Where the form goes, and where "cancel" leads.
    pub action: String,
    pub back: String,
}

impl FormPage {
    /// A page in the part about users, with nothing on it yet.
    pub(crate) fn new(admin: &Administrator, heading: String, submit: &'static str, action: &str) -> Self {
        let above = (admin.t.users_heading(), "/admin/users/");
        Self::under(admin, Section::Users, above, heading, submit, action)
    }

    /// A page in another part: `above` is the label and the path of the page above it.
    pub(crate) fn under(
        admin: &Administrator,
        section: Section,
        above: (&str, &str),
        heading: String,
        submit: &'static str,
        action: &str,
    ) -> Self {
        Self {
            shell: admin.shell(section),
            trail: vec![(above.0.to_owned(), above.1.to_owned())],
            heading,
            lead: Vec::new(),
            warning: None,
            whom: Vec::new(),
            more: None,
            spared: Vec::new(),
            errors: Vec::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            ticks: Vec::new(),
            submit,
            is_dangerous: false,
            action: action.to_owned(),
            back: above.1.to_owned(),
        }
    }

    /// A page about a user as they are now, whose form goes to `last` below their page.
    pub(crate) fn about(
        admin: &Administrator,
        user: &User,
        heading: String,
        submit: &'static str,
        last: &str,
    ) -> Self {
        let path = current_user_form::page_of(user.id);
        let page = Self::new(admin, heading, submit, &format!("{path}/{last}"));
        let mut page = page.below(user.username.as_str(), path);
        page.hidden.push(current_user_form::seen(user));
        page
    }

    /// With a warning for whoever is about to shut themselves out.
    pub(crate) fn that_shuts_out(mut self, admin: &Administrator, user: &User) -> Self {
        self.warning = (user.id == admin.user.id).then(|| admin.t.own_account().into());
        self.is_dangerous = true;
        self
    }

    /// With the page of a thing above it, too.
    pub(crate) fn below(mut self, name: &str, path: String) -> Self {
        self.trail.push((name.to_owned(), path.clone()));
        self.back = path;
        self
    }

    /// Without a way to do it: what stands against it cannot be mended here, and nothing of what the page
    /// foretells will come.
    pub(crate) fn closed(mut self) -> Self {
        self.lead.clear();
        self.fields.clear();
        (self.warning, self.submit) = (None, "");
        self
    }

    /// With what stands against all of it.
    pub(crate) fn refused(mut self, objection: String) -> Self {
        self.errors.push(objection);
        self
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.fields.iter().any(|field| !field.errors.is_empty())
    }

    /// The answer: 422 where something is wrong.
    pub(crate) fn show(self, admin: &Administrator) -> HttpResponse {
        let status = if self.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        admin.answer(Page::new(self).with_status(status))
    }
}
