//! `/sign-up`: creates an account, as far as `registration.mode` permits.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::open_page::OpenPage;
use crate::accounts::{self, ActorKind, RegisterError, Registration, RegistrationDraft, RegistrationProblem};
use crate::app::App;
use crate::config::RegistrationMode;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::store::Unique;
use crate::texts::Lang;
use crate::web::layout::see_other;
use crate::web::{AccountErrors, Page, PageError, PageForm, both, email, new_password, username};

const DONE: &str = "/sign-up/done";

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage {
    open: OpenPage,
    mode: RegistrationMode,
    username: String,
    email: String,
    min_length: usize,
    /// The errors that belong to no field.
    general: Vec<String>,
    errors: AccountErrors,
}

impl SignUpPage {
    fn is_open(&self) -> bool {
        self.mode == RegistrationMode::Open
    }

    fn is_closed(&self) -> bool {
        self.mode == RegistrationMode::Closed
    }

    fn has_errors(&self) -> bool {
        !(self.general.is_empty() && self.errors.is_empty())
    }
}

#[derive(Template)]
#[template(path = "account/sign_up_done.html")]
struct SignUpDonePage {
    open: OpenPage,
    /// Whether this server can send emails.
    is_mail_sent: bool,
}

/// `GET /sign-up`: the form, or why there is none.
pub(crate) async fn form(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    let page = page(&app, &request, query.get("next"));
    Page::new(page).with_script().impersonal().into_response()
}

/// `POST /sign-up`: creates the account and redirects to [`done`], or renders the form again with the errors. 403
/// where not everybody may register.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    verify_origin(&request, OriginPolicy::PageCookie)?;
    let form = PageForm::read(&request, body).await?;
    let mut page = page(&app, &request, form.get("next"));
    if !page.is_open() {
        return Ok(render(page, StatusCode::FORBIDDEN));
    }
    (page.username, page.email) = (form.get("username").to_owned(), form.get("email").to_owned());
    match register(&app, &request, &form, page.open.t).await {
        Ok(()) => Ok(see_other(&page.open.path(DONE)).finish()),
        Err(Refused::Fields(errors)) => {
            page.errors = errors;
            Ok(render(page, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refused::Registration(RegisterError::Throttled(wait))) => {
            let t = page.open.t;
            page.general.push(t.sign_up_throttled(t.span(wait)));
            let mut response = render(page, StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
            Ok(response)
        }
        Err(Refused::Registration(RegisterError::Closed)) => Ok(render(page, StatusCode::FORBIDDEN)),
        Err(Refused::Registration(RegisterError::Weak(weak))) => {
            page.errors = AccountErrors::weak(page.open.t, &weak);
            Ok(render(page, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refused::Registration(RegisterError::Refused(problems))) => {
            page.errors = taken(page.open.t, &problems);
            Ok(render(page, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refused::Registration(RegisterError::Engine(error))) => Err(error.into()),
        Err(Refused::Registration(RegisterError::Store(error))) => Err(error.into()),
    }
}

/// `GET /sign-up/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    let open = OpenPage::new(&app, &request, query.get("next"));
    Page::new(SignUpDonePage { open, is_mail_sent: app.current().mail.is_sent() }).into_response()
}

/// Why no account was created.
enum Refused {
    Fields(AccountErrors),
    Registration(RegisterError),
}

impl From<RegisterError> for Refused {
    fn from(error: RegisterError) -> Self {
        Self::Registration(error)
    }
}

/// Collects the errors of all fields first, as the API does.
async fn register(app: &App, request: &HttpRequest, form: &PageForm, t: Lang) -> Result<(), Refused> {
    let by = http::actor(request, ActorKind::Anonymous);
    let (name, address) = (username(t, form), email(t, form));
    let draft = RegistrationDraft {
        username: name.as_ref().ok().cloned(),
        email: address.as_ref().ok().cloned(),
        invitation: None,
    };
    let problems = accounts::check_registration(app, draft, &by).await?;
    let problems = taken(t, &problems);
    let unique = if problems.is_empty() { Ok(()) } else { Err(problems) };
    let fields = both(both(name, address), both(new_password(t, form), unique));
    let ((username, email), (password, ())) = fields.map_err(Refused::Fields)?;
    let registration = Registration { username, email, password, invitation: None };
    accounts::register(app, registration, &by).await?;
    Ok(())
}

fn taken(t: Lang, problems: &[RegistrationProblem]) -> AccountErrors {
    let unique = problems.iter().filter_map(|problem| match problem {
        RegistrationProblem::Taken(unique) => Some(*unique),
        RegistrationProblem::Uninvited => None,
    });
    AccountErrors::taken(t, &unique.collect::<Vec<Unique>>())
}

fn page(app: &App, request: &HttpRequest, next: &str) -> SignUpPage {
    SignUpPage {
        open: OpenPage::new(app, request, next),
        mode: app.config.registration.mode,
        username: String::new(),
        email: String::new(),
        min_length: app.config.password.min_length,
        general: Vec::new(),
        errors: AccountErrors::default(),
    }
}

fn render(page: SignUpPage, status: StatusCode) -> HttpResponse {
    Page::new(page).with_status(status).with_script().into_response()
}
