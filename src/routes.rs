//! Every URL; those of the API are in [`api::ENDPOINTS`].

use actix_web::dev::Handler;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{FromRequest, HttpRequest, Resource, Responder, Route, guard};

use crate::account::area::AccountArea;
use crate::account::{
    activity, change_email, change_name, data as account_data, forgot_password, language as account_language,
    profile, security, sessions as own_sessions, sign_in as account_sign_in, sign_up,
};
use crate::admin::api_keys::{create as create_api_key, list as api_keys, revoke as revoke_api_key};
use crate::admin::bulk::{form as bulk, history as bulk_history};
use crate::admin::groups::list as groups;
use crate::admin::imports::pages as imports;
use crate::admin::invitations::{invite, list as invitations};
use crate::admin::overview::{home, steps};
use crate::admin::session::{AdminArea, sign_in};
use crate::admin::users::list::views;
use crate::admin::users::{
    actions, add, deactivate, delete, detail, edit, export, list, password, reset_link, rights, view_account,
};
use crate::admin::{
    account as own_account, audit, language, login_help, mail, search, settings, setup, time_zone,
};
use crate::app::App;
use crate::config::Config;
use crate::pages::home as root;
use crate::pages::{accept_invite, confirm_email, not_me, reset_password, undo_email};
use crate::types::Link;
use crate::web::session::reauthenticate;
use crate::web::{ErrorLink, PageError, Viewer, error_page, site_logo, site_style_sheet, static_file};
use crate::{api, http, ops};

/// The links on error pages.
const ERROR_LINKS: &[ErrorLink] = &[
    ErrorLink { root: "/admin/", label: |t| t.to_overview() },
    ErrorLink { root: "/account/", label: |t| t.to_account() },
    ErrorLink { root: "/", label: |t| t.to_start() },
];

/// Registers every URL.
pub(crate) fn configure(urls: &mut ServiceConfig, config: &Config) {
    api::configure(urls, config);
    links(urls);
    admin(urls);
    users(urls);
    user(urls);
    mails(urls);
    account(urls);
    urls.service(web::resource("/").route(get(root::page)()));
    page(urls, "/.well-known/change-password", get(root::change_password));
    page(urls, "/.well-known/jwks.json", get(ops::jwks::key_set));
    page(urls, "/healthz", get(ops::health));
    page(urls, "/static/site.css", get(site_style_sheet));
    page(urls, "/static/site.{tag:[0-9a-f]{8}}.css", get(site_style_sheet));
    page(urls, "/static/site-logo", get(site_logo));
    page(urls, "/static/site-logo.{tag:[0-9a-f]{8}}", get(site_logo));
    page(urls, "/static/{name}", get(static_file));
    urls.default_service(web::to(async |request: HttpRequest| {
        error_page(Viewer::of(&request), StatusCode::NOT_FOUND)
    }));
}

/// The page that each kind of link opens, and the one after success.
fn links(urls: &mut ServiceConfig) {
    for link in Link::ALL.iter().copied() {
        let (done, ask, submit): (Option<NewRoute>, NewRoute, NewRoute) = match link {
            Link::Setup => (Some(get(setup::done)), get(setup::form), post(setup::submit)),
            Link::ConfirmEmail => {
                (Some(get(confirm_email::done)), get(confirm_email::ask), post(confirm_email::confirm))
            }
            // Success leads to setting another password.
            Link::UndoEmail => (None, get(undo_email::ask), post(undo_email::undo)),
            Link::ResetPassword => {
                (Some(get(reset_password::done)), get(reset_password::form), post(reset_password::submit))
            }
            Link::NotMe => (None, get(not_me::ask), post(not_me::disown)),
            Link::Invite => {
                (Some(get(accept_invite::done)), get(accept_invite::form), post(accept_invite::submit))
            }
        };
        // First: the path with a key matches it, too.
        if let Some(done) = done {
            page(urls, &link.done_path(), done);
        }
        form(urls, &format!("{}{{key}}", link.path()), ask, submit);
    }
}

