//! Every URL on one screen.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, Resource, Route, guard, web};

use crate::admin::session::AdminArea;
use crate::api;
use crate::api::drf::view::View;
use crate::types::Link;
use crate::web::ErrorLink;
use crate::{admin, ops, pages};

const LOGIN: View = View { path: "/api/login", name: "Login", allow: "POST, OPTIONS" };
const REGISTER: View = View { path: "/api/register", name: "Register", allow: "POST, OPTIONS" };
const USER: View = View { path: "/api/user", name: "User", allow: "GET, PUT, HEAD, OPTIONS" };
const CHANGE_PASSWORD: View =
    View { path: "/api/user/change-password", name: "Change Password", allow: "PUT, OPTIONS" };
const DELETE_USER: View = View { path: "/api/user/delete", name: "Delete User", allow: "POST, OPTIONS" };
const CONFIRM_EMAIL: View =
    View { path: "/api/email/confirm", name: "Confirm Email", allow: "POST, OPTIONS" };
const RESEND_EMAIL: View = View { path: "/api/email/resend", name: "Resend Email", allow: "POST, OPTIONS" };
const RESET_PASSWORD: View =
    View { path: "/api/password/reset", name: "Reset Password", allow: "POST, OPTIONS" };
const RESET_PASSWORD_CONFIRM: View =
    View { path: "/api/password/reset/confirm", name: "Reset Password Confirm", allow: "POST, OPTIONS" };
const LOGOUT: View = View { path: "/api/logout", name: "Logout", allow: "POST, OPTIONS" };
const SESSIONS: View = View { path: "/api/sessions", name: "Sessions", allow: "GET, HEAD, OPTIONS" };
const SESSION: View = View { path: "/api/sessions/{id}", name: "Session", allow: "DELETE, OPTIONS" };
const TOKEN: View = View { path: "/api/token", name: "Token Obtain Pair", allow: "POST, OPTIONS" };
const REFRESH: View = View { path: "/api/token/refresh", name: "Token Refresh", allow: "POST, OPTIONS" };
const VERIFY: View = View { path: "/api/token/verify", name: "Token Verify", allow: "POST, OPTIONS" };
const BLACKLIST: View =
    View { path: "/api/token/blacklist", name: "Token Blacklist", allow: "POST, OPTIONS" };

/// The links on error pages.
const ERROR_LINKS: &[ErrorLink] = &[ErrorLink { root: "/admin/", label: |t| t.to_overview() }];

/// Hangs every door into its place.
pub(crate) fn configure(urls: &mut web::ServiceConfig) {
    // API clients
    api::drf::view::public(urls, LOGIN, || vec![web::post().to(api::login::post)]);
    api::drf::view::public(urls, REGISTER, || vec![web::post().to(api::register::post)]);
    api::drf::view::protected(urls, USER, || {
        vec![get_or_head().to(api::user::get), web::put().to(api::user::put)]
    });
    api::drf::view::protected(urls, CHANGE_PASSWORD, || vec![web::put().to(api::change_password::put)]);
    api::drf::view::protected(urls, LOGOUT, || vec![web::post().to(api::logout::post)]);
    api::drf::view::protected(urls, SESSIONS, || vec![get_or_head().to(api::sessions::list)]);
    api::drf::view::protected(urls, SESSION, || vec![web::delete().to(api::sessions::delete)]);
    let described = || web::method(Method::OPTIONS).to(api::token::options);
    api::drf::view::public(urls, TOKEN, || vec![web::post().to(api::token::obtain::post), described()]);
    api::drf::view::public(urls, REFRESH, || vec![web::post().to(api::token::refresh::post), described()]);
    api::drf::view::public(urls, VERIFY, || vec![web::post().to(api::token::verify::post), described()]);
    api::drf::view::public(urls, BLACKLIST, || {
        vec![web::post().to(api::token::blacklist::post), described()]
    });
    api::drf::view::protected(urls, DELETE_USER, || vec![web::post().to(api::delete_user::post)]);
    api::drf::view::public(urls, CONFIRM_EMAIL, || vec![web::post().to(api::confirm_email::post)]);
    api::drf::view::public(urls, RESEND_EMAIL, || vec![web::post().to(api::request_mail::confirm_email)]);
    api::drf::view::public(urls, RESET_PASSWORD, || vec![web::post().to(api::request_mail::reset_password)]);
    api::drf::view::public(urls, RESET_PASSWORD_CONFIRM, || vec![web::post().to(api::reset_password::post)]);
    administrators(urls);
    links(urls);
    // operators
    urls.service(page("/healthz", get_or_head().to(ops::health)));
    // what the pages need, and unknown URLs
    urls.service(page("/static/{name}", get_or_head().to(crate::web::static_file))).default_service(web::to(
        async |request: HttpRequest| {
            crate::web::error_page(crate::web::Viewer::of(&request), StatusCode::NOT_FOUND)
        },
    ));
}

