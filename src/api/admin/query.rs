//! The parameters of a query, declared as data that the documentation shows. An unknown one is an error: a misspelt
//! filter must not answer every user.

use actix_web::HttpRequest;

use crate::api::drf::body::{FieldErrors, boolean};
use crate::api::drf::error::ApiError;
use crate::api::openapi::description::{QueryKind, QueryParameter};
use crate::types::{Timestamp, trimmed};
use crate::web::PageForm;
use crate::web::filters::{day, with_query};

/// How many rows a page has without `page_size`, and at most.
const ROWS: u32 = 50;
const MAX_ROWS: u32 = 200;

/// The parameter with the place of a page, and the one with its size.
pub(super) const CURSOR: QueryParameter = QueryParameter::new(
    "cursor",
    QueryKind::Text,
    "The place of a page, as the links `next` and `previous` have it.",
);
pub(super) const PAGE_SIZE: QueryParameter = QueryParameter::new(
    "page_size",
    QueryKind::Integer(1, MAX_ROWS),
    "How many rows a page has, 50 by default.",
);

/// The parameter that content negotiation reads.
const FORMAT: &str = "format";

/// The parameters of a request, and what is wrong with them.
pub(super) struct Query {
    form: PageForm,
    declared: &'static [QueryParameter],
    errors: Vec<(String, String)>,
}

impl Query {
    /// Reads the parameters of a request.
    pub(super) fn of(request: &HttpRequest, declared: &'static [QueryParameter]) -> Self {
        let form = PageForm::of_query(request.query_string());
        let is_known = |name: &str| name == FORMAT || declared.iter().any(|one| one.name == name);
        let unknown = form.fields().map(|(name, _)| name).filter(|name| !is_known(name));
        let errors = unknown.map(|name| (name.to_owned(), "Unknown parameter.".to_owned())).collect();
        Self { form, declared, errors }
    }

    fn wrong(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push((name.to_owned(), message.into()));
    }

    /// A text; `None` for a missing or blank one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        // PostgreSQL refuses a NUL in a text.
        let text = trimmed(self.form.get(name)).replace('\0', "\u{fffd}");
        (!text.is_empty()).then_some(text)
    }

    /// A boolean, in the words that DRF takes.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        match boolean::read_text(&self.text(name)?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wrong(name, message);
                None
            }
        }
    }

    /// The beginning of a day in UTC.
    pub(super) fn day(&mut self, name: &str) -> Option<Timestamp> {
        let beginning = day(&self.text(name)?);
        if beginning.is_none() {
            self.wrong(name, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
        }
        beginning
    }

    /// One of some words.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let choice = choices.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if choice.is_none() {
            self.wrong(name, format!("\"{text}\" is not a valid choice."));
        }
        choice
    }

    /// A whole number of the declared range.
    pub(super) fn number(&mut self, name: &str) -> Option<u32> {
        let Ok(number) = self.text(name)?.parse::<i64>() else {
            self.wrong(name, "A valid integer is required.");
            return None;
        };
        let declared = self.declared.iter().find(|one| one.name == name);
        let (least, most) = match declared.map(|one| &one.kind) {
            Some(QueryKind::Integer(least, most)) => (*least, *most),
            _ => (0, u32::MAX),
        };
        let number = u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(name, format!("Ensure this value is from {least} to {most}."));
        }
        number
    }

    /// How many rows a page has.
    pub(super) fn rows(&mut self) -> usize {
        self.number(PAGE_SIZE.name).unwrap_or(ROWS) as usize
    }

    /// Ends reading.
    ///
    /// # Errors
    /// 400 with what is wrong.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let errors: FieldErrors = self.errors.iter().map(|(name, message)| (name, message.clone())).collect();
        Ok(errors.into_result()?)
    }

    /// The same list at another place.
    pub(super) fn url(&self, origin: &str, path: &str, cursor: &str) -> String {
        let declared = self.declared.iter().filter(|one| one.name != CURSOR.name);
        let mut fields: Vec<(&'static str, String)> =
            declared.filter_map(|one| Some((one.name, self.text(one.name)?))).collect();
        fields.insert(0, (CURSOR.name, cursor.to_owned()));
        with_query(&format!("{origin}{path}"), &fields)
    }
}
