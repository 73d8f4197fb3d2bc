//! The message about the last action that the next page shows once. It travels in a cookie as a code and
//! what the action was done to. Which messages there are, each area defines ([`Area::Flash`]).
//!
//! [`Area::Flash`]: crate::web::session::area::Area::Flash

use crate::texts::Lang;

/// A message about the last action.
pub(crate) trait FlashMessage: From<SessionNotice> {
    /// The message as the value of a cookie.
    fn encode(&self) -> String;

    /// The message in the value of a cookie; `None` for text that [`Self::encode`] did not write.
    fn decode(text: &str) -> Option<Self>;

    /// The text for the page.
    fn text(&self, t: Lang) -> String;

    /// The form that undoes the action, if it can be undone.
    fn undo(&self) -> Option<UndoForm> {
        None
    }

    /// Whether the action failed, or was done in part.
    fn is_bad(&self) -> bool;
}

/// The form of the button that undoes the last action.
pub(crate) struct UndoForm {
    pub path: String,
    /// Name and value of the field with the state that the action left.
    pub state: Option<(&'static str, String)>,
}

/// What the browser session itself has to say: why a form was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionNotice {
    /// The re-authentication came between, and the new password in the form was not stored.
    Retype,
    /// The re-authentication came between, and the form is too large to be stored.
    TooLong,
}
