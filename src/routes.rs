//! Every URL on one screen.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, Route, guard, web};

use crate::api::{self, view::View};
use crate::{admin, html, ops, pages};

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

/// Hangs every door into its place.
pub fn configure(urls: &mut web::ServiceConfig) {
    // API clients
    api::view::public(urls, LOGIN, || vec![web::post().to(api::login::post)]);
    api::view::public(urls, REGISTER, || vec![web::post().to(api::register::post)]);
    api::view::protected(urls, USER, || {
        vec![get_or_head().to(api::user::get), web::put().to(api::user::put)]
    });
    api::view::protected(urls, CHANGE_PASSWORD, || vec![web::put().to(api::change_password::put)]);
    api::view::protected(urls, LOGOUT, || vec![web::post().to(api::logout::post)]);
    api::view::protected(urls, SESSIONS, || vec![get_or_head().to(api::sessions::list)]);
    api::view::protected(urls, SESSION, || vec![web::delete().to(api::sessions::delete)]);
    let described = || web::method(Method::OPTIONS).to(api::token::options);
    api::view::public(urls, TOKEN, || vec![web::post().to(api::token::obtain::post), described()]);
    api::view::public(urls, REFRESH, || vec![web::post().to(api::token::refresh::post), described()]);
    api::view::public(urls, VERIFY, || vec![web::post().to(api::token::verify::post), described()]);
    api::view::public(urls, BLACKLIST, || vec![web::post().to(api::token::blacklist::post), described()]);
    api::view::protected(urls, DELETE_USER, || vec![web::post().to(api::delete_user::post)]);
    api::view::public(urls, CONFIRM_EMAIL, || vec![web::post().to(api::confirm_email::post)]);
    api::view::public(urls, RESEND_EMAIL, || vec![web::post().to(api::ask_letter::confirm_email)]);
    api::view::public(urls, RESET_PASSWORD, || vec![web::post().to(api::ask_letter::reset_password)]);
    api::view::public(urls, RESET_PASSWORD_CONFIRM, || vec![web::post().to(api::reset_password::post)]);
    administrators(urls);
    links(urls);
    // operators
    urls.route("/healthz", get_or_head().to(ops::health));
    // what the pages need, and what is nowhere
    urls.route("/static/{name}", get_or_head().to(html::static_file)).default_service(web::to(
        async |request: HttpRequest| html::error_page(html::Reader::of(&request), StatusCode::NOT_FOUND),
    ));
}

/// What the links in mails open.
fn links(urls: &mut web::ServiceConfig) {
    urls.route("/confirm-email/done", get_or_head().to(pages::confirm_email::done))
        .route("/reset-password/done", get_or_head().to(pages::reset_password::done))
        .route("/accept-invite/done", get_or_head().to(pages::accept_invite::done))
        .service(
            web::resource(with_and_without_slash("/confirm-email/{key}"))
                .route(get_or_head().to(pages::confirm_email::ask))
                .route(web::post().to(pages::confirm_email::confirm)),
        )
        .service(
            web::resource(with_and_without_slash("/undo-email/{key}"))
                .route(get_or_head().to(pages::undo_email::ask))
                .route(web::post().to(pages::undo_email::undo)),
        )
        .service(
            web::resource(with_and_without_slash("/reset-password/{key}"))
                .route(get_or_head().to(pages::reset_password::form))
                .route(web::post().to(pages::reset_password::submit)),
        )
        .service(
            web::resource(with_and_without_slash("/accept-invite/{key}"))
                .route(get_or_head().to(pages::accept_invite::form))
                .route(web::post().to(pages::accept_invite::submit)),
        );
}

/// The admin. Whatever takes a form can be opened too, so that who had to sign in meanwhile comes
/// back to a page.
fn administrators(urls: &mut web::ServiceConfig) {
    let page = |path: &str, get: Route, post: Route| web::resource(path).route(get).route(post);
    // A number that is too large is nobody's.
    urls.app_data(web::PathConfig::default().error_handler(|_, _| html::PageError::NotFound.into()));
    urls.route("/admin", get_or_head().to(admin::home::home))
        .route("/admin/", get_or_head().to(admin::home::home))
        .route("/admin/login-help", get_or_head().to(admin::login_help::page))
        .route("/admin/audit", get_or_head().to(admin::audit::list))
        .route("/admin/audit/", get_or_head().to(admin::audit::list))
        .route("/admin/audit/export.{kind:csv|json}", get_or_head().to(admin::audit_export::send))
        .route("/admin/settings", get_or_head().to(admin::settings::page))
        .route("/admin/language/{tag}", get_or_head().to(admin::language::choose))
        .service(page(
            "/admin/sign-in",
            get_or_head().to(admin::sign_in::form),
            web::post().to(admin::sign_in::submit),
        ))
        .service(page(
            "/admin/sign-out",
            get_or_head().to(admin::sign_in::home),
            web::post().to(admin::sign_in::out),
        ))
        .service(page(
            "/admin/prove",
            get_or_head().to(admin::prove::form),
            web::post().to(admin::prove::submit),
        ))
        .route("/admin/setup/done", get_or_head().to(admin::setup::done))
        .service(
            web::resource(with_and_without_slash("/admin/setup/{key}"))
                .route(get_or_head().to(admin::setup::form))
                .route(web::post().to(admin::setup::submit)),
        )
        .configure(users)
        .configure(user)
        .configure(mails);
}

