//! `/admin/users/export.csv` and `.json`: the users of a list as a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::admin::users::query::UserQuery;
use crate::app::App;
use crate::store::StoreError;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortOrder, UserCursor, UserFilter};
use crate::web::export;
use crate::web::export::{ExportFormat, ExportSource};
use crate::web::session::guard::RecentlyAuthenticated;
use crate::web::{PageError, PageForm};

/// `GET …/export.csv` and `…/export.json`.
///
/// # Errors
/// If a filter cannot be meant, or the store fails.
pub(crate) async fn send(
    app: Data<App>,
    request: HttpRequest,
    admin: RecentlyAuthenticated,
    kind: Path<ExportFormat>,
) -> Result<HttpResponse, PageError> {
    let query = UserQuery::read(&PageForm::of_query(request.query_string()));
    let path = query.path(request.path());
    let users = Users { wanted: query.wanted(admin.0.now)?, order: query.order };
    export::send(app, &admin, *kind, users, path).await
}

/// Whom the file has, and in which order.
struct Users {
    wanted: UserFilter,
    order: SortOrder,
}

impl ExportSource for Users {
    type Row = ListedUser;
    const NAME: &'static str = "users";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "username",
        "email",
        "is_email_confirmed",
        "is_active",
        "is_admin",
        "created_at",
        "last_login_at",
    ];

    async fn after(
        &self,
        app: &App,
        last: Option<&ListedUser>,
        limit: usize,
    ) -> Result<Vec<ListedUser>, StoreError> {
        let (wanted, order) = (self.wanted.clone(), self.order);
        let place = last.map(|user| UserCursor::at_user(user, &wanted, order.by));
        let read = move |conn: &mut _| user_list::page(conn, &wanted, order, place.as_ref(), limit);
        app.store.read_aside(read).await
    }

    fn cells(user: &ListedUser) -> Vec<String> {
        let last_login = user.last_login_at().map(|moment| moment.to_rfc3339());
        vec![
            user.id().to_string(),
            user.username.clone(),
            user.email.clone(),
            user.is_email_confirmed.to_string(),
            user.is_active.to_string(),
            user.is_admin.to_string(),
            user.created_at().to_rfc3339(),
            last_login.unwrap_or_default(),
        ]
    }

    fn json(user: &ListedUser) -> Value {
        json!({
            "id": user.id(),
            "username": user.username,
            "email": user.email,
            "is_email_confirmed": user.is_email_confirmed,
            "is_active": user.is_active,
            "is_admin": user.is_admin,
            "created_at": user.created_at().to_rfc3339(),
            "last_login_at": user.last_login_at().map(|moment| moment.to_rfc3339()),
        })
    }
}
