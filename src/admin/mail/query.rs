//! The address of a list of mails: which are looked for, and from where on. All of it is in the URL.

use crate::store::queries::mail_list::{MailCursor, MailFilter, MailStage};
use crate::store::tables::mails::DeliveryState;
use crate::types::{Email, MailId, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, said, with_fields};

/// The page of the list, and two of what it can be asked for.
pub(crate) const LIST: &str = "/admin/mail";
pub(crate) const WAITING: &str = "/admin/mail?state=waiting";
pub(crate) const DEAD: &str = "/admin/mail?state=dead";

/// Every word of `state`, and what it means.
pub(crate) const STAGES: [(&str, MailStage); 5] = [
    ("waiting", MailStage::Is(DeliveryState::Waiting)),
    ("sending", MailStage::BeingSent),
    ("sent", MailStage::Is(DeliveryState::Sent)),
    ("dead", MailStage::Is(DeliveryState::Dead)),
    ("dropped", MailStage::Is(DeliveryState::Dropped)),
];

/// What the URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailQuery {
    /// A word of [`STAGES`], or nothing.
    pub state: String,
    /// The address as it was typed.
    pub to: String,
    /// The page has those older than this, or newer.
    pub before: Option<MailId>,
    pub after: Option<MailId>,
}

impl MailQuery {
    /// Reads it. A place that makes no sense counts as not said.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let place = |name: &str| fields.get(name).parse().ok().map(MailId::new);
        Self {
            state: trim_for_search(fields.get("state")).to_owned(),
            to: trim_for_search(fields.get("to")).to_owned(),
            before: place("before"),
            after: place("after"),
        }
    }

    /// Whether nothing in particular is looked for.
    pub(crate) fn is_everything(&self) -> bool {
        self.state.is_empty() && self.to.is_empty()
    }

    /// Which mails that means.
    ///
    /// # Errors
    /// If a filter cannot be meant.
    pub(crate) fn wanted(&self) -> Result<MailFilter, FilterErrors> {
        let mut wrong = FilterErrors::default();
        let state = wrong.choice("state", &self.state, &STAGES);
        let recipient = Email::as_typed(&self.to).ok();
        if recipient.is_none() && !self.to.is_empty() {
            wrong.add("to", FilterError::NoEmail);
        }
        wrong.or(MailFilter { state, recipient })
    }

    /// Where the page begins.
    pub(crate) fn seek(&self) -> MailCursor {
        match (self.before, self.after) {
            (Some(id), _) => MailCursor::OlderThan(id),
            (None, Some(id)) => MailCursor::NewerThan(id),
            (None, None) => MailCursor::Start,
        }
    }

    /// The list from its beginning.
    pub(crate) fn first(&self) -> String {
        with_fields(LIST, &self.fields())
    }

    /// The list of those older than a mail.
    pub(crate) fn older(&self, than: MailId) -> String {
        self.at("before", than)
    }

    /// The list of those newer than a mail.
    pub(crate) fn newer(&self, than: MailId) -> String {
        self.at("after", than)
    }

    fn at(&self, name: &'static str, place: MailId) -> String {
        let mut fields = self.fields();
        fields.push((name, place.to_string()));
        with_fields(LIST, &fields)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        said(&[("state", &self.state), ("to", &self.to)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> MailQuery {
        MailQuery::read(&PageForm::of_query(query))
    }

    #[test]
    fn what_is_said_comes_back_in_the_url() {
        let query = read("state=dead&to=%EF%BB%BF+a%2Bb@example.com&before=7");
        assert_eq!(query.seek(), MailCursor::OlderThan(MailId::new(7)));
        assert_eq!(query.older(MailId::new(3)), "/admin/mail?state=dead&to=a%2Bb%40example.com&before=3");
        assert_eq!(read("").newer(MailId::new(3)), "/admin/mail?after=3");
        let stage = |path: &str| read(path.split_once('?').unwrap().1).wanted().unwrap().state;
        assert_eq!(stage(WAITING), Some(MailStage::Is(DeliveryState::Waiting)));
        assert_eq!(stage(DEAD), Some(MailStage::Is(DeliveryState::Dead)));
    }

    #[test]
    fn a_filter_that_cannot_be_meant_is_told() {
        let query = read("before=x&after=");
        assert!(query.is_everything() && query.seek() == MailCursor::Start);
        assert_eq!(query.wanted(), Ok(MailFilter::default()));
        assert!(read("to=nobody").wanted().is_err() && read("state=lost").wanted().is_err());
    }
}