/// The admin's list of users.
fn users(urls: &mut web::ServiceConfig) {
    let page = |path: &str, get: Route, post: Route| web::resource(path).route(get).route(post);
    urls.route("/admin/users", get_or_head().to(admin::users::list))
        .route("/admin/users/", get_or_head().to(admin::users::list))
        .route("/admin/users/export.{kind:csv|json}", get_or_head().to(admin::users_export::send))
        .service(page(
            "/admin/users/add",
            get_or_head().to(admin::user_add::form),
            web::post().to(admin::user_add::submit),
        ))
        .service(page(
            "/admin/users/invite",
            get_or_head().to(admin::invite::form),
            web::post().to(admin::invite::submit),
        ))
        .route("/admin/users/invitations", get_or_head().to(admin::invitations::list))
        .service(page(
            "/admin/users/invitations/again",
            get_or_head().to(admin::invitations::to_list),
            web::post().to(admin::invitations::again),
        ))
        .service(page(
            "/admin/users/invitations/withdraw",
            get_or_head().to(admin::invitations::to_list),
            web::post().to(admin::invitations::withdraw),
        ))
        .service(page(
            "/admin/users/chosen",
            get_or_head().to(admin::users_chosen::form),
            web::post().to(admin::users_chosen::submit),
        ));
}

/// The admin's pages of one user.
fn user(urls: &mut web::ServiceConfig) {
    let mut page = |last: &str, get: Route, post: Route| {
        let path = format!("/admin/users/{{id:[0-9]+}}/{last}");
        urls.service(web::resource(path).route(get).route(post));
    };
    let mut click = |last: &str, post: Route| page(last, get_or_head().to(admin::user_switch::to_user), post);
    click("confirm", web::post().to(admin::user_switch::confirm));
    click("unconfirm", web::post().to(admin::user_switch::unconfirm));
    click("activate", web::post().to(admin::user_switch::activate));
    click("send-confirmation", web::post().to(admin::user_switch::send_confirmation));
    click("send-reset", web::post().to(admin::user_switch::send_reset));
    click("end-session", web::post().to(admin::user_switch::end_session));
    click("end-sessions", web::post().to(admin::user_switch::end_sessions));
    page(
        "deactivate",
        get_or_head().to(admin::user_deactivate::form),
        web::post().to(admin::user_deactivate::submit),
    );
    page(
        "make-admin",
        get_or_head().to(admin::user_rights::make_form),
        web::post().to(admin::user_rights::make),
    );
    page(
        "revoke-admin",
        get_or_head().to(admin::user_rights::revoke_form),
        web::post().to(admin::user_rights::revoke),
    );
    page(
        "password",
        get_or_head().to(admin::user_password::form),
        web::post().to(admin::user_password::submit),
    );
    page("reset-link", get_or_head().to(admin::user_link::form), web::post().to(admin::user_link::submit));
    page("edit", get_or_head().to(admin::user_edit::form), web::post().to(admin::user_edit::submit));
    page("delete", get_or_head().to(admin::user_delete::form), web::post().to(admin::user_delete::submit));
    urls.route("/admin/users/{id:[0-9]+}", get_or_head().to(admin::user::page));
}

/// The admin's pages about mails.
fn mails(urls: &mut web::ServiceConfig) {
    let page = |path: &str, get: Route, post: Route| web::resource(path).route(get).route(post);
    urls.route("/admin/mail", get_or_head().to(admin::mails::list))
        .route("/admin/mail/", get_or_head().to(admin::mails::list))
        .service(page(
            "/admin/mail/test",
            get_or_head().to(admin::mail_test::form),
            web::post().to(admin::mail_test::submit),
        ))
        .service(page(
            "/admin/mail/{id:[0-9]+}/retry",
            get_or_head().to(admin::mail_change::to_mail),
            web::post().to(admin::mail_change::retry),
        ))
        .service(page(
            "/admin/mail/{id:[0-9]+}/drop",
            get_or_head().to(admin::mail_change::drop_form),
            web::post().to(admin::mail_change::drop),
        ))
        .route("/admin/mail/{id:[0-9]+}/preview", get_or_head().to(admin::mail_preview::page))
        .route("/admin/mail/{id:[0-9]+}", get_or_head().to(admin::mail::page));
}

/// Some mail programs and proxies put a slash behind a link, or take one away.
fn with_and_without_slash(path: &str) -> [String; 2] {
    [path.to_owned(), format!("{path}/")]
}

/// A resource that can be read can be asked about without its body (RFC 9110 §9.3.2).
fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD)))
}