/// The admin. The URL of every form can be opened, because signing in leads back to it.
fn admin(urls: &mut ServiceConfig) {
    // An id that is too large for its type is an id that does not exist.
    urls.app_data(web::PathConfig::default().error_handler(|_, _| PageError::NotFound.into()));
    urls.app_data(ERROR_LINKS);
    page(urls, "/admin", get(home::home));
    page(urls, "/admin/login-help", get(login_help::page));
    form(urls, "/admin/login-help/unblock", get(login_help::to_page), post(login_help::unblock));
    page(urls, "/admin/audit", get(audit::list::list));
    page(urls, "/admin/audit/new", get(audit::new_entries::count));
    page(urls, "/admin/audit/export.{kind:csv|json}", get(audit::export::send));
    page(urls, "/admin/settings", get(settings::list::page));
    form(
        urls,
        "/admin/settings/{section:site|mail}",
        get(settings::form::form),
        post(settings::form::submit),
    );
    page(urls, "/admin/settings/keys", get(settings::keys::page));
    page(urls, "/admin/settings/api-keys", get(api_keys::page));
    form(urls, "/admin/settings/api-keys/add", get(create_api_key::form), post(create_api_key::submit));
    form(
        urls,
        "/admin/settings/api-keys/{id:[0-9a-f]{16}}/revoke",
        get(revoke_api_key::form),
        post(revoke_api_key::submit),
    );
    page(urls, "/admin/search", get(search::page::page));
    page(urls, "/admin/language/{tag}", get(language::choose));
    form(urls, "/admin/time-zone", get(time_zone::form), post(time_zone::submit));
    form(urls, "/admin/dismiss-step/{step}", get(steps::to_home), post(steps::dismiss));
    page(urls, "/admin/account", get(own_account::own));
    form(urls, "/admin/view/stop", get(own_account::to_users), post(own_account::stop_view));
    form(urls, "/admin/sign-in", get(sign_in::form), post(sign_in::submit));
    form(urls, "/admin/sign-out", get(sign_in::to_home), post(sign_in::sign_out));
    form(
        urls,
        "/admin/prove",
        get(reauthenticate::form::<AdminArea>),
        post(reauthenticate::submit::<AdminArea>),
    );
}

/// The admin's list of users.
fn users(urls: &mut ServiceConfig) {
    page(urls, "/admin/users", get(list::list));
    page(urls, "/admin/users/export.{kind:csv|json}", get(export::send));
    form(urls, "/admin/users/add", get(add::form), post(add::submit));
    form(urls, "/admin/users/invite", get(invite::form), post(invite::submit));
    page(urls, "/admin/users/invitations", get(invitations::list));
    form(urls, "/admin/users/invitations/again", get(invitations::to_list), post(invitations::again));
    form(urls, "/admin/users/invitations/link", get(invitations::to_list), post(invitations::link));
    let withdraw = (get(invitations::withdraw_form), post(invitations::withdraw));
    form(urls, "/admin/users/invitations/withdraw", withdraw.0, withdraw.1);
    form(urls, "/admin/users/chosen", get(bulk::form), post(bulk::submit));
    page(urls, "/admin/users/groups", get(groups::list));
    page(urls, "/admin/users/imports", get(imports::list));
    page(urls, "/admin/users/imports/{id:[0-9]+}", get(imports::one));
    page(urls, "/admin/users/bulk", get(bulk_history::list));
    page(urls, "/admin/users/bulk/{id:[0-9]+}", get(bulk_history::one));
    page(urls, "/admin/users/bulk/{id:[0-9]+}/progress", get(bulk_history::progress));
    let mut of_bulk = |name: &str, post: NewRoute| {
        form(urls, &format!("/admin/users/bulk/{{id:[0-9]+}}/{name}"), get(bulk_history::to_one), post);
    };
    of_bulk("undo", post(bulk_history::undo));
    of_bulk("stop", post(bulk_history::stop));
    form(urls, "/admin/users/views", get(views::to_list), post(views::save));
    form(urls, "/admin/users/views/delete", get(views::to_list), post(views::delete));
}

/// The admin's pages of one user.
fn user(urls: &mut ServiceConfig) {
    page(urls, "/admin/users/{id:[0-9]+}", get(detail::page));
    page(urls, "/admin/users/{id:[0-9]+}/data.json", get(export::personal_data_file));
    page(urls, "/admin/users/{id:[0-9]+}/data", get(export::personal_data_page));
    let mut of_user = |name: &str, get: NewRoute, post: NewRoute| {
        form(urls, &format!("/admin/users/{{id:[0-9]+}}/{name}"), get, post);
    };
    of_user("confirm", get(actions::to_user), post(actions::confirm));
    of_user("unconfirm", get(actions::to_user), post(actions::unconfirm));
    of_user("activate", get(actions::to_user), post(actions::activate));
    of_user("send-confirmation", get(actions::to_user), post(actions::send_confirmation));
    of_user("send-reset", get(actions::to_user), post(actions::send_reset));
    of_user("end-session", get(actions::to_user), post(actions::end_session));
    of_user("end-sessions", get(actions::to_user), post(actions::end_sessions));
    of_user("deactivate", get(deactivate::form), post(deactivate::submit));
    of_user("make-admin", get(rights::make_form), post(rights::make));
    of_user("revoke-admin", get(rights::revoke_form), post(rights::revoke));
    of_user("password", get(password::form), post(password::submit));
    of_user("reset-link", get(reset_link::form), post(reset_link::submit));
    of_user("edit", get(edit::form), post(edit::submit));
    of_user("restore", get(actions::to_user), post(delete::restore));
    of_user("delete", get(delete::form), post(delete::submit));
    of_user("view", get(actions::to_user), post(view_account::begin));
}

