//! `/admin/users/export.csv` and `.json`: a list of users as a file; `/admin/users/{id}/data` and `data.json`:
//! everything about one user.

use actix_web::http::Method;
use actix_web::http::header::ContentType;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::accounts;
use crate::admin::session::RecentlyAuthenticated;
use crate::admin::users::query::UserQuery;
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortOrder, UserCursor, UserFilter};
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::store::{Conn, StoreError};
use crate::types::{Attributes, UserId};
use crate::web::export;
use crate::web::export::{ExportFormat, ExportSource};
use crate::web::personal_data;
use crate::web::personal_data::DataPageFrame;
use crate::web::{PageError, PageForm, SiteView};

/// `GET …/export.csv` and `…/export.json`.
pub(crate) async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    format: Path<ExportFormat>,
) -> Result<HttpResponse, PageError> {
    let fields = PageForm::of_query(request.query_string());
    let query = UserQuery::read(&fields);
    let path = query.file(request.path());
    let filter = query.filter(admin.0.now)?;
    let order = query.order;
    // As on the page.
    let read = move |conn: &mut Conn| {
        let filter = user_list::resolve(conn, filter)?;
        Ok((user_list::order_of_page(conn, &filter, order)?, filter))
    };
    let (order, filter) = app.store.read_aside(read).await?;
    let name = export::file_name("users", &query.filters(), admin.0.now);
    let users = UserExport { filter, order, name, columns: chosen_columns(&fields) };
    export::send(app, &request, &admin.0.actor, *format, users, path).await
}

/// `GET /admin/users/{id}/data.json`, for a copy that the user may ask for. `HEAD` exports nothing.
pub(crate) async fn personal_data_file(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let id = UserId::new(*id);
    let name = format!("user-{id}");
    if request.method() == Method::HEAD {
        return Ok(personal_data::file(&name, None));
    }
    let data = accounts::export_user(&app, id, &admin.0.actor).await?.ok_or(PageError::NotFound)?;
    Ok(personal_data::file(&name, Some(&data)))
}

/// `GET /admin/users/{id}/data`: the same as a page. `HEAD` exports nothing.
pub(crate) async fn personal_data_page(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let id = UserId::new(*id);
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().content_type(ContentType::html()).finish());
    }
    let data = accounts::export_user(&app, id, &admin.0.actor).await?.ok_or(PageError::NotFound)?;
    let user = user_form::path_of(id);
    let name = data["account"]["username"].as_str().unwrap_or_default().to_owned();
    let frame = DataPageFrame {
        t: admin.0.t,
        site: SiteView::of(&app),
        back: (&user, name),
        file: &format!("{user}/data.json"),
    };
    Ok(personal_data::page(frame, &data))
}

/// The columns of the file, which are keys of its objects.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "username",
    "email",
    "is_email_confirmed",
    "is_active",
    "is_admin",
    "created_at",
    "last_login_at",
    "groups",
    "attributes",
];

/// The columns that the form of the list ticks; all of them for none.
fn chosen_columns(fields: &PageForm) -> Vec<&'static str> {
    let is_chosen = |column: &&str| fields.all("column").any(|chosen| chosen == *column);
    let chosen: Vec<_> = COLUMNS.iter().copied().filter(is_chosen).collect();
    if chosen.is_empty() { COLUMNS.to_vec() } else { chosen }
}

struct UserExport {
    filter: UserFilter,
    order: SortOrder,
    name: String,
    columns: Vec<&'static str>,
}

/// A row of the file.
struct ExportedUser {
    user: ListedUser,
    groups: Vec<String>,
    attributes: Attributes,
}

impl ExportSource for UserExport {
    type Row = ExportedUser;
    const COLUMNS: &'static [&'static str] = COLUMNS;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Vec<&'static str> {
        self.columns.clone()
    }

    async fn after(
        &self,
        app: &App,
        last: Option<&ExportedUser>,
        limit: usize,
    ) -> Result<Vec<ExportedUser>, StoreError> {
        let (filter, order) = (self.filter.clone(), self.order);
        let start = last.map(|row| UserCursor::at_user(&row.user, &filter, order.by));
        let read = move |conn: &mut Conn| {
            let page = user_list::page(conn, &filter, order, start.as_ref(), limit)?;
            let ids: Vec<UserId> = page.iter().map(ListedUser::id).collect();
            let (mut groups, mut attributes) =
                (groups::of_users(conn, &ids)?, users::attributes_of(conn, &ids)?);
            let row = |user: ListedUser| {
                let id = user.id();
                ExportedUser {
                    user,
                    groups: groups.remove(&id).unwrap_or_default(),
                    attributes: attributes.remove(&id).unwrap_or_default(),
                }
            };
            Ok(page.into_iter().map(row).collect())
        };
        app.store.read_aside(read).await
    }

    fn json(row: &ExportedUser) -> Value {
        let user = &row.user;
        json!({
            "id": user.public_id(),
            "username": user.username,
            "email": user.email,
            "is_email_confirmed": user.is_email_confirmed,
            "is_active": user.is_active,
            "is_admin": user.is_admin,
            "created_at": user.created_at().to_rfc3339(),
            "last_login_at": user.last_login_at().map(|moment| moment.to_rfc3339()),
            "groups": row.groups,
            "attributes": row.attributes,
        })
    }
}
