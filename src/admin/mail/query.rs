//! The URL of a list of mails: its filters and the position of the page.

use crate::store::queries::mail_list::{MailCursor, MailFilter, MailStage};
use crate::store::tables::mails::DeliveryState;
use crate::types::{Email, MailId, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, filled, with_query};

/// The path of the list, and the URLs with two of its filters.
pub(crate) const LIST: &str = "/admin/mail";
pub(crate) const WAITING: &str = "/admin/mail?state=waiting";
pub(crate) const DEAD: &str = "/admin/mail?state=dead";

/// The choices of the filter by state.
pub(crate) const STAGES: [(&str, MailStage); 5] = [
    ("waiting", MailStage::Is(DeliveryState::Waiting)),
    ("sending", MailStage::BeingSent),
    ("sent", MailStage::Is(DeliveryState::Sent)),
    ("dead", MailStage::Is(DeliveryState::Dead)),
    ("dropped", MailStage::Is(DeliveryState::Dropped)),
];

/// The parameters of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailQuery {
    /// A word of [`STAGES`], or empty.
    pub state: String,
    /// The recipient, as it was typed.
    pub to: String,
    /// The page has the mails older than `before`, or newer than `after`.
    pub before: Option<MailId>,
    pub after: Option<MailId>,
}

impl MailQuery {
    /// Reads the parameters. An invalid position is ignored.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let id = |name: &str| fields.get(name).parse().ok().map(MailId::new);
        Self {
            state: trim_for_search(fields.get("state")).to_owned(),
            to: trim_for_search(fields.get("to")).to_owned(),
            before: id("before"),
            after: id("after"),
        }
    }

    /// Whether the list has no filter.
    pub(crate) fn is_everything(&self) -> bool {
        self.state.is_empty() && self.to.is_empty()
    }

    /// The filter of the list.
    pub(crate) fn filter(&self) -> Result<MailFilter, FilterErrors> {
        let mut errors = FilterErrors::default();
        let state = errors.choice("state", &self.state, &STAGES);
        let recipient = Email::as_typed(&self.to).ok();
        if recipient.is_none() && !self.to.is_empty() {
            errors.add("to", FilterError::InvalidEmail);
        }
        errors.none_or(MailFilter { state, recipient })
    }

    /// The position of the page.
    pub(crate) fn cursor(&self) -> MailCursor {
        match (self.before, self.after) {
            (Some(id), _) => MailCursor::OlderThan(id),
            (None, Some(id)) => MailCursor::NewerThan(id),
            (None, None) => MailCursor::Start,
        }
    }

    /// The URL of the first page.
    pub(crate) fn first(&self) -> String {
        with_query(LIST, &self.fields())
    }

    /// The URL of the mails older than a mail.
    pub(crate) fn older(&self, than: MailId) -> String {
        self.at("before", than)
    }

    /// The URL of the mails newer than a mail.
    pub(crate) fn newer(&self, than: MailId) -> String {
        self.at("after", than)
    }

    fn at(&self, name: &'static str, id: MailId) -> String {
        let mut fields = self.fields();
        fields.push((name, id.to_string()));
        with_query(LIST, &fields)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        filled(&[("state", &self.state), ("to", &self.to)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> MailQuery {
        MailQuery::read(&PageForm::of_query(query))
    }

    #[test]
    fn the_filters_come_back_in_the_url() {
        let query = read("state=dead&to=%EF%BB%BF+a%2Bb@example.com&before=7");
        assert_eq!(query.cursor(), MailCursor::OlderThan(MailId::new(7)));
        assert_eq!(query.older(MailId::new(3)), "/admin/mail?state=dead&to=a%2Bb%40example.com&before=3");
        assert_eq!(read("").newer(MailId::new(3)), "/admin/mail?after=3");
        let stage = |path: &str| read(path.split_once('?').unwrap().1).filter().unwrap().state;
        assert_eq!(stage(WAITING), Some(MailStage::Is(DeliveryState::Waiting)));
        assert_eq!(stage(DEAD), Some(MailStage::Is(DeliveryState::Dead)));
    }

    #[test]
    fn an_invalid_filter_is_an_error() {
        let query = read("before=x&after=");
        assert!(query.is_everything() && query.cursor() == MailCursor::Start);
        assert_eq!(query.filter(), Ok(MailFilter::default()));
        assert!(read("to=nobody").filter().is_err() && read("state=lost").filter().is_err());
    }
}
