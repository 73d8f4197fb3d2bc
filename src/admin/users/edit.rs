//! `/admin/users/{id}/edit`: changes username, email and groups. If another administrator changed the account in the
//! meantime, the form shows that change and asks again (optimistic locking).

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, AccountError, UpdateProfileError, UpdatedUser, UserRef, UserUpdate};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::account_form;
use crate::admin::users::group_field;
use crate::admin::users::group_field::KnownGroups;
use crate::admin::users::last_change;
use crate::admin::users::user_form;
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Timestamp, User};
use crate::web::form_page::FormPage;
use crate::web::{AccountErrors, PageError, PageForm, both, email, username};

/// The fields with the values that the form displayed first.
const WAS_USERNAME: &str = "was_username";
const WAS_EMAIL: &str = "was_email";
const WAS_GROUPS: &str = "was_groups";

/// The form for one user.
struct EditForm<'a> {
    admin: &'a Administrator,
    user: &'a User,
    groups: &'a KnownGroups,
}

/// The values of the fields, and what is wrong with them.
#[derive(Default)]
struct EditFields {
    username: String,
    email: String,
    groups: String,
    errors: EditErrors,
}

/// What is wrong with the fields.
#[derive(Default)]
struct EditErrors {
    account: AccountErrors,
    groups: Vec<String>,
}

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let user = user_form::user(&app, *id).await?;
    let groups = KnownGroups::load(&app, user.id).await?;
    let form = EditForm { admin: &admin.0, user: &user, groups: &groups };
    Ok(form.page(form.current()).render_for(&admin.0))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let t = admin.t;
    let user = user_form::user(&app, *id).await?;
    let known = KnownGroups::load(&app, user.id).await?;
    let edit = EditForm { admin: &admin, user: &user, groups: &known };
    let version = Timestamp::from_micros(form.get(user_form::VERSION).parse().unwrap_or_default());
    let (update, groups) = match edit.read(&form) {
        Ok(read) => read,
        Err(errors) => return Ok(edit.invalid(&form, errors).render_for(&admin)),
    };
    let user_ref = UserRef::if_unchanged_since(user.id, version);
    match accounts::edit_user(&app, user_ref, update, groups, &admin.actor).await {
        Ok(UpdatedUser { user, is_changed }) => {
            let done = if is_changed { Done::Saved } else { Done::Unchanged };
            let flash = Flash::One(done, user.username.to_string());
            Ok(admin.redirect(&user_form::path_of(user.id), &flash))
        }
        Err(UpdateProfileError::Taken(taken)) => {
            let errors = EditErrors { account: AccountErrors::taken(t, &taken), ..EditErrors::default() };
            Ok(edit.invalid(&form, errors).render_for(&admin))
        }
        Err(UpdateProfileError::Account(AccountError::Changed)) => {
            let user = user_form::user(&app, *id).await?;
            let known = KnownGroups::load(&app, user.id).await?;
            let change = last_change::by_another(&app, &admin, &user).await?;
            let edit = EditForm { admin: &admin, user: &user, groups: &known };
            Ok(edit.conflict(&form, change).render_for(&admin))
        }
        Err(UpdateProfileError::Account(error)) => Err(error.into()),
    }
}

/// Whether a field has what the form displayed first, or what the account has. Such a value need not follow today's
/// rules: it may have been imported.
fn is_unchanged(form: &PageForm, name: &str, was: &str, current: &str) -> bool {
    let typed = form.get(name);
    typed == current || form.has(was) && typed == form.get(was)
}

/// The value and the errors of a field: the `current` value if the administrator did not change what the form
/// displayed first, else the typed one, with a note if another administrator changed the field, too.
fn merged(t: Lang, typed: &str, first: &str, current: &str) -> (String, Vec<String>) {
    if typed == first {
        return (current.to_owned(), Vec::new());
    }
    let is_conflict = first != current && typed != current;
    let shown = if current.is_empty() { "–" } else { current };
    (typed.to_owned(), is_conflict.then(|| t.is_now(shown)).into_iter().collect())
}

