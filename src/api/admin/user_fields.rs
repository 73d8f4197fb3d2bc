//! A user as machines see it, and the fields with which they change one.

use serde::Serialize;

use crate::api::account_fields::{CHANGED_EMAIL, EMAIL, USERNAME, new_password};
use crate::api::drf::body::{Optional, Partial, PartialSwitch, Switch, TextField, TextList};
use crate::api::openapi::description::{Component, Property, PropertyKind};
use crate::store::queries::user_list::ListedUser;
use crate::store::tables::users::groups;
use crate::store::{Conn, StoreError};
use crate::types::{Email, GroupName, Password, PublicId, Timestamp, User, Username};

/// The body about a user. The names are Django's where it has the field (`django/contrib/auth/models.py`).
#[derive(Serialize)]
pub(super) struct ManagedUser<'a> {
    id: PublicId,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
    is_active: bool,
    is_staff: bool,
    groups: &'a [String],
    date_joined: String,
    last_login: Option<String>,
    deletion_due_at: Option<String>,
}

/// The body in the documentation.
pub(super) const MANAGED_USER: Component = Component::new(
    "ManagedUser",
    &[
        Property::new("id", PropertyKind::UserId),
        Property::text("username", "alice"),
        Property::text("email", "alice@example.com"),
        Property::new("is_email_confirmed", PropertyKind::Boolean(true)),
        Property::new("is_active", PropertyKind::Boolean(true)),
        Property::new("is_staff", PropertyKind::Boolean(false)),
        Property::new("groups", PropertyKind::Texts("editors")),
        Property::new("date_joined", PropertyKind::Moment("2026-11-30T08:15:00Z")),
        Property::new("last_login", PropertyKind::NullableMoment("2026-11-30T09:00:00Z")),
        Property::new("deletion_due_at", PropertyKind::NullableMoment("2026-12-30T09:00:00Z")),
    ],
);

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::to_rfc3339)
}

impl<'a> ManagedUser<'a> {
    pub(super) fn new(user: &'a User, groups: &'a [String]) -> Self {
        Self {
            id: user.public_id(),
            username: user.username.as_str(),
            email: user.email.as_str(),
            is_email_confirmed: user.is_email_confirmed,
            is_active: user.is_active,
            is_staff: user.is_admin,
            groups,
            date_joined: user.created_at.to_rfc3339(),
            last_login: text(user.last_login_at),
            deletion_due_at: text(user.deletion_due_at),
        }
    }

    pub(super) fn listed(user: &'a ListedUser, groups: &'a [String]) -> Self {
        Self {
            id: user.public_id(),
            username: &user.username,
            email: &user.email,
            is_email_confirmed: user.is_email_confirmed,
            is_active: user.is_active,
            is_staff: user.is_admin,
            groups,
            date_joined: user.created_at().to_rfc3339(),
            last_login: text(user.last_login_at()),
            deletion_due_at: text(user.deletion_due_at()),
        }
    }
}

const GROUPS: TextList<GroupName> = TextList::new(
    "groups",
    "The names of the groups of the user. One that does not exist is made.",
    |text| {
        GroupName::parse(text)
            .ok_or_else(|| format!("Ensure this is a line of up to {} characters.", GroupName::MAX_CHARS))
    },
);

const IS_STAFF: &str = "Whether the user may enter the admin.";
const IS_ACTIVE: &str = "Whether the user may log in.";
const IS_CONFIRMED: &str = "Whether the email counts as confirmed.";

/// The fields of `POST`.
pub(super) type CreateFields = (
    (TextField<Username>, TextField<Email>, Optional<Password>),
    (PartialSwitch, Switch, Switch, TextList<GroupName>),
);
pub(crate) const CREATE: CreateFields = (
    (USERNAME, EMAIL, Optional(new_password("password"))),
    (
        PartialSwitch::new("is_active", "Whether the user may log in; true by default."),
        Switch::new("is_staff", IS_STAFF),
        Switch::new("is_email_confirmed", IS_CONFIRMED),
        GROUPS,
    ),
);

/// The fields of `PATCH`. One that is missing stays as it is.
pub(super) type PatchFields = (
    (Partial<Username>, Partial<Email>, Partial<Password>),
    (PartialSwitch, PartialSwitch, PartialSwitch, TextList<GroupName>),
);
pub(crate) const PATCH: PatchFields = (
    (Partial(USERNAME), Partial(CHANGED_EMAIL), Partial(new_password("password"))),
    (
        PartialSwitch::new("is_active", IS_ACTIVE),
        PartialSwitch::new("is_staff", IS_STAFF),
        PartialSwitch::new("is_email_confirmed", IS_CONFIRMED),
        GROUPS,
    ),
);

/// The exact names of groups: that of a group whose name differs by letter case alone, if there is one.
pub(super) fn known_names(conn: &mut Conn, typed: &[GroupName]) -> Result<Vec<String>, StoreError> {
    typed
        .iter()
        .map(|name| Ok(groups::find(conn, name)?.unwrap_or_else(|| name.as_str().to_owned())))
        .collect()
}