/// The admin's pages of the outbox.
fn mails(urls: &mut ServiceConfig) {
    page(urls, "/admin/mail", get(mail::list::list));
    form(urls, "/admin/mail/test", get(mail::test::form), post(mail::test::submit));
    page(urls, "/admin/mail/texts", get(mail::texts::list::page));
    let text = "/admin/mail/texts/{text}/{language}";
    form(urls, text, get(mail::texts::edit::form), post(mail::texts::edit::submit));
    page(urls, &format!("{text}/preview"), get(mail::texts::edit::frame));
    form(urls, &format!("{text}/reset"), get(mail::texts::edit::reset_form), post(mail::texts::edit::reset));
    form(urls, "/admin/mail/{id:[0-9]+}/retry", get(mail::actions::to_mail), post(mail::actions::retry));
    form(urls, "/admin/mail/{id:[0-9]+}/drop", get(mail::actions::drop_form), post(mail::actions::drop));
    page(urls, "/admin/mail/{id:[0-9]+}/preview", get(mail::preview::page));
    page(urls, "/admin/mail/{id:[0-9]+}", get(mail::detail::page));
}

/// The pages of users about their own account. Without `account.pages` they are 404.
fn account(urls: &mut ServiceConfig) {
    let of_account = |path: &str| resources(path).map(|one| one.guard(guard::fn_guard(has_account_pages)));
    let mut page = |path: &str, get: NewRoute| {
        for resource in of_account(path) {
            urls.service(resource.route(get()));
        }
    };
    page("/account", get(profile::page));
    page("/account/data", get(account_data::page));
    page("/account/data.json", get(account_data::file));
    page("/account/data/all", get(account_data::all));
    page("/account/data/deleted", get(account_data::deleted));
    page("/account/language/{tag}", get(account_language::choose));
    page("/account/activity", get(activity::page));
    page("/account/sessions", get(own_sessions::page));
    page("/sign-up/done", get(sign_up::done));
    page("/forgot-password/done", get(forgot_password::done));
    let mut form = |path: &str, get: NewRoute, post: NewRoute| {
        for resource in of_account(path) {
            urls.service(resource.route(get()).route(post()));
        }
    };
    form("/account/data/delete", get(account_data::to_page), post(account_data::delete));
    form("/sign-in", get(account_sign_in::form), post(account_sign_in::submit));
    form("/sign-up", get(sign_up::form), post(sign_up::submit));
    form("/forgot-password", get(forgot_password::form), post(forgot_password::submit));
    form("/account/name", get(change_name::form), post(change_name::submit));
    form("/account/email", get(change_email::form), post(change_email::submit));
    form("/account/email/resend", get(change_email::to_account), post(change_email::resend));
    form("/account/security", get(security::page), post(security::submit));
    form("/account/sessions/end", get(own_sessions::to_page), post(own_sessions::end));
    form("/account/sessions/end-others", get(own_sessions::to_page), post(own_sessions::end_others));
    form("/sign-out", get(account_sign_in::ask), post(account_sign_in::sign_out));
    form(
        "/account/confirm-password",
        get(reauthenticate::form::<AccountArea>),
        post(reauthenticate::submit::<AccountArea>),
    );
}

fn has_account_pages(context: &guard::GuardContext<'_>) -> bool {
    context.app_data::<Data<App>>().is_some_and(|app| app.config.account.pages)
}

/// A URL to open.
fn page(urls: &mut ServiceConfig, path: &str, get: NewRoute) {
    for resource in resources(path) {
        urls.service(resource.route(get()));
    }
}

/// A URL to open and to submit a form to.
fn form(urls: &mut ServiceConfig, path: &str, get: NewRoute, post: NewRoute) {
    for resource in resources(path) {
        urls.service(resource.route(get()).route(post()));
    }
}

/// A path with and without a last slash, which some mail programs and proxies add or remove. Two resources: Actix
/// matches a resource of several paths by regular expressions, one after the other.
fn resources(path: &str) -> [Resource; 2] {
    [web::resource(path.to_owned()), web::resource(format!("{path}/"))]
}

/// Makes a route for each resource that has it.
type NewRoute = Box<dyn Fn() -> Route>;

fn get<F, Args>(handler: F) -> NewRoute
where
    F: Handler<Args>,
    F::Output: Responder + 'static,
    Args: FromRequest + 'static,
{
    Box::new(move || http::get_or_head().to(handler.clone()))
}

fn post<F, Args>(handler: F) -> NewRoute
where
    F: Handler<Args>,
    F::Output: Responder + 'static,
    Args: FromRequest + 'static,
{
    Box::new(move || web::post().to(handler.clone()))
}
