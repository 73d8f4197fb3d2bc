//! A user account. The password hash is not part of it: only a check of a password loads that
//! (`store::tables::users::UserWithHash`).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::types::{Email, Lang, PublicId, Timestamp, UserId, Username, trimmed};

/// One account.
#[derive(Clone, Debug)]
pub struct User {
    /// The number of the row.
    pub id: UserId,
    /// The id that clients know, where it is not `id`: see [`User::public_id`].
    pub text_id: Option<String>,
    /// The name, as registered.
    pub username: Username,
    /// The address, as registered (domain in lower case). Blank ([`Email::is_blank`]) for a user without one.
    pub email: Email,
    /// Whether the owner of the address has confirmed it.
    pub is_email_confirmed: bool,
    /// The last address that was confirmed, while `email` is a newer one that is not: see
    /// [`User::recovery_address`].
    pub recovery_email: Option<Email>,
    /// An inactive user cannot log in, and all of their tokens are rejected.
    pub is_active: bool,
    /// When the account is deleted, if that was requested and waits (`account.delete_after`). Until then it is
    /// inactive.
    pub deletion_due_at: Option<Timestamp>,
    /// Whether this user may enter the admin.
    pub is_admin: bool,
    /// Seconds since 1970. A token without a session that was issued earlier is revoked
    /// ([`User::has_revoked`]).
    pub tokens_valid_from: i64,
    /// When the account was created.
    pub created_at: Timestamp,
    /// When the account last changed (a login is no change).
    pub updated_at: Timestamp,
    /// The last successful login.
    pub last_login_at: Option<Timestamp>,
    /// The language that the user chose.
    pub chosen_language: Option<Lang>,
    /// The language that the client of the registration or of the last login asked for.
    pub client_language: Option<Lang>,
}

impl User {
    /// The id that clients know.
    #[must_use]
    pub fn public_id(&self) -> PublicId {
        self.text_id.clone().map_or(PublicId::Integer(self.id), PublicId::Text)
    }

    /// Whether the deletion of the account was requested.
    #[must_use]
    pub const fn is_to_be_deleted(&self) -> bool {
        self.deletion_due_at.is_some()
    }

    /// The address that may set a new password. A new address that its owner changed to cannot before it is
    /// confirmed: otherwise an access token would be enough to take the account over.
    #[must_use]
    pub fn recovery_address(&self) -> &Email {
        self.recovery_email.as_ref().unwrap_or(&self.email)
    }

    /// The language of mails to the user, if it is known.
    #[must_use]
    pub fn language(&self) -> Option<Lang> {
        self.chosen_language.or(self.client_language)
    }

    /// Whether a token without a session, issued at this second at the earliest, is revoked. A token
    /// without an issue time may be as old as the account.
    #[must_use]
    pub fn has_revoked(&self, issued_at: Option<i64>) -> bool {
        issued_at.unwrap_or(0).max(0) < self.tokens_valid_from
    }
}

/// What is known of a user beyond the columns, such as first and last name: imported, shown and exported, in the order
/// of the import. doorward decides nothing by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Attributes(Map<String, Value>);

impl Attributes {
    /// Reads the JSON object of the database; anything else is no attributes.
    pub(crate) fn from_stored(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    /// The text for the database; `None` without attributes.
    pub(crate) fn to_stored(&self) -> Option<String> {
        (!self.is_empty()).then(|| Value::Object(self.0.clone()).to_string())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attributes by name.
    #[must_use]
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for Attributes {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// The name of a group as it can be chosen; those of imported groups may be others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupName(String);

impl GroupName {
    /// The most characters (`django/contrib/auth/models.py`, `Group`).
    pub(crate) const MAX_CHARS: usize = 150;

    /// Reads a name, without the white space at its ends. `None` if it is blank, too long, or has a control character.
    #[must_use]
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let name = trimmed(typed);
        let is_name = !name.is_empty()
            && name.chars().count() <= Self::MAX_CHARS
            && !name.chars().any(char::is_control);
        is_name.then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_name_is_trimmed_and_has_limits() {
        assert_eq!(GroupName::parse(" Night shift ").unwrap().as_str(), "Night shift");
        assert!(GroupName::parse(&"é".repeat(150)).is_some());
        for bad in ["", " \n", "a\tb", "a\nb", "a\0b", &"é".repeat(151)] {
            assert_eq!(GroupName::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn attributes_keep_their_order_and_nothing_else_is_read() {
        let stored = r#"{"last_name":"Ørsted","age":1.50,"a":null}"#;
        let attributes = Attributes::from_stored(stored);
        assert_eq!(attributes.to_stored().unwrap(), stored.replace("1.50", "1.5"));
        for none in ["", "[1]", "null", "{", "{}"] {
            assert_eq!(Attributes::from_stored(none).to_stored(), None, "{none}");
        }
    }
}
