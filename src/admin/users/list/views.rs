//! Saved views: lists of users under a name, for each administrator their own.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::{self, SaveViewError};
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::session::{Administrator, Post};
use crate::admin::users::query::{LIST, UserQuery};
use crate::app::App;
use crate::store::tables::saved_views;
use crate::types::{single_line, trimmed};
use crate::web::layout::see_other;
use crate::web::{PageError, PageForm};

/// A saved view.
pub(super) struct ViewLink {
    pub(super) name: String,
    pub(super) path: String,
}

/// The views of the administrator, by name.
pub(super) async fn links(app: &App, admin: &Administrator) -> Result<Vec<ViewLink>, PageError> {
    let user = admin.user.id;
    let views = app.store.read(move |conn| saved_views::of(conn, user)).await?;
    let link = |(name, query): (String, String)| ViewLink { name, path: parsed(&query).path(LIST) };
    Ok(views.into_iter().map(link).collect())
}

/// `POST …/views`: saves the list in the field `query` under a name, in place of an earlier one of that name.
pub(crate) async fn save(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post;
    let name = single_line(trimmed(form.get("name")));
    let query = parsed(form.get("query"));
    let path = query.path(LIST);
    let stored = path.split_once('?').map_or("", |(_, query)| query).to_owned();
    let flash = match accounts::save_view(&app, admin.user.id, name.clone(), stored).await {
        Ok(()) => Flash::One(Done::ViewSaved, name),
        Err(SaveViewError::Name) => Flash::Not(Undone::ViewName),
        Err(SaveViewError::TooMany) => Flash::Not(Undone::TooManyViews),
        Err(SaveViewError::Store(error)) => return Err(error.into()),
    };
    Ok(admin.redirect(&path, &flash))
}

/// `POST …/views/delete`.
pub(crate) async fn delete(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post;
    let name = form.get("name").to_owned();
    accounts::delete_view(&app, admin.user.id, name.clone()).await?;
    Ok(admin.redirect(&parsed(form.get("query")).path(LIST), &Flash::One(Done::ViewDeleted, name)))
}

/// `GET` of both, where signing in leads when the session ended before the click: redirects to the list.
pub(crate) async fn to_list(_: Administrator) -> HttpResponse {
    see_other(LIST).finish()
}

/// The list in a query of a URL, with or without its `?`. It begins at the first page, and no user is ticked.
fn parsed(query: &str) -> UserQuery {
    UserQuery::read(&PageForm::of_query(query.trim_start_matches('?'))).at_beginning()
}