impl EditForm<'_> {
    /// Reads what the administrator changed, or everything that is wrong.
    fn read(&self, form: &PageForm) -> Result<(UserUpdate, Option<Vec<String>>), EditErrors> {
        let (t, user) = (self.admin.t, self.user);
        let username = match is_unchanged(form, "username", WAS_USERNAME, user.username.as_str()) {
            true => Ok(None),
            false => username(t, form).map(Some),
        };
        let email = match is_unchanged(form, "email", WAS_EMAIL, user.email.as_str()) {
            true => Ok(None),
            false => email(t, form).map(Some),
        };
        let is_same = !form.has(group_field::ID)
            || is_unchanged(form, group_field::ID, WAS_GROUPS, &self.groups.own_text());
        let groups =
            if is_same { Ok(None) } else { self.groups.read(t, form.get(group_field::ID)).map(Some) };
        match (both(username, email), groups) {
            (Ok((username, email)), Ok(groups)) => Ok((UserUpdate { username, email }, groups)),
            (names, groups) => Err(EditErrors {
                account: names.err().unwrap_or_default(),
                groups: groups.err().unwrap_or_default(),
            }),
        }
    }

    fn current(&self) -> EditFields {
        EditFields {
            username: self.user.username.to_string(),
            email: self.user.email.to_string(),
            groups: self.groups.own_text(),
            ..EditFields::default()
        }
    }

    /// The form with the typed values, the errors, and the version that it displayed first.
    fn invalid(&self, form: &PageForm, errors: EditErrors) -> FormPage {
        let typed = |name: &str| form.get(name).to_owned();
        let (username, email, groups) = (typed("username"), typed("email"), typed(group_field::ID));
        let mut page = self.page(EditFields { username, email, groups, errors });
        page.hidden =
            [user_form::VERSION, WAS_USERNAME, WAS_EMAIL, WAS_GROUPS].map(|name| (name, typed(name))).into();
        page
    }

    /// The form for the current state of the account, merged with the fields that the administrator changed.
    fn conflict(&self, form: &PageForm, change: Option<String>) -> FormPage {
        let (t, now) = (self.admin.t, self.current());
        let merge = |name, was, current: &str| merged(t, form.get(name), form.get(was), current);
        let (username, username_errors) = merge("username", WAS_USERNAME, &now.username);
        let (email, email_errors) = merge("email", WAS_EMAIL, &now.email);
        let (groups, group_errors) = merge(group_field::ID, WAS_GROUPS, &now.groups);
        let account =
            AccountErrors { username: username_errors, email: email_errors, ..AccountErrors::default() };
        let errors = EditErrors { account, groups: group_errors };
        let mut page = self.page(EditFields { username, email, groups, errors });
        page.errors.push(match change {
            Some(change) => format!("{change} {}", t.then_not_saved()),
            None => t.edit_conflict().to_owned(),
        });
        page
    }

    fn page(&self, fields: EditFields) -> FormPage {
        let (admin, user, t) = (self.admin, self.user, self.admin.t);
        let mut page =
            user_form::page_about(admin, user, t.edit_heading(&user.username), t.edit_submit(), "edit");
        page.hidden.push((WAS_USERNAME, user.username.to_string()));
        page.hidden.push((WAS_EMAIL, user.email.to_string()));
        page.hidden.push((WAS_GROUPS, self.groups.own_text()));
        page.fields = account_form::name_fields(t, fields.username, fields.email, &fields.errors.account);
        if let Some(field) = page.fields.last_mut() {
            field.hint = t.edit_email_hint().into();
            field.is_optional = user.email.is_blank();
        }
        page.fields.push(self.groups.field(t, fields.groups, fields.errors.groups));
        page
    }
}
