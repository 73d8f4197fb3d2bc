//! The lock of every page of the admin: a handler that takes an [`Administrator`] cannot be reached
//! without a good session, one that takes a [`Post`] only with a form of that session, and one that
//! takes [`RecentlyAuthenticated`] or [`RecentlyAuthenticatedPost`] only soon after the password was typed. ActorKind lacks something
//! is sent to where they get it, and comes back from there. Every URL that takes a form can be opened
//! too, so whoever has to sign in comes back to a page.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::{self, Actor, ActorKind};
use crate::app::App;
use crate::http;
use crate::store::tables::admin_sessions::AdminSession;
use crate::texts::Lang;
use crate::types::{AdminKey, Timestamp, User};
use crate::web::flash::{Flash, Undone};
use crate::web::session::cookies;
use crate::web::session::pending_form::{PendingForm, RETYPE};
use crate::web::session::return_to::ReturnTo;
use crate::web::session::{reauthenticate, sign_in};
use crate::web::{PageError, PageForm, language, refuse_cross_site};

/// The name of the field with which a form shows whose it is.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// ActorKind asks for a page: an administrator, as they are in the store at this moment.
pub(crate) struct Administrator {
    /// The user.
    pub user: User,
    /// Their session.
    pub session: AdminSession,
    /// Its key.
    pub key: AdminKey,
    /// ActorKind they are to the verbs.
    pub actor: Actor,
    /// Their language.
    pub t: Lang,
    /// What their last action did, if that is still to be said.
    pub flash: Option<Flash>,
    /// The page they asked for.
    pub here: ReturnTo,
    /// When they did.
    pub now: Timestamp,
    /// Whether cookies are for https alone.
    pub is_https: bool,
}

/// A form that an administrator sent from a page of this session.
pub(crate) struct Post {
    /// ActorKind sent it.
    pub admin: Administrator,
    /// What it says.
    pub form: PageForm,
}

/// An administrator who has typed the password lately.
pub(crate) struct RecentlyAuthenticated(pub Administrator);

/// The same with a form, which may bring the password along.
pub(crate) struct RecentlyAuthenticatedPost(pub Post);

type Extracting<T, E = PageError> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

impl FromRequest for Administrator {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { enter(&request).await })
    }
}

impl FromRequest for Post {
    type Error = actix_web::Error;
    type Future = Extracting<Self, actix_web::Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let body = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            refuse_cross_site(&request)?;
            let admin = match enter(&request).await {
                Err(PageError::First(sign_in)) => return Err(late(&request, body, sign_in).await),
                other => other?,
            };
            let body = body.await.map_err(|_| PageError::BadForm)?;
            let form = PageForm::read_large(&request, body).await?;
            if !admin.key.fits_form(form.get(FORM_TOKEN)) {
                return Err(PageError::StaleForm.into());
            }
            Ok(Self { admin, form })
        })
    }
}

/// The answer to a form that came after its session's end: the sign-in page, which keeps what it said.
/// What is not a form of this browser's last session is not kept: it might be another site's.
async fn late(
    request: &HttpRequest,
    body: impl Future<Output = Result<web::Payload, actix_web::Error>>,
    sign_in: String,
) -> actix_web::Error {
    let over = || PageError::First(sign_in).into();
    let key =
        app_of(request).ok().and_then(|app| cookies::session(request, app.config.public_url.is_https()));
    let (Some(key), Ok(body)) = (key, body.await) else { return over() };
    let Ok(form) = PageForm::read(request, body).await else { return over() };
    let kept = PendingForm::of(&form, ReturnTo::of(request));
    let is_own = key.fits_form(form.get(FORM_TOKEN));
    // A password that was asked for again is answered by signing in.
    let is_proof = request.path().starts_with(reauthenticate::PATH);
    if !is_own || is_proof || !kept.is_carried() {
        return over();
    }
    let page = sign_in::keeping(request, &key, kept);
    InternalError::from_response("the session has ended", page).into()
}

impl FromRequest for RecentlyAuthenticated {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, admin) = (request.clone(), Administrator::from_request(request, payload));
        Box::pin(async move {
            let admin = admin.await?;
            match admin.is_recently_authenticated(app_of(&request)?) {
                true => Ok(Self(admin)),
                false => Err(PageError::First(admin.here.after("/admin/prove"))),
            }
        })
    }
}

impl FromRequest for RecentlyAuthenticatedPost {
    type Error = actix_web::Error;
    type Future = Extracting<Self, actix_web::Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, post) = (request.clone(), Post::from_request(request, payload));
        Box::pin(async move {
            let (post, app) = (post.await?, app_of(&request)?);
            let mut post = match post.admin.is_recently_authenticated(app) {
                true => post,
                false => reauthenticate::with_reauthentication(app, post).await?,
            };
            if post.form.has(RETYPE) {
                post.admin.flash = Some(Flash::Not(Undone::Retype));
            }
            Ok(Self(post))
        })
    }
}

impl Administrator {
    /// Whether they have typed the password lately.
    fn is_recently_authenticated(&self, app: &App) -> bool {
        self.now.since(self.session.authenticated_at) < app.config.admin.reauthenticate_after
    }
}

async fn enter(request: &HttpRequest) -> Result<Administrator, PageError> {
    let app = app_of(request)?;
    let here = ReturnTo::of(request);
    let ended = if request.method().is_safe() { "" } else { "&ended=1" };
    let sign_in = || PageError::First(format!("{}{ended}", here.after("/admin/sign-in")));
    let is_https = app.config.public_url.is_https();
    let key = cookies::session(request, is_https).ok_or_else(sign_in)?;
    let (user, session) = accounts::administrator(app, &key).await?.ok_or_else(sign_in)?;
    Ok(Administrator {
        actor: http::actor(request, ActorKind::Administrator(user.id)),
        user,
        session,
        key,
        t: language(request),
        flash: cookies::flash(request, is_https),
        here,
        now: app.clock.now(),
        is_https,
    })
}

fn app_of(request: &HttpRequest) -> Result<&Data<App>, PageError> {
    request.app_data::<Data<App>>().ok_or(PageError::Internal)
}
