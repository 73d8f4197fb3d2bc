//! A page that is one form: what it will do, its fields with the errors beside them, a button that names the
//! action, and a way back.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::Page;
use crate::web::layout::Layout;
use crate::web::session::area::Area;
use crate::web::session::area::SignedIn;

/// A field.
#[derive(Default)]
pub(crate) struct Field {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: Cow<'static, str>,
    /// "text", "email" or "password".
    pub kind: &'static str,
    /// HTML's `autocomplete`.
    pub autocomplete: &'static str,
    pub value: String,
    /// The longest value, in characters; empty for no limit.
    pub max: String,
    pub is_optional: bool,
    /// Values to choose from, besides any other.
    pub suggestions: Vec<&'static str>,
    pub errors: Vec<String>,
}

/// A checkbox.
pub(crate) struct Checkbox {
    pub id: &'static str,
    pub label: &'static str,
    pub is_checked: bool,
}

/// Checkboxes that answer one question, at least one of them.
#[derive(Default)]
pub(crate) struct CheckboxGroup {
    /// The question.
    pub legend: &'static str,
    pub checkboxes: Vec<Checkbox>,
    pub errors: Vec<String>,
}

impl CheckboxGroup {
    /// Where a link to the errors leads.
    fn first(&self) -> &'static str {
        self.checkboxes.first().map_or("", |checkbox| checkbox.id)
    }
}

/// The page.
#[derive(Template)]
#[template(path = "web/form_page.html")]
pub(crate) struct FormPage {
    pub layout: Layout,
    /// The breadcrumbs: label and path of the pages above.
    pub trail: Vec<(String, String)>,
    pub heading: String,
    pub lead: Vec<String>,
    pub warning: Option<Cow<'static, str>>,
    /// The link below the warning: label and path.
    pub remedy: Option<(&'static str, &'static str)>,
    /// The names of the users that the action concerns, if the page lists them.
    pub selection: Vec<String>,
    /// How many more users the action concerns, and the path of the list of all of them.
    pub more: Option<(String, String)>,
    /// The users that the action skips, by reason.
    pub skipped: Vec<String>,
    /// The errors that belong to no field.
    pub errors: Vec<String>,
    pub hidden: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    /// Empty if the page asks nothing of the kind.
    pub group: CheckboxGroup,
    pub checkboxes: Vec<Checkbox>,
    /// The path of this page with a suggestion for a new password, if it can make one.
    pub generate: Option<String>,
    /// The least number of characters of a new password, if the page has a field for one.
    pub min_length: usize,
    /// The label of the button; empty for a page without a form.
    pub submit: &'static str,
    pub is_dangerous: bool,
    /// The path that the form is sent to.
    pub action: String,
    /// The path of "cancel".
    pub back: String,
}

impl FormPage {
    /// A page without fields below the page `above`: its label and path.
    pub(crate) fn new(
        layout: Layout,
        above: (&str, &str),
        heading: String,
        submit: &'static str,
        action: &str,
    ) -> Self {
        Self {
            layout,
            trail: vec![(above.0.to_owned(), above.1.to_owned())],
            heading,
            lead: Vec::new(),
            warning: None,
            remedy: None,
            selection: Vec::new(),
            more: None,
            skipped: Vec::new(),
            errors: Vec::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            group: CheckboxGroup::default(),
            checkboxes: Vec::new(),
            generate: None,
            min_length: 0,
            submit,
            is_dangerous: false,
            action: action.to_owned(),
            back: above.1.to_owned(),
        }
    }

    /// Adds a page to the breadcrumbs. "Cancel" leads there.
    pub(crate) fn below(mut self, name: &str, path: String) -> Self {
        self.trail.push((name.to_owned(), path.clone()));
        self.back = path;
        self
    }

    /// Removes the form and what the page says about its effect: the action is not possible.
    pub(crate) fn without_form(mut self) -> Self {
        self.lead.clear();
        self.fields.clear();
        (self.warning, self.submit) = (None, "");
        self
    }

    /// Adds an error that belongs to no field.
    pub(crate) fn with_error(mut self, error: String) -> Self {
        self.errors.push(error);
        self
    }

    fn has_password(&self) -> bool {
        self.fields.iter().any(|field| field.kind == "password")
    }

    fn has_errors(&self) -> bool {
        !(self.errors.is_empty() && self.group.errors.is_empty())
            || self.fields.iter().any(|field| !field.errors.is_empty())
    }

    /// The response: 422 if there are errors, 200 otherwise.
    /// A new password that the re-authentication left out is no error of its user's: the message says so.
    pub(crate) fn render_for<A: Area>(mut self, user: &SignedIn<A>) -> HttpResponse {
        if user.must_retype {
            let passwords = self.fields.iter_mut().filter(|field| field.kind == "password");
            passwords.for_each(|field| field.errors.clear());
        }
        let status = if self.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        user.render(Page::new(self).with_status(status))
    }
}