/// The page that each kind of link opens, and the one after success.
fn links(urls: &mut web::ServiceConfig) {
    for link in Link::ALL.iter().copied() {
        let (done, get, post) = match link {
            Link::Setup => (
                Some(get_or_head().to(admin::setup::done)),
                get_or_head().to(admin::setup::form),
                web::post().to(admin::setup::submit),
            ),
            Link::ConfirmEmail => (
                Some(get_or_head().to(pages::confirm_email::done)),
                get_or_head().to(pages::confirm_email::ask),
                web::post().to(pages::confirm_email::confirm),
            ),
            // Success leads to setting another password.
            Link::UndoEmail => {
                (None, get_or_head().to(pages::undo_email::ask), web::post().to(pages::undo_email::undo))
            }
            Link::ResetPassword => (
                Some(get_or_head().to(pages::reset_password::done)),
                get_or_head().to(pages::reset_password::form),
                web::post().to(pages::reset_password::submit),
            ),
            Link::Invite => (
                Some(get_or_head().to(pages::accept_invite::done)),
                get_or_head().to(pages::accept_invite::form),
                web::post().to(pages::accept_invite::submit),
            ),
        };
        // First: the path with a key matches it, too.
        if let Some(done) = done {
            urls.service(page(&link.done_path(), done));
        }
        urls.service(form(&format!("{}{{key}}", link.path()), get, post));
    }
}

/// The admin. Whatever takes a form can be opened too, so that who had to sign in meanwhile comes
/// back to a page.
fn administrators(urls: &mut web::ServiceConfig) {
    // A number that is too large is nobody's.
    urls.app_data(web::PathConfig::default().error_handler(|_, _| crate::web::PageError::NotFound.into()));
    urls.app_data(ERROR_LINKS);
    urls.service(page("/admin", get_or_head().to(admin::overview::home::home)))
        .service(page("/admin/login-help", get_or_head().to(admin::login_help::page)))
        .service(page("/admin/audit", get_or_head().to(admin::audit::list::list)))
        .service(page("/admin/audit/export.{kind:csv|json}", get_or_head().to(admin::audit::export::send)))
        .service(page("/admin/settings", get_or_head().to(admin::settings::page)))
        .service(page("/admin/language/{tag}", get_or_head().to(admin::language::choose)))
        .service(form(
            "/admin/sign-in",
            get_or_head().to(admin::session::sign_in::form),
            web::post().to(admin::session::sign_in::submit),
        ))
        .service(form(
            "/admin/sign-out",
            get_or_head().to(admin::session::sign_in::to_home),
            web::post().to(admin::session::sign_in::sign_out),
        ))
        .service(form(
            "/admin/prove",
            get_or_head().to(crate::web::session::reauthenticate::form::<AdminArea>),
            web::post().to(crate::web::session::reauthenticate::submit::<AdminArea>),
        ))
        .configure(users)
        .configure(user)
        .configure(mails);
}

