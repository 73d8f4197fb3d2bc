//! The message about the last action that the next account page shows once.

use crate::texts::Lang;
use crate::web::flash::{FlashMessage, SessionNotice};

/// Defines the messages from lines of a name, the code in the cookie and the text.
macro_rules! notices {
    ($($name:ident = $code:literal, $text:ident;)*) => {
        /// A message about the last action.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum AccountNotice {
            $($name,)*
        }

        impl FlashMessage for AccountNotice {
            fn encode(&self) -> String {
                match self {
                    $(Self::$name => $code,)*
                }
                .to_owned()
            }

            fn decode(text: &str) -> Option<Self> {
                match text {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            fn text(&self, t: Lang) -> String {
                match self {
                    $(Self::$name => t.$text(),)*
                }
                .to_owned()
            }

            fn is_bad(&self) -> bool {
                matches!(self, Self::Unchanged | Self::SessionGone | Self::Retype | Self::TooLong | Self::SessionOver)
            }
        }
    };
}

notices! {
    NameChanged = "name", account_name_changed;
    EmailChanged = "email", account_email_changed;
    ConfirmationSent = "confirmation-sent", account_confirmation_sent;
    ConfirmedAlready = "confirmed-already", account_confirmed_already;
    Unchanged = "unchanged", account_unchanged;
    PasswordChanged = "password", security_changed;
    SessionEnded = "session-ended", own_session_ended;
    OthersEnded = "others-ended", own_other_sessions_ended;
    SessionGone = "session-gone", own_session_gone;
    Retype = "retype", security_retype;
    TooLong = "too-long", reauthenticate_not_saved;
    SessionOver = "session-over", not_saved_session_over;
}

impl From<SessionNotice> for AccountNotice {
    fn from(notice: SessionNotice) -> Self {
        match notice {
            SessionNotice::Retype => Self::Retype,
            SessionNotice::TooLong => Self::TooLong,
        }
    }
}