/// The admin's list of users.
fn users(urls: &mut web::ServiceConfig) {
    urls.service(page("/admin/users", get_or_head().to(admin::users::list::list)))
        .service(page("/admin/users/export.{kind:csv|json}", get_or_head().to(admin::users::export::send)))
        .service(form(
            "/admin/users/add",
            get_or_head().to(admin::users::add::form),
            web::post().to(admin::users::add::submit),
        ))
        .service(form(
            "/admin/users/invite",
            get_or_head().to(admin::invitations::invite::form),
            web::post().to(admin::invitations::invite::submit),
        ))
        .service(page("/admin/users/invitations", get_or_head().to(admin::invitations::list::list)))
        .service(form(
            "/admin/users/invitations/again",
            get_or_head().to(admin::invitations::list::to_list),
            web::post().to(admin::invitations::list::again),
        ))
        .service(form(
            "/admin/users/invitations/withdraw",
            get_or_head().to(admin::invitations::list::to_list),
            web::post().to(admin::invitations::list::withdraw),
        ))
        .service(form(
            "/admin/users/chosen",
            get_or_head().to(admin::users::bulk_actions::form),
            web::post().to(admin::users::bulk_actions::submit),
        ));
}

/// The admin's pages of one user.
fn user(urls: &mut web::ServiceConfig) {
    urls.service(page("/admin/users/{id:[0-9]+}", get_or_head().to(admin::users::detail::page)));
    let mut form = |last: &str, get: Route, post: Route| {
        urls.service(form(&format!("/admin/users/{{id:[0-9]+}}/{last}"), get, post));
    };
    let mut click =
        |last: &str, post: Route| form(last, get_or_head().to(admin::users::actions::to_user), post);
    click("confirm", web::post().to(admin::users::actions::confirm));
    click("unconfirm", web::post().to(admin::users::actions::unconfirm));
    click("activate", web::post().to(admin::users::actions::activate));
    click("send-confirmation", web::post().to(admin::users::actions::send_confirmation));
    click("send-reset", web::post().to(admin::users::actions::send_reset));
    click("end-session", web::post().to(admin::users::actions::end_session));
    click("end-sessions", web::post().to(admin::users::actions::end_sessions));
    form(
        "deactivate",
        get_or_head().to(admin::users::deactivate::form),
        web::post().to(admin::users::deactivate::submit),
    );
    form(
        "make-admin",
        get_or_head().to(admin::users::rights::make_form),
        web::post().to(admin::users::rights::make),
    );
    form(
        "revoke-admin",
        get_or_head().to(admin::users::rights::revoke_form),
        web::post().to(admin::users::rights::revoke),
    );
    form(
        "password",
        get_or_head().to(admin::users::password::form),
        web::post().to(admin::users::password::submit),
    );
    form(
        "reset-link",
        get_or_head().to(admin::users::reset_link::form),
        web::post().to(admin::users::reset_link::submit),
    );
    form("edit", get_or_head().to(admin::users::edit::form), web::post().to(admin::users::edit::submit));
    form(
        "delete",
        get_or_head().to(admin::users::delete::form),
        web::post().to(admin::users::delete::submit),
    );
}

/// The admin's pages about mails.
fn mails(urls: &mut web::ServiceConfig) {
    urls.service(page("/admin/mail", get_or_head().to(admin::mail::list::list)))
        .service(form(
            "/admin/mail/test",
            get_or_head().to(admin::mail::test::form),
            web::post().to(admin::mail::test::submit),
        ))
        .service(form(
            "/admin/mail/{id:[0-9]+}/retry",
            get_or_head().to(admin::mail::actions::to_mail),
            web::post().to(admin::mail::actions::retry),
        ))
        .service(form(
            "/admin/mail/{id:[0-9]+}/drop",
            get_or_head().to(admin::mail::actions::drop_form),
            web::post().to(admin::mail::actions::drop),
        ))
        .service(page("/admin/mail/{id:[0-9]+}/preview", get_or_head().to(admin::mail::preview::page)))
        .service(page("/admin/mail/{id:[0-9]+}", get_or_head().to(admin::mail::detail::page)));
}

/// What can be opened.
fn page(path: &str, get: Route) -> Resource {
    web::resource(with_and_without_slash(path)).route(get)
}

/// What can be opened and sent.
fn form(path: &str, get: Route, post: Route) -> Resource {
    page(path, get).route(post)
}

/// Some mail programs and proxies, and people, put a slash behind a link, or take one away.
fn with_and_without_slash(path: &str) -> [String; 2] {
    [path.to_owned(), format!("{path}/")]
}

/// A resource that can be read can be asked about without its body (RFC 9110 §9.3.2).
fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD)))
}
